//! Words of incidents, the journal and the audit.

mod telling;
mod view;

use crate::model::Severity;
use crate::model::records::{EventKind, IncidentStatus, ResponseClock, Seen};

pub use telling::{Telling, seconds, summary};
pub use view::{FactNames, IncidentViewText};

/// What is said of incidents, the journal and the audit.
#[derive(Debug)]
pub struct IncidentsText {
    /// Heads of the list on stdout.
    pub columns: [&'static str; 9],
    /// What happened, as a sentence: kind, its text, what it is about.
    pub event: fn(EventKind, &str, &str) -> String,
    /// Where an incident stands.
    pub status: fn(IncidentStatus) -> &'static str,
    /// The response clock, with a duration: until it runs out, since it has, how long it took.
    pub clock: fn(ResponseClock, &str) -> String,
    /// Alerts of an incident: how many fire, how many there are.
    pub alerts: fn(u32, u32) -> String,
    /// An earlier incident: when, how many alerts are the same of how many, whether exactly the same.
    pub seen: fn(&str, u32, u32, bool) -> String,
    /// What helped then, or that it is not over.
    pub helped: fn(&Seen) -> String,
    /// The summary for a chat.
    pub summary: fn(&Summary<'_>) -> String,
    /// What the views say.
    pub view: IncidentViewText,
    /// Titles of a report.
    pub report: ReportText,
    /// Nothing is there.
    pub none: &'static str,
    /// There is no incident of this id.
    pub no_such: fn(&str) -> String,
    /// No alert matches, so nothing was opened.
    pub no_alert: &'static str,
    /// An incident was opened: its id, how many alerts.
    pub opened: fn(&str, usize) -> String,
    /// The role does not allow it: which.
    pub may_not: fn(&str) -> String,
    /// There is no journal yet: where.
    pub no_journal: fn(&str) -> String,
    /// There is no folder for the journal.
    pub nowhere: &'static str,
    /// A copy was made: where.
    pub copied: fn(&str) -> String,
    /// The journal is whole: its file, its schema.
    pub whole: fn(&str, i64) -> String,
    /// What a purge took: audit, incidents, acknowledgements, runs, letters.
    pub purged: fn([u64; 5]) -> String,
    /// Files of evidence that went: how many, bytes.
    pub swept: fn(usize, u64) -> String,
    /// Files in the folder of evidence that nobody here has written.
    pub foreign: fn(usize) -> String,
    /// A file or folder of evidence that could not be removed or looked at: which, why.
    pub not_swept: fn(&str, &str) -> String,
    /// No term is given, so nothing is ever taken.
    pub no_terms: &'static str,
    /// The audit is whole: records, first, last, how many beyond the head.
    pub audit_whole: fn(u64, i64, i64, u64) -> String,
    /// The audit is not whole.
    pub audit_broken: fn(&str) -> String,
    /// Heads of the audit on stdout.
    pub audit_columns: [&'static str; 8],
}

/// What a summary is made of.
#[derive(Debug)]
pub struct Summary<'a> {
    /// Id.
    pub id: &'a str,
    /// How bad.
    pub severity: Severity,
    /// Title.
    pub title: &'a str,
    /// Where it stands.
    pub status: IncidentStatus,
    /// Opened when and by whom.
    pub opened: &'a str,
    /// By whom.
    pub by: &'a str,
    /// Who has it.
    pub assignee: Option<&'a str>,
    /// Its clock.
    pub clock: &'a str,
    /// Names of its alerts, with how many of each.
    pub alerts: &'a [(String, usize)],
    /// The last note.
    pub note: Option<&'a str>,
    /// What helped.
    pub resolution: &'a str,
    /// The same was seen before.
    pub seen: Option<&'a str>,
}

/// Titles of a report.
#[derive(Debug)]
pub struct ReportText {
    /// Of the whole: the id.
    pub title: fn(&str) -> String,
    /// Facts.
    pub facts: &'static str,
    /// Names of the facts.
    pub names: [&'static str; 13],
    /// Alerts.
    pub alerts: &'static str,
    /// Heads of the alerts.
    pub alert_heads: [&'static str; 6],
    /// The timeline.
    pub timeline: &'static str,
    /// Its heads.
    pub timeline_heads: [&'static str; 3],
    /// What was done.
    pub actions: &'static str,
    /// Its heads.
    pub action_heads: [&'static str; 5],
    /// Earlier incidents.
    pub seen: &'static str,
    /// Its heads.
    pub seen_heads: [&'static str; 4],
    /// Kinds of actions: acknowledgement, run, notification, silence.
    pub kinds: [&'static str; 4],
    /// Written when.
    pub written: fn(&str) -> String,
}

fn mebibytes(bytes: u64) -> String {
    let tenths = bytes.saturating_mul(10).div_ceil(1 << 20);
    format!("{}.{} MiB", tenths / 10, tenths % 10)
}

/// English.
pub const EN: IncidentsText = IncidentsText {
    columns: ["ID", "SEVERITY", "STATUS", "CLOCK", "ASSIGNEE", "OPENED", "ALERTS", "CATEGORY", "TITLE"],
    event,
    status: |status| match status {
        IncidentStatus::Open => "open",
        IncidentStatus::Acknowledged => "acknowledged",
        IncidentStatus::Resolved => "resolved",
    },
    clock: |clock, duration| match clock {
        ResponseClock::None => String::new(),
        ResponseClock::Runs { .. } => format!("ack in {duration}"),
        ResponseClock::Late { .. } => format!("{duration} late"),
        ResponseClock::Met { .. } => format!("taken after {duration}"),
        ResponseClock::Missed { .. } => format!("taken {duration} late"),
    },
    alerts: |firing, all| {
        if firing == all { format!("{all} firing") } else { format!("{firing} of {all} firing") }
    },
    seen: |when, shared, of, same| {
        if same { format!("the same alerts, {when}") } else { format!("{shared} of {of} alerts, {when}") }
    },
    helped,
    summary: words_of_summary,
    view: view::EN,
    report: ReportText {
        title: |id| format!("Incident {id}"),
        facts: "Facts",
        names: [
            "Title",
            "Severity",
            "Category",
            "Status",
            "Opened by",
            "Opened",
            "First alert",
            "Assignee",
            "Taken",
            "Response",
            "Resolved",
            "What helped",
            "Alerts",
        ],
        alerts: "Alerts",
        alert_heads: ["Alert", "Severity", "Labels", "Since", "Until", "Summary"],
        timeline: "Timeline",
        timeline_heads: ["When", "Who", "What"],
        actions: "Actions",
        action_heads: ["When", "Kind", "Who", "What", "Outcome"],
        seen: "Seen before",
        seen_heads: ["Incident", "When", "Alerts", "What helped"],
        kinds: ["acknowledgement", "playbook", "notification", "silence"],
        written: |when| format!("Written {when} by plantão"),
    },
    none: "none",
    no_such: |id| format!("There is no incident `{id}` in the journal; `plantao incidents` lists them."),
    no_alert: "No alert that fires matches, so no incident was opened. With --empty one is opened without alerts.",
    opened: |id, alerts| match alerts {
        0 => format!("{id} opened, without alerts"),
        1 => format!("{id} opened with 1 alert"),
        many => format!("{id} opened with {many} alerts"),
    },
    may_not: |role| format!("This changes something, and the role here is {role}: nothing was done."),
    no_journal: |file| format!("There is no journal yet at {file}: nothing was recorded."),
    nowhere: "There is no state folder for the journal; name a file with [journal] path.",
    copied: |file| format!("{file}: a copy of the journal, checked"),
    whole: |file, schema| format!("{file} is whole (schema {schema})"),
    purged: |[audit, incidents, acks, runs, letters]| {
        format!(
            "Taken out at the end of their term: {incidents} incidents, {acks} acknowledgements, {runs} runs, {letters} notifications, {audit} records of the audit."
        )
    },
    swept: |files, bytes| match files {
        0 => "No file of evidence was at the end of its term.".to_owned(),
        1 => format!("Removed 1 file of evidence ({}):", mebibytes(bytes)),
        _ => format!("Removed {files} files of evidence ({}):", mebibytes(bytes)),
    },
    foreign: |files| match files {
        1 => "One entry of the folder of evidence was written by something else; it stays.".to_owned(),
        _ => format!("{files} entries of the folder of evidence were written by something else; they stay."),
    },
    not_swept: |which, why| format!("{which}: not removed: {why}"),
    no_terms: "The pack gives no terms ([retention] in incidents.toml): everything is kept.",
    audit_whole: |records, first, last, beyond| {
        let range = if records == 0 {
            "no record yet".to_owned()
        } else {
            format!("{records} records, {first} to {last}")
        };
        let beyond = if beyond > 0 {
            format!("; the head is {beyond} behind, as after a crash, and is moved on by the next record")
        } else {
            String::new()
        };
        format!("The audit is whole: {range}{beyond}.")
    },
    audit_broken: |what| format!("The audit is NOT whole: {what}."),
    audit_columns: ["SEQ", "AT", "OPERATOR", "OS USER", "ACTION", "OBJECT", "OUTCOME", "DETAILS"],
};

fn helped(seen: &Seen) -> String {
    let runs = seen.playbooks.join(", ");
    match (&*seen.incident.resolution, seen.playbooks.is_empty()) {
        _ if seen.incident.status != IncidentStatus::Resolved => "is not resolved either".to_owned(),
        ("", true) => "nobody wrote what helped".to_owned(),
        ("", false) => format!("playbook {runs}"),
        (text, true) => text.to_owned(),
        (text, false) => format!("{text} (playbook {runs})"),
    }
}

fn event(kind: EventKind, text: &str, about: &str) -> String {
    let with = |words: &str| if text.is_empty() { words.to_owned() } else { format!("{words}: {text}") };
    match kind {
        EventKind::Opened if about.is_empty() => with("opened"),
        EventKind::Opened => format!("opened by rule {about}: {text}"),
        EventKind::Joined => format!("{text} joined"),
        EventKind::Ended => format!("{text} stopped firing"),
        EventKind::Returned => format!("{text} fires again"),
        EventKind::Acknowledged => with("acknowledged"),
        EventKind::AckEnded => with("acknowledgement ended"),
        EventKind::Silence => with("silence"),
        EventKind::Note => text.to_owned(),
        EventKind::Assigned if text.is_empty() => "given to nobody".to_owned(),
        EventKind::Assigned => format!("given to {text}"),
        EventKind::Changed => format!("{about}: {text}"),
        EventKind::Run => format!("playbook {text}"),
        EventKind::Notified => with("notified"),
        EventKind::Escalated => with("escalated"),
        EventKind::Finding => with("likely cause"),
        EventKind::Change => with("changed"),
        EventKind::Resolved => with("resolved"),
        EventKind::Reopened => with("opened again"),
    }
}

fn words_of_summary(of: &Summary<'_>) -> String {
    let mut lines = vec![
        format!("{} · {} · {}", of.id, of.severity.as_str().to_uppercase(), of.title),
        format!("{}, opened {} by {}", (EN.status)(of.status), of.opened, of.by),
    ];
    if !of.clock.is_empty() {
        lines.push(of.clock.to_owned());
    }
    lines.push(of.assignee.map_or_else(|| "nobody has it".to_owned(), |who| format!("{who} has it")));
    if !of.alerts.is_empty() {
        let alerts: Vec<String> = of
            .alerts
            .iter()
            .map(|(name, many)| if *many > 1 { format!("{name} ×{many}") } else { name.clone() })
            .collect();
        lines.push(format!("Alerts: {}", alerts.join(", ")));
    }
    if let Some(note) = of.note {
        lines.push(format!("Last note: {note}"));
    }
    if !of.resolution.is_empty() {
        lines.push(format!("What helped: {}", of.resolution));
    }
    if let Some(seen) = of.seen {
        lines.push(format!("Seen before: {seen}"));
    }
    lines.join("\n")
}
