//! Clocks that contradict each other: a call that begins before its caller made it, or ends after the caller had its
//! answer.
//!
//! Only between services, since one process has one clock. The estimate is the one that Jaeger's query service
//! makes: the called side is taken to lie in the middle of the caller, as much time on the way there as on the way
//! back. It is told, never applied.

use super::{Row, Waterfall, end, is_error};
use crate::model::{Span, SpanKind};

/// Nanoseconds that are no contradiction: no two clocks agree to less.
const JITTER: i64 = 100_000;

/// Fills in skews, shifts and what nobody waited for.
pub(super) fn compare(fall: &mut Waterfall, spans: &[Span]) {
    for at in 0..fall.rows.len() {
        let Some(parent) = fall.rows[at].parent else { continue };
        let (before, after) = fall.rows.split_at_mut(at);
        let (above, row) = (&before[parent], &mut after[0]);
        let (caller, called) = (&spans[above.span], &spans[row.span]);
        row.detached = end(called).saturating_sub(end(caller)) > JITTER;
        if above.service == row.service {
            row.shift = above.shift;
            continue;
        }
        if let Some(skew) = skew(above, caller, called) {
            (row.skew, row.shift) = (Some(skew), skew);
            row.detached = false;
            fall.skewed += 1;
        }
    }
}

/// By how much the called side would have to be moved.
fn skew(above: &Row, caller: &Span, called: &Span) -> Option<i64> {
    // Without a time there is no contradiction.
    if caller.start <= 0 || called.start <= 0 {
        return None;
    }
    let begins = caller.start.saturating_add(above.shift);
    let early = begins.saturating_sub(called.start);
    let late = end(called).saturating_sub(end(caller).saturating_add(above.shift));
    let message = caller.kind == SpanKind::Producer || called.kind == SpanKind::Consumer;
    let waited = !message && (caller.kind == SpanKind::Client || called.kind == SpanKind::Server);
    let room = caller.duration.max(0) - called.duration.max(0);
    if waited && room >= 0 {
        // A caller that gave up did not wait for the end.
        let late = late > JITTER && !is_error(caller);
        return (early > JITTER || late)
            .then(|| begins.saturating_add(room / 2).saturating_sub(called.start));
    }
    // Nothing happens before its cause, waited for or not.
    (early > JITTER).then_some(early)
}
