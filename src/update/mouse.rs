//! Clicks and the wheel. What stands under the pointer is told by the drawing.

use super::{move_cursor, overlays, views};
use crate::command::CommandId;
use crate::message::{Effect, Target};
use crate::state::{State, View};

/// A click focuses; a click on what is focused already opens it.
pub fn click(state: &mut State, target: &Target) -> Vec<Effect> {
    if state.overlay.is_some() {
        return match target {
            Target::Entry(entry) => overlays::click_entry(state, *entry),
            Target::Outside => {
                overlays::close(state);
                Vec::new()
            }
            _ => Vec::new(),
        };
    }
    match target {
        Target::Box(at) | Target::BoxRow(at, _) => {
            let view = state.view().clone();
            let mut place = state.places.pages.get(&view).copied().unwrap_or_default();
            let inner = if let Target::BoxRow(_, row) = target { *row } else { place.inner };
            let again = place.focus == *at && place.inner == inner;
            place.focus = *at;
            place.inner = inner;
            state.places.pages.insert(view, place);
            if again {
                views::open(state);
            }
        }
        Target::Row(row) => {
            let at = state.places.alerts.offset + row;
            let again = state.places.alerts.cursor == at;
            state.places.alerts.cursor = at;
            move_cursor::keep_in_sight(state);
            if again {
                views::open(state);
            }
        }
        Target::Source(at) if *state.view() == View::Incidents => {
            let again = state.places.incidents.cursor == *at;
            state.places.incidents.cursor = *at;
            if again {
                views::open(state);
            }
        }
        Target::Source(at) if *state.view() == View::Silences => state.places.silences.cursor = *at,
        Target::Source(at) => state.places.sources = *at,
        Target::Lamp(at) => overlays::open_source(state, *at),
        Target::Axis(permille) => return super::axis::click(state, *permille),
        Target::Line(_) => {
            return match state.view() {
                View::Logs(_) => super::logs::click(state, target),
                View::Traces(_) => super::traces::click(state, target),
                View::Trace(_) | View::Compare(..) => super::trace::click(state, target),
                View::Metrics(_) => super::metrics::click(state, target),
                View::Incident => super::incident::click(state, target),
                _ => Vec::new(),
            };
        }
        Target::Entry(_) | Target::Outside => {}
    }
    Vec::new()
}

/// The wheel moves the cursor of lists and scrolls what has none.
pub fn scroll(state: &mut State, lines: i32, _over: Option<&Target>) -> Vec<Effect> {
    let id = if lines < 0 { CommandId::Up } else { CommandId::Down };
    let times = lines.unsigned_abs();
    if let (View::Page { .. }, None) = (state.view(), &state.overlay) {
        // On a page the wheel scrolls; moving the focus with it would be a surprise.
        let view = state.view().clone();
        let mut place = state.places.pages.get(&view).copied().unwrap_or_default();
        place.scroll = (i32::from(place.scroll) + lines).clamp(0, i32::from(state.extent.most())) as u16;
        state.places.pages.insert(view, place);
        return Vec::new();
    }
    let mut effects = Vec::new();
    for _ in 0..times {
        effects.extend(super::command(state, id));
    }
    effects
}
