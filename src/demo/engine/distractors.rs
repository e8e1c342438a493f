//! Harmless things: jobs by the clock, a restart, a neighbour, an impatient department, a moment of
//! lost packets. Which of them a day sees, and when, comes from the seed alone.

use super::draw::{Purpose, rng};
use super::trouble::Item;
use crate::demo::world::{Effect, ServiceId, Target, World};

const MINUTE_US: i64 = 60_000_000;
const HOUR_US: i64 = 60 * MINUTE_US;
/// How long a moment of lost packets lasts, what is lost of them, and how late the others are.
const LOSS_US: i64 = 80_000_000;
const LOSS: f64 = 0.02;
const LATE_US: (f64, f64) = (4000.0, 0.5);

/// Something that holds for a while.
#[derive(Clone, Copy, Debug, PartialEq)]
struct While {
    from_us: i64,
    to_us: i64,
    amount: f64,
}

impl While {
    fn at(&self, at_us: i64) -> bool {
        (self.from_us..self.to_us).contains(&at_us)
    }
}

/// A day's harmless things.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Day {
    /// Jobs: from, to, which.
    pub(super) batches: Vec<(i64, i64, u8)>,
    jobs: Vec<(While, f64, f64)>,
    pub(super) restarts: Vec<(i64, ServiceId)>,
    neighbours: Vec<While>,
    bursts: Vec<(u8, While)>,
    pub(super) packets: Vec<Item>,
}

impl Day {
    /// The day's, where there are any at all.
    pub(super) fn of(world: &World, seed: u64, day: i64) -> Self {
        let start = world.day_start_us(day);
        let all = &world.distractors;
        let mut drawn = rng(seed, Purpose::Distractor, [day as u64, 0]);
        // Half an hour from the day's ends, so that nothing is cut off.
        let mut moment = |from_h: f64, to_h: f64| {
            start + ((from_h + drawn.unit() * (to_h - from_h)) * HOUR_US as f64) as i64
        };
        let mut this = Self::default();
        for (at, batch) in all.batches.iter().enumerate() {
            let hours = (batch.hour - f64::from(world.day_starts_h)).rem_euclid(24.0);
            let from = start + (hours * HOUR_US as f64) as i64 + moment(0.0, 0.05) - start;
            let to = (from + batch.takes_us).min(start + 24 * HOUR_US - 1);
            this.batches.push((from, to, at as u8));
            this.jobs.push((
                While { from_us: from, to_us: to, amount: batch.cpu },
                batch.gpu,
                batch.database,
            ));
        }
        for _ in 0..all.restarts_a_day {
            let at = moment(0.5, 23.5);
            let which = moment(0.0, 1.0) as usize;
            // One to `restarts_a_day`, the last ones not every day.
            if let Some(service) = all.restarts.get(which % all.restarts.len().max(1)) {
                this.restarts.push((at, *service));
            }
        }
        if this.restarts.len() > 1 && moment(0.0, 1.0) % 2 == 0 {
            this.restarts.pop();
        }
        if all.neighbour > 0.0 {
            let from = moment(1.0, 22.0);
            let to = from + moment(0.1, 0.6) - start;
            this.neighbours.push(While { from_us: from, to_us: to, amount: all.neighbour });
        }
        if all.burst > 1.0 && !world.departments.is_empty() {
            let from = moment(3.0, 14.0);
            let department = moment(0.0, 1.0) as usize % world.departments.len();
            let burst = While { from_us: from, to_us: from + 8 * MINUTE_US, amount: all.burst };
            this.bursts.push((department as u8, burst));
        }
        if !all.loss.is_empty() {
            let from = moment(1.0, 23.0);
            let (caller, callee) = all.loss[moment(0.0, 1.0) as usize % all.loss.len()];
            this.packets.push(Item {
                onset_us: from,
                end_us: from + LOSS_US,
                grow_us: 0,
                recover_us: 0,
                severity: 1.0,
                target: Target::Edge(caller, callee),
                effect: Effect::Packets { delay_us: LATE_US, loss: LOSS },
            });
        }
        this
    }

    /// Shares of the fast cores and of the GPU that are taken besides.
    pub(super) fn load(&self, at_us: i64) -> (f64, f64) {
        let neighbours = self.neighbours.iter().filter(|item| item.at(at_us)).map(|item| (item.amount, 0.0));
        let jobs =
            self.jobs.iter().filter(|(item, ..)| item.at(at_us)).map(|(item, gpu, _)| (item.amount, *gpu));
        neighbours.chain(jobs).fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
    }

    /// Factor on the database's time.
    pub(super) fn database(&self, at_us: i64) -> f64 {
        self.jobs.iter().filter(|(item, ..)| item.at(at_us)).map(|(.., factor)| factor).product()
    }

    /// Factor on a department's arrivals.
    pub(super) fn burst(&self, department: u8, at_us: i64) -> f64 {
        let here = self.bursts.iter().filter(|(whose, item)| *whose == department && item.at(at_us));
        here.map(|(_, item)| item.amount).product()
    }
}
