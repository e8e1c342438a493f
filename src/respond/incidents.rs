//! Incidents: opened of alerts by a person or by the pack's rules, kept up with what fires, looked up as a whole.
//!
//! How bad an incident is and what kind it is follow from its alerts, as the pack assesses them.

mod rules;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::journal::{AckFilter, IncidentFilter, Journal, Result, RunFilter};
use crate::model::records::{Actor, Book, Deed, Dossier, Incident, NewIncident, NewMember, Opened, Origin};
use crate::model::{Alert, AlertState, Severity, Time};
use crate::pack::Pack;

pub use rules::by_rule;

/// Resolved incidents are in the book for this long.
const RECENT: chrono::TimeDelta = chrono::TimeDelta::days(30);
/// Earlier incidents that are named.
const SEEN: u32 = 5;

/// An alert as a member.
pub fn member(pack: &Pack, alert: &Alert) -> NewMember {
    let summary = ["summary", "description"].into_iter().find_map(|name| alert.annotations.get(name));
    NewMember {
        fingerprint: alert.fingerprint.clone(),
        labels: alert.labels.clone(),
        severity: pack.severity_of(&alert.labels),
        summary: summary.unwrap_or("").into(),
        starts_at: Some(alert.starts_at),
    }
}

/// An incident of alerts: as bad as the worst of them, of the kind of the worst; without a title it is called after it.
pub fn of_alerts(pack: &Pack, alerts: &[&Alert], title: &str, origin: Origin) -> NewIncident {
    let mut worst: Vec<&&Alert> = alerts.iter().collect();
    // Of equals the first that fired: the others may be its consequences.
    worst.sort_by_key(|alert| (pack.severity_of(&alert.labels), alert.starts_at));
    let first = worst.first();
    let severity = first.map_or(Severity::Medium, |alert| pack.severity_of(&alert.labels));
    let category = first.and_then(|alert| pack.category_of(&alert.labels));
    let category = category.or_else(|| pack.alerting.default_category.clone()).unwrap_or_default();
    let title = if title.trim().is_empty() { first.map_or("", |alert| alert.name()) } else { title.trim() };
    NewIncident {
        title: title.into(),
        // Somebody thought it worth an incident: a note alone is none.
        severity: if severity == Severity::None { Severity::Low } else { severity },
        category: category.into(),
        origin,
        dedup: None,
        assignee: None,
        members: alerts.iter().map(|alert| member(pack, alert)).collect(),
    }
}

/// What became of keeping up.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Kept {
    /// Incidents that a rule opened.
    pub opened: Vec<Incident>,
    /// Incidents that more alerts have joined, or that alerts have left.
    pub changed: BTreeSet<Arc<str>>,
}

/// Holds the incidents against every alert that there is now: opens what a rule wants (where `opens`), and writes down
/// what has ended or fires again. `alerts` must be all of them: one that is missing counts as over.
pub fn keep_up(
    journal: &mut Journal,
    pack: &Pack,
    alerts: &[&Alert],
    opens: bool,
    actor: &Actor,
    now: Time,
) -> Result<Kept> {
    let firing: std::collections::HashMap<&str, &Alert> = alerts
        .iter()
        .filter(|alert| alert.state != AlertState::Pending)
        .map(|alert| (&*alert.fingerprint, *alert))
        .collect();
    let members = journal.open_memberships()?;
    let ended: Vec<_> = members
        .iter()
        .filter(|member| member.ended_at.is_none() && !firing.contains_key(&*member.fingerprint))
        .collect();
    let returned: Vec<_> = members
        .iter()
        .filter(|member| member.ended_at.is_some())
        .filter_map(|member| Some((member, *firing.get(&*member.fingerprint)?)))
        .collect();
    let wanted = if opens { rules::wanted(journal, pack, alerts, &members)? } else { Vec::new() };
    let mut kept = Kept::default();
    // Most of the time nothing has changed, and then nobody is kept from writing.
    if ended.is_empty() && returned.is_empty() && wanted.is_empty() {
        return Ok(kept);
    }
    journal.write(|tx| {
        for gone in &ended {
            if tx.member_ended(&gone.incident, &gone.fingerprint, &actor.operator, now)? {
                kept.changed.insert(gone.incident.clone());
            }
        }
        for (back, alert) in &returned {
            tx.join(&back.incident, &[member(pack, alert)], &actor.operator, now)?;
            kept.changed.insert(back.incident.clone());
        }
        for new in &wanted {
            match tx.open_incident(new, actor, now)? {
                Opened::New(incident) => kept.opened.push(incident),
                Opened::Already(incident) => drop(kept.changed.insert(incident.id)),
            }
        }
        Ok(())
    })?;
    Ok(kept)
}

/// What a console shows.
pub fn book(journal: &Journal, now: Time) -> Result<Book> {
    let filter = IncidentFilter { resolved: true, since: Some(now - RECENT), limit: 0 };
    Ok(Book { incidents: journal.incidents(filter)?, members: journal.open_memberships()? })
}

/// All that is known of an incident.
pub fn dossier(journal: &Journal, id: &str) -> Result<Option<Dossier>> {
    let Some(incident) = journal.incident(id)? else { return Ok(None) };
    let acks = journal.acks(AckFilter { ended: true, ..AckFilter::default() })?;
    let members = journal.members(id)?;
    let concerns = |ack: &crate::model::records::Ack| {
        ack.incident.as_deref() == Some(id)
            || (ack.at >= incident.opened_at
                && incident.resolved_at.is_none_or(|end| ack.at <= end)
                && members.iter().any(|member| member.fingerprint == ack.fingerprint))
    };
    Ok(Some(Dossier {
        events: journal.events(id)?,
        seen: journal.seen_before(id, SEEN)?,
        runs: journal.runs(&RunFilter { over: true, incident: Some(id.into()), limit: 0 })?,
        letters: journal.letters_of(id)?,
        acks: acks.into_iter().filter(concerns).collect(),
        members,
        incident,
    }))
}

/// Does what a person wants; gives the incident as it is then.
pub fn carry_out(journal: &mut Journal, deed: &Deed, actor: &Actor, now: Time) -> Result<Incident> {
    journal.write(|tx| match deed {
        Deed::Open(new) => Ok(tx.open_incident(new, actor, now)?.incident().clone()),
        Deed::Join(id, members) => {
            tx.join(id, members, &actor.operator, now)?;
            tx.incident(id)?.ok_or_else(|| crate::journal::JournalError::missing("incident", &**id))
        }
        Deed::Take(id) => tx.acknowledge_incident(id, actor, now),
        Deed::Assign(id, to) => tx.assign(id, to.as_deref(), actor, now),
        Deed::Note(id, text) => {
            tx.note(id, text, actor, now)?;
            tx.incident(id)?.ok_or_else(|| crate::journal::JournalError::missing("incident", &**id))
        }
        Deed::Resolve(id, what) => tx.resolve(id, what, actor, now),
        Deed::Reopen(id, why) => tx.reopen(id, why, actor, now),
    })
}

#[cfg(test)]
mod tests;
