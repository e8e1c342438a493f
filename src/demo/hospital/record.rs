//! Log lines and traces of any moment: epochs of the model run again with somebody who writes.

use std::ops::ControlFlow;
use std::sync::Arc;

use super::happened::{Happened, Known, LineAt, Pens, TraceAt};
use super::place::Place;
use super::shelf::{Shared, Shelf, Weigh};
use crate::demo::ids;
use crate::demo::logs::Scribe;
use crate::demo::recorder::Versions;
use crate::demo::samples::Model;
use crate::demo::samples::timeline::Epoch;
use crate::demo::signals::Signals;
use crate::demo::spans::Tracer;
use crate::model::{LogEntry, Matcher, Trace, TraceId};
use crate::query::Order;

/// Longest that a request may take: every call of the place has an end well before.
const LONGEST_US: i64 = 300_000_000;

/// Bytes of what happened that are kept: about an hour.
pub const KEPT_BYTES: usize = 6 << 20;

/// What happened in an epoch, as far as it has come.
struct Recording<M> {
    happened: Happened,
    /// While it is under way: how the model stands, and which changes of plan it knows.
    going: Option<(M, u64)>,
}

impl<M> Weigh for Recording<M> {
    fn bytes(&self) -> usize {
        self.happened.bytes()
    }
}

/// The recordings of one place.
pub struct Records<M> {
    signals: Arc<Signals>,
    /// How far the clock of a process may be ahead.
    ahead_us: i64,
    shelf: Shelf<Recording<M>>,
}

impl<M> std::fmt::Debug for Records<M> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Records").finish_non_exhaustive()
    }
}

impl<M: Model> Records<M> {
    /// Nothing recorded yet.
    pub fn new(signals: Arc<Signals>) -> Self {
        let ahead_us = signals.skew_us.iter().copied().max().unwrap_or(0).max(0);
        Self { signals, ahead_us, shelf: Shelf::new(KEPT_BYTES) }
    }

    /// Bytes that are kept.
    pub fn bytes(&self) -> usize {
        self.shelf.bytes()
    }

    fn recording(&self, place: &Place<M>, epoch: Epoch) -> Option<Arc<Shared<Recording<M>>>> {
        // A moment of the next epoch is none of this one.
        let last = |until_us: i64| until_us.min(epoch.end_us - 1);
        let make = |until_us: i64| {
            let (plans, seed) = (place.plans(), place.plan().seed);
            let (model, mut happened) = place.replay(epoch, last(until_us), |gauges| {
                let mut versions = Versions::of(&place.world);
                let running: Vec<Arc<str>> =
                    gauges.services.iter().map(|service| Arc::clone(&service.version)).collect();
                versions.set(&running);
                let (world, signals) = (&place.world, &self.signals);
                let scribe = Scribe::new(Arc::clone(world), Arc::clone(signals), seed);
                let tracer = Tracer::new(Arc::clone(world), Arc::clone(signals), seed);
                Happened::new(Arc::new(Pens { scribe, tracer }), versions)
            })?;
            happened.sort();
            let going = (until_us < epoch.end_us).then_some((model, plans));
            if going.is_none() {
                happened.close();
            }
            Some(Recording { happened, going })
        };
        let grow = |recording: &mut Recording<M>, until_us: i64| {
            let Recording { happened, going } = recording;
            let Some((model, plans)) = going else { return false };
            // In another plan something else happens from some moment on.
            if *plans != place.plans() {
                return false;
            }
            model.run_until(last(until_us), happened);
            happened.sort();
            if until_us >= epoch.end_us {
                happened.close();
                *going = None;
            }
            true
        };
        self.shelf.get(epoch, place.now_us(), make, grow)
    }

    /// What is recorded of the time in which something may have ended that began or was written from one moment to
    /// another: what took long, and what was written with a clock that is ahead.
    fn around(&self, place: &Place<M>, from_us: i64, to_us: i64) -> Vec<Arc<Shared<Recording<M>>>> {
        let epochs = place.epochs(from_us - self.ahead_us, to_us + LONGEST_US);
        epochs.into_iter().filter_map(|epoch| self.recording(place, epoch)).collect()
    }

