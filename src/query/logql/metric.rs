//! Metric queries made ready: each range's samples are collected once, then every moment is looked at.

use super::LogQlError;
use super::Value;
use super::ast::{Aggregate, Binary, Grouping, Matching, Metric, RangeOp};
use super::samples::{Samples, collect};
use super::stages;
use super::streams::Stats;
use super::vector;
use crate::model::{Labels, MatchOp};
use crate::query::LogData;
use crate::query::statistics::quantile;

/// A metric query with its samples.
pub(super) enum Plan<'q> {
    Number(f64),
    Vector(f64),
    Range {
        op: RangeOp,
        parameter: f64,
        range: i64,
        offset: i64,
        series: Vec<Samples>,
        absent: Labels,
    },
    Aggregate {
        op: Aggregate,
        parameter: f64,
        grouping: &'q Grouping,
        inner: Box<Plan<'q>>,
    },
    Binary {
        op: Binary,
        bool: bool,
        matching: &'q Matching,
        left: Box<Plan<'q>>,
        right: Box<Plan<'q>>,
    },
    LabelReplace {
        to: &'q str,
        template: &'q str,
        from: &'q str,
        regex: &'q regex::Regex,
        inner: Box<Plan<'q>>,
    },
}

/// Collects the samples that moments from `from_ns` to `to_ns` need.
pub(super) fn prepare<'q>(
    metric: &'q Metric,
    data: &dyn LogData,
    window: (i64, i64),
    pushed: Option<&Grouping>,
    stats: &mut Stats,
) -> Result<Plan<'q>, LogQlError> {
    Ok(match metric {
        Metric::Number(value) => Plan::Number(*value),
        Metric::Vector(value) => Plan::Vector(*value),
        Metric::Range(range) => {
            let back = range.offset;
            let from = window.0.saturating_sub(back).saturating_sub(range.length).saturating_add(1);
            let to = window.1.saturating_sub(back);
            let series = collect(range, data, (from, to), pushed, stats)?;
            let equal = range.log.matchers.iter().filter(|matcher| matcher.op == MatchOp::Equal);
            Plan::Range {
                op: range.op,
                parameter: range.parameter,
                range: range.length,
                offset: range.offset,
                series,
                absent: Labels::new(equal.map(|matcher| (&matcher.name, &matcher.value))),
            }
        }
        Metric::Aggregate { op, parameter, grouping, inner } => {
            let pushed = match &**inner {
                Metric::Range(range) if *op == Aggregate::Sum && range.op.adds_up() => Some(grouping),
                _ => None,
            };
            let inner = Box::new(prepare(inner, data, window, pushed, stats)?);
            Plan::Aggregate { op: *op, parameter: *parameter, grouping, inner }
        }
        Metric::Binary { op, bool, matching, left, right } => Plan::Binary {
            op: *op,
            bool: *bool,
            matching,
            left: Box::new(prepare(left, data, window, None, stats)?),
            right: Box::new(prepare(right, data, window, None, stats)?),
        },
        Metric::LabelReplace { inner, to, template, from, regex } => Plan::LabelReplace {
            to,
            template,
            from,
            regex,
            inner: Box::new(prepare(inner, data, window, None, stats)?),
        },
    })
}

impl Plan<'_> {
    /// The answer at one moment.
    pub(super) fn at(&self, at_ns: i64) -> Result<Value, LogQlError> {
        Ok(match self {
            Self::Number(value) => Value::Scalar(*value),
            Self::Vector(value) => Value::Vector(vec![(Labels::default(), *value)]),
            Self::Range { op, parameter, range, offset, series, absent } => {
                let to = at_ns.saturating_sub(*offset);
                let from = to.saturating_sub(*range);
                let windows = series.iter().filter_map(|series| {
                    let (first, last) = (
                        series.at.partition_point(|at| *at <= from),
                        series.at.partition_point(|at| *at <= to),
                    );
                    let values = series.values.get(first..last).filter(|values| !values.is_empty())?;
                    Some((series, values))
                });
                if *op == RangeOp::Absent {
                    let none = windows.count() == 0;
                    Value::Vector(if none { vec![(absent.clone(), 1.0)] } else { Vec::new() })
                } else {
                    let seconds = *range as f64 / 1e9;
                    Value::Vector(
                        windows
                            .map(|(series, values)| {
                                (series.labels.clone(), over(*op, values, seconds, *parameter))
                            })
                            .collect(),
                    )
                }
            }
            Self::Aggregate { op, parameter, grouping, inner } => match inner.at(at_ns)? {
                Value::Vector(vector) => Value::Vector(vector::aggregate(*op, *parameter, grouping, vector)),
                Value::Scalar(_) => {
                    return Err(LogQlError::Run("an aggregation needs a vector, not a number".to_owned()));
                }
            },
            Self::Binary { op, bool, matching, left, right } => {
                vector::binary(*op, *bool, matching, left.at(at_ns)?, right.at(at_ns)?)?
            }
            Self::LabelReplace { to, template, from, regex, inner } => match inner.at(at_ns)? {
                Value::Scalar(value) => Value::Scalar(value),
                Value::Vector(vector) => Value::Vector(
                    vector
                        .into_iter()
                        .map(|(labels, value)| {
                            let new = stages::replaced(regex, template, labels.get(from).unwrap_or(""));
                            let labels = match new {
                                None => labels,
                                Some(new) if new.is_empty() => labels.without(&[to]),
                                Some(new) => labels.with(to, &new),
                            };
                            (labels, value)
                        })
                        .collect(),
                ),
            },
        })
    }
}

/// What a function makes of a window's values, which are at least one.
fn over(op: RangeOp, values: &[f64], seconds: f64, parameter: f64) -> f64 {
    let count = values.len() as f64;
    let sum = || values.iter().sum::<f64>();
    match op {
        RangeOp::Count => count,
        RangeOp::Bytes | RangeOp::Sum => sum(),
        RangeOp::Rate | RangeOp::BytesRate => sum() / seconds,
        RangeOp::RateCounter => counted(values) / seconds,
        RangeOp::Avg => sum() / count,
        RangeOp::Min => values.iter().copied().fold(f64::INFINITY, f64::min),
        RangeOp::Max => values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        RangeOp::Stddev => variance(values).sqrt(),
        RangeOp::Stdvar => variance(values),
        RangeOp::Quantile => quantile(parameter, &mut values.to_vec()),
        RangeOp::First => values.first().copied().unwrap_or(f64::NAN),
        RangeOp::Last => values.last().copied().unwrap_or(f64::NAN),
        RangeOp::Absent => 1.0,
    }
}

/// How far a counter went, its resets put together.
fn counted(values: &[f64]) -> f64 {
    values.windows(2).map(|pair| if pair[1] < pair[0] { pair[1] } else { pair[1] - pair[0] }).sum()
}

/// Variance of the population.
pub(super) fn variance(values: &[f64]) -> f64 {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / count
}
