//! Pushing over real sockets: receivers that are well, slow, full, picky, gone and back.
// A test says what is wrong by failing.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::net::TcpListener;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use plantao::app::feed::receiver;
use plantao::clock::Clock;
use plantao::config::Source;
use plantao::demo::push::{Feed, Pace, Pusher, Signal, Tell};
use plantao::model::{Labels, LogEntry, Matcher, Time, Trace, TraceId};
use plantao::query::{LogData, Order, TraceData};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

/// Lines that were all said at the start.
struct Place(Vec<LogEntry>);

impl LogData for Place {
    fn entries(
        &self,
        _: &[Matcher],
        from: i64,
        to: i64,
        _: Order,
        each: &mut dyn FnMut(&LogEntry) -> ControlFlow<()>,
    ) {
        let _ = self.0.iter().filter(|line| (from..to).contains(&line.ts)).try_for_each(each);
    }
}

impl TraceData for Place {
    fn traces(&self, _: i64, _: i64, _: &mut dyn FnMut(&Arc<Trace>) -> ControlFlow<()>) {}

    fn trace(&self, _: TraceId) -> Option<Arc<Trace>> {
        None
    }
}

fn place(start: Time) -> Arc<dyn Feed> {
    let start = start.timestamp_nanos_opt().expect("a time");
    let line = |at: i64| LogEntry {
        ts: start + at,
        labels: Labels::new([("service", "api")]),
        line: at.to_string().into(),
        metadata: Labels::new([("trace_id", "ab")]),
    };
    Arc::new(Place((0..30).map(line).collect()))
}

/// Pushes thirty lines in batches of ten to this address until a condition on what was told holds.
async fn push(address: &str, timeout: Duration, until: impl AsyncFn(&[String]) -> bool) -> Vec<String> {
    let source = Source { timeout, ..Source::at(address.parse().expect("an address")) };
    let target = receiver("loki", Signal::Logs, source).expect("a receiver");
    let said: Arc<Mutex<Vec<String>>> = Arc::default();
    let tell: Tell = {
        let said = Arc::clone(&said);
        Arc::new(move |line: &str| said.lock().unwrap().push(line.to_owned()))
    };
    let start = Clock::System.now();
    let soon = Duration::from_millis(5);
    let pace = Pace { tick: soon, first_wait: soon, longest_wait: soon * 4, batch: 10, ..Pace::default() };
    let pusher = Pusher::new(place(start), Clock::System, vec![target], tell).with_pace(pace).since(start);
    let holds = async {
        loop {
            let now = said.lock().unwrap().clone();
            if until(&now).await {
                return now;
            }
            tokio::time::sleep(soon).await;
        }
    };
    tokio::select! {
        () = pusher.run() => panic!("it ended"),
        said = holds => said,
    }
}

/// Lines that a server took, in the order they came.
async fn taken(server: &MockServer) -> Vec<String> {
    let mut all = Vec::new();
    for request in server.received_requests().await.unwrap_or_default() {
        let body: serde_json::Value = serde_json::from_slice(&request.body).expect("JSON");
        for value in body["streams"][0]["values"].as_array().expect("values") {
            assert_eq!(value[2]["trace_id"], "ab");
            all.push(value[1].as_str().expect("a line").to_owned());
        }
    }
    all
}

fn numbers(range: std::ops::Range<i32>) -> Vec<String> {
    range.map(|at| at.to_string()).collect()
}

const LONG: Duration = Duration::from_secs(20);

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_gets_every_line_in_order() {
    let server = MockServer::start().await;
    let mock = Mock::given(method("POST")).and(path("/loki/api/v1/push"));
    mock.respond_with(ResponseTemplate::new(204)).mount(&server).await;
    let said = push(&server.uri(), LONG, async |_| taken(&server).await.len() >= 30).await;
    assert_eq!(taken(&server).await, numbers(0..30));
    assert_eq!(said, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_receiver_is_waited_for_as_it_asks() {
    let server = MockServer::start().await;
    let full = ResponseTemplate::new(429).insert_header("Retry-After", "1");
    Mock::given(method("POST")).respond_with(full).up_to_n_times(1).with_priority(1).mount(&server).await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(204)).mount(&server).await;
    let said = push(&server.uri(), LONG, async |_| taken(&server).await.len() >= 40).await;
    let all = taken(&server).await;
    assert_eq!(all[..10], all[10..20], "the first batch again");
    assert_eq!(all[10..], numbers(0..30));
    assert_eq!(said, ["loki: HTTP 429; the next try is in 1 s", "loki: takes what is sent again"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picky_receiver_is_not_asked_again() {
    let server = MockServer::start().await;
    let picky = ResponseTemplate::new(400).set_body_string("entry out of order\n");
    Mock::given(method("POST")).respond_with(picky).up_to_n_times(1).with_priority(1).mount(&server).await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(204)).mount(&server).await;
    let said = push(&server.uri(), LONG, async |_| taken(&server).await.len() >= 30).await;
    assert_eq!(taken(&server).await, numbers(0..30), "each once");
    assert_eq!(said, ["loki: in the last minute: refused 10 (HTTP 400: entry out of order)"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_does_not_answer_is_told_of() {
    let server = MockServer::start().await;
    let slow = ResponseTemplate::new(204).set_delay(LONG);
    Mock::given(method("POST")).respond_with(slow).mount(&server).await;
    let short = Duration::from_millis(50);
    let said = push(&server.uri(), short, async |said: &[String]| !said.is_empty()).await;
    assert!(said[0].starts_with("loki: ") && said[0].contains("did not answer within"), "{said:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_comes_back_gets_what_it_missed() {
    let closed = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = closed.local_addr().expect("an address");
    drop(closed);
    let back: Arc<Mutex<Option<Arc<MockServer>>>> = Arc::default();
    let said = push(&format!("http://{address}"), LONG, async |said: &[String]| {
        let server = back.lock().unwrap().clone();
        match server {
            Some(server) => taken(&server).await.len() >= 30,
            None => {
                if !said.is_empty() {
                    let listener = TcpListener::bind(address).expect("the port again");
                    let server = MockServer::builder().listener(listener).start().await;
                    Mock::given(method("POST")).respond_with(ResponseTemplate::new(204)).mount(&server).await;
                    *back.lock().unwrap() = Some(Arc::new(server));
                }
                false
            }
        }
    })
    .await;
    let server = back.lock().unwrap().clone().expect("it is back");
    assert_eq!(taken(&server).await, numbers(0..30));
    assert!(said[0].contains("refused") || said[0].contains("connect"), "{said:?}");
}
