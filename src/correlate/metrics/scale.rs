//! What a series was in calm time, and how much it stirred.

use super::Measured;
use crate::correlate::kinds::Metric;
use crate::correlate::stats;

/// A change by less than this share of the level is none.
const SMALL: f64 = 0.05;

/// How much of its level counts as nothing, for one that is measured like that. A share is near its top whatever it is,
/// and a temperature has no natural zero: for these a small part of the level can be much.
pub fn relative(kind: Metric) -> f64 {
    match kind {
        Metric::Availability | Metric::Quality => 0.05,
        Metric::Thermal => 0.2,
        _ => 1.0,
    }
}

/// The least by which sorted values differ; 0 where all are equal.
pub fn grain(sorted: &[f64]) -> f64 {
    let steps = sorted.windows(2).map(|pair| pair[1] - pair[0]).filter(|step| *step > 0.0);
    let least = steps.fold(f64::INFINITY, f64::min);
    if least.is_finite() { least } else { 0.0 }
}

/// What a series was in calm, and how much it stirred.
pub struct Scale {
    /// What it was.
    pub before: f64,
    spread: f64,
    level: f64,
    floor: f64,
}

impl Scale {
    /// Of the values of calm time; none of none.
    pub fn of(mut calm: Vec<f64>, one: &Measured) -> Option<Self> {
        if calm.is_empty() {
            return None;
        }
        stats::sort(&mut calm);
        let mut before = stats::quantile(&calm, 0.5);
        let mut spread = stats::spread(&calm);
        if spread <= 0.0 {
            // It hardly ever moves: a rare event, a state. What was seen of its moving counts then, and that it might
            // have moved by its least step without being seen.
            let unseen = 0.5 / (calm.len() as f64 + 1.0);
            before = stats::mean(&calm);
            spread = stats::deviation(&calm).max(one.grain * (unseen * (1.0 - unseen)).sqrt());
        }
        // Few samples know little of their own spread; history knows some, though other incidents may lie in it.
        let few = 4.0 / (calm.len() as f64 + 4.0);
        let level = before.abs().max(stats::quantile(&calm, 0.9).abs() * 0.5);
        Some(Self {
            before,
            spread: (spread * spread * (1.0 - few) + one.wide * one.wide * few).sqrt(),
            level: if one.kind == Metric::Availability { 0.0 } else { relative(one.kind) * level },
            floor: one.floor,
        })
    }

    /// Spread of a difference between means of `n` and of `calm` values, never quite nothing.
    pub fn noise(&self, n: usize, calm: usize) -> f64 {
        let shares = 1.0 / n.max(1) as f64 + 1.0 / calm.max(1) as f64 + 0.25;
        let noise =
            (self.spread * self.spread * shares + (SMALL * self.level).powi(2) + self.floor * self.floor)
                .sqrt();
        noise.max(1e-9)
    }
}
