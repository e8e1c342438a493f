//! What the console says on a script's page equals what the servers themselves answer.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::needs;
use crate::stack::{RULES, Stack, WATCHDOG, agrees, differences, panes, point_differences, rows};
use crate::support::http;

/// Every view with numbers: its name, the fewest values it must show, and the fewest points in a
/// window of a minute.
const VIEWS: [(&str, usize, usize); 11] = [
    ("overview", 40, 20),
    ("department/cardiology", 10, 10),
    ("department/emergency", 10, 10),
    ("department/surgery", 10, 10),
    ("icu", 10, 10),
    ("hardware", 9, 10),
    ("models", 20, 10),
    ("security", 5, 5),
    ("compliance", 5, 5),
    ("healthcare", 10, 5),
    ("technical", 10, 5),
];

#[test]
fn every_view_is_the_servers_own_now_and_then() {
    needs!("real::snapshot_matches_server"; PROMETHEUS, ALERTMANAGER);
    let stack = Stack::start(&format!("{RULES}{WATCHDOG}"));
    stack.trouble();
    stack.alertmanager.wait_alert("Watchdog");
    // Nine steps of the window hold something, so that the fewest points asked for below are surely
    // there, however the scrapes fall on the steps.
    crate::support::wait::until("three quarters of a minute of data", || {
        let seen = stack.prometheus.value("min(count_over_time(up[1m]))")?;
        if seen >= 45.0 { Ok(()) } else { Err(format!("{seen} scrapes")) }
    });
    for (view, least_values, least_points) in VIEWS {
        agrees(view, || {
            let done = stack.run(&["snapshot", view, "--format", "json"]);
            assert_eq!(done.status, Some(0), "{view}: {}", done.stderr);
            let snapshot = done.json();
            assert_eq!((&snapshot["view"], &snapshot["complete"]), (&json!(view), &json!(true)));
            assert_eq!(snapshot["window"]["live"], true);
            let (wrong, compared) = differences(&snapshot, &stack.prometheus);
            assert!(compared >= least_values, "{view} compared only {compared} values");
            wrong
        });
        // A moment of which the server has stored everything.
        let at = stack.prometheus.value("time()").expect("its clock") - 2.0;
        let done =
            stack.run(&["snapshot", view, "--format", "json", "--since", "1m", "--at", &format!("{at:.3}")]);
        assert_eq!(done.status, Some(0), "{view}: {}", done.stderr);
        let snapshot = done.json();
        assert_eq!(
            (&snapshot["window"]["live"], &snapshot["complete"]),
            (&json!(false), &json!(true)),
            "{view}"
        );
        let (mut wrong, values) = differences(&snapshot, &stack.prometheus);
        let (points_wrong, points) = point_differences(&snapshot, &stack.prometheus, 5);
        wrong.extend(points_wrong);
        assert!(wrong.is_empty(), "{view} at {at}:\n{}", wrong.join("\n"));
        assert!(values >= least_values, "{view} at {at} compared only {values} values");
        assert!(points >= least_points, "{view} at {at} compared only {points} points");
    }
    the_rest_of_the_views(&stack);
}

/// The views that list: alerts, sources and the scrape targets.
fn the_rest_of_the_views(stack: &Stack) {
    let done = stack.run(&["snapshot", "sources", "--format", "json"]);
    assert_eq!(done.status, Some(0), "{}", done.stderr);
    let snapshot = done.json();
    let listed = |id: &str| {
        let pane = panes(&snapshot).iter().find(|pane| pane["id"] == id).unwrap_or_else(|| panic!("no {id}"));
        pane["rows"].as_array().cloned().unwrap_or_default()
    };
    let text = json!(listed("sources")).to_string();
    for part in [stack.prometheus.url(), stack.alertmanager.url(), "2.42", "0.25"] {
        assert!(text.contains(part), "{part} in {text}");
    }
    let targets = listed("targets");
    assert_eq!(targets.len(), crate::support::feed::hospital::JOBS.len(), "{targets:?}");

    let done = stack.run(&["snapshot", "alerts", "--format", "json"]);
    assert_eq!((done.status, &done.json()["complete"]), (Some(0), &json!(true)), "{}", done.stderr);
    let done = stack.run(&["snapshot", "nowhere", "--format", "json"]);
    assert_eq!((done.status, done.stdout.as_str()), (Some(2), ""), "{}", done.stderr);
    assert!(done.stderr.contains("overview") && done.stderr.contains("department/icu"), "{}", done.stderr);
}

