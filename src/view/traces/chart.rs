//! The series of a query that counts.

use crate::explore::series as figures;
use crate::model::ask::{Answer, Key};
use crate::model::{Labels, SourceId, Unit};
use crate::state::{State, traces};
use crate::store::Remote;
use crate::view::vm::{Draw, Item, Level, PaneState, PaneVm, TracesVm};
use crate::view::{axis, series, status};

/// Most lines of a chart; the largest ones stay.
const MOST: usize = 24;

/// Fills the view with a chart.
pub fn build(state: &State, vm: &mut TracesVm, key: &Key, step_s: u32) {
    let text = state.setup.text.traces;
    let remote = state.shown().explored(key);
    let all = match remote.and_then(Remote::value).map(|answer| &**answer) {
        Some(Answer::Matrix(series)) => series.as_slice(),
        _ => &[],
    };
    let empty = all.iter().all(|one| one.points.is_empty());
    let status = status::of(state, remote, &SourceId::TEMPO, traces::pace(state), empty);
    (vm.state, vm.note) = (status.state, status.note.clone());
    let axis = axis::empty(state);
    if empty {
        vm.message = match status.state {
            PaneState::NoData => vec![text.no_series.to_owned()],
            _ => vec![if status.message.is_empty() { status.note } else { status.message }],
        };
    }
    let unit = unit(&vm.query);
    let sizes: Vec<_> = all.iter().map(figures::figures).collect();
    let mut drawn: Vec<usize> = (0..all.len()).filter(|at| sizes[*at].is_some()).collect();
    let size = |at: usize| sizes[at].as_ref().map_or(f64::NEG_INFINITY, |one| one.max);
    drawn.sort_by(|a, b| size(*b).total_cmp(&size(*a)));
    let left_out = drawn.len().saturating_sub(MOST);
    drawn.truncate(MOST);
    let labels: Vec<&Labels> = drawn.iter().map(|at| &all[*at].labels).collect();
    let names = figures::names(&labels);
    let high = drawn.iter().map(|at| size(*at)).filter(|v| v.is_finite()).fold(0.0, f64::max);
    let (from, to, ticks) = series::scale(0.0, high, unit);
    let items = drawn.iter().zip(names).enumerate().map(|(index, (at, label))| Item {
        label,
        text: sizes[*at].as_ref().map_or_else(String::new, |one| unit.format(one.last)),
        level: Level::Ok,
        series: Some(index),
        stats: series::stats(&all[*at], unit),
        ..Item::default()
    });
    let draw = Draw::Chart {
        items: items.collect(),
        y: (from, to),
        y_labels: ticks.into_iter().map(|tick| unit.format(tick)).collect(),
        x_labels: axis.labels,
        marks: Vec::new(),
    };
    if left_out > 0 {
        vm.below = (text.left_out)(left_out);
    }
    vm.chart = Some(PaneVm {
        id: "traces.series".to_owned(),
        title: vm.title.clone(),
        state: vm.state,
        source: SourceId::TEMPO.to_string(),
        query: vm.query.clone(),
        evaluated_at: remote.and_then(Remote::evaluated_at),
        age_s: remote.and_then(|remote| remote.age_s(state.shown_now())),
        message: vm.message.first().cloned().unwrap_or_default(),
        unit,
        values: Vec::new().into(),
        levels: Vec::new().into(),
        series: drawn.iter().map(|at| all[*at].clone()).collect(),
        span_ms: axis.span_ms,
        step_ms: i64::from(step_s) * 1000,
        draw,
    });
}

/// The unit of what a query counts, by the last function of its pipeline: a duration is told in seconds.
fn unit(query: &str) -> Unit {
    let last = query.rfind("_over_time").map(|at| &query[at..]);
    match last {
        Some(rest)
            if rest.split(')').next().is_some_and(|inside| inside.to_lowercase().contains("duration")) =>
        {
            Unit::Seconds
        }
        Some(_) => Unit::None,
        None => Unit::PerSecond,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_come_from_the_last_function() {
        for (query, expected) in [
            ("{} | rate()", Unit::PerSecond),
            ("{duration > 2s} | rate()", Unit::PerSecond),
            ("{} | quantile_over_time(duration, .9) by (name)", Unit::Seconds),
            ("{} | avg_over_time(traceDuration)", Unit::Seconds),
            ("{duration > 2s} | count_over_time()", Unit::None),
        ] {
            assert_eq!(unit(query), expected, "{query}");
        }
    }
}
