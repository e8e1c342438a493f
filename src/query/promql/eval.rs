//! Runs a plan over data.

use std::collections::HashMap;

use crate::model::{Labels, Matcher, Point, Series};
use crate::query::{MetricData, is_stale};

use super::budget::Budget;
use super::functions::Function;
use super::grid::{Grid, NOTHING, Row, distinct, is_there, merged, nameless};
use super::plan::{At, Kind, Node, Select, Shift, Source, What, Window};
use super::{LOOKBACK_MS, QueryError, aggregate, binary, histogram, instant, relabel, window};

/// Longest span that is asked of the data at once, so that a query that is too heavy is noticed
/// before everything is loaded.
const SPAN_MS: i64 = 6 * 3_600_000;

/// A value at all steps of a grid.
pub(super) enum Output {
    /// As many numbers as the grid has steps.
    Scalar(Vec<f64>),
    Text(String),
    Rows(Vec<Row>),
}

/// One evaluation of one query.
pub(super) struct Evaluator<'d> {
    data: &'d dyn MetricData,
    /// What `start()` and `end()` mean.
    start: i64,
    end: i64,
    pub budget: Budget,
}

/// The samples of one series for a function of windows.
pub(super) struct Samples {
    pub labels: Labels,
    pub points: Vec<Point>,
}

impl<'d> Evaluator<'d> {
    pub(super) fn new(data: &'d dyn MetricData, start: i64, end: i64) -> Self {
        Self { data, start, end, budget: Budget::new() }
    }

    /// The value of a node at all steps.
    pub(super) fn eval(&self, node: &Node, grid: Grid) -> Result<Output, QueryError> {
        if node.fixed && grid.count > 1 {
            return self.repeated(node, grid);
        }
        match &node.what {
            What::Number(number) => Ok(Output::Scalar(vec![*number; grid.count])),
            What::Text(text) => Ok(Output::Text(text.clone())),
            What::Select(select) => self.select(select, grid, false).map(Output::Rows),
            What::Window(_) => {
                Err(QueryError::BadData("a range vector has no value of its own here".to_owned()))
            }
            What::Negate(inner) => self.negate(inner, grid),
            What::Binary(binary) => binary::eval(self, binary, grid),
            What::Aggregate(aggregate) => aggregate::eval(self, aggregate, grid).map(Output::Rows),
            What::Call(function, arguments) => self.call(*function, arguments, grid),
        }
    }

    /// One step of a node whose value is the same at all of them.
    fn repeated(&self, node: &Node, grid: Grid) -> Result<Output, QueryError> {
        Ok(match self.eval(node, grid.first())? {
            Output::Scalar(values) => {
                Output::Scalar(vec![values.first().copied().unwrap_or(f64::NAN); grid.count])
            }
            Output::Text(text) => Output::Text(text),
            Output::Rows(rows) => {
                self.budget.hold(rows.len().saturating_mul(grid.count))?;
                let repeat = |row: Row| Row {
                    values: vec![row.values.first().copied().unwrap_or(NOTHING); grid.count],
                    labels: row.labels,
                };
                Output::Rows(rows.into_iter().map(repeat).collect())
            }
        })
    }

    /// The value of a node that is a vector.
    pub(super) fn rows(&self, node: &Node, grid: Grid) -> Result<Vec<Row>, QueryError> {
        match self.eval(node, grid)? {
            Output::Rows(rows) => Ok(rows),
            _ => Err(wrong_type(Kind::Vector)),
        }
    }

    /// The value of a node that is a scalar.
    pub(super) fn scalar(&self, node: &Node, grid: Grid) -> Result<Vec<f64>, QueryError> {
        match self.eval(node, grid)? {
            Output::Scalar(values) => Ok(values),
            _ => Err(wrong_type(Kind::Scalar)),
        }
    }

    fn negate(&self, inner: &Node, grid: Grid) -> Result<Output, QueryError> {
        Ok(match self.eval(inner, grid)? {
            Output::Scalar(mut values) => {
                for value in &mut values {
                    *value = -*value;
                }
                Output::Scalar(values)
            }
            Output::Rows(mut rows) => {
                for row in &mut rows {
                    row.map(|value| -value);
                    row.labels = nameless(&row.labels);
                }
                Output::Rows(distinct(rows)?)
            }
            Output::Text(_) => return Err(wrong_type(Kind::Vector)),
        })
    }

    fn call(&self, function: Function, arguments: &[Node], grid: Grid) -> Result<Output, QueryError> {
        let rows = match function {
            Function::Time => {
                return Ok(Output::Scalar(grid.times().map(|t| t as f64 / 1000.0).collect()));
            }
            Function::Pi => return Ok(Output::Scalar(vec![std::f64::consts::PI; grid.count])),
            Function::Scalar => return instant::scalar(self, arguments, grid).map(Output::Scalar),
            Function::Over(over) => window::eval(self, over, arguments, grid)?,
            Function::AbsentOverTime => window::absent(self, arguments, grid)?,
            Function::Absent => instant::absent(self, arguments, grid)?,
            Function::HistogramQuantile => histogram::quantile(self, arguments, grid)?,
            Function::NativeHistogram(at) => {
                if let Some(vector) = arguments.get(at) {
                    self.rows(vector, grid)?;
                }
                Vec::new()
            }
            Function::LabelReplace => relabel::replace(self, arguments, grid)?,
            Function::LabelJoin => relabel::join(self, arguments, grid)?,
            _ => instant::eval(self, function, arguments, grid)?,
        };
        Ok(Output::Rows(rows))
    }

