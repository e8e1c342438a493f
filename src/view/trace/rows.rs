//! The spans in sight as lines. Only these: a trace may have fifty thousand.

use std::ops::Range;

use crate::explore::waterfall::Waterfall;
use crate::model::TraceDoc;
use crate::state::{State, TracePlace};
use crate::text::traces::nanos;
use crate::view::vm::SpanRowVm;

/// Lines for a range of what is not hidden.
pub fn build(
    state: &State,
    doc: &TraceDoc,
    fall: &Waterfall,
    place: &TracePlace,
    range: Range<usize>,
) -> Vec<SpanRowVm> {
    let first = range.start;
    range
        .filter_map(|at| Some((at, *place.shown.get(at)? as usize)))
        .map(|(at, row)| line(state, doc, fall, place, row, at == first))
        .collect()
}

fn line(
    state: &State,
    doc: &TraceDoc,
    fall: &Waterfall,
    place: &TracePlace,
    row: usize,
    first: bool,
) -> SpanRowVm {
    let text = state.setup.text.traces;
    let found = &fall.rows[row];
    let span = &doc.trace.spans[found.span];
    let whole = fall.duration().max(1) as f64;
    let share = |at: i64| (at.saturating_sub(fall.start) as f64 / whole).clamp(0.0, 1.0);
    let pair = |from: i64, to: i64| (share(from), share(to));
    let (start, end) = (span.start, span.end());
    let folded = place.folded.contains(&(row as u32));
    let above = found.parent.map(|parent| fall.rows[parent].service);
    let odd = if found.skew.is_some() {
        text.clock_off
    } else if found.detached {
        text.not_waited
    } else {
        (text.origin)(found.origin)
    };
    let shift = found.shift;
    SpanRowVm {
        depth: found.depth,
        folded: (found.below > 0).then_some(folded),
        hidden: if folded { found.below } else { 0 },
        service: found.service,
        service_name: if !first && above == Some(found.service) {
            String::new()
        } else {
            span.service.to_string()
        },
        name: span.name.to_string(),
        bar: pair(start, end),
        own: fall.own_in(&doc.trace, row).into_iter().map(|(from, to)| pair(from, to)).collect(),
        path: fall.path_in(row).iter().map(|piece| pair(piece.from, piece.to)).collect(),
        shifted: (shift != 0).then(|| pair(start.saturating_add(shift), end.saturating_add(shift))),
        duration: nanos(span.duration),
        own_time: nanos(found.own),
        critical: found.on_path,
        error: found.error,
        error_below: folded && found.errors_below > 0,
        odd: odd.to_owned(),
        found: place.found.binary_search(&(row as u32)).is_ok(),
    }
}
