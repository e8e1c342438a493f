//! Incidents, as data.

use super::{DetailVm, Level, PaneState};
use crate::model::Severity;

/// The list of incidents.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct IncidentsVm {
    /// How many of each.
    pub summary: String,
    /// Age and completeness.
    pub note: String,
    /// What the note says.
    pub state: PaneState,
    /// Who is on call, a level each; whether somebody is.
    pub on_call: Vec<(Level, String)>,
    /// Heads.
    pub heads: [String; 6],
    /// Rows.
    pub rows: Vec<IncidentRowVm>,
    /// Cursor.
    pub cursor: usize,
    /// The one under the cursor in full.
    pub detail: Vec<(String, String)>,
    /// What stands in place of an empty list.
    pub empty: Vec<String>,
}

/// One incident of the list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct IncidentRowVm {
    /// How bad.
    pub severity: Severity,
    /// Severity, clock, who, alerts, opened, title.
    pub cells: [String; 6],
    /// How its clock stands.
    pub level: Level,
    /// Whether it is not resolved.
    pub is_open: bool,
}

/// One incident.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RecordVm {
    /// What it is: who has it, its alerts, whether it was seen before.
    pub facts: DetailVm,
    /// What happened, the newest first.
    pub timeline: DetailVm,
}
