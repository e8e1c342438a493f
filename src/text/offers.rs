//! Words of the dialogs of playbooks and their runs.

use crate::model::records::{RunState, StepState};

/// What Enter does to the playbook in sight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Enter {
    /// It runs it.
    Runs,
    /// It runs it once its name is typed.
    AfterName,
    /// Nothing: something is to be mended first.
    Refused,
}

/// What they say.
#[derive(Debug)]
pub struct OffersText {
    /// Title: the alert or incident.
    pub title: fn(&str) -> String,
    /// The journal is asked.
    pub looking: &'static str,
    /// Nothing fits.
    pub none: &'static str,
    /// Heads of the steps.
    pub heads: [&'static str; 3],
    /// A playbook among others: place, all, title.
    pub one: fn(usize, usize, &str) -> String,
    /// Name and why it fits.
    pub fits: fn(&str, &str) -> String,
    /// The incident that it is for.
    pub incident: fn(&str) -> String,
    /// The alert belongs to none.
    pub no_incident: &'static str,
    /// A dangerous step.
    pub dangerous: &'static str,
    /// Label of the field.
    pub confirm: &'static str,
    /// What is to be typed.
    pub type_name: fn(&str) -> String,
    /// It cannot be run: step, why.
    pub trouble: fn(usize, &str) -> String,
    /// What happens.
    pub will: &'static str,
    /// It cannot be run before something is mended.
    pub cannot: &'static str,
    /// Enter was refused: step, why.
    pub refused: fn(usize, &str) -> String,
    /// Keys of a playbook.
    pub keys: fn(Enter, bool) -> String,
    /// Keys where there is nothing to be done.
    pub keys_none: &'static str,
    /// A run that goes on: id, playbook.
    pub running: fn(&str, &str) -> String,
    /// What it does: state, step.
    pub running_at: fn(RunState, u32) -> String,
    /// Keys on a run.
    pub keys_run: &'static str,
    /// A run has begun: id, who carries it out.
    pub begun: fn(&str, &str) -> String,
    /// Another run of it goes on.
    pub goes_on: fn(&str) -> String,
    /// It was not typed.
    pub not_typed: fn(&str) -> String,
    /// This process carries it out.
    pub here: &'static str,
    /// A process of its own.
    pub process: fn(u32) -> String,
    /// A run was asked to stop.
    pub stopping: fn(&str) -> String,
    /// A run has stopped.
    pub stopped: fn(&str) -> String,
    /// A run goes on after an answer: id, who carries it out.
    pub goes_on_by: fn(&str, &str) -> String,
    /// Title of a run: its id, playbook.
    pub run_title: fn(&str, &str) -> String,
    /// How it stands: state, step, steps, who asked for it, since when.
    pub stands: fn(RunState, u32, usize, &str, &str) -> String,
    /// Heads of its steps.
    pub run_heads: [&'static str; 3],
    /// How a step stands: its state, how long it took or takes, tries.
    pub step: fn(StepState, &str, u32) -> String,
    /// How long it takes so far, and at most.
    pub takes: fn(&str, Option<&str>) -> String,
    /// Over the output: number of the step.
    pub output: fn(u32) -> String,
    /// The same, scrolled back by so many lines.
    pub output_back: fn(u32, usize) -> String,
    /// A step that says nothing.
    pub no_output: &'static str,
    /// Who carries it out, and what happens when they end: the process, whether a watcher runs.
    pub carried: fn(&str, bool) -> String,
    /// Nobody carries it out yet.
    pub not_carried: &'static str,
    /// This console carries it out: whether a watcher runs.
    pub carried_here: fn(bool) -> String,
    /// Somebody asked for it to stop.
    pub stop_asked: fn(&str) -> String,
    /// It waits for a person, whoever looks.
    pub waits: &'static str,
    /// Label of the field in which something is said to a run.
    pub say: &'static str,
    /// What can be said.
    pub say_words: fn(&[&str]) -> String,
    /// Another word was typed.
    pub no_word: fn(&str, &[&str]) -> String,
    /// Keys of a run.
    pub run_keys: &'static str,
    /// Nobody can tell how it stands: why.
    pub unknown: fn(&str) -> String,
}

fn any_of(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [all @ .., last] => format!("{} or {last}", all.join(", ")),
    }
}

fn taken_up(watcher: bool) -> &'static str {
    if watcher {
        "a watcher takes it up within 20 s"
    } else {
        "no watcher takes it up: plantao playbook resume does"
    }
}

