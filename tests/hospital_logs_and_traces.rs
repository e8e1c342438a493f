//! The embedded hospital's Loki and Tempo over its own lines and traces, asked over HTTP.
// Tests may end by panicking: that is how they fail.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;

use plantao::clock::Clock;
use plantao::demo::{Fault, FaultKind, Hospital, Plan, servers};
use plantao::model::Time;
use plantao::pack;
use serde_json::Value;

fn get(base: &str, target: &str) -> (u16, String) {
    let address = base.strip_prefix("http://").expect("an address");
    let mut stream = TcpStream::connect(address).expect("a connection");
    write!(stream, "GET {target} HTTP/1.0\r\nhost: x\r\n\r\n").expect("sent");
    let mut reply = String::new();
    stream.read_to_string(&mut reply).expect("read");
    let status = reply.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    (status, reply.split_once("\r\n\r\n").expect("a body").1.to_owned())
}

fn json(base: &str, target: &str, pairs: &[(&str, &str)]) -> Value {
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    let (status, body) = get(base, &format!("{target}?{query}"));
    assert_eq!(status, 200, "{target} {pairs:?}: {body}");
    serde_json::from_str(&body).expect("JSON")
}

/// What a log line says, its trace says too: the two servers tell one story.
#[test]
fn lines_lead_to_traces() {
    let now: Time = "2026-11-20T17:30:00Z".parse().unwrap();
    let mut pack = pack::load("hospital", &[]).expect("the shipped pack");
    let demo = pack.demo.as_mut().expect("it has a place");
    demo.world.text = demo.world.text.replace("day_starts_h = 4", "day_starts_h = 13").into();
    let pack = Arc::new(pack);
    let onset = now - chrono::TimeDelta::minutes(12);
    let fault = Fault { kind: FaultKind::DbPool, onset, end: None, severity: 1.0, target: None };
    let plan = Plan { faults: vec![fault], ..Plan::calm(7) };
    let hospital = Arc::new(Hospital::new(&pack, plan, Clock::Fixed(now)).expect("the place"));
    let running = servers::start(&hospital, &pack).expect("servers");
    let (loki, tempo) = (&running.urls.loki, &running.urls.tempo);

    assert_eq!(get(loki, "/ready"), (200, "ready\n".to_owned()));
    assert_eq!(get(tempo, "/ready"), (200, "ready\n".to_owned()));
    let names = json(loki, "/loki/api/v1/labels", &[("since", "10m")]);
    for name in ["category", "level", "service"] {
        assert!(names["data"].as_array().unwrap().iter().any(|found| found == name), "{names}");
    }
    let counts = json(
        loki,
        "/loki/api/v1/query",
        &[("query", "sum by (category) (count_over_time({category=~\".+\"}[10m]))")],
    );
    let categories = counts["data"]["result"].as_array().unwrap();
    assert!(categories.len() >= 3, "{counts}");

    let errors = [("query", "{level=\"error\"} | json | trace_id!=\"\""), ("since", "10m"), ("limit", "5")];
    let lines = json(loki, "/loki/api/v1/query_range", &errors);
    let id = lines["data"]["result"][0]["stream"]["trace_id"].as_str().expect("an error's trace").to_owned();
    let trace = json(tempo, &format!("/api/traces/{id}"), &[]);
    assert!(!trace["batches"].as_array().unwrap().is_empty());

    let search = [("q", "{status=error}"), ("limit", "5"), ("since", "10m")];
    let found = json(tempo, "/api/search", &search);
    let first = &found["traces"][0];
    assert!(first["spanSet"]["matched"].as_u64().is_some_and(|matched| matched > 0), "{found}");
    let id = first["traceID"].as_str().unwrap();
    assert_eq!(get(tempo, &format!("/api/traces/{id}")).0, 200);
    let rate = json(
        tempo,
        "/api/metrics/query_range",
        &[("q", "{} | rate() by (resource.service.name)"), ("since", "10m"), ("step", "60s")],
    );
    assert!(rate["series"].as_array().unwrap().len() >= 3, "{rate}");
}

