//! The captures' requests, asked of the router over a fixture.

use std::sync::Arc;

use prost::Message as _;
use serde_json::{Value, json};

use super::*;
use crate::demo::servers::ask::{Answer, ask, capture, difference, replay};
use crate::model::Time;
use crate::query::fixture::{Fixture, S, START, traces};

fn router_over(fixture: Fixture) -> Router {
    let now = Time::from_timestamp_nanos(START + 300 * S);
    over(Arc::new(fixture), Clock::Fixed(now))
}

fn here() -> Router {
    router_over(traces())
}

fn get(target: &str) -> Answer {
    ask(here(), target, &[], "")
}

fn search(pairs: &[(&str, &str)]) -> Answer {
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    get(&format!("/api/search?{query}"))
}

#[test]
fn every_capture_has_the_same_shape() {
    for name in [
        "tempo_buildinfo",
        "tempo_search_ai",
        "tempo_search_bad",
        "tempo_search_errors",
        "tempo_search_none",
        "tempo_search_slow",
        "tempo_tag_values",
        "tempo_tags_v2",
        "tempo_trace_v1_not_hex",
        "tempo_trace_v1_unknown",
        "tempo_trace_v2_unknown",
    ] {
        replay(name, here());
    }
    // A point without spans is told without its zero, so the first of them needs some.
    let mut earlier = traces();
    for trace in &mut earlier.traces {
        Arc::make_mut(trace).spans.iter_mut().for_each(|span| span.start -= 60 * S);
    }
    replay("tempo_metrics_range", router_over(earlier.clone()));
    replay("tempo_metrics_quantile", router_over(earlier));
    // The fixture has other services and models than the capture's hospital.
    let mut fixture = traces();
    for trace in &mut fixture.traces {
        let trace = Arc::make_mut(trace);
        for span in &mut trace.spans {
            if *span.service == *"auth-service" {
                span.service = "medical-api".into();
            }
        }
    }
    replay("tempo_search_tags_style", router_over(fixture.clone()));
    replay("tempo_search_structural", router_over(fixture));
}

#[test]
fn a_trace_by_id_has_the_shape_of_the_capture() {
    for (door, name) in [("/api/traces", "tempo_trace_v1"), ("/api/v2/traces", "tempo_trace_v2")] {
        let answer = get(&format!("{door}/ab0005"));
        let expected: Value = serde_json::from_str(&capture(name).body).expect("JSON");
        assert_eq!(answer.status, 200);
        assert_eq!(answer.content_type.as_deref(), Some("application/json"));
        let mut found = answer.json();
        // What differs in data: no message for a status that nobody gave, a code as a number.
        let batch = if name.ends_with('1') { "/batches/0" } else { "/trace/resourceSpans/0" };
        let span = format!("{batch}/scopeSpans/0/spans/0");
        let span = found.pointer_mut(&span).expect("a span");
        assert_eq!(span["status"], json!({ "code": "STATUS_CODE_ERROR" }));
        span["status"]["message"] = "error".into();
        assert_eq!(span["attributes"][0]["value"], json!({ "intValue": "200" }));
        span["attributes"][0]["value"] = json!({ "stringValue": "200" });
        assert_eq!(difference(&found, &expected, ""), None, "{name}");
    }
    // Leading zeros may be dropped or written.
    assert_eq!(get(&format!("/api/traces/{:032x}", 0x00ab_0005)).status, 200);
    assert_eq!(get(&format!("/api/traces/{}", "a".repeat(33))).status, 400);
}

/// What the real server sent, read and written again, is the same bytes: nothing is misunderstood.
#[test]
fn protobuf_of_the_real_server_survives_a_round_trip() {
    for name in ["tempo_trace_v1_protobuf", "tempo_trace_v2_protobuf"] {
        let path =
            std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wire").join(format!("{name}.json"));
        let all: Value = serde_json::from_slice(&std::fs::read(path).expect("a capture")).expect("JSON");
        let bytes = unbase64(all["response"]["body_base64"].as_str().expect("bytes"));
        let same: Value =
            serde_json::from_str(all["same_trace_as_json"].as_str().expect("the same")).expect("JSON");
        let (again, json) = if name.contains("v1") {
            let trace = proto::Trace::decode(&*bytes).expect("a trace");
            (trace.encode_to_vec(), json!({ "batches": otlp::json(&trace) }))
        } else {
            let answer = proto::TraceById::decode(&*bytes).expect("an answer");
            let trace = answer.trace.clone().unwrap_or_default();
            (
                answer.encode_to_vec(),
                json!({ "trace": { "resourceSpans": otlp::json(&trace) }, "metrics": same["metrics"] }),
            )
        };
        assert_eq!(again, bytes, "{name}");
        assert_eq!(json, same, "{name}");
    }
}

