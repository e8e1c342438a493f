//! Showing a run while it goes on: what stands in the journal, whoever carries it out.

use std::collections::BTreeMap;
use std::time::Duration;

use super::Bench;
use crate::cli::{Exit, Output, detached};
use crate::journal::JournalError;
use crate::model::records::{Run, RunState, Step, StepState};
use crate::text::playbook_command::EN as WORDS;

/// Time between two looks.
const PACE: Duration = Duration::from_millis(200);

/// `playbook follow`
pub(super) fn follow(bench: &Bench<'_>, id: &str, out: &mut Output<'_>) -> Result<Exit, Exit> {
    let Some(journal) = bench.journal(out)? else {
        out.say(&(WORDS.no_run)(id));
        return Err(Exit::Usage);
    };
    let mut shown: BTreeMap<u32, (StepState, usize)> = BTreeMap::new();
    loop {
        let read = journal.run(id).and_then(|run| Ok((run, journal.steps(id)?)));
        let (run, steps) = match read {
            Ok((Some(run), steps)) => (run, steps),
            Ok((None, _)) => {
                out.say(&(WORDS.no_run)(id));
                return Err(Exit::Usage);
            }
            // Another process writes just now.
            Err(JournalError::Locked | JournalError::Busy) => {
                detached::pause(PACE);
                continue;
            }
            Err(error) => {
                out.say(&error.to_string());
                return Err(Exit::Unreachable);
            }
        };
        for step in &steps {
            told(step, &mut shown, out);
        }
        if run.state.is_over() || run.state == RunState::Waiting {
            return Ok(ended(&run, out));
        }
        detached::pause(PACE);
    }
}

/// Tells what is new of a step: that it began, what it says, how it ended.
fn told(step: &Step, shown: &mut BTreeMap<u32, (StepState, usize)>, out: &mut Output<'_>) {
    if step.state == StepState::Pending {
        return;
    }
    let before = shown.get(&step.at).copied();
    if before.is_none() {
        out.result(&crate::cli::output::harmless(&format!("{}. {}\n", step.at + 1, step.title)));
    }
    // Only the end of a long output is kept, so what is new may be all of it.
    let known = before.map_or(0, |(_, length)| length);
    let fresh = step.output.get(known..).unwrap_or(&step.output);
    for line in fresh.lines() {
        out.result(&crate::cli::output::harmless(&format!("   | {line}\n")));
    }
    if before.map(|(state, _)| state) != Some(step.state) && step.state != StepState::Running {
        let why = if step.error.is_empty() { String::new() } else { format!(": {}", step.error) };
        out.result(&crate::cli::output::harmless(&format!("   {}{why}\n", step.state.as_str())));
    }
    shown.insert(step.at, (step.state, step.output.len()));
    out.flush();
}

/// Says how a run stands, and gives its status.
pub(super) fn ended(run: &Run, out: &mut Output<'_>) -> Exit {
    out.say(&(WORDS.stands)(&run.id, run.state.as_str(), &run.error));
    match run.state {
        RunState::Done => Exit::Done,
        RunState::Waiting => {
            out.say(&(WORDS.how_to_answer)(&run.id));
            Exit::Incomplete
        }
        RunState::Queued | RunState::Running => {
            out.say(&(WORDS.left)(&run.id));
            Exit::Incomplete
        }
        RunState::Failed | RunState::Stopped | RunState::Lost => Exit::Negative,
    }
}
