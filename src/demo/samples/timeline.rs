//! Any moment of the hospital, computed when asked for.
//!
//! A day of the model runs forward from its start. At the start of every epoch a copy of everything is
//! kept, so that any epoch can be run again: for its samples, its log lines or its traces. Samples of
//! epochs are packed and kept as long as there is room; what has been is the same each time it is run.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use super::chunk::Chunk;
use super::head::{Context, EPOCH_US, Head};
use crate::demo::event::{Gauges, Sink};
use crate::demo::metrics::{Book, Counting, State};
use crate::demo::plan::Plan;
use crate::demo::world::World;

/// Bytes of packed samples that are kept: a day takes about as much.
const KEPT_BYTES: usize = 12 << 20;
/// Days whose copies are kept, today's included.
const KEPT_DAYS: usize = 2;

/// Finished epochs of today whose samples are kept on the way to now: a console opens with an hour,
/// and the first rates of it look back a few minutes more.
const RECENT: u32 = 7;

/// What runs: the engine, or a small one of a test.
pub trait Model: Clone + Send {
    /// A day from its start.
    fn start_of_day(world: &Arc<World>, plan: &Plan, day: i64) -> Self;
    /// On to this moment (microseconds since the Unix epoch), it included.
    fn run_until(&mut self, t_us: i64, sink: &mut dyn Sink);
    /// What can be read off it now.
    fn gauges(&self) -> Gauges;
}

/// An epoch: a day of the model and the number of the stretch within it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Epoch {
    /// Day.
    pub day: i64,
    /// Number within the day, from 0.
    pub number: u32,
    /// Its start, microseconds since the Unix epoch.
    pub start_us: i64,
    /// Its end, not included.
    pub end_us: i64,
}

struct Day<M> {
    number: i64,
    head: Head<M>,
    /// Copies by the number of the epoch that they begin.
    marks: BTreeMap<u32, Head<M>>,
}

/// What somebody computes just now; who needs it waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Busy {
    /// A day runs on.
    Day(i64),
    /// An epoch is run again.
    Epoch(i64, u32),
}

struct Inner<M> {
    plan: Plan,
    /// Moment of the last change of plan: a day that was under way then is not to be run on.
    replanned_us: i64,
    /// Least recently used first. One that runs is not among them.
    days: Vec<Day<M>>,
    chunks: BTreeMap<(i64, u32), (u64, Arc<Chunk>)>,
    bytes: usize,
    uses: u64,
    /// The epoch under way as it was packed last, and how many rows it had then.
    open: Option<(Epoch, usize, Arc<Chunk>)>,
    busy: BTreeSet<Busy>,
    /// Changes of plan so far.
    plans: u64,
}

/// Everything that has been, as far as it was asked for. Nothing is computed while its lock is held:
/// who asks for another day or another epoch does not wait.
pub struct Timeline<M> {
    world: Arc<World>,
    book: Arc<Book>,
    inner: Mutex<Inner<M>>,
    done: Condvar,
}

/// While it lives, somebody computes this.
struct Claim<'t, M> {
    timeline: &'t Timeline<M>,
    what: Busy,
}

impl<M> Drop for Claim<'_, M> {
    fn drop(&mut self) {
        self.timeline.lock().busy.remove(&self.what);
        self.timeline.done.notify_all();
    }
}

impl<M> std::fmt::Debug for Timeline<M> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let inner = self.lock();
        f.debug_struct("Timeline")
            .field("days", &inner.days.len())
            .field("chunks", &inner.chunks.len())
            .field("bytes", &inner.bytes)
            .finish_non_exhaustive()
    }
}

impl<M> Timeline<M> {
    fn lock(&self) -> MutexGuard<'_, Inner<M>> {
        // A thread that panicked while it held the lock left nothing half done that is not run again.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until nobody computes this any more.
    fn idle<'l>(&'l self, mut inner: MutexGuard<'l, Inner<M>>, what: Busy) -> MutexGuard<'l, Inner<M>> {
        while inner.busy.contains(&what) {
            inner = self.done.wait(inner).unwrap_or_else(PoisonError::into_inner);
        }
        inner
    }
}

