//! Panes of explorers for `snapshot --format json`: a pane for each question of the view, with its whole raw answer.

use serde::Serialize;

use super::json::{Pane, RowJson, SeriesJson, grid, value_of};
use super::traces::{HitJson, SpanJson};
use crate::model::ask::{Answer, Key};
use crate::model::{Labels, LogEntry, LogPage};
use crate::state::{self, State, View};
use crate::store::{History, Remote};
use crate::view::status::{self, Status};
use crate::view::vm::PaneState;

/// A question of the view in sight, and how its answer is.
#[derive(Debug)]
pub(super) struct Asked {
    key: Key,
    /// Id of its pane, unique in the document.
    id: String,
    pub(super) status: Status,
}

/// A log line as scripts see it: as `logs --format jsonl` writes it.
#[derive(Debug, Serialize)]
pub(super) struct LineJson<'a> {
    ts: String,
    labels: &'a Labels,
    line: &'a str,
    metadata: &'a Labels,
}

/// What the explorer in sight asks, in its order; nothing for other views.
pub(super) fn asked(state: &State) -> Vec<Asked> {
    let wanted = match state.view() {
        View::Logs(_) => state::logs::wants(state),
        View::Traces(_) => state::traces::wants(state),
        View::Trace(_) | View::Compare(..) => state::trace::wants(state),
        View::Metrics(_) => state::metrics::wants(state),
        _ => Vec::new(),
    };
    let mut all: Vec<Asked> = Vec::new();
    for (key, every_s) in wanted {
        let Some(id) = base_id(&key) else { continue };
        let again = all.iter().filter(|one| base_id(&one.key) == Some(id)).count();
        let id = if again == 0 { id.to_owned() } else { format!("{id}.{}", again + 1) };
        let status = status_of(state, &key, every_s);
        all.push(Asked { key, id, status });
    }
    all
}

/// What a pane is called; `None` for questions that only help the person to ask, or follow what the person opens.
fn base_id(key: &Key) -> Option<&'static str> {
    Some(match key {
        Key::Logs { .. } => "lines",
        Key::LogRange(..) => "log_series",
        Key::LogInstant(_) => "log_values",
        Key::LogStats(_) => "stats",
        Key::Traces { .. } => "traces",
        Key::Trace(_) => "spans",
        Key::TraceRange(..) => "trace_series",
        Key::Range(..) => "series",
        Key::Instant(_) => "values",
        _ => return None,
    })
}

fn status_of(state: &State, key: &Key, every_s: u32) -> Status {
    // What is asked once does not grow old.
    let every_s = if every_s == 0 { u32::MAX / 4 } else { every_s };
    let (store, source) = (&state.store, key.source());
    let mut status = match key {
        Key::Instant(query) => {
            let remote = store.instants.get(query);
            let empty = remote.and_then(Remote::value).is_some_and(|samples| samples.is_empty());
            status::of(state, remote, &source, every_s, empty)
        }
        Key::Range(query, step) => {
            let remote = store.ranges.get(&(query.clone(), *step)).map(|history| &history.remote);
            let empty = remote.and_then(Remote::value).is_some_and(|series| series.is_empty());
            status::of(state, remote, &source, every_s, empty)
        }
        explored => {
            let remote = store.explored(explored);
            let empty = remote.and_then(Remote::value).is_some_and(|answer| is_empty(answer));
            status::of(state, remote, &source, every_s, empty)
        }
    };
    let said = store.explored(key).and_then(Remote::value).and_then(|answer| cut(state, answer));
    if let Some(said) = said.filter(|_| status.message.is_empty()) {
        status.message = said;
    }
    status
}

fn is_empty(answer: &Answer) -> bool {
    match answer {
        Answer::Vector(all) => all.is_empty(),
        Answer::Matrix(all) => all.is_empty(),
        Answer::Logs(page) => page.entries.is_empty(),
        Answer::Traces(list) => list.hits.is_empty(),
        Answer::Trace(doc) => doc.trace.spans.is_empty(),
        _ => false,
    }
}

/// What is missing of an answer: a page is not all there is.
fn cut(state: &State, answer: &Answer) -> Option<String> {
    let words = state.setup.text.links;
    match answer {
        Answer::Logs(LogPage { entries, more: true, .. }) => Some((words.of_more)(entries.len())),
        Answer::Traces(list) if list.more => Some((words.of_more)(list.hits.len())),
        Answer::Trace(doc) if !doc.partial.is_empty() => Some((state.setup.text.view.partial)(&doc.partial)),
        _ => None,
    }
}

