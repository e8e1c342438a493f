//! Carrying a run out: step by step, each begun and ended in the journal.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::{Notify, watch};

use super::collect::Collector;
use super::plan::{Plan, Planned, on_failure};
use super::steps::{self, Ended};
use crate::config::acting::Acting;
use crate::journal::{JournalError, Result};
use crate::model::records::{Run, RunState, Step, StepChange, StepState};
use crate::pack::playbook::{OnFailure, StepKind};
use crate::respond::Hands;
use crate::respond::notify::Place;
use crate::text::run::EN as WORDS;

/// Time between two signs of life.
const BEAT: Duration = Duration::from_secs(3);

/// What carries a run out.
#[derive(Clone)]
pub struct Carrier {
    /// Journal, servers, and who this process is.
    pub hands: Hands,
    /// Channels, people, commands.
    pub acting: Arc<Acting>,
    /// The place that speaks.
    pub place: Arc<Place>,
    /// Told when a letter was put in.
    pub letters: Arc<Notify>,
    /// What saves evidence.
    pub collector: Collector,
}

/// Whether the run goes on after a step.
enum Next {
    Step,
    End(RunState, String),
}

impl Carrier {
    /// Takes a run whose process gave no sign of life for `lost` and carries it out, until it is over or waits for a
    /// person. `Ok(None)` where somebody else has it.
    pub async fn carry(&self, id: &str, lost: TimeDelta) -> Result<Option<Run>> {
        let now = self.hands.clock.now();
        let (owner, run) = (self.hands.holder.clone(), id.to_owned());
        let taken = self
            .hands
            .read(move |journal| journal.write(|tx| tx.take_run(&run, &owner, now - lost, now)))
            .await?;
        let Some(run) = taken else { return Ok(None) };
        let plan: Plan = match serde_json::from_str(&run.spec) {
            Ok(plan) => plan,
            Err(error) => {
                let why = (WORDS.unreadable)(&error.to_string());
                return self.state(id, RunState::Failed, run.step, why).await.map(Some);
            }
        };
        let (stop, stopped) = watch::channel(false);
        let beating = tokio::spawn(self.clone().beat(id.to_owned(), stop));
        let ended = self.steps(id, &plan, stopped).await;
        beating.abort();
        match ended {
            // Another process has taken it: what it does counts.
            Err(JournalError::NotOwner { .. }) => Ok(None),
            other => other.map(Some),
        }
    }

    /// Gives signs of life, and hears a wish to stop.
    async fn beat(self, id: String, stop: watch::Sender<bool>) {
        loop {
            tokio::time::sleep(BEAT.min(Duration::from_millis(500))).await;
            let (owner, now, run) = (self.hands.holder.clone(), self.hands.clock.now(), id.clone());
            let beaten = self.hands.read(move |journal| {
                let known = journal.run(&run)?;
                // A sign of life is a write; between two of them a look is enough.
                let fresh = known
                    .as_ref()
                    .and_then(|run| run.heartbeat)
                    .is_some_and(|at| now - at < TimeDelta::seconds(3));
                if fresh { Ok(known) } else { journal.write(|tx| tx.run_beat(&run, &owner, now)).map(Some) }
            });
            match beaten.await {
                Ok(Some(run)) if run.stop_by.is_some() => {
                    stop.send_replace(true);
                }
                Ok(_) => {}
                Err(JournalError::NotOwner { .. }) => {
                    // It is no longer this process's: whatever is under way ends.
                    stop.send_replace(true);
                    return;
                }
                Err(error) => tracing::warn!(%error, "no sign of life could be given"),
            }
        }
    }

    async fn steps(&self, id: &str, plan: &Plan, mut stopped: watch::Receiver<bool>) -> Result<Run> {
        let run_id = id.to_owned();
        let known: Vec<Step> = self.hands.read(move |journal| journal.steps(&run_id)).await?;
        for (at, planned) in plan.steps.iter().enumerate() {
            let place = u32::try_from(at).unwrap_or(u32::MAX);
            let before = known.iter().find(|step| step.at == place);
            let next = match before.map(|step| step.state) {
                Some(StepState::Done | StepState::Skipped) => Next::Step,
                // It failed and the run went on.
                Some(StepState::Failed) if on_failure(planned) == OnFailure::Continue => Next::Step,
                Some(StepState::Unsure) if !planned.idempotent => {
                    let why = (WORDS.unsure)(at + 1, &planned.title);
                    Next::End(RunState::Waiting, why)
                }
                _ => self.step(id, plan, place, planned, before, &mut stopped).await?,
            };
            if let Next::End(state, why) = next {
                return self.state(id, state, place, why).await;
            }
        }
        let last = u32::try_from(plan.steps.len()).unwrap_or(u32::MAX);
        self.state(id, RunState::Done, last, String::new()).await
    }

