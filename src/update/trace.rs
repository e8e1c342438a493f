//! What happens in the trace view.

mod detail;
pub(super) mod seek;
pub(super) mod tree;

pub use seek::{seek, seek_next, sought};

use std::sync::Arc;

use crate::command::CommandId;
use crate::explore::Waterfall;
use crate::message::{Effect, Target};
use crate::model::TraceId;
use crate::model::ask::{Answer, Key};
use crate::pack::Level;
use crate::state::{State, TracePlace, View, trace};

/// Carries out a command in the view in sight; `None` where it means nothing here.
pub fn command(state: &mut State, id: CommandId) -> Option<Vec<Effect>> {
    let View::Trace(shown) = *state.view() else { return super::compare::command(state, id) };
    let done = own_command(state, shown, id);
    if done.is_some() {
        keep_in_sight(state, shown);
    }
    done
}

fn own_command(state: &mut State, shown: TraceId, id: CommandId) -> Option<Vec<Effect>> {
    let text = state.setup.text.traces;
    let rows = trace::split(state, shown).rows();
    let view = View::Trace(shown);
    match id {
        CommandId::Copy => return Some(detail::copy(state, shown)),
        CommandId::TraceCompare => {
            super::compare::begin(state, shown);
            return Some(Vec::new());
        }
        _ => {}
    }
    let place = place(state, &view);
    // What has come to lie on top goes first.
    if place.detail.is_some() {
        return detail::command(state, shown, id).or_else(|| spans_command(state, &view, id, rows));
    }
    if let (Some(cursor), Some(fall)) = (place.services, place.fall.clone()) {
        let last = fall.services.len().saturating_sub(1);
        match id {
            CommandId::Back | CommandId::TraceServices => place.services = None,
            CommandId::Open => {
                let order = by_own_time(&fall);
                place.services = None;
                if let Some(service) = order.get(cursor).and_then(|at| fall.services.get(*at)) {
                    place.reveal(service.first);
                }
            }
            other => match moved(other, cursor, last, rows) {
                Some(next) => place.services = Some(next),
                None => return spans_command(state, &view, id, rows),
            },
        }
        return Some(Vec::new());
    }
    match id {
        CommandId::TraceServices => place.services = Some(0),
        CommandId::Open if place.row().is_some() => place.detail = Some(0),
        CommandId::Open => state.notify(Level::Warning, text.nothing_there),
        other => return spans_command(state, &view, other, rows),
    }
    Some(Vec::new())
}

/// Commands about the spans themselves.
fn spans_command(state: &mut State, view: &View, id: CommandId, rows: usize) -> Option<Vec<Effect>> {
    let text = state.setup.text.traces;
    let place = place(state, view);
    let last = place.shown.len().saturating_sub(1);
    if let Some(next) = moved(id, place.cursor, last, rows) {
        place.cursor = next;
        return Some(Vec::new());
    }
    match id {
        CommandId::Left => tree::fold_or_up(place),
        CommandId::Right => tree::unfold_or_down(place),
        CommandId::TraceFold => tree::toggle(place),
        CommandId::TraceFoldAll => tree::toggle_all(place),
        CommandId::TraceCritical => {
            place.only_path = !place.only_path;
            place.services = None;
            place.lay_out();
        }
        CommandId::TraceNextError => {
            place.services = None;
            match tree::next_error(place) {
                tree::Next::None => state.notify(Level::Ok, text.no_error),
                tree::Next::Wrapped => state.notify(Level::Ok, text.from_the_top),
                tree::Next::Found => {}
            }
        }
        _ => return None,
    }
    Some(Vec::new())
}

/// Where a cursor goes; `None` where the command does not move one.
pub fn moved(id: CommandId, cursor: usize, last: usize, page: usize) -> Option<usize> {
    let page = page.saturating_sub(1).max(1);
    let next = match id {
        CommandId::Up => cursor.saturating_sub(1),
        CommandId::Down => cursor.saturating_add(1),
        CommandId::PageUp => cursor.saturating_sub(page),
        CommandId::PageDown => cursor.saturating_add(page),
        CommandId::Top => 0,
        CommandId::Bottom => last,
        _ => return None,
    };
    Some(next.min(last))
}

/// Services by own time, longest first: the order in which they are listed.
pub fn by_own_time(fall: &Waterfall) -> Vec<usize> {
    let mut order: Vec<usize> = (0..fall.services.len()).collect();
    order.sort_by_key(|at| (std::cmp::Reverse(fall.services[*at].own), *at));
    order
}

fn place<'s>(state: &'s mut State, view: &View) -> &'s mut TracePlace {
    state.places.trace.entry(view.clone()).or_default()
}

/// Keeps the cursor of a trace in sight.
fn keep_in_sight(state: &mut State, id: TraceId) {
    let rows = trace::split(state, id).rows();
    place(state, &View::Trace(id)).keep_in_sight(rows);
}

/// An answer that this view may show has come.
pub fn arrived(state: &mut State, key: &Key) {
    let Key::Trace(id) = key else { return super::compare::arrived(state, key) };
    let Some(Answer::Trace(doc)) =
        state.store.explored(key).and_then(|remote| remote.value()).map(|answer| &**answer)
    else {
        return;
    };
    let trace = doc.trace.clone();
    let fall = Arc::new(Waterfall::of(&trace));
    let place = place(state, &View::Trace(*id));
    // The same trace again, with more of it than before: rows have other numbers now.
    if place.fall.as_ref().is_none_or(|before| before.rows.len() != fall.rows.len()) {
        place.folded.clear();
        place.detail = None;
    }
    place.fall = Some(fall);
    place.lay_out();
    seek::again(place, &trace);
    keep_in_sight(state, *id);
    super::compare::arrived(state, key);
    // Places of traces that the store has forgotten: they are asked for anew when somebody returns.
    let store = &state.store;
    state.places.trace.retain(|view, _| match view {
        View::Trace(id) => store.explored.contains_key(&Key::Trace(*id)),
        _ => state.stack.contains(view),
    });
}

/// A click: on a row it puts the cursor there; again, it folds, or opens the detail of what has nothing below it.
pub fn click(state: &mut State, target: &Target) -> Vec<Effect> {
    let (View::Trace(id), Target::Line(line)) = (state.view().clone(), target) else {
        return super::compare::click(state, target);
    };
    let place = place(state, &View::Trace(id));
    if let Some(cursor) = place.services {
        let last = place.fall.as_ref().map_or(0, |fall| fall.services.len().saturating_sub(1));
        place.services = Some((*line).min(last));
        return if cursor == *line {
            command(state, CommandId::Open).unwrap_or_default()
        } else {
            Vec::new()
        };
    }
    place.detail = None;
    let at = place.offset + line;
    if at >= place.shown.len() {
        return Vec::new();
    }
    let again = place.cursor == at;
    place.cursor = at;
    if again {
        let below = place.row().and_then(|row| place.fall.as_ref()?.rows.get(row)).map_or(0, |row| row.below);
        return command(state, if below > 0 { CommandId::TraceFold } else { CommandId::Open })
            .unwrap_or_default();
    }
    keep_in_sight(state, id);
    Vec::new()
}
