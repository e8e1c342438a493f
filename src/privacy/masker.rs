//! Puts marks in the place of what was found.

use std::borrow::Cow;
use std::ops::Range;

use super::calm::is_calm;
use super::escape;
use super::fields::{self, Fields};
use super::fold::fold;
use super::kind::{Kind, plain};
use super::pseudonym::{Key, mark_at};
use super::scan::{Found, What, scan};
use super::sealed::{Masked, Sealed};
use super::vault::{Made, kept};

/// Passes over a text that something was found in.
const MAX_PASSES: usize = 8;

/// Where a text that is masked comes from: what the server's own bytes were.
#[derive(Clone, Copy)]
struct Source<'t> {
    raw: &'t str,
    /// For each byte of the text, the offset of its character in `raw`; `None` where they are the same.
    places: Option<&'t [usize]>,
    /// How many bytes stand before the text where it is looked at.
    ahead: usize,
    /// Whether there are marks in it already, so that not every piece is the server's.
    is_masked: bool,
}

impl<'t> Source<'t> {
    fn same(raw: &'t str) -> Self {
        Self { raw, places: None, ahead: 0, is_masked: false }
    }

    /// What stood at these bytes of the text.
    fn raw(&self, Range { start, end }: Range<usize>) -> Option<&'t str> {
        let (start, end) = (start.checked_sub(self.ahead)?, end.checked_sub(self.ahead)?);
        let raw = match self.places {
            None => self.raw.get(start..end)?,
            Some(places) => {
                let (first, last) = (*places.get(start)?, *places.get(end.checked_sub(1)?)?);
                let last = last + self.raw.get(last..)?.chars().next()?.len_utf8();
                self.raw.get(first..last)?
            }
        };
        (!self.is_masked || !raw.contains('‹')).then_some(raw)
    }
}

/// Masks with one key and one list of fields.
#[derive(Clone, Debug)]
pub struct Masker {
    key: Key,
    fields: Fields,
}

impl Default for Masker {
    fn default() -> Self {
        Self::new(Key::random(), Fields::default())
    }
}

impl Masker {
    /// A masker.
    pub fn new(key: Key, fields: Fields) -> Self {
        Self { key, fields }
    }

