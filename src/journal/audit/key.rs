//! The key that signs the audit: 32 random bytes, in a file made on first use.

use std::cell::OnceCell;
use std::fs::OpenOptions;
use std::io::{ErrorKind, Read, Write};
use std::path::Path;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::chain::{Hash, hex, unhex};
use crate::journal::{Journal, JournalError, Result, place};

/// Bytes of a key.
const LENGTH: usize = 32;
/// No key file is longer.
const LONGEST: u64 = 4096;

/// A key. Neither shown nor written anywhere.
pub struct Key(Hmac<Sha256>);

impl Key {
    fn new(bytes: &[u8]) -> Result<Self> {
        Hmac::new_from_slice(bytes).map(Self).map_err(|error| JournalError::Internal(error.to_string()))
    }

    /// Signs some bytes as what they are.
    pub fn sign(&self, what: &str, bytes: &[u8]) -> Hash {
        let mut mac = self.0.clone();
        mac.update(what.as_bytes());
        mac.update(&[0]);
        mac.update(bytes);
        mac.finalize().into_bytes().into()
    }

    /// Whether a signature is right.
    pub fn signed(&self, what: &str, bytes: &[u8], signature: &[u8]) -> bool {
        let mut mac = self.0.clone();
        mac.update(what.as_bytes());
        mac.update(&[0]);
        mac.update(bytes);
        mac.verify_slice(signature).is_ok()
    }
}

/// The key, read when it is first needed: whoever only looks at the journal needs none.
#[derive(Default)]
pub struct Lazy(OnceCell<Key>);

impl std::fmt::Debug for Lazy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key")
    }
}

impl Lazy {
    /// The key; made where there is none and nothing was signed yet.
    pub fn get(&self, journal: &Journal) -> Result<&Key> {
        if let Some(key) = self.0.get() {
            return Ok(key);
        }
        let path = &journal.place.key;
        let key = match read(path)? {
            Some(key) => key,
            None if journal.audit_tail()?.seq == 0 && !journal.place.head.exists() => make(path)?,
            None => return Err(wrong(path, "is gone, and what is recorded was signed with it; put it back")),
        };
        Ok(self.0.get_or_init(|| key))
    }

    /// The key, if it is there.
    pub fn existing(&self, journal: &Journal) -> Result<Option<&Key>> {
        if self.0.get().is_none()
            && let Some(key) = read(&journal.place.key)?
        {
            let _ = self.0.set(key);
        }
        Ok(self.0.get())
    }
}

fn wrong(path: &Path, why: impl Into<String>) -> JournalError {
    JournalError::Key { path: path.display().to_string(), why: why.into() }
}

/// The key of a file: at least 32 bytes in hexadecimal, white space around.
fn read(path: &Path) -> Result<Option<Key>> {
    let file = match std::fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(wrong(path, format!("cannot be read: {error}"))),
    };
    let mut text = String::new();
    file.take(LONGEST)
        .read_to_string(&mut text)
        .map_err(|error| wrong(path, format!("cannot be read: {error}")))?;
    match unhex(text.trim()) {
        Some(bytes) if bytes.len() >= LENGTH => Key::new(&bytes).map(Some),
        _ => Err(wrong(path, format!("holds no key: {} or more hexadecimal digits are needed", LENGTH * 2))),
    }
}

fn make(path: &Path) -> Result<Key> {
    let text = random_hex(LENGTH)?;
    let mode = if place::is_shared(path) { 0o640 } else { 0o600 };
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        place::make_folder(folder).map_err(|error| wrong(path, format!("cannot be made: {error}")))?;
    }
    // Whole or not at all, and never in the place of one that another process makes at the same time.
    let beside = path.with_extension(format!("key-{}", random_hex(4)?));
    let _ = std::fs::remove_file(&beside);
    let made = place::create(&beside, &mut OpenOptions::new(), mode).and_then(|file| {
        let mut file = file.ok_or(ErrorKind::AlreadyExists)?;
        file.write_all(format!("{text}\n").as_bytes())?;
        file.sync_all()?;
        std::fs::hard_link(&beside, path)
    });
    let _ = std::fs::remove_file(&beside);
    match made {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) if error.kind() == ErrorKind::StorageFull => return Err(JournalError::Full),
        Err(error) => return Err(wrong(path, format!("cannot be made: {error}"))),
    }
    read(path)?.ok_or_else(|| wrong(path, "is gone again"))
}

/// So many random bytes, in hexadecimal.
pub fn random_hex(bytes: usize) -> Result<String> {
    let mut random = vec![0; bytes];
    getrandom::fill(&mut random).map_err(|error| JournalError::Internal(error.to_string()))?;
    Ok(hex(&random))
}
