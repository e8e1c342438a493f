//! A time axis: what happened when, the cursor, the brushed piece. Every explorer draws it the same way.

use super::{Level, PaneState};

/// Counts over time, a column for each step.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AxisVm {
    /// What it counts: `lines`, `traces`.
    pub title: String,
    /// State of its answer.
    pub state: PaneState,
    /// Why there is nothing, or what is wrong with it.
    pub message: String,
    /// First and last moment, unix milliseconds.
    pub span_ms: (i64, i64),
    /// Length of a step, milliseconds.
    pub step_ms: i64,
    /// What each layer counts, worst first: a name and its level.
    pub layers: Vec<(String, Level)>,
    /// Columns: the start of each in unix milliseconds, a number for each layer. A column that is missing is a gap.
    pub columns: Vec<(i64, Vec<f64>)>,
    /// The cursor, unix milliseconds.
    pub cursor: Option<i64>,
    /// The brushed piece, unix milliseconds, in order.
    pub brush: Option<(i64, i64)>,
    /// Texts under it, left to right.
    pub labels: Vec<String>,
    /// What stands at the cursor, in words.
    pub note: String,
}
