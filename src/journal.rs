//! The journal: a SQLite database that several processes share, and the audit chain in it.
//!
//! Owns the database, its schema, who may read its files, and the tamper-evidence of the audit. Must not decide
//! anything about alerts, incidents or playbooks, know a server or a screen, or read a clock: each moment comes with
//! the call. Calls block (a disk, another process's lock), so they are made on a thread where that is allowed;
//! [`Worker`] is one.
//!
//! Reads are methods of [`Journal`]. Writes are methods of [`Tx`], inside [`Journal::write`]: one immediate
//! transaction, all or nothing, on disk when it returns (`synchronous = FULL`), whatever happens to the process
//! afterwards. Whoever confirms something to a person does so after it has returned. What a person does (it takes an
//! [`Actor`](crate::model::records::Actor)) leaves its audit record in the same transaction.

mod acks;
mod audit;
mod backup;
mod changes;
mod error;
mod events;
mod evidence;
mod incidents;
mod leases;
mod members;
mod open;
mod outbox;
mod place;
mod purge;
mod rows;
mod runs;
mod schema;
mod seen;
mod worker;

use std::ops::Deref;

use rusqlite::{Connection, Transaction, TransactionBehavior};

pub use acks::AckFilter;
pub use audit::verify::{Flaw, Verdict};
pub use audit::{AuditFilter, GENESIS};
pub use error::{JournalError, Result};
pub use evidence::{ENDING as EVIDENCE_ENDING, FOLDER as EVIDENCE, Swept};
pub use incidents::{Changes, IncidentFilter};
pub use open::Options;
pub use place::{Place, place_beside, private};
pub use purge::{Purged, Terms};
pub use runs::RunFilter;
pub use schema::VERSION;
pub use worker::Worker;

/// The journal, opened. One a thread; any number of processes.
#[derive(Debug)]
pub struct Journal {
    db: Connection,
    place: Place,
    id: Box<str>,
    key: audit::key::Lazy,
}

/// A transaction that writes. Reads the journal as it is within it, too.
pub struct Tx<'j> {
    journal: &'j Journal,
    /// The end of the audit, once this transaction has written a record.
    tail: std::cell::RefCell<Option<audit::Tail>>,
}

impl Deref for Tx<'_> {
    type Target = Journal;

    fn deref(&self) -> &Journal {
        self.journal
    }
}

impl Journal {
    /// Writes: all that `work` does, or nothing where it or the disk fails. When this returns `Ok`, it is on disk.
    pub fn write<T>(&mut self, work: impl FnOnce(&Tx<'_>) -> Result<T>) -> Result<T> {
        let transaction = Transaction::new_unchecked(&self.db, TransactionBehavior::Immediate)?;
        let tx = Tx { journal: self, tail: std::cell::RefCell::default() };
        let value = work(&tx)?;
        let tail = tx.tail.into_inner();
        transaction.commit()?;
        if let Some(after) = tail {
            // The record is on disk; a head that lags behind is told by the next look at it, and mended by the next record.
            if let Err(error) = audit::head::advance(self, &after) {
                tracing::warn!(%error, "the head of the audit could not be moved on");
            }
        }
        Ok(value)
    }

    /// Where it lies.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// A number that differs whenever another connection has changed something: cheap enough to ask every second.
    pub fn version(&self) -> Result<i64> {
        Ok(self.db.query_row("PRAGMA data_version", [], |row| row.get(0))?)
    }
}

#[cfg(test)]
mod tests;
