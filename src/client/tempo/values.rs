//! Attribute values made safe, each that differs once: names by their text, values by name and text.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;

use super::wire::{Pairs, Raw};
use crate::model::Attribute;
use crate::privacy;

/// How many names, and how many values of all names, are remembered.
const MOST_REMEMBERED: usize = 65_536;

/// Longer values are hardly ever the same.
const LONGEST_REMEMBERED: usize = 256;

/// Most values of one trace, lists' items, events and links included; more are counted. A server must not buy memory
/// with short fields.
const MOST_VALUES: usize = 4_000_000;

/// A whole number below this has too few digits to be anybody's.
const SMALL: u64 = 10_000_000;

/// Kinds of what was masked in a text.
type Kinds = Option<Arc<[Box<str>]>>;

/// What is known of texts so far.
#[derive(Default)]
pub(super) struct Values {
    names: HashMap<Box<str>, (Arc<str>, Kinds)>,
    keys: HashMap<Box<str>, usize>,
    known: Vec<Key>,
    remembered: usize,
    taken: usize,
    beyond: usize,
    found: Vec<Box<str>>,
}

/// An attribute's name.
struct Key {
    name: Arc<str>,
    /// Values of this name are never shown, whatever they are.
    hides: bool,
    values: HashMap<Box<str>, (Arc<str>, Kinds)>,
}

impl Values {
    /// What was masked since this was last asked.
    pub fn take_found(&mut self) -> Vec<Box<str>> {
        std::mem::take(&mut self.found)
    }

    /// Whether there is room for one more value, which is then taken.
    pub fn take_one(&mut self) -> bool {
        let room = self.taken < MOST_VALUES;
        *(if room { &mut self.taken } else { &mut self.beyond }) += 1;
        room
    }

    /// Values for which there was no room.
    pub fn beyond(&self) -> usize {
        self.beyond
    }

    /// A text on one line: the name of a service, of an operation, of an event.
    pub fn name(&mut self, text: &str) -> Arc<str> {
        if let Some((safe, kinds)) = self.names.get(text) {
            self.found.extend(kinds.iter().flat_map(|kinds| kinds.iter().cloned()));
            return safe.clone();
        }
        let (safe, kinds) = masked(|note| privacy::safe_line_noting(text, note));
        self.found.extend(kinds.iter().flat_map(|kinds| kinds.iter().cloned()));
        if text.len() <= LONGEST_REMEMBERED && self.names.len() < MOST_REMEMBERED {
            self.names.insert(text.into(), (safe.clone(), kinds));
        }
        safe
    }

    /// An attribute; `None` where nothing stands in it, or there are too many.
    pub fn attribute(&mut self, key: &str, raw: &Raw<'_>) -> Option<(Arc<str>, Attribute)> {
        let at = self.key(key);
        let name = self.known.get(at)?.name.clone();
        Some((name, self.value(at, raw)?))
    }

    fn key(&mut self, key: &str) -> usize {
        if let Some(at) = self.keys.get(key) {
            return *at;
        }
        let name: Arc<str> = privacy::safe_name(key).into();
        // Any word shows whether the name alone hides what it holds.
        let hides = matches!(privacy::masker().value(&name, "word"), Cow::Owned(_));
        let new = Key { name, hides, values: HashMap::new() };
        if self.known.len() < MOST_REMEMBERED {
            self.keys.insert(key.into(), self.known.len());
        } else {
            // Names without end: those beyond take turns in one place.
            self.known.truncate(MOST_REMEMBERED);
        }
        self.known.push(new);
        self.known.len() - 1
    }

