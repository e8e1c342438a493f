//! `status/…` and `alertmanagers`.
// Handlers are of one type, whether or not they can refuse.
#![allow(clippy::unnecessary_wraps)]

use std::collections::{BTreeMap, BTreeSet};

use chrono::SecondsFormat;
use serde_json::{Value, json};

use super::super::form::Form;
use super::labels::RECENT_MS;
use super::{Outcome, Server};
use crate::query::MetricData;

/// The Prometheus that this one answers like.
const VERSION: &str = "2.42.0";

/// The configuration, as Prometheus prints its own.
pub(super) fn config(server: &Server, _: &Form, _: &str) -> Outcome {
    let targets: Vec<(String, String, u32)> = server
        .alerting
        .place()
        .targets()
        .iter()
        .map(|target| (target.job.to_string(), target.instance.to_string(), target.scrape_s))
        .collect();
    Ok(json!({"yaml": server.alerting.prometheus_yaml(&server.alertmanager, &targets)}).to_string())
}

/// Version. Says of itself that it is no build of the real one.
pub(super) fn build_info(_: &Server, _: &Form, _: &str) -> Outcome {
    Ok(json!({
        "version": VERSION, "revision": concat!("plantao-", env!("CARGO_PKG_VERSION")), "branch": "embedded",
        "buildUser": "", "buildDate": "", "goVersion": "",
    })
    .to_string())
}

/// What the process is like.
pub(super) fn runtime_info(server: &Server, _: &Form, _: &str) -> Outcome {
    let started = server.alerting.started().to_rfc3339_opts(SecondsFormat::AutoSi, true);
    Ok(json!({
        "startTime": started, "CWD": "/", "reloadConfigSuccess": true, "lastConfigTime": started,
        "corruptionCount": 0, "goroutineCount": 0, "GOMAXPROCS": 1, "GOGC": "", "GODEBUG": "",
        "storageRetention": "15d",
    })
    .to_string())
}

/// Its flags.
pub(super) fn flags(_: &Server, _: &Form, _: &str) -> Outcome {
    Ok(json!({
        "config.file": "/etc/prometheus/prometheus.yml", "query.lookback-delta": "5m",
        "query.max-samples": "50000000", "query.timeout": "2m", "storage.tsdb.retention.time": "15d",
        "web.enable-admin-api": "false", "web.enable-lifecycle": "false",
    })
    .to_string())
}

/// Whom it sends alerts to.
pub(super) fn alertmanagers(server: &Server, _: &Form, _: &str) -> Outcome {
    let url = format!("http://{}/api/v2/alerts", server.alertmanager);
    Ok(json!({"activeAlertmanagers": [{"url": url}], "droppedAlertmanagers": []}).to_string())
}

/// What fills the memory: the ten largest of each kind.
pub(super) fn tsdb(server: &Server, _: &Form, _: &str) -> Outcome {
    let now = server.alerting.place().now().timestamp_millis();
    let all = server.alerting.with_alerts().series(&[], now - RECENT_MS, now);
    let mut metrics: BTreeMap<&str, usize> = BTreeMap::new();
    let mut pairs: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for series in &all {
        *metrics.entry(series.labels.metric_name()).or_default() += 1;
        for pair in series.labels.iter() {
            *pairs.entry(pair).or_default() += 1;
        }
    }
    let mut values: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut bytes: BTreeMap<&str, usize> = BTreeMap::new();
    for (name, value) in pairs.keys() {
        values.entry(name).or_default().insert(value);
        *bytes.entry(name).or_default() += value.len();
    }
    let first = all.iter().filter_map(|series| series.points.first()).map(|point| point.t).min();
    let last = all.iter().filter_map(|series| series.points.last()).map(|point| point.t).max();
    Ok(json!({
        "headStats": {
            "numSeries": all.len(), "numLabelPairs": pairs.len(), "chunkCount": all.len(),
            "minTime": first.unwrap_or(now), "maxTime": last.unwrap_or(now),
        },
        "seriesCountByMetricName": largest(metrics.into_iter().map(|(name, n)| (name.to_owned(), n))),
        "labelValueCountByLabelName": largest(values.iter().map(|(name, all)| ((*name).to_owned(), all.len()))),
        "memoryInBytesByLabelName": largest(bytes.into_iter().map(|(name, n)| (name.to_owned(), n))),
        "seriesCountByLabelValuePair":
            largest(pairs.into_iter().map(|((name, value), n)| (format!("{name}={value}"), n))),
    })
    .to_string())
}

fn largest(all: impl Iterator<Item = (String, usize)>) -> Vec<Value> {
    let mut all: Vec<(String, usize)> = all.collect();
    all.sort_by(|(a, m), (b, n)| n.cmp(m).then_with(|| a.cmp(b)));
    all.into_iter().take(10).map(|(name, value)| json!({"name": name, "value": value})).collect()
}
