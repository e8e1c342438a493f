//! `explore.toml`: ready queries, and the names by which one signal leads to the other.

use super::super::choice::{required_text, text};
use super::super::query::{self, Broken, variables};
use super::{Component, Explore, Link, ReadyQuery};
use crate::document::{Problems, Section, Value};
use crate::model::duration;
use crate::text::pack::EN as WORDS;

/// The variable of a query that shows what has a value.
const VALUE: &str = "value";
/// Scopes that a TraceQL attribute begins with.
const SCOPES: [&str; 6] = ["span.", "resource.", "event.", "link.", "instrumentation.", "."];

/// Reads the whole file. What it does not say is as in a pack without one.
pub(in crate::pack) fn read(root: &Section<'_, '_>, problems: &mut Problems) -> Explore {
    let mut explore = Explore::default();
    if let Some(seconds) = root.value("margin").and_then(|value| seconds(&value, problems)) {
        explore.margin_s = seconds;
    }
    if let Some(section) = root.section("logs", problems) {
        logs(&section, &mut explore, problems);
        section.finish(problems);
    }
    if let Some(section) = root.section("traces", problems) {
        traces(&section, &mut explore, problems);
        section.finish(problems);
    }
    if let Some(section) = root.section("metrics", problems) {
        metrics(&section, &mut explore, problems);
        section.finish(problems);
    }
    for section in root.sections("links", problems) {
        let link = link(&section, problems);
        section.finish(problems);
        let Some(link) = link else { continue };
        if explore.links.iter().any(|known| known.label == link.label) {
            if let Some(value) = section.value("label") {
                value.problem(&(WORDS.twice)(WORDS.nouns.label, &link.label), None, problems);
            }
            continue;
        }
        explore.links.push(link);
    }
    for section in root.sections("components", problems) {
        let read = component(&section, problems);
        section.finish(problems);
        let Some(one) = read else { continue };
        match one.names.iter().find(|name| explore.component(name).is_some()) {
            Some(known) => {
                if let Some(value) = section.value("names") {
                    value.problem(&(WORDS.twice)(WORDS.nouns.component, known), None, problems);
                }
            }
            None => explore.components.push(one),
        }
    }
    explore
}

/// Where a component is seen; one without any query would say nothing.
fn component(section: &Section<'_, '_>, problems: &mut Problems) -> Option<Component> {
    let given = section.required("names", problems);
    let mut asked = |key: &str| section.value(key).and_then(|value| query(&value, problems));
    let (logs, traces, metrics) = (asked("logs"), asked("traces"), asked("metrics"));
    let given = given?;
    let names: Vec<String> =
        given.array(problems)?.iter().filter_map(|value| text(value, problems)).collect();
    if names.is_empty() {
        given.problem(WORDS.nothing_inside, None, problems);
    }
    if ["logs", "traces", "metrics"].iter().all(|key| section.value(key).is_none()) {
        given.problem(WORDS.seen_nowhere, None, problems);
    }
    Some(Component { names, logs, traces, metrics })
}

fn logs(section: &Section<'_, '_>, into: &mut Explore, problems: &mut Problems) {
    if let Some(label) = section.value("any").and_then(|value| name(&value, problems)) {
        into.log_any = label;
    }
    names(section, "service", &mut into.log_service, problems);
    into.log_department = section.value("department").and_then(|value| name(&value, problems));
    names(section, "level", &mut into.log_level, problems);
    names(section, "trace", &mut into.log_trace, problems);
    if let Some(value) = section.value("heavy_bytes")
        && let Some(bytes) = value.integer(problems)
    {
        match u64::try_from(bytes) {
            Ok(bytes) if bytes > 0 => into.heavy_bytes = bytes,
            _ => value.problem(&(WORDS.out_of_range)(1, i64::MAX), None, problems),
        }
    }
    into.logs = ready(section, problems);
}

fn traces(section: &Section<'_, '_>, into: &mut Explore, problems: &mut Problems) {
    if let Some(elements) = section.value("department").and_then(|value| value.array(problems)) {
        into.trace_department = elements.iter().filter_map(|value| attribute(value, problems)).collect();
    }
    if let Some(seconds) = section.value("slow").and_then(|value| seconds(&value, problems)) {
        into.trace_slow_ms = seconds.saturating_mul(1000);
    }
    into.traces = ready(section, problems);
}

fn metrics(section: &Section<'_, '_>, into: &mut Explore, problems: &mut Problems) {
    names(section, "service_labels", &mut into.service_labels, problems);
    into.service_metrics = section.value("service").and_then(|value| of_value(&value, problems));
    into.department_metrics = section.value("department").and_then(|value| of_value(&value, problems));
    into.metrics = ready(section, problems);
}

