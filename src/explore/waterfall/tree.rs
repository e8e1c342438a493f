//! Who is below whom.

use std::collections::HashMap;

use super::{Origin, Row, Waterfall, is_error};
use crate::model::{Span, SpanId, SpanKind};

/// What is known of an id.
struct Home {
    /// The span that names it as its own; of a call's two sides, the called one.
    holder: usize,
}

/// Where a span hangs.
#[derive(Clone, Copy)]
enum Hangs {
    Nowhere,
    Below(usize),
    Lost,
    OnItself,
}

/// Fills in the rows: order, parents, depth, what is below.
pub(super) fn grow(fall: &mut Waterfall, spans: &[Span]) {
    let hangs = parents(fall, spans);
    let mut order: Vec<usize> = (0..spans.len()).collect();
    order.sort_by_key(|at| spans[*at].start);

    // Children of each span one after another in one list, by start.
    let mut ends = vec![0_usize; spans.len() + 1];
    for place in &hangs {
        if let Hangs::Below(parent) = place {
            ends[parent + 1] += 1;
        }
    }
    for at in 1..ends.len() {
        ends[at] += ends[at - 1];
    }
    let mut next = ends.clone();
    let mut children = vec![0_usize; ends.last().copied().unwrap_or(0)];
    for at in &order {
        if let Hangs::Below(parent) = hangs[*at] {
            children[next[parent]] = *at;
            next[parent] += 1;
        }
    }

    let mut seen = vec![false; spans.len()];
    fall.rows.reserve(spans.len());
    // First what has a place, then what hangs on itself: it is broken up at the first of each circle.
    for circles in [false, true] {
        for at in &order {
            let origin = match hangs[*at] {
                _ if seen[*at] => continue,
                Hangs::Nowhere => Origin::Root,
                Hangs::Lost => Origin::Orphan,
                Hangs::OnItself | Hangs::Below(_) if circles => Origin::Loop,
                Hangs::OnItself | Hangs::Below(_) => continue,
            };
            plant(fall, spans, *at, origin, &children, &ends, &mut seen);
        }
    }
    count_below(fall);
    fall.deepest = fall.rows.iter().map(|row| row.depth).max().unwrap_or(0);
    fall.orphans = fall.rows.iter().filter(|row| row.origin == Origin::Orphan).count();
    fall.looped = fall.rows.iter().filter(|row| row.origin == Origin::Loop).count();
}

/// The parent of each span. A call may have the same id on both sides (as Zipkin's does): then the called side is below
/// the calling one, and what names the id is below the called one.
fn parents(fall: &mut Waterfall, spans: &[Span]) -> Vec<Hangs> {
    let mut homes: HashMap<SpanId, Home> = HashMap::with_capacity(spans.len());
    let mut callers: HashMap<usize, usize> = HashMap::new();
    for (at, span) in spans.iter().enumerate() {
        let Some(home) = homes.get_mut(&span.span_id) else {
            homes.insert(span.span_id, Home { holder: at });
            continue;
        };
        let known = home.holder;
        match (spans[known].kind, span.kind) {
            (SpanKind::Client, SpanKind::Server) => {
                home.holder = at;
                callers.insert(at, known);
            }
            (SpanKind::Server, SpanKind::Client) if !callers.contains_key(&known) => {
                callers.insert(known, at);
            }
            _ => fall.doubled += 1,
        }
    }
    let place = |(at, span): (usize, &Span)| {
        if let Some(caller) = callers.get(&at) {
            return Hangs::Below(*caller);
        }
        // All zeros are no id.
        let Some(parent) = span.parent_id.filter(|parent| parent.0 != 0) else { return Hangs::Nowhere };
        match homes.get(&parent) {
            _ if parent == span.span_id => Hangs::OnItself,
            Some(home) => Hangs::Below(home.holder),
            None => Hangs::Lost,
        }
    };
    spans.iter().enumerate().map(place).collect()
}

/// Adds a span and everything below it.
fn plant(
    fall: &mut Waterfall,
    spans: &[Span],
    root: usize,
    origin: Origin,
    children: &[usize],
    ends: &[usize],
    seen: &mut [bool],
) {
    let mut stack: Vec<(usize, Option<usize>, u32)> = vec![(root, None, 0)];
    while let Some((at, parent, depth)) = stack.pop() {
        if std::mem::replace(&mut seen[at], true) {
            continue;
        }
        let row = fall.rows.len();
        let error = is_error(&spans[at]);
        fall.errors += usize::from(error);
        fall.rows.push(Row {
            span: at,
            parent,
            depth,
            below: 0,
            service: 0,
            origin: if parent.is_none() { origin } else { Origin::Child },
            own: 0,
            critical: 0,
            on_path: false,
            error,
            errors_below: 0,
            gap: None,
            skew: None,
            shift: 0,
            detached: false,
        });
        let below = children[ends[at]..ends[at + 1]].iter().rev();
        stack.extend(below.map(|child| (*child, Some(row), depth + 1)));
    }
}

fn count_below(fall: &mut Waterfall) {
    for at in (0..fall.rows.len()).rev() {
        let (below, errors) =
            (fall.rows[at].below + 1, fall.rows[at].errors_below + usize::from(fall.rows[at].error));
        if let Some(parent) = fall.rows[at].parent {
            fall.rows[parent].below += below;
            fall.rows[parent].errors_below += errors;
        }
    }
}
