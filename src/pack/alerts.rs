//! `alerts.toml`: a table per alert, its key the alert's name.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::AlertInfo;
use super::choice::severity;
use super::files::Files;
use super::manifest::{Manifest, category};
use crate::document::{Problems, Section, Value};
use crate::text::pack::EN as WORDS;

/// What is known of each alert, by name.
pub(super) type Known = BTreeMap<String, AlertInfo>;

/// Reads every alert with its runbook.
pub(super) fn read(
    root: &Section<'_, '_>,
    files: &Files,
    manifest: &Manifest,
    problems: &mut Problems,
) -> Known {
    let mut all = BTreeMap::new();
    for (name, _, value) in root.entries() {
        let Some(section) = value.section(problems) else { continue };
        let label = section.value("category");
        let info = AlertInfo {
            severity: section.value("severity").and_then(|value| severity(&value, problems)),
            category: label
                .filter(|_| manifest.known)
                .and_then(|value| category(&value, &manifest.alerting, problems)),
            runbook: section.value("runbook").and_then(|value| runbook(&value, files, problems)),
        };
        section.finish(problems);
        all.insert(name, info);
    }
    all
}

/// The text of a file in `runbooks/`; the name may not lead anywhere else.
fn runbook(value: &Value<'_, '_>, files: &Files, problems: &mut Problems) -> Option<Arc<str>> {
    let name = value.string(problems)?;
    let stem = name.strip_suffix(".md").unwrap_or_default();
    let plain = !stem.is_empty()
        && !stem.starts_with('.')
        && stem.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ' '));
    if !plain {
        value.problem(WORDS.runbook_name, None, problems);
        return None;
    }
    let path = format!("runbooks/{name}");
    match files.read(&path) {
        Ok(Some(text)) => return Some(Arc::from(text.as_ref())),
        Ok(None) => value.problem(&(WORDS.runbook_missing)(&path), None, problems),
        Err(problem) => value.problem(&format!("{path}: {}", problem.message), None, problems),
    }
    None
}
