//! LogQL's words.

use super::LogQlError;
use crate::query::units;

/// A word.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// A name or keyword.
    Name(String),
    /// A string, unquoted.
    Text(String),
    /// A number.
    Number(f64),
    /// Nanoseconds.
    Duration(i64),
    /// Bytes.
    Bytes(f64),
    /// An operator or bracket.
    Sign(&'static str),
    /// The end.
    End,
}

impl Token {
    /// As an error names it.
    pub(super) fn shown(&self) -> &str {
        match self {
            Self::Name(_) => "IDENTIFIER",
            Self::Text(_) => "STRING",
            Self::Number(_) => "NUMBER",
            Self::Duration(_) => "DURATION",
            Self::Bytes(_) => "BYTES",
            Self::Sign(sign) => sign,
            Self::End => "$end",
        }
    }
}

/// Longer ones first.
const SIGNS: [&str; 29] = [
    "|=", "|~", "|>", "!=", "!~", "!>", "=~", "==", ">=", "<=", "=", ">", "<", "|", "{", "}", "(", ")", "[",
    "]", ",", "+", "-", "*", "/", "%", "^", ".", "@",
];

/// An error at a byte offset.
pub(super) fn wrong(text: &str, at: usize, what: &str) -> LogQlError {
    let (line, column) = units::place(text, at);
    LogQlError::Parse(format!("parse error at line {line}, col {column}: {what}"))
}

/// Splits a query into words with their byte offsets; the last one is the end.
pub(super) fn lex(text: &str) -> Result<Vec<(Token, usize)>, LogQlError> {
    let mut tokens = Vec::new();
    let mut at = 0;
    loop {
        let rest = text.get(at..).unwrap_or("");
        let Some(first) = rest.chars().next() else {
            tokens.push((Token::End, at));
            return Ok(tokens);
        };
        let size = if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        } else if first == '#' {
            at += rest.find('\n').unwrap_or(rest.len());
            continue;
        } else if first == '"' || first == '`' {
            let (value, size) = units::quoted(rest)
                .ok_or_else(|| wrong(text, at, "literal not terminated or invalid escape"))?;
            tokens.push((Token::Text(value), at));
            size
        } else if first.is_ascii_digit()
            || (first == '.' && rest[1..].starts_with(|c: char| c.is_ascii_digit()))
        {
            let size = number_end(rest);
            let word = &rest[..size];
            let token = if let Ok(number) = word.parse() {
                Token::Number(number)
            } else if let Some(ns) = units::duration(word) {
                Token::Duration(ns)
            } else if let Some(bytes) = units::bytes(word) {
                Token::Bytes(bytes)
            } else {
                return Err(wrong(text, at, &format!("`{word}` is no number, duration or size")));
            };
            tokens.push((token, at));
            size
        } else if first.is_ascii_alphabetic() || first == '_' {
            let size = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
            tokens.push((Token::Name(rest[..size].to_owned()), at));
            size
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            tokens.push((Token::Sign(sign), at));
            sign.len()
        } else {
            return Err(wrong(text, at, &format!("syntax error: unexpected character {first:?}")));
        };
        at += size;
    }
}

/// Where a number, duration or size ends: `1e-3` with its sign, `1h30m`, `5MiB`, `10µs`.
fn number_end(rest: &str) -> usize {
    let mut end = 0;
    for (at, c) in rest.char_indices() {
        let exponent = matches!(c, '+' | '-')
            && rest[..at].ends_with(['e', 'E'])
            && rest[..at - 1].bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
            && rest[at + 1..].starts_with(|next: char| next.is_ascii_digit());
        if !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | 'µ' | 'μ') || exponent) {
            break;
        }
        end = at + c.len_utf8();
    }
    end
}
