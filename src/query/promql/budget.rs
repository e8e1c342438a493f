//! What one query may cost.

use std::cell::Cell;

use super::QueryError;

/// Samples that one query may load or make, all together: a day of a thousand series at 15 s, or
/// about 160 MB.
pub(super) const MAX_SAMPLES: u64 = 10_000_000;
/// Samples that one query may look at, windows that overlap counted each time: a few seconds at most.
pub(super) const MAX_WORK: u64 = 1_000_000_000;

/// What is left.
pub(super) struct Budget {
    samples: Cell<u64>,
    work: Cell<u64>,
}

impl Budget {
    pub(super) fn new() -> Self {
        Self { samples: Cell::new(MAX_SAMPLES), work: Cell::new(MAX_WORK) }
    }

    /// Takes samples that will be held.
    pub(super) fn hold(&self, samples: usize) -> Result<(), QueryError> {
        take(&self.samples, samples, || {
            "query processing would load too many samples into memory in query execution".to_owned()
        })
    }

    /// Takes samples that will be looked at.
    pub(super) fn look(&self, samples: usize) -> Result<(), QueryError> {
        take(&self.work, samples, || {
            "query would look at too many samples; ask for a shorter range, a wider step or fewer series"
                .to_owned()
        })
    }
}

fn take(left: &Cell<u64>, amount: usize, words: impl Fn() -> String) -> Result<(), QueryError> {
    match left.get().checked_sub(amount as u64) {
        Some(rest) => {
            left.set(rest);
            Ok(())
        }
        None => Err(QueryError::Execution(words())),
    }
}
