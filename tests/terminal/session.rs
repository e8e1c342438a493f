//! A session: the first frame, the views, the overlays, the sizes.

use std::time::Duration;

use crate::support::console::Console;
use crate::support::fake::{Behaviour, Fake};
use crate::support::pty::{Terminal, keys};
use crate::support::usage;

/// The views by their keys and what stands in the header's trail.
const VIEWS: [(&str, &str); 6] = [
    ("2", "alerts"),
    ("3", "departments"),
    ("4", "hardware"),
    ("5", "models"),
    ("6", "sources"),
    ("1", "overview"),
];

fn open(fake: &Fake, columns: u16, rows: u16) -> Terminal {
    let args = fake.args();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    Console::new().open(&args, columns, rows)
}

/// The first line: program, context, view, lamps, window, clock.
fn header(terminal: &Terminal) -> String {
    terminal.text().lines().next().unwrap_or_default().to_lowercase()
}

fn wait_header(terminal: &Terminal, word: &str) {
    terminal.wait_until(&format!("a header with {word:?}"), |screen| {
        screen.contents().lines().next().is_some_and(|line| line.to_lowercase().contains(word))
    });
}

#[test]
fn it_paints_and_shows_every_view() {
    let fake = Fake::start(Behaviour { alerts: 30, ..Behaviour::default() });
    for (columns, rows) in [(120, 40), (80, 24)] {
        let terminal = open(&fake, columns, rows);
        terminal.wait_until("the alternate screen", vt100::Screen::alternate_screen);
        wait_header(&terminal, "overview");
        for (key, word) in VIEWS {
            terminal.send(key);
            wait_header(&terminal, word);
        }
        terminal.send("2");
        terminal.wait_text("AIModelInferenceLatency");
        let lines: Vec<String> = terminal.text().lines().map(str::to_owned).collect();
        assert!(lines.len() <= usize::from(rows), "{}", lines.len());
    }
}

#[test]
fn the_palette_and_help_open_and_close() {
    let fake = Fake::start(Behaviour::default());
    let terminal = open(&fake, 120, 40);
    wait_header(&terminal, "overview");

    terminal.send(":");
    // The palette lists what no other part of the overview says.
    terminal.wait_text("Shows the list of alerts.");
    terminal.send("hardw");
    terminal.wait_until("the commands that fit", |screen| {
        !screen.contents().contains("Shows the list of alerts.")
    });
    terminal.send(keys::ENTER);
    wait_header(&terminal, "hardware");

    terminal.send("?");
    terminal.wait_text("Shows the list of alerts.");
    // There is more than fits: its end is there too.
    terminal.send("G");
    terminal.wait_text("Leaves plantão.");
    terminal.send(keys::ESC);
    terminal.wait_until("the view again", |screen| !screen.contents().contains("Leaves plantão."));
    assert!(header(&terminal).contains("hardware"), "{}", terminal.text());
}

#[test]
fn what_is_typed_into_the_palette_is_no_command() {
    let fake = Fake::start(Behaviour::default());
    let mut terminal = open(&fake, 120, 40);
    wait_header(&terminal, "overview");
    // `q` quits everywhere but in a prompt.
    terminal.send(":");
    terminal.wait_text("Shows the list of alerts.");
    terminal.send("qq");
    terminal.wait_until("what was typed", |screen| screen.contents().contains("qq"));
    terminal.send(keys::ESC);
    terminal.wait_until("the palette to close", |screen| !screen.contents().contains("qq"));
    assert!(usage::state(terminal.pid()).is_some(), "still running");
    terminal.send("q");
    assert_eq!(terminal.wait_exit().exit_code(), 0);
}

