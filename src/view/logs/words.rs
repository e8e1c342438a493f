//! What the log view says of its answers: how many of how many, how old, what is wrong.

use std::sync::Arc;

use super::super::status::Status;
use super::super::vm::PaneState;
use super::super::{clock, status};
use crate::command::CommandId;
use crate::model::ask::{Answer, Key};
use crate::model::{FaultKind, SourceId, Time, Unit, duration};
use crate::state::logs::{self, Cost, LogsPlace};
use crate::state::{Overlay, State};
use crate::store::Remote;

/// The first key of a command in this view.
pub fn key(state: &State, id: CommandId) -> String {
    state.setup.keymap.keys_for(&state.view_modes(), id).into_iter().next().unwrap_or_default()
}

/// What a query reads.
pub fn cost(state: &State, cost: Cost) -> String {
    let words = state.setup.text.logs;
    match cost {
        Cost::Asked => String::new(),
        Cost::Unknown => words.cost_unknown.to_owned(),
        Cost::Fine(stats) | Cost::Heavy(stats) => (words.cost)(stats.bytes, stats.streams),
    }
}

/// Age and completeness of the lines.
pub fn status(state: &State, place: &LogsPlace, query: &Arc<str>) -> Status {
    let words = state.setup.text.logs;
    let key = logs::lines_key(place, query);
    let remote = state.shown().explored(&key);
    let mut status = if logs::refreshes(state, place) {
        status::of(state, remote, &SourceId::LOKI, state.interval_s().max(10), false)
    } else {
        super::once(state, remote, false)
    };
    if status.state == PaneState::Loading && place.lines.loaded {
        // The smaller page stays while a larger one is on its way.
        status.state = PaneState::Ready;
        status.note = (words.loading_more)(place.limit.max(logs::FIRST));
        return status;
    }
    if let Some(words) = follow(state, place) {
        status.note = words;
    } else if status.state == PaneState::Ready
        && state.window.is_live()
        && !logs::refreshes(state, place)
        && let Some(at) = remote.and_then(Remote::evaluated_at)
        && remote.is_some_and(|remote| remote.warnings().is_empty())
    {
        status.note = (words.as_of)(&clock::format(state, at, "%H:%M:%S"));
    }
    status
}

/// How the live tail fares; `None` where nothing is followed.
fn follow(state: &State, place: &LogsPlace) -> Option<String> {
    let words = state.setup.text.logs;
    place.follow?;
    let Some(tail) = logs::tail(state, place) else { return Some(words.follow_connecting.to_owned()) };
    let why = || tail.fault.as_ref().map_or_else(String::new, |fault| status::words(state, fault));
    let mut text = if tail.refused {
        (words.follow_refused)(&why())
    } else if tail.fault.is_some() {
        (words.follow_lost)(&why())
    } else if tail.connected {
        (words.following)(tail.forgotten + tail.lines.len() as u64)
    } else {
        words.follow_connecting.to_owned()
    };
    let newest = if place.oldest_first { usize::MAX } else { 0 };
    let away = place.cursor != newest && !place.oldest_first;
    let rows = logs::Rows::of(state, place).len();
    let unseen = if place.oldest_first { rows.saturating_sub(place.cursor + 1) } else { place.cursor };
    if (away || place.oldest_first) && unseen > 0 {
        text = format!("{text} · {}", (words.unseen)(unseen));
    }
    if tail.dropped > 0 {
        text = format!("{text} · {}", (words.dropped)(tail.dropped));
    }
    Some(text)
}

/// How many of how many, and in which order.
pub fn completeness(state: &State, place: &LogsPlace, query: &Arc<str>) -> String {
    let words = state.setup.text.logs;
    if !place.lines.loaded {
        return String::new();
    }
    let shown = place.lines.len();
    let total = count(state, query).filter(|total| *total >= shown as u64);
    let mut text = match (place.lines.more, total) {
        (false, _) => (words.all)(shown),
        (true, Some(total)) => (words.of)(shown, total),
        (true, None) => match super::histogram::total(state, query).filter(|total| *total >= shown as f64) {
            Some(total) => (words.of_about)(shown, &Unit::Count.format(total)),
            None => (words.of_more)(shown),
        },
    };
    let counting = place.counted && state.shown().explored(&logs::count_key(state, query)).is_none();
    if counting {
        text = format!("{text} · {}", words.counting);
    }
    format!("{text} · {}", words.orders[usize::from(place.oldest_first)])
}

/// Lines of the window, where they were counted.
fn count(state: &State, query: &Arc<str>) -> Option<u64> {
    let remote = state.shown().explored(&logs::count_key(state, query))?;
    match &**remote.value()? {
        // Nothing at all has no sum.
        Answer::Vector(samples) => {
            Some(samples.iter().map(|sample| sample.value).filter(|v| v.is_finite()).sum::<f64>() as u64)
        }
        _ => None,
    }
}

/// How lines are shown, and what is searched for.
pub fn below(state: &State, place: &LogsPlace) -> String {
    let words = state.setup.text.logs;
    let mut parts = Vec::new();
    if let Some(only) = &place.only {
        parts.push((words.only)(&only.title, &key(state, CommandId::Back)));
    }
    if !place.find.is_empty() && !matches!(state.overlay, Some(Overlay::Find(_))) {
        parts.push(found(state, place));
    }
    parts.push(words.forms[place.form as usize].to_owned());
    if place.wrap {
        parts.push(words.wrapped.to_owned());
    }
    parts.join(" · ")
}

