//! A histogram over time: how much fell into each bucket at each step, from cumulative buckets (`le`).

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Series;

/// The label that holds a bucket's upper end.
pub const LE: &str = "le";

/// How much fell into each bucket.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heatmap {
    /// Upper ends of the buckets, smallest first; the last may be infinite.
    pub bounds: Vec<f64>,
    /// Moments, unix milliseconds, with a value for each bucket; NaN where it is not known. A moment that is
    /// missing is a gap.
    pub columns: Vec<(i64, Vec<f64>)>,
    /// Sets of buckets that were added up.
    pub groups: usize,
    /// Cells in which a bucket held less than the one below it, which cumulative buckets never do: counted as none.
    pub broken: usize,
    /// Largest value of a cell.
    pub most: f64,
}

/// The upper end that a label value means.
fn bound(text: &str) -> Option<f64> {
    match text {
        "+Inf" | "Inf" | "+inf" | "inf" => Some(f64::INFINITY),
        other => other.parse().ok().filter(|bound: &f64| !bound.is_nan()),
    }
}

/// Whether these series are the buckets of a histogram.
pub fn is_made_of<'s>(mut series: impl Iterator<Item = &'s Series>) -> bool {
    let mut some = false;
    series.all(|one| {
        some = true;
        one.labels.get(LE).and_then(bound).is_some()
    }) && some
}

/// The heatmap of buckets; series without an upper end are left out. `grows` tells that the values are growth
/// already (a rate, an increase); else they are counters, of which the growth from step to step is taken. Sets of
/// buckets with other bounds are added up at the bounds that all of them have, which is exact since buckets are
/// cumulative.
pub fn of<'s>(series: impl Iterator<Item = &'s Series>, grows: bool, step_ms: i64) -> Heatmap {
    let mut groups: BTreeMap<crate::model::Labels, Vec<(f64, &Series)>> = BTreeMap::new();
    for one in series {
        if let Some(bound) = one.labels.get(LE).and_then(bound) {
            groups.entry(one.labels.without(&[LE, "__name__"])).or_default().push((bound, one));
        }
    }
    let Some(bounds) = common(groups.values()) else { return Heatmap::default() };
    // For each moment the cumulative value at each bound, added up over the groups.
    let mut sums: BTreeMap<i64, Vec<Sum>> = BTreeMap::new();
    for (bound, one) in groups.values().flatten() {
        let Some(row) = bounds.iter().position(|known| known.total_cmp(bound).is_eq()) else { continue };
        for (t, v) in growth(one, grows, step_ms) {
            let column = sums.entry(t).or_insert_with(|| vec![Sum::default(); bounds.len()]);
            column[row].add(v);
        }
    }
    let mut heat = Heatmap { bounds, groups: groups.len(), ..Heatmap::default() };
    for (t, sums) in sums {
        let column = heat.deltas(&sums);
        heat.most = column.iter().copied().filter(|v| v.is_finite()).fold(heat.most, f64::max);
        heat.columns.push((t, column));
    }
    heat
}

#[derive(Clone, Copy, Default)]
struct Sum {
    value: f64,
    parts: usize,
}

impl Sum {
    fn add(&mut self, value: f64) {
        self.value += value;
        self.parts += 1;
    }
}

impl Heatmap {
    /// The cells of a column: each bucket less the one below it. A bucket that not every group has there is not
    /// known, and neither is the one above it.
    fn deltas(&mut self, sums: &[Sum]) -> Vec<f64> {
        let most = sums.iter().map(|sum| sum.parts).max().unwrap_or(0);
        let known = |sum: &Sum| if sum.parts == most { sum.value } else { f64::NAN };
        let mut below = 0.0;
        sums.iter()
            .map(|sum| {
                let here = known(sum);
                let cell = here - below;
                below = here;
                // Rates of buckets that were scraped apart may differ by a rounding.
                if cell < 0.0 {
                    self.broken += usize::from(-cell > here.abs().max(1e-9) * 1e-6);
                    0.0
                } else {
                    cell
                }
            })
            .collect()
    }

    /// Where between the buckets a value falls: the index of its bucket.
    pub fn bucket_of(&self, value: f64) -> Option<usize> {
        if value.is_nan() {
            return None;
        }
        self.bounds.iter().position(|bound| value <= *bound)
    }
}

/// The bounds that every group has, smallest first.
fn common<'g>(mut groups: impl Iterator<Item = &'g Vec<(f64, &'g Series)>>) -> Option<Vec<f64>> {
    let bits =
        |group: &Vec<(f64, &Series)>| -> BTreeSet<u64> { group.iter().map(|(b, _)| b.to_bits()).collect() };
    let first = bits(groups.next()?);
    let shared = groups.fold(first, |shared, group| &shared & &bits(group));
    let mut bounds: Vec<f64> = shared.into_iter().map(f64::from_bits).collect();
    bounds.sort_by(f64::total_cmp);
    (!bounds.is_empty()).then_some(bounds)
}