    /// The moment that a shift makes of a step.
    pub(super) fn moment(&self, shift: Shift, step: i64) -> i64 {
        let base = match shift.at {
            None => step,
            Some(At::Start) => self.start,
            Some(At::End) => self.end,
            Some(At::Moment(moment)) => moment,
        };
        base.saturating_sub(shift.offset_ms)
    }

    /// An instant selector at all steps; with `stamps` the samples' times (seconds) stand for their values.
    pub(super) fn select(&self, select: &Select, grid: Grid, stamps: bool) -> Result<Vec<Row>, QueryError> {
        let from = self.moment(select.shift, grid.start).saturating_sub(LOOKBACK_MS);
        let to = self.moment(select.shift, grid.last());
        let series = self.load(&select.matchers, from, to)?;
        self.budget.hold(series.len().saturating_mul(grid.count))?;
        let mut rows = Vec::with_capacity(series.len());
        for Series { labels, points } in series {
            let mut row = Row::nothing(labels, grid.count);
            let mut next = 0;
            for (value, step) in row.values.iter_mut().zip(grid.times()) {
                let moment = self.moment(select.shift, step);
                while points.get(next).is_some_and(|point| point.t <= moment) {
                    next += 1;
                }
                let Some(point) = next.checked_sub(1).and_then(|at| points.get(at)) else { continue };
                if point.t >= moment.saturating_sub(LOOKBACK_MS) && !is_stale(point.v) {
                    *value = if stamps { point.t as f64 / 1000.0 } else { point.v };
                }
            }
            if !row.is_empty() {
                rows.push(row);
            }
        }
        Ok(rows)
    }

    /// First and last moment of a window at a step, both included.
    pub(super) fn bounds(&self, window: &Window, step: i64) -> (i64, i64) {
        let end = self.moment(window.shift, step);
        (end.saturating_sub(window.range_ms), end)
    }

    /// All samples that the windows of all steps hold, without staleness markers.
    pub(super) fn samples(&self, window: &Window, grid: Grid) -> Result<Vec<Samples>, QueryError> {
        let (from, _) = self.bounds(window, grid.start);
        let (_, to) = self.bounds(window, grid.last());
        match &window.source {
            Source::Samples(matchers) => {
                let series = self.load(matchers, from, to)?;
                Ok(series
                    .into_iter()
                    .filter_map(|Series { labels, mut points }| {
                        points.retain(|point| !is_stale(point.v));
                        (!points.is_empty()).then_some(Samples { labels, points })
                    })
                    .collect())
            }
            Source::Subquery(inner, step) => {
                // The first multiple of the step that is not before the range.
                let mut start = step.saturating_mul(from / step);
                if start < from {
                    start = start.saturating_add(*step);
                }
                let inner_grid = Grid::range(start, to, *step);
                if inner_grid.count == 0 {
                    return Ok(Vec::new());
                }
                self.budget.hold(inner_grid.count)?;
                let rows = match self.eval(inner, inner_grid)? {
                    Output::Rows(rows) => rows,
                    Output::Scalar(_) | Output::Text(_) => return Err(wrong_type(Kind::Vector)),
                };
                Ok(rows
                    .into_iter()
                    .map(|row| Samples { points: inner_grid.points(&row.values), labels: row.labels })
                    .filter(|samples| !samples.points.is_empty())
                    .collect())
            }
        }
    }

    /// A range that is the whole query: its samples as they are.
    pub(super) fn window_as_is(&self, window: &Window, grid: Grid) -> Result<Vec<Series>, QueryError> {
        let samples = self.samples(window, grid)?;
        Ok(samples.into_iter().map(|Samples { labels, points }| Series { labels, points }).collect())
    }

    /// What the data has between two moments, both included, in pieces of a bounded span.
    fn load(&self, matchers: &[Matcher], from: i64, to: i64) -> Result<Vec<Series>, QueryError> {
        let mut all: Vec<Series> = Vec::new();
        let mut places: HashMap<Labels, usize> = HashMap::new();
        let mut at = from;
        loop {
            let until = at.saturating_add(SPAN_MS).min(to);
            let piece = self.data.series(matchers, at, until);
            self.budget.hold(piece.iter().map(|series| series.points.len()).sum())?;
            if at == from && until == to {
                return Ok(piece);
            }
            for series in piece {
                match places.get(&series.labels) {
                    Some(place) => all[*place].points.extend(series.points),
                    None => {
                        places.insert(series.labels.clone(), all.len());
                        all.push(series);
                    }
                }
            }
            if until >= to {
                return Ok(all);
            }
            at = until.saturating_add(1);
        }
    }
}

/// Types were checked before; this is what is said should a check be missing.
pub(super) fn wrong_type(wanted: Kind) -> QueryError {
    QueryError::BadData(format!("expected type {wanted}"))
}

/// Rows of a function that forgets the metric's name.
pub(super) fn without_names(mut rows: Vec<Row>) -> Result<Vec<Row>, QueryError> {
    for row in &mut rows {
        row.labels = nameless(&row.labels);
    }
    merged(rows)
}

/// Steps at which at least one row has a value.
pub(super) fn any_there(rows: &[Row], steps: usize) -> Vec<bool> {
    let mut any = vec![false; steps];
    for row in rows {
        for (any, value) in any.iter_mut().zip(&row.values) {
            *any |= is_there(*value);
        }
    }
    any
}
