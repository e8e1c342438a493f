//! The window and the context: what all views answer for.

use chrono::TimeDelta;

use crate::command::CommandId;
use crate::message::{ActiveContext, Effect};
use crate::model::Window;
use crate::pack::Level;
use crate::state::{AlertList, Incidents, State, View};
use crate::store::Store;

/// Shortest and longest window in seconds: a minute to thirty days.
const SPAN_S: (i64, i64) = (60, 30 * 86_400);

/// Moves, shortens or lengthens the window.
pub fn command(state: &mut State, id: CommandId) -> Vec<Effect> {
    let text = state.setup.text.view;
    let now = state.now;
    let (start, end, span) = (state.window.start(now), state.window.end(now), state.window.span_s());
    let live_span = |span: i64| Window::Live { span_s: u32::try_from(span).unwrap_or(3600) };
    let next = match id {
        CommandId::TimeBack => {
            let shift = TimeDelta::seconds((span / 2).max(1));
            Window::Past { start: start - shift, end: end - shift }
        }
        CommandId::TimeForward => {
            let shift = TimeDelta::seconds((span / 2).max(1));
            if state.window.is_live() {
                state.notify(Level::Ok, text.notice.already_live);
                return Vec::new();
            }
            // The present is live: a window that would reach it is the live one, and so is one that would
            // nearly: going back a step and forth again, however slowly, ends where it began.
            if end + shift + shift / 4 >= now {
                live_span(span)
            } else {
                Window::Past { start: start + shift, end: end + shift }
            }
        }
        CommandId::TimeNow => {
            if state.window.is_live() {
                state.notify(Level::Ok, text.notice.already_live);
                return Vec::new();
            }
            live_span(span)
        }
        CommandId::ZoomIn | CommandId::ZoomOut => {
            let span = if id == CommandId::ZoomIn { span / 2 } else { span * 2 }.clamp(SPAN_S.0, SPAN_S.1);
            match state.window {
                Window::Live { .. } => live_span(span),
                Window::Past { end, .. } => Window::Past { start: end - TimeDelta::seconds(span), end },
            }
        }
        _ => return Vec::new(),
    };
    set(state, next)
}

/// Makes another window the one that every view answers for; `{` returns to the one before.
pub fn set(state: &mut State, window: Window) -> Vec<Effect> {
    if window != state.window {
        super::windows::remember(state, None);
    }
    apply(state, window)
}

/// The same without remembering the window before.
pub(super) fn apply(state: &mut State, window: Window) -> Vec<Effect> {
    if window == state.window {
        return Vec::new();
    }
    let was_live = state.window.is_live();
    state.window = window;
    state.epoch += 1;
    state.held = None;
    state.waiting.clear();
    state.store.forget_window();
    super::axis::window_changed(state);
    if was_live && !window.is_live() {
        // What was followed is not taken up again behind the person's back.
        state.places.logs.values_mut().for_each(|place| place.follow = None);
    }
    if was_live && window.is_live() {
        return Vec::new();
    }
    // A list of another time is never shown for this one.
    state.list = AlertList::default();
    super::move_cursor::keep_in_sight(state);
    if window.is_live() { super::answers::rejoin(state) } else { Vec::new() }
}

/// Another context: other servers, so nothing known holds any more.
pub fn switched(state: &mut State, context: ActiveContext) -> Vec<Effect> {
    let text = (state.setup.text.view.notice.context)(&context.name);
    state.context = Some(context.name).filter(|name| !name.is_empty());
    state.setup.sources = context.sources;
    state.setup.page_interval_s = context.page_interval_s;
    state.epoch += 1;
    state.store = Store::default();
    state.list = AlertList::default();
    state.held = None;
    state.heard = None;
    // What broke there is nothing of here; an older inquiry's number is never given again.
    state.incidents = Incidents { numbers: state.incidents.numbers, ..Incidents::default() };
    state.waiting.clear();
    state.watchdog_since = None;
    state.places.alerts.selected.clear();
    state.pending.clear();
    // No alert of another context is gone back to; the first view always stays.
    state.stack.retain(|view| !matches!(view, View::Detail(_)));
    super::windows::forget_depths(state, 0);
    if state.stack.is_empty() {
        state.stack.push(View::Alerts);
    }
    super::move_cursor::keep_in_sight(state);
    state.notify(Level::Ok, text);
    Vec::new()
}
