//! Rules that look back beyond the place's day: evaluated aside, unknown until then, in nobody's way.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Condvar, Mutex};

use axum::Router;
use plantao::demo::hospital::{Family, ScrapeTarget};
use plantao::demo::servers::{self, Place, Running};
use plantao::model::{Matcher, Series, Time};
use plantao::query::MetricData;
use serde_json::Value;

use crate::fixture::{Fixture, START_MS, TICK_MS, line, pack};
use crate::support::{http, wait};

/// The day begins at 04:00, this many ticks after the start.
const DAY: i64 = 240;
/// When load becomes high.
const HIGH: i64 = 300;

/// A place whose past is behind a door.
struct Deep {
    shown: Arc<Fixture>,
    door: Mutex<Door>,
    changed: Condvar,
    /// The earliest moment that was asked for.
    earliest_ms: AtomicI64,
}

#[derive(Default)]
struct Door {
    open: bool,
    /// How many stand before it.
    waiting: usize,
    /// Who asked for the past, and the longest span that was asked for there.
    askers: BTreeSet<String>,
    longest_ms: i64,
}

impl Deep {
    fn new() -> Arc<Self> {
        let high = |tick: i64| Some(if tick >= HIGH { 9.5 } else { 1.0 });
        let shown = Fixture::new(vec![line(&[("__name__", "load"), ("department", "icu")], -240..800, high)]);
        shown.tick(HIGH + 10);
        Arc::new(Self {
            shown,
            door: Mutex::default(),
            changed: Condvar::new(),
            earliest_ms: AtomicI64::new(i64::MAX),
        })
    }

    fn open(&self, open: bool) {
        self.door.lock().unwrap().open = open;
        self.changed.notify_all();
    }

    fn wait_for_somebody(&self) {
        wait::until_true("somebody at the door", || self.door.lock().unwrap().waiting > 0);
    }
}

impl MetricData for Deep {
    fn series(&self, matchers: &[Matcher], from_ms: i64, to_ms: i64) -> Vec<Series> {
        self.earliest_ms.fetch_min(from_ms, Ordering::Relaxed);
        if from_ms < START_MS + DAY * TICK_MS {
            let mut door = self.door.lock().unwrap();
            door.askers.insert(std::thread::current().name().unwrap_or("").to_owned());
            door.longest_ms = door.longest_ms.max(to_ms - from_ms);
            door.waiting += 1;
            door = self.changed.wait_while(door, |door| !door.open).unwrap();
            door.waiting -= 1;
        }
        self.shown.series(matchers, from_ms, to_ms)
    }
}

impl Place for Deep {
    fn now(&self) -> Time {
        self.shown.now()
    }

    fn day_of(&self, at_ms: i64) -> (i64, i64) {
        self.shown.day_of(at_ms)
    }

    fn families(&self) -> Vec<Family> {
        self.shown.families()
    }

    fn targets(&self) -> Vec<ScrapeTarget> {
        self.shown.targets()
    }
}

const RULES: &str = r"
groups:
  - name: prompt
    rules:
      - alert: Watchdog
        expr: vector(1)
      - alert: HighLoad
        expr: max by (department) (max_over_time(load[5m])) > 9
        for: 1m
        labels: {severity: critical}
  - name: slow
    rules:
      - alert: Busiest
        expr: max by (department) (max_over_time(load[1d])) > 9
        for: 1m
        labels: {severity: warning}
";

fn serve(place: &Arc<Deep>) -> Running {
    let place = Arc::clone(place) as Arc<dyn Place>;
    servers::serve(place, &pack(RULES), Router::new(), Router::new()).expect("servers start")
}

/// A rule, and the last evaluation of its group.
fn rule(running: &Running, name: &str) -> (Value, Value) {
    let said = http::json(&format!("{}/api/v1/rules", running.urls.prometheus)).unwrap();
    let groups = said["data"]["groups"].as_array().unwrap().clone();
    groups
        .iter()
        .find_map(|group| {
            let rules = group["rules"].as_array().unwrap();
            let rule = rules.iter().find(|rule| rule["name"] == name)?;
            Some((rule.clone(), group["lastEvaluation"].clone()))
        })
        .unwrap_or_else(|| panic!("no {name} in {said}"))
}

