//! What a person does in a session: the list, time, looks, copying, the mouse.

use std::fs;

use crate::support::console::Console;
use crate::support::fake::{Behaviour, Fake};
use crate::support::pty::{Terminal, keys};
use crate::support::usage;

fn open(fake: &Fake) -> Terminal {
    let args = fake.args();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let terminal = Console::new().open(&args, 120, 40);
    wait_header(&terminal, "overview");
    terminal
}

fn wait_header(terminal: &Terminal, word: &str) {
    terminal.wait_until(&format!("a header with {word:?}"), |screen| {
        screen
            .contents()
            .lines()
            .next()
            .is_some_and(|line| line.to_lowercase().contains(&word.to_lowercase()))
    });
}

fn wait_gone(terminal: &Terminal, text: &str) {
    terminal.wait_until(&format!("{text:?} to go"), |screen| !screen.contents().contains(text));
}

/// The list as it stands: every alert of the fake says its number.
fn rows(terminal: &Terminal) -> Vec<String> {
    terminal.text().lines().filter(|line| line.contains("number ")).map(str::to_owned).collect()
}

/// Whether there are alerts on the screen, and all are such.
fn all_rows(screen: &vt100::Screen, such: impl Fn(&str) -> bool) -> bool {
    let text = screen.contents();
    let mut rows = text.lines().filter(|line| line.contains("number ")).peekable();
    rows.peek().is_some() && rows.all(such)
}

/// The alerts' numbers in the order of the list; the fake's number 7 is a second older than its 6.
fn numbers(terminal: &Terminal) -> Vec<usize> {
    let number = regex::Regex::new(r"number (\d+)").expect("a pattern");
    rows(terminal).iter().filter_map(|row| number.captures(row)?[1].parse().ok()).collect()
}

/// Opens the list of alerts and waits until it is there.
fn list(fake: &Fake) -> Terminal {
    let terminal = open(fake);
    terminal.send("2");
    wait_header(&terminal, "alerts");
    terminal.wait_text("number ");
    terminal
}

#[test]
fn the_list_filters_sorts_groups_and_selects() {
    let fake = Fake::start(Behaviour { alerts: 16, ..Behaviour::default() });
    let terminal = list(&fake);
    let critical_first = numbers(&terminal);
    assert_eq!(critical_first.len(), 15, "the silenced one is counted, not listed: {critical_first:?}");
    assert!(critical_first[..4].iter().all(|number| number % 4 == 0), "critical first: {critical_first:?}");

    terminal.send("o");
    terminal.wait_text("by age");
    let by_age = numbers(&terminal);
    assert!(by_age.is_sorted() || by_age.iter().rev().is_sorted(), "{by_age:?}");
    terminal.send("O");
    terminal.wait_text("reversed");
    let reversed: Vec<usize> = by_age.iter().rev().copied().collect();
    assert_eq!(numbers(&terminal), reversed);
    terminal.send("O");
    wait_gone(&terminal, "reversed");

    // Every letter narrows the list; esc brings back what was, enter keeps what is.
    terminal.send("/");
    terminal.send("TargetDown");
    terminal.wait_until("targets alone", |screen| all_rows(screen, |row| row.contains("TargetDown")));
    terminal.send(keys::ESC);
    terminal.wait_until("the others again", |screen| {
        !all_rows(screen, |row| row.contains("TargetDown")) && all_rows(screen, |_| true)
    });
    terminal.send("/");
    terminal.send("department=icu");
    terminal
        .wait_until("the intensive care unit alone", |screen| all_rows(screen, |row| row.contains("ICU")));
    terminal.send(keys::ENTER);
    terminal.send("/\x15");
    terminal.send(keys::ENTER);
    terminal.wait_until("everything again", |screen| screen.contents().contains("Surgery"));

    terminal.send("b");
    terminal.wait_text("grouped by department");
    terminal.wait_until("a head for each", |screen| {
        let text = screen.contents();
        ["Cardiology", "Emergency", "Surgery", "ICU"].iter().all(|title| text.contains(title))
    });
    terminal.send("bbb");
    wait_gone(&terminal, "grouped by");

    terminal.send("g  ");
    terminal.wait_text("2 selected");
    terminal.send("*");
    terminal.wait_text("15 selected");

    terminal.send("m");
    terminal.wait_text("number 9");
}

