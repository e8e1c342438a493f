//! The alerts of incidents.

use rusqlite::params;

use super::rows::{Cols, all, labels_text, micros, one, run};
use super::{Journal, JournalError, Result, Tx};
use crate::model::records::{EventKind, Member, NewEvent, NewMember};
use crate::model::{Labels, Time};
use crate::privacy;

/// Labels as they are kept: masked once more, whoever calls.
pub(super) fn masked(labels: &Labels) -> Labels {
    Labels::new(labels.iter().map(|(name, value)| (name, privacy::safe_value(name, value))))
}

impl Journal {
    /// The alerts of an incident, in the order in which they joined.
    pub fn members(&self, incident: &str) -> Result<Vec<Member>> {
        let sql = "SELECT * FROM members WHERE incident = ?1 ORDER BY joined_at, fingerprint";
        all(&self.db, sql, [incident], read)
    }

    /// The newest unresolved incident's member that this alert is, found by the alert: what a webhook brings is held
    /// against its own alerts, however many are open.
    pub fn open_membership(&self, fingerprint: &str) -> Result<Option<Member>> {
        let sql = "SELECT members.* FROM members JOIN incidents ON incidents.id = members.incident
                   WHERE members.fingerprint = ?1 AND incidents.status <> 'resolved'
                   ORDER BY members.joined_at DESC, members.incident DESC LIMIT 1";
        one(&self.db, sql, [fingerprint], read)
    }

    /// The unresolved incidents that an alert belongs to, by alert: every pair there is.
    pub fn open_memberships(&self) -> Result<Vec<Member>> {
        let sql = "SELECT members.* FROM members JOIN incidents ON incidents.id = members.incident
                   WHERE incidents.status <> 'resolved' ORDER BY members.joined_at, members.fingerprint";
        all(&self.db, sql, [], read)
    }
}

impl Tx<'_> {
    /// Adds alerts to an incident; gives how many are new to it. One that had ended and fires again is not new, but
    /// the timeline says so.
    pub fn join(&self, incident: &str, members: &[NewMember], who: &str, now: Time) -> Result<usize> {
        if self.incident(incident)?.is_none() {
            return Err(JournalError::missing("incident", incident));
        }
        let mut new = 0;
        for member in members {
            let labels = masked(&member.labels);
            let summary = privacy::safe_line(&member.summary);
            let made = run(
                &self.db,
                "INSERT INTO members (incident, fingerprint, labels, severity, summary, starts_at, joined_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING",
                params![
                    incident,
                    member.fingerprint,
                    labels_text(&labels)?,
                    member.severity.as_str(),
                    summary,
                    member.starts_at.map(micros),
                    micros(now)
                ],
            )?;
            let sql = "UPDATE members SET ended_at = NULL, starts_at = ?3
                       WHERE incident = ?1 AND fingerprint = ?2 AND ended_at IS NOT NULL";
            let kind = if made > 0 {
                new += 1;
                EventKind::Joined
            } else if run(&self.db, sql, params![incident, member.fingerprint, member.starts_at.map(micros)])?
                > 0
            {
                EventKind::Returned
            } else {
                continue;
            };
            let text = labels.get("alertname").unwrap_or(&summary);
            let event = NewEvent { incident: Some(incident), kind, who, text, about: &member.fingerprint };
            self.event(&event, now)?;
            self.touch(incident, now)?;
        }
        if new > 0 {
            let sql = "UPDATE incidents SET began_at =
                         (SELECT min(coalesce(starts_at, joined_at)) FROM members WHERE incident = ?1)
                       WHERE id = ?1";
            run(&self.db, sql, [incident])?;
        }
        Ok(new)
    }

    /// An alert of an incident no longer fires. `false` where that was known.
    pub fn member_ended(&self, incident: &str, fingerprint: &str, who: &str, now: Time) -> Result<bool> {
        let ended = all(
            &self.db,
            "UPDATE members SET ended_at = ?3 WHERE incident = ?1 AND fingerprint = ?2 AND ended_at IS NULL RETURNING *",
            params![incident, fingerprint, micros(now)],
            read,
        )?;
        let Some(member) = ended.first() else { return Ok(false) };
        let text = member.labels.get("alertname").unwrap_or(&member.summary);
        let event =
            NewEvent { incident: Some(incident), kind: EventKind::Ended, who, text, about: fingerprint };
        self.event(&event, now)?;
        self.touch(incident, now)?;
        Ok(true)
    }
}

pub(super) fn read(row: &Cols<'_>) -> Result<Member> {
    Ok(Member {
        incident: row.get("incident")?,
        fingerprint: row.get("fingerprint")?,
        labels: row.labels("labels")?,
        severity: row.severity("severity")?,
        summary: row.text("summary")?,
        starts_at: row.maybe_time("starts_at")?,
        joined_at: row.time("joined_at")?,
        ended_at: row.maybe_time("ended_at")?,
    })
}
