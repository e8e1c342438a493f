//! Words of a query, as far as putting values into strings needs them: strings, names, operators. Whatever is
//! none of these is passed over; the server judges the query.

use std::ops::Range;

use super::Unopened;
use crate::model::Language;
use crate::privacy::pseudonym::mark_at;

/// A word and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub kind: Kind,
    /// With quotes, for a string.
    pub at: Range<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name or keyword.
    Name,
    /// A string in these quotes.
    Text(u8),
    /// An operator, a bracket, anything else.
    Sign,
}

/// Operators of several characters that matter, longer ones first.
const SIGNS: [&str; 16] =
    ["|=", "|~", "|>", "!=", "!~", "!>", "=~", "==", ">=", "<=", ">>", "<<", "&&", "||", "=>", "::"];

/// Splits a query. Comments are passed over. A mark outside of a string, or in one that does not end, is an
/// error.
pub(super) fn lex(language: Language, query: &str) -> Result<Vec<Token>, Unopened> {
    let bytes = query.as_bytes();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let rest = &query[at..];
        if let Some(length) = comment(language, rest) {
            at += length;
            continue;
        }
        let is_quote = matches!(byte, b'"' | b'`') || *byte == b'\'' && language == Language::PromQl;
        let (kind, length) = match byte {
            quote if is_quote => match string(rest.as_bytes(), *quote) {
                Some(length) => (Kind::Text(*quote), length),
                None => return outside(query, at).map(|()| tokens),
            },
            b'_' | b'A'..=b'Z' | b'a'..=b'z' => {
                let is_part = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.');
                (Kind::Name, rest.bytes().position(|b| !is_part(&b)).unwrap_or(rest.len()))
            }
            b if b.is_ascii_whitespace() => {
                at += 1;
                continue;
            }
            _ => {
                if let Some(end) = mark_at(bytes, at) {
                    return Err(Unopened::Outside(query[at..end].into()));
                }
                let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign));
                let one = rest.chars().next().map_or(1, char::len_utf8);
                (Kind::Sign, sign.map_or(one, |sign| sign.len()))
            }
        };
        tokens.push(Token { kind, at: at..at + length });
        at += length;
    }
    Ok(tokens)
}

/// Length of the string with its quotes.
fn string(rest: &[u8], quote: u8) -> Option<usize> {
    let mut at = 1;
    loop {
        match *rest.get(at)? {
            b if b == quote => return Some(at + 1),
            b'\\' if quote != b'`' => at += 2,
            _ => at += 1,
        }
    }
}

fn comment(language: Language, rest: &str) -> Option<usize> {
    let line = || rest.find('\n').unwrap_or(rest.len());
    match language {
        Language::TraceQl if rest.starts_with("//") => Some(line()),
        Language::TraceQl if rest.starts_with("/*") => Some(rest.find("*/").map_or(rest.len(), |at| at + 2)),
        Language::LogQl | Language::PromQl if rest.starts_with('#') => Some(line()),
        _ => None,
    }
}

/// The first mark from `at` on, as an error.
fn outside(query: &str, at: usize) -> Result<(), Unopened> {
    let mut marks = query[at..].match_indices('‹').map(|(found, _)| at + found);
    match marks.find_map(|start| Some((start, mark_at(query.as_bytes(), start)?))) {
        Some((start, end)) => Err(Unopened::Outside(query[start..end].into())),
        None => Ok(()),
    }
}
