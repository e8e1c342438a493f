//! `silences` and `silence/ID`.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::{Call, Outcome, Server, body, coded, filter, plain, time};
use crate::demo::alerting::{Silence, SilenceError, matcher};
use crate::model::{Labels, MatchOp, Matcher, Time};

/// Every silence; `filter` is compared with the values of its matchers.
pub(super) fn list(server: &Server, call: &Call) -> Outcome {
    let matchers = filter::matchers(call)?;
    let now = server.alerting.place().now();
    let all: Vec<Value> = server
        .alerting
        .silences()
        .iter()
        .filter(|silence| {
            let values =
                silence.matchers.iter().map(|matcher| (matcher.name.as_str(), matcher.value.as_str()));
            filter::holds(&matchers, &Labels::new(values))
        })
        .map(|silence| shown(silence, now))
        .collect();
    Ok(Some(json!(all).to_string() + "\n"))
}

/// One silence.
pub(super) fn get(server: &Server, call: &Call) -> Outcome {
    check_id(&call.id)?;
    let now = server.alerting.place().now();
    match server.alerting.silence(&call.id) {
        Some(silence) => Ok(Some(shown(&silence, now).to_string() + "\n")),
        None => Err((StatusCode::NOT_FOUND, String::new())),
    }
}

/// Ends a silence.
pub(super) fn delete(server: &Server, call: &Call) -> Outcome {
    check_id(&call.id)?;
    let expired = server.alerting.expire_silence(&call.id);
    // Version 0.25 says 500 of one that is not there, too.
    expired.map(|()| None).map_err(|error| plain(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string()))
}

/// Makes or changes a silence.
pub(super) fn post(server: &Server, call: &Call) -> Outcome {
    let parsed = body::parse("silence", &call.body)?;
    let Some(object) = parsed.as_object() else {
        let why =
            format!("json: cannot unmarshal {} into Go value of type models.Silence", body::kind(&parsed));
        return Err(body::unreadable("silence", &why));
    };
    let now = server.alerting.place().now();
    let (silence, broken) = read(object, now)?;
    let bad = |words: &str| plain(StatusCode::BAD_REQUEST, words);
    if silence.starts_at >= silence.ends_at {
        return Err(bad("Failed to create silence: start time must be before end time"));
    }
    if silence.ends_at < now {
        return Err(bad("Failed to create silence: end time can't be in the past"));
    }
    if let Some(error) = broken {
        return Err(bad(&error.to_string()));
    }
    match server.alerting.set_silence(silence) {
        Ok(id) => Ok(Some(json!({"silenceID": id}).to_string() + "\n")),
        Err(error @ SilenceError::NotFound) => Err(plain(StatusCode::NOT_FOUND, &error.to_string())),
        Err(error) => Err(bad(&error.to_string())),
    }
}

/// A silence out of a body, and what is wrong with the first of its matchers that is no matcher.
fn read(
    object: &Map<String, Value>,
    now: Time,
) -> Result<(Silence, Option<SilenceError>), (StatusCode, String)> {
    const WHAT: &str = "Silence";
    let id = body::text(WHAT, "id", object)?.unwrap_or_default().to_owned();
    let given = match object.get("matchers") {
        None | Some(Value::Null) => None,
        Some(Value::Array(all)) => Some(all),
        Some(other) => return Err(body::wrong_type(WHAT, "matchers", other, "models.Matchers")),
    };
    // First every type, then what is missing, in the schema's order.
    let mut fields = Vec::new();
    for one in given.into_iter().flatten() {
        let Some(one) = one.as_object() else {
            return Err(body::wrong_type(WHAT, "matchers", one, "models.Matcher"));
        };
        fields.push((
            body::text(WHAT, "matchers.name", &renamed(one, "name"))?.map(str::to_owned),
            body::text(WHAT, "matchers.value", &renamed(one, "value"))?.map(str::to_owned),
            body::truth(WHAT, "matchers.isRegex", &renamed(one, "isRegex"))?,
            body::truth(WHAT, "matchers.isEqual", &renamed(one, "isEqual"))?.unwrap_or(true),
        ));
    }
    let comment = body::text(WHAT, "comment", object)?;
    let created_by = body::text(WHAT, "createdBy", object)?;
    let starts_at = body::moment(WHAT, "startsAt", object)?;
    let ends_at = body::moment(WHAT, "endsAt", object)?;
    let comment = comment.ok_or_else(|| body::required("comment"))?.to_owned();
    let created_by = created_by.ok_or_else(|| body::required("createdBy"))?.to_owned();
    let ends_at = ends_at.ok_or_else(|| body::required("endsAt"))?;
    if given.is_none() {
        return Err(body::required("matchers"));
    }
    if fields.is_empty() {
        let words = "matchers in body should have at least 1 items";
        return Err(coded(StatusCode::UNPROCESSABLE_ENTITY, 612, words));
    }
    let (mut matchers, mut broken): (Vec<Matcher>, Option<SilenceError>) = (Vec::new(), None);
    for (at, (name, value, is_regex, is_equal)) in fields.into_iter().enumerate() {
        let missing = |field: &str| body::required(&format!("matchers.{at}.{field}"));
        let is_regex = is_regex.ok_or_else(|| missing("isRegex"))?;
        let name = name.ok_or_else(|| missing("name"))?;
        let value = value.ok_or_else(|| missing("value"))?;
        match matcher(at, &name, &value, is_regex, is_equal) {
            Ok(matcher) => matchers.push(matcher),
            Err(error) => broken = broken.or(Some(error)),
        }
    }
    let starts_at = starts_at.ok_or_else(|| body::required("startsAt"))?;
    Ok((Silence { id, matchers, starts_at, ends_at, updated_at: now, created_by, comment }, broken))
}

/// A matcher's field under the path that Go's reader names it by.
fn renamed(one: &Map<String, Value>, field: &str) -> Map<String, Value> {
    one.get(field).map(|value| (format!("matchers.{field}"), value.clone())).into_iter().collect()
}

fn check_id(id: &str) -> Result<(), (StatusCode, String)> {
    let dashes = [8, 13, 18, 23];
    let is_uuid = id.len() == 36
        && id
            .bytes()
            .enumerate()
            .all(|(at, byte)| if dashes.contains(&at) { byte == b'-' } else { byte.is_ascii_hexdigit() });
    if is_uuid {
        return Ok(());
    }
    let words = format!("silenceID in path must be of type uuid: {id:?}");
    Err(coded(StatusCode::UNPROCESSABLE_ENTITY, 601, &words))
}

fn shown(silence: &Silence, now: Time) -> Value {
    let matchers: Vec<Value> = silence
        .matchers
        .iter()
        .map(|matcher| {
            json!({
                "isEqual": matches!(matcher.op, MatchOp::Equal | MatchOp::Regex),
                "isRegex": matches!(matcher.op, MatchOp::Regex | MatchOp::NotRegex),
                "name": matcher.name,
                "value": matcher.value,
            })
        })
        .collect();
    json!({
        "id": silence.id,
        "status": {"state": silence.state(now).as_str()},
        "updatedAt": time(silence.updated_at),
        "comment": silence.comment,
        "createdBy": silence.created_by,
        "endsAt": time(silence.ends_at),
        "matchers": matchers,
        "startsAt": time(silence.starts_at),
    })
}
