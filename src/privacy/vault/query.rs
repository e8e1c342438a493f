//! Puts raw values where marks stand in a query.

use std::ops::Range;

use zeroize::Zeroizing;

use super::lex::{Kind, Token, lex};
use super::literal::{escape, fits_backticks, quote_meta, unescape};
use super::{OpenedValue, Unopened};
use crate::model::Language;
use crate::privacy::Sealed;
use crate::privacy::pseudonym::mark_at;
use crate::privacy::sealed::unseal;

/// Raw values of `label:pseudonym`.
pub(super) type Known<'k> = &'k dyn Fn(&str) -> Vec<Sealed<Box<str>>>;

/// How the server reads a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// As it is, compared by this operator, which has a twin for regular expressions.
    Exact(&'static str),
    /// As a regular expression.
    Regex,
    /// As a pattern (`|>`): as it is, but for `<_>`.
    Pattern,
    /// As it is, for something that has no other form.
    Plain,
}

/// Each operator that compares with a text as it is, and its twin.
const TWINS: [(&str, &str); 3] = [("=", "=~"), ("!=", "!~"), ("|=", "|~")];

/// Stages of LogQL in which `=` names a new label rather than comparing one.
const NAMING: [&str; 5] = ["label_format", "json", "logfmt", "line_format", "unpack"];

/// Strings that a pattern filter may grow to.
const MOST_STRINGS: usize = 64;

/// The query with raw values; `None` where it holds no mark.
pub(super) fn open(
    language: Language,
    query: &str,
    known: Known<'_>,
) -> Result<Option<Zeroizing<String>>, Unopened> {
    let tokens = lex(language, query)?;
    let mut edits: Vec<(Range<usize>, Zeroizing<String>)> = Vec::new();
    let mut context = Context { language, query, calls: Vec::new(), stage: "" };
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let Kind::Text(_) = token.kind else {
            context.pass(&tokens, at);
            at += 1;
            continue;
        };
        let role = context.role(&tokens, at);
        let operator = at.checked_sub(1).map(|before| tokens[before].at.clone());
        let strings = context.alternatives(&tokens, at, role);
        at = strings.last().map_or(at, |last| *last) + 1;
        let strings: Vec<Text<'_>> =
            strings.into_iter().map(|at| Text::new(query, &tokens[at], known)).collect::<Result<_, _>>()?;
        if strings.iter().all(|text| text.pieces.is_empty()) {
            continue;
        }
        match (role, strings.iter().find_map(Text::several)) {
            (Role::Exact(twin), Some(_)) => {
                edits.extend(operator.map(|place| (place, Zeroizing::new(twin.to_owned()))));
                for text in &strings {
                    edits.push((text.at.clone(), text.as_expression()?));
                }
            }
            (Role::Pattern, Some(_)) => {
                for text in &strings {
                    edits.push((text.at.clone(), text.as_many()?));
                }
            }
            (Role::Plain, Some(mark)) => return Err(Unopened::Several(mark.into())),
            _ => {
                for text in strings.iter().filter(|text| !text.pieces.is_empty()) {
                    edits.push((text.at.clone(), text.opened(role == Role::Regex)));
                }
            }
        }
    }
    if edits.is_empty() {
        return Ok(None);
    }
    let length = query.len() + edits.iter().map(|(_, text)| text.len()).sum::<usize>();
    let mut out = Zeroizing::new(String::with_capacity(length));
    let mut copied = 0;
    for (place, text) in &edits {
        out.push_str(&query[copied..place.start]);
        out.push_str(text);
        copied = place.end;
    }
    out.push_str(&query[copied..]);
    Ok(Some(out))
}

/// The value of a matcher with raw values.
pub(super) fn open_value(value: &str, is_regex: bool, known: Known<'_>) -> Result<OpenedValue, Unopened> {
    let pieces = pieces(value, known)?;
    let text = Text { at: 0..value.len(), quote: b'`', inner: value, pieces };
    let becomes = !is_regex && text.several().is_some();
    let mut out = Zeroizing::new(String::with_capacity(value.len() * 2));
    for (part, piece) in text.parts() {
        if becomes {
            quote_meta(part, &mut out);
        } else {
            out.push_str(part);
        }
        if let Some(piece) = piece {
            out.push_str(&if is_regex || becomes { any(piece) } else { first(piece) });
        }
    }
    Ok(OpenedValue { value: out, is_regex: is_regex || becomes })
}

