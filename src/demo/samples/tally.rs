//! What has been counted of a day, and the scrapes of the epoch under way.

use super::chunk::{Chunk, Rows};
use super::walk::EPOCH_US;
use crate::demo::event::Gauges;
use crate::demo::metrics::{Book, Counting, State};
use crate::demo::world::World;

/// What does not change while a day runs.
#[derive(Clone, Copy)]
pub struct Context<'c> {
    /// Place.
    pub world: &'c World,
    /// Metrics.
    pub book: &'c Book,
    /// Seed.
    pub seed: u64,
}

/// The counters and scrapes of a day at one moment.
#[derive(Clone)]
pub struct Tally {
    /// What has been counted.
    pub state: State,
    /// Whether samples of this epoch are kept.
    recording: bool,
    rows: Vec<Rows>,
    before: Vec<Option<Box<[i64]>>>,
}

impl Tally {
    /// At the start of a day.
    pub fn new(book: &Book, start_us: i64) -> Self {
        let mut tally = Self {
            state: State::new(book, start_us),
            recording: false,
            rows: vec![Vec::new(); book.targets.len()],
            before: vec![None; book.targets.len()],
        };
        tally.begin(false);
        tally
    }

    /// How many rows the epoch under way has.
    pub fn scraped(&self) -> usize {
        self.rows.iter().map(Vec::len).sum()
    }

    /// The epoch under way, packed as it stands.
    pub fn pack(&self) -> Chunk {
        Chunk::pack(&self.rows, &self.before, &self.state.exemplars)
    }

    /// What counts an event.
    pub fn counting<'a>(&'a mut self, context: Context<'a>) -> Counting<'a> {
        let Context { world, book, seed } = context;
        Counting { book, world, seed, state: &mut self.state }
    }

    /// Whether samples of the epoch under way are kept.
    pub fn begin(&mut self, recording: bool) {
        self.recording = recording;
        self.state.traced = recording;
    }

    /// A scrape of a target.
    pub fn scrape(&mut self, context: Context<'_>, target: usize, at_ms: i64, gauges: &Gauges) {
        let row = self.counting(context).scrape(target, gauges, at_ms * 1000);
        let Some(rows) = self.rows.get_mut(target) else { return };
        if !self.recording {
            rows.clear();
        }
        if rows.capacity() == 0 && self.recording {
            let every_ms = context.book.targets.get(target).map_or(EPOCH_US / 1000, |of| of.every_ms.max(1));
            rows.reserve_exact((EPOCH_US / 1000 / every_ms + 1) as usize);
        }
        rows.push((at_ms, row));
    }

    /// The epoch is over: its samples, where they are kept.
    pub fn seal(&mut self) -> Option<Chunk> {
        let sealed = self.recording.then(|| self.pack());
        for (rows, before) in self.rows.iter_mut().zip(&mut self.before) {
            if let Some((_, row)) = rows.drain(..).next_back() {
                *before = Some(row);
            }
        }
        self.state.exemplars.clear();
        self.begin(false);
        sealed
    }
}
