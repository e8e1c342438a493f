//! `targets` and `metadata`.
// Handlers are of one type, whether or not they can refuse.
#![allow(clippy::unnecessary_wraps)]

use std::collections::BTreeMap;

use chrono::SecondsFormat;
use serde_json::{Value, json};

use super::super::form::Form;
use super::{Outcome, Refused, Server};
use crate::demo::hospital::ScrapeTarget;

/// What is scraped; `state` and `scrapePool` filter.
pub(super) fn targets(server: &Server, form: &Form, _: &str) -> Outcome {
    let (state, pool) = (form.get("state"), form.get("scrapePool"));
    let shown = matches!(state, "" | "any" | "active");
    let all: Vec<Value> = server
        .alerting
        .place()
        .targets()
        .iter()
        .filter(|target| shown && (pool.is_empty() || pool == &*target.job))
        .map(target)
        .collect();
    Ok(json!({"activeTargets": all, "droppedTargets": []}).to_string())
}

fn target(target: &ScrapeTarget) -> Value {
    let (job, instance) = (&*target.job, &*target.instance);
    let url = format!("http://{instance}/metrics");
    let interval = format!("{}s", target.scrape_s);
    let timeout = format!("{}s", target.scrape_s.min(10));
    let (health, error) = match (target.last, target.up) {
        (None, _) => ("unknown", String::new()),
        (Some(_), true) => ("up", String::new()),
        (Some(_), false) => {
            ("down", format!("Get \"{url}\": dial tcp {instance}: connect: connection refused"))
        }
    };
    json!({
        "discoveredLabels": {
            "__address__": instance, "__metrics_path__": "/metrics", "__scheme__": "http",
            "__scrape_interval__": interval, "__scrape_timeout__": timeout, "job": job,
        },
        "labels": {"instance": instance, "job": job},
        "scrapePool": job,
        "scrapeUrl": url,
        "globalUrl": url,
        "lastError": error,
        // Go's zero time: never.
        "lastScrape": target.last.map_or_else(
            || "0001-01-01T00:00:00Z".to_owned(),
            |last| last.to_rfc3339_opts(SecondsFormat::AutoSi, true),
        ),
        "lastScrapeDuration": target.took_s,
        "health": health,
        "scrapeInterval": interval,
        "scrapeTimeout": timeout,
    })
}

/// What the metrics are; `metric` names one, `limit` bounds their number.
pub(super) fn metadata(server: &Server, form: &Form, _: &str) -> Outcome {
    let limit = match form.get("limit") {
        "" => None,
        text => Some(text.parse::<i64>().map_err(|_| Refused::bad("limit must be a number"))?),
    };
    // The real server takes a limit below 1 for none.
    let most = limit.and_then(|limit| usize::try_from(limit).ok()).filter(|most| *most > 0);
    let metric = form.get("metric");
    let families = server.alerting.place().families();
    let all: BTreeMap<&str, Value> = families
        .iter()
        .filter(|family| metric.is_empty() || metric == &*family.name)
        .map(|family| (&*family.name, json!([{"type": family.kind, "help": &*family.help, "unit": ""}])))
        .collect();
    let kept: BTreeMap<&str, Value> = all.into_iter().take(most.unwrap_or(usize::MAX)).collect();
    Ok(json!(kept).to_string())
}
