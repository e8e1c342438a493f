//! The black box: a bundle as a place that answers. Samples, lines, traces and alerts of a saved incident behind the
//! four APIs on loopback, so that every view, query and link of the console works on the file as on servers.
//!
//! Owns how records become what the query languages read. The servers are those of the embedded hospital. Must not ask
//! anybody else, and must not invent what the file does not hold.

mod lines;
mod samples;
mod spans;

use std::io;
use std::ops::ControlFlow;
use std::sync::Arc;

use crate::clock::Clock;
use crate::demo::Running;
use crate::demo::hospital::{Family, ScrapeTarget};
use crate::demo::servers::{self, Place, loki, tempo};
use crate::model::evidence::Evidence;
use crate::model::{LogEntry, Matcher, Series, Time, Trace, TraceId};
use crate::pack::{DemoFile, DemoFiles, Pack};
use crate::query::{LogData, MetricData, Order, TraceData};

/// How alerts are routed there: not at all. What fired is in the file; no rule is evaluated over it.
const ROUTES: &str = "[route]\nreceiver = \"nobody\"\n[[receivers]]\nname = \"nobody\"\n";
/// The rules there.
const RULES: &str = "groups: []\n";

/// A bundle that answers.
#[derive(Debug)]
pub struct BlackBox {
    samples: samples::Samples,
    lines: Vec<LogEntry>,
    spans: spans::Spans,
    now: Time,
    first_ms: i64,
}

impl BlackBox {
    /// What the evidence holds.
    pub fn new(evidence: &Evidence, pack: &Pack) -> Self {
        let manifest = &evidence.manifest;
        let first = manifest.baselines.iter().chain([&manifest.window]).map(|one| one.start).min();
        Self {
            samples: samples::Samples::new(evidence),
            lines: lines::of(evidence, pack),
            spans: spans::Spans::new(evidence),
            now: manifest.window.end,
            first_ms: first.unwrap_or(manifest.window.start).timestamp_millis(),
        }
    }

    /// What its clock shows: it stands at the window's end.
    pub fn clock(&self) -> Clock {
        Clock::Fixed(self.now)
    }
}

/// Serves it on free loopback ports until the result is dropped.
pub fn serve(evidence: &Evidence, pack: &Pack) -> io::Result<Running> {
    let place = Arc::new(BlackBox::new(evidence, pack));
    let clock = place.clock();
    let (logs, traces) = (loki::over(place.clone(), clock), tempo::over(place.clone(), clock));
    let pack = Pack { rules: RULES.into(), demo: Some(without_routes()), ..pack.clone() };
    servers::serve(place, &pack, logs, traces)
}

fn without_routes() -> DemoFiles {
    let file = |text: &str| DemoFile { name: "bundle".to_owned(), text: text.into() };
    DemoFiles { world: file(""), metrics: file(""), signals: file(""), alerting: file(ROUTES) }
}

impl MetricData for BlackBox {
    fn series(&self, matchers: &[Matcher], from_ms: i64, to_ms: i64) -> Vec<Series> {
        self.samples.series(matchers, from_ms, to_ms)
    }
}

impl LogData for BlackBox {
    fn entries(
        &self,
        matchers: &[Matcher],
        from_ns: i64,
        to_ns: i64,
        order: Order,
        each: &mut dyn FnMut(&LogEntry) -> ControlFlow<()>,
    ) {
        let from = self.lines.partition_point(|line| line.ts < from_ns);
        let to = self.lines.partition_point(|line| line.ts < to_ns);
        let Some(within) = self.lines.get(from..to.max(from)) else { return };
        let mut told = |line: &LogEntry| {
            if matchers.iter().all(|matcher| matcher.matches(&line.labels)) {
                each(line)
            } else {
                ControlFlow::Continue(())
            }
        };
        // A break is the caller's wish to stop, and no failure.
        let _ = match order {
            Order::Forward => within.iter().try_for_each(&mut told),
            Order::Backward => within.iter().rev().try_for_each(&mut told),
        };
    }
}

impl TraceData for BlackBox {
    fn traces(&self, from_ns: i64, to_ns: i64, each: &mut dyn FnMut(&Arc<Trace>) -> ControlFlow<()>) {
        self.spans.traces(from_ns, to_ns, each);
    }

    fn trace(&self, id: TraceId) -> Option<Arc<Trace>> {
        self.spans.trace(id)
    }
}

impl Place for BlackBox {
    fn now(&self) -> Time {
        self.now
    }

    fn day_of(&self, _: i64) -> (i64, i64) {
        // One day, however long: nothing is restarted in a file.
        (self.first_ms, self.now.timestamp_millis() + 86_400_000)
    }

    fn families(&self) -> Vec<Family> {
        self.samples.families()
    }

    fn targets(&self) -> Vec<ScrapeTarget> {
        Vec::new()
    }

    fn stands_for(&self, promql: &str) -> Option<String> {
        self.samples.recorded(promql)
    }
}

#[cfg(test)]
mod tests;
