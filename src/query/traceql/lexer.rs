//! TraceQL's words.

use super::TraceQlError;
use crate::query::units;

/// A word.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// A name, scoped ones (`span:name`) with their scope.
    Name(String),
    /// An attribute: scope (`span`, `resource`, … or nothing) and name.
    Attribute(String, String),
    Text(String),
    Int(i64),
    Float(f64),
    Duration(i64),
    Sign(&'static str),
    End,
}

impl Token {
    /// As an error names it.
    pub(super) fn shown(&self) -> &str {
        match self {
            Self::Name(_) => "IDENTIFIER",
            Self::Attribute(..) => "ATTRIBUTE",
            Self::Text(_) => "STRING",
            Self::Int(_) => "INTEGER",
            Self::Float(_) => "FLOAT",
            Self::Duration(_) => "DURATION",
            Self::Sign(sign) => sign,
            Self::End => "$end",
        }
    }
}

/// Longer ones first.
const SIGNS: [&str; 38] = [
    "&>>", "&<<", "!>>", "!<<", "&>", "&<", "&~", "!>", "!<", "&&", "||", "!=", "!~", "=~", ">>", "<<", ">=",
    "<=", "=", ">", "<", "~", "!", "{", "}", "(", ")", "|", "+", "-", "*", "/", "%", "^", ",", "[", "]", ":",
];

/// Scopes of attributes.
const SCOPES: [&str; 6] = ["span", "resource", "parent", "event", "link", "instrumentation"];

/// An error at a byte offset.
pub(super) fn wrong(text: &str, at: usize, what: &str) -> TraceQlError {
    let (line, column) = units::place(text, at);
    TraceQlError::Parse(format!("invalid TraceQL query: parse error at line {line}, col {column}: {what}"))
}

/// Splits a query into words with their byte offsets; the last one is the end.
pub(super) fn lex(text: &str) -> Result<Vec<(Token, usize)>, TraceQlError> {
    let mut tokens = Vec::new();
    let mut at = 0;
    loop {
        let rest = text.get(at..).unwrap_or("");
        let Some(first) = rest.chars().next() else {
            tokens.push((Token::End, at));
            return Ok(tokens);
        };
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let digit = |c: char| c.is_ascii_digit();
        let (token, size) = if first == '"' || first == '`' {
            let (value, size) = units::quoted(rest)
                .ok_or_else(|| wrong(text, at, "literal not terminated or invalid escape"))?;
            (Token::Text(value), size)
        } else if digit(first) || (first == '.' && rest[1..].starts_with(digit)) {
            number(rest).ok_or_else(|| wrong(text, at, "no number or duration"))?
        } else if first == '.' {
            let (name, size) =
                attribute(&rest[1..]).ok_or_else(|| wrong(text, at, "an attribute without a name"))?;
            (Token::Attribute(String::new(), name), size + 1)
        } else if first.is_ascii_alphabetic() || first == '_' {
            let word = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
            let name = &rest[..word];
            let after = &rest[word..];
            if after.starts_with('.') && SCOPES.contains(&name) {
                let (attribute, size) =
                    attribute(&after[1..]).ok_or_else(|| wrong(text, at, "an attribute without a name"))?;
                (Token::Attribute(name.to_owned(), attribute), word + 1 + size)
            } else if after.starts_with(':') && (SCOPES.contains(&name) || name == "trace") {
                let more = after[1..].bytes().take_while(u8::is_ascii_alphanumeric).count();
                (Token::Name(rest[..word + 1 + more].to_owned()), word + 1 + more)
            } else {
                (Token::Name(name.to_owned()), word)
            }
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            (Token::Sign(sign), sign.len())
        } else {
            return Err(wrong(text, at, &format!("syntax error: unexpected character {first:?}")));
        };
        tokens.push((token, at));
        at += size;
    }
}

/// An attribute's name: parts may be quoted. Its bytes with it.
fn attribute(rest: &str) -> Option<(String, usize)> {
    let mut name = String::new();
    let mut at = 0;
    while let Some(c) = rest.get(at..)?.chars().next() {
        if c == '"' {
            let (part, size) = units::quoted(&rest[at..])?;
            name.push_str(&part);
            at += size;
        } else if c.is_whitespace() || "{}()=~!<>&|^,".contains(c) {
            break;
        } else {
            name.push(c);
            at += c.len_utf8();
        }
    }
    (!name.is_empty()).then_some((name, at))
}

fn number(rest: &str) -> Option<(Token, usize)> {
    let mut size = 0;
    for (at, c) in rest.char_indices() {
        let exponent = matches!(c, '+' | '-')
            && rest[..at].ends_with(['e', 'E'])
            && rest[at + 1..].starts_with(|next: char| next.is_ascii_digit());
        if !(c.is_ascii_alphanumeric() || matches!(c, '.' | 'µ' | 'μ') || exponent) {
            break;
        }
        size = at + c.len_utf8();
    }
    let word = &rest[..size];
    let float = || word.parse().ok().map(Token::Float);
    let duration = || units::duration(word).map(Token::Duration);
    let token = word.parse().ok().map(Token::Int).or_else(float).or_else(duration)?;
    Some((token, size))
}
