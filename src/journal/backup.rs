//! Copies of the journal while it is in use, and whether it is whole.

use std::fs::OpenOptions;
use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::backup::Backup;

use super::{Journal, JournalError, Result, place};

/// Pages that are copied at once; others write in between.
const PAGES: i32 = 256;

impl Journal {
    /// Copies the journal into a new file, as it is at one moment, while others go on writing. The file is its owner's
    /// alone, or the group's where its folder is. One that is there already is never overwritten.
    pub fn backup(&self, to: &Path) -> Result<()> {
        let wrong = |why: String| JournalError::Place { path: to.display().to_string(), why };
        let made = place::create(to, OpenOptions::new().read(true), place::mode(to));
        match made {
            Ok(Some(_)) => {}
            Ok(None) => return Err(wrong("there is a file of this name already".to_owned())),
            Err(error) => return Err(wrong(error.to_string())),
        }
        let copied = self.copy(to);
        if copied.is_err() {
            let _ = std::fs::remove_file(to);
        }
        copied
    }

    fn copy(&self, to: &Path) -> Result<()> {
        let mut copy = Connection::open(to)?;
        {
            let backup = Backup::new(&self.db, &mut copy)?;
            backup.run_to_completion(PAGES, Duration::from_millis(1), None)?;
        }
        // A copy in one file: nothing of it may lie in a log beside it that nobody takes along.
        copy.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))?;
        let problems = check(&copy)?;
        if let Some(first) = problems.first() {
            return Err(JournalError::Damaged(first.clone()));
        }
        copy.close().map_err(|(_, error)| JournalError::from(error))?;
        std::fs::File::open(to)
            .and_then(|file| file.sync_all())
            .map_err(|error| JournalError::Disk(error.to_string()))
    }

    /// What SQLite finds wrong in the whole file; empty where nothing is.
    pub fn integrity(&self) -> Result<Vec<String>> {
        check(&self.db)
    }
}

fn check(db: &Connection) -> Result<Vec<String>> {
    let mut problems = Vec::new();
    let mut statement = db.prepare("PRAGMA integrity_check(20)")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let found: String = row.get(0)?;
        if found != "ok" {
            problems.push(found);
        }
    }
    drop(rows);
    let mut statement = db.prepare("PRAGMA foreign_key_check")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let table: String = row.get(0)?;
        problems.push(format!("a row of {table} belongs to something that is not there"));
    }
    Ok(problems)
}
