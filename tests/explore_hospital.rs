//! The shipped pack's ready queries and links over the embedded hospital: what they lead to is there.
// Tests may end by panicking: that is how they fail.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use plantao::client::Clients;
use plantao::clock::Clock;
use plantao::command::CommandId;
use plantao::config::{Flags, Inputs, load};
use plantao::demo::{Fault, FaultKind, Hospital, Plan};
use plantao::keymap::Keymap;
use plantao::message::Msg;
use plantao::model::{Labels, Language, LogEntry, Time, Window};
use plantao::pack::{self, Pack};
use plantao::query::{Order, TraceData as _, logql::LogQl, promql, promql::Promql, traceql::TraceQl};
use plantao::runtime::embedded::Order as Place;
use plantao::runtime::{Start, headless};
use plantao::state::{Focus, State, View};
use plantao::theme::Theme;
use plantao::update::{links, update};

const AT: &str = "2026-11-20T17:30:00Z";

fn now() -> Time {
    AT.parse().expect("a time")
}

/// The shipped pack, its place begun a few hours ago only, so that it is soon there.
fn shipped() -> Arc<Pack> {
    static PACK: OnceLock<Arc<Pack>> = OnceLock::new();
    let make = || {
        let mut pack = pack::load("hospital", &[]).expect("the shipped pack");
        let demo = pack.demo.as_mut().expect("it has a place");
        demo.world.text = demo.world.text.replace("day_starts_h = 4", "day_starts_h = 12").into();
        Arc::new(pack)
    };
    PACK.get_or_init(make).clone()
}

/// Several things are wrong at once: no ready query is about calm.
fn plan() -> Plan {
    let fault = |kind, minutes| Fault::new(kind, now() - chrono::TimeDelta::minutes(minutes));
    let faults = vec![
        fault(FaultKind::Thermal, 25),
        fault(FaultKind::BruteForce, 20),
        fault(FaultKind::TranscriptionQuality, 40),
        fault(FaultKind::DbPool, 15),
    ];
    Plan { faults, ..Plan::calm(7) }
}

fn hospital() -> &'static Hospital {
    static HOSPITAL: OnceLock<Hospital> = OnceLock::new();
    HOSPITAL.get_or_init(|| Hospital::new(&shipped(), plan(), Clock::Fixed(now())).expect("the place"))
}

fn ns(at: Time) -> i64 {
    at.timestamp_nanos_opt().expect("in range")
}

/// Answers of a LogQL query over a stretch: its lines, or how many series it has.
fn lines(query: &str, (from, to): (Time, Time)) -> Vec<LogEntry> {
    let parsed = LogQl::parse(query).unwrap_or_else(|error| panic!("{query}: {error}"));
    let span = (ns(from), ns(to));
    if parsed.is_metric() {
        let step = 60_000_000_000;
        let (series, _) = parsed.range(hospital(), span, step).expect(query);
        return series.into_iter().map(|series| entry(series.labels)).collect();
    }
    let found = parsed.streams(hospital(), span, 1000, Order::Backward, true).expect(query);
    let of = |stream: plantao::query::logql::Stream| {
        let labels = stream.labels;
        stream.entries.into_iter().map(move |one| LogEntry {
            ts: one.ts,
            labels: labels.clone(),
            line: one.line,
            metadata: one.metadata,
        })
    };
    found.streams.into_iter().flat_map(of).collect()
}

fn entry(labels: Labels) -> LogEntry {
    LogEntry { ts: 0, labels, line: "".into(), metadata: Labels::default() }
}

fn last_while() -> (Time, Time) {
    (now() - chrono::TimeDelta::minutes(20), now())
}

/// How many traces a query finds, or how many series it has.
fn traces(query: &str, (from, to): (Time, Time)) -> usize {
    let parsed = TraceQl::parse(query).unwrap_or_else(|error| panic!("{query}: {error}"));
    let span = (ns(from), ns(to));
    if parsed.is_metrics() {
        return parsed.over_window(hospital(), span).expect(query).len();
    }
    parsed.search(hospital(), span, 20, &mut |_| true).expect(query).len()
}

fn samples(query: &str) -> usize {
    let parsed = Promql::parse(query).unwrap_or_else(|error| panic!("{query}: {error}"));
    match parsed.instant(hospital(), now().timestamp_millis()).expect(query) {
        promql::Value::Vector(all) => all.len(),
        other => panic!("{query}: {other:?}"),
    }
}