#[test]
fn an_alert_opens_and_backspace_returns() {
    let fake = Fake::start(Behaviour { alerts: 16, ..Behaviour::default() });
    let terminal = list(&fake);
    let before = rows(&terminal);
    terminal.send("jj");
    terminal.send(keys::ENTER);
    terminal.wait_text("response clock");
    terminal.wait_text("real-portuguese");
    terminal.send("\x7f");
    wait_gone(&terminal, "response clock");
    wait_header(&terminal, "alerts");
    let names = |rows: &[String]| {
        rows.iter().map(|row| row.split("number ").nth(1).map(str::to_owned)).collect::<Vec<_>>()
    };
    assert_eq!(names(&rows(&terminal)), names(&before), "where it was");
    terminal.send(keys::ESC);
    wait_header(&terminal, "overview");
}

#[test]
fn every_view_is_one_step_from_the_next() {
    let fake = Fake::start(Behaviour { alerts: 8, ..Behaviour::default() });
    let terminal = open(&fake);
    for word in [
        "alerts",
        "Cardiology",
        "Emergency",
        "Surgery",
        "ICU",
        "hardware",
        "AI models",
        "security",
        "compliance",
        "health care",
        "technical",
        "incidents",
        "silences",
        "sources",
        "logs",
        "traces",
        "metrics",
        "overview",
    ] {
        terminal.send(">");
        wait_header(&terminal, word);
    }
    terminal.send("<");
    wait_header(&terminal, "metrics");
    // By name, through the palette and through the list of views.
    terminal.send(":");
    terminal.wait_text("Shows the list of alerts.");
    terminal.send("go to view");
    wait_gone(&terminal, "Shows the list of alerts.");
    terminal.send(keys::ENTER);
    terminal.wait_text("department/icu");
    terminal.send(keys::ESC);
    wait_gone(&terminal, "department/icu");
    wait_header(&terminal, "metrics");
}

#[test]
fn time_moves_and_freezes_and_changes_its_zone() {
    let fake = Fake::start(Behaviour { alerts: 8, moving: true, ..Behaviour::default() });
    let terminal = open(&fake);
    wait_header(&terminal, "LIVE 1h");
    terminal.send("[");
    wait_header(&terminal, "PAST");
    terminal.wait_text("sessions");
    terminal.send("[");
    terminal.send("]");
    wait_header(&terminal, "PAST");
    terminal.send("]");
    wait_header(&terminal, "LIVE 1h");
    terminal.send("[");
    wait_header(&terminal, "PAST");
    terminal.send("0");
    wait_header(&terminal, "LIVE 1h");
    terminal.send("=");
    wait_header(&terminal, "LIVE 30m");
    terminal.send("-");
    wait_header(&terminal, "LIVE 1h");

    terminal.send("f");
    wait_header(&terminal, "FROZEN");
    let asked = fake.requests();
    crate::support::wait::until_true("answers that go on arriving", || fake.requests() > asked + 10);
    wait_header(&terminal, "FROZEN");
    terminal.send("f");
    terminal.wait_until("the screen to go on", |screen| {
        screen.contents().lines().next().is_some_and(|line| !line.contains("FROZEN"))
    });

    wait_header(&terminal, "-03");
    terminal.send("u");
    wait_header(&terminal, "UTC");
    terminal.send("u");
    wait_header(&terminal, "-03");
}

#[test]
fn the_theme_changes_what_is_drawn_and_not_what_is_said() {
    let fake = Fake::start(Behaviour { alerts: 8, ..Behaviour::default() });
    let terminal = Console::new().with("COLORTERM", "truecolor").open(
        &fake.args().iter().map(String::as_str).collect::<Vec<_>>(),
        120,
        40,
    );
    wait_header(&terminal, "overview");
    let header = |terminal: &Terminal| {
        terminal.look(|screen| screen.cell(0, 60).map(|cell| (cell.fgcolor(), cell.bgcolor())))
    };
    let dark = header(&terminal);
    terminal.send("t");
    terminal.wait_text("high-contrast");
    terminal.send("g");
    for _ in 0..8 {
        terminal.send("j");
    }
    terminal.send("k");
    terminal.send(keys::ESC);
    wait_gone(&terminal, "high-contrast");
    assert_eq!(header(&terminal), dark, "esc changes nothing");
    terminal.send("t");
    terminal.wait_text("high-contrast");
    // The names are sorted: ansi16, dark, high-contrast, light, mono.
    terminal.send("gjjj");
    terminal.send(keys::ENTER);
    terminal.wait_until("the light theme", |screen| {
        screen.cell(0, 60).map(|cell| (cell.fgcolor(), cell.bgcolor())) != dark
            && !screen.contents().contains("high-contrast")
    });
    wait_header(&terminal, "overview");
}

