//! `demo serve`, the program itself: a real Prometheus scrapes it by its own configuration and raises
//! the fault's alert; receivers of log lines and spans that are full, gone and back miss nothing.
// A test says what is wrong by failing.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr, missing_docs)]

#[path = "support/mod.rs"]
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::net::TcpListener;
use std::ops::ControlFlow;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use chrono::DateTime;
use plantao::clock::Clock;
use plantao::demo::{Hospital, Plan};
use plantao::query::{LogData, Order, TraceData};
use regex::Regex;
use serde_json::Value;
use support::console::Console;
use support::process::Process;
use support::pty::keys;
use support::serve::{Server, close_after};
use support::servers::{Prometheus, PrometheusConfig};
use support::{http, wait};
use tempfile::TempDir;

/// Twenty minutes after the model's day has begun: little has to be computed.
const EARLY: [&str; 2] = ["--at", "2026-11-20 04:20"];

/// `demo serve` on a port of its own.
struct Serving {
    process: Process,
    address: String,
    folder: TempDir,
}

impl Serving {
    fn start(args: &[&str]) -> Self {
        let folder = TempDir::new().expect("a folder");
        let mut line = vec!["demo", "serve", "--listen", "127.0.0.1:0"];
        line.extend(EARLY);
        line.extend(args);
        let mut process = Console::new().start(&line, &folder.path().join("log"));
        let served = Regex::new("at http://([0-9.:]+)/").expect("a pattern");
        let address = wait::until("the line that says where it listens", || {
            let log = process.log();
            let ended = process.ended();
            served.captures(&log).map(|found| found[1].to_owned()).ok_or(format!("{ended:?} {log}"))
        });
        Self { process, address, folder }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    fn jobs(&self) -> Vec<String> {
        let (status, list) = http::get(&self.url("/")).expect("the list of pages");
        assert_eq!(status, 200);
        let job = |line: &str| Some(line.strip_prefix('/')?.strip_suffix("/metrics")?.to_owned());
        list.lines().filter_map(job).collect()
    }
}

/// Exit status of promtool, which reads `input`, and what it said.
fn promtool(args: &[&str], input: &str) -> (i32, String) {
    let mut child = Command::new("promtool")
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("promtool, which comes with Prometheus");
    // A page that is wrong may be given up before its end.
    let _ = child.stdin.take().expect("its input").write_all(input.as_bytes());
    let done = child.wait_with_output().expect("its end");
    let said = [done.stdout, done.stderr].concat();
    (done.status.code().unwrap_or(-1), String::from_utf8_lossy(&said).into_owned())
}

/// The samples of a page: labels, the name among them, and the value.
fn samples(page: &str) -> BTreeMap<BTreeMap<String, String>, f64> {
    let line = Regex::new(r"^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$").expect("a pattern");
    let pair = Regex::new(r#"([a-zA-Z_][a-zA-Z0-9_]*)="([^"\\]*)""#).expect("a pattern");
    let lines = page.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    lines
        .map(|text| {
            let parts = line.captures(text).unwrap_or_else(|| panic!("no sample: {text}"));
            let labels = pair.captures_iter(parts.get(2).map_or("", |labels| labels.as_str()));
            let mut labels: BTreeMap<String, String> =
                labels.map(|pair| (pair[1].to_owned(), pair[2].to_owned())).collect();
            labels.insert("__name__".to_owned(), parts[1].to_owned());
            (labels, parts[3].parse().expect("a number"))
        })
        .collect()
}

/// What Prometheus stored in a job's first scrape that began after `after` (unix seconds).
fn stored(prometheus: &Prometheus, job: &str, after: f64) -> BTreeMap<BTreeMap<String, String>, f64> {
    wait::until("a scrape after the page was read", || {
        // All samples of a scrape have its time.
        let at = prometheus.value(&format!("timestamp(up{{job=\"{job}\"}})"))?;
        if at <= after {
            return Err(format!("the last one was at {at}"));
        }
        let time = format!("{at:.3}");
        let all = prometheus.instant(&format!("{{job=\"{job}\"}}"), Some(&time))?;
        let samples = all.iter().map(|sample| {
            let labels = sample["metric"].as_object().expect("labels").iter();
            let own = labels.filter(|(name, _)| !["job", "instance"].contains(&name.as_str()));
            let labels = own.map(|(name, value)| (name.clone(), value.as_str().unwrap_or("").to_owned()));
            let value = sample["value"][1].as_str().and_then(|value| value.parse().ok());
            (labels.collect(), value.expect("a number"))
        });
        Ok(samples.collect())
    })
}

#[test]
fn a_real_prometheus_scrapes_it_by_its_own_configuration_and_raises_the_faults_alert() {
    needs!("demo_serve"; PROMETHEUS);
    let serving = Serving::start(&["--fault", "service-down@5m"]);
    let printed =
        Console::new().run(&["demo", "serve", "--listen", &serving.address, "--print-scrape-config"]);
    assert_eq!((printed.status, printed.stderr.as_str()), (Some(0), ""));
    let file = serving.folder.path().join("prometheus.yml");
    std::fs::write(&file, &printed.stdout).expect("a file");
    let (status, said) = promtool(&["check", "config", file.to_str().expect("UTF-8")], "");
    assert_eq!(status, 0, "{said}\n{}", printed.stdout);

    let jobs = serving.jobs();
    assert!(jobs.len() >= 5 && jobs.iter().any(|job| job == "medical-api"), "{jobs:?}");
    for job in &jobs {
        let (status, page) = http::get(&serving.url(&format!("/{job}/metrics"))).expect("a page");
        assert_eq!(status, if job == "medical-api" { 503 } else { 200 }, "{job}: {page}");
        if status == 200 {
            // 3 is about the names that the field has chosen; what cannot be read is 1.
            let (lint, said) = promtool(&["check", "metrics"], &page);
            assert!(lint == 0 || lint == 3, "{job}: {said}\n{page}");
            assert!(!said.contains("error while linting"), "{job}: {said}");
        }
    }

    // As it stands, but quick: every second, and what is held for half a minute is held for two seconds.
    let quick = Regex::new(r"(scrape|evaluation)_interval: \d+s").expect("a pattern");
    let config = quick.replace_all(&printed.stdout, "${1}_interval: 1s");
    let rules = Console::new().run(&["rules", "export"]).stdout;
    assert!(rules.contains("for: 30s"));
    let prometheus = Prometheus::start(&PrometheusConfig {
        rules: rules.replace("for: 30s", "for: 2s"),
        whole: Some(config.replace("# rule_files:", "rule_files:")),
        ..PrometheusConfig::default()
    });
    prometheus.wait_scraped(jobs.len());
    for job in &jobs {
        let up = if job == "medical-api" { 0.0 } else { 1.0 };
        assert_eq!(prometheus.value(&format!("up{{job=\"{job}\"}}")), Ok(up), "{job}");
    }
    let alert = wait::until("MedicalRecordSystemDown", || {
        let alerts = prometheus.alerts()?;
        let firing = alerts.iter().find(|alert| {
            alert["labels"]["alertname"] == "MedicalRecordSystemDown" && alert["state"] == "firing"
        });
        firing.cloned().ok_or(format!("{alerts:?}"))
    });
    assert_eq!(alert["labels"]["job"], "medical-api");
    let running =
        http::json(&format!("{}/api/v1/status/config", prometheus.url())).expect("its configuration");
    assert!(running["data"]["yaml"].as_str().is_some_and(|yaml| yaml.contains("hospital: real-portuguese")));

    // What did not change between two looks at the page is what Prometheus stored between them.
    let now = || chrono::Utc::now().timestamp_millis() as f64 / 1000.0;
    let page = || samples(&http::get(&serving.url("/ai-engine/metrics")).expect("the page").1);
    let before = page();
    let kept = stored(&prometheus, "ai-engine", now());
    let after = page();
    let (mut counters, mut buckets) = (0, 0);
    for (labels, value) in &before {
        let name = &labels["__name__"];
        let stored = *kept.get(labels).unwrap_or_else(|| panic!("not stored: {labels:?}"));
        if after.get(labels) == Some(value) {
            assert!(stored == *value, "{labels:?}: {stored} is stored, the page says {value}");
            counters += usize::from(name.ends_with("_total") && *value > 0.0);
            buckets += usize::from(name.ends_with("_bucket") && *value > 0.0);
        } else if ["_total", "_bucket", "_sum", "_count"].iter().any(|end| name.ends_with(end)) {
            assert!(*value <= stored && stored <= after[labels], "{labels:?}: {stored} is stored");
        }
    }
    assert!(counters > 0 && buckets > 0, "{counters} counters and {buckets} buckets are compared");
}

/// What a receiver does, the bodies that it put off and those that it took.
#[derive(Clone, Default)]
struct Receiver {
    /// How many requests are still told to come back later.
    full: Arc<Mutex<u32>>,
    put_off: Arc<Mutex<Vec<Value>>>,
    taken: Arc<Mutex<Vec<Value>>>,
}

impl Receiver {
    fn start(&self, path: &str, answer: (StatusCode, &'static str)) -> Server {
        let receiver = self.clone();
        let taking = move |headers: HeaderMap, body: Bytes| async move {
            close_after(receiver.take(&headers, &body, answer))
        };
        Server::start(Router::new().route(path, post(taking)))
    }

    fn take(&self, headers: &HeaderMap, body: &[u8], answer: (StatusCode, &'static str)) -> Response {
        assert_eq!(headers["content-type"], "application/json");
        let body = serde_json::from_slice(body).expect("JSON");
        let mut full = self.full.lock().expect("a receiver");
        if *full > 0 {
            *full -= 1;
            self.put_off.lock().expect("a receiver").push(body);
            return (StatusCode::TOO_MANY_REQUESTS, [("retry-after", "1")], "slow down").into_response();
        }
        self.taken.lock().expect("a receiver").push(body);
        answer.into_response()
    }

    fn batches(&self) -> Vec<Value> {
        self.taken.lock().expect("a receiver").clone()
    }
}

/// Time stamp, stream and line.
type Line = (i64, String, String);

/// The lines that were taken. Within a batch each stream is in order, and nothing comes twice.
fn lines(batches: &[Value]) -> BTreeSet<Line> {
    let mut all = BTreeSet::new();
    for batch in batches {
        for stream in batch["streams"].as_array().expect("streams") {
            let labels = &stream["stream"];
            assert!(labels["service"].is_string() && labels["level"].is_string(), "{labels}");
            let mut last = 0;
            for value in stream["values"].as_array().expect("values") {
                let at: i64 = value[0].as_str().expect("nanoseconds as text").parse().expect("a number");
                let line = value[1].as_str().expect("a line").to_owned();
                assert!(value.get(2).is_none_or(Value::is_object), "structured metadata: {value}");
                assert!(at >= last, "out of order within a batch: {stream}");
                last = at;
                assert!(all.insert((at, labels.to_string(), line)), "twice: {value}");
            }
        }
    }
    all
}

/// End and id of the spans that were taken; none comes twice.
fn spans(batches: &[Value]) -> BTreeSet<(i64, String)> {
    let list = |value: &Value, key: &str| value[key].as_array().expect("a list").clone();
    let mut all = BTreeSet::new();
    for resource in batches.iter().flat_map(|batch| list(batch, "resourceSpans")) {
        let attributes = list(&resource["resource"], "attributes");
        assert!(attributes.iter().any(|attribute| attribute["key"] == "service.name"), "{resource}");
        for span in list(&resource, "scopeSpans").iter().flat_map(|scope| list(scope, "spans")) {
            let end: i64 = span["endTimeUnixNano"].as_str().expect("text").parse().expect("a number");
            let (trace, id) =
                (span["traceId"].as_str().expect("an id"), span["spanId"].as_str().expect("an id"));
            assert_eq!((trace.len(), id.len()), (32, 16), "{span}");
            assert!(all.insert((end, format!("{trace} {id}"))), "twice: {span}");
        }
    }
    all
}

/// The same place as the program's, at this moment (nanoseconds since the Unix epoch).
fn place(at: i64) -> Hospital {
    let pack = plantao::pack::load("hospital", &[]).expect("the pack");
    let now = DateTime::from_timestamp_nanos(at);
    Hospital::new(&pack, Plan::calm(1), Clock::Fixed(now)).expect("a hospital")
}

/// Lines that the place knows at `to`, from `from` on.
fn known_lines(from: i64, to: i64) -> BTreeSet<Line> {
    let mut all = BTreeSet::new();
    place(to).entries(&[], from, to, Order::Forward, &mut |line| {
        let labels = serde_json::to_value(&line.labels).expect("labels").to_string();
        all.insert((line.ts, labels, line.line.to_string()));
        ControlFlow::Continue(())
    });
    all
}

/// Spans that have ended by `to`, from `from` on, of what the place knows then.
fn known_spans(from: i64, to: i64) -> BTreeSet<(i64, String)> {
    let mut all = BTreeSet::new();
    place(to).traces(from, to, &mut |trace| {
        let ended = trace.spans.iter().filter(|span| (from..to).contains(&span.end()));
        all.extend(ended.map(|span| (span.end(), format!("{} {}", span.trace_id, span.span_id))));
        ControlFlow::Continue(())
    });
    all
}

/// Waits until everything that the place knew by the newest one taken so far has been taken.
fn all_taken<T: Ord + Clone + std::fmt::Debug>(
    what: &str,
    at: fn(&T) -> i64,
    taken: impl Fn() -> BTreeSet<T>,
    known: impl Fn(i64, i64) -> BTreeSet<T>,
) {
    let now = taken();
    let ends = now.first().zip(now.last()).map(|(first, last)| (at(first), at(last)));
    let (from, to) = ends.expect("something was taken");
    let expected = known(from, to);
    assert!(expected.len() > 5, "{what}: the place knows {}", expected.len());
    wait::until(what, || {
        let taken = taken();
        let missing: Vec<T> = expected.difference(&taken).take(3).cloned().collect();
        if missing.is_empty() { Ok(()) } else { Err(format!("{missing:?} of {}", expected.len())) }
    });
    let wrong: Vec<T> = now.difference(&known(from, to + 1)).take(3).cloned().collect();
    // What is known later than it happened is no surprise; what nobody knows is.
    let later = known(from, to + 300_000_000_000);
    assert!(wrong.iter().all(|one| later.contains(one)), "{what}: nobody said {wrong:?}");
}

#[test]
fn receivers_that_are_full_gone_and_back_miss_nothing() {
    let (loki, otlp) = (Receiver::default(), Receiver::default());
    *otlp.full.lock().expect("a receiver") = 1;
    let loki_server = loki.start("/loki/api/v1/push", (StatusCode::NO_CONTENT, ""));
    let otlp_server = otlp.start("/v1/traces", (StatusCode::OK, "{\"partialSuccess\":{}}"));
    let (loki_url, otlp_url) = (loki_server.url(), otlp_server.url());
    let serving = Serving::start(&["--fault", "none", "--loki", &loki_url, "--otlp", &otlp_url]);
    let told = |words: &str| {
        wait::until(words, || {
            let log = serving.process.log();
            if log.contains(words) { Ok(()) } else { Err(log) }
        });
    };
    told("Pushing log lines to http://127.0.0.1:");
    told("because of --at");
    told("otlp: HTTP 429; the next try is in 1 s");
    told("otlp: takes what is sent again");

    wait::until_true("lines at the first place", || !loki.batches().is_empty());
    loki_server.close();
    told("refuses connections");
    let before = loki.batches().len();
    loki_server.open();
    told("loki: takes what is sent again");
    wait::until_true("lines after it came back", || loki.batches().len() > before + 1);

    all_taken("lines that the place said", |line: &Line| line.0, || lines(&loki.batches()), known_lines);
    all_taken("spans of the place", |span| span.0, || spans(&otlp.batches()), known_spans);
    let put_off = spans(&otlp.put_off.lock().expect("a receiver"));
    assert!(!put_off.is_empty() && put_off.is_subset(&spans(&otlp.batches())), "what was put off came again");
    assert!(!serving.process.log().contains("dropped"), "{}", serving.process.log());
}

#[test]
fn an_interrupt_ends_it_with_130() {
    let mut terminal =
        Console::new().open(&["demo", "serve", "--listen", "127.0.0.1:0", EARLY[0], EARLY[1]], 120, 40);
    terminal.wait_text("Serving 6 pages");
    terminal.send(keys::CTRL_C);
    assert_eq!(terminal.wait_exit().exit_code(), 130);
}

#[test]
fn a_port_that_is_taken_is_told_before_anything_is_built() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let at = taken.local_addr().expect("an address").to_string();
    let done = Console::new().run(&["demo", "serve", "--listen", &at]);
    assert_eq!((done.status, done.stdout.as_str()), (Some(2), ""), "{}", done.stderr);
    assert!(done.stderr.contains(&format!("{at} is taken")), "{}", done.stderr);
    assert_eq!(done.stderr.lines().count(), 1, "{}", done.stderr);
}

#[test]
fn a_loki_that_is_only_configured_is_not_written_to() {
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join("config.toml");
    std::fs::write(&file, "[sources.loki]\nurl = \"http://127.0.0.1:1\"\n").expect("a file");
    let serving = Serving::start(&["--config", file.to_str().expect("UTF-8")]);
    assert!(!serving.jobs().is_empty());
    assert!(!serving.process.log().contains("Pushing"), "{}", serving.process.log());
}
