//! Times and ages as a person reads them.

use crate::model::{Time, duration};
use crate::state::State;

/// An age that moves in steps: `25s`, `4m10s`, `3h05m`.
pub fn age(seconds: i64) -> String {
    duration::format(duration::stepped(seconds))
}

/// `03:12`, in the zone of the screen.
pub fn minutes(state: &State, at: Time) -> String {
    format(state, at, "%H:%M")
}

/// `2026-11-22 03:12:07 -03`.
pub fn full(state: &State, at: Time) -> String {
    format!("{} {}", format(state, at, "%Y-%m-%d %H:%M:%S"), state.zone_name(at))
}

/// `03:12` for a time of the same day as `now`, else with its date.
pub fn near(state: &State, at: Time) -> String {
    let now = state.shown_now();
    let shift = |time: Time| {
        if state.utc { time.date_naive() } else { time.with_timezone(&state.setup.pack.zone).date_naive() }
    };
    format(state, at, if shift(at) == shift(now) { "%H:%M" } else { "%d %b %H:%M" })
}

/// Formats in the zone of the screen.
pub fn format(state: &State, at: Time, pattern: &str) -> String {
    if state.utc {
        at.format(pattern).to_string()
    } else {
        at.with_timezone(&state.setup.pack.zone).format(pattern).to_string()
    }
}
