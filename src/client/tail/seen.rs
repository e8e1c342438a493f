//! Which lines were given lately, so that what is fetched again after a gap is not given again.
//!
//! Counted, not only known: a server may have the same line twice, and then both are given.

use std::collections::{HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::model::LogEntry;

/// Lines that are remembered at most.
const MOST: usize = 50_000;

/// Lines of late, by hash.
#[derive(Debug, Default)]
pub(super) struct Seen {
    counts: HashMap<u64, u32>,
    order: VecDeque<u64>,
    /// Found again since the last [`Self::settle`].
    again: Vec<u64>,
}

impl Seen {
    /// Remembers a line.
    pub fn note(&mut self, entry: &LogEntry) {
        self.add(hash(entry));
    }

    fn add(&mut self, hash: u64) {
        *self.counts.entry(hash).or_default() += 1;
        self.order.push_back(hash);
        if self.order.len() > MOST
            && let Some(old) = self.order.pop_front()
        {
            self.take(old);
        }
    }

    /// Whether the line was given before. Then one such is not told again, before [`Self::settle`].
    pub fn was_given(&mut self, entry: &LogEntry) -> bool {
        let hash = hash(entry);
        let known = self.take(hash);
        if known {
            self.again.push(hash);
        }
        known
    }

    /// What was found again is known as before: the next gap may reach as far back.
    pub fn settle(&mut self) {
        for hash in std::mem::take(&mut self.again) {
            self.add(hash);
        }
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.counts.clear();
        self.order.clear();
        self.again.clear();
    }

    fn take(&mut self, hash: u64) -> bool {
        let Some(count) = self.counts.get_mut(&hash) else { return false };
        *count -= 1;
        if *count == 0 {
            self.counts.remove(&hash);
        }
        true
    }
}

/// By moment, stream and line. What an entry has of its own comes otherwise over a tail than from a query.
fn hash(entry: &LogEntry) -> u64 {
    let mut hasher = DefaultHasher::new();
    (entry.ts, &entry.labels, &entry.line).hash(&mut hasher);
    hasher.finish()
}
