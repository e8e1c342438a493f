//! The stretches of time that series are asked for: window and calm time, in one piece where they lie close together.

use chrono::TimeDelta;

use super::Spans;
use crate::model::evidence::Period;
use crate::model::{Time, Window};

/// Points of a series in all of them.
const POINTS: u16 = 300;
/// What lies between window and calm time is asked for along with them where it is not longer than this.
const BETWEEN_S: i64 = 600;
/// Shortest step: no shorter than usual scrapes would have something to say.
const SHORTEST_S: i64 = 5;

/// The pieces, in the order of time, their ends on the grid of the step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pieces {
    pub all: Vec<Period>,
    pub step_s: u32,
}

impl std::ops::Deref for Pieces {
    type Target = [Period];

    fn deref(&self) -> &[Period] {
        &self.all
    }
}

/// The pieces of a window and its calm time.
pub(super) fn of(spans: &Spans) -> Pieces {
    let mut periods: Vec<Period> = spans.baselines.clone();
    periods.push(spans.window);
    periods.sort();
    let mut all: Vec<Period> = Vec::new();
    for period in periods {
        match all.last_mut() {
            Some(last) if (period.start - last.end).num_seconds() <= BETWEEN_S => {
                last.end = last.end.max(period.end);
            }
            _ => all.push(period),
        }
    }
    let length = all.iter().map(|one| one.end - one.start).sum::<TimeDelta>();
    let step_s =
        Window::Live { span_s: u32::try_from(length.num_seconds()).unwrap_or(u32::MAX) }.step_s(POINTS);
    let step_s = step_s.max(SHORTEST_S);
    let floor = |at: Time| {
        let seconds = at.timestamp().div_euclid(step_s) * step_s;
        chrono::DateTime::from_timestamp(seconds, 0).unwrap_or(at)
    };
    for piece in &mut all {
        (piece.start, piece.end) = (floor(piece.start), floor(piece.end));
    }
    Pieces { all, step_s: u32::try_from(step_s).unwrap_or(u32::MAX) }
}

#[cfg(test)]
mod tests {
    use super::super::window::Calm;
    use super::*;

    fn period(start: i64, end: i64) -> Period {
        let at = |s| chrono::DateTime::from_timestamp(1_795_323_600 + s, 0).expect("a moment");
        Period { start: at(start), end: at(end) }
    }

    fn spans(window: Period, baselines: Vec<Period>) -> Spans {
        Spans { window, baselines, calm: Calm::Quiet, onset: None, symptom: None }
    }

    #[test]
    fn what_lies_close_together_is_asked_for_at_once_and_what_does_not_is_not() {
        let near = of(&spans(period(1860, 2760), vec![period(0, 1800)]));
        assert_eq!(near.all, [period(0, 2760)]);
        assert_eq!(near.step_s, 10);
        let far = of(&spans(period(7200, 8100), vec![period(0, 900)]));
        assert_eq!(far.all, [period(0, 900), period(7200, 8100)]);
    }

    #[test]
    fn ends_lie_on_the_grid() {
        let one = of(&spans(period(3, 3607), vec![]));
        assert_eq!(one.step_s, 15);
        assert_eq!(one.all, [period(0, 3600)]);
    }
}
