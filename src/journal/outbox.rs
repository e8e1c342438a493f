//! The outbox: each letter goes out at least once; twice only where a process died while it sent it.

use rusqlite::params;

use super::rows::{Cols, all, micros, one, run};
use super::{Journal, JournalError, Result, Tx};
use crate::model::Time;
use crate::model::records::{Enqueued, Letter, LetterState, NewLetter};
use crate::privacy;

impl Journal {
    /// A letter.
    pub fn letter(&self, id: i64) -> Result<Option<Letter>> {
        one(&self.db, "SELECT * FROM outbox WHERE id = ?1", [id], read)
    }

    /// The newest letters, of a state or of all.
    pub fn letters(&self, state: Option<LetterState>, limit: u32) -> Result<Vec<Letter>> {
        let state = state.map(LetterState::as_str);
        let sql = "SELECT * FROM outbox WHERE ?1 IS NULL OR state = ?1 ORDER BY id DESC LIMIT ?2";
        all(&self.db, sql, params![state, limit], read)
    }

    /// The letters of an incident, oldest first.
    pub fn letters_of(&self, incident: &str) -> Result<Vec<Letter>> {
        all(&self.db, "SELECT * FROM outbox WHERE incident = ?1 ORDER BY id", [incident], read)
    }

    /// Whether there is a letter of this key, whoever it is to.
    pub fn has_letter(&self, key: &str) -> Result<bool> {
        // The keys that begin with it and a colon are one piece of the index: `;` comes right after `:`.
        let sql = "SELECT 1 AS one FROM outbox WHERE dedup >= ?1 AND dedup < ?2 LIMIT 1";
        let there = one(&self.db, sql, [format!("{key}:"), format!("{key};")], |row| row.get::<i64>("one"))?;
        Ok(there.is_some())
    }

    /// The letters of this key, whoever each is to, oldest first.
    pub fn letters_of_key(&self, key: &str) -> Result<Vec<Letter>> {
        let sql = "SELECT * FROM outbox WHERE dedup >= ?1 AND dedup < ?2 ORDER BY id";
        all(&self.db, sql, [format!("{key}:"), format!("{key};")], read)
    }

    /// How many letters stand where.
    pub fn letter_counts(&self) -> Result<Vec<(LetterState, u64)>> {
        all(&self.db, "SELECT state, count(*) AS many FROM outbox GROUP BY state", [], |row| {
            Ok((row.word("state", LetterState::parse)?, row.get::<i64>("many")?.unsigned_abs()))
        })
    }

    /// When the next letter is due that nobody is sending.
    pub fn next_letter_at(&self) -> Result<Option<Time>> {
        let sql = "SELECT min(next_at) AS next FROM outbox WHERE state = 'queued'";
        Ok(one(&self.db, sql, [], |row| row.maybe_time("next"))?.flatten())
    }
}

impl Tx<'_> {
    /// Puts a letter in. Of each key there is one, ever.
    pub fn enqueue(&self, letter: &NewLetter, now: Time) -> Result<Enqueued> {
        let made = run(
            &self.db,
            "INSERT INTO outbox (dedup, channel, payload, incident, state, next_at, at)
             VALUES (?1, ?2, ?3, ?4, 'queued', ?5, ?6) ON CONFLICT (dedup) DO NOTHING",
            params![
                letter.dedup,
                letter.channel,
                privacy::safe(&letter.payload),
                letter.incident,
                micros(letter.next_at),
                micros(now)
            ],
        )?;
        if made > 0 {
            return Ok(Enqueued::New(self.db.last_insert_rowid()));
        }
        let sql = "SELECT id, state FROM outbox WHERE dedup = ?1";
        let there = one(&self.db, sql, [&letter.dedup], |row| {
            Ok(Enqueued::Already(row.get("id")?, row.word("state", LetterState::parse)?))
        })?;
        there.ok_or_else(|| JournalError::missing("letter", &letter.dedup))
    }

    /// Takes letters that are due, oldest first, to send them; they are this process's until a moment. Those whose
    /// process has let that moment pass are taken too, and marked: their receiver may have them already.
    pub fn take_letters(&self, owner: &str, limit: u32, until: Time, now: Time) -> Result<Vec<Letter>> {
        let mut taken = all(
            &self.db,
            "UPDATE outbox SET doubtful = CASE WHEN state = 'sending' THEN 1 ELSE doubtful END, state = 'sending',
               attempts = attempts + 1, owner = ?1, owned_until = ?2
             WHERE id IN (
               SELECT id FROM outbox WHERE (state = 'queued' AND next_at <= ?3) OR (state = 'sending' AND owned_until <= ?3)
               ORDER BY next_at, id LIMIT ?4)
             RETURNING *",
            params![owner, micros(until), micros(now), limit],
            read,
        )?;
        // RETURNING keeps no order.
        taken.sort_by_key(|letter| (letter.next_at, letter.id));
        Ok(taken)
    }

    /// The receiver took it.
    pub fn letter_sent(&self, id: i64, owner: &str, now: Time) -> Result<()> {
        let sql =
            "UPDATE outbox SET state = 'sent', sent_at = ?3, owner = NULL, owned_until = NULL, error = ''
                   WHERE id = ?1 AND owner = ?2 AND state = 'sending'";
        self.owned(id, run(&self.db, sql, params![id, owner, micros(now)])?)
    }

    /// It could not be sent: tried again at `next`, or given up.
    pub fn letter_failed(&self, id: i64, owner: &str, error: &str, next: Option<Time>) -> Result<()> {
        let sql = "UPDATE outbox SET state = CASE WHEN ?4 IS NULL THEN 'failed' ELSE 'queued' END,
                     next_at = coalesce(?4, next_at), owner = NULL, owned_until = NULL, error = ?3
                   WHERE id = ?1 AND owner = ?2 AND state = 'sending'";
        let error = privacy::safe_line(error);
        self.owned(id, run(&self.db, sql, params![id, owner, error, next.map(micros)])?)
    }

    /// Puts a letter that was given up back, by hand.
    pub fn requeue(&self, id: i64, now: Time) -> Result<()> {
        let sql = "UPDATE outbox SET state = 'queued', next_at = ?2 WHERE id = ?1 AND state = 'failed'";
        match run(&self.db, sql, params![id, micros(now)])? {
            0 => Err(JournalError::missing("failed letter", &id)),
            _ => Ok(()),
        }
    }

    fn owned(&self, id: i64, changed: usize) -> Result<()> {
        if changed > 0 {
            return Ok(());
        }
        let letter = self.letter(id)?.ok_or_else(|| JournalError::missing("letter", &id))?;
        let owner = letter.owner.unwrap_or_else(|| "nobody".into()).into_string();
        Err(JournalError::NotOwner { what: "letter", id: id.to_string(), owner })
    }
}

fn read(row: &Cols<'_>) -> Result<Letter> {
    Ok(Letter {
        id: row.get("id")?,
        dedup: row.text("dedup")?,
        channel: row.text("channel")?,
        payload: row.text("payload")?,
        incident: row.get("incident")?,
        state: row.word("state", LetterState::parse)?,
        attempts: row.get("attempts")?,
        next_at: row.time("next_at")?,
        at: row.time("at")?,
        owner: row.get("owner")?,
        owned_until: row.maybe_time("owned_until")?,
        doubtful: row.get("doubtful")?,
        sent_at: row.maybe_time("sent_at")?,
        error: row.text("error")?,
    })
}
