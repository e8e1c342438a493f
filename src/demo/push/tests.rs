//! Receivers that are well, slow, full, picky or gone, and a place made by hand.

use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::TimeDelta;
use serde_json::Value;

use super::outbox::{Items, Outbox};
use super::{Answering, Feed, Pace, Post, Pusher, Reply, Signal, Target, Tell};
use crate::clock::Clock;
use crate::model::{Labels, LogEntry, Matcher, Span, SpanId, SpanKind, SpanStatus, Trace, TraceId};
use crate::query::{LogData, Order, TraceData};

const SECOND: i64 = 1_000_000_000;

/// What has been said in it.
#[derive(Default)]
struct Place {
    lines: Mutex<Vec<LogEntry>>,
    spans: Mutex<Vec<Span>>,
}

impl Place {
    fn say(&self, ts: i64, text: &str) {
        let labels = Labels::new([("service", "a")]);
        let mut lines = self.lines.lock().expect("lines");
        lines.push(LogEntry { ts, labels, line: text.into(), metadata: Labels::default() });
        lines.sort_by_key(|line| line.ts);
    }

    fn span(&self, start: i64, end: i64) {
        let mut spans = self.spans.lock().expect("spans");
        let id = spans.len() as u64 + 1;
        spans.push(Span {
            trace_id: TraceId(u128::from(id)),
            span_id: SpanId(id),
            parent_id: None,
            service: "a".into(),
            name: "n".into(),
            kind: SpanKind::Server,
            start,
            duration: end - start,
            status: SpanStatus::Unset,
            status_message: "".into(),
            attributes: Vec::new(),
            resource: Arc::default(),
            events: Vec::new(),
            ..Span::default()
        });
    }
}

impl LogData for Place {
    fn entries(
        &self,
        _: &[Matcher],
        from: i64,
        to: i64,
        _: Order,
        each: &mut dyn FnMut(&LogEntry) -> ControlFlow<()>,
    ) {
        let lines = self.lines.lock().expect("lines").clone();
        let _ = lines.iter().filter(|line| (from..to).contains(&line.ts)).try_for_each(each);
    }
}

impl TraceData for Place {
    fn traces(&self, from: i64, to: i64, each: &mut dyn FnMut(&Arc<Trace>) -> ControlFlow<()>) {
        let spans = self.spans.lock().expect("spans").clone();
        for span in spans.into_iter().filter(|span| span.start <= to && span.end() >= from) {
            if each(&Arc::new(Trace { id: span.trace_id, spans: vec![span] })).is_break() {
                return;
            }
        }
    }

    fn trace(&self, _: TraceId) -> Option<Arc<Trace>> {
        None
    }
}

fn pace() -> Pace {
    let soon = Duration::from_millis(1);
    Pace { tick: soon, first_wait: soon, longest_wait: soon * 4, batch: 10, ..Pace::default() }
}

fn texts(items: &Items) -> Vec<String> {
    match items {
        Items::Lines(lines) => lines.iter().map(|line| line.line.to_string()).collect(),
        Items::Spans(spans) => spans.iter().map(|span| span.span_id.0.to_string()).collect(),
    }
}

#[test]
fn each_line_is_handed_out_once_in_order_and_late_ones_too() {
    let place = Place::default();
    let mut outbox = Outbox::new(Signal::Logs, 100 * SECOND);
    place.say(99 * SECOND, "before");
    for second in 100..125 {
        place.say(second * SECOND, &second.to_string());
    }
    let mut all = Vec::new();
    let mut sizes = Vec::new();
    loop {
        let batch = outbox.next(&place, 124 * SECOND, &pace());
        sizes.push(batch.items.len());
        all.extend(texts(&batch.items));
        if !batch.more {
            break;
        }
    }
    assert_eq!(all, (100..125).map(|second| second.to_string()).collect::<Vec<_>>());
    assert_eq!(sizes, [10, 10, 5]);
    place.say(110 * SECOND, "late");
    place.say(126 * SECOND, "later");
    assert_eq!(texts(&outbox.next(&place, 127 * SECOND, &pace()).items), ["late", "later"]);
    assert_eq!(outbox.next(&place, 128 * SECOND, &pace()).items.len(), 0);
}

