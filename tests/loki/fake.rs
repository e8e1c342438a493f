//! A Loki over lines in memory that gives few lines at once, and lines of one moment in another order each time.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, RwLock};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use plantao::client::Clients;
use plantao::config::{Source, Sources};
use plantao::model::{Labels, LogEntry, Matcher};
use plantao::query::logql::{LogQl, Value};
use plantao::query::{LogData, Order};
use serde_json::json;

/// How the server behaves otherwise than it should.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Manner {
    #[default]
    Well,
    /// It gives less than asked for, and does not refuse.
    Silent,
    /// It gives more lines than asked for.
    TooMany,
    /// Lines of other times come along.
    OtherTimes,
    /// It does not look at stages of a query.
    Deaf,
    /// Answers with more than so many lines are refused by its own transport.
    Narrow(usize),
    /// It does not know the header for categorised labels.
    Merging,
    /// It cannot count.
    Countless,
}

/// What it has.
pub struct Lines {
    /// By time.
    entries: RwLock<Vec<LogEntry>>,
    seed: AtomicU64,
}

impl LogData for Lines {
    fn entries(
        &self,
        matchers: &[Matcher],
        from_ns: i64,
        to_ns: i64,
        order: Order,
        each: &mut dyn FnMut(&LogEntry) -> ControlFlow<()>,
    ) {
        let entries = self.entries.read().expect("lines");
        let from = entries.partition_point(|entry| entry.ts < from_ns);
        let to = entries.partition_point(|entry| entry.ts < to_ns);
        let mut rest = entries.get(from..to).unwrap_or_default();
        let mut random = fastrand::Rng::with_seed(self.seed.fetch_add(1, Ordering::Relaxed));
        loop {
            let edge = match order {
                Order::Forward => rest.first(),
                Order::Backward => rest.last(),
            };
            let Some(edge) = edge.map(|entry| entry.ts) else { return };
            let moment;
            match order {
                Order::Forward => {
                    (moment, rest) = rest.split_at(rest.partition_point(|entry| entry.ts == edge));
                }
                Order::Backward => {
                    (rest, moment) = rest.split_at(rest.partition_point(|entry| entry.ts < edge));
                }
            }
            let mut moment: Vec<&LogEntry> = moment.iter().collect();
            random.shuffle(&mut moment);
            for entry in moment {
                if matchers.iter().all(|matcher| matcher.matches(&entry.labels)) && each(entry).is_break() {
                    return;
                }
            }
        }
    }
}

pub struct Loki {
    lines: Lines,
    pub cap: usize,
    pub manner: Manner,
    /// Requests so far.
    pub requests: AtomicUsize,
    /// Most lines of one answer so far.
    pub largest: AtomicUsize,
    /// Queries that came.
    pub queries: Mutex<Vec<String>>,
}

impl Loki {
    pub fn new(mut entries: Vec<LogEntry>, cap: usize, manner: Manner) -> Arc<Self> {
        entries.sort_by_key(|entry| entry.ts);
        Arc::new(Self {
            lines: Lines { entries: RwLock::new(entries), seed: AtomicU64::new(1) },
            cap,
            manner,
            requests: AtomicUsize::new(0),
            largest: AtomicUsize::new(0),
            queries: Mutex::default(),
        })
    }

    /// Has one more line.
    pub fn write(&self, entry: LogEntry) {
        let mut entries = self.lines.entries.write().expect("lines");
        let at = entries.partition_point(|other| other.ts <= entry.ts);
        entries.insert(at, entry);
    }

    pub fn router(self: &Arc<Self>) -> Router {
        Router::new()
            .route("/loki/api/v1/query_range", any(range))
            .route("/loki/api/v1/query", any(instant))
            .with_state(self.clone())
    }

    /// Listens, and gives a client of it.
    pub async fn listen(self: &Arc<Self>) -> Clients {
        let loki = Source::at(serve(self.router()).await.parse().expect("a url"));
        Clients::new(&Sources { loki: Some(loki), ..Sources::default() })
    }
}

