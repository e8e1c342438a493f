//! Recordings of epochs, the latest used of them kept.

use std::sync::{Arc, Mutex, PoisonError};

use crate::demo::samples::timeline::Epoch;

/// What takes memory.
pub trait Weigh {
    /// About how many bytes.
    fn bytes(&self) -> usize;
}

#[derive(Debug)]
struct Kept<T> {
    epoch: Epoch,
    until_us: i64,
    bytes: usize,
    what: Arc<T>,
}

/// Some recordings, least recently used first.
#[derive(Debug)]
pub struct Shelf<T> {
    kept: Mutex<Vec<Kept<T>>>,
    most_bytes: usize,
    /// Held while something is recorded: who wants the same waits for it rather than record it again, and what is
    /// recorded at once takes no more memory than one recording.
    making: Mutex<()>,
}

/// A window within one epoch needs the next one too: so many stay, whatever they weigh.
const LEAST: usize = 2;

impl<T: Weigh> Shelf<T> {
    /// A shelf for so many bytes.
    pub fn new(most_bytes: usize) -> Self {
        Self { kept: Mutex::new(Vec::new()), most_bytes, making: Mutex::new(()) }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Kept<T>>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Bytes that are kept.
    pub fn bytes(&self) -> usize {
        self.lock().iter().map(|one| one.bytes).sum()
    }

    fn find(&self, epoch: Epoch, until_us: i64) -> Option<Arc<T>> {
        let mut kept = self.lock();
        let at = kept.iter().position(|one| one.epoch == epoch && one.until_us == until_us)?;
        let one = kept.remove(at);
        let what = Arc::clone(&one.what);
        kept.push(one);
        Some(what)
    }

    /// The recording of an epoch up to this moment; `make` records it where there is none.
    pub fn get(&self, epoch: Epoch, now_us: i64, make: impl FnOnce(i64) -> Option<T>) -> Option<Arc<T>> {
        let until_us = now_us.min(epoch.end_us);
        if let Some(what) = self.find(epoch, until_us) {
            return Some(what);
        }
        let _making = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(what) = self.find(epoch, until_us) {
            return Some(what);
        }
        let what = Arc::new(make(until_us)?);
        let bytes = what.bytes();
        let mut kept = self.lock();
        kept.retain(|one| one.epoch != epoch);
        kept.push(Kept { epoch, until_us, bytes, what: Arc::clone(&what) });
        let mut sum: usize = kept.iter().map(|one| one.bytes).sum();
        while sum > self.most_bytes && kept.len() > LEAST {
            sum -= kept.remove(0).bytes;
        }
        Some(what)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Brick;

    impl Weigh for Brick {
        fn bytes(&self) -> usize {
            10
        }
    }

    #[test]
    fn who_wants_the_same_waits_for_it() {
        use std::sync::atomic::{AtomicUsize, Ordering};
        let shelf = Shelf::new(60);
        let (made, together) = (AtomicUsize::new(0), std::sync::Barrier::new(4));
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    together.wait();
                    let epoch = Epoch { day: 1, number: 0, start_us: 0, end_us: 10 };
                    shelf.get(epoch, 100, |_| {
                        made.fetch_add(1, Ordering::SeqCst);
                        std::thread::yield_now();
                        Some(Brick)
                    });
                });
            }
        });
        assert_eq!(made.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn the_latest_used_stay_and_an_epoch_under_way_is_recorded_again() {
        let shelf = Shelf::new(60);
        let epoch = |number: u32| Epoch {
            day: 1,
            number,
            start_us: i64::from(number) * 10,
            end_us: i64::from(number) * 10 + 10,
        };
        let mut made = 0;
        let mut get = |number: u32, now: i64| {
            shelf.get(epoch(number), now, |_| {
                made += 1;
                Some(Brick)
            });
            made
        };
        for number in 0..6 {
            get(number, 1000);
        }
        assert_eq!(get(0, 2000), 6, "still there, and over: a later now changes nothing");
        assert_eq!(get(6, 1000), 7);
        assert_eq!(get(1, 1000), 8, "the least recently used had to go");
        assert_eq!((get(7, 73), get(7, 73), get(7, 74)), (9, 9, 10), "what is under way grows");
    }
}
