//! What a bad link and a heavy hand do: a terminal that hangs, a thousand keys at once, a window
//! dragged about.

use std::time::Duration;

use crate::support::console::Console;
use crate::support::fake::{Behaviour, Fake};
use crate::support::pty::Terminal;
use crate::support::{usage, wait};

/// Keys that come at once.
const KEYS: usize = 1000;
/// Memory of its own that a storm may cost, in MiB. A queue without an end would cost far more.
const GROWTH: f64 = 12.0;

fn open(fake: &Fake) -> Terminal {
    let args = fake.args();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let terminal = Console::new().open(&args, 120, 40);
    terminal.wait_until("the alternate screen", vt100::Screen::alternate_screen);
    terminal
}

/// The alert list with more alerts than keys. Space selects one and moves on, and the footer says
/// how many are selected: a lost key is a number too low.
fn alerts(fake: &Fake) -> Terminal {
    let terminal = open(fake);
    terminal.send("2");
    terminal.wait_text("AIModelInferenceLatency");
    terminal
}

fn many() -> Fake {
    Fake::start(Behaviour { alerts: KEYS * 2, delay: Duration::ZERO, moving: true })
}

#[test]
fn a_thousand_keys_at_once_are_all_heard() {
    let fake = many();
    let terminal = alerts(&fake);
    terminal.send(&" ".repeat(KEYS));
    terminal.wait_text(&format!("{KEYS} selected"));
}

#[test]
fn a_terminal_that_hangs_loses_no_key_and_costs_no_memory() {
    let fake = many();
    let terminal = alerts(&fake);
    let before = usage::own_memory_mib(terminal.pid());
    terminal.stall(true);
    // Other views are whole frames: soon nothing more fits into what the system holds for a terminal.
    terminal.send(&"12".repeat(20));
    terminal.send("2");
    for _ in 0..KEYS / 10 {
        terminal.send(&" ".repeat(10));
    }
    // Output stands still and the console with it: more than a poll interval goes by without a question.
    let mut asked = fake.requests();
    let mut unchanged = 0;
    wait::until_true("the console to wait for its terminal", || {
        let now = fake.requests();
        unchanged = if now == asked { unchanged + 1 } else { 0 };
        asked = now;
        unchanged > 300
    });
    let stalled = usage::own_memory_mib(terminal.pid());
    terminal.stall(false);
    terminal.wait_text(&format!("{KEYS} selected"));
    if let (Some(before), Some(now)) = (before, stalled) {
        assert!(now < before + GROWTH, "{before:.1} MiB grew to {now:.1} MiB while the terminal hung");
    }
}

#[test]
fn five_hundred_sizes_end_in_the_last_one() {
    let fake = Fake::start(Behaviour { alerts: 30, delay: Duration::ZERO, moving: true });
    let terminal = open(&fake);
    terminal.wait_text("AIModelInferenceLatency");
    let before = usage::own_memory_mib(terminal.pid());
    for at in 0..500_u16 {
        // Down to sizes that nothing fits in.
        terminal.resize(1 + at * 37 % 200, 1 + at * 13 % 60);
    }
    terminal.resize(100, 30);
    // Bytes of an older size may still be under way; this asks for the whole screen after them.
    terminal.send("\x0c");
    terminal.wait_until("the last size, whole", |screen| {
        let text = screen.contents();
        let mut lines = text.lines();
        lines.next().is_some_and(|line| line.contains("plantão"))
            && lines.clone().count() == 29
            && lines.next_back().is_some_and(|line| line.contains("help"))
    });
    if let (Some(before), Some(now)) = (before, usage::own_memory_mib(terminal.pid())) {
        assert!(now < before + GROWTH, "{before:.1} MiB grew to {now:.1} MiB");
    }
}
