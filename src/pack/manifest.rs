//! `pack.toml`: title and zone, how alerts are read, departments, AI models.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::choice::{advice, required_text, severity, text};
use super::page::{Context, rows};
use super::panel::Panels;
use super::query::DEPARTMENT;
use super::{AiModel, Alerting, Category, Department, Response, response};
use crate::document::{Problems, Section, Value};
use crate::model::{Severity, duration};
use crate::text::pack::EN as WORDS;

/// What `pack.toml` holds; defaults where it has problems.
#[derive(Debug)]
pub(super) struct Manifest {
    /// Whether there was anything to read: without it no reference into it can be judged.
    pub(super) known: bool,
    pub(super) title: String,
    pub(super) zone: chrono_tz::Tz,
    pub(super) alerting: Alerting,
    pub(super) departments: Vec<Department>,
    pub(super) models: Vec<AiModel>,
    pub(super) response: Response,
}

impl Default for Manifest {
    fn default() -> Self {
        Self {
            known: false,
            title: String::new(),
            zone: chrono_tz::UTC,
            alerting: Alerting {
                severities: BTreeMap::new(),
                unlabelled: Severity::None,
                response_s: BTreeMap::new(),
                department_label: "department".to_owned(),
                department_all: Vec::new(),
                watchdog: None,
                component_labels: Vec::new(),
                category_label: "category".to_owned(),
                categories: Vec::new(),
                default_category: None,
            },
            departments: Vec::new(),
            models: Vec::new(),
            response: Response::default(),
        }
    }
}

/// Reads the whole file.
pub(super) fn read(root: &Section<'_, '_>, panels: &Panels, problems: &mut Problems) -> Manifest {
    let mut manifest = Manifest {
        known: true,
        title: required_text(root, "title", problems).unwrap_or_default(),
        ..Manifest::default()
    };
    if let Some(zone) = root.required("zone", problems).and_then(|value| zone(&value, problems)) {
        manifest.zone = zone;
    }
    if let Some(section) = root.required("alerting", problems).and_then(|value| value.section(problems)) {
        alerting(&section, &mut manifest.alerting, problems);
        section.finish(problems);
    }
    manifest.response = response::read(root, problems);
    for section in root.sections("departments", problems) {
        let id = unique(
            &section,
            WORDS.nouns.department,
            |id| manifest.departments.iter().any(|d| d.id == id),
            problems,
        );
        let title = required_text(&section, "title", problems);
        let context = Context { panels, given: &[DEPARTMENT], seen: RefCell::default() };
        let rows = rows(&section, &context, problems);
        section.finish(problems);
        if let (Some(id), Some(title)) = (id, title) {
            manifest.departments.push(Department { id, title, rows });
        }
    }
    for section in root.sections("models", problems) {
        let id =
            unique(&section, WORDS.nouns.model, |id| manifest.models.iter().any(|m| m.id == id), problems);
        let title = required_text(&section, "title", problems);
        let role = section.string("role", problems).unwrap_or_default();
        section.finish(problems);
        if let (Some(id), Some(title)) = (id, title) {
            manifest.models.push(AiModel { id, title, role });
        }
    }
    manifest
}

/// A required `id` that is not taken yet.
fn unique(
    section: &Section<'_, '_>,
    noun: &str,
    taken: impl Fn(&str) -> bool,
    problems: &mut Problems,
) -> Option<String> {
    let id = required_text(section, "id", problems)?;
    if taken(&id) {
        if let Some(value) = section.value("id") {
            value.problem(&(WORDS.twice)(noun, &id), None, problems);
        }
        return None;
    }
    Some(id)
}

fn zone(value: &Value<'_, '_>, problems: &mut Problems) -> Option<chrono_tz::Tz> {
    let name = value.string(problems)?;
    let zone = name.parse().ok();
    if zone.is_none() {
        let help = advice(&name, chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name()));
        value.problem(&(WORDS.unknown_zone)(&name), help, problems);
    }
    zone
}

fn alerting(section: &Section<'_, '_>, into: &mut Alerting, problems: &mut Problems) {
    if let Some(table) = section.required("severities", problems).and_then(|value| value.section(problems)) {
        for (word, _, value) in table.entries() {
            let Some(severity) = severity(&value, problems) else { continue };
            let word = word.to_lowercase();
            // A field may be calmer than its rules, but never about what they call critical.
            if word == Severity::Critical.as_str() && severity > Severity::High {
                value.problem(WORDS.critical_too_low, None, problems);
            }
            into.severities.insert(word, severity);
        }
    }
    if let Some(severity) = section.value("unlabelled").and_then(|value| severity(&value, problems)) {
        into.unlabelled = severity;
    }
    response(section, into, problems);
    for (key, field) in
        [("department_label", &mut into.department_label), ("category_label", &mut into.category_label)]
    {
        if let Some(label) = section.value(key).and_then(|value| text(&value, problems)) {
            *field = label;
        }
    }
    into.department_all = section.strings("department_all", problems).unwrap_or_default();
    into.component_labels = section.strings("component_labels", problems).unwrap_or_default();
    into.watchdog = section.value("watchdog").and_then(|value| text(&value, problems));
    categories(section, into, problems);
}

fn response(section: &Section<'_, '_>, into: &mut Alerting, problems: &mut Problems) {
    let Some(table) = section.section("response", problems) else { return };
    for severity in Severity::ALL {
        let Some(value) = table.value(severity.as_str()) else { continue };
        let Some(text) = value.string(problems) else { continue };
        match duration::parse(&text) {
            Ok(seconds) => {
                let milder = into.response_s.iter().next_back().map(|(worse, time)| (*worse, *time));
                if let Some((worse, time)) = milder
                    && time > seconds
                {
                    let message = (WORDS.response_order)(worse.as_str(), severity.as_str());
                    value.problem(&message, None, problems);
                }
                into.response_s.insert(severity, seconds);
            }
            Err(message) => value.problem(&message, None, problems),
        }
    }
    table.finish(problems);
}

fn categories(section: &Section<'_, '_>, into: &mut Alerting, problems: &mut Problems) {
    let lower = |words: Option<Vec<String>>| -> Vec<String> {
        words
            .unwrap_or_default()
            .iter()
            .map(|word| word.to_lowercase())
            .filter(|word| !word.is_empty())
            .collect()
    };
    for table in section.sections("categories", problems) {
        let id =
            unique(&table, WORDS.nouns.category, |id| into.categories.iter().any(|c| c.id == id), problems);
        let title = required_text(&table, "title", problems);
        let contains = lower(table.strings("contains", problems));
        let words = lower(table.strings("words", problems));
        table.finish(problems);
        if let Some(id) = id {
            // A category without a title has its problem; alerts may name it all the same.
            into.categories.push(Category { id, title: title.unwrap_or_default(), contains, words });
        }
    }
    into.default_category =
        section.value("default_category").and_then(|value| category(&value, into, problems));
}

/// A reference to a category.
pub(super) fn category(
    value: &Value<'_, '_>,
    alerting: &Alerting,
    problems: &mut Problems,
) -> Option<String> {
    let id = value.string(problems)?;
    if alerting.categories.iter().any(|category| category.id == id) {
        return Some(id);
    }
    let help = advice(&id, alerting.categories.iter().map(|category| category.id.as_str()));
    value.problem(&(WORDS.unknown)(WORDS.nouns.category, &id), help, problems);
    None
}
