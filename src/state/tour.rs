//! The guided tour: which steps there are, where each leads, and on which one the person is.

use super::{BoxKind, State, View, layout};
use crate::command::CommandId;
use crate::model::Window;

/// Lines of the card at the bottom of the screen, frame included.
pub const CARD_LINES: u16 = 5;

/// Where a step takes the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The first page.
    FirstPage,
    /// The first page, on its list of what needs somebody.
    NeedsSomebody,
    /// The worst alert there is.
    WorstAlert,
    /// A page of the pack, by id.
    Page(&'static str),
    /// The page of the department that is worst off.
    Department,
    /// The list of alerts, filtered by the severity of the worst.
    Filtered,
    /// The first page, before the fault began.
    Before,
    /// The sources.
    Sources,
}

/// One step. Its words stand in the text table, at the same place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Where it leads.
    pub stop: Stop,
    /// The command that leads there without the tour.
    pub own: Option<CommandId>,
}

const fn step(stop: Stop, own: CommandId) -> Step {
    Step { stop, own: Some(own) }
}

/// The steps in their order.
pub const STEPS: [Step; 10] = [
    step(Stop::FirstPage, CommandId::Overview),
    Step { stop: Stop::NeedsSomebody, own: None },
    step(Stop::WorstAlert, CommandId::Open),
    step(Stop::Page("hardware"), CommandId::Hardware),
    step(Stop::Page("models"), CommandId::Models),
    step(Stop::Department, CommandId::Department),
    step(Stop::Filtered, CommandId::Alerts),
    step(Stop::Before, CommandId::TimeBack),
    step(Stop::Sources, CommandId::Sources),
    Step { stop: Stop::FirstPage, own: None },
];

/// A tour that is on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tour {
    /// Index into [`STEPS`].
    pub at: usize,
    /// The steps that there were on arrival.
    pub there: Vec<usize>,
    /// The window that the step has set, and what it was before.
    pub window: Option<(Window, Window)>,
    /// The filter that the step has set, and what it was before.
    pub filter: Option<(String, String)>,
}

/// Whether a step has something to show in this pack and at this moment.
pub fn is_there(state: &State, step: Step) -> bool {
    let pack = &state.setup.pack;
    let has_page = |id: &str| pack.pages.iter().any(|page| page.id == id);
    match step.stop {
        Stop::FirstPage | Stop::Before => !pack.pages.is_empty(),
        Stop::NeedsSomebody => alert_box(state).is_some(),
        Stop::WorstAlert => worst(state).is_some(),
        Stop::Page(id) => has_page(id),
        Stop::Department => has_page("department") && !pack.departments.is_empty(),
        Stop::Filtered | Stop::Sources => true,
    }
}

/// The steps that are there, as indices into [`STEPS`].
pub fn there(state: &State) -> Vec<usize> {
    (0..STEPS.len()).filter(|at| is_there(state, STEPS[*at])).collect()
}

/// The first page of the pack.
pub fn first_page(state: &State) -> View {
    let id = state.setup.pack.pages.first().map_or("", |page| page.id.as_str());
    View::Page { id: id.into(), department: None }
}

/// Index of the first page's box of what needs somebody.
pub fn alert_box(state: &State) -> Option<usize> {
    let rows = layout::rows(state, &first_page(state));
    rows.into_iter().flat_map(|row| row.boxes).position(|one| matches!(one.kind, BoxKind::Alerts { .. }))
}

/// Index into the shown list of the worst alert that needs somebody.
pub fn worst(state: &State) -> Option<usize> {
    state.needing(None).first().copied()
}

/// The department with the worst alert of its own, else the first.
pub fn department(state: &State) -> usize {
    let list = state.shown_list();
    let own = |at: &usize| {
        let row = list.rows.get(*at)?;
        state.setup.pack.departments.iter().position(|one| *one.id == *row.department)
    };
    state.needing(None).iter().find_map(own).unwrap_or(0)
}
