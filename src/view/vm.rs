//! The view-model: a whole screen as data.

mod acting;
mod axis;
mod demo;
mod incident;
mod incidents;
mod logs;
mod metrics;
mod overlay;
mod prompt;
mod traces;

use std::sync::Arc;

use serde::Serialize;

use crate::model::{AlertState, Sample, Series, Severity, Time, Unit};
pub use crate::pack::Level;
pub use crate::state::alert_list::AlertColumn;
pub use acting::{DialogFieldVm, DialogVm, SilenceRowVm, SilencesVm};
pub use axis::AxisVm;
pub use demo::{CardVm, FaultRowVm, FaultsVm};
pub use incident::*;
pub use incidents::{IncidentRowVm, IncidentsVm, RecordVm};
pub use logs::*;
pub use metrics::*;
pub use overlay::{Overlay, PaletteEntryVm, PaletteVm};
pub use prompt::{CompletionVm, QueryPromptVm};
pub use traces::*;

/// One screen.
#[derive(Clone, Debug, PartialEq)]
pub struct Screen {
    /// First line.
    pub header: Header,
    /// Everything between header and footer.
    pub body: Body,
    /// Last line.
    pub footer: Footer,
    /// Between body and footer: a step of the guided tour.
    pub card: Option<CardVm>,
    /// On top of the body.
    pub overlay: Option<Overlay>,
}

/// The header line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Header {
    /// Program name.
    pub program: String,
    /// Context name, empty where there is only the one.
    pub context: String,
    /// Where the person is: `overview`, `departments › ICU`, …
    pub trail: Vec<String>,
    /// The sources' lamps.
    pub sources: Vec<Lamp>,
    /// `LIVE 1h` or `PAST 03:00–04:00`.
    pub window: String,
    /// Whether the window is live.
    pub live: bool,
    /// The clock with its zone.
    pub clock: String,
    /// Operator.
    pub operator: String,
    /// Text between everything else that must be seen: `READ ONLY`, `FROZEN`.
    pub badges: Vec<String>,
}

/// One source in the header.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Lamp {
    /// Short name.
    pub name: String,
    /// State.
    pub state: PaneState,
    /// `12ms`, `9s stale`, `refused`.
    pub note: String,
}

/// The state of a pane or of a source; each looks different, also without colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PaneState {
    /// Answered lately.
    Ready,
    /// Never answered yet, still asking.
    #[default]
    Loading,
    /// Answered once, not lately: what is shown is old.
    Stale,
    /// Never answered, and the last try failed.
    Failed,
    /// Answered, and the answer is empty.
    NoData,
    /// No such source is configured.
    Unconfigured,
}

impl PaneState {
    /// Name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Loading => "loading",
            Self::Stale => "stale",
            Self::Failed => "failed",
            Self::NoData => "no_data",
            Self::Unconfigured => "unconfigured",
        }
    }
}

/// The footer: a notice when there is one, else the hints.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Footer {
    /// Keys pressed so far of a longer sequence.
    pub pending: String,
    /// One line for the person: an error, "copied".
    pub notice: Option<(Level, String)>,
    /// Stands before the hints where there is something to know of the whole.
    pub lead: String,
    /// Key and what it does, most useful first; as many as fit are shown.
    pub hints: Vec<(String, String)>,
}

/// What fills the screen.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// A page of panels.
    Page(PageVm),
    /// The alert list, with the detail beside or under it when it is open.
    Alerts(AlertsVm),
    /// One alert in full.
    AlertDetail(DetailVm),
    /// The sources.
    Sources(SourcesVm),
    /// The silences.
    Silences(SilencesVm),
    /// The incidents.
    Incidents(IncidentsVm),
    /// One incident.
    Record(Box<RecordVm>),
    /// Log lines.
    Logs(Box<LogsVm>),
    /// A list of traces.
    Traces(Box<TracesVm>),
    /// One trace.
    Trace(Box<TraceVm>),
    /// Two traces side by side.
    Compare(Box<CompareVm>),
    /// Any series.
    Metrics(Box<MetricsVm>),
    /// The incident.
    Incident(Box<IncidentVm>),
}

/// A page of panels.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PageVm {
    /// Rows.
    pub rows: Vec<RowVm>,
    /// First line shown when the rows need more height than there is.
    pub scroll: u16,
    /// Index of the focused box, counted row by row.
    pub focus: Option<usize>,
}

