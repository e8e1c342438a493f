//! What happens → a changed state and what is to be done about it.
//!
//! Owns every decision of the console. Pure: it never awaits, never reads a clock, never does I/O;
//! the moment comes with the call, the rest in the message.

pub mod acting;
pub mod alerts;
pub mod answers;
pub mod axis;
pub mod beside;
pub mod compare;
pub mod find;
pub mod incident;
pub mod incidents;
pub mod keys;
pub mod links;
pub mod logs;
pub mod metrics;
pub mod mouse;
pub mod move_cursor;
pub mod overlays;
pub mod prompt;
pub mod time;
pub mod tour;
pub mod trace;
pub mod traces;
pub mod views;
pub mod windows;

use crate::command::CommandId;
use crate::message::{Effect, Msg};
use crate::model::Time;
use crate::pack::Level;
use crate::state::{Held, State, View};

/// Handles one message at the moment `now`.
pub fn update(state: &mut State, now: Time, msg: Msg) -> Vec<Effect> {
    state.now = now;
    if state.notice.as_ref().is_some_and(|notice| notice.until <= now) {
        state.notice = None;
    }
    match msg {
        Msg::Tick => answers::passing_time(state),
        Msg::Key(key) => keys::key(state, key),
        Msg::Paste(text) => overlays::paste(state, &text),
        Msg::Click(target) => mouse::click(state, &target),
        Msg::Scroll(lines, target) => mouse::scroll(state, lines, target.as_ref()),
        Msg::Command(id) => command(state, id),
        Msg::Resize(width, height) => {
            state.size = (width, height);
            move_cursor::keep_in_sight(state);
            Vec::new()
        }
        Msg::Answered { ask, epoch, at, outcome } => answers::answered(state, &ask, epoch, at, *outcome),
        Msg::Theme(Ok(name)) => {
            state.theme = name;
            Vec::new()
        }
        Msg::Theme(Err(why)) => {
            let text = (state.setup.text.view.notice.theme)(&why);
            state.notify(Level::Critical, text);
            Vec::new()
        }
        Msg::Drawn(extent) => {
            state.extent = extent;
            move_cursor::keep_scrolled(state);
            Vec::new()
        }
        Msg::Context(context) => time::switched(state, *context),
        Msg::Joined(joined) => beside::joined(state, *joined),
        Msg::JoinLost => beside::ended(state),
        Msg::Embedded(context) => {
            state.setup.sources = context.sources;
            Vec::new()
        }
        Msg::Heard { number, heard } => incident::heard(state, number, heard),
        Msg::Investigated { number, outcome } => incident::investigated(state, number, *outcome),
        Msg::Exported(outcome) => incident::exported(state, outcome),
        Msg::Tail(batch) => answers::tailed(state, *batch),
        Msg::Held(held) => acting::held(state, held),
        Msg::Acted(report) => acting::reported(state, *report),
        Msg::OnCall(duties) => {
            state.acting.on_call = duties;
            Vec::new()
        }
        Msg::Ran(outcome) => {
            acting::ran(state, *outcome);
            Vec::new()
        }
        Msg::Book(reading) => {
            incidents::read(state, *reading);
            Vec::new()
        }
        Msg::Faults(faults) => {
            overlays::faults_changed(state, faults);
            Vec::new()
        }
    }
}