/// The marks of a text, each with what stands behind it.
fn pieces<'q>(inner: &'q str, known: Known<'_>) -> Result<Vec<Piece<'q>>, Unopened> {
    let mut pieces: Vec<Piece<'q>> = Vec::new();
    for (start, _) in inner.match_indices('‹') {
        let Some(end) = mark_at(inner.as_bytes(), start) else { continue };
        let mark = &inner[start..end];
        let raw = known(mark.trim_start_matches('‹').trim_end_matches('›'));
        if raw.is_empty() {
            return Err(Unopened::Unknown(mark.into()));
        }
        pieces.push(Piece { at: start..end, mark, raw });
    }
    Ok(pieces)
}

/// Where in the query the reading is.
struct Context<'q> {
    language: Language,
    query: &'q str,
    /// Open brackets: what is called, and the number of the argument.
    calls: Vec<(&'q str, usize)>,
    /// The name behind the last `|`.
    stage: &'q str,
}

impl<'q> Context<'q> {
    fn word(&self, tokens: &[Token], at: Option<usize>) -> &'q str {
        at.and_then(|at| tokens.get(at)).map_or("", |token| &self.query[token.at.clone()])
    }

    fn pass(&mut self, tokens: &[Token], at: usize) {
        let before = at.checked_sub(1);
        match self.word(tokens, Some(at)) {
            "(" | "{" | "[" => {
                let called = before.filter(|at| tokens[*at].kind == Kind::Name);
                self.calls.push((self.word(tokens, called), 0));
            }
            ")" | "}" | "]" => {
                self.calls.pop();
                self.stage = "";
            }
            "," => {
                if let Some((_, argument)) = self.calls.last_mut() {
                    *argument += 1;
                }
            }
            "|" => {
                let next = tokens.get(at + 1).filter(|token| token.kind == Kind::Name);
                self.stage = next.map_or("", |token| &self.query[token.at.clone()]);
            }
            "|=" | "|~" | "|>" | "!>" => self.stage = "",
            _ => {}
        }
    }

    fn role(&self, tokens: &[Token], at: usize) -> Role {
        let before = at.checked_sub(1);
        match self.word(tokens, before) {
            "=" if NAMING.contains(&self.stage) && self.language == Language::LogQl => Role::Plain,
            "=~" | "!~" | "|~" => Role::Regex,
            "|>" | "!>" if self.language == Language::LogQl => Role::Pattern,
            "regexp" if self.language == Language::LogQl => Role::Regex,
            "," if self.calls.last() == Some(&("label_replace", 4)) => Role::Regex,
            operator => TWINS
                .iter()
                .find(|(exact, _)| *exact == operator)
                .map_or(Role::Plain, |(_, twin)| Role::Exact(twin)),
        }
    }

    /// Places of the string at `at` and, in a line filter of LogQL, of those that `or` adds.
    fn alternatives(&self, tokens: &[Token], at: usize, role: Role) -> Vec<usize> {
        let mut all = vec![at];
        if self.language != Language::LogQl || role == Role::Plain {
            return all;
        }
        let mut at = at;
        while self.word(tokens, Some(at + 1)) == "or"
            && tokens.get(at + 2).is_some_and(|token| matches!(token.kind, Kind::Text(_)))
        {
            at += 2;
            all.push(at);
        }
        all
    }
}

/// A string of the query with its marks.
struct Text<'q> {
    /// With quotes.
    at: Range<usize>,
    quote: u8,
    inner: &'q str,
    pieces: Vec<Piece<'q>>,
}

/// A mark within a string.
struct Piece<'q> {
    /// Within the string's inside.
    at: Range<usize>,
    mark: &'q str,
    raw: Vec<Sealed<Box<str>>>,
}

impl<'q> Text<'q> {
    fn new(query: &'q str, token: &Token, known: Known<'_>) -> Result<Self, Unopened> {
        let Kind::Text(quote) = token.kind else { return Err(Unopened::Outside(Box::default())) };
        let inner = &query[token.at.start + 1..token.at.end - 1];
        let pieces = pieces(inner, known)?;
        Ok(Self { at: token.at.clone(), quote, inner, pieces })
    }

