//! PromQL, read once and evaluated over memory, as Prometheus 2.42 evaluates it.
//!
//! Owns the language: what is accepted, what it means, what it costs. Must not know where samples come
//! from. `lex` makes a query safe for the parser, `compile` checks types and makes the plan, `eval`
//! runs it; the other files are one family of functions each. A value is computed for all steps of a
//! range at once: matching labels is done once, not once a step.
//!
//! The measure of "right" is a real server: `tests/promql_agreement` asks both the same questions. Three
//! differences are meant: a window with `@` stays where it is also where 2.42 lets it wander (in a range,
//! when another argument keeps the call from being fixed); `.` in a matcher takes a line break too, as in
//! Prometheus 3; and a unary plus is no operator here, so that `+x[5m]` is `x[5m]`.

pub mod about;
mod aggregate;
mod binary;
mod budget;
mod calendar;
mod compile;
mod eval;
mod functions;
mod grid;
mod histogram;
mod instant;
mod lex;
mod pattern;
mod plan;
mod reach;
mod relabel;
mod window;

#[cfg(test)]
mod tests;

use crate::model::{Labels, Matcher, Point, Series};

use super::MetricData;
use eval::{Evaluator, Output};
use grid::Grid;
use plan::{Kind, Node, What};

/// How far back an instant selector looks for a series' last sample: Prometheus's default, milliseconds.
pub const LOOKBACK_MS: i64 = 300_000;
/// Step of a subquery that names none, milliseconds: the hospital's evaluation interval.
pub const SUBQUERY_STEP_MS: i64 = 15_000;
/// Most steps between start and end of a range query, as in Prometheus's API.
pub const MAX_STEPS: i64 = 11_000;

/// Why a query has no answer; the text is one sentence for a person. Prometheus's API says the same
/// three things with `bad_data`, `execution`, and (for what only other versions know) `bad_data`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// The query or its times are wrong whatever the data is: syntax, types, arguments.
    #[error("{0}")]
    BadData(String),
    /// The data does not fit the query (many-to-many matching, two results with one label set), or
    /// answering would cost too much.
    #[error("{0}")]
    Execution(String),
    /// PromQL of another version or an extension; names what is not there.
    #[error("{0} is not supported by the embedded hospital")]
    Unsupported(String),
}

/// The answer to an instant query.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// One number without labels; `t` is the moment asked for.
    Scalar(Point),
    /// A text and the moment asked for (milliseconds).
    String(i64, String),
    /// Label sets with one value each, all at the moment asked for. The order is that of `sort`,
    /// `topk` and their like where the query ends with one, else it means nothing.
    Vector(Vec<(Labels, Point)>),
    /// Samples of a range, in order of labels.
    Matrix(Vec<Series>),
}

/// A query that was read and found right; cheap to evaluate again and again.
#[derive(Debug)]
pub struct Promql {
    root: Node,
}

impl Promql {
    /// Reads a query.
    pub fn parse(query: &str) -> Result<Self, QueryError> {
        let clean = lex::clean(query)?;
        let parsed = promql_parser::parser::parse(&clean)
            .map_err(|error| QueryError::BadData(format!("parse error: {}", in_words(&error))))?;
        Ok(Self { root: compile::node(&parsed)? })
    }

    /// How many milliseconds before a moment the oldest sample may lie that its value there depends on;
    /// `None` where it depends on none, `i64::MAX` where `@` binds it to a moment of its own.
    pub fn reach_ms(&self) -> Option<i64> {
        reach::of(&self.root)
    }

    /// The value at one moment (milliseconds since the epoch).
    pub fn instant(&self, data: &dyn MetricData, at_ms: i64) -> Result<Value, QueryError> {
        let grid = Grid::instant(at_ms);
        let evaluator = Evaluator::new(data, at_ms, at_ms);
        if let What::Window(window) = &self.root.what {
            let mut matrix = evaluator.window_as_is(window, grid)?;
            matrix.sort_by(|a, b| a.labels.cmp(&b.labels));
            return Ok(Value::Matrix(matrix));
        }
        Ok(match evaluator.eval(&self.root, grid)? {
            Output::Scalar(values) => {
                Value::Scalar(Point { t: at_ms, v: values.first().copied().unwrap_or(f64::NAN) })
            }
            Output::Text(text) => Value::String(at_ms, text),
            Output::Rows(rows) => Value::Vector(
                rows.into_iter()
                    .filter_map(|row| {
                        let v = *row.values.first().filter(|v| grid::is_there(**v))?;
                        Some((row.labels, Point { t: at_ms, v }))
                    })
                    .collect(),
            ),
        })
    }

    /// The values at `start_ms`, `start_ms + step_ms`, … up to `end_ms` at most, as series in order of
    /// their labels; a scalar is one series without labels. A query of any other type is wrong here.
    pub fn range(
        &self,
        data: &dyn MetricData,
        start_ms: i64,
        end_ms: i64,
        step_ms: i64,
    ) -> Result<Vec<Series>, QueryError> {
        let wrong = |what: &str| Err(QueryError::BadData(what.to_owned()));
        if end_ms < start_ms {
            return wrong("end timestamp must not be before start time");
        }
        if step_ms <= 0 {
            return wrong(
                "zero or negative query resolution step widths are not accepted. Try a positive integer",
            );
        }
        if end_ms.saturating_sub(start_ms) / step_ms > MAX_STEPS {
            return wrong(
                "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)",
            );
        }
        let kind = self.root.kind();
        if !matches!(kind, Kind::Scalar | Kind::Vector) {
            return Err(QueryError::BadData(format!(
                "invalid expression type \"{kind}\" for range query, must be Scalar or instant Vector"
            )));
        }
        let grid = Grid::range(start_ms, end_ms, step_ms);
        let evaluator = Evaluator::new(data, start_ms, end_ms);
        let mut series = match evaluator.eval(&self.root, grid)? {
            Output::Scalar(values) => {
                vec![Series { labels: Labels::default(), points: grid.points(&values) }]
            }
            Output::Text(_) => Vec::new(),
            Output::Rows(rows) => rows
                .into_iter()
                .map(|row| Series { points: grid.points(&row.values), labels: row.labels })
                .filter(|series| !series.points.is_empty())
                .collect(),
        };
        series.sort_by(|a, b| a.labels.cmp(&b.labels));
        Ok(series)
    }
}

/// The parser's complaint with the names of types that Prometheus's documentation uses.
fn in_words(error: &str) -> String {
    let mut words =
        error.replace("type matrix", "type range vector").replace("type vector", "type instant vector");
    for (short, long) in [("got matrix", "got range vector"), ("got vector", "got instant vector")] {
        if let Some(head) = words.strip_suffix(short) {
            words = format!("{head}{long}");
        }
    }
    if words == "invalid promql query" {
        return "an operand, operator or bracket is missing or not where it may be".to_owned();
    }
    words
}

/// Reads a bare selector, as `match[]` of the series and labels endpoints takes it.
pub fn selector(text: &str) -> Result<Vec<Matcher>, QueryError> {
    match Promql::parse(text)?.root.what {
        What::Select(select) if select.shift.is_none() => Ok(select.matchers),
        _ => Err(QueryError::BadData(format!(
            "`{text}` is not a series selector; write a metric name, matchers in braces, or both"
        ))),
    }
}
