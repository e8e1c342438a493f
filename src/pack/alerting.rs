//! How a field reads alerts: which severity, which category, which response time.
//!
//! Owns the decision. Must not know a field's words: they stand in the pack's data.

use std::collections::BTreeMap;

use super::Pack;
use crate::model::{Labels, Severity};

/// How alerts are read.
#[derive(Clone, Debug, PartialEq)]
pub struct Alerting {
    /// Value of the `severity` label, lower case → severity.
    pub severities: BTreeMap<String, Severity>,
    /// Severity of an alert without a `severity` label.
    pub unlabelled: Severity,
    /// Response time in seconds by severity; a severity without one has no clock.
    pub response_s: BTreeMap<Severity, u32>,
    /// Label that names the department.
    pub department_label: String,
    /// Values of that label that mean every department.
    pub department_all: Vec<String>,
    /// Alert whose absence is the alarm; `None` when the field has no dead-man's switch.
    pub watchdog: Option<String>,
    /// Labels that name the component an alert is about, first match wins.
    pub component_labels: Vec<String>,
    /// Label that names the incident category.
    pub category_label: String,
    /// Incident categories, in the order in which their rules for alert names are tried.
    pub categories: Vec<Category>,
    /// Id of the category that is left when no rule holds; `None` leaves none.
    pub default_category: Option<String>,
}

/// An incident category and how an alert's name tells it. Both rules ignore case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Category {
    /// Id, as `category` labels and playbooks write it.
    pub id: String,
    /// Title for a person.
    pub title: String,
    /// Lower-case text anywhere in the name.
    pub contains: Vec<String>,
    /// Lower-case whole words of the name (`AI` in `SuspiciousAIUsage`, but not in `FailedBackup`).
    pub words: Vec<String>,
}

impl Alerting {
    /// Severity by the `severity` label alone; an unknown word is `Medium` (somebody should look),
    /// an absent label what the pack says.
    pub fn severity(&self, labels: &Labels) -> Severity {
        match labels.get("severity") {
            None | Some("") => self.unlabelled,
            Some(word) => self.severities.get(&word.to_lowercase()).copied().unwrap_or(Severity::Medium),
        }
    }

    /// The category that an alert's name alone tells, else the default one.
    pub fn category_by_name(&self, name: &str) -> Option<&str> {
        let lower = name.to_lowercase();
        let words = words(name);
        self.categories
            .iter()
            .find(|category| {
                category.contains.iter().any(|text| lower.contains(text.as_str()))
                    || category.words.iter().any(|word| words.contains(word))
            })
            .map(|category| category.id.as_str())
            .or(self.default_category.as_deref())
    }
}

impl Pack {
    /// Severity of an alert: the worse of what its label says and what the field has assessed, so an
    /// alert that calls itself critical is never toned down. The dead-man's switch has none.
    pub fn severity_of(&self, labels: &Labels) -> Severity {
        let name = labels.get("alertname").unwrap_or("");
        if self.alerting.watchdog.as_deref() == Some(name) {
            return Severity::None;
        }
        let assessed = self.alerts.get(name).and_then(|info| info.severity);
        let said = self.alerting.severity(labels);
        // `Severity` orders worst first.
        assessed.map_or(said, |assessed| assessed.min(said))
    }

    /// Incident category of an alert: its category label, else what the pack says of this alert,
    /// else what the name tells. `None` only for a pack without categories.
    pub fn category_of(&self, labels: &Labels) -> Option<String> {
        let label = labels.get(&self.alerting.category_label).map(str::trim).filter(|word| !word.is_empty());
        if let Some(word) = label {
            return Some(word.to_lowercase());
        }
        let name = labels.get("alertname").unwrap_or("");
        let assessed = self.alerts.get(name).and_then(|info| info.category.as_deref());
        assessed.or_else(|| self.alerting.category_by_name(name)).map(str::to_owned)
    }
}

/// The words of a name in `CamelCase`, `snake_case` or with dashes, lower case: `AIModelDown2` is
/// `ai`, `model`, `down`, `2`.
fn words(name: &str) -> Vec<String> {
    let chars: Vec<char> = name.chars().collect();
    let mut words = Vec::new();
    let mut word = String::new();
    for (at, &c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| chars.get(at)).copied();
        let after = chars.get(at + 1).copied();
        let begins = match before {
            None => false,
            Some(before) => {
                (c.is_uppercase() && (before.is_lowercase() || before.is_ascii_digit()))
                    || (c.is_uppercase() && before.is_uppercase() && after.is_some_and(char::is_lowercase))
                    || (c.is_ascii_digit() != before.is_ascii_digit())
            }
        };
        if begins && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        } else if !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fall_into_words() {
        for (name, expected) in [
            ("SuspiciousAIUsage", vec!["suspicious", "ai", "usage"]),
            ("HighFailedAuthRate", vec!["high", "failed", "auth", "rate"]),
            ("CFMDigital", vec!["cfm", "digital"]),
            ("ai_model-down2", vec!["ai", "model", "down", "2"]),
            ("P95High", vec!["p", "95", "high"]),
            ("", vec![]),
            ("__", vec![]),
        ] {
            assert_eq!(words(name), expected, "{name}");
        }
    }
}