impl<M: Model> Timeline<M> {
    /// A place and what happens there.
    pub fn new(world: Arc<World>, book: Arc<Book>, plan: Plan) -> Self {
        let inner = Inner {
            plan,
            replanned_us: i64::MIN,
            days: Vec::new(),
            chunks: BTreeMap::new(),
            bytes: 0,
            uses: 0,
            open: None,
            busy: BTreeSet::new(),
            plans: 0,
        };
        Self { world, book, inner: Mutex::new(inner), done: Condvar::new() }
    }

    /// What happens.
    pub fn plan(&self) -> Plan {
        self.lock().plan.clone()
    }

    /// How often that has been changed so far.
    pub fn plans(&self) -> u64 {
        self.lock().plans
    }

    /// Changes what happens from now on, as `change` says. What has been must be the same in both plans.
    pub fn replan(&self, now_us: i64, change: impl FnOnce(&mut Plan)) {
        let mut inner = self.lock();
        change(&mut inner.plan);
        inner.plans += 1;
        inner.replanned_us = now_us;
        // Samples of finished epochs stay; copies that a later moment would be run from do not.
        inner.days.retain(|day| day.head.end_us() <= now_us);
        inner.open = None;
    }

    /// The epoch in which a moment lies.
    pub fn epoch_at(&self, t_us: i64) -> Epoch {
        let day = self.world.day_of(t_us);
        let (start, end) = (self.world.day_start_us(day), self.world.day_start_us(day + 1));
        let number = (t_us - start).div_euclid(EPOCH_US).max(0);
        let start_us = start + number * EPOCH_US;
        Epoch { day, number: number as u32, start_us, end_us: (start_us + EPOCH_US).min(end) }
    }

    /// The samples of the epoch, as far as they are known by now.
    pub fn chunk(&self, epoch: Epoch, now_us: i64) -> Arc<Chunk> {
        let key = (epoch.day, epoch.number);
        let mut inner = self.lock();
        loop {
            if let Some(chunk) = inner.kept(key) {
                return chunk;
            }
            let busy = [Busy::Day(epoch.day), Busy::Epoch(epoch.day, epoch.number)];
            let Some(what) = busy.into_iter().find(|what| inner.busy.contains(what)) else { break };
            inner = self.idle(inner, what);
        }
        let seed = inner.plan.seed;
        let day = self.take(&mut inner, epoch.day);
        if day.head.epoch() > epoch.number
            && let Some((_, mark)) = day.marks.range(..=epoch.number).next_back()
        {
            let mut again = mark.clone();
            // Who reads on will want the next ones too, up to where the next copy stands.
            let next = day.marks.range(epoch.number + 1..).next().map_or(epoch.number + 1, |(next, _)| *next);
            inner.days.push(day);
            let claim = self.claim(&mut inner, Busy::Epoch(epoch.day, epoch.number));
            drop(inner);
            // The day has been there: it is over, even where a slow asker's now is a little earlier.
            let end_us = again.start_of(next).min(again.end_us());
            let sealed = self.advance(&mut again, None, seed, (epoch.number, next), end_us);
            let mut inner = self.lock();
            inner.keep_all(epoch.day, sealed);
            let found = inner.kept(key).unwrap_or_default();
            drop(inner);
            drop(claim);
            return found;
        }
        let open = inner.open.clone();
        let running = Running { plans: inner.plans, _claim: self.claim(&mut inner, Busy::Day(epoch.day)) };
        drop(inner);
        self.run(running, day, seed, epoch, now_us, open)
    }

