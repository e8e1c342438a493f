//! The detail of a span while it has the focus.

use super::{moved, place};
use crate::command::CommandId;
use crate::explore::facts::{self, Fact};
use crate::message::Effect;
use crate::model::TraceId;
use crate::pack::Level;
use crate::state::{State, View, trace};
use crate::update::views;

/// Lines that a page of it moves by.
const PAGE: usize = 8;

/// Carries out a command; `None` where the spans are meant.
pub fn command(state: &mut State, id: TraceId, command: CommandId) -> Option<Vec<Effect>> {
    let all = list(state, id);
    let place = place(state, &View::Trace(id));
    let cursor = place.detail?;
    let last = all.len().saturating_sub(1);
    match command {
        CommandId::Back | CommandId::Left => place.detail = None,
        CommandId::Open => match all.get(cursor).and_then(|fact| fact.leads).filter(|leads| *leads != id) {
            Some(leads) => views::go(state, View::Trace(leads)),
            None => place.detail = None,
        },
        other => place.detail = Some(moved(other, cursor.min(last), last, PAGE)?),
    }
    Some(Vec::new())
}

/// Puts on the clipboard what is under the cursor: a value of the detail, or the trace's id.
pub fn copy(state: &mut State, id: TraceId) -> Vec<Effect> {
    let line = state.places.trace.get(&View::Trace(id)).and_then(|place| place.detail);
    let value = line.and_then(|line| list(state, id).into_iter().nth(line));
    let copied = value.map(|fact| if fact.value.is_empty() { fact.name } else { fact.value });
    let copied = copied.unwrap_or_else(|| id.to_string());
    let words = (state.setup.text.view.notice.copied)(copied.chars().count());
    state.notify(Level::Ok, words);
    vec![Effect::Copy(copied)]
}

/// The facts of the span under the cursor. Only which there are matters here, not how a moment is written.
fn list(state: &State, id: TraceId) -> Vec<Fact> {
    let Some((doc, fall, place)) = trace::known(state, id) else { return Vec::new() };
    let Some(row) = place.row() else { return Vec::new() };
    facts::of(&doc.trace, fall, row, state.setup.text.traces, &|_| String::new())
}
