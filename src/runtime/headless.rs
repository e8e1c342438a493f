//! The console without a terminal: asks everything a view needs once, and gives back the state.

use std::sync::Arc;
use std::time::Duration;

use super::investigate::{From, investigate};
use super::tasks::Tasks;
use crate::client::Clients;
use crate::clock::Clock;
use crate::command::CommandId;
use crate::message::{Effect, Msg};
use crate::model::ask::Key;
use crate::state::{State, View, demand};
use crate::update::{beside, update};

/// Asks until every question of the view in sight has an answer or a failure, or until `wait` is
/// over. Questions that only follow from answers (an alert's rule, then its trend) are asked too.
pub async fn settle(state: &mut State, clients: Clients, clock: Clock, wait: Duration) {
    let mut tasks = Tasks::new(clients, clock, state);
    let mut answered = std::collections::BTreeSet::new();
    let deadline = tokio::time::sleep(wait);
    tokio::pin!(deadline);
    loop {
        tasks.pump(state);
        let open = demand::wants(state)
            .iter()
            .any(|want| !answered.contains(&want.key) && demand::ask(state, &want.key).is_some());
        if !open {
            return;
        }
        tokio::select! {
            () = &mut deadline => return,
            reply = tasks.reply() => {
                let Some(msg) = reply else { return };
                let epoch = state.epoch;
                if let Msg::Answered { ask, epoch: asked_in, .. } = &msg
                    && *asked_in == epoch
                {
                    answered.insert(ask.key());
                }
                take_in(state, clock, msg);
                if state.epoch != epoch {
                    // The window's questions are asked anew.
                    answered
                        .retain(|key| !matches!(key, Key::Instant(_) | Key::Range(..)) && !key.is_of_window());
                }
            }
        }
    }
}

/// Looks for the incident, where that is the view in sight.
pub async fn investigated(
    state: &mut State,
    clients: &Clients,
    clock: Clock,
    journal: Option<&crate::journal::Options>,
) {
    if *state.view() != View::Incident {
        return;
    }
    for effect in update(state, clock.now(), Msg::Command(CommandId::IncidentAgain)) {
        let Effect::Investigate(inquiry) = effect else { continue };
        let from = match &state.bundle {
            Some(bundle) => From::Bundle(bundle.evidence.clone()),
            None => From::Servers(clients.clone(), journal.cloned()),
        };
        let number = inquiry.number;
        let outcome =
            investigate(from, state.setup.pack.clone(), *inquiry, clock.now(), Arc::default()).await;
        update(state, clock.now(), Msg::Investigated { number, outcome: Box::new(outcome) });
    }
}

/// Handles a message and what follows from it here, where no loop waits for a key.
fn take_in(state: &mut State, clock: Clock, msg: Msg) {
    for effect in update(state, clock.now(), msg) {
        if let Effect::Join(joining) = effect {
            take_in(state, clock, Msg::Joined(Box::new(beside::run(joining))));
        }
    }
}
