//! How well culprits are found in the embedded hospital: faults, seeds, severities, with and without distractors, and
//! calm hospitals. `cargo run --release --example correlate_bench -- [SEEDS [FIRST]]`
//!
//! Seeds below 100 are for development, those from 100 on for testing: nothing is chosen by looking at these.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, clippy::print_stderr)]

#[path = "../tests/support/incidents.rs"]
mod incidents;

use std::collections::BTreeMap;

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
}

fn main() {
    let args: Vec<u64> = std::env::args().skip(1).filter_map(|text| text.parse().ok()).collect();
    let (seeds, first) = (args.first().copied().unwrap_or(6), args.get(1).copied().unwrap_or(100));
    let pack = incidents::shipped();
    let mut by_fault: BTreeMap<&str, Tally> = BTreeMap::new();
    // By tenths of confidence: said, right, how many.
    let mut said = [(0.0, 0.0, 0_usize); 10];
    for seed in first..first + seeds {
        for fault in FaultKind::ALL.into_iter().map(Some).chain([None]) {
            for (severity, distractors) in [(1.0, true), (1.0, false), (0.6, true), (0.6, false)] {
                let case = Case { fault, seed, severity, distractors };
                let analysis = analyse(&incidents::evidence(&pack, &case), &Options::default());
                let rank = analysis
                    .findings
                    .iter()
                    .position(|finding| case.culprits().contains(&&*finding.component))
                    .map_or(usize::MAX, |at| at + 1);
                let tally = by_fault.entry(fault.map_or("calm", FaultKind::as_str)).or_default();
                tally.all += 1;
                tally.first += usize::from(rank == 1);
                tally.third += usize::from(rank <= 3);
                let named = analysis.verdict == Verdict::Culprit;
                tally.named += usize::from(named);
                tally.right += usize::from(named && rank == 1);
                if let Some(top) = analysis.findings.first() {
                    let bin = &mut said[((top.confidence * 10.0) as usize).min(9)];
                    bin.0 += top.confidence;
                    bin.1 += f64::from(u8::from(rank == 1));
                    bin.2 += 1;
                }
            }
        }
        eprintln!("seed {seed} done");
    }
    println!("{:<24} {:>4} {:>6} {:>6} {:>6} {:>6}", "fault", "n", "AC@1", "AC@3", "named", "right");
    for (fault, tally) in &by_fault {
        let share = |count: usize| count as f64 / tally.all.max(1) as f64;
        println!(
            "{fault:<24} {:>4} {:>6.2} {:>6.2} {:>6.2} {:>6.2}",
            tally.all,
            share(tally.first),
            share(tally.third),
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
