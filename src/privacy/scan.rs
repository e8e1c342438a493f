//! One pass over a text: what of it is somebody's identifier.
//!
//! The pass goes token by token. Words are asked only whether they end the name of a field or name a kind of
//! identifier; runs of digits whether a shape begins there. Everything else is stepped over, so that a usual
//! line costs about a nanosecond a byte.

use std::cell::Cell;

use super::bare;
use super::edges::is_wordy;
use super::fields::{self, Fields};
use super::kind::Kind;
use super::mail;
use super::names::{self, Names};
use super::phone;
use super::pseudonym::mark_at;
use super::shapes;

/// Something to mask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// First byte.
    pub start: usize,
    /// Behind the last byte.
    pub end: usize,
    /// What it is.
    pub what: What,
    /// A JSON value without quotes: the mark needs some to leave valid JSON, each behind so many backslashes.
    pub quotes: Option<usize>,
}

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// An identifier.
    Id(Kind),
    /// The value of a field, by its place in [`Fields`].
    Field(usize),
}

/// The state of a pass.
pub(super) struct Scan<'a> {
    pub text: &'a str,
    pub bytes: &'a [u8],
    pub fields: &'a Fields,
    /// Where each kind's name last ended.
    pub names: Names,
    /// Where the last find ended: nothing before is looked at again.
    pub done: usize,
    /// The last number that was looked at as an element of an array, and what was said of it.
    pub array: Cell<Option<(usize, Option<usize>)>>,
    found: Vec<Found>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Other,
    /// A letter, or any byte beyond ASCII but the first of a mark.
    Letter,
    Digit,
    At,
    Colon,
    Slash,
    Plus,
    Paren,
    /// The first byte of `‹` and of other punctuation.
    Mark,
}

static CLASSES: [Class; 256] = {
    let mut all = [Class::Other; 256];
    let mut at = 0;
    while at < 256 {
        all[at] = match at as u8 {
            0xe2 => Class::Mark,
            b'A'..=b'Z' | b'a'..=b'z' | 0x80.. => Class::Letter,
            b'0'..=b'9' => Class::Digit,
            b'@' => Class::At,
            b':' => Class::Colon,
            b'/' => Class::Slash,
            b'+' => Class::Plus,
            b'(' => Class::Paren,
            _ => Class::Other,
        };
        at += 1;
    }
    all
};

fn class(byte: u8) -> Class {
    CLASSES[usize::from(byte)]
}

fn end_of_letters(bytes: &[u8], at: usize) -> usize {
    let rest = &bytes[at..];
    at + rest.iter().position(|b| class(*b) != Class::Letter).unwrap_or(rest.len())
}

fn end_of_digits(bytes: &[u8], at: usize) -> usize {
    let rest = &bytes[at..];
    at + rest.iter().position(|b| !b.is_ascii_digit()).unwrap_or(rest.len())
}

/// Everything to mask, in order and without overlap.
pub(super) fn scan(text: &str, fields: &Fields) -> Vec<Found> {
    let mut scan = Scan {
        text,
        bytes: text.as_bytes(),
        fields,
        names: Names::default(),
        done: 0,
        array: Cell::new(None),
        found: Vec::new(),
    };
    scan.run();
    scan.found
}

impl<'a> Scan<'a> {
    fn run(&mut self) {
        let bytes = self.bytes;
        let mut at = 0;
        loop {
            // What means nothing comes in rows: `","`, `": {`.
            while let Some(byte) = bytes.get(at)
                && class(*byte) == Class::Other
            {
                at += 1;
            }
            let Some(byte) = bytes.get(at) else { return };
            at = match class(*byte) {
                // `«`, `、`: beyond ASCII, but no letter.
                Class::Letter if *byte >= 0x80 && !self.is_wordy_at(at) => at + self.length_at(at),
                Class::Letter => {
                    let end = end_of_letters(bytes, at);
                    if bytes.get(end).is_some_and(u8::is_ascii_digit) {
                        self.mixed(at, end)
                    } else {
                        self.word(at, end)
                    }
                }
                Class::Digit => {
                    let end = end_of_digits(bytes, at);
                    match bytes.get(end) {
                        Some(b) if class(*b) == Class::Letter && self.is_wordy_at(end) => self.mixed(at, at),
                        _ => self.digits(at, end, false),
                    }
                }
                Class::At => mail::at_sign(self, at).unwrap_or(at + 1),
                Class::Colon if bytes[at..].starts_with(b"://") => {
                    mail::credentials(self, at + 3).unwrap_or(at + 3)
                }
                Class::Slash => shapes::cnpj_around_slash(self, at).unwrap_or(at + 1),
                Class::Plus | Class::Paren => phone::opened(self, at).unwrap_or(at + 1),
                // All that begins so has three bytes.
                Class::Mark => mark_at(bytes, at).unwrap_or(at + 3),
                Class::Other | Class::Colon => at + 1,
            };
        }
    }

