//! Acknowledgements: at most one of an alert is live.

use rusqlite::params;
use serde_json::json;

use super::members::masked;
use super::rows::{Cols, all, labels_text, micros, one, run};
use super::{Journal, JournalError, Result, Tx};
use crate::model::Time;
use crate::model::records::{Ack, AckState, Actor, EventKind, NewAck, NewEvent, NewRecord};
use crate::privacy;

/// Which acknowledgements are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AckFilter {
    /// Those that are over too.
    pub ended: bool,
    /// Of those the ones that ended since.
    pub since: Option<Time>,
    /// At most so many; 0 is all.
    pub limit: u32,
}

impl Journal {
    /// Acknowledgements, the newest first.
    pub fn acks(&self, filter: AckFilter) -> Result<Vec<Ack>> {
        let sql =
            "SELECT * FROM acks WHERE state <> 'ended' OR (?1 AND ended_at >= ?2) ORDER BY id DESC LIMIT ?3";
        let since = filter.since.map_or(i64::MIN, micros);
        let limit = if filter.limit == 0 { -1 } else { i64::from(filter.limit) };
        all(&self.db, sql, params![filter.ended, since, limit], read)
    }

    /// An acknowledgement by its number.
    pub fn ack_by_id(&self, id: i64) -> Result<Option<Ack>> {
        one(&self.db, "SELECT * FROM acks WHERE id = ?1", [id], read)
    }

    /// The live acknowledgement of an alert.
    pub fn ack_of(&self, fingerprint: &str) -> Result<Option<Ack>> {
        one(&self.db, "SELECT * FROM acks WHERE fingerprint = ?1 AND state <> 'ended'", [fingerprint], read)
    }

    /// What is still to be done at Alertmanager: silences to be made, and those to be ended.
    pub fn acks_to_carry_out(&self) -> Result<Vec<Ack>> {
        let sql = "SELECT * FROM acks WHERE state IN ('pending', 'failed') OR silence_left <> 0 ORDER BY id";
        all(&self.db, sql, [], read)
    }
}

