//! What all processes have counted so far: listens to the model's events and is read at every scrape.
//!
//! Every value is a whole number of its family's decimals, so that what is stored is exactly what was
//! said.

use std::collections::{BTreeMap, VecDeque};

use super::book::{ADDED, Book, Kind, NOWHERE, Source};
use super::field::{self, DIMS, Dim, Facts, NONE};
use super::layout::VERSIONS;
use super::source::{Gauge, On, Said, Value};
use crate::demo::event::{Cause, Finished, Gauges, Notice, NoticeKind, Outcome, Sink, StepDone};
use crate::demo::rng::{Rng, mix};
use crate::demo::world::World;

/// The series is not there.
pub const ABSENT: i64 = i64::MIN;

const POWERS: [f64; 10] = [1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];

/// A value as a whole number of that many decimals; not a number is no sample.
pub fn whole(value: f64, decimals: u8) -> i64 {
    let scaled = libm::rint(value * POWERS[usize::from(decimals) % POWERS.len()]);
    // Beyond 2^62 nothing real is measured.
    if scaled.is_finite() { scaled.clamp(-4.6e18, 4.6e18) as i64 } else { ABSENT }
}

/// The value that a whole number stands for.
pub fn value(whole: i64, decimals: u8) -> f64 {
    whole as f64 / POWERS[usize::from(decimals) % POWERS.len()]
}

/// A trace behind an observation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Exemplar {
    /// Number of the bucket's series.
    pub series: u32,
    /// Milliseconds since the Unix epoch.
    pub at_ms: i64,
    /// What was observed.
    pub value: f64,
    /// Its trace.
    pub trace_id: u128,
}

/// How many exemplars of one bucket are kept in one epoch.
const EXEMPLARS: usize = 2;

/// The counters of all processes.
#[derive(Clone, Debug)]
pub struct State {
    /// By target, in the order of its series; [`ABSENT`] where a series is not there.
    pub rows: Vec<Vec<i64>>,
    /// What counts later: when, target, place; in the order of `due_us` for each delay.
    pending: VecDeque<(i64, u16, u32)>,
    /// When each target was last read.
    last_us: Vec<i64>,
    /// What is summed up over time, by target and place: how much it was when it was last read.
    held: Vec<BTreeMap<u32, f64>>,
    /// Exemplars since they were last taken.
    pub exemplars: Vec<Exemplar>,
    /// Whether exemplars are kept: not while nobody will ask for the samples of that time.
    pub traced: bool,
}

impl State {
    /// As a day begins.
    pub fn new(book: &Book, start_us: i64) -> Self {
        Self {
            rows: book.targets.iter().map(|target| target.start.to_vec()).collect(),
            pending: VecDeque::new(),
            last_us: vec![start_us; book.targets.len()],
            held: vec![BTreeMap::new(); book.targets.len()],
            exemplars: Vec::new(),
            traced: true,
        }
    }
}

/// A state that listens.
#[derive(Debug)]
pub struct Counting<'a> {
    /// Where everything is.
    pub book: &'a Book,
    /// Whose events these are.
    pub world: &'a World,
    /// Seed of what is drawn.
    pub seed: u64,
    /// What was counted.
    pub state: &'a mut State,
}

/// What an event says to the sources that listen to it.
struct Event<'e> {
    facts: &'e Facts,
    at_us: i64,
    number: u64,
    user: u32,
    trace_id: u128,
}

