//! Small readers: a number in its range, a pair, a name that must be known.

use std::ops::RangeInclusive;
use std::sync::Arc;

use crate::document::{Problems, Section, Value, did_you_mean};
use crate::text::world::EN as WORDS;

/// Two numbers that belong together.
#[derive(Clone, Copy)]
pub(super) struct Pair(pub(super) (f64, f64));

impl Pair {
    /// Both, in a smaller unit.
    pub(super) fn scaled(self, by: f64) -> (f64, f64) {
        (self.0.0 * by, self.0.1 * by)
    }

    /// The first in a smaller unit; the second is a plain number.
    pub(super) fn scaled_first(self, by: f64) -> (f64, f64) {
        (self.0.0 * by, self.0.1)
    }
}

/// A number in its range. Without a default it must be there.
pub(super) fn number(
    section: &Section<'_, '_>,
    key: &str,
    range: RangeInclusive<f64>,
    default: Option<f64>,
    problems: &mut Problems,
) -> f64 {
    let value = match default {
        Some(_) => section.value(key),
        None => section.required(key, problems),
    };
    let fallback = default.unwrap_or(*range.start());
    value.map_or(fallback, |value| within(&value, &range, problems).unwrap_or(fallback))
}

/// A value that is a number in a range.
pub(super) fn within(
    value: &Value<'_, '_>,
    range: &RangeInclusive<f64>,
    problems: &mut Problems,
) -> Option<f64> {
    let number = value.float(problems)?;
    if range.contains(&number) && number.is_finite() {
        return Some(number);
    }
    value.problem(&(WORDS.out_of_range)(*range.start(), *range.end()), None, problems);
    None
}

/// Milliseconds, as microseconds.
pub(super) fn ms(section: &Section<'_, '_>, key: &str, default: Option<f64>, problems: &mut Problems) -> i64 {
    (number(section, key, 0.0..=86_400_000.0, default, problems) * 1000.0) as i64
}

/// Seconds, as microseconds.
pub(super) fn seconds(
    section: &Section<'_, '_>,
    key: &str,
    default: Option<f64>,
    problems: &mut Problems,
) -> i64 {
    (number(section, key, 0.0..=864_000.0, default, problems) * 1e6) as i64
}

/// `[a, b]`, both at least 0.
pub(super) fn pair(
    section: &Section<'_, '_>,
    key: &str,
    default: Option<(f64, f64)>,
    problems: &mut Problems,
) -> Pair {
    let fallback = default.unwrap_or((0.0, 0.0));
    if default.is_some() && !section.has(key) {
        section.value(key);
        return Pair(fallback);
    }
    let numbers = numbers(section, key, 2, 0.0..=1e12, problems);
    Pair(if let [a, b] = numbers[..] { (a, b) } else { fallback })
}

/// A required list of so many numbers.
pub(super) fn numbers(
    section: &Section<'_, '_>,
    key: &str,
    count: usize,
    range: RangeInclusive<f64>,
    problems: &mut Problems,
) -> Vec<f64> {
    let Some(value) = section.required(key, problems) else { return Vec::new() };
    let Some(array) = value.array(problems) else { return Vec::new() };
    if array.len() != count {
        value.problem(&(WORDS.length)(array.len(), count), None, problems);
        return Vec::new();
    }
    array.iter().filter_map(|value| within(value, &range, problems)).collect()
}

/// 24 numbers of at least 0, one for each full hour.
pub(super) fn hours(section: &Section<'_, '_>, key: &str, most: f64, problems: &mut Problems) -> Vec<f64> {
    numbers(section, key, 24, 0.0..=most, problems)
}

/// A list of tables that must have one to `most` entries.
pub(super) fn list<'a, 't>(
    root: &Section<'a, 't>,
    key: &str,
    most: usize,
    problems: &mut Problems,
) -> Vec<Section<'a, 't>> {
    let sections = root.sections(key, problems);
    let value = root.required(key, problems);
    if let Some(value) = value {
        if sections.is_empty() {
            value.problem(WORDS.nothing, None, problems);
        } else if sections.len() > most {
            value.problem(&(WORDS.too_many)(most), None, problems);
        }
    }
    sections
}

/// A required text with something in it.
pub(super) fn required(section: &Section<'_, '_>, key: &str, problems: &mut Problems) -> Option<Arc<str>> {
    let value = section.required(key, problems)?;
    let text = value.string(problems)?;
    if text.trim().is_empty() {
        value.problem(WORDS.empty, None, problems);
        return None;
    }
    Some(super::shared(&text))
}

/// A required text that nothing before has.
pub(super) fn unique<'k>(
    section: &Section<'_, '_>,
    key: &str,
    noun: &str,
    mut taken: impl Iterator<Item = &'k str>,
    problems: &mut Problems,
) -> Option<Arc<str>> {
    let id = required(section, key, problems)?;
    if taken.any(|other| *other == *id) {
        if let Some(value) = section.value(key) {
            value.problem(&(WORDS.twice)(noun, &id), None, problems);
        }
        return None;
    }
    Some(id)
}

/// A required `id` that the pack knows and nothing before has.
pub(super) fn of_pack<'k>(
    section: &Section<'_, '_>,
    noun: &str,
    known: &[&str],
    taken: impl Iterator<Item = &'k str>,
    problems: &mut Problems,
) -> Option<Arc<str>> {
    let id = unique(section, "id", noun, taken, problems)?;
    if !known.contains(&&*id)
        && let Some(value) = section.value("id")
    {
        value.problem(&(WORDS.not_in_pack)(noun, &id), advice(&id, known), problems);
    }
    // What refers to it by this name is not wrong as well.
    Some(id)
}

/// A name out of a list, as its place in it.
pub(super) fn resolve(
    value: &Value<'_, '_>,
    noun: &str,
    known: &[&str],
    problems: &mut Problems,
) -> Option<u8> {
    let name = value.string(problems)?;
    let at = known.iter().position(|candidate| *candidate == name).and_then(|at| u8::try_from(at).ok());
    if at.is_none() {
        value.problem(&(WORDS.unknown)(noun, &name), advice(&name, known), problems);
    }
    at
}

/// The elements of a list that may be absent.
pub(super) fn words<'a, 't>(
    section: &Section<'a, 't>,
    key: &str,
    problems: &mut Problems,
) -> Vec<Value<'a, 't>> {
    section.value(key).and_then(|value| value.array(problems)).unwrap_or_default()
}

/// "did you mean", else the whole list when a person can take it in.
pub(super) fn advice(word: &str, known: &[&str]) -> Option<String> {
    did_you_mean(word, known.iter().copied())
        .map(|near| (WORDS.did_you_mean)(near))
        .or_else(|| (!known.is_empty() && known.len() <= 16).then(|| (WORDS.one_of)(&known.join(", "))))
}
