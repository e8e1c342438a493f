//! The JSON outputs have exactly the fields that docs/json.md and the README name.
// Tests stop at the first thing that is not as it should be.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "support/night.rs"]
mod night;
#[path = "support/whole_trace.rs"]
mod whole_trace;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use night::Night;
use plantao::cli::doctor::Report;
use plantao::export;
use plantao::model::TraceId;
use plantao::state::View;
use serde_json::Value;

fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The fields of each object: the tables of docs/json.md, by the word in brackets of their heading.
fn documented() -> BTreeMap<String, BTreeSet<String>> {
    let text = read("docs/json.md");
    let mut all = BTreeMap::new();
    for part in text.split("\n### ").skip(1) {
        let name = part.lines().next().unwrap().trim_matches('`').to_owned();
        // What comes under a heading of its own is no field of it.
        let part = part.split("\n## ").next().unwrap();
        let fields: BTreeSet<String> = part
            .lines()
            .filter_map(|line| line.strip_prefix("| `")?.split('`').next().map(str::to_owned))
            .collect();
        assert!(!fields.is_empty(), "docs/json.md: {name} has no table");
        all.insert(name, fields);
    }
    all
}

/// What object stands at this place, as docs/json.md calls it; `None` where keys are data.
fn kind(path: &str) -> Option<&'static str> {
    match path {
        "view" => Some("view"),
        "view.window" => Some("window"),
        "view.panes" => Some("pane"),
        "view.panes.values" => Some("value"),
        "view.panes.series" => Some("series"),
        "view.panes.rows.alert" | "alerts" => Some("alert"),
        "view.panes.rows.source" => Some("source"),
        "view.panes.rows.target" => Some("target"),
        "view.panes.rows.line" => Some("line"),
        "view.panes.rows.stats" => Some("stats"),
        "silences" => Some("silence"),
        "doctor" => Some("doctor"),
        "doctor.checks" => Some("check"),
        "hits" | "view.panes.rows.hit" => Some("hit"),
        "hits.services" | "view.panes.rows.hit.services" => Some("service"),
        "hits.spans" | "trace.spans" | "view.panes.rows.span" => Some("span"),
        "trace" => Some("trace"),
        other => match other.rsplit('.').next() {
            Some("events") => Some("event"),
            Some("links") => Some("link"),
            Some("ack") => Some("ack"),
            Some("clock") => Some("clock"),
            Some("labels" | "annotations" | "metadata" | "attributes" | "resource") => None,
            _ => panic!("an object at {other} that docs/json.md does not know"),
        },
    }
}

/// Rows of different sorts share a place; each has a field of its own.
fn row_kind(path: &str, object: &serde_json::Map<String, Value>) -> String {
    let sort = match path {
        "view.panes.rows" if object.contains_key("fingerprint") => ".alert",
        "view.panes.rows" if object.contains_key("job") => ".target",
        "view.panes.rows" if object.contains_key("line") => ".line",
        "view.panes.rows" if object.contains_key("chunks") => ".stats",
        "view.panes.rows" if object.contains_key("root_name") => ".hit",
        "view.panes.rows" if object.contains_key("span_id") => ".span",
        "view.panes.rows" => ".source",
        _ => "",
    };
    format!("{path}{sort}")
}

/// Checks every object of a result against the documentation, and notes which were there.
fn check(path: &str, value: &Value, known: &BTreeMap<String, BTreeSet<String>>, seen: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            let path = row_kind(path, object);
            let Some(name) = kind(&path) else { return };
            let fields: BTreeSet<String> = object.keys().cloned().collect();
            assert_eq!(Some(&fields), known.get(name), "the fields of a {name} ({path})");
            seen.insert(name.to_owned());
            for (key, value) in object {
                check(&format!("{path}.{key}"), value, known, seen);
            }
        }
        Value::Array(all) => all.iter().for_each(|one| check(path, one, known, seen)),
        _ => {}
    }
}

fn json(text: &str) -> Value {
    assert_eq!(text.matches('\n').count(), usize::from(text.ends_with('\n')), "one line");
    serde_json::from_str(text).expect("JSON")
}

