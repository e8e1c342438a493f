//! What a person waits for and what the console costs, each beside its limit: first frame, panes
//! filled, idle CPU, bytes to a calm terminal, key to frame, memory.
//!
//! `cargo bench --bench startup` measures the optimised console that Cargo builds for it;
//! `PLANTAO_BIN` names another one. A number over its limit makes the run fail. `PLANTAO_RAW` names
//! a file that takes what a calm console sent, to look at.
// A bench is a program of its own: it prints its table and ends by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, clippy::print_stderr)]
#![allow(missing_docs)]

#[path = "../tests/support/mod.rs"]
mod support;

use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use support::console::{Console, binary};
use support::fake::{Behaviour, Fake};
use support::pty::{Terminal, keys};
use support::usage;
use vt100::Screen;

/// Starts that a figure of start-up is taken from.
const STARTS: usize = 15;
/// Keys that a figure of latency is taken from.
const KEYS: usize = 200;
/// How long a calm console is watched.
const CALM: Duration = Duration::from_secs(60);
/// What the slowest server takes in the measurement of filled panes.
const DELAY: Duration = Duration::from_millis(200);
/// By then every pane has its answer, and no age on the screen has moved on yet.
const SETTLED: Duration = Duration::from_millis(1500);
/// Alerts in the long list.
const MANY: usize = 10_000;

/// One figure with its limit.
struct Figure {
    name: &'static str,
    value: f64,
    limit: f64,
    unit: &'static str,
    note: String,
}

