//! Requests in flight: a task each, by key, aborted by dropping.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::AbortHandle;

use super::acting::{Acting, Shelf};
use super::investigate::{From, investigate};
use super::poll::{Outcome, Plan, Schedule};
use super::tail::Following;
use crate::client::Clients;
use crate::clock::Clock;
use crate::config::Sources;
use crate::message::{Joining, Msg};
use crate::model::ask::{Answered, Ask, Key};
use crate::model::deed::{Order, Report};
use crate::model::{Course, Fault, FaultKind};
use crate::respond::Hands;
use crate::state::incident::Inquiry;
use crate::state::{State, demand};
use crate::update::beside;

/// Answers that may wait for the loop. Tasks wait when there are more: a slow screen slows asking.
const WAITING_ANSWERS: usize = 64;

/// How often it is told what the servers have answered of an inquiry: often enough to see it move.
const TOLD_EVERY: Duration = Duration::from_millis(500);

/// What a task sends back.
#[derive(Debug)]
pub struct Reply {
    id: u64,
    ask: Ask,
    epoch: u64,
    outcome: Result<Answered, Fault>,
}

/// What comes back to the loop.
pub(super) enum Back {
    Reply(Reply),
    Ready(Msg),
}

/// Asks what is due and collects what comes back.
pub struct Tasks {
    clients: Clients,
    clock: Clock,
    schedule: Schedule,
    /// The newest task of each question, and its number: an older one may still have an answer waiting.
    flying: HashMap<Key, (u64, AbortHandle)>,
    /// The live tail; none where nobody waits for what comes later.
    following: Option<Following>,
    /// What acts; none where nobody can.
    acting: Option<Acting>,
    /// What people noted and did is read there.
    journal: Option<crate::journal::Options>,
    /// The inquiry after an incident that is under way.
    inquiry: Option<AbortHandle>,
    begun: u64,
    sender: mpsc::Sender<Back>,
    receiver: mpsc::Receiver<Back>,
    epoch: u64,
    context: Option<String>,
    started: std::time::Instant,
}

