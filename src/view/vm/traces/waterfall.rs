//! One trace: its waterfall, the span under the cursor, its services.

use super::super::{Level, PaneState};

/// One trace as data.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TraceVm {
    /// What the trace is: service and operation of its root.
    pub title: String,
    /// Facts about the whole, most telling first: `1.88s`, `34 spans`, …
    pub facts: Vec<(Level, String)>,
    /// Age of the answer, or what is wrong with it.
    pub note: String,
    /// State of the answer.
    pub state: PaneState,
    /// What stands in place of spans when there are none.
    pub message: Vec<String>,
    /// What has to be known before any of it is believed: partial, parents missing, clocks, personal data.
    pub findings: Vec<(Level, String)>,
    /// Marks of the time ruler: share of the width, text.
    pub ruler: Vec<(f64, String)>,
    /// The services by number, with their names.
    pub legend: Vec<(usize, String)>,
    /// How many spans are above the deepest one.
    pub deepest: u32,
    /// Spans in sight.
    pub rows: Vec<SpanRowVm>,
    /// Index within `rows` of the cursor.
    pub cursor: Option<usize>,
    /// Index of the first row among those that are not hidden.
    pub offset: usize,
    /// Rows that are not hidden.
    pub shown: usize,
    /// Spans in all.
    pub total: usize,
    /// What is left out or searched for: `critical path only`, `3 of 17 with “x”`.
    pub mode: String,
    /// The span under the cursor.
    pub detail: SpanDetailVm,
    /// The services in place of the spans.
    pub services: Option<ServicesVm>,
}

/// One span in its line.
#[derive(Clone, Debug, Default, PartialEq)]
#[allow(clippy::struct_excessive_bools)] // each is a mark of its own
pub struct SpanRowVm {
    /// How many spans are above it.
    pub depth: u32,
    /// Whether what is below it is hidden; `None` where there is nothing below.
    pub folded: Option<bool>,
    /// Spans that are hidden below it.
    pub hidden: usize,
    /// Number of its service: what tells it from others by colour and mark.
    pub service: usize,
    /// Name of the service; empty where it is that of the line above it in the tree.
    pub service_name: String,
    /// Operation.
    pub name: String,
    /// Start and end as shares of the trace.
    pub bar: (f64, f64),
    /// Pieces in which none of its children was at work, as shares of the trace.
    pub own: Vec<(f64, f64)>,
    /// Pieces of the critical path, as shares of the trace.
    pub path: Vec<(f64, f64)>,
    /// Where it would stand if its clock agreed with its parent's, where it does not.
    pub shifted: Option<(f64, f64)>,
    /// Duration.
    pub duration: String,
    /// Own time.
    pub own_time: String,
    /// Whether the critical path leads through it.
    pub critical: bool,
    /// Whether it ended with an error.
    pub error: bool,
    /// Whether something hidden below it did.
    pub error_below: bool,
    /// What is odd about it, in a word: `parent missing`, `clock off`.
    pub odd: String,
    /// Whether it has what is searched for.
    pub found: bool,
}

/// Everything about one span, as one text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SpanDetailVm {
    /// Operation.
    pub title: String,
    /// Number of its service.
    pub service: usize,
    /// Lines.
    pub lines: Vec<FactVm>,
    /// The line under the cursor, while the detail has the focus.
    pub cursor: Option<usize>,
}

/// A line of a span's detail.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FactVm {
    /// Name; of a heading its title.
    pub name: String,
    /// Value, which may be wrapped; empty for a heading.
    pub value: String,
    /// How bad it is.
    pub level: Level,
    /// Whether it begins a part.
    pub heading: bool,
    /// Whether Enter leads from it to another trace.
    pub leads: bool,
}

/// What each service did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ServicesVm {
    /// Heads of the columns: service, spans, errors, own time, critical path.
    pub heads: [String; 5],
    /// A line each, the longest own time first.
    pub rows: Vec<ServiceRowVm>,
    /// Cursor.
    pub cursor: usize,
    /// What the figures mean.
    pub legend: String,
}

/// One service.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ServiceRowVm {
    /// Its number.
    pub service: usize,
    /// Name.
    pub name: String,
    /// Spans.
    pub spans: String,
    /// Errors; empty without.
    pub errors: String,
    /// Own time.
    pub own: String,
    /// Own time as a share of the trace, cut at 1.
    pub own_share: f64,
    /// The same as a text.
    pub own_percent: String,
    /// Time on the critical path.
    pub critical: String,
    /// That as a share of the root.
    pub critical_share: f64,
    /// The same as a text.
    pub critical_percent: String,
}

/// How the place of a trace is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Split {
    /// Whether the detail stands beside the waterfall, rather than under it.
    pub beside: bool,
    /// Cells of the waterfall with its frame, across.
    pub width: u16,
    /// Lines of the waterfall with its frame.
    pub height: u16,
}

impl Split {
    /// Columns from which on the detail stands beside the waterfall.
    pub const BESIDE: u16 = 110;

    /// Divides `width` × `height` cells; whatever has the focus gets more of a small screen.
    pub fn of(width: u16, height: u16, detail_focused: bool) -> Self {
        if width >= Self::BESIDE {
            let detail = (width / 3).clamp(38, 64);
            return Self { beside: true, width: width - detail, height };
        }
        let detail = if detail_focused { height * 3 / 5 } else { height * 2 / 5 };
        Self { beside: false, width, height: height - detail.clamp(4.min(height), height) }
    }

    /// Spans that fit: without frame and ruler.
    pub fn rows(self) -> usize {
        usize::from(self.height.saturating_sub(3))
    }
}
