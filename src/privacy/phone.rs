//! Brazilian telephone numbers (Anatel's plan): area code of two digits, mobile numbers of nine digits that
//! begin with 9, others of eight that begin with 2 to 5; `+55` or a parenthesis may open one.

use super::bare;
use super::edges::{ends_here, stands_alone};
use super::kind::Kind;
use super::scan::{Scan, What};

/// Most digits: `55`, a carrier's `0`, area, number.
const MOST: usize = 14;

/// Digits from `at` on, through single separators, with where each group ends.
struct Gathered {
    digits: [u8; MOST],
    count: usize,
    /// Digits so far and the offset, at the end of each group.
    ends: Vec<(usize, usize)>,
}

fn gather(bytes: &[u8], mut at: usize) -> Gathered {
    let mut all = Gathered { digits: [0; MOST], count: 0, ends: Vec::new() };
    loop {
        while let Some(digit) = bytes.get(at).filter(|b| b.is_ascii_digit()) {
            if all.count == MOST {
                return all;
            }
            all.digits[all.count] = *digit;
            all.count += 1;
            at += 1;
        }
        all.ends.push((all.count, at));
        let gap = match &bytes[at..] {
            [b')', b' ' | b'-' | b'.', next, ..] if next.is_ascii_digit() => 2,
            [b' ' | b'-' | b'.', b'(', next, ..] if next.is_ascii_digit() => 2,
            [b' ' | b'-' | b'.' | b')' | b'(', next, ..] if next.is_ascii_digit() => 1,
            _ => return all,
        };
        at += gap;
    }
}

/// Whether the digits are a whole number, with or without country and area.
fn is_number(digits: &[u8], needs_area: bool) -> bool {
    let local = |digits: &[u8]| match digits.len() {
        9 => digits[0] == b'9',
        8 => matches!(digits[0], b'2'..=b'9'),
        _ => false,
    };
    let national = |digits: &[u8]| {
        let digits = digits.strip_prefix(b"0").unwrap_or(digits);
        digits.len() >= 10 && digits[0] != b'0' && digits[1] != b'0' && local(&digits[2..])
    };
    let abroad = |digits: &[u8]| digits.strip_prefix(b"55").is_some_and(national);
    abroad(digits) || national(digits) || (!needs_area && local(digits))
}

/// The longest number from `at` on that ends with a group.
fn longest(bytes: &[u8], at: usize, needs_area: bool) -> Option<(usize, Gathered)> {
    let all = gather(bytes, at);
    let end = all
        .ends
        .iter()
        .rev()
        .find(|(count, end)| {
            is_number(&all.digits[..*count], needs_area) && !bytes.get(*end).is_some_and(u8::is_ascii_digit)
        })?
        .1;
    Some((end, all))
}

/// `+55 11 91234-5678`, `(11) 91234-5678`: opened by the sign at `at`.
pub(super) fn opened(scan: &mut Scan<'_>, at: usize) -> Option<usize> {
    let rest = &scan.bytes[at..];
    let abroad = rest.starts_with(b"+55");
    let first = match rest {
        [b'+', b'5', b'5', ..] => at + 1,
        [b'(', b'+', b'5', b'5', ..] => at + 2,
        [b'(', b'0', a, b, b')', ..] if a.is_ascii_digit() && b.is_ascii_digit() => at + 1,
        [b'(', a, b, b')', ..] if a.is_ascii_digit() && b.is_ascii_digit() => at + 1,
        _ => return None,
    };
    let (end, all) = longest(scan.bytes, first, true)?;
    if !abroad && is_compact_date(scan.text.get(at..end)?) {
        return None;
    }
    let digits = &all.digits[..all.count];
    let fits = (!digits.is_empty()) && stands_alone(scan.before(at), scan.after(end));
    fits.then(|| scan.push(at, end, What::Id(Kind::Phone)))
}

/// A number behind its name, in any grouping, with or without area.
pub(super) fn named(scan: &mut Scan<'_>, start: usize) -> Option<usize> {
    let (end, _) = longest(scan.bytes, start, false)?;
    let quotes = bare::quotes(scan, start, end);
    ends_here(scan.after(end)).then(|| scan.push_quoted(start, end, What::Id(Kind::Phone), quotes))
}

/// `(12) 20261122`: eight digits in one piece that begin with a century.
fn is_compact_date(found: &str) -> bool {
    let number = found.rsplit(')').next().unwrap_or("").trim();
    number.len() == 8 && (number.starts_with("19") || number.starts_with("20"))
}
