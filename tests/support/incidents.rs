//! Incidents of the embedded hospital as evidence: what its samples, lines and spans say, read through the doors through
//! which its four servers read them. Nothing of the model's inside goes in.

use std::ops::ControlFlow;
use std::sync::Arc;

use plantao::clock::Clock;
use plantao::demo::{Fault, FaultKind, Hospital, Plan};
use plantao::model::evidence::{
    EdgeRecord, Evidence, LogRecord, Manifest, Period, Relation, SeriesRecord, SpanRecord,
};
use plantao::model::{Labels, Time};
use plantao::pack::{self, Pack};
use plantao::query::{LogData as _, MetricData as _, Order, TraceData as _};

/// The machine that everything runs on, as the pack's metrics call it.
pub const MACHINE: &str = "mac-studio";
/// The job whose figures are the machine's.
const MACHINE_JOB: &str = "node-exporter";

/// One incident, or a calm time.
#[derive(Clone, Debug)]
pub struct Case {
    /// The fault; `None` is a calm hospital.
    pub fault: Option<FaultKind>,
    /// Seed of the hospital.
    pub seed: u64,
    /// How bad it becomes.
    pub severity: f64,
    /// Whether harmless things happen too.
    pub distractors: bool,
}

impl Case {
    /// The components that may be named: both ends of a disturbed connection.
    pub fn culprits(&self) -> &'static [&'static str] {
        match self.fault {
            None => &[],
            Some(FaultKind::Thermal) => &[MACHINE],
            Some(FaultKind::BruteForce) => &["auth-service"],
            Some(FaultKind::TranscriptionQuality | FaultKind::MemoryLeak) => &["ai-engine"],
            Some(FaultKind::NetworkDelay) => &["medical-api", "postgresql"],
            Some(FaultKind::DbPool | FaultKind::BadDeploy | FaultKind::ServiceDown | FaultKind::PiiLeak) => {
                &["medical-api"]
            }
        }
    }

    /// The kinds of cause that it may be called. A new version fails and is slower; what identifies patients in a log is
    /// seen as lines that were not there.
    pub fn kinds(&self) -> &'static [&'static str] {
        match self.fault {
            None => &[],
            Some(FaultKind::Thermal) => &["thermal"],
            Some(FaultKind::BruteForce) => &["security"],
            Some(FaultKind::TranscriptionQuality) => &["quality"],
            Some(FaultKind::MemoryLeak) => &["memory"],
            Some(FaultKind::NetworkDelay) => &["latency"],
            Some(FaultKind::DbPool) => &["dependency"],
            Some(FaultKind::BadDeploy) => &["error"],
            Some(FaultKind::ServiceDown) => &["down"],
            Some(FaultKind::PiiLeak) => &["security", "error"],
        }
    }

    /// When it begins: in the busy hours, at another second for every seed.
    pub fn onset(&self) -> Time {
        let base: Time = "2026-11-20T13:20:00Z".parse().expect("a time");
        base + chrono::TimeDelta::seconds((self.seed.wrapping_mul(7919) % 2400) as i64)
    }
}

/// The shipped pack, its day begun some hours before, so that a hospital is soon there.
pub fn shipped() -> Arc<Pack> {
    beginning(9)
}

/// The same, its day begun at an hour of the clock.
pub fn beginning(hour: u8) -> Arc<Pack> {
    let mut pack = pack::load("hospital", &[]).expect("the shipped pack");
    let demo = pack.demo.as_mut().expect("it has a place");
    demo.world.text = demo.world.text.replace("day_starts_h = 4", &format!("day_starts_h = {hour}")).into();
    Arc::new(pack)
}

/// Five minutes around the onset, and four calm stretches before.
pub fn evidence(pack: &Pack, case: &Case) -> Evidence {
    let onset = case.onset();
    let at = |minutes: i64| onset + chrono::TimeDelta::minutes(minutes);
    let faults = case.fault.map(|kind| Fault { severity: case.severity, ..Fault::new(kind, onset) });
    let plan = Plan { seed: case.seed, faults: faults.into_iter().collect(), distractors: case.distractors };
    let hospital = Hospital::new(pack, plan, Clock::Fixed(at(5))).expect("the place");
    let period = |from: i64, to: i64| Period { start: at(from), end: at(to) };
    let baselines = vec![period(-22, -18), period(-17, -13), period(-12, -8), period(-7, -3)];
    let mut evidence = Evidence::new(Manifest {
        id: "INC-TEST".into(),
        window: period(-1, 4),
        baselines,
        symptom: None,
        source: "embedded hospital".into(),
    });
    let (from, to) = (at(-22), at(4));
    let nanos = |at: Time| at.timestamp_nanos_opt().expect("in range");

    for series in hospital.series(&[], from.timestamp_millis(), to.timestamp_millis()) {
        let name = series.labels.metric_name().to_owned();
        if name.ends_with("_bucket") || name.starts_with("ALERTS") {
            continue;
        }
        let job = series.labels.get("job").unwrap_or("").to_owned();
        let service = if job == MACHINE_JOB { MACHINE } else { &job };
        evidence.series.push(SeriesRecord {
            name: name.as_str().into(),
            labels: series.labels.without(&["__name__"]).with("service", service),
            samples: series.points.iter().map(|p| (p.t as f64 / 1e3, Some(p.v))).collect(),
        });
    }
    hospital.entries(&[], nanos(from), nanos(to), Order::Forward, &mut |entry| {
        let id = |name: &str| entry.metadata.get(name).or_else(|| entry.labels.get(name)).map(Into::into);
        evidence.logs.push(LogRecord {
            ts: entry.ts,
            labels: entry.labels.clone(),
            line: Arc::clone(&entry.line),
            trace_id: id("trace_id"),
            span_id: id("span_id"),
        });
        ControlFlow::Continue(())
    });
    hospital.traces(nanos(from), nanos(to), &mut |trace| {
        for span in &trace.spans {
            evidence.spans.push(SpanRecord {
                trace_id: span.trace_id.to_string().into(),
                span_id: span.span_id.to_string().into(),
                parent_id: span.parent_id.map(|id| id.to_string().into()),
                service: Arc::clone(&span.service),
                name: Arc::clone(&span.name),
                start: span.start,
                duration: span.duration.max(0) as u64,
                status: span.status,
                attributes: Labels::default(),
            });
        }
        ControlFlow::Continue(())
    });
    let services: std::collections::BTreeSet<Arc<str>> =
        evidence.spans.iter().map(|span| Arc::clone(&span.service)).collect();
    for service in services {
        evidence.edges.push(EdgeRecord {
            caller: service,
            callee: MACHINE.into(),
            relation: Relation::RunsOn,
        });
    }
    evidence
}
