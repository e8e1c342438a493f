//! The cursor of the list, and that of the time axis.

use std::sync::Arc;

use super::place;
use crate::command::CommandId;
use crate::explore::lines;
use crate::model::Time;
use crate::pack::Level;
use crate::state::logs::{self, Rows};
use crate::state::{State, View};

/// Moves the cursor: through patterns, through the fields of an expanded line, else through lines.
pub(super) fn step(state: &mut State, text: &Arc<str>, id: CommandId) {
    let page = state.logs_height().saturating_sub(1).max(1) as i64;
    let by = match id {
        CommandId::Up => -1,
        CommandId::Down => 1,
        CommandId::PageUp => -page,
        CommandId::PageDown => page,
        CommandId::Top => i64::MIN / 2,
        _ => i64::MAX / 2,
    };
    let snapshot = logs::place(state, text);
    if snapshot.patterns.open {
        let last = snapshot.patterns.found.len().saturating_sub(1);
        place(state, text).patterns.cursor = moved(snapshot.patterns.cursor, by, last);
        return settle(state, text);
    }
    let rows = Rows::of(state, &snapshot);
    let last = rows.len().saturating_sub(1);
    let open = snapshot.expanded.is_some() && rows.at(snapshot.cursor) == snapshot.expanded;
    if open && matches!(id, CommandId::Up | CommandId::Down) {
        let fields =
            rows.at(snapshot.cursor).and_then(|row| rows.entry(row)).map_or(0, |e| lines::all(e).len());
        let next = snapshot.field as i64 + by;
        if (0..fields as i64).contains(&next) {
            place(state, text).field = next as usize;
            return;
        }
    }
    let next = moved(snapshot.cursor, by, last);
    let lines = &snapshot.lines;
    if by > 0 && next == snapshot.cursor && lines.more && lines.backward != snapshot.oldest_first {
        // Who goes on at the end wants what comes after it.
        super::more(state, text);
    }
    let place = place(state, text);
    place.cursor = next;
    // Into an expanded line from below one comes at its last field.
    place.field = if by < 0 { usize::MAX } else { 0 };
    settle(state, text);
    clamp_field(state, text);
    axis_follows(state, text);
}

fn moved(at: usize, by: i64, last: usize) -> usize {
    (at as i64).saturating_add(by).clamp(0, last as i64) as usize
}

fn clamp_field(state: &mut State, text: &Arc<str>) {
    let snapshot = logs::place(state, text);
    let rows = Rows::of(state, &snapshot);
    let Some(entry) = snapshot.expanded.and_then(|row| rows.entry(row)) else { return };
    let last = lines::all(entry).len().saturating_sub(1);
    let place = place(state, text);
    place.field = place.field.min(last);
}

/// Keeps cursors inside their lists and lists scrolled to them.
pub(super) fn settle(state: &mut State, text: &Arc<str>) {
    let height = state.logs_height();
    let snapshot = logs::place(state, text);
    let count = Rows::of(state, &snapshot).len();
    let heads = usize::from(snapshot.form == logs::LineForm::Columns);
    let place = place(state, text);
    place.cursor = place.cursor.min(count.saturating_sub(1));
    place.offset = scrolled(place.offset, place.cursor, height.saturating_sub(heads).max(1), count);
    let patterns = &mut place.patterns;
    patterns.offset = scrolled(patterns.offset, patterns.cursor, height, patterns.found.len());
}

fn scrolled(offset: usize, cursor: usize, height: usize, count: usize) -> usize {
    offset.clamp((cursor + 1).saturating_sub(height), cursor).min(count.saturating_sub(height))
}

/// Goes to the newest line.
pub(super) fn to_newest(state: &mut State, text: &Arc<str>) {
    let snapshot = logs::place(state, text);
    let last = Rows::of(state, &snapshot).len().saturating_sub(1);
    place(state, text).cursor = if snapshot.oldest_first { last } else { 0 };
    settle(state, text);
}

/// Once somebody has moved it, the cursor of the axis follows the line under the list's.
pub(super) fn axis_follows(state: &mut State, _text: &Arc<str>) {
    if state.axis.cursor.is_none() {
        return;
    }
    if let Some(entry) = state.log_at_cursor() {
        state.axis.cursor = Some(chrono::DateTime::from_timestamp_nanos(entry.ts));
    }
}

/// The cursor of the axis was moved: the list goes to the first line of the step it stands in.
pub fn cursor_moved(state: &mut State) {
    let (View::Logs(text), Some(at)) = (state.view().clone(), state.axis.cursor) else { return };
    super::arrive::sync(state, &text);
    let snapshot = logs::place(state, &text);
    let lines = &snapshot.lines;
    if lines.is_empty() || snapshot.patterns.open || snapshot.only.is_some() {
        return;
    }
    let (from, to) = step_of(state, at);
    let (first, end) = (lines.older_than(from), lines.older_than(to));
    // Reading downwards: the newest of the step where the newest stand first.
    let line = if snapshot.oldest_first { first } else { end.saturating_sub(1) };
    let beyond = lines.more && if lines.backward { end == 0 } else { first >= lines.len() };
    let row = Rows::of(state, &snapshot).place_of(line.min(lines.len() - 1));
    place(state, &text).cursor = row;
    settle(state, &text);
    if beyond {
        let modes = state.view_modes();
        let key = state.setup.keymap.keys_for(&modes, CommandId::More).into_iter().next();
        let words = (state.setup.text.logs.not_loaded)(&key.unwrap_or_default());
        state.notify(Level::Warning, words);
    }
}

/// The step of the histogram that a moment lies in, in unix nanoseconds.
fn step_of(state: &State, at: Time) -> (i64, i64) {
    let step = i64::from(logs::histogram_step(state)) * 1000;
    let start = at.timestamp_millis().div_euclid(step) * step;
    (start.saturating_mul(1_000_000), (start + step).saturating_mul(1_000_000))
}
