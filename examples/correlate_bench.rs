//! How well culprits are found in the embedded hospital: faults, seeds, severities, with and without distractors, and
//! calm hospitals. `cargo run --release --example correlate_bench -- [SEEDS [FIRST]]`
//!
//! Seeds below 100 are for development, those from 100 on for testing: nothing is chosen by looking at these.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, clippy::print_stderr)]

#[path = "../tests/support/incidents.rs"]
mod incidents;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use incidents::Case;
use plantao::correlate::findings::Verdict;
use plantao::correlate::{Options, analyse};
use plantao::demo::FaultKind;

/// What is counted of one fault.
#[derive(Default)]
struct Tally {
    all: usize,
    first: usize,
    third: usize,
    named: usize,
    right: usize,
    kind: usize,
}

/// How one incident ended.
struct Row {
    case: Case,
    rank: usize,
    named: bool,
    confidence: f64,
    kind: bool,
}

fn run(pack: &plantao::pack::Pack, case: Case) -> Row {
    let analysis = analyse(&incidents::evidence(pack, &case), &Options::default());
    let found = analysis.findings.iter().position(|finding| case.culprits().contains(&&*finding.component));
    Row {
        rank: found.map_or(usize::MAX, |at| at + 1),
        named: analysis.verdict == Verdict::Culprit,
        confidence: analysis.findings.first().map_or(0.0, |first| first.confidence),
        kind: found.is_some_and(|at| case.kinds().contains(&analysis.findings[at].cause.word())),
        case,
    }
}

fn main() {
    let args: Vec<u64> = std::env::args().skip(1).filter_map(|text| text.parse().ok()).collect();
    let (seeds, first) = (args.first().copied().unwrap_or(10), args.get(1).copied().unwrap_or(101));
    let pack = incidents::shipped();
    let mut cases = Vec::new();
    for seed in first..first + seeds {
        for fault in FaultKind::ALL.into_iter().map(Some).chain([None]) {
            for (severity, distractors) in [(1.0, true), (0.6, false)] {
                cases.push(Case { fault, seed, severity, distractors });
            }
        }
    }
    let (next, rows) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::SeqCst)) {
                    let row = run(&pack, case.clone());
                    rows.lock().expect("nobody panics").push(row);
                }
            });
        }
    });
    tell(&rows.into_inner().expect("nobody panics"));
}

fn tell(rows: &[Row]) {
    let mut by_fault: BTreeMap<&str, Tally> = BTreeMap::new();
    // By tenths of confidence: said, right, how many.
    let mut said = [(0.0, 0.0, 0_usize); 10];
    for row in rows {
        let tally = by_fault.entry(row.case.fault.map_or("calm", FaultKind::as_str)).or_default();
        tally.all += 1;
        tally.first += usize::from(row.rank == 1);
        tally.third += usize::from(row.rank <= 3);
        tally.named += usize::from(row.named);
        tally.right += usize::from(row.named && row.rank == 1);
        tally.kind += usize::from(row.kind);
        let bin = &mut said[((row.confidence * 10.0) as usize).min(9)];
        bin.0 += row.confidence;
        bin.1 += f64::from(u8::from(row.rank == 1));
        bin.2 += 1;
    }
    let head = ["fault", "n", "AC@1", "AC@3", "kind", "named", "right"];
    println!(
        "{:<24} {:>4} {:>6} {:>6} {:>6} {:>6} {:>6}",
        head[0], head[1], head[2], head[3], head[4], head[5], head[6]
    );
    for (fault, tally) in &by_fault {
        let share = |count: usize| count as f64 / tally.all.max(1) as f64;
        println!(
            "{fault:<24} {:>4} {:>6.2} {:>6.2} {:>6.2} {:>6.2} {:>6.2}",
            tally.all,
            share(tally.first),
            share(tally.third),
            share(tally.kind),
            share(tally.named),
            share(tally.right)
        );
    }
    println!("\n{:<12} {:>6} {:>6} {:>4}", "confidence", "said", "right", "n");
    for (at, (sum, right, count)) in said.iter().enumerate().filter(|one| one.1.2 > 0) {
        let n = *count as f64;
        println!(
            "{:.1} to {:.1}   {:>6.2} {:>6.2} {count:>4}",
            at as f64 / 10.0,
            (at + 1) as f64 / 10.0,
            sum / n,
            right / n
        );
    }
}
