//! TraceQL over memory: spansets and what can be counted of them.
//!
//! Owns the language as Tempo answers it: filters over intrinsics and attributes, structural
//! operators, pipelines, metrics. Must not know where traces come from or how an answer travels.
//! What is left out (links, events' attributes, instrumentation, `parent.`, union operators, `compare`,
//! hints) is refused by name.

mod ast;
mod eval;
mod field;
mod lexer;
mod metrics;
mod parse;
mod search;
mod structure;
#[cfg(test)]
mod tests;
mod value;

use std::fmt;

pub use field::{Field, Intrinsic};
pub use metrics::{Exemplar, MetricSeries};
pub use search::{Found, SpanSet};
pub use value::Value;

use super::TraceData;

/// The most points that a metrics query may ask for.
pub const MOST_POINTS: i64 = 11_000;

/// Why a query has no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TraceQlError {
    /// It is not TraceQL. The message names line and column.
    Parse(String),
    /// It is TraceQL that is not evaluated here.
    Unsupported(String),
    /// It is not a query for this door (metrics asked as a search, …), or asks for too much.
    Kind(String),
}

impl fmt::Display for TraceQlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Parse(words) | Self::Kind(words) => f.write_str(words),
            Self::Unsupported(what) => write!(f, "{what} is not supported by the embedded hospital"),
        }
    }
}

impl std::error::Error for TraceQlError {}

/// A query that has been read.
#[derive(Debug)]
pub struct TraceQl {
    query: ast::Query,
}

impl TraceQl {
    /// Reads a query. The error names line and column.
    pub fn parse(text: &str) -> Result<Self, TraceQlError> {
        parse::parse(text).map(|query| Self { query })
    }

    /// Whether it asks for numbers over time rather than for spans.
    pub fn is_metrics(&self) -> bool {
        self.query.metrics.is_some()
    }

    /// The fields that the query names, in its order: what an answer's spans are shown with.
    pub fn fields(&self) -> &[Field] {
        &self.query.fields
    }

    /// The newest traces, at most `limit`, with a span between `from_ns` and `to_ns` (both included)
    /// that satisfy the query, and their spans that do. `wanted` may leave a trace out.
    pub fn search(
        &self,
        data: &dyn TraceData,
        window: (i64, i64),
        limit: usize,
        wanted: &mut dyn FnMut(&crate::model::Trace) -> bool,
    ) -> Result<Vec<Found>, TraceQlError> {
        if self.is_metrics() {
            return Err(TraceQlError::Kind(
                "invalid TraceQL query: metrics functions are for /api/metrics/query_range, not for search"
                    .to_owned(),
            ));
        }
        Ok(search::search(&self.query, data, window, limit, wanted))
    }

    /// Numbers over time: a point every `step_ns` on a grid of steps around `from_ns` to `to_ns`; the
    /// point at T counts spans that began in (T - step, T]. At most `exemplars` traces are named.
    pub fn metrics(
        &self,
        data: &dyn TraceData,
        (from_ns, to_ns): (i64, i64),
        step_ns: i64,
        exemplars: usize,
    ) -> Result<Vec<MetricSeries>, TraceQlError> {
        let step = step_ns.max(1_000_000);
        let grid = metrics::grid(from_ns, to_ns, step);
        metrics::run(&self.query, self.function()?, data, grid, step, exemplars)
    }

    /// The same over a window as a whole: a number for each series. A window of nothing is a
    /// millisecond long.
    pub fn over_window(
        &self,
        data: &dyn TraceData,
        (from_ns, to_ns): (i64, i64),
    ) -> Result<Vec<(MetricSeries, f64)>, TraceQlError> {
        let step = to_ns.saturating_sub(from_ns).max(1_000_000);
        let found = metrics::run(&self.query, self.function()?, data, (to_ns, to_ns), step, 0)?;
        let value = |series: &MetricSeries| series.points.last().map(|point| point.v);
        Ok(found.into_iter().filter_map(|series| value(&series).map(|value| (series, value))).collect())
    }

    fn function(&self) -> Result<&ast::Metrics, TraceQlError> {
        self.query.metrics.as_ref().ok_or_else(|| {
            TraceQlError::Kind(
                "invalid TraceQL query: a metrics query needs a function, as | rate()".to_owned(),
            )
        })
    }
}
