//! The incident that is looked at, the one that is suggested, and where in the view the person is.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Focus, State, axis};
use crate::explore::incident::{Found, Lane};
use crate::model::evidence::Period;
use crate::model::{Heard, Time};

/// What an investigation is to find out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inquiry {
    /// Its number: what an older one brings is dropped.
    pub number: u64,
    /// The window, where somebody chose one.
    pub window: Option<Period>,
    /// Whether nobody asked for it: then it is only suggested.
    pub suggestion: bool,
    /// Where the evidence comes from, in words.
    pub source: String,
    /// Whether its servers live in this program: their time and their memory are its own.
    pub embedded: bool,
}

/// What is known of incidents.
#[derive(Clone, Debug, Default)]
pub struct Incidents {
    /// The inquiry under way.
    pub asked: Option<Inquiry>,
    /// When it began.
    pub since: Option<Time>,
    /// What the servers have answered of it.
    pub heard: Vec<Heard>,
    /// The incident that the view shows.
    pub shown: Option<Arc<Found>>,
    /// The one that is suggested while alerts fire.
    pub suggested: Option<Arc<Found>>,
    /// Why the last inquiry brought nothing.
    pub fault: Option<String>,
    /// Inquiries so far.
    pub numbers: u64,
    /// The alerts that the last suggestion was about, by identity.
    pub about: BTreeSet<u64>,
    /// When the last suggestion was asked for.
    pub suggested_at: Option<Time>,
    /// Lanes that the person added.
    pub pinned: Vec<Lane>,
    /// Where in the view the person is.
    pub place: IncidentPlace,
}

/// Where in the incident view the person is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IncidentPlace {
    /// Which side has the keyboard.
    pub side: Side,
    /// Cursor among the rows of causes and evidence.
    pub cursor: usize,
    /// First of these in sight.
    pub offset: usize,
    /// Causes whose evidence is hidden.
    pub folded: BTreeSet<String>,
    /// Cursor among the lanes.
    pub lane: usize,
    /// First lane in sight.
    pub lane_offset: usize,
}

/// The two sides of the view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Side {
    /// Likely causes with their evidence.
    #[default]
    Causes,
    /// The signals on the time axis.
    Signals,
}

/// A row of the left side: a cause, what explains it, what says so, what to do about it; by index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CauseRow {
    /// A cause.
    Cause(usize),
    /// The causes that it follows from.
    Follows(usize),
    /// A piece of its evidence.
    Piece(usize, usize),
    /// Something to do about it.
    Advice(usize, usize),
    /// A playbook that does it.
    Playbook(usize, usize),
}

impl CauseRow {
    /// The cause that the row belongs to.
    pub fn cause(self) -> usize {
        match self {
            Self::Cause(at)
            | Self::Follows(at)
            | Self::Piece(at, _)
            | Self::Advice(at, _)
            | Self::Playbook(at, _) => at,
        }
    }
}

impl Incidents {
    /// The rows of the left side.
    pub fn rows(&self) -> Vec<CauseRow> {
        let Some(found) = &self.shown else { return Vec::new() };
        let mut rows = Vec::new();
        for (at, cause) in found.analysis.causes.iter().enumerate() {
            rows.push(CauseRow::Cause(at));
            if !self.place.folded.contains(&cause.component) {
                rows.extend((!cause.downstream_of.is_empty()).then_some(CauseRow::Follows(at)));
                rows.extend((0..cause.evidence.len()).map(|piece| CauseRow::Piece(at, piece)));
                rows.extend((0..cause.advice.len()).map(|one| CauseRow::Advice(at, one)));
                rows.extend((0..cause.playbooks.len()).map(|one| CauseRow::Playbook(at, one)));
            }
        }
        rows
    }

    /// The lanes: those the person added first.
    pub fn lanes(&self) -> impl Iterator<Item = &Lane> {
        self.pinned.iter().chain(self.shown.iter().flat_map(|found| &found.lanes))
    }
}

/// How the view divides a screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IncidentSplit {
    /// Whether both sides stand beside each other; else one of them is in sight.
    pub beside: bool,
    /// Lines of the body.
    pub height: u16,
    /// Columns of the causes.
    pub causes: u16,
    /// Lines under the axis that say what happened at the cursor.
    pub happened: u16,
    /// Lines of each lane.
    pub lane: u16,
    /// Lines under the causes that say the piece of evidence under the cursor in full.
    pub detail: u16,
}