    /// A mark of it that stands for several spellings.
    fn several(&self) -> Option<&'q str> {
        self.pieces.iter().find(|piece| piece.raw.len() > 1).map(|piece| piece.mark)
    }

    /// The parts between its marks, and each mark behind its part; the last part has none.
    fn parts(&self) -> impl Iterator<Item = (&'q str, Option<&Piece<'q>>)> {
        let starts = std::iter::once(0).chain(self.pieces.iter().map(|piece| piece.at.end));
        let ends = self.pieces.iter().map(|piece| piece.at.start).chain([self.inner.len()]);
        let pieces = self.pieces.iter().map(Some).chain([None]);
        starts.zip(ends).zip(pieces).map(|((start, end), piece)| (&self.inner[start..end], piece))
    }

    /// The string with its quotes and raw values.
    fn opened(&self, is_regex: bool) -> Zeroizing<String> {
        let values: Vec<Zeroizing<String>> =
            self.pieces.iter().map(|piece| if is_regex { any(piece) } else { first(piece) }).collect();
        // Other quotes only where it must be: the rest of the string then has to be written anew.
        let fits = self.quote != b'`' || values.iter().all(|value| fits_backticks(value));
        let quote = if fits { self.quote } else { b'"' };
        let mut out = Zeroizing::new(String::with_capacity(self.inner.len() * 2 + 256));
        out.push(char::from(quote));
        for (at, (part, _)) in self.parts().enumerate() {
            if fits {
                out.push_str(part);
            } else {
                escape(&part.replace('\r', ""), quote, &mut out);
            }
            if let Some(value) = values.get(at) {
                escape(value, quote, &mut out);
            }
        }
        out.push(char::from(quote));
        out
    }

    /// A string with an expression that matches what this string is, in any of its spellings.
    fn as_expression(&self) -> Result<Zeroizing<String>, Unopened> {
        let mut expression = Zeroizing::new(String::new());
        for (part, piece) in self.parts() {
            let plain = unescape(part, self.quote).ok_or_else(|| self.unreadable())?;
            quote_meta(&plain, &mut expression);
            if let Some(piece) = piece {
                expression.push_str(&any(piece));
            }
        }
        let mut out = Zeroizing::new(String::with_capacity(expression.len() * 2 + 2));
        out.push('"');
        escape(&expression, b'"', &mut out);
        out.push('"');
        Ok(out)
    }

    /// A string for each combination of spellings, joined by `or`.
    fn as_many(&self) -> Result<Zeroizing<String>, Unopened> {
        let mut all = vec![Zeroizing::new(String::new())];
        for (part, piece) in self.parts() {
            let plain = unescape(part, self.quote).ok_or_else(|| self.unreadable())?;
            let spellings: Vec<&str> = match piece {
                Some(piece) => piece.raw.iter().map(|raw| &**unseal::open(raw)).collect(),
                None => vec![""],
            };
            if all.len() * spellings.len() > MOST_STRINGS {
                return Err(self.unreadable());
            }
            let longer = |head: &Zeroizing<String>| {
                let head = head.clone();
                let plain = plain.clone();
                spellings.iter().map(move |raw| Zeroizing::new([&**head, &**plain, raw].concat()))
            };
            all = all.iter().flat_map(longer).collect();
        }
        let mut out = Zeroizing::new(String::new());
        for (at, text) in all.iter().enumerate() {
            out.push_str(if at == 0 { "\"" } else { " or \"" });
            escape(text, b'"', &mut out);
            out.push('"');
        }
        Ok(out)
    }

    fn unreadable(&self) -> Unopened {
        Unopened::Several(self.several().or(self.pieces.first().map(|piece| piece.mark)).unwrap_or("").into())
    }
}

fn first(piece: &Piece<'_>) -> Zeroizing<String> {
    let raw = piece.raw.first().map_or("", |raw| &**unseal::open(raw));
    Zeroizing::new(raw.to_owned())
}

/// An expression for all spellings.
fn any(piece: &Piece<'_>) -> Zeroizing<String> {
    let mut out = Zeroizing::new(String::new());
    let several = piece.raw.len() > 1;
    for (at, raw) in piece.raw.iter().enumerate() {
        if several {
            out.push_str(if at == 0 { "(?:" } else { "|" });
        }
        quote_meta(unseal::open(raw).as_ref(), &mut out);
    }
    if several {
        out.push(')');
    }
    out
}