#[test]
fn every_output_has_exactly_the_fields_that_are_documented() {
    let known = documented();
    let mut seen = BTreeSet::new();
    let explorers = [
        View::Logs("{a=\"b\"}".into()),
        View::Traces("{}".into()),
        View::Trace(TraceId(0xab)),
        View::Metrics("up".into()),
    ];
    let others = [Night::overview(), View::Alerts, View::Sources, Night::detail()];
    for view in others.into_iter().chain(explorers) {
        let night = Night::new(view);
        check("view", &json(&night.view_json()), &known, &mut seen);
    }
    let night = Night::new(View::Alerts);
    check("alerts", &json(&night.alerts_json()), &known, &mut seen);
    check("silences", &json(&night.silences_json()), &known, &mut seen);
    let mut report = Report::default();
    report.ok("theme", "`dark` loads");
    check("hits", &json(&export::hit_json(&whole_trace::hit())), &known, &mut seen);
    let mut document = String::new();
    export::trace_json(&whole_trace::whole(), &mut |piece| document.push_str(piece));
    check("trace", &serde_json::from_str(&document).expect("JSON"), &known, &mut seen);
    check("doctor", &serde_json::from_str(&report.json()).expect("JSON"), &known, &mut seen);
    // Incidents come out of a journal: tests/journal_commands.rs asks the program itself for them.
    let all: BTreeSet<String> = known.keys().filter(|name| *name != "incident").cloned().collect();
    assert_eq!(seen, all, "each documented object was there");
}

#[test]
fn values_are_raw_and_gaps_are_null() {
    let view = json(&Night::new(Night::overview()).view_json());
    let pane = |id: &str| {
        let panes = view["panes"].as_array().unwrap();
        panes.iter().find(|pane| pane["id"] == id).unwrap_or_else(|| panic!("{id} in {panes:#?}"))
    };
    let sessions = pane("overview.cardiology.sessions");
    assert_eq!(sessions["values"][0]["value"], 42.123_456_789);
    assert_eq!(sessions["values"].as_array().unwrap().len(), 1, "the other departments are not this pane's");
    assert_eq!(sessions["state"], "ready");
    assert_eq!(sessions["age_s"], 2);
    let values: Vec<&Value> =
        sessions["series"][0]["points"].as_array().unwrap().iter().map(|p| &p[1]).collect();
    assert_eq!(
        values,
        [&Value::from(1.0), &Value::Null, &Value::from(3.0)],
        "a missing sample is null, not 0"
    );
    assert_eq!(pane("overview.cardiology.p95")["values"][0]["value"], "NaN");
    assert_eq!(pane("overview.cardiology.records")["values"][0]["value"], "+Inf");
    assert_eq!(pane("overview.cardiology.errors")["values"][0]["value"], "-Inf");
    assert_eq!(view["window"]["live"], true);
    assert_eq!(view["complete"], true, "panels without data have answered");
}

#[test]
fn an_explorer_tells_its_answers_raw_and_how_much_of_them() {
    let pane = |view: View, id: &str| {
        let view = json(&Night::new(view).view_json());
        assert_eq!(view["complete"], true, "a page is what was asked for");
        let panes = view["panes"].as_array().unwrap();
        panes.iter().find(|pane| pane["id"] == id).unwrap_or_else(|| panic!("{id} in {panes:#?}")).clone()
    };
    let lines = pane(View::Logs("{a=\"b\"}".into()), "lines");
    assert_eq!((&lines["state"], &lines["source"]), (&"ready".into(), &"loki".into()));
    assert_eq!((&lines["query"], &lines["message"]), (&"{a=\"b\"}".into(), &"1 of more".into()));
    let line = &lines["rows"][0];
    assert_eq!((&line["ts"], &line["line"]), (&"1795327860000000000".into(), &"it failed".into()));
    assert_eq!(line["metadata"]["trace_id"], "ab");
    let spans = pane(View::Trace(TraceId(0xab)), "spans");
    let span = &spans["rows"][0];
    assert_eq!((&span["span_id"], &span["parent_id"]), (&"00000000000000cd".into(), &Value::Null));
    assert_eq!((&span["status"], &span["duration_ns"]), (&"error".into(), &1_500_000_000.into()));
    assert_eq!(span["attributes"]["ai.retries"], serde_json::json!([1, true]));
    let series = pane(View::Metrics("up".into()), "series");
    assert_eq!(series["series"][0]["points"][1][1], Value::Null, "a gap");
}

