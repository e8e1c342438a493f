//! One `[[steps]]` of a playbook.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::read::{Known, template};
use super::{Action, OnFailure, Step, StepKind};
use crate::document::{Problems, Section, Value, did_you_mean};
use crate::model::{Template, duration};
use crate::pack::choice::{choice, required_text, text};
use crate::text::playbook::EN as WORDS;

/// Seconds that something may take at most.
const LONGEST: u32 = 24 * 3600;
/// Methods of a call over HTTP.
const METHODS: [(&str, &str); 4] = [("GET", "GET"), ("POST", "POST"), ("PUT", "PUT"), ("DELETE", "DELETE")];

/// Reads one step; `None` where it has problems, each of which is told.
pub(super) fn read(section: &Section<'_, '_>, known: &Known<'_>, problems: &mut Problems) -> Option<Step> {
    let title = required(section, "title", known, problems);
    let kind = section
        .required("kind", problems)
        .and_then(|value| choice(&value, WORDS.step_kind, &StepKind::NAMES, problems));
    let timeout_s = seconds(section, "timeout", 1, problems);
    let retries = section.value("retries").map_or(Some(0), |value| {
        let number = value.integer(problems)?;
        let fits = u32::try_from(number).ok().filter(|number| *number <= 20);
        if fits.is_none() {
            value.problem(WORDS.retries_bounds, None, problems);
        }
        fits
    });
    let retry_wait_s = seconds(section, "retry_wait", 0, problems).unwrap_or(5);
    let on_failure = section
        .value("on_failure")
        .map_or(Some(OnFailure::Stop), |value| choice(&value, WORDS.on_failure, &OnFailure::NAMES, problems));
    let idempotent = section.value("idempotent").and_then(|value| value.bool(problems));
    let dangerous = section.value("dangerous").and_then(|value| value.bool(problems));
    let automatic = section.value("automatic").and_then(|value| {
        let truth = value.bool(problems)?;
        if truth && kind == Some(StepKind::Confirm) {
            value.problem(WORDS.confirm_automatic, None, problems);
        }
        Some(truth)
    });
    let kind = kind?;
    let action = action(section, kind, known, problems);
    Some(Step {
        title: title?,
        action: action?,
        timeout_s,
        retries: retries?,
        retry_wait_s,
        on_failure: on_failure?,
        idempotent,
        dangerous,
        automatic,
    })
}

fn action(
    section: &Section<'_, '_>,
    kind: StepKind,
    known: &Known<'_>,
    problems: &mut Problems,
) -> Option<Action> {
    Some(match kind {
        StepKind::Notify => {
            let level = section.required("level", problems).and_then(|value| {
                let id = text(&value, problems)?;
                if known.levels.iter().any(|level| level.id == id) {
                    return Some(id);
                }
                let ids: Vec<&str> = known.levels.iter().map(|level| level.id.as_str()).collect();
                let help = did_you_mean(&id, ids.iter().copied())
                    .map_or_else(|| (WORDS.known_ones)(&ids.join(", ")), |near| (WORDS.did_you_mean)(near));
                value.problem(&(WORDS.unknown_level)(&id), Some(help), problems);
                None
            });
            let message = optional(section, "message", known, problems);
            Action::Notify { level: level?, message: message? }
        }
        StepKind::Command => {
            let command = required_text(section, "command", problems);
            let with = with(section, known, problems);
            Action::Command { command: command?, with: with? }
        }
        StepKind::Http => http(section, known, problems)?,
        StepKind::Silence => {
            let matchers = matchers(section, known, problems);
            let for_s = section.required("for", problems).and_then(|value| span(&value, 60, problems));
            let comment = required(section, "comment", known, problems);
            Action::Silence { matchers: matchers?, for_s: for_s?, comment: comment? }
        }
        StepKind::Collect => {
            let window = section.value("window").map_or(Some(1800), |value| span(&value, 60, problems));
            Action::Collect { window_s: window? }
        }
        StepKind::WaitUntil => {
            let query = required(section, "query", known, problems);
            let every = section.value("every").map_or(Some(5), |value| span(&value, 1, problems));
            Action::WaitUntil { query: query?, every_s: every? }
        }
        StepKind::Confirm => Action::Confirm { question: required(section, "question", known, problems)? },
    })
}

