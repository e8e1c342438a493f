//! Taking out what is over and at the end of its term.

use chrono::TimeDelta;
use rusqlite::params;
use serde_json::json;

use super::rows::{micros, run};
use super::{Result, Tx};
use crate::model::Time;
use crate::model::records::{Actor, NewRecord};

/// How long what is over is kept; what has no term is kept for ever.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// Records of the audit.
    pub audit: Option<TimeDelta>,
    /// Incidents, from when they were resolved.
    pub incidents: Option<TimeDelta>,
    /// Acknowledgements, from when they ended.
    pub acks: Option<TimeDelta>,
    /// Runs, from when they were over.
    pub runs: Option<TimeDelta>,
    /// Letters that were sent or given up, from when they were put in.
    pub letters: Option<TimeDelta>,
}

/// How many went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Purged {
    /// Records of the audit.
    pub audit: u64,
    /// Incidents, with their timelines.
    pub incidents: u64,
    /// Acknowledgements.
    pub acks: u64,
    /// Runs.
    pub runs: u64,
    /// Letters.
    pub letters: u64,
}

impl Tx<'_> {
    /// Takes out everything that is over and older than its term. The audit tells of it.
    pub fn purge(&self, terms: &Terms, actor: &Actor, now: Time) -> Result<Purged> {
        let mut purged = Purged::default();
        for (term, table, over, at, count) in [
            (terms.incidents, "incidents", "status = 'resolved'", "resolved_at", &mut purged.incidents),
            (terms.acks, "acks", "state = 'ended' AND silence_left = 0", "ended_at", &mut purged.acks),
            (terms.runs, "runs", "ended_at IS NOT NULL", "ended_at", &mut purged.runs),
            (terms.letters, "outbox", "state IN ('sent', 'failed')", "at", &mut purged.letters),
        ] {
            let Some(before) = term.and_then(|term| now.checked_sub_signed(term)) else { continue };
            let sql = format!("DELETE FROM {table} WHERE {over} AND {at} < ?1");
            *count = run(&self.db, &sql, params![micros(before)])? as u64;
        }
        // What happened outside of any incident goes with the incidents' term.
        if let Some(before) = terms.incidents.and_then(|term| now.checked_sub_signed(term)) {
            run(&self.db, "DELETE FROM events WHERE incident IS NULL AND at < ?1", [micros(before)])?;
        }
        if purged != Purged::default() {
            let details = json!({
                "incidents": purged.incidents, "acks": purged.acks, "runs": purged.runs, "letters": purged.letters,
            });
            self.audit(&NewRecord::done("journal.purge", "journal").with(details), actor, now)?;
        }
        if let Some(term) = terms.audit {
            purged.audit = self.purge_audit(term, actor, now)?;
        }
        Ok(purged)
    }
}
