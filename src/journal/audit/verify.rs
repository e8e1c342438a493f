//! Whether the audit is whole: every record, every neighbour, every signature, and the end that the head knows.

use serde::Serialize;
use serde_json::Value;

use super::chain::{self, CHECKPOINT, Hash, RECORD, hex};
use super::head::{self, Found};
use super::key::Key;
use super::{Tail, read};
use crate::journal::rows::{Cols, one};
use crate::journal::{Journal, JournalError, Result};
use crate::model::records::Record;

/// What is wrong with the audit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Flaw {
    /// The first record that is wrong or missing; `None` where it is the head or the key.
    pub seq: Option<i64>,
    /// What is wrong.
    pub what: String,
}

/// What became of verifying.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// Records that are there.
    pub records: u64,
    /// Number of the first of them; those before were purged at the end of their term.
    pub first: i64,
    /// Number of the last.
    pub last: i64,
    /// Records that were written after the head was moved on the last time: a crash, or one being written.
    pub beyond_head: u64,
    /// What is wrong; nothing where the audit is whole.
    pub flaws: Vec<Flaw>,
}

impl Verdict {
    /// Whether the audit is whole.
    pub fn is_whole(&self) -> bool {
        self.flaws.is_empty()
    }

    fn flaw(&mut self, seq: impl Into<Option<i64>>, what: impl Into<String>) {
        self.flaws.push(Flaw { seq: seq.into(), what: what.into() });
    }
}

struct Row {
    record: Record,
    prev: Hash,
    hash: Hash,
    mac: Vec<u8>,
}

impl Journal {
    /// Verifies the whole audit. The chain is followed to the first record that is wrong.
    pub fn verify_audit(&self) -> Result<Verdict> {
        let mut verdict = Verdict::default();
        let nothing = self.audit_tail()?.seq == 0;
        let Some(key) = self.key.existing(self)? else {
            if !nothing || self.place.head.exists() {
                verdict.flaw(None, "the key that signed the records is gone");
            }
            return Ok(verdict);
        };
        // The head first: what is written while this goes on can only make the chain longer than the head says.
        let head = head::read(self, key)?;
        let snapshot = self.db.unchecked_transaction()?;
        let start = self.checkpoint(key, &mut verdict)?;
        let end = if verdict.is_whole() { self.follow(start, key, &mut verdict)? } else { None };
        match &head {
            Found::Missing if nothing => {}
            Found::Missing => verdict.flaw(None, "the head is missing"),
            Found::Forged => verdict.flaw(None, "the head is not signed with the key"),
            Found::Is(head) => {
                if let Some(why) = head::against(self, head)? {
                    let last = self.audit_tail()?.seq;
                    verdict.flaw((head.seq > last).then_some(last + 1), why);
                } else if let Some(end) = &end {
                    verdict.beyond_head = u64::try_from(end.seq - head.seq).unwrap_or(0);
                }
                if let Some(broken) = &head.broken {
                    verdict.flaw(None, broken.clone());
                }
            }
        }
        drop(snapshot);
        verdict.flaws.sort_by_key(|flaw| flaw.seq.unwrap_or(i64::MAX));
        Ok(verdict)
    }

    /// Where the chain that is left begins.
    fn checkpoint(&self, key: &Key, verdict: &mut Verdict) -> Result<Tail> {
        let kept = one(&self.db, "SELECT seq, hash, mac FROM checkpoint", [], |row| {
            Ok((Tail { seq: row.get("seq")?, hash: row.get("hash")? }, row.get::<Vec<u8>>("mac")?))
        })?;
        let Some((tail, mac)) = kept else { return Ok(self.audit_start()) };
        if !key.signed(CHECKPOINT, &super::purge::bytes(&tail), &mac) {
            verdict.flaw(tail.seq, "the checkpoint of the last purge is not signed with the key");
        } else if !self.is_purge_recorded(&tail)? {
            verdict.flaw(tail.seq, "no record tells of the purge that took the records up to here");
        }
        Ok(tail)
    }

    fn is_purge_recorded(&self, tail: &Tail) -> Result<bool> {
        let sql = "SELECT details FROM audit WHERE action = ?1 ORDER BY seq DESC LIMIT 1";
        let details = one(&self.db, sql, [super::purge::ACTION], |row| row.text("details"))?;
        let value: Value = details.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        Ok(value["through"] == tail.seq && value["hash"] == hex(&tail.hash).as_str())
    }

    /// Follows the chain to its end, or to the first record that is wrong.
    fn follow(&self, start: Tail, key: &Key, verdict: &mut Verdict) -> Result<Option<Tail>> {
        let mut last = start;
        let mut statement = self.db.prepare("SELECT * FROM audit ORDER BY seq")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let cols = Cols::of(row);
            let seq: i64 = cols.get("seq")?;
            let row = match Row::read(&cols) {
                Ok(row) => row,
                Err(JournalError::Damaged(_) | JournalError::Internal(_)) => {
                    verdict.flaw(seq, format!("record {seq} cannot be read: it was changed"));
                    return Ok(None);
                }
                Err(other) => return Err(other),
            };
            if let Some((seq, what)) = wrong(&row, &last, key) {
                verdict.flaw(seq, what);
                return Ok(None);
            }
            if verdict.records == 0 {
                verdict.first = seq;
            }
            verdict.records += 1;
            verdict.last = seq;
            last = Tail { seq, hash: row.hash };
        }
        Ok(Some(last))
    }
}

impl Row {
    fn read(cols: &Cols<'_>) -> Result<Self> {
        Ok(Self {
            record: read(cols)?,
            prev: cols.get("prev")?,
            hash: cols.get("hash")?,
            mac: cols.get("mac")?,
        })
    }
}

/// The first record that a look at this one finds wrong, and what is wrong with it.
fn wrong(row: &Row, last: &Tail, key: &Key) -> Option<(i64, String)> {
    let (seq, expected) = (row.record.seq, last.seq + 1);
    if seq > expected {
        let gone = if seq == expected + 1 {
            format!("record {expected} is missing")
        } else {
            format!("records {expected} to {} are missing", seq - 1)
        };
        return Some((expected, gone));
    }
    if seq < expected {
        return Some((seq, format!("record {seq} was purged, and is there again")));
    }
    if chain::hash(&row.prev, &row.record) != row.hash {
        return Some((seq, format!("record {seq} was changed")));
    }
    if row.prev != last.hash {
        return Some((seq, format!("record {seq} does not follow the one before: moved, or put in")));
    }
    if !key.signed(RECORD, &row.hash, &row.mac) {
        return Some((
            seq,
            format!("record {seq} is not signed with the key: it was written by somebody else"),
        ));
    }
    super::purge::too_early(&row.record).map(|what| (seq, what))
}

#[cfg(test)]
impl Journal {
    /// The first record that is wrong as the chain stands within a transaction.
    pub(in crate::journal) fn follow_for_tests(&self) -> Option<i64> {
        let key = self.key.existing(self).ok().flatten()?;
        let mut verdict = Verdict::default();
        self.follow(self.audit_start(), key, &mut verdict).ok()?;
        verdict.flaws.first().and_then(|flaw| flaw.seq)
    }
}
