//! LogQL over memory: log queries with their pipelines, and metric queries over them.
//!
//! Owns the language as Loki 3.7 answers it, facts that its documentation leaves out included
//! (`level_extracted`, booleans as strings, `detected_level`, errors as labels). Must not know where
//! lines come from or how an answer travels. What is left out is refused by name: `ip()`, `distinct`,
//! `variants`, templates beyond fields, pipes and a few functions.

mod ast;
mod error;
mod fields;
mod json;
mod level;
mod lexer;
mod line;
mod logfmt;
mod metric;
mod parse;
mod parse_filter;
mod parse_metric;
mod pattern;
mod samples;
mod stages;
mod streams;
mod template;
#[cfg(test)]
mod tests;
mod vector;

use std::ops::ControlFlow;

use ast::{Expr, Metric};

use super::{LogData, Order};
use crate::model::{Labels, Matcher, Series};

pub use error::LogQlError;
pub use fields::{Field, FieldKind};
pub use json::Leaf;
pub use streams::{Stats, Stream, StreamEntry, Streams};

/// The most points that a range query may ask for.
pub const MOST_POINTS: i64 = 11_000;
/// The most series that a metric query may answer.
pub const MOST_SERIES: usize = 500;

/// A query that has been read.
#[derive(Debug)]
pub struct LogQl {
    expr: Expr,
}

/// An answer of an instant query.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// One number.
    Scalar(f64),
    /// Numbers with labels, sorted by labels unless the query sorts by value.
    Vector(Vec<(Labels, f64)>),
}

impl LogQl {
    /// Reads a query. The error names line and column.
    pub fn parse(text: &str) -> Result<Self, LogQlError> {
        parse::parse(text).map(|expr| Self { expr })
    }

    /// Whether it asks for numbers rather than lines.
    pub fn is_metric(&self) -> bool {
        matches!(self.expr, Expr::Metric(_))
    }

    /// The matchers of a log query; `None` for a metric query.
    pub fn matchers(&self) -> Option<&[Matcher]> {
        match &self.expr {
            Expr::Log(log) => Some(&log.matchers),
            Expr::Metric(_) => None,
        }
    }

    /// Whether a log query is a bare selector, without any stage.
    pub fn is_selector(&self) -> bool {
        matches!(&self.expr, Expr::Log(log) if log.stages.is_empty())
    }

    /// Answers a log query: at most `limit` lines from `from_ns` (included) to `to_ns` (excluded).
    /// Every label is merged into the stream's, unless they are to be categorised.
    pub fn streams(
        &self,
        data: &dyn LogData,
        (from_ns, to_ns): (i64, i64),
        limit: usize,
        order: Order,
        categorize: bool,
    ) -> Result<Streams, LogQlError> {
        match &self.expr {
            Expr::Log(log) => Ok(streams::streams(log, data, (from_ns, to_ns), limit, order, categorize)),
            Expr::Metric(_) => Err(LogQlError::Kind("only log selector is supported".to_owned())),
        }
    }

    /// The fields that parsers would find in the newest `lines` lines of a log query, at most `limit`.
    pub fn fields(
        &self,
        data: &dyn LogData,
        (from_ns, to_ns): (i64, i64),
        lines: usize,
        limit: usize,
    ) -> Result<Vec<Field>, LogQlError> {
        let Expr::Log(log) = &self.expr else {
            return Err(LogQlError::Kind("only log selector is supported".to_owned()));
        };
        let mut found = Vec::new();
        data.entries(&log.matchers, from_ns, to_ns, Order::Backward, &mut |entry| {
            if stages::run(&log.stages, &mut line::Line::new(entry)) {
                found.push(entry.clone());
            }
            if found.len() >= lines { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        Ok(fields::fields(&found, limit))
    }

    /// Answers a metric query at one moment.
    pub fn instant(&self, data: &dyn LogData, at_ns: i64) -> Result<(Value, Stats), LogQlError> {
        let metric = self.metric()?;
        let mut stats = Stats::default();
        let plan = metric::prepare(metric, data, (at_ns, at_ns), None, &mut stats)?;
        let value = match plan.at(at_ns)? {
            scalar @ Value::Scalar(_) => scalar,
            Value::Vector(mut vector) => {
                if !matches!(
                    metric,
                    Metric::Aggregate {
                        op: ast::Aggregate::Topk
                            | ast::Aggregate::Bottomk
                            | ast::Aggregate::Sort
                            | ast::Aggregate::SortDesc,
                        ..
                    }
                ) {
                    vector.sort_by(|a, b| a.0.cmp(&b.0));
                }
                bounded(vector.len())?;
                Value::Vector(vector)
            }
        };
        Ok((value, stats))
    }

    /// Answers a metric query at every `step_ns` from `from_ns` to `to_ns`, both included. A number
    /// is one series without labels.
    pub fn range(
        &self,
        data: &dyn LogData,
        (from_ns, to_ns): (i64, i64),
        step_ns: i64,
    ) -> Result<(Vec<Series>, Stats), LogQlError> {
        let metric = self.metric()?;
        let step_ns = step_ns.max(1_000_000);
        let steps = to_ns.saturating_sub(from_ns) / step_ns;
        if steps > MOST_POINTS {
            return Err(LogQlError::Run(
                "exceeded maximum resolution of 11,000 points per time series. Try increasing the value of \
                 the step parameter"
                    .to_owned(),
            ));
        }
        let mut stats = Stats::default();
        let plan = metric::prepare(metric, data, (from_ns, to_ns), None, &mut stats)?;
        let series = vector::range(&plan, from_ns, steps, step_ns)?;
        Ok((series, stats))
    }

    fn metric(&self) -> Result<&Metric, LogQlError> {
        match &self.expr {
            Expr::Metric(metric) => Ok(metric),
            Expr::Log(_) => Err(LogQlError::Kind(
                "log queries are not supported as an instant query type, please change your query to a \
                 range query type"
                    .to_owned(),
            )),
        }
    }
}

/// The pairs of a logfmt line, broken ones passed over.
pub fn logfmt_pairs(line: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let _ = logfmt::pairs(line, false, |key, value| found.push((key.to_owned(), value.into_owned())));
    found
}

/// Gives `each` every leaf of a JSON object with its keys joined by `join`; `false` where the line is none, or
/// breaks off: what came before has been given.
pub fn json_leaves<'l>(line: &'l str, join: char, each: &mut dyn FnMut(&str, Leaf<'l>)) -> bool {
    json::leaves(line, join, each).is_ok()
}

/// The name of the label that a parser makes of a key.
pub fn label_name(key: &str) -> std::borrow::Cow<'_, str> {
    stages::label_name(key)
}

fn bounded(series: usize) -> Result<(), LogQlError> {
    if series <= MOST_SERIES {
        return Ok(());
    }
    Err(LogQlError::Run(format!(
        "maximum number of series ({MOST_SERIES}) reached for a single query; consider reducing query \
         cardinality by adding more specific stream selectors, reducing the time range, or aggregating \
         results with functions like sum, count or topk"
    )))
}