#[test]
fn another_context_is_other_servers_at_once() {
    let (day, night) = (
        Fake::start(Behaviour { alerts: 8, ..Behaviour::default() }),
        Fake::start(Behaviour { alerts: 0, ..Behaviour::default() }),
    );
    let folder = tempfile::TempDir::new().expect("a folder");
    let path = folder.path().join("config.toml");
    let context = |name: &str, url: String| {
        format!(
            "[contexts.{name}.sources.prometheus]\nurl = \"{url}\"\n[contexts.{name}.sources.alertmanager]\nurl = \"{url}\"\n"
        )
    };
    let config = format!(
        "context = \"daytime\"\n{}{}",
        context("daytime", day.url()),
        context("nighttime", night.url())
    );
    fs::write(&path, config).expect("a configuration");
    let terminal = Console::new().open(&["--config", &path.to_string_lossy()], 120, 40);
    wait_header(&terminal, "daytime");
    terminal.wait_text("AIModelInferenceLatency");
    assert_eq!(night.requests(), 0);
    terminal.send("c");
    terminal.wait_text("nighttime");
    terminal.send("j");
    terminal.send(keys::ENTER);
    wait_header(&terminal, "nighttime");
    terminal.wait_text("0 alerts need anybody");
    assert!(!terminal.text().contains("AIModelInferenceLatency"), "{}", terminal.text());
    // Two rounds of polling, and the first context's servers hear nothing.
    let (left, asked) = (day.requests(), night.requests());
    crate::support::wait::until_true("two rounds", || night.requests() > asked + 60);
    assert!(day.requests() <= left + 1, "the context that was left is still asked");
}

#[test]
fn copying_reaches_the_clipboard_of_the_terminal() {
    let fake = Fake::start(Behaviour { alerts: 8, ..Behaviour::default() });
    let terminal = list(&fake);
    let before = terminal.bytes();
    terminal.send("y");
    terminal.wait_text("Copied");
    let raw = String::from_utf8_lossy(&terminal.raw(before)).into_owned();
    let osc = regex::Regex::new("\x1b\\]52;c;([A-Za-z0-9+/=]+)(\x07|\x1b\\\\)").expect("a pattern");
    let found = osc.captures(&raw).unwrap_or_else(|| panic!("no OSC 52 in {raw:?}"));
    let text = String::from_utf8(base64(&found[1])).expect("text");
    assert!(
        text.starts_with('{') && text.contains("alertname=") && text.contains("real-portuguese"),
        "{text}"
    );
}

/// RFC 4648, for a test's few bytes.
fn base64(text: &str) -> Vec<u8> {
    let digit = |byte: u8| {
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
            .iter()
            .position(|known| *known == byte)
    };
    let (mut bits, mut held, mut out) = (0_u32, 0, Vec::new());
    for value in text.bytes().filter_map(digit) {
        bits = bits << 6 | value as u32;
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push((bits >> held & 0xff) as u8);
        }
    }
    out
}

#[test]
fn the_mouse_scrolls_and_clicks() {
    let fake = Fake::start(Behaviour { alerts: 200, ..Behaviour::default() });
    let mut terminal = list(&fake);
    let first = numbers(&terminal);
    // SGR mouse reports: 65 is the wheel down, 64 up, 0 the left button; columns and rows from 1.
    for _ in 0..20 {
        terminal.send("\x1b[<65;40;20M");
    }
    let top = format!("number {} ", first[0]);
    terminal.wait_until("the list to scroll", |screen| !screen.contents().contains(&top));
    for _ in 0..30 {
        terminal.send("\x1b[<64;40;20M");
    }
    terminal.wait_text(&top);
    assert_eq!(numbers(&terminal), first);
    // A click takes the cursor to the row, a second one or enter opens it.
    let at = terminal
        .text()
        .lines()
        .position(|line| line.contains(&format!("number {} ", first[5])))
        .expect("a row");
    let click = format!("\x1b[<0;40;{0}M\x1b[<0;40;{0}m", at + 1);
    terminal.send(&click);
    terminal.send(keys::ENTER);
    terminal.wait_text("response clock");
    terminal.wait_text(&format!("number {} ", first[5]));
    // A click where nothing is, and half a report, harm nothing.
    terminal.send("\x1b[<0;999;999M\x1b[<0;1;40M");
    terminal.send(keys::ESC);
    wait_gone(&terminal, "response clock");
    assert!(usage::state(terminal.pid()).is_some());
    terminal.send("q");
    assert_eq!(terminal.wait_exit().exit_code(), 0);
}
