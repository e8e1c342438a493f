//! How long a number of things took: counts by duration, in steps that grow with it.

/// One step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// From this many nanoseconds on.
    pub from: i64,
    /// Up to less than these.
    pub to: i64,
    /// How many.
    pub fine: usize,
    /// How many with an error.
    pub failed: usize,
}

/// Most steps; with more a column says nothing any more.
const MOST: usize = 20;
/// Round numbers within a power of ten, the finest first.
const STEPS: [&[i64]; 3] = [&[10, 15, 20, 30, 50, 70], &[10, 20, 50], &[10]];

/// Counts durations (nanoseconds, and whether there was an error). Steps without any lie between others, never outside.
pub fn histogram(all: &[(i64, bool)]) -> Vec<Bucket> {
    let longest = all.iter().map(|(duration, _)| *duration).max().unwrap_or(0);
    let Some(shortest) = all.iter().map(|(duration, _)| *duration).min() else { return Vec::new() };
    let bounds = STEPS.iter().map(|steps| bounds(steps, shortest, longest));
    let bounds = bounds.reduce(|finer, coarser| if finer.len() <= MOST { finer } else { coarser });
    let mut buckets: Vec<Bucket> = bounds
        .unwrap_or_default()
        .windows(2)
        .map(|pair| Bucket { from: pair[0], to: pair[1], fine: 0, failed: 0 })
        .collect();
    for (duration, failed) in all {
        let at =
            buckets.partition_point(|bucket| bucket.to <= *duration).min(buckets.len().saturating_sub(1));
        if let Some(bucket) = buckets.get_mut(at) {
            *(if *failed { &mut bucket.failed } else { &mut bucket.fine }) += 1;
        }
    }
    buckets
}

/// Round numbers from at or below the shortest to beyond the longest.
fn bounds(steps: &[i64], shortest: i64, longest: i64) -> Vec<i64> {
    let mut all = Vec::new();
    // A tenth of a microsecond and less is no time.
    let mut power: i64 = 10;
    let mut below = 0;
    'powers: loop {
        for step in steps {
            let bound = power.saturating_mul(*step);
            if (bound > shortest || bound == i64::MAX) && all.is_empty() {
                all.push(below);
            }
            if !all.is_empty() {
                all.push(bound);
            }
            if bound > longest || bound == i64::MAX {
                break 'powers;
            }
            below = bound;
        }
        power = power.saturating_mul(10);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: i64 = 1_000_000;

    #[test]
    fn every_duration_is_counted_once_in_its_step() {
        let all = [(3 * MS, false), (5 * MS, true), (80 * MS, false), (81 * MS, true), (12_000 * MS, false)];
        let buckets = histogram(&all);
        assert!(buckets.len() <= MOST);
        assert_eq!(buckets.iter().map(|b| b.fine + b.failed).sum::<usize>(), all.len());
        assert!(buckets.first().is_some_and(|b| b.from <= 3 * MS && b.fine == 1));
        assert!(buckets.last().is_some_and(|b| b.to > 12_000 * MS && b.fine == 1));
        assert!(buckets.windows(2).all(|pair| pair[0].to == pair[1].from));
    }

    #[test]
    fn a_narrow_spread_has_fine_steps() {
        let all: Vec<_> = (80..120).map(|ms| (ms * MS, false)).collect();
        let bounds: Vec<i64> = histogram(&all).iter().map(|b| b.from / MS).collect();
        assert_eq!(bounds, [70, 100]);
    }

    #[test]
    fn nonsense_is_counted_too() {
        assert!(histogram(&[]).is_empty());
        for wild in [[0, 0], [i64::MIN, i64::MAX], [i64::MAX, i64::MAX], [-5, -3]] {
            let buckets = histogram(&wild.map(|duration| (duration, false)));
            assert_eq!(buckets.iter().map(|b| b.fine).sum::<usize>(), 2, "{wild:?}");
        }
    }
}
