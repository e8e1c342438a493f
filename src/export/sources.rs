//! Rows of `snapshot sources --format json`: the raw facts behind the screen's steps of ages and
//! latencies.

use serde::Serialize;

use crate::model::Time;
use crate::model::ask::{Target, TargetHealth};
use crate::state::State;
use crate::store::{Health, Store};
use crate::view::vm::{PaneState, SourceRowVm};

/// A source as scripts see it.
#[derive(Debug, Serialize)]
pub(super) struct SourceJson<'a> {
    name: &'a str,
    state: PaneState,
    url: &'a str,
    version: &'a str,
    latency_ms: Option<u32>,
    answered_at: Option<Time>,
    age_s: Option<i64>,
    failing_since: Option<Time>,
    clock_skew_s: Option<i64>,
    message: &'a str,
}

/// A scrape target of Prometheus as scripts see it.
#[derive(Debug, Serialize)]
pub(super) struct TargetJson<'a> {
    job: &'a str,
    instance: &'a str,
    health: TargetHealth,
    last_scrape: Option<Time>,
    error: &'a str,
}

/// The sources in the order of the screen; what the screen writes in steps is raw here.
pub(super) fn source_rows<'a>(
    state: &'a State,
    rows: &'a [SourceRowVm],
) -> impl Iterator<Item = SourceJson<'a>> {
    let known = state.all_sources();
    rows.iter().zip(known).map(|(row, source)| {
        let health = state.store.health.get(&source);
        let answered_at = health.and_then(|health| health.answered_at);
        SourceJson {
            name: &row.name,
            state: row.state,
            url: &row.url,
            version: &row.version,
            latency_ms: health.and_then(|health| health.took_ms),
            answered_at,
            age_s: answered_at.map(|at| (state.now - at).num_seconds().max(0)),
            failing_since: health.and_then(|health: &Health| health.failing_since),
            clock_skew_s: health.and_then(|health| health.clock_skew_s),
            message: &row.message,
        }
    })
}

/// The targets, worst first.
pub(super) fn target_rows(store: &Store) -> impl Iterator<Item = TargetJson<'_>> {
    let mut targets: Vec<&Target> = store.targets.value().map_or(&[][..], |all| &all[..]).iter().collect();
    targets.sort_by(|a, b| (a.health, &a.job, &a.instance).cmp(&(b.health, &b.job, &b.instance)));
    targets.into_iter().map(|target| TargetJson {
        job: &target.job,
        instance: &target.instance,
        health: target.health,
        last_scrape: target.last_scrape,
        error: &target.last_error,
    })
}
