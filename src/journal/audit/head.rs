//! The head: what the last record is, signed, in a file apart from the database.
//!
//! It is moved on after each transaction, so a crash may leave it behind by what was in flight; never ahead. What it
//! finds wrong while it is moved on stays in it: a chain that was once cut off does not become whole by going on.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};

use serde::{Deserialize, Serialize};

use super::Tail;
use super::chain::{HEAD, Hash, hex, unhex};
use super::key::Key;
use crate::journal::rows::one;
use crate::journal::{Journal, JournalError, Result, place};

/// No head is longer.
const LONGEST: u64 = 16 * 1024;

/// What the head says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Id of the journal it belongs to.
    pub journal: String,
    /// Number of the last record.
    pub seq: i64,
    /// Its hash.
    pub hash: String,
    /// What was wrong when it was moved on, the first time.
    pub broken: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Signed {
    #[serde(flatten)]
    head: Head,
    signature: String,
}

impl Head {
    /// What is signed: every field with its length in front.
    fn bytes(&self) -> Vec<u8> {
        let seq = self.seq.to_string();
        let broken = self.broken.as_ref().map_or_else(|| "-".to_owned(), |why| format!("+{why}"));
        let fields = [self.journal.as_str(), &seq, &self.hash, &broken];
        fields
            .iter()
            .flat_map(|field| [&(field.len() as u64).to_le_bytes()[..], field.as_bytes()].concat())
            .collect()
    }
}

/// What was read of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// There is none.
    Missing,
    /// It is no head, or not signed with the key.
    Forged,
    /// What it says.
    Is(Head),
}

/// Reads it.
pub fn read(journal: &Journal, key: &Key) -> Result<Found> {
    let path = &journal.place.head;
    let mut text = String::new();
    match File::open(path) {
        Ok(file) => match file.take(LONGEST).read_to_string(&mut text) {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::InvalidData => return Ok(Found::Forged),
            Err(error) => return Err(wrong(journal, &error)),
        },
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Found::Missing),
        Err(error) => return Err(wrong(journal, &error)),
    }
    let Ok(Signed { head, signature }) = serde_json::from_str(&text) else { return Ok(Found::Forged) };
    let signed = unhex(&signature).is_some_and(|signature| key.signed(HEAD, &head.bytes(), &signature));
    Ok(if signed { Found::Is(head) } else { Found::Forged })
}

/// Makes the head of a chain that has no record yet, so that from the first record on a missing head means something.
pub fn begin(journal: &Journal, key: &Key) -> Result<()> {
    let _lock = lock(journal)?;
    match read(journal, key)? {
        Found::Missing => write(journal, key, &start(journal)),
        _ => Ok(()),
    }
}

/// Moves it on to where the chain ends now, by whoever has just written there.
pub fn advance(journal: &Journal, after: &Tail) -> Result<()> {
    let key = journal.key.get(journal)?;
    let lock = lock(journal)?;
    let before = read(journal, key)?;
    let (mut head, wrong) = match before {
        Found::Is(head) => {
            let wrong = against(journal, &head)?;
            (head, wrong)
        }
        Found::Missing => (start(journal), Some("the head was missing".to_owned())),
        Found::Forged => (start(journal), Some("the head was not signed with the key".to_owned())),
    };
    // Another process may have written after this one, and been faster here.
    if wrong.is_none() && head.seq >= after.seq {
        return Ok(());
    }
    if let Some(wrong) = wrong {
        let found = format!("{wrong} (found when record {} was written)", after.seq);
        head.broken.get_or_insert(found);
    }
    head.journal = journal.id.to_string();
    head.seq = after.seq;
    head.hash = hex(&after.hash);
    write(journal, key, &head)?;
    drop(lock);
    Ok(())
}

fn start(journal: &Journal) -> Head {
    Head { journal: journal.id.to_string(), seq: 0, hash: hex(&journal.audit_start().hash), broken: None }
}

/// What of the head does not fit the database; `None` where the database has what the head knows.
pub fn against(journal: &Journal, head: &Head) -> Result<Option<String>> {
    if head.journal != *journal.id {
        return Ok(Some("the head is that of another journal".to_owned()));
    }
    if head.seq == 0 {
        return Ok(None);
    }
    let hash =
        one(&journal.db, "SELECT hash FROM audit WHERE seq = ?1", [head.seq], |row| row.get::<Hash>("hash"))?;
    let kept = one(&journal.db, "SELECT seq, hash FROM checkpoint", [], |row| {
        Ok((row.get::<i64>("seq")?, row.get::<Hash>("hash")?))
    })?;
    Ok(match (hash, kept) {
        (Some(hash), _) if hex(&hash) == head.hash => None,
        (None, Some((seq, hash))) if seq == head.seq && hex(&hash) == head.hash => None,
        (Some(_), _) => Some(format!("record {} is another one than the head knows", head.seq)),
        (None, _) => {
            let last = journal.audit_tail()?.seq;
            Some(format!("the head knows record {}, the journal ends at record {last}", head.seq))
        }
    })
}

/// The lock of the head: a file of its own, since the head is replaced.
fn lock(journal: &Journal) -> Result<File> {
    let path = place::beside(&journal.place.head, "lock");
    let file = &journal.place.file;
    place::create(&path, &mut OpenOptions::new(), place::mode(file))
        .map_err(|error| wrong(journal, &error))?;
    let held = OpenOptions::new().write(true).open(&path).map_err(|error| wrong(journal, &error))?;
    held.lock().map_err(|error| wrong(journal, &error))?;
    Ok(held)
}

/// Writes it whole or not at all.
fn write(journal: &Journal, key: &Key, head: &Head) -> Result<()> {
    let path = &journal.place.head;
    let signed = Signed { head: head.clone(), signature: hex(&key.sign(HEAD, &head.bytes())) };
    let text = serde_json::to_string(&signed).map_err(|error| JournalError::Internal(error.to_string()))?;
    let beside = place::beside(path, "head-new");
    let _ = std::fs::remove_file(&beside);
    place::create(&beside, &mut OpenOptions::new(), place::mode(&journal.place.file))
        .and_then(|file| {
            let mut file = file.ok_or(ErrorKind::AlreadyExists)?;
            file.write_all(format!("{text}\n").as_bytes())?;
            file.sync_data()?;
            std::fs::rename(&beside, path)
        })
        .map_err(|error| wrong(journal, &error))
}

fn wrong(journal: &Journal, error: &std::io::Error) -> JournalError {
    if error.kind() == ErrorKind::StorageFull {
        return JournalError::Full;
    }
    let path = journal.place.head.display().to_string();
    JournalError::Place { path, why: error.to_string() }
}
