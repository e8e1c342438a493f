//! Any HTTP service: plantão's own JSON, the service's JSON, or a form.

use serde_json::{Value, json};

use super::text::value;
use super::{Message, Note, Sent, Speech, post};
use crate::config::acting::{Body, Channel, Post};
use crate::model::Template;

/// Longest text of a message.
const LONGEST: usize = 64 * 1024;

pub(super) async fn send(channel: &Channel, at: &Post, body: &Body, message: &Message<'_>) -> Sent {
    let (media, bytes) = bytes(channel, body, message);
    match post::post(at, media, bytes).await {
        Ok(posted) => post::judged(&posted),
        Err(sent) => sent,
    }
}

/// What is read of it: the text, or what is put into the service's own fields.
pub(super) fn preview(channel: &Channel, body: &Body, message: &Message<'_>) -> String {
    let speech = Speech::of(message, channel.text.as_ref(), LONGEST);
    match body {
        Body::Standard => format!("{}\n{}", speech.subject, speech.text),
        Body::Json(template) => {
            let mut texts = Vec::new();
            texts_of(template, message, &speech.text, &mut texts);
            texts.join("\n")
        }
        Body::Form(fields) => {
            let one = |(name, template): &(String, Template)| {
                format!("{name}: {}", fill(template, message, &speech.text))
            };
            fields.iter().map(one).collect::<Vec<_>>().join("\n")
        }
    }
}

/// The texts of a service's JSON into which something is put.
fn texts_of(template: &Value, message: &Message<'_>, usual: &str, texts: &mut Vec<String>) {
    match template {
        Value::String(text) => {
            if let Ok(template) = Template::parse(text)
                && template.places().next().is_some()
            {
                texts.push(fill(&template, message, usual));
            }
        }
        Value::Array(all) => all.iter().for_each(|one| texts_of(one, message, usual, texts)),
        Value::Object(all) => all.values().for_each(|one| texts_of(one, message, usual, texts)),
        _ => {}
    }
}

fn bytes(channel: &Channel, body: &Body, message: &Message<'_>) -> (&'static str, Vec<u8>) {
    let speech = Speech::of(message, channel.text.as_ref(), LONGEST);
    match body {
        Body::Standard => ("application/json", standard(message, &speech).to_string().into_bytes()),
        Body::Json(template) => {
            ("application/json", filled(template, message, &speech.text).to_string().into_bytes())
        }
        Body::Form(fields) => {
            let mut form = url::form_urlencoded::Serializer::new(String::new());
            for (name, template) in fields {
                form.append_pair(name, &fill(template, message, &speech.text));
            }
            ("application/x-www-form-urlencoded", form.finish().into_bytes())
        }
    }
}

/// Everything there is to say; documented in docs/notifications.md.
fn standard(message: &Message<'_>, speech: &Speech) -> Value {
    json!({
        "version": 1,
        "dedup_key": message.dedup,
        "may_be_a_repeat": message.doubtful,
        "place": message.place.title,
        "subject": speech.subject,
        "text": speech.text,
        "contact": message.contact.map(|one| &one.name),
        "notifications": message.notes.iter().map(note).collect::<Vec<_>>(),
    })
}

fn note(note: &Note) -> Value {
    json!({
        "event": note.event, "incident": note.incident, "title": note.title, "severity": note.severity,
        "category": note.category, "status": note.status, "department": note.department,
        "component": note.component, "alerts": note.alerts, "alert_count": note.count,
        "opened_at": note.opened.map(|at| at.to_rfc3339()), "ack_by": note.ack_by.map(|at| at.to_rfc3339()),
        "level": note.level, "responder": note.responder, "message": note.message, "labels": note.labels,
    })
}

/// A service's JSON with its texts filled. It was read before anything was put in, so what is put in is always
/// a part of a text.
fn filled(template: &Value, message: &Message<'_>, usual: &str) -> Value {
    match template {
        Value::String(text) => Value::String(
            Template::parse(text).map_or_else(|_| text.clone(), |template| fill(&template, message, usual)),
        ),
        Value::Array(all) => all.iter().map(|one| filled(one, message, usual)).collect(),
        Value::Object(all) => {
            Value::Object(all.iter().map(|(name, one)| (name.clone(), filled(one, message, usual))).collect())
        }
        other => other.clone(),
    }
}

fn fill(template: &Template, message: &Message<'_>, usual: &str) -> String {
    template.fill(&|name| Some(value(name, message, usual))).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{channel, message};
    use super::*;

    const HOSTILE: &str = "\"}],\"x\":1 $(reboot); `id` \\ \u{2028}&a=b\n{title}";

    #[test]
    fn what_is_put_into_json_stays_a_text() {
        let template =
            json!({ "fields": { "summary": "[{severity}] {alerts}", "n": 3, "list": ["{label.job}"] } });
        message(HOSTILE, |message| {
            let (media, bytes) = bytes(&channel(), &Body::Json(template.clone()), message);
            let read: Value = serde_json::from_slice(&bytes).expect("still JSON");
            assert_eq!(media, "application/json");
            assert_eq!(read["fields"]["summary"], format!("[critical] {HOSTILE}"));
            assert_eq!(read["fields"]["list"], json!([HOSTILE]));
            assert_eq!(read["fields"].as_object().map(serde_json::Map::len), Some(3));
        });
    }

    #[test]
    fn what_is_put_into_a_form_stays_a_value() {
        let form = vec![("Body".to_owned(), Template::parse("{alerts}").expect("a template"))];
        message(HOSTILE, |message| {
            let (_, bytes) = bytes(&channel(), &Body::Form(form.clone()), message);
            let pairs: Vec<(String, String)> = url::form_urlencoded::parse(&bytes).into_owned().collect();
            assert_eq!(pairs, [("Body".to_owned(), HOSTILE.to_owned())]);
        });
    }

    #[test]
    fn the_standard_body_says_everything() {
        message(HOSTILE, |message| {
            let (_, bytes) = bytes(&channel(), &Body::Standard, message);
            let read: Value = serde_json::from_slice(&bytes).expect("JSON");
            assert_eq!(read["version"], 1);
            assert_eq!(read["notifications"][0]["incident"], "INC-20261122061200");
            assert_eq!(read["notifications"][0]["alerts"][0]["name"], HOSTILE);
            assert_eq!(read["may_be_a_repeat"], false);
        });
    }
}
