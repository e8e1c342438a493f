//! From what is under the cursor to another query, or to fewer of the loaded lines.

use std::sync::Arc;

use super::{place, search, views};
use crate::command::CommandId;
use crate::explore::{lines, refine, selector};
use crate::pack::Level;
use crate::state::logs::{self, Only, PatternPlace, Rows};
use crate::state::{State, View};

/// Keeps only lines with the value of the field under the cursor, or leaves them out.
pub(super) fn by_field(state: &mut State, text: &Arc<str>, include: bool) {
    let words = state.setup.text.logs;
    let snapshot = logs::place(state, text);
    let rows = Rows::of(state, &snapshot);
    let Some(entry) = snapshot.expanded.and_then(|row| rows.entry(row)) else {
        let modes = state.view_modes();
        let key = state.setup.keymap.keys_for(&modes, CommandId::LogsExpand).into_iter().next();
        return state.notify(Level::Ok, (words.no_field)(&key.unwrap_or_default()));
    };
    let fields = lines::all(entry);
    let Some(field) = fields.get(snapshot.field.min(fields.len().saturating_sub(1))) else { return };
    let query = logs::query_of(state, text);
    match refine::by(&query, entry, field, include) {
        Some(refined) => views::go(state, View::Logs(refined.into())),
        None => state.notify(Level::Warning, words.no_filter),
    }
}

/// Shows the lines of the pattern under the cursor: those that are loaded, or for one of the server's all of them.
pub(super) fn by_pattern(state: &mut State, text: &Arc<str>) {
    let snapshot = logs::place(state, text);
    let Some(pattern) = snapshot.patterns.found.get(snapshot.patterns.cursor).cloned() else { return };
    if pattern.lines.is_empty() {
        let query = logs::query_of(state, text);
        let stage = format!("|> {}", refine::quoted(&pattern.text));
        return views::go(state, View::Logs(selector::followed_by(&query, &stage).into()));
    }
    let place = place(state, text);
    place.patterns = PatternPlace::default();
    place.only = Some(Only { title: pattern.text, lines: pattern.lines });
    (place.cursor, place.offset) = (0, 0);
    search::again(state, text);
}
