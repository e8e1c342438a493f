//! Times as people write them: RFC 3339, unix seconds, `now`, `now-90m`, `today`, `03:12`,
//! `2026-11-20 03:12`. Bare times are in the pack's zone, which the caller shows.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone};
use chrono_tz::Tz;

use super::{Time, duration};

/// Reads a moment. `now` is the caller's clock, `zone` what bare times are in. A bare `03:12` is
/// the latest such time that is not in the future.
pub fn parse(text: &str, now: Time, zone: Tz) -> Result<Time, String> {
    let text = text.trim();
    let wrong = || {
        format!(
            "`{text}` is not a time; write 2026-11-20T03:12:00Z, \"2026-11-20 03:12\", 03:12, today, now-90m or unix seconds"
        )
    };
    if text == "now" {
        return Ok(now);
    }
    if let Some(back) = text.strip_prefix("now-") {
        return now
            .checked_sub_signed(TimeDelta::seconds(i64::from(duration::parse(back)?)))
            .ok_or_else(wrong);
    }
    if let Ok(exact) = chrono::DateTime::parse_from_rfc3339(text) {
        return Ok(exact.to_utc());
    }
    if text.starts_with(|c: char| c.is_ascii_digit()) && text.bytes().all(|b| b.is_ascii_digit() || b == b'.')
    {
        let seconds: f64 = text.parse().map_err(|_| wrong())?;
        // Four digits or fewer are a typing slip (a year, a clock time), not the year 1970.
        if seconds < 100_000.0 {
            return Err(wrong());
        }
        return chrono::DateTime::from_timestamp_millis((seconds * 1000.0).round() as i64).ok_or_else(wrong);
    }
    let today = now.with_timezone(&zone).date_naive();
    if text == "today" {
        return local(today.and_time(NaiveTime::MIN), zone).ok_or_else(wrong);
    }
    for format in ["%H:%M", "%H:%M:%S"] {
        if let Ok(clock) = NaiveTime::parse_from_str(text, format) {
            let at = local(today.and_time(clock), zone).ok_or_else(wrong)?;
            if at <= now {
                return Ok(at);
            }
            return today.pred_opt().and_then(|day| local(day.and_time(clock), zone)).ok_or_else(wrong);
        }
    }
    for format in ["%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"] {
        if let Ok(naive) = NaiveDateTime::parse_from_str(text, format) {
            return local(naive, zone).ok_or_else(wrong);
        }
    }
    if let Ok(day) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        return local(day.and_time(NaiveTime::MIN), zone).ok_or_else(wrong);
    }
    Err(wrong())
}

/// Reads when something is to begin: nothing is at once (`None`), `+2h` after now, `22:00` the next such time, else as
/// [`parse`] does; what has been cannot be begun.
pub fn parse_start(text: &str, now: Time, zone: Tz) -> Result<Option<Time>, String> {
    let text = text.trim();
    if text.is_empty() || text == "now" {
        return Ok(None);
    }
    if let Some(later) = text.strip_prefix('+') {
        let later = TimeDelta::seconds(i64::from(duration::parse(later)?));
        return now.checked_add_signed(later).map(Some).ok_or_else(|| format!("`{text}` is too far away"));
    }
    let at = parse(text, now, zone)?;
    let is_clock = text.len() <= 8 && text.contains(':');
    // What `parse` reads as the last such time is meant as the next.
    let at = if is_clock && at <= now { local_days_later(at, zone, 1).unwrap_or(at) } else { at };
    let at = if is_clock && at <= now { local_days_later(at, zone, 1).unwrap_or(at) } else { at };
    if at < now { Err(format!("`{text}` has been already")) } else { Ok(Some(at)) }
}

/// The same time of day some days later.
fn local_days_later(at: Time, zone: Tz, days: i64) -> Option<Time> {
    local(at.with_timezone(&zone).naive_local() + TimeDelta::days(days), zone)
}

/// The earlier of two readings where clocks go back; none where they jump over the time.
fn local(naive: NaiveDateTime, zone: Tz) -> Option<Time> {
    zone.from_local_datetime(&naive).earliest().map(|at| at.to_utc())
}

/// The moment as unix seconds with millisecond accuracy, as the servers take it.
pub fn unix_s(at: Time) -> f64 {
    at.timestamp_millis() as f64 / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_lies_ahead() {
        let now = parse("2026-11-22T06:12:00Z", Time::default(), Tz::UTC).expect("now");
        let zone: Tz = "America/Sao_Paulo".parse().expect("a zone");
        let read = |text: &str| parse_start(text, now, zone).map(|at| at.map(|at| (at - now).num_minutes()));
        assert_eq!(read(""), Ok(None));
        assert_eq!(read("now"), Ok(None));
        assert_eq!(read("+2h"), Ok(Some(120)));
        assert_eq!(read("03:12"), Ok(Some(24 * 60)), "03:12 is now there: the next one is tomorrow's");
        assert_eq!(read("03:30"), Ok(Some(18)));
        assert_eq!(read("02:00"), Ok(Some(24 * 60 - 72)));
        assert_eq!(read("2026-11-22 22:00"), Ok(Some(18 * 60 + 48)));
        assert!(read("2026-11-21 22:00").is_err_and(|why| why.contains("has been already")));
        assert!(read("+x").is_err() && read("soon").is_err());
    }

    #[test]
    fn times_parse_in_the_zone_given() {
        let now: Time = "2026-11-22T06:30:00Z".parse().expect("time");
        let zone = chrono_tz::America::Sao_Paulo;
        for (text, expected) in [
            ("now", "2026-11-22T06:30:00Z"),
            ("now-90m", "2026-11-22T05:00:00Z"),
            ("today", "2026-11-22T03:00:00Z"),
            ("03:12", "2026-11-22T06:12:00Z"),
            ("04:12", "2026-11-21T07:12:00Z"),
            ("2026-11-20 03:12", "2026-11-20T06:12:00Z"),
            ("2026-11-20", "2026-11-20T03:00:00Z"),
            ("1795324296.027", "2026-11-22T05:11:36.027Z"),
            ("2026-11-20T03:12:00-03:00", "2026-11-20T06:12:00Z"),
        ] {
            assert_eq!(parse(text, now, zone), Ok(expected.parse().expect("time")), "{text}");
        }
        for text in ["", "yesterday", "25:00", "2026", "now-", "now-5", "2026-13-01", "12:3x"] {
            assert!(parse(text, now, zone).is_err(), "{text}");
        }
    }
}
