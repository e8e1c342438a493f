//! Durations as people write them: `90s`, `15m`, `1h30m`, `7d`.

/// Parses a duration into seconds: one or more `NUMBER UNIT` pieces with s, m, h, d or w, largest
/// first, each unit once. Prometheus's `ms` and `y` are not durations a person gives here.
pub fn parse(text: &str) -> Result<u32, String> {
    let wrong = || format!("`{text}` is not a duration; write 90s, 15m, 1h30m or 7d");
    let mut rest = text.trim();
    let mut total: u64 = 0;
    let mut last_unit = u64::MAX;
    if rest.is_empty() {
        return Err(wrong());
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).ok_or_else(wrong)?;
        let number: u64 = rest[..digits].parse().map_err(|_| wrong())?;
        let unit = match rest.as_bytes()[digits] {
            b's' => 1,
            b'm' => 60,
            b'h' => 3600,
            b'd' => 86_400,
            b'w' => 604_800,
            _ => return Err(wrong()),
        };
        if unit >= last_unit {
            return Err(wrong());
        }
        last_unit = unit;
        total = number.checked_mul(unit).and_then(|n| n.checked_add(total)).ok_or_else(wrong)?;
        rest = &rest[digits + 1..];
    }
    u32::try_from(total).map_err(|_| wrong())
}

/// Writes seconds with at most two units: `42s`, `4m10s`, `3h05m`, `2d4h`.
///
/// This is the exact form; what a screen shows of an age goes through [`stepped`] first.
pub fn format(seconds: i64) -> String {
    let whole = seconds.max(0);
    let (days, hours, minutes, rest) = (whole / 86_400, whole / 3600 % 24, whole / 60 % 60, whole % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{rest}s"),
        (0, 0, _) if rest == 0 => format!("{minutes}m"),
        (0, 0, _) => format!("{minutes}m{rest:02}s"),
        (0, _, 0) => format!("{hours}h"),
        (0, _, _) => format!("{hours}h{minutes:02}m"),
        (_, 0, _) => format!("{days}d"),
        _ => format!("{days}d{hours}h"),
    }
}

/// Rounds an age or a countdown down to the step a person can use: 5 s under five minutes, minutes
/// after that, hours after two days. A calm screen then sends next to nothing.
pub fn stepped(seconds: i64) -> i64 {
    let s = seconds.max(0);
    match s {
        0..=299 => s / 5 * 5,
        300..=172_799 => s / 60 * 60,
        _ => s / 3600 * 3600,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_parse() {
        for (text, seconds) in [("90s", 90), ("15m", 900), ("1h30m", 5400), ("7d", 604_800), ("1w", 604_800)]
        {
            assert_eq!(parse(text), Ok(seconds));
        }
        for text in ["", "5", "m", "5x", "1m1h", "1m1m", "-5m", "99999999999999999999s", "1.5h", "200000w"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn durations_print_and_step() {
        for (seconds, text) in [
            (0, "0s"),
            (42, "42s"),
            (60, "1m"),
            (250, "4m10s"),
            (11_100, "3h05m"),
            (187_200, "2d4h"),
            (-3, "0s"),
        ] {
            assert_eq!(format(seconds), text);
        }
        assert_eq!([3, 9, 299, 301, 180_000].map(stepped), [0, 5, 295, 300, 180_000 / 3600 * 3600]);
    }
}
