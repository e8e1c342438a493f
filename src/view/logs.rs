//! The log view as data: the query and what it reads, the time axis, the lines in sight.

mod chart;
mod histogram;
mod rows;
mod words;

use std::sync::Arc;

use super::status;
use super::vm::{LogsVm, PaneState, PatternRowVm};
use crate::command::CommandId;
use crate::explore::selector;
use crate::model::SourceId;
use crate::state::logs::{self, Cost, LineForm, LogsPlace, Rows};
use crate::state::{State, axis};

/// The view of a query.
pub fn build(state: &State, text: &Arc<str>) -> LogsVm {
    let words = state.setup.text.logs;
    let query = logs::query_of(state, text);
    let place = logs::place(state, text);
    let body = axis::body(state);
    let mut vm = LogsVm {
        language: words.query.to_owned(),
        query: query.to_string(),
        axis_lines: axis::lines(body),
        title: words.lines.to_owned(),
        wrap: place.wrap,
        shift: place.shift,
        ..LogsVm::default()
    };
    if selector::is_metric(&query) {
        vm.chart = Some(Box::new(chart::build(state, &query)));
        return vm;
    }
    let cost = logs::cost(state, &query);
    vm.cost = words::cost(state, cost);
    vm.axis = histogram::build(state, &place, &query);
    if matches!(cost, Cost::Heavy(_)) && !place.allowed {
        waits(state, &mut vm);
        return vm;
    }
    let status = words::status(state, &place, &query);
    vm.state = status.state;
    vm.note.clone_from(&status.note);
    vm.subtitle = words::completeness(state, &place, &query);
    vm.below = words::below(state, &place);
    vm.findings = words::findings(state, &place);
    if place.patterns.open {
        patterns(state, &place, &mut vm);
        return vm;
    }
    let list = Rows::of(state, &place);
    if list.is_empty() {
        vm.message = words::nothing(state, &status);
        if vm.state == PaneState::Ready {
            vm.state = PaneState::NoData;
        }
        return vm;
    }
    rows::fill(state, &place, list, &mut vm);
    vm
}

/// A heavy query that nobody has allowed yet.
fn waits(state: &State, vm: &mut LogsVm) {
    let words = state.setup.text.logs;
    vm.state = PaneState::NoData;
    vm.message = vec![
        (words.heavy)(&vm.cost, &words::key(state, CommandId::QueryRun)),
        (words.heavy_help)(&words::key(state, CommandId::ZoomIn), &words::key(state, CommandId::QueryEdit)),
    ];
}

fn patterns(state: &State, place: &LogsPlace, vm: &mut LogsVm) {
    let words = state.setup.text.logs;
    let found = &place.patterns.found;
    words.patterns.clone_into(&mut vm.title);
    vm.subtitle = match place.patterns.of {
        0 if found.is_empty() => String::new(),
        0 => words.patterns_server.to_owned(),
        lines => (words.patterns_loaded)(lines),
    };
    let most = found.iter().map(|pattern| pattern.count).max().unwrap_or(1).max(1);
    let height = state.logs_height();
    let offset = place.patterns.offset.min(found.len().saturating_sub(1));
    let shown = found.iter().skip(offset).take(height);
    vm.patterns = Some(
        shown
            .map(|pattern| PatternRowVm {
                count: crate::text::logs::thousands(pattern.count),
                share: pattern.count as f64 / most as f64,
                level: pattern.level,
                mark: words.marks[pattern.level as usize].to_owned(),
                text: pattern.text.clone(),
            })
            .collect(),
    );
    vm.offset = offset;
    vm.total = found.len();
    vm.cursor = place.patterns.cursor.checked_sub(offset).filter(|_| !found.is_empty());
    if found.is_empty() {
        vm.message = vec![words.no_patterns.to_owned()];
    }
}

/// Whether fields stand as columns.
fn as_columns(place: &LogsPlace) -> bool {
    place.form == LineForm::Columns && !place.lines.columns.is_empty()
}

/// The status of an answer that is asked for once: it does not grow old by itself.
fn once<T>(state: &State, remote: Option<&crate::store::Remote<T>>, empty: bool) -> status::Status {
    status::of(state, remote, &SourceId::LOKI, u32::MAX / 4, empty)
}
