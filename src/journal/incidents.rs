//! Incidents.

use std::sync::Arc;

use rusqlite::params;
use serde_json::json;

use super::rows::{Cols, all, micros, one, run};
use super::{Journal, JournalError, Result, Tx};
use crate::model::records::{
    Actor, EventKind, Incident, IncidentStatus, NewEvent, NewIncident, NewRecord, Opened, Origin,
};
use crate::model::{Severity, Time};
use crate::privacy;

/// Which incidents are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct IncidentFilter {
    /// Those that are resolved too.
    pub resolved: bool,
    /// Of the resolved ones those that were opened since.
    pub since: Option<Time>,
    /// At most so many; 0 is all.
    pub limit: u32,
}

/// What is to be changed of an incident.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes {
    /// Another title.
    pub title: Option<Box<str>>,
    /// Another severity.
    pub severity: Option<Severity>,
    /// Another category.
    pub category: Option<Box<str>>,
}

pub(super) const COLUMNS: &str = "SELECT incidents.*,
    (SELECT count(*) FROM members WHERE incident = incidents.id) AS members,
    (SELECT count(*) FROM members WHERE incident = incidents.id AND ended_at IS NULL) AS firing
  FROM incidents";

impl Journal {
    /// Incidents, the newest first.
    pub fn incidents(&self, filter: IncidentFilter) -> Result<Vec<Incident>> {
        let sql = format!(
            "{COLUMNS} WHERE status <> 'resolved' OR (?1 AND opened_at >= ?2)
             ORDER BY opened_at DESC, rowid DESC LIMIT ?3"
        );
        let since = filter.since.map_or(i64::MIN, micros);
        let limit = if filter.limit == 0 { -1 } else { i64::from(filter.limit) };
        all(&self.db, &sql, params![filter.resolved, since, limit], read)
    }

    /// An incident.
    pub fn incident(&self, id: &str) -> Result<Option<Incident>> {
        one(&self.db, &format!("{COLUMNS} WHERE id = ?1"), [id], read)
    }

    /// The alerts of resolved incidents of a key, and since when they fired then: what is settled is not opened again
    /// while the same alert goes on firing.
    pub fn settled(&self, dedup: &str) -> Result<Vec<(Arc<str>, Option<Time>)>> {
        let sql = "SELECT members.fingerprint, members.starts_at FROM members
                   JOIN incidents ON incidents.id = members.incident
                   WHERE incidents.dedup = ?1 AND incidents.status = 'resolved'";
        all(&self.db, sql, [dedup], |row| Ok((row.get("fingerprint")?, row.maybe_time("starts_at")?)))
    }

    /// Since when an alert fired in the resolved incidents that it belonged to: found by the alert, so that a storm's
    /// thousand are looked up fast however many incidents there were.
    pub fn settled_alert(&self, fingerprint: &str) -> Result<Vec<Option<Time>>> {
        let sql = "SELECT members.starts_at FROM members JOIN incidents ON incidents.id = members.incident
                   WHERE members.fingerprint = ?1 AND incidents.status = 'resolved'";
        all(&self.db, sql, [fingerprint], |row| row.maybe_time("starts_at"))
    }

    fn needed(&self, id: &str) -> Result<Incident> {
        self.incident(id)?.ok_or_else(|| JournalError::missing("incident", id))
    }

    /// An id that nothing has: the moment in UTC, with a number behind it where that is taken.
    pub(super) fn free_id(&self, prefix: &str, table: &str, now: Time) -> Result<Arc<str>> {
        let base = format!("{prefix}-{}", now.format("%Y%m%d%H%M%S"));
        // In a storm a thousand share a second, so the number is neither tried for nor counted: the row that was made
        // last has the highest of its second, unless another process's clock says another one.
        let newest =
            one(&self.db, &format!("SELECT id FROM {table} ORDER BY rowid DESC LIMIT 1"), [], |row| {
                row.get::<String>("id")
            })?;
        if let Some(number) = newest.as_deref().and_then(|id| number_after(id, &base)) {
            let next = format!("{base}-{}", number + 1);
            let taken = format!("SELECT id FROM {table} WHERE id = ?1");
            if one(&self.db, &taken, [&next], |row| row.get::<String>("id"))?.is_none() {
                return Ok(next.into());
            }
        }
        // The ids that begin like this are one piece of the index.
        let sql = format!(
            "SELECT count(*) AS many, max(CAST(substr(id, ?3) AS INTEGER)) AS highest FROM {table}
             WHERE id >= ?1 AND id < ?2"
        );
        let after = format!("{base}.");
        let skip = u32::try_from(base.chars().count() + 2).unwrap_or(u32::MAX);
        let found = one(&self.db, &sql, params![base, after, skip], |row| {
            Ok((row.get::<i64>("many")?, row.get::<Option<i64>>("highest")?))
        })?;
        Ok(match found {
            Some((many, highest)) if many > 0 => format!("{base}-{}", highest.unwrap_or(0).max(1) + 1).into(),
            _ => base.into(),
        })
    }
}

