//! Two traces side by side as data.

use super::trace::{answer, head, ruler};
use super::vm::{CompareBarVm, CompareRowVm, CompareVm, DifferenceVm, Level, PaneState, SideVm};
use crate::explore::compare::{Comparison, Node, Side};
use crate::model::TraceId;
use crate::state::{State, TracePlace, View, trace};
use crate::text::traces::nanos;

/// Differences that are listed: more than a screen holds.
const LISTED: usize = 40;

/// The view of a trace beside another.
pub fn build(state: &State, one: TraceId, other: TraceId) -> CompareVm {
    let text = state.setup.text.traces;
    let nowhere = TracePlace::default();
    let place = state.places.trace.get(&View::Compare(one, other)).unwrap_or(&nowhere);
    let answers = [answer(state, one), answer(state, other)];
    let whole = |at: usize| answers[at].0 == PaneState::Ready;
    let mut vm = CompareVm {
        title: text.compare_title.to_owned(),
        sides: [side(state, one, ""), side(state, other, &why(state, place))],
        state: super::status::worse(answers[0].0, answers[1].0),
        ..CompareVm::default()
    };
    vm.note =
        answers.iter().find(|answer| answer.0 == vm.state).map_or_else(String::new, |one| one.1.clone());
    let comparison = place.comparison.as_ref().filter(|_| whole(0) && whole(1));
    let Some(two) = comparison.filter(|two| !two.nodes.is_empty()) else {
        for (at, id) in [one, other].into_iter().enumerate() {
            if !whole(at) {
                vm.message
                    .push((text.side_message)(&short(id), answers[at].2.first().map_or("", |line| line)));
            }
        }
        return vm;
    };
    if let Some((doc, fall, _)) = trace::known(state, one) {
        vm.title = head(state, doc, fall).0;
    }
    vm.ruler = ruler(two.duration);
    let height = trace::compare_split(state).rows();
    let offset = place.offset.min(place.shown.len());
    let range = offset..place.shown.len().min(offset + height);
    vm.rows = range.clone().map(|at| row(place, two, place.shown[at] as usize, at == offset)).collect();
    vm.cursor = place.cursor.checked_sub(offset).filter(|at| *at < vm.rows.len());
    (vm.offset, vm.shown) = (offset, place.shown.len());
    vm.deepest = two.nodes.iter().map(|node| node.depth).max().unwrap_or(0);
    vm.mode = super::trace::mode(state, place);
    vm.differing = two.differing.len();
    let largest = two.differing.first().map_or(1, |at| two.nodes[*at].added().saturating_abs().max(1));
    let listed = two.differing.iter().take(LISTED);
    vm.differences = listed.map(|at| difference(state, place, two, *at, largest)).collect();
    vm
}

fn short(id: TraceId) -> String {
    id.to_string().chars().take(8).collect()
}

fn why(state: &State, place: &TracePlace) -> String {
    let text = state.setup.text.traces;
    place.chosen.map_or_else(|| text.marked_one.to_owned(), |chosen| (text.chosen)(chosen.among, chosen.fine))
}

fn side(state: &State, id: TraceId, why: &str) -> SideVm {
    let facts = trace::known(state, id)
        .filter(|(doc, ..)| !doc.trace.spans.is_empty())
        .map(|(doc, fall, _)| head(state, doc, fall).1)
        .unwrap_or_default();
    SideVm { id: short(id), facts, why: why.to_owned() }
}

fn row(place: &TracePlace, two: &Comparison, at: usize, first: bool) -> CompareRowVm {
    let node = &two.nodes[at];
    let above = node.parent.map(|parent| two.nodes[parent].service);
    let service = two.services.get(node.service).map_or("", |service| service);
    let bar = |side: &Option<Side>| side.as_ref().map(|side| bar(side, two.duration));
    CompareRowVm {
        depth: node.depth,
        folded: (node.below > 0).then(|| place.folded.contains(&(at as u32))),
        service: node.service,
        service_name: if !first && above == Some(node.service) { String::new() } else { service.to_owned() },
        name: node.name.to_string(),
        sides: [bar(&node.one), bar(&node.other)],
        added: signed(node.added()),
        level: level(node, two.duration),
        found: place.found.binary_search(&(at as u32)).is_ok(),
    }
}

fn bar(side: &Side, whole: i64) -> CompareBarVm {
    let share = |at: i64| (at as f64 / whole.max(1) as f64).clamp(0.0, 1.0);
    CompareBarVm {
        bar: (share(side.from), share(side.to)),
        own: (side.own as f64 / side.duration.max(1) as f64).clamp(0.0, 1.0),
        duration: nanos(side.duration),
        count: if side.count > 1 { format!("×{}", side.count) } else { String::new() },
        error: side.errors > 0,
    }
}

/// `+1.2s`, `-30ms`; nothing for no difference.
fn signed(nanoseconds: i64) -> String {
    match nanoseconds {
        0 => String::new(),
        1.. => format!("+{}", nanos(nanoseconds)),
        _ => nanos(nanoseconds),
    }
}

/// A tenth of the longer trace more is bad; a failure where there was none is worse.
fn level(node: &Node, whole: i64) -> Level {
    let failed = |side: &Option<Side>| side.as_ref().is_some_and(|side| side.errors > 0);
    if failed(&node.one) && !failed(&node.other) {
        Level::Critical
    } else if node.added() > whole / 10 {
        Level::Warning
    } else {
        Level::Ok
    }
}

fn difference(state: &State, place: &TracePlace, two: &Comparison, at: usize, largest: i64) -> DifferenceVm {
    let text = state.setup.text.traces;
    let node = &two.nodes[at];
    let mut words = Vec::new();
    match (&node.one, &node.other) {
        (Some(one), None) => words.push((text.only_here)(one.count)),
        (None, Some(other)) => words.push((text.only_there)(other.count)),
        (Some(one), Some(other)) => {
            if one.count != other.count {
                words.push((text.repeated)(one.count, other.count));
            }
            if node.added() != 0 {
                words.push((text.instead)(&nanos(one.own), &nanos(other.own)));
            }
        }
        (None, None) => {}
    }
    let failed = |side: &Option<Side>| side.as_ref().is_some_and(|side| side.errors > 0);
    match (failed(&node.one), failed(&node.other)) {
        (true, false) => words.push(text.failed_here.to_owned()),
        (false, true) => words.push(text.failed_there.to_owned()),
        _ => {}
    }
    DifferenceVm {
        added: signed(node.added()),
        share: node.added().saturating_abs() as f64 / largest as f64,
        service: node.service,
        name: node.name.to_string(),
        words: words.join(" · "),
        level: level(node, two.duration),
        here: place.row() == Some(at),
    }
}
