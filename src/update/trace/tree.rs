//! Folding, and walking the tree.

use crate::state::TracePlace;

/// Rows this deep stay in sight when everything is folded.
const LEVELS: u32 = 1;

/// What a search for the next one came to.
pub enum Next {
    /// There is none.
    None,
    /// The next one.
    Found,
    /// The first one again.
    Wrapped,
}

/// Hides what is below the row; from one with nothing to hide goes to its parent.
pub fn fold_or_up(place: &mut TracePlace) {
    let Some(row) = place.row() else { return };
    if place.below(row) > 0 && place.folded.insert(row as u32) {
        place.lay_out();
    } else if let Some(parent) = place.parent(row) {
        place.go_to(parent);
    }
}

/// Shows what is below the row; from one that shows it goes to its first child.
pub fn unfold_or_down(place: &mut TracePlace) {
    let Some(row) = place.row() else { return };
    let below = place.below(row);
    if place.folded.remove(&(row as u32)) {
        place.lay_out();
    } else if place.shown.get(place.cursor + 1).is_some_and(|next| *next as usize <= row + below) {
        place.cursor += 1;
    }
}

/// Hides or shows what is below the row; of one with nothing below it, what is below its parent.
pub fn toggle(place: &mut TracePlace) {
    let Some(row) = place.row() else { return };
    let row = if place.below(row) > 0 { row } else { place.parent(row).unwrap_or(row) };
    if place.below(row) == 0 {
        return;
    }
    if !place.folded.remove(&(row as u32)) {
        place.folded.insert(row as u32);
    }
    place.lay_out();
    place.go_to(row);
}

/// Shows everything where anything is hidden, else hides everything below the first levels.
pub fn toggle_all(place: &mut TracePlace) {
    if place.folded.is_empty() {
        let depths: Vec<(usize, u32)> = match (&place.comparison, &place.fall) {
            (Some(two), _) => two.nodes.iter().map(|node| (node.below, node.depth)).collect(),
            (_, Some(fall)) => fall.rows.iter().map(|row| (row.below, row.depth)).collect(),
            _ => return,
        };
        let deep = depths.iter().enumerate().filter(|(_, (below, depth))| *below > 0 && *depth >= LEVELS);
        place.folded = deep.map(|(at, _)| at as u32).collect();
    } else {
        place.folded.clear();
    }
    place.lay_out();
}

/// Goes to the next span with an error, whether hidden or not.
pub fn next_error(place: &mut TracePlace) -> Next {
    let Some(fall) = place.fall.clone() else { return Next::None };
    let from = place.row().map_or(0, |row| row + 1);
    let errors = || fall.rows.iter().enumerate().filter(|(_, row)| row.error).map(|(at, _)| at);
    if let Some(next) = errors().find(|at| *at >= from) {
        place.reveal(next);
        return Next::Found;
    }
    match errors().next() {
        Some(first) => {
            place.reveal(first);
            Next::Wrapped
        }
        None => Next::None,
    }
}
