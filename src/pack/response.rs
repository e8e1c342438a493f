//! How a field responds: who is told and when it goes a level up, and which steps of a playbook need no person.

use std::collections::BTreeMap;

use super::Pack;
use super::choice::{advice, choice, required_text};
use super::playbook::StepKind;
use crate::document::{Problems, Section};
use crate::model::{Labels, Severity, duration};
use crate::text::playbook::EN as WORDS;

/// The response of a field.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Response {
    /// Levels of the escalation, the first called first.
    pub levels: Vec<LevelInfo>,
    /// Who is told, by severity, in order of time.
    pub escalation: BTreeMap<Severity, Vec<Rung>>,
    /// Kinds of steps that a watcher carries out by itself.
    pub automatic: Vec<StepKind>,
}

/// A level of the escalation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LevelInfo {
    /// Id, as rotas name it.
    pub id: String,
    /// Title for a person.
    pub title: String,
}

/// One rung: after so long without an acknowledgement, this level is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rung {
    /// Seconds since the incident was opened.
    pub after_s: u32,
    /// Level.
    pub level: String,
}

impl Response {
    /// Title of a level; its id where the pack has none.
    pub fn title<'a>(&'a self, level: &'a str) -> &'a str {
        self.levels.iter().find(|known| known.id == level).map_or(level, |known| known.title.as_str())
    }

    /// The rungs of a severity.
    pub fn rungs(&self, severity: Severity) -> &[Rung] {
        self.escalation.get(&severity).map_or(&[], Vec::as_slice)
    }
}

impl Pack {
    /// What an alert is about: the first of the pack's component labels that it has.
    pub fn component_of<'l>(&self, labels: &'l Labels) -> Option<&'l str> {
        self.alerting
            .component_labels
            .iter()
            .find_map(|name| labels.get(name))
            .filter(|text| !text.is_empty())
    }
}

/// Reads `[[levels]]`, `[escalation]` and `[playbooks]` of `pack.toml`.
pub(super) fn read(root: &Section<'_, '_>, problems: &mut Problems) -> Response {
    let mut response = Response::default();
    for section in root.sections("levels", problems) {
        let id = required_text(&section, "id", problems);
        let title = required_text(&section, "title", problems);
        section.finish(problems);
        let (Some(id), Some(title)) = (id, title) else { continue };
        if response.levels.iter().any(|known| known.id == id) {
            if let Some(value) = section.value("id") {
                value.problem(&(WORDS.level_twice)(&id), None, problems);
            }
            continue;
        }
        response.levels.push(LevelInfo { id, title });
    }
    if let Some(section) = root.section("escalation", problems) {
        escalation(&section, &mut response, problems);
        section.finish(problems);
    }
    if let Some(section) = root.section("playbooks", problems) {
        if let Some(elements) = section.value("automatic").and_then(|value| value.array(problems)) {
            for one in &elements {
                let Some(kind) = choice(one, WORDS.step_kind, &StepKind::NAMES, problems) else { continue };
                if kind == StepKind::Confirm {
                    one.problem(WORDS.confirm_automatic, None, problems);
                    continue;
                }
                response.automatic.push(kind);
            }
        }
        section.finish(problems);
    }
    response
}

fn escalation(section: &Section<'_, '_>, response: &mut Response, problems: &mut Problems) {
    for severity in Severity::ALL {
        let mut rungs: Vec<Rung> = Vec::new();
        for rung in section.sections(severity.as_str(), problems) {
            let after = rung.required("after", problems).and_then(|value| {
                let text = value.string(problems)?;
                match duration::parse(&text) {
                    Ok(seconds) => {
                        if rungs.last().is_some_and(|last| last.after_s > seconds) {
                            value.problem(WORDS.rung_order, None, problems);
                        }
                        Some(seconds)
                    }
                    Err(message) => {
                        value.problem(&message, None, problems);
                        None
                    }
                }
            });
            let level = rung.required("level", problems).and_then(|value| {
                let id = value.string(problems)?;
                if response.levels.iter().any(|known| known.id == id) {
                    return Some(id);
                }
                let help = advice(&id, response.levels.iter().map(|known| known.id.as_str()));
                value.problem(&(WORDS.unknown_level)(&id), help, problems);
                None
            });
            rung.finish(problems);
            if let (Some(after_s), Some(level)) = (after, level) {
                rungs.push(Rung { after_s, level });
            }
        }
        if !rungs.is_empty() {
            response.escalation.insert(severity, rungs);
        }
    }
}