impl Tasks {
    /// Nothing in flight yet.
    pub fn new(clients: Clients, clock: Clock, state: &State) -> Self {
        let (sender, receiver) = mpsc::channel(WAITING_ANSWERS);
        Self {
            clients,
            clock,
            schedule: Schedule::default(),
            flying: HashMap::new(),
            following: None,
            acting: None,
            journal: None,
            inquiry: None,
            begun: 0,
            sender,
            receiver,
            epoch: state.epoch,
            context: state.context.clone(),
            started: std::time::Instant::now(),
        }
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// The same with live tails, which come to no end.
    #[must_use]
    pub fn following(mut self) -> Self {
        self.following = Some(Following::default());
        self
    }

    /// The same with a journal to read.
    #[must_use]
    pub fn reading(mut self, journal: Option<crate::journal::Options>) -> Self {
        self.journal = journal;
        self
    }

    /// The same with something that acts.
    #[must_use]
    pub fn acting(mut self, hands: Hands, shelf: Option<Shelf>) -> Self {
        self.acting = Some(Acting::new(hands, shelf));
        self
    }

    /// Carries out what a person has decided; without anything that acts says so.
    pub fn act(&mut self, state: &State, order: Order) -> Option<Msg> {
        match &mut self.acting {
            Some(acting) => {
                acting.order(order, state.looked_up(), &self.sender);
                None
            }
            None => {
                let why = crate::text::acting::EN.no_journal.to_owned();
                Some(Msg::Acted(Box::new(Report::Refused(why))))
            }
        }
    }

    /// A second has passed.
    pub fn tick(&mut self, state: &State) {
        if let Some(acting) = &mut self.acting {
            acting.tick(state, &self.sender);
        }
    }

    /// The person leaves.
    pub async fn leave(&mut self) {
        if let Some(acting) = self.acting.take() {
            acting.leave().await;
        }
    }

    /// Other servers from now on.
    pub fn use_clients(&mut self, clients: Clients, sources: &Sources) {
        if let Some(acting) = &mut self.acting {
            acting.use_clients(clients.clone(), sources);
        }
        self.clients = clients;
        // Servers that were left are asked no more.
        if let Some(inquiry) = self.inquiry.take() {
            inquiry.abort();
        }
        if let Some(following) = &mut self.following {
            following.stop();
        }
    }

    /// Starts what is due and aborts what nobody wants. Returns the wait until something is due next.
    pub fn pump(&mut self, state: &State) -> Option<Duration> {
        if state.epoch != self.epoch {
            let aborted = if state.context == self.context {
                self.schedule.reset_window()
            } else {
                self.schedule.reset()
            };
            // Answers of an older epoch are dropped by `update`, so nothing of it may stay in flight.
            for (key, (_, task)) in self.flying.drain() {
                task.abort();
                self.schedule.nothing_new(&key, 0);
            }
            drop(aborted);
            self.epoch = state.epoch;
            self.context.clone_from(&state.context);
            self.schedule.refresh(self.now_ms());
        }
        if let Some(following) = &mut self.following {
            following.want(demand::tail(state), &self.clients, &self.sender);
        }
        if let Some(acting) = &mut self.acting {
            acting.follow(state, &self.sender);
        }
        let now = self.now_ms();
        let wants = demand::wants(state);
        for want in &wants {
            // What the store has dropped, or never got, is not put off to its next turn.
            if !state.store.knows(&want.key) {
                self.schedule.unknown(&want.key, now);
            }
        }
        let Plan { start, abort } = self.schedule.plan(now, &wants);
        for key in abort {
            if let Some((_, task)) = self.flying.remove(&key) {
                task.abort();
            }
        }
        for key in start {
            match demand::ask(state, &key) {
                Some(ask) => self.spawn(key, ask),
                None => self.schedule.nothing_new(&key, now),
            }
        }
        let due = self.schedule.next_due(&wants)?;
        Some(Duration::from_millis(due.saturating_sub(self.now_ms())))
    }

    fn spawn(&mut self, key: Key, ask: Ask) {
        let (clients, sender, epoch) = (self.clients.clone(), self.sender.clone(), self.epoch);
        self.begun += 1;
        let id = self.begun;
        let task = tokio::spawn(async move {
            // A client that panics must not leave its pane asking for ever.
            let asked = ask.clone();
            let inner = tokio::spawn(async move { clients.ask(&asked).await });
            let abort = AbortOnDrop(inner.abort_handle());
            let outcome = inner.await.unwrap_or_else(|error| {
                Err(Fault::new(FaultKind::Setup, format!("internal error: {error}")))
            });
            drop(abort);
            // The loop has ended when nobody receives.
            let _ = sender.send(Back::Reply(Reply { id, ask, epoch, outcome })).await;
        });
        self.flying.insert(key, (id, task.abort_handle()));
    }

    /// Joins a long list on a thread where nothing waits for it.
    pub fn join(&mut self, joining: Joining) {
        let sender = self.sender.clone();
        let task = tokio::task::spawn_blocking(move || beside::run(joining));
        tokio::spawn(async move {
            // A join that panics must not hold back every answer after it.
            let msg = task.await.map_or(Msg::JoinLost, |joined| Msg::Joined(Box::new(joined)));
            // The loop has ended when nobody receives.
            let _ = sender.send(Back::Ready(msg)).await;
        });
    }

    /// Looks for an incident beside the loop.
    pub fn investigate(&mut self, inquiry: Inquiry, state: &State) {
        let from = match &state.bundle {
            Some(bundle) => From::Bundle(bundle.evidence.clone()),
            None => From::Servers(self.clients.clone(), self.journal.clone()),
        };
        let (sender, pack, now) = (self.sender.clone(), state.setup.pack.clone(), state.now);
        let number = inquiry.number;
        let course = Arc::new(Course::default());
        let mut looking = tokio::spawn(investigate(from, pack, inquiry, now, course.clone()));
        self.inquiry = Some(looking.abort_handle());
        tokio::spawn(async move {
            let mut told = Vec::new();
            let ended = loop {
                tokio::select! {
                    ended = &mut looking => break ended,
                    () = tokio::time::sleep(TOLD_EVERY) => {}
                }
                let heard = course.heard();
                if heard != told {
                    told.clone_from(&heard);
                    let _ = sender.send(Back::Ready(Msg::Heard { number, heard })).await;
                }
            };
            let outcome = match ended {
                Ok(outcome) => outcome,
                // The context that it was about has been left, and the state has forgotten it.
                Err(error) if error.is_cancelled() => return,
                // One that panics must not leave the view looking for ever.
                Err(error) => Err(format!("internal error: {error}")),
            };
            let msg = Msg::Investigated { number, outcome: Box::new(outcome) };
            // The loop has ended when nobody receives.
            let _ = sender.send(Back::Ready(msg)).await;
        });
    }

    /// Brings back what was done beside the loop.
    pub fn beside(&mut self, work: impl FnOnce() -> Msg + Send + 'static) {
        let sender = self.sender.clone();
        tokio::spawn(async move {
            if let Ok(msg) = tokio::task::spawn_blocking(work).await {
                // The loop has ended when nobody receives.
                let _ = sender.send(Back::Ready(msg)).await;
            }
        });
    }

    /// Makes everything due now.
    pub fn refresh(&mut self) {
        self.schedule.refresh(self.now_ms());
    }

    /// The next reply, as a message.
    pub async fn reply(&mut self) -> Option<Msg> {
        let reply = self.receiver.recv().await?;
        Some(self.take(reply))
    }

    /// A reply that is already there.
    pub fn ready_reply(&mut self) -> Option<Msg> {
        let reply = self.receiver.try_recv().ok()?;
        Some(self.take(reply))
    }

    fn take(&mut self, back: Back) -> Msg {
        let reply = match back {
            Back::Ready(msg) => return msg,
            Back::Reply(reply) => reply,
        };
        let key = reply.ask.key();
        if self.flying.get(&key).is_some_and(|(id, _)| *id == reply.id) {
            self.flying.remove(&key);
            let outcome = match &reply.outcome {
                Ok(_) => Outcome::Answered,
                Err(fault) => Outcome::Failed(fault.kind, fault.retry_after_ms),
            };
            self.schedule.finished(&key, self.now_ms(), outcome, fastrand::f64());
        }
        Msg::Answered {
            ask: reply.ask,
            epoch: reply.epoch,
            at: self.clock.now(),
            outcome: Box::new(reply.outcome),
        }
    }

    /// Whether nothing is in flight.
    pub fn is_idle(&self) -> bool {
        self.flying.is_empty()
    }
}

impl Drop for Tasks {
    fn drop(&mut self) {
        for (_, task) in self.flying.values() {
            task.abort();
        }
    }
}

/// Aborts the inner task when the outer one is aborted.
struct AbortOnDrop(AbortHandle);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}
