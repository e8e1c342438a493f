//! Results of queries: vector, matrix, scalar, string, as of Prometheus's HTTP API v1
//! (prometheus.io/docs/prometheus/latest/querying/api).

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::model::ask::Answer;
use crate::model::{Fault, FaultKind, Labels, Point, Sample, Series, Time};
use crate::text::fault::{Doubt, Why};

use super::fault::{fault, warning};
use super::wire::{Many, Number, SafeLabels, moment_ms};

/// `data` of a query's answer.
#[derive(Deserialize)]
#[serde(tag = "resultType", content = "result", rename_all = "lowercase")]
pub(super) enum QueryData {
    Vector(Many<Element, Kept<Sample>>),
    Matrix(Many<Row, Kept<Series>>),
    Scalar((f64, Number)),
    String(IgnoredAny),
}

/// A model value, or nothing where the wire held a native histogram.
pub(super) struct Kept<M>(Option<M>);

#[derive(Deserialize)]
pub(super) struct Element {
    #[serde(default)]
    metric: SafeLabels,
    value: Option<(Seconds, Number)>,
    #[serde(rename = "histogram")]
    _histogram: Option<IgnoredAny>,
}

#[derive(Deserialize)]
pub(super) struct Row {
    #[serde(default)]
    metric: SafeLabels,
    values: Option<Vec<WirePoint>>,
    #[serde(rename = "histograms")]
    _histograms: Option<IgnoredAny>,
}

/// `[seconds, "value"]`.
#[derive(Deserialize)]
#[serde(from = "(f64, Number)")]
struct WirePoint(Point);

impl From<(f64, Number)> for WirePoint {
    fn from((seconds, value): (f64, Number)) -> Self {
        Self(Point { t: moment_ms(seconds), v: value.0 })
    }
}

/// Seconds since the epoch that are a moment.
#[derive(Deserialize)]
#[serde(try_from = "f64")]
struct Seconds(Time);

impl TryFrom<f64> for Seconds {
    type Error = &'static str;

    fn try_from(seconds: f64) -> Result<Self, Self::Error> {
        Time::from_timestamp_millis(moment_ms(seconds)).map(Self).ok_or("a timestamp out of range")
    }
}

impl From<Element> for Kept<Sample> {
    fn from(wire: Element) -> Self {
        Self(wire.value.map(|(at, value)| Sample { labels: wire.metric.0, at: at.0, value: value.0 }))
    }
}

impl From<Row> for Kept<Series> {
    fn from(wire: Row) -> Self {
        Self(wire.values.map(|values| Series {
            labels: wire.metric.0,
            points: values.into_iter().map(|point| point.0).collect(),
        }))
    }
}

/// The answer in the console's words. Native histograms are left out, with a warning.
pub(super) fn answer(data: QueryData, warnings: &mut Vec<String>) -> Result<Answer, Fault> {
    match data {
        QueryData::Vector(all) => Ok(Answer::Vector(kept(all.0, warnings))),
        QueryData::Matrix(all) => Ok(Answer::Matrix(kept(all.0, warnings))),
        QueryData::Scalar((seconds, value)) => match Seconds::try_from(seconds) {
            Ok(at) => {
                Ok(Answer::Vector(vec![Sample { labels: Labels::default(), at: at.0, value: value.0 }]))
            }
            Err(words) => Err(fault(FaultKind::WrongFormat, &Why::BadJson(words))),
        },
        QueryData::String(_) => Err(fault(FaultKind::BadQuery, &Why::QueryIsString)),
    }
}

fn kept<M>(all: Vec<Kept<M>>, warnings: &mut Vec<String>) -> Vec<M> {
    let before = all.len();
    let kept: Vec<M> = all.into_iter().filter_map(|one| one.0).collect();
    if kept.len() < before {
        warnings.push(warning(&Doubt::NativeHistograms(before - kept.len())));
    }
    kept
}
