//! `traces` and `trace`, the program itself: what it writes where, exit statuses, every way in which a Tempo can be bad.
// Tests stop at the first thing that is not as it should be.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::path::Path;
use std::process::{Command, Stdio};

use plantao::demo::servers::tempo::otlp;
use plantao::model::{Attribute, Span, SpanId, SpanStatus, Trace, TraceId};
use prost::Message as _;
use serde_json::Value;
use wiremock::matchers::{any, path, path_regex, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

const ID: &str = "19f3f0e3dfb8f65015a10f507efb6740";

/// Exit status, stdout and stderr of the program in a home of its own.
async fn run(arguments: &[&str]) -> (Option<i32>, String, String) {
    let arguments: Vec<String> = arguments.iter().map(|one| (*one).to_owned()).collect();
    let done = tokio::task::spawn_blocking(move || {
        let home = tempfile::tempdir().expect("a folder");
        Command::new(env!("CARGO_BIN_EXE_plantao"))
            .args(arguments)
            .env_clear()
            .env("HOME", home.path())
            .env("XDG_CONFIG_HOME", home.path().join("config"))
            .env("XDG_STATE_HOME", home.path().join("state"))
            .env("LANG", "C.UTF-8")
            .stdin(Stdio::null())
            .output()
            .expect("the program runs")
    });
    let done = done.await.expect("the program ends");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (done.status.code(), text(done.stdout), text(done.stderr))
}

/// The body of a capture.
fn body(name: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/wire/{name}.json"));
    let capture: Value = serde_json::from_slice(&std::fs::read(file).expect("a capture")).expect("JSON");
    capture["response"]["body"].as_str().expect("a body").to_owned()
}

fn json(text: impl Into<Vec<u8>>) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw(text, "application/json")
}

