//! The timeline.

use rusqlite::params;

use super::rows::{Cols, all, micros, run};
use super::{Journal, Result, Tx};
use crate::model::Time;
use crate::model::records::{Event, EventKind, NewEvent};
use crate::privacy;

impl Journal {
    /// What happened in an incident, oldest first.
    pub fn events(&self, incident: &str) -> Result<Vec<Event>> {
        all(&self.db, "SELECT * FROM events WHERE incident = ?1 ORDER BY id", [incident], read)
    }

    /// What happened anywhere since a moment, oldest first: for a handover.
    pub fn events_since(&self, since: Time, limit: u32) -> Result<Vec<Event>> {
        let sql = "SELECT * FROM (SELECT * FROM events WHERE at >= ?1 ORDER BY id DESC LIMIT ?2) ORDER BY id";
        all(&self.db, sql, params![micros(since), limit], read)
    }
}

impl Tx<'_> {
    /// Writes something into the timeline.
    pub fn event(&self, event: &NewEvent<'_>, now: Time) -> Result<i64> {
        run(
            &self.db,
            "INSERT INTO events (incident, at, kind, who, text, about) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                event.incident,
                micros(now),
                event.kind.as_str(),
                privacy::safe_line(event.who),
                privacy::safe(event.text),
                event.about
            ],
        )?;
        Ok(self.db.last_insert_rowid())
    }
}

fn read(row: &Cols<'_>) -> Result<Event> {
    Ok(Event {
        id: row.get("id")?,
        incident: row.get("incident")?,
        at: row.time("at")?,
        kind: row.word("kind", EventKind::parse)?,
        who: row.text("who")?,
        text: row.text("text")?,
        about: row.text("about")?,
    })
}
