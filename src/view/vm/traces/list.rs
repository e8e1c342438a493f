//! A list of traces.

use super::super::{AxisVm, PaneState, PaneVm};

/// A column that a list of traces is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TraceColumn {
    /// Start.
    #[default]
    Start,
    /// Duration.
    Duration,
    /// Spans.
    Spans,
    /// Errors.
    Errors,
}

/// A list of traces as data.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TracesVm {
    /// The query as it is shown.
    pub query: String,
    /// What it is called, where the pack has a name for it.
    pub title: String,
    /// Age and completeness: `200 of more`.
    pub note: String,
    /// State of the answer.
    pub state: PaneState,
    /// What stands in place of traces when there are none.
    pub message: Vec<String>,
    /// What has to be known of the list: personal data, the marked trace.
    pub below: String,
    /// Traces over time.
    pub axis: AxisVm,
    /// Traces by duration.
    pub durations: DurationsVm,
    /// Column with the sort mark.
    pub sort: TraceColumn,
    /// Whether the order is reversed.
    pub reversed: bool,
    /// Traces in sight.
    pub rows: Vec<TraceRowVm>,
    /// Index within `rows` of the cursor.
    pub cursor: Option<usize>,
    /// Index of the first line among all.
    pub offset: usize,
    /// Lines in all.
    pub lines: usize,
    /// Series in place of traces, for a query that counts.
    pub chart: Option<PaneVm>,
}

/// One trace in its line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TraceRowVm {
    /// The line that loads more, in words; the rest is then empty.
    pub more: String,
    /// Whether others are compared with it.
    pub marked: bool,
    /// Start.
    pub start: String,
    /// Service of the root.
    pub service: String,
    /// Operation of the root.
    pub name: String,
    /// Duration.
    pub duration: String,
    /// Duration as a share of the longest in the list.
    pub share: f64,
    /// Spans.
    pub spans: String,
    /// Errors; empty without.
    pub errors: String,
    /// How many services.
    pub services: String,
    /// What the query selected, or which services.
    pub about: String,
}

/// Counts by duration.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DurationsVm {
    /// Steps from short to long: where each begins, how many are fine, how many have errors.
    pub steps: Vec<(String, usize, usize)>,
    /// Where the last one ends.
    pub end: String,
    /// Median and the like in words.
    pub note: String,
}

/// How the place of a list is divided, top to bottom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListSplit {
    /// Lines of the charts with their frames.
    pub charts: u16,
    /// Lines of the list with its frame.
    pub list: u16,
}

impl ListSplit {
    /// Divides so many lines; the query has one of them.
    pub fn of(height: u16) -> Self {
        let rest = height.saturating_sub(1);
        let charts = match rest {
            0..14 => 0,
            14..30 => 7,
            _ => 10,
        };
        Self { charts, list: rest - charts }
    }

    /// Traces that fit: without frame and heads.
    pub fn rows(self) -> usize {
        usize::from(self.list.saturating_sub(3))
    }
}
