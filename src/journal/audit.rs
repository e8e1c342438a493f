//! The audit: a chain of records, each with a hash over itself and the one before, each signed, its last one known
//! to a signed head outside of the database.
//!
//! A record that was changed does not fit its hash; one that was taken out, put in or moved does not fit its
//! neighbours; a chain that was made anew lacks the signatures; one that was cut off, or replaced by an older copy,
//! ends before the head says. The key is what this rests on: whoever can read it can forge.

pub(super) mod chain;
pub(super) mod head;
pub(super) mod key;
pub(super) mod purge;
pub(super) mod verify;

use rusqlite::params;

use super::rows::{Cols, all, micros, one, run};
use super::{Journal, Result, Tx};
use crate::model::Time;
use crate::model::records::{Actor, NewRecord, Outcome, Record};
use crate::privacy;
use chain::Hash;

/// What the first record follows, before the journal's own id is mixed in.
pub const GENESIS: &str = "plantao.audit.1";

/// The end of the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tail {
    /// Number of the last record; 0 where there is none.
    pub seq: i64,
    /// Its hash.
    pub hash: Hash,
}

/// Which records are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// From this moment on.
    pub since: Option<Time>,
    /// Up to this moment.
    pub until: Option<Time>,
    /// Of this operator.
    pub operator: Option<Box<str>>,
    /// Of this action, or of those that begin with it and a dot.
    pub action: Option<Box<str>>,
    /// About this object.
    pub object: Option<Box<str>>,
    /// The last so many; 0 is all.
    pub limit: u32,
}

impl Journal {
    /// Records of the audit, oldest first.
    pub fn audit_records(&self, filter: &AuditFilter) -> Result<Vec<Record>> {
        let sql = "SELECT * FROM (SELECT * FROM audit
              WHERE at >= ?1 AND at <= ?2 AND (?3 IS NULL OR operator = ?3) AND (?5 IS NULL OR object = ?5)
                AND (?4 IS NULL OR action = ?4 OR substr(action, 1, length(?4) + 1) = ?4 || '.')
              ORDER BY seq DESC LIMIT ?6) ORDER BY seq";
        let values = params![
            filter.since.map_or(i64::MIN, micros),
            filter.until.map_or(i64::MAX, micros),
            filter.operator,
            filter.action,
            filter.object,
            if filter.limit == 0 { -1 } else { i64::from(filter.limit) }
        ];
        all(&self.db, sql, values, read)
    }

    pub(super) fn audit_tail(&self) -> Result<Tail> {
        let last = |table: &str| {
            let sql = format!("SELECT seq, hash FROM {table} ORDER BY seq DESC LIMIT 1");
            one(&self.db, &sql, [], |row| Ok(Tail { seq: row.get("seq")?, hash: row.get("hash")? }))
        };
        if let Some(tail) = last("audit")? {
            return Ok(tail);
        }
        Ok(last("checkpoint")?.unwrap_or_else(|| self.audit_start()))
    }

    pub(super) fn audit_start(&self) -> Tail {
        Tail { seq: 0, hash: chain::start(&self.id) }
    }
}

impl Tx<'_> {
    /// Writes a record. What the calls of this room that take an [`Actor`] do has one already.
    pub fn audit(&self, new: &NewRecord<'_>, actor: &Actor, now: Time) -> Result<i64> {
        let key = self.key.get(self)?;
        let mut tail = self.tail.borrow_mut();
        let last = match tail.take() {
            Some(last) => last,
            None => {
                let there = self.audit_tail()?;
                if there.seq == 0 {
                    head::begin(self, key)?;
                }
                there
            }
        };
        let details = if new.details.is_null() { String::new() } else { new.details.to_string() };
        let record = Record {
            seq: last.seq + 1,
            // What is hashed is what the database gives back.
            at: chrono::DateTime::from_timestamp_micros(micros(now)).unwrap_or(now),
            actor: Actor {
                operator: privacy::safe_line(&actor.operator),
                os_user: privacy::safe_line(&actor.os_user),
                origin: privacy::safe_line(&actor.origin),
            },
            action: new.action.into(),
            object: privacy::safe_line(new.object),
            details: privacy::safe_line(&details),
            outcome: new.outcome,
            hash: Box::default(),
        };
        let hash = chain::hash(&last.hash, &record);
        run(
            &self.db,
            "INSERT INTO audit (seq, at, operator, os_user, origin, action, object, details, outcome, prev, hash, mac)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            params![
                record.seq,
                micros(record.at),
                record.actor.operator,
                record.actor.os_user,
                record.actor.origin,
                record.action,
                record.object,
                record.details,
                record.outcome.as_str(),
                last.hash,
                hash,
                key.sign(chain::RECORD, &hash)
            ],
        )?;
        *tail = Some(Tail { seq: record.seq, hash });
        Ok(record.seq)
    }
}

pub(super) fn read(row: &Cols<'_>) -> Result<Record> {
    let hash: Hash = row.get("hash")?;
    Ok(Record {
        seq: row.get("seq")?,
        at: row.time("at")?,
        actor: Actor {
            operator: row.text("operator")?,
            os_user: row.text("os_user")?,
            origin: row.text("origin")?,
        },
        action: row.text("action")?,
        object: row.text("object")?,
        details: row.text("details")?,
        outcome: row.word("outcome", Outcome::parse)?,
        hash: chain::hex(&hash).into(),
    })
}
