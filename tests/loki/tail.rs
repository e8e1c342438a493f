//! Live tails: every line once, whatever happens to the connection, and what cannot be had is said.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use plantao::client::{Clients, Tail, TailAsk};
use plantao::clock::Clock;
use plantao::config::{Source, Sources};
use plantao::model::{FaultKind, LogEntry, TailBatch, TailEvent, Time};
use serde_json::json;

use crate::fake::{Loki, Manner, entry, serve};

/// What a server does with one connection, one after the other; afterwards it keeps the socket open.
#[derive(Clone, Debug)]
enum Step {
    /// Has these lines, without sending them.
    Has(Vec<LogEntry>),
    /// Has and sends these lines.
    Sends(Vec<LogEntry>),
    /// Sends a frame as it is.
    Frame(String),
    /// Says how many lines it dropped.
    Dropped(usize),
    /// Is gone.
    Gone,
    /// Closes with a reason.
    Closes(&'static str),
    /// Reads nothing any more, so that no ping is answered.
    Deaf,
    /// Does not open a socket.
    Refuses(u16, &'static str),
    /// Answers without switching.
    Page,
}

struct Server {
    loki: Arc<Loki>,
    connections: Mutex<VecDeque<Vec<Step>>>,
}

/// A tail of a server that does this with its connections; after the last it only keeps them open.
async fn tail(connections: Vec<Vec<Step>>, query: &str) -> Tail {
    let loki = Loki::new(Vec::new(), 100, Manner::Well);
    let server = Arc::new(Server { loki: loki.clone(), connections: Mutex::new(connections.into()) });
    let tail = Router::new().route("/loki/api/v1/tail", any(connect)).with_state(server);
    let url = serve(tail.merge(loki.router())).await;
    let mut source = Source::at(url.parse().expect("a url"));
    // Backing off and listening for silence follow from it.
    source.timeout = Duration::from_millis(400);
    let sources = Sources { loki: Some(source), ..Sources::default() };
    let clients = Clients::with_clock(&sources, Clock::Fixed(now()));
    clients.tail(TailAsk { query: query.into(), number: 7, from: Some(ns(-60)), most: None, delay_s: 9 })
}

fn now() -> Time {
    "2026-11-22T05:00:00Z".parse().expect("a time")
}

/// Seconds from now, in nanoseconds since the epoch.
fn ns(seconds: i64) -> i64 {
    now().timestamp_nanos_opt().expect("a moment") + seconds * 1_000_000_000
}

fn line(text: &str) -> LogEntry {
    entry(ns(-1), "s", text, "")
}

fn lines(texts: &[&str]) -> Vec<LogEntry> {
    texts.iter().map(|text| line(text)).collect()
}

async fn connect(
    State(server): State<Arc<Server>>,
    query: axum::extract::RawQuery,
    upgrade: WebSocketUpgrade,
) -> Response {
    let asked = query.0.unwrap_or_default();
    assert!(asked.contains("delay_for=5"), "{asked}");
    let mut steps = server.connections.lock().expect("steps").pop_front().unwrap_or_default();
    match steps.first() {
        Some(Step::Refuses(status, words)) => {
            return (StatusCode::from_u16(*status).expect("a status"), *words).into_response();
        }
        Some(Step::Page) => {
            return ([("content-type", "text/html")], "<html><title>Sign in</title>").into_response();
        }
        _ => {}
    }
    let loki = server.loki.clone();
    upgrade.on_upgrade(move |socket| async move {
        let mut socket = socket;
        for step in steps.drain(..) {
            match step {
                Step::Has(lines) => {
                    for line in lines {
                        loki.write(line);
                    }
                }
                Step::Sends(lines) => {
                    let frame = frame(&lines, 0);
                    for line in lines {
                        loki.write(line);
                    }
                    if socket.send(Message::Text(frame.into())).await.is_err() {
                        return;
                    }
                }
                Step::Frame(text) => {
                    let _ = socket.send(Message::Text(text.into())).await;
                }
                Step::Dropped(count) => {
                    let _ = socket.send(Message::Text(frame(&[], count).into())).await;
                }
                Step::Gone => return,
                Step::Closes(reason) => {
                    let frame = CloseFrame { code: 1011, reason: reason.into() };
                    let _ = socket.send(Message::Close(Some(frame))).await;
                    return;
                }
                Step::Deaf => std::future::pending::<()>().await,
                Step::Refuses(..) | Step::Page => {}
            }
        }
        stay(socket).await;
    })
}

/// Answers pings until the other side leaves.
async fn stay(mut socket: WebSocket) {
    while let Some(Ok(_)) = socket.recv().await {}
}

fn frame(lines: &[LogEntry], dropped: usize) -> String {
    let streams: Vec<_> = lines
        .iter()
        .map(|entry| {
            let own = json!({ "structuredMetadata": entry.metadata });
            json!({ "stream": entry.labels, "values": [[entry.ts.to_string(), &*entry.line, own]] })
        })
        .collect();
    let gone: Vec<_> = (0..dropped).map(|at| json!({ "labels": {}, "timestamp": at.to_string() })).collect();
    json!({ "streams": streams, "dropped_entries": gone }).to_string()
}

/// What came of it until something is true of all of it.
async fn until(
    tail: &mut Tail,
    done: impl Fn(&[LogEntry], &[TailEvent]) -> bool,
) -> (Vec<LogEntry>, Vec<TailEvent>) {
    let (mut entries, mut events) = (Vec::new(), Vec::new());
    let waited = tokio::time::timeout(Duration::from_secs(60), async {
        while !done(&entries, &events) {
            let Some(TailBatch { entries: more, event, number, .. }) = tail.next().await else { break };
            assert_eq!(number, 7);
            entries.extend(more);
            events.extend(event);
        }
    });
    let waited = waited.await.is_ok();
    assert!(waited, "waited in vain; {} lines, {events:?}", entries.len());
    (entries, events)
}

fn texts(entries: &[LogEntry]) -> Vec<&str> {
    let mut all: Vec<&str> = entries.iter().map(|entry| &*entry.line).collect();
    all.sort_unstable();
    all
}

fn connections(events: &[TailEvent]) -> usize {
    events.iter().filter(|event| matches!(event, TailEvent::Connected { .. })).count()
}

const QUERY: &str = "{app=\"shop\"}";

#[tokio::test]
async fn what_is_missed_is_fetched_and_nothing_comes_twice() {
    let mut tail = tail(
        vec![
            vec![
                Step::Has(lines(&["before"])),
                Step::Sends(lines(&["a", "b"])),
                Step::Has(lines(&["c", "twice", "twice"])),
                Step::Gone,
            ],
            vec![Step::Refuses(503, "not ready")],
            // Another gap right after it: the same lines are fetched again.
            vec![Step::Gone],
            vec![Step::Sends(lines(&["d", "same", "same"]))],
        ],
        QUERY,
    )
    .await;
    let (entries, events) = until(&mut tail, |entries, events| {
        connections(events) == 3 && entries.iter().filter(|entry| &*entry.line == "same").count() == 2
    })
    .await;
    assert_eq!(texts(&entries), ["a", "b", "before", "c", "d", "same", "same", "twice", "twice"]);
    assert!(matches!(events.first(), Some(TailEvent::Connected { gap: None })), "{events:?}");
    let gaps: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            TailEvent::Connected { gap: Some(gap) } => Some(gap.filled),
            _ => None,
        })
        .collect();
    assert_eq!(gaps, [true, true], "{events:?}");
    let refused = events.iter().find_map(|event| match event {
        TailEvent::Lost(fault) if fault.kind == FaultKind::ServerError => Some(fault.detail.clone()),
        _ => None,
    });
    assert_eq!(refused.as_deref(), Some("answered 503: not ready"));
}