/// Names of the alerts that fire: as Prometheus's series say, and as Alertmanager knows them.
fn firing(running: &Running) -> [BTreeSet<String>; 2] {
    let query = [("query", r#"ALERTS{alertstate="firing"}"#)];
    let series = http::json(&http::address(&running.urls.prometheus, "/api/v1/query", &query)).unwrap();
    let alerts = http::json(&format!("{}/api/v2/alerts", running.urls.alertmanager)).unwrap();
    let names = |all: &Value, labels: &str| {
        let all = all.as_array().unwrap().iter();
        all.map(|one| one[labels]["alertname"].as_str().unwrap().to_owned()).collect()
    };
    [names(&series["data"]["result"], "metric"), names(&alerts, "labels")]
}

fn both(names: &[&str]) -> [BTreeSet<String>; 2] {
    let names: BTreeSet<String> = names.iter().map(|name| (*name).to_owned()).collect();
    [names.clone(), names]
}

fn at(tick: i64) -> Value {
    let time = Time::from_timestamp_millis(START_MS + tick * TICK_MS).unwrap();
    time.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true).into()
}

#[test]
fn what_needs_the_past_is_unknown_first_and_fires_when_it_is_known() {
    let place = Deep::new();
    let running = serve(&place);
    // Nobody but the thread aside comes to the door, and nobody else has to.
    let (slow, group) = rule(&running, "Busiest");
    assert_eq!((&slow["health"], &slow["state"]), (&"unknown".into(), &"inactive".into()), "{slow}");
    let never = Value::from("0001-01-01T00:00:00Z");
    assert_eq!((&slow["lastEvaluation"], &group), (&never, &never), "{slow}");
    assert_eq!(slow["alerts"], serde_json::json!([]));
    let (prompt, group) = rule(&running, "HighLoad");
    assert_eq!((&prompt["health"], &prompt["state"]), (&"ok".into(), &"firing".into()), "{prompt}");
    assert_eq!((&prompt["lastEvaluation"], &group), (&at(HIGH + 10), &at(HIGH + 10)), "{prompt}");
    assert_eq!(firing(&running), both(&["Watchdog", "HighLoad"]));
    for (path, query) in [
        ("/api/v1/query", "max(load)"),
        ("/api/v1/query_exemplars", "load"),
        ("/api/v1/metadata", ""),
        ("/api/v1/targets", ""),
        ("/api/v1/status/config", ""),
        ("/api/v1/status/runtimeinfo", ""),
        ("/api/v1/status/tsdb", ""),
        ("/api/v1/alerts", ""),
    ] {
        let said = http::json(&http::address(&running.urls.prometheus, path, &[("query", query)])).unwrap();
        assert_eq!(said["status"], "success", "{path}: {said}");
    }
    http::json(&format!("{}/api/v2/silences", running.urls.alertmanager)).unwrap();
    place.wait_for_somebody();
    let askers = place.door.lock().unwrap().askers.clone();
    assert_eq!(askers, BTreeSet::from(["hospital rules".to_owned()]));

    place.open(true);
    wait::until("the slow rule's alert", || {
        let (slow, _) = rule(&running, "Busiest");
        if slow["health"] == "ok" && slow["state"] == "firing" { Ok(()) } else { Err(slow.to_string()) }
    });
    assert_eq!(firing(&running), both(&["Watchdog", "HighLoad", "Busiest"]));
    {
        let door = place.door.lock().unwrap();
        assert_eq!(door.askers.len(), 1, "{:?}", door.askers);
        assert!(door.longest_ms < 600_000, "{} ms at once hold up everybody else", door.longest_ms);
    }
    // From yesterday's start, so that the place need not compute up to there at once.
    assert_eq!(place.earliest_ms.load(Ordering::Relaxed), START_MS + DAY * TICK_MS - 86_400_000);
    let range = [
        ("query", r#"count(ALERTS{alertname="Busiest",alertstate="firing"})"#.to_owned()),
        ("start", (START_MS / 1000 + (HIGH - 20) * 15).to_string()),
        ("end", (START_MS / 1000 + (HIGH + 10) * 15).to_string()),
        ("step", "15".to_owned()),
    ];
    let range: Vec<(&str, &str)> = range.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let said = http::json(&http::address(&running.urls.prometheus, "/api/v1/query_range", &range)).unwrap();
    assert_eq!(said["data"]["result"][0]["values"].as_array().map(Vec::len), Some(7), "{said}");
}

#[test]
fn a_live_answer_never_waits_for_the_next_evaluation() {
    let place = Deep::new();
    place.open(true);
    let running = serve(&place);
    let evaluated = |tick: i64| {
        wait::until("an evaluation", || {
            let (slow, _) = rule(&running, "Busiest");
            if slow["lastEvaluation"] == at(tick) { Ok(()) } else { Err(slow.to_string()) }
        });
    };
    evaluated(HIGH + 10);
    place.open(false);
    place.shown.tick(HIGH + 12);
    let (slow, group) = rule(&running, "Busiest");
    assert_eq!((&slow["state"], &slow["lastEvaluation"]), (&"firing".into(), &at(HIGH + 10)), "{slow}");
    assert_eq!(group, at(HIGH + 10));
    assert_eq!(rule(&running, "HighLoad").0["lastEvaluation"], at(HIGH + 12));
    assert_eq!(firing(&running), both(&["Watchdog", "HighLoad", "Busiest"]));
    place.open(true);
    evaluated(HIGH + 12);
}

#[test]
fn dropping_does_not_wait_for_an_evaluation() {
    let place = Deep::new();
    let running = serve(&place);
    place.wait_for_somebody();
    let urls = running.urls.clone();
    let dropped = std::thread::spawn(move || drop(running));
    wait::until_true("the servers' end", || dropped.is_finished());
    dropped.join().unwrap();
    assert_eq!(place.door.lock().unwrap().waiting, 1, "it still waits");
    assert!(std::net::TcpStream::connect(urls.prometheus.trim_start_matches("http://")).is_err());
    let asked = place.shown.asked.load(Ordering::Relaxed);
    place.open(true);
    wait::until("the place to be nobody else's", || match Arc::strong_count(&place) {
        1 => Ok(()),
        n => Err(format!("{n} owners")),
    });
    assert_eq!(place.shown.asked.load(Ordering::Relaxed), asked + 1, "only what was under way was finished");
}
