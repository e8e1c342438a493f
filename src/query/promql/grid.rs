//! The moments a query is evaluated at, and values at all of them.

use std::collections::HashMap;

use crate::model::{Labels, Point};
use crate::query::{STALE_NAN, is_stale};

use super::QueryError;

/// Evenly spaced moments.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grid {
    /// First moment, milliseconds since the epoch.
    pub start: i64,
    /// Distance, milliseconds; positive.
    pub step: i64,
    /// How many, at least one unless a subquery's range holds no aligned moment.
    pub count: usize,
}

impl Grid {
    pub(super) fn instant(at: i64) -> Self {
        Self { start: at, step: 1, count: 1 }
    }

    /// From `start` to `end`, both included where the step falls on them.
    pub(super) fn range(start: i64, end: i64, step: i64) -> Self {
        let count =
            if end < start { 0 } else { usize::try_from(end.saturating_sub(start) / step + 1).unwrap_or(0) };
        Self { start, step, count }
    }

    /// Only the first moment.
    pub(super) fn first(self) -> Self {
        Self::instant(self.start)
    }

    pub(super) fn at(self, index: usize) -> i64 {
        self.start.saturating_add(self.step.saturating_mul(index as i64))
    }

    pub(super) fn last(self) -> i64 {
        self.at(self.count.saturating_sub(1))
    }

    pub(super) fn times(self) -> impl Iterator<Item = i64> {
        (0..self.count).map(move |index| self.at(index))
    }

    /// The values that are there, with their moments.
    pub(super) fn points(self, values: &[f64]) -> Vec<Point> {
        let there = self.times().zip(values).filter(|(_, v)| is_there(**v));
        there.map(|(t, v)| Point { t, v: *v }).collect()
    }
}

/// Stands for "no value at this step". It is the staleness marker, which no selector lets through and
/// which no arithmetic makes: the result of an operation is never a signalling NaN.
pub(super) const NOTHING: f64 = f64::from_bits(STALE_NAN);

/// Whether there is a value.
pub(super) fn is_there(value: f64) -> bool {
    !is_stale(value)
}

/// One label set and its values at all steps.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub labels: Labels,
    /// As many as the grid has steps.
    pub values: Vec<f64>,
}

impl Row {
    pub(super) fn nothing(labels: Labels, steps: usize) -> Self {
        Self { labels, values: vec![NOTHING; steps] }
    }

    pub(super) fn is_empty(&self) -> bool {
        !self.values.iter().any(|v| is_there(*v))
    }

    /// Replaces every value that is there.
    pub(super) fn map(&mut self, f: impl Fn(f64) -> f64) {
        for value in &mut self.values {
            if is_there(*value) {
                *value = f(*value);
            }
        }
    }
}

/// The labels without the metric's name.
pub(super) fn nameless(labels: &Labels) -> Labels {
    if labels.get("__name__").is_none() { labels.clone() } else { labels.without(&["__name__"]) }
}

/// The error of a result in which a label set would occur twice.
pub(super) fn same_labels() -> QueryError {
    QueryError::Execution("vector cannot contain metrics with the same labelset".to_owned())
}

/// Joins rows of one label set that have values at different steps, as one series of a range answer;
/// at one step there may be only one of them. Rows without a value are left out.
pub(super) fn merged(rows: Vec<Row>) -> Result<Vec<Row>, QueryError> {
    let Some(steps) = rows.first().map(|row| row.values.len()) else { return Ok(rows) };
    let mut out = Rows::new(steps);
    for row in rows {
        if row.is_empty() {
            continue;
        }
        match out.places.get(&row.labels) {
            None => {
                out.places.insert(row.labels.clone(), out.list.len());
                out.list.push(row);
            }
            Some(place) => {
                for (kept, value) in out.list[*place].values.iter_mut().zip(row.values) {
                    if is_there(value) {
                        if is_there(*kept) {
                            return Err(same_labels());
                        }
                        *kept = value;
                    }
                }
            }
        }
    }
    Ok(out.list)
}

/// Leaves rows without a value out; two rows of one label set are an error, even at different steps
/// (what functions of ranges and the unary minus do in Prometheus).
pub(super) fn distinct(mut rows: Vec<Row>) -> Result<Vec<Row>, QueryError> {
    rows.retain(|row| !row.is_empty());
    let mut seen = std::collections::HashSet::with_capacity(rows.len());
    if rows.len() > 1 && !rows.iter().all(|row| seen.insert(&row.labels)) {
        return Err(same_labels());
    }
    Ok(rows)
}

/// Rows by label set, in the order in which they came.
pub(super) struct Rows {
    pub list: Vec<Row>,
    places: HashMap<Labels, usize>,
    steps: usize,
}

impl Rows {
    pub(super) fn new(steps: usize) -> Self {
        Self { list: Vec::new(), places: HashMap::new(), steps }
    }

    /// The place of the row with these labels, which is made if need be.
    pub(super) fn place(&mut self, labels: Labels) -> usize {
        let (rows, steps) = (&mut self.list, self.steps);
        *self.places.entry(labels).or_insert_with_key(|labels| {
            rows.push(Row::nothing(labels.clone(), steps));
            rows.len() - 1
        })
    }

    /// Puts a value; false when there is one already.
    pub(super) fn put(&mut self, place: usize, step: usize, value: f64) -> bool {
        let slot = &mut self.list[place].values[step];
        let free = !is_there(*slot);
        if free {
            *slot = value;
        }
        free
    }

    /// The rows that have a value.
    pub(super) fn into_rows(self) -> Vec<Row> {
        let mut rows = self.list;
        rows.retain(|row| !row.is_empty());
        rows
    }
}