impl Sink for Counting<'_> {
    fn finished(&mut self, request: &Finished) {
        let mut facts: Facts = [NONE; DIMS];
        facts[Dim::Class as usize] = request.class;
        facts[Dim::Department as usize] = u16::from(request.department);
        facts[Dim::Role as usize] = u16::from(request.role);
        facts[Dim::Method as usize] = u16::from(request.method);
        facts[Dim::Origin as usize] = u16::from(request.foreign);
        facts[Dim::Logging as usize] = u16::from(request.leaky);
        let Some(listeners) = self.book.listeners.get(usize::from(request.class)) else { return };
        let mut took_part = 0_u64;
        for (at, step) in request.steps.iter().enumerate() {
            let caller = step.parent.and_then(|parent| request.steps.get(usize::from(parent)));
            // Of what never reached it a process knows nothing, and so counts nothing.
            if !reached(step) {
                continue;
            }
            took_part |= 1_u64.checked_shl(u32::from(step.service)).unwrap_or(0);
            let is_call = caller.is_none_or(|caller| caller.service != step.service);
            facts[Dim::Status as usize] =
                field::status(if at == 0 { request.status } else { field::status_of(step.outcome) });
            facts[Dim::Cause as usize] = field::cause(step.outcome);
            facts[Dim::Model as usize] = step.model.map_or(NONE, u16::from);
            facts[Dim::Step as usize] =
                self.book.domains.step(usize::from(request.class), usize::from(step.step));
            facts[Dim::Service as usize] = u16::from(step.service);
            let event = Event { at_us: step.end_us, ..Event::of(request, &facts) };
            for hit in listeners.of_step(step.step, step.service) {
                let Some((source, service, places)) = self.book.hit(*hit) else { continue };
                if source.on == On::Step || is_call {
                    self.observe(source, service, places, &event, || observed(source, request, Some(step)));
                }
            }
        }
        let Some(first) = request.steps.first() else { return };
        facts[Dim::Status as usize] = field::status(request.status);
        facts[Dim::Cause as usize] = field::cause(request.outcome);
        for dim in [Dim::Model, Dim::Step, Dim::Service] {
            facts[dim as usize] = NONE;
        }
        let event = Event { at_us: first.end_us, ..Event::of(request, &facts) };
        for hit in &listeners.requests {
            let Some((source, service, places)) = self.book.hit(*hit) else { continue };
            let there = took_part & 1_u64.checked_shl(u32::from(service)).unwrap_or(0) != 0;
            if there || self.watches(service) {
                self.observe(source, service, places, &event, || observed(source, request, None));
            }
        }
    }

    fn notice(&mut self, notice: &Notice) {
        if matches!(notice.what, NoticeKind::Started { .. }) {
            self.restart(notice.service, notice.at_us);
        }
        let said = Said::of(&notice.what);
        let mut facts: Facts = [NONE; DIMS];
        facts[Dim::Service as usize] = u16::from(notice.service);
        let (us, count) = match &notice.what {
            NoticeKind::PoolWait { waited_us, .. } => (*waited_us, 1.0),
            NoticeKind::Pause { us, .. } => (*us, 1.0),
            NoticeKind::Retransmits { peer, count } => {
                facts[Dim::Peer as usize] = u16::from(*peer);
                (0, f64::from(*count))
            }
            NoticeKind::Report { requests, longest_us } => (*longest_us, f64::from(*requests)),
            _ => (0, 1.0),
        };
        let event =
            Event { facts: &facts, at_us: notice.at_us, number: notice.at_us as u64, user: 0, trace_id: 0 };
        let book = self.book;
        for source in book.notices.iter().filter_map(|at| book.sources.get(*at)) {
            if source.on == On::Notice(said) {
                let observed = match source.value {
                    Value::Seconds | Value::Waited => us as f64 / 1e6,
                    Value::Count => count,
                    _ => 1.0,
                };
                for (service, places) in &source.rows {
                    if *service == notice.service || self.watches(*service) {
                        self.observe(source, *service, places, &event, || observed);
                    }
                }
            }
        }
    }
}

impl<'e> Event<'e> {
    fn of(request: &Finished, facts: &'e Facts) -> Self {
        let (number, user, trace_id) = (request.number, request.user, request.trace_id);
        Self { facts, at_us: 0, number, user, trace_id }
    }
}

/// Whether a step got to the process that was to do it.
fn reached(step: &StepDone) -> bool {
    let refused = matches!(step.outcome, Outcome::Failed(Cause::Refused | Cause::Network));
    step.outcome == Outcome::Ok || !(refused || step.way_us > 0 && step.way_us >= step.end_us - step.start_us)
}

/// Seconds that the process that did it saw: what was on the way to it is its caller's.
fn seconds(step: &StepDone) -> f64 {
    (step.end_us - step.start_us - step.way_us).max(0) as f64 / 1e6
}

fn observed(source: &Source, request: &Finished, step: Option<&StepDone>) -> f64 {
    let whole = step.or(request.steps.first());
    match source.value {
        Value::One | Value::Count => 1.0,
        Value::Seconds => whole.map_or(0.0, seconds),
        Value::Waited => whole.map_or(0.0, |step| step.waited_us as f64 / 1e6),
        Value::Confidence => whole.map_or(f64::NAN, |step| step.confidence),
        Value::RequestBytes => f64::from(request.bytes.0),
        Value::ResponseBytes => f64::from(request.bytes.1),
        Value::Drawn(median, sigma) => Rng::of(&[source.draw, request.number]).log_normal(median, sigma),
    }
}

