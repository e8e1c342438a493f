//! Playbooks that are looked at before they are run, and runs that are looked at while they go on.

use std::sync::Arc;

use super::acting::About;
use super::{Overlay, Prompt, State};
use crate::model::deed::Subject;
use crate::model::offer::Offer;
use crate::model::records::{Progress, Run, RunState, Step, StepState};

/// Playbooks that fit an alert or an incident, and the runs that go on there.
#[derive(Clone, Debug, PartialEq)]
pub struct OffersDialog {
    /// What they are looked for.
    pub subject: Subject,
    /// What fits; `None` while somebody looks.
    pub offers: Option<Vec<Offer>>,
    /// Runs that go on.
    pub runs: Vec<Run>,
    /// Which is in sight: the runs first.
    pub chosen: usize,
    /// Lines of its steps that are scrolled away.
    pub scroll: usize,
    /// What was typed to confirm it.
    pub typed: Prompt,
}

impl OffersDialog {
    /// What is looked for, and nothing of it is known.
    pub fn new(subject: Subject) -> Self {
        Self { subject, offers: None, runs: Vec::new(), chosen: 0, scroll: 0, typed: Prompt::default() }
    }

    /// How many there are to choose among.
    pub fn count(&self) -> usize {
        self.runs.len() + self.offers.as_ref().map_or(0, Vec::len)
    }

    /// The run in sight, if it is one.
    pub fn run(&self) -> Option<&Run> {
        self.runs.get(self.chosen)
    }

    /// The playbook in sight, if it is one.
    pub fn offer(&self) -> Option<&Offer> {
        self.offers.as_ref()?.get(self.chosen.checked_sub(self.runs.len())?)
    }
}

/// A run that is looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct RunDialog {
    /// Its id.
    pub id: Arc<str>,
    /// What it was looked for, to look for another.
    pub subject: Subject,
    /// How it stands; `None` before anybody has said.
    pub seen: Option<Progress>,
    /// Why nobody can tell how it stands now.
    pub trouble: Option<String>,
    /// What is typed: a word that tells it something.
    pub typed: Prompt,
    /// Lines of its output that are scrolled back from the end.
    pub back: usize,
}

/// What can be said to a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    /// It goes on: stop it.
    Stop,
    /// It asks a question.
    Question,
    /// A step failed, or nobody knows whether it took effect.
    Failed,
    /// It is over: look at the playbooks again.
    Over,
}

impl Says {
    /// The words that are understood.
    pub fn words(self) -> &'static [&'static str] {
        match self {
            Self::Stop => &["stop"],
            Self::Question => &["yes", "skip", "stop"],
            Self::Failed => &["repeat", "skip", "stop"],
            Self::Over => &["again"],
        }
    }
}

impl RunDialog {
    /// A run of which nothing is known yet.
    pub fn new(id: Arc<str>, subject: Subject) -> Self {
        Self { id, subject, seen: None, trouble: None, typed: Prompt::default(), back: 0 }
    }

    /// What can be said to it now.
    pub fn says(&self) -> Says {
        let Some(seen) = &self.seen else { return Says::Stop };
        match seen.run.state {
            RunState::Queued | RunState::Running => Says::Stop,
            RunState::Waiting if self.step().is_some_and(|step| &*step.kind == "confirm") => Says::Question,
            RunState::Waiting => Says::Failed,
            RunState::Done | RunState::Failed | RunState::Stopped | RunState::Lost => Says::Over,
        }
    }

    /// The step that is under way or comes next.
    pub fn step(&self) -> Option<&Step> {
        let seen = self.seen.as_ref()?;
        seen.steps.iter().find(|step| step.at == seen.run.step)
    }

    /// The step whose output is of interest: what is under way, else the last that said something.
    pub fn speaking(&self) -> Option<&Step> {
        let steps = &self.seen.as_ref()?.steps;
        let under_way = steps.iter().find(|step| step.state == StepState::Running);
        under_way
            .or_else(|| steps.iter().rev().find(|step| !step.output.is_empty() || !step.error.is_empty()))
    }
}

impl State {
    /// The run that is looked at.
    pub fn followed_run(&self) -> Option<&Arc<str>> {
        match &self.overlay {
            Some(Overlay::Dialog(dialog)) => match &dialog.about {
                About::Run(run) => Some(&run.id),
                _ => None,
            },
            _ => None,
        }
    }
}
