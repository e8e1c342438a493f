//! Runs of playbooks.

use std::sync::Arc;

use serde::Serialize;

use super::word::words;
use crate::model::Time;

words! {
    /// Where a run stands.
    RunState {
        /// Nobody has begun it.
        Queued = "queued",
        /// Its owner carries it out.
        Running = "running",
        /// It waits for a person.
        Waiting = "waiting",
        /// Every step is done.
        Done = "done",
        /// A step failed.
        Failed = "failed",
        /// A person stopped it.
        Stopped = "stopped",
        /// Its owner died in a step that must not be repeated by itself.
        Lost = "lost",
    }
}

impl RunState {
    /// Whether nothing more will happen in it.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Stopped | Self::Lost)
    }
}

words! {
    /// Where a step stands.
    StepState {
        /// Not begun.
        Pending = "pending",
        /// Under way.
        Running = "running",
        /// Done.
        Done = "done",
        /// Failed.
        Failed = "failed",
        /// Left out.
        Skipped = "skipped",
        /// Stopped by a person.
        Stopped = "stopped",
        /// Under way when its owner died: whether it took effect is not known.
        Unsure = "unsure",
    }
}

/// A run of a playbook.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Run {
    /// `RUN-YYYYMMDDHHMMSS` of the moment it was asked for, UTC; `-2` and so on where that is taken.
    pub id: Arc<str>,
    /// The playbook.
    pub playbook: Box<str>,
    /// The incident it belongs to.
    pub incident: Option<Arc<str>>,
    /// The playbook as it was then, JSON of whoever runs it.
    pub spec: Box<str>,
    /// Where it stands.
    pub state: RunState,
    /// The step that is under way or comes next, from 0.
    pub step: u32,
    /// Who asked for it.
    pub who: Box<str>,
    /// When.
    pub at: Time,
    /// The process that carries it out: host and process number.
    pub owner: Option<Box<str>>,
    /// Last sign of life of that process.
    pub heartbeat: Option<Time>,
    /// Who asked for it to stop.
    pub stop_by: Option<Box<str>>,
    /// Why it is over, where it is not simply done; empty else.
    pub error: Box<str>,
    /// When it was over.
    pub ended_at: Option<Time>,
    /// Last change.
    pub updated_at: Time,
}

/// A run to be begun.
#[derive(Clone, Debug, PartialEq)]
pub struct NewRun {
    /// The playbook.
    pub playbook: Box<str>,
    /// The incident it belongs to.
    pub incident: Option<Arc<str>>,
    /// The playbook as it is now, JSON of whoever runs it.
    pub spec: Box<str>,
    /// Its steps.
    pub steps: Vec<NewStep>,
    /// Where an unfinished run of this key is there, that one is meant. `None` always begins.
    pub dedup: Option<Box<str>>,
    /// The process that carries it out from the start; `None` leaves it to whoever takes it.
    pub owner: Option<Box<str>>,
}

/// A step of a run to be begun.
#[derive(Clone, Debug, PartialEq)]
pub struct NewStep {
    /// Kind of step.
    pub kind: Box<str>,
    /// What it does, in a few words.
    pub title: Box<str>,
}

/// A step of a run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Step {
    /// The run.
    pub run: Arc<str>,
    /// Place in the run, from 0.
    pub at: u32,
    /// Kind of step.
    pub kind: Box<str>,
    /// What it does.
    pub title: Box<str>,
    /// Where it stands.
    pub state: StepState,
    /// Tries so far.
    pub attempts: u32,
    /// When it began.
    pub started_at: Option<Time>,
    /// When it was over.
    pub ended_at: Option<Time>,
    /// What it said: the end of it, masked.
    pub output: Box<str>,
    /// What went wrong; empty where nothing.
    pub error: Box<str>,
}

/// A run with its steps, as it stands now.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Progress {
    /// The run.
    pub run: Run,
    /// Its steps, in order.
    pub steps: Vec<Step>,
    /// Longest time of one try of each step, seconds; none where its plan cannot be read.
    pub limits_s: Vec<u32>,
}

/// A change of a step.
#[derive(Clone, Debug, PartialEq)]
pub struct StepChange<'a> {
    /// Where it stands now.
    pub state: StepState,
    /// Tries so far.
    pub attempts: u32,
    /// What it said so far; only its end is kept.
    pub output: &'a str,
    /// What went wrong; empty where nothing.
    pub error: &'a str,
}