/// A row of boxes.
#[derive(Clone, Debug, PartialEq)]
pub struct RowVm {
    /// Height in lines with borders; `None` shares the rest.
    pub height: Option<u16>,
    /// Lines that a row which shares the rest gets at least.
    pub min_height: u16,
    /// Boxes with their share of the width.
    pub boxes: Vec<(u16, BoxVm)>,
}

/// A framed box.
#[derive(Clone, Debug, PartialEq)]
pub struct BoxVm {
    /// Left title.
    pub title: String,
    /// Right title: age and completeness, `answered 2s ago`, `UNKNOWN: …`.
    pub note: String,
    /// What the note's colour says.
    pub state: PaneState,
    /// Worst level inside; a card's frame and word follow it.
    pub level: Level,
    /// `ok`, `degraded`, `critical`, `UNKNOWN`: a card's word; empty for a plain panel.
    pub word: String,
    /// Contents.
    pub content: Content,
}

/// What stands inside a box.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// One panel that fills the box.
    Pane(PaneVm),
    /// Panels under one another.
    Panes(Vec<PaneVm>),
    /// Alerts in short.
    Alerts(AlertTableVm),
    /// Lines of text, such as an explanation of an empty state.
    Text(Vec<String>),
}

/// One panel with its data. `values` and `series` are raw; the texts are the screen's rounding.
#[derive(Clone, Debug, PartialEq)]
pub struct PaneVm {
    /// `page.panel`, unique on the screen.
    pub id: String,
    /// Title.
    pub title: String,
    /// State.
    pub state: PaneState,
    /// Source that answered.
    pub source: String,
    /// Query as sent.
    pub query: String,
    /// Moment the query was evaluated at.
    pub evaluated_at: Option<Time>,
    /// Seconds since the answer.
    pub age_s: Option<i64>,
    /// Why there is nothing, or what is wrong with it; one line.
    pub message: String,
    /// Unit of the values.
    pub unit: Unit,
    /// Raw answer of the instant query, this panel's series only.
    pub values: Arc<[Sample]>,
    /// Level of each value, in the order of `values`.
    pub levels: Arc<[Level]>,
    /// Raw answer of the range query, this panel's series only.
    pub series: Arc<[Series]>,
    /// First and last moment of the trend, unix milliseconds, and its step: a gap is a missing point.
    pub span_ms: (i64, i64),
    /// Step of the trend in milliseconds.
    pub step_ms: i64,
    /// How it is drawn.
    pub draw: Draw,
}

/// How a panel is drawn; one item a series.
#[derive(Clone, Debug, PartialEq)]
pub enum Draw {
    /// Label, number, trend on a line each.
    Stat(Vec<Item>),
    /// Label, bar, number, trend.
    Gauge(Vec<Item>),
    /// Label and trend.
    Sparkline(Vec<Item>),
    /// Lines over time with axes and a legend.
    Chart {
        /// A line each.
        items: Vec<Item>,
        /// Smallest and largest value of the y axis.
        y: (f64, f64),
        /// Texts at the y axis, bottom to top.
        y_labels: Vec<String>,
        /// Texts at the x axis, left to right.
        x_labels: Vec<String>,
        /// Marks to draw across.
        marks: Vec<(f64, Level)>,
    },
    /// Columns and rows.
    Table {
        /// Heads.
        columns: Vec<String>,
        /// Cells with the row's level.
        rows: Vec<(Level, Vec<String>)>,
    },
    /// Label, bar, number; longest first.
    BarList(Vec<Item>),
}

/// One series of a panel, ready to draw.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Item {
    /// Its name; empty where the panel's title says it.
    pub label: String,
    /// The number, in the panel's unit.
    pub text: String,
    /// Level.
    pub level: Level,
    /// Word of a state metric, to stand beside the number.
    pub word: String,
    /// 0 to 1 for a bar; `None` draws an empty, unknown bar.
    pub ratio: Option<f64>,
    /// Index into the pane's `series`, where it has a trend.
    pub series: Option<usize>,
    /// Last, min, max and mean over the window, formatted; for a chart's legend.
    pub stats: Option<[String; 4]>,
}

/// A list of alerts: the visible part only.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AlertTableVm {
    /// Rows on screen.
    pub rows: Vec<AlertRowVm>,
    /// Index within `rows` of the cursor.
    pub cursor: Option<usize>,
    /// How many match the filter.
    pub matching: usize,
    /// How many there are in all.
    pub total: usize,
    /// Index of the first row among the matching.
    pub offset: usize,
    /// State of the list.
    pub state: PaneState,
    /// What stands in place of rows when there are none: "0 alerts (…)" or "UNKNOWN: …".
    pub empty: Vec<String>,
}