impl Tx<'_> {
    /// Acknowledges an alert. [`JournalError::Taken`] where a colleague was faster.
    pub fn ack(&self, new: &NewAck, actor: &Actor, now: Time) -> Result<Ack> {
        if let Some(there) = self.ack_of(&new.fingerprint)? {
            return Err(JournalError::Taken(Box::new(there)));
        }
        let labels = masked(&new.labels);
        let why = privacy::safe_line(&new.why);
        let state = if new.silence { AckState::Pending } else { AckState::Local };
        run(
            &self.db,
            "INSERT INTO acks (fingerprint, labels, incident, who, at, why, until, lease_s, state, updated_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?5)",
            params![
                new.fingerprint,
                labels_text(&labels)?,
                new.incident,
                actor.operator,
                micros(now),
                why,
                new.until.map(micros),
                new.lease_s,
                state.as_str()
            ],
        )?;
        let id = self.db.last_insert_rowid();
        let event = NewEvent {
            incident: new.incident.as_deref(),
            kind: EventKind::Acknowledged,
            who: &actor.operator,
            text: &why,
            about: &new.fingerprint,
        };
        self.event(&event, now)?;
        let details = json!({
            "ack": id, "alertname": labels.get("alertname"), "why": why, "silence": new.silence,
            "until": new.until.map(|until| until.to_rfc3339()), "incident": new.incident,
        });
        self.audit(&NewRecord::done("ack", &new.fingerprint).with(details), actor, now)?;
        self.needed_ack(id)
    }

    /// Its silence is at Alertmanager, or was extended there.
    pub fn ack_silenced(&self, id: i64, silence: &str, until: Option<Time>, now: Time) -> Result<Ack> {
        let ack = self.needed_ack(id)?;
        // It may have been ended while its silence was under way: then the silence is ended too.
        let sql = "UPDATE acks SET silence = ?2, until = coalesce(?3, until), error = '', updated_at = ?4,
                     silence_left = CASE WHEN state = 'ended' THEN 1 ELSE silence_left END,
                     state = CASE WHEN state = 'ended' THEN state ELSE 'at_alertmanager' END
                   WHERE id = ?1";
        run(&self.db, sql, params![id, silence, until.map(micros), micros(now)])?;
        if ack.silence.as_deref() != Some(silence) {
            self.ack_event(&ack, EventKind::Silence, &ack.who, silence, now)?;
        }
        self.needed_ack(id)
    }

    /// Alertmanager did not take it, or not the end of it: tried again where `last` is false.
    pub fn ack_trouble(&self, id: i64, error: &str, last: bool, now: Time) -> Result<Ack> {
        let sql = "UPDATE acks SET error = ?2, attempts = attempts + 1, updated_at = ?4,
                     silence_left = CASE WHEN state = 'ended' AND ?3 THEN 0 ELSE silence_left END,
                     state = CASE WHEN state = 'ended' THEN state WHEN ?3 THEN 'failed' ELSE state END
                   WHERE id = ?1";
        run(&self.db, sql, params![id, privacy::safe_line(error), last, micros(now)])?;
        self.needed_ack(id)
    }

    /// A live acknowledgement holds until another moment, without a word to Alertmanager.
    pub fn ack_until(&self, id: i64, until: Option<Time>, now: Time) -> Result<Ack> {
        let sql = "UPDATE acks SET until = ?2, updated_at = ?3 WHERE id = ?1 AND state <> 'ended'";
        run(&self.db, sql, params![id, until.map(micros), micros(now)])?;
        self.needed_ack(id)
    }

    /// Takes an acknowledgement back, by hand. Its silence is still to be ended: `silence_left`.
    pub fn unack(&self, id: i64, why: &str, actor: &Actor, now: Time) -> Result<Ack> {
        let ack = self.end_ack(id, &actor.operator, why, now)?;
        let details = json!({ "ack": id, "why": privacy::safe_line(why), "silence": ack.silence });
        self.audit(&NewRecord::done("unack", &ack.fingerprint).with(details), actor, now)?;
        Ok(ack)
    }

    /// An acknowledgement is over by itself: its alert resolved, its time ran out.
    pub fn end_ack(&self, id: i64, who: &str, why: &str, now: Time) -> Result<Ack> {
        let before = self.needed_ack(id)?;
        if !before.state.is_live() {
            return Ok(before);
        }
        let sql = "UPDATE acks SET state = 'ended', ended_at = ?2, ended_by = ?3, updated_at = ?2,
                     silence_left = silence IS NOT NULL WHERE id = ?1";
        run(&self.db, sql, params![id, micros(now), who])?;
        self.ack_event(&before, EventKind::AckEnded, who, why, now)?;
        self.needed_ack(id)
    }

    /// Its silence has ended at Alertmanager, or is not there any more.
    pub fn ack_silence_gone(&self, id: i64, now: Time) -> Result<Ack> {
        let sql = "UPDATE acks SET silence_left = 0, error = '', updated_at = ?2 WHERE id = ?1";
        run(&self.db, sql, params![id, micros(now)])?;
        self.needed_ack(id)
    }

    fn ack_event(&self, ack: &Ack, kind: EventKind, who: &str, text: &str, now: Time) -> Result<()> {
        let incident = ack.incident.as_deref();
        self.event(&NewEvent { incident, kind, who, text, about: &ack.fingerprint }, now).map(drop)
    }

    fn needed_ack(&self, id: i64) -> Result<Ack> {
        self.ack_by_id(id)?.ok_or_else(|| JournalError::missing("acknowledgement", &id))
    }
}

fn read(row: &Cols<'_>) -> Result<Ack> {
    Ok(Ack {
        id: row.get("id")?,
        fingerprint: row.get("fingerprint")?,
        labels: row.labels("labels")?,
        incident: row.get("incident")?,
        who: row.text("who")?,
        at: row.time("at")?,
        why: row.text("why")?,
        until: row.maybe_time("until")?,
        lease_s: row.get("lease_s")?,
        silence: row.get("silence")?,
        state: row.word("state", AckState::parse)?,
        error: row.text("error")?,
        attempts: row.get("attempts")?,
        ended_at: row.maybe_time("ended_at")?,
        ended_by: row.get("ended_by")?,
        silence_left: row.get("silence_left")?,
        updated_at: row.time("updated_at")?,
    })
}