fn main() -> ExitCode {
    // `cargo test --benches` runs this too, and it is no test; `cargo bench` says `--bench`.
    if !std::env::args().any(|arg| arg == "--bench") {
        return ExitCode::SUCCESS;
    }
    println!("measuring {}", binary().display());
    let mut figures = Vec::new();
    figures.push(first_frame());
    figures.push(panes_filled());
    figures.extend(calm());
    figures.extend(many_alerts());
    println!();
    println!("{:<34} {:>10} {:>10}        how", "figure", "measured", "limit");
    for figure in &figures {
        let mark = if figure.value <= figure.limit { "ok  " } else { "OVER" };
        println!(
            "{:<34} {:>10.2} {:>10} {:<4} {mark} {}",
            figure.name, figure.value, figure.limit, figure.unit, figure.note
        );
    }
    if figures.iter().all(|figure| figure.value <= figure.limit) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn open(fake: &Fake) -> Terminal {
    let args = fake.args();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    Console::new().open(&args, 120, 40)
}

/// From the start of the process to a frame with words on it. Servers answer late, so that the
/// frame is shown not to wait for them.
fn first_frame() -> Figure {
    let fake = Fake::start(Behaviour { delay: Duration::from_secs(5), ..Behaviour::default() });
    let painted = |screen: &Screen| screen.alternate_screen() && !screen.contents().trim().is_empty();
    let mut times: Vec<f64> =
        (0..STARTS).map(|_| millis(open(&fake).wait_until("the first frame", painted))).collect();
    times.sort_by(f64::total_cmp);
    Figure {
        name: "first frame, median",
        value: middle(&times),
        limit: 50.0,
        unit: "ms",
        note: format!("{STARTS} starts, worst {:.1} ms", times[times.len() - 1]),
    }
}

/// From the start of the process to the frame that no answer changes any more. Values stand still,
/// so the settled screen is known; ages and latencies in it are masked.
fn panes_filled() -> Figure {
    let mut times = Vec::new();
    for _ in 0..STARTS {
        let fake = Fake::start(Behaviour { alerts: 12, delay: DELAY, moving: false });
        let terminal = open(&fake);
        let mut seen: Vec<(Duration, String)> = Vec::new();
        let began = Instant::now();
        while began.elapsed() < SETTLED {
            let last = seen.last().map(|(_, text)| text.clone());
            let left = SETTLED.saturating_sub(began.elapsed());
            let Some(at) = terminal.try_until(left, |screen| Some(contents(screen)) != last) else { break };
            seen.push((at, terminal.look(contents)));
        }
        let settled = seen.last().map(|(_, text)| text.clone()).unwrap_or_default();
        // The first frame of the unbroken run of settled ones at the end.
        let from = seen.iter().rposition(|(_, text)| *text != settled).map_or(0, |at| at + 1);
        times.push(millis(seen[from].0) - millis(DELAY));
    }
    times.sort_by(f64::total_cmp);
    Figure {
        name: "panes filled after slowest answer",
        value: middle(&times),
        limit: 100.0,
        unit: "ms",
        note: format!("every answer takes {} ms; worst {:.1} ms", DELAY.as_millis(), times[times.len() - 1]),
    }
}

/// What stands inside the boxes: frames with their ages, header and footer left out, digits masked
/// where they may be an age.
fn contents(screen: &Screen) -> String {
    let text = screen.contents();
    let lines: Vec<&str> = text.lines().collect();
    let inner = lines.get(1..lines.len().saturating_sub(1)).unwrap_or_default();
    inner.iter().filter(|line| !line.contains("──")).map(|line| mask(line) + "\n").collect()
}

fn mask(line: &str) -> String {
    let mut out = String::new();
    // An age grows by a unit as it goes: `55s`, `1m`, `1m05s`.
    let ages = regex::Regex::new(r"\d+[smhd](\d+[smhd])?").expect("a pattern");
    for c in ages.replace_all(line, "#").chars() {
        match c {
            '0'..='9' if out.ends_with('#') => {}
            '0'..='9' => out.push('#'),
            // Padding moves when a number grows by a digit.
            ' ' if out.ends_with(' ') => {}
            _ => out.push(c),
        }
    }
    out
}

/// A calm overview with live values: processor time, bytes to the terminal, memory.
fn calm() -> Vec<Figure> {
    let fake = Fake::start(Behaviour { alerts: 12, delay: Duration::ZERO, moving: true });
    let terminal = open(&fake);
    terminal.wait_until("the alternate screen", Screen::alternate_screen);
    // Start-up is over once every pane has been asked for and answered.
    thread::sleep(Duration::from_secs(5));
    let (requests, bytes) = (fake.requests(), terminal.bytes());
    let cpu = usage::cpu_seconds(terminal.pid());
    let began = Instant::now();
    thread::sleep(CALM);
    let seconds = began.elapsed().as_secs_f64();
    if let Some(path) = std::env::var_os("PLANTAO_RAW") {
        std::fs::write(path, terminal.raw(bytes)).expect("the file of raw bytes");
    }
    let mut out = Vec::new();
    if let (Some(before), Some(after)) = (cpu, usage::cpu_seconds(terminal.pid())) {
        out.push(Figure {
            name: "idle CPU",
            value: (after - before) / seconds * 100.0,
            limit: 1.0,
            unit: "%",
            note: format!("of a core over {seconds:.0} s, {} requests", fake.requests() - requests),
        });
    }
    out.push(Figure {
        name: "bytes a second at rest",
        value: (terminal.bytes() - bytes) as f64 / seconds,
        limit: 500.0,
        unit: "B/s",
        note: "120×40, live panes".to_owned(),
    });
    out.extend(memory(&terminal, "memory, overview"));
    out
}

/// A list of ten thousand alerts: key to frame, memory.
fn many_alerts() -> Vec<Figure> {
    let fake = Fake::start(Behaviour { alerts: MANY, delay: Duration::ZERO, moving: true });
    let terminal = open(&fake);
    terminal.wait_until("the alternate screen", Screen::alternate_screen);
    terminal.send("2");
    terminal.wait_quiet(Duration::from_millis(500));
    terminal.wait_text("AIModelInferenceLatency");
    let mut times: Vec<f64> = (0..KEYS)
        .map(|at| {
            // Down and, each tenth time, up, so that the list also scrolls back.
            let key = if at % 10 == 9 { keys::UP } else { keys::DOWN };
            let time = terminal.answer_time(key, Duration::from_secs(5)).expect("a frame after a key");
            // The rest of the frame comes before the next key.
            terminal.wait_quiet(Duration::from_millis(20));
            millis(time)
        })
        .collect();
    times.sort_by(f64::total_cmp);
    let mut out = vec![Figure {
        name: "key to frame, 99 of 100",
        value: times[times.len() * 99 / 100],
        limit: 16.0,
        unit: "ms",
        note: format!(
            "{MANY} alerts, {KEYS} keys, median {:.2} ms, worst {:.2} ms",
            middle(&times),
            times[times.len() - 1]
        ),
    }];
    out.extend(memory(&terminal, "memory, 10,000 alerts"));
    out
}

fn memory(terminal: &Terminal, name: &'static str) -> Option<Figure> {
    let (now, highest) = usage::memory_mib(terminal.pid())?;
    Some(Figure {
        name,
        value: highest,
        limit: 80.0,
        unit: "MiB",
        note: format!("highest; {now:.1} MiB now"),
    })
}

fn middle(sorted: &[f64]) -> f64 {
    sorted[sorted.len() / 2]
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
