//! Words about runs of playbooks: what a step will do, why it cannot, how it went.

/// What is said.
#[derive(Debug)]
pub struct RunText {
    /// Tells a level: level, message.
    pub will_notify: fn(&str, &str) -> String,
    /// Silences: matchers, how long, comment.
    pub will_silence: fn(&str, &str, &str) -> String,
    /// Saves evidence: of how long before.
    pub will_collect: fn(&str) -> String,
    /// Waits: query.
    pub will_wait: fn(&str) -> String,
    /// Asks: question.
    pub will_ask: fn(&str) -> String,
    /// A step that a watcher leaves out.
    pub left_for_a_person: &'static str,
    /// A step that reaches out of an embedded place.
    pub contained: &'static str,
    /// A step that a run leaves out: what it would do, why.
    pub will_leave_out: fn(&str, &str) -> String,
    /// How long a step may take, and what happens then: time of one try, further tries, what then.
    pub bounds: fn(&str, u32, &str) -> String,
    /// A place that has no value: its name.
    pub no_value: fn(&str) -> String,
    /// A command that the configuration does not bind.
    pub unbound: fn(&str) -> String,
    /// A command's binding is another one than was shown.
    pub binding_changed: fn(&str) -> String,
    /// A parameter that a command does not have: command, parameter.
    pub unknown_param: fn(&str, &str) -> String,
    /// A parameter that a command needs: command, parameter.
    pub param_missing: fn(&str, &str) -> String,
    /// A value that a command's pattern does not allow: command, parameter, value.
    pub param_refused: fn(&str, &str, &str) -> String,
    /// An argument with a NUL.
    pub nul: fn(&str) -> String,
    /// An argument that would be read as an option.
    pub looks_like_option: fn(&str, &str) -> String,
    /// A run's plan cannot be read: why.
    pub unreadable: fn(&str) -> String,
    /// Nobody knows whether a step took effect: number, title.
    pub unsure: fn(usize, &str) -> String,
    /// A step failed: number, title, why.
    pub step_failed: fn(usize, &str, &str) -> String,
    /// A person stopped it.
    pub stopped: &'static str,
    /// A command without a program.
    pub no_program: &'static str,
    /// A program could not be started: program, why.
    pub cannot_start: fn(&str, &str) -> String,
    /// It took too long: seconds.
    pub too_long: fn(u64) -> String,
    /// It ended with a status.
    pub exit_status: fn(&str) -> String,
    /// Output that is not kept: bytes, the rest.
    pub output_cut: fn(usize, &str) -> String,
    /// Evidence was saved: file, lines, seal.
    pub collected: fn(&str, u64, &str) -> String,
    /// A signature that is missing: why.
    pub unsigned: fn(&str) -> String,
    /// Evidence was saved, and what is not in it.
    pub collected_partly: fn(&str, &str) -> String,
    /// No source answered: why.
    pub collected_nothing: fn(&str) -> String,
    /// Nobody is reached.
    pub nobody_reached: &'static str,
    /// Who was told.
    pub told: fn(&str) -> String,
    /// Who had been told before.
    pub told_before: fn(&str) -> String,
    /// An address that is none.
    pub bad_url: &'static str,
    /// A status that is not good.
    pub http_status: fn(u16) -> String,
    /// A silence stands: id, until.
    pub silenced: fn(&str, &str) -> String,
    /// No such run.
    pub no_run: fn(&str) -> String,
    /// A run that does not wait: id, state.
    pub does_not_wait: fn(&str, &str) -> String,
    /// Answers that fit.
    pub answers: fn(&str) -> String,
    /// What was answered, and by whom.
    pub answered: fn(&str, &str) -> String,
}

/// English.
pub const EN: RunText = RunText {
    will_notify: |level, message| {
        if message.is_empty() { format!("tell {level}") } else { format!("tell {level}: {message}") }
    },
    will_silence: |matchers, time, comment| format!("silence {matchers} for {time}: {comment}"),
    will_collect: |time| format!("save evidence, from {time} before the incident"),
    will_wait: |query| format!("wait until {query}"),
    will_ask: |question| format!("ask: {question}"),
    left_for_a_person: "waits for a person",
    contained: "nothing outside is reached from the embedded place",
    will_leave_out: |what, why| format!("left out, {why}: {what}"),
    bounds: |time, retries, then| {
        let tries = match retries {
            0 => String::new(),
            1 => ", 1 more try".to_owned(),
            many => format!(", {many} more tries"),
        };
        let then = match then {
            "continue" => "goes on if it fails",
            "ask" => "asks if it fails",
            _ => "ends if it fails",
        };
        format!("at most {time}{tries}, {then}")
    },
    no_value: |name| {
        format!(
            "`{{{name}}}` has no value here; give one with --set, or run it on an incident whose alerts have it"
        )
    },
    unbound: |name| {
        format!("command `{name}` is not bound: say in [commands.{name}] of the configuration what it runs")
    },
    binding_changed: |name| {
        format!("[commands.{name}] is another one here than when the plan was shown; nothing was run")
    },
    unknown_param: |name, param| format!("[commands.{name}] has no parameter `{param}`"),
    param_missing: |name, param| format!("[commands.{name}] needs parameter `{param}`"),
    param_refused: |name, param, value| format!("[commands.{name}] does not allow {value:?} as `{param}`"),
    nul: |name| format!("[commands.{name}]: an argument would hold a NUL character"),
    looks_like_option: |name, value| {
        format!("[commands.{name}]: {value:?} would be read as an option, so it is refused")
    },
    unreadable: |why| format!("its plan in the journal cannot be read: {why}"),
    unsure: |number, title| {
        format!(
            "step {number} ({title}) was under way when its process ended; whether it took effect is not known: repeat, skip or stop?"
        )
    },
    step_failed: |number, title, why| format!("step {number} ({title}) failed: {why}"),
    stopped: "stopped by a person",
    no_program: "the command names no program",
    cannot_start: |program, why| format!("{program} could not be started: {why}"),
    too_long: |seconds| format!("it took longer than {seconds} s and was ended"),
    exit_status: |status| format!("it ended with {status}"),
    output_cut: |bytes, rest| format!("({bytes} bytes before this are not kept)\n{rest}"),
    collected: |file, lines, seal| format!("{file}: {lines} lines, sealed with sha256:{seal}"),
    unsigned: |why| format!("a signature: {why}"),
    collected_partly: |saved, missing| format!("{saved}\nnot in it:\n{missing}"),
    collected_nothing: |why| match why {
        "" => "there is no evidence to save: no source is configured".to_owned(),
        why => format!("there is no evidence to save, no source answered: {why}"),
    },
    nobody_reached: "nobody could be told: no rota, contact or channel is for this level",
    told: |who| format!("on its way to {who}"),
    told_before: |who| format!("{who} had been told before"),
    bad_url: "the address is none",
    http_status: |status| format!("the service answered HTTP {status}"),
    silenced: |id, until| format!("silence {id} until {until}"),
    no_run: |id| format!("there is no run {id}"),
    does_not_wait: |id, state| format!("{id} does not wait for an answer: it is {state}"),
    answers: |words| format!("this run takes one of these answers: {words}"),
    answered: |word, who| format!("{word}, by {who}"),
};
