//! Words about playbooks: problems of their files, what a step will do, how a run goes.

/// What is said of playbooks.
#[derive(Debug)]
pub struct PlaybookText {
    /// Noun: a kind of step.
    pub step_kind: &'static str,
    /// Noun: what happens when a step failed.
    pub on_failure: &'static str,
    /// Noun: a method of HTTP.
    pub method: &'static str,
    /// Two levels of one id.
    pub level_twice: fn(&str) -> String,
    /// A level nobody knows.
    pub unknown_level: fn(&str) -> String,
    /// A category nobody knows.
    pub unknown_category: fn(&str) -> String,
    /// A rung that comes before the one above it.
    pub rung_order: &'static str,
    /// A person cannot be asked by itself.
    pub confirm_automatic: &'static str,
    /// What is there.
    pub known_ones: fn(&str) -> String,
    /// The nearest word.
    pub did_you_mean: fn(&str) -> String,
    /// Bounds of retries.
    pub retries_bounds: &'static str,
    /// Bounds of a status.
    pub status_bounds: &'static str,
    /// An address whose host is not fixed.
    pub http_url: &'static str,
    /// A body that is no JSON: why.
    pub not_json: fn(&str) -> String,
    /// A silence without matchers.
    pub matchers_empty: &'static str,
    /// A duration outside its bounds.
    pub out_of_bounds: fn(&str, &str) -> String,
    /// A playbook without steps.
    pub no_steps: &'static str,
    /// A parameter whose name is none.
    pub param_name: fn(&str) -> String,
    /// A brace without partner: at this byte.
    pub bad_template: fn(usize) -> String,
    /// What a template may hold.
    pub template_help: &'static str,
    /// A place nobody fills.
    pub unknown_place: fn(&str) -> String,
    /// A file that cannot be read: why.
    pub unreadable: fn(&str) -> String,
    /// A file that is too large: bytes.
    pub too_large: fn(u64) -> String,
}

/// English.
pub const EN: PlaybookText = PlaybookText {
    step_kind: "kind of step",
    on_failure: "way to go on",
    method: "method",
    level_twice: |id| format!("level `{id}` is there already"),
    unknown_level: |id| format!("there is no level `{id}`"),
    unknown_category: |id| format!("there is no category `{id}`"),
    rung_order: "comes before the rung above it",
    confirm_automatic: "a person is asked in this step, so it cannot go by itself",
    known_ones: |all| {
        if all.is_empty() { "there is none yet".to_owned() } else { format!("known here: {all}") }
    },
    did_you_mean: |near| format!("did you mean `{near}`?"),
    retries_bounds: "must be a whole number from 0 to 20",
    status_bounds: "must be an HTTP status from 100 to 599",
    http_url: "must begin with http:// or https:// and a host that is written out; places may come after it",
    not_json: |why| format!("is not JSON: {why}"),
    matchers_empty: "names no label, so the silence would mute everything",
    out_of_bounds: |least, most| format!("must be between {least} and {most}"),
    no_steps: "there is no [[steps]]: a playbook does something",
    param_name: |name| format!("`{name}` cannot be the name of a parameter; use letters, digits, - and _"),
    bad_template: |at| format!("a brace has no partner, or holds no name (byte {at})"),
    template_help: "a place is {name}; write {{ and }} for braces",
    unknown_place: |name| format!("nothing is known as `{{{name}}}`"),
    unreadable: |why| format!("cannot be read: {why}"),
    too_large: |most| format!("is larger than {most} bytes, which no playbook is"),
};