/// English.
pub const EN: OffersText = OffersText {
    title: |about| format!("Playbooks for {about}"),
    looking: "looking what fits …",
    none: "no playbook fits",
    heads: ["", "STEP", "WHAT IT WILL DO"],
    one: |at, all, title| if all > 1 { format!("{at} of {all}: {title}") } else { title.to_owned() },
    fits: |name, why| format!("{name}; fits: {why}"),
    incident: |id| format!("for {id}"),
    no_incident: "the alert belongs to no incident",
    dangerous: "!",
    confirm: "Confirm",
    type_name: |name| format!("type {name} to run it"),
    trouble: |step, why| format!("step {step}: {why}"),
    will: "It goes on when this console is closed or the connection drops.",
    cannot: "It cannot be run here before this is mended:",
    refused: |step, why| format!("not begun; step {step}: {why}"),
    keys: |enter, others| {
        let enter = match enter {
            Enter::Runs => "enter runs",
            Enter::AfterName => "type its name, enter runs",
            Enter::Refused => "cannot be run yet",
        };
        let others = if others { " · ↑↓ other playbook" } else { "" };
        format!("{enter}{others} · pgdn steps · esc leaves")
    },
    keys_none: "esc leaves",
    running: |id, playbook| format!("{id} of {playbook} goes on"),
    running_at: |state, step| match state {
        RunState::Waiting => format!("it waits for a person at step {step}"),
        state => format!("{}, step {step}", state.as_str()),
    },
    keys_run: "enter shows it · ↑↓ other · esc leaves",
    begun: |id, who| format!("{id} has begun; {who} carries it out"),
    goes_on: |id| format!("{id} of this playbook goes on for this incident already"),
    not_typed: |name| format!("a step is dangerous: type {name} first"),
    here: "this console",
    process: |number| format!("process {number}"),
    stopping: |id| format!("{id} was asked to stop"),
    stopped: |id| format!("{id} has stopped"),
    goes_on_by: |id, who| format!("{id} goes on; {who} carries it out"),
    run_title: |id, playbook| if playbook.is_empty() { id.to_owned() } else { format!("{playbook} · {id}") },
    stands: |state, step, steps, who, since| {
        let at = if state.is_over() { String::new() } else { format!(", step {step} of {steps}") };
        format!("{}{at} · asked for by {who} at {since}", state.as_str().to_uppercase())
    },
    run_heads: ["", "STATE", "STEP"],
    step: |state, took, tries| {
        let state = match state {
            StepState::Pending => "–",
            other => other.as_str(),
        };
        let tries = if tries > 1 { format!(" ({tries} tries)") } else { String::new() };
        format!("{state} {took}").trim_end().to_owned() + &tries
    },
    takes: |so_far, most| most.map_or_else(|| so_far.to_owned(), |most| format!("{so_far} of {most}")),
    output: |step| format!("Output of step {step}"),
    output_back: |step, lines| format!("Output of step {step}, {lines} lines before its end"),
    no_output: "(nothing yet)",
    carried: |who, watcher| {
        format!(
            "{who} carries it out, also when this console is closed. Should that process end, {}.",
            taken_up(watcher)
        )
    },
    not_carried: "Nobody carries it out yet.",
    carried_here: |watcher| {
        format!("A console carries it out itself. When that is closed, {}.", taken_up(watcher))
    },
    stop_asked: |who| format!("{who} asked for it to stop."),
    waits: "It waits for a person, for as long as it takes.",
    say: "Say",
    say_words: |words| format!("type {}, then enter", any_of(words)),
    no_word: |typed, words| format!("“{typed}” is not understood here: {}", any_of(words)),
    run_keys: "↑↓ output · esc leaves it running",
    unknown: |why| format!("UNKNOWN how it stands: {why}"),
};
