//! What every time axis shows beside its own columns: cursor, brush, labels.

use super::clock;
use super::vm::AxisVm;
use crate::state::State;

/// An axis over the window without any columns yet.
pub fn empty(state: &State) -> AxisVm {
    let now = state.shown_now();
    let (start, end) = (state.window.start(now), state.window.end(now));
    let ms = |at: crate::model::Time| at.timestamp_millis();
    let cursor = state.axis.cursor.map(ms).filter(|at| (ms(start)..=ms(end)).contains(at));
    let brush = state.axis.mark.map(ms).zip(cursor).map(|(mark, at)| (mark.min(at), mark.max(at)));
    let label = |share: i32| clock::near(state, start + (end - start) * share / 4);
    AxisVm {
        span_ms: (ms(start), ms(end)),
        step_ms: 1000,
        cursor,
        brush,
        labels: (0..=4).map(label).collect(),
        ..AxisVm::default()
    }
}