/// The ready queries of a language, in their order.
fn ready(section: &Section<'_, '_>, problems: &mut Problems) -> Vec<ReadyQuery> {
    let mut all: Vec<ReadyQuery> = Vec::new();
    for table in section.sections("ready", problems) {
        let id = required_text(&table, "id", problems);
        let title = required_text(&table, "title", problems);
        let query = table.required("query", problems).and_then(|value| query(&value, problems));
        table.finish(problems);
        let (Some(id), Some(title), Some(query)) = (id, title, query) else { continue };
        if all.iter().any(|known| known.id == id) {
            if let Some(value) = table.value("id") {
                value.problem(&(WORDS.twice)(WORDS.nouns.ready_query, &id), None, problems);
            }
            continue;
        }
        all.push(ReadyQuery { id, title, query });
    }
    all
}

fn link(section: &Section<'_, '_>, problems: &mut Problems) -> Option<Link> {
    let label = section.required("label", problems).and_then(|value| name(&value, problems));
    let stream = section.value("log").and_then(|value| name(&value, problems));
    if let (Some(_), Some(fields)) = (section.value("log"), section.value("log_fields")) {
        fields.problem(WORDS.two_log_names, None, problems);
    }
    let mut log: Vec<String> = Vec::new();
    names(section, "log_fields", &mut log, problems);
    let log_is_field = !log.is_empty();
    if !log_is_field {
        log.extend(stream);
    }
    let trace = section.value("trace").and_then(|value| attribute(&value, problems));
    let metrics = section.value("metrics").and_then(|value| of_value(&value, problems));
    Some(Link { label: label?, log, log_is_field, trace, metrics })
}

/// A query: not empty, brackets and quotes closed. The server has the last word.
fn query(value: &Value<'_, '_>, problems: &mut Problems) -> Option<String> {
    let text = text(value, problems)?;
    if let Some(Broken::Quote(c) | Broken::Bracket(c)) = query::broken(&text) {
        value.problem(&(WORDS.unbalanced)(c), None, problems);
    }
    Some(text.trim().to_owned())
}

/// A query about a value: it names `$value`, and no other variable.
fn of_value(value: &Value<'_, '_>, problems: &mut Problems) -> Option<String> {
    let text = query(value, problems)?;
    let named: Vec<&str> = variables(&text).into_iter().map(|(name, _)| name).collect();
    for other in named.iter().filter(|name| **name != VALUE) {
        value.problem(&(WORDS.unknown_variable)(other), Some((WORDS.one_of)("$value")), problems);
    }
    if !named.contains(&VALUE) {
        value.problem(WORDS.without_value, None, problems);
    }
    Some(text)
}

/// The name of a label or field, as all three languages take it without quotes.
fn name(value: &Value<'_, '_>, problems: &mut Problems) -> Option<String> {
    let text = text(value, problems)?;
    let mut letters = text.chars();
    let plain = letters.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && letters.all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !plain {
        value.problem(&(WORDS.not_a_label)(&text), Some(WORDS.label_help.to_owned()), problems);
        return None;
    }
    Some(text)
}

/// Names, best first, in place of the usual ones.
fn names(section: &Section<'_, '_>, key: &str, into: &mut Vec<String>, problems: &mut Problems) {
    let Some(value) = section.value(key) else { return };
    let Some(elements) = value.array(problems) else { return };
    if elements.is_empty() {
        value.problem(WORDS.nothing_inside, None, problems);
    }
    *into = elements.iter().filter_map(|value| name(value, problems)).collect();
}

/// A TraceQL attribute with its scope.
fn attribute(value: &Value<'_, '_>, problems: &mut Problems) -> Option<String> {
    let text = text(value, problems)?;
    let name = SCOPES.iter().find_map(|scope| text.strip_prefix(scope)).unwrap_or_default();
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '/' | ':');
    if name.is_empty() || !name.chars().all(plain) {
        value.problem(&(WORDS.not_an_attribute)(&text), Some(WORDS.attribute_help.to_owned()), problems);
        return None;
    }
    Some(text)
}

/// A duration of at least a second.
fn seconds(value: &Value<'_, '_>, problems: &mut Problems) -> Option<u32> {
    let text = value.string(problems)?;
    match duration::parse(&text) {
        Ok(0) => value.problem(&(WORDS.out_of_range)(1, i64::from(u32::MAX)), None, problems),
        Ok(seconds) => return Some(seconds),
        Err(message) => value.problem(&message, None, problems),
    }
    None
}