/// The number behind an id of this moment, 1 where it has none; `None` where it is of another.
fn number_after(id: &str, base: &str) -> Option<u64> {
    match id.strip_prefix(base)? {
        "" => Some(1),
        rest => rest.strip_prefix('-')?.parse().ok(),
    }
}

impl Tx<'_> {
    /// Opens an incident.
    pub fn open_incident(&self, new: &NewIncident, actor: &Actor, now: Time) -> Result<Opened> {
        if let Some(dedup) = &new.dedup {
            let sql = "SELECT id FROM incidents WHERE dedup = ?1 AND status <> 'resolved'";
            if let Some(id) = one(&self.db, sql, [dedup], |row| row.get::<String>("id"))? {
                self.join(&id, &new.members, &actor.operator, now)?;
                return Ok(Opened::Already(self.needed(&id)?));
            }
        }
        let id = self.free_id("INC", "incidents", now)?;
        let title = privacy::safe_line(&new.title);
        let rule = match &new.origin {
            Origin::Hand => None,
            Origin::Rule(rule) => Some(rule),
        };
        run(
            &self.db,
            "INSERT INTO incidents
               (id, title, severity, category, status, assignee, rule, dedup, opened_at, opened_by, updated_at)
             VALUES (?1, ?2, ?3, ?4, 'open', ?5, ?6, ?7, ?8, ?9, ?8)",
            params![
                id,
                title,
                new.severity.as_str(),
                new.category,
                new.assignee,
                rule,
                new.dedup,
                micros(now),
                actor.operator
            ],
        )?;
        let about = rule.map_or("", |rule| rule);
        self.told(&id, EventKind::Opened, &actor.operator, &title, about, now)?;
        self.join(&id, &new.members, &actor.operator, now)?;
        let details = json!({
            "title": title, "severity": new.severity.as_str(), "category": new.category, "rule": rule,
            "members": new.members.iter().map(|member| &*member.fingerprint).collect::<Vec<_>>(),
        });
        self.audit(&NewRecord::done("incident.open", &id).with(details), actor, now)?;
        Ok(Opened::New(self.needed(&id)?))
    }

    /// Writes a note into an incident.
    pub fn note(&self, id: &str, text: &str, actor: &Actor, now: Time) -> Result<()> {
        self.needed(id)?;
        let text = privacy::safe(text);
        if text.trim().is_empty() {
            return Err(JournalError::Refused("a note without a word is none".to_owned()));
        }
        self.told(id, EventKind::Note, &actor.operator, text.trim(), "", now)?;
        let details = json!({ "text": text.trim() });
        self.audit(&NewRecord::done("incident.note", id).with(details), actor, now)?;
        Ok(())
    }

    /// Gives an incident to somebody, or to nobody.
    pub fn assign(&self, id: &str, to: Option<&str>, actor: &Actor, now: Time) -> Result<Incident> {
        let incident = self.needed(id)?;
        let to = to.map(privacy::safe_line);
        if incident.assignee == to {
            return Ok(incident);
        }
        run(&self.db, "UPDATE incidents SET assignee = ?2 WHERE id = ?1", params![id, to])?;
        self.told(id, EventKind::Assigned, &actor.operator, to.as_deref().unwrap_or(""), "", now)?;
        let details = json!({ "from": incident.assignee, "to": to });
        self.audit(&NewRecord::done("incident.assign", id).with(details), actor, now)?;
        self.needed(id)
    }

    /// Takes an incident: whoever does it first stops its response clock.
    pub fn acknowledge_incident(&self, id: &str, actor: &Actor, now: Time) -> Result<Incident> {
        let incident = self.needed(id)?;
        if incident.status != IncidentStatus::Open {
            return Ok(incident);
        }
        run(
            &self.db,
            "UPDATE incidents SET status = 'acknowledged', acked_at = coalesce(acked_at, ?2),
               acked_by = coalesce(acked_by, ?3), assignee = coalesce(assignee, ?3) WHERE id = ?1",
            params![id, micros(now), actor.operator],
        )?;
        self.told(id, EventKind::Acknowledged, &actor.operator, "", "", now)?;
        self.audit(&NewRecord::done("incident.acknowledge", id), actor, now)?;
        self.needed(id)
    }

    /// Resolves an incident, with what helped.
    pub fn resolve(&self, id: &str, resolution: &str, actor: &Actor, now: Time) -> Result<Incident> {
        if self.needed(id)?.status == IncidentStatus::Resolved {
            return Err(JournalError::Refused(format!("{id} is resolved already")));
        }
        let resolution = privacy::safe(resolution);
        run(
            &self.db,
            "UPDATE incidents SET status = 'resolved', resolved_at = ?2, resolved_by = ?3, resolution = ?4
             WHERE id = ?1",
            params![id, micros(now), actor.operator, resolution.trim()],
        )?;
        self.told(id, EventKind::Resolved, &actor.operator, resolution.trim(), "", now)?;
        let details = json!({ "resolution": resolution.trim() });
        self.audit(&NewRecord::done("incident.resolve", id).with(details), actor, now)?;
        self.needed(id)
    }

    /// Opens a resolved incident again.
    pub fn reopen(&self, id: &str, why: &str, actor: &Actor, now: Time) -> Result<Incident> {
        let incident = self.needed(id)?;
        if incident.status != IncidentStatus::Resolved {
            return Err(JournalError::Refused(format!("{id} is not resolved")));
        }
        // Meanwhile a rule may have opened another for the same: then this one is no longer the rule's.
        let sql = "UPDATE incidents SET status = ?2, resolved_at = NULL, resolved_by = NULL, resolution = '',
                     dedup = CASE WHEN EXISTS (SELECT 1 FROM incidents AS other WHERE other.dedup = incidents.dedup
                       AND other.status <> 'resolved') THEN NULL ELSE dedup END
                   WHERE id = ?1";
        let status =
            if incident.acked_at.is_some() { IncidentStatus::Acknowledged } else { IncidentStatus::Open };
        run(&self.db, sql, params![id, status.as_str()])?;
        let why = privacy::safe(why);
        self.told(id, EventKind::Reopened, &actor.operator, why.trim(), "", now)?;
        let details = json!({ "why": why.trim(), "resolution": incident.resolution });
        self.audit(&NewRecord::done("incident.reopen", id).with(details), actor, now)?;
        self.needed(id)
    }

    /// Changes what an incident is called, how bad it is or what kind it is.
    pub fn change(&self, id: &str, changes: &Changes, actor: &Actor, now: Time) -> Result<Incident> {
        let before = self.needed(id)?;
        let title = changes.title.as_deref().map_or_else(|| before.title.clone(), privacy::safe_line);
        let severity = changes.severity.unwrap_or(before.severity);
        let category = changes.category.clone().unwrap_or_else(|| before.category.clone());
        let pairs = [
            ("title", &*before.title, &*title),
            ("severity", before.severity.as_str(), severity.as_str()),
            ("category", &*before.category, &*category),
        ];
        let changed: Vec<_> = pairs.into_iter().filter(|(_, old, new)| old != new).collect();
        if changed.is_empty() {
            return Ok(before);
        }
        let sql = "UPDATE incidents SET title = ?2, severity = ?3, category = ?4 WHERE id = ?1";
        run(&self.db, sql, params![id, title, severity.as_str(), category])?;
        let mut details = serde_json::Map::new();
        for (what, old, new) in changed {
            self.told(id, EventKind::Changed, &actor.operator, &format!("{old} → {new}"), what, now)?;
            details.insert(what.to_owned(), json!([old, new]));
        }
        self.audit(&NewRecord::done("incident.change", id).with(details.into()), actor, now)?;
        self.needed(id)
    }

    /// Writes into an incident's timeline and marks it as changed.
    pub(super) fn told(
        &self,
        id: &str,
        kind: EventKind,
        who: &str,
        text: &str,
        about: &str,
        now: Time,
    ) -> Result<()> {
        self.event(&NewEvent { incident: Some(id), kind, who, text, about }, now)?;
        self.touch(id, now)
    }

    pub(super) fn touch(&self, id: &str, now: Time) -> Result<()> {
        run(&self.db, "UPDATE incidents SET updated_at = ?2 WHERE id = ?1", params![id, micros(now)])
            .map(drop)
    }
}

pub(super) fn read(row: &Cols<'_>) -> Result<Incident> {
    Ok(Incident {
        id: row.get("id")?,
        title: row.text("title")?,
        severity: row.severity("severity")?,
        category: row.text("category")?,
        status: row.word("status", IncidentStatus::parse)?,
        assignee: row.get("assignee")?,
        origin: row.get::<Option<Box<str>>>("rule")?.map_or(Origin::Hand, Origin::Rule),
        began_at: row.maybe_time("began_at")?,
        opened_at: row.time("opened_at")?,
        opened_by: row.text("opened_by")?,
        acked_at: row.maybe_time("acked_at")?,
        acked_by: row.get("acked_by")?,
        resolved_at: row.maybe_time("resolved_at")?,
        resolved_by: row.get("resolved_by")?,
        resolution: row.text("resolution")?,
        updated_at: row.time("updated_at")?,
        members: row.get("members")?,
        firing: row.get("firing")?,
    })
}
