//! How a field responds: which alerts open an incident and which belong together, who is told and when it
//! goes a level up, and which steps of a playbook need no person.

use std::collections::BTreeMap;

use super::choice::{advice, choice, required_text, severity};
use super::playbook::StepKind;
use super::{Alerting, Pack};
use crate::document::{Problems, Section};
use crate::model::{Labels, Severity, duration};
use crate::text::playbook::EN as WORDS;

/// The response of a field.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Response {
    /// Severities whose alerts open an incident by themselves.
    pub opens: Vec<Severity>,
    /// What alerts of one incident have in common.
    pub group_by: Vec<String>,
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
    /// The key of the incident that an alert belongs to while it is open.
    pub fn group_of(&self, labels: &Labels) -> String {
        let part = |what: &str| match what {
            "category" => self.category_of(labels).unwrap_or_default(),
            "department" => labels.get(&self.alerting.department_label).unwrap_or("").to_owned(),
            "component" => self.component_of(labels).unwrap_or("").to_owned(),
            label => labels.get(label).unwrap_or("").to_owned(),
        };
        // A separator that no label value can hold after masking keeps `a`,`b c` and `a b`,`c` apart.
        self.response.group_by.iter().map(|what| part(what)).collect::<Vec<_>>().join("\u{1f}")
    }

    /// What an alert is about: the first of the pack's component labels that it has.
    pub fn component_of<'l>(&self, labels: &'l Labels) -> Option<&'l str> {
        self.alerting
            .component_labels
            .iter()
            .find_map(|name| labels.get(name))
            .filter(|text| !text.is_empty())
    }
}

/// Reads `[incidents]`, `[[levels]]`, `[escalation]` and `[playbooks]` of `pack.toml`.
pub(super) fn read(root: &Section<'_, '_>, alerting: &Alerting, problems: &mut Problems) -> Response {
    let mut response = Response::default();
    if let Some(section) = root.section("incidents", problems) {
        if let Some(elements) = section.value("open").and_then(|value| value.array(problems)) {
            response.opens = elements.iter().filter_map(|one| severity(one, problems)).collect();
        }
        response.group_by = section.strings("group_by", problems).unwrap_or_default();
        if response.group_by.is_empty()
            && let Some(value) = section.required("group_by", problems)
        {
            value.problem(WORDS.group_by_empty, None, problems);
        }
        section.finish(problems);
    }
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
    // An incident that nobody is told of is no response.
    for severity in &response.opens {
        if response.rungs(*severity).is_empty() && !alerting.response_s.is_empty() {
            problems.push(0..0, (WORDS.nobody_told)(severity.as_str()), None);
        }
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