#[tokio::test]
async fn dropped_lines_are_counted() {
    let mut tail =
        tail(vec![vec![Step::Dropped(3), Step::Sends(lines(&["a"])), Step::Dropped(2)]], QUERY).await;
    let count = |events: &[TailEvent]| -> u64 {
        events.iter().map(|event| if let TailEvent::Dropped(count) = event { *count } else { 0 }).sum()
    };
    let (entries, events) =
        until(&mut tail, |entries, events| count(events) >= 5 && !entries.is_empty()).await;
    assert_eq!((texts(&entries), count(&events)), (vec!["a"], 5));
}

#[tokio::test]
async fn what_cannot_be_followed_is_refused_once() {
    for (connection, query, words) in [
        (
            vec![Step::Refuses(400, "parse error at line 1, col 10: unexpected $end")],
            QUERY,
            "parse error at line 1",
        ),
        (vec![Step::Closes("only log selector is supported")], QUERY, "only log selector is supported"),
        (vec![], "rate({app=\"shop\"}[1m])", "metric query"),
    ] {
        let mut tail = tail(vec![connection], query).await;
        let (_, events) = until(&mut tail, |_, _| false).await;
        let Some(TailEvent::Refused(fault)) = events.last() else { panic!("{events:?}") };
        assert_eq!(fault.kind, FaultKind::BadQuery);
        assert!(fault.detail.contains(words), "{}", fault.detail);
        assert!(tail.next().await.is_none(), "it is not tried again");
    }
}

