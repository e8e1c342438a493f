//! From one view to the next: logs, traces and metrics of what is in focus.

use super::{time, views, windows};
use crate::command::CommandId;
use crate::explore::link::{self, Focus, From, Goal, Link, Names};
use crate::explore::span;
use crate::message::Effect;
use crate::model::ask::{Answer, Key};
use crate::model::{Language, Window};
use crate::pack::Level;
use crate::state::incident::Side;
use crate::state::{State, View};

/// Carries out a command; `None` where it is none of these.
pub fn command(state: &mut State, id: CommandId) -> Option<Vec<Effect>> {
    let to = match id {
        CommandId::LinkLogs => Language::LogQl,
        CommandId::LinkTraces => Language::TraceQl,
        CommandId::LinkMetrics => Language::PromQl,
        _ => return None,
    };
    // Of an alert and of a likely cause, what is slow or failed is looked for first.
    let is_cause = *state.view() == View::Incident && state.incidents.place.side == Side::Causes;
    let suspicious = is_cause || state.focused_alert().is_some();
    let from = From { language: state.focus_language(), suspicious };
    let focus = state.focus();
    Some(follow(state, &focus, from, to))
}

/// Opens what a language knows of a focus whose labels are named as another language names them.
pub fn open(state: &mut State, focus: &Focus, from: Language, to: Language) -> Vec<Effect> {
    follow(state, focus, From { language: from, suspicious: false }, to)
}

fn follow(state: &mut State, focus: &Focus, from: From, to: Language) -> Vec<Effect> {
    let words = state.setup.text.links;
    let what = (words.what)(to);
    let Some((link, view)) = resolve(state, focus, from, to) else {
        state.notify(Level::Warning, (words.nothing)(what));
        return Vec::new();
    };
    let window = match link.goal {
        // A trace is found by its id, whenever it was.
        Goal::Trace(_) => None,
        Goal::Query(_) => window(state, focus),
    };
    if view == *state.view() && window.is_none_or(|window| window == state.window) {
        state.notify(Level::Ok, (words.here)(what));
        return Vec::new();
    }
    let left = state.stack.len();
    let moved = view != *state.view();
    if moved {
        views::push(state, view);
    }
    say(state, &link, what);
    let Some(window) = window.filter(|window| *window != state.window) else { return Vec::new() };
    windows::remember(state, moved.then_some(left));
    time::apply(state, window)
}

/// The link and the view it leads to. What leads to where the person is already leads on by the service: from the
/// lines of a trace to the lines around it.
fn resolve(state: &State, focus: &Focus, from: From, to: Language) -> Option<(Link, View)> {
    let first = linked(state, focus, from, to);
    if first.as_ref().is_some_and(|(_, view)| view != state.view()) {
        return first;
    }
    let wider = Focus { trace: None, query: None, ..focus.clone() };
    if wider == *focus { first } else { linked(state, &wider, from, to).or(first) }
}

fn linked(state: &State, focus: &Focus, from: From, to: Language) -> Option<(Link, View)> {
    let store = state.shown();
    let streams = match store.explored(&Key::LogLabels).and_then(|remote| remote.value()).map(|one| &**one) {
        Some(Answer::Names(names)) => Some(&names[..]),
        _ => None,
    };
    let names = Names { pack: &state.setup.pack, external: store.external.value(), streams };
    let link = link::link(&names, focus, from, to)?;
    let view = match &link.goal {
        Goal::Query(query) => View::asking(to, query),
        Goal::Trace(id) => View::Trace(*id),
    };
    Some((link, view))
}

/// The window that what is in focus is about; `None` leaves it as it is.
fn window(state: &State, focus: &Focus) -> Option<Window> {
    let margin_s = state.setup.pack.explore.margin_s;
    focus.span.map(|stretch| span::around(stretch, margin_s, state.now, state.window.is_live()))
}

/// Says what the link could not ask for, and what it narrows to.
fn say(state: &mut State, link: &Link, what: &str) {
    let words = state.setup.text.links;
    let mut said = Vec::new();
    if link.narrowed {
        said.push((words.narrowed)(state.setup.pack.explore.trace_slow_ms));
    }
    if !link.unused.is_empty() {
        said.push((words.unused)(what, &link.unused));
    }
    if !said.is_empty() {
        let level = if link.unused.is_empty() { Level::Ok } else { Level::Warning };
        state.notify(level, said.join("; "));
    }
}