#[test]
fn every_ready_query_finds_something_where_something_is_wrong() {
    let explore = shipped().explore.clone();
    let mut nothing = Vec::new();
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    // What administrators do is rare, and the machine says a line when its state changes.
    let day = (now() - chrono::TimeDelta::minutes(145), now());
    for one in &explore.logs {
        found.insert(format!("log {}", one.id), lines(&one.query, day).len());
    }
    for one in &explore.traces {
        found.insert(format!("trace {}", one.id), traces(&one.query, last_while()));
    }
    for one in &explore.metrics {
        found.insert(format!("metric {}", one.id), samples(&one.query));
    }
    for one in &explore.components {
        let name = &one.names[0];
        found.extend(one.logs.iter().map(|query| (format!("lines of {name}"), lines(query, day).len())));
        found.extend(
            one.traces.iter().map(|query| (format!("traces of {name}"), traces(query, last_while()))),
        );
        found.extend(one.metrics.iter().map(|query| (format!("figures of {name}"), samples(query))));
    }
    for (name, count) in &found {
        if *count == 0 {
            nothing.push(name);
        }
    }
    assert!(nothing.is_empty(), "nothing found: {nothing:?} of {found:?}");
}

struct Desk {
    start: Start,
    place: plantao::runtime::embedded::Embedded,
    runtime: tokio::runtime::Runtime,
    state: State,
}

impl Desk {
    /// The list of alerts, as the hospital's servers tell it.
    fn at_alerts() -> Self {
        let order = Place { pack: shipped(), plan: plan(), clock: Clock::Fixed(now()) };
        let place = order.open().expect("the hospital");
        let inputs = Inputs { flags: Flags::default(), login: Some("ana".to_owned()), ..Inputs::default() };
        let mut config = load(&inputs).expect("a configuration").config;
        config.sources = place.sources().clone();
        let start = Start {
            config,
            pack: shipped(),
            keymap: Arc::new(Keymap::shipped()),
            themes: Theme::names(&[]),
            clock: order.clock,
            embedded: Some(order),
            history: plantao::cli::history::History::default(),
            who: plantao::model::Identity::default(),
            journal: None,
            bundle: None,
        };
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let mut state = start.state((120, 40), Window::DEFAULT);
        state.stack = vec![View::Alerts];
        let mut desk = Self { start, place, runtime, state };
        desk.settle();
        desk
    }

    fn settle(&mut self) {
        let clock = self.start.clock;
        let clients = Clients::with_clock(self.place.sources(), clock);
        self.runtime.block_on(headless::settle(&mut self.state, clients, clock, Duration::from_secs(300)));
        self.state.now = now();
    }

    fn command(&mut self, id: CommandId) {
        let _ = update(&mut self.state, now(), Msg::Command(id));
    }

    fn window(&self) -> (Time, Time) {
        (self.state.window.start(now()), self.state.window.end(now()))
    }
}

/// What the view of logs has under its cursor, for a line.
fn focus_of_line(line: &LogEntry) -> Focus {
    plantao::explore::line::focus(&shipped().explore, line)
}

#[test]
fn from_a_firing_alert_to_its_lines_to_a_trace_and_back_to_lines() {
    let mut desk = Desk::at_alerts();
    let names: Vec<&str> = desk.state.list.rows.iter().map(|row| row.alert.name()).collect();
    let alert = "AIModelInferenceLatency";
    assert!(names.contains(&alert), "{names:?}");
    let cursor = (0..desk.state.list.lines.len())
        .find(|line| desk.state.list.at(*line).is_some_and(|row| row.alert.name() == alert))
        .expect("its line");
    desk.state.places.alerts.cursor = cursor;
    let live = desk.state.window;

    desk.command(CommandId::LinkLogs);
    let View::Logs(query) = desk.state.view().clone() else { panic!("{:?}", desk.state.view()) };
    let found = lines(&query, desk.window());
    assert!(!found.is_empty(), "{query}");
    desk.command(CommandId::Back);
    desk.command(CommandId::LinkTraces);
    let View::Traces(search) = desk.state.view().clone() else { panic!("{:?}", desk.state.view()) };
    assert!(traces(&search, desk.window()) > 0, "{search}");
    desk.command(CommandId::Back);
    desk.command(CommandId::LinkMetrics);
    let View::Metrics(measured) = desk.state.view().clone() else { panic!("{:?}", desk.state.view()) };
    assert!(samples(&measured) > 0, "{measured}");
    desk.command(CommandId::Back);
    assert_eq!((desk.state.view(), desk.state.window), (&View::Alerts, live));

    let line =
        found.iter().map(focus_of_line).find(|focus| focus.trace.is_some()).expect("a line of a trace");
    links::open(&mut desk.state, &line, Language::LogQl, Language::TraceQl);
    let View::Trace(id) = *desk.state.view() else { panic!("{:?}", desk.state.view()) };
    let trace = hospital().trace(id).expect("the trace of a line");
    let span = trace.spans.iter().max_by_key(|span| span.duration).expect("a span");
    let at = |ns| chrono::DateTime::from_timestamp_nanos(ns);
    let focus = Focus {
        service: Some(span.service.to_string()),
        trace: Some(id),
        span: Some((at(span.start), at(span.end()))),
        ..Focus::default()
    };
    links::open(&mut desk.state, &focus, Language::TraceQl, Language::LogQl);
    let View::Logs(query) = desk.state.view().clone() else { panic!("{:?}", desk.state.view()) };
    let of_trace = lines(&query, desk.window());
    assert!(!of_trace.is_empty(), "{query}");
    for one in &of_trace {
        assert_eq!(focus_of_line(one).trace, Some(id), "{one:?}");
    }
    // And the lines around it: of its service, at that time.
    links::open(&mut desk.state, &focus, Language::TraceQl, Language::LogQl);
    let View::Logs(around) = desk.state.view().clone() else { panic!("{:?}", desk.state.view()) };
    assert_ne!(around, query);
    assert!(lines(&around, desk.window()).len() > of_trace.len(), "{around}");
    links::open(&mut desk.state, &focus, Language::TraceQl, Language::PromQl);
    let View::Metrics(service) = desk.state.view().clone() else { panic!("{:?}", desk.state.view()) };
    assert!(samples(&service) > 0, "{service}");
}

