//! The dialog of playbooks: what fits the alert under the cursor or the incident in sight, and running it.

use super::dialog::Step;
use crate::command::CommandId;
use crate::explore::incident::Found;
use crate::message::Effect;
use crate::model::Labels;
use crate::model::deed::{Order, Subject, Treated};
use crate::model::offer::Offer;
use crate::model::records::Run;
use crate::pack::Level;
use crate::state::acting::About;
use crate::state::incident::treated;
use crate::state::playbooks::{OffersDialog, RunDialog};
use crate::state::{Overlay, Prompt, State, View};
use crate::text::offers::EN as WORDS;

/// Lines that a page of steps is scrolled by.
const PAGE: usize = 5;

/// Opens it, and asks what fits.
pub(super) fn open(state: &mut State) -> Vec<Effect> {
    if let Some((found, at)) = treated(state) {
        return of_cause(state, &found, at);
    }
    let subject = if matches!(state.view(), View::Incidents | View::Record(_)) {
        state.incident_at_cursor().map(|one| Subject::Incident(one.id.clone(), one.title.clone()))
    } else {
        let row = state.acted_on().into_iter().next();
        row.map(|row| Subject::Alert(row.alert.fingerprint.clone(), row.alert.labels.clone()))
    };
    match subject {
        Some(subject) => look(state, subject),
        None => {
            let text = state.setup.text.acting.no_alert;
            state.notify(Level::Warning, text);
            Vec::new()
        }
    }
}

/// Asks what fits this.
pub(super) fn look(state: &mut State, subject: Subject) -> Vec<Effect> {
    super::open(state, About::Offers(Box::new(OffersDialog::new(subject.clone()))));
    vec![Effect::Act(Order::Offers(subject))]
}

/// The same for a likely cause: what its finding names, and what its own alert asks for. What follows from another cause
/// is treated there.
fn of_cause(state: &mut State, found: &Found, at: usize) -> Vec<Effect> {
    let words = state.setup.text.incident;
    let Some(cause) = found.analysis.causes.get(at) else { return Vec::new() };
    if let Some(first) = cause.downstream_of.first() {
        state.notify(Level::Ok, (words.treat_first)(first));
        return Vec::new();
    }
    let kind = (words.kind)(&cause.kind);
    let pack = state.setup.pack.clone();
    let is_its = |labels: &Labels| pack.signals.component(labels) == Some(cause.component.as_str());
    // The alert that fires now has an incident; of a past one only the evidence tells.
    let row = state.list.rows.iter().find(|row| is_its(&row.alert.labels));
    let past = found.evidence.alerts.iter().find(|alert| is_its(&alert.labels));
    let (fingerprint, labels) = match (row, past) {
        (Some(row), _) => (row.alert.fingerprint.clone(), row.alert.labels.clone()),
        (None, Some(alert)) => ("".into(), alert.labels.with("alertname", &alert.name)),
        (None, None) => ("".into(), Labels::new([("service", cause.component.as_str())])),
    };
    let why = (words.because)(&cause.component, kind);
    let named = cause.playbooks.iter().map(|name| (name.clone(), why.clone())).collect();
    let title = (words.treated)(&cause.component, kind).into();
    look(state, Subject::Cause(Box::new(Treated { title, fingerprint, labels, named })))
}

/// A command in it.
pub(super) fn command(state: &mut State, dialog: &mut OffersDialog, id: CommandId) -> Step {
    let count = dialog.count();
    let to = match id {
        CommandId::Accept => return accept(state, dialog),
        CommandId::Down | CommandId::DialogNext if count > 0 => (dialog.chosen + 1) % count,
        CommandId::Up | CommandId::DialogPrevious if count > 0 => (dialog.chosen + count - 1) % count,
        CommandId::PageDown => {
            // However long a step is in words, it has no more lines than this.
            let most = dialog.offer().map_or(0, |offer| offer.steps.len() * 4);
            dialog.scroll = (dialog.scroll + PAGE).min(most);
            return Step::Stay(Vec::new());
        }
        CommandId::PageUp => {
            dialog.scroll = dialog.scroll.saturating_sub(PAGE);
            return Step::Stay(Vec::new());
        }
        other => {
            dialog.typed.edit(other);
            return Step::Stay(Vec::new());
        }
    };
    dialog.chosen = to;
    dialog.scroll = 0;
    dialog.typed = Prompt::default();
    Step::Stay(Vec::new())
}

fn accept(state: &mut State, dialog: &mut OffersDialog) -> Step {
    if let Some(run) = dialog.run() {
        let about = RunDialog::new(run.id.clone(), dialog.subject.clone());
        super::open(state, About::Run(Box::new(about)));
        return Step::Done(Vec::new());
    }
    let Some(offer) = dialog.offer().cloned() else { return Step::Stay(Vec::new()) };
    if let Some((step, why)) = offer.troubles.first() {
        state.notify(Level::Warning, (WORDS.refused)(*step, why));
        return Step::Stay(Vec::new());
    }
    if offer.dangerous && dialog.typed.text.trim() != offer.name {
        state.notify(Level::Warning, (WORDS.not_typed)(&offer.name));
        return Step::Stay(Vec::new());
    }
    state.acting.begun = Some(dialog.subject.clone());
    Step::Done(vec![Effect::Act(Order::Run(Box::new(offer)))])
}

/// What fits has come: it belongs to the dialog that asked, if that is still there.
pub(super) fn came(state: &mut State, subject: &Subject, offers: Vec<Offer>, runs: Vec<Run>) {
    if let Some(Overlay::Dialog(dialog)) = &mut state.overlay
        && let About::Offers(dialog) = &mut dialog.about
        && dialog.subject == *subject
    {
        dialog.chosen = dialog.chosen.min((offers.len() + runs.len()).saturating_sub(1));
        dialog.offers = Some(offers);
        dialog.runs = runs;
    }
}
