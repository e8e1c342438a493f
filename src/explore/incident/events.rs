//! What happened, moment by moment.

use super::{Analysis, Goal};
use crate::model::evidence::Evidence;
use crate::model::{SpanStatus, Time, TraceId};

/// Most events of one kind: a flood of errors is a lane, not a list.
const MOST: usize = 2_000;

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// When, unix milliseconds.
    pub at_ms: i64,
    /// What kind of thing.
    pub kind: EventKind,
    /// Where.
    pub component: String,
    /// What, in one line.
    pub text: String,
    /// Where it is seen.
    pub goal: Goal,
}

/// What kind of thing happened; the more telling ones first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EventKind {
    /// A likely cause begins.
    Onset,
    /// An alert begins to fire.
    AlertFires,
    /// An alert ends.
    AlertEnds,
    /// Somebody changed something.
    Change,
    /// A request failed.
    Failed,
    /// A line that says error or worse.
    ErrorLine,
}

/// All of them, by time.
pub(super) fn of(evidence: &Evidence, analysis: &Analysis) -> Vec<Event> {
    let ms = |at: Time| at.timestamp_millis();
    let mut all = Vec::new();
    let mut put = |at_ms: i64, kind: EventKind, component: &str, text: &str, goal: Goal| {
        all.push(Event { at_ms, kind, component: component.to_owned(), text: text.to_owned(), goal });
    };
    for cause in &analysis.causes {
        if let Some(onset) = cause.onset {
            put(ms(onset), EventKind::Onset, &cause.component, &cause.kind, Goal::Moment);
        }
    }
    for alert in &evidence.alerts {
        let component = alert.labels.get("service").unwrap_or_default();
        put(ms(alert.starts_at), EventKind::AlertFires, component, &alert.name, Goal::Alerts);
        if let Some(end) = alert.ends_at {
            put(ms(end), EventKind::AlertEnds, component, &alert.name, Goal::Alerts);
        }
    }
    for change in &evidence.changes {
        let component = change.labels.get("service").unwrap_or_default();
        put(ms(change.at), EventKind::Change, component, &change.title, Goal::Moment);
    }
    let failed = |one: &&crate::model::evidence::SpanRecord| {
        one.parent_id.is_none() && one.status == SpanStatus::Error
    };
    for span in evidence.spans.iter().filter(failed).take(MOST) {
        let goal = TraceId::parse(&span.trace_id).map_or(Goal::Moment, Goal::Trace);
        put(span.start / 1_000_000, EventKind::Failed, &span.service, &span.name, goal);
    }
    let grave = |level: Option<&str>| level.is_some_and(is_grave);
    for line in evidence.logs.iter().filter(|one| grave(one.labels.get("level"))).take(MOST) {
        let component = line.labels.get("service").unwrap_or_default();
        let text: String = line.line.lines().next().unwrap_or_default().chars().take(300).collect();
        let goal = line.trace_id.as_deref().and_then(TraceId::parse).map_or(Goal::Moment, Goal::Trace);
        put(line.ts / 1_000_000, EventKind::ErrorLine, component, &text, goal);
    }
    all.sort_by(|a, b| {
        (a.at_ms, a.kind, &a.component, &a.text).cmp(&(b.at_ms, b.kind, &b.component, &b.text))
    });
    all
}

/// Whether a level says error or worse, in whatever spelling.
pub(super) fn is_grave(level: &str) -> bool {
    let level = level.to_ascii_lowercase();
    ["err", "crit", "fatal", "alert", "emerg", "panic"].iter().any(|word| level.starts_with(word))
}

/// Whether a level says warning.
pub(super) fn is_warning(level: &str) -> bool {
    level.to_ascii_lowercase().starts_with("warn")
}