/// The values, or the growth of a counter from step to step: after a reset it has grown by what it is, and over a
/// gap nothing is known.
fn growth(series: &Series, grows: bool, step_ms: i64) -> Vec<(i64, f64)> {
    if grows {
        return series.points.iter().map(|point| (point.t, point.v)).collect();
    }
    let adjacent = |pair: &&[crate::model::Point]| pair[1].t - pair[0].t <= step_ms.saturating_mul(3) / 2;
    let pairs = series.points.windows(2).filter(adjacent);
    pairs
        .map(|pair| {
            let (before, now) = (pair[0].v, pair[1].v);
            (pair[1].t, if now < before { now } else { now - before })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Labels, Point};
    use proptest::prelude::*;

    fn bucket(group: &str, le: &str, values: &[f64]) -> Series {
        let points = values.iter().zip(0_i64..).map(|(v, at)| Point { t: at * 1000, v: *v }).collect();
        Series { labels: Labels::new([("g", group), (LE, le)]), points }
    }

    #[test]
    fn cumulative_buckets_become_cells_in_order_of_their_bounds() {
        let all = [
            bucket("a", "10", &[5.0, 6.0]),
            bucket("a", "+Inf", &[6.0, 9.0]),
            bucket("a", "0.5", &[1.0, 2.0]),
            bucket("a", "2", &[3.0, 2.0]),
        ];
        let heat = of(all.iter(), true, 1000);
        assert_eq!(heat.bounds, [0.5, 2.0, 10.0, f64::INFINITY]);
        assert_eq!(heat.columns, [(0, vec![1.0, 2.0, 2.0, 1.0]), (1000, vec![2.0, 0.0, 4.0, 3.0])]);
        assert_eq!((heat.groups, heat.broken, heat.most), (1, 0, 4.0));
        assert_eq!(
            (heat.bucket_of(0.5), heat.bucket_of(3.0), heat.bucket_of(f64::NAN)),
            (Some(0), Some(2), None)
        );
        assert!(is_made_of(all.iter()) && !is_made_of([].into_iter()));
        assert!(!is_made_of([Series::default()].iter()));
    }

    #[test]
    fn counters_give_their_growth_and_survive_a_reset_and_a_gap() {
        let mut one = bucket("a", "1", &[10.0, 15.0, 3.0]);
        one.points.push(Point { t: 9000, v: 9.0 });
        one.points.push(Point { t: 10_000, v: 10.0 });
        let heat = of([one].iter(), false, 1000);
        assert_eq!(heat.columns, [(1000, vec![5.0]), (2000, vec![3.0]), (10_000, vec![1.0])]);
    }

    #[test]
    fn groups_add_up_at_the_bounds_that_all_have() {
        let all = [
            bucket("a", "1", &[1.0]),
            bucket("a", "2", &[2.0]),
            bucket("a", "+Inf", &[4.0]),
            bucket("b", "2", &[10.0]),
            bucket("b", "+Inf", &[10.0]),
        ];
        let heat = of(all.iter(), true, 1000);
        assert_eq!((heat.groups, &heat.bounds[..]), (2, &[2.0, f64::INFINITY][..]));
        assert_eq!(heat.columns, [(0, vec![12.0, 2.0])]);
    }

    #[test]
    fn what_is_not_known_is_no_zero() {
        let mut short = bucket("a", "2", &[2.0, 2.0]);
        short.points.truncate(1);
        let all = [bucket("a", "1", &[1.0, 1.0]), short, bucket("a", "+Inf", &[4.0, 4.0])];
        let heat = of(all.iter(), true, 1000);
        assert_eq!(heat.columns[0].1, [1.0, 1.0, 2.0]);
        assert!(heat.columns[1].1[1].is_nan() && heat.columns[1].1[2].is_nan());
        let broken = [bucket("a", "1", &[5.0]), bucket("a", "2", &[3.0])];
        assert_eq!(of(broken.iter(), true, 1000).broken, 1);
        assert_eq!(of([].into_iter(), true, 1000), Heatmap::default());
    }

    proptest! {
        #[test]
        fn the_cells_of_a_column_add_up_to_what_was_observed(
            cells in prop::collection::vec(prop::collection::vec(0_u32..1000, 4), 1..10)
        ) {
            let names = ["0.1", "1", "10", "+Inf"];
            let all: Vec<Series> = names
                .iter()
                .enumerate()
                .map(|(row, le)| {
                    let total = |column: &Vec<u32>| f64::from(column[..=row].iter().sum::<u32>());
                    bucket("a", le, &cells.iter().map(total).collect::<Vec<_>>())
                })
                .collect();
            let heat = of(all.iter().rev(), true, 1000);
            prop_assert_eq!(heat.columns.len(), cells.len());
            for ((_, column), cells) in heat.columns.iter().zip(&cells) {
                let expected: Vec<f64> = cells.iter().map(|v| f64::from(*v)).collect();
                prop_assert_eq!(column, &expected);
            }
        }
    }
}
