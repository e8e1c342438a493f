//! Cursor, focus and scroll.

use crate::command::CommandId;
use crate::state::{BoxKind, RowSpec, State, View};

/// Moves the cursor of the view in sight.
pub fn command(state: &mut State, id: CommandId) {
    match state.view() {
        View::Alerts => list(state, id),
        View::Detail(_) => {
            let most = i64::from(state.extent.most());
            let next = match id {
                CommandId::Top => 0,
                CommandId::Bottom => most,
                other => i64::from(state.places.detail) + step(other, i64::from(state.extent.viewport)),
            };
            state.places.detail = next.clamp(0, most) as u16;
        }
        View::Sources => {
            let count = state.all_sources().len() as i64;
            let at = state.places.sources as i64;
            let next = match id {
                CommandId::Top => 0,
                CommandId::Bottom => count - 1,
                other => at + step(other, count),
            };
            state.places.sources = next.clamp(0, (count - 1).max(0)) as usize;
        }
        View::Silences => super::acting::move_cursor(state, id),
        View::Incidents | View::Record(_) => super::incidents::move_cursor(state, id),
        View::Page { .. } | View::Panel { .. } => page(state, id),
        // Explorers move their own cursors before a command comes here.
        View::Logs(_)
        | View::Traces(_)
        | View::Trace(_)
        | View::Compare(..)
        | View::Metrics(_)
        | View::Incident => {}
    }
}

/// Lines that a command moves by.
fn step(id: CommandId, page: i64) -> i64 {
    match id {
        CommandId::Up => -1,
        CommandId::Down => 1,
        CommandId::PageUp => -page.max(1),
        CommandId::PageDown => page.max(1),
        _ => 0,
    }
}

fn list(state: &mut State, id: CommandId) {
    let lines = state.shown_list().lines.len() as i64;
    let page = state.list_height() as i64;
    let at = state.places.alerts.cursor as i64;
    let next = match id {
        CommandId::Top => 0,
        CommandId::Bottom => lines - 1,
        CommandId::Left | CommandId::Right => return super::alerts::fold_to(state, id == CommandId::Left),
        other => at + step(other, page - 1),
    };
    state.places.alerts.cursor = next.clamp(0, (lines - 1).max(0)) as usize;
    keep_in_sight(state);
}

/// Keeps cursors inside their lists and lists scrolled to their cursors, after either has changed.
pub fn keep_in_sight(state: &mut State) {
    let height = state.list_height();
    let lines = state.shown_list().lines.len();
    let place = &mut state.places.alerts;
    place.cursor = place.cursor.min(lines.saturating_sub(1));
    place.offset = place.offset.clamp((place.cursor + 1).saturating_sub(height), place.cursor);
    // No empty lines at the end while there is something above.
    place.offset = place.offset.min(lines.saturating_sub(height));
}

fn page(state: &mut State, id: CommandId) {
    let rows = state.rows();
    let total: usize = rows.iter().map(|row| row.boxes.len()).sum();
    if total == 0 {
        return;
    }
    let view = state.view().clone();
    let mut place = state.places.pages.get(&view).copied().unwrap_or_default();
    place.focus = place.focus.min(total - 1);
    let (row, column) = coordinates(&rows, place.focus);
    match id {
        CommandId::NextBox => place.focus = (place.focus + 1) % total,
        CommandId::PreviousBox => place.focus = (place.focus + total - 1) % total,
        CommandId::Left => place.focus = place.focus.saturating_sub(usize::from(column > 0)),
        CommandId::Right => place.focus += usize::from(column + 1 < rows[row].boxes.len()),
        CommandId::Top => place.focus = 0,
        CommandId::Bottom => place.focus = total - 1,
        CommandId::Up | CommandId::Down | CommandId::PageUp | CommandId::PageDown => {
            let down = matches!(id, CommandId::Down | CommandId::PageDown);
            if inner(state, &rows[row].boxes[column].kind, &mut place.inner, down) {
                state.places.pages.insert(view, place);
                return;
            }
            let next = if down { row + 1 } else { row.wrapping_sub(1) };
            if let Some(target) = rows.get(next) {
                let share = column * target.boxes.len() / rows[row].boxes.len().max(1);
                let before: usize = rows[..next].iter().map(|row| row.boxes.len()).sum();
                place.focus = before + share.min(target.boxes.len().saturating_sub(1));
                place.inner = if down { 0 } else { usize::MAX };
            }
        }
        _ => {}
    }
    place.scroll = scroll_to(state, &rows, place.focus, place.scroll);
    state.places.pages.insert(view, place);
}

/// Moves inside the alert list of a box; `false` at its end, where the focus goes on.
fn inner(state: &State, kind: &BoxKind, at: &mut usize, down: bool) -> bool {
    let BoxKind::Alerts { department } = kind else { return false };
    let last = state.needing(department.as_deref()).len().saturating_sub(1);
    *at = (*at).min(last);
    match down {
        true if *at < last => *at += 1,
        false if *at > 0 => *at -= 1,
        _ => return false,
    }
    true
}

fn coordinates(rows: &[RowSpec], focus: usize) -> (usize, usize) {
    let mut left = focus;
    for (at, row) in rows.iter().enumerate() {
        if left < row.boxes.len() {
            return (at, left);
        }
        left -= row.boxes.len();
    }
    (0, 0)
}

/// Scrolls that were beyond the end of what was drawn go back to it.
pub fn keep_scrolled(state: &mut State) {
    let most = state.extent.most();
    match state.view().clone() {
        _ if state.overlay.is_some() => {}
        View::Detail(_) => state.places.detail = state.places.detail.min(most),
        view @ (View::Page { .. } | View::Panel { .. }) => {
            if let Some(place) = state.places.pages.get_mut(&view) {
                place.scroll = place.scroll.min(most);
            }
        }
        _ => {}
    }
}

/// The scroll that keeps the focused row in sight.
fn scroll_to(state: &State, rows: &[RowSpec], focus: usize, scroll: u16) -> u16 {
    let heights: Vec<u16> = rows.iter().map(|row| row.height.unwrap_or(row.min_height)).collect();
    let area = state.size.1.saturating_sub(2);
    let total: u16 = heights.iter().sum();
    if total <= area {
        return 0;
    }
    let (row, _) = coordinates(rows, focus);
    let top: u16 = heights[..row].iter().sum();
    let bottom = top + heights.get(row).copied().unwrap_or(0);
    scroll.clamp(bottom.saturating_sub(area).min(top), top).min(total - area)
}
