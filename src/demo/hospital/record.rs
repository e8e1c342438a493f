//! Log lines and traces of any moment: epochs of the model run again with somebody who writes.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use super::place::Place;
use super::shelf::{Shelf, Weigh};
use crate::demo::ids;
use crate::demo::logs::LogRecorder;
use crate::demo::samples::Model;
use crate::demo::samples::timeline::Epoch;
use crate::demo::signals::Signals;
use crate::demo::spans::SpanRecorder;
use crate::model::{Attribute, Attributes, Labels, LogEntry, Matcher, Span, SpanEvent, Trace, TraceId};
use crate::query::Order;

/// Longest that a request may take: every call of the place has an end well before.
const LONGEST_US: i64 = 300_000_000;

/// Bytes of recorded lines, and of recorded traces, that are kept: an hour of both is more than a
/// console's memory may grow by.
pub const LINES_BYTES: usize = 6 << 20;
/// See [`LINES_BYTES`].
pub const TRACES_BYTES: usize = 8 << 20;

/// The lines of an epoch's events, by time.
struct Lines(Vec<LogEntry>);

impl Weigh for Lines {
    fn bytes(&self) -> usize {
        let entry =
            |entry: &LogEntry| size_of::<LogEntry>() + entry.line.len() + entry.metadata.text().len() + 64;
        self.0.iter().map(entry).sum()
    }
}

/// The traces that ended in an epoch, by their start, and by their id.
struct Traces {
    by_start: Vec<Arc<Trace>>,
    by_id: Vec<(TraceId, u32)>,
}

impl Traces {
    fn new(by_start: Vec<Arc<Trace>>) -> Self {
        let mut by_id: Vec<_> =
            by_start.iter().enumerate().map(|(at, trace)| (trace.id, at as u32)).collect();
        by_id.sort_unstable();
        Self { by_start, by_id }
    }

    fn find(&self, id: TraceId) -> Option<Arc<Trace>> {
        let at = self.by_id.binary_search_by_key(&id, |(id, _)| *id).ok()?;
        self.by_start.get(self.by_id.get(at)?.1 as usize).cloned()
    }
}

impl Weigh for Traces {
    fn bytes(&self) -> usize {
        let trace = |trace: &Arc<Trace>| {
            let spans = trace.spans.iter().map(span).sum::<usize>();
            size_of::<Trace>() + 2 * BLOCK + trace.spans.capacity() * size_of::<Span>() + spans
        };
        let ids = self.by_id.capacity() * size_of::<(TraceId, u32)>();
        ids + self.by_start.iter().map(|one| size_of::<Arc<Trace>>() + trace(one)).sum::<usize>()
    }
}

/// What the allocator and a counted pointer add to a piece of memory.
const BLOCK: usize = 32;

/// What a span holds beside itself; names of attributes and resources are shared by all.
fn span(span: &Span) -> usize {
    let events = span.events.iter().map(|event| attributes(&event.attributes)).sum::<usize>();
    attributes(&span.attributes) + span.events.capacity() * size_of::<SpanEvent>() + events
}

fn attributes(all: &Attributes) -> usize {
    fn value(of: &Attribute) -> usize {
        match of {
            Attribute::Text(text) => BLOCK + text.len(),
            Attribute::List(list) => {
                BLOCK + list.capacity() * size_of::<Attribute>() + list.iter().map(value).sum::<usize>()
            }
            Attribute::Int(_) | Attribute::Float(_) | Attribute::Bool(_) => 0,
        }
    }
    let values = all.iter().map(|(_, of)| value(of)).sum::<usize>();
    BLOCK + all.capacity() * size_of::<(Arc<str>, Attribute)>() + values
}

/// When a trace began, nanoseconds since the Unix epoch.
fn start(trace: &Trace) -> i64 {
    trace.spans.iter().map(|span| span.start).min().unwrap_or(0)
}

/// The recordings of one place.
pub struct Records {
    signals: Arc<Signals>,
    /// How far the clock of a process may be ahead.
    ahead_us: i64,
    lines: Shelf<Lines>,
    traces: Shelf<Traces>,
}

impl std::fmt::Debug for Records {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Records").finish_non_exhaustive()
    }
}

impl Records {
    /// Nothing recorded yet.
    pub fn new(signals: Arc<Signals>) -> Self {
        let ahead_us = signals.skew_us.iter().copied().max().unwrap_or(0).max(0);
        Self { signals, ahead_us, lines: Shelf::new(LINES_BYTES), traces: Shelf::new(TRACES_BYTES) }
    }

    /// Bytes of lines and of traces that are kept.
    pub fn bytes(&self) -> (usize, usize) {
        (self.lines.bytes(), self.traces.bytes())
    }

    fn lines<M: Model>(&self, place: &Place<M>, epoch: Epoch) -> Option<Arc<Lines>> {
        self.lines.get(epoch, place.now_us(), |until_us| {
            let seed = place.plan().seed;
            let recorder = place.replay(epoch, until_us, |gauges| {
                let versions: Vec<Arc<str>> =
                    gauges.services.iter().map(|service| Arc::clone(&service.version)).collect();
                LogRecorder::new(Arc::clone(&place.world), Arc::clone(&self.signals), seed)
                    .with_versions(&versions)
            })?;
            let mut lines = recorder.finish();
            lines.shrink_to_fit();
            Some(Lines(lines))
        })
    }