#[test]
fn protobuf_and_json_tell_the_same() {
    let protobuf = [("accept", "application/protobuf")];
    let answer = ask(here(), "/api/traces/ab0004", &protobuf, "");
    assert_eq!(answer.content_type.as_deref(), Some("application/protobuf"));
    let trace = proto::Trace::decode(&*answer.body).expect("a trace");
    assert_eq!(get("/api/traces/ab0004").json(), json!({ "batches": otlp::json(&trace) }));
    let answer = ask(here(), "/api/v2/traces/ab0004", &protobuf, "");
    assert_eq!(proto::TraceById::decode(&*answer.body).expect("an answer").trace, Some(trace));
    let none = ask(here(), "/api/v2/traces/1", &protobuf, "");
    assert_eq!(
        proto::TraceById::decode(&*none.body).expect("an answer").trace,
        Some(proto::Trace::default())
    );
    assert_eq!(ask(here(), "/api/traces/1", &protobuf, "").status, 404);
}

#[test]
fn search_shows_spans_and_what_the_query_names() {
    let answer =
        search(&[("q", "{duration>1s} | select(span.ai.model.name)"), ("limit", "1"), ("spss", "1")]).json();
    let trace = &answer["traces"][0];
    assert_eq!(trace["traceID"], "ab0018");
    assert_eq!(trace["rootTraceName"], "POST /v1/record");
    assert_eq!(trace["durationMs"], 2000);
    assert_eq!(trace["spanSet"]["matched"], 2);
    assert_eq!(trace["spanSet"]["spans"].as_array().map(Vec::len), Some(1));
    assert_eq!(trace["serviceStats"]["ai-engine"], json!({ "spanCount": 2 }));
    let answer = search(&[("q", "{} | count() > 3"), ("limit", "1")]).json();
    let expected = json!([{ "key": "count()", "value": { "intValue": "4" } }]);
    assert_eq!(answer["traces"][0]["spanSet"]["attributes"], expected);
    let count = |pairs: &[(&str, &str)]| search(pairs).json()["traces"].as_array().map(Vec::len);
    assert_eq!(count(&[("q", "{}"), ("limit", "100"), ("minDuration", "1s")]), Some(5));
    assert_eq!(count(&[("q", "{}"), ("limit", "100"), ("maxDuration", "1s")]), Some(25));
    assert_eq!(count(&[("tags", "service.name=ai-engine error=true"), ("limit", "100")]), Some(6));
    assert_eq!(count(&[("tags", "ai.model.name=none")]), Some(0));
    assert_eq!(count(&[]), Some(20));
    for (pairs, expected) in [
        (&[("limit", "0")][..], "invalid limit: must be a positive number"),
        (&[("limit", "x")], "invalid limit: must be a positive number"),
        (
            &[("start", "10"), ("end", "5")],
            "http parameter start must be before end. received start=10 end=5",
        ),
        (
            &[("minDuration", "2s"), ("maxDuration", "1s")],
            "invalid maxDuration: must be greater than minDuration",
        ),
        (&[("q", "{event.a=1}")], "the scope `event.` is not supported by the embedded hospital"),
    ] {
        let answer = search(pairs);
        assert_eq!((answer.status, answer.text().as_str()), (400, expected));
    }
}

#[test]
fn tags_and_their_values() {
    let values = |target: &str| get(target).json()["tagValues"].clone();
    assert_eq!(
        values("/api/v2/search/tag/status/values"),
        json!([{ "type": "keyword", "value": "error" }, { "type": "keyword", "value": "ok" }, { "type": "keyword", "value": "unset" }])
    );
    assert_eq!(values("/api/v2/search/tag/.ai.success/values"), json!([{ "type": "bool", "value": "true" }]));
    assert_eq!(
        values("/api/v2/search/tag/name/values?q=%7Bstatus%3Derror%7D"),
        json!([{ "type": "string", "value": "POST /v1/record" }, { "type": "string", "value": "auth.verify" }])
    );
    assert_eq!(
        values("/api/search/tag/service.name/values"),
        json!(["ai-engine", "api-gateway", "auth-service"])
    );
    assert_eq!(get("/api/v2/search/tag/nothing/values").status, 400);
    let scopes = get("/api/v2/search/tags?scope=resource").json();
    assert_eq!(
        scopes["scopes"],
        json!([{ "name": "resource", "tags": ["deployment.environment", "service.name"] }])
    );
    assert_eq!(get("/api/v2/search/tags?scope=x").status, 400);
    let names = get("/api/search/tags").json();
    assert!(names["tagNames"].as_array().is_some_and(|names| names.contains(&json!("ai.model.name"))));
}

#[test]
fn ready_echo_and_instant_metrics() {
    assert_eq!(get("/ready").text(), "ready\n");
    assert_eq!(get("/api/echo").text(), "echo");
    assert_eq!(get("/api/nothing").status, 404);
    let answer = get("/api/metrics/query?q=%7Bkind%3Dserver%7D%20%7C%20count_over_time()&since=1h").json();
    assert_eq!(answer["series"][0]["value"], 30.0);
}

fn unbase64(text: &str) -> Vec<u8> {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bits = 0_u32;
    let mut size = 0;
    let mut out = Vec::new();
    for byte in text.bytes().filter(|byte| *byte != b'=') {
        let value = LETTERS.iter().position(|letter| *letter == byte).expect("base64");
        bits = (bits << 6 | value as u32) & 0x00ff_ffff;
        size += 6;
        if size >= 8 {
            size -= 8;
            out.push((bits >> size) as u8);
        }
    }
    out
}
