//! What a playbook's templates are filled with.

use std::collections::BTreeMap;

use crate::model::records::Incident;
use crate::model::{Labels, Template};
use crate::pack::{Pack, Playbook};

/// Facts of an incident, or of none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    values: BTreeMap<&'static str, String>,
    labels: Labels,
}

impl Facts {
    /// Of an incident and the labels of its alerts. Where they differ a label is the first one's: the alert that
    /// opened the incident.
    pub fn new(pack: &Pack, incident: &Incident, alerts: &[Labels], operator: &str) -> Self {
        let labels = alerts.first().cloned().unwrap_or_default();
        let values = BTreeMap::from([
            ("incident", incident.id.to_string()),
            ("title", incident.title.to_string()),
            ("severity", incident.severity.as_str().to_owned()),
            ("category", incident.category.to_string()),
            ("department", labels.get(&pack.alerting.department_label).unwrap_or("").to_owned()),
            ("component", pack.component_of(&labels).unwrap_or("").to_owned()),
            ("alert", labels.get("alertname").unwrap_or("").to_owned()),
            ("operator", operator.to_owned()),
        ]);
        Self { values, labels }
    }

    /// Of an alert that belongs to no incident.
    pub fn of_alert(pack: &Pack, labels: &Labels, operator: &str) -> Self {
        let name = labels.get("alertname").unwrap_or("");
        let values = BTreeMap::from([
            ("title", name.to_owned()),
            ("severity", pack.severity_of(labels).as_str().to_owned()),
            ("category", pack.category_of(labels).unwrap_or_default()),
            ("department", labels.get(&pack.alerting.department_label).unwrap_or("").to_owned()),
            ("component", pack.component_of(labels).unwrap_or("").to_owned()),
            ("alert", name.to_owned()),
            ("operator", operator.to_owned()),
        ]);
        Self { values, labels: labels.clone() }
    }

    /// Where there is no incident: only the operator is known.
    pub fn without_incident(operator: &str) -> Self {
        Self { values: BTreeMap::from([("operator", operator.to_owned())]), labels: Labels::default() }
    }

    /// The value of a place. `given` are parameters that somebody set; `None` is a place that has no value.
    pub fn value(&self, playbook: &Playbook, given: &BTreeMap<String, String>, name: &str) -> Option<String> {
        if let Some(label) = name.strip_prefix("label.") {
            return self.labels.get(label).map(str::to_owned);
        }
        if let Some(param) = name.strip_prefix("param.") {
            if let Some(value) = given.get(param) {
                return Some(value.clone());
            }
            let default = playbook.params.get(param)?.default.as_ref()?;
            return self.fill(default).filter(|text| !text.is_empty());
        }
        self.values.get(name).cloned()
    }

    fn fill(&self, template: &Template) -> Option<String> {
        template
            .fill(&|name| match name.strip_prefix("label.") {
                Some(label) => self.labels.get(label).map(str::to_owned),
                None => self.values.get(name).cloned(),
            })
            .ok()
    }
}