#[tokio::test]
async fn bad_servers_are_left_and_tried_again() {
    for (step, kind, words) in [
        (Step::Page, FaultKind::WrongFormat, "Sign in"),
        (Step::Frame("<html>".to_owned()), FaultKind::WrongFormat, "not the JSON"),
        (
            Step::Frame("{\"streams\":[{\"stream\":{},\"values\":[[\"x\",\"y\"]]}]}".to_owned()),
            FaultKind::WrongFormat,
            "nanoseconds",
        ),
        (Step::Frame("{}".to_owned()), FaultKind::WrongFormat, "streams"),
        (Step::Deaf, FaultKind::Timeout, "has not said anything"),
        (Step::Closes("tailer is blocked"), FaultKind::Connect, "tailer is blocked"),
        (Step::Refuses(404, "page not found"), FaultKind::NotFound, "page not found"),
        (Step::Refuses(401, "no org id"), FaultKind::Unauthorized, "no org id"),
    ] {
        let mut tail = tail(vec![vec![step.clone()], vec![Step::Sends(lines(&["later"]))]], QUERY).await;
        let (_, events) = until(&mut tail, |entries, _| !entries.is_empty()).await;
        let lost = events.iter().find_map(|event| match event {
            TailEvent::Lost(fault) => Some(fault),
            _ => None,
        });
        let fault = lost.unwrap_or_else(|| panic!("{step:?}: {events:?}"));
        assert_eq!(fault.kind, kind, "{step:?}: {}", fault.detail);
        assert!(fault.detail.contains(words), "{step:?}: {}", fault.detail);
    }
}

#[tokio::test]
async fn a_quiet_tail_stays_open() {
    let mut tail = tail(vec![vec![]], QUERY).await;
    // Several times as long as silence is borne: pings are answered.
    let (_, events) = until(&mut tail, |_, events| connections(events) == 1).await;
    assert_eq!(events.len(), 1);
    let quiet = tokio::time::timeout(Duration::from_secs(2), tail.next()).await;
    assert!(quiet.is_err(), "{quiet:?}");
}

#[tokio::test]
async fn a_slow_reader_gets_every_line_in_bounded_batches() {
    const FRAMES: i64 = 400;
    let frames: Vec<Step> = (0..FRAMES)
        .map(|at| {
            Step::Frame(frame(
                &(0..50).map(|n| entry(ns(at), "s", &format!("{at} {n}"), "")).collect::<Vec<_>>(),
                0,
            ))
        })
        .collect();
    let mut tail = tail(vec![frames], QUERY).await;
    let mut entries: Vec<LogEntry> = Vec::new();
    while entries.len() < FRAMES as usize * 50 {
        let batch = tail.next().await.expect("lines");
        assert!(batch.entries.len() < 2050, "{}", batch.entries.len());
        entries.extend(batch.entries);
        // Others get their turn: the server fills its socket meanwhile.
        tokio::task::yield_now().await;
    }
    assert!(entries.is_sorted_by_key(|entry| entry.ts));
    let mut all: Vec<String> = entries.iter().map(|entry| entry.line.to_string()).collect();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), FRAMES as usize * 50);
}

#[tokio::test]
async fn captured_frames_are_read() {
    for (name, apart) in
        [("loki_tail_bare", false), ("loki_tail_categorized", true), ("loki_tail_pipeline", false)]
    {
        let path = format!("{}/tests/wire/{name}.json", env!("CARGO_MANIFEST_DIR"));
        let capture: serde_json::Value =
            serde_json::from_str(&std::fs::read_to_string(path).expect("a capture")).expect("JSON");
        let frames: Vec<String> = capture["frames"]
            .as_array()
            .expect("frames")
            .iter()
            .map(|frame| frame.as_str().expect("text").to_owned())
            .collect();
        let count: usize = frames.iter().map(|frame| frame.matches("\"values\":[[").count()).sum();
        let mut tail = tail(vec![frames.into_iter().map(Step::Frame).collect()], QUERY).await;
        let (entries, _) = until(&mut tail, |entries, _| entries.len() >= count).await;
        assert_eq!(entries.len(), count, "{name}");
        for entry in &entries {
            assert!(entry.labels.get("service").is_some());
            assert_eq!(entry.metadata.get("detected_level").is_some(), apart, "{name}");
        }
    }
}
