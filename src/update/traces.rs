//! What happens in the traces view.

use std::sync::Arc;

use super::{trace, views};
use crate::command::CommandId;
use crate::message::{Effect, Target};
use crate::model::ask::Key;
use crate::pack::Level;
use crate::state::traces::{self, TraceColumn};
use crate::state::{State, TracesPlace, View};

/// Carries out a command in the view in sight; `None` where it means nothing here.
pub fn command(state: &mut State, id: CommandId) -> Option<Vec<Effect>> {
    let View::Traces(query) = state.view().clone() else { return None };
    match id {
        CommandId::Up
        | CommandId::Down
        | CommandId::PageUp
        | CommandId::PageDown
        | CommandId::Top
        | CommandId::Bottom => walk(state, &query, id),
        CommandId::Open => open(state, &query),
        CommandId::More => more(state, &query),
        CommandId::TracesSort => {
            let place = place(state, &query);
            place.sort = match place.sort {
                TraceColumn::Start => TraceColumn::Duration,
                TraceColumn::Duration => TraceColumn::Spans,
                TraceColumn::Spans => TraceColumn::Errors,
                TraceColumn::Errors => TraceColumn::Start,
            };
            // What is sorted for is at the top.
            go(state, &query, 0);
        }
        CommandId::TracesReverse => {
            let place = place(state, &query);
            place.reversed = !place.reversed;
            go(state, &query, 0);
        }
        CommandId::TracesMark => mark(state, &query),
        CommandId::TraceCompare => compare(state, &query),
        CommandId::QueryRun => return Some(vec![Effect::Refresh]),
        CommandId::Copy => return Some(copy(state)),
        _ => return None,
    }
    Some(Vec::new())
}

fn place<'s>(state: &'s mut State, query: &Arc<str>) -> &'s mut TracesPlace {
    state.places.traces.entry(query.clone()).or_default()
}

/// Lines of the list, and the cursor among them.
fn extent(state: &State, query: &str) -> (usize, usize) {
    let Some(list) = traces::list(state, query) else { return (0, 0) };
    let place = state.places.traces.get(query).cloned().unwrap_or_default();
    let order = traces::order(list, &place);
    (traces::lines(list, &order), traces::cursor(list, &place, &order))
}

fn walk(state: &mut State, query: &Arc<str>, id: CommandId) {
    let (lines, cursor) = extent(state, query);
    let page = traces::split(state).rows();
    if let Some(next) = trace::moved(id, cursor, lines.saturating_sub(1), page) {
        go(state, query, next);
    }
}

/// Puts the cursor on a line and keeps it in sight.
fn go(state: &mut State, query: &Arc<str>, line: usize) {
    let rows = traces::split(state).rows().max(1);
    let old = state.places.traces.get(query).cloned().unwrap_or_default();
    let (mut chosen, mut lines) = (None, 0);
    if let Some(list) = traces::list(state, query) {
        let order = traces::order(list, &old);
        lines = traces::lines(list, &order);
        chosen = order.get(line).map(|at| list.hits[*at].id);
    }
    let place = place(state, query);
    (place.chosen, place.cursor) = (chosen, line);
    place.offset = place.offset.clamp((line + 1).saturating_sub(rows), line).min(lines.saturating_sub(rows));
}

/// Opens the trace under the cursor, or loads more.
fn open(state: &mut State, query: &Arc<str>) {
    match traces::under_cursor(state).map(|hit| hit.id) {
        Some(id) => views::go(state, View::Trace(id)),
        None if traces::list(state, query).is_some_and(|list| list.more) => more(state, query),
        None => {}
    }
}

/// Asks for twice as many traces.
fn more(state: &mut State, query: &Arc<str>) {
    let text = state.setup.text.traces;
    if !matches!(traces::shown(state, query).0, Key::Traces { .. }) {
        // A chart has no more of them.
        return;
    }
    let Some(list) = traces::list(state, query) else { return };
    let is_more = list.more;
    let is_asked = traces::shown(state, query).0 != traces::key_of(state, query);
    let place = place(state, query);
    match (is_more, is_asked, place.can_grow()) {
        // It is on its way.
        (_, true, _) => {}
        (true, false, true) => place.grown += 1,
        (true, false, false) => state.notify(Level::Warning, text.no_more),
        (false, false, _) => state.notify(Level::Ok, text.nothing_more),
    }
}

fn mark(state: &mut State, query: &Arc<str>) {
    let Some(id) = traces::under_cursor(state).map(|hit| hit.id) else { return };
    let place = place(state, query);
    place.marked = if place.marked == Some(id) { None } else { Some(id) };
}

/// Compares the trace under the cursor with the marked one, or with a usual one of its operation.
fn compare(state: &mut State, query: &Arc<str>) {
    let text = state.setup.text.traces;
    let Some(hit) = traces::under_cursor(state) else {
        return state.notify(Level::Warning, text.nothing_there);
    };
    let (id, service, name) = (hit.id, hit.root_service.clone(), hit.root_name.clone());
    match place(state, query).marked.filter(|marked| *marked != id) {
        Some(marked) => views::go(state, View::Compare(id, marked)),
        None => {
            views::go(state, View::Trace(id));
            super::compare::look_for_usual(state, id, &service, &name);
        }
    }
}

fn copy(state: &mut State) -> Vec<Effect> {
    let notices = &state.setup.text.view.notice;
    match traces::under_cursor(state).map(|hit| hit.id.to_string()) {
        Some(id) => {
            state.notify(Level::Ok, (notices.copied)(id.chars().count()));
            vec![Effect::Copy(id)]
        }
        None => {
            state.notify(Level::Warning, notices.nothing_to_copy);
            Vec::new()
        }
    }
}

/// An answer that this view may show has come: the cursor stays on its trace, and in sight.
pub fn arrived(state: &mut State, key: &Key) {
    let View::Traces(query) = state.view().clone() else { return };
    if matches!(key, Key::Traces { .. }) && traces::key_of(state, &query) == *key && state.held.is_none() {
        let (_, cursor) = extent(state, &query);
        // Nobody has moved it yet: it stays at the top, where the newest come.
        let untouched = place(state, &query).chosen.is_none();
        if !untouched {
            go(state, &query, cursor);
        }
    }
}

/// A click puts the cursor on a line; again, it opens the trace.
pub fn click(state: &mut State, target: &Target) -> Vec<Effect> {
    let (View::Traces(query), Target::Line(line)) = (state.view().clone(), target) else { return Vec::new() };
    let (lines, cursor) = extent(state, &query);
    let at = place(state, &query).offset + line;
    if at >= lines {
        return Vec::new();
    }
    if at == cursor {
        open(state, &query);
    } else {
        go(state, &query, at);
    }
    Vec::new()
}
