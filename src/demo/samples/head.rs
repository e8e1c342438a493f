//! One day on its way: the model as it walks through it, and what has been counted.

use std::collections::BTreeMap;

use super::chunk::Chunk;
pub use super::tally::Context;
use super::tally::Tally;
use super::tape;
use super::timeline::Model;
pub use super::walk::EPOCH_US;
use super::walk::{Hear, Reach, Walk};
use crate::demo::event::{Finished, Gauges, Notice, Sink};
use crate::demo::metrics::source::On;
use crate::demo::metrics::{Book, State};

/// Copies that are kept of the latest epochs; of those before, one in so many: what lies between is run again from
/// it, which takes moments.
const ALL_OF: u32 = 8;
const ONE_IN: u32 = 4;

/// From so many epochs on it pays to count on a thread of its own.
const LONG: i64 = 3;

/// A day at one moment.
#[derive(Clone)]
pub struct Head<M> {
    walk: Walk<M>,
    tally: Tally,
}

/// Counts, packs, and leaves copies.
struct Listener<'l, M> {
    context: Context<'l>,
    tally: &'l mut Tally,
    sealed: &'l mut Vec<(u32, Chunk)>,
    marks: Option<&'l mut BTreeMap<u32, Head<M>>>,
}

impl<M> Sink for Listener<'_, M> {
    fn finished(&mut self, request: &Finished) {
        self.tally.counting(self.context).finished(request);
    }

    fn notice(&mut self, notice: &Notice) {
        self.tally.counting(self.context).notice(notice);
    }
}

impl<M: Model> Hear<M> for Listener<'_, M> {
    fn begin(&mut self, recording: bool) {
        self.tally.begin(recording);
    }

    fn scrape(&mut self, target: usize, at_ms: i64, gauges: Gauges) {
        self.tally.scrape(self.context, target, at_ms, &gauges);
    }

    fn sum(&mut self, target: usize, at_ms: i64, gauges: Gauges) {
        self.tally.counting(self.context).sum(target, &gauges, at_ms * 1000);
    }

    fn ended(&mut self, epoch: u32, next: &Walk<M>) {
        if let Some(chunk) = self.tally.seal() {
            self.sealed.push((epoch, chunk));
        }
        if let Some(marks) = self.marks.as_deref_mut() {
            let copy = || Head { walk: next.clone(), tally: self.tally.clone() };
            marks.entry(epoch + 1).or_insert_with(copy);
            if let Some(old) = (epoch + 1).checked_sub(ALL_OF).filter(|old| old % ONE_IN != 0) {
                marks.remove(&old);
            }
        }
    }
}

impl<M: Model> Head<M> {
    /// At the start of a day.
    pub fn new(model: M, book: &Book, (start_us, end_us): (i64, i64)) -> Self {
        Self { walk: Walk::new(model, book, (start_us, end_us)), tally: Tally::new(book, start_us) }
    }

    /// The model.
    pub fn model(&self) -> &M {
        &self.walk.model
    }

    /// What has been counted.
    pub fn state(&self) -> &State {
        &self.tally.state
    }

    /// The epoch under way.
    pub fn epoch(&self) -> u32 {
        self.walk.epoch
    }

    /// The day's end, microseconds since the Unix epoch.
    pub fn end_us(&self) -> i64 {
        self.walk.end_us
    }

    /// Where an epoch begins, microseconds since the Unix epoch.
    pub fn start_of(&self, epoch: u32) -> i64 {
        self.walk.start_of(epoch)
    }

    /// The model, for somebody else to listen to.
    pub fn into_model(self) -> M {
        self.walk.model
    }

    /// How many rows the epoch under way has.
    pub fn scraped(&self) -> usize {
        self.tally.scraped()
    }

    /// The epoch under way, packed as it stands.
    pub fn pack(&self) -> Chunk {
        self.tally.pack()
    }

    /// Runs on to this moment, entering no epoch from `stop_at` on. Epochs that end by then come out packed
    /// from `record_from` on; copies are left at the starts of epochs, of all of the latest and of some before.
    pub fn advance(
        &mut self,
        context: Context<'_>,
        (record_from, stop_at): (u32, u32),
        to_us: i64,
        sealed: &mut Vec<(u32, Chunk)>,
        marks: Option<&mut BTreeMap<u32, Self>>,
    ) {
        let must = must_read(context.book);
        let reach = Reach { record_from, stop_at, must: &must };
        let long = self.walk.epochs_to(to_us, stop_at) >= LONG;
        let mut listener = Listener { context, tally: &mut self.tally, sealed, marks };
        if !(long && tape::advance(&mut self.walk, &reach, to_us, &mut listener)) {
            self.walk.advance(&reach, to_us, &mut listener);
        }
    }
}

/// Which targets must be read at every scrape, because what they say next depends on it.
fn must_read(book: &Book) -> Vec<bool> {
    let sums = |service: u8| {
        let mut all =
            book.sources.iter().filter(|source| source.integral && matches!(source.on, On::Gauge(_)));
        all.any(|source| source.rows.iter().any(|(of, _)| *of == service))
    };
    book.targets.iter().map(|of| sums(of.service)).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::demo::engine::Engine;
    use crate::demo::metrics::layout;
    use crate::demo::plan::Plan;
    use crate::demo::world::World;

    #[test]
    fn counted_beside_is_what_is_counted_on_the_way() {
        let pack = crate::pack::load("hospital", &[]).expect("the shipped pack");
        let files = pack.demo.as_ref().expect("a demo folder");
        let world = Arc::new(World::parse(&files.world, &pack).expect("the shipped world"));
        let book = layout::book(&files.metrics, &world, 7).expect("the shipped metrics");
        let plan = Plan::calm(7);
        let day = 20_000;
        let bounds = (world.day_start_us(day), world.day_start_us(day + 1));
        let begin = || Head::new(Engine::start_of_day(Arc::clone(&world), &plan, day), &book, bounds);
        let context = Context { world: &world, book: &book, seed: 7 };
        let to_us = bounds.0 + 5 * EPOCH_US + EPOCH_US / 3;
        let run = |step_us: i64| {
            let (mut head, mut sealed, mut marks) = (begin(), Vec::new(), BTreeMap::new());
            let mut at_us = bounds.0;
            while at_us < to_us {
                at_us = (at_us + step_us).min(to_us);
                head.advance(context, (2, u32::MAX), at_us, &mut sealed, Some(&mut marks));
            }
            let copies: Vec<_> =
                marks.values().map(|mark: &Head<Engine>| mark.tally.state.rows.clone()).collect();
            let open = format!("{:?}", head.pack());
            (format!("{sealed:?}"), copies, open, head.tally.state.rows.clone())
        };
        // Far enough at once for a thread of its own, and never far enough.
        let (beside, on_the_way) = (run(i64::MAX / 4), run(EPOCH_US / 7));
        assert_eq!(beside.1.len(), 5, "a copy at the start of every epoch");
        assert!(beside == on_the_way, "whoever counts, and however far at once, counts the same");
    }
}
