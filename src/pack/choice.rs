//! Small readers that every file of a pack shares: a word out of a list, a text that is not empty,
//! a number within a range, variables in their place.

use std::collections::BTreeSet;

use super::query::{VARIABLES, variables};
use crate::document::{Problems, Section, Value, did_you_mean};
use crate::model::Severity;
use crate::text::pack::EN as WORDS;

/// "did you mean", else the whole list when a person can take it in.
pub(super) fn advice<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<String> {
    let known: Vec<&str> = known.into_iter().collect();
    did_you_mean(word, known.iter().copied())
        .map(|near| (WORDS.did_you_mean)(near))
        .or_else(|| (!known.is_empty() && known.len() <= 16).then(|| (WORDS.one_of)(&known.join(", "))))
}

/// A string that is one of `known`; anything else is a problem with advice.
pub(super) fn choice<T: Copy>(
    value: &Value<'_, '_>,
    noun: &str,
    known: &[(&str, T)],
    problems: &mut Problems,
) -> Option<T> {
    let word = value.string(problems)?;
    let found = known.iter().find(|(name, _)| *name == word).map(|(_, item)| *item);
    if found.is_none() {
        let help = advice(&word, known.iter().map(|(name, _)| *name));
        value.problem(&(WORDS.unknown)(noun, &word), help, problems);
    }
    found
}

/// A severity by its name.
pub(super) fn severity(value: &Value<'_, '_>, problems: &mut Problems) -> Option<Severity> {
    let known = Severity::ALL.map(|severity| (severity.as_str(), severity));
    choice(value, WORDS.nouns.severity, &known, problems)
}

/// A string with something in it.
pub(super) fn text(value: &Value<'_, '_>, problems: &mut Problems) -> Option<String> {
    let text = value.string(problems)?;
    if text.trim().is_empty() {
        value.problem(WORDS.empty, None, problems);
        return None;
    }
    Some(text)
}

/// A required string with something in it.
pub(super) fn required_text(section: &Section<'_, '_>, key: &str, problems: &mut Problems) -> Option<String> {
    let value = section.required(key, problems)?;
    text(&value, problems)
}

/// A finite number, if the key is there.
pub(super) fn finite(section: &Section<'_, '_>, key: &str, problems: &mut Problems) -> Option<f64> {
    let value = section.value(key)?;
    let number = value.float(problems)?;
    if !number.is_finite() {
        value.problem(WORDS.not_finite, None, problems);
        return None;
    }
    Some(number)
}

/// A whole number within a range, if the key is there.
pub(super) fn whole(
    section: &Section<'_, '_>,
    key: &str,
    least: u16,
    most: u16,
    problems: &mut Problems,
) -> Option<u16> {
    let value = section.value(key)?;
    let number = value.integer(problems)?;
    let number = u16::try_from(number).ok().filter(|number| (least..=most).contains(number));
    if number.is_none() {
        value.problem(&(WORDS.out_of_range)(i64::from(least), i64::from(most)), None, problems);
    }
    number
}

/// Notes every variable of a text that nobody knows.
pub(super) fn known_variables(value: &Value<'_, '_>, text: &str, problems: &mut Problems) {
    let unknown: BTreeSet<&str> =
        variables(text).into_iter().map(|(name, _)| name).filter(|name| !VARIABLES.contains(name)).collect();
    for name in unknown {
        let near = did_you_mean(name, VARIABLES).map(|near| (WORDS.did_you_mean)(&format!("${near}")));
        let help =
            near.or_else(|| Some((WORDS.one_of)(&VARIABLES.map(|name| format!("${name}")).join(", "))));
        value.problem(&(WORDS.unknown_variable)(name), help, problems);
    }
}

/// Notes every variable of a title that nobody knows or that has no value there.
pub(super) fn title_variables(value: &Value<'_, '_>, text: &str, given: &[&str], problems: &mut Problems) {
    known_variables(value, text, problems);
    let misplaced: BTreeSet<&str> = variables(text)
        .into_iter()
        .map(|(name, _)| name)
        .filter(|name| VARIABLES.contains(name) && !given.contains(name))
        .collect();
    for name in misplaced {
        let help = Some((WORDS.variable_places)(name).to_owned());
        value.problem(&(WORDS.text_variable_out_of_place)(name), help, problems);
    }
}
