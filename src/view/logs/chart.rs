//! The chart of a LogQL query that asks for numbers.

use std::sync::Arc;

use super::super::vm::{Draw, Item, PaneState, PaneVm};
use super::super::{clock, series, status};
use crate::model::ask::Key;
use crate::model::{Series, SourceId, Unit};
use crate::state::State;
use crate::state::logs;
use crate::store::Remote;

/// A pane with a line for each series.
pub fn build(state: &State, query: &Arc<str>) -> PaneVm {
    let step = logs::histogram_step(state);
    let key = Key::LogRange(query.clone(), step);
    let remote = state.shown().explored(&key);
    let lines: Vec<Series> = state.shown().explored_series(&key).map(<[Series]>::to_vec).unwrap_or_default();
    let status = status::of(state, remote, &SourceId::LOKI, step.max(state.interval_s()), lines.is_empty());
    let now = state.shown_now();
    let (start, end) = (state.window.start(now), state.window.end(now));
    let unit = Unit::None;
    let finite =
        || lines.iter().flat_map(|one| one.points.iter()).map(|point| point.v).filter(|v| v.is_finite());
    let (low, high) = (finite().fold(f64::INFINITY, f64::min), finite().fold(f64::NEG_INFINITY, f64::max));
    let (low, high, ticks) = if low.is_finite() && high.is_finite() {
        series::scale(low.min(0.0), high, unit)
    } else {
        (0.0, 1.0, vec![0.0, 1.0])
    };
    let labels: Vec<_> = lines.iter().map(|one| &one.labels).collect();
    let differing = series::differing(&labels);
    let items = lines
        .iter()
        .enumerate()
        .map(|(at, one)| {
            let stats = series::stats(one, unit);
            Item {
                label: differing.iter().filter_map(|name| one.labels.get(name)).collect::<Vec<_>>().join(" "),
                text: stats.as_ref().map_or_else(String::new, |[last, ..]| last.clone()),
                series: Some(at),
                stats,
                ..Item::default()
            }
        })
        .collect();
    let span = end - start;
    let draw = Draw::Chart {
        items,
        y: (low, high),
        y_labels: ticks.iter().map(|value| unit.format(*value)).collect(),
        x_labels: (0..=4).map(|share| clock::near(state, start + span * share / 4)).collect(),
        marks: Vec::new(),
    };
    PaneVm {
        id: "logs.chart".to_owned(),
        title: state.setup.text.view.logs.to_owned(),
        state: status.state,
        source: SourceId::LOKI.to_string(),
        query: query.to_string(),
        evaluated_at: remote.and_then(Remote::evaluated_at),
        age_s: remote.and_then(|remote| remote.age_s(now)),
        message: if status.state == PaneState::Ready { String::new() } else { status.note },
        unit,
        values: Arc::from([]),
        levels: Arc::from([]),
        series: lines.into(),
        span_ms: (start.timestamp_millis(), end.timestamp_millis()),
        step_ms: i64::from(step) * 1000,
        draw,
    }
}