    /// Replaces each identifier, and the value of each field that is never shown, with a mark such as
    /// `‹cpf:3f9a0c…›`. Text without any is borrowed. A second pass changes nothing.
    pub fn mask<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.mask_noting(text, &mut |_| ())
    }

    /// As [`Self::mask`]; tells the label of everything that was found (`cpf`, `patient_name`).
    pub fn mask_noting<'t>(&self, text: &'t str, note: &mut dyn FnMut(&str)) -> Cow<'t, str> {
        self.masked(text, Source::same(text), note)
    }

    fn masked<'t>(&self, text: &'t str, source: Source<'_>, note: &mut dyn FnMut(&str)) -> Cow<'t, str> {
        let Some((mut masked, mut calm)) = self.once(text, source, note) else { return Cow::Borrowed(text) };
        // Real text needs two passes at most; a long hostile chain must not buy a pass for each of its links.
        for _ in 0..MAX_PASSES {
            if calm {
                break;
            }
            let source = Source { is_masked: true, ..Source::same(&masked) };
            match self.once(&masked, source, note) {
                Some(again) => (masked, calm) = again,
                None => break,
            }
        }
        Cow::Owned(masked)
    }

    /// A server's text cleaned, on one line where `is_line`, and masked; judged by its name where it has one.
    pub(super) fn safe<'t>(
        &self,
        name: Option<&str>,
        raw: &'t str,
        is_line: bool,
        note: &mut dyn FnMut(&str),
    ) -> Cow<'t, str> {
        match if is_line { escape::clean_line(raw) } else { escape::clean(raw) } {
            Cow::Borrowed(text) => self.named_or_not(name, text, Source::same(text), note),
            Cow::Owned(text) => {
                let places = escape::places(raw, is_line);
                let source = Source { places: Some(&places), ..Source::same(raw) };
                match self.named_or_not(name, &text, source, note) {
                    Cow::Owned(masked) => Cow::Owned(masked),
                    Cow::Borrowed(_) => Cow::Owned(text),
                }
            }
        }
    }

    fn named_or_not<'t>(
        &self,
        name: Option<&str>,
        text: &'t str,
        source: Source<'_>,
        note: &mut dyn FnMut(&str),
    ) -> Cow<'t, str> {
        match name {
            Some(name) => self.named(name, text, source, note),
            None => self.masked(text, source, note),
        }
    }

    /// The value of a label, an attribute or a column, whose name tells what it is.
    pub fn value<'t>(&self, name: &str, value: &'t str) -> Cow<'t, str> {
        self.value_noting(name, value, &mut |_| ())
    }

    /// As [`Self::value`], telling what was found.
    pub fn value_noting<'t>(&self, name: &str, value: &'t str, note: &mut dyn FnMut(&str)) -> Cow<'t, str> {
        self.named(name, value, Source::same(value), note)
    }

    fn named<'t>(
        &self,
        name: &str,
        value: &'t str,
        source: Source<'_>,
        note: &mut dyn FnMut(&str),
    ) -> Cow<'t, str> {
        if let Some(field) = self.fields.named(name) {
            if super::values::is_blank(value) || mark_at(value.as_bytes(), 0) == Some(value.len()) {
                return Cow::Borrowed(value);
            }
            let folded = fold(value);
            let plain = folded.as_ref().map_or(value, |folded| &folded.text);
            let mut out = String::new();
            self.mark(fields::what(&self.fields, field, plain), plain, Some(source.raw), &mut out, note);
            return Cow::Owned(out);
        }
        // Only numbers are judged by the name that stands before them.
        if !value.bytes().any(|b| b.is_ascii_digit() || b >= 0x80) {
            return self.masked(value, source, note);
        }
        let whole = format!("{name}={value}");
        let behind = Source { ahead: name.len() + 1, ..source };
        match self.masked(&whole, behind, note) {
            Cow::Borrowed(_) => Cow::Borrowed(value),
            Cow::Owned(masked) => match masked.strip_prefix(name).and_then(|rest| rest.strip_prefix('=')) {
                Some(rest) => Cow::Owned(rest.to_owned()),
                // The name itself held something.
                None => self.masked(value, source, note),
            },
        }
    }

    /// The value as it is shown, with the raw one sealed beside it where they differ.
    pub fn seal(&self, name: &str, raw: &str) -> Masked {
        let shown: Box<str> = self.safe(Some(name), raw, true, &mut |_| ()).into();
        let sealed = (*shown != *raw).then(|| Sealed::new(raw.to_owned()));
        Masked { shown, sealed }
    }

    /// The mark of an identifier, however it is spelt.
    pub fn shown(&self, kind: Kind, identifier: &str) -> String {
        let mut out = String::new();
        self.key.mark(kind.label(), &kind.normal(identifier), &mut out);
        out
    }

    /// One pass, and whether another would change nothing; `None` where there is nothing to mask.
    fn once(&self, text: &str, source: Source<'_>, note: &mut dyn FnMut(&str)) -> Option<(String, bool)> {
        let folded = fold(text);
        let plain = folded.as_ref().map_or(text, |folded| folded.text.as_str());
        let found = scan(plain, &self.fields);
        if found.is_empty() {
            return None;
        }
        let calm = folded.is_none() && is_calm(plain.as_bytes(), &found);
        let mut out = String::with_capacity(text.len() + 32 * found.len());
        let mut copied = 0;
        for Found { start, end, what, quotes } in found {
            let value = plain.get(start..end).unwrap_or("");
            let (start, end) = match &folded {
                Some(folded) => (folded.origin(start), folded.origin(end)),
                None => (start, end),
            };
            let raw = source.raw(start..end);
            // Two plain characters can come from one place; never before what is written already.
            let start = start.max(copied);
            out.push_str(text.get(copied..start).unwrap_or(""));
            let quote = |out: &mut String| {
                if let Some(depth) = quotes {
                    out.extend(std::iter::repeat_n('\\', depth));
                    out.push('"');
                }
            };
            quote(&mut out);
            self.mark(what, value, raw, &mut out, note);
            quote(&mut out);
            copied = end.max(start);
        }
        out.push_str(text.get(copied..).unwrap_or(""));
        Some((out, calm))
    }

    fn mark(&self, what: What, value: &str, raw: Option<&str>, out: &mut String, note: &mut dyn FnMut(&str)) {
        let (label, is_field) = match what {
            What::Id(kind) => (kind.label(), false),
            What::Field(field) => (self.fields.label(field), true),
        };
        note(label);
        let made = Made { key: self.key.id(), label, is_field, value, raw };
        kept(&made, out, |out| {
            let normal = match what {
                What::Id(kind) => kind.normal(value),
                What::Field(_) => plain(value),
            };
            self.key.mark(label, &normal, out);
        });
    }
}
