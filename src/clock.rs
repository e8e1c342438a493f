//! The clock: the one place of the crate that reads the system's.
//!
//! Owns what "now" means to the console: the system's time, the time of an embedded hospital that
//! lives at another hour, or a moment that stands still (golden frames, tests). Must not decide when
//! anything happens.

use chrono::TimeDelta;

use crate::model::Time;

/// What tells the time. Cheap to copy; handed to whoever needs to know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Clock {
    /// The system's own.
    #[default]
    System,
    /// The system's, moved: it runs on at the same pace.
    Moved(TimeDelta),
    /// Always this moment.
    Fixed(Time),
}

impl Clock {
    /// A clock that shows `start` now and runs on from there.
    pub fn starting_at(start: Time) -> Self {
        Self::Moved(start - chrono::Utc::now())
    }

    /// What it shows.
    pub fn now(self) -> Time {
        match self {
            Self::System => chrono::Utc::now(),
            Self::Moved(by) => chrono::Utc::now() + by,
            Self::Fixed(at) => at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moved_clock_runs_on_and_a_fixed_one_stands() {
        let start: Time = "2026-11-20T06:12:00Z".parse().expect("a time");
        let moved = Clock::starting_at(start);
        let shown = moved.now();
        assert!(shown >= start && shown < start + TimeDelta::hours(1), "{shown}");
        assert!(moved.now() >= shown);
        assert_eq!(Clock::Fixed(start).now(), start);
    }
}
