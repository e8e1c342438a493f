//! The one time window of the console: live, or a piece of the past.

use chrono::TimeDelta;
use serde::Serialize;

use super::Time;

/// What span of time every view answers for. Both ends are included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Window {
    /// The last `span` up to now, moving.
    Live {
        /// Length in seconds.
        span_s: u32,
    },
    /// A fixed piece of the past; "now" in every view is `end`.
    Past {
        /// First moment.
        start: Time,
        /// Last moment: what instant values are evaluated at.
        end: Time,
    },
}

impl Window {
    /// The default: the last hour, live.
    pub const DEFAULT: Self = Self::Live { span_s: 3600 };

    /// Whether it moves with the clock.
    pub fn is_live(self) -> bool {
        matches!(self, Self::Live { .. })
    }

    /// First moment, given the clock.
    pub fn start(self, now: Time) -> Time {
        match self {
            Self::Live { span_s } => now - TimeDelta::seconds(i64::from(span_s)),
            Self::Past { start, .. } => start,
        }
    }

    /// Last moment, given the clock.
    pub fn end(self, now: Time) -> Time {
        match self {
            Self::Live { .. } => now,
            Self::Past { end, .. } => end,
        }
    }

    /// Length in seconds, at least one.
    pub fn span_s(self) -> i64 {
        match self {
            Self::Live { span_s } => i64::from(span_s).max(1),
            Self::Past { start, end } => (end - start).num_seconds().max(1),
        }
    }

    /// Step in seconds that gives at most `points` steps on a grid of round ones, never
    /// under 5 s. Prometheus refuses over 11,000 points; `points` is far below that.
    pub fn step_s(self, points: u16) -> i64 {
        const STEPS: [i64; 17] =
            [5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400];
        let points = i64::from(points.max(1));
        let raw = (self.span_s() + points - 1) / points;
        STEPS.into_iter().find(|step| *step >= raw).unwrap_or((raw + 86_399) / 86_400 * 86_400)
    }
}
