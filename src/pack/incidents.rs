//! `incidents.toml`: which alerts open an incident by themselves, and how long records are kept.

use std::collections::BTreeSet;

use super::choice::{advice, severity};
use super::manifest::Manifest;
use super::{alerts, choice};
use crate::document::{Problems, Section};
use crate::model::{Labels, Severity, duration};
use crate::text::pack::EN as WORDS;

/// What a pack says of incidents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Incidents {
    /// Rules that open them, in the order in which they are tried.
    pub rules: Vec<IncidentRule>,
    /// How long what is over is kept.
    pub retention: Retention,
}

/// A rule that opens incidents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IncidentRule {
    /// Its name.
    pub id: String,
    /// Alerts at least this bad.
    pub severity: Option<Severity>,
    /// Alerts of these categories; empty is all.
    pub categories: Vec<String>,
    /// Alerts of these names, in lower case; empty is all.
    pub alerts: Vec<String>,
    /// Labels by which alerts are told apart: one incident for each combination of values.
    pub together: Vec<String>,
}

impl IncidentRule {
    /// Whether an alert fits; `severity` and `category` are the pack's assessment.
    pub fn fits(&self, labels: &Labels, severity: Severity, category: &str) -> bool {
        let name = labels.get("alertname").unwrap_or("").to_lowercase();
        // `Severity` orders worst first; what has none is a note, never an incident.
        severity != Severity::None
            && self.severity.is_none_or(|least| severity <= least)
            && (self.categories.is_empty() || self.categories.iter().any(|one| one == category))
            && (self.alerts.is_empty() || self.alerts.contains(&name))
    }

    /// The key of the incident that an alert belongs to: one unresolved incident has it.
    pub fn key(&self, labels: &Labels) -> String {
        let values: Vec<String> = self
            .together
            .iter()
            .map(|name| format!("{name}={}", crate::model::labels::Quoted(labels.get(name).unwrap_or(""))))
            .collect();
        format!("rule/{}/{}", self.id, values.join(","))
    }
}

/// How long what is over is kept, in seconds; what has no term is kept for ever.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Retention {
    /// Records of the audit.
    pub audit_s: Option<u32>,
    /// Resolved incidents, with their timelines.
    pub incidents_s: Option<u32>,
    /// Acknowledgements that ended.
    pub acks_s: Option<u32>,
    /// Runs that are over.
    pub runs_s: Option<u32>,
    /// Letters that were sent or given up.
    pub letters_s: Option<u32>,
    /// Files of evidence, from when their incident was resolved.
    pub evidence_s: Option<u32>,
}

/// Reads the whole file.
pub(super) fn read(
    root: &Section<'_, '_>,
    manifest: &Manifest,
    known: &alerts::Known,
    problems: &mut Problems,
) -> Incidents {
    let mut incidents = Incidents::default();
    let mut ids = BTreeSet::new();
    for section in root.sections("rules", problems) {
        let rule = rule(&section, manifest, known, problems);
        section.finish(problems);
        if !rule.id.is_empty() && !ids.insert(rule.id.clone()) {
            if let Some(value) = section.value("id") {
                value.problem(&(WORDS.twice)(WORDS.nouns.incident_rule, &rule.id), None, problems);
            }
            continue;
        }
        incidents.rules.push(rule);
    }
    if let Some(section) = root.section("retention", problems) {
        let kept = &mut incidents.retention;
        for (key, term) in [
            ("audit", &mut kept.audit_s),
            ("incidents", &mut kept.incidents_s),
            ("acks", &mut kept.acks_s),
            ("runs", &mut kept.runs_s),
            ("letters", &mut kept.letters_s),
            ("evidence", &mut kept.evidence_s),
        ] {
            *term = self::term(&section, key, problems);
        }
        section.finish(problems);
    }
    incidents
}

fn term(section: &Section<'_, '_>, key: &str, problems: &mut Problems) -> Option<u32> {
    let value = section.value(key)?;
    let text = value.string(problems)?;
    match duration::parse(&text) {
        // Less than a day would take away what the night has just recorded.
        Ok(seconds) if seconds >= 86_400 => Some(seconds),
        Ok(_) => {
            value.problem(WORDS.term_too_short, None, problems);
            None
        }
        Err(why) => {
            value.problem(&why, None, problems);
            None
        }
    }
}

fn rule(
    section: &Section<'_, '_>,
    manifest: &Manifest,
    known: &alerts::Known,
    problems: &mut Problems,
) -> IncidentRule {
    let rule = IncidentRule {
        id: choice::required_text(section, "id", problems).unwrap_or_default(),
        severity: section.value("severity").and_then(|value| severity(&value, problems)),
        categories: section.strings("categories", problems).unwrap_or_default(),
        alerts: section.strings("alerts", problems).unwrap_or_default(),
        together: section.strings("together", problems).unwrap_or_default(),
    };
    let says = section.has("severity") || section.has("categories") || section.has("alerts");
    if !says && let Some(value) = section.value("id") {
        value.problem(WORDS.rule_of_everything, None, problems);
    }
    if manifest.known {
        let ids = || manifest.alerting.categories.iter().map(|category| category.id.as_str());
        for category in rule.categories.iter().filter(|one| !ids().any(|id| id == one.as_str())) {
            if let Some(value) = section.value("categories") {
                let words = (WORDS.unknown)(WORDS.nouns.category, category);
                value.problem(&words, advice(category, ids()), problems);
            }
        }
    }
    let names = || known.keys().map(String::as_str);
    for alert in rule.alerts.iter().filter(|one| !names().any(|name| name.eq_ignore_ascii_case(one))) {
        if let Some(value) = section.value("alerts") {
            value.problem(&(WORDS.unknown)(WORDS.nouns.alert, alert), advice(alert, names()), problems);
        }
    }
    IncidentRule { alerts: rule.alerts.iter().map(|name| name.to_lowercase()).collect(), ..rule }
}
