//! The critical path: the chain of spans that the main root's duration is made of. Had any of them been shorter, the
//! whole would have been.
//!
//! Defined as in "CRISP: Critical Path Analysis of Large-Scale Microservice Architectures" (Zhang et al., USENIX ATC
//! 2022): from the end of a span go back to the child that finished last, which is what the span waited for; the time
//! between is the span's own; within that child do the same; from the child's start go on with the child that had
//! finished by then. A child that was still at work at that moment ran beside the path. Every moment of the root thus
//! belongs to exactly one span, and the pieces of the path add up to the root's duration.

use super::{Stretch, Waterfall, end};
use crate::model::Span;

/// Two clocks and two roundings never meet exactly: a child that ends this share of its duration (a hundredth) after
/// the next one began still counts as finished before it.
const OVERLAP: i64 = 100;

/// Fills in the path and each row's part of it.
pub(super) fn walk(fall: &mut Waterfall, spans: &[Span]) {
    let Some(root) = fall.root else { return };
    let span = &spans[fall.rows[root].span];
    let mut path = Vec::new();
    let mut work = vec![Stretch { row: root, from: span.start, to: end(span) }];
    while let Some(Stretch { row, from, to }) = work.pop() {
        fall.rows[row].on_path = true;
        let mut cursor = to;
        for child in by_end(fall, spans, row) {
            let span = &spans[fall.rows[child].span];
            let (begins, ends) = (span.start.max(from), end(span));
            if begins >= cursor || ends <= from {
                continue;
            }
            // Whoever still works when the path is elsewhere was not waited for. Where the clocks contradict each other
            // the end says nothing, and a call is taken to be over when its caller goes on.
            let late = ends.saturating_sub(cursor) > span.duration.max(0) / OVERLAP;
            if late && fall.rows[child].skew.is_none() {
                continue;
            }
            let ends = ends.min(cursor);
            if begins >= ends {
                continue;
            }
            if ends < cursor {
                path.push(Stretch { row, from: ends, to: cursor });
            }
            work.push(Stretch { row: child, from: begins, to: ends });
            cursor = begins;
        }
        if from < cursor {
            path.push(Stretch { row, from, to: cursor });
        }
    }
    path.sort_unstable_by_key(|stretch| (stretch.row, stretch.from));
    for stretch in &path {
        let row = &mut fall.rows[stretch.row];
        row.critical = row.critical.saturating_add(stretch.to.saturating_sub(stretch.from));
    }
    fall.path = path;
}

/// Children, the last to finish first; of two that finish together the one that began later.
fn by_end(fall: &Waterfall, spans: &[Span], row: usize) -> Vec<usize> {
    let mut all: Vec<usize> = fall.children(row).collect();
    let moments = |at: &usize| {
        let span = &spans[fall.rows[*at].span];
        (end(span), span.start)
    };
    all.sort_by_key(|at| std::cmp::Reverse(moments(at)));
    all
}
