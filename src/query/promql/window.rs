//! Functions of ranges: what the samples of a window say.

use crate::model::Point;
use crate::query::statistics::quantile;

use super::QueryError;
use super::eval::{Evaluator, Samples, any_there, wrong_type};
use super::functions::Over;
use super::grid::{Grid, NOTHING, Row, distinct, nameless};
use super::plan::{Kind, Node, What, Window};
use super::relabel;

/// A function of windows at all steps.
pub(super) fn eval(
    evaluator: &Evaluator<'_>,
    over: Over,
    arguments: &[Node],
    grid: Grid,
) -> Result<Vec<Row>, QueryError> {
    let mut window = None;
    let mut scalars = Vec::new();
    for argument in arguments {
        match &argument.what {
            What::Window(found) => window = Some(found),
            _ => scalars.push(evaluator.scalar(argument, grid)?),
        }
    }
    let Some(window) = window else { return Err(wrong_type(Kind::Matrix)) };
    let mut rows = Vec::new();
    for samples in evaluator.samples(window, grid)? {
        let values = slide(evaluator, over, window, &samples, &scalars, grid)?;
        // The last sample of a series is that series' still; anything else is a new thing.
        let labels = if over == Over::Last { samples.labels } else { nameless(&samples.labels) };
        rows.push(Row { labels, values });
    }
    distinct(rows)
}

/// `absent_over_time()`: 1 where no series has a sample.
pub(super) fn absent(
    evaluator: &Evaluator<'_>,
    arguments: &[Node],
    grid: Grid,
) -> Result<Vec<Row>, QueryError> {
    let Some(node) = arguments.first() else { return Err(wrong_type(Kind::Matrix)) };
    let any = any_there(&eval(evaluator, Over::Last, arguments, grid)?, grid.count);
    let values: Vec<f64> = any.into_iter().map(|there| if there { NOTHING } else { 1.0 }).collect();
    let row = Row { labels: relabel::absent_labels(node), values };
    Ok(if row.is_empty() { Vec::new() } else { vec![row] })
}

/// Moves a window along the samples of one series.
fn slide(
    evaluator: &Evaluator<'_>,
    over: Over,
    window: &Window,
    samples: &Samples,
    scalars: &[Vec<f64>],
    grid: Grid,
) -> Result<Vec<f64>, QueryError> {
    evaluator.budget.hold(grid.count)?;
    let points = &samples.points;
    let resets = Resets::of(over, points);
    let mut values = vec![NOTHING; grid.count];
    let (mut first, mut end) = (0, 0);
    for (step, (value, now)) in values.iter_mut().zip(grid.times()).enumerate() {
        let (from, to) = evaluator.bounds(window, now);
        while points.get(end).is_some_and(|point| point.t <= to) {
            end += 1;
        }
        while first < end && points.get(first).is_some_and(|point| point.t < from) {
            first += 1;
        }
        let inside = points.get(first..end).unwrap_or(&[]);
        if inside.is_empty() {
            continue;
        }
        evaluator.budget.look(cost(over, inside.len()))?;
        let scalar =
            |at: usize| scalars.get(at).and_then(|values| values.get(step)).copied().unwrap_or(f64::NAN);
        let view = View {
            points: inside,
            resets: resets.inside(first, end),
            from,
            to,
            now,
            range_ms: window.range_ms,
        };
        if let Some(result) = view.value(over, scalar(0), scalar(1))? {
            *value = result;
        }
    }
    Ok(values)
}

/// How many samples a function looks at.
fn cost(over: Over, samples: usize) -> usize {
    match over {
        Over::Rate
        | Over::Increase
        | Over::Delta
        | Over::Irate
        | Over::Idelta
        | Over::Last
        | Over::Present
        | Over::Count => 1,
        // Sorted.
        Over::Quantile => samples.saturating_mul(8),
        _ => samples,
    }
}

/// Where a counter fell, found once for all windows.
struct Resets(Vec<(usize, f64)>);

