//! A playbook's file, strictly: one with a problem is told and never carried out, not even in part.

use std::collections::BTreeMap;

use super::{Conditions, PLACES, Param, Playbook, step};
use crate::document::{Document, Problem, Problems, Section, Value, did_you_mean};
use crate::model::{Matcher, Template};
use crate::pack::LevelInfo;
use crate::pack::choice::{advice, required_text, severity};
use crate::text::playbook::EN as WORDS;

/// What a playbook may name.
#[derive(Debug)]
pub(crate) struct Known<'a> {
    /// Levels of the escalation.
    pub levels: &'a [LevelInfo],
    /// Ids of categories.
    pub categories: Vec<&'a str>,
    /// Names of alerts that the pack knows; a playbook may name others too.
    pub params: Vec<String>,
}

/// Reads the text of a file. `shown` is what stands for it in messages.
pub(crate) fn read(
    name: &str,
    shown: &str,
    text: &str,
    levels: &[LevelInfo],
    categories: &[&str],
) -> Result<Playbook, Vec<Problem>> {
    let mut problems = Problems::new(shown, text);
    let read = Document::parse(text, &mut problems).and_then(|document| {
        let root = document.root();
        let mut known = Known { levels, categories: categories.to_vec(), params: Vec::new() };
        let read = whole(name, &root, &mut known, &mut problems);
        root.finish(&mut problems);
        read
    });
    match read {
        Some(playbook) if problems.is_empty() => Ok(playbook),
        _ => Err(problems.into_list()),
    }
}

fn whole(
    name: &str,
    root: &Section<'_, '_>,
    known: &mut Known<'_>,
    problems: &mut Problems,
) -> Option<Playbook> {
    let title = required_text(root, "title", problems);
    let about = root.string("about", problems).unwrap_or_default();
    let fits = match root.section("match", problems) {
        Some(section) => {
            let read = conditions(&section, known, problems);
            section.finish(problems);
            read
        }
        None => Conditions::default(),
    };
    let params = params(root, known, problems);
    known.params = params.keys().cloned().collect();
    let sections = root.sections("steps", problems);
    if sections.is_empty() && !root.has("steps") {
        problems.push(0..0, WORDS.no_steps, None);
    }
    let count = sections.len();
    let mut steps = Vec::with_capacity(count);
    for section in sections {
        if let Some(step) = step::read(&section, known, problems) {
            section.finish(problems);
            steps.push(step);
        }
    }
    (steps.len() == count && count > 0).then_some(Playbook {
        name: name.to_owned(),
        title: title?,
        about,
        fits,
        params,
        steps,
    })
}

fn conditions(section: &Section<'_, '_>, known: &Known<'_>, problems: &mut Problems) -> Conditions {
    let mut all = Conditions::default();
    if let Some(elements) = section.value("severity").and_then(|value| value.array(problems)) {
        all.severities = elements.iter().filter_map(|one| severity(one, problems)).collect();
    }
    if let Some(elements) = section.value("category").and_then(|value| value.array(problems)) {
        for one in &elements {
            let Some(id) = one.string(problems) else { continue };
            if known.categories.contains(&id.as_str()) {
                all.categories.push(id);
            } else {
                let help = advice(&id, known.categories.iter().copied());
                one.problem(&(WORDS.unknown_category)(&id), help, problems);
            }
        }
    }
    all.alerts = section.strings("alerts", problems).unwrap_or_default();
    if let Some(elements) = section.value("labels").and_then(|value| value.array(problems)) {
        for one in &elements {
            let Some(text) = one.string(problems) else { continue };
            match Matcher::parse(&text) {
                Ok(matcher) => all.labels.push(matcher),
                Err(message) => one.problem(&message, None, problems),
            }
        }
    }
    all
}

fn params(root: &Section<'_, '_>, known: &Known<'_>, problems: &mut Problems) -> BTreeMap<String, Param> {
    let mut all = BTreeMap::new();
    let Some(table) = root.section("params", problems) else { return all };
    for (name, span, value) in table.entries() {
        if !name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')) {
            problems.push(span, (WORDS.param_name)(&name), None);
            continue;
        }
        let Some(section) = value.section(problems) else { continue };
        let about = section.string("about", problems).unwrap_or_default();
        // A default may name facts of the incident, not other parameters.
        let default = section.value("default").and_then(|value| template(&value, known, problems));
        section.finish(problems);
        all.insert(name, Param { about, default });
    }
    all
}

/// A template whose places are known.
pub(super) fn template(
    value: &Value<'_, '_>,
    known: &Known<'_>,
    problems: &mut Problems,
) -> Option<Template> {
    let text = value.string(problems)?;
    checked(&text, value, known, problems)
}

/// The same for a text within a value.
pub(super) fn checked(
    text: &str,
    value: &Value<'_, '_>,
    known: &Known<'_>,
    problems: &mut Problems,
) -> Option<Template> {
    let template = match Template::parse(text) {
        Ok(template) => template,
        Err(at) => {
            value.problem(&(WORDS.bad_template)(at), Some(WORDS.template_help.to_owned()), problems);
            return None;
        }
    };
    let params: Vec<String> = known.params.iter().map(|name| format!("param.{name}")).collect();
    let mut fine = true;
    for name in template.places() {
        if name.starts_with("label.") || PLACES.contains(&name) || params.iter().any(|param| param == name) {
            continue;
        }
        let all = PLACES.iter().copied().chain(params.iter().map(String::as_str));
        let help = did_you_mean(name, all.clone()).map_or_else(
            || (WORDS.known_ones)(&all.chain(["label.NAME"]).collect::<Vec<_>>().join(", ")),
            |near| (WORDS.did_you_mean)(near),
        );
        value.problem(&(WORDS.unknown_place)(name), Some(help), problems);
        fine = false;
    }
    fine.then_some(template)
}
