//! Incidents: opened of alerts by a person or by the pack's rules, kept up with what fires, looked up as a whole.
//!
//! How bad an incident is and what kind it is follow from its alerts, as the pack assesses them (`pack::opening`).

mod rules;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::journal::{AckFilter, IncidentFilter, Journal, Result, RunFilter};
use crate::model::records::{Actor, Book, Deed, Dossier, Incident, Opened};
use crate::model::{Alert, AlertState, Time};
use crate::pack::Pack;

pub use rules::by_rule;

/// Resolved incidents are in the book for this long.
const RECENT: chrono::TimeDelta = chrono::TimeDelta::days(30);
/// Earlier incidents that are named.
const SEEN: u32 = 5;

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
            tx.join(&back.incident, &[pack.member_of(alert)], &actor.operator, now)?;
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

/// What the audit calls a deed.
pub fn action(deed: &Deed) -> &'static str {
    match deed {
        Deed::Open(_) => "incident.open",
        Deed::Join(..) => "incident.join",
        Deed::Take(_) => "incident.acknowledge",
        Deed::Assign(..) => "incident.assign",
        Deed::Note(..) => "incident.note",
        Deed::Resolve(..) => "incident.resolve",
        Deed::Reopen(..) => "incident.reopen",
    }
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