#[test]
fn spans_are_handed_out_when_they_have_ended() {
    let place = Place::default();
    let mut outbox = Outbox::new(Signal::Spans, 100 * SECOND);
    place.span(90 * SECOND, 103 * SECOND);
    place.span(101 * SECOND, 102 * SECOND);
    place.span(101 * SECOND, 150 * SECOND);
    assert_eq!(texts(&outbox.next(&place, 110 * SECOND, &pace()).items), ["2", "1"]);
    assert_eq!(texts(&outbox.next(&place, 151 * SECOND, &pace()).items), ["3"]);
}

#[test]
fn who_is_too_far_behind_loses_the_oldest_and_it_is_counted() {
    for signal in [Signal::Logs, Signal::Spans] {
        let place = Place::default();
        let mut outbox = Outbox::new(signal, 0);
        for second in 0..1000 {
            place.say(second * SECOND, &second.to_string());
            place.span(second * SECOND - 1, second * SECOND);
        }
        let pace = Pace { max_lag: TimeDelta::seconds(100), ..pace() };
        let now = 999 * SECOND;
        let first = outbox.next(&place, now, &pace);
        assert_eq!((first.skipped, first.items.len(), first.more), (899, 10, true));
        let mut taken = 10;
        loop {
            let batch = outbox.next(&place, now, &pace);
            assert_eq!(batch.skipped, 0);
            taken += batch.items.len();
            if !batch.more {
                break;
            }
        }
        assert_eq!(taken, 101, "nothing is neither sent nor counted");
    }
}

/// Answers from a list, then always well; keeps what it was sent.
#[derive(Default)]
struct Scripted {
    answers: Mutex<VecDeque<Result<Reply, String>>>,
    bodies: Mutex<Vec<Value>>,
    tries: Mutex<usize>,
}

impl Scripted {
    fn of(answers: impl IntoIterator<Item = Result<Reply, String>>) -> Arc<Self> {
        Arc::new(Self { answers: Mutex::new(answers.into_iter().collect()), ..Self::default() })
    }

    fn lines(&self) -> Vec<String> {
        let bodies = self.bodies.lock().expect("bodies");
        let values = |body: &Value| body["streams"][0]["values"].as_array().cloned().unwrap_or_default();
        bodies.iter().flat_map(values).filter_map(|value| Some(value[1].as_str()?.to_owned())).collect()
    }
}

