//! Incidents: going to them, the dialogs about them, what the journal says of them.

use std::sync::Arc;

use super::acting::Step;
use super::views;
use crate::command::CommandId;
use crate::message::{Effect, Reading};
use crate::model::deed::Order;
use crate::model::records::{Deed, Incident, IncidentStatus, Origin};
use crate::model::{AlertState, Fault, FaultKind};
use crate::pack::Level;
use crate::privacy;
use crate::state::acting::{About, Dialog};
use crate::state::incidents::{Asked, IncidentDialog};
use crate::state::{Overlay, Prompt, State, View};
use crate::text::incidents::{EN as WORDS, Telling};

/// Carries out a command; `None` where it is about something else.
pub fn command(state: &mut State, id: CommandId) -> Option<Vec<Effect>> {
    match id {
        CommandId::IncidentOpen => open(state),
        CommandId::IncidentsOver => {
            let place = &mut state.places.incidents;
            place.over = !place.over;
            keep_in_list(state);
        }
        CommandId::IncidentTake
        | CommandId::IncidentNote
        | CommandId::IncidentAssign
        | CommandId::IncidentResolve => about_one(state, id),
        CommandId::Copy if matches!(state.view(), View::Record(_) | View::Incidents) => {
            return Some(copy(state));
        }
        _ => return None,
    }
    Some(Vec::new())
}

fn ask(state: &mut State, asked: Asked, text: Prompt) {
    let about = About::Incident(IncidentDialog { asked, text });
    state.overlay = Some(Overlay::Dialog(Box::new(Dialog { opened: state.now, about })));
}

/// The dialog of a new incident, of the selection or of what is under the cursor; in the list of incidents without alerts.
fn open(state: &mut State) {
    if !state.window.is_live() {
        state.notify(Level::Warning, state.setup.text.acting.only_live);
        return;
    }
    let listed = *state.view() == View::Incidents;
    let rows = if listed { Vec::new() } else { state.acted_on() };
    let alerts: Vec<Arc<str>> = rows
        .iter()
        .filter(|row| row.alert.state != AlertState::Pending)
        .map(|row| row.alert.fingerprint.clone())
        .collect();
    if alerts.is_empty() && !listed {
        state.notify(Level::Warning, WORDS.view.no_alert);
        return;
    }
    let worst = rows.iter().min_by_key(|row| (row.severity, row.alert.starts_at));
    let title = worst.map_or_else(String::new, |row| row.alert.name().to_owned());
    ask(state, Asked::Open(alerts), Prompt::with(&title));
}

fn about_one(state: &mut State, id: CommandId) {
    let Some(incident) = state.incident_at_cursor() else {
        state.notify(Level::Warning, WORDS.view.no_incident);
        return;
    };
    let (key, status) = (incident.id.clone(), incident.status);
    let resolved = status == IncidentStatus::Resolved;
    let assignee = incident.assignee.clone().unwrap_or_default();
    match id {
        CommandId::IncidentTake if status != IncidentStatus::Open => {
            let words = (WORDS.view.taken_already)(incident.acked_by.as_deref().unwrap_or(""));
            state.notify(Level::Warning, words);
        }
        CommandId::IncidentTake => ask(state, Asked::Take(key), Prompt::default()),
        CommandId::IncidentNote => ask(state, Asked::Note(key), Prompt::default()),
        CommandId::IncidentAssign => ask(state, Asked::Assign(key), Prompt::with(&assignee)),
        CommandId::IncidentResolve if resolved => ask(state, Asked::Reopen(key), Prompt::default()),
        _ => ask(state, Asked::Resolve(key), Prompt::default()),
    }
}

fn copy(state: &mut State) -> Vec<Effect> {
    let Some(dossier) = state.looked_up().and_then(|id| state.dossier(&id)) else {
        state.notify(Level::Warning, WORDS.view.no_incident);
        return Vec::new();
    };
    let zone = if state.utc { chrono_tz::Tz::UTC } else { state.setup.pack.zone };
    let telling = Telling { pack: &state.setup.pack, zone, now: state.now };
    let text = crate::text::incidents::summary(dossier, &telling);
    state.notify(Level::Ok, WORDS.view.copied);
    vec![Effect::Copy(text)]
}

