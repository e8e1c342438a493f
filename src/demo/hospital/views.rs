//! Columns of long ranges that were asked for: a chart of a week looks again every few seconds.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::demo::rng::mix;
use crate::demo::samples::Chunk;
use crate::demo::samples::timeline::Epoch;

/// Bytes that are kept.
const MOST_BYTES: usize = 8 << 20;

/// By the question and the epoch: when it was used last, and what is kept.
type Kept = BTreeMap<(u64, i64, u32), (u64, Arc<Chunk>)>;

#[derive(Debug, Default)]
struct Inner {
    kept: Kept,
    bytes: usize,
    uses: u64,
}

/// What is kept of finished epochs, by the series that were asked for.
#[derive(Debug, Default)]
pub struct Views(Mutex<Inner>);

impl Views {
    /// What stands for a choice of series.
    pub fn key(series: &[u32]) -> u64 {
        series.iter().fold(series.len() as u64, |key, series| mix(key ^ u64::from(*series)))
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The columns of an epoch, if they are still there.
    pub fn get(&self, key: u64, epoch: Epoch) -> Option<Arc<Chunk>> {
        let mut inner = self.lock();
        inner.uses += 1;
        let now = inner.uses;
        let (used, chunk) = inner.kept.get_mut(&(key, epoch.day, epoch.number))?;
        *used = now;
        Some(Arc::clone(chunk))
    }

    /// Keeps them; what was not used for longest goes.
    pub fn keep(&self, key: u64, epoch: Epoch, chunk: Arc<Chunk>) {
        let mut inner = self.lock();
        inner.uses += 1;
        let now = inner.uses;
        inner.bytes += chunk.bytes();
        if let Some((_, old)) = inner.kept.insert((key, epoch.day, epoch.number), (now, chunk)) {
            inner.bytes -= old.bytes();
        }
        if inner.bytes <= MOST_BYTES {
            return;
        }
        // A quarter at once: looking for the oldest costs a walk over all.
        let mut by_use: Vec<(u64, (u64, i64, u32))> =
            inner.kept.iter().map(|(at, (used, _))| (*used, *at)).collect();
        by_use.sort_unstable();
        for (_, at) in by_use.iter().take(by_use.len().div_ceil(4)) {
            if let Some((_, gone)) = inner.kept.remove(at) {
                inner.bytes -= gone.bytes();
            }
        }
    }

    /// Bytes that are kept.
    pub fn bytes(&self) -> usize {
        self.lock().bytes
    }
}
