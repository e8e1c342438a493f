//! Words of the commands `playbook`, `page` and `notify`.

/// What they say. Each is a line without its end, unless it is told otherwise.
#[derive(Debug)]
pub struct PlaybookCommandText {
    /// Not an answer.
    pub not_an_answer: &'static str,
    /// Not `NAME=VALUE`.
    pub not_a_pair: &'static str,
    /// No such playbook.
    pub unknown: fn(&str) -> String,
    /// The nearest.
    pub did_you_mean: fn(&str) -> String,
    /// No such incident.
    pub no_incident: fn(&str) -> String,
    /// A playbook with problems: name, how many.
    pub broken: fn(&str, usize) -> String,
    /// Why one fits.
    pub fits: fn(&str) -> String,
    /// It fits only where somebody asks for it.
    pub fits_nothing: &'static str,
    /// Nothing fits.
    pub none_fits: &'static str,
    /// Heads of the list.
    pub columns: [&'static str; 4],
    /// Heads of the list of runs.
    pub run_columns: [&'static str; 6],
    /// Heads of the list of letters.
    pub letter_columns: [&'static str; 6],
    /// A line of a plan: number, title, what it does.
    pub step: fn(usize, &str, &str) -> String,
    /// What is special about a step.
    pub dangerous: &'static str,
    /// What is special about a step.
    pub by_itself: &'static str,
    /// Nothing was done.
    pub dry: &'static str,
    /// It cannot be run: how many steps cannot be done.
    pub cannot: fn(usize) -> String,
    /// Why a step cannot be done: number, why.
    pub step_cannot: fn(usize, &str) -> String,
    /// What is to be typed: the name.
    pub type_name: fn(&str) -> String,
    /// It was not typed.
    pub not_confirmed: &'static str,
    /// No terminal to ask at.
    pub no_terminal: fn(&str) -> String,
    /// A run has begun: id, the process that carries it out.
    pub begun: fn(&str, u32) -> String,
    /// Another run of it goes on.
    pub goes_on: fn(&str) -> String,
    /// A state of a run: id, state, why.
    pub stands: fn(&str, &str, &str) -> String,
    /// How to answer: id.
    pub how_to_answer: fn(&str) -> String,
    /// Left running.
    pub left: fn(&str) -> String,
    /// Nobody could be started to carry it on: why.
    pub no_carrier: fn(&str) -> String,
    /// Somebody else carries it out.
    pub elsewhere: fn(&str) -> String,
    /// No run.
    pub no_run: fn(&str) -> String,
    /// Every playbook is fine: how many.
    pub all_fine: fn(usize) -> String,
    /// One can be read and run.
    pub fine: fn(&str) -> String,
    /// No such channel: name, those there are.
    pub no_channel: fn(&str, &str) -> String,
    /// No such contact.
    pub no_contact: fn(&str) -> String,
    /// Neither a level nor a contact.
    pub nobody: fn(&str) -> String,
    /// Nobody is reached.
    pub not_reached: fn(&str) -> String,
    /// The receiver took a test.
    pub test_taken: fn(&str) -> String,
    /// It did not: channel, why.
    pub test_refused: fn(&str, &str) -> String,
    /// Who was paged: who, letters that were sent, all of them.
    pub paged: fn(&str, usize, usize) -> String,
    /// A letter is back.
    pub requeued: fn(i64) -> String,
}

/// English.
pub const EN: PlaybookCommandText = PlaybookCommandText {
    not_an_answer: "is not an answer; say yes, repeat, skip or stop",
    not_a_pair: "write NAME=VALUE",
    unknown: |name| format!("there is no playbook `{name}`"),
    did_you_mean: |near| format!("did you mean `{near}`?"),
    no_incident: |id| format!("there is no incident {id} in the journal"),
    broken: |name, count| {
        format!("`{name}` has {count} problems and cannot be run: plantao playbook check {name}")
    },
    fits: |why| format!("fits: {why}"),
    fits_nothing: "fits only where somebody asks for it",
    none_fits: "no playbook fits",
    columns: ["NAME", "STEPS", "TITLE", "FITS"],
    run_columns: ["RUN", "PLAYBOOK", "STATE", "STEP", "INCIDENT", "CARRIED OUT BY"],
    letter_columns: ["NUMBER", "CHANNEL", "STATE", "TRIES", "INCIDENT", "ERROR"],
    step: |number, title, what| format!("{number}. {title}\n     {what}"),
    dangerous: "dangerous",
    by_itself: "by itself",
    dry: "nothing was done",
    cannot: |count| format!("it cannot be run here: {count} of its steps cannot be done"),
    step_cannot: |number, why| format!("step {number}: {why}"),
    type_name: |name| format!("A step is dangerous. Type the playbook's name ({name}) to run it: "),
    not_confirmed: "it was not confirmed; nothing was done",
    no_terminal: |name| {
        format!("a step is dangerous and there is no terminal to ask at: add --confirm {name}")
    },
    begun: |id, process| format!("{id} has begun; process {process} carries it out"),
    goes_on: |id| format!("{id} of the same playbook and incident goes on; nothing was begun"),
    stands: |id, state, why| {
        if why.is_empty() { format!("{id}: {state}") } else { format!("{id}: {state}: {why}") }
    },
    how_to_answer: |id| format!("answer with: plantao playbook answer {id} yes|repeat|skip|stop"),
    left: |id| format!("{id} goes on: plantao playbook follow {id}, or stop {id}"),
    no_carrier: |why| {
        format!(
            "no process could be started to carry it out ({why}); a watcher takes it, or: plantao playbook resume"
        )
    },
    elsewhere: |id| format!("{id} is carried out by another process, or is over"),
    no_run: |id| format!("there is no run {id}"),
    all_fine: |count| format!("{count} playbooks can be read and run here"),
    fine: |name| format!("{name}: can be read and run here"),
    no_channel: |name, all| {
        if all.is_empty() {
            format!("there is no channel `{name}`, nor any other: see [channels] in docs/notifications.md")
        } else {
            format!("there is no channel `{name}`; there are: {all}")
        }
    },
    no_contact: |name| format!("there is no contact `{name}`"),
    nobody: |whom| format!("`{whom}` is neither a level of the escalation nor a contact"),
    not_reached: |whom| format!("{whom} is not reached: no rota, contact or channel leads there"),
    test_taken: |channel| format!("{channel}: the receiver took it"),
    test_refused: |channel, why| format!("{channel}: {why}"),
    paged: |who, sent, all| format!("{who}: {sent} of {all} taken"),
    requeued: |id| format!("letter {id} waits again"),
};
