//! Running a playbook: the plan, the confirmation, the process that carries it out.

use std::collections::BTreeMap;
use std::io::IsTerminal;

use super::super::block_on;
use super::{Bench, carry, follow, show};
use crate::cli::playbook::RunArgs;
use crate::cli::{Exit, Output, detached};
use crate::journal::JournalError;
use crate::respond::playbook::{Answer, Plan, answer as write_answer};
use crate::text::playbook_command::EN as WORDS;

/// `playbook run`
pub(super) fn run(bench: &Bench<'_>, args: &RunArgs, out: &mut Output<'_>) -> Result<Exit, Exit> {
    let playbook = bench.playbook(&args.name, out)?;
    let given: BTreeMap<String, String> = args
        .set
        .iter()
        .map(|(name, value)| (name.clone(), crate::privacy::safe_line(value).into_string()))
        .collect();
    if let Some(unknown) = given.keys().find(|name| !playbook.params.contains_key(*name)) {
        out.say(&(crate::text::run::EN.unknown_param)(&args.name, unknown));
        return Err(Exit::Usage);
    }
    let facts = bench.facts(args.incident.as_deref(), out)?;
    let plan = Plan::asked_for(playbook, &facts, &given, &bench.loaded.config.acting);
    let shown = crate::cli::output::harmless(&show::steps(bench, playbook, &plan));
    let troubles = plan.troubles();
    if args.dry_run {
        out.result(&shown);
    }
    if !troubles.is_empty() {
        for (at, why) in &troubles {
            out.say(&(WORDS.step_cannot)(at + 1, why));
        }
        out.say(&(WORDS.cannot)(troubles.len()));
        return Err(Exit::Usage);
    }
    if args.dry_run {
        out.say(WORDS.dry);
        return Ok(Exit::Done);
    }
    let hands = bench.hands(out)?;
    if plan.is_dangerous() {
        confirmed(args, &shown, out)?;
    }
    let incident = args.incident.as_deref().map(std::sync::Arc::from);
    // One run of a playbook for an incident at a time.
    let dedup = args.incident.as_ref().map(|id| format!("{id}:{}", args.name).into());
    let new = plan.new_run(incident, dedup);
    let (actor, now) = (hands.actor.clone(), hands.clock.now());
    let begun =
        block_on(hands.read(move |journal| journal.write(|tx| tx.begin_run(&new, &actor, now))), out)?;
    let (begun, is_new) = begun.map_err(|error| journal_said(&error, out))?;
    if !is_new {
        out.say(&(WORDS.goes_on)(&begun.id));
        return Ok(Exit::Negative);
    }
    if args.detach {
        launch(bench, &begun.id, out);
        out.result(&format!("{}\n", begun.id));
        return Ok(Exit::Done);
    }
    out.result(&format!("{}\n", begun.id));
    out.flush();
    go_on(bench, &begun.id, out)
}

/// Has a run carried out, and shows it.
fn go_on(bench: &Bench<'_>, id: &str, out: &mut Output<'_>) -> Result<Exit, Exit> {
    // What is tried out in an embedded place lives in this process alone.
    if bench.parts.embedded.is_some() {
        return carry(bench, id, out);
    }
    launch(bench, id, out);
    follow::follow(bench, id, out)
}

/// `playbook stop`
pub(super) fn stop(bench: &Bench<'_>, id: &str, out: &mut Output<'_>) -> Result<Exit, Exit> {
    let hands = bench.hands(out)?;
    let stopped = block_on(crate::respond::playbook::stop(&hands, id), out)?;
    let run = stopped.map_err(|error| journal_said(&error, out))?;
    out.result(&format!("{}\n", (WORDS.stands)(&run.id, run.state.as_str(), &run.error)));
    Ok(Exit::Done)
}

/// `playbook resume`
pub(super) fn resume(bench: &Bench<'_>, id: &str, out: &mut Output<'_>) -> Result<Exit, Exit> {
    bench.hands(out)?;
    go_on(bench, id, out)
}

/// `playbook answer`
pub(super) fn answer(bench: &Bench<'_>, id: &str, said: Answer, out: &mut Output<'_>) -> Result<Exit, Exit> {
    let hands = bench.hands(out)?;
    let answered = block_on(write_answer(&hands, id, said), out)?;
    let run = answered.map_err(|error| journal_said(&error, out))?;
    if run.state.is_over() {
        return Ok(follow::ended(&run, out));
    }
    // This process has the run now, so it carries it on itself: a detached one could only wait for it to die.
    super::carry_as(bench, &hands, id, out)
}

fn journal_said(error: &JournalError, out: &mut Output<'_>) -> Exit {
    out.say(&error.to_string());
    match error {
        JournalError::Refused(_) | JournalError::Missing { .. } => Exit::Usage,
        _ => Exit::Unreachable,
    }
}

/// Has the person type the playbook's name, unless it came along.
fn confirmed(args: &RunArgs, shown: &str, out: &mut Output<'_>) -> Result<(), Exit> {
    let typed = match &args.confirm {
        Some(name) => name.clone(),
        None if std::io::stdin().is_terminal() => {
            out.say(shown);
            out.say(&(WORDS.type_name)(&args.name));
            let mut line = String::new();
            std::io::stdin().read_line(&mut line).map_err(|_| Exit::Usage)?;
            line
        }
        None => {
            out.say(&(WORDS.no_terminal)(&args.name));
            return Err(Exit::Usage);
        }
    };
    if typed.trim() == args.name {
        return Ok(());
    }
    out.say(WORDS.not_confirmed);
    Err(Exit::Usage)
}

/// Starts a process of its own for a run: it outlives this one and its terminal.
fn launch(bench: &Bench<'_>, id: &str, out: &mut Output<'_>) {
    let arguments = bench.global.again().into_iter().chain(["playbook", "carry", id].map(Into::into));
    match detached::start(arguments) {
        Ok(process) => out.say(&(WORDS.begun)(id, process)),
        Err(error) => out.say(&(WORDS.no_carrier)(&error.to_string())),
    }
}
