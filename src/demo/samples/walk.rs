//! A day on its way: the model, and when each target is scraped next.
//!
//! Owns the order in which the model runs and is read, and tells it to whoever listens. Must not know
//! what has been counted: nothing that a listener does changes how the day goes on, so that it may listen
//! from another thread.

use super::timeline::Model;
use crate::demo::event::{Gauges, Sink};
use crate::demo::metrics::Book;

/// Length of an epoch.
pub const EPOCH_US: i64 = 600_000_000;

/// Hears how a day goes on, in order.
pub trait Hear<M>: Sink {
    /// Whether samples of the epoch under way are kept; they are not where nothing was said before its first
    /// scrape.
    fn begin(&mut self, recording: bool);
    /// A target is scraped.
    fn scrape(&mut self, target: usize, at_ms: i64, gauges: Gauges);
    /// What a scrape changes is counted, where nobody will ask for what it finds.
    fn sum(&mut self, target: usize, at_ms: i64, gauges: Gauges);
    /// This epoch is over, and the day stands at the start of the next.
    fn ended(&mut self, epoch: u32, next: &Walk<M>);
}

/// How far a walk goes.
pub struct Reach<'r> {
    /// Samples are kept of epochs from this one on.
    pub record_from: u32,
    /// The first epoch that is not entered.
    pub stop_at: u32,
    /// Targets that must be read at every scrape, because what they say next depends on it.
    pub must: &'r [bool],
}

/// A day at one moment.
#[derive(Clone)]
pub struct Walk<M> {
    /// The model.
    pub model: M,
    /// The epoch under way.
    pub epoch: u32,
    /// The day's start, microseconds since the Unix epoch.
    pub start_us: i64,
    /// The day's end.
    pub end_us: i64,
    /// Whether samples of this epoch are kept.
    recording: bool,
    /// Whether something of this epoch was scraped: from then on it stays as it was begun.
    scraped: bool,
    /// When each target is scraped next, milliseconds, and how often.
    next_ms: Vec<(i64, i64)>,
}

impl<M: Model> Walk<M> {
    /// At the start of a day.
    pub fn new(model: M, book: &Book, (start_us, end_us): (i64, i64)) -> Self {
        let start_ms = start_us.div_euclid(1000);
        let first = |every: i64, offset: i64| {
            // The first multiple of `every`, moved by `offset`, that is not before the day.
            start_ms + (offset - start_ms).rem_euclid(every)
        };
        let next_ms = book.targets.iter().map(|of| (first(of.every_ms, of.offset_ms), of.every_ms)).collect();
        Self { model, epoch: 0, start_us, end_us, recording: false, scraped: false, next_ms }
    }

    /// Where an epoch begins.
    pub fn start_of(&self, epoch: u32) -> i64 {
        self.start_us + i64::from(epoch) * EPOCH_US
    }

    /// How many epochs end on the way to this moment.
    pub fn epochs_to(&self, to_us: i64, stop_at: u32) -> i64 {
        let to = (to_us.min(self.end_us) - self.start_us).div_euclid(EPOCH_US).min(i64::from(stop_at));
        (to - i64::from(self.epoch)).max(0)
    }

    /// Runs on to this moment.
    pub fn advance<H: Hear<M>>(&mut self, reach: &Reach<'_>, to_us: i64, hear: &mut H) {
        while self.epoch < reach.stop_at && self.start_of(self.epoch) < self.end_us {
            let end = self.start_of(self.epoch + 1).min(self.end_us);
            let recording = self.epoch >= reach.record_from;
            if !self.scraped && recording != self.recording {
                self.recording = recording;
                hear.begin(recording);
            }
            let next = self.next_ms.iter().enumerate().min_by_key(|(_, (at, _))| *at);
            let (target, at_ms, every_ms) =
                next.map_or((0, i64::MAX, 0), |(of, (at, every))| (of, *at, *every));
            let t_us = at_ms.saturating_mul(1000);
            if t_us < end && t_us <= to_us {
                let next_ms = at_ms.saturating_add(every_ms);
                // Where samples are not kept the last scrape is still made: the next epoch begins with
                // what was there.
                if self.recording || next_ms.saturating_mul(1000) >= end {
                    self.scraped = true;
                    self.model.run_until(t_us, hear);
                    hear.scrape(target, at_ms, self.model.gauges());
                } else if reach.must.get(target) == Some(&true) {
                    self.model.run_until(t_us, hear);
                    hear.sum(target, at_ms, self.model.gauges());
                }
                if let Some((next, _)) = self.next_ms.get_mut(target) {
                    *next = next_ms;
                }
                continue;
            }
            if end > to_us {
                return;
            }
            // Not the end itself: what happens there is the next epoch's.
            self.model.run_until(end - 1, hear);
            let over = self.epoch;
            self.recording = false;
            self.scraped = false;
            self.epoch += 1;
            hear.ended(over, self);
        }
    }
}
