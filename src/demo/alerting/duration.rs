//! Durations as Prometheus writes them: `500ms`, `1h30m`, `1d`, `1y`.

use std::fmt::Write as _;

/// Units, largest first, in milliseconds (`model/duration` of Prometheus's common library).
const UNITS: [(&str, i64); 7] = [
    ("y", 365 * 86_400_000),
    ("w", 7 * 86_400_000),
    ("d", 86_400_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1000),
    ("ms", 1),
];

/// Milliseconds; `None` where the text is no duration. Units stand largest first, each once; a bare
/// `0` is one too.
pub fn parse_ms(text: &str) -> Option<i64> {
    if text == "0" {
        return Some(0);
    }
    let (mut rest, mut total, mut next) = (text, 0_i64, 0);
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let number: i64 = rest[..digits].parse().ok()?;
        let letters = rest[digits..].find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len() - digits);
        let unit = &rest[digits..digits + letters];
        let at = next + UNITS[next..].iter().position(|(name, _)| *name == unit)?;
        total = total.checked_add(number.checked_mul(UNITS[at].1)?)?;
        next = at + 1;
        rest = &rest[digits + letters..];
    }
    (!text.is_empty()).then_some(total)
}

/// The shortest way to write it: `1h30m`; years and weeks only where nothing is left.
pub fn format_ms(ms: i64) -> String {
    if ms == 0 {
        return "0s".to_owned();
    }
    let (mut out, mut rest) = (String::new(), ms.max(0));
    for (name, length) in UNITS {
        let whole = matches!(name, "y" | "w");
        if rest >= length && (!whole || rest % length == 0) {
            // Writing to a string cannot fail.
            let _ = write!(out, "{}{name}", rest / length);
            rest %= length;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_and_written() {
        for (text, ms) in [("30s", 30_000), ("1h30m", 5_400_000), ("1d", 86_400_000), ("1m500ms", 60_500)] {
            assert_eq!((parse_ms(text), format_ms(ms)), (Some(ms), text.to_owned()));
        }
        assert_eq!(
            (parse_ms("0"), parse_ms("90s"), parse_ms("1y")),
            (Some(0), Some(90_000), Some(31_536_000_000))
        );
        assert_eq!(
            (format_ms(0), format_ms(90_000), format_ms(14_400_000)),
            ("0s".into(), "1m30s".into(), "4h".into())
        );
        for wrong in
            ["", "5", "s", "1m1h", "1m1m", "-5m", "1.5h", "5x", "99999999999999999999s", "9999999999y"]
        {
            assert_eq!(parse_ms(wrong), None, "{wrong}");
        }
    }
}
