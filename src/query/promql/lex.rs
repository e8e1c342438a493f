//! Makes a query safe and exact for the parser.
//!
//! The parser accepts a newer language than Prometheus 2.42 and panics at some durations. So the text
//! is read here first, by 2.42's lexical rules: what is not of that version is refused in words, and
//! numbers, strings and durations are written again in the one form that cannot be misread. Length,
//! depth and number of operators are bounded, because the parser's tree is walked recursively.

use std::fmt::Write as _;

use super::QueryError;
use super::functions::NEWER;

/// Longest query in bytes.
pub(super) const MAX_LENGTH: usize = 65_536;
/// Most brackets open at once.
pub(super) const MAX_DEPTH: usize = 64;
/// Most operators in one query: a chain of them is as deep as it is long.
pub(super) const MAX_OPERATORS: usize = 256;
/// Longest duration: Go's, 292 years.
const MAX_DURATION_MS: u64 = 9_223_372_036_854;

/// The query as the parser shall see it.
pub(super) fn clean(query: &str) -> Result<String, QueryError> {
    if query.len() > MAX_LENGTH {
        return Err(bad(format!("query is longer than {MAX_LENGTH} bytes")));
    }
    let mut lexer = Lexer {
        text: query,
        at: 0,
        out: String::with_capacity(query.len()),
        open: Vec::new(),
        operators: 0,
        last: Last::Start,
    };
    while lexer.next()? {}
    match lexer.open.last() {
        None => Ok(lexer.out),
        Some(Open::Brace) => Err(lexer.error("unexpected end of input inside braces")),
        Some(_) => Err(lexer.error("unclosed left parenthesis")),
    }
}

fn bad(words: String) -> QueryError {
    QueryError::BadData(words)
}

/// What is open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Paren,
    /// Parentheses of a list of label names.
    Names,
    Brace,
}

/// The token before.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    Start,
    /// Something that ends an operand.
    Operand,
    /// A word that a list of label names follows.
    NamesWord,
    /// The modifier `offset`, with a sign or without.
    Offset,
    /// `=`, `!=`, `=~`, `!~`
    Match,
    Other,
}

struct Lexer<'q> {
    text: &'q str,
    at: usize,
    out: String,
    open: Vec<Open>,
    operators: usize,
    last: Last,
}

impl<'q> Lexer<'q> {
    fn rest(&self) -> &'q str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Takes characters while they fit.
    fn run(&mut self, fits: impl Fn(char) -> bool) -> &'q str {
        let rest = self.rest();
        let end = rest.find(|c| !fits(c)).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    fn error(&self, words: impl std::fmt::Display) -> QueryError {
        let before = self.text.get(..self.at).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        bad(format!("{line}:{column}: parse error: {words}"))
    }

    /// Reads one token; false at the end.
    fn next(&mut self) -> Result<bool, QueryError> {
        if !self.run(|c| matches!(c, ' ' | '\t' | '\n' | '\r')).is_empty() {
            self.out.push(' ');
        }
        let Some(c) = self.peek() else { return Ok(false) };
        if c == '#' {
            self.run(|c| c != '\n' && c != '\r');
            return Ok(true);
        }
        let inside_braces = self.open.last() == Some(&Open::Brace);
        self.last = match c {
            '"' | '\'' | '`' => self.string(c)?,
            _ if inside_braces => self.in_braces(c)?,
            '(' => {
                let kind = if self.last == Last::NamesWord { Open::Names } else { Open::Paren };
                self.open(kind, c)?
            }
            '{' => self.open(Open::Brace, c)?,
            ')' => {
                if self.open.pop().is_none() {
                    return Err(self.error("unexpected right parenthesis ')'"));
                }
                self.take(1);
                Last::Operand
            }
            '[' => self.range()?,
            ',' => self.take(1),
            '+' | '-' | '*' | '/' | '%' | '^' | '=' | '!' | '<' | '>' | '@' => self.operator(c)?,
            '0'..='9' | '.' => self.number()?,
            'a'..='z' | 'A'..='Z' | '_' | ':' => self.word()?,
            other => return Err(self.error(format_args!("unexpected character: {other:?}"))),
        };
        Ok(true)
    }

