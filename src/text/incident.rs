//! Words of the incident view and of what suggests it.

use crate::explore::incident::{EventKind, LaneKind};

/// The words.
#[derive(Debug)]
pub struct IncidentText {
    /// In the header, while a bundle is looked at.
    pub badge: &'static str,
    /// Head of the view while there is no incident.
    pub title: &'static str,
    /// Head: incident, first and last moment.
    pub title_of: fn(&str, &str, &str) -> String,
    /// While it is looked for: since when.
    pub looking: fn(&str) -> String,
    /// What one server has answered: its name, questions that have ended, all of them.
    pub heard: fn(&str, u32, u32) -> String,
    /// The same for a bundle, whose evidence is there.
    pub analysing: fn(&str) -> String,
    /// Nobody has looked yet: the key that does.
    pub nothing_yet: fn(&str) -> String,
    /// How to try again: the key.
    pub try_again: fn(&str) -> String,
    /// How old the evidence is, and whether something is missing.
    pub gathered: fn(&str, bool) -> String,
    /// From a bundle whose seal holds.
    pub sealed: &'static str,
    /// From a bundle without one.
    pub unsealed: &'static str,
    /// From a bundle that was changed.
    pub seal_broken: &'static str,
    /// The verdict: component, kind, confidence.
    pub culprit: fn(&str, &str, f64) -> String,
    /// The other verdict.
    pub unsure: &'static str,
    /// A kind of cause, by its name in JSON.
    pub kind: fn(&str) -> &'static str,
    /// A cause that is likely the victim of others.
    pub victim: fn(&str) -> String,
    /// Before something to do.
    pub advice: &'static str,
    /// A playbook: name, title.
    pub playbook: fn(&str, &str) -> String,
    /// A finding that playbooks are asked for: component, kind.
    pub treated: fn(&str, &str) -> String,
    /// Why a playbook of a finding fits: component, kind.
    pub because: fn(&str, &str) -> String,
    /// No playbook for a cause that follows from another: which.
    pub treat_first: fn(&str) -> String,
    /// Words of sureness.
    pub likely: &'static str,
    /// Less.
    pub possible: &'static str,
    /// Least.
    pub faint: &'static str,
    /// A word of sureness and the number.
    pub sure: fn(&str, f64) -> String,
    /// No component has any evidence.
    pub no_causes: &'static str,
    /// Head of the causes.
    pub causes: &'static str,
    /// Head of what is not known.
    pub open_questions: &'static str,
    /// Head of what to do.
    pub recommendations: &'static str,
    /// Head of the signals.
    pub signals: &'static str,
    /// A signal in a word of few letters, by its name in JSON.
    pub signal: fn(&str) -> &'static str,
    /// What a lane is called that is no series.
    pub lane: fn(LaneKind) -> &'static str,
    /// Where a lane has no value.
    pub gap: &'static str,
    /// What is missing.
    pub missing: fn(&str) -> String,
    /// Calm time, on the axis; with a space around it.
    pub calm: &'static str,
    /// No cursor.
    pub no_cursor: &'static str,
    /// Around a moment: when, how much happened.
    pub around: fn(&str, usize) -> String,
    /// Something that happened: kind, component, text.
    pub event: fn(EventKind, &str, &str) -> String,
    /// Title of the box on the overview: since when.
    pub suggested: fn(&str) -> String,
    /// Its first line: component, kind.
    pub suggested_cause: fn(&str, &str) -> String,
    /// Its last line: the key that opens it, the one that shows playbooks.
    pub suggested_open: fn(&str, Option<&str>) -> String,
    /// An incident that was looked for is there.
    pub ready: fn(&str) -> String,
    /// A piece of evidence that is nowhere else to be seen.
    pub only_moment: &'static str,
    /// No further event.
    pub no_event: &'static str,
    /// Lanes are added elsewhere.
    pub pin_where: &'static str,
    /// Nothing to add.
    pub pin_nothing: &'static str,
    /// Lanes were added: the first, how many.
    pub pinned: fn(&str, usize) -> String,
    /// The lane was not added by anybody.
    pub unpin_nothing: &'static str,
    /// No server answered.
    pub unreachable: &'static str,
    /// The analysis ended in the middle.
    pub broken_off: &'static str,
    /// A bundle was written: its file, the key that it is signed with.
    pub exported: fn(&str, Option<&str>) -> String,
    /// It could not be: its file, why.
    pub not_exported: fn(&str, &str) -> String,
    /// There is no incident to write.
    pub nothing_to_export: &'static str,
}

