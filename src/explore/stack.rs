//! Areas on top of one another, and when that says nothing.

use std::collections::BTreeMap;

use crate::model::{Series, Unit};
use crate::query::promql::about::Adds;

/// Why series are not stacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Averages, extremes, quantiles, quotients, deviations do not add up.
    Adds(Adds),
    /// Nor do values of this unit.
    Unit(Unit),
    /// An area below zero would hide another.
    Negative,
}

/// Whether the series of a query may be stacked.
pub fn refusal<'s>(adds: Adds, unit: Unit, mut series: impl Iterator<Item = &'s Series>) -> Option<Refusal> {
    match adds {
        Adds::Yes => {}
        Adds::AsMetric => match unit {
            Unit::Percent | Unit::Ratio | Unit::Celsius | Unit::Seconds | Unit::Bool | Unit::Days => {
                return Some(Refusal::Unit(unit));
            }
            Unit::None | Unit::Count | Unit::Bytes | Unit::PerSecond | Unit::Watts => {}
        },
        other => return Some(Refusal::Adds(other)),
    }
    series.any(|one| one.points.iter().any(|point| point.v < 0.0)).then_some(Refusal::Negative)
}

/// One area: at each of its moments (unix milliseconds) where it begins and where it ends.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Band(pub Vec<(i64, f64, f64)>);

/// The areas of series on one grid of steps, the first at the bottom. Where a series has no finite value it has no
/// area, and what lies above it comes down: a gap is neither bridged nor zero in its own area.
pub fn bands<'s>(series: impl Iterator<Item = &'s Series>) -> Vec<Band> {
    let mut tops: BTreeMap<i64, f64> = BTreeMap::new();
    let mut band = |one: &Series| {
        let finite = one.points.iter().filter(|point| point.v.is_finite());
        let piece = |point: &crate::model::Point| {
            let top = tops.entry(point.t).or_insert(0.0);
            let from = *top;
            *top += point.v;
            (point.t, from, *top)
        };
        Band(finite.map(piece).collect())
    };
    series.map(&mut band).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Labels, Point};
    use proptest::prelude::*;

    fn series(values: &[Option<f64>]) -> Series {
        let points = values.iter().zip(0_i64..).filter_map(|(v, at)| v.map(|v| Point { t: at, v })).collect();
        Series { labels: Labels::default(), points }
    }

    #[test]
    fn a_gap_has_no_area_and_lets_down_what_lies_above() {
        let all = [series(&[Some(1.0), None, Some(f64::NAN)]), series(&[Some(2.0), Some(2.0), Some(2.0)])];
        let bands = bands(all.iter());
        assert_eq!(bands[0].0, [(0, 0.0, 1.0)]);
        assert_eq!(bands[1].0, [(0, 1.0, 3.0), (1, 0.0, 2.0), (2, 0.0, 2.0)]);
    }

    #[test]
    fn what_does_not_add_up_is_refused() {
        let calm = [series(&[Some(1.0)])];
        let of = |adds, unit| refusal(adds, unit, calm.iter());
        assert_eq!(of(Adds::Yes, Unit::Seconds), None);
        assert_eq!(of(Adds::AsMetric, Unit::Bytes), None);
        assert_eq!(of(Adds::AsMetric, Unit::Celsius), Some(Refusal::Unit(Unit::Celsius)));
        assert_eq!(of(Adds::Quantile, Unit::None), Some(Refusal::Adds(Adds::Quantile)));
        let below = [series(&[Some(1.0), Some(-0.1)])];
        assert_eq!(refusal(Adds::Yes, Unit::None, below.iter()), Some(Refusal::Negative));
    }

    proptest! {
        #[test]
        fn the_top_is_the_sum_and_bands_never_overlap(
            rows in prop::collection::vec(prop::collection::vec(prop::option::of(0.0_f64..1e6), 5), 1..6)
        ) {
            let all: Vec<Series> = rows.iter().map(|row| series(row)).collect();
            let bands = bands(all.iter());
            for t in 0..5_usize {
                let pieces: Vec<(f64, f64)> = bands
                    .iter()
                    .filter_map(|band| band.0.iter().find(|(at, _, _)| *at == t as i64))
                    .map(|(_, from, to)| (*from, *to))
                    .collect();
                let sum: f64 = rows.iter().filter_map(|row| row[t]).sum();
                let top = pieces.last().map_or(0.0, |(_, to)| *to);
                prop_assert!((top - sum).abs() <= 1e-6 * sum.max(1.0));
                for pair in pieces.windows(2) {
                    prop_assert_eq!(pair[0].1, pair[1].0);
                }
            }
        }
    }
}
