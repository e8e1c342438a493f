//! Words of the dialog of playbooks.

/// What it says.
#[derive(Debug)]
pub struct OffersText {
    /// Title: the alert.
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
    /// Keys.
    pub keys: &'static str,
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
}

/// English.
pub const EN: OffersText = OffersText {
    title: |alert| format!("Playbooks for {alert}"),
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
    will: "It goes on when this console is closed; plantao playbook follow shows it, stop ends it.",
    keys: "enter run  up/down other playbook  esc leave",
    begun: |id, who| format!("{id} has begun; {who} carries it out: plantao playbook follow {id}"),
    goes_on: |id| format!("{id} of this playbook goes on for this incident already"),
    not_typed: |name| format!("a step is dangerous: type {name} first"),
    here: "this console",
    process: |number| format!("process {number}"),
};
