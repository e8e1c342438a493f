//! What an incident is made of, from its alerts: how bad it is, what kind it is, what it is called.

use super::Pack;
use crate::model::records::{NewIncident, NewMember, Origin};
use crate::model::{Alert, Severity};

impl Pack {
    /// An alert as a member of an incident.
    pub fn member_of(&self, alert: &Alert) -> NewMember {
        let summary = ["summary", "description"].into_iter().find_map(|name| alert.annotations.get(name));
        NewMember {
            fingerprint: alert.fingerprint.clone(),
            labels: alert.labels.clone(),
            severity: self.severity_of(&alert.labels),
            summary: summary.unwrap_or("").into(),
            starts_at: Some(alert.starts_at),
        }
    }

    /// An incident of alerts: as bad as the worst of them, of the kind of the worst; without a title it is called
    /// after it.
    pub fn incident_of(&self, alerts: &[&Alert], title: &str, origin: Origin) -> NewIncident {
        let mut worst: Vec<&&Alert> = alerts.iter().collect();
        // Of equals the first that fired: the others may be its consequences.
        worst.sort_by_key(|alert| (self.severity_of(&alert.labels), alert.starts_at));
        let first = worst.first();
        let severity = first.map_or(Severity::Medium, |alert| self.severity_of(&alert.labels));
        let category = first.and_then(|alert| self.category_of(&alert.labels));
        let category = category.or_else(|| self.alerting.default_category.clone()).unwrap_or_default();
        let title =
            if title.trim().is_empty() { first.map_or("", |alert| alert.name()) } else { title.trim() };
        NewIncident {
            title: title.into(),
            // Somebody thought it worth an incident: a note alone is none.
            severity: if severity == Severity::None { Severity::Low } else { severity },
            category: category.into(),
            origin,
            dedup: None,
            assignee: None,
            members: alerts.iter().map(|alert| self.member_of(alert)).collect(),
        }
    }
}
