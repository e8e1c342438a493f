//! What a notification says, in words: the usual text, or a template's.

use std::fmt::Write as _;

use super::{Message, Note, What};
use crate::model::{Severity, Template, Time};
use crate::text::notify::EN as WORDS;

/// Alerts of one incident that are named.
const ALERTS: usize = 10;
/// Incidents that one message names; the rest is counted.
const INCIDENTS: usize = 400;

/// Subject and text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Speech {
    /// One line.
    pub subject: String,
    /// Some lines.
    pub text: String,
}

impl Speech {
    /// Of a message; a channel's template takes the place of the text. At most `longest` characters.
    pub fn of(message: &Message<'_>, template: Option<&Template>, longest: usize) -> Self {
        let subject = subject(message);
        let usual = usual(message);
        let text = template
            .and_then(|template| template.fill(&|name| Some(value(name, message, &usual))).ok())
            .unwrap_or(usual);
        Self { subject: one_line(&subject), text: cut(&text, longest) }
    }
}

/// What a place of a template is filled with: facts of the worst note, the whole as `text`.
pub(super) fn value(name: &str, message: &Message<'_>, usual: &str) -> String {
    let Some(note) = message.notes.first() else { return String::new() };
    let zone = message.place.zone;
    let clock = |at: Option<Time>| at.map_or_else(String::new, |at| stamp(at, zone));
    if let Some(label) = name.strip_prefix("label.") {
        return note.labels.get(label).cloned().unwrap_or_default();
    }
    match name {
        "event" => note.event.as_str().to_owned(),
        "incident" => note.incident.clone().unwrap_or_default(),
        "title" => note.title.clone(),
        "severity" => note.severity.clone(),
        "category" => note.category.clone(),
        "status" => note.status.clone(),
        "department" => note.department.clone(),
        "component" => note.component.clone(),
        "summary" => note.alerts.first().map(|alert| alert.summary.clone()).unwrap_or_default(),
        "alerts" => note.alerts.iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join(", "),
        "count" => note.count.to_string(),
        "opened" => clock(note.opened),
        "level" => note.level.clone(),
        "ack_by" => clock(note.ack_by),
        "responder" => note.responder.clone(),
        "message" => note.message.clone(),
        "contact" => message.contact.map(|one| one.name.clone()).unwrap_or_default(),
        "phone" => message.contact.and_then(|one| one.phone.clone()).unwrap_or_default(),
        "email" => message.contact.and_then(|one| one.email.clone()).unwrap_or_default(),
        "hospital" => message.place.title.clone(),
        "text" => usual.to_owned(),
        _ => String::new(),
    }
}

/// The subject of a message.
pub(super) fn subject(message: &Message<'_>) -> String {
    match message.notes {
        [] => String::new(),
        [note] => headline(note),
        [worst, ..] => {
            let critical = message.notes.iter().filter(|note| note.severity == Severity::Critical.as_str());
            (WORDS.storm)(message.notes.len(), critical.count(), &headline(worst))
        }
    }
}

/// `CRITICAL opened: title (INC-…)`.
fn headline(note: &Note) -> String {
    let event = (WORDS.event)(note.event.as_str());
    let severity = note.severity.to_uppercase();
    let id = note.incident.as_deref().map(|id| format!(" ({id})")).unwrap_or_default();
    if severity.is_empty() {
        format!("{event}: {}{id}", note.title)
    } else {
        format!("{severity} {event}: {}{id}", note.title)
    }
}

fn usual(message: &Message<'_>) -> String {
    let mut text = String::new();
    match message.notes {
        [note] => single(note, message, &mut text),
        notes => {
            for note in notes.iter().take(INCIDENTS) {
                let names: Vec<&str> = note.alerts.iter().map(|one| one.name.as_str()).take(3).collect();
                let _ = writeln!(
                    text,
                    "- {}{}",
                    headline(note),
                    (WORDS.of_alerts)(note.count, &names.join(", "))
                );
            }
            if notes.len() > INCIDENTS {
                let _ = writeln!(text, "{}", (WORDS.more_incidents)(notes.len() - INCIDENTS));
            }
        }
    }
    if message.doubtful {
        let _ = writeln!(text, "{}", WORDS.doubtful);
    }
    text.truncate(text.trim_end().len());
    text
}

fn single(note: &Note, message: &Message<'_>, text: &mut String) {
    let zone = message.place.zone;
    if !note.message.is_empty() {
        let _ = writeln!(text, "{}", note.message);
    }
    let place: Vec<&str> = [note.component.as_str(), note.department.as_str(), note.category.as_str()]
        .into_iter()
        .filter(|one| !one.is_empty())
        .collect();
    if !place.is_empty() {
        let _ = writeln!(text, "{}", place.join(" · "));
    }
    if let Some(opened) = note.opened {
        let by = note.ack_by.filter(|_| !matches!(note.event, What::Resolved | What::Acknowledged));
        let _ = writeln!(
            text,
            "{}",
            (WORDS.opened)(&stamp(opened, zone), by.map(|at| stamp(at, zone)).as_deref())
        );
    }
    if !note.responder.is_empty() {
        let _ = writeln!(text, "{}", (WORDS.taken)(&note.responder));
    }
    for alert in note.alerts.iter().take(ALERTS) {
        if alert.summary.is_empty() {
            let _ = writeln!(text, "- {}", alert.name);
        } else {
            let _ = writeln!(text, "- {}: {}", alert.name, alert.summary);
        }
    }
    let rest = (note.count as usize).saturating_sub(note.alerts.len().min(ALERTS));
    if rest > 0 {
        let _ = writeln!(text, "{}", (WORDS.more_alerts)(rest));
    }
    if !note.level.is_empty() {
        let who = message.contact.map(|one| one.name.as_str()).unwrap_or_default();
        let _ = writeln!(text, "{}", (WORDS.told)(&note.level, who));
    }
}

/// A moment for a person, with its offset.
fn stamp(at: Time, zone: chrono_tz::Tz) -> String {
    at.with_timezone(&zone).format("%Y-%m-%d %H:%M %:z").to_string()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// At most so many characters, which is said where it is not all.
fn cut(text: &str, longest: usize) -> String {
    if text.chars().count() <= longest {
        return text.to_owned();
    }
    let kept: String = text.chars().take(longest.saturating_sub(WORDS.cut.chars().count())).collect();
    kept + WORDS.cut
}
