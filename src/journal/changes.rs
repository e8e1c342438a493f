//! Changes that people noted: evidence for whoever looks for what broke first.
//!
//! They stand in the timeline as events of no incident, at the moment of the change; the audit has who noted them, and when.

use rusqlite::params;
use serde_json::json;

use super::members::masked;
use super::rows::{Cols, all, labels_text, micros};
use super::{Journal, JournalError, Result, Tx};
use crate::model::records::{Actor, Change, EventKind, NewChange, NewEvent, NewRecord};
use crate::model::{Labels, Time};
use crate::privacy;

impl Journal {
    /// What was changed between two moments, both included, oldest first.
    pub fn changes(&self, since: Time, until: Time) -> Result<Vec<Change>> {
        let sql = "SELECT * FROM events WHERE at >= ?1 AND at <= ?2 AND kind = ?3 ORDER BY at, id";
        all(&self.db, sql, params![micros(since), micros(until), EventKind::Change.as_str()], read)
    }
}

impl Tx<'_> {
    /// Notes a change.
    pub fn note_change(&self, new: &NewChange, actor: &Actor, now: Time) -> Result<Change> {
        let labels = masked(&new.labels);
        let title = privacy::safe_line(&new.title);
        let about = labels_text(&labels)?;
        let event = NewEvent {
            incident: None,
            kind: EventKind::Change,
            who: &actor.operator,
            text: &title,
            about: &about,
        };
        let id = self.event(&event, new.at)?;
        let object = id.to_string();
        let details = json!({ "at": new.at, "title": title, "labels": labels });
        self.audit(&NewRecord::done("change.add", &object).with(details), actor, now)?;
        let changes = self.changes(new.at, new.at)?;
        changes.into_iter().find(|one| one.id == id).ok_or_else(|| JournalError::missing("change", &id))
    }
}

fn read(row: &Cols<'_>) -> Result<Change> {
    let about = row.text("about")?;
    let labels: std::collections::BTreeMap<String, String> = serde_json::from_str(&about)
        .map_err(|error| JournalError::Damaged(format!("labels of a change cannot be read: {error}")))?;
    Ok(Change {
        id: row.get("id")?,
        at: row.time("at")?,
        title: row.text("text")?,
        labels: Labels::new(labels),
        who: row.text("who")?,
    })
}