impl Resets {
    fn of(over: Over, points: &[Point]) -> Self {
        if !matches!(over, Over::Rate | Over::Increase) {
            return Self(Vec::new());
        }
        let pairs = points.iter().zip(points.iter().skip(1)).enumerate();
        Self(
            pairs
                .filter(|(_, (before, after))| after.v < before.v)
                .map(|(at, (before, _))| (at, before.v))
                .collect(),
        )
    }

    /// The values before the falls between samples `first` and `end` (excluded).
    fn inside(&self, first: usize, end: usize) -> &[(usize, f64)] {
        let from = self.0.partition_point(|(at, _)| *at < first);
        let to = self.0.partition_point(|(at, _)| at + 1 < end);
        self.0.get(from..to.max(from)).unwrap_or(&[])
    }
}

/// One window.
struct View<'p> {
    /// At least one.
    points: &'p [Point],
    resets: &'p [(usize, f64)],
    from: i64,
    to: i64,
    now: i64,
    range_ms: i64,
}

impl View<'_> {
    fn value(&self, over: Over, a: f64, b: f64) -> Result<Option<f64>, QueryError> {
        let points = self.points;
        let (Some(first), Some(last)) = (points.first(), points.last()) else { return Ok(None) };
        let values = || points.iter().map(|point| point.v);
        let pairs = || points.iter().zip(points.iter().skip(1)).map(|(before, after)| (before.v, after.v));
        Ok(Some(match over {
            Over::Rate => return Ok(self.extrapolated(true).map(|v| v / (self.range_ms as f64 / 1000.0))),
            Over::Increase => return Ok(self.extrapolated(true)),
            Over::Delta => return Ok(self.extrapolated(false)),
            Over::Irate => return Ok(self.last_two(true)),
            Over::Idelta => return Ok(self.last_two(false)),
            Over::Deriv => {
                if points.len() < 2 {
                    return Ok(None);
                }
                line(points, first.t).0
            }
            Over::PredictLinear => {
                if points.len() < 2 {
                    return Ok(None);
                }
                let (slope, intercept) = line(points, self.now);
                slope * a + intercept
            }
            Over::HoltWinters => return holt_winters(points, a, b),
            Over::Changes => pairs()
                .filter(|(before, after)| before != after && !(before.is_nan() && after.is_nan()))
                .count() as f64,
            Over::Resets => pairs().filter(|(before, after)| after < before).count() as f64,
            Over::Count => points.len() as f64,
            Over::Present => 1.0,
            Over::Last => last.v,
            Over::Max => values().fold(first.v, |max, v| if v > max || max.is_nan() { v } else { max }),
            Over::Min => values().fold(first.v, |min, v| if v < min || min.is_nan() { v } else { min }),
            Over::Sum => {
                let sum = values().fold(Kahan::default(), Kahan::plus);
                if sum.sum.is_infinite() { sum.sum } else { sum.total() }
            }
            Over::Avg => mean(values()),
            Over::Stdvar => variance(values()),
            Over::Stddev => variance(values()).sqrt(),
            Over::Quantile => quantile(a, &mut values().collect::<Vec<_>>()),
        }))
    }

    /// What a counter gained, or a gauge changed, over the whole range: the samples rarely reach its
    /// ends, so the line is drawn on to them, but not below zero for a counter and not far beyond where
    /// the next sample would have been (`extrapolatedRate` of Prometheus's `functions.go`).
    fn extrapolated(&self, counter: bool) -> Option<f64> {
        let (first, last) = (self.points.first()?, self.points.last()?);
        if self.points.len() < 2 {
            return None;
        }
        let gained = last.v - first.v;
        let gained =
            if counter { self.resets.iter().fold(gained, |sum, (_, before)| sum + before) } else { gained };
        let seconds = |ms: i64| ms as f64 / 1000.0;
        let sampled = seconds(last.t - first.t);
        let between = sampled / (self.points.len() - 1) as f64;
        let mut before = seconds(first.t - self.from);
        let after = seconds(self.to - last.t);
        if counter && gained > 0.0 && first.v >= 0.0 {
            before = before.min(sampled * (first.v / gained));
        }
        let far = between * 1.1;
        let mut interval = sampled;
        interval += if before < far { before } else { between / 2.0 };
        interval += if after < far { after } else { between / 2.0 };
        Some(gained * (interval / sampled))
    }

    /// The step between the last two samples, by second for a counter.
    fn last_two(&self, counter: bool) -> Option<f64> {
        let [.., before, last] = self.points else { return None };
        let gained = if counter && last.v < before.v { last.v } else { last.v - before.v };
        let ms = last.t - before.t;
        if ms == 0 {
            return None;
        }
        Some(if counter { gained / (ms as f64 / 1000.0) } else { gained })
    }
}

