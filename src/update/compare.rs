//! Two traces side by side: which one is compared with which, and walking what differs.

use std::sync::Arc;

use super::trace::{moved, seek, tree};
use super::views;
use crate::command::CommandId;
use crate::explore::compare::Comparison;
use crate::explore::hits;
use crate::message::{Effect, Target};
use crate::model::TraceId;
use crate::model::ask::{Answer, Key};
use crate::pack::Level;
use crate::state::{Chosen, State, TracePlace, View, trace};

/// Compares the trace in sight with the one that was marked last, or with a usual one of its operation.
pub fn begin(state: &mut State, id: TraceId) {
    let marked = state.stack.iter().rev().find_map(|view| match view {
        View::Traces(query) => state.places.traces.get(query)?.marked.filter(|marked| *marked != id),
        _ => None,
    });
    if let Some(marked) = marked {
        return open(state, id, marked, None);
    }
    let root = trace::known(state, id).and_then(|(doc, fall, _)| {
        let span = doc.trace.spans.get(fall.rows[fall.root?].span)?;
        Some((span.service.clone(), span.name.clone()))
    });
    match root {
        Some((service, name)) => look_for_usual(state, id, &service, &name),
        None => {
            let text = state.setup.text.traces.nothing_there;
            state.notify(Level::Warning, text);
        }
    }
}

/// Searches for a usual trace with the same root; the comparison opens when it is found.
pub fn look_for_usual(state: &mut State, id: TraceId, service: &Arc<str>, name: &Arc<str>) {
    let place = state.places.trace.entry(View::Trace(id)).or_default();
    place.usual = Some((service.clone(), name.clone()));
    // It may have been asked for another trace already; then no new answer comes.
    arrived(state, &trace::usual_key(service, name));
}

fn open(state: &mut State, one: TraceId, other: TraceId, chosen: Option<Chosen>) {
    let view = View::Compare(one, other);
    views::go(state, view.clone());
    state.places.trace.entry(view).or_default().chosen = chosen;
    lay_over(state, one, other);
}

/// An answer has come that a comparison may wait for.
pub fn arrived(state: &mut State, key: &Key) {
    match key {
        Key::Trace(id) => {
            let waiting: Vec<(TraceId, TraceId)> = state
                .stack
                .iter()
                .filter_map(|view| match view {
                    View::Compare(one, other) if one == id || other == id => Some((*one, *other)),
                    _ => None,
                })
                .collect();
            for (one, other) in waiting {
                lay_over(state, one, other);
            }
        }
        Key::Traces { .. } => found(state, key),
        _ => {}
    }
}

/// The search for a usual one has an answer.
fn found(state: &mut State, key: &Key) {
    let View::Trace(id) = *state.view() else { return };
    let place = state.places.trace.get(&View::Trace(id));
    let Some((service, name)) = place.and_then(|place| place.usual.clone()) else { return };
    if trace::usual_key(&service, &name) != *key {
        return;
    }
    let Some(remote) = state.store.explored(key).filter(|remote| remote.is_known()) else { return };
    let text = state.setup.text.traces;
    let usual = match remote.value().map(|answer| &**answer) {
        Some(Answer::Traces(list)) => {
            Ok(hits::usual(&list.hits, id).map(|(hit, among, fine)| (hit.id, Chosen { among, fine })))
        }
        _ => Err(remote.last_fault().map_or_else(String::new, |fault| fault.detail.clone())),
    };
    if let Some(place) = state.places.trace.get_mut(&View::Trace(id)) {
        place.usual = None;
    }
    match usual {
        Ok(Some((other, chosen))) => open(state, id, other, Some(chosen)),
        Ok(None) => state.notify(Level::Warning, (text.no_usual)(&service, &name)),
        Err(why) => state.notify(Level::Warning, (text.usual_failed)(&why)),
    }
}

/// Lays two traces over each other, once both are known.
fn lay_over(state: &mut State, one: TraceId, other: TraceId) {
    let Some(comparison) = of(state, one, other) else { return };
    let place = state.places.trace.entry(View::Compare(one, other)).or_default();
    if place.comparison.as_deref() != Some(&comparison) {
        place.folded.clear();
        place.comparison = Some(Arc::new(comparison));
    }
    place.lay_out();
}

fn of(state: &State, one: TraceId, other: TraceId) -> Option<Comparison> {
    let known = |id| trace::known(state, id).filter(|(doc, ..)| !doc.trace.spans.is_empty());
    let (one, other) = (known(one)?, known(other)?);
    Some(Comparison::of((&one.0.trace, one.1), (&other.0.trace, other.1)))
}

