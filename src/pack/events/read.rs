//! `events.toml`: shapes, and the events written in them.

use std::collections::BTreeMap;

use super::summary::{self, Piece};
use super::{EventField, EventKind, EventValue, Pattern};
use crate::document::{Problems, Section, Value};
use crate::pack::choice::{advice, choice, finite, required_text, text};
use crate::text::pack::EN as WORDS;

const KINDS: [(&str, EventValue); 7] = [
    ("text", EventValue::Text),
    ("number", EventValue::Number),
    ("whole", EventValue::Whole),
    ("bool", EventValue::Bool),
    ("time", EventValue::Time),
    ("address", EventValue::Address),
    ("any", EventValue::Any),
];

/// What all events of one logger share.
struct Shape {
    title: String,
    words_in: String,
    fields: Vec<EventField>,
}

/// Reads the whole file.
pub(in crate::pack) fn read(root: &Section<'_, '_>, problems: &mut Problems) -> Vec<EventKind> {
    let mut shapes = BTreeMap::new();
    if let Some(table) = root.section("shapes", problems) {
        for (id, _, value) in table.entries() {
            if let Some(section) = value.section(problems) {
                let title = required_text(&section, "title", problems);
                let words_in = required_text(&section, "words_in", problems);
                let fields = fields(&section, problems);
                section.finish(problems);
                let (title, words_in) = (title.unwrap_or_default(), words_in.unwrap_or_default());
                shapes.insert(id, Shape { title, words_in, fields });
            }
        }
    }
    root.sections("events", problems)
        .iter()
        .filter_map(|section| {
            let event = event(section, &shapes, problems);
            section.finish(problems);
            event
        })
        .collect()
}

fn event(
    section: &Section<'_, '_>,
    shapes: &BTreeMap<String, Shape>,
    problems: &mut Problems,
) -> Option<EventKind> {
    let name = required_text(section, "name", problems);
    let shape = section.required("shape", problems).and_then(|value| shape(&value, shapes, problems));
    let words = section.strings("words", problems).unwrap_or_default();
    let has = section.strings("has", problems).unwrap_or_default();
    let own = fields(section, problems);
    let summary_value = section.required("summary", problems);
    let summary_text = summary_value.as_ref().and_then(|value| text(value, problems));
    if words.is_empty() && has.is_empty() {
        let message = (WORDS.event_unrecognisable)(name.as_deref().unwrap_or(""));
        problems.push(section.span(), message, Some(WORDS.event_recognise_help.to_owned()));
    }
    let shape = shape?;
    // What an event says of a field outranks what its shape says.
    let mut all: Vec<EventField> =
        shape.fields.iter().filter(|field| own.iter().all(|one| one.name != field.name)).cloned().collect();
    all.extend(own);
    let known: Vec<&str> = all.iter().map(|field| field.name.as_str()).collect();
    if let Some(list) = section.value("has").and_then(|value| value.array(problems)) {
        for (value, field) in list.iter().zip(&has).filter(|(_, field)| !known.contains(&field.as_str())) {
            unknown_field(value, field, &known, problems);
        }
    }
    let pieces = summary_text.as_deref().map(summary::parse);
    if let (Some(value), Some(pieces)) = (&summary_value, &pieces) {
        match pieces {
            None => value.problem(WORDS.event_summary, Some(WORDS.event_summary_help.to_owned()), problems),
            Some(pieces) => {
                for field in Piece::fields(pieces).into_iter().filter(|field| !known.contains(field)) {
                    unknown_field(value, field, &known, problems);
                }
            }
        }
    }
    Some(EventKind {
        name: name?,
        shape: shape.title.clone(),
        words_in: shape.words_in.clone(),
        words,
        has,
        summary: pieces.flatten().unwrap_or_default(),
        fields: all,
    })
}

fn unknown_field(value: &Value<'_, '_>, field: &str, known: &[&str], problems: &mut Problems) {
    value.problem(&(WORDS.unknown)(WORDS.nouns.field, field), advice(field, known.iter().copied()), problems);
}

fn shape<'s>(
    value: &Value<'_, '_>,
    shapes: &'s BTreeMap<String, Shape>,
    problems: &mut Problems,
) -> Option<&'s Shape> {
    let id = value.string(problems)?;
    let found = shapes.get(&id);
    if found.is_none() {
        let help = advice(&id, shapes.keys().map(String::as_str));
        value.problem(&(WORDS.unknown)(WORDS.nouns.shape, &id), help, problems);
    }
    found
}

fn fields(section: &Section<'_, '_>, problems: &mut Problems) -> Vec<EventField> {
    let Some(table) = section.section("fields", problems) else { return Vec::new() };
    let mut found = Vec::new();
    for (name, _, value) in table.entries() {
        let Some(section) = value.section(problems) else { continue };
        let kind = section
            .required("type", problems)
            .and_then(|value| choice(&value, WORDS.nouns.field_type, &KINDS, problems));
        let (min, max) = (finite(&section, "min", problems), finite(&section, "max", problems));
        if let (Some(low), Some(high)) = (min, max)
            && low > high
            && let Some(value) = section.value("min")
        {
            value.problem(WORDS.event_range_order, None, problems);
        }
        let numeric = matches!(kind, Some(EventValue::Number | EventValue::Whole));
        for key in ["min", "max"] {
            if let Some(value) = section.value(key).filter(|_| kind.is_some() && !numeric) {
                value.problem(WORDS.event_range_of_text, None, problems);
            }
        }
        let pattern = section.value("pattern").and_then(|value| pattern(&value, &section, problems));
        if let Some(value) = section.value("pattern").filter(|_| kind.is_some_and(|k| k != EventValue::Text))
        {
            value.problem(WORDS.event_pattern_of_number, None, problems);
        }
        let one_of = section.strings("one_of", problems).unwrap_or_default();
        let required = section.bool("required", problems).unwrap_or(false);
        section.finish(problems);
        if let Some(kind) = kind {
            found.push(EventField { name, kind, required, min, max, pattern, one_of });
        }
    }
    found
}

fn pattern(value: &Value<'_, '_>, section: &Section<'_, '_>, problems: &mut Problems) -> Option<Pattern> {
    let text = text(value, problems)?;
    let expects = required_text(section, "expects", problems);
    let Ok(regex) = regex::Regex::new(&format!("^(?:{text})$")) else {
        value.problem(WORDS.event_pattern, None, problems);
        return None;
    };
    Some(Pattern { regex, expects: expects? })
}
