//! Searching in what is loaded: the text is typed, and the cursor goes to the first place that has it.

use super::{logs, trace};
use crate::command::CommandId;
use crate::message::Effect;
use crate::state::{Overlay, Prompt, State, View};

/// Opens the search, or goes on to the next or previous place; `None` where it is none of these.
pub fn opened(state: &mut State, id: CommandId) -> Option<Vec<Effect>> {
    match id {
        CommandId::Find => {
            let text = sought(state);
            state.overlay = Some(Overlay::Find(Prompt::with(&text)));
        }
        CommandId::FindNext => step(state, true),
        CommandId::FindPrevious => step(state, false),
        _ => return None,
    }
    Some(Vec::new())
}

/// Carries out a command while the text is typed.
pub fn command(state: &mut State, mut prompt: Prompt, id: CommandId) -> Vec<Effect> {
    match id {
        CommandId::Accept => return Vec::new(),
        CommandId::Cancel | CommandId::Back => {
            seek(state, &prompt.before);
            return Vec::new();
        }
        CommandId::Up => step(state, false),
        CommandId::Down => step(state, true),
        other => {
            prompt.edit(other);
            seek(state, &prompt.text);
        }
    }
    state.overlay = Some(Overlay::Find(prompt));
    Vec::new()
}

/// Types a text.
pub fn typed(state: &mut State, text: &str) {
    let Some(Overlay::Find(prompt)) = &mut state.overlay else { return };
    prompt.insert(text);
    let sought = prompt.text.clone();
    seek(state, &sought);
}

fn sought(state: &State) -> String {
    match state.view() {
        View::Logs(_) => logs::sought(state),
        View::Trace(_) | View::Compare(..) => trace::sought(state),
        _ => String::new(),
    }
}

fn seek(state: &mut State, text: &str) {
    match state.view() {
        View::Logs(_) => logs::seek(state, text),
        View::Trace(_) | View::Compare(..) => trace::seek(state, text),
        _ => {}
    }
}

fn step(state: &mut State, forward: bool) {
    match state.view() {
        View::Logs(_) => logs::seek_next(state, forward),
        View::Trace(_) | View::Compare(..) => trace::seek_next(state, forward),
        _ => {}
    }
}
