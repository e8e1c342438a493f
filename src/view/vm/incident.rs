//! The incident view as data.

use crate::model::Series;

use super::{AxisVm, Level, PaneState};
pub use crate::explore::incident::LaneKind;
pub use crate::state::incident::{IncidentSplit, Side};

/// The incident view.
#[derive(Clone, Debug, PartialEq)]
pub struct IncidentVm {
    /// Incident and window.
    pub title: String,
    /// Age and completeness.
    pub note: String,
    /// What the note says.
    pub state: PaneState,
    /// What the analysis says of the whole, in one line.
    pub verdict: (Level, String),
    /// What is missing, in one line.
    pub missing: String,
    /// What stands in place of causes where there are none.
    pub message: Vec<String>,
    /// Rows of causes and evidence in sight.
    pub rows: Vec<CauseRowVm>,
    /// Index within these of the cursor.
    pub cursor: Option<usize>,
    /// First of them, and how many there are.
    pub scroll: (usize, usize),
    /// What is under the cursor, in full.
    pub detail: String,
    /// Lanes in sight.
    pub lanes: Vec<LaneVm>,
    /// Index within these of the cursor.
    pub lane_cursor: Option<usize>,
    /// First of them, and how many there are.
    pub lane_scroll: (usize, usize),
    /// The time axis under them.
    pub axis: AxisVm,
    /// Stretches of calm time, unix milliseconds.
    pub calm: Vec<(i64, i64)>,
    /// The moment that the list below is about.
    pub moment: String,
    /// What happened there: when, what, how bad.
    pub happened: Vec<(Level, String, String)>,
    /// Which side has the keyboard.
    pub side: Side,
    /// How the screen is divided.
    pub split: IncidentSplit,
}

/// A row of the left side.
#[derive(Clone, Debug, PartialEq)]
pub enum CauseRowVm {
    /// A likely cause.
    Cause {
        /// `1`, `2`, …
        rank: String,
        /// Component.
        component: String,
        /// In which way.
        kind: String,
        /// `likely 0.86`.
        sureness: String,
        /// How loud that is.
        level: Level,
        /// Since when.
        onset: String,
        /// Whether its evidence is hidden.
        folded: bool,
    },
    /// A piece of its evidence.
    Piece {
        /// `metric`, `log`, …
        signal: String,
        /// With numbers.
        text: String,
        /// Since when.
        at: String,
    },
    /// What explains it, what to do about it.
    Word {
        /// What kind of word: `do`, the key of playbooks; empty where the text says it.
        mark: String,
        /// The word.
        text: String,
    },
}

/// A lane of the right side.
#[derive(Clone, Debug, PartialEq)]
pub struct LaneVm {
    /// What it shows.
    pub kind: LaneKind,
    /// Its name.
    pub title: String,
    /// Its value at the cursor.
    pub value: String,
    /// Values; a gap is a missing point.
    pub series: Series,
    /// Milliseconds between two.
    pub step_ms: i64,
    /// Stretches and moments, unix milliseconds.
    pub stretches: Vec<(i64, i64)>,
    /// Where it begins not to be as usual.
    pub onset: Option<i64>,
    /// Whether a likely cause rests on it.
    pub of_cause: bool,
    /// Whether the person added it.
    pub pinned: bool,
}