/// Carries out a command; `None` where it means nothing here.
pub fn command(state: &mut State, id: CommandId) -> Option<Vec<Effect>> {
    let View::Compare(one, other) = *state.view() else { return None };
    let rows = trace::compare_split(state).rows();
    let text = state.setup.text.traces;
    let place = place(state)?;
    let last = place.shown.len().saturating_sub(1);
    if let Some(next) = moved(id, place.cursor, last, rows) {
        place.cursor = next;
    } else {
        match id {
            CommandId::Left => tree::fold_or_up(place),
            CommandId::Right => tree::unfold_or_down(place),
            CommandId::TraceFold => tree::toggle(place),
            CommandId::TraceFoldAll => tree::toggle_all(place),
            CommandId::TraceNextError => {
                if !next_difference(place) {
                    state.notify(Level::Ok, text.no_difference);
                }
            }
            CommandId::TraceCompare => {
                let chosen = place.chosen;
                open(state, other, one, chosen);
                return Some(Vec::new());
            }
            CommandId::Open => return Some(enter(state, one, other)),
            CommandId::Copy => {
                let id = one.to_string();
                let words = (state.setup.text.view.notice.copied)(id.chars().count());
                state.notify(Level::Ok, words);
                return Some(vec![Effect::Copy(id)]);
            }
            _ => return None,
        }
    }
    keep_in_sight(state);
    Some(Vec::new())
}

fn place(state: &mut State) -> Option<&mut TracePlace> {
    let view = state.view().clone();
    matches!(view, View::Compare(..)).then(|| state.places.trace.entry(view).or_default())
}

/// Keeps the cursor in sight.
pub(super) fn keep_in_sight(state: &mut State) {
    let rows = trace::compare_split(state).rows();
    if let Some(place) = place(state) {
        place.keep_in_sight(rows);
    }
}

/// Goes to the next difference, the largest first; `false` where there is none.
fn next_difference(place: &mut TracePlace) -> bool {
    let Some(two) = place.comparison.clone() else { return false };
    let here = place.row().and_then(|row| two.differing.iter().position(|at| *at == row));
    let next = here.map_or(0, |at| (at + 1) % two.differing.len());
    match two.differing.get(next) {
        Some(node) => {
            place.reveal(*node);
            true
        }
        None => false,
    }
}

/// Opens the trace in question at the span under the cursor; the other one where only that has it.
fn enter(state: &mut State, one: TraceId, other: TraceId) -> Vec<Effect> {
    let rows = place(state).and_then(|place| {
        let node = place.comparison.as_ref()?.nodes.get(place.row()?)?;
        let side = node.one.as_ref().map(|side| (true, side.row));
        side.or_else(|| node.other.as_ref().map(|side| (false, side.row)))
    });
    let Some((first, row)) = rows else { return Vec::new() };
    let id = if first { one } else { other };
    // Going to the view before this one would leave the comparison: it is opened on top.
    state.stack.push(View::Trace(id));
    let height = trace::split(state, id).rows();
    let place = state.places.trace.entry(View::Trace(id)).or_default();
    place.services = None;
    place.reveal(row);
    place.keep_in_sight(height);
    Vec::new()
}

/// A click puts the cursor on a line; again, it folds, or opens the span's trace. Lines after those of the tree are
/// differences.
pub fn click(state: &mut State, target: &Target) -> Vec<Effect> {
    let Target::Line(line) = target else { return Vec::new() };
    let rows = trace::compare_split(state).rows();
    let Some(place) = place(state) else { return Vec::new() };
    if *line >= rows {
        let node = place.comparison.as_ref().and_then(|two| two.differing.get(line - rows).copied());
        if let Some(node) = node {
            place.reveal(node);
        }
    } else {
        let at = place.offset + line;
        if at >= place.shown.len() {
            return Vec::new();
        }
        if place.cursor == at {
            let folds = place.row().is_some_and(|row| place.below(row) > 0);
            let id = if folds { CommandId::TraceFold } else { CommandId::Open };
            return command(state, id).unwrap_or_default();
        }
        place.cursor = at;
    }
    keep_in_sight(state);
    Vec::new()
}

/// Searches for a text among what is compared.
pub fn sought(state: &mut State, text: &str) {
    let Some(place) = place(state) else { return };
    text.clone_into(&mut place.sought);
    let needle = text.trim().to_lowercase();
    let Some(two) = place.comparison.clone() else { return };
    let has = |at: &usize| {
        let node = &two.nodes[*at];
        let service = two.services.get(node.service).map_or("", |service| service);
        !needle.is_empty()
            && (node.name.to_lowercase().contains(&needle) || service.to_lowercase().contains(&needle))
    };
    place.found = (0..two.nodes.len()).filter(has).map(|at| at as u32).collect();
    let from = place.row().unwrap_or(0);
    seek::go(place, from, true);
    keep_in_sight(state);
}
