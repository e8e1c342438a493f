//! What the view in sight has under its cursor, as lanes of the incident: series of a panel or of the metrics view, lines of
//! a log query, traces of a search.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{BoxKind, State, View, logs, metrics, traces};
use crate::explore::incident::{Goal, Lane, pinned};
use crate::explore::series;
use crate::model::ask::Key;
use crate::model::{Labels, Point};

/// Lanes that one panel gives at most.
const MOST: usize = 4;

/// Whether lanes can be made of the view in sight at all.
pub fn is_laned(view: &View) -> bool {
    matches!(
        view,
        View::Metrics(_) | View::Logs(_) | View::Traces(_) | View::Page { .. } | View::Panel { .. }
    )
}

/// The lanes; none where there is nothing under the cursor, or no answer yet.
pub fn of_sight(state: &State) -> Vec<Lane> {
    match state.view() {
        View::Metrics(query) => {
            let found = metrics::at_cursor(state, query);
            let lane = found.map(|(name, points, step_ms)| {
                pinned(&name, "", points, step_ms, Goal::Metrics(query.clone()))
            });
            lane.into_iter().collect()
        }
        View::Logs(query) => of_lines(state, query).into_iter().collect(),
        View::Traces(query) => of_traces(state, query).into_iter().collect(),
        View::Page { .. } | View::Panel { .. } => of_panel(state),
        _ => Vec::new(),
    }
}

/// The lines of a query, by step; of a metric query what it counts.
fn of_lines(state: &State, text: &Arc<str>) -> Option<Lane> {
    let query = logs::query_of(state, text);
    let step = logs::histogram_step(state);
    let of = |query: Arc<str>| state.shown().explored_series(&Key::LogRange(query, step));
    let series = of(logs::histogram_query(state, &query)).or_else(|| of(query.clone()))?;
    let mut sums: BTreeMap<i64, f64> = BTreeMap::new();
    for point in series.iter().flat_map(|one| &one.points).filter(|point| point.v.is_finite()) {
        *sums.entry(point.t).or_insert(0.0) += point.v;
    }
    let points: Vec<Point> = sums.into_iter().map(|(t, v)| Point { t, v }).collect();
    (!points.is_empty())
        .then(|| pinned(&query, "", points, i64::from(step) * 1000, Goal::Logs(query.clone())))
}

/// The traces that a search found, by step of the axis.
fn of_traces(state: &State, query: &Arc<str>) -> Option<Lane> {
    let list = traces::list(state, query)?;
    let step_ms = (i64::from(state.step_s()) * 1000).max(1);
    let mut counts: BTreeMap<i64, f64> = BTreeMap::new();
    for hit in list.hits.iter() {
        *counts.entry((hit.start / 1_000_000).div_euclid(step_ms) * step_ms).or_insert(0.0) += 1.0;
    }
    let points: Vec<Point> = counts.into_iter().map(|(t, v)| Point { t, v }).collect();
    (!points.is_empty()).then(|| pinned(query, "", points, step_ms, Goal::Traces(query.clone())))
}

/// The series of the panel in focus, where it has a trend.
fn of_panel(state: &State) -> Vec<Lane> {
    let panel = match state.focused_kind() {
        Some(BoxKind::Panel(panel)) => panel,
        Some(BoxKind::Card(panels)) => {
            match panels.into_iter().find(|panel| trend(state, &panel.query).is_some()) {
                Some(panel) => panel,
                None => return Vec::new(),
            }
        }
        _ => return Vec::new(),
    };
    let Some(all) = trend(state, &panel.query) else { return Vec::new() };
    let chosen: Vec<_> = all.iter().filter(|one| is_its(&one.labels, &panel.select)).collect();
    let labels: Vec<&Labels> = chosen.iter().map(|one| &one.labels).collect();
    let differing = series::differing(&labels);
    let step_ms = i64::from(state.step_s()) * 1000;
    let named = chosen.iter().filter(|one| !one.points.is_empty()).take(MOST);
    named
        .map(|one| {
            let own: Vec<&str> = differing.iter().filter_map(|label| one.labels.get(label)).collect();
            let own = own.join(" ");
            let name = if own.is_empty() {
                panel.panel.title.clone()
            } else {
                format!("{} {own}", panel.panel.title)
            };
            pinned(&name, "", one.points.clone(), step_ms, Goal::Metrics(panel.query.clone()))
        })
        .collect()
}

/// Whether a series is the panel's.
fn is_its(labels: &Labels, select: &[(String, String)]) -> bool {
    select.iter().all(|(label, value)| labels.get(label) == Some(value))
}

fn trend<'s>(state: &'s State, query: &Arc<str>) -> Option<&'s Arc<[crate::model::Series]>> {
    let history = state.shown().ranges.get(&(query.clone(), state.step_s()))?;
    history.remote.value().filter(|all| !all.is_empty())
}