/// A Tempo that answers everything alike.
async fn always(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_comes_in_three_forms_and_stdout_holds_it_alone() {
    let server = always(json(body("tempo_search_errors"))).await;
    let tempo = format!("--tempo={}", server.uri());
    let (exit, table, told) = run(&["traces", "{status=error}", &tempo, "--utc"]).await;
    assert_eq!((exit, &*told), (Some(0), ""));
    let lines: Vec<&str> = table.lines().collect();
    assert!(lines[0].starts_with("START  ") && lines[0].ends_with("ROOT"), "{table}");
    assert!(lines[1].contains(" UTC  ") && lines[1].contains("api-gateway  "), "{table}");
    assert!(lines.iter().any(|line| line.contains(ID) && line.contains("1.88s")), "{table}");

    let (exit, lines, _) = run(&["traces", "{status=error}", &tempo, "--format", "jsonl"]).await;
    let one_each: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let (_, array, _) = run(&["traces", "{status=error}", &tempo, "--format", "json"]).await;
    assert_eq!(serde_json::from_str::<Vec<Value>>(&array).expect("JSON"), one_each);
    assert_eq!((exit, one_each.len() + 1), (Some(0), table.lines().count()));
    let hit = one_each.iter().find(|hit| hit["trace_id"] == ID).expect("the trace");
    assert_eq!((&hit["start"], &hit["matched"]), (&"1795324275381911040".into(), &2.into()));
    assert_eq!(hit["spans"][0]["status"], "error");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_is_what_was_said() {
    let server = MockServer::start().await;
    for (name, value) in [
        ("q", "{name=\"a b\"}"),
        ("limit", "7"),
        ("spss", "9"),
        ("start", "1795320000"),
        ("end", "1795323600"),
    ] {
        Mock::given(path("/api/search"))
            .and(query_param(name, value))
            .respond_with(json(body("tempo_search_none")))
            .expect(1)
            .with_priority(1)
            .mount(&server)
            .await;
        let tempo = format!("--tempo={}", server.uri());
        let arguments = ["traces", "{name=\"a b\"}", &tempo, "--limit", "7", "--spans", "9"];
        let times = ["--from", "2026-11-22T04:00:00Z", "--to", "1795323600"];
        let (exit, table, told) = run(&[&arguments[..], &times[..]].concat()).await;
        assert_eq!((exit, table.lines().count(), &*told), (Some(1), 1, ""), "{name}");
        server.verify().await;
        server.reset().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_looked_for_by_a_file_and_never_by_an_argument() {
    let query = "{span.cpf=\"529.982.247-25\"}";
    let server = MockServer::start().await;
    Mock::given(path("/api/search"))
        .and(query_param("q", query))
        .respond_with(json(body("tempo_search_errors")))
        .expect(1)
        .mount(&server)
        .await;
    let tempo = format!("--tempo={}", server.uri());
    let home = tempfile::tempdir().expect("a folder");
    let file = home.path().join("query");
    std::fs::write(&file, format!("{query}\n")).expect("written");
    let file = file.display().to_string();
    let (exit, table, told) = run(&["traces", &tempo, "--query-file", &file]).await;
    assert_eq!((exit, &*told), (Some(0), ""));
    assert!(table.contains(ID), "{table}");
    for (arguments, words) in [
        (&["traces", query, &tempo][..], "names a person"),
        (&["traces", "{}", &tempo, "--query-file", &file], "cannot be used with"),
        (&["traces", &tempo, "--query-file", "/nowhere/at/all"], "/nowhere/at/all"),
        (&["traces", &tempo, "-"], "the query is empty"),
    ] {
        let (exit, out, told) = run(arguments).await;
        assert_eq!((exit, &*out), (Some(2), ""), "{arguments:?}: {told}");
        assert!(told.contains(words) && !told.contains("529.982"), "{arguments:?}: {told}");
    }
    server.verify().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_that_was_reached_is_said() {
    let server = always(json(body("tempo_search_ai"))).await;
    let tempo = format!("--tempo={}", server.uri());
    let (exit, _, told) = run(&["traces", "{}", &tempo, "--limit", "5"]).await;
    assert_eq!(exit, Some(0));
    assert!(told.contains("as many traces as were asked for (5)"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trace_is_a_tree_for_people_and_a_document_for_programs() {
    let server = always(json(body("tempo_trace_v2"))).await;
    let tempo = format!("--tempo={}", server.uri());
    let (exit, text, told) = run(&["trace", ID, &tempo, "--utc"]).await;
    assert_eq!((exit, &*told), (Some(0), ""));
    assert!(
        text.starts_with(&format!(
            "trace {ID}  2026-11-22 05:11:15 UTC  1.88s  3 spans  3 services  2 errors"
        ))
    );
    let place = |words: &str| text.find(words).unwrap_or_else(|| panic!("{words} in {text}"));
    assert!(place("*! api-gateway  POST /v1/login") < place("*!   auth-service  auth.verify"));
    assert!(place("auth.verify") < place("*      ai-engine  ai_inference.facenet"));
    assert!(text.contains("SERVICE       SPANS  ERRORS  OWN    CRITICAL"), "{text}");
    let (_, ascii, _) = run(&["trace", ID, &tempo, "--ascii"]).await;
    assert!(ascii.is_ascii() && ascii.contains("####"), "{ascii}");

    let (exit, document, _) = run(&["trace", ID, &tempo, "--format", "json"]).await;
    let document: Value = serde_json::from_str(&document).expect("JSON");
    assert_eq!((exit, &document["trace_id"]), (Some(0), &ID.into()));
    assert_eq!(document["duration_ns"], 1_883_366_144_i64);
    let spans = document["spans"].as_array().expect("spans");
    assert_eq!(spans.len(), 3);
    assert_eq!((&spans[0]["parent_id"], &spans[0]["kind"]), (&Value::Null, &"server".into()));
    assert_eq!(spans[0]["attributes"]["medical.department"], "emergency");
    assert_eq!(spans[1]["parent_id"], spans[0]["span_id"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_trace_is_a_negative_answer_without_a_result() {
    let server = always(json(body("tempo_trace_v2_unknown"))).await;
    let tempo = format!("--tempo={}", server.uri());
    for format in ["text", "json"] {
        let (exit, out, told) = run(&["trace", "1", &tempo, "--format", format]).await;
        assert_eq!((exit, &*out), (Some(1), ""));
        assert!(told.contains("knows no trace 00000000000000000000000000000001"), "{told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_missing_ends_with_4_and_why() {
    let mut whole: Value = serde_json::from_str(&body("tempo_trace_v2")).expect("JSON");
    whole["status"] = "PARTIAL".into();
    whole["message"] = "1 of 3 queriers failed".into();
    let server = always(json(whole.to_string())).await;
    let tempo = format!("--tempo={}", server.uri());
    let (exit, document, told) = run(&["trace", ID, &tempo, "--format", "json"]).await;
    assert_eq!((exit, &*told), (Some(4), "incomplete: 1 of 3 queriers failed\n"));
    let document: Value = serde_json::from_str(&document).expect("JSON");
    assert_eq!(document["partial"], "1 of 3 queriers failed");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_bad_tempo_has_its_status_and_its_words() {
    for (status, answer, exit, words) in [
        (
            400,
            "invalid TraceQL query: parse error",
            2,
            "refuses the query: invalid TraceQL query: parse error",
        ),
        (401, "no token", 3, "answered 401: no token"),
        (500, "out of memory", 3, "answered 500: out of memory"),
        (200, "<html><title>Sign in</title>", 3, "Sign in"),
        (200, "{\"traces\":[", 3, "cut off"),
        (200, "", 3, "empty body"),
        (429, "too many", 3, "answered 429"),
    ] {
        let answer = ResponseTemplate::new(status).set_body_raw(answer, "text/plain");
        let server = always(answer).await;
        let tempo = format!("--tempo={}", server.uri());
        let (ended, out, told) = run(&["traces", "{}", &tempo]).await;
        assert_eq!((ended, &*out), (Some(exit), ""), "{words}: {told}");
        assert!(told.contains(words) && told.lines().count() == 1, "{words}: {told}");
    }
    let (ended, out, told) = run(&["trace", ID, "--tempo=http://127.0.0.1:1"]).await;
    assert_eq!((ended, &*out), (Some(3), ""));
    assert!(told.contains("refuses connections"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn slips_end_with_2_before_anybody_is_asked() {
    let nobody = "--tempo=http://127.0.0.1:1";
    for (arguments, words) in [
        (&["traces", "{}", "--prometheus=http://127.0.0.1:1"][..], "none is configured: --tempo URL"),
        (&["trace", "zz", nobody], "`zz` is not the id of a trace"),
        (&["traces", "{}", nobody, "--from", "now-1h", "--to", "now-2h"], "ends before it begins"),
        (&["traces", "{}", nobody, "--from", "yesterdya"], "--from: `yesterdya` is not a time"),
        (&["traces", "{}", nobody, "--since", "1h", "--from", "now-1h"], "cannot be used with"),
        (&["traces", "{}", nobody, "--limit", "0"], "0 is not in 1..=100000"),
        (&["traces", nobody], "<QUERY>"),
    ] {
        let (exit, out, told) = run(arguments).await;
        assert_eq!((exit, &*out), (Some(2), ""), "{arguments:?}: {told}");
        assert!(told.contains(words), "{arguments:?}: {told}");
    }
}

/// Personal data of a trace reaches neither stdout nor stderr; that it is there is said.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_person_is_written() {
    let span = Span {
        trace_id: TraceId(1),
        span_id: SpanId(1),
        service: "api".into(),
        name: "GET /patients/529.982.247-25".into(),
        start: 1_795_324_275_000_000_000,
        duration: 5_000_000,
        status: SpanStatus::Error,
        status_message: "no patient 529.982.247-25".into(),
        attributes: vec![("patient_name".into(), Attribute::Text("Maria Silva".into()))],
        ..Span::default()
    };
    let trace = Trace { id: TraceId(1), spans: vec![span] };
    let bytes = otlp::messages(&trace).encode_to_vec();
    let server = MockServer::start().await;
    let protobuf = ResponseTemplate::new(200).set_body_raw(bytes, "application/protobuf");
    // Only version 1 is there.
    Mock::given(path_regex("^/api/traces/")).respond_with(protobuf).mount(&server).await;
    let tempo = format!("--tempo={}", server.uri());
    for format in ["text", "json"] {
        let (exit, out, told) = run(&["trace", "1", &tempo, "--format", format]).await;
        assert_eq!(exit, Some(0), "{told}");
        for raw in ["529.982", "Maria", "Silva"] {
            assert!(!out.contains(raw) && !told.contains(raw), "{raw}: {out}{told}");
        }
        assert!(out.contains("‹cpf:"), "{out}");
        assert!(told.contains("masked in {resource.service.name=\"api\"}: cpf, 2 times"), "{told}");
    }
}

/// A real Tempo's search takes a query for numbers and answers it with every trace there is: its metrics are asked instead.
#[tokio::test(flavor = "multi_thread")]
async fn a_query_for_numbers_gives_numbers() {
    let server = MockServer::start().await;
    Mock::given(path("/api/metrics/query_range"))
        .respond_with(json(body("tempo_metrics_range")))
        .mount(&server)
        .await;
    Mock::given(path("/api/search")).respond_with(json(body("tempo_search_errors"))).mount(&server).await;
    let tempo = format!("--tempo={}", server.uri());
    let query = "{} | rate() by (resource.service.name)";
    let (exit, table, told) = run(&["traces", query, &tempo]).await;
    assert_eq!(exit, Some(0), "{told}");
    assert!(
        table.contains("  last  ") && table.contains("\napi-gateway ") && !table.contains("ROOT"),
        "{table}"
    );
    let (_, lines, _) = run(&["traces", query, &tempo, "--format", "jsonl"]).await;
    let series: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(series.len() + 1, table.lines().count());
    assert!(series.iter().all(|one| one["points"].as_array().is_some_and(|points| !points.is_empty())));
    let (_, document, _) = run(&["traces", query, &tempo, "--format", "json"]).await;
    let document: Value = serde_json::from_str(&document).expect("JSON");
    assert_eq!((&document["kind"], &document["series"]), (&"range".into(), &series.into()));
}

/// The embedded hospital is asked like any other Tempo.
#[tokio::test(flavor = "multi_thread")]
async fn the_embedded_hospital_answers_too() {
    let (exit, lines, told) =
        run(&["traces", "{}", "--demo", "--since", "5m", "--limit", "3", "--format", "jsonl"]).await;
    assert_eq!((exit, lines.lines().count()), (Some(0), 3), "{told}");
    for line in lines.lines() {
        let hit: Value = serde_json::from_str(line).expect("JSON");
        assert!(!hit["root_service"].as_str().expect("a root").is_empty());
        assert!(hit["duration_ns"].as_i64().expect("a duration") >= 0);
    }
    let (exit, out, told) = run(&["trace", "1", "--demo"]).await;
    assert_eq!((exit, &*out), (Some(1), ""), "{told}");
}
