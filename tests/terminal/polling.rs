//! What a console in a terminal asks its servers: nothing that is out of sight, and of a trend only
//! the points that are new.

use std::time::Duration;

use crate::support::console::Console;
use crate::support::fake::{Behaviour, Fake};
use crate::support::flaky::{Fault, Flaky, Seen};
use crate::support::pty::Terminal;
use crate::support::wait;

const RANGE: &str = "/api/v1/query_range";
const TARGETS: &str = "/api/v1/targets";

/// A console with a window of a minute, whose step is five seconds, that polls every second.
fn open(proxy: &Flaky) -> Terminal {
    let url = proxy.url();
    let terminal = Console::new().with("PLANTAO_WINDOW", "1m").with("PLANTAO_INTERVAL", "1s").open(
        &["--prometheus", &url, "--alertmanager", &url],
        120,
        40,
    );
    terminal.wait_text("overview");
    terminal
}

fn header(terminal: &Terminal, word: &str) {
    terminal
        .wait_until(word, |screen| screen.contents().lines().next().is_some_and(|line| line.contains(word)));
}

/// A parameter as milliseconds.
fn moment(seen: &Seen, name: &str) -> i64 {
    let text = seen.parameter(name).unwrap_or_else(|| panic!("{seen:?} has no {name}"));
    text.parse::<f64>().map_or_else(
        |_| chrono::DateTime::parse_from_rfc3339(text).expect("a moment").timestamp_millis(),
        |seconds| (seconds * 1000.0) as i64,
    )
}

/// The requests for one trend, oldest first.
fn ranges_of(proxy: &Flaky, query: &str) -> Vec<Seen> {
    proxy.seen(RANGE).into_iter().filter(|seen| seen.parameter("query") == Some(query)).collect()
}

#[test]
fn trends_ask_for_new_points_and_the_unseen_for_nothing() {
    let fake = Fake::start(Behaviour { alerts: 5, moving: true, ..Behaviour::default() });
    let proxy = Flaky::start(&fake.url());
    let terminal = open(&proxy);
    wait::until_true("trends", || proxy.count(RANGE) > 0);
    let first = proxy.seen(RANGE)[0].clone();
    let query = first.parameter("query").expect("a query").to_owned();
    // Both ends lie on the grid of steps; a window that begins exactly on it holds one step more.
    let (start, end) = (moment(&first, "start"), moment(&first, "end"));
    assert_eq!((start % 5000, end % 5000), (0, 0), "the window on its grid: {first:?}");
    assert!((55_000..=60_000).contains(&(end - start)), "the whole window: {first:?}");
    wait::until_true("four rounds", || ranges_of(&proxy, &query).len() >= 4);
    let all = ranges_of(&proxy, &query);
    for pair in all.windows(2) {
        let (before, after) = (&pair[0], &pair[1]);
        assert_eq!(
            moment(after, "start"),
            moment(before, "end") + 5000,
            "it goes on where the last one ended: {all:#?}"
        );
        assert!(moment(after, "end") - moment(after, "start") <= 10_000, "new points alone: {after:?}");
    }

    // Elsewhere: the trends and values of the overview are asked no more, the targets are.
    terminal.send("6");
    header(&terminal, "sources");
    wait::until_true("the targets", || proxy.count(TARGETS) >= 1);
    let last = ranges_of(&proxy, &query).pop().expect("the last");
    proxy.forget();
    wait::until_true("ten rounds of the targets", || proxy.count(TARGETS) >= 10);
    assert_eq!(proxy.count(RANGE), 0, "no trend is in sight: {:#?}", proxy.seen(RANGE));
    assert_eq!(proxy.count("/api/v1/query"), 0, "no value is in sight: {:#?}", proxy.seen("/api/v1/query"));

    // Back: the trend goes on from where it was, with what was missed.
    terminal.send("1");
    header(&terminal, "overview");
    wait::until_true("the trend again", || !ranges_of(&proxy, &query).is_empty());
    let again = &ranges_of(&proxy, &query)[0];
    // A request that was under way when its trend went out of sight was broken off.
    let from = [moment(&last, "start"), moment(&last, "end") + 5000];
    assert!(from.contains(&moment(again, "start")), "from {last:?} on, not all anew: {again:?}");
}

#[test]
fn a_server_that_goes_and_returns_is_told_and_found_again() {
    let fake = Fake::start(Behaviour { alerts: 5, ..Behaviour::default() });
    let proxy = Flaky::start(&fake.url());
    let terminal = open(&proxy);
    terminal.wait_text("AIModelInferenceLatency");
    for fault in [Fault::Status(503), Fault::Html, Fault::Cut] {
        proxy.set(fault);
        terminal.wait_text("STALE");
        // It is still there and answers keys, and what was seen last is marked as old.
        terminal.send("6");
        header(&terminal, "sources");
        terminal.send("1");
        header(&terminal, "overview");
        proxy.set(Fault::None);
        terminal.wait_until(&format!("a fresh screen after {fault:?}"), |screen| {
            !screen.contents().contains("STALE")
        });
    }
    // A server that hangs is stale by its age, before any deadline is over.
    proxy.set(Fault::Hang);
    terminal.wait_text("STALE");
    assert!(terminal.answer_time("6", Duration::from_secs(5)).is_some(), "keys are answered");
    header(&terminal, "sources");
}
