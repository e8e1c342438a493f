//! Strings as the three languages write them, which all follow Go: in double quotes (PromQL: single ones too)
//! with backslash escapes, or raw in backticks (`go.dev/ref/spec#String_literals`).

use std::fmt::Write as _;

use zeroize::Zeroizing;

/// Appends `text` as it must stand within these quotes.
pub(super) fn escape(text: &str, quote: u8, out: &mut String) {
    if quote == b'`' {
        return out.push_str(text);
    }
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c == char::from(quote) => out.extend(['\\', c]),
            // Writing to a string cannot fail.
            c if c.is_ascii_control() => drop(write!(out, "\\u{:04x}", c as u32)),
            c => out.push(c),
        }
    }
}

/// Whether `text` can stand between backticks: nothing is escaped there, and carriage returns are lost.
pub(super) fn fits_backticks(text: &str) -> bool {
    !text.contains(['`', '\r'])
}

/// What stands within these quotes, read. `None` for a broken escape, and for one that is no text.
pub(super) fn unescape(inner: &str, quote: u8) -> Option<Zeroizing<String>> {
    if quote == b'`' {
        return Some(Zeroizing::new(inner.replace('\r', "")));
    }
    let mut out = Zeroizing::new(Vec::with_capacity(inner.len()));
    let mut rest = inner;
    while let Some(at) = rest.find('\\') {
        out.extend_from_slice(&rest.as_bytes()[..at]);
        rest = &rest[at + 1..];
        let kind = rest.chars().next()?;
        let (code, length) = match kind {
            'a' => (7, 1),
            'b' => (8, 1),
            'f' => (12, 1),
            'n' => (10, 1),
            'r' => (13, 1),
            't' => (9, 1),
            'v' => (11, 1),
            '\\' | '\'' | '"' => (kind as u32, 1),
            'x' => (number(rest, 1, 2, 16)?, 3),
            'u' => (number(rest, 1, 4, 16)?, 5),
            'U' => (number(rest, 1, 8, 16)?, 9),
            '0'..='7' => (number(rest, 0, 3, 8)?, 3),
            _ => return None,
        };
        if matches!(kind, 'x' | '0'..='7') {
            out.push(u8::try_from(code).ok()?);
        } else {
            out.extend_from_slice(char::from_u32(code)?.encode_utf8(&mut [0; 4]).as_bytes());
        }
        rest = &rest[length..];
    }
    out.extend_from_slice(rest.as_bytes());
    std::str::from_utf8(&out).ok().map(|text| Zeroizing::new(text.to_owned()))
}

fn number(text: &str, skip: usize, digits: usize, radix: u32) -> Option<u32> {
    let digits = text.get(skip..skip + digits)?;
    if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    u32::from_str_radix(digits, radix).ok()
}

/// Appends an expression that matches `text` and nothing else (RE2's syntax; github.com/google/re2/wiki/Syntax).
pub(super) fn quote_meta(text: &str, out: &mut String) {
    for c in text.chars() {
        if matches!(c, '\\' | '.' | '+' | '*' | '?' | '(' | ')' | '|' | '[' | ']' | '{' | '}' | '^' | '$') {
            out.push('\\');
        }
        out.push(c);
    }
}
