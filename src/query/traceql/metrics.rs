//! Numbers over time: spans put into steps, by the values of fields.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use super::ast::{Function, Metrics, Query};
use super::eval::Context;
use super::value::Value;
use super::{MOST_POINTS, TraceQlError};
use crate::model::{Point, TraceId};
use crate::query::TraceData;

/// A series.
#[derive(Clone, Debug, PartialEq)]
pub struct MetricSeries {
    /// Names and values.
    pub labels: Vec<(String, Value)>,
    /// Points in time order; steps without a value are left out.
    pub points: Vec<Point>,
    /// Traces that were counted.
    pub exemplars: Vec<Exemplar>,
}

/// A trace behind a number.
#[derive(Clone, Debug, PartialEq)]
pub struct Exemplar {
    /// Which.
    pub trace: TraceId,
    /// Milliseconds since the Unix epoch.
    pub at_ms: i64,
    /// The number: of the field where there is one, else of the point.
    pub value: f64,
    /// The field's own value, where there is a field: its name and value.
    pub field: Option<(String, Value)>,
}

/// More series than this are refused.
const MOST_SERIES: usize = 1_000;

/// What a step has seen.
#[derive(Clone, Debug, Default)]
struct Step {
    count: f64,
    sum: f64,
    min: f64,
    max: f64,
    /// Counts by the exponent of the power of two (nanoseconds) that is not below.
    buckets: BTreeMap<i32, f64>,
}

#[derive(Debug, Default)]
struct Group {
    by: Vec<Value>,
    steps: BTreeMap<i64, Step>,
    exemplars: Vec<(i64, Exemplar)>,
}

/// The grid of round steps around a window: its first and last point.
pub(super) fn grid(from_ns: i64, to_ns: i64, step: i64) -> (i64, i64) {
    let first = from_ns.div_euclid(step).saturating_mul(step);
    (first, to_ns.saturating_add(step - 1).div_euclid(step).saturating_mul(step))
}

/// A point every `step` from `first` to `last`, both included.
pub(super) fn run(
    query: &Query,
    metrics: &Metrics,
    data: &dyn TraceData,
    (first, last): (i64, i64),
    step: i64,
    exemplars: usize,
) -> Result<Vec<MetricSeries>, TraceQlError> {
    let steps = last.saturating_sub(first) / step;
    if steps > MOST_POINTS {
        return Err(TraceQlError::Kind(
            "exceeded maximum resolution of 11,000 points per series: make the step longer".to_owned(),
        ));
    }
    let mut groups: BTreeMap<String, Group> = BTreeMap::new();
    let mut failed = None;
    let begin = first.saturating_sub(step);
    data.traces(begin, last, &mut |trace| {
        let context = Context::new(trace);
        for set in context.pipeline(&query.first, &query.stages) {
            for span in set.spans.iter().filter_map(|at| trace.spans.get(*at)) {
                if span.start <= begin || span.start > last {
                    continue;
                }
                let field = metrics.field.as_ref().map(|field| field.of(&context, span));
                let number = match &field {
                    None => 1.0,
                    Some(Value::Duration(ns)) => *ns as f64 / 1e9,
                    Some(value) => match value.number() {
                        Some(number) => number,
                        None => continue,
                    },
                };
                let by: Vec<Value> = metrics.by.iter().map(|field| field.of(&context, span)).collect();
                let key = by.iter().map(ToString::to_string).collect::<Vec<_>>().join("\0");
                if groups.len() >= MOST_SERIES && !groups.contains_key(&key) {
                    failed = Some(TraceQlError::Kind(format!(
                        "the query makes more than {MOST_SERIES} series: group by fewer fields"
                    )));
                    return ControlFlow::Break(());
                }
                let at = first + (span.start - first + step - 1).div_euclid(step) * step;
                let group = groups.entry(key).or_insert_with(|| Group { by, ..Group::default() });
                let new = !group.steps.contains_key(&at);
                group.steps.entry(at).or_default().add(number, metrics.function);
                if new {
                    let field = field.map(|value| {
                        (metrics.field.as_ref().map_or_else(String::new, ToString::to_string), value)
                    });
                    let at_ms = span.start.div_euclid(1_000_000);
                    group.exemplars.push((at, Exemplar { trace: trace.id, at_ms, value: number, field }));
                }
            }
        }
        ControlFlow::Continue(())
    });
    if let Some(error) = failed {
        return Err(error);
    }
    let grid: Vec<i64> = (0..=steps).map(|index| first + index * step).collect();
    let each = if groups.is_empty() { 0 } else { (exemplars / groups.len()).max(usize::from(exemplars > 0)) };
    Ok(groups.values().flat_map(|group| group.series(metrics, &grid, step, each)).collect())
}

