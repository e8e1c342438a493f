//! Recordings of epochs, the latest used of them kept.

use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard};

use crate::demo::samples::timeline::Epoch;

/// What takes memory.
pub trait Weigh {
    /// About how many bytes.
    fn bytes(&self) -> usize;
}

/// A recording, which may grow while its epoch is under way.
#[derive(Debug)]
pub struct Shared<T>(RwLock<T>);

impl<T> Shared<T> {
    /// Reads it. Whoever holds this must not ask the shelf for another.
    pub fn read(&self) -> RwLockReadGuard<'_, T> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Debug)]
struct Kept<T> {
    epoch: Epoch,
    until_us: i64,
    bytes: usize,
    what: Arc<Shared<T>>,
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

    /// The recording of an epoch, and how far it reaches.
    fn find(&self, epoch: Epoch) -> Option<(Arc<Shared<T>>, i64)> {
        let mut kept = self.lock();
        let at = kept.iter().position(|one| one.epoch == epoch)?;
        let one = kept.remove(at);
        let found = (Arc::clone(&one.what), one.until_us);
        kept.push(one);
        Some(found)
    }

    /// The recording of an epoch up to this moment at least. `make` records it where there is none; `grow` goes on
    /// with one that does not reach as far, and says whether that can be done.
    pub fn get(
        &self,
        epoch: Epoch,
        now_us: i64,
        make: impl FnOnce(i64) -> Option<T>,
        grow: impl FnOnce(&mut T, i64) -> bool,
    ) -> Option<Arc<Shared<T>>> {
        let until_us = now_us.min(epoch.end_us);
        let enough = |found: Option<(Arc<Shared<T>>, i64)>| found.filter(|(_, reached)| *reached >= until_us);
        if let Some((what, _)) = enough(self.find(epoch)) {
            return Some(what);
        }
        let _making = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((what, reached)) = self.find(epoch) {
            if reached >= until_us {
                return Some(what);
            }
            let mut growing = what.0.write().unwrap_or_else(PoisonError::into_inner);
            if grow(&mut growing, until_us) {
                let bytes = growing.bytes();
                drop(growing);
                self.put(Kept { epoch, until_us, bytes, what: Arc::clone(&what) });
                return Some(what);
            }
        }
        let made = make(until_us)?;
        let bytes = made.bytes();
        let what = Arc::new(Shared(RwLock::new(made)));
        self.put(Kept { epoch, until_us, bytes, what: Arc::clone(&what) });
        Some(what)
    }

    /// Puts one in the place of what there is of its epoch; those that were not used for longest go while there is
    /// too much.
    fn put(&self, one: Kept<T>) {
        let mut kept = self.lock();
        kept.retain(|other| other.epoch != one.epoch);
        kept.push(one);
        let mut sum: usize = kept.iter().map(|one| one.bytes).sum();
        while sum > self.most_bytes && kept.len() > LEAST {
            sum -= kept.remove(0).bytes;
        }
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
                    let make = |_| {
                        made.fetch_add(1, Ordering::SeqCst);
                        std::thread::yield_now();
                        Some(Brick)
                    };
                    shelf.get(epoch, 100, make, |_, _| false);
                });
            }
        });
        assert_eq!(made.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn the_latest_used_stay_and_what_is_under_way_grows() {
        let shelf = Shelf::new(60);
        let epoch = |number: u32| Epoch {
            day: 1,
            number,
            start_us: i64::from(number) * 10,
            end_us: i64::from(number) * 10 + 10,
        };
        let (mut made, mut grown) = (0, 0);
        let mut get = |number: u32, now: i64, can_grow: bool| {
            let make = |_| {
                made += 1;
                Some(Brick)
            };
            let grow = |_: &mut Brick, _| {
                grown += i32::from(can_grow);
                can_grow
            };
            shelf.get(epoch(number), now, make, grow);
            (made, grown)
        };
        for number in 0..6 {
            get(number, 1000, true);
        }
        assert_eq!(get(0, 2000, true), (6, 0), "still there, and over: a later now changes nothing");
        assert_eq!(get(6, 1000, true), (7, 0));
        assert_eq!(get(1, 1000, true), (8, 0), "the least recently used had to go");
        assert_eq!([get(7, 73, true), get(7, 73, true), get(7, 74, true)], [(9, 0), (9, 0), (9, 1)]);
        assert_eq!(get(7, 72, true), (9, 1), "it reaches further than is asked for");
        assert_eq!(get(7, 80, false), (10, 1), "what cannot grow is recorded again");
    }
}
