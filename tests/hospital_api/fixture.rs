//! A small place: a few series that say what a test wants, and a clock that the test turns.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};

use axum::Router;
use plantao::demo::alerting::Alerting;
use plantao::demo::hospital::{Exemplars, Family, ScrapeTarget, TraceSample};
use plantao::demo::servers::{self, Place, Running};
use plantao::model::{Labels, Matcher, Point, Series, Time, TraceId};
use plantao::pack::{self, Pack};
use plantao::query::MetricData;

/// 2026-11-20 06:00 UTC, 03:00 at the hospital; on every grid.
pub const START_MS: i64 = 1_795_154_400_000;
pub const TICK_MS: i64 = 15_000;

pub struct Fixture {
    series: Vec<Series>,
    now_ms: AtomicI64,
    /// How often samples were asked for.
    pub asked: AtomicUsize,
}

impl Fixture {
    pub fn new(series: Vec<Series>) -> Arc<Self> {
        Arc::new(Self { series, now_ms: AtomicI64::new(START_MS), asked: AtomicUsize::new(0) })
    }

    /// So many milliseconds after the start.
    pub fn turn(&self, ms: i64) {
        self.now_ms.store(START_MS + ms, Ordering::Relaxed);
    }

    /// So many ticks after the start.
    pub fn tick(&self, ticks: i64) {
        self.turn(ticks * TICK_MS);
    }
}

impl MetricData for Fixture {
    fn series(&self, matchers: &[Matcher], from_ms: i64, to_ms: i64) -> Vec<Series> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let to_ms = to_ms.min(self.now_ms.load(Ordering::Relaxed));
        let matching = |series: &&Series| matchers.iter().all(|matcher| matcher.matches(&series.labels));
        self.series
            .iter()
            .filter(matching)
            .map(|series| Series {
                labels: series.labels.clone(),
                points: series.points.iter().copied().filter(|p| (from_ms..=to_ms).contains(&p.t)).collect(),
            })
            .filter(|series| !series.points.is_empty())
            .collect()
    }
}

impl Place for Fixture {
    fn now(&self) -> Time {
        Time::from_timestamp_millis(self.now_ms.load(Ordering::Relaxed)).unwrap()
    }

    /// From 04:00 to 04:00 at the hospital, where it is three hours earlier than UTC.
    fn day_of(&self, at_ms: i64) -> (i64, i64) {
        const DAY: i64 = 86_400_000;
        const FIRST: i64 = 7 * 3_600_000;
        let start = at_ms - (at_ms - FIRST).rem_euclid(DAY);
        (start, start + DAY)
    }

    fn families(&self) -> Vec<Family> {
        vec![
            Family { name: "load".into(), kind: "gauge", help: "How much.".into() },
            Family { name: "wait_seconds".into(), kind: "histogram", help: "How long.".into() },
        ]
    }

    fn targets(&self) -> Vec<ScrapeTarget> {
        let target = |job: &str, last, up| ScrapeTarget {
            job: job.into(),
            instance: format!("10.0.0.1:{}", 9100 + job.len()).as_str().into(),
            scrape_s: 15,
            last,
            took_s: 0.004,
            up,
        };
        vec![
            target("api", Some(self.now()), true),
            target("database", Some(self.now()), false),
            target("new", None, false),
        ]
    }

    fn exemplars(&self, matchers: &[Matcher], from_ms: i64, _: i64) -> Vec<Exemplars> {
        let labels = Labels::new([("__name__", "wait_seconds_bucket"), ("le", "1")]);
        let wanted = matchers.iter().all(|matcher| matcher.matches(&labels));
        let samples = vec![TraceSample { trace_id: TraceId(0xab), value: 0.5, at_ms: from_ms }];
        if wanted { vec![Exemplars { labels, samples }] } else { Vec::new() }
    }
}

/// A series with a sample at each tick, where `value` gives one.
pub fn line(
    labels: &[(&str, &str)],
    ticks: std::ops::Range<i64>,
    value: impl Fn(i64) -> Option<f64>,
) -> Series {
    let points = ticks.filter_map(|tick| Some(Point { t: START_MS + tick * TICK_MS, v: value(tick)? }));
    Series { labels: Labels::new(labels.iter().copied()), points: points.collect() }
}

/// The shipped pack with other rules.
pub fn pack(rules: &str) -> Pack {
    let mut pack = pack::load("hospital", &[]).expect("the pack loads");
    pack.rules = rules.into();
    pack
}

pub fn alerting(place: &Arc<Fixture>, rules: &str) -> Alerting {
    Alerting::new(Arc::clone(place) as Arc<dyn Place>, &pack(rules))
        .unwrap_or_else(|problems| panic!("{}", problems.iter().map(ToString::to_string).collect::<String>()))
}

pub fn serve(place: &Arc<Fixture>, rules: &str) -> Running {
    servers::serve(Arc::clone(place) as Arc<dyn Place>, &pack(rules), Router::new(), Router::new())
        .expect("servers start")
}

/// Load that is high from tick 20 on, for two departments; a machine that is up and one that is not.
pub fn busy() -> Arc<Fixture> {
    let high = |from: i64, tick: i64| Some(if tick >= from { 9.5 } else { 1.0 });
    Fixture::new(vec![
        line(&[("__name__", "up"), ("job", "api"), ("instance", "10.0.0.1:9103")], -240..400, |_| Some(1.0)),
        line(&[("__name__", "up"), ("job", "database"), ("instance", "10.0.0.1:9108")], -240..400, |_| {
            Some(0.0)
        }),
        line(&[("__name__", "load"), ("department", "icu")], -240..400, |tick| high(20, tick)),
        line(&[("__name__", "load"), ("department", "surgery")], -240..400, |tick| high(30, tick)),
        line(&[("__name__", "wait_seconds_bucket"), ("le", "1")], -240..400, |tick| Some(tick as f64)),
    ])
}

/// Rules over [`busy`].
pub const RULES: &str = r#"
groups:
  - name: load
    rules:
      - alert: Watchdog
        expr: vector(1)
        labels: {severity: none}
      - alert: HighLoad
        expr: load > 5
        for: 1m
        labels: {severity: warning}
        annotations:
          summary: "{{ $labels.department }} is busy"
          description: "load {{ $value | printf \"%.1f\" }}"
      - alert: Overload
        expr: max by (department) (load) > 9
        for: 2m
        labels: {severity: critical}
  - name: machines
    rules:
      - alert: TargetDown
        expr: up == 0
        for: 30s
        labels: {severity: critical, department: all}
        annotations: {summary: "{{ $labels.job }} is down"}
"#;
