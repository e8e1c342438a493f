//! What masking costs: megabytes a second on one core, beside a plain copy of the same text.
//!
//! `cargo bench --bench privacy`; the limit is 200 MB/s.
// A bench is a program of its own: it ends by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]
#![allow(missing_docs)]

#[path = "../tests/privacy/corpus.rs"]
mod corpus;

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput};
use plantao::privacy;

const LINES: usize = 5000;

/// JSON lines of a service that behaves.
fn clean() -> Vec<String> {
    let mut rng = fastrand::Rng::with_seed(1);
    (0..LINES).map(|_| corpus::MAKERS[0].1(&mut rng)).collect()
}

/// Lines of all kinds of programs.
fn mixed() -> Vec<String> {
    let mut rng = fastrand::Rng::with_seed(2);
    (0..LINES).map(|_| corpus::line(&mut rng).1).collect()
}

/// Lines of a service that writes what it must not: an identifier and a named field in each.
fn leaking() -> Vec<String> {
    let mut rng = fastrand::Rng::with_seed(3);
    (0..LINES)
        .map(|_| {
            format!(
                r#"{{"timestamp":"2026-11-22T05:11:16Z","level":"warning","category":"audit","department":"emergency","service":"medical-api","event":"access_patient_record","user_id":"nurse_maria_789","patient_id":"P{}","note":"paciente CPF {:03}.{:03}.{:03}-{:02} contato maria.{}@hospital.example","result":"success","trace_id":"{:032x}"}}"#,
                rng.u32(..), rng.u16(0..1000), rng.u16(0..1000), rng.u16(0..1000), rng.u8(0..100), rng.u8(..), rng.u128(..)
            )
        })
        .collect()
}

/// One line in fifty leaks: what a hospital's stream looks like on a bad day.
fn seldom() -> Vec<String> {
    let mut lines = clean();
    for (at, line) in leaking().into_iter().enumerate().step_by(50) {
        lines[at] = line;
    }
    lines
}

fn main() {
    // `cargo test --benches` runs this too, and it is no test; `cargo bench` says `--bench`.
    if !std::env::args().any(|arg| arg == "--bench") {
        return;
    }
    let mut criterion = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(3))
        .configure_from_args();
    let mut group = criterion.benchmark_group("privacy");
    for (name, lines) in [
        ("clean JSON", clean()),
        ("all kinds of programs", mixed()),
        ("one in fifty leaks", seldom()),
        ("every line leaks", leaking()),
    ] {
        let bytes: usize = lines.iter().map(String::len).sum();
        group.throughput(Throughput::Bytes(bytes as u64));
        for (what, work) in [
            ("copy", (|line: &str| drop(black_box(Box::<str>::from(line)))) as fn(&str)),
            ("mask", |line| drop(black_box(privacy::mask(line)))),
            ("safe", |line| drop(black_box(privacy::safe(line)))),
        ] {
            group.bench_function(format!("{name}: {what}"), |b| {
                b.iter(|| lines.iter().for_each(|line| work(black_box(line))));
            });
            let best = (0..15)
                .map(|_| {
                    let began = Instant::now();
                    for line in &lines {
                        work(black_box(line));
                    }
                    began.elapsed()
                })
                .min()
                .expect("rounds");
            println!("    {name}: {what}: {:.0} MB/s", bytes as f64 / best.as_secs_f64() / 1e6);
        }
    }
    group.finish();
    criterion.final_summary();
}
