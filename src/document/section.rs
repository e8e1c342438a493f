//! One table of a document, read key by key.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::{Problems, did_you_mean};

/// A table; remembers which keys were asked for, so that [`Section::finish`] can tell the unknown ones.
#[derive(Debug)]
pub struct Section<'a, 't> {
    table: &'a DeTable<'t>,
    span: Range<usize>,
    path: String,
    known: RefCell<BTreeSet<String>>,
}

/// A value with its place.
#[derive(Clone, Debug)]
pub struct Value<'a, 't> {
    /// The value.
    pub value: &'a DeValue<'t>,
    /// Its bytes in the text.
    pub span: Range<usize>,
    /// Dotted path for messages.
    pub path: String,
}

impl<'a, 't> Value<'a, 't> {
    /// Its text, or a problem that says what stands there instead.
    pub fn string(&self, problems: &mut Problems) -> Option<String> {
        self.value.as_str().map(str::to_owned).or_else(|| self.wrong("a string", problems))
    }

    /// A number, whole or not.
    pub fn float(&self, problems: &mut Problems) -> Option<f64> {
        let number = match self.value {
            DeValue::Float(float) => float.as_str().replace('_', "").parse().ok(),
            DeValue::Integer(_) => self.as_i64().map(|n| n as f64),
            _ => None,
        };
        number.or_else(|| self.wrong("a number", problems))
    }

    /// A whole number.
    pub fn integer(&self, problems: &mut Problems) -> Option<i64> {
        self.as_i64().or_else(|| self.wrong("a whole number", problems))
    }

    fn as_i64(&self) -> Option<i64> {
        let integer = self.value.as_integer()?;
        i64::from_str_radix(&integer.as_str().replace('_', ""), integer.radix()).ok()
    }

    /// `true` or `false`.
    pub fn bool(&self, problems: &mut Problems) -> Option<bool> {
        self.value.as_bool().or_else(|| self.wrong("true or false", problems))
    }

    /// An array's elements.
    pub fn array(&self, problems: &mut Problems) -> Option<Vec<Value<'a, 't>>> {
        let Some(array) = self.value.as_array() else { return self.wrong("a list", problems) };
        Some(
            array
                .iter()
                .enumerate()
                .map(|(at, element)| Value {
                    value: element.get_ref(),
                    span: element.span(),
                    path: format!("{}[{at}]", self.path),
                })
                .collect(),
        )
    }

    /// A list of strings; each element that is none is a problem.
    pub fn strings(&self, problems: &mut Problems) -> Option<Vec<String>> {
        let elements = self.array(problems)?;
        Some(elements.iter().filter_map(|element| element.string(problems)).collect())
    }

    /// A table.
    pub fn section(&self, problems: &mut Problems) -> Option<Section<'a, 't>> {
        match self.value {
            DeValue::Table(table) => Some(Section::new(table, self.span.clone(), self.path.clone())),
            _ => self.wrong("a table", problems),
        }
    }

    /// Notes that something else was expected here.
    pub fn wrong<T>(&self, expected: &str, problems: &mut Problems) -> Option<T> {
        let found = match self.value {
            DeValue::String(_) => "a string",
            DeValue::Integer(_) => "an integer",
            DeValue::Float(_) => "a float",
            DeValue::Boolean(_) => "a boolean",
            DeValue::Datetime(_) => "a date",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        problems.push(self.span.clone(), format!("{}: expected {expected}, found {found}", self.path), None);
        None
    }

    /// Notes a problem with this value in the caller's words.
    pub fn problem(&self, message: &str, help: Option<String>, problems: &mut Problems) {
        problems.push(self.span.clone(), format!("{}: {message}", self.path), help);
    }
}

impl<'a, 't> Section<'a, 't> {
    pub(super) fn new(table: &'a DeTable<'t>, span: Range<usize>, path: String) -> Self {
        Self { table, span, path, known: RefCell::default() }
    }

    /// Dotted path of this table; empty for the top.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Where the table stands.
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    fn join(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// The value of a key, which is known from now on.
    pub fn value(&self, key: &str) -> Option<Value<'a, 't>> {
        self.known.borrow_mut().insert(key.to_owned());
        self.table.get(key).map(|value| Value {
            value: value.get_ref(),
            span: value.span(),
            path: self.join(key),
        })
    }

    /// Whether a key is there, without making it a known one: for keys that deserve a better word
    /// than "unknown".
    pub fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// The value of a key that must be there.
    pub fn required(&self, key: &str, problems: &mut Problems) -> Option<Value<'a, 't>> {
        let value = self.value(key);
        if value.is_none() {
            let place = if self.path.is_empty() { 0..0 } else { self.span.clone() };
            problems.push(place, format!("{} is missing", self.join(key)), None);
        }
        value
    }

    /// A string, if the key is there.
    pub fn string(&self, key: &str, problems: &mut Problems) -> Option<String> {
        self.value(key)?.string(problems)
    }

    /// A number, if the key is there.
    pub fn float(&self, key: &str, problems: &mut Problems) -> Option<f64> {
        self.value(key)?.float(problems)
    }

    /// A whole number, if the key is there.
    pub fn integer(&self, key: &str, problems: &mut Problems) -> Option<i64> {
        self.value(key)?.integer(problems)
    }

    /// A boolean, if the key is there.
    pub fn bool(&self, key: &str, problems: &mut Problems) -> Option<bool> {
        self.value(key)?.bool(problems)
    }

    /// A list of strings, if the key is there.
    pub fn strings(&self, key: &str, problems: &mut Problems) -> Option<Vec<String>> {
        self.value(key)?.strings(problems)
    }

    /// A table, if the key is there.
    pub fn section(&self, key: &str, problems: &mut Problems) -> Option<Section<'a, 't>> {
        self.value(key)?.section(problems)
    }

    /// The tables of `[[key]]`; none when the key is absent.
    pub fn sections(&self, key: &str, problems: &mut Problems) -> Vec<Section<'a, 't>> {
        let Some(elements) = self.value(key).and_then(|value| value.array(problems)) else {
            return Vec::new();
        };
        elements.iter().filter_map(|element| element.section(problems)).collect()
    }

    /// Every key with its own place and its value, for tables whose keys are names that the person
    /// chose; all of them are known from now on.
    pub fn entries(&self) -> Vec<(String, Range<usize>, Value<'a, 't>)> {
        let mut all: Vec<_> = self
            .table
            .iter()
            .map(|(key, value)| {
                let name = key.get_ref().to_string();
                self.known.borrow_mut().insert(name.clone());
                let value = Value { value: value.get_ref(), span: value.span(), path: self.join(&name) };
                (name, key.span(), value)
            })
            .collect();
        all.sort_by_key(|(_, span, _)| span.start);
        all
    }

    /// Notes every key that was never asked for.
    pub fn finish(&self, problems: &mut Problems) {
        let known = self.known.borrow();
        for (key, _) in self.table {
            let name: &str = key.get_ref();
            if known.contains(name) {
                continue;
            }
            let help = did_you_mean(name, known.iter().map(String::as_str))
                .map(|near| format!("did you mean `{near}`?"));
            let help = help.or_else(|| {
                let list: Vec<&str> = known.iter().map(String::as_str).collect();
                (!list.is_empty() && list.len() <= 20).then(|| format!("known here: {}", list.join(", ")))
            });
            let at = if self.path.is_empty() { String::new() } else { format!("{}: ", self.path) };
            problems.push(key.span(), format!("{at}unknown key `{name}`"), help);
        }
    }
}
