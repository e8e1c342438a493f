//! The dialog of playbooks: what fits the alert under the cursor, and running it.

use super::dialog::Step;
use crate::command::CommandId;
use crate::message::Effect;
use crate::model::deed::Order;
use crate::model::offer::Offer;
use crate::pack::Level;
use crate::state::acting::{About, OffersDialog};
use crate::state::{Overlay, Prompt, State};
use crate::text::offers::EN as WORDS;

/// Opens it, and asks what fits.
pub(super) fn open(state: &mut State) -> Vec<Effect> {
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
    vec![Effect::Act(Order::Offers { fingerprint, labels })]
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
