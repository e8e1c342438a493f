//! Traces over time, by whether they have errors.

use crate::explore::hits;
use crate::model::TraceList;
use crate::state::State;
use crate::view::axis;
use crate::view::vm::{AxisVm, Level, PaneState};

/// Columns of an axis, about.
const COLUMNS: u16 = 90;
/// Most columns that are ever made, whatever the window.
const MOST: i64 = 2000;

/// The axis of a list.
pub fn build(state: &State, list: Option<&TraceList>, pane: PaneState, message: &str) -> AxisVm {
    let text = state.setup.text.traces;
    let mut vm = AxisVm {
        title: text.axis_title.to_owned(),
        state: pane,
        message: message.to_owned(),
        ..axis::empty(state)
    };
    vm.layers = vec![(text.with_errors.to_owned(), Level::Critical), (text.fine.to_owned(), Level::Ok)];
    vm.step_ms = state.window.step_s(COLUMNS) * 1000;
    let Some(list) = list else { return vm };
    let grid = |ms: i64| ms.div_euclid(vm.step_ms) * vm.step_ms;
    // Of a list that was cut only the newest are known: before the oldest of them nothing is.
    let oldest = list.hits.iter().map(|hit| hit.start / 1_000_000).min();
    let known = oldest.filter(|_| list.more).map_or(vm.span_ms.0, |oldest| oldest.max(vm.span_ms.0));
    let first = grid(known);
    let count = ((vm.span_ms.1 - first) / vm.step_ms + 1).clamp(0, MOST);
    let mut columns: Vec<(i64, Vec<f64>)> =
        (0..count).map(|at| (first + at * vm.step_ms, vec![0.0, 0.0])).collect();
    for hit in list.hits.iter() {
        let at = (hit.start / 1_000_000 - first).div_euclid(vm.step_ms);
        if let Some((_, counts)) = usize::try_from(at).ok().and_then(|at| columns.get_mut(at)) {
            counts[usize::from(hits::errors(hit) == 0)] += 1.0;
        }
    }
    let step = vm.step_ms;
    let under = |cursor: i64| columns.iter().find(|(start, _)| (*start..start + step).contains(&cursor));
    if let Some((_, counts)) = vm.cursor.and_then(under) {
        vm.note = (text.at_cursor)((counts[0] + counts[1]) as usize, counts[0] as usize);
    }
    vm.columns = columns;
    vm
}
