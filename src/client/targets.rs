//! Scrape targets and metric metadata on the wire.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::model::Time;
use crate::model::ask::{MetricMeta, Target, TargetHealth};

use super::wire::{Many, SafeLabels, SafeLine, SafeName, real};

/// `data` of `/api/v1/targets`.
#[derive(Deserialize)]
pub(super) struct TargetsData {
    #[serde(default, rename = "activeTargets")]
    pub active: Many<WireTarget, Target>,
}

#[derive(Deserialize)]
pub(super) struct WireTarget {
    #[serde(default)]
    labels: SafeLabels,
    #[serde(default, rename = "scrapePool")]
    pool: SafeLine,
    #[serde(default, rename = "lastError")]
    last_error: SafeLine,
    #[serde(rename = "lastScrape")]
    last_scrape: Option<Time>,
    health: Health,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Health {
    Up,
    Down,
    #[serde(other)]
    Unknown,
}

impl From<WireTarget> for Target {
    fn from(wire: WireTarget) -> Self {
        Self {
            job: wire.labels.0.get("job").map_or(wire.pool.0, Into::into),
            instance: wire.labels.0.get("instance").unwrap_or("").into(),
            health: match wire.health {
                Health::Up => TargetHealth::Up,
                Health::Down => TargetHealth::Down,
                Health::Unknown => TargetHealth::Unknown,
            },
            last_scrape: real(wire.last_scrape),
            last_error: wire.last_error.0,
        }
    }
}

/// `data` of `/api/v1/metadata`: several targets may describe one metric; the first is taken.
pub(super) type MetadataData = BTreeMap<SafeName, Vec<WireMeta>>;

#[derive(Deserialize)]
pub(super) struct WireMeta {
    #[serde(default, rename = "type")]
    kind: SafeLine,
    #[serde(default)]
    help: SafeLine,
    #[serde(default)]
    unit: SafeLine,
}

/// Sorted by metric.
pub(super) fn metadata(data: MetadataData) -> Vec<MetricMeta> {
    data.into_iter()
        .filter_map(|(metric, all)| {
            let first = all.into_iter().next()?;
            Some(MetricMeta { metric: metric.0, kind: first.kind.0, help: first.help.0, unit: first.unit.0 })
        })
        .collect()
}