    /// See [`crate::query::LogData::entries`].
    pub fn entries(
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
        let mut epochs = place.epochs(from_ns.div_euclid(1000), (to_ns - 1).div_euclid(1000));
        if order == Order::Backward {
            epochs.reverse();
        }
        for epoch in epochs {
            let (start, end) = (
                from_ns.max(epoch.start_us.saturating_mul(1000)),
                to_ns.min(epoch.end_us.saturating_mul(1000)),
            );
            let recorded = self.around(place, start.div_euclid(1000), end.div_euclid(1000));
            let read: Vec<_> = recorded.iter().map(|one| one.read()).collect();
            let mut found: Vec<(&Happened, &LineAt)> = Vec::new();
            for happened in read.iter().map(|one| &one.happened) {
                let wanted: Vec<bool> = happened
                    .streams()
                    .iter()
                    .map(|labels| matchers.iter().all(|matcher| matcher.matches(labels)))
                    .collect();
                let is_wanted = |line: &&LineAt| wanted.get(line.stream()) == Some(&true);
                found
                    .extend(happened.lines(start, end).iter().filter(is_wanted).map(|line| (happened, line)));
            }
            // Stable: lines of one stream and moment stay in the order they were written.
            found.sort_by_key(|(_, line)| line.at_ns());
            let mut give = |(happened, line): &(&Happened, &LineAt)| match happened.line(line) {
                Some(entry) => each(&entry),
                None => ControlFlow::Continue(()),
            };
            let done = match order {
                Order::Forward => found.iter().try_for_each(&mut give),
                Order::Backward => backward(&found, |(_, line)| line.at_ns()).try_for_each(&mut give),
            };
            if done.is_break() {
                return;
            }
        }
    }

    /// See [`crate::query::TraceData::traces`].
    pub fn all_traces(
        &self,
        place: &Place<M>,
        from_ns: i64,
        to_ns: i64,
        each: &mut dyn FnMut(&Arc<Trace>) -> ControlFlow<()>,
    ) {
        let from_ns = from_ns.max(place.beginning_ms().saturating_mul(1_000_000));
        let epochs = place.epochs(from_ns.div_euclid(1000) - LONGEST_US, to_ns.div_euclid(1000));
        for epoch in epochs.into_iter().rev() {
            let (start, end) = (epoch.start_us.saturating_mul(1000), epoch.end_us.saturating_mul(1000));
            let ended_us = start.max(from_ns).div_euclid(1000);
            let recorded = self.around(place, ended_us, end.min(to_ns).div_euclid(1000));
            let read: Vec<_> = recorded.iter().map(|one| one.read()).collect();
            let mut found: Vec<(TraceId, usize, &Happened, &TraceAt)> = Vec::new();
            for (at, happened) in read.iter().map(|one| &one.happened).enumerate() {
                let overlaps = |trace: &&TraceAt| trace.start_ns <= to_ns && trace.end_ns >= from_ns;
                let traces = happened.traces(start, end).iter().filter(overlaps);
                found.extend(traces.map(|trace| (happened.id(trace), at, happened, trace)));
            }
            found.sort_by(|a, b| b.3.start_ns.cmp(&a.3.start_ns).then(a.0.cmp(&b.0)));
            let mut known: Vec<Known> = read.iter().map(|_| Known::new()).collect();
            for (_, at, happened, trace) in found {
                let made = known.get_mut(at).and_then(|known| happened.trace(trace, known));
                let Some(made) = made.filter(|made| {
                    made.spans.iter().any(|span| span.start <= to_ns && span.end() >= from_ns)
                }) else {
                    continue;
                };
                if each(&Arc::new(made)).is_break() {
                    return;
                }
            }
        }
    }

    /// A trace by its id: the id tells when its request arrived.
    pub fn trace(&self, place: &Place<M>, id: TraceId) -> Option<Arc<Trace>> {
        let (arrival_us, _) = ids::arrival_of(place.plan().seed, id.0)?;
        if arrival_us < place.beginning_ms().saturating_mul(1000) {
            return None;
        }
        place
            .epochs(arrival_us, arrival_us.saturating_add(LONGEST_US))
            .into_iter()
            .find_map(|epoch| self.recording(place, epoch)?.read().happened.find(id).map(Arc::new))
    }
}

/// Newest first; what is of one moment stays in the order it has.
fn backward<'f, T>(found: &'f [T], at: impl Fn(&T) -> i64) -> impl Iterator<Item = &'f T> {
    let mut rest = found;
    let mut moment: std::slice::Iter<'f, T> = [].iter();
    std::iter::from_fn(move || {
        if let Some(entry) = moment.next() {
            return Some(entry);
        }
        let last = at(rest.last()?);
        let from = rest.partition_point(|entry| at(entry) < last);
        let (before, last) = rest.split_at(from);
        rest = before;
        moment = last.iter();
        moment.next()
    })
}
