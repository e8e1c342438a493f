//! The embedded hospital before a real Prometheus rule engine: `promtool test rules` evaluates the
//! pack's exported rules over an hour of the hospital's samples. Every fault raises its alerts there, a
//! calm hospital raises none.
// Tests may end by panicking: that is how they fail.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::Command;
use std::sync::Once;

use chrono::TimeDelta;
use plantao::clock::Clock;
use plantao::demo::{Fault, FaultKind, Hospital, Plan};
use plantao::model::{Series, Time};
use plantao::pack::{self, Pack};
use plantao::query::{MetricData, is_stale};

static SKIPPED: Once = Once::new();

/// Seconds between two values that promtool gets: the quickest job's scrape interval.
const STEP_S: i64 = 5;
/// Length of what is evaluated.
const MINUTES: i64 = 60;
/// When a fault begins, from the beginning of it.
const ONSET_MIN: i64 = 10;

/// Two o'clock of a Friday afternoon where the hospital is: the house is full.
fn begin() -> Time {
    "2026-11-20T17:00:00Z".parse().unwrap()
}

/// The shipped pack, its model's day beginning at one o'clock instead of four in the morning: nine
/// hours that nobody looks at need not be computed.
fn hospital_pack() -> Pack {
    let mut pack = pack::load("hospital", &[]).expect("the shipped pack");
    let demo = pack.demo.as_mut().expect("it has a place");
    let text = demo.world.text.replace("day_starts_h = 4", "day_starts_h = 13");
    assert_ne!(*text, *demo.world.text, "the day's beginning is written otherwise");
    demo.world.text = text.into();
    pack
}

fn samples(pack: &Pack, plan: Plan) -> Vec<Series> {
    let end = begin() + TimeDelta::minutes(MINUTES);
    let hospital = Hospital::new(pack, plan, Clock::Fixed(end)).expect("the place");
    hospital.series(&[], begin().timestamp_millis(), end.timestamp_millis())
}

/// promtool's notation of a series: a value at each step, `_` where none is new, `stale` where it ended.
fn values(series: &Series) -> String {
    let mut out = String::new();
    let mut next = series.points.iter().peekable();
    for step in 0..=MINUTES * 60 / STEP_S {
        let at = begin().timestamp_millis() + step * STEP_S * 1000;
        let mut last = None;
        while let Some(point) = next.next_if(|point| point.t <= at) {
            last = Some(point.v);
        }
        match last {
            None => out.push_str("_ "),
            Some(value) if is_stale(value) => out.push_str("stale "),
            Some(value) => write!(out, "{value} ").unwrap(),
        }
    }
    out
}

/// Names of the alerts that fired at any time of the hour, as promtool evaluates the rules.
fn fired(pack: &Pack, samples: &[Series]) -> Option<BTreeSet<String>> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("rules.yml"), pack.rules.as_bytes()).unwrap();
    let mut test = format!(
        "rule_files: [rules.yml]\nevaluation_interval: 15s\ntests:\n  - interval: {STEP_S}s\n    input_series:\n"
    );
    let mut used = 0;
    for series in samples {
        if pack.rules.contains(series.labels.metric_name()) {
            used += 1;
            let name = series.labels.to_string().replace('\'', "''");
            writeln!(test, "      - series: '{name}'\n        values: '{}'", values(series)).unwrap();
        }
    }
    assert!(used > 50, "only {used} series of what the rules read");
    // No sample is expected, so that promtool tells what it got.
    writeln!(
        test,
        "    promql_expr_test:\n      - expr: 'group by (alertname) (count_over_time(ALERTS{{alertstate=\"firing\"}}[{MINUTES}m]))'\n        eval_time: {MINUTES}m\n        exp_samples: []"
    )
    .unwrap();
    std::fs::write(folder.path().join("test.yml"), test).unwrap();
    let output = match Command::new("promtool")
        .args(["test", "rules", "test.yml"])
        .current_dir(folder.path())
        .output()
    {
        Ok(output) => output,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            SKIPPED.call_once(|| {
                let _ = writeln!(std::io::stdout(), "SKIPPED hospital_alerts: promtool is missing");
            });
            assert!(
                std::env::var_os("CI").is_none(),
                "promtool is missing, and in CI nothing may be skipped"
            );
            return None;
        }
        Err(error) => panic!("promtool: {error}"),
    };
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    let names: BTreeSet<String> =
        said.split("{alertname=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect();
    assert!(names.contains("Watchdog"), "promtool evaluated nothing:\n{}", &said[..said.len().min(2000)]);
    Some(names)
}

/// The alerts that a fault must raise within the hour.
fn expected(kind: FaultKind) -> &'static [&'static str] {
    match kind {
        FaultKind::Thermal => &["MacStudioThermalThrottling", "AIModelInferenceLatency"],
        FaultKind::DbPool => &["DatabasePoolExhausted"],
        FaultKind::BruteForce => &["HighFailedAuthRate"],
        FaultKind::TranscriptionQuality => &["LowVoiceTranscriptionQuality"],
        FaultKind::BadDeploy => &["HighErrorRate"],
        FaultKind::NetworkDelay => &["HighMedicalRecordLatency"],
        FaultKind::ServiceDown => &["MedicalRecordSystemDown"],
        FaultKind::MemoryLeak => &["MacStudioHighMemory"],
        FaultKind::PiiLeak => &["PersonalDataInLogs"],
    }
}

#[test]
fn every_fault_raises_its_alerts() {
    let pack = hospital_pack();
    let mut missing = Vec::new();
    for kind in FaultKind::ALL {
        let fault = Fault::new(kind, begin() + TimeDelta::minutes(ONSET_MIN));
        let plan = Plan { faults: vec![fault], ..Plan::calm(7) };
        let Some(fired) = fired(&pack, &samples(&pack, plan)) else { return };
        for name in expected(kind) {
            if !fired.contains(*name) {
                missing.push(format!("{kind} without {name}: {fired:?}"));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn a_calm_hour_raises_none() {
    let pack = hospital_pack();
    for seed in [1, 2, 3] {
        let Some(mut fired) = fired(&pack, &samples(&pack, Plan::calm(seed))) else { return };
        fired.remove("Watchdog");
        assert!(fired.is_empty(), "seed {seed}: {fired:?}");
    }
}
