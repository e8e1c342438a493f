//! Own time: what remains of a span's duration when the time in which any of its children was at work is taken away.

use super::{Waterfall, end};
use crate::model::Span;

/// A stretch without children is told from this share of the trace on: a tenth.
const NOTABLE: i64 = 10;

/// Fills in own times and gaps.
pub(super) fn measure(fall: &mut Waterfall, spans: &[Span]) {
    let notable = (fall.duration() / NOTABLE).max(1);
    for row in 0..fall.rows.len() {
        let (mut own, mut longest) = (0_i64, (0_i64, 0_i64));
        uncovered(fall, spans, row, |from, to| {
            own = own.saturating_add(to.saturating_sub(from));
            if to.saturating_sub(from) > longest.1.saturating_sub(longest.0) {
                longest = (from, to);
            }
        });
        let found = &mut fall.rows[row];
        found.own = own;
        let length = longest.1.saturating_sub(longest.0);
        found.gap = (found.below > 0 && length >= notable).then_some(longest);
    }
}

/// The pieces of a row in which none of its children was at work, by time. Children are taken as they were measured,
/// and only as far as they lie within the row.
pub(super) fn uncovered(fall: &Waterfall, spans: &[Span], row: usize, mut piece: impl FnMut(i64, i64)) {
    let Some(found) = fall.rows.get(row) else { return };
    let span = &spans[found.span];
    let last = end(span);
    let mut free = span.start;
    for child in fall.children(row) {
        let child = &spans[fall.rows[child].span];
        let (from, to) = (child.start.max(span.start), end(child).min(last));
        if from >= to {
            continue;
        }
        if from > free {
            piece(free, from);
        }
        free = free.max(to);
    }
    if free < last {
        piece(free, last);
    }
}