/// Words of the sections that findings add to a report.
#[derive(Debug)]
pub struct FindingsText {
    /// Head of the verdict.
    pub verdict: &'static str,
    /// Which window was looked at.
    pub looked_at: fn(&str, &str) -> String,
    /// Heads of the causes' table.
    pub cause_heads: [&'static str; 7],
    /// Head of the evidence.
    pub evidence: &'static str,
    /// Heads of its table.
    pub evidence_heads: [&'static str; 4],
    /// Head of the changes.
    pub changes: &'static str,
    /// Heads of their table.
    pub change_heads: [&'static str; 3],
    /// What stays open where nothing stands out.
    pub who: &'static str,
    /// No evidence: why.
    pub none: fn(&str) -> String,
    /// Nobody wanted it.
    pub left_out: &'static str,
    /// No server is configured.
    pub no_servers: &'static str,
}

/// English.
pub const REPORT: FindingsText = FindingsText {
    verdict: "What the analysis says",
    looked_at: |from, to| format!("from the evidence of {from} to {to}"),
    cause_heads: ["#", "Component", "Cause", "Confidence", "Since", "Follows from", "Playbooks"],
    evidence: "Evidence",
    evidence_heads: ["Component", "Signal", "What", "Since"],
    changes: "Changes",
    change_heads: ["At", "Component", "Change"],
    who: "What broke first? Nothing stands out from calm time.",
    none: |why| format!("No evidence was gathered: {why}"),
    left_out: "it was left out",
    no_servers: "no server is configured",
};

/// English.
pub const EN: IncidentText = IncidentText {
    badge: "BUNDLE",
    title: "Incident",
    title_of: |id, from, to| format!("{id} · {from} – {to}"),
    looking: |since| format!("asking the servers, looking for what broke first … {since}"),
    heard: |source, ended, all| {
        if ended == all { format!("{source} {all}") } else { format!("{source} {ended} of {all}") }
    },
    analysing: |since| format!("looking for what broke first in the bundle … {since}"),
    nothing_yet: |key| format!("nobody has looked yet; {key} asks the servers"),
    try_again: |key| format!("{key} tries again"),
    gathered: |age, incomplete| {
        if incomplete { format!("INCOMPLETE · gathered {age} ago") } else { format!("gathered {age} ago") }
    },
    sealed: "its seal holds · from the bundle",
    unsealed: "not sealed · from the bundle",
    seal_broken: "ITS SEAL IS BROKEN · from the bundle",
    culprit: |component, kind, sure| format!("most likely {component}: {kind} ({sure:.2})"),
    unsure: "unsure: nothing stands out",
    kind: super::correlate::EN.cause,
    victim: super::correlate::EN.victim,
    advice: "do",
    playbook: |name, title| if title.is_empty() { name.to_owned() } else { format!("{name}: {title}") },
    treated: |component, kind| format!("{component}: {kind}"),
    because: |component, kind| format!("the finding {component}: {kind}"),
    treat_first: |cause| format!("this follows from {cause}: what helps there helps here"),
    likely: "likely",
    possible: "possible",
    faint: "faint",
    sure: |word, sure| format!("{word} {sure:.2}"),
    no_causes: "no component has any evidence against it",
    causes: "Likely causes",
    open_questions: "Open questions",
    recommendations: "Recommendations",
    signals: "Signals",
    signal: |name| match name {
        "metric" => "metric",
        "log" => "log",
        "trace" => "trace",
        "alert" => "alert",
        _ => "change",
    },
    lane: |kind| match kind {
        LaneKind::Alerts => "alerts",
        LaneKind::Changes => "changes",
        LaneKind::Series => "series",
        LaneKind::Errors => "error lines",
        LaneKind::Warnings => "warning lines",
        LaneKind::Lines => "other lines",
        LaneKind::Failed => "failed traces",
        LaneKind::Slow => "slow traces",
    },
    gap: "–",
    missing: |what| format!("missing: {what}"),
    calm: " calm ",
    no_cursor: "move the cursor to see what happened",
    around: |at, count| match count {
        0 => format!("{at} · nothing happened"),
        1 => format!("{at} · 1 event"),
        many => format!("{at} · {many} events"),
    },
    event: |kind, component, text| {
        let what = match kind {
            EventKind::Onset => "begins",
            EventKind::AlertFires => "alert",
            EventKind::AlertEnds => "alert ends",
            EventKind::Change => "change",
            EventKind::Failed => "failed",
            EventKind::ErrorLine => "error",
        };
        if component.is_empty() { format!("{what}: {text}") } else { format!("{what}: {component}: {text}") }
    },
    suggested: |at| format!("Suggested incident · {at}"),
    suggested_cause: |component, kind| format!("{component}: {kind}"),
    suggested_open: |key, run| match run {
        Some(run) => format!("{key} opens it with its evidence · {run} playbooks"),
        None => format!("{key} opens it with its evidence"),
    },
    ready: |id| format!("{id} is there"),
    only_moment: "this is a moment on the axis; it has no view of its own",
    no_event: "nothing else happened in this window",
    pin_where: "lanes are made of panels, series, log queries and searches for traces: open one of these first",
    pin_nothing: "there is no trend under the cursor that could be a lane",
    pinned: |name, count| match count {
        0 | 1 => format!("{name} is a lane of the incident now"),
        more => format!("{name} and {} more are lanes of the incident now", more - 1),
    },
    unpin_nothing: "only lanes that you added are taken away",
    unreachable: "no server answered: there is no evidence",
    broken_off: "the analysis ended in the middle; the log says why",
    exported: |file, key| match key {
        Some(key) => format!("written to {file}, signed with {key}"),
        None => format!("written to {file}, sealed but not signed: [bundle] key_file names no key"),
    },
    not_exported: |file, why| format!("{file} cannot be written: {why}"),
    nothing_to_export: "there is no incident yet that could be saved",
};
