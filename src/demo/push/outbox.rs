//! What has not been sent yet: looked up in the place itself, batch by batch, in order of time.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::ControlFlow;

use super::{Feed, Pace, Signal};
use crate::model::{LogEntry, Span};
use crate::query::Order;

/// How much of the past is looked at at once, in nanoseconds.
const STRETCH: i64 = 60_000_000_000;

/// Some of it.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub items: Items,
    /// What was passed over because the receiver is too far behind.
    pub skipped: u64,
    /// Whether there may be more already.
    pub more: bool,
}

/// What a batch holds.
#[derive(Debug)]
pub(super) enum Items {
    Lines(Vec<LogEntry>),
    Spans(Vec<Span>),
}

impl Default for Items {
    fn default() -> Self {
        Self::Lines(Vec::new())
    }
}

impl Items {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Lines(lines) => lines.len(),
            Self::Spans(spans) => spans.len(),
        }
    }

    /// The latest moment in it, nanoseconds since the Unix epoch.
    pub(super) fn newest(&self) -> i64 {
        match self {
            Self::Lines(lines) => lines.last().map(|line| line.ts),
            Self::Spans(spans) => spans.last().map(Span::end),
        }
        .unwrap_or(i64::MAX)
    }
}

/// Remembers how far a receiver is.
#[derive(Debug)]
pub(super) struct Outbox {
    signal: Signal,
    /// Nothing before this is sent.
    start: i64,
    /// Everything known up to here has been handed out.
    cursor: i64,
    /// What has been handed out, as far back as something may still appear before the cursor.
    seen: BTreeSet<(i64, u64)>,
}

/// Tells one line from another.
fn line_key(line: &LogEntry) -> (i64, u64) {
    let mut hasher = DefaultHasher::new();
    line.labels.hash(&mut hasher);
    line.line.hash(&mut hasher);
    line.metadata.hash(&mut hasher);
    (line.ts, hasher.finish())
}

fn span_key(span: &Span) -> (i64, u64) {
    (span.end(), span.span_id.0 ^ span.trace_id.0 as u64)
}

impl Outbox {
    /// For what happens from `start` on (nanoseconds since the Unix epoch).
    pub(super) fn new(signal: Signal, start: i64) -> Self {
        Self { signal, start, cursor: start, seen: BTreeSet::new() }
    }

    /// The next that nobody has had, up to `now`.
    pub(super) fn next(&mut self, feed: &dyn Feed, now: i64, pace: &Pace) -> Batch {
        let nanos = |delta: chrono::TimeDelta| delta.num_nanoseconds().unwrap_or(i64::MAX);
        let late = nanos(pace.late);
        let mut skipped = 0;
        let oldest = now.saturating_sub(nanos(pace.max_lag));
        if self.cursor < oldest {
            skipped = self.count(feed, self.start.max(self.cursor.saturating_sub(late)), oldest);
            (self.start, self.cursor) = (oldest, oldest);
        }
        let from = self.start.max(self.cursor.saturating_sub(late));
        // A stretch at a time: however far behind, no more is looked at at once.
        let to = now.min(self.cursor.saturating_add(STRETCH));
        let (items, whole) = match self.signal {
            Signal::Logs => {
                let (lines, whole) = self.unseen_lines(feed, from, to.saturating_add(1), pace.batch);
                self.handed_out(lines.iter().map(line_key).collect(), whole, to, late);
                (Items::Lines(lines), whole)
            }
            Signal::Spans => {
                let (spans, whole) = self.unseen_spans(feed, from, to.saturating_add(1), pace.batch);
                self.handed_out(spans.iter().map(span_key).collect(), whole, to, late);
                (Items::Spans(spans), whole)
            }
        };
        Batch { items, skipped, more: !whole || to < now }
    }

    /// How many there are in `[from, to)`.
    fn count(&self, feed: &dyn Feed, from: i64, to: i64) -> u64 {
        let mut count = 0;
        match self.signal {
            Signal::Logs => feed.entries(&[], from, to, Order::Forward, &mut |line| {
                count += u64::from(!self.seen.contains(&line_key(line)));
                ControlFlow::Continue(())
            }),
            Signal::Spans => feed.traces(from, to, &mut |trace| {
                let unseen = trace.spans.iter().filter(|span| self.is_new(span, from, to));
                count += unseen.count() as u64;
                ControlFlow::Continue(())
            }),
        }
        count
    }

    fn is_new(&self, span: &Span, from: i64, to: i64) -> bool {
        (from..to).contains(&span.end()) && !self.seen.contains(&span_key(span))
    }

    fn handed_out(&mut self, keys: Vec<(i64, u64)>, whole: bool, to: i64, late: i64) {
        let newest = keys.last().map(|(at, _)| *at);
        self.seen.extend(keys);
        // Late ones may lie before the cursor, which never goes back.
        let reached = if whole { to } else { newest.unwrap_or(to) };
        self.cursor = self.cursor.max(reached);
        self.seen = self.seen.split_off(&(self.cursor.saturating_sub(late), 0));
    }

    /// Lines in `[from, to)`, oldest first, at most `most`; whether that is all of them.
    fn unseen_lines(&self, feed: &dyn Feed, from: i64, to: i64, most: usize) -> (Vec<LogEntry>, bool) {
        let mut lines = Vec::new();
        let mut whole = true;
        feed.entries(&[], from, to, Order::Forward, &mut |line| {
            if self.seen.contains(&line_key(line)) {
                return ControlFlow::Continue(());
            }
            if lines.len() >= most {
                whole = false;
                return ControlFlow::Break(());
            }
            lines.push(line.clone());
            ControlFlow::Continue(())
        });
        (lines, whole)
    }

    /// Spans that ended in `[from, to)`, by their end, at most `most`; whether that is all of them.
    fn unseen_spans(&self, feed: &dyn Feed, from: i64, to: i64, most: usize) -> (Vec<Span>, bool) {
        let mut spans: Vec<Span> = Vec::new();
        feed.traces(from, to, &mut |trace| {
            spans.extend(trace.spans.iter().filter(|span| self.is_new(span, from, to)).cloned());
            ControlFlow::Continue(())
        });
        spans.sort_by_key(span_key);
        let whole = spans.len() <= most;
        spans.truncate(most);
        (spans, whole)
    }
}
