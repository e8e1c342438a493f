//! The log view.

use super::{AxisVm, Level, PaneState, PaneVm};
pub use crate::explore::lines::LogLevel;

/// The log view as data. Of its lines only those in sight are here.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LogsVm {
    /// Before the query: the language.
    pub language: String,
    /// The query as it is shown.
    pub query: String,
    /// What it reads, beside the query.
    pub cost: String,
    /// A chart instead of everything else: a query for numbers.
    pub chart: Option<Box<PaneVm>>,
    /// Lines of each level over the window.
    pub axis: AxisVm,
    /// Lines that the axis takes, its frame not counted.
    pub axis_lines: u16,
    /// Title of the lines.
    pub title: String,
    /// How many of how many, how they are ordered.
    pub subtitle: String,
    /// Age and completeness.
    pub note: String,
    /// State of the lines.
    pub state: PaneState,
    /// Worst of what is found in them.
    pub level: Level,
    /// What was found that must be known, above the lines.
    pub findings: Vec<String>,
    /// What stands in place of lines.
    pub message: Vec<String>,
    /// Under the lines, at the left: how they are shown, what is searched for.
    pub below: String,
    /// Cells of the moment.
    pub time_width: u16,
    /// Cells of the service; 0 where there is no such column.
    pub service_width: u16,
    /// Heads of columns with their widths and whether they are numbers; empty unless fields are columns.
    pub heads: Vec<(String, u16, bool)>,
    /// Lines in sight.
    pub rows: Vec<LogRowVm>,
    /// Index of the first of them among all.
    pub offset: usize,
    /// How many rows there are in all.
    pub total: usize,
    /// The row under the cursor, of those in sight.
    pub cursor: Option<usize>,
    /// Whether long lines are wrapped.
    pub wrap: bool,
    /// Cells that lines are scrolled to the right.
    pub shift: u16,
    /// Patterns instead of lines.
    pub patterns: Option<Vec<PatternRowVm>>,
}

/// What a piece of a line is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Text.
    #[default]
    Plain,
    /// What matters less: names of fields, fields after the message.
    Dim,
    /// What matters more: the name of a typed event.
    Strong,
    /// What is wrong.
    Bad,
}

/// A piece of a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// Text.
    pub text: String,
    /// What it is.
    pub tone: Tone,
    /// Whether it is what is searched for.
    pub hit: bool,
}

/// One row of the list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LogRowVm {
    /// Moment; empty for a row that is no line.
    pub time: String,
    /// Level.
    pub level: LogLevel,
    /// The level in four cells.
    pub mark: String,
    /// Service.
    pub service: String,
    /// The line, or the words of a gap.
    pub text: Vec<Span>,
    /// Values of the columns.
    pub cells: Vec<String>,
    /// Whether it is a stretch without lines.
    pub gap: bool,
    /// Whether its fields follow.
    pub open: bool,
    /// Its fields, when they are shown.
    pub fields: Vec<FieldVm>,
    /// The field under the cursor.
    pub field: Option<usize>,
}

/// One field of an expanded line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldVm {
    /// Where it comes from.
    pub origin: String,
    /// Name.
    pub name: String,
    /// Value.
    pub value: String,
    /// What else is known of it.
    pub note: String,
    /// What is wrong with it.
    pub problem: String,
}

/// One pattern.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PatternRowVm {
    /// How many lines, in words.
    pub count: String,
    /// Share of the most frequent one, 0 to 1.
    pub share: f64,
    /// Worst level.
    pub level: LogLevel,
    /// Level in four cells.
    pub mark: String,
    /// What the lines have in common.
    pub text: String,
}