impl Post for Scripted {
    fn post(&self, _: &'static str, body: Vec<u8>) -> Answering<'_> {
        *self.tries.lock().expect("tries") += 1;
        let answer = self.answers.lock().expect("answers").pop_front();
        let answer = answer.unwrap_or(Ok(Reply { status: 204, ..Reply::default() }));
        if answer.as_ref().is_ok_and(|reply| (200..300).contains(&reply.status)) {
            self.bodies.lock().expect("bodies").push(serde_json::from_slice(&body).expect("JSON"));
        }
        Box::pin(std::future::ready(answer))
    }
}

#[allow(clippy::unnecessary_wraps)] // what a script of answers is made of
fn status(status: u16) -> Result<Reply, String> {
    Ok(Reply { status, ..Reply::default() })
}

/// Pushes until a condition holds; what was told.
fn push(signal: Signal, post: &Arc<Scripted>, until: impl Fn(&[String]) -> bool) -> Vec<String> {
    let place = Arc::new(Place::default());
    let said: Arc<Mutex<Vec<String>>> = Arc::default();
    let tell: Tell = {
        let said = Arc::clone(&said);
        Arc::new(move |line: &str| said.lock().expect("said").push(line.to_owned()))
    };
    let clock = Clock::System;
    let start = clock.now();
    let now = start.timestamp_nanos_opt().expect("a time");
    for at in 0..25 {
        place.say(now + at, &at.to_string());
        place.span(now - SECOND, now + at);
    }
    let post_of_target: Arc<dyn Post> = Arc::clone(post) as Arc<dyn Post>;
    let target = Target { name: "receiver".into(), signal, post: post_of_target };
    let pusher =
        Pusher::new(place as Arc<dyn Feed>, clock, vec![target], tell).with_pace(pace()).since(start);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_time().build();
    runtime.expect("a runtime").block_on(async {
        let holds = async {
            while !until(&said.lock().expect("said")) {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        tokio::select! {
            () = pusher.run() => panic!("it ended"),
            () = holds => {}
        }
    });
    said.lock().expect("said").clone()
}

#[test]
fn what_may_pass_is_tried_again_and_nothing_is_lost_or_sent_twice() {
    let busy = Ok(Reply { status: 429, retry_after_ms: Some(30), ..Reply::default() });
    let post = Scripted::of([status(503), busy, Err("nobody listens".into()), status(204), status(500)]);
    let said = push(Signal::Logs, &post, |said| post.lines().len() >= 25 && said.len() >= 4);
    assert_eq!(post.lines(), (0..25).map(|at| at.to_string()).collect::<Vec<_>>());
    assert_eq!(*post.tries.lock().expect("tries"), 3 + 4);
    assert_eq!(
        said,
        [
            "receiver: HTTP 503; the next try is in 1 s",
            "receiver: takes what is sent again",
            "receiver: HTTP 500; the next try is in 1 s",
            "receiver: takes what is sent again",
        ]
    );
}

#[test]
fn what_is_refused_is_told_and_not_tried_again() {
    let picky =
        Ok(Reply { status: 400, body: b"\nentry too far behind\x1b[31m\nmore".to_vec(), ..Reply::default() });
    let post = Scripted::of([picky, status(204)]);
    let said = push(Signal::Logs, &post, |said| post.lines().len() >= 15 && !said.is_empty());
    assert_eq!(post.lines(), (10..25).map(|at| at.to_string()).collect::<Vec<_>>());
    assert_eq!(said, ["receiver: in the last minute: refused 10 (HTTP 400: entry too far behind[31m)"]);
}

#[test]
fn what_a_receiver_of_spans_rejects_within_a_success_is_told() {
    let partial = br#"{"partialSuccess":{"rejectedSpans":"4","errorMessage":"too old"}}"#;
    let post = Scripted::of([Ok(Reply { status: 200, body: partial.to_vec(), ..Reply::default() })]);
    let sent = || {
        let bodies = post.bodies.lock().expect("bodies");
        let spans =
            |body: &Value| body["resourceSpans"][0]["scopeSpans"][0]["spans"].as_array().map_or(0, Vec::len);
        bodies.iter().map(spans).sum::<usize>()
    };
    let said = push(Signal::Spans, &post, |said| sent() >= 25 && !said.is_empty());
    assert_eq!(said, ["receiver: in the last minute: refused 4 (too old)"]);
}

#[test]
fn a_batch_that_grows_too_old_is_dropped_and_told() {
    let place = Arc::new(Place::default());
    let said: Arc<Mutex<Vec<String>>> = Arc::default();
    let tell: Tell = {
        let said = Arc::clone(&said);
        Arc::new(move |line: &str| said.lock().expect("said").push(line.to_owned()))
    };
    let start = Clock::System.now();
    place.say(start.timestamp_nanos_opt().expect("a time"), "one");
    let post = Scripted::of((0..100_000).map(|_| status(503)));
    let of_target: Arc<dyn Post> = Arc::clone(&post) as Arc<dyn Post>;
    let target = Target { name: "receiver".into(), signal: Signal::Logs, post: of_target };
    let pace = Pace { max_lag: TimeDelta::milliseconds(40), ..pace() };
    let pusher =
        Pusher::new(place as Arc<dyn Feed>, Clock::System, vec![target], tell).with_pace(pace).since(start);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    runtime.block_on(async {
        let dropped = async {
            while !said.lock().expect("said").iter().any(|line| line.contains("1 dropped")) {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        tokio::select! {
            () = pusher.run() => panic!("it ended"),
            () = dropped => {}
        }
    });
    assert!(post.lines().is_empty());
}

#[test]
fn an_address_gets_its_path_once() {
    for base in ["http://loki:3100", "http://loki:3100/", "http://loki:3100/loki/api/v1/push"] {
        assert_eq!(Signal::Logs.address(base), "http://loki:3100/loki/api/v1/push");
    }
    assert_eq!(Signal::Spans.address("http://tempo:4318/otlp/"), "http://tempo:4318/otlp/v1/traces");
}
