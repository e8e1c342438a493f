//! Slow processes of the house: beds that fill and empty, stays that grow longer, scores of the last
//! months. Pure functions of seed and time, as smooth as such things are.

use std::f64::consts::TAU;

use crate::demo::rng::Rng;

const HOUR_US: f64 = 3.6e9;

/// A value that strays slowly around its mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slow {
    /// Mean.
    pub mean: f64,
    /// How far it strays to either side.
    pub sway: f64,
    /// Hours it takes to stray.
    pub period_h: f64,
    /// How much of it follows the hours of the day, highest in the afternoon.
    pub daily: f64,
    /// Whole things that it is a percentage of (beds); 0: any value.
    pub whole: u32,
    /// Not below.
    pub min: f64,
    /// Not above.
    pub max: f64,
}

impl Slow {
    /// The value then (microseconds since the Unix epoch). `series` tells the series of a family apart.
    pub fn at(&self, seed: u64, series: u64, t_us: i64) -> f64 {
        let hours = t_us as f64 / HOUR_US;
        let stray = 0.7 * noise(seed, series, hours / self.period_h)
            + 0.3 * noise(seed, series ^ 0x5eed, hours / self.period_h * 3.7);
        // Universal time; the peak at 18:00 there is the afternoon of the western Atlantic.
        let day = libm::cos(TAU * (hours - 18.0) / 24.0);
        let value = (self.mean + self.sway * stray + self.daily * day).clamp(self.min, self.max);
        if self.whole == 0 {
            return value;
        }
        let whole = f64::from(self.whole);
        // Rounded down, so that no more are taken than the limit allows.
        libm::floor(value / 100.0 * whole) / whole * 100.0
    }
}

/// Between -1 and 1, smooth, different for every seed and series.
fn noise(seed: u64, series: u64, x: f64) -> f64 {
    let cell = libm::floor(x);
    let at = |cell: f64| 2.0 * Rng::of(&[seed, series, cell as i64 as u64]).unit() - 1.0;
    let (a, b, part) = (at(cell), at(cell + 1.0), x - cell);
    a + (b - a) * part * part * (3.0 - 2.0 * part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beds_are_whole_and_never_above_the_limit() {
        let beds =
            Slow { mean: 90.0, sway: 20.0, period_h: 10.0, daily: 3.0, whole: 24, min: 40.0, max: 94.0 };
        let mut seen = std::collections::BTreeSet::new();
        for quarter in 0..2000 {
            let percent = beds.at(7, 3, 1_795_000_000_000_000 + quarter * 900_000_000);
            let taken = percent / 100.0 * 24.0;
            assert!((taken - libm::round(taken)).abs() < 1e-9 && percent <= 94.0, "{percent}");
            seen.insert(libm::round(taken) as u32);
        }
        assert!(seen.len() > 4, "{seen:?}");
    }
}
