//! Tempo: searches, traces in both encodings and versions, metrics, attributes.

use plantao::model::ask::{Answer, Ask, Key};
use plantao::model::{
    Attribute, FaultKind, Span, SpanId, SpanKind, SpanStatus, Time, TraceDoc, TraceId, TraceList,
};
use wiremock::matchers::{header, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::replay::{ask_one, everything, replay};

const FAILED: &str = "19f3f0e3dfb8f65015a10f507efb6740";
const INFERENCE: &str = "31774cd1710069bfac6b970d2dbe8c2a";

fn over(key: Key) -> Ask {
    let at = |second| Time::from_timestamp(second, 0).expect("a moment");
    Ask::Window { key, start: at(1_795_323_996), end: at(1_795_324_296) }
}

fn search(query: &str, limit: u32) -> Ask {
    over(Key::Traces { query: query.into(), limit, spans: 3 })
}

async fn found(name: &str, limit: u32) -> TraceList {
    match ask_one(name, search("{}", limit)).await.expect("an answer").answer {
        Answer::Traces(list) => list,
        other => panic!("{other:?}"),
    }
}

fn by_id(id: &str) -> Ask {
    Ask::Plain(Key::Trace(TraceId::parse(id).expect("an id")))
}

async fn trace(names: &[&str], id: &str) -> TraceDoc {
    let server = replay(names).await;
    match everything(&server).ask(&by_id(id)).await.expect("an answer").answer {
        Answer::Trace(doc) => doc,
        other => panic!("{other:?}"),
    }
}

fn text<'a>(span: &'a Span, name: &str) -> &'a str {
    match span.attributes.iter().find(|(key, _)| **key == *name) {
        Some((_, Attribute::Text(text))) => text,
        other => panic!("{name}: {other:?}"),
    }
}

#[tokio::test]
async fn a_search_tells_roots_durations_services_and_what_matched() {
    let list = found("tempo_search_ai", 5).await;
    assert_eq!(list.hits.len(), 5);
    assert!(list.more, "as many as were asked for");
    assert!(list.hits.is_sorted_by_key(|hit| std::cmp::Reverse(hit.start)), "newest first");
    let hit = list.hits.iter().find(|hit| hit.id.to_string() == INFERENCE).expect("the trace");
    assert_eq!((&*hit.root_service, &*hit.root_name), ("api-gateway", "POST /v1/transcribe"));
    assert_eq!((hit.start, hit.duration), (1_795_323_998_382_035_968, 756_000_000));
    let services: Vec<_> = hit.services.iter().map(|one| (&*one.name, one.spans, one.errors)).collect();
    let expected = ["ai-engine", "api-gateway", "auth-service", "medical-api", "postgresql"];
    assert_eq!(services, expected.map(|name| (name, 1, 0)));
    assert_eq!((hit.matched.len(), hit.matched_count), (1, 1), "a set that is told twice counts once");
    let span = &hit.matched[0];
    assert_eq!((span.trace_id, span.span_id), (hit.id, SpanId(0x9df6_4d37_0f0b_219a)));
    assert_eq!(&*span.name, "ai_inference.whisper-large");
    assert_eq!((span.start, span.duration), (1_795_323_998_411_897_856, 680_288_000));
}

#[tokio::test]
async fn errors_are_counted_by_service_and_status_is_the_spans_own() {
    let list = found("tempo_search_errors", 20).await;
    assert!(!list.more);
    for hit in list.hits.iter() {
        assert!(hit.services.iter().any(|service| service.errors > 0), "{hit:?}");
        assert!(hit.matched.iter().all(|span| span.status == SpanStatus::Error), "{hit:?}");
        assert!(hit.matched.iter().all(|span| span.attributes.is_empty()), "{hit:?}");
    }
}

#[tokio::test]
async fn what_a_query_selects_comes_with_its_spans() {
    let list = found("tempo_search_structural", 5).await;
    for hit in list.hits.iter() {
        for span in &hit.matched {
            assert_eq!(&*span.service, "ai-engine");
            assert!(!text(span, "ai.model.name").is_empty());
        }
    }
}

