//! Words of the views and dialogs of incidents.

use crate::model::records::IncidentStatus;

/// What the views and dialogs of incidents say.
#[derive(Debug)]
pub struct IncidentViewText {
    /// The list.
    pub incidents: &'static str,
    /// One.
    pub incident: &'static str,
    /// Heads of the list.
    pub heads: [&'static str; 6],
    /// Names of facts.
    pub names: FactNames,
    /// An empty list; whether the resolved ones are listed too.
    pub none: fn(bool) -> &'static str,
    /// A level: its title, who, until when, who comes next.
    pub duty: fn(&str, &str, &str, &str) -> String,
    /// A level of which nobody can tell: its title, why.
    pub duty_unknown: fn(&str, &str) -> String,
    /// Where the list comes from.
    pub from_journal: &'static str,
    /// Alerts of an incident, short: how many fire, how many there are.
    pub count: fn(u32, u32) -> String,
    /// How many entries the timeline has.
    pub events: fn(usize) -> String,
    /// So many more alerts.
    pub more: fn(usize) -> String,
    /// An alert that no longer fires, since when.
    pub ended: fn(&str) -> String,
    /// Opened by a rule.
    pub by_rule: fn(&str) -> String,
    /// Nobody.
    pub nobody: &'static str,
    /// Nobody said what helped.
    pub nobody_said: &'static str,
    /// A note.
    pub note: &'static str,
    /// Why.
    pub why: &'static str,
    /// No alert that fires is under the cursor.
    pub no_alert: &'static str,
    /// No incident is under the cursor.
    pub no_incident: &'static str,
    /// An incident without alerts needs a title.
    pub no_title: &'static str,
    /// A note needs words.
    pub empty_note: &'static str,
    /// Somebody has taken it already.
    pub taken_already: fn(&str) -> String,
    /// A summary was copied.
    pub copied: &'static str,
    /// Something was done: the incident, how it stands, whether it is new.
    pub done: fn(&str, IncidentStatus, bool) -> String,
    /// Title of the dialog of a new incident: how many alerts.
    pub open_title: fn(usize) -> String,
    /// Title of the dialog that takes one.
    pub take_title: fn(&str) -> String,
    /// Title of the dialog of a note.
    pub note_title: fn(&str) -> String,
    /// Title of the dialog that gives one to somebody.
    pub assign_title: fn(&str) -> String,
    /// Title of the dialog that resolves one.
    pub resolve_title: fn(&str) -> String,
    /// Title of the dialog that opens one again.
    pub reopen_title: fn(&str) -> String,
    /// What a new incident will be: severity, category, response time.
    pub will_be: fn(&str, &str, Option<&str>) -> String,
    /// Its alerts have an incident already: id, title.
    pub has_one: fn(&str, &str) -> String,
    /// Alerts of it still fire: how many.
    pub still_firing: fn(u32) -> String,
    /// What keys do in a dialog.
    pub keys: &'static str,
}

/// Names of facts about an incident.
#[derive(Debug)]
pub struct FactNames {
    /// Id.
    pub id: &'static str,
    /// Title.
    pub title: &'static str,
    /// Where it stands.
    pub status: &'static str,
    /// Who has it.
    pub assignee: &'static str,
    /// Opened when and by whom.
    pub opened: &'static str,
    /// Category.
    pub category: &'static str,
    /// Resolved when and by whom.
    pub resolved: &'static str,
    /// What helped.
    pub helped: &'static str,
    /// Seen before.
    pub seen: &'static str,
    /// The last thing that happened.
    pub last: &'static str,
}

/// English.
pub(super) const EN: IncidentViewText = IncidentViewText {
    incidents: "Incidents",
    incident: "Incident",
    heads: ["SEVERITY", "CLOCK", "WHO", "ALERTS", "OPENED", "TITLE"],
    duty: |level, who, until, next| {
        let who = if who.is_empty() { "NOBODY" } else { who };
        let until = if until.is_empty() { String::new() } else { format!(" until {until}") };
        let next = if next.is_empty() { String::new() } else { format!(", then {next}") };
        format!("{level}: {who}{until}{next}")
    },
    duty_unknown: |level, why| format!("{level}: UNKNOWN, {why}"),
    names: FactNames {
        id: "Id",
        title: "Title",
        status: "Status",
        assignee: "Who has it",
        opened: "Opened",
        category: "Category",
        resolved: "Resolved",
        helped: "What helped",
        seen: "Seen before",
        last: "Last",
    },
    none: |over| {
        if over {
            "No incident was opened in the last 30 days."
        } else {
            "No incident is open. i on an alert opens one."
        }
    },
    from_journal: "from the journal",
    count: |firing, all| if firing == all { all.to_string() } else { format!("{firing}/{all}") },
    events: |count| if count == 1 { "1 entry".to_owned() } else { format!("{count} entries") },
    more: |count| format!("and {count} more"),
    ended: |at| format!("until {at}"),
    by_rule: |rule| format!(" by rule {rule}"),
    nobody: "nobody",
    nobody_said: "nobody said",
    note: "Note",
    why: "Why",
    no_alert: "No alert that fires is under the cursor",
    no_incident: "No incident is under the cursor",
    no_title: "An incident without alerts needs a title",
    empty_note: "A note needs words",
    taken_already: |who| {
        if who.is_empty() { "It is taken already".to_owned() } else { format!("{who} has taken it already") }
    },
    copied: "Copied a summary for the chat",
    done: |id, status, is_new| match (is_new, status) {
        (true, _) => format!("{id} is open"),
        (false, IncidentStatus::Open) => format!("{id}: recorded"),
        (false, IncidentStatus::Acknowledged) => format!("{id}: recorded; somebody has it"),
        (false, IncidentStatus::Resolved) => format!("{id}: recorded; it is resolved"),
    },
    open_title: |alerts| match alerts {
        0 => "Open an incident".to_owned(),
        1 => "Open an incident of 1 alert".to_owned(),
        many => format!("Open an incident of {many} alerts"),
    },
    take_title: |id| format!("Take {id}"),
    note_title: |id| format!("Note on {id}"),
    assign_title: |id| format!("Give {id} to somebody"),
    resolve_title: |id| format!("Resolve {id}"),
    reopen_title: |id| format!("Open {id} again"),
    will_be: |severity, category, response| match response {
        Some(time) => {
            format!("Severity {severity}, category {category}: somebody should take it within {time}.")
        }
        None => format!("Severity {severity}, category {category}."),
    },
    has_one: |id, title| format!("{id} ({title}) is open for this already."),
    still_firing: |count| match count {
        1 => "1 alert of it still fires.".to_owned(),
        many => format!("{many} alerts of it still fire."),
    },
    keys: "enter does it · esc leaves",
};
