//! The pack's rules: which alerts open an incident by themselves.

use std::collections::{BTreeMap, HashSet};

use crate::journal::{Journal, Result};
use crate::model::records::{Member, NewIncident, Origin};
use crate::model::{Alert, AlertState, Severity};
use crate::pack::{IncidentRule, Pack};

/// The incidents that the pack's rules make of alerts. Only what fires and is not muted counts, and of the rules that
/// an alert fits the first.
pub fn by_rule(pack: &Pack, alerts: &[&Alert]) -> Vec<NewIncident> {
    let mut groups: BTreeMap<(usize, String), Vec<&Alert>> = BTreeMap::new();
    for alert in alerts.iter().filter(|alert| alert.state == AlertState::Firing) {
        let severity = pack.severity_of(&alert.labels);
        let category = pack.category_of(&alert.labels).unwrap_or_default();
        let rules = &pack.incidents.rules;
        let fit = |rule: &IncidentRule| rule.fits(&alert.labels, severity, &category);
        if let Some(at) = rules.iter().position(fit) {
            groups.entry((at, rules[at].key(&alert.labels))).or_default().push(alert);
        }
    }
    let mut incidents: Vec<NewIncident> = groups
        .into_iter()
        .map(|((at, key), alerts)| {
            let origin = Origin::Rule(pack.incidents.rules[at].id.as_str().into());
            NewIncident { dedup: Some(key.into()), ..pack.incident_of(&alerts, "", origin) }
        })
        .collect();
    incidents.sort_by_key(|incident| incident.severity);
    incidents
}

/// What of it is still to be done: neither what an open incident has already, whoever opened it, nor what somebody has
/// resolved while it goes on firing.
pub(super) fn wanted(
    journal: &Journal,
    pack: &Pack,
    alerts: &[&Alert],
    members: &[Member],
) -> Result<Vec<NewIncident>> {
    let taken: HashSet<&str> = members.iter().map(|member| &*member.fingerprint).collect();
    let free: Vec<&Alert> =
        alerts.iter().copied().filter(|alert| !taken.contains(&*alert.fingerprint)).collect();
    let mut wanted = Vec::new();
    for mut new in by_rule(pack, &free) {
        let settled = journal.settled(new.dedup.as_deref().unwrap_or(""))?;
        new.members.retain(|member| {
            let micros = |at: crate::model::Time| at.timestamp_micros();
            !settled.iter().any(|(fingerprint, starts_at)| {
                *fingerprint == member.fingerprint && starts_at.map(micros) == member.starts_at.map(micros)
            })
        });
        if !new.members.is_empty() {
            let worst = new.members.iter().map(|member| member.severity).min();
            new.severity = worst.filter(|severity| *severity != Severity::None).unwrap_or(Severity::Low);
            wanted.push(new);
        }
    }
    Ok(wanted)
}
