//! The time axis: its cursor, brushing a piece of it into the window.

use chrono::TimeDelta;

use super::{time, windows};
use crate::command::CommandId;
use crate::message::Effect;
use crate::model::{Time, Window};
use crate::pack::Level;
use crate::state::{State, View};

/// Steps of the cursor that the axis has.
const STEPS: i32 = 60;
/// The shortest piece that becomes a window, seconds.
const SHORTEST_S: i64 = 10;
/// Thousandths of the axis within which a second click means the same place.
const NEAR: i64 = 8;

/// Carries out a command; `None` where it is none of these.
pub fn command(state: &mut State, id: CommandId) -> Option<Vec<Effect>> {
    match id {
        CommandId::TimePrevious => Some(windows::previous(state)),
        CommandId::AxisLeft if has_axis(state) => Some(step(state, -1)),
        CommandId::AxisRight if has_axis(state) => Some(step(state, 1)),
        CommandId::AxisMark if has_axis(state) => Some(mark(state)),
        // What is being brushed is left before the view is.
        CommandId::Back if has_axis(state) && state.axis.mark.is_some() => {
            state.axis.mark = None;
            Some(Vec::new())
        }
        _ => None,
    }
}

/// A click on the axis, in thousandths of it from the left: the cursor goes there. Where it is already, a piece
/// begins; where one has begun, it ends there and becomes the window.
pub fn click(state: &mut State, permille: u16) -> Vec<Effect> {
    let (start, end) = ends(state);
    let place = |share: i64| start + (end - start) * i32::try_from(share.clamp(0, 1000)).unwrap_or(0) / 1000;
    let near = |at: Time| {
        (at - place(i64::from(permille))).num_milliseconds().abs() * 1000
            <= (end - start).num_milliseconds() * NEAR
    };
    let again = state.axis.cursor.is_some_and(near);
    let to = place(i64::from(permille));
    if state.axis.mark.is_some() {
        state.axis.cursor = Some(to);
        return mark(state);
    }
    if again {
        return mark(state);
    }
    put(state, to)
}

/// The window is another one: the cursor stays where it still is in it, and nothing is being brushed.
pub(super) fn window_changed(state: &mut State) {
    let (start, end) = ends(state);
    state.axis.mark = None;
    state.axis.cursor = state.axis.cursor.filter(|at| (start..=end).contains(at));
}

fn has_axis(state: &State) -> bool {
    matches!(state.view(), View::Logs(_) | View::Traces(_) | View::Metrics(_) | View::Incident)
}

fn ends(state: &State) -> (Time, Time) {
    let now = state.shown_now();
    (state.window.start(now), state.window.end(now))
}

/// Where the cursor is. A live window moves on under it: what it has left behind is its first moment. A cursor that
/// nobody has set yet stands where the view's own is, else at the end.
fn cursor(state: &State) -> Time {
    let (start, end) = ends(state);
    let own = || state.focus().span.map(|(from, _)| from).filter(|at| (start..=end).contains(at));
    state.axis.cursor.or_else(own).unwrap_or(end).clamp(start, end)
}

fn step(state: &mut State, direction: i32) -> Vec<Effect> {
    let (start, end) = ends(state);
    let length = ((end - start) / STEPS).max(TimeDelta::seconds(1));
    let to = (cursor(state) + length * direction).clamp(start, end);
    put(state, to)
}

fn put(state: &mut State, to: Time) -> Vec<Effect> {
    state.axis.cursor = Some(to);
    moved(state)
}

/// Lets the view in sight follow the cursor.
fn moved(state: &mut State) -> Vec<Effect> {
    if matches!(state.view(), View::Logs(_)) {
        super::logs::cursor_moved(state);
    }
    Vec::new()
}

/// Begins a piece at the cursor; makes the piece that has begun the window.
fn mark(state: &mut State) -> Vec<Effect> {
    let words = state.setup.text.links;
    let here = cursor(state);
    let Some(mark) = state.axis.mark else {
        (state.axis.cursor, state.axis.mark) = (Some(here), Some(here));
        let key = |state: &State, id| {
            state.setup.keymap.keys_for(&state.view_modes(), id).into_iter().next().unwrap_or_default()
        };
        let said = (words.brushing)(&key(state, CommandId::AxisMark), &key(state, CommandId::Back));
        state.notify(Level::Ok, said);
        return Vec::new();
    };
    let (start, end) = ends(state);
    let mark = mark.clamp(start, end);
    if mark == here {
        state.notify(Level::Ok, words.nothing_brushed);
        return Vec::new();
    }
    state.axis.mark = None;
    time::set(state, piece(mark.min(here), mark.max(here), end))
}

/// The piece as a window; a very short one is widened around its middle, never beyond `latest`.
fn piece(from: Time, to: Time, latest: Time) -> Window {
    let missing = TimeDelta::seconds(SHORTEST_S) - (to - from);
    if missing <= TimeDelta::zero() {
        return Window::Past { start: from, end: to };
    }
    let end = (to + missing / 2).min(latest);
    Window::Past { start: end - TimeDelta::seconds(SHORTEST_S), end }
}
