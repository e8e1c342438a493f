//! Opening: the file and its permissions, the database's settings, the schema.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::audit::key;
use super::schema::{APPLICATION, STEPS, VERSION};
use super::{Journal, JournalError, Place, Result, place};
use crate::model::Time;

/// How a journal is opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The database.
    pub file: PathBuf,
    /// The key of the audit; `None` is the file beside the database.
    pub key: Option<PathBuf>,
    /// How long another process's lock is waited for.
    pub patience: Duration,
}

impl Options {
    /// A database at its place, with the usual patience.
    pub fn at(file: impl Into<PathBuf>) -> Self {
        Self { file: file.into(), key: None, patience: Duration::from_secs(5) }
    }
}

impl Journal {
    /// Opens the journal; makes it where there is none, and brings an older one up to date.
    pub fn open(options: &Options, now: Time) -> Result<Self> {
        let file = &options.file;
        let wrong = |why: String| JournalError::Place { path: file.display().to_string(), why };
        if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            place::make_folder(folder).map_err(|error| wrong(error.to_string()))?;
        }
        place::create(file, OpenOptions::new().read(true), place::mode(file)).map_err(|error| {
            if error.kind() == std::io::ErrorKind::StorageFull {
                JournalError::Full
            } else {
                wrong(error.to_string())
            }
        })?;
        if !file.is_file() {
            return Err(wrong("it is no file".to_owned()));
        }
        let mut db = connect(file, options.patience)?;
        known(&db, file)?;
        settings(&db)?;
        migrate(&mut db, now)?;
        Self::of(db, options)
    }

    /// Opens a journal that is there, to look at it: nothing is made and nothing changed. `Ok(None)` where there is none.
    pub fn open_existing(options: &Options) -> Result<Option<Self>> {
        if !options.file.exists() {
            return Ok(None);
        }
        let db = connect(&options.file, options.patience)?;
        let version = known(&db, &options.file)?;
        if version != VERSION {
            return Err(JournalError::Refused(format!(
                "the journal's schema is {version}; the next write brings it to {VERSION}"
            )));
        }
        Self::of(db, options).map(Some)
    }

    fn of(db: Connection, options: &Options) -> Result<Self> {
        let id = db.query_row("SELECT value FROM meta WHERE name = 'id'", [], |row| row.get(0))?;
        let place = Place::of(&options.file, options.key.as_deref());
        Ok(Self { db, place, id, key: key::Lazy::default() })
    }
}

fn connect(file: &Path, patience: Duration) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(file, flags).map_err(|error| match JournalError::from(error) {
        JournalError::Disk(why) => JournalError::Place { path: file.display().to_string(), why },
        other => other,
    })?;
    db.busy_timeout(patience)?;
    db.set_prepared_statement_cache_capacity(64);
    Ok(db)
}

/// The schema's version of a journal, 0 of an empty file; what is something else is refused before it is touched.
fn known(db: &Connection, file: &Path) -> Result<i64> {
    let pragma =
        |name: &str| -> Result<i64> { Ok(db.query_row(&format!("PRAGMA {name}"), [], |row| row.get(0))?) };
    let foreign = || JournalError::Foreign(file.display().to_string());
    let version = pragma("user_version").map_err(|error| match error {
        JournalError::Damaged(why) if !why.contains("malformed") => foreign(),
        other => other,
    })?;
    let application = pragma("application_id")?;
    let tables: i64 = db.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if application != APPLICATION && (application, version, tables) != (0, 0, 0) {
        return Err(foreign());
    }
    if version > VERSION {
        return Err(JournalError::Newer { found: version, known: VERSION });
    }
    Ok(version)
}

fn settings(db: &Connection) -> Result<()> {
    // Two processes that make the same journal at once: changing the mode does not wait for a lock by itself.
    let mut tries = 0;
    loop {
        match db.query_row("PRAGMA journal_mode = WAL", [], |row| row.get::<_, String>(0)) {
            Ok(_) => break,
            Err(error) => {
                let error = JournalError::from(error);
                tries += 1;
                if error != JournalError::Locked || tries > 100 {
                    return Err(error);
                }
                std::thread::sleep(Duration::from_millis(20));
            }
        }
    }
    // FULL: a transaction that has returned is on the disk, whatever happens to the process or the machine.
    db.execute_batch("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;")?;
    #[cfg(target_os = "macos")]
    db.execute_batch("PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON;")?;
    Ok(())
}

/// Brings the schema up to date, in one transaction.
fn migrate(db: &mut Connection, now: Time) -> Result<()> {
    let version = |db: &Connection| db.query_row("PRAGMA user_version", [], |row| row.get::<_, i64>(0));
    if version(db)? == VERSION {
        return Ok(());
    }
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have done it while this one waited for the lock.
    let from = version(&tx)?;
    if from > VERSION {
        return Err(JournalError::Newer { found: from, known: VERSION });
    }
    for step in STEPS.iter().skip(usize::try_from(from).unwrap_or(0)) {
        tx.execute_batch(step)?;
    }
    if from == 0 {
        let id = key::random_hex(16)?;
        tx.execute(
            "INSERT INTO meta (name, value) VALUES ('id', ?1), ('made_at', ?2)",
            [id, now.to_rfc3339()],
        )?;
    }
    tx.execute_batch(&format!("PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {VERSION};"))?;
    tx.commit()?;
    Ok(())
}
