//! Series made ready to be measured: counters as rates, sums and counts as means, buckets left out.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::correlate::frame::Frame;
use crate::correlate::{kinds, stats};
use crate::model::Labels;
use crate::model::evidence::{Evidence, SeriesRecord};

/// Component, name, values with their times, labels.
type Prepared = (usize, Arc<str>, Vec<(f64, f64)>, Labels);

/// Counters as rates, sums and counts as means, buckets left out.
pub fn prepare(evidence: &Evidence, frame: &Frame) -> Vec<Prepared> {
    let mut counts: BTreeMap<(&str, &Labels), usize> = BTreeMap::new();
    for (at, one) in evidence.series.iter().enumerate() {
        if let Some(base) = one.name.strip_suffix("_count") {
            counts.insert((base, &one.labels), at);
        }
    }
    let siblings = siblings(evidence, frame);
    let mut all = Vec::new();
    for one in &evidence.series {
        let Some(component) = frame.component(&one.labels) else { continue };
        if one.name.ends_with("_bucket") {
            continue;
        }
        let mut finite = finite(one);
        if is_counter(&one.name, &finite)
            && let Some(known) = siblings.get(&(component, &*one.name))
        {
            begin_at_nothing(&mut finite, &evidence.series[known.1]);
        }
        let base = one.name.strip_suffix("_sum");
        if let Some(other) = base.and_then(|base| counts.get(&(base, &one.labels))) {
            let counts: HashMap<u64, f64> = evidence.series[*other]
                .samples
                .iter()
                .filter_map(|(at, value)| value.map(|value| (at.to_bits(), value)))
                .collect();
            let means = finite
                .windows(2)
                .filter_map(|pair| {
                    let (a, b) = (pair[0], pair[1]);
                    let more = counts.get(&b.0.to_bits())? - counts.get(&a.0.to_bits())?;
                    (more > 0.0 && b.1 >= a.1).then(|| (b.0, (b.1 - a.1) / more))
                })
                .collect();
            all.push((component, base.unwrap_or_default().into(), means, one.labels.clone()));
            continue;
        }
        let mut points = if is_counter(&one.name, &finite) { rates(&finite) } else { finite };
        if one.name.ends_with("_per_second") {
            drop_falls(&mut points);
        }
        all.push((component, Arc::clone(&one.name), points, one.labels.clone()));
    }
    all
}

/// Whether a series only ever grows, as a name that ends like a counter's promises.
fn is_counter(name: &str, points: &[(f64, f64)]) -> bool {
    let falls = points.windows(2).filter(|pair| pair[1].1 < pair[0].1).count();
    let rises = points.windows(2).filter(|pair| pair[1].1 > pair[0].1).count();
    // A counter falls when its process starts again, which is rare.
    counts_by_name(name) && falls * 10 <= rises && points.len() >= 3
}

fn rates(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    points
        .windows(2)
        .filter(|pair| pair[1].0 > pair[0].0)
        .map(|pair| {
            let more = if pair[1].1 >= pair[0].1 { pair[1].1 - pair[0].1 } else { pair[1].1 };
            (pair[1].0, more / (pair[1].0 - pair[0].0))
        })
        .collect()
}

/// How many times the usual rate is taken for a counter that ran backwards.
const FALL: f64 = 100.0;
/// Most samples in a row that such a fall shows in: a rate looks back over a few.
const FALL_SAMPLES: usize = 4;

/// Leaves out what a server makes of a counter that ran backwards by a little: it takes the fall for a restart, and the
/// whole count for what came since. Exporters of machines do that (idle seconds that the kernel corrects), and a rate of
/// a thousand cores for a moment outweighs whatever is real. A true burst from a usual rate is smaller, or lasts.
fn drop_falls(points: &mut Vec<(f64, f64)>) {
    let mut sorted: Vec<f64> = points.iter().map(|point| point.1).collect();
    stats::sort(&mut sorted);
    let usual = stats::quantile(&sorted, 0.9);
    if usual <= 0.0 {
        return;
    }
    let is_high: Vec<bool> = points.iter().map(|point| point.1 > FALL * usual).collect();
    let mut kept = Vec::with_capacity(points.len());
    for run in is_high.chunk_by(|a, b| a == b) {
        kept.extend(run.iter().map(|high| !high || run.len() > FALL_SAMPLES));
    }
    let mut kept = kept.into_iter();
    points.retain(|_| kept.next().unwrap_or(true));
}

