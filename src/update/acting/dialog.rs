//! Keys and text in a dialog.

use std::sync::Arc;

use super::{as_wanted, silence};
use crate::command::CommandId;
use crate::message::Effect;
use crate::model::deed::{AckOrder, Order};
use crate::model::{Silence, duration};
use crate::pack::Level;
use crate::privacy;
use crate::state::acting::{About, AckDialog, AckField, Dialog};
use crate::state::reveal::Reveal;
use crate::state::{Overlay, Prompt, State};

/// Carries out a command in the open dialog.
pub fn command(state: &mut State, mut dialog: Dialog, id: CommandId) -> Vec<Effect> {
    // What was typed before the person could see it was not meant for it.
    if dialog.is_guarded(state.now) {
        put(state, dialog);
        return Vec::new();
    }
    if matches!(id, CommandId::Cancel | CommandId::Back) {
        return Vec::new();
    }
    let effects = match &mut dialog.about {
        About::Ack(ack) => self::ack(state, ack, id),
        About::Unack(alerts, _) if id == CommandId::Accept => {
            return vec![Effect::Act(Order::Unack(alerts.clone()))];
        }
        About::Silence(silence) => Some(silence::command(state, silence, id)),
        About::Extend(silence, hold) => Some(extend(state, silence, hold, id)),
        About::Incident(incident) => Some(crate::update::incidents::dialog(state, incident, id)),
        About::Expire(silence) if id == CommandId::Accept => {
            let (id, was) = (silence.id.clone(), as_wanted(silence));
            return vec![Effect::Act(Order::Expire { id, was })];
        }
        About::Offers(offers) => Some(super::offers::command(state, offers, id)),
        About::Run(run) => Some(super::run::command(state, run, id)),
        About::Page(page) => Some(super::page::command(state, page, id)),
        About::Reveal(reveal) => Some(super::reveal::command(state, reveal, id)),
        About::Unack(..) | About::Expire(_) => None,
    };
    match effects {
        Some(Step::Stay(effects)) => {
            put(state, dialog);
            effects
        }
        Some(Step::Done(effects)) => effects,
        None => {
            put(state, dialog);
            Vec::new()
        }
    }
}

/// What a command comes to.
pub(in crate::update) enum Step {
    /// The dialog stays.
    Stay(Vec<Effect>),
    /// It goes.
    Done(Vec<Effect>),
}

fn put(state: &mut State, dialog: Dialog) {
    state.overlay = Some(Overlay::Dialog(Box::new(dialog)));
}

fn ack(state: &mut State, dialog: &mut AckDialog, id: CommandId) -> Option<Step> {
    match id {
        CommandId::Accept => {
            let hold_s = match duration::parse(&dialog.hold.text) {
                Ok(seconds) if (60..=86_400).contains(&seconds) => seconds,
                Ok(_) => {
                    state.notify(Level::Warning, state.setup.text.acting.hold_bounds);
                    dialog.field = AckField::Hold;
                    return Some(Step::Stay(Vec::new()));
                }
                Err(why) => {
                    state.notify(Level::Warning, why);
                    dialog.field = AckField::Hold;
                    return Some(Step::Stay(Vec::new()));
                }
            };
            let why = dialog.why.text.trim();
            let why = if why.is_empty() { state.setup.text.acting.default_why } else { why };
            // What a person types is masked before anything keeps it.
            let why = privacy::safe_line(why).into_string();
            let alerts: Vec<_> = std::mem::take(&mut dialog.alerts);
            state.acting.under_way.extend(alerts.iter().map(|(fingerprint, _)| Arc::clone(fingerprint)));
            let order = AckOrder { alerts, why, hold_s, silence: dialog.silence };
            return Some(Step::Done(vec![Effect::Act(Order::Ack(order))]));
        }
        CommandId::DialogNext | CommandId::Down => {
            dialog.field = match dialog.field {
                AckField::Why => AckField::Silence,
                AckField::Silence if dialog.silence => AckField::Hold,
                _ => AckField::Why,
            };
        }
        CommandId::DialogPrevious | CommandId::Up => {
            dialog.field = match dialog.field {
                AckField::Why if dialog.silence => AckField::Hold,
                AckField::Hold | AckField::Why => AckField::Silence,
                AckField::Silence => AckField::Why,
            };
        }
        CommandId::CursorLeft | CommandId::CursorRight if dialog.field == AckField::Silence => {
            dialog.silence = !dialog.silence;
        }
        other => {
            ack_prompt(dialog)?.edit(other);
        }
    }
    Some(Step::Stay(Vec::new()))
}

fn ack_prompt(dialog: &mut AckDialog) -> Option<&mut Prompt> {
    match dialog.field {
        AckField::Why => Some(&mut dialog.why),
        AckField::Hold => Some(&mut dialog.hold),
        AckField::Silence => None,
    }
}

fn extend(state: &mut State, silence: &Silence, hold: &mut Prompt, id: CommandId) -> Step {
    if id != CommandId::Accept {
        hold.edit(id);
        return Step::Stay(Vec::new());
    }
    match duration::parse(&hold.text) {
        Ok(seconds) if seconds > 0 => {
            let until = silence.ends_at.max(state.now) + chrono::TimeDelta::seconds(i64::from(seconds));
            let order = Order::Until { id: silence.id.clone(), until, before: silence.ends_at };
            Step::Done(vec![Effect::Act(order)])
        }
        Ok(_) => Step::Stay(Vec::new()),
        Err(why) => {
            state.notify(Level::Warning, why);
            Step::Stay(Vec::new())
        }
    }
}

/// Types a text into the field that has the keys.
pub fn typed(state: &mut State, text: &str) {
    let Some(Overlay::Dialog(mut dialog)) = state.overlay.take() else { return };
    if !dialog.is_guarded(state.now) {
        match &mut dialog.about {
            About::Ack(ack) => match ack_prompt(ack) {
                Some(prompt) => prompt.insert(text),
                None if text == " " => ack.silence = !ack.silence,
                None => {}
            },
            About::Silence(dialog) => silence::typed(dialog, text),
            About::Extend(_, hold) => hold.insert(text),
            About::Incident(incident) => incident.text.insert(text),
            About::Offers(offers) => offers.typed.insert(text),
            About::Run(run) => run.typed.insert(text),
            About::Page(page) => super::page::typed(page, text),
            About::Reveal(reveal) if reveal.seen == Reveal::Not => reveal.why.insert(text),
            About::Reveal(_) | About::Unack(..) | About::Expire(_) => {}
        }
    }
    state.overlay = Some(Overlay::Dialog(dialog));
}