/// Where in what was found the cursor stands.
pub fn found(state: &State, place: &LogsPlace) -> String {
    let words = state.setup.text.logs;
    let rows = &place.found.rows;
    if rows.is_empty() {
        return (words.not_found)(&place.find);
    }
    let list = logs::Rows::of(state, place);
    let at = list.place_of(place.cursor) as u32;
    let nth =
        rows.binary_search(&at).ok().map(|nth| if place.oldest_first { nth + 1 } else { rows.len() - nth });
    (words.found)(&place.find, nth, rows.len(), place.found.whole)
}

/// What was found in the lines that must be known: personal data, broken events.
pub fn findings(state: &State, place: &LogsPlace) -> Vec<String> {
    let words = state.setup.text.logs;
    let lines = &place.lines;
    let mut found: Vec<String> = leaks(state, place).into_iter().collect();
    if lines.broken > 0 {
        let fields: Vec<String> =
            lines.wrong.iter().map(|(field, count)| format!("{field} ×{count}")).collect();
        found.push((words.broken)(lines.broken, lines.events, &fields.join(", ")));
    }
    found
}

fn leaks(state: &State, place: &LogsPlace) -> Option<String> {
    let words = state.setup.text.logs;
    if place.lines.leaks.is_empty() {
        return None;
    }
    let names = &state.setup.pack.explore.log_service;
    let mut all: Vec<(String, String, u64)> = Vec::new();
    for leak in &place.lines.leaks {
        let stream = leak.stream.as_deref().unwrap_or("…");
        let kind = leak.kind.as_deref().unwrap_or("…");
        let short = service_of(stream, names);
        match all.iter_mut().find(|(known, of, _)| *known == short && of == kind) {
            Some((_, _, count)) => *count += leak.count,
            None => all.push((short, kind.to_owned(), leak.count)),
        }
    }
    all.sort_by(|a, b| b.2.cmp(&a.2).then_with(|| a.cmp(b)));
    let texts: Vec<String> =
        all.iter().map(|(stream, kind, count)| (words.leak)(stream, kind, *count)).collect();
    Some(format!("{} {}", words.leaks, texts.join(", ")))
}

/// A stream's selector, cut down to the label that names its service.
fn service_of(stream: &str, names: &[String]) -> String {
    names
        .iter()
        .find_map(|name| {
            let start = stream.find(&format!("{name}=\"")).filter(|at| {
                *at == 0
                    || !stream.as_bytes()[at - 1].is_ascii_alphanumeric() && stream.as_bytes()[at - 1] != b'_'
            })?;
            let value = &stream[start..];
            let end = value.find('"').and_then(|open| Some(open + 2 + value[open + 1..].find('"')?))?;
            Some(format!("{{{}}}", &value[..end]))
        })
        .unwrap_or_else(|| stream.to_owned())
}

/// What stands in place of lines: why there are none, and what to try.
pub fn nothing(state: &State, status: &Status) -> Vec<String> {
    let words = state.setup.text.logs;
    match status.state {
        PaneState::Loading | PaneState::Unconfigured => vec![status.note.clone()],
        PaneState::Failed | PaneState::Stale => {
            let mut lines = vec![status.message.clone()];
            if is_refused(state) {
                lines.push((words.refused_help)(&key(state, CommandId::QueryEdit)));
            }
            lines
        }
        PaneState::Ready | PaneState::NoData => {
            let now = state.shown_now();
            let moment = |at: Time| clock::near(state, at);
            vec![
                (words.empty)(&moment(state.window.start(now)), &moment(state.window.end(now))),
                (words.empty_help)(
                    &key(state, CommandId::ZoomOut),
                    &key(state, CommandId::QueryEdit),
                    &key(state, CommandId::QueryReady),
                ),
            ]
        }
    }
}

/// Whether it is the query that the server does not take.
fn is_refused(state: &State) -> bool {
    let crate::state::View::Logs(text) = state.view() else { return false };
    let place = logs::place(state, text);
    let key = logs::lines_key(&place, &logs::query_of(state, text));
    let fault = state.shown().explored(&key).and_then(|remote| remote.last_fault());
    fault.is_some_and(|fault| fault.kind == FaultKind::BadQuery)
}

/// A length of time in nanoseconds.
pub fn length(nanoseconds: i64) -> String {
    let seconds = nanoseconds / 1_000_000_000;
    if seconds < 1 { "<1s".to_owned() } else { duration::format(seconds) }
}

/// How many values a field has in the window, where the server knows.
pub fn values_of(state: &State, query: &Arc<str>, label: &str) -> String {
    let remote = state.shown().explored(&Key::LogFields(query.clone()));
    let Some(Answer::LogFields(fields)) = remote.and_then(|remote| remote.value()).map(|answer| &**answer)
    else {
        return String::new();
    };
    let found =
        fields.iter().find(|field| &*field.name == label || *field.name == *format!("{label}_extracted"));
    found.map_or_else(String::new, |field| (state.setup.text.logs.values)(field.cardinality))
}
