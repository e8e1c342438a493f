//! `advice.toml`, strictly.

use super::super::choice::{advice as near, choice, severity, text};
use super::super::manifest::Manifest;
use super::{Advice, AdviceRule, KINDS};
use crate::document::{Problems, Section};
use crate::pack::Playbook;
use crate::text::pack::EN as WORDS;

/// Reads the whole file; what it names must be there.
pub(in crate::pack) fn read(
    root: &Section<'_, '_>,
    manifest: &Manifest,
    playbooks: &[Playbook],
    problems: &mut Problems,
) -> Advice {
    let mut advice = Advice::default();
    for section in root.sections("advice", problems) {
        advice.rules.push(rule(&section, manifest, playbooks, problems));
        section.finish(problems);
    }
    advice
}

fn rule(
    section: &Section<'_, '_>,
    manifest: &Manifest,
    playbooks: &[Playbook],
    problems: &mut Problems,
) -> AdviceRule {
    let kinds = KINDS.map(|kind| (kind, kind));
    let causes = elements(section, "cause", problems, |value, problems| {
        choice(value, WORDS.nouns.cause, &kinds, problems).map(str::to_owned)
    });
    let components = elements(section, "component", problems, text);
    let categories = elements(section, "category", problems, |value, problems| {
        let word = text(value, problems)?;
        let ids = || manifest.alerting.categories.iter().map(|one| one.id.as_str());
        // Of a manifest that could not be read nothing is known, and its own problem is told.
        if manifest.known && !ids().any(|id| id == word) {
            value.problem(&(WORDS.unknown)(WORDS.nouns.category, &word), near(&word, ids()), problems);
            return None;
        }
        Some(word)
    });
    let severities = elements(section, "severity", problems, severity);
    let say = elements(section, "say", problems, text);
    let playbooks = elements(section, "playbooks", problems, |value, problems| {
        let name = text(value, problems)?;
        let names = || playbooks.iter().map(|one| one.name.as_str());
        if !names().any(|known| known == name) {
            value.problem(&(WORDS.unknown)(WORDS.nouns.playbook, &name), near(&name, names()), problems);
            return None;
        }
        Some(name)
    });
    if !section.has("cause") && !section.has("component") {
        problems.push(section.span(), (WORDS.advice_of_everything)(section.path()), None);
    }
    if !section.has("say") && !section.has("playbooks") {
        problems.push(section.span(), (WORDS.advice_of_nothing)(section.path()), None);
    }
    AdviceRule { causes, components, categories, severities, say, playbooks }
}

/// The elements of a list, each read by `one`; a list without any is a problem, because it would never hold.
fn elements<'a, 't, T>(
    section: &Section<'a, 't>,
    key: &str,
    problems: &mut Problems,
    mut one: impl FnMut(&crate::document::Value<'a, 't>, &mut Problems) -> Option<T>,
) -> Vec<T> {
    let Some(value) = section.value(key) else { return Vec::new() };
    let Some(all) = value.array(problems) else { return Vec::new() };
    if all.is_empty() {
        value.problem(WORDS.nothing_inside, None, problems);
    }
    all.iter().filter_map(|element| one(element, problems)).collect()
}
