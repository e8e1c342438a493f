//! Two traces side by side.

use super::super::{Level, PaneState};

/// Two traces side by side as data.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CompareVm {
    /// What both are: service and operation of the root.
    pub title: String,
    /// The trace in question, and the one it is compared with.
    pub sides: [SideVm; 2],
    /// State of the answers, the worse of the two.
    pub state: PaneState,
    /// Their age, or what is wrong.
    pub note: String,
    /// What stands in place of spans when there are none.
    pub message: Vec<String>,
    /// Marks of the time ruler, the same for both: share of the width, text.
    pub ruler: Vec<(f64, String)>,
    /// Spans in sight.
    pub rows: Vec<CompareRowVm>,
    /// Index within `rows` of the cursor.
    pub cursor: Option<usize>,
    /// Index of the first row among those that are not hidden.
    pub offset: usize,
    /// Rows that are not hidden.
    pub shown: usize,
    /// How many spans are above the deepest one.
    pub deepest: u32,
    /// What is searched for.
    pub mode: String,
    /// What differs, the largest difference first.
    pub differences: Vec<DifferenceVm>,
    /// How many differences there are.
    pub differing: usize,
}

/// One of the two.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SideVm {
    /// Beginning of its id.
    pub id: String,
    /// Its duration, spans, errors.
    pub facts: Vec<(Level, String)>,
    /// Why this one.
    pub why: String,
}

/// Spans that are the same in both, in a line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CompareRowVm {
    /// How many are above.
    pub depth: u32,
    /// Whether what is below is hidden; `None` where there is nothing below.
    pub folded: Option<bool>,
    /// Number of the service.
    pub service: usize,
    /// Name of the service; empty where it is that of the line above it in the tree.
    pub service_name: String,
    /// Operation.
    pub name: String,
    /// What each trace has of it.
    pub sides: [Option<CompareBarVm>; 2],
    /// Own time that the trace in question has more or less.
    pub added: String,
    /// How bad that is.
    pub level: Level,
    /// Whether it has what is searched for.
    pub found: bool,
}

/// What one trace has of a line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CompareBarVm {
    /// Start and end as shares of the longer trace.
    pub bar: (f64, f64),
    /// Own time as a share of the bar.
    pub own: f64,
    /// Duration of all.
    pub duration: String,
    /// `×3`; empty for one.
    pub count: String,
    /// Whether any has an error.
    pub error: bool,
}

/// One difference.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DifferenceVm {
    /// Own time more or less.
    pub added: String,
    /// The same as a share of the largest.
    pub share: f64,
    /// Number of the service.
    pub service: usize,
    /// Operation.
    pub name: String,
    /// What is otherwise, in words.
    pub words: String,
    /// How bad it is.
    pub level: Level,
    /// Whether the cursor is on it.
    pub here: bool,
}

/// How the place of a comparison is divided, top to bottom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CompareSplit {
    /// Lines of the head: what both are, then each.
    pub head: u16,
    /// Lines of the tree with its frame.
    pub tree: u16,
    /// Lines of what differs with its frame.
    pub differences: u16,
}

impl CompareSplit {
    /// Divides so many lines.
    pub fn of(height: u16) -> Self {
        let head = 3.min(height);
        let rest = height - head;
        let differences = (rest / 3).clamp(5.min(rest), 12);
        Self { head, tree: rest - differences, differences }
    }

    /// Rows of the tree that fit: without frame and heads.
    pub fn rows(self) -> usize {
        usize::from(self.tree.saturating_sub(3))
    }
}
