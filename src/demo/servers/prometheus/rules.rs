//! `rules` and `alerts`.
// Handlers are of one type, whether or not they can refuse.
#![allow(clippy::unnecessary_wraps)]

use chrono::SecondsFormat;
use serde_json::{Value, json};

use super::super::form::Form;
use super::{Outcome, Refused, Server, moment};
use crate::demo::alerting::{Active, Live, Rule};
use crate::model::Time;

/// The rules with what they have found; `type` filters.
pub(super) fn rules(server: &Server, form: &Form, _: &str) -> Outcome {
    let shown = match form.get("type").to_ascii_lowercase().as_str() {
        "" | "alert" => true,
        "record" => false,
        _ => {
            let words = format!("not supported value {:?}", form.get("type"));
            return Err(Refused::parameter("type", &words));
        }
    };
    let live = server.alerting.live();
    let mut groups: Vec<_> = server.alerting.groups().iter().collect();
    groups.sort_by(|a, b| a.name.cmp(&b.name));
    let groups: Vec<Value> = groups
        .into_iter()
        .map(|group| {
            let rules = server.alerting.rules().iter().enumerate();
            let rules: Vec<_> = rules.filter(|(_, rule)| rule.group == group.name).collect();
            let evaluated = rules.iter().map(|(at, _)| live.evaluated_at(*at)).max();
            let rules = rules.into_iter().filter(|_| shown);
            json!({
                "name": &*group.name,
                "file": server.alerting.rule_file(),
                "rules": rules.map(|(at, rule)| self::rule(rule, at, &live)).collect::<Vec<_>>(),
                "interval": group.interval_ms as f64 / 1000.0,
                "limit": 0,
                "evaluationTime": 0.0,
                "lastEvaluation": when(evaluated.unwrap_or_else(|| Some(live.tick_of(group.interval_ms)))),
            })
        })
        .collect();
    Ok(json!({"groups": groups}).to_string())
}

fn rule(rule: &Rule, at: usize, live: &Live) -> Value {
    let active = live.of(at);
    let state = match active.iter().map(Active::is_firing).max() {
        None => "inactive",
        Some(false) => "pending",
        Some(true) => "firing",
    };
    let mut said = json!({
        "state": state,
        "name": &*rule.name,
        "query": rule.expression_text(),
        "duration": rule.hold_ms as f64 / 1000.0,
        "keepFiringFor": rule.keep_ms as f64 / 1000.0,
        "labels": rule.labels.iter().map(|(name, text)| (name.clone(), text.source().into()))
            .collect::<serde_json::Map<String, Value>>(),
        "annotations": rule.annotations.iter().map(|(name, text)| (name.clone(), text.source().into()))
            .collect::<serde_json::Map<String, Value>>(),
        "alerts": active.iter().map(alert).collect::<Vec<_>>(),
        "health": match (live.evaluated_at(at), live.error(at)) {
            (None, _) => "unknown",
            (Some(_), None) => "ok",
            (Some(_), Some(_)) => "err",
        },
        "evaluationTime": 0.0,
        "lastEvaluation": when(live.evaluated_at(at)),
        "type": "alerting",
    });
    if let (Some(error), Some(said)) = (live.error(at), said.as_object_mut()) {
        said.insert("lastError".to_owned(), error.into());
    }
    said
}

/// Everything that is pending or fires.
pub(super) fn alerts(server: &Server, _: &Form, _: &str) -> Outcome {
    let live = server.alerting.live();
    let all: Vec<Value> = (0..server.alerting.rules().len()).flat_map(|at| live.of(at)).map(alert).collect();
    Ok(json!({"alerts": all}).to_string())
}

fn alert(active: &Active) -> Value {
    json!({
        "labels": active.labels,
        "annotations": active.annotations,
        "state": if active.is_firing() { "firing" } else { "pending" },
        "activeAt": time(active.active_at),
        "value": moment::scientific(active.value),
    })
}

/// What was not yet is at Go's beginning of time.
fn when(at: Option<Time>) -> String {
    at.map_or_else(|| "0001-01-01T00:00:00Z".to_owned(), time)
}

fn time(at: Time) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}