    fn is_wordy_at(&self, at: usize) -> bool {
        match self.bytes.get(at) {
            Some(b) if *b < 0x80 => b.is_ascii_alphanumeric() || *b == b'_',
            _ => self.after(at).starts_with(is_wordy),
        }
    }

    /// Bytes of the character at `at`.
    fn length_at(&self, at: usize) -> usize {
        self.after(at).chars().next().map_or(1, char::len_utf8)
    }

    /// Notes a find; gives where to go on.
    pub fn push(&mut self, start: usize, end: usize, what: What) -> usize {
        self.push_quoted(start, end, what, None)
    }

    pub fn push_quoted(&mut self, start: usize, end: usize, what: What, quotes: Option<usize>) -> usize {
        self.found.push(Found { start, end, what, quotes });
        self.done = end;
        end
    }

    /// A run of letters.
    fn word(&mut self, start: usize, end: usize) -> usize {
        if let Some(next) = fields::value_of_key(self, end) {
            return next;
        }
        let start = self.behind_escape(start);
        names::note(&mut self.names, &self.bytes[start..end], start);
        end
    }

    /// `\n` before a word, in text that stands escaped in JSON, is no part of the word.
    pub fn behind_escape(&self, start: usize) -> usize {
        let escape = start > 0
            && self.bytes[start - 1] == b'\\'
            && matches!(self.bytes[start], b'n' | b't' | b'r' | b'b' | b'f');
        start + usize::from(escape)
    }

    /// Letters and digits in one piece: an id, a unit, a version. `letters` is where the letters at its
    /// beginning end.
    fn mixed(&mut self, start: usize, letters: usize) -> usize {
        let rest = &self.bytes[start..];
        let length = rest
            .iter()
            .position(|b| !matches!(class(*b), Class::Letter | Class::Digit))
            .unwrap_or(rest.len());
        let end = start + length;
        if let Some(next) = fields::value_of_key(self, end) {
            return next;
        }
        let tail = rest[..length].iter().rev().take_while(|b| b.is_ascii_digit()).count();
        if tail == 0 {
            return shapes::bare_cnpj(self, start, end).unwrap_or(end);
        }
        let digits = end - tail;
        if self.before(digits).chars().next_back().is_some_and(|c| !is_wordy(c)) {
            return self.digits(digits, end, false);
        }
        let word = self.behind_escape(start);
        if letters == digits {
            if word == digits {
                // `\n12345678909`: the letter is an escaped line feed.
                return self.digits(digits, end, false);
            }
            names::note(&mut self.names, &self.bytes[word..letters], word);
            return self.digits(digits, end, true);
        }
        match shapes::bare_cnpj(self, word, end) {
            Some(next) => next,
            None => shapes::punctuated(self, digits, end).unwrap_or(end),
        }
    }

    /// A run of digits; `attached` to a word before it.
    fn digits(&mut self, start: usize, end: usize, attached: bool) -> usize {
        // Nearly all numbers are too short to be anybody's and begin no shape.
        if !self.names.any
            && !matches!(end - start, 11 | 13..=19)
            && !shapes::may_begin(self.bytes, start, end)
        {
            return end;
        }
        shapes::punctuated(self, start, end)
            .or_else(|| names::named(self, start, end))
            .or_else(|| if attached { None } else { bare::proven(self, start, end) })
            .unwrap_or(end)
    }

    pub fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(0)
    }

    /// What stands before `at` and was not masked.
    pub fn before(&self, at: usize) -> &'a str {
        self.text.get(self.done..at).unwrap_or("")
    }

    pub fn after(&self, at: usize) -> &'a str {
        self.text.get(at..).unwrap_or("")
    }
}
