//! Lines of each level over the window, for the time axis.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::vm::{AxisVm, PaneState};
use super::super::{axis, clock, status};
use crate::explore::lines::LogLevel;
use crate::model::ask::Key;
use crate::model::{Series, SourceId, Unit, duration};
use crate::state::State;
use crate::state::logs::{self, LogsPlace, Rows};
use crate::store::Remote;

type Columns = BTreeMap<i64, [f64; 6]>;

/// The axis of a query.
pub fn build(state: &State, place: &LogsPlace, query: &Arc<str>) -> AxisVm {
    let words = state.setup.text.logs;
    let step = logs::histogram_step(state);
    let step_ms = i64::from(step) * 1000;
    let mut vm = AxisVm {
        title: (words.axis)(&duration::format(i64::from(step))),
        step_ms,
        layers: LogLevel::ALL
            .iter()
            .map(|level| (words.levels[*level as usize].to_owned(), level.level()))
            .collect(),
        ..axis::empty(state)
    };
    let key = Key::LogRange(logs::histogram_query(state, query), step);
    let remote = state.shown().explored(&key);
    let interval = step.max(state.interval_s());
    let status = status::of(state, remote, &SourceId::LOKI, interval, false);
    vm.state = status.state;
    let mut columns = Columns::new();
    match state.shown().explored_series(&key) {
        Some(series) => {
            let until =
                remote.and_then(Remote::evaluated_at).map_or(vm.span_ms.1, |at| at.timestamp_millis());
            counted(state, series, (vm.span_ms.0, until), step_ms, &mut columns);
            newest(place, until.div_euclid(step_ms) * step_ms, step_ms, &mut columns);
            if status.state == PaneState::Stale {
                vm.message = status.note;
            }
        }
        None if status.state == PaneState::Failed && place.lines.loaded => {
            loaded(place, step_ms, &mut columns);
            vm.message = (words.counts_loaded)(&status.message);
        }
        None => vm.message = status.message,
    }
    vm.columns = columns.into_iter().map(|(at, counts)| (at, counts.to_vec())).collect();
    cursor(state, place, &mut vm);
    vm
}

/// What the answered columns add up to: about the lines of the window.
pub fn total(state: &State, query: &str) -> Option<f64> {
    let key = Key::LogRange(logs::histogram_query(state, query), logs::histogram_step(state));
    let series = state.shown().explored_series(&key)?;
    Some(series.iter().flat_map(|one| one.points.iter()).map(|point| point.v).filter(|v| v.is_finite()).sum())
}

/// The level that the labels of a series tell.
fn level(state: &State, series: &Series) -> LogLevel {
    let names = &state.setup.pack.explore.log_level;
    names.iter().find_map(|name| series.labels.get(name).and_then(LogLevel::of_word)).unwrap_or_default()
}

/// Columns of an answer: a point counts the step that ends with it. A step without a point had no lines.
fn counted(state: &State, series: &[Series], (from, until): (i64, i64), step_ms: i64, columns: &mut Columns) {
    let first = -(-from).div_euclid(step_ms);
    for step in first..=until.div_euclid(step_ms) {
        columns.insert((step - 1) * step_ms, [0.0; 6]);
    }
    for one in series {
        let level = level(state, one) as usize;
        for point in one.points.iter().filter(|point| point.v.is_finite()) {
            // Without a column it lies outside of what was asked for.
            if let Some(counts) = columns.get_mut(&(point.t - step_ms)) {
                counts[level] += point.v;
            }
        }
    }
}

/// The step under way, which no answer counts yet: from the newest loaded lines, when they reach back to its start.
fn newest(place: &LogsPlace, from: i64, step_ms: i64, columns: &mut Columns) {
    let lines = &place.lines;
    let oldest = lines.get(0).map_or(i64::MAX, |entry| entry.ts / 1_000_000);
    if lines.loaded && (!lines.more || lines.backward && oldest < from) {
        columns.entry(from).or_default();
        add(place, from, step_ms, columns);
    }
}

/// Columns of loaded lines alone; where none are loaded nothing is known.
fn loaded(place: &LogsPlace, step_ms: i64, columns: &mut Columns) {
    add(place, i64::MIN, step_ms, columns);
}

fn add(place: &LogsPlace, from: i64, step_ms: i64, columns: &mut Columns) {
    let buckets = if place.lines.step_ms == step_ms { &place.lines.buckets[..] } else { &[] };
    let first = buckets.partition_point(|(at, _)| *at < from);
    for (at, counts) in &buckets[first..] {
        let column = columns.entry(*at).or_default();
        for (sum, count) in column.iter_mut().zip(counts) {
            *sum += f64::from(*count);
        }
    }
}

/// Where nobody has moved the cursor of the axis, it stands at the line under the list's.
fn cursor(state: &State, place: &LogsPlace, vm: &mut AxisVm) {
    let words = state.setup.text.logs;
    if vm.cursor.is_none() && state.axis.cursor.is_none() {
        let rows = Rows::of(state, place);
        let entry = rows.at(place.cursor).and_then(|row| rows.entry(row));
        vm.cursor = entry
            .map(|entry| entry.ts.div_euclid(1_000_000))
            .filter(|at| (vm.span_ms.0..=vm.span_ms.1).contains(at));
    }
    let Some(at) = vm.cursor else { return };
    let Some(moment) = chrono::DateTime::from_timestamp_millis(at) else { return };
    let moment = clock::format(state, moment, "%H:%M:%S");
    let column = vm.columns.partition_point(|(start, _)| *start <= at).checked_sub(1);
    let column = column.and_then(|at| vm.columns.get(at)).filter(|(start, _)| at < start + vm.step_ms);
    let Some((_, counts)) = column else {
        vm.note = (words.gap_at_cursor)(&moment);
        return;
    };
    let number = |count: f64| Unit::Count.format(count);
    let grave: Vec<String> = counts
        .iter()
        .zip(words.levels)
        .take(3)
        .filter(|(count, _)| **count > 0.0)
        .map(|(count, name)| format!("{} {name}", number(*count)))
        .collect();
    vm.note = (words.at_cursor)(&moment, &number(counts.iter().sum()), &grave.join(", "));
}
