//! State of the list of traces that a search found.

use std::sync::Arc;

use super::{Focus, State, View};
use crate::explore::hits;
use crate::model::ask::{Answer, Key};
use crate::model::{Labels, TraceHit, TraceId, TraceList};
use crate::store::Remote;
use crate::view::vm::ListSplit;
pub use crate::view::vm::TraceColumn;

/// Traces that are asked for at first.
const FIRST: u32 = 200;
/// How often that can be doubled.
const GROWS: u32 = 5;
/// Matched spans of each that are asked for.
const SPANS: u32 = 3;
/// Seconds between two searches of a live window, at least: one costs a server more than a look.
const PACE_S: u32 = 15;
/// What finds every trace.
const EVERYTHING: &str = "{}";

/// Where the person is in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TracesPlace {
    /// The trace under the cursor: it stays there when others come.
    pub chosen: Option<TraceId>,
    /// Cursor: an index into what is shown.
    pub cursor: usize,
    /// First line in sight.
    pub offset: usize,
    /// Column it is sorted by.
    pub sort: TraceColumn,
    /// Whether the order is reversed.
    pub reversed: bool,
    /// How often more were asked for.
    pub grown: u32,
    /// The trace that others are compared with.
    pub marked: Option<TraceId>,
}

impl TracesPlace {
    fn limit(grown: u32) -> u32 {
        FIRST << grown.min(GROWS)
    }

    /// Whether more can be asked for.
    pub fn can_grow(&self) -> bool {
        self.grown < GROWS
    }
}

/// The query that a view of this text runs: the pack's first where it is empty, every trace where the pack has none.
pub fn query_of(state: &State, query: &str) -> Arc<str> {
    if !query.trim().is_empty() {
        return query.into();
    }
    let first = state.setup.pack.explore.traces.first();
    first.map_or(EVERYTHING, |ready| ready.query.as_str()).into()
}

/// What a view of this text asks.
pub fn key_of(state: &State, query: &str) -> Key {
    let grown = state.places.traces.get(query).map_or(0, |place| place.grown);
    let query = query_of(state, query);
    if hits::is_metrics(&query) {
        return Key::TraceRange(query, state.step_s());
    }
    Key::Traces { query, limit: TracesPlace::limit(grown), spans: SPANS }
}

/// What it needs to know, with seconds between answers (0 asks once).
pub fn wants(state: &State) -> Vec<(Key, u32)> {
    let View::Traces(query) = state.view() else { return Vec::new() };
    vec![(key_of(state, query), pace(state))]
}

/// Seconds between two searches.
pub fn pace(state: &State) -> u32 {
    if state.window.is_live() { state.interval_s().max(PACE_S) } else { 0 }
}

/// The answer that a view of this text shows: the one to its question, or while that is still asked with a larger
/// limit, the last one with a smaller.
pub fn shown<'s>(state: &'s State, query: &str) -> (Key, Option<&'s Remote<Arc<Answer>>>) {
    let key = key_of(state, query);
    let store = state.shown();
    let newest = store.explored(&key);
    if let Key::Traces { query: text, spans, .. } = &key
        && newest.is_none_or(|remote| remote.value().is_none() && remote.last_fault().is_none())
    {
        let grown = state.places.traces.get(query).map_or(0, |place| place.grown);
        let smaller = (0..grown).rev().find_map(|grown| {
            let key = Key::Traces { query: text.clone(), limit: TracesPlace::limit(grown), spans: *spans };
            let remote = store.explored(&key).filter(|remote| remote.value().is_some())?;
            Some((key, remote))
        });
        if let Some((key, remote)) = smaller {
            return (key, Some(remote));
        }
    }
    (key, newest)
}

/// The traces that a view of this text shows, as they were found.
pub fn list<'s>(state: &'s State, query: &str) -> Option<&'s TraceList> {
    match &**shown(state, query).1?.value()? {
        Answer::Traces(list) => Some(list),
        _ => None,
    }
}

/// Indices of the traces in the order they are shown in.
pub fn order(list: &TraceList, place: &TracesPlace) -> Vec<usize> {
    let mut order: Vec<usize> = (0..list.hits.len()).collect();
    let key = |at: usize| -> i128 {
        let hit = &list.hits[at];
        match place.sort {
            TraceColumn::Start => i128::from(hit.start),
            TraceColumn::Duration => i128::from(hit.duration),
            TraceColumn::Spans => hits::spans(hit).map_or(-1, i128::from),
            TraceColumn::Errors => i128::from(hits::errors(hit)),
        }
    };
    // The newest, longest, largest, worst first; of equals the newest.
    order.sort_by_cached_key(|at| (-key(*at), -i128::from(list.hits[*at].start), list.hits[*at].id));
    if place.reversed {
        order.reverse();
    }
    order
}

/// Index into the order of the cursor: the chosen trace, or what stands in its place. The line after the last trace, where
/// there are more, is the one that loads them.
pub fn cursor(list: &TraceList, place: &TracesPlace, order: &[usize]) -> usize {
    let chosen = place.chosen.and_then(|id| order.iter().position(|at| list.hits[*at].id == id));
    chosen.unwrap_or(place.cursor).min(lines(list, order).saturating_sub(1))
}

/// Lines of a list: its traces, and one that loads more.
pub fn lines(list: &TraceList, order: &[usize]) -> usize {
    order.len() + usize::from(list.more)
}

/// The trace under the cursor of the view in sight.
pub fn under_cursor(state: &State) -> Option<&TraceHit> {
    let View::Traces(query) = state.view() else { return None };
    let list = list(state, query)?;
    let place = state.places.traces.get(query).cloned().unwrap_or_default();
    let order = order(list, &place);
    list.hits.get(*order.get(cursor(list, &place, &order))?)
}

/// How the screen is divided.
pub fn split(state: &State) -> ListSplit {
    let card = if state.tour().is_some() { super::tour::CARD_LINES } else { 0 };
    ListSplit::of(state.size.1.saturating_sub(2 + card))
}

/// What is in focus here: the trace under the cursor.
pub fn focused(state: &State) -> Option<Focus> {
    let hit = under_cursor(state)?;
    let end = hit.start.saturating_add(hit.duration.max(0));
    Some(Focus {
        labels: Labels::new([("service.name", &*hit.root_service), ("name", &*hit.root_name)]),
        service: Some(hit.root_service.to_string()).filter(|service| !service.is_empty()),
        trace: Some(hit.id),
        span: super::trace::moment(hit.start).zip(super::trace::moment(end)),
        ..Focus::default()
    })
}
