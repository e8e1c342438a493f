//! `alerts` and `alerts/groups`.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{Call, Outcome, Server, body, filter, plain, time};
use crate::demo::alerting::{Known, Posted, Route, Source};
use crate::model::Labels;

/// How long an alert lives that says nothing of its end (`resolve_timeout`).
const RESOLVE_TIMEOUT_S: i64 = 300;

/// The alerts that a request asks for.
struct Wanted {
    matchers: Vec<crate::model::Matcher>,
    receiver: Option<crate::model::Matcher>,
    active: bool,
    silenced: bool,
    inhibited: bool,
}

impl Wanted {
    fn of(call: &Call) -> Result<Self, (StatusCode, String)> {
        Ok(Self {
            matchers: filter::matchers(call)?,
            receiver: filter::receiver(call)?,
            active: filter::flag(&call.form, "active"),
            silenced: filter::flag(&call.form, "silenced"),
            inhibited: filter::flag(&call.form, "inhibited"),
        })
    }

    fn takes(&self, known: &Known) -> bool {
        filter::holds(&self.matchers, &known.labels)
            && (self.active || known.is_suppressed())
            && (self.silenced || known.silenced_by.is_empty())
            && (self.inhibited || known.inhibited_by.is_empty())
    }

    fn takes_receiver(&self, name: &str) -> bool {
        let labels = Labels::new([("receiver", name)]);
        self.receiver.as_ref().is_none_or(|receiver| receiver.matches(&labels))
    }
}

/// Every alert, by fingerprint.
pub(super) fn list(server: &Server, call: &Call) -> Outcome {
    let wanted = Wanted::of(call)?;
    let known = server.alerting.known();
    let all: Vec<Value> = known
        .iter()
        .filter(|known| wanted.takes(known))
        .filter_map(|known| {
            let routes = server.alerting.settings().routes_of(&known.labels);
            routes
                .iter()
                .any(|route| wanted.takes_receiver(&route.receiver))
                .then(|| shown(server, known, &routes))
        })
        .collect();
    Ok(Some(json!(all).to_string() + "\n"))
}

/// The alerts in their groups.
pub(super) fn groups(server: &Server, call: &Call) -> Outcome {
    let wanted = Wanted::of(call)?;
    let mut groups: BTreeMap<(Labels, String), Vec<Value>> = BTreeMap::new();
    for known in server.alerting.known().iter().filter(|known| wanted.takes(known)) {
        let routes = server.alerting.settings().routes_of(&known.labels);
        for route in routes.iter().filter(|route| wanted.takes_receiver(&route.receiver)) {
            let labels = known.labels.iter().filter(|(name, _)| route.group_by.iter().any(|by| by == name));
            let group = (Labels::new(labels), route.receiver.clone());
            groups.entry(group).or_default().push(shown(server, known, &routes));
        }
    }
    let all: Vec<Value> = groups
        .into_iter()
        .map(|((labels, receiver), alerts)| {
            json!({"alerts": alerts, "labels": labels, "receiver": {"name": receiver}})
        })
        .collect();
    Ok(Some(json!(all).to_string() + "\n"))
}

fn shown(server: &Server, known: &Known, routes: &[&Route]) -> Value {
    let mut receivers: Vec<&str> = routes.iter().map(|route| route.receiver.as_str()).collect();
    receivers.dedup();
    let receivers: Vec<Value> = receivers.into_iter().map(|name| json!({"name": name})).collect();
    let mut said = json!({
        "annotations": known.annotations,
        "endsAt": time(known.ends_at),
        "fingerprint": known.fingerprint,
        "receivers": receivers,
        "startsAt": time(known.starts_at),
        "status": {
            "inhibitedBy": known.inhibited_by,
            "silencedBy": known.silenced_by,
            "state": if known.is_suppressed() { "suppressed" } else { "active" },
        },
        "updatedAt": time(known.updated_at),
        "labels": known.labels,
    });
    let url = match &known.source {
        Source::Address(url) => url.clone(),
        Source::Rule(expression) => {
            let expression: String = url::form_urlencoded::byte_serialize(expression.as_bytes()).collect();
            format!("{}/graph?g0.expr={expression}&g0.tab=1", server.prometheus)
        }
    };
    // An alert without an address has no such field.
    if let Some(said) = said.as_object_mut().filter(|_| !url.is_empty()) {
        said.insert("generatorURL".to_owned(), url.into());
    }
    said
}

/// Takes alerts. What is right is taken even when something else is not.
pub(super) fn post(server: &Server, call: &Call) -> Outcome {
    let parsed = body::parse("alerts", &call.body)?;
    let Some(all) = parsed.as_array() else {
        let why = format!(
            "json: cannot unmarshal {} into Go value of type models.PostableAlerts",
            body::kind(&parsed)
        );
        return Err(body::unreadable("alerts", &why));
    };
    let mut taken = Vec::new();
    let mut wrong = Vec::new();
    for (at, alert) in all.iter().enumerate() {
        let Some(object) = alert.as_object() else {
            let why = format!(
                "json: cannot unmarshal {} into Go value of type models.PostableAlert",
                body::kind(alert)
            );
            return Err(body::unreadable("alerts", &why));
        };
        let labels = body::labels("Alert", "labels", object)?
            .ok_or_else(|| body::required(&format!("{at}.labels")))?;
        let now = server.alerting.place().now();
        let (starts, ends) =
            (body::moment("Alert", "startsAt", object)?, body::moment("Alert", "endsAt", object)?);
        let posted = Posted {
            labels: Labels::new(labels.iter().filter(|(_, value)| !value.is_empty())),
            annotations: body::labels("Alert", "annotations", object)?.unwrap_or_default(),
            starts_at: starts.or(ends).unwrap_or(now),
            ends_at: ends.unwrap_or(now + TimeDelta::seconds(RESOLVE_TIMEOUT_S)),
            updated_at: now,
            generator_url: body::text("Alert", "generatorURL", object)?.unwrap_or_default().to_owned(),
        };
        match check(&posted) {
            Ok(()) => taken.push(posted),
            Err(words) => wrong.push(words),
        }
    }
    for posted in taken {
        server.alerting.post(posted);
    }
    if wrong.is_empty() { Ok(None) } else { Err(plain(StatusCode::BAD_REQUEST, &wrong.join("; "))) }
}

fn check(posted: &Posted) -> Result<(), String> {
    if posted.labels.is_empty() {
        return Err("at least one label pair required".to_owned());
    }
    for (what, labels) in [("label set", &posted.labels), ("annotations", &posted.annotations)] {
        if let Some((name, _)) = labels.iter().find(|(name, _)| !crate::demo::alerting::is_label_name(name)) {
            return Err(format!("invalid {what}: invalid name {name:?}"));
        }
    }
    if posted.ends_at < posted.starts_at {
        return Err("start time must be before end time".to_owned());
    }
    Ok(())
}
