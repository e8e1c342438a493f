//! Taking records out at the end of their term, so that what is left can still be verified.
//!
//! The last record that goes stays as a signed checkpoint, and a record tells of the purge, its term, and how old the
//! youngest record was that went; verifying holds them against each other.

use chrono::TimeDelta;
use rusqlite::params;
use serde_json::{Value, json};

use super::Tail;
use super::chain::{CHECKPOINT, hex};
use crate::journal::rows::{micros, one, run};
use crate::journal::{JournalError, Result, Tx};
use crate::model::Time;
use crate::model::records::{Actor, NewRecord, Record};

/// The action of the record that tells of it.
pub const ACTION: &str = "audit.purge";

impl Tx<'_> {
    /// Takes out the records that are older than their term, oldest first; gives how many went. One that is younger
    /// holds back all after it, so a clock that was wrong once keeps records rather than loses them.
    pub fn purge_audit(&self, term: TimeDelta, actor: &Actor, now: Time) -> Result<u64> {
        let before = now
            .checked_sub_signed(term)
            .ok_or_else(|| JournalError::Refused("the term of the audit is no length of time".to_owned()))?;
        let sql = "SELECT coalesce(min(seq), (SELECT max(seq) + 1 FROM audit), 1) - 1 AS last FROM audit WHERE at >= ?1";
        let through = one(&self.db, sql, [micros(before)], |row| row.get::<i64>("last"))?.unwrap_or(0);
        let sql = "SELECT seq, hash, (SELECT max(at) FROM audit WHERE seq <= ?1) AS newest FROM audit WHERE seq = ?1";
        let last = one(&self.db, sql, [through], |row| {
            Ok((Tail { seq: row.get("seq")?, hash: row.get("hash")? }, row.time("newest")?))
        })?;
        let Some((tail, newest)) = last else { return Ok(0) };
        let details = json!({
            "through": tail.seq, "hash": hex(&tail.hash), "newest": newest.to_rfc3339(), "term_s": term.num_seconds(),
        });
        self.audit(&NewRecord::done(ACTION, "audit").with(details), actor, now)?;
        let mac = self.key.get(self)?.sign(CHECKPOINT, &bytes(&tail));
        run(
            &self.db,
            "INSERT INTO checkpoint (one, seq, hash, mac) VALUES (1, ?1, ?2, ?3)
             ON CONFLICT (one) DO UPDATE SET seq = ?1, hash = ?2, mac = ?3",
            params![tail.seq, tail.hash, mac],
        )?;
        let gone = run(&self.db, "DELETE FROM audit WHERE seq <= ?1", [tail.seq])?;
        Ok(gone as u64)
    }
}

/// What of a checkpoint is signed.
pub(super) fn bytes(tail: &Tail) -> Vec<u8> {
    [&tail.seq.to_le_bytes()[..], &tail.hash].concat()
}

/// What is wrong with a record that tells of a purge: that it took what was not yet at the end of its term.
pub(super) fn too_early(record: &Record) -> Option<String> {
    if &*record.action != ACTION {
        return None;
    }
    let details: Value = serde_json::from_str(&record.details).unwrap_or_default();
    let newest = details["newest"].as_str().and_then(|text| chrono::DateTime::parse_from_rfc3339(text).ok());
    let term = details["term_s"].as_i64().and_then(TimeDelta::try_seconds);
    let due = newest.zip(term).and_then(|(newest, term)| newest.to_utc().checked_add_signed(term));
    match due {
        Some(due) if due <= record.at => None,
        _ => Some(format!("record {} tells of a purge before the term of what it took", record.seq)),
    }
}