    fn traces<M: Model>(&self, place: &Place<M>, epoch: Epoch) -> Option<Arc<Traces>> {
        self.traces.get(epoch, place.now_us(), |until_us| {
            let seed = place.plan().seed;
            let recorder = place.replay(epoch, until_us, |gauges| {
                let versions: Vec<Arc<str>> =
                    gauges.services.iter().map(|service| Arc::clone(&service.version)).collect();
                SpanRecorder::new(Arc::clone(&place.world), Arc::clone(&self.signals), seed)
                    .with_versions(&versions)
            })?;
            Some(Traces::new(recorder.finish()))
        })
    }

    /// See [`crate::query::LogData::entries`].
    pub fn entries<M: Model>(
        &self,
        place: &Place<M>,
        matchers: &[Matcher],
        from_ns: i64,
        to_ns: i64,
        order: Order,
        each: &mut dyn FnMut(&LogEntry) -> ControlFlow<()>,
    ) {
        let now_us = place.now_us();
        // Not after now, and now itself is included.
        let to_ns = to_ns.min(now_us.saturating_mul(1000).saturating_add(1000));
        let from_ns = from_ns.max(place.beginning_ms().saturating_mul(1_000_000));
        let mut streams: HashMap<Labels, bool> = HashMap::new();
        let mut epochs = place.epochs(from_ns.div_euclid(1000), (to_ns - 1).div_euclid(1000));
        if order == Order::Backward {
            epochs.reverse();
        }
        for epoch in epochs {
            let (start, end) = (
                from_ns.max(epoch.start_us.saturating_mul(1000)),
                to_ns.min(epoch.end_us.saturating_mul(1000)),
            );
            let recorded: Vec<Arc<Lines>> =
                self.around(place, epoch).into_iter().filter_map(|epoch| self.lines(place, epoch)).collect();
            let mut found: Vec<&LogEntry> = Vec::new();
            for lines in &recorded {
                let first = lines.0.partition_point(|entry| entry.ts < start);
                let last = lines.0.partition_point(|entry| entry.ts < end);
                found.extend(lines.0.get(first..last).unwrap_or_default());
            }
            // Stable: lines of one stream and moment stay in the order they were written.
            found.sort_by_key(|entry| entry.ts);
            let mut give = |entry: &&LogEntry| {
                let wanted = match streams.get(&entry.labels) {
                    Some(wanted) => *wanted,
                    None => {
                        let wanted = matchers.iter().all(|matcher| matcher.matches(&entry.labels));
                        streams.insert(entry.labels.clone(), wanted);
                        wanted
                    }
                };
                if wanted { each(entry) } else { ControlFlow::Continue(()) }
            };
            let done = match order {
                Order::Forward => found.iter().try_for_each(&mut give),
                Order::Backward => backward(&found).try_for_each(&mut give),
            };
            if done.is_break() {
                return;
            }
        }
    }

    /// See [`crate::query::TraceData::traces`].
    pub fn all_traces<M: Model>(
        &self,
        place: &Place<M>,
        from_ns: i64,
        to_ns: i64,
        each: &mut dyn FnMut(&Arc<Trace>) -> ControlFlow<()>,
    ) {
        let from_ns = from_ns.max(place.beginning_ms().saturating_mul(1_000_000));
        let epochs = place.epochs(from_ns.div_euclid(1000) - LONGEST_US, to_ns.div_euclid(1000));
        for epoch in epochs.into_iter().rev() {
            let slice = epoch.start_us.saturating_mul(1000)..epoch.end_us.saturating_mul(1000);
            let recorded: Vec<Arc<Traces>> =
                self.around(place, epoch).into_iter().filter_map(|epoch| self.traces(place, epoch)).collect();
            let mut found: Vec<(i64, &Arc<Trace>)> = Vec::new();
            for trace in recorded.iter().flat_map(|traces| &traces.by_start) {
                let overlaps = trace.spans.iter().any(|span| span.start <= to_ns && span.end() >= from_ns);
                let start = start(trace);
                if slice.contains(&start) && overlaps {
                    found.push((start, trace));
                }
            }
            found.sort_by(|(a, left), (b, right)| b.cmp(a).then(left.id.cmp(&right.id)));
            for (_, trace) in found {
                if each(trace).is_break() {
                    return;
                }
            }
        }
    }

    /// The epochs in whose recordings something of this epoch's time may stand: what ended later, and
    /// what was written with a clock that is ahead.
    fn around<M: Model>(&self, place: &Place<M>, epoch: Epoch) -> Vec<Epoch> {
        place.epochs(epoch.start_us - self.ahead_us, epoch.end_us + LONGEST_US)
    }

    /// A trace by its id: the id tells when its request arrived.
    pub fn trace<M: Model>(&self, place: &Place<M>, id: TraceId) -> Option<Arc<Trace>> {
        let (arrival_us, _) = ids::arrival_of(place.plan().seed, id.0)?;
        if arrival_us < place.beginning_ms().saturating_mul(1000) {
            return None;
        }
        place
            .epochs(arrival_us, arrival_us.saturating_add(LONGEST_US))
            .into_iter()
            .find_map(|epoch| self.traces(place, epoch)?.find(id))
    }
}

/// Newest first; entries of one moment stay in the order they were written.
fn backward<'e, 'f>(found: &'f [&'e LogEntry]) -> impl Iterator<Item = &'f &'e LogEntry> {
    let mut rest = found;
    let mut moment: std::slice::Iter<'f, &'e LogEntry> = [].iter();
    std::iter::from_fn(move || {
        if let Some(entry) = moment.next() {
            return Some(entry);
        }
        let ts = rest.last()?.ts;
        let from = rest.partition_point(|entry| entry.ts < ts);
        let (before, last) = rest.split_at(from);
        rest = before;
        moment = last.iter();
        moment.next()
    })
}
