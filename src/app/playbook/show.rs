//! What there is: playbooks, what they would do, runs.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::json;

use super::super::lists::table;
use super::Bench;
use crate::cli::{Exit, ListFormat, Output};
use crate::journal::RunFilter;
use crate::pack::Playbook;
use crate::pack::playbook::{Case, Conditions};
use crate::respond::playbook::{Facts, Plan, reasons};
use crate::text::playbook_command::EN as WORDS;

/// `playbook list`
pub(super) fn list(
    bench: &Bench<'_>,
    incident: Option<&str>,
    format: ListFormat,
    out: &mut Output<'_>,
) -> Result<Exit, Exit> {
    let rows: Vec<(&Playbook, String)> = match incident {
        None => {
            let read = bench.library.iter().filter_map(|(_, entry)| entry.read.as_ref().ok());
            read.map(|playbook| (playbook, conditions(&playbook.fits))).collect()
        }
        Some(id) => {
            let (incident, alerts) = bench.incident(id, out)?;
            let case = Case { severity: incident.severity, category: &incident.category, alerts: &alerts };
            bench
                .library
                .fitting(&case)
                .into_iter()
                .map(|(playbook, fit)| (playbook, reasons(&fit)))
                .collect()
        }
    };
    for (name, entry) in bench.library.iter() {
        if let Err(problems) = &entry.read {
            out.say(&(WORDS.broken)(name, problems.len()));
        }
    }
    match format {
        ListFormat::Table => {
            let lines: Vec<[String; 4]> = rows
                .iter()
                .map(|(one, why)| {
                    [one.name.clone(), one.steps.len().to_string(), one.title.clone(), why.clone()]
                })
                .collect();
            out.result(&crate::cli::output::harmless(&table(&WORDS.columns, &lines)));
        }
        ListFormat::Json => {
            let all: Vec<_> = rows
                .iter()
                .map(|(one, why)| {
                    json!({ "name": one.name, "title": one.title, "about": one.about, "steps": one.steps.len(), "fits": why })
                })
                .collect();
            out.result(&format!("{}\n", serde_json::Value::from(all)));
        }
    }
    if bench.library.broken() > 0 {
        return Ok(Exit::Usage);
    }
    if rows.is_empty() {
        out.say(WORDS.none_fits);
        return Ok(Exit::Negative);
    }
    Ok(Exit::Done)
}

/// `playbook show`
pub(super) fn one(bench: &Bench<'_>, name: &str, out: &mut Output<'_>) -> Result<Exit, Exit> {
    let playbook = bench.playbook(name, out)?;
    let mut text = format!("{}\n{}\n", playbook.title, playbook.about);
    let _ = writeln!(text, "{}", (WORDS.fits)(&conditions(&playbook.fits)));
    for (name, param) in &playbook.params {
        let default = param.default.as_ref().map(|text| format!(" = {text}")).unwrap_or_default();
        let _ = writeln!(text, "  {name}{default}  {}", param.about);
    }
    let facts = Facts::without_incident(&bench.loaded.config.operator);
    let plan = Plan::asked_for(playbook, &facts, &BTreeMap::new(), &bench.loaded.config.acting);
    text.push_str(&steps(bench, playbook, &plan));
    out.result(&crate::cli::output::harmless(&text));
    Ok(Exit::Done)
}

/// The steps of a plan, each with what it does.
pub(super) fn steps(bench: &Bench<'_>, playbook: &Playbook, plan: &Plan) -> String {
    let automatic = &bench.parts.pack.response.automatic;
    let mut text = String::new();
    for (at, planned) in plan.steps.iter().enumerate() {
        let step = playbook.steps.get(at);
        let by_itself = step
            .is_some_and(|step| step.automatic.unwrap_or_else(|| automatic.contains(&step.action.kind())));
        let marks: Vec<&str> = [(planned.dangerous, WORDS.dangerous), (by_itself, WORDS.by_itself)]
            .into_iter()
            .filter_map(|(holds, word)| holds.then_some(word))
            .collect();
        let title = if marks.is_empty() {
            planned.title.clone()
        } else {
            format!("{} ({})", planned.title, marks.join(", "))
        };
        text.push_str(&(WORDS.step)(at + 1, &title, &planned.in_words()));
        text.push('\n');
    }
    text
}

