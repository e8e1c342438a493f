//! Bad servers through the whole program: a clear line in the panes, an honest exit status, and
//! never a wait without end.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::needs;
use crate::stack::{RULES, Stack, WATCHDOG, panes, rows, run};
use crate::support::console::Console;
use crate::support::flaky::{Fault, Flaky};

#[test]
fn a_bad_server_is_told_in_one_line_and_never_waited_for() {
    needs!("real::bad_servers"; PROMETHEUS, ALERTMANAGER);
    let stack = Stack::start(RULES);
    let proxy = Flaky::start(stack.prometheus.url());
    let config = tempfile::NamedTempFile::with_suffix(".toml").expect("a file");
    let text = format!(
        "[sources.prometheus]\nurl = \"{}\"\ntimeout = \"3s\"\n[sources.alertmanager]\nurl = \"{}\"\n",
        proxy.url(),
        stack.alertmanager.url()
    );
    std::fs::write(config.path(), text).expect("a configuration");
    let path = config.path().to_string_lossy().into_owned();
    let (huge, slow) = (Fault::Flood(200_000_000), Fault::Hang);
    for (fault, words) in [
        (Fault::Status(401), &["401"][..]),
        (Fault::Status(403), &["403"]),
        (Fault::Status(404), &["404"]),
        (Fault::Status(429), &["429"]),
        (Fault::Status(500), &["500"]),
        (Fault::Html, &["HTML"]),
        (Fault::Cut, &["cut off"]),
        // Which limit is met first depends on the machine: the size, or the time.
        (huge, &["MiB", "3 s"]),
        (slow, &["3 s"]),
    ] {
        proxy.set(fault);
        let began = Instant::now();
        let done = Console::new().run(&["--config", &path, "snapshot", "overview", "--format", "json"]);
        assert!(began.elapsed() < Duration::from_secs(12), "{fault:?} took {:?}", began.elapsed());
        assert_eq!(done.status, Some(4), "{fault:?}: {}", done.stderr);
        assert!(done.stderr.contains("prometheus"), "{fault:?}: said on stderr: {:?}", done.stderr);
        let snapshot = done.json();
        assert_eq!(snapshot["complete"], false, "{fault:?}");
        let bad: Vec<&Value> =
            panes(&snapshot).iter().filter(|pane| pane["source"] == "prometheus").collect();
        assert!(bad.len() > 10, "{fault:?}");
        for pane in bad {
            assert_eq!(pane["state"], "failed", "{fault:?}: {pane}");
            assert_eq!((&pane["values"], &pane["series"]), (&json!([]), &json!([])), "{fault:?}: {pane}");
            let message = pane["message"].as_str().unwrap_or_default();
            let told = words.iter().any(|word| message.contains(word));
            assert!(told && !message.contains('\n') && message.len() < 400, "{fault:?}: {message:?}");
        }
    }

    // A wait that is shorter than the server's deadline ends in time and says what is missing.
    proxy.set(Fault::Hang);
    let began = Instant::now();
    let done =
        Console::new().run(&["--config", &path, "snapshot", "hardware", "--format", "json", "--wait", "1s"]);
    assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
    assert_eq!(done.status, Some(4), "{}", done.stderr);
    assert!(done.stderr.contains("prometheus"), "{:?}", done.stderr);
    let told = done.json();
    assert!(panes(&told).iter().all(|pane| pane["state"] == "loading" && pane["message"] != ""), "{told}");

    // Half of the answers are enough to say so.
    proxy.set(Fault::None);
    proxy.set_path("/api/v1/query_range", Fault::Status(500));
    let done = Console::new().run(&["--config", &path, "snapshot", "hardware", "--format", "json"]);
    assert_eq!((done.status, &done.json()["complete"]), (Some(4), &json!(false)), "{}", done.stderr);
}

#[test]
fn a_dead_prometheus_is_unknown_and_alerts_live_on() {
    needs!("real::bad_servers"; PROMETHEUS, ALERTMANAGER);
    let mut stack = Stack::start(&format!("{RULES}{WATCHDOG}"));
    stack.trouble();
    stack.prometheus.stop();
    let done = stack.run(&["snapshot", "overview", "--format", "json"]);
    assert_eq!(done.status, Some(4), "incomplete: {}", done.stderr);
    assert!(done.stderr.contains("prometheus"), "said on stderr: {:?}", done.stderr);
    let snapshot = done.json();
    assert_eq!(snapshot["complete"], false);
    let dead: Vec<&Value> = panes(&snapshot).iter().filter(|pane| pane["source"] == "prometheus").collect();
    assert!(!dead.is_empty());
    for pane in dead {
        assert_eq!(pane["state"], "failed", "{pane}");
        assert!(pane["message"].as_str().is_some_and(|message| !message.is_empty()), "{pane}");
        assert_eq!(pane["values"], json!([]), "nothing is made up: {pane}");
    }
    assert!(
        rows(&snapshot).iter().any(|row| row["labels"]["alertname"] == "MacStudioThermalThrottling"),
        "the Alertmanager still answers"
    );

    stack.alertmanager.stop();
    let done = stack.run(&["snapshot", "overview", "--format", "json"]);
    assert_eq!(done.status, Some(3), "nobody answered: {}", done.stderr);
    assert!(
        panes(&done.json()).iter().all(|pane| pane["state"] == "failed" || pane["state"] == "unconfigured")
    );
    let done = stack.run(&["alerts", "--format", "json"]);
    assert_eq!(done.status, Some(3), "no list at all is not an empty list: {}", done.stdout);

    let done = stack.run(&["snapshot", "overview", "--size", "120x40"]);
    assert_eq!(done.status, Some(3));
    assert!(done.stdout.contains("UNKNOWN"), "{}", done.stdout);
    assert!(!done.stdout.contains("0 alerts need"), "unknown is not calm:\n{}", done.stdout);
}

#[test]
fn a_server_with_another_clock_is_asked_for_its_own_now() {
    needs!("real::bad_servers"; PROMETHEUS, ALERTMANAGER);
    let stack = Stack::start(RULES);
    let proxy = Flaky::start(stack.prometheus.url());
    for hours in [1, -1] {
        proxy.clock_ahead(TimeDelta::hours(hours));
        proxy.forget();
        let began = chrono::Utc::now();
        let done = run(&proxy.url(), stack.alertmanager.url(), &["snapshot", "hardware", "--format", "json"]);
        let snapshot = done.json();
        for pane in
            panes(&snapshot).iter().filter(|pane| pane["source"] == "prometheus" && !pane["query"].is_null())
        {
            let Some(at) = pane["evaluated_at"].as_str() else { panic!("never asked: {pane}") };
            let at = chrono::DateTime::parse_from_rfc3339(at).expect("RFC 3339");
            let off = (at.to_utc() - began - TimeDelta::hours(hours)).num_seconds().abs();
            assert!(off < 30, "{hours} h ahead: {} asked at {at}, {off} s off", pane["id"]);
        }
        let done = run(&proxy.url(), stack.alertmanager.url(), &["snapshot", "sources", "--format", "json"]);
        let text = done.stdout;
        let word = if hours > 0 { "ahead of" } else { "behind" };
        assert!(text.contains(word), "{word} in {text}");
    }
}
