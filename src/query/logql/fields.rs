//! The fields that parsers would find in lines, for Loki's `detected_fields`.

use std::collections::{BTreeMap, BTreeSet};

use super::json::{self, Leaf};
use super::line::DETECTED;
use super::stages::label_name;
use super::{level, logfmt};
use crate::model::LogEntry;
use crate::query::units;

/// What a field's values look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// `true` or `false`.
    Boolean,
    /// Whole numbers.
    Int,
    /// Numbers.
    Float,
    /// `1h30m`.
    Duration,
    /// `5MiB`.
    Bytes,
    /// Anything.
    String,
}

impl FieldKind {
    /// As Loki writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Boolean => "boolean",
            Self::Int => "int",
            Self::Float => "float",
            Self::Duration => "duration",
            Self::Bytes => "bytes",
            Self::String => "string",
        }
    }

    fn of(text: &str) -> Self {
        if text.parse::<i64>().is_ok() {
            Self::Int
        } else if text.parse::<f64>().is_ok() {
            Self::Float
        } else if matches!(text, "true" | "false") {
            Self::Boolean
        } else if units::duration(text).is_some() {
            Self::Duration
        } else if units::bytes(text).is_some() {
            Self::Bytes
        } else {
            Self::String
        }
    }
}

/// A field.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Label that the parser makes of it.
    pub label: String,
    /// What its first value looks like.
    pub kind: FieldKind,
    /// Its values.
    pub values: BTreeSet<String>,
    /// `json` or `logfmt`; `None` for structured metadata.
    pub parser: Option<&'static str>,
    /// Where it is, for JSON.
    pub path: Vec<String>,
}

/// The fields of these lines, by label; at most `limit`.
pub(super) fn fields<'e>(entries: impl IntoIterator<Item = &'e LogEntry>, limit: usize) -> Vec<Field> {
    let mut all: BTreeMap<String, Field> = BTreeMap::new();
    for entry in entries {
        let mut note = |label: String, value: &str, parser: Option<&'static str>, path: Vec<String>| {
            if label.is_empty() || value.is_empty() || (all.len() >= limit && !all.contains_key(&label)) {
                return;
            }
            let new = || Field {
                label: label.clone(),
                kind: FieldKind::of(value),
                values: BTreeSet::new(),
                parser,
                path,
            };
            let field = all.entry(label.clone()).or_insert_with(new);
            if !field.values.contains(value) {
                field.values.insert(value.to_owned());
            }
        };
        for (name, value) in entry.metadata.iter() {
            note(name.to_owned(), value, None, Vec::new());
        }
        if entry.metadata.get(DETECTED).is_none() {
            note(DETECTED.to_owned(), level::detected(entry), None, Vec::new());
        }
        let label = |key: &str| {
            let name = label_name(key);
            if entry.labels.get(&name).is_some() { format!("{name}_extracted") } else { name.into_owned() }
        };
        if entry.line.starts_with('{') {
            let _ = json::leaves(&entry.line, '\u{1}', &mut |path, leaf| {
                let path: Vec<String> = path.split('\u{1}').map(str::to_owned).collect();
                let name = label(&path.join("_"));
                match leaf {
                    Leaf::Text(value) => note(name, &value, Some("json"), path),
                    Leaf::Plain(value) => note(name, value, Some("json"), path),
                    Leaf::Null | Leaf::Array(_) => {}
                }
            });
        } else {
            let _ = logfmt::pairs(&entry.line, false, |key, value| {
                note(label(key), &value, Some("logfmt"), Vec::new());
            });
        }
    }
    all.into_values().collect()
}