    /// Runs a day on to this epoch.
    fn run(
        &self,
        running: Running<'_, M>,
        mut day: Day<M>,
        seed: u64,
        epoch: Epoch,
        now_us: i64,
        open: Option<(Epoch, usize, Arc<Chunk>)>,
    ) -> Arc<Chunk> {
        // What a live console asks for next is kept on the way; of the rest only what is asked for.
        let range = (self.recent(epoch.day, now_us).min(epoch.number), epoch.number + 1);
        let until_us = epoch.end_us.min(now_us);
        let Day { head, marks, .. } = &mut day;
        let sealed = self.advance(head, Some(marks), seed, range, until_us);
        let rows = day.head.scraped();
        let open = (epoch.end_us > now_us).then(|| match open {
            Some((of, packed, chunk)) if of == epoch && packed == rows => chunk,
            _ => Arc::new(day.head.pack()),
        });
        let mut inner = self.lock();
        inner.keep_all(epoch.day, sealed);
        let same = inner.put(day, running.plans);
        let found = match open {
            Some(chunk) => {
                if same {
                    inner.open = Some((epoch, rows, Arc::clone(&chunk)));
                }
                chunk
            }
            None => inner.kept((epoch.day, epoch.number)).unwrap_or_default(),
        };
        drop(inner);
        drop(running);
        found
    }

    /// Everything as of now, its model run up to the very moment: what exporters would say.
    pub fn now(&self, now_us: i64) -> (M, State) {
        let epoch = self.epoch_at(now_us);
        // Brings the day's head to this epoch; a change of plan at that very moment takes it away again.
        let has = |inner: &Inner<M>| inner.days.iter().any(|day| day.number == epoch.day);
        let mut inner = self.lock();
        for _ in 0..4 {
            drop(inner);
            self.chunk(epoch, now_us);
            inner = self.idle(self.lock(), Busy::Day(epoch.day));
            if has(&inner) {
                break;
            }
        }
        let seed = inner.plan.seed;
        let head = inner.days.iter().find(|day| day.number == epoch.day).map(|day| &day.head);
        let (mut model, mut state) = head.map_or_else(
            || {
                (
                    M::start_of_day(&self.world, &inner.plan, epoch.day),
                    State::new(&self.book, self.world.day_start_us(epoch.day)),
                )
            },
            |head| (head.model().clone(), head.state().clone()),
        );
        drop(inner);
        let mut counting = Counting { book: &self.book, world: &self.world, seed, state: &mut state };
        model.run_until(now_us, &mut counting);
        (model, state)
    }

    /// Runs an epoch again, up to `until_us` at most, for somebody else. `begin` is told how the
    /// model stands before; how it stands then comes along.
    pub fn replay<S: Sink>(
        &self,
        epoch: Epoch,
        (until_us, now_us): (i64, i64),
        begin: impl FnOnce(&Gauges) -> S,
    ) -> Option<(M, S)> {
        let mut inner = self.idle(self.lock(), Busy::Day(epoch.day));
        let seed = inner.plan.seed;
        let mut day = self.take(&mut inner, epoch.day);
        if day.head.epoch() < epoch.number {
            let running =
                Running { plans: inner.plans, _claim: self.claim(&mut inner, Busy::Day(epoch.day)) };
            drop(inner);
            let Day { head, marks, .. } = &mut day;
            let range = (self.recent(epoch.day, now_us), epoch.number);
            let sealed = self.advance(head, Some(marks), seed, range, epoch.start_us);
            let mark = day.marks.range(..=epoch.number).next_back().map(|(_, mark)| mark.clone());
            let mut inner = self.lock();
            inner.keep_all(epoch.day, sealed);
            inner.put(day, running.plans);
            drop(inner);
            drop(running);
            return Some(self.again(mark?, seed, epoch, until_us, begin));
        }
        let mark = day.marks.range(..=epoch.number).next_back().map(|(_, mark)| mark.clone());
        inner.days.push(day);
        drop(inner);
        Some(self.again(mark?, seed, epoch, until_us, begin))
    }

    /// The first epoch of a day that is kept on the way to now.
    fn recent(&self, day: i64, now_us: i64) -> u32 {
        let now = self.epoch_at(now_us);
        if now.day == day { now.number.saturating_sub(RECENT) } else { u32::MAX }
    }

    fn again<S: Sink>(
        &self,
        mut mark: Head<M>,
        seed: u64,
        epoch: Epoch,
        until_us: i64,
        begin: impl FnOnce(&Gauges) -> S,
    ) -> (M, S) {
        if mark.epoch() < epoch.number {
            self.advance(&mut mark, None, seed, (u32::MAX, epoch.number), epoch.start_us);
        }
        let mut model = mark.into_model();
        let mut sink = begin(&model.gauges());
        model.run_until((epoch.end_us - 1).min(until_us), &mut sink);
        (model, sink)
    }

