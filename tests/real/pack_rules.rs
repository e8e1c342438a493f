//! The pack's own rules in a real Prometheus: a fault of the hospital becomes the right row of the
//! console's list, and the end of alerting is itself the alarm.

use chrono::DateTime;
use regex::Regex;
use serde_json::{Value, json};

use crate::needs;
use crate::stack::{Stack, rows};
use crate::support::console::Console;
use crate::support::feed::Mode;
use crate::support::wait;

/// The rules as a person gets them, but with every `for` at two seconds: what each waits for is
/// proved by promtool on series, here it would only cost minutes.
fn exported() -> String {
    let done = Console::new().run(&["rules", "export"]);
    assert_eq!((done.status, done.stderr.as_str()), (Some(0), ""));
    let hold = Regex::new(r"(?m)^(\s+for:) .*$").expect("a pattern");
    let rules = hold.replace_all(&done.stdout, "$1 2s").into_owned();
    assert!(rules.matches("for: 2s").count() >= 20, "{rules}");
    rules
}

/// The console's list, as a script gets it.
fn listed(stack: &Stack) -> Vec<Value> {
    let done = stack.run(&["alerts", "--format", "json"]);
    assert_eq!(done.status, Some(0), "{}", done.stderr);
    rows(&done.json())
}

fn named<'a>(rows: &'a [Value], name: &str) -> &'a Value {
    rows.iter()
        .find(|row| row["labels"]["alertname"] == name)
        .unwrap_or_else(|| panic!("no {name}: {rows:#?}"))
}

fn moment(value: &Value) -> DateTime<chrono::FixedOffset> {
    DateTime::parse_from_rfc3339(value.as_str().expect("a moment")).expect("RFC 3339")
}

#[test]
fn faults_become_rows_and_the_end_of_alerting_is_the_alarm() {
    needs!("real::pack_rules"; PROMETHEUS, ALERTMANAGER);
    let mut stack = Stack::start(&exported());
    stack.alertmanager.wait_alert("Watchdog");
    let done = stack.run(&["alerts", "--format", "json"]);
    assert_eq!((done.status, rows(&done.json())), (Some(1), vec![]), "a calm hospital: {}", done.stderr);

    stack.feed.observe("medical_record_processing_seconds{department=\"emergency\"}", 60.0, 8.0);
    stack.feed.observe("ai_model_inference_seconds{model_name=\"medgemma-4b\"}", 40.0, 12.4);
    stack.feed.set("auth_attempts_total{result=\"failed\",department=\"icu\"}", 20.0);
    stack.feed.set("mac_studio_thermal_state", 3.0);
    stack.feed.set("mac_studio_memory_bytes{type=\"used\"}", 250.0 * 1_073_741_824.0);
    stack.alertmanager.wait_alert("HighMedicalRecordLatency");
    stack.alertmanager.wait_alert("AIModelInferenceLatency");
    stack.alertmanager.wait_alert("HighFailedAuthRate");
    stack.alertmanager.wait_alert("MacStudioThermalThrottling");
    stack.alertmanager.wait_alert("MacStudioHighMemory");
    stack.feed.mode("medical-api", Mode::Refuse);
    stack.alertmanager.wait_alert("MedicalRecordSystemDown");
    // Two critical alerts without a department inhibit the model's warning, which has none either;
    // the warning of the intensive care unit is silenced by a person.
    stack.alertmanager.silence("alertname", "HighFailedAuthRate");
    let muted = |name: &str, by: &str| {
        stack.alertmanager.wait_alert_where(name, by, |alert| {
            alert["status"][by].as_array().is_some_and(|by| !by.is_empty())
        });
    };
    muted("HighFailedAuthRate", "silencedBy");
    muted("AIModelInferenceLatency", "inhibitedBy");

    let rows = listed(&stack);
    for (name, severity, department, minutes, state) in [
        ("MacStudioThermalThrottling", "critical", "", 15, "firing"),
        ("MacStudioHighMemory", "critical", "", 15, "firing"),
        ("MedicalRecordSystemDown", "critical", "all", 15, "firing"),
        ("HighMedicalRecordLatency", "high", "emergency", 60, "firing"),
        ("HighFailedAuthRate", "medium", "icu", 240, "silenced"),
        ("AIModelInferenceLatency", "medium", "", 240, "inhibited"),
    ] {
        let row = named(&rows, name);
        assert_eq!(row["severity"], severity, "{name}: the worse of label and assessment");
        assert_eq!(row["department"], department, "{name}");
        assert_eq!(row["state"], state, "{name}");
        if state == "firing" {
            let within = moment(&row["clock"]["deadline"]) - moment(&row["starts_at"]);
            assert_eq!(within.num_minutes(), minutes, "{name}'s response time");
            let left = row["clock"]["left_s"].as_i64().expect("seconds");
            assert!(left <= minutes * 60 && left > minutes * 60 - 120, "{name}: {left} s left");
        } else {
            assert_eq!(row["clock"], json!(null), "{name}: what is muted waits for nobody");
        }
        assert_eq!(row["labels"]["hospital"], "real-portuguese", "{name}: external labels");
        assert!(row["query"].as_str().is_some_and(|query| !query.is_empty()), "{name}: the rule's PromQL");
    }
    assert_eq!(named(&rows, "MacStudioThermalThrottling")["value"], json!(3.0));
    assert_eq!(named(&rows, "MacStudioThermalThrottling")["origin"], "both");
    assert_ne!(named(&rows, "HighFailedAuthRate")["silenced_by"], json!([]));
    assert_eq!(named(&rows, "HighFailedAuthRate")["inhibited_by"], json!([]));
    assert_ne!(named(&rows, "AIModelInferenceLatency")["inhibited_by"], json!([]));
    assert_eq!(named(&rows, "AIModelInferenceLatency")["silenced_by"], json!([]));
    assert!(!rows.iter().any(|row| row["labels"]["alertname"] == "Watchdog"), "it fires, as it should");
    // A department's page has its own alerts and those that concern everybody.
    let done = stack.run(&["snapshot", "emergency", "--format", "json"]);
    let here = crate::stack::rows(&done.json());
    assert!(here.iter().any(|row| row["labels"]["alertname"] == "HighMedicalRecordLatency"), "{here:?}");
    assert!(here.iter().any(|row| row["labels"]["alertname"] == "MedicalRecordSystemDown"), "{here:?}");

    // Prometheus dies: its alerts are known from Alertmanager until they expire there, then the
    // missing Watchdog is the alarm.
    stack.prometheus.stop();
    wait::until_true("the alerts to expire", || stack.alertmanager.alerts().is_ok_and(|all| all.is_empty()));
    let done = stack.run(&["alerts", "--format", "json"]);
    assert_eq!(done.status, Some(4), "{}", done.stderr);
    let left = crate::stack::rows(&done.json());
    assert_eq!(left.len(), 1, "{left:?}");
    assert_eq!(
        (&left[0]["fingerprint"], &left[0]["labels"]["alertname"]),
        (&json!("watchdog"), &json!("Watchdog"))
    );
    assert_eq!((&left[0]["severity"], &left[0]["state"]), (&json!("critical"), &json!("firing")));
    assert!(left[0]["clock"]["left_s"].as_i64().is_some_and(|left| left <= 900), "{left:?}");
    let done = stack.run(&["snapshot", "overview", "--size", "120x40"]);
    assert!(done.stdout.contains("UNKNOWN") && done.stdout.contains("Watchdog"), "{}", done.stdout);
    assert!(!done.stdout.contains("0 alerts need"), "never calm:\n{}", done.stdout);
}