/// `playbook check`
pub(super) fn check(bench: &Bench<'_>, name: Option<&str>, out: &mut Output<'_>) -> Result<Exit, Exit> {
    if let Some(name) = name
        && bench.library.get(name).is_none()
    {
        return bench.playbook(name, out).map(|_| Exit::Done);
    }
    let mut exit = Exit::Done;
    let mut fine = 0;
    for (known, entry) in bench.library.iter().filter(|(known, _)| name.is_none_or(|name| name == *known)) {
        match &entry.read {
            Err(problems) => {
                for problem in problems {
                    out.result(&crate::cli::output::harmless(&problem.to_string()));
                }
                exit = Exit::Usage;
            }
            Ok(playbook) => {
                // Facts come from an incident; here only what the configuration lacks is of interest.
                let lacking = lacking(bench, playbook);
                if lacking.is_empty() {
                    fine += 1;
                } else {
                    for (at, why) in lacking {
                        let line = format!("{known}: {}\n", (WORDS.step_cannot)(at + 1, &why));
                        out.result(&crate::cli::output::harmless(&line));
                    }
                    if exit == Exit::Done {
                        exit = Exit::Negative;
                    }
                }
            }
        }
    }
    if exit == Exit::Done {
        let line = name.map_or_else(|| (WORDS.all_fine)(fine), |name| (WORDS.fine)(name));
        out.result(&format!("{line}\n"));
    }
    Ok(exit)
}

/// Commands that are not bound, and levels that nobody is reached at.
fn lacking(bench: &Bench<'_>, playbook: &Playbook) -> Vec<(usize, String)> {
    use crate::pack::playbook::Action;
    let acting = &bench.loaded.config.acting;
    let all = playbook.steps.iter().enumerate();
    all.filter_map(|(at, step)| match &step.action {
        Action::Command { command, with } => match acting.commands.get(command) {
            None => Some((at, (crate::text::run::EN.unbound)(command))),
            Some(bound) => {
                let unknown = with.keys().find(|name| !bound.params.contains_key(*name));
                unknown.map(|name| (at, (crate::text::run::EN.unknown_param)(command, name)))
            }
        },
        Action::Notify { .. } if acting.channels.is_empty() => {
            Some((at, crate::text::run::EN.nobody_reached.to_owned()))
        }
        _ => None,
    })
    .collect()
}

/// `playbook runs`
pub(super) fn runs(
    bench: &Bench<'_>,
    all: bool,
    format: ListFormat,
    out: &mut Output<'_>,
) -> Result<Exit, Exit> {
    let filter = RunFilter { over: all, incident: None, limit: 200 };
    let runs = match bench.journal(out)? {
        None => Vec::new(),
        Some(journal) => journal.runs(&filter).map_err(|error| {
            out.say(&error.to_string());
            Exit::Unreachable
        })?,
    };
    match format {
        ListFormat::Json => out.result(&format!("{}\n", serde_json::to_string(&runs).unwrap_or_default())),
        ListFormat::Table => {
            let lines: Vec<[String; 6]> = runs
                .iter()
                .map(|run| {
                    [
                        run.id.to_string(),
                        run.playbook.to_string(),
                        run.state.as_str().to_owned(),
                        (run.step + 1).to_string(),
                        run.incident.as_deref().unwrap_or("").to_owned(),
                        run.owner.as_deref().unwrap_or("").to_owned(),
                    ]
                })
                .collect();
            out.result(&crate::cli::output::harmless(&table(&WORDS.run_columns, &lines)));
        }
    }
    Ok(if runs.is_empty() { Exit::Negative } else { Exit::Done })
}

/// When it fits, in words.
fn conditions(all: &Conditions) -> String {
    let mut parts = Vec::new();
    if !all.severities.is_empty() {
        parts.push(all.severities.iter().map(|one| one.as_str()).collect::<Vec<_>>().join(" or "));
    }
    if !all.categories.is_empty() {
        parts.push(all.categories.join(" or "));
    }
    if !all.alerts.is_empty() {
        parts.push(all.alerts.join(" or "));
    }
    parts.extend(all.labels.iter().map(ToString::to_string));
    if parts.is_empty() { WORDS.fits_nothing.to_owned() } else { parts.join(", ") }
}