fn http(section: &Section<'_, '_>, known: &Known<'_>, problems: &mut Problems) -> Option<Action> {
    let method = section
        .value("method")
        .map_or(Some("POST"), |value| choice(&value, WORDS.method, &METHODS, problems));
    let url = section.required("url", problems).and_then(|value| {
        let text = value.string(problems)?;
        // Host and path are the playbook's; what is put in comes after them, as a part of the path or the query.
        let fixed = ["http://", "https://"].iter().any(|scheme| {
            text.strip_prefix(scheme)
                .and_then(|rest| rest.split(['/', '?']).next())
                .is_some_and(|host| !host.is_empty() && !host.contains(['{', '@']))
        });
        if !fixed {
            value.problem(WORDS.http_url, None, problems);
            return None;
        }
        template(&value, known, problems)
    });
    let json = match section.value("json") {
        None => Some(None),
        Some(value) => {
            value.string(problems).and_then(|text| match serde_json::from_str::<serde_json::Value>(&text) {
                Ok(json) => texts_fine(&json, &value, known, problems).then_some(Some(json)),
                Err(error) => {
                    value.problem(&(WORDS.not_json)(&error.to_string()), None, problems);
                    None
                }
            })
        }
    };
    let token = section
        .value("bearer_token_file")
        .map_or(Some(None), |value| text(&value, problems).map(|path| Some(PathBuf::from(path))));
    let expect = match section.value("expect") {
        None => Some(Vec::new()),
        Some(value) => value.array(problems).and_then(|elements| {
            let read: Vec<u16> = elements
                .iter()
                .filter_map(|one| {
                    let number = one.integer(problems)?;
                    let fits = u16::try_from(number).ok().filter(|status| (100..600).contains(status));
                    if fits.is_none() {
                        one.problem(WORDS.status_bounds, None, problems);
                    }
                    fits
                })
                .collect();
            (read.len() == elements.len()).then_some(read)
        }),
    };
    Some(Action::Http {
        method: method?.to_owned(),
        url: url?,
        json: json?,
        bearer_token_file: token?,
        expect: expect?,
    })
}

/// Whether every text in a JSON value is a template whose places are known.
fn texts_fine(
    json: &serde_json::Value,
    place: &Value<'_, '_>,
    known: &Known<'_>,
    problems: &mut Problems,
) -> bool {
    use serde_json::Value as Json;
    match json {
        Json::String(text) => super::read::checked(text, place, known, problems).is_some(),
        Json::Array(all) => {
            // Every one is checked, so that all problems are told.
            all.iter().filter(|one| !texts_fine(one, place, known, problems)).count() == 0
        }
        Json::Object(all) => all.values().filter(|one| !texts_fine(one, place, known, problems)).count() == 0,
        _ => true,
    }
}

fn with(
    section: &Section<'_, '_>,
    known: &Known<'_>,
    problems: &mut Problems,
) -> Option<BTreeMap<String, Template>> {
    let Some(value) = section.value("with") else { return Some(BTreeMap::new()) };
    let table = value.section(problems)?;
    let entries = table.entries();
    let count = entries.len();
    let all: BTreeMap<String, Template> = entries
        .into_iter()
        .filter_map(|(name, _, value)| Some((name, template(&value, known, problems)?)))
        .collect();
    (all.len() == count).then_some(all)
}

fn matchers(
    section: &Section<'_, '_>,
    known: &Known<'_>,
    problems: &mut Problems,
) -> Option<Vec<(String, Template)>> {
    let value = section.required("matchers", problems)?;
    let table = value.section(problems)?;
    let entries = table.entries();
    let count = entries.len();
    if count == 0 {
        // It would mute everything.
        value.problem(WORDS.matchers_empty, None, problems);
        return None;
    }
    let all: Vec<(String, Template)> = entries
        .into_iter()
        .filter_map(|(name, _, value)| Some((name, template(&value, known, problems)?)))
        .collect();
    (all.len() == count).then_some(all)
}

fn required(
    section: &Section<'_, '_>,
    key: &str,
    known: &Known<'_>,
    problems: &mut Problems,
) -> Option<Template> {
    let value = section.required(key, problems)?;
    template(&value, known, problems)
}

/// The outer `None` is a problem.
#[allow(clippy::option_option)] // a key that is absent is not one that is wrong
fn optional(
    section: &Section<'_, '_>,
    key: &str,
    known: &Known<'_>,
    problems: &mut Problems,
) -> Option<Option<Template>> {
    match section.value(key) {
        None => Some(None),
        Some(value) => template(&value, known, problems).map(Some),
    }
}

fn seconds(section: &Section<'_, '_>, key: &str, least: u32, problems: &mut Problems) -> Option<u32> {
    section.value(key).and_then(|value| span(&value, least, problems))
}

fn span(value: &Value<'_, '_>, least: u32, problems: &mut Problems) -> Option<u32> {
    let text = value.string(problems)?;
    match duration::parse(&text) {
        Ok(seconds) if (least..=LONGEST).contains(&seconds) => Some(seconds),
        Ok(_) => {
            let shown = |seconds: u32| duration::format(i64::from(seconds));
            value.problem(&(WORDS.out_of_bounds)(&shown(least), &shown(LONGEST)), None, problems);
            None
        }
        Err(message) => {
            value.problem(&message, None, problems);
            None
        }
    }
}