/// Whether a question has no whole answer: none, an old one, or one that its server called incomplete. A page that the
/// limit cut is whole: it is what was asked for.
pub(super) fn is_partial(state: &State, key: &Key) -> bool {
    let Some(remote) = state.store.explored(key) else { return true };
    let torn = |answer: &Answer| matches!(answer, Answer::Trace(doc) if !doc.partial.is_empty());
    remote.last_fault().is_some()
        || !remote.warnings().is_empty()
        || remote.value().is_none_or(|answer| torn(answer))
}

/// What the explorer in sight lacks, a line for each question without a whole answer.
pub fn lacking(state: &State) -> Vec<String> {
    let whole = |one: &Asked| matches!(one.status.state, PaneState::Ready | PaneState::NoData);
    asked(state)
        .iter()
        .filter(|one| !whole(one) || one.key.is_explored() && is_partial(state, &one.key))
        .map(|one| format!("{}: {}", (state.setup.text.links.pane)(&one.key), one.status.message))
        .collect()
}

/// The panes of what was asked.
pub(super) fn panes<'a>(state: &'a State, asked: &'a [Asked]) -> Vec<Pane<'a>> {
    asked.iter().map(|one| pane(state, one)).collect()
}

fn pane<'a>(state: &'a State, asked: &'a Asked) -> Pane<'a> {
    let store = &state.store;
    let mut pane = Pane {
        id: &asked.id,
        title: (state.setup.text.links.pane)(&asked.key),
        state: asked.status.state,
        source: asked.key.source().kind().as_str(),
        query: query_of(&asked.key),
        evaluated_at: None,
        age_s: None,
        message: &asked.status.message,
        values: Vec::new(),
        series: Vec::new(),
        rows: Vec::new(),
    };
    match &asked.key {
        Key::Instant(query) => {
            if let Some(remote) = store.instants.get(query) {
                (pane.evaluated_at, pane.age_s) = (remote.evaluated_at(), remote.age_s(state.now));
                pane.values = remote.value().map_or(&[][..], |all| all).iter().map(value_of).collect();
            }
        }
        Key::Range(query, step) => {
            if let Some(History { remote, .. }) = store.ranges.get(&(query.clone(), *step)) {
                (pane.evaluated_at, pane.age_s) = (remote.evaluated_at(), remote.age_s(state.now));
                let series = remote.value().map_or(&[][..], |all| all);
                pane.series = series.iter().map(|one| grid(one, i64::from(*step) * 1000)).collect();
            }
        }
        key => {
            if let Some(remote) = store.explored(key) {
                (pane.evaluated_at, pane.age_s) = (remote.evaluated_at(), remote.age_s(state.now));
                if let Some(answer) = remote.value() {
                    fill(&mut pane, key, answer);
                }
            }
        }
    }
    pane
}

fn fill<'a>(pane: &mut Pane<'a>, key: &Key, answer: &'a Answer) {
    match answer {
        Answer::Vector(all) => pane.values = all.iter().map(value_of).collect(),
        Answer::Matrix(all) => {
            let step_s = if let Key::LogRange(_, step) | Key::TraceRange(_, step) = key { *step } else { 0 };
            let of = |one| -> SeriesJson<'a> { grid(one, i64::from(step_s) * 1000) };
            pane.series = all.iter().map(of).collect();
        }
        Answer::Logs(page) => pane.rows = page.entries.iter().map(|one| RowJson::Line(line(one))).collect(),
        Answer::LogStats(stats) => pane.rows = vec![RowJson::Stats(*stats)],
        Answer::Traces(list) => {
            pane.rows = list.hits.iter().map(|hit| RowJson::Trace(Box::new(HitJson::from(hit)))).collect();
        }
        Answer::Trace(doc) => {
            let spans = doc.trace.spans.iter();
            pane.rows = spans.map(|one| RowJson::Span(Box::new(SpanJson::from(one)))).collect();
        }
        _ => {}
    }
}

fn query_of(key: &Key) -> &str {
    match key {
        Key::Instant(query)
        | Key::Range(query, _)
        | Key::Logs { query, .. }
        | Key::LogRange(query, _)
        | Key::LogInstant(query)
        | Key::LogStats(query)
        | Key::Traces { query, .. }
        | Key::TraceRange(query, _) => query,
        _ => "",
    }
}

fn line(entry: &LogEntry) -> LineJson<'_> {
    LineJson { ts: entry.ts.to_string(), labels: &entry.labels, line: &entry.line, metadata: &entry.metadata }
}