#[tokio::test]
async fn nothing_found_is_an_answer_and_older_servers_tell_less() {
    let none = found("tempo_search_none", 20).await;
    assert!(none.hits.is_empty() && !none.more && none.leaks.is_empty());
    let tags = found("tempo_search_tags_style", 3).await;
    assert_eq!((tags.hits.len(), tags.inspected), (3, Some(167)));
    assert!(tags.hits.iter().all(|hit| hit.matched.is_empty() && hit.services.is_empty()));
    let slow = found("tempo_search_slow", 20).await;
    assert!(slow.hits.iter().all(|hit| hit.duration > 2_000_000_000));
}

#[tokio::test]
async fn a_query_that_cannot_be_read_is_the_servers_words() {
    let fault = ask_one("tempo_search_bad", search("{name=", 20)).await.expect_err("refused");
    assert_eq!((fault.kind, fault.status), (FaultKind::BadQuery, Some(400)));
    assert_eq!(
        fault.detail,
        "invalid TraceQL query: parse error at line 1, col 7: syntax error: unexpected $end"
    );
}

#[tokio::test]
async fn json_of_both_versions_is_one_trace() {
    let doc = trace(&["tempo_trace_v2"], FAILED).await;
    assert_eq!(doc, trace(&["tempo_trace_v1"], FAILED).await);
    assert_eq!((doc.trace.id.to_string(), &*doc.partial), (FAILED.to_owned(), ""));
    let [root, auth, ai] = &doc.trace.spans[..] else { panic!("{doc:?}") };
    assert_eq!((&*root.service, &*root.name), ("api-gateway", "POST /v1/login"));
    assert_eq!((root.trace_id, root.parent_id), (doc.trace.id, None));
    assert_eq!((root.kind, root.status), (SpanKind::Server, SpanStatus::Error));
    assert_eq!((&*root.status_message, &*root.scope, root.dropped), ("error", "feed", 0));
    assert_eq!((root.start, root.duration), (1_795_324_275_381_911_040, 1_883_366_144));
    assert_eq!(text(root, "http.response.status_code"), "503");
    assert_eq!(text(root, "medical.department"), "emergency");
    assert_eq!(auth.parent_id, Some(root.span_id));
    assert_eq!(auth.span_id, SpanId(0xac2f_c486_1d75_90f8));
    assert_eq!((ai.parent_id, ai.kind, ai.status), (Some(auth.span_id), SpanKind::Client, SpanStatus::Ok));
}

#[tokio::test]
async fn protobuf_of_both_versions_is_one_trace() {
    let doc = trace(&["tempo_trace_v2_protobuf"], INFERENCE).await;
    assert_eq!(doc, trace(&["tempo_trace_v1_protobuf"], INFERENCE).await);
    assert_eq!(doc.trace.spans.len(), 5);
    let ai = doc.trace.spans.iter().find(|span| &*span.service == "ai-engine").expect("a span");
    assert_eq!(ai.span_id, SpanId(0x9df6_4d37_0f0b_219a));
    assert_eq!((ai.start, ai.duration), (1_795_323_998_411_897_856, 680_288_000));
    assert_eq!(text(ai, "ai.model.name"), "whisper-large");
}

#[tokio::test]
async fn an_unknown_id_is_an_empty_trace_in_both_versions() {
    for name in ["tempo_trace_v1_unknown", "tempo_trace_v2_unknown"] {
        let doc = trace(&[name], "1").await;
        assert!(doc.trace.spans.is_empty() && doc.partial.is_empty(), "{name}");
        assert_eq!(doc.trace.id, TraceId(1));
    }
}

