//! A run that is looked at: what it says, and what is said to it.

use std::sync::Arc;

use super::dialog::Step;
use super::offers;
use crate::command::CommandId;
use crate::message::Effect;
use crate::model::deed::Order;
use crate::model::records::Progress;
use crate::pack::Level;
use crate::state::acting::About;
use crate::state::playbooks::{RunDialog, Says};
use crate::state::{Overlay, Prompt, State};
use crate::text::offers::EN as WORDS;

/// Lines that a page of output is scrolled by.
const PAGE: usize = 5;

/// A run has begun: it is looked at, unless the person is doing something else by now.
pub(super) fn begun(state: &mut State, id: Arc<str>) {
    if let Some(subject) = state.acting.begun.take()
        && state.overlay.is_none()
    {
        super::open(state, About::Run(Box::new(RunDialog::new(id, subject))));
    }
}

/// How it stands has come.
pub fn ran(state: &mut State, outcome: Result<Progress, String>) {
    let Some(Overlay::Dialog(dialog)) = &mut state.overlay else { return };
    let About::Run(dialog) = &mut dialog.about else { return };
    match outcome {
        Ok(seen) if seen.run.id == dialog.id => {
            // What can be said now may be something else: what was typed was for what stood there before.
            let before = dialog.says();
            dialog.seen = Some(seen);
            dialog.trouble = None;
            if dialog.says() != before {
                dialog.typed = Prompt::default();
            }
            dialog.back = dialog.back.min(lines(dialog));
        }
        Ok(_) => {}
        Err(why) => dialog.trouble = Some(why),
    }
}

/// Lines that can be scrolled back.
fn lines(dialog: &RunDialog) -> usize {
    dialog.speaking().map_or(0, |step| step.output.lines().count())
}

/// A command in its dialog.
pub(super) fn command(state: &mut State, dialog: &mut RunDialog, id: CommandId) -> Step {
    let most = lines(dialog);
    match id {
        CommandId::Accept => return say(state, dialog),
        CommandId::Up => dialog.back = (dialog.back + 1).min(most),
        CommandId::Down => dialog.back = dialog.back.saturating_sub(1),
        CommandId::PageUp => dialog.back = (dialog.back + PAGE).min(most),
        CommandId::PageDown => dialog.back = dialog.back.saturating_sub(PAGE),
        other => {
            dialog.typed.edit(other);
        }
    }
    Step::Stay(Vec::new())
}

/// Says the typed word to it. Nothing is said by Enter alone.
fn say(state: &mut State, dialog: &mut RunDialog) -> Step {
    let says = dialog.says();
    let typed = std::mem::take(&mut dialog.typed).text.trim().to_lowercase();
    if typed.is_empty() {
        return Step::Stay(Vec::new());
    }
    if !says.words().contains(&typed.as_str()) {
        state.notify(Level::Warning, (WORDS.no_word)(&typed, says.words()));
        return Step::Stay(Vec::new());
    }
    match says {
        Says::Over => Step::Done(offers::look(state, dialog.subject.clone())),
        Says::Stop => Step::Stay(vec![Effect::Act(Order::StopRun(dialog.id.clone()))]),
        Says::Question | Says::Failed => {
            Step::Stay(vec![Effect::Act(Order::AnswerRun(dialog.id.clone(), typed.into()))])
        }
    }
}
