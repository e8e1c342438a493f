//! A trace as a waterfall: its spans as a tree in drawing order, and what the time of each was spent on.
//!
//! Owns depth, own time, the critical path, gaps, clock skew and the time of each service. Computed once when a trace
//! arrives, in time linear in its spans but for sorting (50,000 spans take some tens of milliseconds); whatever a
//! server sends (parents that never arrived, cycles, ids used twice, times that cannot be) makes a whole waterfall.

mod clocks;
mod critical;
mod own;
mod services;
mod tree;

#[cfg(test)]
mod tests;

use std::ops::Range;
use std::sync::Arc;

use crate::model::{Span, SpanStatus, Trace};

/// A trace in drawing order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Waterfall {
    /// First start, unix nanoseconds. Spans without a start (0 or less) count for neither end.
    pub start: i64,
    /// Last end, unix nanoseconds.
    pub end: i64,
    /// The spans: a parent before what is below it, children by start.
    pub rows: Vec<Row>,
    /// Services in the order they appear.
    pub services: Vec<ServiceTime>,
    /// What the duration of the main root is made of, by row and time.
    pub path: Vec<Stretch>,
    /// Row of the main root: the longest one that names no parent; without such, the longest whose parent is missing.
    pub root: Option<usize>,
    /// The most spans that are above one.
    pub deepest: u32,
    /// Spans with an error.
    pub errors: usize,
    /// Spans whose parent has not been received.
    pub orphans: usize,
    /// Spans that are their own ancestors, broken up at one of them.
    pub looped: usize,
    /// Spans whose id another one has too, a call's two sides under one id apart.
    pub doubled: usize,
    /// Spans whose clock contradicts their parent's.
    pub skewed: usize,
}

/// One span in its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Index within the trace's spans.
    pub span: usize,
    /// Row of its parent.
    pub parent: Option<usize>,
    /// How many spans are above it.
    pub depth: u32,
    /// How many rows after this one are below it.
    pub below: usize,
    /// Index within the waterfall's services.
    pub service: usize,
    /// Why it stands where it stands.
    pub origin: Origin,
    /// Nanoseconds in which none of its children was at work: its duration without the union of its children's, as far
    /// as they lie within it.
    pub own: i64,
    /// Nanoseconds of the critical path in this span itself.
    pub critical: i64,
    /// Whether the critical path leads through it.
    pub on_path: bool,
    /// Whether it ended with an error.
    pub error: bool,
    /// Spans below it that did.
    pub errors_below: usize,
    /// The longest stretch in which none of its children was at work, where it has children and the stretch is at
    /// least a tenth of the trace.
    pub gap: Option<(i64, i64)>,
    /// Nanoseconds that its clock seems to be behind its parent's (negative: ahead), where the two contradict each other.
    pub skew: Option<i64>,
    /// Nanoseconds by which it would have to be moved for its clock to agree: its own skew, or that of the
    /// call it was made in. Nothing is moved by it; a drawing may offer it, marked.
    pub shift: i64,
    /// Whether it goes on after its parent has ended, so that nobody waited for it.
    pub detached: bool,
}

/// Why a row stands where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It names no parent.
    Root,
    /// Below its parent.
    Child,
    /// Its parent has not been received.
    Orphan,
    /// It would be its own ancestor.
    Loop,
}

/// A piece of time in one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// Row.
    pub row: usize,
    /// Start, unix nanoseconds.
    pub from: i64,
    /// End, unix nanoseconds.
    pub to: i64,
}

/// What one service did in a trace.
#[derive(Clone, Debug, PartialEq)]
pub struct ServiceTime {
    /// `service.name`.
    pub name: Arc<str>,
    /// Its spans.
    pub spans: usize,
    /// Of them with an error.
    pub errors: usize,
    /// Nanoseconds of own time in all of them. Spans at work at the same time count each, so that the sum can be more
    /// than the trace's duration.
    pub own: i64,
    /// Nanoseconds of the critical path in them.
    pub critical: i64,
    /// Its first row.
    pub first: usize,
}

impl Waterfall {
    /// The waterfall of a trace.
    pub fn of(trace: &Trace) -> Self {
        let spans = &trace.spans;
        let mut fall = Self::default();
        tree::grow(&mut fall, spans);
        let timed = || spans.iter().filter(|span| span.start > 0);
        fall.start = timed().map(|span| span.start).min().unwrap_or(0);
        fall.end = timed().map(end).max().unwrap_or(0).max(fall.start);
        services::name(&mut fall, spans);
        clocks::compare(&mut fall, spans);
        own::measure(&mut fall, spans);
        fall.root = main_root(&fall, spans);
        critical::walk(&mut fall, spans);
        services::sum(&mut fall);
        fall
    }

    /// Nanoseconds from its first start to its last end.
    pub fn duration(&self) -> i64 {
        self.end.saturating_sub(self.start)
    }

    /// The rows directly below one, by start.
    pub fn children(&self, row: usize) -> impl Iterator<Item = usize> + '_ {
        let all = self.with_below(row);
        let mut next = all.start + usize::from(!all.is_empty());
        std::iter::from_fn(move || {
            let child = Some(next).filter(|next| *next < all.end)?;
            next = self.with_below(child).end;
            Some(child)
        })
    }

    /// A row and everything below it; empty where there is no such row.
    pub fn with_below(&self, row: usize) -> Range<usize> {
        match self.rows.get(row) {
            Some(found) => row..(row + 1 + found.below).min(self.rows.len()),
            None => 0..0,
        }
    }

    /// The pieces of the critical path within a row, by time.
    pub fn path_in(&self, row: usize) -> &[Stretch] {
        let from = self.path.partition_point(|stretch| stretch.row < row);
        let to = self.path.partition_point(|stretch| stretch.row <= row);
        &self.path[from..to]
    }

    /// The pieces of a row's time in which none of its children was at work, by time: its own time.
    pub fn own_in(&self, trace: &Trace, row: usize) -> Vec<(i64, i64)> {
        let mut pieces = Vec::new();
        own::uncovered(self, &trace.spans, row, |from, to| pieces.push((from, to)));
        pieces
    }

    /// The rows that are seen when what is below some of them is hidden, and only those of the critical path are
    /// where that is asked for.
    pub fn visible(&self, folded: &dyn Fn(usize) -> bool, only_path: bool) -> Vec<u32> {
        let mut seen = Vec::with_capacity(self.rows.len());
        let mut at = 0;
        while let Some(row) = self.rows.get(at) {
            let next = at + 1 + if folded(at) { row.below } else { 0 };
            if !only_path || row.on_path {
                // A trace of four billion spans does not fit into an answer.
                seen.push(at as u32);
            }
            at = next;
        }
        seen
    }
}

/// End of a span; never before its start, whatever was sent.
fn end(span: &Span) -> i64 {
    span.start.saturating_add(span.duration.max(0))
}

fn is_error(span: &Span) -> bool {
    span.status == SpanStatus::Error
}

fn main_root(fall: &Waterfall, spans: &[Span]) -> Option<usize> {
    let longest = |origin: Origin| {
        let rows =
            fall.rows.iter().enumerate().filter(|(_, row)| row.parent.is_none() && row.origin == origin);
        // Of equals the first one.
        rows.max_by_key(|(at, row)| (spans[row.span].duration, std::cmp::Reverse(*at))).map(|(at, _)| at)
    };
    longest(Origin::Root).or_else(|| longest(Origin::Orphan)).or_else(|| longest(Origin::Loop))
}
