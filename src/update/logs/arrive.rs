//! What comes: pages of lines, patterns, the live tail.

use std::collections::HashSet;
use std::sync::Arc;

use super::{cursor, place, search};
use crate::explore::lines::LogLevel;
use crate::explore::page::Lines;
use crate::explore::patterns::{self, Pattern};
use crate::model::LogEntry;
use crate::model::ask::{Answer, Key};
use crate::state::logs::{self, PatternPlace, Row, Rows};
use crate::state::{State, View};

/// Pages beyond this many lines are given back when another view is in sight: they are asked for again.
const LARGE: usize = 5_000;

/// An answer that this view may show has come.
pub fn arrived(state: &mut State, key: &Key) {
    let View::Logs(text) = state.view().clone() else { return };
    match key {
        Key::Logs { .. } => {
            sync(state, &text);
            give_back(state, &text);
        }
        Key::LogPatterns(_) => patterns(state, &text),
        _ => {}
    }
}

/// Makes the lines that the screen shows ready, where they are not yet, and keeps the cursor on its line.
pub(super) fn sync(state: &mut State, text: &Arc<str>) {
    let query = logs::query_of(state, text);
    let before = logs::place(state, text);
    let key = logs::lines_key(&before, &query);
    let backward = !matches!(key, Key::Logs { forward: true, .. });
    let Some(page) = state.shown().log_page(&key).cloned() else { return };
    if before.lines.loaded && Arc::ptr_eq(&before.lines.entries, &page.entries) {
        return;
    }
    let rows = Rows::of(state, &before);
    let anchor = rows.at(before.cursor).and_then(|row| rows.entry(row)).cloned();
    let at_newest = before.cursor == 0 && !before.oldest_first;
    let step_ms = i64::from(logs::histogram_step(state)) * 1000;
    let pack = &state.setup.pack;
    let lines = Lines::new(&page, backward, &pack.explore, &pack.events, step_ms);
    let open =
        before.expanded.and_then(|row| rows.entry(row)).and_then(|entry| lines.find(entry)).map(Row::Line);
    let place = place(state, text);
    place.lines = Arc::new(lines);
    place.expanded = open;
    // Which lines had something in common was said of the lines before.
    place.only = None;
    refresh_tail(state, text);
    match anchor {
        Some(entry) if !at_newest => hold(state, text, &entry),
        _ => cursor::settle(state, text),
    }
    search::again(state, text);
    if logs::place(state, text).patterns.open {
        patterns(state, text);
    }
}

/// Puts the cursor back on a line, where it still is.
fn hold(state: &mut State, text: &Arc<str>, entry: &LogEntry) {
    let snapshot = logs::place(state, text);
    let Some(at) = snapshot.lines.find(entry) else { return cursor::settle(state, text) };
    let row = Rows::of(state, &snapshot).place_of(at);
    let place = place(state, text);
    // The line stays where it is on the screen.
    place.offset = (place.offset + row).saturating_sub(place.cursor);
    place.cursor = row;
    cursor::settle(state, text);
}

/// Something has come over the live tail.
pub fn tailed(state: &mut State) {
    let View::Logs(text) = state.view().clone() else { return };
    if state.held.is_some() {
        return;
    }
    let before = logs::place(state, &text);
    let Some(tail) = logs::tail(state, &before) else { return };
    let heard = tail.forgotten + tail.lines.len() as u64 + tail.gaps.len() as u64;
    let first = before.heard == 0;
    refresh_tail(state, &text);
    let snapshot = logs::place(state, &text);
    let rows = Rows::of(state, &snapshot).len();
    let known = before.heard;
    let came = heard.saturating_sub(known) as usize;
    let place = place(state, &text);
    place.heard = heard;
    let came = if first { came.min(rows.saturating_sub(place.lines.len())) } else { came };
    if came == 0 {
        return;
    }
    if place.oldest_first {
        // Who stands at the newest line goes on with it.
        if place.cursor + 1 + came >= rows {
            place.cursor = rows.saturating_sub(1);
        }
    } else if place.cursor > 0 {
        place.cursor += came;
        place.offset += came;
    }
    cursor::settle(state, &text);
}

/// Finds from which line on the tail holds what is not among the loaded lines.
fn refresh_tail(state: &mut State, text: &Arc<str>) {
    let snapshot = logs::place(state, text);
    let Some(tail) = logs::tail(state, &snapshot) else { return };
    let lines = &snapshot.lines;
    let Some(first) = tail.lines.front().map(|entry| entry.ts) else { return };
    let shared: HashSet<(i64, &str)> = (lines.older_than(first)..lines.len())
        .filter_map(|at| lines.get(at))
        .map(|entry| (entry.ts, &*entry.line))
        .collect();
    let skipped = tail.lines.iter().take_while(|entry| shared.contains(&(entry.ts, &*entry.line))).count();
    let from = tail.forgotten + skipped as u64;
    let place = place(state, text);
    place.fresh_from = place.fresh_from.max(from);
}

/// Shows the server's patterns; where it has none, those of the loaded lines.
pub(super) fn patterns(state: &mut State, text: &Arc<str>) {
    let snapshot = logs::place(state, text);
    if !snapshot.patterns.open {
        return;
    }
    let query = logs::query_of(state, text);
    // Of lines made of fields a server has no patterns: where some are among these, it speaks for the others alone.
    let (found, of) = match from_server(state, &query).filter(|_| !patterns::has_fields(&snapshot.lines)) {
        Some(found) => (found, 0),
        None => patterns::of(&snapshot.lines),
    };
    let place = place(state, text);
    let cursor = place.patterns.cursor.min(found.len().saturating_sub(1));
    place.patterns = PatternPlace { open: true, cursor, found: found.into(), of, ..place.patterns.clone() };
}

/// The server's patterns speak for a bare selector only: of lines that stages leave out they know nothing.
fn from_server(state: &State, query: &str) -> Option<Vec<Pattern>> {
    let selector = logs::selector_of(query)?;
    if query.trim() != &*selector {
        return None;
    }
    let remote = state.shown().explored(&Key::LogPatterns(selector))?;
    let Answer::LogPatterns(list) = &**remote.value()? else { return None };
    let found: Vec<Pattern> = list
        .iter()
        .map(|one| Pattern {
            text: one.pattern.to_string(),
            count: one.count,
            level: LogLevel::of_word(&one.level).unwrap_or_default(),
            lines: Arc::from([]),
        })
        .collect();
    (!found.is_empty()).then_some(found)
}

/// Gives back large pages of other views: they are asked for again when somebody returns.
fn give_back(state: &mut State, text: &Arc<str>) {
    let own = logs::lines_key(&logs::place(state, text), &logs::query_of(state, text));
    for (other, place) in &mut state.places.logs {
        if other != text && place.lines.len() > LARGE {
            place.lines = Arc::default();
            place.limit = 0;
        }
    }
    let stack = &state.stack;
    state.places.logs.retain(|known, _| stack.iter().any(|view| matches!(view, View::Logs(q) if q == known)));
    let query = |key: &Key| match key {
        Key::Logs { query, limit, .. } if *limit as usize >= LARGE => Some(query.clone()),
        _ => None,
    };
    let keep = query(&own);
    // Smaller pages of the same query are part of the larger one.
    state.store.explored.retain(|key, _| match key {
        Key::Logs { query, .. } if keep.as_ref() == Some(query) => *key == own,
        Key::Logs { limit, .. } => (*limit as usize) < LARGE || *key == own,
        _ => true,
    });
}
