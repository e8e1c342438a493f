//! The window that a link opens: what it is about, and a little before and after.

use chrono::TimeDelta;

use crate::model::{Time, Window};

/// The longest window in seconds: thirty days.
const LONGEST_S: i64 = 30 * 86_400;

/// A moment or stretch with a margin on both sides. What still goes on in a live window stays live; nothing reaches
/// into the future, and what is too long keeps its end.
pub fn around((from, to): (Time, Time), margin_s: u32, now: Time, live: bool) -> Window {
    let margin = TimeDelta::seconds(i64::from(margin_s).max(1));
    let (from, to) = (from.min(to), to.max(from));
    let end = (to + margin).min(now);
    let start = (from - margin).min(end - margin).max(end - TimeDelta::seconds(LONGEST_S));
    if live && from < to && to >= now {
        let span_s = (now - start).num_seconds().clamp(60, LONGEST_S);
        return Window::Live { span_s: u32::try_from(span_s).unwrap_or(3600) };
    }
    Window::Past { start, end }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Time {
        chrono::DateTime::from_timestamp(1_795_327_920 + seconds, 0).expect("a time")
    }

    #[test]
    fn a_moment_stands_in_the_middle_and_never_in_the_future() {
        let around = |moment: i64| around((at(moment), at(moment)), 300, at(0), true);
        assert_eq!(around(-3600), Window::Past { start: at(-3900), end: at(-3300) });
        assert_eq!(around(-10), Window::Past { start: at(-310), end: at(0) });
        assert_eq!(around(60), Window::Past { start: at(-300), end: at(0) }, "another clock is ahead");
    }

    #[test]
    fn what_still_goes_on_stays_live() {
        let stretch = (at(-240), at(0));
        assert_eq!(around(stretch, 300, at(0), true), Window::Live { span_s: 540 });
        assert_eq!(around(stretch, 300, at(0), false), Window::Past { start: at(-540), end: at(0) });
        let over = around((at(-240), at(-60)), 300, at(0), true);
        assert_eq!(over, Window::Past { start: at(-540), end: at(0) });
        let long = around((at(-90 * 86_400), at(0)), 300, at(0), true);
        assert_eq!(long, Window::Live { span_s: 30 * 86_400 });
    }
}