/// Serves on a free port; its address.
pub async fn serve(router: Router) -> String {
    let listener =
        tokio::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

type Params = HashMap<String, String>;

fn params(body: &Bytes) -> Params {
    url::form_urlencoded::parse(body).into_owned().collect()
}

fn number<T: std::str::FromStr>(params: &Params, name: &str) -> T
where
    T::Err: std::fmt::Debug,
{
    params[name].parse().expect("a number")
}

async fn range(State(loki): State<Arc<Loki>>, headers: HeaderMap, body: Bytes) -> Response {
    loki.requests.fetch_add(1, Ordering::Relaxed);
    let params = params(&body);
    let (from, to) = (number::<i64>(&params, "start"), number::<i64>(&params, "end"));
    let mut limit = number::<usize>(&params, "limit");
    if to <= from {
        return (StatusCode::BAD_REQUEST, "end timestamp must not be before or equal to start time")
            .into_response();
    }
    if limit > loki.cap {
        match loki.manner {
            Manner::Silent => limit = loki.cap,
            _ => {
                let cap = loki.cap;
                let words = format!(
                    "max entries limit per query exceeded, limit > max_entries_limit_per_query ({limit} > {cap})"
                );
                return (StatusCode::BAD_REQUEST, words).into_response();
            }
        }
    }
    if loki.manner == Manner::TooMany {
        limit = limit.max(2) * 3 / 2;
    }
    let order = if params["direction"] == "forward" { Order::Forward } else { Order::Backward };
    let text = params["query"].clone();
    loki.queries.lock().expect("queries").push(text.clone());
    let text = if loki.manner == Manner::Deaf { text.lines().next().unwrap_or("").to_owned() } else { text };
    let query = match LogQl::parse(&text) {
        Ok(query) => query,
        Err(error) => return (StatusCode::BAD_REQUEST, error.to_string()).into_response(),
    };
    let asked =
        headers.get("x-loki-response-encoding-flags").is_some_and(|flags| flags == "categorize-labels");
    let apart = asked && loki.manner != Manner::Merging;
    let (from, to) = if loki.manner == Manner::OtherTimes { (from - 50, to + 50) } else { (from, to) };
    let found = query.streams(&loki.lines, (from, to), limit, order, apart).expect("lines");
    let count: usize = found.streams.iter().map(|stream| stream.entries.len()).sum();
    if let Manner::Narrow(most) = loki.manner
        && count > most
    {
        let words =
            "rpc error: code = ResourceExhausted desc = grpc: received message larger than max (9 vs. 4)";
        return (StatusCode::INTERNAL_SERVER_ERROR, words).into_response();
    }
    loki.largest.fetch_max(count, Ordering::Relaxed);
    let streams: Vec<_> = found
        .streams
        .iter()
        .map(|stream| {
            let values: Vec<_> = stream
                .entries
                .iter()
                .map(|entry| {
                    let ts = entry.ts.to_string();
                    if apart {
                        let own = json!({ "structuredMetadata": entry.metadata, "parsed": entry.parsed });
                        json!([ts, &*entry.line, own])
                    } else {
                        json!([ts, &*entry.line])
                    }
                })
                .collect();
            json!({ "stream": stream.labels, "values": values })
        })
        .collect();
    answer(&json!({ "resultType": "streams", "result": streams }))
}

async fn instant(State(loki): State<Arc<Loki>>, body: Bytes) -> Response {
    loki.requests.fetch_add(1, Ordering::Relaxed);
    if loki.manner == Manner::Countless {
        let words = "pipeline error: 'JSONParserErr' for series: '{}'";
        return (StatusCode::BAD_REQUEST, words).into_response();
    }
    let params = params(&body);
    let query = LogQl::parse(&params["query"]).expect("a query");
    let at = number::<i64>(&params, "time");
    let (Value::Vector(vector), _) = query.instant(&loki.lines, at).expect("numbers") else {
        panic!("a number")
    };
    let seconds = at as f64 / 1e9;
    let all: Vec<_> = vector
        .iter()
        .map(|(labels, value)| json!({ "metric": labels, "value": [seconds, value.to_string()] }))
        .collect();
    answer(&json!({ "resultType": "vector", "result": all }))
}

fn answer(data: &serde_json::Value) -> Response {
    let body = json!({ "status": "success", "data": data }).to_string();
    ([("content-type", "application/json")], body).into_response()
}

/// An entry.
pub fn entry(ts: i64, stream: &str, line: &str, metadata: &str) -> LogEntry {
    let metadata = if metadata.is_empty() { Labels::default() } else { Labels::new([("node", metadata)]) };
    LogEntry { ts, labels: Labels::new([("app", "shop"), ("stream", stream)]), line: line.into(), metadata }
}
