//! The model's own events, recorded.

use std::sync::Arc;

use chrono::TimeDelta;

use super::minute::{signals, world};
use crate::demo::engine::Engine;
use crate::demo::event::{Finished, Nobody, Notice, Sink};
use crate::demo::plan::{Fault, FaultKind, Plan};
use crate::demo::recorder::Recorder;
use crate::model::{LogEntry, SpanStatus, Time, Trace};

struct Counting {
    recorder: Recorder,
    requests: usize,
}

impl Sink for Counting {
    fn finished(&mut self, request: &Finished) {
        self.requests += 1;
        self.recorder.finished(request);
    }

    fn notice(&mut self, notice: &Notice) {
        self.recorder.notice(notice);
    }
}

/// Ten minutes from 10:00 local time, with faults that began then or are `age` old.
fn ten_minutes(kinds: &[FaultKind], age: TimeDelta) -> (usize, Vec<LogEntry>, Vec<Arc<Trace>>) {
    let world = world();
    let signals = signals(&world);
    let from: Time = "2026-11-20T13:00:00Z".parse().expect("a time");
    let mut plan = Plan::calm(7);
    plan.faults = kinds.iter().map(|kind| Fault::new(*kind, from - age)).collect();
    let mut engine = Engine::start_of_day(Arc::clone(&world), &plan, world.day_of(from.timestamp_micros()));
    engine.run_until(from.timestamp_micros(), &mut Nobody);
    let versions: Vec<Arc<str>> =
        engine.gauges().services.into_iter().map(|service| service.version).collect();
    let recorder = Recorder::new(Arc::clone(&world), signals, plan.seed).with_versions(&versions);
    let mut sink = Counting { recorder, requests: 0 };
    engine.run_until((from + TimeDelta::minutes(10)).timestamp_micros(), &mut sink);
    let (lines, traces) = sink.recorder.finish();
    (sink.requests, lines, traces)
}

fn count(lines: &[LogEntry], holds: impl Fn(&LogEntry) -> bool) -> usize {
    lines.iter().filter(|entry| holds(entry)).count()
}

fn is(entry: &LogEntry, name: &str, value: &str) -> bool {
    entry.labels.get(name) == Some(value)
}

#[test]
fn a_calm_morning_is_told_in_three_or_four_lines_a_request() {
    let (requests, lines, traces) = ten_minutes(&[], TimeDelta::zero());
    assert!(requests > 500 && traces.len() == requests, "{requests}");
    let each = lines.len() as f64 / requests as f64;
    assert!((2.5..4.5).contains(&each), "{each}");
    let loud = count(&lines, |entry| is(entry, "level", "error") || is(entry, "level", "critical"));
    assert!((loud as f64) < 0.01 * lines.len() as f64, "{loud} of {}", lines.len());
    assert!(lines.iter().all(|entry| !entry.line.contains("Exemplo de")));
}

type Told<'a> = (FaultKind, &'a dyn Fn(&LogEntry) -> bool);

#[test]
fn every_fault_is_told_by_who_notices_it() {
    use FaultKind::{BadDeploy, BruteForce, DbPool, PiiLeak, ServiceDown, Thermal};
    let minutes = TimeDelta::minutes(12);
    let told: [Told<'_>; 6] = [
        (BruteForce, &|entry| {
            is(entry, "category", "security") && entry.line.contains("203.0.113")
                || entry.line.contains("198.51.100")
                || entry.line.contains("192.0.2")
        }),
        (PiiLeak, &|entry| is(entry, "service", "medical-api") && entry.line.contains("Exemplo de")),
        (ServiceDown, &|entry| {
            is(entry, "service", "api-gateway") && entry.line.contains("connection refused by medical-api")
        }),
        (BadDeploy, &|entry| is(entry, "service", "medical-api") && entry.line.contains("Traceback")),
        (DbPool, &|entry| {
            is(entry, "service", "medical-api") && entry.line.contains("QueuePool limit reached")
        }),
        (Thermal, &|entry| entry.line.contains("Inference queue is slow")),
    ];
    for (kind, holds) in told {
        let (_, lines, traces) = ten_minutes(&[kind], minutes);
        assert!(count(&lines, holds) > 5, "{kind}");
        assert_eq!(count(&lines, |entry| entry.line.contains("after 0 s")), 0, "{kind}");
        if kind == ServiceDown {
            assert_eq!(count(&lines, |entry| is(entry, "service", "medical-api")), 0, "it is gone");
            let spans = traces.iter().flat_map(|trace| &trace.spans);
            assert!(spans.clone().all(|span| &*span.service != "medical-api"));
            assert!(spans.filter(|span| span.status == SpanStatus::Error).count() > 100);
        }
    }
}
