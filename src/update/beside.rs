//! Joining a long alert list beside the loop, so that no key waits for it.
//!
//! The work is the same pure function as in the loop, on a copy of the state (answers are shared, so
//! a copy is cheap); what it found is put in place when it comes back. Until then neither the answer
//! nor the list has changed: the screen shows the last whole one, and its age.

use std::sync::Arc;

use super::answers;
use crate::message::{Discarded, Effect, Joined, Joining};
use crate::model::ask::{Answer, Answered, Ask, Key};
use crate::model::{Fault, RuleGroup, Time};
use crate::state::{State, Waiting};

/// Alerts from which on a join is not done in the loop: it takes a few milliseconds there.
const MANY: usize = 1000;

/// Does a join; takes a while.
pub fn run(joining: Joining) -> Joined {
    let Joining { mut state, answer } = joining;
    let before = state.clone();
    let Waiting { ask, at, outcome } = answer;
    let effects = answers::take_in(&mut state, &ask, at, outcome);
    Joined { ask, before, state, effects }
}

/// Puts the answer off when its join would hold up the loop, or when one is under way: then it waits
/// for its turn, in the place of an older one to the same question. Gives the answer back otherwise.
pub(super) fn put_off(
    state: &mut State,
    ask: &Ask,
    at: Time,
    outcome: Result<Answered, Fault>,
) -> Result<Vec<Effect>, Result<Answered, Fault>> {
    let joined_from =
        matches!(ask, Ask::Plain(Key::Alerts | Key::Rules | Key::ExternalLabels | Key::Silences));
    if !joined_from || !(state.joining || state.window.is_live() && is_long(state, &outcome)) {
        return Err(outcome);
    }
    let answer = Waiting { ask: ask.clone(), at, outcome };
    if state.joining {
        match state.waiting.iter_mut().find(|waiting| waiting.ask.key() == ask.key()) {
            Some(older) => *older = answer,
            None => state.waiting.push(answer),
        }
        return Ok(Vec::new());
    }
    let copy = Box::new(State { held: None, waiting: Vec::new(), ..state.clone() });
    state.joining = true;
    Ok(vec![Effect::Join(Joining { state: copy, answer })])
}

fn is_long(state: &State, outcome: &Result<Answered, Fault>) -> bool {
    let Ok(answered) = outcome else { return false };
    let (mut reported, mut active) = (
        state.store.alerts.value().map_or(0, |alerts| alerts.len()),
        state.store.rules.value().map_or(0, |groups| count(groups)),
    );
    match &answered.answer {
        Answer::Alerts(alerts) => reported = alerts.len(),
        Answer::Rules(groups) => active = count(groups),
        _ => {}
    }
    reported + active >= MANY
}

fn count(groups: &[RuleGroup]) -> usize {
    groups.iter().flat_map(|group| &group.rules).map(|rule| rule.active.len()).sum()
}

/// A join is done: what it found is put in place, unless the person has gone to another window or
/// other servers meanwhile. Then the answers that waited have their turn.
pub(super) fn joined(state: &mut State, joined: Joined) -> Vec<Effect> {
    let Joined { ask, before, state: mut found, effects } = joined;
    let mut done = Vec::new();
    if state.window.is_live() && state.context == found.context {
        done = effects;
        put_in_place(state, &ask, &before, &mut found);
    }
    // Ten thousand alerts take a while to give back, too.
    done.push(Effect::Discard(Discarded(vec![before, found])));
    done.extend(ended(state));
    done
}

/// A join has ended, however: the answers that waited have their turn.
pub(super) fn ended(state: &mut State) -> Vec<Effect> {
    state.joining = false;
    let mut done = Vec::new();
    while !state.joining && !state.waiting.is_empty() {
        let Waiting { ask, at, outcome } = state.waiting.remove(0);
        let epoch = state.epoch;
        done.extend(answers::answered(state, &ask, epoch, at, outcome));
    }
    done
}

/// What is replaced stays in `found`.
fn put_in_place(state: &mut State, ask: &Ask, before: &State, found: &mut State) {
    let under_cursor = super::alerts::fingerprint_at_cursor(state);
    let source = ask.key().source();
    if let Some(health) = found.store.health.get(&source) {
        state.store.health.insert(source, health.clone());
    }
    std::mem::swap(&mut state.store.alerts, &mut found.store.alerts);
    std::mem::swap(&mut state.store.rules, &mut found.store.rules);
    std::mem::swap(&mut state.store.external, &mut found.store.external);
    std::mem::swap(&mut state.store.silences, &mut found.store.silences);
    state.watchdog_since = found.watchdog_since;
    state.heard = found.heard.take();
    if found.notice != before.notice {
        state.notice = found.notice.take();
    }
    if found.epoch != before.epoch {
        // Its first answer told that the server's clock is another: see `answers::take_in`.
        state.epoch += 1;
        state.store.forget_window();
    }
    std::mem::swap(&mut state.list, &mut found.list);
    if state.places.alerts != before.places.alerts {
        let pack = Arc::clone(&state.setup.pack);
        state.list = std::mem::take(&mut state.list).ordered(&state.places.alerts, &pack);
    }
    // While the screen is held, cursor and selection belong to the list that it shows.
    if state.held.is_none() {
        super::alerts::settle(state, under_cursor);
    }
}
