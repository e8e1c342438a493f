//! The traces view as data.

mod chart;
mod columns;

use super::vm::{DurationsVm, PaneState, TraceRowVm, TracesVm};
use super::{clock, status};
use crate::explore::{durations, facts, findings, hits};
use crate::model::ask::Key;
use crate::model::{SourceId, TraceHit, TraceList};
use crate::state::traces::{self, TracesPlace};
use crate::state::{State, trace};
use crate::text::traces::nanos;

/// The view of a query.
pub fn build(state: &State, query: &str) -> TracesVm {
    let text = state.setup.text.traces;
    let asked = traces::query_of(state, query);
    let ready = state.setup.pack.explore.traces.iter().find(|ready| *ready.query == *asked);
    let (key, remote) = traces::shown(state, query);
    let place = state.places.traces.get(query).cloned().unwrap_or_default();
    let mut vm = TracesVm {
        query: asked.to_string(),
        title: ready.map_or_else(String::new, |ready| ready.title.clone()),
        sort: place.sort,
        reversed: place.reversed,
        ..TracesVm::default()
    };
    if let Key::TraceRange(_, step_s) = &key {
        chart::build(state, &mut vm, &key, *step_s);
        return vm;
    }
    let list = traces::list(state, query);
    let empty = list.is_some_and(|list| list.hits.is_empty());
    let status = status::of(state, remote, &SourceId::TEMPO, traces::pace(state), empty);
    vm.state = status.state;
    vm.note = status.note;
    vm.axis = columns::build(state, list, status.state, &status.message);
    let Some(list) = list.filter(|list| !list.hits.is_empty()) else {
        vm.message = match status.state {
            PaneState::NoData => {
                let mut lines = (text.none_match)(list.and_then(|list| list.inspected)).to_vec();
                lines.retain(|line| !line.is_empty());
                lines
            }
            _ => vec![if status.message.is_empty() { vm.note.clone() } else { status.message }],
        };
        return vm;
    };
    let waits = traces::key_of(state, query) != key;
    let count = (text.count)(list.hits.len(), list.more);
    vm.note = [waits.then(|| text.loading_more.to_owned()), Some(count), Some(vm.note)]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" · ");
    vm.durations = spread(state, list);
    rows(state, list, &place, &mut vm);
    vm.below = below(state, list, &place);
    vm
}

fn rows(state: &State, list: &TraceList, place: &TracesPlace, vm: &mut TracesVm) {
    let text = state.setup.text.traces;
    let order = traces::order(list, place);
    let cursor = traces::cursor(list, place, &order);
    vm.lines = traces::lines(list, &order);
    let height = traces::split(state).rows();
    vm.offset = place.offset.min(vm.lines.saturating_sub(1));
    vm.cursor = cursor.checked_sub(vm.offset).filter(|at| *at < height);
    let longest = list.hits.iter().map(|hit| hit.duration).max().unwrap_or(0).max(1);
    let line = |at: usize| match order.get(at) {
        Some(hit) => row(state, &list.hits[*hit], place, longest),
        None => TraceRowVm {
            more: if place.can_grow() { text.load_more.to_owned() } else { text.no_more.to_owned() },
            ..TraceRowVm::default()
        },
    };
    vm.rows = (vm.offset..vm.lines.min(vm.offset + height)).map(line).collect();
}

fn row(state: &State, hit: &TraceHit, place: &TracesPlace, longest: i64) -> TraceRowVm {
    let text = state.setup.text.traces;
    let start = trace::moment(hit.start).map_or_else(String::new, |at| {
        let date = clock::near(state, at).rsplit_once(' ').map(|(date, _)| format!("{date} "));
        format!("{}{}", date.unwrap_or_default(), clock::format(state, at, "%H:%M:%S"))
    });
    let errors = hits::errors(hit);
    let unknown = hit.root_service.is_empty() && hit.root_name.is_empty();
    TraceRowVm {
        more: String::new(),
        marked: place.marked == Some(hit.id),
        start,
        service: hit.root_service.to_string(),
        name: if unknown { text.no_root.to_owned() } else { hit.root_name.to_string() },
        duration: nanos(hit.duration),
        share: hit.duration.max(0) as f64 / longest as f64,
        spans: hits::spans(hit).map_or_else(|| "–".to_owned(), |spans| (text.number)(spans as usize)),
        errors: if errors == 0 { String::new() } else { (text.number)(errors as usize) },
        services: if hit.services.is_empty() { "–".to_owned() } else { (text.number)(hit.services.len()) },
        about: about(hit),
    }
}

/// What a server adds of a span to what was selected because the query speaks of it: the list has its own columns for these.
const INTRINSIC: [&str; 12] = [
    "duration",
    "name",
    "status",
    "statusMessage",
    "kind",
    "rootName",
    "rootServiceName",
    "traceDuration",
    "nestedSetParent",
    "nestedSetLeft",
    "nestedSetRight",
    "childCount",
];

/// What the query selected of the spans that matched; else the services.
fn about(hit: &TraceHit) -> String {
    let mut selected: Vec<String> = Vec::new();
    let attributes = hit.matched.iter().flat_map(|span| &span.attributes);
    for (_, value) in attributes.filter(|(key, _)| !INTRINSIC.contains(&&**key) && &**key != "service.name") {
        let value = facts::value_text(value);
        if !selected.contains(&value) {
            selected.push(value);
        }
    }
    if selected.is_empty() {
        let names: Vec<&str> = hit.services.iter().map(|service| &*service.name).collect();
        return names.join(", ");
    }
    selected.join(", ")
}

fn below(state: &State, list: &TraceList, place: &TracesPlace) -> String {
    let text = state.setup.text.traces;
    let marked = place.marked.map(|id| (text.marked)(id.to_string().get(..8).unwrap_or_default()));
    [findings::leaks(&list.leaks, text), marked].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn spread(state: &State, list: &TraceList) -> DurationsVm {
    let text = state.setup.text.traces;
    let all: Vec<(i64, bool)> = list.hits.iter().map(|hit| (hit.duration, hits::errors(hit) > 0)).collect();
    let steps = durations::histogram(&all);
    let mut sorted: Vec<i64> = all.iter().map(|(duration, _)| *duration).collect();
    sorted.sort_unstable();
    let at = |share: usize| sorted.get((sorted.len() * share / 100).min(sorted.len().saturating_sub(1)));
    let [median, high] =
        [50, 95].map(|share| at(share).map_or_else(String::new, |duration| nanos(*duration)));
    DurationsVm {
        end: steps.last().map_or_else(String::new, |step| nanos(step.to)),
        steps: steps.into_iter().map(|step| (nanos(step.from), step.fine, step.failed)).collect(),
        note: (text.spread)(&median, &high),
    }
}