/// Seconds after the end of its window for which an incident counts as one of now.
const GOES_ON_S: i64 = 30 * 60;

/// Lines of what happened that are kept whatever the lanes could use.
const LEAST: u16 = 6;

impl IncidentSplit {
    /// Columns from which on both sides fit.
    pub const BESIDE: u16 = 100;

    /// Of a body of this size, for so many lanes: where there is room for all of them at two lines each they have two.
    pub fn of(width: u16, height: u16, lanes: usize) -> Self {
        let beside = width >= Self::BESIDE;
        let happened = match height {
            0..=18 => 3,
            19..=25 => 5,
            26..=34 => 8,
            _ => 10,
        };
        let causes = if beside { (width * 2 / 5).min(64) } else { width };
        let detail = if height >= 28 { 6 } else { 4 };
        let split = Self { beside, height, causes, happened, lane: 1, detail };
        // A list of what happened gives up a few lines for that.
        let wide = (happened.min(LEAST)..=happened).rev().map(|happened| Self { happened, lane: 2, ..split });
        wide.into_iter().find(|wide| wide.lanes() >= lanes.max(1)).unwrap_or(split)
    }

    /// Lines that the lanes have: a frame, the line of the axis and its labels are not theirs.
    pub fn lanes(self) -> usize {
        usize::from(self.height.saturating_sub(2 + 2 + self.happened) / self.lane.max(1))
    }

    /// Lines that causes and evidence have.
    pub fn rows(self) -> usize {
        usize::from(self.height.saturating_sub(2 + self.detail))
    }
}

/// What is under the cursor: a component, around the moment at which it began to go wrong.
pub fn focused(state: &State) -> Focus {
    let incidents = &state.incidents;
    let Some(found) = &incidents.shown else { return Focus::default() };
    let component = match incidents.place.side {
        Side::Causes => {
            let row = incidents.rows().get(incidents.place.cursor).copied();
            row.and_then(|row| found.analysis.causes.get(row.cause())).map(|cause| cause.component.clone())
        }
        Side::Signals => incidents.lanes().nth(incidents.place.lane).map(|lane| lane.component.clone()),
    };
    let span = state.axis.cursor.map(|at| (at, at));
    Focus { service: component.filter(|name| !name.is_empty()), span, ..Focus::default() }
}

/// The cause that playbooks are asked for: the one under the cursor, the first where the signals have the keyboard; on a
/// page that of the suggestion under the focus.
pub fn treated(state: &State) -> Option<(Arc<Found>, usize)> {
    let incidents = &state.incidents;
    if *state.view() != super::View::Incident {
        let found = incidents.suggested.clone().filter(|_| is_suggested(state))?;
        return (!found.analysis.causes.is_empty()).then_some((found, 0));
    }
    let found = incidents.shown.clone()?;
    let at = match incidents.place.side {
        Side::Causes => incidents.rows().get(incidents.place.cursor).map_or(0, |row| row.cause()),
        Side::Signals => 0,
    };
    (at < found.analysis.causes.len()).then_some((found, at))
}

/// Whether the incident in sight is of now: what it needs is not over with its window.
pub fn goes_on(state: &State) -> bool {
    let shown = state.incidents.shown.as_ref().filter(|_| *state.view() == super::View::Incident);
    let recent = |found: &Arc<Found>| (state.now - found.window.end).num_seconds() <= GOES_ON_S;
    state.bundle.is_none() && shown.is_some_and(recent)
}

/// Whether the focused box of the page is the suggested incident.
pub fn is_suggested(state: &State) -> bool {
    let place = state.places.pages.get(state.view()).copied().unwrap_or_default();
    let mut boxes = state.rows().into_iter().flat_map(|row| row.boxes);
    boxes.nth(place.focus).is_some_and(|one| one.kind == super::BoxKind::Suggestion)
}

/// The split of the screen in sight. A line above tells of the incident.
pub fn split(state: &State) -> IncidentSplit {
    IncidentSplit::of(state.size.0, axis::body(state).saturating_sub(1), state.incidents.lanes().count())
}