/// Samples that are numbers.
fn finite(one: &SeriesRecord) -> Vec<(f64, f64)> {
    one.samples
        .iter()
        .filter_map(|(at, value)| value.filter(|value| value.is_finite()).map(|value| (*at, value)))
        .collect()
}

/// Of each component and name the series that begins first: when it began, and where it is.
fn siblings<'a>(evidence: &'a Evidence, frame: &Frame) -> HashMap<(usize, &'a str), (f64, usize)> {
    let mut all: HashMap<(usize, &str), (f64, usize)> = HashMap::new();
    for (at, one) in evidence.series.iter().enumerate() {
        let (Some(component), Some((first, _))) = (frame.component(&one.labels), one.samples.first()) else {
            continue;
        };
        let known = all.entry((component, &*one.name)).or_insert((f64::INFINITY, at));
        if *first < known.0 {
            *known = (*first, at);
        }
    }
    all
}

/// A counter that comes later than its siblings stood at nothing until then: the first error of a sort is one.
fn begin_at_nothing(points: &mut Vec<(f64, f64)>, sibling: &SeriesRecord) {
    let Some((first, value)) = points.first().copied() else { return };
    let most = points.windows(2).map(|pair| pair[1].1 - pair[0].1).fold(1.0, f64::max);
    // One that has counted for long was not new, only not told before.
    if value < 0.0 || value > 4.0 * most {
        return;
    }
    let before = sibling.samples.iter().map(|(at, _)| *at).take_while(|at| *at < first);
    let mut whole: Vec<(f64, f64)> = before.map(|at| (at, 0.0)).collect();
    whole.append(points);
    *points = whole;
}

/// Whether a name ends like a counter's.
fn counts_by_name(name: &str) -> bool {
    kinds::words(name).last().is_some_and(|word| ["total", "sum", "count"].contains(&word.as_str()))
}

/// Two series that are equal have one.
pub fn fingerprint(points: &[(f64, f64)]) -> u64 {
    points.iter().fold(0xcbf2_9ce4_8422_2325, |h, (at, value)| {
        [at.to_bits(), value.to_bits()]
            .iter()
            .fold(h, |h: u64, bits| (h ^ bits).wrapping_mul(0x0000_0100_0000_01b3).rotate_left(7))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dropped(values: &[f64]) -> Vec<f64> {
        let mut points: Vec<(f64, f64)> =
            values.iter().enumerate().map(|(at, value)| (at as f64 * 20.0, *value)).collect();
        drop_falls(&mut points);
        points.iter().map(|point| point.1).collect()
    }

    #[test]
    fn a_counter_that_ran_backwards_is_no_burst_and_a_burst_is_no_fall() {
        let calm = [4.7, 4.8, 4.6, 4.9, 4.7, 4.8, 4.7, 4.6, 4.8, 4.7];
        let with = |more: &[f64]| [&calm[..], more, &[0.0; 12]].concat();
        // The idle seconds of a machine that becomes busy, as a real Prometheus rated them.
        assert_eq!(dropped(&with(&[3.1, 3401.4, 6799.2])), with(&[3.1]));
        let burst = with(&[90.0, 200.0, 140.0]);
        assert_eq!(dropped(&burst), burst, "forty times the usual is a burst");
        let lasting = with(&[900.0; 6]);
        assert_eq!(dropped(&lasting), lasting, "what lasts is no artefact");
        let new = [&[0.0; 20][..], &[8.0, 9.0]].concat();
        assert_eq!(dropped(&new), new, "from nothing everything is a burst");
    }
}
