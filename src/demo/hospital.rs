//! The hospital as a whole: the model, what it has emitted, and the doors through which it is read.
//!
//! Owns nothing but the way in: samples are [`place`]'s, log lines and traces are [`record`]'s.

pub mod happened;
pub mod place;
pub mod record;
pub mod shelf;
#[cfg(test)]
mod tests;
pub mod views;

use std::ops::ControlFlow;
use std::sync::Arc;

use super::engine::Engine;
use super::event::{Gauges, Sink};
use super::metrics::layout;
use super::plan::{FaultKind, Plan};
use super::samples::Model;
use super::signals::Signals;
use super::world::World;
use crate::clock::Clock;
use crate::document::Problem;
use crate::model::{Labels, LogEntry, Matcher, Series, Time, Trace, TraceId};
use crate::pack::Pack;
use crate::query::{LogData, MetricData, Order, TraceData};
use place::Place;
use record::Records;

/// A hospital. Everything is computed when asked for; nothing later than its clock is told.
#[derive(Debug)]
pub struct Hospital {
    place: Place<Engine>,
    records: Records<Engine>,
}

impl Model for Engine {
    fn start_of_day(world: &Arc<World>, plan: &Plan, day: i64) -> Self {
        Self::start_of_day(Arc::clone(world), plan, day)
    }

    fn run_until(&mut self, t_us: i64, sink: &mut dyn Sink) {
        self.run_until(t_us, sink);
    }

    fn gauges(&self) -> Gauges {
        self.gauges()
    }
}

impl Hospital {
    /// Builds the place that the pack's `demo/` folder describes. The error is every problem of its
    /// files.
    pub fn new(pack: &Pack, plan: Plan, clock: Clock) -> Result<Self, Vec<Problem>> {
        let Some(files) = &pack.demo else {
            let message = "this pack has no `demo/` folder: there is no place to embed";
            return Err(vec![Problem::bare("demo", message)]);
        };
        let world = Arc::new(World::parse(&files.world, pack)?);
        let book = layout::book(&files.metrics, &world, plan.seed)?;
        let signals = Arc::new(Signals::read(&files.signals, &world)?);
        Ok(Self { place: Place::new(world, book, plan, clock), records: Records::new(signals) })
    }

    /// Its clock.
    pub fn clock(&self) -> Clock {
        self.place.clock
    }

    /// What happens in it.
    pub fn plan(&self) -> Plan {
        self.place.plan()
    }

    /// The place: services, departments, models.
    pub fn world(&self) -> &Arc<World> {
        &self.place.world
    }

    /// Begins a fault now, or mends it now if it is under way. What has been stays as it was.
    pub fn toggle_fault(&self, kind: FaultKind) {
        self.place.toggle(kind);
    }

    /// The metric families it exports, for `/api/v1/metadata`.
    pub fn families(&self) -> Vec<Family> {
        self.place.families()
    }

    /// What is scraped.
    pub fn targets(&self) -> Vec<ScrapeTarget> {
        self.place.targets()
    }

    /// The jobs that have a page of their own.
    pub fn jobs(&self) -> Vec<Job> {
        self.place.jobs()
    }

    /// A job's `/metrics` page as of now; `None` for an unknown job, an error where its process does
    /// not answer.
    pub fn exposition(&self, job: &str) -> Option<Result<String, Down>> {
        self.place.exposition(job)
    }

    /// Traces behind the buckets of the histograms that satisfy all matchers, from `from_ms` to
    /// `to_ms` (milliseconds since the Unix epoch, both included), oldest first in each series.
    pub fn exemplars(&self, matchers: &[Matcher], from_ms: i64, to_ms: i64) -> Vec<Exemplars> {
        self.place.exemplars(matchers, from_ms, to_ms)
    }

    /// Says what will be read again and again far back: of old samples that much is kept.
    pub fn expect(&self, asked: &[Vec<Matcher>]) {
        self.place.expect(asked);
    }

    /// Runs up to now, so that the first question need not: for a thread of its own.
    pub fn warm(&self) {
        self.place.warm();
    }

    /// Bytes of memory that is taken by what log lines and traces are made of.
    pub fn recorded_bytes(&self) -> usize {
        self.records.bytes()
    }

    /// Bytes of memory that packed samples take.
    pub fn sample_bytes(&self) -> usize {
        self.place.bytes()
    }
}

/// The process does not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Down;

/// A metric family.
#[derive(Clone, Debug, PartialEq)]
pub struct Family {
    /// Name, without the suffixes of a histogram.
    pub name: Arc<str>,
    /// `counter`, `gauge` or `histogram`.
    pub kind: &'static str,
    /// Help text.
    pub help: Arc<str>,
}

/// A page to scrape, and what a scraper should know of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// `job` label.
    pub job: Arc<str>,
    /// `instance` label.
    pub instance: Arc<str>,
    /// Seconds between two scrapes.
    pub scrape_s: u32,
}

/// Something that is scraped.
#[derive(Clone, Debug, PartialEq)]
pub struct ScrapeTarget {
    /// `job` label.
    pub job: Arc<str>,
    /// `instance` label.
    pub instance: Arc<str>,
    /// Seconds between two scrapes.
    pub scrape_s: u32,
    /// Last scrape, if there was one.
    pub last: Option<Time>,
    /// Seconds the last scrape took.
    pub took_s: f64,
    /// Whether it answered.
    pub up: bool,
}

/// The exemplars of one series.
#[derive(Clone, Debug, PartialEq)]
pub struct Exemplars {
    /// The `_bucket` series, `le` included.
    pub labels: Labels,
    /// Oldest first.
    pub samples: Vec<TraceSample>,
}

/// An observation and the trace it came from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TraceSample {
    /// Trace.
    pub trace_id: TraceId,
    /// What was observed.
    pub value: f64,
    /// Milliseconds since the Unix epoch.
    pub at_ms: i64,
}

impl MetricData for Hospital {
    fn series(&self, matchers: &[Matcher], from_ms: i64, to_ms: i64) -> Vec<Series> {
        self.place.series(matchers, from_ms, to_ms)
    }
}

impl LogData for Hospital {
    fn entries(
        &self,
        matchers: &[Matcher],
        from_ns: i64,
        to_ns: i64,
        order: Order,
        each: &mut dyn FnMut(&LogEntry) -> ControlFlow<()>,
    ) {
        self.records.entries(&self.place, matchers, from_ns, to_ns, order, each);
    }
}

impl TraceData for Hospital {
    fn traces(&self, from_ns: i64, to_ns: i64, each: &mut dyn FnMut(&Arc<Trace>) -> ControlFlow<()>) {
        self.records.all_traces(&self.place, from_ns, to_ns, each);
    }

    fn trace(&self, id: TraceId) -> Option<Arc<Trace>> {
        self.records.trace(&self.place, id)
    }
}
