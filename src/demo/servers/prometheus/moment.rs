//! Moments and durations in requests, and numbers in answers.

use std::fmt::Write as _;

use super::super::form::Form;
use super::{Refused, Server};
use crate::demo::alerting::duration;

/// The years that can be asked for: beyond them nothing is, and sums of moments must not overflow.
const FARTHEST_MS: f64 = 8.0e15;

/// Milliseconds of a moment in Unix seconds or RFC 3339.
pub(super) fn parse(text: &str) -> Result<i64, String> {
    if let Some(seconds) = number(text) {
        // NaN is before everything, as its conversion is in Go.
        let ms = if seconds.is_nan() { -FARTHEST_MS } else { (seconds * 1000.0).round() };
        return Ok(ms.clamp(-FARTHEST_MS, FARTHEST_MS) as i64);
    }
    chrono::DateTime::parse_from_rfc3339(text)
        .map(|at| at.timestamp_millis())
        .map_err(|_| format!("cannot parse {text:?} to a valid timestamp"))
}

/// A number as Go reads it: one too large for a float is none.
fn number(text: &str) -> Option<f64> {
    let value: f64 = text.parse().ok()?;
    let named = text.to_ascii_lowercase().contains("inf");
    (value.is_finite() || value.is_nan() || named).then_some(value)
}

/// Milliseconds of a duration: seconds, or `1h30m`.
pub(super) fn span(text: &str) -> Result<i64, String> {
    if let Some(seconds) = number(text) {
        if seconds.is_nan() || seconds.abs() > 9.2e9 {
            return Err(format!("cannot parse {text:?} to a valid duration. It overflows int64"));
        }
        let ms = (seconds * 1000.0).trunc() as i64;
        // Finer than a millisecond there is nothing.
        return Ok(if ms == 0 && seconds > 0.0 { 1 } else { ms });
    }
    duration::parse_ms(text).ok_or_else(|| format!("cannot parse {text:?} to a valid duration"))
}

/// A moment that need not be given.
pub(super) fn optional(form: &Form, name: &str) -> Result<Option<i64>, Refused> {
    match form.get(name) {
        "" => Ok(None),
        text => parse(text)
            .map(Some)
            .map_err(|words| Refused::parameter(name, &format!("Invalid time value for '{name}': {words}"))),
    }
}

/// A moment that must be given.
pub(super) fn required(form: &Form, name: &str) -> Result<i64, Refused> {
    parse(form.get(name)).map_err(|words| Refused::parameter(name, &words))
}

/// `timeout` has no effect, but a wrong one is refused.
pub(super) fn check_timeout(form: &Form) -> Result<(), Refused> {
    match form.get("timeout") {
        "" => Ok(()),
        text => span(text).map(|_| ()).map_err(|words| Refused::parameter("timeout", &words)),
    }
}

/// Start and end of the data that is asked for, `start` and `end` left out meaning the last minutes.
pub(super) fn window(server: &Server, form: &Form) -> Result<(i64, i64), Refused> {
    let (start, end) = (optional(form, "start")?, optional(form, "end")?);
    let now = server.alerting.place().now().timestamp_millis();
    let end = end.unwrap_or(now).min(now);
    Ok((start.unwrap_or(end - super::labels::RECENT_MS), end))
}

/// Writes milliseconds as seconds, with three decimals where there are any.
pub(super) fn write_seconds(out: &mut String, ms: i64) {
    let (sign, ms) = (if ms < 0 { "-" } else { "" }, ms.unsigned_abs());
    // Writing to a string cannot fail.
    let _ = match ms % 1000 {
        0 => write!(out, "{sign}{}", ms / 1000),
        rest => write!(out, "{sign}{}.{rest:03}", ms / 1000),
    };
}

/// Writes a value as text in quotes: shortest digits, no exponent.
pub(super) fn write_value(out: &mut String, value: f64) {
    let _ = match value {
        v if v.is_nan() => write!(out, "\"NaN\""),
        f64::INFINITY => write!(out, "\"+Inf\""),
        f64::NEG_INFINITY => write!(out, "\"-Inf\""),
        v => write!(out, "\"{v}\""),
    };
}

/// A value as Go's `%e` writes it with shortest digits: `1e+00`.
pub(super) fn scientific(value: f64) -> String {
    match value {
        v if v.is_nan() => "NaN".to_owned(),
        f64::INFINITY => "+Inf".to_owned(),
        f64::NEG_INFINITY => "-Inf".to_owned(),
        v => {
            let text = format!("{v:e}");
            let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
            let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |rest| ('-', rest));
            format!("{digits}e{sign}{exponent:0>2}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_seconds_or_rfc_3339() {
        assert_eq!(parse("1795323600.5"), Ok(1_795_323_600_500));
        assert_eq!(parse("10.0004"), Ok(10_000));
        assert_eq!(parse("2026-11-22T05:00:00.5-03:00"), Ok(1_795_334_400_500));
        assert_eq!(parse("99999999999999999999"), Ok(8_000_000_000_000_000));
        assert!(parse("NaN").is_ok_and(|ms| ms < 0) && parse("-inf").is_ok_and(|ms| ms < 0));
        for wrong in ["", "abc", "1e400", "2026-11-22", "5s"] {
            assert_eq!(parse(wrong), Err(format!("cannot parse {wrong:?} to a valid timestamp")));
        }
    }

    #[test]
    fn durations_are_seconds_or_units() {
        for (text, ms) in [("15", 15_000), ("0.4", 400), ("500ms", 500), ("1h30m", 5_400_000), ("-1", -1000)]
        {
            assert_eq!(span(text), Ok(ms), "{text}");
        }
        assert_eq!(span("0.0001"), Ok(1));
        for wrong in ["", "abc", "1e300", "NaN", "5m5h"] {
            assert!(span(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn numbers_are_written_as_go_writes_them() {
        let written = |ms| {
            let mut out = String::new();
            write_seconds(&mut out, ms);
            out
        };
        assert_eq!(
            [1_795_323_600_000, 10_500, 45, -1_500].map(written),
            ["1795323600", "10.500", "0.045", "-1.500"]
        );
        let value = |v| {
            let mut out = String::new();
            write_value(&mut out, v);
            out
        };
        assert_eq!(
            [1.0, 0.1 + 0.2, 1e21, f64::NAN, f64::NEG_INFINITY, -0.0].map(value),
            [
                "\"1\"",
                "\"0.30000000000000004\"",
                "\"1000000000000000000000\"",
                "\"NaN\"",
                "\"-Inf\"",
                "\"-0\""
            ]
        );
        assert_eq!(
            [1.0, 0.0, 9.7125, 1.5e-7, 1e100, f64::INFINITY].map(scientific),
            ["1e+00", "0e+00", "9.7125e+00", "1.5e-07", "1e+100", "+Inf"]
        );
    }
}
