//! Samples and series. A missing sample is absent, never zero.

use serde::Serialize;

use super::{Labels, Time};

/// One sample of a series: `t` in milliseconds since the epoch, `v` as the server said it
/// (NaN and infinities included; a gap is the absence of a point).
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Point {
    /// Milliseconds since the Unix epoch.
    pub t: i64,
    /// Value.
    pub v: f64,
}

/// One element of an instant vector.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// Label set, with `__name__` where the server gave one.
    pub labels: Labels,
    /// Moment of the sample.
    pub at: Time,
    /// Value.
    pub value: f64,
}

/// One series of a range answer; points are sorted by time and on the query's step grid.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series {
    /// Label set.
    pub labels: Labels,
    /// Points in time order, without the missing ones.
    pub points: Vec<Point>,
}