    /// Copies some bytes, which must be of whole characters.
    fn take(&mut self, bytes: usize) -> Last {
        self.out.push_str(self.rest().get(..bytes).unwrap_or(""));
        self.at += bytes;
        Last::Other
    }

    fn open(&mut self, kind: Open, c: char) -> Result<Last, QueryError> {
        self.open.push(kind);
        if self.open.len() > MAX_DEPTH {
            return Err(
                self.error(format_args!("more than {MAX_DEPTH} brackets are open; write the query flatter"))
            );
        }
        Ok(self.take(c.len_utf8()))
    }

    fn operator(&mut self, c: char) -> Result<Last, QueryError> {
        self.count_operator()?;
        let rest = self.rest();
        let two = ["==", "!=", "<=", ">="].iter().any(|op| rest.starts_with(op));
        if matches!(c, '=' | '!') && !two {
            return Err(self.error(format_args!("unexpected character after '{c}'")));
        }
        if self.last == Last::Offset {
            return match c {
                '-' => {
                    self.take(1);
                    Ok(Last::Offset)
                }
                _ => Err(self.error(format_args!("unexpected '{c}' in offset, expected duration"))),
            };
        }
        Ok(self.take(if two { 2 } else { 1 }))
    }

    fn count_operator(&mut self) -> Result<(), QueryError> {
        self.operators += 1;
        if self.operators > MAX_OPERATORS {
            return Err(self.error(format_args!("more than {MAX_OPERATORS} operators in one query")));
        }
        Ok(())
    }

    /// A word outside of braces: keyword, metric, function or label.
    fn word(&mut self) -> Result<Last, QueryError> {
        let word = self.run(|c| c.is_ascii_alphanumeric() || c == '_' || c == ':');
        let rest = self.rest().trim_start_matches([' ', '\t', '\n', '\r']);
        let called = rest.starts_with('(');
        let lower = word.to_ascii_lowercase();
        let in_names = self.open.last() == Some(&Open::Names);
        if called && !in_names {
            // `start()` and `end()` stand after `@`, where 2.42 has them too.
            let after_at = self.out.trim_end().ends_with('@');
            if NEWER.contains(&word) && !after_at
                || lower == "fill"
                || lower == "fill_left"
                || lower == "fill_right"
            {
                return Err(QueryError::Unsupported(format!("`{word}`")));
            }
            if word == "holt_winters" {
                // The parser knows it by its later name only.
                self.out.push_str("double_exponential_smoothing");
                return Ok(Last::Other);
            }
        }
        if !called && !in_names && matches!(&*lower, "step" | "smoothed" | "anchored") {
            return Err(QueryError::Unsupported(format!("a metric or modifier `{word}`")));
        }
        self.out.push_str(word);
        if in_names {
            return Ok(Last::Operand);
        }
        Ok(match &*lower {
            "offset" if self.last == Last::Operand => Last::Offset,
            "by" | "without" | "on" | "ignoring" | "group_left" | "group_right" if called => Last::NamesWord,
            "and" | "or" | "unless" | "atan2" if self.last == Last::Operand => {
                self.count_operator()?;
                Last::Other
            }
            "bool" => Last::Other,
            _ => Last::Operand,
        })
    }

