//! The dialog in which a masked value is revealed.

use super::dialog::Step;
use crate::command::CommandId;
use crate::message::Effect;
use crate::model::deed::{Field, Order, Revealing};
use crate::model::{Raw, Time};
use crate::pack::Level;
use crate::privacy;
use crate::state::acting::About;
use crate::state::reveal::{Reveal, RevealDialog};
use crate::state::{Overlay, Prompt, State};
use crate::text::reveal::EN as WORDS;

/// Opens it for the alert in sight.
pub(super) fn open(state: &mut State) {
    if state.setup.reveal_s.is_none() {
        state.notify(Level::Warning, WORDS.not_configured);
        return;
    }
    let Some(row) = state.acted_on().into_iter().next() else {
        let text = state.setup.text.acting.no_alert;
        state.notify(Level::Warning, text);
        return;
    };
    let masked = |(_, value): &(&str, &str)| value.contains('‹');
    let labels = row.alert.labels.iter().filter(masked);
    let notes = row.alert.annotations.iter().filter(masked);
    let values: Vec<(Field, String)> = labels
        .map(|(name, value)| (Field::Label(name.into()), value.to_owned()))
        .chain(notes.map(|(name, value)| (Field::Annotation(name.into()), value.to_owned())))
        .collect();
    if values.is_empty() {
        state.notify(Level::Ok, WORDS.nothing_masked);
        return;
    }
    let dialog = RevealDialog {
        alert: row.alert.name().to_owned(),
        fingerprint: row.alert.fingerprint.clone(),
        values,
        chosen: 0,
        why: Prompt::default(),
        seen: Reveal::Not,
    };
    super::open(state, About::Reveal(Box::new(dialog)));
}

/// A command in it.
pub(super) fn command(state: &mut State, dialog: &mut RevealDialog, id: CommandId) -> Step {
    let count = dialog.values.len().max(1);
    match (&dialog.seen, id) {
        // Any key but those that leave does nothing to what is in sight.
        (Reveal::Seen(..) | Reveal::Asked, _) => {}
        (Reveal::Not, CommandId::Accept) => return ask(state, dialog),
        (Reveal::Not, CommandId::Down | CommandId::DialogNext) => dialog.chosen = (dialog.chosen + 1) % count,
        (Reveal::Not, CommandId::Up | CommandId::DialogPrevious) => {
            dialog.chosen = (dialog.chosen + count - 1) % count;
        }
        (Reveal::Not, other) => {
            dialog.why.edit(other);
        }
    }
    Step::Stay(Vec::new())
}

fn ask(state: &mut State, dialog: &mut RevealDialog) -> Step {
    // What a person types is masked before anything keeps it.
    let why = privacy::safe_line(dialog.why.text.trim()).into_string();
    if why.chars().count() < Revealing::REASON {
        state.notify(Level::Warning, WORDS.no_reason);
        return Step::Stay(Vec::new());
    }
    let Some((field, _)) = dialog.values.get(dialog.chosen) else { return Step::Stay(Vec::new()) };
    let order = Revealing {
        fingerprint: dialog.fingerprint.clone(),
        alert: dialog.alert.clone(),
        field: field.clone(),
        why,
    };
    dialog.seen = Reveal::Asked;
    Step::Stay(vec![Effect::Act(Order::Reveal(Box::new(order)))])
}

/// The value has come: it belongs to the dialog that asked, if that is still there and its time is not over.
pub(super) fn came(state: &mut State, order: &Revealing, raw: Raw, until: Time) {
    if let Some(Overlay::Dialog(dialog)) = &mut state.overlay
        && let About::Reveal(dialog) = &mut dialog.about
        && dialog.fingerprint == order.fingerprint
        && dialog.seen == Reveal::Asked
        && dialog.values.get(dialog.chosen).is_some_and(|(field, _)| *field == order.field)
    {
        dialog.seen = Reveal::Seen(raw, until);
    }
}

/// It was refused: another reason may be typed.
pub(super) fn refused(state: &mut State) {
    if let Some(Overlay::Dialog(dialog)) = &mut state.overlay
        && let About::Reveal(dialog) = &mut dialog.about
        && dialog.seen == Reveal::Asked
    {
        dialog.seen = Reveal::Not;
    }
}