/// A sum with what rounding lost (Kahan's, as Neumaier improved it).
#[derive(Clone, Copy, Default)]
struct Kahan {
    sum: f64,
    lost: f64,
}

impl Kahan {
    fn plus(self, v: f64) -> Self {
        let sum = self.sum + v;
        let lost = if self.sum.abs() >= v.abs() { (self.sum - sum) + v } else { (v - sum) + self.sum };
        Self { sum, lost: self.lost + lost }
    }

    fn total(self) -> f64 {
        self.sum + self.lost
    }
}

/// The mean, as a running one, so that no sum overflows.
fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (mut mean, mut count) = (Kahan::default(), 0.0);
    for v in values {
        count += 1.0;
        if mean.sum.is_infinite() && stays_infinite(mean.sum, v) {
            continue;
        }
        mean = mean.plus(v / count - mean.sum / count);
    }
    if mean.sum.is_infinite() { mean.sum } else { mean.total() }
}

/// Whether an infinite mean stays what it is with one more value.
pub(super) fn stays_infinite(mean: f64, v: f64) -> bool {
    if v.is_infinite() { (mean > 0.0) == (v > 0.0) } else { !v.is_nan() }
}

/// The variance of all of them, after Welford.
fn variance(values: impl Iterator<Item = f64>) -> f64 {
    let (mut mean, mut squares, mut count) = (Kahan::default(), Kahan::default(), 0.0);
    for v in values {
        count += 1.0;
        let delta = v - mean.total();
        mean = mean.plus(delta / count);
        squares = squares.plus(delta * (v - mean.total()));
    }
    squares.total() / count
}

/// Slope by second and value at `zero` (milliseconds) of the line of least squares.
fn line(points: &[Point], zero: i64) -> (f64, f64) {
    let Some(first) = points.first() else { return (f64::NAN, f64::NAN) };
    if points.iter().all(|point| point.v == first.v) {
        return if first.v.is_infinite() { (f64::NAN, f64::NAN) } else { (0.0, first.v) };
    }
    let (mut x, mut y, mut xy, mut xx) =
        (Kahan::default(), Kahan::default(), Kahan::default(), Kahan::default());
    for point in points {
        let at = (point.t - zero) as f64 / 1000.0;
        x = x.plus(at);
        y = y.plus(point.v);
        xy = xy.plus(at * point.v);
        xx = xx.plus(at * at);
    }
    let n = points.len() as f64;
    let (x, y) = (x.total(), y.total());
    let slope = (xy.total() - x * y / n) / (xx.total() - x * x / n);
    (slope, y / n - slope * x / n)
}

/// Double exponential smoothing with a factor for the value and one for the trend.
fn holt_winters(points: &[Point], smoothing: f64, trend: f64) -> Result<Option<f64>, QueryError> {
    for (what, factor) in [("smoothing", smoothing), ("trend", trend)] {
        if factor <= 0.0 || factor >= 1.0 {
            let letter = what.get(..1).unwrap_or("");
            return Err(QueryError::Execution(format!(
                "invalid {what} factor. Expected: 0 < {letter}f < 1, got: {factor:.6}"
            )));
        }
    }
    let [first, second, ..] = points else { return Ok(None) };
    let (mut before, mut now, mut slope) = (0.0, first.v, second.v - first.v);
    for (at, point) in points.iter().skip(1).enumerate() {
        if at > 0 {
            slope = trend * (now - before) + (1.0 - trend) * slope;
        }
        (before, now) = (now, smoothing * point.v + (1.0 - smoothing) * (now + slope));
    }
    Ok(Some(now))
}
