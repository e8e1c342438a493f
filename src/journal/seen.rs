//! "Seen before": earlier incidents with the same alerts.

use rusqlite::params;

use super::incidents::{COLUMNS, read};
use super::rows::{all, one};
use super::{Journal, Result};
use crate::model::records::{Incident, Seen};

impl Journal {
    /// Earlier incidents that share alerts with this one, those that share most first, then the newest.
    pub fn seen_before(&self, incident: &str, limit: u32) -> Result<Vec<Seen>> {
        let shared = all(
            &self.db,
            "SELECT theirs.incident AS id, count(*) AS shared, incidents.opened_at AS opened
             FROM members AS ours JOIN members AS theirs ON theirs.fingerprint = ours.fingerprint
             JOIN incidents ON incidents.id = theirs.incident
             WHERE ours.incident = ?1 AND theirs.incident <> ?1
               AND incidents.opened_at <= (SELECT opened_at FROM incidents WHERE id = ?1)
             GROUP BY theirs.incident ORDER BY shared DESC, opened DESC LIMIT ?2",
            params![incident, limit],
            |row| Ok((row.get::<String>("id")?, row.get::<u32>("shared")?)),
        )?;
        let sql = "SELECT count(*) AS many FROM members WHERE incident = ?1";
        let of = one(&self.db, sql, [incident], |row| row.get("many"))?.unwrap_or(0);
        let mut seen = Vec::new();
        for (id, shared) in shared {
            let earlier: Option<Incident> = one(&self.db, &format!("{COLUMNS} WHERE id = ?1"), [&id], read)?;
            let sql = "SELECT DISTINCT playbook FROM runs WHERE incident = ?1 AND state = 'done' ORDER BY at";
            let playbooks = all(&self.db, sql, [&id], |row| row.text("playbook"))?;
            seen.extend(earlier.map(|incident| Seen { incident, shared, of, playbooks }));
        }
        Ok(seen)
    }
}
