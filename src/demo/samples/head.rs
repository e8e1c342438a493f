//! One day on its way: the model, what has been counted, and when each target is scraped next.

use std::collections::BTreeMap;

use super::chunk::{Chunk, Rows};
use super::timeline::Model;
use crate::demo::metrics::source::On;
use crate::demo::metrics::{Book, Counting, State};
use crate::demo::world::World;

/// Length of an epoch.
pub const EPOCH_US: i64 = 600_000_000;

/// What does not change while a day runs.
pub struct Context<'c> {
    /// Place.
    pub world: &'c World,
    /// Metrics.
    pub book: &'c Book,
    /// Seed.
    pub seed: u64,
    /// Samples are kept of epochs from this one on.
    pub record_from: u32,
    /// The first epoch that is not entered.
    pub stop_at: u32,
}

/// A day at one moment.
#[derive(Clone)]
pub struct Head<M> {
    /// The model.
    pub model: M,
    /// What has been counted.
    pub state: State,
    /// The epoch under way.
    pub epoch: u32,
    /// The day's start, microseconds since the Unix epoch.
    pub start_us: i64,
    /// The day's end.
    pub end_us: i64,
    /// Whether samples of this epoch are kept.
    recording: bool,
    /// When each target is scraped next, milliseconds.
    next_ms: Vec<i64>,
    rows: Vec<Rows>,
    before: Vec<Option<Box<[i64]>>>,
}

impl<M: Model> Head<M> {
    /// At the start of a day.
    pub fn new(model: M, book: &Book, (start_us, end_us): (i64, i64)) -> Self {
        let start_ms = start_us.div_euclid(1000);
        let first = |every: i64, offset: i64| {
            // The first multiple of `every`, moved by `offset`, that is not before the day.
            start_ms + (offset - start_ms).rem_euclid(every)
        };
        Self {
            model,
            state: State::new(book, start_us),
            epoch: 0,
            start_us,
            end_us,
            recording: false,
            next_ms: book.targets.iter().map(|of| first(of.every_ms, of.offset_ms)).collect(),
            rows: vec![Vec::new(); book.targets.len()],
            before: vec![None; book.targets.len()],
        }
    }

    /// Where an epoch ends.
    fn end_of(&self, epoch: u32) -> i64 {
        (self.start_us + (i64::from(epoch) + 1) * EPOCH_US).min(self.end_us)
    }

    /// How many rows the epoch under way has.
    pub fn scraped(&self) -> usize {
        self.rows.iter().map(Vec::len).sum()
    }

    /// The epoch under way, packed as it stands.
    pub fn pack(&self) -> Chunk {
        Chunk::pack(&self.rows, &self.before, &self.state.exemplars)
    }

    /// Runs on to this moment. Epochs that end by then and whose samples are kept come out packed; a
    /// copy is left at the start of every epoch.
    pub fn advance(
        &mut self,
        context: &Context<'_>,
        to_us: i64,
        sealed: &mut Vec<(u32, Chunk)>,
        mut marks: Option<&mut BTreeMap<u32, Self>>,
    ) {
        let must = must_read(context.book);
        while self.epoch < context.stop_at && self.start_us + i64::from(self.epoch) * EPOCH_US < self.end_us {
            let end = self.end_of(self.epoch);
            if self.scraped() == 0 {
                self.recording = self.epoch >= context.record_from;
                self.state.traced = self.recording;
            }
            let next = self.next_ms.iter().enumerate().min_by_key(|(_, at)| **at);
            let (target, at_ms) = next.map_or((0, i64::MAX), |(target, at)| (target, *at));
            let t_us = at_ms.saturating_mul(1000);
            if t_us < end && t_us <= to_us {
                let every_ms = context.book.targets.get(target).map_or(i64::MAX, |of| of.every_ms);
                let next_ms = at_ms.saturating_add(every_ms);
                // Where samples are not kept the last scrape is still made: the next epoch begins with
                // what was there.
                if self.recording || next_ms.saturating_mul(1000) >= end {
                    self.scrape(context, target, at_ms);
                } else if must.get(target) == Some(&true) {
                    self.sum(context, target, at_ms);
                }
                if let Some(next) = self.next_ms.get_mut(target) {
                    *next = next_ms;
                }
                continue;
            }
            if end > to_us {
                return;
            }
            // Not the end itself: what happens there is the next epoch's.
            self.run(context, end - 1);
            if self.recording {
                sealed.push((self.epoch, self.pack()));
            }
            for (rows, before) in self.rows.iter_mut().zip(&mut self.before) {
                if let Some((_, row)) = rows.drain(..).next_back() {
                    *before = Some(row);
                }
            }
            self.state.exemplars.clear();
            self.recording = false;
            self.epoch += 1;
            if let Some(marks) = marks.as_deref_mut() {
                marks.entry(self.epoch).or_insert_with(|| self.clone());
            }
        }
    }

    fn run(&mut self, context: &Context<'_>, t_us: i64) {
        let Context { world, book, seed, .. } = *context;
        let mut counting = Counting { book, world, seed, state: &mut self.state };
        self.model.run_until(t_us, &mut counting);
    }

    /// What a scrape changes even where nobody looks at what it finds.
    fn sum(&mut self, context: &Context<'_>, target: usize, at_ms: i64) {
        let t_us = at_ms * 1000;
        self.run(context, t_us);
        let gauges = self.model.gauges();
        let Context { world, book, seed, .. } = *context;
        Counting { book, world, seed, state: &mut self.state }.sum(target, &gauges, t_us);
    }

    fn scrape(&mut self, context: &Context<'_>, target: usize, at_ms: i64) {
        let t_us = at_ms * 1000;
        self.run(context, t_us);
        let gauges = self.model.gauges();
        let Context { world, book, seed, .. } = *context;
        let mut counting = Counting { book, world, seed, state: &mut self.state };
        let row = counting.scrape(target, &gauges, t_us);
        if let Some(rows) = self.rows.get_mut(target) {
            if !self.recording {
                rows.clear();
            }
            if rows.capacity() == 0 && self.recording {
                let every_ms = book.targets.get(target).map_or(EPOCH_US / 1000, |of| of.every_ms.max(1));
                rows.reserve_exact((EPOCH_US / 1000 / every_ms + 1) as usize);
            }
            rows.push((at_ms, row));
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
