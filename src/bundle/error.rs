//! What can be wrong with a bundle, and what a reading tells besides the evidence.

use std::collections::BTreeMap;

/// Why a bundle cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// The file cannot be opened, read or written.
    #[error("{path}: {why}")]
    File {
        /// The file.
        path: String,
        /// What the system says.
        why: std::io::Error,
    },
    /// The bytes end or break in the middle: a damaged or cut compressed file.
    #[error(
        "the bundle cannot be read any further after line {after}: {why}; the file is cut or damaged, fetch it again"
    )]
    Stream {
        /// The last whole line.
        after: u64,
        /// What the decoder says.
        why: std::io::Error,
    },
    /// There is nothing in it.
    #[error("the bundle is empty; its first line must be the manifest")]
    Empty,
    /// The first line is no manifest.
    #[error(
        "line 1 is no manifest of plantao.evidence: {0}; a bundle starts with {{\"kind\":\"manifest\",\"format\":\"plantao.evidence\",\"version\":1,…}}"
    )]
    Manifest(String),
    /// The manifest is of a later version.
    #[error("the bundle is of version {0}, and this plantao reads up to version 1; take a newer plantao")]
    Version(u64),
}

/// What a reading tells besides the evidence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Lines, the manifest and empty ones included.
    pub lines: u64,
    /// The first broken lines: number, and what is wrong.
    pub broken: Vec<(u64, String)>,
    /// How many lines are broken in all.
    pub broken_lines: u64,
    /// Kinds that nobody knows, with how often they came.
    pub unknown_kinds: BTreeMap<String, u64>,
    /// Keys that nobody knows, with how often they came.
    pub unknown_keys: BTreeMap<String, u64>,
    /// Records beyond the limits, left out.
    pub dropped: u64,
}

impl Report {
    /// Broken lines that are told one by one.
    pub const TOLD: usize = 20;
    /// Different unknown words that are told by name; the rest is counted under `…`.
    const WORDS: usize = 50;

    pub(super) fn broken(&mut self, line: u64, why: String) {
        self.broken_lines += 1;
        if self.broken.len() < Self::TOLD {
            self.broken.push((line, why));
        }
    }

    pub(super) fn unknown_kind(&mut self, kind: &str) {
        count(&mut self.unknown_kinds, kind);
    }

    pub(super) fn unknown_key(&mut self, key: &str) {
        count(&mut self.unknown_keys, key);
    }

    /// Whether everything was understood and kept.
    pub fn is_whole(&self) -> bool {
        self.broken_lines == 0 && self.dropped == 0
    }
}

fn count(words: &mut BTreeMap<String, u64>, word: &str) {
    let short: String = word.chars().take(60).collect();
    let key =
        if words.contains_key(&short) || words.len() < Report::WORDS { short } else { "…".to_owned() };
    *words.entry(key).or_default() += 1;
}
