//! Removes what could drive the operator's terminal or fool the reader's eye.
//!
//! Sequences are those of ECMA-48 in 7-bit and 8-bit form. A control string (OSC, DCS, SOS, PM,
//! APC) without its end loses only its introducer: hiding all the rest of a message would let
//! a hostile line swallow the evidence.

use std::borrow::Cow;

use super::invisible::is_unwanted;

/// Strips escape sequences, control characters, bidirectional and invisible characters; keeps line
/// feeds, tabs and all other Unicode. Carriage returns and Unicode line separators become line
/// feeds. Text with nothing to strip is borrowed.
pub fn clean(text: &str) -> Cow<'_, str> {
    // Nearly all text is printable ASCII: one pass over bytes decides.
    if is_printable(text.as_bytes()) || !text.chars().any(is_unwanted) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    strip(text, |c, _| out.push(c));
    Cow::Owned(out)
}

fn is_printable(bytes: &[u8]) -> bool {
    // Without a way out in the middle, so that many bytes are looked at in one step.
    let all = |piece: &[u8]| piece.iter().fold(true, |all, b| all & matches!(b, b' '..=b'~'));
    let (pieces, rest) = bytes.as_chunks::<64>();
    pieces.iter().all(|piece| all(piece)) && all(rest)
}

/// Gives each character that stays, with the offset of what it was.
fn strip(text: &str, mut push: impl FnMut(char, usize)) {
    let mut chars = text.chars();
    loop {
        let at = text.len() - chars.as_str().len();
        let Some(c) = chars.next() else { return };
        let rest = chars.as_str();
        let after = match c {
            '\u{1b}' => after_escape(rest),
            '\u{9b}' => after_csi(rest),
            '\u{9d}' => after_string(rest, true),
            '\u{90}' | '\u{98}' | '\u{9e}' | '\u{9f}' => after_string(rest, false),
            '\r' if rest.starts_with('\n') => rest,
            '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                push('\n', at);
                rest
            }
            other => {
                if !is_unwanted(other) {
                    push(other, at);
                }
                rest
            }
        };
        chars = after.chars();
    }
}

/// As [`clean`], on one line: each run of line feeds and tabs, with the spaces around it, becomes
/// one space; none stays at either end.
pub fn clean_line(text: &str) -> Cow<'_, str> {
    let cleaned = clean(text);
    if !cleaned.bytes().any(|b| matches!(b, b'\n' | b'\t')) {
        return cleaned;
    }
    let mut out = String::with_capacity(cleaned.len());
    join(&cleaned, |piece, _| out.push_str(piece));
    Cow::Owned(out)
}

/// Gives the pieces that one line is made of, with their offsets; a space between two has that of what follows.
fn join(cleaned: &str, mut push: impl FnMut(&str, usize)) {
    let mut at = 0;
    let mut is_first = true;
    for line in cleaned.split(['\n', '\t']) {
        let piece = line.trim_matches(' ');
        if !piece.is_empty() {
            let start = at + line.len() - line.trim_start_matches(' ').len();
            if !is_first {
                push(" ", start);
            }
            push(piece, start);
            is_first = false;
        }
        at += line.len() + 1;
    }
}

/// For each byte of what [`clean`] or, where `is_line`, [`clean_line`] makes of `text`: the offset of the
/// character that it was.
pub(super) fn places(text: &str, is_line: bool) -> Vec<usize> {
    let mut places = Vec::with_capacity(text.len());
    let mut cleaned = String::with_capacity(text.len());
    strip(text, |c, at| {
        cleaned.push(c);
        places.resize(cleaned.len(), at);
    });
    if !is_line || !cleaned.contains(['\n', '\t']) {
        return places;
    }
    let mut joined = Vec::with_capacity(places.len());
    join(&cleaned, |piece, at| joined.extend(places.iter().skip(at).take(piece.len())));
    joined
}

/// What follows the sequence that an ESC opened.
fn after_escape(rest: &str) -> &str {
    let mut chars = rest.chars();
    match chars.next() {
        Some('[') => after_csi(chars.as_str()),
        Some(']') => after_string(chars.as_str(), true),
        Some('P' | 'X' | '^' | '_') => after_string(chars.as_str(), false),
        // ESC, intermediates, final: character sets and the like.
        Some(' '..='/') => {
            let body = rest.trim_start_matches(|c| matches!(c, ' '..='/'));
            match body.chars().next() {
                Some('0'..='~') => &body[1..],
                _ => rest,
            }
        }
        Some('0'..='~') => chars.as_str(),
        _ => rest,
    }
}

/// CSI: parameters, intermediates, one final byte. A malformed one loses only its introducer.
fn after_csi(rest: &str) -> &str {
    let body =
        rest.trim_start_matches(|c| matches!(c, '0'..='?')).trim_start_matches(|c| matches!(c, ' '..='/'));
    match body.chars().next() {
        Some('@'..='~') => &body[1..],
        _ => rest,
    }
}

/// A control string up to its terminator: ST (`ESC \` or U+009C), for OSC also BEL. What cannot stand
/// inside one (a line feed, another escape) ends the search.
fn after_string(rest: &str, bell_ends: bool) -> &str {
    for (at, c) in rest.char_indices() {
        let after = &rest[at + c.len_utf8()..];
        match c {
            '\u{7}' if bell_ends => return after,
            '\u{9c}' => return after,
            '\u{1b}' => return after.strip_prefix('\\').unwrap_or(rest),
            '\n' | '\u{18}' | '\u{1a}' | '\u{80}'..='\u{9b}' | '\u{9d}'..='\u{9f}' => return rest,
            _ => {}
        }
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_knows_where_it_stood() {
        for text in
            ["a\u{200b}é\r\nb", " x\t\ty \u{1b}[1mz\n", "\u{1b}]0;t\u{7}ção\u{2028}", "", "\n\t", "a\rb"]
        {
            for is_line in [false, true] {
                let cleaned = if is_line { clean_line(text) } else { clean(text) };
                let places = places(text, is_line);
                assert_eq!(places.len(), cleaned.len(), "{text:?}");
                for (at, c) in cleaned.char_indices() {
                    let was = text[places[at]..].chars().next().expect("a character");
                    assert!(was == c || matches!(c, '\n' | ' '), "{text:?}: {was:?} became {c:?}");
                }
            }
        }
    }
}