    /// Runs a head on; packed come the epochs from the first of `range` on, and it stops before the
    /// second.
    fn advance(
        &self,
        head: &mut Head<M>,
        marks: Option<&mut BTreeMap<u32, Head<M>>>,
        seed: u64,
        range: (u32, u32),
        to_us: i64,
    ) -> Vec<(u32, Chunk)> {
        let context = Context { world: &self.world, book: &self.book, seed };
        let mut sealed = Vec::new();
        head.advance(context, range, to_us, &mut sealed, marks);
        sealed
    }

    /// Bytes of packed samples that are kept.
    pub fn bytes(&self) -> usize {
        self.lock().bytes
    }

    /// Keeps the samples of this epoch no longer: whoever asks again has them computed again.
    pub fn forget(&self, epoch: Epoch) {
        let mut inner = self.lock();
        if let Some((_, gone)) = inner.chunks.remove(&(epoch.day, epoch.number)) {
            inner.bytes -= gone.bytes();
        }
    }

    /// Whether samples of this epoch are kept.
    pub fn holds(&self, epoch: Epoch) -> bool {
        self.lock().chunks.contains_key(&(epoch.day, epoch.number))
    }

    fn claim(&self, inner: &mut Inner<M>, what: Busy) -> Claim<'_, M> {
        inner.busy.insert(what);
        Claim { timeline: self, what }
    }

    /// Takes a day from among those that are kept; begins it where it is not.
    fn take(&self, inner: &mut Inner<M>, day: i64) -> Day<M> {
        if let Some(at) = inner.days.iter().position(|kept| kept.number == day) {
            return inner.days.remove(at);
        }
        let model = M::start_of_day(&self.world, &inner.plan, day);
        let bounds = (self.world.day_start_us(day), self.world.day_start_us(day + 1));
        let head = Head::new(model, &self.book, bounds);
        let marks = BTreeMap::from([(0, head.clone())]);
        Day { number: day, head, marks }
    }
}

/// A day that runs, and how many changes of plan there were when it was taken.
struct Running<'t, M> {
    plans: u64,
    _claim: Claim<'t, M>,
}

impl<M: Model> Inner<M> {
    fn kept(&mut self, key: (i64, u32)) -> Option<Arc<Chunk>> {
        self.uses += 1;
        let (used, chunk) = self.chunks.get_mut(&key)?;
        *used = self.uses;
        Some(Arc::clone(chunk))
    }

    /// Puts a day back. `false`: the plan has changed, and the day is not that of the new one.
    fn put(&mut self, day: Day<M>, plans: u64) -> bool {
        if self.plans != plans && day.head.end_us() > self.replanned_us {
            return false;
        }
        let number = day.number;
        self.days.push(day);
        if self.days.len() > KEPT_DAYS {
            // Today's head is the only one that cannot be spared cheaply: it is the latest.
            let latest = self.days.iter().map(|day| day.number).max();
            let spared = |kept: &Day<M>| kept.number != number && Some(kept.number) != latest;
            if let Some(at) = self.days.iter().position(spared) {
                self.days.remove(at);
            }
        }
        true
    }

    fn keep_all(&mut self, day: i64, sealed: Vec<(u32, Chunk)>) {
        for (number, chunk) in sealed {
            self.uses += 1;
            self.bytes += chunk.bytes();
            if let Some((_, old)) = self.chunks.insert((day, number), (self.uses, Arc::new(chunk))) {
                self.bytes -= old.bytes();
            }
        }
        // What was not used for longest goes while there is too much.
        while self.bytes > KEPT_BYTES && self.chunks.len() > 1 {
            let oldest = self.chunks.iter().min_by_key(|(_, (used, _))| *used).map(|(at, _)| *at);
            let Some((_, gone)) = oldest.and_then(|at| self.chunks.remove(&at)) else { return };
            self.bytes -= gone.bytes();
        }
    }
}
