//! State of one trace, or two side by side.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Focus, State, View};
use crate::explore::compare::Comparison;
use crate::explore::hits;
use crate::explore::waterfall::Waterfall;
use crate::explore::{facts, findings};
use crate::model::ask::Key;
use crate::model::{Labels, Time, TraceDoc, TraceId};
use crate::view::vm::{CompareSplit, Split};

/// Where the person is in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TracePlace {
    /// Cursor: an index into `shown`.
    pub cursor: usize,
    /// First line in sight.
    pub offset: usize,
    /// The waterfall, once the trace has come.
    pub fall: Option<Arc<Waterfall>>,
    /// Rows that are not hidden, in order.
    pub shown: Arc<[u32]>,
    /// Rows whose spans below are hidden.
    pub folded: BTreeSet<u32>,
    /// Whether only the critical path is shown.
    pub only_path: bool,
    /// The services in place of the spans: the cursor among them.
    pub services: Option<usize>,
    /// The detail has the focus: the cursor among its lines.
    pub detail: Option<usize>,
    /// What is searched for.
    pub sought: String,
    /// Rows that have it, in order.
    pub found: Arc<[u32]>,
    /// A usual trace with this root (service, operation) is being looked for, to compare this one with.
    pub usual: Option<(Arc<str>, Arc<str>)>,
    /// Of a comparison: the two laid over each other, once both have come. Rows are then its nodes.
    pub comparison: Option<Arc<Comparison>>,
    /// Of a comparison: how the other one was chosen, where the console chose it.
    pub chosen: Option<Chosen>,
}

/// How a trace to compare with was chosen: by its duration, the median.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// Among how many.
    pub among: usize,
    /// Whether these are the ones without errors.
    pub fine: bool,
}

/// Traces among which a usual one is looked for.
const AMONG: u32 = 100;

impl TracePlace {
    /// The row under the cursor.
    pub fn row(&self) -> Option<usize> {
        self.shown.get(self.cursor).map(|row| *row as usize)
    }

    /// Works out anew what is not hidden; the cursor stays on its row, or goes to the nearest one above that is left.
    pub fn lay_out(&mut self) {
        let row = self.row();
        let folded = |row: usize| self.folded.contains(&(row as u32));
        self.shown = match (&self.comparison, &self.fall) {
            (Some(comparison), _) => comparison.visible(&folded).into(),
            (_, Some(fall)) => fall.visible(&folded, self.only_path).into(),
            _ => return,
        };
        if let Some(row) = row {
            self.go_to(row);
        }
    }

    /// The row of a row's parent.
    pub fn parent(&self, row: usize) -> Option<usize> {
        match (&self.comparison, &self.fall) {
            (Some(comparison), _) => comparison.nodes.get(row)?.parent,
            (_, Some(fall)) => fall.rows.get(row)?.parent,
            _ => None,
        }
    }

    /// How many rows are below a row.
    pub fn below(&self, row: usize) -> usize {
        match (&self.comparison, &self.fall) {
            (Some(comparison), _) => comparison.nodes.get(row).map_or(0, |node| node.below),
            (_, Some(fall)) => fall.rows.get(row).map_or(0, |row| row.below),
            _ => 0,
        }
    }

    /// Puts the cursor on a row, or on the nearest one above it that is not hidden.
    pub fn go_to(&mut self, row: usize) {
        self.cursor = self.shown.partition_point(|shown| *shown as usize <= row).saturating_sub(1);
    }

    /// Puts the cursor on a row, unfolding what hides it.
    pub fn reveal(&mut self, row: usize) {
        if let Some(found) = self.fall.as_ref().and_then(|fall| fall.rows.get(row)) {
            self.only_path &= found.on_path;
        }
        let mut above = self.parent(row);
        while let Some(at) = above {
            self.folded.remove(&(at as u32));
            above = self.parent(at);
        }
        self.lay_out();
        self.go_to(row);
    }

