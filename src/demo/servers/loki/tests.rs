//! The captures' requests, asked of the router over a fixture.

use std::sync::Arc;

use serde_json::{Value, json};

use super::*;
use crate::demo::servers::ask::{Answer, ask, replay};
use crate::model::Time;
use crate::query::fixture::{Fixture, S, START, lines};

fn router_over(fixture: Fixture) -> Router {
    let now = Time::from_timestamp_nanos(START + 300 * S);
    over(Arc::new(fixture), Clock::Fixed(now))
}

fn here() -> Router {
    router_over(lines())
}

fn get(target: &str) -> Answer {
    ask(here(), target, &[], "")
}

fn query(door: &str, pairs: &[(&str, &str)]) -> Answer {
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    get(&format!("/loki/api/v1/{door}?{query}"))
}

#[test]
fn every_capture_has_the_same_shape() {
    for name in [
        "loki_bad_query",
        "loki_buildinfo",
        "loki_empty",
        "loki_index_stats",
        "loki_instant_log_query",
        "loki_instant_vector",
        "loki_label_values_category",
        "loki_labels",
        "loki_limit_too_big",
        "loki_range_matrix",
        "loki_range_pii",
        "loki_range_streams",
        "loki_scalar",
        "loki_series",
        "loki_volume",
        "loki_volume_range",
    ] {
        replay(name, here());
    }
}

#[test]
fn categorised_labels_come_apart() {
    let mut fixture = lines();
    for entry in &mut fixture.entries {
        entry.labels = entry.labels.with("category", "medical_record");
    }
    fixture.entries.retain(|entry| entry.line.starts_with('{'));
    let answer = replay("loki_range_streams_categorized", router_over(fixture)).json();
    let first = &answer["data"]["result"][0];
    assert_eq!(answer["data"]["encodingFlags"], json!(["categorize-labels"]));
    assert_eq!(first["values"][0][2]["structuredMetadata"], json!({ "detected_level": "info" }));
    assert_eq!(first["values"][0][2]["parsed"]["level_extracted"], "info");
    assert_eq!(first["stream"]["level"], "info");
    assert_eq!(first["stream"]["detected_level"], Value::Null);
}

#[test]
fn detected_fields_are_those_of_the_capture() {
    let answer = query("detected_fields", &[("query", "{service=\"ai-engine\"}")]).json();
    let fields = answer["fields"].as_array().expect("fields");
    let find = |label: &str| fields.iter().find(|field| field["label"] == label).expect(label);
    assert_eq!(answer["limit"], 1000);
    let expected = json!({ "label": "success", "type": "boolean", "cardinality": 2, "parsers": ["json"], "jsonPath": ["success"] });
    assert_eq!(find("success"), &expected);
    assert_eq!(find("inference_time_ms")["type"], "float");
    assert_eq!(find("level_extracted")["jsonPath"], json!(["level"]));
    assert_eq!(find("http_status")["jsonPath"], json!(["http", "status"]));
    assert_eq!(
        find("detected_level"),
        &json!({ "label": "detected_level", "type": "string", "cardinality": 1, "parsers": null })
    );
    let values = query("detected_field/department_extracted/values", &[("query", "{service=\"ai-engine\"}")]);
    assert_eq!(values.json()["values"], json!(["cardiology", "emergency", "icu", "surgery"]));
}

#[test]
fn json_lines_have_no_patterns_and_plain_ones_do() {
    let answer = query("patterns", &[("query", "{service=\"ai-engine\"}"), ("step", "60s")]);
    assert_eq!(answer.text(), "{\"status\":\"success\",\"data\":[]}\n");
    let answer = query("patterns", &[("query", "{category=\"system\"}"), ("step", "60s")]).json();
    assert_eq!(answer["data"][0]["pattern"], "fan <_> speed changed to <_> rpm");
    assert_eq!(answer["data"][0]["samples"][0], json!([START / S - 36, 1]));
    assert_eq!(answer["data"].as_array().map(Vec::len), Some(1));
}

