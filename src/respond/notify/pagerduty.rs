//! PagerDuty's Events API, version 2: an event for each incident, whose key is the incident's.

use std::path::Path;

use serde_json::json;

use super::{Message, Note, Sent, Speech, What, post};
use crate::config::acting::Post;

/// PagerDuty's most characters of a summary.
const SUMMARY: usize = 1024;

pub(super) async fn send(at: &Post, key_file: &Path, message: &Message<'_>) -> Sent {
    let key = match post::secret(key_file).await {
        Ok(key) => key,
        Err(why) => return Sent::Later(why, Some(60_000)),
    };
    let Some(note) = message.notes.first() else { return Sent::Taken };
    match post::post(at, "application/json", body(note, message, &key)).await {
        Ok(posted) => post::judged(&posted),
        Err(sent) => sent,
    }
}

/// What is read of it: its summary, and of the details what a person adds.
pub(super) fn preview(message: &Message<'_>) -> String {
    let added = message.notes.first().map_or("", |note| &note.message);
    format!("{}\n{added}", Speech::of(message, None, SUMMARY).subject)
}

fn body(note: &Note, message: &Message<'_>, key: &str) -> Vec<u8> {
    let action = match note.event {
        What::Acknowledged => "acknowledge",
        What::Resolved => "resolve",
        _ => "trigger",
    };
    // One alert there for an incident here, whatever level is told; what belongs to none stands for itself.
    let dedup = note.incident.as_deref().unwrap_or(message.dedup);
    let speech = Speech::of(message, None, SUMMARY);
    let summary: String = speech.subject.chars().take(SUMMARY).collect();
    let severity = match note.severity.as_str() {
        "critical" => "critical",
        "high" => "error",
        "medium" => "warning",
        _ => "info",
    };
    let source = if note.component.is_empty() { &message.place.title } else { &note.component };
    json!({
        "routing_key": key,
        "event_action": action,
        "dedup_key": dedup,
        "payload": {
            "summary": summary,
            "source": source,
            "severity": severity,
            "timestamp": note.opened.or(note.at).map(|at| at.to_rfc3339()),
            "component": note.component,
            "group": note.department,
            "class": note.category,
            "custom_details": {
                "incident": note.incident, "level": note.level, "message": note.message,
                "alerts": note.alerts, "alert_count": note.count, "may_be_a_repeat": message.doubtful,
            },
        },
    })
    .to_string()
    .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::super::tests::message;
    use super::*;

    #[test]
    fn an_incident_is_one_alert_there_from_trigger_to_resolve() {
        message("a \"quoted\"\nline", |given| {
            for (event, action) in [
                (What::Opened, "trigger"),
                (What::Escalated, "trigger"),
                (What::Acknowledged, "acknowledge"),
                (What::Resolved, "resolve"),
            ] {
                let note = Note { event, ..given.notes[0].clone() };
                let body: serde_json::Value =
                    serde_json::from_slice(&body(&note, given, "key")).expect("JSON");
                assert_eq!(body["event_action"], action);
                assert_eq!(body["dedup_key"], "INC-20261122061200");
                assert_eq!(body["payload"]["severity"], "critical");
                assert_eq!(body["payload"]["custom_details"]["alerts"][0]["name"], "a \"quoted\"\nline");
            }
        });
    }
}
