//! Bodies of requests, checked as the real server's schema does.

use axum::http::StatusCode;
use serde_json::{Map, Value};

use super::coded;
use crate::model::{Labels, Time};

/// A refusal.
type Refused = (StatusCode, String);

/// Parses a body; `what` it is stands in messages.
pub(super) fn parse(what: &str, body: &str) -> Result<Value, Refused> {
    if body.is_empty() {
        return Err(required(what));
    }
    serde_json::from_str(body).map_err(|error| {
        let why = if error.is_eof() { "unexpected EOF".to_owned() } else { error.to_string() };
        unreadable(what, &why)
    })
}

/// A body that cannot be read.
pub(super) fn unreadable(what: &str, why: &str) -> Refused {
    let words = format!("parsing {what} body from \"\" failed, because {why}");
    coded(StatusCode::BAD_REQUEST, 400, &words)
}

/// Something that is not there.
pub(super) fn required(name: &str) -> Refused {
    coded(StatusCode::UNPROCESSABLE_ENTITY, 602, &format!("{name} in body is required"))
}

/// Go's word for a kind of JSON.
pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// A field of an object that is a text, if it is there.
pub(super) fn text<'v>(
    what: &str,
    field: &str,
    object: &'v Map<String, Value>,
) -> Result<Option<&'v str>, Refused> {
    match object.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(other) => Err(wrong_type(what, field, other, "string")),
    }
}

/// A field of an object that is true or false, if it is there.
pub(super) fn truth(what: &str, field: &str, object: &Map<String, Value>) -> Result<Option<bool>, Refused> {
    match object.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Bool(truth)) => Ok(Some(*truth)),
        Some(other) => Err(wrong_type(what, field, other, "bool")),
    }
}

/// A field of an object that is a moment, if it is there.
pub(super) fn moment(what: &str, field: &str, object: &Map<String, Value>) -> Result<Option<Time>, Refused> {
    let Some(text) = text(what, field, object)? else { return Ok(None) };
    chrono::DateTime::parse_from_rfc3339(text).map(|at| Some(at.to_utc())).map_err(|_| {
        let why =
            format!("parsing time {text:?} as \"2006-01-02 15:04:05\": cannot parse {text:?} as \"2006\"");
        unreadable(if what == "Alert" { "alerts" } else { "silence" }, &why)
    })
}

/// A field of an object that is a set of labels, if it is there.
pub(super) fn labels(
    what: &str,
    field: &str,
    object: &Map<String, Value>,
) -> Result<Option<Labels>, Refused> {
    match object.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(all)) => {
            let mut pairs = Vec::new();
            for (name, value) in all {
                match value {
                    Value::String(value) => pairs.push((name.as_str(), value.as_str())),
                    other => return Err(wrong_type(what, field, other, "string")),
                }
            }
            Ok(Some(Labels::new(pairs)))
        }
        Some(other) => Err(wrong_type(what, field, other, "models.LabelSet")),
    }
}

/// A field of the wrong type, in the words of Go's JSON reader.
pub(super) fn wrong_type(what: &str, field: &str, found: &Value, wanted: &str) -> Refused {
    let why = format!(
        "json: cannot unmarshal {} into Go struct field {what}.{field} of type {wanted}",
        kind(found)
    );
    unreadable(if what == "Alert" { "alerts" } else { "silence" }, &why)
}