#[test]
fn every_department_leads_to_lines_traces_and_series() {
    let desk = Desk::at_alerts();
    for department in &shipped().departments {
        let focus = Focus { department: Some(department.id.clone()), ..Focus::default() };
        let mut state = desk.state.clone();
        for to in [Language::LogQl, Language::TraceQl, Language::PromQl] {
            links::open(&mut state, &focus, Language::PromQl, to);
            let query = state.view().query().expect("a query").clone();
            let found = match to {
                Language::LogQl => lines(&query, last_while()).len(),
                Language::TraceQl => traces(&query, last_while()),
                Language::PromQl => samples(&query),
            };
            assert!(found > 0, "{}: {query}", department.id);
        }
    }
}

/// What a real Loki of the same hospital answered has the names that the links use.
#[test]
fn the_names_of_links_are_those_of_a_real_server_too() {
    let explore = &shipped().explore;
    let wire = |name: &str| -> serde_json::Value {
        let path = format!("{}/tests/wire/{name}.json", env!("CARGO_MANIFEST_DIR"));
        let capture: serde_json::Value =
            serde_json::from_str(&std::fs::read_to_string(path).expect("a capture")).expect("JSON");
        serde_json::from_str(capture["response"]["body"].as_str().expect("a body")).expect("JSON")
    };
    let labels = wire("loki_labels").to_string();
    let fields = wire("loki_detected_fields").to_string();
    for name in [&explore.log_any, &explore.log_service[0], explore.log_department.as_ref().expect("named")] {
        assert!(labels.contains(&format!("\"{name}\"")), "{name}: {labels}");
    }
    assert!(fields.contains(&format!("\"{}\"", explore.log_trace[0])));
    let tags = wire("tempo_tags_v2").to_string();
    for name in
        explore.trace_department.iter().chain(explore.links.iter().filter_map(|link| link.trace.as_ref()))
    {
        let bare = name.strip_prefix("span.").expect("of a span");
        assert!(tags.contains(&format!("\"{bare}\"")), "{name}: {tags}");
    }
    for link in &explore.links {
        let Some(log) = link.log.iter().find(|name| *name == "model_name") else { continue };
        assert!(link.log_is_field && fields.contains(&format!("\"{log}\"")), "a field there, a label here");
    }
}

#[test]
fn every_typed_event_is_recognised_in_its_shape_and_whole() {
    use plantao::explore::{events, lines as fields_of};
    let pack = shipped();
    let span = (now() - chrono::TimeDelta::hours(2), now());
    let mut seen: BTreeMap<(String, String), usize> = BTreeMap::new();
    // Some kinds are rare among everything that is logged: each is looked for by its own words.
    let words = pack.events.iter().flat_map(|kind| &kind.words).map(String::as_str);
    let words: std::collections::BTreeSet<&str> = words.chain(["failed_face_recognition", ""]).collect();
    let all =
        words.into_iter().flat_map(|word| lines(&format!("{{service_name=~\".+\"}} |= \"{word}\""), span));
    for entry in all {
        let fields = fields_of::parsed(&entry.line);
        let Some(event) = events::of(&pack.events, &fields) else { continue };
        assert!(event.wrong.is_empty(), "{:?} of {}", event.wrong, entry.line);
        let said = events::summary(&event, &fields);
        assert!(!said.contains('?') && !said.is_empty(), "{said}: {}", entry.line);
        *seen.entry((event.kind.name.clone(), event.kind.shape.clone())).or_default() += 1;
    }
    for kind in &pack.events {
        let key = (kind.name.clone(), kind.shape.clone());
        assert!(seen.contains_key(&key), "no {key:?} among {seen:?}");
    }
}
