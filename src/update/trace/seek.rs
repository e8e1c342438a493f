//! Searching in a trace.

use crate::explore::seek as explore;
use crate::model::Trace;
use crate::pack::Level;
use crate::state::{State, TracePlace, View};

/// What is searched for in what is loaded.
pub fn sought(state: &State) -> String {
    state.places.trace.get(state.view()).map_or_else(String::new, |place| place.sought.clone())
}

/// Searches for another text, from the cursor on.
pub fn seek(state: &mut State, text: &str) {
    let View::Trace(id) = *state.view() else { return crate::update::compare::sought(state, text) };
    let Some(trace) = state.shown().trace(id).map(|doc| doc.trace.clone()) else { return };
    let place = super::place(state, &View::Trace(id));
    text.clone_into(&mut place.sought);
    again(place, &trace);
    let from = place.row().unwrap_or(0);
    go(place, from, true);
    super::keep_in_sight(state, id);
}

/// Goes to the next or the previous place that has it.
pub fn seek_next(state: &mut State, forward: bool) {
    let view = state.view().clone();
    let place = super::place(state, &view);
    if place.found.is_empty() {
        let sought = place.sought.clone();
        let words = (state.setup.text.traces.none_found)(&sought);
        state.notify(Level::Warning, words);
        return;
    }
    let row = place.row().unwrap_or(0);
    go(place, if forward { row + 1 } else { row }, forward);
    match view {
        View::Trace(id) => super::keep_in_sight(state, id),
        _ => crate::update::compare::keep_in_sight(state),
    }
}

/// Finds the same text in what has changed.
pub fn again(place: &mut TracePlace, trace: &Trace) {
    let Some(fall) = &place.fall else { return };
    place.found = explore::rows(trace, fall, &place.sought).into();
}

/// Goes to the first found row from `from` on, or the last one before it; around the end.
pub fn go(place: &mut TracePlace, from: usize, forward: bool) {
    let at = place.found.partition_point(|row| (*row as usize) < from);
    let next = match forward {
        true if at == place.found.len() => 0,
        true => at,
        false => at.checked_sub(1).unwrap_or(place.found.len().saturating_sub(1)),
    };
    if let Some(row) = place.found.get(next).copied() {
        place.services = None;
        place.reveal(row as usize);
    }
}