#[test]
fn an_explorer_whose_server_is_silent_is_not_empty() {
    for view in [View::Logs("{a=\"b\"}".into()), View::Traces("{}".into()), View::Metrics("up".into())] {
        let mut night = Night::asleep(view);
        let asked = json(&night.view_json());
        assert_eq!((&asked["complete"], &asked["panes"][0]["state"]), (&false.into(), &"loading".into()));
        night.fail();
        let failed = json(&night.view_json());
        assert_eq!((&failed["complete"], &failed["panes"][0]["state"]), (&false.into(), &"failed".into()));
        assert_ne!(failed["panes"][0]["message"], "");
    }
}

#[test]
fn a_dead_prometheus_has_unknown_targets_and_not_none() {
    let mut night = Night::asleep(View::Sources);
    night.fail();
    let view = json(&night.view_json());
    let panes = view["panes"].as_array().unwrap();
    let targets = panes.iter().find(|pane| pane["id"] == "targets").unwrap();
    assert_eq!((&targets["state"], &targets["source"]), (&"failed".into(), &"prometheus".into()));
    assert_ne!(targets["message"], "");
    let sources = panes.iter().find(|pane| pane["id"] == "sources").unwrap();
    let prometheus = &sources["rows"][0];
    assert_eq!(prometheus["state"], "failed");
    assert_eq!((&prometheus["latency_ms"], &prometheus["age_s"]), (&Value::Null, &Value::Null));
    assert_ne!(prometheus["failing_since"], Value::Null);
    assert_eq!(view["complete"], false);
}

#[test]
fn alerts_carry_their_clock_and_acknowledgement() {
    let alerts = json(&Night::new(View::Alerts).alerts_json());
    let of = |name: &str| {
        alerts.as_array().unwrap().iter().find(|alert| alert["labels"]["alertname"] == name).unwrap().clone()
    };
    let hot = of("MacStudioThermalThrottling");
    assert_eq!(
        (&hot["state"], &hot["severity"], &hot["ack"]),
        (&"firing".into(), &"critical".into(), &Value::Null)
    );
    assert_eq!(hot["clock"]["left_s"], 900 - 250, "15 minutes from the start, 250 s of them gone");
    let slow = of("AIModelInferenceLatency");
    assert_eq!((&slow["state"], &slow["severity"]), (&"silenced".into(), &"medium".into()));
    assert_eq!((&slow["ack"]["by"], &slow["ack"]["comment"]), (&"ana".into(), &"looking".into()));
}

/// The examples that the documents print are valid and have the documented fields.
#[test]
fn the_examples_of_the_documents_have_the_documented_fields() {
    let known = documented();
    let mut found = 0;
    for name in ["README.md", "docs/json.md"] {
        let text = read(name);
        for example in text.split("```json\n").skip(1) {
            let example = example.split("```").next().unwrap();
            let value: Value =
                serde_json::from_str(example).unwrap_or_else(|error| panic!("{name}: {error}\n{example}"));
            let path = match &value {
                Value::Array(all) if all[0].get("matchers").is_some() => "silences",
                Value::Array(all) if all[0].get("root_service").is_some() => "hits",
                value if value.get("trace_id").is_some() => "trace",
                Value::Array(_) => "alerts",
                value if value.get("checks").is_some() => "doctor",
                _ => "view",
            };
            check(path, &value, &known, &mut BTreeSet::new());
            found += 1;
        }
    }
    assert!(found >= 4, "examples in README.md and docs/json.md: {found}");
}

/// Each field that an example of the documents takes out of the JSON with jq is there.
#[test]
fn what_the_examples_select_is_there() {
    let view = json(&Night::new(Night::overview()).view_json());
    let alerts = json(&Night::new(View::Alerts).alerts_json());
    let mut found = 0;
    for name in ["README.md", "docs/json.md"] {
        for line in read(name).lines().filter(|line| line.contains("| jq ")) {
            let filter = line.split("| jq ").nth(1).unwrap();
            for path in filter.split(|c: char| !(c.is_alphanumeric() || "._".contains(c))) {
                let Some(path) = path.strip_prefix('.').filter(|path| !path.is_empty()) else { continue };
                let pointer = format!("/{}", path.replace('.', "/"));
                let somewhere = [&view, &alerts].into_iter().any(|value| {
                    let rows = value.as_array().or_else(|| value["panes"].as_array()).unwrap();
                    let deep = rows.iter().flat_map(|row| row["values"].as_array().into_iter().flatten());
                    value.pointer(&pointer).is_some()
                        || rows.iter().chain(deep).any(|row| row.pointer(&pointer).is_some())
                });
                assert!(somewhere, "{name}: {path} in {line}");
                found += 1;
            }
        }
    }
    assert!(found >= 4, "{found}");
}
