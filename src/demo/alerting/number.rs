//! Numbers in templates, as Go's `fmt` and Prometheus's `humanize` functions write them.

use crate::text::alerting::EN as WORDS;

/// An argument of [`printf`].
#[derive(Clone, Copy, Debug)]
pub(super) enum Printed<'a> {
    /// A text.
    Text(&'a str),
    /// A number.
    Number(f64),
}

/// One verb of a format.
struct Verb {
    left: bool,
    zeros: bool,
    plus: bool,
    width: usize,
    precision: Option<usize>,
    letter: char,
}

/// The pieces of a format: texts and verbs.
fn pieces(format: &str) -> Result<Vec<Result<Verb, String>>, String> {
    let mut all = Vec::new();
    let mut text = String::new();
    let mut chars = format.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '%' {
            text.push(c);
            continue;
        }
        if chars.peek() == Some(&'%') {
            chars.next();
            text.push('%');
            continue;
        }
        let mut verb =
            Verb { left: false, zeros: false, plus: false, width: 0, precision: None, letter: ' ' };
        while let Some(flag) = chars.next_if(|c| matches!(c, '-' | '0' | '+')) {
            match flag {
                '-' => verb.left = true,
                '0' => verb.zeros = true,
                _ => verb.plus = true,
            }
        }
        let number = |chars: &mut std::iter::Peekable<std::str::Chars<'_>>| {
            let mut value = 0_usize;
            while let Some(digit) = chars.next_if(char::is_ascii_digit) {
                value = value * 10 + digit as usize - '0' as usize;
                // Nobody pads to more.
                value = value.min(1000);
            }
            value
        };
        verb.width = number(&mut chars);
        if chars.next_if_eq(&'.').is_some() {
            verb.precision = Some(number(&mut chars));
        }
        verb.letter = chars
            .next()
            .filter(|letter| "svqdefg".contains(*letter))
            .ok_or_else(|| (WORDS.format)(format))?;
        all.push(Err(std::mem::take(&mut text)));
        all.push(Ok(verb));
    }
    all.push(Err(text));
    Ok(all)
}

/// How many arguments a format wants; the error says that it is not understood.
pub(super) fn verbs(format: &str) -> Result<usize, String> {
    Ok(pieces(format)?.iter().filter(|piece| piece.is_ok()).count())
}

/// Go's `fmt.Sprintf` for texts and floats.
pub(super) fn printf(format: &str, arguments: &[Printed<'_>]) -> String {
    let Ok(pieces) = pieces(format) else { return format.to_owned() };
    let mut arguments = arguments.iter();
    let mut out = String::new();
    for piece in pieces {
        match piece {
            Err(text) => out.push_str(&text),
            Ok(verb) => match arguments.next() {
                Some(argument) => out.push_str(&shown(&verb, *argument)),
                None => out.extend(["%!", verb.letter.encode_utf8(&mut [0; 4]), "(MISSING)"]),
            },
        }
    }
    out
}

fn shown(verb: &Verb, argument: Printed<'_>) -> String {
    let letter = verb.letter;
    let body = match (letter, argument) {
        ('s' | 'v', Printed::Text(text)) => match verb.precision {
            Some(most) => text.chars().take(most).collect(),
            None => text.to_owned(),
        },
        ('q', Printed::Text(text)) => format!("{text:?}"),
        (_, Printed::Text(text)) => return format!("%!{letter}(string={text})"),
        ('f', Printed::Number(value)) => fixed(value, verb.precision.unwrap_or(6)),
        ('e', Printed::Number(value)) => exponent(value, verb.precision.unwrap_or(6)),
        ('g' | 'v', Printed::Number(value)) => match verb.precision {
            Some(digits) => general(value, digits.max(1)),
            None => plain(value),
        },
        (_, Printed::Number(value)) => return format!("%!{letter}(float64={})", plain(value)),
    };
    let signed = verb.plus && matches!(argument, Printed::Number(_)) && !body.starts_with(['-', '+']);
    let body = if signed { format!("+{body}") } else { body };
    let missing = verb.width.saturating_sub(body.chars().count());
    if missing == 0 {
        return body;
    }
    if verb.left {
        return body + &" ".repeat(missing);
    }
    let padding = if verb.zeros { "0" } else { " " }.repeat(missing);
    match body.strip_prefix(['-', '+']).filter(|_| verb.zeros) {
        Some(rest) => format!("{}{padding}{rest}", &body[..1]),
        None => padding + &body,
    }
}

/// Neither finite nor a number, as Go's `fmt` writes it.
fn special(value: f64) -> Option<String> {
    if value.is_nan() {
        Some("NaN".to_owned())
    } else if value.is_infinite() {
        Some(if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned())
    } else {
        None
    }
}

fn fixed(value: f64, digits: usize) -> String {
    special(value).unwrap_or_else(|| format!("{value:.digits$}"))
}

fn exponent(value: f64, digits: usize) -> String {
    special(value).unwrap_or_else(|| with_exponent(&format!("{value:.digits$e}")))
}

/// Rust's `1e5` as Go's `1e+05`.
fn with_exponent(text: &str) -> String {
    let (digits, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |rest| ('-', rest));
    format!("{digits}e{sign}{exponent:0>2}")
}

/// `%v`: the shortest digits, with an exponent from 21 places on.
pub(super) fn plain(value: f64) -> String {
    if let Some(text) = special(value) {
        return text;
    }
    let scientific = format!("{value:e}");
    let exponent: i32 = scientific.split_once('e').and_then(|(_, e)| e.parse().ok()).unwrap_or(0);
    if (-4..21).contains(&exponent) { format!("{value}") } else { with_exponent(&scientific) }
}

/// `%.4g`: so many digits that count, zeros at the end dropped.
pub(super) fn general(value: f64, digits: usize) -> String {
    if let Some(text) = special(value) {
        return text;
    }
    let scientific = format!("{value:.*e}", digits - 1);
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let power: i32 = exponent.parse().unwrap_or(0);
    let trimmed = |text: &str| {
        let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text };
        text.to_owned()
    };
    if power < -4 || power >= digits as i32 {
        return with_exponent(&format!("{}e{power}", trimmed(mantissa)));
    }
    let places = usize::try_from(digits as i32 - 1 - power).unwrap_or(0);
    trimmed(&format!("{value:.places$}"))
}

