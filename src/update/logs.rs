//! What happens in the logs view.

mod arrive;
mod cursor;
mod refine;
mod search;

use std::sync::Arc;

pub use arrive::{arrived, tailed};
pub use cursor::cursor_moved;
pub use search::{seek, seek_next, sought};

use super::views;
use crate::command::CommandId;
use crate::explore::{lines, selector};
use crate::message::{Effect, Target};
use crate::model::TraceId;
use crate::pack::Level;
use crate::state::logs::{self, Cost, LogsPlace, MORE, PatternPlace, Row, Rows};
use crate::state::{State, View};

/// Cells that a line is scrolled by.
const SHIFT: u16 = 16;

/// Carries out a command in the view in sight; `None` where it means nothing here.
pub fn command(state: &mut State, id: CommandId) -> Option<Vec<Effect>> {
    let View::Logs(text) = state.view().clone() else { return None };
    arrive::sync(state, &text);
    let metric = selector::is_metric(&logs::query_of(state, &text));
    match id {
        CommandId::QueryRun => return Some(run(state, &text)),
        // A chart has no lines.
        _ if metric => return None,
        CommandId::Up
        | CommandId::Down
        | CommandId::PageUp
        | CommandId::PageDown
        | CommandId::Top
        | CommandId::Bottom => cursor::step(state, &text, id),
        CommandId::Left | CommandId::Right => {
            let place = place(state, &text);
            place.shift = if id == CommandId::Left {
                place.shift.saturating_sub(SHIFT)
            } else {
                place.shift.saturating_add(SHIFT).min(16_000)
            };
        }
        CommandId::LogsColumns => {
            let place = place(state, &text);
            place.form = place.form.next();
        }
        CommandId::LogsWrap => {
            let place = place(state, &text);
            (place.wrap, place.shift) = (!place.wrap, 0);
        }
        CommandId::LogsOrder => order(state, &text),
        CommandId::LogsExpand => expand(state, &text),
        CommandId::LogsInclude | CommandId::LogsExclude => {
            refine::by_field(state, &text, id == CommandId::LogsInclude);
        }
        CommandId::LogsPatterns => patterns(state, &text),
        CommandId::LogsCount => place(state, &text).counted = true,
        CommandId::More => more(state, &text),
        CommandId::LogsFollow => follow(state, &text),
        CommandId::Open => open(state, &text),
        CommandId::Copy => return Some(copy(state)),
        CommandId::Back => return back(state, &text).then(Vec::new),
        _ => return None,
    }
    Some(Vec::new())
}

/// A click: on a line it moves the cursor there, on the one with the cursor it opens it.
pub fn click(state: &mut State, target: &Target) -> Vec<Effect> {
    let (View::Logs(text), Target::Line(row)) = (state.view().clone(), target) else { return Vec::new() };
    arrive::sync(state, &text);
    let place = place(state, &text);
    let again = if place.patterns.open {
        let at = place.patterns.offset + row;
        let again = place.patterns.cursor == at;
        place.patterns.cursor = at.min(place.patterns.found.len().saturating_sub(1));
        again
    } else {
        let at = place.offset + row;
        let again = place.cursor == at;
        place.cursor = at;
        again
    };
    cursor::settle(state, &text);
    if again {
        open(state, &text);
    } else {
        cursor::axis_follows(state, &text);
    }
    Vec::new()
}

/// The place of a view, as it is for the present window.
fn place<'s>(state: &'s mut State, text: &Arc<str>) -> &'s mut LogsPlace {
    let fresh = logs::place(state, text);
    let place = state.places.logs.entry(text.clone()).or_default();
    if place.epoch != fresh.epoch {
        *place = fresh;
    }
    place
}

/// Runs a heavy query, or once more what has run.
fn run(state: &mut State, text: &Arc<str>) -> Vec<Effect> {
    let query = logs::query_of(state, text);
    let waits = matches!(logs::cost(state, &query), Cost::Heavy(_)) && !place(state, text).allowed;
    place(state, text).allowed = true;
    if waits { Vec::new() } else { vec![Effect::Refresh] }
}

fn order(state: &mut State, text: &Arc<str>) {
    let place = place(state, text);
    place.oldest_first = !place.oldest_first;
    (place.cursor, place.offset, place.expanded, place.only) = (0, 0, None, None);
    if place.follow.is_none() && place.lines.more {
        // The other end of the window is another page.
        place.lines = Arc::default();
    }
    arrive::sync(state, text);
    search::again(state, text);
    if state.places.logs.get(text).is_some_and(|place| place.follow.is_some()) {
        cursor::to_newest(state, text);
    }
}