    /// Keeps the cursor inside and in sight of `height` rows.
    pub fn keep_in_sight(&mut self, height: usize) {
        let height = height.max(1);
        self.cursor = self.cursor.min(self.shown.len().saturating_sub(1));
        self.offset = self.offset.clamp((self.cursor + 1).saturating_sub(height), self.cursor);
        self.offset = self.offset.min(self.shown.len().saturating_sub(height));
    }
}

/// What it needs to know, with seconds between answers (0 asks once).
pub fn wants(state: &State) -> Vec<(Key, u32)> {
    match state.view() {
        View::Trace(id) => {
            let usual = state.places.trace.get(state.view()).and_then(|place| place.usual.as_ref());
            let usual = usual.map(|(service, name)| (usual_key(service, name), 0));
            std::iter::once((Key::Trace(*id), 0)).chain(usual).collect()
        }
        View::Compare(one, other) => vec![(Key::Trace(*one), 0), (Key::Trace(*other), 0)],
        _ => Vec::new(),
    }
}

/// The search for traces with a root.
pub fn usual_key(service: &str, name: &str) -> Key {
    Key::Traces { query: hits::same_root(service, name).into(), limit: AMONG, spans: 1 }
}

/// How the screen is divided when two are compared.
pub fn compare_split(state: &State) -> CompareSplit {
    let card = if state.tour().is_some() { super::tour::CARD_LINES } else { 0 };
    CompareSplit::of(state.size.1.saturating_sub(2 + card))
}

/// The trace with its waterfall and place, once it has come.
pub fn known(state: &State, id: TraceId) -> Option<(&TraceDoc, &Arc<Waterfall>, &TracePlace)> {
    let place = state.places.trace.get(&View::Trace(id))?;
    Some((state.shown().trace(id)?, place.fall.as_ref()?, place))
}

/// How the screen is divided between waterfall and detail.
pub fn split(state: &State, id: TraceId) -> Split {
    let found = known(state, id);
    let findings = found.map_or(0, |(doc, fall, _)| findings::of(doc, fall, state.setup.text.traces).len());
    let card = if state.tour().is_some() { super::tour::CARD_LINES } else { 0 };
    // Header and footer, the head of the trace.
    let taken = 3 + card + findings as u16;
    let focused = found.is_some_and(|(_, _, place)| place.detail.is_some());
    Split::of(state.size.0, state.size.1.saturating_sub(taken), focused)
}

/// What is in focus here: the span under the cursor, or the whole trace while none is known.
pub fn focused(state: &State) -> Option<Focus> {
    let id = match state.view() {
        View::Trace(id) | View::Compare(id, _) => *id,
        _ => return None,
    };
    let whole = Focus { trace: Some(id), ..Focus::default() };
    let Some((doc, fall, place)) = known(state, id) else { return Some(whole) };
    // Of a comparison the first span of what is under the cursor, where the trace in question has one.
    let compared = state.places.trace.get(state.view()).and_then(|place| {
        let node = place.comparison.as_ref()?.nodes.get(place.row()?)?;
        Some(node.one.as_ref()?.row)
    });
    let row = if matches!(state.view(), View::Compare(..)) { compared } else { place.row() };
    let Some(row) = row.and_then(|row| fall.rows.get(row)) else { return Some(whole) };
    let Some(span) = doc.trace.spans.get(row.span) else { return Some(whole) };
    let labels = facts::scalars(&span.resource).chain(facts::scalars(&span.attributes));
    let labels = std::iter::once(("service.name", span.service.to_string())).chain(labels);
    let mut all: Vec<(&str, String)> = labels.collect();
    all.push(("name", span.name.to_string()));
    Some(Focus {
        labels: Labels::new(all),
        service: Some(span.service.to_string()).filter(|service| !service.is_empty()),
        span: moment(span.start).zip(moment(span.end())),
        ..whole
    })
}

/// A moment of unix nanoseconds, where there is such a one.
pub fn moment(nanoseconds: i64) -> Option<Time> {
    (nanoseconds > 0).then(|| chrono::DateTime::from_timestamp_nanos(nanoseconds))
}
