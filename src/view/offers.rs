//! The dialogs of playbooks and of their runs, as data.

use super::clock;
use super::vm::{DialogFieldVm, DialogVm, Level};
use crate::model::deed::Subject;
use crate::model::records::{Progress, Run, RunState, Step, StepState};
use crate::state::playbooks::{OffersDialog, RunDialog};
use crate::state::{Prompt, State};
use crate::text::offers::{EN as WORDS, Enter};

/// Builds the dialog of what fits.
pub fn dialog(dialog: &OffersDialog) -> DialogVm {
    let mut vm = DialogVm {
        title: (WORDS.title)(about(&dialog.subject)),
        keys: WORDS.keys_none.to_owned(),
        scroll: dialog.scroll,
        ..DialogVm::default()
    };
    let count = dialog.count();
    if let Some(run) = dialog.run() {
        vm.about.push((WORDS.one)(dialog.chosen + 1, count, &(WORDS.running)(&run.id, &run.playbook)));
        vm.about.push((WORDS.running_at)(run.state, run.step + 1));
        WORDS.keys_run.clone_into(&mut vm.keys);
        return vm;
    }
    if dialog.offers.is_none() {
        vm.about.push(WORDS.looking.to_owned());
        return vm;
    }
    let Some(offer) = dialog.offer() else {
        vm.about.push(WORDS.none.to_owned());
        return vm;
    };
    let named = dialog.typed.text.trim() == offer.name;
    let enter = match (offer.troubles.is_empty(), offer.dangerous && !named) {
        (false, _) => Enter::Refused,
        (true, true) => Enter::AfterName,
        (true, false) => Enter::Runs,
    };
    vm.keys = (WORDS.keys)(enter, count > 1);
    vm.about.push((WORDS.one)(dialog.chosen + 1, count, &offer.title));
    vm.about.push((WORDS.fits)(&offer.name, &offer.why));
    vm.about.push(
        offer.incident.as_ref().map_or_else(|| WORDS.no_incident.to_owned(), |id| (WORDS.incident)(id)),
    );
    let rows = offer.steps.iter().enumerate().map(|(at, step)| {
        let mark = if step.dangerous { WORDS.dangerous } else { "" };
        [format!("{}{mark}", at + 1), step.title.clone(), step.what.clone()]
    });
    vm.table = Some((WORDS.heads.map(str::to_owned), rows.collect()));
    vm.whole = true;
    if offer.troubles.is_empty() {
        if offer.dangerous {
            vm.fields.push(field(WORDS.confirm, &dialog.typed, (WORDS.type_name)(&offer.name)));
        }
        vm.said.push((Level::Ok, WORDS.will.to_owned()));
    } else {
        vm.said.push((Level::Ok, WORDS.cannot.to_owned()));
    }
    vm.said.extend(offer.troubles.iter().map(|(step, why)| (Level::Warning, (WORDS.trouble)(*step, why))));
    vm
}

fn about(subject: &Subject) -> &str {
    match subject {
        Subject::Alert(_, labels) => labels.get("alertname").unwrap_or(""),
        Subject::Incident(_, title) => title,
        Subject::Cause(cause) => &cause.title,
    }
}

fn field(label: &str, typed: &Prompt, placeholder: String) -> DialogFieldVm {
    DialogFieldVm {
        label: label.to_owned(),
        text: typed.text.clone(),
        placeholder,
        cursor: Some(typed.cursor),
        ..DialogFieldVm::default()
    }
}

/// Builds the dialog of a run.
pub fn run(state: &State, dialog: &RunDialog) -> DialogVm {
    let playbook = dialog.seen.as_ref().map_or("", |seen| &*seen.run.playbook);
    let mut vm = DialogVm {
        title: (WORDS.run_title)(&dialog.id, playbook),
        keys: WORDS.run_keys.to_owned(),
        ..DialogVm::default()
    };
    if let Some(seen) = &dialog.seen {
        let Progress { run, steps, limits_s } = seen;
        vm.about.push((WORDS.stands)(
            run.state,
            run.step + 1,
            steps.len(),
            &run.who,
            &clock::near(state, run.at),
        ));
        let rows = steps.iter().map(|step| [mark(step), how(state, step, limits_s), step.title.to_string()]);
        vm.table = Some((WORDS.run_heads.map(str::to_owned), rows.collect()));
        // The step that is under way stays in sight, with the one before it.
        vm.scroll = (run.step as usize).saturating_sub(1);
        vm.output = dialog.speaking().map(|step| output(step, dialog.back));
        vm.said.extend(said(state, run));
    }
    if let Some(why) = &dialog.trouble {
        vm.said.push((Level::Critical, (WORDS.unknown)(why)));
    } else if dialog.seen.is_none() {
        vm.about.push(WORDS.looking.to_owned());
    }
    vm.fields.push(field(WORDS.say, &dialog.typed, (WORDS.say_words)(dialog.says().words())));
    vm
}

fn mark(step: &Step) -> String {
    (step.at + 1).to_string()
}

/// How a step stands, and how long it took, or takes at most.
fn how(state: &State, step: &Step, limits_s: &[u32]) -> String {
    let took = match (step.started_at, step.ended_at) {
        (Some(from), Some(until)) => clock::age((until - from).num_seconds()),
        (Some(from), None) if step.state == StepState::Running => {
            let limit = limits_s.get(step.at as usize).map(|limit| clock::age(i64::from(*limit)));
            (WORDS.takes)(&clock::age((state.now - from).num_seconds().max(0)), limit.as_deref())
        }
        _ => String::new(),
    };
    (WORDS.step)(step.state, &took, step.attempts)
}

/// What a step says, and why it failed.
fn output(step: &Step, back: usize) -> (String, Vec<String>, usize) {
    let head = if back > 0 { (WORDS.output_back)(step.at + 1, back) } else { (WORDS.output)(step.at + 1) };
    let mut lines: Vec<String> = step.output.lines().map(str::to_owned).collect();
    if !step.error.is_empty() {
        lines.push(step.error.to_string());
    }
    if lines.is_empty() {
        lines.push(WORDS.no_output.to_owned());
    }
    (head, lines, back)
}

/// What it waits for, and who has it.
fn said(state: &State, run: &Run) -> Vec<(Level, String)> {
    let mut said = Vec::new();
    if !run.error.is_empty() {
        let level = if run.state == RunState::Stopped { Level::Ok } else { Level::Warning };
        said.push((level, run.error.to_string()));
    }
    if run.state.is_over() {
        return said;
    }
    if let Some(who) = &run.stop_by {
        said.push((Level::Warning, (WORDS.stop_asked)(who)));
    }
    if run.state == RunState::Waiting {
        said.push((Level::Ok, WORDS.waits.to_owned()));
        return said;
    }
    let watcher = state.acting.held.as_ref().is_some_and(|held| held.watcher);
    let words = match run.owner.as_deref() {
        None => WORDS.not_carried.to_owned(),
        Some(owner) if owner.starts_with("console ") => (WORDS.carried_here)(watcher),
        // The random end of the name tells processes of one number apart; a person does not need it.
        Some(owner) => (WORDS.carried)(owner.rsplit_once('-').map_or(owner, |(name, _)| name), watcher),
    };
    said.push((Level::Ok, words));
    said
}
