//! The store behind the marks: raw values, sealed, found by what was masked and by the mark.
//!
//! Masking asks first whether this very spelling was masked before, and then needs no new pseudonym; so the
//! common way is one hash and one look-up under a lock of a sixteenth of the store. Opening is rare and reads
//! all of it.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher, BuildHasherDefault, Hasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::privacy::Sealed;
use crate::privacy::sealed::unseal;

/// Locks, so that two readers of answers rarely wait for each other.
const SHARDS: usize = 16;

/// Spellings kept in all; the one that was longest not made again goes first.
const MOST: usize = 65_536;

/// Bytes of raw values kept in all.
const MOST_BYTES: usize = 8 * 1024 * 1024;

/// Longest raw value that is kept: nobody filters for a page of text.
const LONGEST: usize = 2048;

/// Spellings of one mark that a query can match.
const SPELLINGS: usize = 32;

/// One find, as it is masked.
pub(in crate::privacy) struct Made<'t> {
    /// Which key makes the pseudonyms.
    pub key: u64,
    /// What the mark calls it.
    pub label: &'t str,
    /// Whether it is the value of a named field, whose spellings are equal by other rules.
    pub is_field: bool,
    /// What the pseudonym is made of.
    pub value: &'t str,
    /// What stood in the server's text; `None` where nobody can tell.
    pub raw: Option<&'t str>,
}

/// The vault of this process.
pub(super) fn vault() -> &'static Vault {
    static VAULT: OnceLock<Vault> = OnceLock::new();
    VAULT.get_or_init(|| Vault::new(MOST, MOST_BYTES))
}

/// Appends the mark of a find to `out`: the one that was made for the same spelling before, or else what
/// `make` appends.
pub(in crate::privacy) fn kept(made: &Made<'_>, out: &mut String, make: impl FnOnce(&mut String)) {
    vault().kept(made, out, make);
}

pub(super) struct Vault {
    hasher: RandomState,
    shards: [Mutex<Shard>; SHARDS],
    most: usize,
    most_bytes: usize,
    /// Counts what was kept: the greater, the later.
    made: AtomicU64,
}

#[derive(Default)]
struct Shard {
    entries: HashMap<u64, Entry, BuildHasherDefault<Whole>>,
    /// By when they were made or last found to be made again.
    order: VecDeque<u64>,
    bytes: usize,
}

struct Entry {
    key: u64,
    is_field: bool,
    /// Whether the pseudonym was made of other characters than the raw ones: then no look-up ends here.
    is_other: bool,
    /// Whether it was made again since it last stood at the end of the order.
    again: bool,
    /// `label:pseudonym`.
    mark: Box<str>,
    raw: Sealed<Box<str>>,
    number: u64,
}

impl Entry {
    fn is_for(&self, made: &Made<'_>) -> bool {
        !self.is_other
            && self.key == made.key
            && self.is_field == made.is_field
            && **unseal::open(&self.raw) == *made.value
            && self.mark.strip_prefix(made.label).is_some_and(|rest| rest.starts_with(':'))
    }
}

/// A hash that is one already.
#[derive(Default)]
struct Whole(u64);

impl Hasher for Whole {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, _: &[u8]) {}

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

impl Vault {
    pub fn new(most: usize, most_bytes: usize) -> Self {
        Self {
            hasher: RandomState::new(),
            shards: std::array::from_fn(|_| Mutex::default()),
            most: most / SHARDS,
            most_bytes: most_bytes / SHARDS,
            made: AtomicU64::new(0),
        }
    }

    pub fn kept(&self, made: &Made<'_>, out: &mut String, make: impl FnOnce(&mut String)) {
        let Some(raw) = made.raw.filter(|raw| raw.len() <= LONGEST) else { return make(out) };
        let is_other = raw != made.value;
        let hash = self.hasher.hash_one((made.key, made.label, made.is_field, is_other, raw));
        if !is_other {
            let mut shard = self.shard(hash).lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(entry) = shard.entries.get_mut(&hash).filter(|entry| entry.is_for(made)) {
                entry.again = true;
                out.push('‹');
                out.push_str(&entry.mark);
                out.push('›');
                return;
            }
        }
        let start = out.len();
        make(out);
        let mark = out[start..].trim_start_matches('‹').trim_end_matches('›');
        self.keep(hash, made, raw, is_other, mark);
        // A filter on a field of JSON compares with what the escapes mean.
        if raw.contains('\\')
            && let Some(meant) = unescaped(raw)
        {
            let hash = self.hasher.hash_one((made.key, made.label, made.is_field, true, meant.as_str()));
            self.keep(hash, made, &meant, true, mark);
        }
    }

    fn keep(&self, hash: u64, made: &Made<'_>, raw: &str, is_other: bool, mark: &str) {
        let mut shard = self.shard(hash).lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = shard.entries.get_mut(&hash)
            && **unseal::open(&entry.raw) == *raw
            && *entry.mark == *mark
        {
            entry.again = true;
            return;
        }
        let entry = Entry {
            key: made.key,
            is_field: made.is_field,
            is_other,
            again: false,
            mark: mark.into(),
            raw: Sealed::new(raw.into()),
            number: self.made.fetch_add(1, Ordering::Relaxed),
        };
        shard.bytes += raw.len();
        match shard.entries.insert(hash, entry) {
            Some(old) => shard.bytes -= unseal::open(&old.raw).len(),
            None => shard.order.push_back(hash),
        }
        while shard.entries.len() > self.most || shard.bytes > self.most_bytes {
            let Some(oldest) = shard.order.pop_front() else { break };
            match shard.entries.get_mut(&oldest) {
                Some(entry) if entry.again => {
                    entry.again = false;
                    shard.order.push_back(oldest);
                }
                _ => {
                    if let Some(gone) = shard.entries.remove(&oldest) {
                        shard.bytes -= unseal::open(&gone.raw).len();
                    }
                }
            }
        }
    }

    /// The raw values behind `label:pseudonym`, the last kept first; none where it is not known.
    pub fn spellings(&self, mark: &str) -> Vec<Sealed<Box<str>>> {
        let mut all: Vec<(u64, Sealed<Box<str>>)> = Vec::new();
        for shard in &self.shards {
            let shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
            let alike = shard.entries.values().filter(|entry| *entry.mark == *mark);
            all.extend(alike.map(|entry| (entry.number, entry.raw.clone())));
        }
        all.sort_by_key(|(number, _)| std::cmp::Reverse(*number));
        let mut seen: Vec<Sealed<Box<str>>> = Vec::new();
        for (_, raw) in all {
            if !seen.contains(&raw) && seen.len() < SPELLINGS {
                seen.push(raw);
            }
        }
        seen
    }

    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.shards.iter().map(|shard| shard.lock().expect("a shard").entries.len()).sum()
    }

    fn shard(&self, hash: u64) -> &Mutex<Shard> {
        // The low bits choose the place within a shard.
        &self.shards[(hash >> 32) as usize % SHARDS]
    }
}

/// What the escapes of a JSON string mean, at whatever depth; `None` where they are none.
fn unescaped(raw: &str) -> Option<String> {
    let mut text = raw.to_owned();
    let mut changed = false;
    for _ in 0..4 {
        if !text.contains('\\') {
            break;
        }
        let Ok(meant) = serde_json::from_str::<String>(&format!("\"{text}\"")) else { break };
        changed = true;
        text = meant;
    }
    changed.then_some(text)
}
