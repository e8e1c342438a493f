//! When it began, component by component, and how closely a component's course follows the symptom's.

use std::collections::BTreeMap;

use super::detail::Detail;
use super::frame::Frame;
use super::kinds::Metric;
use super::metrics::Metrics;
use super::spans::{Forest, NONE};
use super::stats;

/// How a component's course follows the symptom's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Strength {
    /// Rank correlation, from -1 to 1.
    pub correlation: f64,
    /// Seconds by which the component runs ahead of the symptom; less than zero when behind.
    pub ahead: f64,
}

/// The moment at which a detail first shows, in unix seconds.
pub fn of(detail: &Detail, component: usize, forest: &Forest, frame: &Frame) -> Option<f64> {
    match detail {
        Detail::Alert { at, .. } | Detail::Change { at, .. } => Some(*at),
        Detail::Lines { first, error: true, .. } => Some(*first),
        Detail::Own { operation, before, after, .. } => {
            let mark = (before * after).sqrt();
            first(forest, |at| {
                let node = &forest.nodes[at as usize];
                node.component as usize == component
                    && forest.operations[node.operation as usize].name == *operation
                    && node.own as f64 / 1e9 >= mark
            })
        }
        Detail::Gap { caller, callee, before, after, .. } => {
            let mark = (before * after).sqrt();
            let (caller, callee) = (frame.find(caller)?, frame.find(callee)?);
            first(forest, |at| {
                let node = &forest.nodes[at as usize];
                node.component as usize == caller
                    && node.own as f64 / 1e9 >= mark
                    && forest.peer(at) == Some(callee as u32)
            })
        }
        _ => None,
    }
}

fn first(forest: &Forest, fits: impl Fn(u32) -> bool) -> Option<f64> {
    (0..forest.nodes.len() as u32)
        .filter(|at| forest.nodes[*at as usize].piece == 0 && fits(*at))
        .map(|at| forest.nodes[at as usize].start)
        .min()
        .map(|nanos| nanos as f64 / 1e9)
}

/// Bins of the window and of as much calm time.
const BINS: f64 = 24.0;
/// Bins by which one course may lag behind the other.
const LAG: i64 = 4;

/// Courses of components over time, and the symptom's.
pub struct Courses {
    step: f64,
    symptom: BTreeMap<i64, f64>,
    each: Vec<BTreeMap<i64, f64>>,
}

impl Courses {
    /// Own time by component where there are spans, else its figure that is furthest off. The symptom is its own series,
    /// or the time that requests take.
    pub fn new(forest: &Forest, metrics: &Metrics, frame: &Frame, symptom: Option<(usize, Metric)>) -> Self {
        let calm: Vec<usize> = frame.calm().collect();
        let step = (frame.seconds(0) / BINS).max(5.0);
        let bin = |at: f64| (at / step).floor() as i64;
        let mut sums: Vec<BTreeMap<i64, (f64, f64)>> = vec![BTreeMap::new(); frame.len() + 1];
        for node in &forest.nodes {
            let at = bin(node.start as f64 / 1e9);
            let own = sums[node.component as usize].entry(at).or_default();
            own.0 += node.own as f64;
            own.1 += 1.0;
            if node.parent == NONE {
                let all = sums[frame.len()].entry(at).or_default();
                all.0 += node.duration as f64;
                all.1 += 1.0;
            }
        }
        let mut each: Vec<BTreeMap<i64, f64>> = sums
            .into_iter()
            .map(|one| one.into_iter().map(|(at, (sum, n))| (at, sum / n)).collect())
            .collect();
        let mut whole = each.pop().unwrap_or_default();
        let mut step = step;
        if forest.nodes.is_empty() {
            let wanted = symptom.and_then(|(component, kind)| metrics.course(component, Some(kind), &calm));
            let points = wanted.unwrap_or_default();
            let gaps: Vec<f64> = points.windows(2).map(|pair| pair[1].0 - pair[0].0).collect();
            step = stats::median(&gaps).max(1.0);
            let binned = |points: &[(f64, f64)]| -> BTreeMap<i64, f64> {
                points.iter().map(|(at, value)| ((at / step).floor() as i64, *value)).collect()
            };
            whole = binned(points);
            for (component, course) in each.iter_mut().enumerate() {
                *course = binned(metrics.course(component, None, &calm).unwrap_or_default());
            }
        }
        Self { step, symptom: whole, each }
    }

    /// The strongest correlation within the lags that count.
    pub fn strength(&self, component: usize) -> Option<Strength> {
        let course = self.each.get(component)?;
        let mut best: Option<Strength> = None;
        for lag in -LAG..=LAG {
            let pairs: Vec<(f64, f64)> = self
                .symptom
                .iter()
                .filter_map(|(at, value)| course.get(&(at - lag)).map(|own| (*own, *value)))
                .collect();
            let Some(correlation) = stats::ranks_agree(&pairs) else { continue };
            // Of equal ones the smallest lag.
            let better = best.is_none_or(|best| {
                correlation.abs() > best.correlation.abs() + 0.05
                    || (correlation.abs() > best.correlation.abs() - 0.05
                        && (lag as f64 * self.step).abs() < best.ahead.abs())
            });
            if better {
                best = Some(Strength { correlation, ahead: lag as f64 * self.step });
            }
        }
        best
    }
}