impl Counting<'_> {
    fn watches(&self, service: u8) -> bool {
        self.book.observers.get(usize::from(service)) == Some(&true)
    }

    fn restart(&mut self, service: u8, at_us: i64) {
        let target = usize::from(service);
        if let (Some(row), Some(of)) = (self.state.rows.get_mut(target), self.book.targets.get(target)) {
            row.clear();
            row.extend_from_slice(&of.start);
        }
        if let Some(last) = self.state.last_us.get_mut(target) {
            *last = at_us;
        }
        if let Some(held) = self.state.held.get_mut(target) {
            held.clear();
        }
        self.state.pending.retain(|(_, of, _)| usize::from(*of) != target);
    }

    /// At one process: `places` are the source's there. What was observed may be costly to draw, and
    /// most of it passes no filter: it is asked for last.
    fn observe(
        &mut self,
        source: &Source,
        service: u8,
        places: &[u32],
        event: &Event<'_>,
        observed: impl Fn() -> f64,
    ) {
        let wanted = |(dim, wanted): &(Dim, Vec<bool>)| {
            wanted.get(usize::from(event.facts[*dim as usize])) == Some(&true)
        };
        if !source.filters.iter().all(wanted) {
            return;
        }
        if source.chance < 1.0 {
            let mut rng = Rng::of(&[self.seed, source.draw, event.number]);
            if !rng.chance(source.chance) {
                return;
            }
        }
        let mut slot = 0_u32;
        for (dim, stride) in &source.dims {
            let at = event.facts[*dim as usize];
            if at == NONE {
                return;
            }
            slot += u32::from(at) * stride;
        }
        for (at, (pick, stride)) in source.picks.iter().enumerate() {
            let of = if pick.by_user { u64::from(event.user) } else { mix(event.number) };
            slot += (mix(of ^ source.draw ^ at as u64) % u64::from(pick.of.max(1))) as u32 * stride;
        }
        let place = places.get(slot as usize).copied().unwrap_or(NOWHERE);
        if place == NOWHERE {
            return;
        }
        let observed = observed();
        if observed.is_nan() {
            return;
        }
        if source.delay_us > 0 {
            let due = event.at_us + source.delay_us;
            self.state.pending.push_back((due, u16::from(service), place));
            return;
        }
        self.add(source, u16::from(service), place, observed, event);
    }

    fn add(&mut self, source: &Source, target: u16, place: u32, observed: f64, event: &Event<'_>) {
        let Some(family) = self.book.families.get(usize::from(source.family)) else { return };
        let Some(row) = self.state.rows.get_mut(usize::from(target)) else { return };
        if family.kind != Kind::Histogram {
            if let Some(cell) = row.get_mut(place as usize) {
                *cell = if *cell == ABSENT { 0 } else { *cell } + whole(observed, family.decimals);
            }
            return;
        }
        let buckets = family.buckets.len();
        let Some(cells) = row.get_mut(place as usize..place as usize + buckets + 3) else { return };
        if cells.first() == Some(&ABSENT) {
            cells.fill(0);
        }
        let from = family.buckets.iter().position(|bound| observed <= *bound).unwrap_or(buckets);
        for cell in cells.iter_mut().take(buckets + 1).skip(from) {
            *cell += 1;
        }
        if let Some([sum, count]) = cells.get_mut(buckets + 1..) {
            *sum += whole(observed, family.decimals);
            *count += 1;
        }
        if family.exemplars && self.state.traced {
            let first = self.book.targets.get(usize::from(target)).map_or(0, |target| target.first);
            let exemplar = Exemplar {
                series: first + place + from as u32,
                at_ms: event.at_us.div_euclid(1000),
                value: observed,
                trace_id: event.trace_id,
            };
            self.keep(exemplar);
        }
    }

    /// The latest few of each bucket stay.
    fn keep(&mut self, exemplar: Exemplar) {
        let all = &mut self.state.exemplars;
        let (mut found, mut oldest) = (0, 0);
        for at in 0..all.len() {
            if all[at].series != exemplar.series {
                continue;
            }
            if found == 0 || all[at].at_ms < all[oldest].at_ms {
                oldest = at;
            }
            found += 1;
            if found == EXEMPLARS {
                break;
            }
        }
        match all.get_mut(oldest) {
            Some(oldest) if found == EXEMPLARS => *oldest = exemplar,
            _ => all.push(exemplar),
        }
    }

    /// Only what is summed up over time, as far as a target's row depends on when it was read; a later
    /// [`Counting::read`] finds the rest as if this had been one.
    pub fn sum(&mut self, target: usize, gauges: &Gauges, t_us: i64) {
        let book = self.book;
        let readings = book.readings.get(target).into_iter().flatten();
        let sums = readings.filter_map(|(number, own)| {
            let source = book.sources.get(*number).filter(|source| source.integral)?;
            Some((*number, source, source.rows.get(*own)?.1.as_slice()))
        });
        let Some(last) = self.state.last_us.get_mut(target) else { return };
        let seconds = (t_us - *last) as f64 / 1e6;
        *last = t_us;
        for (number, source, places) in sums {
            self.take(number, source, places, target, gauges, (t_us, seconds));
        }
    }

    /// Reads one source off the gauges into a target's row.
    fn take(
        &mut self,
        number: usize,
        source: &Source,
        places: &[u32],
        target: usize,
        gauges: &Gauges,
        (t_us, seconds): (i64, f64),
    ) {
        let service = self.book.targets.get(target).map_or(0, |of| usize::from(of.service));
        let decimals = self.book.families.get(usize::from(source.family)).map_or(0, |of| of.decimals);
        let Some(row) = self.state.rows.get_mut(target) else { return };
        let Some(held) = self.state.held.get_mut(target) else { return };
        for (slot, place) in places.iter().enumerate() {
            let Some(cell) = row.get_mut(*place as usize) else { continue };
            let mut x = match &source.on {
                On::Gauge(gauge) => {
                    let own = source.dims.is_empty() && gauge.dim() == Some(Dim::Service);
                    gauge.read(gauges, if own { service } else { slot })
                }
                On::Slow(slow) => slow.at(self.seed, mix(number as u64) ^ slot as u64, t_us),
                _ => continue,
            };
            x = source.complement.map_or(x, |all| all - x) * source.factor;
            if source.integral {
                // What it was holds until it is read again: whoever reads in between has not been told too much, and a
                // counter never goes down.
                let was = held.insert(*place, x).unwrap_or(0.0);
                let more = whole(was * seconds, decimals);
                if more != ABSENT {
                    *cell = if *cell == ABSENT { 0 } else { *cell } + more;
                }
            } else {
                *cell = whole(x, decimals);
            }
        }
    }

    /// Brings a target's row up to this moment, as when its page is asked for. `false`: it does not
    /// answer, and its row is empty but for what Prometheus adds.
    pub fn read(&mut self, target: usize, gauges: &Gauges, t_us: i64) -> bool {
        let Some(of) = self.book.targets.get(target) else { return false };
        let service = usize::from(of.service);
        let up = gauges.services.get(service).is_some_and(|service| service.up);
        self.settle(t_us);
        let seconds = self.state.last_us.get(target).map_or(0.0, |last| (t_us - last) as f64 / 1e6);
        if let Some(last) = self.state.last_us.get_mut(target) {
            *last = t_us;
        }
        let book = self.book;
        for (number, own) in book.readings.get(target).into_iter().flatten() {
            let Some(source) = book.sources.get(*number) else { continue };
            let Some((_, places)) = source.rows.get(*own) else { continue };
            if source.on == On::Gauge(Gauge::Version) {
                let place = places.first().copied().unwrap_or(0);
                let version = gauges.services.get(service).map_or("", |service| &service.version);
                let now = self.book.version_series(of.first + place, VERSIONS, version);
                let Some(row) = self.state.rows.get_mut(target) else { return false };
                for at in place..place + VERSIONS {
                    if let Some(cell) = row.get_mut(at as usize) {
                        *cell = if Some(of.first + at) == now { 1 } else { ABSENT };
                    }
                }
                continue;
            }
            self.take(*number, source, places, target, gauges, (t_us, seconds));
        }
        let Some(row) = self.state.rows.get_mut(target) else { return false };
        let len = row.len();
        let samples = row.iter().take(len - ADDED).filter(|cell| **cell != ABSENT).count();
        let queue = gauges.services.get(service).map_or(0, |service| service.queue);
        let jitter = Rng::of(&[self.seed, 0x7363_7261_7065, service as u64, t_us as u64]).unit();
        let took = if up {
            0.0015 + 4e-6 * samples as f64 * (0.8 + 0.5 * jitter) + 0.002 * f64::from(queue.min(500))
        } else {
            0.0004 + 0.0003 * jitter
        };
        if let Some([is_up, duration, count]) = row.get_mut(len - ADDED..) {
            *is_up = i64::from(up);
            *duration = whole(took, 9);
            *count = if up { samples as i64 } else { 0 };
        }
        up
    }

    /// What a scrape finds: a process that does not answer has no series.
    pub fn scrape(&mut self, target: usize, gauges: &Gauges, t_us: i64) -> Box<[i64]> {
        let up = self.read(target, gauges, t_us);
        let mut row: Box<[i64]> =
            self.state.rows.get(target).map(|row| row.as_slice().into()).unwrap_or_default();
        if !up {
            let len = row.len().saturating_sub(ADDED);
            row.iter_mut().take(len).for_each(|cell| *cell = ABSENT);
        }
        row
    }

    /// Counts what was due by then.
    fn settle(&mut self, t_us: i64) {
        if self.state.pending.is_empty() {
            return;
        }
        let mut due = Vec::new();
        self.state.pending.retain(|one| {
            if one.0 <= t_us {
                due.push(*one);
            }
            one.0 > t_us
        });
        for (_, target, place) in due {
            let cell =
                self.state.rows.get_mut(usize::from(target)).and_then(|row| row.get_mut(place as usize));
            if let Some(cell) = cell {
                *cell = if *cell == ABSENT { 0 } else { *cell } + 1;
            }
        }
    }
}
