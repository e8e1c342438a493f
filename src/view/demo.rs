//! What is special about an embedded place: the hint, the list of faults, the card of the tour.

use super::clock;
use super::vm::{CardVm, FaultRowVm, FaultsVm, Overlay};
use crate::command::{CommandId, Context};
use crate::model::Time;
use crate::state::tour::{CARD_LINES, STEPS};
use crate::state::{PlannedFault, State};

/// How to look around.
pub fn hints(state: &State) -> Vec<(String, String)> {
    let palette = key(state, CommandId::Palette);
    let named = |id: CommandId| palette.as_ref().map(|key| format!("{key}{}", id.command().name));
    let keys = [
        named(CommandId::Tour),
        named(CommandId::Faults),
        key(state, CommandId::Help),
        key(state, CommandId::Back),
    ];
    let words = state.setup.text.demo.hints;
    keys.into_iter().zip(words).filter_map(|(key, words)| Some((key?, words.to_owned()))).collect()
}

/// The key of a command where the person is; Escape before others.
fn key(state: &State, id: CommandId) -> Option<String> {
    key_in(state, &state.modes(), id)
}

fn key_in(state: &State, modes: &[Context], id: CommandId) -> Option<String> {
    let keys = state.setup.keymap.keys_for(modes, id);
    keys.iter().find(|key| *key == "esc").or(keys.first()).cloned()
}

/// The list of faults.
pub fn faults(state: &State, cursor: usize) -> Overlay {
    let text = state.setup.text.demo;
    let all = state.demo.as_ref().map_or(&[][..], |demo| &demo.faults);
    let rows = all.iter().map(|fault| FaultRowVm {
        name: fault.name.to_string(),
        doc: (text.fault)(&fault.name).to_owned(),
        state: fault_state(state, fault),
        on: fault.is_on(state.now),
    });
    Overlay::Faults(FaultsVm {
        title: text.faults.to_owned(),
        rows: rows.collect(),
        cursor: cursor.min(all.len().saturating_sub(1)),
        below: key(state, CommandId::Open).map_or_else(String::new, |key| (text.toggle)(&key)),
    })
}

fn fault_state(state: &State, fault: &PlannedFault) -> String {
    let text = state.setup.text.demo;
    let ago = |at: Time| clock::age((state.now - at).num_seconds().max(0));
    match (fault.since, fault.until) {
        (None, _) => String::new(),
        (Some(since), _) if since > state.now => {
            (text.begins)(&clock::age((since - state.now).num_seconds()))
        }
        (_, Some(until)) if until <= state.now => (text.mended)(&ago(until)),
        (Some(since), _) => (text.under_way)(&ago(since)),
    }
}

/// The card of the tour's step, while it is on.
pub fn card(state: &State) -> Option<CardVm> {
    let tour = state.tour()?;
    let text = state.setup.text.demo;
    let words = text.tour.get(tour.at)?;
    let under_way: Vec<String> = state
        .demo
        .iter()
        .flat_map(|demo| demo.under_way(state.now))
        .map(|fault| {
            let since = fault.since.unwrap_or(state.now);
            (text.tour_fault)(&fault.name, &clock::age((state.now - since).num_seconds()))
        })
        .collect();
    let modes = state.view_modes();
    let keys =
        [CommandId::TourNext, CommandId::TourBack, CommandId::TourEnd].map(|id| key_in(state, &modes, id));
    let keys = keys.into_iter().zip(text.tour_keys);
    let own = STEPS.get(tour.at).and_then(|step| step.own);
    // The tour's own keys come first while it is on: what leads there without it is asked without it.
    let own = own.and_then(|id| key_in(state, &[Context::Page, Context::Global], id));
    let at = tour.there.iter().position(|step| *step == tour.at).unwrap_or(0) + 1;
    Some(CardVm {
        title: words.title.to_owned(),
        position: (text.tour_position)(at, tour.there.len().max(at)),
        body: (words.body)(&under_way.join(", ")),
        keys: keys.filter_map(|(key, words)| Some((key?, words.to_owned()))).collect(),
        own: own.map_or_else(String::new, |key| (text.tour_own)(&key)),
        lines: CARD_LINES,
    })
}
