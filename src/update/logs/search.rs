//! Searching in what is loaded.

use std::sync::Arc;

use super::{cursor, place};
use crate::explore::find::Finder;
use crate::state::logs::{self, Found, LogsPlace, Rows};
use crate::state::{State, View};

/// What is searched for in what is loaded.
pub fn sought(state: &State) -> String {
    match state.view() {
        View::Logs(text) => logs::place(state, text).find,
        _ => String::new(),
    }
}

/// Searches for another text, from the cursor on.
pub fn seek(state: &mut State, text: &str) {
    let View::Logs(view) = state.view().clone() else { return };
    super::arrive::sync(state, &view);
    let before = logs::place(state, &view);
    if before.find == text {
        return;
    }
    // What goes on from the text before is where that was.
    let narrower = !before.find.is_empty() && text.starts_with(&before.find);
    let smaller = !before.find.chars().any(char::is_uppercase) || before.find.len() == text.len();
    let within = (narrower && smaller && before.found.whole).then(|| before.found.rows.clone());
    let found = search(&before, text, within.as_deref());
    let here = Rows::of(state, &before).place_of(before.cursor) as u32;
    let oldest_first = before.oldest_first;
    let target = nearest(&found.rows, here, oldest_first);
    let place = place(state, &view);
    text.clone_into(&mut place.find);
    place.found = found;
    go(state, &view, target);
}

/// The first place at or after the cursor, in the order of reading; else the first of all.
fn nearest(rows: &[u32], here: u32, oldest_first: bool) -> Option<u32> {
    if oldest_first {
        let at = rows.partition_point(|row| *row < here);
        rows.get(at).or(rows.first()).copied()
    } else {
        let at = rows.partition_point(|row| *row <= here);
        at.checked_sub(1).and_then(|at| rows.get(at)).or(rows.last()).copied()
    }
}

/// Goes to the next or the previous place that has it.
pub fn seek_next(state: &mut State, forward: bool) {
    let View::Logs(view) = state.view().clone() else { return };
    super::arrive::sync(state, &view);
    let snapshot = logs::place(state, &view);
    let rows = &snapshot.found.rows;
    let here = Rows::of(state, &snapshot).place_of(snapshot.cursor) as u32;
    // Forward is down the screen: towards newer lines only where the oldest stand first.
    let target = if forward == snapshot.oldest_first {
        let at = rows.partition_point(|row| *row <= here);
        rows.get(at).or(rows.first()).copied()
    } else {
        let at = rows.partition_point(|row| *row < here);
        at.checked_sub(1).and_then(|at| rows.get(at)).or(rows.last()).copied()
    };
    go(state, &view, target);
}

/// Searches once more: the lines are others.
pub(super) fn again(state: &mut State, view: &Arc<str>) {
    let snapshot = logs::place(state, view);
    let found =
        if snapshot.find.is_empty() { Found::default() } else { search(&snapshot, &snapshot.find, None) };
    place(state, view).found = found;
}

fn go(state: &mut State, view: &Arc<str>, row: Option<u32>) {
    let Some(row) = row else { return };
    let snapshot = logs::place(state, view);
    let at = Rows::of(state, &snapshot).place_of(row as usize);
    place(state, view).cursor = at;
    cursor::settle(state, view);
    cursor::axis_follows(state, view);
}

/// Rows of loaded lines that have a text, from the oldest.
fn search(place: &LogsPlace, text: &str, within: Option<&[u32]>) -> Found {
    if text.is_empty() {
        return Found::default();
    }
    let finder = Finder::new(text);
    let lines = &place.lines;
    let has = |at: usize| lines.get(at).is_some_and(|entry| finder.is_in(&entry.line));
    let rows: Vec<u32> = match (within, &place.only) {
        (Some(rows), None) => rows.iter().copied().filter(|row| has(*row as usize)).collect(),
        (_, Some(only)) => (0..)
            .zip(only.lines.iter())
            .filter(|(_, line)| has(**line as usize))
            .map(|(row, _)| row)
            .collect(),
        (None, None) => (0..lines.len() as u32).filter(|row| has(*row as usize)).collect(),
    };
    Found { rows: rows.into(), whole: true }
}
