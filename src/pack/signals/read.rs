//! `signals.toml`, strictly.

use super::super::choice::{choice, required_text, text};
use super::super::query::{self, Broken};
use super::{ChangeKind, ChangeSignal, Edge, Owner, Signal, Signals};
use crate::document::{Problems, Section};
use crate::model::evidence::Relation;
use crate::text::pack::EN as WORDS;

/// Reads the whole file.
pub(in crate::pack) fn read(root: &Section<'_, '_>, problems: &mut Problems) -> Signals {
    let mut signals = Signals::default();
    if let Some(labels) = root.strings("component_labels", problems) {
        if let (true, Some(value)) = (labels.is_empty(), root.value("component_labels")) {
            value.problem(WORDS.nothing_inside, None, problems);
        }
        signals.component_labels = labels;
    }
    if let Some(section) = root.section("components", problems) {
        for (component, _, value) in section.entries() {
            for name in value.strings(problems).unwrap_or_default() {
                if signals.also.insert(name.clone(), component.clone()).is_some() {
                    value.problem(&(WORDS.twice)(WORDS.nouns.component, &name), None, problems);
                }
            }
        }
        section.finish(problems);
    }
    if let Some(section) = root.section("titles", problems) {
        for (component, _, value) in section.entries() {
            if let Some(title) = text(&value, problems) {
                signals.titles.insert(component, title);
            }
        }
        section.finish(problems);
    }
    for section in root.sections("signals", problems) {
        let signal = signal(&section, problems);
        section.finish(problems);
        let Some(signal) = signal else { continue };
        if signals.metrics.iter().any(|known| known.name == signal.name) {
            if let Some(value) = section.value("name") {
                value.problem(&(WORDS.twice)(WORDS.nouns.signal, &signal.name), None, problems);
            }
            continue;
        }
        signals.metrics.push(signal);
    }
    for section in root.sections("edges", problems) {
        let [caller, callee] = ["caller", "callee"].map(|key| required_text(&section, key, problems));
        let kinds = [Relation::Calls, Relation::RunsOn].map(|relation| (relation.word(), relation));
        let relation = section
            .value("relation")
            .map_or(Some(Relation::Calls), |value| choice(&value, WORDS.nouns.relation, &kinds, problems));
        section.finish(problems);
        if let (Some(caller), Some(callee), Some(relation)) = (caller, callee, relation) {
            signals.edges.push(Edge { caller, callee, relation });
        }
    }
    for section in root.sections("changes", problems) {
        let title = required_text(&section, "title", problems);
        let query = balanced(&section, problems);
        let kinds = [("moment", ChangeKind::Moment), ("appears", ChangeKind::Appears)];
        let kind = section
            .required("tells", problems)
            .and_then(|value| choice(&value, WORDS.nouns.kind, &kinds, problems));
        section.finish(problems);
        if let (Some(title), Some(query), Some(kind)) = (title, query, kind) {
            signals.changes.push(ChangeSignal { title, query, kind });
        }
    }
    signals
}

fn signal(section: &Section<'_, '_>, problems: &mut Problems) -> Option<Signal> {
    let name = required_text(section, "name", problems);
    let query = balanced(section, problems);
    let of = match section.value("component") {
        Some(value) => Owner::Component(text(&value, problems)?),
        None => Owner::Labels,
    };
    Some(Signal { name: name?, query: query?, of })
}

/// A query: not empty, brackets and quotes closed. The server has the last word.
fn balanced(section: &Section<'_, '_>, problems: &mut Problems) -> Option<String> {
    let value = section.required("query", problems)?;
    let text = text(&value, problems)?;
    if let Some(Broken::Quote(c) | Broken::Bracket(c)) = query::broken(&text) {
        value.problem(&(WORDS.unbalanced)(c), None, problems);
        return None;
    }
    Some(text.trim().to_owned())
}
