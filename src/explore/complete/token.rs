//! A tolerant reading of unfinished queries: tokens with their places, and what brackets hold.
//!
//! It refuses nothing. Whether a query is right is the server's to say.

use std::ops::Range;

/// How a language is written.
#[derive(Debug)]
pub(super) struct Rules {
    /// Characters that open and close texts; the grave accent takes no escapes.
    pub quotes: &'static [char],
    /// Signs of more than one character, longest first.
    pub signs: &'static [&'static str],
    /// What a comment begins with.
    pub comment: &'static str,
    /// Whether a character can begin a word.
    pub begins: fn(char) -> bool,
    /// Whether it can go on with one.
    pub goes_on: fn(char) -> bool,
    /// Whether a text in quotes can be a part of a word, after a dot: `span."a b"`.
    pub quoted_words: bool,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    Word,
    /// A number or a duration.
    Number,
    /// A text in quotes; whether it ends.
    Text(char, bool),
    Sign,
    Comma,
    Open(char),
    Close(char),
    Comment,
    /// Brackets with what is in them.
    Group(char),
}

/// A token, or a pair of brackets with what is in them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token<'t> {
    pub what: What,
    pub text: &'t str,
    pub start: usize,
    pub end: usize,
}

impl<'t> Token<'t> {
    pub fn is_word(&self, word: &str) -> bool {
        self.what == What::Word && self.text.eq_ignore_ascii_case(word)
    }

    pub fn is_sign(&self, sign: &str) -> bool {
        self.what == What::Sign && self.text == sign
    }

    /// The name that it stands for: a word, or what a text in quotes holds.
    pub fn name(&self) -> Option<&'t str> {
        match self.what {
            What::Word => Some(self.text),
            What::Text(quote, true) => self.text.strip_prefix(quote)?.strip_suffix(quote),
            _ => None,
        }
    }
}

/// The end of a text in quotes that begins at `start` with its quote, and whether it has one.
fn text_end(text: &str, start: usize, quote: char) -> (usize, bool) {
    let mut escaped = false;
    for (at, c) in text[start + quote.len_utf8()..].char_indices() {
        let at = start + quote.len_utf8() + at;
        if escaped {
            escaped = false;
        } else if c == '\\' && quote != '`' {
            escaped = true;
        } else if c == quote {
            return (at + c.len_utf8(), true);
        }
    }
    (text.len(), false)
}

/// Every token of a text.
pub(super) fn tokens<'t>(text: &'t str, rules: &Rules) -> Vec<Token<'t>> {
    let mut found = Vec::new();
    let mut start = 0;
    while let Some(c) = text[start..].chars().next() {
        let rest = &text[start..];
        let run = |fits: &dyn Fn(char) -> bool| {
            rest.char_indices().find(|(_, c)| !fits(*c)).map_or(text.len(), |(at, _)| start + at)
        };
        let (what, end) = if c.is_whitespace() {
            start = run(&char::is_whitespace);
            continue;
        } else if rest.starts_with(rules.comment) {
            (What::Comment, run(&|c| c != '\n'))
        } else if rules.quotes.contains(&c) {
            let (end, closed) = text_end(text, start, c);
            (What::Text(c, closed), end)
        } else if c.is_ascii_digit() || c == '.' && rest[1..].starts_with(|c: char| c.is_ascii_digit()) {
            (What::Number, run(&|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | 'µ')))
        } else if (rules.begins)(c) {
            (What::Word, word_end(text, start, rules))
        } else if let Some(sign) = rules.signs.iter().find(|sign| rest.starts_with(**sign)) {
            (What::Sign, start + sign.len())
        } else {
            let what = match c {
                '(' | '[' | '{' => What::Open(c),
                ')' | ']' | '}' => What::Close(c),
                ',' => What::Comma,
                _ => What::Sign,
            };
            (what, start + c.len_utf8())
        };
        found.push(Token { what, text: &text[start..end], start, end });
        start = end;
    }
    found
}

/// The end of a word that begins at `start`, or that a cursor at `start` is in.
pub(super) fn word_end(text: &str, start: usize, rules: &Rules) -> usize {
    let mut at = start;
    while let Some(c) = text[at..].chars().next() {
        if (rules.goes_on)(c) {
            at += c.len_utf8();
        } else if rules.quoted_words && c == '"' && text[..at].ends_with('.') && at > start {
            at = text_end(text, at, c).0;
        } else {
            break;
        }
    }
    at
}

/// What stands right before the cursor and is not yet whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Partial {
    /// Nothing.
    None,
    /// A word; the bytes of all of it, behind the cursor too.
    Word(Range<usize>),
    /// A number or a duration, likewise.
    Number(Range<usize>),
    /// A text in quotes: the quote, the bytes of what it holds, and whether its end is behind the cursor.
    Text(char, Range<usize>, bool),
    /// A comment.
    Comment,
}