/// `1.235M`.
pub(super) fn humanize(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return general(value, 4);
    }
    let (mut value, mut prefix) = (value, "");
    if value.abs() >= 1.0 {
        for next in ["k", "M", "G", "T", "P", "E", "Z", "Y"] {
            if value.abs() < 1000.0 {
                break;
            }
            (value, prefix) = (value / 1000.0, next);
        }
    } else {
        for next in ["m", "u", "n", "p", "f", "a", "z", "y"] {
            if value.abs() >= 1.0 {
                break;
            }
            (value, prefix) = (value * 1000.0, next);
        }
    }
    format!("{}{prefix}", general(value, 4))
}

/// `143.1Mi`.
pub(super) fn humanize1024(value: f64) -> String {
    if value.abs() <= 1.0 || !value.is_finite() {
        return general(value, 4);
    }
    let (mut value, mut prefix) = (value, "");
    for next in ["ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi"] {
        if value.abs() < 1024.0 {
            break;
        }
        (value, prefix) = (value / 1024.0, next);
    }
    format!("{}{prefix}", general(value, 4))
}

/// `1h 6m 40s`.
pub(super) fn humanize_duration(value: f64) -> String {
    if !value.is_finite() {
        return general(value, 4);
    }
    if value == 0.0 {
        return "0s".to_owned();
    }
    if value.abs() >= 1.0 {
        let sign = if value < 0.0 { "-" } else { "" };
        let whole = value.abs() as i64;
        let (d, h, m, s) = (whole / 86_400, whole / 3600 % 24, whole / 60 % 60, whole % 60);
        return match (d, h, m) {
            (0, 0, 0) => format!("{sign}{}s", general(value.abs(), 4)),
            (0, 0, _) => format!("{sign}{m}m {s}s"),
            (0, ..) => format!("{sign}{h}h {m}m {s}s"),
            _ => format!("{sign}{d}d {h}h {m}m {s}s"),
        };
    }
    let (mut value, mut prefix) = (value, "");
    for next in ["m", "u", "n", "p", "f", "a", "z", "y"] {
        if value.abs() >= 1.0 {
            break;
        }
        (value, prefix) = (value * 1000.0, next);
    }
    format!("{}{prefix}s", general(value, 4))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_gos() {
        let number = |format: &str, value: f64| printf(format, &[Printed::Number(value)]);
        for (format, value, said) in [
            ("%.1f", 0.25, "0.2"),
            ("%f", 1.5, "1.500000"),
            ("%6.2f|", 1.239, "  1.24|"),
            ("%-6.1f|", -1.25, "-1.2  |"),
            ("%06.1f", -1.25, "-001.2"),
            ("%+.0f", 3.0, "+3"),
            ("%e", 1500.0, "1.500000e+03"),
            ("%.3g", 0.000_012_345, "1.23e-05"),
            ("%g", 1e21, "1e+21"),
            ("%v", 100_000.0, "100000"),
            ("%d", 3.0, "%!d(float64=3)"),
            ("%.2f", f64::INFINITY, "+Inf"),
            ("100%% %.0f", 7.0, "100% 7"),
        ] {
            assert_eq!(number(format, value), said, "{format}");
        }
        assert_eq!(
            printf("%q is %5s|%.2s", &[Printed::Text("a\"b"), Printed::Text("c"), Printed::Text("def")]),
            "\"a\\\"b\" is     c|de"
        );
        assert_eq!(verbs("%.1f of %s, 5%%"), Ok(2));
        assert!(verbs("%").is_err() && verbs("%y").is_err());
    }

    #[test]
    fn people_can_read_them() {
        assert_eq!([0.0, 0.0012, 999.0, 1e15, f64::NAN].map(humanize), ["0", "1.2m", "999", "1P", "NaN"]);
        assert_eq!([1.0, 1024.0, 1e8].map(humanize1024), ["1", "1ki", "95.37Mi"]);
        assert_eq!(
            [0.0, 0.25, 12.345, 61.0, 90_061.0].map(humanize_duration),
            ["0s", "250ms", "12.35s", "1m 1s", "1d 1h 1m 1s"]
        );
        assert_eq!([1000.0, 12345.0, 0.5].map(|v| general(v, 4)), ["1000", "1.234e+04", "0.5"]);
    }
}
