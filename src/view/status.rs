//! How fresh an answer is, in state and words; the same for every pane.

use super::clock;
use super::vm::PaneState;
use crate::model::{Fault, SourceId};
use crate::state::State;
use crate::store::Remote;
use crate::store::remote::Freshness;

/// What a pane says of its answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Status {
    /// State.
    pub state: PaneState,
    /// Age and completeness, or what is wrong; one line.
    pub note: String,
    /// Why, without the age: for JSON.
    pub message: String,
}

/// The status of one answer that is expected every `interval_s` seconds. `empty` tells whether the
/// answer has nothing in it.
pub fn of<T>(
    state: &State,
    remote: Option<&Remote<T>>,
    source: &SourceId,
    interval_s: u32,
    empty: bool,
) -> Status {
    let text = state.setup.text.view;
    if !state.has(source) {
        let message = (text.not_configured)(source.kind());
        return Status { state: PaneState::Unconfigured, note: message.clone(), message };
    }
    let Some(remote) = remote else { return loading(state) };
    let now = state.shown_now();
    match remote.freshness(now, past_or(state, interval_s)) {
        Freshness::Waiting => loading(state),
        Freshness::Failed => {
            let why = remote.last_fault().map_or_else(String::new, |fault| words(state, fault));
            Status { state: PaneState::Failed, note: (text.unknown)(&why), message: why }
        }
        Freshness::Stale => {
            let age = clock::age(remote.age_s(now).unwrap_or(0));
            match remote.last_fault() {
                Some(fault) => {
                    let why = words(state, fault);
                    Status { state: PaneState::Stale, note: (text.stale)(&age, &why), message: why }
                }
                None => {
                    let note = (text.silent)(&age);
                    Status { state: PaneState::Stale, message: note.clone(), note }
                }
            }
        }
        Freshness::Fresh => {
            let partial = remote.warnings().first().map(|warning| (text.partial)(warning));
            let note = partial.clone().unwrap_or_else(|| fresh_note(state, remote, interval_s));
            let pane = if empty { PaneState::NoData } else { PaneState::Ready };
            let message = match (partial, empty) {
                (Some(partial), _) => partial,
                (None, true) => text.no_series.to_owned(),
                (None, false) => String::new(),
            };
            Status { state: pane, note, message }
        }
    }
}

/// In the past nothing is asked again, so nothing grows stale by age.
fn past_or(state: &State, interval_s: u32) -> u32 {
    if state.window.is_live() { interval_s } else { u32::MAX / 4 }
}

fn loading(state: &State) -> Status {
    let words = state.setup.text.view.loading.to_owned();
    Status { state: PaneState::Loading, note: words.clone(), message: words }
}

/// Age of a fresh answer. While polling keeps its pace the words stay the same, so that a calm
/// screen does not change every second.
fn fresh_note<T>(state: &State, remote: &Remote<T>, interval_s: u32) -> String {
    let text = state.setup.text.view;
    if !state.window.is_live() {
        let end = state.window.end(state.shown_now());
        return (text.at)(&clock::near(state, end));
    }
    let age = remote.age_s(state.shown_now()).unwrap_or(0);
    let usual = i64::from(interval_s.max(1)) * 2;
    if age < usual { (text.fresh_note)(usual as u32) } else { (text.ago)(&clock::age(age)) }
}

/// A fault in one line: its own words, which say the source too; without any, what kind it is.
pub fn words(state: &State, fault: &Fault) -> String {
    if fault.detail.is_empty() {
        (state.setup.text.fault.short)(fault.kind, fault.status)
    } else {
        fault.detail.clone()
    }
}

/// The worse of two states, for a box with several panes: what is unknown outweighs what is known.
pub fn worse(a: PaneState, b: PaneState) -> PaneState {
    let rank = |state: PaneState| match state {
        PaneState::Ready => 0,
        PaneState::NoData => 1,
        PaneState::Loading => 2,
        PaneState::Unconfigured => 3,
        PaneState::Stale => 4,
        PaneState::Failed => 5,
    };
    if rank(b) > rank(a) { b } else { a }
}