/// One line of an alert list: an alert, or the head of a group.
#[derive(Clone, Debug, PartialEq)]
pub enum AlertRowVm {
    /// Head of a group.
    Group {
        /// Label value that it groups by.
        title: String,
        /// Members.
        count: usize,
        /// Worst severity of its members.
        severity: Severity,
        /// Whether its members are hidden.
        folded: bool,
    },
    /// An alert.
    Alert(AlertLineVm),
}

/// An alert in one line.
#[derive(Clone, Debug, PartialEq)]
pub struct AlertLineVm {
    /// Fingerprint.
    pub fingerprint: Arc<str>,
    /// Severity.
    pub severity: Severity,
    /// The severity's word as the pack's label says it, upper case.
    pub severity_word: String,
    /// State.
    pub state: AlertState,
    /// `silenced`, `inhibited`, `pending`, `ack ana`, or empty.
    pub state_word: String,
    /// Until when an acknowledgement mutes, or empty.
    pub until: String,
    /// Alert name.
    pub name: String,
    /// Department title, or what stands for all.
    pub department: String,
    /// Component the alert is about, may be empty.
    pub component: String,
    /// Age, stepped.
    pub age: String,
    /// Response clock: `ack in 11m`, `late 4m`, or empty.
    pub clock: String,
    /// Level of the clock: `Warning` in its last quarter, `Critical` when late.
    pub clock_level: Level,
    /// One line of summary.
    pub summary: String,
    /// Chosen by multi-select.
    pub selected: bool,
}

/// The alert list as a view.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AlertsVm {
    /// Counts by severity and state: `3 critical · 1 silenced`.
    pub summary: String,
    /// Age and completeness.
    pub note: String,
    /// What the note says.
    pub state: PaneState,
    /// The dead-man's switch, when it needs words.
    pub watchdog: Option<(Level, String)>,
    /// Sort and group in words.
    pub order: String,
    /// Filter text; `None` when not filtering.
    pub filter: Option<FilterVm>,
    /// Column with the sort mark, by index in the list's columns.
    pub sort: AlertColumn,
    /// Whether the sort is reversed.
    pub reversed: bool,
    /// Rows.
    pub table: AlertTableVm,
}

/// The filter line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FilterVm {
    /// Text.
    pub text: String,
    /// Cursor in characters while it is edited.
    pub cursor: Option<usize>,
    /// What is wrong with it.
    pub error: Option<String>,
}

/// One alert in full: sections of lines, scrolled as one text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DetailVm {
    /// Head line.
    pub title: String,
    /// Severity.
    pub severity: Severity,
    /// Age and completeness.
    pub note: String,
    /// What the note says.
    pub state: PaneState,
    /// Sections.
    pub sections: Vec<SectionVm>,
    /// Trend of the rule's expression, where it is known.
    pub trend: Option<PaneVm>,
    /// Age and completeness of the trend.
    pub trend_note: String,
    /// First line shown.
    pub scroll: u16,
}

/// A titled part of the detail.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SectionVm {
    /// Title.
    pub title: String,
    /// Name and value pairs (labels), or lines with an empty name (text).
    pub lines: Vec<(String, String)>,
}

/// The sources' view.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SourcesVm {
    /// A row each.
    pub rows: Vec<SourceRowVm>,
    /// Cursor.
    pub cursor: usize,
    /// Detail lines of the row at the cursor.
    pub detail: Vec<(String, String)>,
    /// Scrape targets of Prometheus, worst first.
    pub targets: Vec<TargetRowVm>,
    /// Age and completeness of the targets.
    pub targets_note: String,
    /// State of the targets.
    pub targets_state: PaneState,
}

/// One source.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SourceRowVm {
    /// `prometheus`, `exposition/mac`.
    pub name: String,
    /// State.
    pub state: PaneState,
    /// Address without credentials.
    pub url: String,
    /// Version, where the server said it.
    pub version: String,
    /// Latency of the last answer.
    pub latency: String,
    /// Age of the last answer.
    pub age: String,
    /// Fault of the last try, or what the server says of itself.
    pub message: String,
}

/// One scrape target.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TargetRowVm {
    /// Job.
    pub job: String,
    /// Instance.
    pub instance: String,
    /// Health: up, down, unknown.
    pub health: String,
    /// Level of the health.
    pub level: Level,
    /// Age of the last scrape.
    pub last_scrape: String,
    /// Its last error.
    pub error: String,
}
