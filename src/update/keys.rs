//! A key press: a command, part of a sequence, or text.

use super::{command, overlays};
use crate::command::CommandId;
use crate::keymap::{Key, KeyCode, Lookup};
use crate::message::Effect;
use crate::pack::Level;
use crate::state::{Overlay, State};

/// Handles one key.
pub fn key(state: &mut State, key: Key) -> Vec<Effect> {
    let modes = state.modes();
    state.pending.push(key);
    let pending = state.pending.clone();
    match state.setup.keymap.lookup(&modes, &pending) {
        Lookup::Matched(id) => {
            state.pending.clear();
            command(state, id)
        }
        Lookup::Pending(_) => Vec::new(),
        Lookup::Cancelled => {
            state.pending.clear();
            Vec::new()
        }
        Lookup::NotFound => {
            state.pending.clear();
            if let (1, KeyCode::Char(c), false, false) = (pending.len(), key.code, key.ctrl, key.alt)
                && matches!(
                    state.overlay,
                    Some(
                        Overlay::Palette(_)
                            | Overlay::Filter(_)
                            | Overlay::Query(_)
                            | Overlay::Find(_)
                            | Overlay::Dialog(_)
                    )
                )
            {
                return overlays::paste(state, c.encode_utf8(&mut [0; 4]));
            }
            unbound(state, &pending);
            Vec::new()
        }
    }
}

/// A key that means nothing says so, and which key shows what the others mean.
fn unbound(state: &mut State, pending: &[Key]) {
    let modes = state.modes();
    let help = state.setup.keymap.keys_for(&modes, CommandId::Help).into_iter().next();
    let keys: Vec<String> = pending.iter().map(ToString::to_string).collect();
    if let Some(help) = help {
        let text = (state.setup.text.view.notice.unbound)(&keys.join(" "), &help);
        state.notify(Level::Ok, text);
    }
}