/// A key in a dialog about an incident.
pub(super) fn dialog(state: &mut State, dialog: &mut IncidentDialog, id: CommandId) -> Step {
    if id != CommandId::Accept {
        if !matches!(dialog.asked, Asked::Take(_)) {
            dialog.text.edit(id);
        }
        return Step::Stay(Vec::new());
    }
    // What a person types is masked before anything keeps it.
    let text = privacy::safe_line(dialog.text.text.trim());
    let deed = match &dialog.asked {
        Asked::Open(alerts) => {
            let list = state.shown_list();
            let alerts: Vec<_> =
                alerts.iter().filter_map(|one| list.row(one)).map(|row| &*row.alert).collect();
            if alerts.is_empty() && text.is_empty() {
                state.notify(Level::Warning, WORDS.view.no_title);
                return Step::Stay(Vec::new());
            }
            Deed::Open(state.setup.pack.incident_of(&alerts, &text, Origin::Hand))
        }
        Asked::Take(id) => Deed::Take(id.clone()),
        Asked::Note(_) if text.is_empty() => {
            state.notify(Level::Warning, WORDS.view.empty_note);
            return Step::Stay(Vec::new());
        }
        Asked::Note(id) => Deed::Note(id.clone(), text),
        Asked::Assign(id) => Deed::Assign(id.clone(), Some(text).filter(|text| !text.is_empty())),
        Asked::Resolve(id) => Deed::Resolve(id.clone(), text),
        Asked::Reopen(id) => Deed::Reopen(id.clone(), text),
    };
    Step::Done(vec![Effect::Act(Order::Incident(Box::new(deed)))])
}

/// What came of a deed: a new incident is gone to.
pub fn done(state: &mut State, incident: &Incident, is_new: bool) {
    let words = (WORDS.view.done)(&incident.id, incident.status, is_new);
    state.notify(Level::Ok, words);
    if is_new {
        state.places.alerts.selected.clear();
        state.places.incidents.scroll = 0;
        views::go(state, View::Record(incident.id.clone()));
    }
}

/// What the journal says of incidents, or why it says nothing. That it is of no use was said with the first word of it.
pub fn read(state: &mut State, reading: Reading) {
    let now = state.now;
    match reading {
        Ok((book, dossier)) => {
            state.store.book.answer(Arc::new(book), now, Some(now), Vec::new());
            if let Some(dossier) = dossier {
                let mut remote = crate::store::Remote::default();
                let id = dossier.incident.id.clone();
                remote.answer(Arc::new(dossier), now, Some(now), Vec::new());
                state.store.dossier = Some((id, remote));
            }
            keep_in_list(state);
        }
        Err(why) => {
            let fault = Fault::new(FaultKind::Setup, why);
            if let Some((_, remote)) = &mut state.store.dossier {
                remote.fault(fault.clone(), now);
            }
            state.store.book.fault(fault, now);
        }
    }
}

fn keep_in_list(state: &mut State) {
    let last = state.incidents().len().saturating_sub(1);
    let place = &mut state.places.incidents;
    place.cursor = place.cursor.min(last);
}

/// Opens the incident under the cursor.
pub fn opened(state: &mut State) {
    if let Some(id) = state.incident_at_cursor().map(|incident| incident.id.clone()) {
        state.places.incidents.scroll = 0;
        views::go(state, View::Record(id));
    }
}

/// Moves the cursor of the list, or scrolls the one that is open.
pub fn move_cursor(state: &mut State, id: CommandId) {
    let listed = *state.view() == View::Incidents;
    let (at, last) = if listed {
        (state.places.incidents.cursor, state.incidents().len().saturating_sub(1))
    } else {
        (usize::from(state.places.incidents.scroll), usize::from(state.extent.most()))
    };
    let page = if listed { usize::from(state.size.1 / 2) } else { usize::from(state.extent.viewport) }.max(1);
    let next = match id {
        CommandId::Up => at.saturating_sub(1),
        CommandId::Down => at + 1,
        CommandId::PageUp => at.saturating_sub(page),
        CommandId::PageDown => at + page,
        CommandId::Top => 0,
        CommandId::Bottom => last,
        _ => at,
    }
    .min(last);
    if listed {
        state.places.incidents.cursor = next;
    } else {
        state.places.incidents.scroll = u16::try_from(next).unwrap_or(u16::MAX);
    }
}