#[test]
fn a_moment_in_the_past_is_rebuilt_from_series() {
    needs!("real::snapshot_matches_server"; PROMETHEUS, ALERTMANAGER);
    let stack = Stack::start(&format!("{RULES}{WATCHDOG}"));
    stack.feed.set("mac_studio_thermal_state", 3.0);
    let thermal = stack.alertmanager.wait_alert("MacStudioThermalThrottling");
    let before = stack.prometheus.value("time()").expect("its clock");
    // Then everything changes.
    stack.feed.set("active_medical_sessions{department=\"icu\"}", 99.0);
    stack.feed.set("mac_studio_thermal_state", 0.0);
    crate::support::wait::until_true("later", || {
        stack.prometheus.value("active_medical_sessions{department=\"icu\"}") == Ok(99.0)
            && stack.prometheus.alerts().is_ok_and(|all| {
                !all.iter().any(|alert| alert["labels"]["alertname"] == "MacStudioThermalThrottling")
            })
    });
    let at = format!("{before:.3}");
    let snapshot = |view: &str| {
        let done = stack.run(&["snapshot", view, "--format", "json", "--at", &at]);
        assert_eq!(done.status, Some(0), "{}", done.stderr);
        let snapshot = done.json();
        assert_eq!(snapshot["window"]["live"], false);
        snapshot
    };
    let overview = snapshot("overview");
    let (wrong, compared) = differences(&overview, &stack.prometheus);
    assert!(wrong.is_empty() && compared >= 5, "{compared} compared\n{}", wrong.join("\n"));
    let icu = panes(&overview).iter().flat_map(|pane| pane["values"].as_array().cloned().unwrap_or_default());
    let icu: Vec<Value> = icu.filter(|value| value["labels"] == json!({"department": "icu"})).collect();
    assert!(icu.iter().any(|value| value["value"] == json!(17.0)), "as it was: {icu:?}");
    assert!(!icu.iter().any(|value| value["value"] == json!(99.0)), "not as it is: {icu:?}");
    assert!(
        rows(&overview).iter().any(|row| row["labels"]["alertname"] == "MacStudioThermalThrottling"),
        "what needed somebody then"
    );

    // The list is what ALERTS held then: labels and state of each, the switch itself left out.
    let alerts = snapshot("alerts");
    let server = stack.prometheus.instant("ALERTS", Some(&at)).expect("its alerts");
    let expected: BTreeSet<(String, String)> = server
        .iter()
        .filter(|sample| sample["metric"]["alertname"] != "Watchdog")
        .map(|sample| {
            let mut labels = sample["metric"].clone();
            let state = labels["alertstate"].as_str().expect("a state").to_owned();
            for name in ["__name__", "alertstate"] {
                labels.as_object_mut().expect("labels").remove(name);
            }
            (labels.to_string(), state)
        })
        .collect();
    let shown: BTreeSet<(String, String)> = rows(&alerts)
        .iter()
        .map(|row| (row["labels"].to_string(), row["state"].as_str().unwrap_or_default().to_owned()))
        .collect();
    assert_eq!(shown, expected);
    assert!(expected.len() >= 2, "the thermal alert and pending ones: {expected:?}");
    let row =
        rows(&alerts).into_iter().find(|row| row["labels"]["alertname"] == "MacStudioThermalThrottling");
    let row = row.expect("the thermal alert");
    assert_eq!(row["origin"], "series");
    // ALERTS_FOR_STATE keeps whole seconds.
    let started = |value: &Value| {
        chrono::DateTime::parse_from_rfc3339(value.as_str().expect("a moment")).expect("RFC 3339").timestamp()
    };
    assert_eq!(started(&row["starts_at"]), started(&thermal["startsAt"]));
}

#[test]
fn stdout_carries_the_result_alone() {
    needs!("real::snapshot_matches_server"; PROMETHEUS, ALERTMANAGER);
    let stack = Stack::start(RULES);
    for format in ["text", "ansi", "svg", "html", "json"] {
        let done = stack.run(&["snapshot", "overview", "--format", format, "--size", "120x40"]);
        assert_eq!(done.status, Some(0), "{format}: {}", done.stderr);
        assert_eq!(done.stderr, "", "{format}");
        let escapes = done.stdout.contains('\x1b');
        assert_eq!(escapes, format == "ansi", "{format}");
        if format == "text" {
            assert_eq!(done.stdout.lines().count(), 40);
        }
    }
    assert_eq!(http::get(&format!("{}/-/ready", stack.prometheus.url())).map(|(status, _)| status), Ok(200));
}