/// Carries out a command where the person is.
pub fn command(state: &mut State, id: CommandId) -> Vec<Effect> {
    let text = state.setup.text.view;
    if !state.may(id) {
        let words = (text.notice.may_not)(id.command().title, state.setup.role.as_str());
        state.notify(Level::Warning, words);
        return Vec::new();
    }
    if state.overlay.is_some()
        && let Some(effects) = overlays::command(state, id)
    {
        return effects;
    }
    if let Some(effects) = acting::command(state, id).or_else(|| incidents::command(state, id)) {
        return effects;
    }
    if let Some(effects) = explorer(state, id) {
        return effects;
    }
    match id {
        CommandId::Quit => return vec![Effect::Quit],
        CommandId::Suspend => return vec![Effect::Suspend],
        CommandId::Redraw => return vec![Effect::Redraw],
        CommandId::Refresh => {
            state.notify(Level::Ok, text.notice.refreshed);
            return vec![Effect::Refresh];
        }
        CommandId::Utc => {
            state.utc = !state.utc;
            let zone = state.zone_name(state.now);
            state.notify(Level::Ok, (text.notice.zone)(&zone));
        }
        CommandId::Freeze => freeze(state),
        CommandId::TimeBack
        | CommandId::TimeForward
        | CommandId::TimeNow
        | CommandId::ZoomIn
        | CommandId::ZoomOut => {
            return time::command(state, id);
        }
        CommandId::Palette
        | CommandId::Help
        | CommandId::ChooseView
        | CommandId::SwitchContext
        | CommandId::SwitchTheme
        | CommandId::Faults => {
            overlays::open(state, id);
        }
        CommandId::Incident => return incident::open(state),
        CommandId::Tour | CommandId::TourNext | CommandId::TourBack | CommandId::TourEnd => {
            return tour::command(state, id);
        }
        CommandId::Back => {
            if let Some(demo) = &mut state.demo {
                demo.hint = false;
            }
            return views::back(state);
        }
        CommandId::Overview
        | CommandId::Alerts
        | CommandId::Department
        | CommandId::Hardware
        | CommandId::Models
        | CommandId::Sources
        | CommandId::Silences
        | CommandId::Incidents
        | CommandId::Logs
        | CommandId::Traces
        | CommandId::Metrics
        | CommandId::NextPage
        | CommandId::PreviousPage
        | CommandId::Open => views::command(state, id),
        CommandId::Up
        | CommandId::Down
        | CommandId::Left
        | CommandId::Right
        | CommandId::PageUp
        | CommandId::PageDown
        | CommandId::Top
        | CommandId::Bottom
        | CommandId::NextBox
        | CommandId::PreviousBox => move_cursor::command(state, id),
        CommandId::Copy | CommandId::Browse => return alerts::copy(state, id),
        CommandId::Filter
        | CommandId::Sort
        | CommandId::Reverse
        | CommandId::Group
        | CommandId::Select
        | CommandId::SelectAll
        | CommandId::Muted
        | CommandId::Pending => alerts::command(state, id),
        // What edits a text means nothing where there is none; what an explorer knows has been asked of it above.
        _ => {}
    }
    Vec::new()
}

fn freeze(state: &mut State) {
    let under_cursor = alerts::fingerprint_at_cursor(state);
    if state.held.take().is_some() {
        alerts::settle(state, under_cursor);
    } else {
        state.held =
            Some(Box::new(Held { store: state.store.clone(), now: state.now, list: state.list.clone() }));
        let text = state.setup.text.view.notice.frozen;
        state.notify(Level::Ok, text);
    }
}

/// What explorers, links and the time axis make of a command; `None` where it is none of theirs.
fn explorer(state: &mut State, id: CommandId) -> Option<Vec<Effect>> {
    let own = match state.view() {
        View::Logs(_) => logs::command(state, id).or_else(|| incident::command(state, id)),
        View::Traces(_) => traces::command(state, id).or_else(|| incident::command(state, id)),
        View::Trace(_) | View::Compare(..) => trace::command(state, id),
        View::Metrics(_) => metrics::command(state, id).or_else(|| incident::command(state, id)),
        View::Incident => incident::command(state, id),
        View::Page { .. } | View::Panel { .. } if id == CommandId::IncidentPin => {
            incident::command(state, id)
        }
        View::Page { .. } if id == CommandId::Open && crate::state::incident::is_suggested(state) => {
            Some(incident::open(state))
        }
        _ => None,
    };
    own.or_else(|| links::command(state, id))
        .or_else(|| axis::command(state, id))
        .or_else(|| prompt::opened(state, id))
        .or_else(|| find::opened(state, id))
}