#[test]
fn ready_and_what_is_not_there() {
    let ready = get("/ready");
    assert_eq!((ready.status, ready.text().as_str()), (200, "ready\n"));
    let none = get("/loki/api/v1/nothing");
    assert_eq!((none.status, none.text().as_str()), (404, "404 page not found\n"));
    let labels = query("detected_labels", &[]).json();
    assert_eq!(labels["detectedLabels"][0], json!({ "label": "category", "cardinality": 3 }));
}

#[test]
fn a_form_is_taken_as_well() {
    let answer = ask(
        here(),
        "/loki/api/v1/query_range",
        &[("content-type", "application/x-www-form-urlencoded")],
        "query=%7Bcategory%3D%22system%22%7D&limit=3",
    );
    assert_eq!(answer.json()["data"]["result"][0]["values"].as_array().map(Vec::len), Some(3));
}

#[test]
fn limits_directions_and_windows_are_kept() {
    let times = |pairs: &[(&str, &str)]| -> Vec<i64> {
        let answer = query("query_range", pairs).json();
        let values = |stream: &Value| stream["values"].as_array().cloned().unwrap_or_default();
        let streams = answer["data"]["result"].as_array().cloned().expect("streams");
        let entries = streams.iter().flat_map(values);
        entries.map(|entry| (entry[0].as_str().unwrap().parse::<i64>().unwrap() - START) / S).collect()
    };
    let system = ("query", "{category=\"system\"}");
    assert_eq!(times(&[system, ("limit", "2")]), [270, 240]);
    assert_eq!(times(&[system, ("limit", "2"), ("direction", "FORWARD")]), [0, 30]);
    let (start, end) = ((START + 30 * S + 2).to_string(), (START + 60 * S + 2).to_string());
    assert_eq!(times(&[system, ("start", &start), ("end", &end)]), [30]);
    assert_eq!(times(&[system, ("since", "65s")]), [270, 240]);
    for (pairs, expected) in [
        (&[("direction", "sideways")][..], "invalid direction 'sideways'"),
        (&[("limit", "0")], "limit must be a positive value"),
        (&[("limit", "x")], "strconv.Atoi: parsing \"x\": invalid syntax"),
        (&[("start", "5"), ("end", "4")], "end timestamp must not be before or equal to start time"),
        (&[("start", "x")], "could not parse 'start' parameter: cannot parse \"x\" to a valid timestamp"),
    ] {
        let answer = query("query_range", &[&[system], pairs].concat());
        assert_eq!((answer.status, answer.text().as_str()), (400, expected));
        assert_eq!(answer.content_type.as_deref(), Some("text/plain; charset=utf-8"));
    }
    let rate = ("query", "rate({category=\"system\"}[1m])");
    assert_eq!(query("query_range", &[rate, ("step", "0")]).status, 400);
    assert_eq!(query("query_range", &[rate, ("step", "1ms")]).status, 400);
}

#[test]
fn volumes_add_up_and_their_steps_end_a_millisecond_early() {
    let end = (START + 300 * S).to_string();
    let asked = [("query", "{category=~\".+\"}"), ("start", "1795323996"), ("end", &end), ("step", "60s")];
    let total = query("index/volume", &asked).json();
    let first = &total["data"]["result"][0];
    assert_eq!(first["metric"], json!({ "category": "ai_inference" }));
    assert_eq!(first["value"][0], json!(START / S + 300));
    let steps = query("index/volume_range", &asked).json();
    let values = steps["data"]["result"][0]["values"].as_array().expect("values").clone();
    assert_eq!(values[0][0], json!(1_795_324_019.999));
    let sum: u64 = values.iter().map(|point| point[1].as_str().unwrap().parse::<u64>().unwrap()).sum();
    assert_eq!(first["value"][1], sum.to_string());
    let by = query("index/volume", &[asked[0], asked[1], asked[2], ("targetLabels", "level")]).json();
    assert_eq!(by["data"]["result"][0]["metric"], json!({ "level": "info" }));
}
