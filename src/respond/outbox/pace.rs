//! When a letter that was not taken is tried again.

use chrono::TimeDelta;

use crate::model::Time;

/// Longest wait between two tries, seconds.
const MOST_S: u64 = 300;
/// After so long nobody wants to be told any more.
const GIVE_UP: TimeDelta = TimeDelta::hours(24);

/// When the next try is; `None` gives up. `attempts` were made, `least_ms` is the receiver's own word, `luck` is from
/// 0 to 1 and keeps many from coming back in step.
pub(super) fn next(attempts: u32, since: Time, least_ms: Option<u64>, luck: f64, now: Time) -> Option<Time> {
    if now - since >= GIVE_UP {
        return None;
    }
    let doubled = 2_u64.saturating_pow(attempts.clamp(1, 9)).min(MOST_S);
    let spread = doubled as f64 * (0.75 + 0.5 * luck.clamp(0.0, 1.0));
    let wait_ms = ((spread * 1000.0) as u64).max(least_ms.unwrap_or(0).min(3_600_000));
    Some(now + TimeDelta::milliseconds(i64::try_from(wait_ms).unwrap_or(i64::MAX / 2)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_a_limit_and_end_after_a_day() {
        let now: Time = "2026-11-22T06:12:00Z".parse().expect("a time");
        let wait =
            |attempts, least| next(attempts, now, least, 0.5, now).map(|at| (at - now).num_milliseconds());
        assert_eq!([1, 2, 3, 20].map(|attempts| wait(attempts, None)), [2000, 4000, 8000, 300_000].map(Some));
        assert_eq!(wait(1, Some(60_000)), Some(60_000), "the receiver's word counts");
        assert_eq!(wait(1, Some(u64::MAX)), Some(3_600_000), "but not for ever");
        assert_eq!(next(3, now - TimeDelta::hours(25), None, 0.5, now), None);
        let (early, late) = (next(3, now, None, 0.0, now), next(3, now, None, 1.0, now));
        assert!(early < late);
    }
}