/// Shows the fields of the line under the cursor, or hides them.
fn expand(state: &mut State, text: &Arc<str>) {
    let snapshot = logs::place(state, text);
    if snapshot.patterns.open {
        return;
    }
    let row = Rows::of(state, &snapshot).at(snapshot.cursor);
    let place = place(state, text);
    place.expanded = match row {
        Some(row @ (Row::Line(_) | Row::Tail(_))) if place.expanded != Some(row) => Some(row),
        _ => None,
    };
    place.field = 0;
}

fn patterns(state: &mut State, text: &Arc<str>) {
    let place = place(state, text);
    let open = !place.patterns.open;
    place.patterns = PatternPlace { open, ..PatternPlace::default() };
    place.expanded = None;
    if open {
        arrive::patterns(state, text);
    }
}

/// Asks for a larger page.
fn more(state: &mut State, text: &Arc<str>) {
    let words = state.setup.text.logs;
    let snapshot = logs::place(state, text);
    let key = logs::lines_key(&snapshot, &logs::query_of(state, text));
    if !snapshot.lines.loaded || state.shown().explored(&key).is_none() {
        // It is on its way.
        return;
    }
    if !snapshot.lines.more {
        return state.notify(Level::Ok, words.nothing_more);
    }
    let now = u32::try_from(snapshot.lines.len()).unwrap_or(u32::MAX).max(snapshot.limit);
    match MORE.into_iter().find(|limit| *limit > now) {
        Some(limit) => place(state, text).limit = limit,
        None => {
            let most = MORE.last().copied().unwrap_or(logs::FIRST);
            state.notify(Level::Warning, (words.most)(most));
        }
    }
}

fn follow(state: &mut State, text: &Arc<str>) {
    if !state.window.is_live() {
        let words = state.setup.text.logs.follow_live_only;
        return state.notify(Level::Warning, words);
    }
    let following = logs::place(state, text).follow.is_some();
    if !following {
        state.tails += 1;
    }
    let number = state.tails;
    let place = place(state, text);
    place.follow = (!following).then_some(number);
    (place.heard, place.fresh_from) = (0, 0);
    place.only = None;
    if following {
        // What has come is part of the window: the next answer brings it among the other lines.
        let rows = logs::place(state, text).lines.len();
        let place = self::place(state, text);
        place.cursor = place.cursor.min(rows.saturating_sub(1));
        cursor::settle(state, text);
        return;
    }
    if place.oldest_first && place.lines.more {
        place.lines = Arc::default();
    }
    arrive::sync(state, text);
    cursor::to_newest(state, text);
}

/// Opens what is under the cursor: a pattern's lines, a line's trace, else its fields.
fn open(state: &mut State, text: &Arc<str>) {
    let snapshot = logs::place(state, text);
    if snapshot.patterns.open {
        return refine::by_pattern(state, text);
    }
    match state.log_at_cursor().as_ref().and_then(|entry| trace_of(state, entry)) {
        Some(id) => views::go(state, View::Trace(id)),
        None => expand(state, text),
    }
}

/// The trace that a line names.
fn trace_of(state: &State, entry: &crate::model::LogEntry) -> Option<TraceId> {
    let fields = lines::parsed(&entry.line);
    lines::first(entry, &fields, &state.setup.pack.explore.log_trace).and_then(TraceId::parse)
}

fn copy(state: &mut State) -> Vec<Effect> {
    let words = state.setup.text.logs.copied;
    match state.log_at_cursor() {
        Some(entry) => {
            state.notify(Level::Ok, words);
            vec![Effect::Copy(entry.line.to_string())]
        }
        None => Vec::new(),
    }
}

/// Closes what was opened within the view; `false` where nothing is.
fn back(state: &mut State, text: &Arc<str>) -> bool {
    let place = place(state, text);
    if place.patterns.open {
        place.patterns = PatternPlace::default();
    } else if place.expanded.is_some() {
        place.expanded = None;
    } else if place.only.take().is_some() {
        (place.cursor, place.offset) = (0, 0);
        search::again(state, text);
    } else if !place.find.is_empty() {
        place.find.clear();
        place.found = logs::Found::default();
    } else {
        return false;
    }
    true
}