    fn in_braces(&mut self, c: char) -> Result<Last, QueryError> {
        match c {
            '}' => {
                self.open.pop();
                self.take(1);
                Ok(Last::Operand)
            }
            ',' => Ok(self.take(1)),
            '=' | '!' => {
                let rest = self.rest();
                let two = ["=~", "!=", "!~"].iter().any(|op| rest.starts_with(op));
                if c == '!' && !two {
                    return Err(self.error("unexpected character after '!' inside braces"));
                }
                self.take(if two { 2 } else { 1 });
                Ok(Last::Match)
            }
            'a'..='z' | 'A'..='Z' | '_' => {
                let word = self.run(|c| c.is_ascii_alphanumeric() || c == '_');
                self.out.push_str(word);
                if word.eq_ignore_ascii_case("or") && self.last == Last::Operand {
                    return Err(QueryError::Unsupported("`or` between matchers".to_owned()));
                }
                Ok(Last::Other)
            }
            other => Err(self.error(format_args!("unexpected character inside braces: {other:?}"))),
        }
    }

    /// A number or, after `offset`, a duration.
    fn number(&mut self) -> Result<Last, QueryError> {
        if self.last == Last::Offset {
            return self.duration();
        }
        let rest = self.rest();
        let bytes = rest.as_bytes();
        let hex = bytes.first() == Some(&b'0') && matches!(bytes.get(1), Some(b'x' | b'X'));
        let mut end = if hex { 2 } else { 0 };
        let digits = |mut from: usize| {
            while bytes
                .get(from)
                .is_some_and(|b| if hex { b.is_ascii_hexdigit() } else { b.is_ascii_digit() })
            {
                from += 1;
            }
            from
        };
        end = digits(end);
        if bytes.get(end) == Some(&b'.') {
            end = digits(end + 1);
        }
        if matches!(bytes.get(end), Some(b'e' | b'E')) {
            end += 1;
            if matches!(bytes.get(end), Some(b'+' | b'-')) {
                end += 1;
            }
            while bytes.get(end).is_some_and(u8::is_ascii_digit) {
                end += 1;
            }
        }
        let text = rest.get(..end).unwrap_or("");
        if bytes.get(end).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_') {
            return Err(self.error(format_args!("bad number or duration syntax: {text:?}")));
        }
        let value =
            parse_number(text).ok_or_else(|| self.error(format_args!("error parsing number: {text:?}")))?;
        self.at += end;
        // Always with a point or an exponent: a leading zero would be read as octal.
        let _ = write!(self.out, "{value:?}");
        Ok(Last::Operand)
    }

    /// `[range]` or `[range:step]`, whole.
    fn range(&mut self) -> Result<Last, QueryError> {
        self.take(1);
        self.blank();
        self.duration()?;
        self.blank();
        if self.peek() == Some(':') {
            self.take(1);
            self.blank();
            if self.peek() != Some(']') {
                self.duration()?;
                self.blank();
            }
        }
        match self.peek() {
            Some(']') => {
                self.take(1);
                Ok(Last::Operand)
            }
            Some(other) => Err(self.error(format_args!("unexpected character inside brackets: {other:?}"))),
            None => Err(self.error("unclosed left bracket")),
        }
    }

    fn blank(&mut self) {
        self.run(|c| matches!(c, ' ' | '\t' | '\n' | '\r'));
    }

    fn duration(&mut self) -> Result<Last, QueryError> {
        let text = self.run(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.');
        let ms = parse_duration(text).map_err(|words| self.error(words))?;
        // In units of which none can overflow the parser's 32 bits.
        let (days, seconds, rest) = (ms / 86_400_000, ms / 1000 % 86_400, ms % 1000);
        let _ = write!(self.out, "{days}d{seconds}s{rest}ms");
        Ok(Last::Operand)
    }

    fn string(&mut self, quote: char) -> Result<Last, QueryError> {
        let names = matches!(self.open.last(), Some(Open::Names));
        if names || (self.open.last() == Some(&Open::Brace) && self.last != Last::Match) {
            return Err(QueryError::Unsupported("a label name in quotes".to_owned()));
        }
        let inner = self.rest().get(1..).unwrap_or("");
        let (value, length) = unquote(inner, quote)
            .ok_or_else(|| self.error("unterminated quoted string or unknown escape sequence"))?;
        self.at += 1 + length;
        self.out.push('"');
        for c in value.chars() {
            match c {
                '\\' => self.out.push_str("\\\\"),
                '"' => self.out.push_str("\\\""),
                '\n' => self.out.push_str("\\n"),
                other => self.out.push(other),
            }
        }
        self.out.push('"');
        Ok(Last::Operand)
    }
}

