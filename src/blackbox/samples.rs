//! Series, alerts and recorded answers as samples.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::demo::hospital::Family;
use crate::model::evidence::{AlertRecord, Evidence};
use crate::model::{Labels, Matcher, Point, Series};
use crate::query::STALE_NAN;

/// The label that holds the number of a recorded query; nobody exports one of this name.
const RECORDED: &str = "__recorded__";
/// Milliseconds between two samples of an alert.
const ALERT_STEP_MS: i64 = 15_000;
/// Samples of one alert at most: an alert that stands for weeks needs no more to be seen.
const ALERT_SAMPLES: i64 = 20_000;
/// Records of alerts that are taken.
const ALERTS: usize = 20_000;

/// All series, and which of them answer a recorded query.
#[derive(Debug, Default)]
pub(super) struct Samples {
    all: Vec<Series>,
    recorded: BTreeMap<String, usize>,
}

impl Samples {
    pub fn new(evidence: &Evidence) -> Self {
        let mut samples = Self::default();
        for one in &evidence.series {
            let labels = one.labels.with("__name__", &one.name);
            let points = one.samples.iter().map(|(at, value)| ((at * 1000.0).round() as i64, *value));
            samples.all.push(Series { labels, points: marked(points) });
        }
        let manifest = &evidence.manifest;
        let periods = || manifest.baselines.iter().chain([&manifest.window]);
        let first = periods().map(|one| one.start.timestamp_millis()).min().unwrap_or(0);
        let last = periods().map(|one| one.end.timestamp_millis()).max().unwrap_or(0);
        for one in evidence.alerts.iter().take(ALERTS) {
            samples.all.extend(alert(one, first, last));
        }
        for one in evidence.others.iter().filter(|one| &*one.kind == "query") {
            samples.record(&one.json);
        }
        for one in &mut samples.all {
            one.points.sort_by_key(|point| point.t);
        }
        samples
    }

    /// Takes in the answer of a recorded query, if that is what the line holds.
    fn record(&mut self, json: &str) {
        #[derive(Deserialize)]
        struct Record {
            query: String,
            step_s: f64,
            series: Vec<One>,
        }
        #[derive(Deserialize)]
        struct One {
            labels: Labels,
            samples: Vec<(f64, Value)>,
        }
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Value {
            Number(f64),
            Word(String),
        }
        let Ok(read) = serde_json::from_str::<Record>(json) else { return };
        let number = self.recorded.len();
        if self.recorded.insert(normal(&read.query), number).is_some() {
            return;
        }
        let step = (read.step_s * 1000.0) as i64;
        for one in read.series {
            let value = |value: &Value| match value {
                Value::Number(number) => *number,
                Value::Word(word) if word == "+Inf" => f64::INFINITY,
                Value::Word(word) if word == "-Inf" => f64::NEG_INFINITY,
                Value::Word(_) => f64::NAN,
            };
            let mut points: Vec<(i64, Option<f64>)> = Vec::with_capacity(one.samples.len());
            for (at, said) in &one.samples {
                let at = (at * 1000.0).round() as i64;
                // Where a step has no answer, the one before no longer holds.
                if let Some((last, _)) = points.last().copied()
                    && at - last > step
                {
                    points.push((last + step, None));
                }
                points.push((at, Some(value(said))));
            }
            let labels = one.labels.with(RECORDED, &number.to_string());
            self.all.push(Series { labels, points: marked(points.into_iter()) });
        }
    }

    /// The query that stands for one whose answer was recorded.
    pub fn recorded(&self, promql: &str) -> Option<String> {
        let number = self.recorded.get(&normal(promql))?;
        // Any aggregation over one series each gives it back without the label that only this file has.
        Some(format!("max without ({RECORDED}) ({{{RECORDED}=\"{number}\"}})"))
    }

    pub fn series(&self, matchers: &[Matcher], from_ms: i64, to_ms: i64) -> Vec<Series> {
        let wanted = |one: &&Series| {
            // What was recorded is there only for whoever asks for it by number.
            let open = one.labels.get(RECORDED).is_none() || matchers.iter().any(|m| m.name == RECORDED);
            open && matchers.iter().all(|matcher| matcher.matches(&one.labels))
        };
        let cut = |one: &Series| {
            let from = one.points.partition_point(|point| point.t < from_ms);
            let to = one.points.partition_point(|point| point.t <= to_ms);
            let points = one.points.get(from..to.max(from))?.to_vec();
            (!points.is_empty()).then(|| Series { labels: one.labels.clone(), points })
        };
        self.all.iter().filter(wanted).filter_map(cut).collect()
    }

    pub fn families(&self) -> Vec<Family> {
        let names: BTreeSet<&str> = self.all.iter().map(|one| one.labels.metric_name()).collect();
        let family = |name: &str| Family { name: name.into(), kind: "gauge", help: "".into() };
        names.into_iter().filter(|name| !name.is_empty()).map(family).collect()
    }
}

/// Blanks do not make another query.
fn normal(query: &str) -> String {
    query.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Points, a gap as the marker that ends a series.
fn marked(points: impl Iterator<Item = (i64, Option<f64>)>) -> Vec<Point> {
    points.map(|(t, v)| Point { t, v: v.unwrap_or(f64::from_bits(STALE_NAN)) }).collect()
}

/// The series by which Prometheus tells of an alert.
fn alert(one: &AlertRecord, first: i64, last: i64) -> [Series; 2] {
    let from = one.starts_at.timestamp_millis();
    let since = one.starts_at.timestamp() as f64;
    let end = one.ends_at.map_or(last, |end| end.timestamp_millis().min(last));
    let begin = from.max(first).max(end - ALERT_STEP_MS * ALERT_SAMPLES);
    let mut moments: Vec<i64> = Vec::new();
    let mut at = begin;
    while at <= end {
        moments.push(at);
        at += ALERT_STEP_MS;
    }
    if moments.last().is_some_and(|last| *last < end) {
        moments.push(end);
    }
    let over = (end < last).then_some((end + 1000, None));
    let with = |value: f64| marked(moments.iter().map(|at| (*at, Some(value))).chain(over));
    let labels = one.labels.with("alertname", &one.name);
    [
        Series { labels: labels.with("__name__", "ALERTS").with("alertstate", "firing"), points: with(1.0) },
        Series { labels: labels.with("__name__", "ALERTS_FOR_STATE"), points: with(since) },
    ]
}
