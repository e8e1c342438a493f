//! Windows to return to: Back returns through links, `{` through every change.
//!
//! `State::windows` holds a pair for each change: the window before it and, where a link made it, how many views stood
//! on the stack then; 0 where no view was left for it.

use crate::message::Effect;
use crate::pack::Level;
use crate::state::State;

/// Most windows to return to.
const MOST: usize = 64;

/// Notes the window that is about to change. `left` is the length of the stack that a link starts from.
pub(super) fn remember(state: &mut State, left: Option<usize>) {
    state.windows.push((left.unwrap_or(0), state.window));
    if state.windows.len() > MOST {
        state.windows.remove(0);
    }
}

/// Returns to the window before the last change.
pub fn previous(state: &mut State) -> Vec<Effect> {
    let words = state.setup.text.links;
    while let Some((_, window)) = state.windows.pop() {
        if window != state.window {
            state.notify(Level::Ok, words.window_back);
            return super::time::apply(state, window);
        }
    }
    state.notify(Level::Ok, words.no_window);
    Vec::new()
}

/// After going back to the view on top: the window with which it was left by a link.
pub(super) fn returned(state: &mut State) -> Vec<Effect> {
    let depth = state.stack.len();
    let Some(at) = state.windows.iter().position(|(left, _)| *left >= depth) else { return Vec::new() };
    let (left, window) = state.windows[at];
    state.windows.truncate(at);
    // A deeper one belongs to views that are gone in another way.
    if left == depth { super::time::apply(state, window) } else { Vec::new() }
}

/// Links from views of this depth or deeper are no longer gone back through.
pub(super) fn forget_depths(state: &mut State, depth: usize) {
    for (left, _) in &mut state.windows {
        if *left >= depth {
            *left = 0;
        }
    }
}

/// The second view of the stack has been dropped: the others stand one lower.
pub(super) fn depth_removed(state: &mut State) {
    for (left, _) in &mut state.windows {
        if *left > 1 {
            *left -= 1;
        }
    }
}