/// A number as Go's `strconv` reads it: an integer with its prefix (`0x`, or `0` for octal), else a
/// decimal fraction.
fn parse_number(text: &str) -> Option<f64> {
    if let Some(hex) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        return i64::from_str_radix(hex, 16).ok().map(|n| n as f64);
    }
    let octal = text.strip_prefix('0').filter(|rest| rest.bytes().all(|b| b.is_ascii_digit()));
    if let Some(Ok(octal)) = octal.map(|digits| i64::from_str_radix(digits, 8)) {
        return Some(octal as f64);
    }
    text.parse::<f64>().ok().filter(|n| n.is_finite())
}

/// A duration such as `1h30m` in milliseconds: units from the largest to the smallest, each once, and
/// not zero altogether.
fn parse_duration(text: &str) -> Result<u64, String> {
    const UNITS: [(&str, u64); 7] = [
        ("y", 31_536_000_000),
        ("w", 604_800_000),
        ("d", 86_400_000),
        ("h", 3_600_000),
        ("m", 60_000),
        ("s", 1000),
        ("ms", 1),
    ];
    let wrong = || format!("bad duration syntax: {text:?}, expected such as 5m or 1h30m");
    let (mut rest, mut total, mut from) = (text, 0_u64, 0);
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).filter(|at| *at > 0).ok_or_else(wrong)?;
        let (number, after) = rest.split_at(digits);
        let unit_length = after.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(after.len());
        let (unit, after) = after.split_at(unit_length);
        let place =
            UNITS.iter().position(|(name, _)| *name == unit).filter(|at| *at >= from).ok_or_else(wrong)?;
        let ms = number.parse::<u64>().ok().and_then(|n| n.checked_mul(UNITS[place].1));
        total = ms
            .and_then(|ms| total.checked_add(ms))
            .filter(|ms| *ms <= MAX_DURATION_MS)
            .ok_or("duration out of range")?;
        (rest, from) = (after, place + 1);
    }
    if text.is_empty() {
        return Err("missing duration".to_owned());
    }
    if total == 0 {
        return Err("duration must be greater than 0".to_owned());
    }
    Ok(total)
}

/// The value of a quoted string and how many bytes it takes, the closing quote included; `None` where
/// it does not end or an escape is not one of Go's.
fn unquote(text: &str, quote: char) -> Option<(String, usize)> {
    let mut value = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            c if c == quote => return Some((value, at + c.len_utf8())),
            '\n' if quote != '`' => return None,
            '\\' if quote != '`' => {
                let (_, escape) = chars.next()?;
                let mut number = |digits: usize, radix: u32, first: u32| {
                    (0..digits)
                        .try_fold(first, |value, _| Some(value * radix + chars.next()?.1.to_digit(radix)?))
                };
                value.push(match escape {
                    'a' => '\x07',
                    'b' => '\x08',
                    'f' => '\x0c',
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    'v' => '\x0b',
                    '\\' => '\\',
                    // Single bytes above 127 would not be text.
                    'x' => char::from_u32(number(2, 16, 0)?).filter(char::is_ascii)?,
                    'u' => char::from_u32(number(4, 16, 0)?)?,
                    'U' => char::from_u32(number(8, 16, 0)?)?,
                    '0'..='7' => char::from_u32(number(2, 8, escape.to_digit(8)?)?).filter(char::is_ascii)?,
                    c if c == quote => c,
                    _ => return None,
                });
            }
            other => value.push(other),
        }
    }
    None
}
