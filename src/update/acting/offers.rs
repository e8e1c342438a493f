//! The dialog of playbooks: what fits the alert under the cursor, and running it.

use super::dialog::Step;
use crate::command::CommandId;
use crate::explore::incident::Found;
use crate::message::Effect;
use crate::model::Labels;
use crate::model::deed::Order;
use crate::model::offer::Offer;
use crate::pack::Level;
use crate::state::acting::{About, OffersDialog};
use crate::state::incident::treated;
use crate::state::{Overlay, Prompt, State};
use crate::text::offers::EN as WORDS;

/// Opens it, and asks what fits.
pub(super) fn open(state: &mut State) -> Vec<Effect> {
    if let Some((found, at)) = treated(state) {
        return of_cause(state, &found, at);
    }
    let row = state.acted_on().into_iter().next();
    let Some((fingerprint, labels)) =
        row.map(|row| (row.alert.fingerprint.clone(), row.alert.labels.clone()))
    else {
        let text = state.setup.text.acting.no_alert;
        state.notify(Level::Warning, text);
        return Vec::new();
    };
    let name = labels.get("alertname").unwrap_or("").to_owned();
    let dialog = OffersDialog {
        alert: name,
        fingerprint: fingerprint.clone(),
        offers: None,
        chosen: 0,
        typed: Prompt::default(),
    };
    super::open(state, About::Offers(Box::new(dialog)));
    vec![Effect::Act(Order::Offers { fingerprint, labels, named: Vec::new() })]
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
    let dialog = OffersDialog {
        alert: (words.treated)(&cause.component, kind),
        fingerprint: fingerprint.clone(),
        offers: None,
        chosen: 0,
        typed: Prompt::default(),
    };
    super::open(state, About::Offers(Box::new(dialog)));
    vec![Effect::Act(Order::Offers { fingerprint, labels, named })]
}

/// A command in it.
pub(super) fn command(state: &mut State, dialog: &mut OffersDialog, id: CommandId) -> Step {
    let count = dialog.offers.as_ref().map_or(0, Vec::len);
    match id {
        CommandId::Accept => return run(state, dialog),
        CommandId::Down | CommandId::DialogNext if count > 0 => {
            dialog.chosen = (dialog.chosen + 1) % count;
            dialog.typed = Prompt::default();
        }
        CommandId::Up | CommandId::DialogPrevious if count > 0 => {
            dialog.chosen = (dialog.chosen + count - 1) % count;
            dialog.typed = Prompt::default();
        }
        other => {
            dialog.typed.edit(other);
        }
    }
    Step::Stay(Vec::new())
}

fn run(state: &mut State, dialog: &mut OffersDialog) -> Step {
    let Some(offer) = dialog.chosen().cloned() else { return Step::Stay(Vec::new()) };
    if let Some((step, why)) = offer.troubles.first() {
        state.notify(Level::Warning, (WORDS.trouble)(*step, why));
        return Step::Stay(Vec::new());
    }
    if offer.dangerous && dialog.typed.text.trim() != offer.name {
        state.notify(Level::Warning, (WORDS.not_typed)(&offer.name));
        return Step::Stay(Vec::new());
    }
    Step::Done(vec![Effect::Act(Order::Run(Box::new(offer)))])
}

/// What fits has come: it belongs to the dialog that asked, if that is still there.
pub(super) fn came(state: &mut State, fingerprint: &str, offers: Vec<Offer>) {
    if let Some(Overlay::Dialog(dialog)) = &mut state.overlay
        && let About::Offers(dialog) = &mut dialog.about
        && *dialog.fingerprint == *fingerprint
    {
        dialog.chosen = dialog.chosen.min(offers.len().saturating_sub(1));
        dialog.offers = Some(offers);
    }
}
