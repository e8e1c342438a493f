//! Leases: one of several processes does a piece of work at a time.

use rusqlite::params;

use super::rows::{Cols, all, micros, one, run};
use super::{Journal, Result, Tx};
use crate::model::Time;
use crate::model::records::Lease;

impl Journal {
    /// Every lease, run out or not.
    pub fn leases(&self) -> Result<Vec<Lease>> {
        all(&self.db, "SELECT * FROM leases ORDER BY name", [], read)
    }

    /// A lease.
    pub fn lease(&self, name: &str) -> Result<Option<Lease>> {
        one(&self.db, "SELECT * FROM leases WHERE name = ?1", [name], read)
    }
}

impl Tx<'_> {
    /// Takes a lease, or holds it on, until a moment. `false` where another process has it.
    pub fn take_lease(&self, name: &str, holder: &str, until: Time, now: Time) -> Result<bool> {
        let taken = run(
            &self.db,
            "INSERT INTO leases (name, holder, since, until) VALUES (?1, ?2, ?4, ?3)
             ON CONFLICT (name) DO UPDATE SET
               since = CASE WHEN holder = ?2 AND until > ?4 THEN since ELSE ?4 END, holder = ?2, until = ?3
             WHERE holder = ?2 OR until <= ?4",
            params![name, holder, micros(until), micros(now)],
        )?;
        Ok(taken > 0)
    }

    /// Gives a lease back, where this process has it.
    pub fn give_back(&self, name: &str, holder: &str) -> Result<()> {
        run(&self.db, "DELETE FROM leases WHERE name = ?1 AND holder = ?2", [name, holder]).map(drop)
    }
}

fn read(row: &Cols<'_>) -> Result<Lease> {
    Ok(Lease {
        name: row.text("name")?,
        holder: row.text("holder")?,
        since: row.time("since")?,
        until: row.time("until")?,
    })
}
