//! What the embedded hospital costs beside the console: first frame, panes filled, processor time at
//! rest, memory, each beside its limit.
//!
//! `cargo bench --bench demo`; `PLANTAO_BIN` names another binary. The hospital computes its day up to
//! the present hour, so that the figure of filled panes grows with the hour; `PLANTAO_AT` names one.
// A bench is a program of its own: it prints its table and ends by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, clippy::print_stderr)]
#![allow(missing_docs)]

#[path = "../tests/support/mod.rs"]
mod support;

use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use support::console::{Console, binary};
use support::usage;
use vt100::Screen;

/// Starts that a figure of start-up is taken from; the first warms the caches and does not count.
const STARTS: usize = 9;
/// How long a console at rest is watched.
const REST: Duration = Duration::from_secs(60);
/// Two in the afternoon where the hospital is: ten hours of its day are computed.
const AT: &str = "2026-11-20 14:00";

fn main() -> ExitCode {
    // `cargo test --benches` runs this too, and it is no test; `cargo bench` says `--bench`.
    if !std::env::args().any(|arg| arg == "--bench") {
        return ExitCode::SUCCESS;
    }
    let at = std::env::var("PLANTAO_AT").unwrap_or_else(|_| AT.to_owned());
    println!("measuring {} at {at}", binary().display());
    let (mut painted, mut filled) = (Vec::new(), Vec::new());
    let mut last = None;
    for start in 0..=STARTS {
        let terminal = Console::new().open(&["demo", "--at", &at], 120, 40);
        let first = terminal.wait_until("the first frame", |screen| {
            screen.alternate_screen() && !screen.contents().trim().is_empty()
        });
        let whole = terminal.wait_until("filled panes", is_filled);
        if start > 0 {
            painted.push(millis(first));
            filled.push(millis(whole));
        }
        last = Some(terminal);
    }
    let terminal = last.expect("a console");
    thread::sleep(Duration::from_secs(10));
    let cpu = usage::cpu_seconds(terminal.pid());
    let began = Instant::now();
    thread::sleep(REST);
    let seconds = began.elapsed().as_secs_f64();
    let used = cpu.zip(usage::cpu_seconds(terminal.pid())).map(|(before, after)| after - before);
    let mut over = row("first frame, median", &mut painted, 50.0, "ms");
    over |= row("panes filled, median", &mut filled, 300.0, "ms");
    if let Some(used) = used {
        over |= row("console and hospital at rest", &mut [used / seconds * 100.0], 5.0, "% of a core");
    }
    if let Some((_, highest)) = usage::memory_mib(terminal.pid()) {
        over |= row("memory, highest", &mut [highest], 80.0, "MiB");
    }
    if over { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Whether no pane waits for its first answer any more.
fn is_filled(screen: &Screen) -> bool {
    let text = screen.contents();
    let words = plantao::text::EN.view.loading;
    text.contains("Needs you") && text.contains("MacStudioThermalThrottling") && !text.contains(words)
}

/// Prints a figure; whether it is over its limit.
fn row(name: &str, values: &mut [f64], limit: f64, unit: &str) -> bool {
    values.sort_by(f64::total_cmp);
    let value = values[values.len() / 2];
    let mark = if value <= limit { "ok  " } else { "OVER" };
    let worst = values[values.len() - 1];
    println!("{name:<34} {value:>10.1} {limit:>10} {unit:<12} {mark} worst {worst:.1}");
    value > limit
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