#[tokio::test]
async fn where_protobuf_is_refused_json_is_read() {
    for refusal in [
        ResponseTemplate::new(406),
        ResponseTemplate::new(415).set_body_string("no"),
        ResponseTemplate::new(200).set_body_raw("\u{fffd}\u{fffd}", "application/protobuf"),
    ] {
        let server = replay(&["tempo_trace_v2"]).await;
        Mock::given(path(format!("/prefix/api/v2/traces/{FAILED}")))
            .and(header("accept", "application/protobuf"))
            .respond_with(refusal)
            .with_priority(1)
            .mount(&server)
            .await;
        let Answer::Trace(doc) = everything(&server).ask(&by_id(FAILED)).await.expect("an answer").answer
        else {
            panic!("no trace")
        };
        assert_eq!(doc.trace.spans.len(), 3);
    }
}

#[tokio::test]
async fn a_page_that_is_no_tempo_is_a_fault_and_not_an_unknown_trace() {
    let server = MockServer::start().await;
    for (status, body, kind) in [
        (404, "404 page not found", FaultKind::NotFound),
        (404, "<html><title>Nothing here</title></html>", FaultKind::NotFound),
        (200, "<html><title>Sign in</title></html>", FaultKind::WrongFormat),
        (200, "fine", FaultKind::WrongFormat),
        (500, "rpc error: out of memory", FaultKind::ServerError),
    ] {
        server.reset().await;
        Mock::given(wiremock::matchers::any())
            .respond_with(ResponseTemplate::new(status).set_body_raw(body, "text/plain"))
            .mount(&server)
            .await;
        let fault = everything(&server).ask(&by_id(FAILED)).await.expect_err("a fault");
        assert_eq!((fault.kind, fault.status), (kind, Some(status)), "{body}: {}", fault.detail);
    }
}

#[tokio::test]
async fn what_a_server_says_is_missing_is_said() {
    let server = MockServer::start().await;
    for (body, words) in [
        (r#"{"trace":{},"status":"PARTIAL","message":"3 of 5 blocks failed"}"#, "3 of 5 blocks failed"),
        (r#"{"trace":{},"status":1}"#, "the server says that spans of this trace are missing"),
        (r#"{"trace":{},"status":"COMPLETE"}"#, ""),
    ] {
        server.reset().await;
        Mock::given(wiremock::matchers::any())
            .respond_with(ResponseTemplate::new(200).set_body_raw(body, "application/json"))
            .mount(&server)
            .await;
        let answered = everything(&server).ask(&by_id(FAILED)).await.expect("an answer");
        let Answer::Trace(doc) = answered.answer else { panic!("no trace") };
        assert_eq!(&*doc.partial, words);
        assert_eq!(answered.warnings.is_empty(), words.is_empty());
    }
}

#[tokio::test]
async fn metrics_are_series_by_their_labels() {
    for (name, label) in [
        ("tempo_metrics_range", r#"{resource.service.name="ai-engine"}"#),
        ("tempo_metrics_quantile", r#"{p="0.95", resource.service.name="ai-engine"}"#),
    ] {
        let answer = ask_one(name, over(Key::TraceRange("{} | rate()".into(), 30))).await.expect("an answer");
        let Answer::Matrix(series) = answer.answer else { panic!("no matrix") };
        assert_eq!(series.len(), 5, "{name}");
        let ai = series.iter().find(|one| one.labels.to_string() == label).expect(label);
        assert!(ai.points.is_sorted_by_key(|point| point.t) && ai.points.len() > 5);
        assert!(ai.points.iter().all(|point| point.v > 0.0));
    }
}

#[tokio::test]
async fn attributes_have_their_scope_and_values_are_sorted() {
    let Answer::Names(names) =
        ask_one("tempo_tags_v2", over(Key::TraceTags)).await.expect("an answer").answer
    else {
        panic!("no names")
    };
    for name in ["duration", "span.medical.department", "resource.service.name"] {
        assert!(names.iter().any(|known| **known == *name), "{name}: {names:?}");
    }
    assert!(names.is_sorted());
    let ask = over(Key::TraceTagValues("resource.service.name".into()));
    let Answer::Names(values) = ask_one("tempo_tag_values", ask).await.expect("an answer").answer else {
        panic!("no values")
    };
    assert_eq!(
        values.iter().map(|value| &**value).collect::<Vec<_>>(),
        ["ai-engine", "api-gateway", "auth-service", "medical-api", "postgresql"]
    );
}
