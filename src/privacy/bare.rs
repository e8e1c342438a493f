//! Digits without punctuation. Check digits alone prove little: one in a hundred numbers of eleven digits is
//! a valid CPF by chance. So the context decides too, and what a machine counts, measures or numbers stays.

use super::check;
use super::edges::is_wordy;
use super::kind::Kind;
use super::machine;
use super::scan::{Scan, What};

/// The digits from `start` to `end`, where check digits and context make an identifier of them.
pub(super) fn proven(scan: &mut Scan<'_>, start: usize, end: usize) -> Option<usize> {
    let digits = &scan.bytes[start..end];
    let kind = match digits.len() {
        11 if check::cpf(digits) => Kind::Cpf,
        14 if check::cnpj(digits) && !is_date_and_time(digits) => Kind::Cnpj,
        15 if check::cns(digits) => Kind::Cns,
        13..=19 if check::card(digits) => Kind::Card,
        _ => return None,
    };
    let personal = matches!(kind, Kind::Cpf | Kind::Cns);
    if !is_plausible(scan, start, end) || machine::numbers(scan.bytes, start, end, personal) {
        return None;
    }
    let quotes = quotes(scan, start, end);
    Some(scan.push_quoted(start, end, What::Id(kind), quotes))
}

/// `20261122031207`: a moment without separators.
fn is_date_and_time(digits: &[u8]) -> bool {
    let two = |at: usize| (digits[at] - b'0') * 10 + (digits[at + 1] - b'0');
    matches!(two(0), 19 | 20)
        && (1..=12).contains(&two(4))
        && (1..=31).contains(&two(6))
        && two(8) < 24
        && two(10) < 60
        && two(12) < 61
}

/// Whether what stands directly beside leaves a number of its own: no word, fraction, time, version, id.
pub(super) fn is_plausible(scan: &Scan<'_>, start: usize, end: usize) -> bool {
    let before = &scan.text[..start];
    let mut back = before.chars().rev();
    let (first, second) = (back.next(), back.next());
    let left = match first {
        Some('n' | 't' | 'r') if second == Some('\\') => true,
        Some(c) if is_wordy(c) => false,
        // `patient-12345678909` is read as a word and a number, `3f-123…` is not.
        Some('-') => is_word(before.trim_end_matches('-').rsplit(|c: char| !is_wordy(c)).next()),
        Some('.' | '+' | '#' | '$' | '%' | '*' | '^' | '~' | '@' | '!') => false,
        Some(':' | ',') => !second.is_some_and(|c| c.is_ascii_digit()),
        _ => true,
    };
    let after = scan.after(end);
    let mut ahead = after.chars();
    let (first, second) = (ahead.next(), ahead.next());
    left && match first {
        Some(c) if is_wordy(c) => false,
        Some('-') => is_word(after[1..].split(|c: char| !is_wordy(c)).next()),
        Some('.' | ':' | ',') => !second.is_some_and(|c| c.is_ascii_digit()),
        Some('+' | '%' | '*' | '^' | '@' | '=') => false,
        _ => true,
    }
}

/// Letters alone, at least three: what a person would write beside a number.
fn is_word(piece: Option<&str>) -> bool {
    piece.is_some_and(|piece| piece.len() >= 3 && piece.chars().all(char::is_alphabetic))
}

/// Where a number of so many digits ends, through single separators; the longest that ends with a group.
pub(super) fn gathered(bytes: &[u8], start: usize, wanted: std::ops::RangeInclusive<usize>) -> Option<usize> {
    let (mut at, mut count, mut end) = (start, 0, None);
    while count <= *wanted.end() {
        let run = bytes[at..].iter().take(wanted.end() + 1).take_while(|b| b.is_ascii_digit()).count();
        at += run;
        count += run;
        if wanted.contains(&count) && !bytes.get(at).is_some_and(u8::is_ascii_digit) {
            end = Some(at);
        }
        match bytes.get(at..at + 2) {
            Some([b' ' | b'.' | b'-' | b'/', next]) if next.is_ascii_digit() => at += 1,
            _ => break,
        }
    }
    end
}

/// Where this is a bare number in JSON, the value of a key or an element of an array: how many backslashes the
/// quotes of its mark need.
pub(super) fn quotes(scan: &Scan<'_>, start: usize, end: usize) -> Option<usize> {
    let before = scan.bytes[..start].trim_ascii_end();
    let after = scan.bytes[end..].trim_ascii_start().first();
    match (before.last()?, after) {
        (b':', None | Some(b',' | b'}' | b']')) => depth_of_key(&before[..before.len() - 1]),
        (b'[' | b',', Some(b',' | b']')) => {
            let quotes = of_array(scan, before);
            scan.array.set(Some((start, quotes)));
            quotes
        }
        _ => None,
    }
}

/// The backslashes before the quote that ends a key, where one stands there.
fn depth_of_key(before: &[u8]) -> Option<usize> {
    let key = before.trim_ascii_end().strip_suffix(b"\"")?;
    Some(key.iter().rev().take_while(|b| **b == b'\\').count())
}

/// Farthest that the beginning of an array is looked for, beyond the last number that was found in it.
const ARRAY: usize = 8192;

/// Whether what ends with `[` or `,` is the beginning of a JSON array: one that is the value of a key, or the
/// whole text.
fn of_array(scan: &Scan<'_>, before: &[u8]) -> Option<usize> {
    let known = scan.array.get();
    let (mut level, mut quoted) = (0_usize, false);
    for (at, byte) in before.iter().enumerate().rev().take(ARRAY) {
        if level == 0 && !quoted && known.is_some_and(|(number, _)| number == at) {
            return known?.1;
        }
        match byte {
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b']' | b'}' => level += 1,
            b'[' if level == 0 => {
                let outside = before[..at].trim_ascii_end();
                match outside.last() {
                    None => return scan.text.trim_ascii_end().ends_with(']').then_some(0),
                    Some(b':') => return depth_of_key(&outside[..outside.len() - 1]),
                    // An array within an array.
                    Some(b'[' | b',') => {}
                    // The whole of a string: its quotes are escaped once more than that one's.
                    Some(b'"') => {
                        let key = outside[..outside.len() - 1].trim_ascii_end();
                        let slashes = key.iter().rev().take_while(|b| **b == b'\\').count();
                        let key = key[..key.len() - slashes].trim_ascii_end();
                        return key.ends_with(b":").then_some(2 * slashes + 1);
                    }
                    _ => return None,
                }
            }
            b'{' if level == 0 => return None,
            b'[' | b'{' => level -= 1,
            _ => {}
        }
    }
    None
}
