//! Acknowledging and silencing: opening the dialogs, what came of what was ordered, the way back.

mod dialog;
mod offers;
mod page;
mod reveal;
mod run;
mod silence;

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::TimeDelta;

use crate::command::CommandId;
use crate::message::Effect;
use crate::model::alert::SilenceState;
use crate::model::deed::{Acked, Held, How, Report, Wanted};
use crate::model::radius::Radius;
use crate::model::{Labels, Role, SourceId, duration};
use crate::pack::Level;
use crate::state::acting::{About, AckDialog, AckField, Dialog, Look, SOON, SilenceDialog, SilenceField};
use crate::state::{Overlay, Prompt, State, View};

pub(super) use dialog::Step;
pub use dialog::{command as dialog, typed};
pub use page::choose as choose_whom;
pub use run::ran;

/// Opens a dialog, or does what needs none; `None` where the command is about something else.
pub fn command(state: &mut State, id: CommandId) -> Option<Vec<Effect>> {
    let text = state.setup.text.acting;
    let acts = matches!(
        id,
        CommandId::Ack
            | CommandId::Unack
            | CommandId::Silence
            | CommandId::SilenceExtend
            | CommandId::SilenceExpire
            | CommandId::SilenceUndo
            | CommandId::Playbooks
            | CommandId::PageSomebody
            | CommandId::Reveal
    );
    // The window of the incident view stands still; what it is about may go on. So may an incident of the journal, which
    // knows no window.
    let recorded = matches!(state.view(), View::Incidents | View::Record(_));
    let goes_on = match id {
        CommandId::Playbooks => crate::state::incident::goes_on(state),
        CommandId::PageSomebody => recorded,
        // Lines and spans are of the past anyway.
        CommandId::Reveal => matches!(state.view(), View::Logs(_) | View::Trace(_)),
        _ => false,
    };
    if acts && !goes_on && !state.window.is_live() {
        state.notify(Level::Warning, text.only_live);
        return Some(Vec::new());
    }
    match id {
        CommandId::Ack => ack(state),
        CommandId::Unack => unack(state),
        CommandId::Silence => open_silence(state),
        CommandId::SilenceExtend | CommandId::SilenceExpire => on_silence(state, id),
        CommandId::SilenceUndo => return Some(undo(state)),
        CommandId::Playbooks => return Some(offers::open(state)),
        CommandId::PageSomebody => return Some(page::open(state)),
        CommandId::Reveal => reveal::open(state),
        CommandId::SilencesOver => {
            let place = &mut state.places.silences;
            place.over = !place.over;
            keep_in_list(state);
        }
        _ => return None,
    }
    Some(Vec::new())
}

fn open(state: &mut State, about: About) {
    state.overlay = Some(Overlay::Dialog(Box::new(Dialog { opened: state.now, about })));
}

fn ack(state: &mut State) {
    let text = state.setup.text.acting;
    let alerts: Vec<(Arc<str>, Labels)> = state
        .acted_on()
        .into_iter()
        // The console's own alarm, and what Prometheus has not delivered, is not at Alertmanager.
        .filter(|row| row.alert.fingerprint.len() == 16)
        .map(|row| (row.alert.fingerprint.clone(), row.alert.labels.clone()))
        .collect();
    if alerts.is_empty() {
        state.notify(Level::Warning, text.no_alert);
        return;
    }
    let hold = Prompt::with(&duration::format(i64::from(state.setup.ack_s)));
    let silence = state.has(&SourceId::ALERTMANAGER);
    open(
        state,
        About::Ack(AckDialog { alerts, why: Prompt::default(), hold, silence, field: AckField::default() }),
    );
}

fn unack(state: &mut State) {
    let text = state.setup.text.acting;
    let held = state.acting.held.as_ref().map_or(&[][..], |held| &held.acks[..]);
    let mine: BTreeSet<&Arc<str>> = held.iter().map(|ack| &ack.fingerprint).collect();
    let chosen: Vec<(Arc<str>, String)> = state
        .acted_on()
        .into_iter()
        .filter(|row| mine.contains(&row.alert.fingerprint))
        .map(|row| (row.alert.fingerprint.clone(), row.alert.name().to_owned()))
        .collect();
    let Some((_, name)) = chosen.first().cloned() else {
        state.notify(Level::Warning, text.not_acked);
        return;
    };
    open(state, About::Unack(chosen.into_iter().map(|(fingerprint, _)| fingerprint).collect(), name));
}