/// Brackets that are open at the cursor, or the text as a whole.
#[derive(Clone, Debug)]
pub(super) struct Frame<'t> {
    /// The bracket; a space for the text as a whole.
    pub open: char,
    /// Where it begins.
    pub start: usize,
    /// What stands in it before the cursor; what is in closed brackets is one.
    pub items: Vec<Token<'t>>,
}

impl<'t> Frame<'t> {
    /// What stands behind the last comma.
    pub fn part(&self) -> &[Token<'t>] {
        let from = self.items.iter().rposition(|one| one.what == What::Comma).map_or(0, |at| at + 1);
        &self.items[from..]
    }
}

/// A query as it stands before the cursor.
#[derive(Debug)]
pub(super) struct Before<'t> {
    pub text: &'t str,
    /// The cursor, in bytes.
    pub at: usize,
    pub partial: Partial,
    /// From the text as a whole to the innermost open bracket; never empty.
    pub frames: Vec<Frame<'t>>,
}

impl<'t> Before<'t> {
    pub fn of(text: &'t str, at: usize, rules: &Rules) -> Self {
        let mut tokens = tokens(&text[..at], rules);
        let last = tokens.last().copied().filter(|last| last.end == at);
        let partial = match last.map(|last| (last.what, last)) {
            Some((What::Word, last)) => Partial::Word(last.start..word_end(text, at, rules)),
            Some((What::Number, last)) => {
                let end =
                    text[at..].find(|c: char| !c.is_ascii_alphanumeric()).map_or(text.len(), |n| at + n);
                Partial::Number(last.start..end)
            }
            Some((What::Text(quote, false), last)) => {
                let inside = last.start + quote.len_utf8();
                match closes_at(text, at, quote, rules) {
                    Some(end) => Partial::Text(quote, inside..end, true),
                    None => Partial::Text(quote, inside..at, false),
                }
            }
            Some((What::Comment, _)) => Partial::Comment,
            _ => Partial::None,
        };
        if partial != Partial::None {
            tokens.pop();
        }
        Self { text, at, partial, frames: frames(text, &tokens) }
    }

    /// The innermost open bracket.
    pub fn top(&self) -> &Frame<'t> {
        // There is always the text as a whole.
        &self.frames[self.frames.len() - 1]
    }

    /// What stands right before the innermost open bracket.
    pub fn head(&self) -> Option<&Token<'t>> {
        self.frames.len().checked_sub(2).and_then(|at| self.frames[at].items.last())
    }

    /// What is typed of the word at the cursor, and the bytes of all of it.
    pub fn word(&self) -> (&'t str, Range<usize>) {
        match &self.partial {
            Partial::Word(range) | Partial::Number(range) => {
                (&self.text[range.start..self.at], range.clone())
            }
            Partial::Text(_, range, _) => (&self.text[range.start..self.at], range.clone()),
            Partial::None | Partial::Comment => ("", self.at..self.at),
        }
    }
}

/// Where the text in quotes ends that the cursor is in. The next quote is its end if what follows then has whole
/// texts alone; else the quote begins another text, and this one has no end yet.
fn closes_at(text: &str, at: usize, quote: char, rules: &Rules) -> Option<usize> {
    let mut escaped = false;
    let end = text[at..].char_indices().find_map(|(offset, c)| {
        let is_end = c == quote && !escaped;
        escaped = c == '\\' && quote != '`' && !escaped;
        is_end.then_some(at + offset)
    })?;
    let rest = tokens(&text[end + quote.len_utf8()..], rules);
    rest.iter().all(|one| !matches!(one.what, What::Text(_, false))).then_some(end)
}

/// Deals tokens to the brackets that hold them.
fn frames<'t>(text: &'t str, tokens: &[Token<'t>]) -> Vec<Frame<'t>> {
    let mut frames = vec![Frame { open: ' ', start: 0, items: Vec::new() }];
    for token in tokens {
        let depth = frames.len();
        match token.what {
            What::Comment => {}
            What::Open(open) => frames.push(Frame { open, start: token.start, items: Vec::new() }),
            What::Close(close) => {
                let opens = match close {
                    ')' => '(',
                    ']' => '[',
                    _ => '{',
                };
                // A bracket that nobody opened is left out; one that closes an outer one closes all within.
                if let Some(at) = frames.iter().rposition(|frame| frame.open == opens) {
                    let start = frames[at].start;
                    frames.truncate(at);
                    if let Some(outer) = frames.last_mut() {
                        let (text, end) = (&text[start..token.end], token.end);
                        outer.items.push(Token { what: What::Group(opens), text, start, end });
                    }
                }
            }
            _ => frames[depth - 1].items.push(*token),
        }
    }
    frames
}
