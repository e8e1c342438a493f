//! What a server says of time, beside the clock that was handed down: how far its `Date` is off, and
//! how long it wants to be left alone.

use crate::model::Time;

/// The server's clock minus ours in seconds. `Date` has whole seconds and was written at some moment
/// between sending and receiving, so that only a difference beyond that doubt counts.
pub(super) fn skew_s(date: &str, sent: Time, received: Time) -> Option<i64> {
    let said = chrono::DateTime::parse_from_rfc2822(date).ok()?.timestamp_millis();
    let least = said - received.timestamp_millis();
    let most = said + 1000 - sent.timestamp_millis();
    Some(if least > 0 {
        least / 1000
    } else if most < 0 {
        most / 1000
    } else {
        0
    })
}

/// Milliseconds to wait by a `Retry-After`: seconds, or an HTTP date; at most a day.
pub(super) fn retry_after_ms(value: &str, now: Time) -> Option<u64> {
    const DAY_MS: u64 = 86_400_000;
    let value = value.trim();
    let ms = if let Ok(seconds) = value.parse::<u64>() {
        seconds.saturating_mul(1000)
    } else {
        let until = chrono::DateTime::parse_from_rfc2822(value).ok()?;
        u64::try_from(until.timestamp_millis() - now.timestamp_millis()).unwrap_or(0)
    };
    Some(ms.min(DAY_MS))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Time {
        text.parse().expect("a time")
    }

    #[test]
    fn only_a_difference_beyond_doubt_is_skew() {
        let (sent, received) = (at("2026-11-22T05:00:00.900Z"), at("2026-11-22T05:00:02.100Z"));
        let skew = |date| skew_s(date, sent, received);
        assert_eq!(skew("Sun, 22 Nov 2026 05:00:00 GMT"), Some(0));
        assert_eq!(skew("Sun, 22 Nov 2026 05:00:02 GMT"), Some(0));
        assert_eq!(skew("Sun, 22 Nov 2026 06:00:02 GMT"), Some(3599));
        assert_eq!(skew("Sun, 22 Nov 2026 04:00:00 GMT"), Some(-3599));
        assert_eq!(skew("yesterday"), None);
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = at("2026-11-22T05:00:00Z");
        assert_eq!(retry_after_ms("30", now), Some(30_000));
        assert_eq!(retry_after_ms("Sun, 22 Nov 2026 05:01:00 GMT", now), Some(60_000));
        assert_eq!(retry_after_ms("Sun, 22 Nov 2026 04:00:00 GMT", now), Some(0));
        assert_eq!(retry_after_ms("99999999999999", now), Some(86_400_000));
        assert_eq!(retry_after_ms("soon", now), None);
    }
}