    /// One step with its tries.
    async fn step(
        &self,
        id: &str,
        plan: &Plan,
        place: u32,
        planned: &Planned,
        before: Option<&Step>,
        stopped: &mut watch::Receiver<bool>,
    ) -> Result<Next> {
        if let Some(why) = &planned.left_out {
            self.change(id, place, StepState::Skipped, 0, "", why).await?;
            return Ok(Next::Step);
        }
        if planned.doing.kind() == StepKind::Confirm {
            // It stays pending, so that whoever answers finds it.
            return Ok(Next::End(RunState::Waiting, planned.doing.in_words()));
        }
        self.state(id, RunState::Running, place, String::new()).await?;
        let mut attempts = before.map_or(0, |step| step.attempts);
        let most = attempts + planned.retries + 1;
        loop {
            attempts += 1;
            self.change(id, place, StepState::Running, attempts, "", "").await?;
            let mut live = Live { carrier: self, id, place, attempts };
            let limit = Duration::from_secs(u64::from(planned.timeout_s));
            let ended = if *stopped.borrow() {
                Ended::Stopped(String::new())
            } else {
                steps::carry_out(self, id, plan, planned, limit, &mut live, stopped).await
            };
            match ended {
                Ended::Done(output) => {
                    self.change(id, place, StepState::Done, attempts, &output, "").await?;
                    return Ok(Next::Step);
                }
                Ended::Stopped(output) => {
                    self.change(id, place, StepState::Stopped, attempts, &output, WORDS.stopped).await?;
                    return Ok(Next::End(RunState::Stopped, WORDS.stopped.to_owned()));
                }
                Ended::Failed(output, why) => {
                    self.change(id, place, StepState::Failed, attempts, &output, &why).await?;
                    if attempts < most {
                        let wait = Duration::from_secs(u64::from(planned.retry_wait_s));
                        tokio::select! {
                            () = tokio::time::sleep(wait) => {}
                            () = told(stopped) => {}
                        }
                        continue;
                    }
                    let why = (WORDS.step_failed)(place as usize + 1, &planned.title, &why);
                    return Ok(match on_failure(planned) {
                        OnFailure::Continue => Next::Step,
                        OnFailure::Ask => Next::End(RunState::Waiting, why),
                        OnFailure::Stop => Next::End(RunState::Failed, why),
                    });
                }
            }
        }
    }

    async fn state(&self, id: &str, state: RunState, step: u32, why: String) -> Result<Run> {
        let (owner, now, run) = (self.hands.holder.clone(), self.hands.clock.now(), id.to_owned());
        self.hands
            .read(move |journal| journal.write(|tx| tx.run_state(&run, &owner, state, step, &why, now)))
            .await
    }

    async fn change(
        &self,
        id: &str,
        at: u32,
        state: StepState,
        attempts: u32,
        output: &str,
        error: &str,
    ) -> Result<()> {
        let (owner, now, run) = (self.hands.holder.clone(), self.hands.clock.now(), id.to_owned());
        let (output, error) = (output.to_owned(), error.to_owned());
        self.hands
            .read(move |journal| {
                let change = StepChange { state, attempts, output: &output, error: &error };
                journal.write(|tx| tx.run_step(&run, &owner, at, &change, now))
            })
            .await
    }
}

/// Waits until the run is to stop.
pub(super) async fn told(stopped: &mut watch::Receiver<bool>) {
    // The sender lives as long as the run is this process's; without one nobody can ask any more.
    if stopped.wait_for(|stop| *stop).await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Where a step's output goes while it is under way.
pub(super) struct Live<'c> {
    carrier: &'c Carrier,
    id: &'c str,
    place: u32,
    attempts: u32,
}

impl Live<'_> {
    /// What has been said so far.
    pub async fn said(&mut self, output: &str) {
        let told =
            self.carrier.change(self.id, self.place, StepState::Running, self.attempts, output, "").await;
        if let Err(error) = told {
            tracing::debug!(%error, "what a step says could not be written down");
        }
    }
}
