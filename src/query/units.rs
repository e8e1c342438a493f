//! Numbers as people write them in LogQL and TraceQL: durations (`1h30m`), sizes (`5MiB`), strings.

/// Most bytes a query may have, as Loki's own limit.
pub(super) const LONGEST_QUERY: usize = 131_072;
/// How deep parentheses and operators may nest.
pub(super) const DEEPEST: usize = 64;

/// Nanoseconds of `1h30m`, `1.5s`, `250ms`, `-2s`; days, weeks and years as Prometheus counts them.
pub(super) fn duration(text: &str) -> Option<i64> {
    let (sign, mut rest) = text.strip_prefix('-').map_or((1.0, text), |rest| (-1.0, rest));
    if rest == "0" {
        return Some(0);
    }
    let mut total = 0.0_f64;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
        let value: f64 = rest.get(..digits)?.parse().ok()?;
        rest = rest.get(digits..)?;
        let unit = rest.bytes().take_while(|byte| !byte.is_ascii_digit() && *byte != b'.').count();
        let factor = match rest.get(..unit)? {
            "ns" => 1.0,
            "us" | "µs" | "μs" => 1e3,
            "ms" => 1e6,
            "s" => 1e9,
            "m" => 60e9,
            "h" => 3600e9,
            "d" => 86_400e9,
            "w" => 7.0 * 86_400e9,
            "y" => 365.0 * 86_400e9,
            _ => return None,
        };
        rest = rest.get(unit..)?;
        total += value * factor;
    }
    (!text.is_empty() && text != "-" && total < i64::MAX as f64).then_some((sign * total) as i64)
}

/// Bytes of `5KB` (1,000), `5KiB` (1,024), `1.5 GB`.
pub(super) fn bytes(text: &str) -> Option<f64> {
    let text = text.trim();
    let digits = text.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
    let value: f64 = text.get(..digits)?.parse().ok()?;
    let factor = match text.get(digits..)?.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1.0,
        "kb" | "k" => 1e3,
        "mb" | "m" => 1e6,
        "gb" | "g" => 1e9,
        "tb" | "t" => 1e12,
        "pb" | "p" => 1e15,
        "kib" | "ki" => 1024.0,
        "mib" | "mi" => 1_048_576.0,
        "gib" | "gi" => 1_073_741_824.0,
        "tib" | "ti" => 1_099_511_627_776.0,
        "pib" | "pi" => 1_125_899_906_842_624.0,
        _ => return None,
    };
    Some(value * factor)
}

/// Reads a quoted string that `text` begins with (`"…"` with Go's escapes, or `` `…` `` raw): its
/// value and how many bytes it took. `None` where it never ends or an escape means nothing.
pub(super) fn quoted(text: &str) -> Option<(String, usize)> {
    if let Some(raw) = text.strip_prefix('`') {
        let end = raw.find('`')?;
        return Some((raw[..end].to_owned(), end + 2));
    }
    let mut out = String::new();
    let mut chars = text.strip_prefix('"')?.char_indices();
    loop {
        let (at, c) = chars.next()?;
        match c {
            '"' => return Some((out, at + 2)),
            '\n' => return None,
            '\\' => {
                out.push(match chars.clone().next()?.1 {
                    'x' | 'u' | 'U' => {
                        let digits = match chars.next()?.1 {
                            'x' => 2,
                            'u' => 4,
                            _ => 8,
                        };
                        code(&mut chars, digits, 16)?
                    }
                    '0'..='3' => code(&mut chars, 3, 8)?,
                    other => {
                        chars.next();
                        match other {
                            'n' => '\n',
                            't' => '\t',
                            'r' => '\r',
                            'a' => '\u{7}',
                            'b' => '\u{8}',
                            'f' => '\u{c}',
                            'v' => '\u{b}',
                            '\\' | '"' | '\'' => other,
                            _ => return None,
                        }
                    }
                });
            }
            other => out.push(other),
        }
    }
}

/// The character that so many digits name.
fn code(chars: &mut std::str::CharIndices<'_>, digits: u32, radix: u32) -> Option<char> {
    let mut value = 0_u32;
    for _ in 0..digits {
        value = value.checked_mul(radix)?.checked_add(chars.next()?.1.to_digit(radix)?)?;
    }
    char::from_u32(value)
}

/// Line and column (from 1, in characters) of a byte offset.
pub(super) fn place(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
    (line, column)
}

/// A regular expression that never takes more than a megabyte.
pub(super) fn regex(text: &str) -> Result<regex::Regex, String> {
    regex::RegexBuilder::new(text).size_limit(1 << 20).build().map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => format!("regular expression too large: `{text}`"),
        _ => format!("error parsing regexp: `{text}`"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_and_sizes_are_read_as_their_servers_do() {
        for (text, expected) in [
            ("5m", Some(300_000_000_000)),
            ("1h30m", Some(5_400_000_000_000)),
            ("1.5s", Some(1_500_000_000)),
            ("250ms", Some(250_000_000)),
            ("10µs", Some(10_000)),
            ("-2s", Some(-2_000_000_000)),
            ("0", Some(0)),
            ("", None),
            ("-", None),
            ("5", None),
            ("5x", None),
            ("s", None),
            ("99999999y", None),
        ] {
            assert_eq!(duration(text), expected, "{text}");
        }
        for (text, expected) in [
            ("5KB", Some(5e3)),
            ("1KiB", Some(1024.0)),
            ("1.5 GB", Some(1.5e9)),
            ("7", Some(7.0)),
            ("x", None),
        ] {
            assert_eq!(bytes(text), expected, "{text}");
        }
    }

    #[test]
    fn strings_are_read_with_their_escapes() {
        for (text, expected) in [
            (r#""a" rest"#, Some(("a", 3))),
            (r#""a\"b""#, Some(("a\"b", 6))),
            (r#""\x41\u00e9\n\101""#, Some(("Aé\nA", 18))),
            ("`a\\n`", Some(("a\\n", 5))),
            (r#""a"#, None),
            (r#""\q""#, None),
            ("`a", None),
            ("\"", None),
            ("\"\\", None),
        ] {
            let read = quoted(text);
            assert_eq!(read.as_ref().map(|(value, size)| (value.as_str(), *size)), expected, "{text}");
        }
    }
}