#[test]
fn a_hundred_sizes_end_in_the_last_one() {
    let fake = Fake::start(Behaviour { alerts: 30, ..Behaviour::default() });
    let terminal = open(&fake, 120, 40);
    wait_header(&terminal, "overview");
    for at in 0_u16..100 {
        // From one cell to far more than a screen, in no order.
        let (columns, rows) = (1 + at * 37 % 240, 1 + at * 17 % 70);
        terminal.resize(columns, rows);
    }
    terminal.resize(100, 30);
    terminal.send("6");
    wait_header(&terminal, "sources");
    terminal.wait_until("a frame as wide and high as the terminal", |screen| {
        let rows: Vec<String> = screen.rows(0, 100).collect();
        rows.len() == 30 && rows.last().is_some_and(|footer| !footer.trim().is_empty())
    });
}

#[test]
fn a_small_terminal_says_so_and_recovers() {
    let fake = Fake::start(Behaviour::default());
    let terminal = open(&fake, 79, 23);
    terminal.wait_text("79×23");
    assert!(terminal.text().contains("80×24"), "what it needs: {}", terminal.text());
    terminal.resize(80, 24);
    wait_header(&terminal, "overview");
    terminal.resize(20, 5);
    terminal.wait_until("that it is too small", |screen| !screen.contents().contains("overview"));
    terminal.resize(120, 40);
    wait_header(&terminal, "overview");
}

#[test]
fn ascii_and_no_colour_mean_it() {
    let fake = Fake::start(Behaviour { alerts: 30, ..Behaviour::default() });
    let mut args = fake.args();
    args.push("--ascii".to_owned());
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let terminal = Console::new().with("NO_COLOR", "1").open(&args, 120, 40);
    for (key, word) in VIEWS {
        terminal.send(key);
        wait_header(&terminal, word);
    }
    terminal.wait_quiet(Duration::from_millis(300));
    let raw = String::from_utf8_lossy(&terminal.raw(0)).into_owned();
    assert!(raw.is_ascii(), "{:?}", raw.chars().find(|c| !c.is_ascii()));
    let colours = colours(&raw);
    assert!(colours.is_empty(), "sets colours: {colours:?}");
    assert!(raw.contains("\x1b[1m") || raw.contains("\x1b[7m"), "bold and reversed are no colours");
}

#[test]
fn nothing_invisible_polls() {
    use crate::support::flaky::Flaky;

    let fake = Fake::start(Behaviour { alerts: 5, ..Behaviour::default() });
    let proxy = Flaky::start(&fake.url());
    let url = proxy.url();
    let terminal = Console::new().open(&["--prometheus", &url, "--alertmanager", &url], 120, 40);
    wait_header(&terminal, "overview");
    terminal.send("4");
    wait_header(&terminal, "hardware");
    // What the overview had under way may still arrive; from the second look at a hardware query on
    // only what the hardware page shows may be asked.
    let hardware = |proxy: &Flaky| {
        proxy.seen("/api/v1/query").iter().filter(|seen| is_about(seen, "mac_studio")).count()
    };
    crate::support::wait::until_true("the hardware's first answers", || hardware(&proxy) >= 4);
    proxy.forget();
    crate::support::wait::until_true("the hardware to be polled again", || hardware(&proxy) >= 4);
    let strangers: Vec<_> = proxy
        .seen("/api/v1/query")
        .iter()
        .filter(|seen| is_about(seen, "medical_record") || is_about(seen, "active_medical_sessions"))
        .filter_map(|seen| seen.parameter("query").map(str::to_owned))
        .collect();
    assert!(strangers.is_empty(), "asked for what nobody sees: {strangers:?}");
}

/// What sets a colour among the escape sequences. The terminal's own colour (39, 49) is none.
fn colours(raw: &str) -> Vec<&str> {
    let sequence = regex::Regex::new(r"\x1b\[([0-9;:]*)m").expect("a pattern");
    let coloured = |code: &str| {
        code.parse::<u16>().is_ok_and(|code| matches!(code, 30..=38 | 40..=48 | 58 | 90..=97 | 100..=107))
    };
    let found = sequence.captures_iter(raw).filter(|found| found[1].split([';', ':']).any(coloured));
    found.map(|found| found.get(0).expect("the whole").as_str()).collect()
}

fn is_about(seen: &crate::support::flaky::Seen, metric: &str) -> bool {
    seen.parameter("query").is_some_and(|query| query.contains(metric))
}