/// The dialog of a silence, filled with what the alert is told by.
fn open_silence(state: &mut State) {
    let pack = &state.setup.pack.alerting;
    let row = state.acted_on().into_iter().next();
    let mut names = vec!["alertname", pack.department_label.as_str()];
    names.extend(pack.component_labels.iter().map(String::as_str));
    let matchers: Vec<String> = row
        .iter()
        .flat_map(|row| names.iter().filter_map(|name| Some((*name, row.alert.labels.get(name)?))))
        .map(|(name, value)| format!("{name}={}", crate::model::labels::Quoted(value)))
        .collect();
    let home = row.map(|row| row.department.to_string()).filter(|home| !home.is_empty());
    let mut typed = matchers.join(" ");
    if !typed.is_empty() {
        typed.push(' ');
    }
    let dialog = SilenceDialog {
        matchers: Prompt::with(&typed),
        hold: Prompt::with("1h"),
        start: Prompt::default(),
        why: Prompt::default(),
        confirm: Prompt::default(),
        field: SilenceField::Matchers,
        chosen: None,
        look: Look::Not,
        home,
        wrong: None,
    };
    open(state, About::Silence(Box::new(dialog)));
}

fn on_silence(state: &mut State, id: CommandId) {
    let text = state.setup.text.acting;
    let chosen = state.silence_at_cursor().filter(|one| one.state != SilenceState::Expired).cloned();
    let Some(silence) = chosen else {
        state.notify(Level::Warning, text.no_silence);
        return;
    };
    let silence = Box::new(silence);
    let about = match id {
        CommandId::SilenceExtend => About::Extend(silence, Prompt::with("1h")),
        _ => About::Expire(silence),
    };
    open(state, about);
}

fn undo(state: &mut State) -> Vec<Effect> {
    let text = state.setup.text.acting;
    match state.acting.undo.pop() {
        Some(order) => vec![Effect::Act(order)],
        None => {
            state.notify(Level::Ok, text.nothing_to_undo);
            Vec::new()
        }
    }
}

/// The cursor of the list of silences stays in it.
pub fn keep_in_list(state: &mut State) {
    let last = state.silences().len().saturating_sub(1);
    let place = &mut state.places.silences;
    place.cursor = place.cursor.min(last);
}

/// What the journal says of acknowledgements, or why it says nothing.
pub fn held(state: &mut State, held: Result<Held, String>) -> Vec<Effect> {
    let before = state.acting.held.clone();
    match held {
        Ok(held) => {
            state.acting.journal = None;
            // Whoever is in the journal is no longer under way.
            state.acting.under_way.retain(|one| !held.acks.iter().any(|ack| ack.fingerprint == *one));
            state.acting.held = Some(held);
        }
        Err(why) => {
            // Whoever only looks records nothing anyway.
            if state.acting.journal.as_ref() != Some(&why) && state.setup.role >= Role::Responder {
                let words = (state.setup.text.acting.journal_notice)(&why);
                state.notify(Level::Critical, words);
            }
            state.acting.journal = Some(why);
        }
    }
    if before == state.acting.held { Vec::new() } else { super::answers::rejoin_when_free(state) }
}

/// What came of an order.
pub fn reported(state: &mut State, report: Report) -> Vec<Effect> {
    let text = state.setup.text.acting;
    match report {
        Report::Acked(acked) => return acknowledged(state, &acked),
        Report::Unacked(count, trouble) => {
            let level = if trouble.is_some() { Level::Warning } else { Level::Ok };
            state.notify(level, (text.unacked_notice)(count, trouble.as_deref()));
        }
        Report::Looked(number, radius) => {
            looked(state, number, radius);
            return Vec::new();
        }
        Report::Stands(standing, undo) => {
            // What was there already was not made by this, so nothing is to be taken back.
            if !matches!(standing.how, How::Found | How::Unchanged) {
                state.acting.remember(*undo);
            }
            let until = state.near(standing.ends_at);
            state.notify(Level::Ok, (text.stands_notice)(&until));
        }
        Report::Ended(_, undo) => {
            state.acting.remember(*undo);
            state.notify(Level::Ok, text.ended_notice);
        }
        Report::Incident(incident, is_new) => super::incidents::done(state, &incident, is_new),
        Report::Offers(subject, found, runs) => {
            offers::came(state, &subject, found, runs);
            return Vec::new();
        }
        Report::Begun(id, words, new) => {
            state.notify(if new { Level::Ok } else { Level::Warning }, words);
            run::begun(state, id);
        }
        Report::Told(words) => state.notify(Level::Ok, words),
        Report::Reach(reach) => {
            page::came(state, *reach);
            return Vec::new();
        }
        Report::Paged(paged) => {
            page::stands(state, *paged);
            return Vec::new();
        }
        Report::Revealed(order, raw, until) => {
            reveal::came(state, &order, raw, until);
            return Vec::new();
        }
        Report::Refused(why) => {
            state.acting.under_way.clear();
            reveal::refused(state);
            page::refused(state);
            state.notify(Level::Critical, (text.refused_notice)(&why));
        }
    }
    vec![Effect::Refresh]
}

