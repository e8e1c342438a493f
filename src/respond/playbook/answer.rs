//! A person's answer to a run that waits: to a question of the playbook, to a step that failed, or to one of which
//! nobody knows whether it took effect.

use super::plan::Plan;
use crate::journal::{JournalError, Result};
use crate::model::records::{NewRecord, Run, RunState, StepChange, StepState};
use crate::pack::playbook::StepKind;
use crate::respond::Hands;
use crate::text::run::EN as WORDS;

/// What a person says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Yes, to a question: go on.
    Yes,
    /// Do the step again.
    Repeat,
    /// Leave the step out and go on.
    Skip,
    /// End the run.
    Stop,
}

impl Answer {
    /// Its word on the command line and in the audit.
    pub const NAMES: [(&'static str, Self); 4] =
        [("yes", Self::Yes), ("repeat", Self::Repeat), ("skip", Self::Skip), ("stop", Self::Stop)];

    /// Its word.
    pub fn as_str(self) -> &'static str {
        Self::NAMES.iter().find(|(_, one)| *one == self).map_or("", |(word, _)| word)
    }
}

/// Writes an answer down; the run is then this process's, to be carried on. The error says why the answer does not
/// fit, and nothing has changed.
pub async fn answer(hands: &Hands, id: &str, answer: Answer) -> Result<Run> {
    said(hands, id, answer, true).await
}

/// The same with a word, and the run is nobody's: whoever is started for it takes it at once, and so does a watcher.
pub async fn answer_and_leave(hands: &Hands, id: &str, word: &str) -> Result<Run> {
    let known = Answer::NAMES.iter().find(|(name, _)| *name == word);
    let (_, answer) =
        known.ok_or_else(|| JournalError::Refused((WORDS.answers)("yes, repeat, skip, stop")))?;
    said(hands, id, *answer, false).await
}

async fn said(hands: &Hands, id: &str, answer: Answer, keep: bool) -> Result<Run> {
    let (owner, actor, now, id) =
        (hands.holder.clone(), hands.actor.clone(), hands.clock.now(), id.to_owned());
    hands
        .read(move |journal| {
            let run = journal.run(&id)?.ok_or_else(|| JournalError::Refused((WORDS.no_run)(&id)))?;
            if run.state != RunState::Waiting {
                return Err(JournalError::Refused((WORDS.does_not_wait)(&id, run.state.as_str())));
            }
            let plan: Plan = serde_json::from_str(&run.spec)
                .map_err(|error| JournalError::Refused((WORDS.unreadable)(&error.to_string())))?;
            let asks =
                plan.steps.get(run.step as usize).is_some_and(|step| step.doing.kind() == StepKind::Confirm);
            let fits = if asks { !matches!(answer, Answer::Repeat) } else { !matches!(answer, Answer::Yes) };
            if !fits {
                let words = if asks { "yes, skip, stop" } else { "repeat, skip, stop" };
                return Err(JournalError::Refused((WORDS.answers)(words)));
            }
            journal.write(|tx| {
                // Nobody carries out a run that waits, so it may be taken at once.
                let later = now + chrono::TimeDelta::seconds(1);
                tx.take_run(&id, &owner, later, now)?
                    .ok_or_else(|| JournalError::Refused((WORDS.no_run)(&id)))?;
                let said = (WORDS.answered)(answer.as_str(), &actor.operator);
                let step = |state, error| StepChange { state, attempts: 0, output: "", error };
                match answer {
                    Answer::Yes => {
                        let change = StepChange { output: &said, ..step(StepState::Done, "") };
                        tx.run_step(&id, &owner, run.step, &change, now)?;
                    }
                    Answer::Repeat => {
                        tx.run_step(&id, &owner, run.step, &step(StepState::Pending, &said), now)?;
                    }
                    Answer::Skip => {
                        tx.run_step(&id, &owner, run.step, &step(StepState::Skipped, &said), now)?;
                    }
                    Answer::Stop => {
                        tx.run_step(&id, &owner, run.step, &step(StepState::Stopped, &said), now)?;
                    }
                }
                let details = serde_json::json!({ "answer": answer.as_str(), "step": run.step + 1 });
                tx.audit(&NewRecord::done("playbook.answer", &id).with(details), &actor, now)?;
                let state = if answer == Answer::Stop { RunState::Stopped } else { RunState::Running };
                let why = if answer == Answer::Stop { said.as_str() } else { "" };
                let stands = tx.run_state(&id, &owner, state, run.step, why, now)?;
                if keep || stands.state.is_over() { Ok(stands) } else { tx.leave_run(&id, &owner, now) }
            })
        })
        .await
}
