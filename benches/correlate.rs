//! Reading and analysing a bundle of 90,000 events, beside its limits.
//!
//! `cargo bench --bench correlate`
// A bench is a program of its own: it prints its table and ends by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, clippy::print_stderr)]
#![allow(missing_docs)]

// Of what it can tell, only the memory is asked here.
#[allow(dead_code)]
#[path = "../tests/support/usage.rs"]
mod usage;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use plantao::bundle::{self, Limits};
use plantao::correlate::{Options, analyse};
use plantao::model::evidence::{Evidence, LogRecord, Manifest, Period, SeriesRecord, SpanRecord};
use plantao::model::{Labels, SpanStatus, Time};

/// Spans, lines and series of the bundle: 90,000 events.
const SPANS: u64 = 60_000;
const LINES: u64 = 29_500;
const SERIES: u64 = 500;
const SERVICES: u64 = 40;
/// Runs that the middle is taken of.
const RUNS: usize = 7;

fn at(seconds: i64) -> Time {
    chrono::DateTime::from_timestamp(1_700_000_000 + seconds, 0).expect("a time")
}

fn evidence() -> Evidence {
    let period = |from, to| Period { start: at(from), end: at(to) };
    let mut all = Evidence::new(Manifest {
        id: "INC-BENCH".into(),
        window: period(600, 720),
        baselines: (0..5).map(|n| period(n * 110, n * 110 + 100)).collect(),
        symptom: None,
        source: String::new(),
    });
    let mut state = 7_u64;
    let mut chance = move |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let name = |service: u64| -> Arc<str> { format!("service-{service:02}").into() };
    let nanos = |seconds: f64| 1_700_000_000_000_000_000 + (seconds * 1e9) as i64;
    for span in 0..SPANS {
        let (trace, number) = (span / 12, span % 12);
        let begins = trace as f64 * 720.0 / (SPANS / 12) as f64;
        let service = if number == 0 { 0 } else { (trace + number * 7) % SERVICES };
        all.spans.push(SpanRecord {
            trace_id: format!("{trace:032x}").into(),
            span_id: format!("{span:016x}").into(),
            parent_id: (number > 0).then(|| format!("{:016x}", trace * 12 + (number - 1) / 2).into()),
            service: name(service),
            name: format!("operation-{}", number % 5).into(),
            start: nanos(begins + number as f64 * 0.001),
            duration: (13 - number) * 1_000_000 + chance(500_000),
            status: SpanStatus::Unset,
            attributes: Labels::new([("http.status_code", "200")]),
        });
    }
    for line in 0..LINES {
        let service = name(chance(SERVICES));
        all.logs.push(LogRecord {
            ts: nanos(line as f64 * 720.0 / LINES as f64),
            labels: Labels::new([("service", &*service)]),
            line: format!("INFO request {} answered in {} ms, step {}", line, chance(90), line % 7).into(),
            trace_id: Some(format!("{:032x}", line % (SPANS / 12)).into()),
            span_id: None,
        });
    }
    for series in 0..SERIES {
        let service = name(series % SERVICES);
        all.series.push(SeriesRecord {
            name: format!("metric_{}_{}", ["cpu", "memory", "latency"][series as usize % 3], series / 40)
                .into(),
            labels: Labels::new([("service", &*service)]),
            samples: (0..72).map(|n| (1.7e9 + f64::from(n) * 10.0, Some(chance(1000) as f64))).collect(),
        });
    }
    all
}

fn main() -> ExitCode {
    // `cargo test --benches` runs this too, and it is no test; `cargo bench` says `--bench`.
    if !std::env::args().any(|arg| arg == "--bench") {
        return ExitCode::SUCCESS;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("bench.jsonl.zst");
    bundle::write_file(&path, &evidence(), None).expect("written");
    let (mut read, mut analysed) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let begun = Instant::now();
        let reading = bundle::read_file(&path, &Limits::default()).expect("read");
        read.push(begun.elapsed().as_secs_f64());
        let begun = Instant::now();
        let analysis = analyse(&reading.evidence, &Options::default());
        assert!(!analysis.findings.is_empty());
        analysed.push(begun.elapsed().as_secs_f64());
    }
    let mut over = row("90,000 events read", &mut read, 0.5, "s");
    over |= row("and analysed", &mut analysed, 0.5, "s");
    if let Some((_, highest)) = usage::memory_mib(std::process::id()) {
        over |= row("memory, highest", &mut [highest], 300.0, "MiB");
    }
    if over { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Prints a figure; whether it is over its limit.
fn row(name: &str, values: &mut [f64], limit: f64, unit: &str) -> bool {
    values.sort_by(f64::total_cmp);
    let value = values[values.len() / 2];
    let mark = if value <= limit { "ok  " } else { "OVER" };
    println!("{name:<34} {value:>10.3} {limit:>10} {unit:<4} {mark} worst {:.3}", values[values.len() - 1]);
    value > limit
}