fn acknowledged(state: &mut State, acked: &Acked) -> Vec<Effect> {
    let text = state.setup.text.acting;
    state.acting.under_way.clear();
    state.places.alerts.selected.clear();
    if let Some((name, who)) = acked.taken.first() {
        state.notify(Level::Warning, (text.taken_notice)(name, who, acked.taken.len() - 1));
    } else {
        let level = if acked.trouble.is_some() { Level::Warning } else { Level::Ok };
        let words = (text.acked_notice)(acked.recorded, acked.silenced, acked.trouble.as_deref());
        state.notify(level, words);
    }
    vec![Effect::Refresh]
}

/// What a silence mutes has come: it belongs to the dialog that asked, if that is still there.
fn looked(state: &mut State, number: u64, radius: Box<Radius>) {
    if let Some(Overlay::Dialog(dialog)) = &mut state.overlay
        && let About::Silence(silence) = &mut dialog.about
        && silence.look == Look::Under(number)
    {
        silence.look = Look::Seen(radius);
    }
}

/// A silence under which something fires ends soon: the person is told once.
pub fn ending(state: &mut State) {
    if !state.window.is_live() {
        return;
    }
    let soon = |state: &State| {
        let now = state.now;
        let all = state.store.silences.value()?;
        let near = all.iter().filter(|one| {
            one.state == SilenceState::Active
                && one.ends_at > now
                && one.ends_at - now <= SOON
                // A lease is extended; whoever looks after it needs no warning.
                && !one.comment.starts_with("ACK!")
                && !state.acting.told.contains(&one.id)
        });
        near.map(|one| (one, state.under(one).0)).find(|(_, count)| *count > 0).map(|(one, count)| {
            let at = state.near(one.ends_at);
            (one.id.clone(), (state.setup.text.acting.soon)(&at, &one.comment, count))
        })
    };
    if let Some((id, words)) = soon(state) {
        state.acting.told.insert(id);
        state.notify(Level::Warning, words);
    }
}

/// A silence of Alertmanager as what it was made of.
pub(super) fn as_wanted(silence: &crate::model::Silence) -> Wanted {
    Wanted {
        // The client takes them from Alertmanager itself.
        matchers: Vec::new(),
        starts_at: silence.starts_at,
        ends_at: silence.ends_at,
        created_by: silence.created_by.to_string(),
        comment: silence.comment.to_string(),
    }
}

/// Moves the cursor in the list of silences.
pub fn move_cursor(state: &mut State, id: CommandId) {
    let count = state.silences().len();
    let page = usize::from(state.size.1 / 2).max(1);
    let at = state.places.silences.cursor;
    let last = count.saturating_sub(1);
    state.places.silences.cursor = match id {
        CommandId::Up => at.saturating_sub(1),
        CommandId::Down => (at + 1).min(last),
        CommandId::PageUp => at.saturating_sub(page),
        CommandId::PageDown => (at + page).min(last),
        CommandId::Top => 0,
        CommandId::Bottom => last,
        _ => at,
    };
}

/// Whether the view in sight is the list of silences.
pub fn is_listed(state: &State) -> bool {
    *state.view() == View::Silences
}

/// From now for so many seconds.
fn after(state: &State, seconds: u32) -> crate::model::Time {
    state.now + TimeDelta::seconds(i64::from(seconds))
}
