//! The alert list is what both servers know, and their silence is never calm.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::needs;
use crate::stack::{RULES, Stack, WATCHDOG, rows};

#[test]
fn alerts_are_joined_from_both_servers() {
    needs!("real::alerts"; PROMETHEUS, ALERTMANAGER);
    let stack = Stack::start(&format!("{RULES}{WATCHDOG}"));
    stack.trouble();
    stack.alertmanager.wait_alert("Watchdog");
    let server = stack.alertmanager.alerts().expect("alerts");

    for command in [&["alerts", "--format", "json"][..], &["snapshot", "alerts", "--format", "json"]] {
        let done = stack.run(command);
        assert_eq!(done.status, Some(0), "{command:?}: {}", done.stderr);
        let rows = rows(&done.json());
        let prints: BTreeSet<_> = rows.iter().map(|row| row["fingerprint"].to_string()).collect();
        assert_eq!(prints.len(), rows.len(), "{command:?}: an alert of both servers is one alert");
        let row = |name: &str| {
            let found: Vec<&Value> = rows.iter().filter(|row| row["labels"]["alertname"] == name).collect();
            assert_eq!(found.len(), 1, "{command:?} has {name} once: {rows:?}");
            found[0].clone()
        };
        for alert in server.iter().filter(|alert| alert["labels"]["alertname"] != "Watchdog") {
            let name = alert["labels"]["alertname"].as_str().expect("a name");
            let row = row(name);
            for key in ["fingerprint", "labels", "annotations"] {
                assert_eq!(row[key], alert[key], "{command:?} {name} {key}");
            }
        }
        assert_eq!(row("MacStudioThermalThrottling")["state"], "firing");
        assert_eq!(row("MacStudioThermalThrottling")["severity"], "critical");
        assert_eq!(row("MacStudioHighCPU")["state"], "inhibited");
        assert_eq!(row("AIModelInferenceLatency")["state"], "silenced");
        // Known to Prometheus alone, for it does not fire yet.
        let pending: Vec<_> = rows.iter().filter(|row| row["state"] == "pending").collect();
        assert!(
            !pending.is_empty()
                && pending.iter().all(|row| row["labels"]["alertname"] == "SUSBedOccupancyThresholdExceeded"),
            "{command:?}: {pending:?}"
        );
    }

    // A matcher narrows the list; one that nothing meets is a negative answer.
    let done = stack.run(&["alerts", "--format", "json", "severity=critical"]);
    assert_eq!((done.status, rows(&done.json()).len()), (Some(0), 1), "{}", done.stdout);
    let done = stack.run(&["alerts", "--format", "json", "severity=nothing"]);
    assert_eq!((done.status, rows(&done.json()).len()), (Some(1), 0), "{}", done.stdout);
}

#[test]
fn the_watchdogs_absence_is_the_alarm() {
    needs!("real::alerts"; PROMETHEUS, ALERTMANAGER);
    let alarming = |rows: &[Value]| {
        rows.iter().any(|row| row["labels"]["alertname"] == "Watchdog" && row["severity"] == "critical")
    };
    let with = Stack::start(&format!("{RULES}{WATCHDOG}"));
    with.alertmanager.wait_alert("Watchdog");
    let done = with.run(&["snapshot", "overview", "--format", "json"]);
    assert!(!alarming(&rows(&done.json())), "it fires, so all is well: {}", done.stdout);

    let without = Stack::start(RULES);
    for command in
        [&["snapshot", "overview", "--format", "json"][..], &["snapshot", "alerts", "--format", "json"]]
    {
        let done = without.run(command);
        assert!(alarming(&rows(&done.json())), "{command:?}: {}", done.stdout);
    }
}