/// What is followed live is what is found afterwards: nothing is lost and nothing comes twice.
#[test]
fn a_tail_sends_every_line_once() {
    use futures_util::StreamExt as _;

    let now: Time = "2026-11-20T17:30:00Z".parse().unwrap();
    let mut pack = pack::load("hospital", &[]).expect("the shipped pack");
    let demo = pack.demo.as_mut().expect("it has a place");
    demo.world.text = demo.world.text.replace("day_starts_h = 4", "day_starts_h = 14").into();
    let pack = Arc::new(pack);
    let hospital = Arc::new(Hospital::new(&pack, Plan::calm(7), Clock::starting_at(now)).expect("the place"));
    let running = servers::start(&hospital, &pack).expect("servers");
    let loki = running.urls.loki.clone();
    let tail = |query: &str, limit: u32| {
        let pairs =
            [("query", query), ("limit", &limit.to_string()), ("start", &(now.timestamp() - 60).to_string())];
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        format!("{}/loki/api/v1/tail?{query}", loki.replace("http://", "ws://"))
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let connect = async |url: String| {
        let address = loki.strip_prefix("http://").unwrap();
        let stream = tokio::net::TcpStream::connect(address).await.expect("a connection");
        tokio_tungstenite::client_async(url, stream).await.map(|(socket, _)| socket)
    };

    let selector = "{service=~\".+\"}";
    let mut seen: Vec<(i64, String)> = Vec::new();
    runtime.block_on(async {
        let mut socket = connect(tail(selector, 5000)).await.expect("an upgrade");
        let mut frames = 0;
        // A backlog, and two looks that found something after it.
        while frames < 3 {
            let message = socket.next().await.expect("goes on").expect("a frame");
            let Ok(text) = message.to_text() else { continue };
            let frame: Value = serde_json::from_str(text).expect("JSON");
            for stream in frame["streams"].as_array().unwrap() {
                let detected = stream["stream"].get("detected_level").is_some();
                assert_eq!(
                    detected,
                    frames == 0,
                    "live lines of a bare selector carry no metadata: {stream}"
                );
                for value in stream["values"].as_array().unwrap() {
                    seen.push((value[0].as_str().unwrap().parse().unwrap(), value[1].to_string()));
                }
            }
            frames += 1;
        }
    });
    let last = seen.iter().map(|(ts, _)| *ts).max().unwrap();
    let range = json(
        &loki,
        "/loki/api/v1/query_range",
        &[
            ("query", selector),
            ("start", &(now.timestamp() - 60).to_string()),
            ("end", &(last + 1).to_string()),
            ("limit", "5000"),
        ],
    );
    let mut expected: Vec<(i64, String)> = Vec::new();
    for stream in range["data"]["result"].as_array().unwrap() {
        for value in stream["values"].as_array().unwrap() {
            expected.push((value[0].as_str().unwrap().parse().unwrap(), value[1].to_string()));
        }
    }
    seen.sort();
    expected.sort();
    assert!(seen.len() > 20, "there was something to follow: {}", seen.len());
    assert_eq!(seen, expected);

    // What is no log query is told apart: before the upgrade, or by a close after it.
    runtime.block_on(async {
        let refused = connect(tail("{service=", 5)).await.expect_err("a broken query");
        assert!(refused.to_string().contains("400"), "{refused}");
        let mut socket = connect(tail("rate({service=~\".+\"}[1m])", 5)).await.expect("an upgrade");
        let said = socket.next().await.expect("a frame").expect("a close");
        let tokio_tungstenite::tungstenite::Message::Close(Some(close)) = said else { panic!("{said:?}") };
        assert_eq!((u16::from(close.code), &*close.reason), (1011, "only log selector is supported"));
    });
}