impl Step {
    fn add(&mut self, number: f64, function: Function) {
        (self.min, self.max) =
            if self.count == 0.0 { (number, number) } else { (self.min.min(number), self.max.max(number)) };
        self.count += 1.0;
        self.sum += number;
        if matches!(function, Function::Quantile | Function::Histogram) {
            *self.buckets.entry(bucket(number)).or_default() += 1.0;
        }
    }

    /// Between the powers of two, exponentially, as Tempo estimates it.
    fn quantile(&self, q: f64) -> f64 {
        let wanted = q * self.count;
        let mut before = 0.0;
        for (exponent, count) in &self.buckets {
            if before + count >= wanted {
                let share = (wanted - before) / count;
                return libm::exp2(f64::from(*exponent - 1) + share) / 1e9;
            }
            before += count;
        }
        self.max
    }
}

/// The exponent of the power of two that is not below a number's nanoseconds.
fn bucket(number: f64) -> i32 {
    let ns = number * 1e9;
    if ns <= 1.0 { 0 } else { libm::log2(ns).ceil().min(1000.0) as i32 }
}

impl Group {
    fn series(&self, metrics: &Metrics, grid: &[i64], step: i64, exemplars: usize) -> Vec<MetricSeries> {
        let by = || -> Vec<(String, Value)> {
            metrics.by.iter().map(ToString::to_string).zip(self.by.iter().cloned()).collect()
        };
        let named = || match by() {
            none if none.is_empty() => {
                vec![("__name__".to_owned(), Value::Text(metrics.function.name().into()))]
            }
            some => some,
        };
        let made = |labels: Vec<(String, Value)>, value: &dyn Fn(Option<&Step>) -> Option<f64>| {
            let points = grid
                .iter()
                .filter_map(|at| Some(Point { t: at.div_euclid(1_000_000), v: value(self.steps.get(at))? }));
            let mut chosen: Vec<Exemplar> = self
                .exemplars
                .iter()
                .take(exemplars)
                .map(|(at, exemplar)| {
                    let of_point = exemplar.field.is_none().then(|| value(self.steps.get(at))).flatten();
                    Exemplar { value: of_point.unwrap_or(exemplar.value), ..exemplar.clone() }
                })
                .collect();
            chosen.sort_by_key(|exemplar| (exemplar.at_ms, exemplar.trace));
            MetricSeries { labels, points: points.collect(), exemplars: chosen }
        };
        let seconds = step as f64 / 1e9;
        let of = |make: fn(&Step) -> f64| move |step: Option<&Step>| step.map(make);
        match metrics.function {
            Function::Rate => {
                vec![made(named(), &|step| Some(step.map_or(0.0, |step| step.count) / seconds))]
            }
            Function::Count => vec![made(named(), &|step| Some(step.map_or(0.0, |step| step.count)))],
            Function::Sum => vec![made(named(), &of(|step| step.sum))],
            Function::Avg => vec![made(named(), &of(|step| step.sum / step.count))],
            Function::Min => vec![made(named(), &of(|step| step.min))],
            Function::Max => vec![made(named(), &of(|step| step.max))],
            Function::Quantile => metrics
                .quantiles
                .iter()
                .map(|q| {
                    let mut labels = by();
                    labels.push(("p".to_owned(), Value::Float(*q)));
                    made(labels, &|step| step.map(|step| step.quantile(*q)))
                })
                .collect(),
            Function::Histogram => {
                let mut all: Vec<i32> =
                    self.steps.values().flat_map(|step| step.buckets.keys().copied()).collect();
                all.sort_unstable();
                all.dedup();
                all.into_iter()
                    .map(|exponent| {
                        let mut labels = by();
                        labels.push((
                            "__bucket".to_owned(),
                            Value::Float(libm::exp2(f64::from(exponent)) / 1e9),
                        ));
                        made(labels, &|step| {
                            Some(step.and_then(|step| step.buckets.get(&exponent).copied()).unwrap_or(0.0))
                        })
                    })
                    .collect()
            }
        }
    }
}
