//! Lines turned into samples: one series for every set of labels, in time order.

use std::collections::HashMap;
use std::ops::ControlFlow;

use super::LogQlError;
use super::ast::{Grouping, Range, RangeOp, Unit};
use super::line::{DETAILS, ERROR, Line};
use super::stages;
use super::streams::Stats;
use crate::model::Labels;
use crate::query::{LogData, Order};

/// More series than this are never held.
const MOST_HELD: usize = 100_000;

/// A series of a range.
#[derive(Debug, Default)]
pub(super) struct Samples {
    pub(super) labels: Labels,
    /// Nanoseconds.
    pub(super) at: Vec<i64>,
    pub(super) values: Vec<f64>,
}

/// The samples of a range from `from_ns` to `to_ns`, both included, offset and range left to the caller.
pub(super) fn collect(
    range: &Range,
    data: &dyn LogData,
    (from_ns, to_ns): (i64, i64),
    grouping: Option<&Grouping>,
    stats: &mut Stats,
) -> Result<Vec<Samples>, LogQlError> {
    let mut all: Vec<Samples> = Vec::new();
    let mut index: HashMap<String, usize> = HashMap::new();
    let mut key = String::new();
    let mut failed = None;
    let by_bytes = matches!(range.op, RangeOp::Bytes | RangeOp::BytesRate);
    let grouping = range.grouping.as_ref().or(grouping);
    data.entries(&range.log.matchers, from_ns, to_ns.saturating_add(1), Order::Forward, &mut |entry| {
        stats.saw(entry);
        let mut line = Line::new(entry);
        if !stages::run(&range.log.stages, &mut line) {
            return ControlFlow::Continue(());
        }
        let value = match &range.unwrap {
            None if by_bytes => line.text.len() as f64,
            None => 1.0,
            Some(unwrap) => {
                let Some(text) = line.get(&unwrap.label).filter(|text| !text.is_empty()) else {
                    return ControlFlow::Continue(());
                };
                let value = stages::number(text, unwrap.unit);
                let details = value.is_none().then(|| format!("cannot convert {text:?}"));
                line.remove(&unwrap.label);
                if let Some(details) = details {
                    line.fail("SampleExtractionErr", &details);
                }
                if !unwrap.after.iter().all(|filter| stages::holds(filter, &mut line)) {
                    return ControlFlow::Continue(());
                }
                let scale = if unwrap.unit == Unit::Duration { 1e-9 } else { 1.0 };
                value.unwrap_or(0.0) * scale
            }
        };
        stats.kept += 1;
        if let Some(kind) = line.get(ERROR).filter(|kind| !kind.is_empty()) {
            failed = Some(pipeline_error(kind, &line));
            return ControlFlow::Break(());
        }
        key.clear();
        let pairs = |line: &Line<'_>, each: &mut dyn FnMut(&str, &str)| match grouping {
            Some(by) if !by.without => {
                for name in &by.names {
                    each(name, line.get(name).unwrap_or(""));
                }
            }
            _ => {
                for (name, value, _) in line.all() {
                    if !grouping.is_some_and(|without| without.names.iter().any(|other| other == name)) {
                        each(name, value);
                    }
                }
            }
        };
        pairs(&line, &mut |name, value| {
            for part in [name, "\0", value, "\0"] {
                key.push_str(part);
            }
        });
        let at = if let Some(at) = index.get(&key) {
            *at
        } else {
            if all.len() >= MOST_HELD {
                failed = Some(LogQlError::Run(format!(
                    "the query makes more than {MOST_HELD} series; aggregate with sum by (…)"
                )));
                return ControlFlow::Break(());
            }
            let mut labels: Vec<(String, String)> = Vec::new();
            pairs(&line, &mut |name, value| {
                if !value.is_empty() {
                    labels.push((name.to_owned(), value.to_owned()));
                }
            });
            all.push(Samples { labels: Labels::new(labels), ..Samples::default() });
            index.insert(key.clone(), all.len() - 1);
            all.len() - 1
        };
        if let Some(series) = all.get_mut(at) {
            series.at.push(entry.ts);
            series.values.push(value);
        }
        ControlFlow::Continue(())
    });
    failed.map_or(Ok(all), Err)
}

fn pipeline_error(kind: &str, line: &Line<'_>) -> LogQlError {
    let labels = line.labels(|_| true).without(&[ERROR, DETAILS]);
    LogQlError::Run(format!(
        "pipeline error: '{kind}' for series: '{labels}'.\nUse a label filter to intentionally skip this error. \
         (e.g | __error__!=\"{kind}\").\nTo skip all potential errors you can match empty errors.(e.g \
         __error__=\"\")\nThe label filter can also be specified after unwrap. (e.g | unwrap latency | \
         __error__=\"\" )\n"
    ))
}