    fn value(&mut self, at: usize, raw: &Raw<'_>) -> Option<Attribute> {
        if !self.take_one() {
            return None;
        }
        let hides = self.known.get(at)?.hides;
        Some(match raw {
            Raw::Empty => return None,
            Raw::Text(text) => Attribute::Text(self.text(at, text)),
            Raw::Bool(value) if !hides => Attribute::Bool(*value),
            Raw::Bool(value) => Attribute::Text(self.text(at, if *value { "true" } else { "false" })),
            Raw::Int(number) => {
                let judged = hides || number.unsigned_abs() >= SMALL;
                self.number(at, judged, || number.to_string()).unwrap_or(Attribute::Int(*number))
            }
            Raw::Float(number) => {
                // Some instrumentation knows numbers of this kind alone.
                let whole = number.fract() == 0.0 && number.abs() >= SMALL as f64;
                self.number(at, hides || whole, || number.to_string()).unwrap_or(Attribute::Float(*number))
            }
            Raw::List(all) => Attribute::List(all.iter().filter_map(|raw| self.value(at, raw)).collect()),
            Raw::Map(pairs) => {
                let mut text = String::new();
                write_map(pairs, &mut text);
                Attribute::Text(self.text(at, &text))
            }
            Raw::Bytes(length) => Attribute::Text(format!("<{length} bytes>").into()),
        })
    }

    /// The mark of a number that is somebody's.
    fn number(&mut self, at: usize, judged: bool, text: impl Fn() -> String) -> Option<Attribute> {
        if !judged {
            return None;
        }
        let text = text();
        let safe = self.text(at, &text);
        (*safe != *text).then_some(Attribute::Text(safe))
    }

    fn text(&mut self, at: usize, text: &str) -> Arc<str> {
        let Some(key) = self.known.get_mut(at) else { return "".into() };
        if let Some((safe, kinds)) = key.values.get(text) {
            self.found.extend(kinds.iter().flat_map(|kinds| kinds.iter().cloned()));
            return safe.clone();
        }
        let (safe, kinds) = masked(|note| privacy::safe_note_noting(&key.name, text, note));
        self.found.extend(kinds.iter().flat_map(|kinds| kinds.iter().cloned()));
        if text.len() <= LONGEST_REMEMBERED && self.remembered < MOST_REMEMBERED {
            self.remembered += 1;
            key.values.insert(text.into(), (safe.clone(), kinds));
        }
        safe
    }
}

/// Masks, and tells what was found.
fn masked<'t>(mask: impl FnOnce(&mut dyn FnMut(&str)) -> Cow<'t, str>) -> (Arc<str>, Kinds) {
    let mut kinds: Vec<Box<str>> = Vec::new();
    let safe = mask(&mut |kind| kinds.push(kind.into()));
    (safe.as_ref().into(), (!kinds.is_empty()).then(|| kinds.into()))
}

/// A value in one text, raw, as masking would see it.
pub(super) fn text_of(raw: &Raw<'_>) -> String {
    match raw {
        Raw::Text(text) => text.to_string(),
        Raw::Empty => String::new(),
        other => {
            let mut text = String::new();
            write_raw(other, &mut text);
            text
        }
    }
}

/// Names and values as JSON: the form in which masking knows them.
fn write_map(pairs: &Pairs<'_>, out: &mut String) {
    out.push('{');
    for (at, (key, raw)) in pairs.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        write_text(key, out);
        out.push(':');
        write_raw(raw, out);
    }
    out.push('}');
}

fn write_raw(raw: &Raw<'_>, out: &mut String) {
    // Writing into a string cannot fail.
    let _ = match raw {
        Raw::Empty => out.write_str("null"),
        Raw::Bool(value) => write!(out, "{value}"),
        Raw::Int(number) => write!(out, "{number}"),
        Raw::Float(number) if number.is_finite() => write!(out, "{number}"),
        Raw::Float(number) => write!(out, "\"{number}\""),
        Raw::Bytes(length) => write!(out, "\"<{length} bytes>\""),
        Raw::Text(text) => {
            write_text(text, out);
            Ok(())
        }
        Raw::Map(pairs) => {
            write_map(pairs, out);
            Ok(())
        }
        Raw::List(all) => {
            out.push('[');
            for (at, raw) in all.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write_raw(raw, out);
            }
            out.push(']');
            Ok(())
        }
    };
}

fn write_text(text: &str, out: &mut String) {
    match serde_json::to_string(text) {
        Ok(quoted) => out.push_str(&quoted),
        Err(_) => out.push_str("\"\""),
    }
}
