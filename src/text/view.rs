//! What `view` says.

use crate::model::{AlertState, Severity, SourceKind};
use crate::pack::Level;

/// The views' words. Arguments that are texts are already formatted for a person.
#[derive(Debug)]
pub struct ViewText {
    /// Program name.
    pub program: &'static str,
    /// Trail: the alert list.
    pub alerts: &'static str,
    /// Trail: the sources.
    pub sources: &'static str,
    /// Trail: log lines.
    pub logs: &'static str,
    /// Trail: traces.
    pub traces: &'static str,
    /// Trail: any series.
    pub metrics: &'static str,
    /// Trail: departments.
    pub departments: &'static str,
    /// Box of what needs somebody.
    pub needs_you: &'static str,
    /// Box of a department's alerts.
    pub department_alerts: &'static str,
    /// Title with a number behind it.
    pub counted: fn(&str, usize) -> String,
    /// The live window.
    pub live: fn(&str) -> String,
    /// A past window: start, end.
    pub past: fn(&str, &str) -> String,
    /// Badge: no actions.
    pub read_only: &'static str,
    /// Badge: held screen.
    pub frozen: &'static str,
    /// Age of an answer that is as fresh as polling can make it.
    pub fresh: fn(u32) -> String,
    /// The same where there is room for a few cells only: a pane's note.
    pub fresh_note: fn(u32) -> String,
    /// Age of an answer.
    pub ago: fn(&str) -> String,
    /// An answer for a past moment.
    pub at: fn(&str) -> String,
    /// Still asking.
    pub loading: &'static str,
    /// An old answer: its age, what went wrong since.
    pub stale: fn(&str, &str) -> String,
    /// An old answer without a failure: nothing came for that long.
    pub silent: fn(&str) -> String,
    /// No answer at all: what went wrong.
    pub unknown: fn(&str) -> String,
    /// The answer holds no series.
    pub no_series: &'static str,
    /// No such source: its kind.
    pub not_configured: fn(SourceKind) -> String,
    /// The server said that the answer is incomplete.
    pub partial: fn(&str) -> String,
    /// How the words of an incomplete answer begin.
    pub partial_mark: &'static str,
    /// Answered by a scraped page in place of Prometheus.
    pub from_page: fn(&str) -> String,
    /// A value that means a lost sensor.
    pub sensor_lost: &'static str,
    /// A card's word.
    pub word: fn(Level) -> &'static str,
    /// A card's word when a pane is unknown.
    pub word_unknown: &'static str,
    /// A card's word when there is no data.
    pub word_no_data: &'static str,
    /// A severity's word in the list.
    pub severity: fn(Severity) -> &'static str,
    /// A state's word in the list; firing has none.
    pub state: fn(AlertState) -> &'static str,
    /// A state's word in the detail.
    pub state_long: fn(AlertState) -> &'static str,
    /// Time left until somebody should have acknowledged.
    pub ack_in: fn(&str) -> String,
    /// Time since somebody should have.
    pub late: fn(&str) -> String,
    /// Department of an alert that concerns all.
    pub everywhere: &'static str,
    /// No alert needs anybody; who said so, how long ago.
    pub calm: fn(&str, &str) -> String,
    /// No alert matches the filter.
    pub no_match: fn(usize) -> String,
    /// Nothing is known of alerts: for how long, and why.
    pub alerts_unknown: fn(&str, &str) -> String,
    /// What was last seen, while nothing is known.
    pub last_seen: fn(&str) -> String,
    /// Neither Alertmanager nor Prometheus is configured.
    pub no_alert_source: &'static str,
    /// The list without Alertmanager.
    pub rules_only: &'static str,
    /// Alertmanager does not answer, Prometheus does.
    pub rules_instead: fn(&str) -> String,
    /// Rules are unknown, Alertmanager answers.
    pub no_rules: fn(&str) -> String,
    /// The list of a past moment.
    pub rebuilt: fn(&str) -> String,
    /// Nothing was firing at that moment.
    pub calm_then: fn(&str) -> String,
    /// A number of alerts of one severity.
    pub count: fn(usize, Severity) -> String,
    /// Muted and pending alerts in numbers: silenced, acknowledged among them, inhibited, pending.
    pub count_rest: fn(usize, usize, usize, usize) -> Vec<String>,
    /// No alert at all.
    pub none: &'static str,
    /// How the list is ordered and grouped.
    pub order: fn(&str, bool, &str) -> String,
    /// Columns of the list.
    pub columns: [&'static str; 5],
    /// Groupings.
    pub groups: [&'static str; 4],
    /// Name of the dead-man's switch's alarm; the switch's name.
    pub watchdog_missing: fn(&str) -> String,
    /// Prometheus has it, Alertmanager does not.
    pub watchdog_cut: fn(&str) -> String,
    /// It fires.
    pub watchdog_alive: fn(&str) -> String,
    /// It fired, at a past moment.
    pub watchdog_fired: fn(&str) -> String,
    /// It did not fire, at a past moment.
    pub watchdog_was_missing: fn(&str) -> String,
    /// Nothing is known of it.
    pub watchdog_unknown: fn(&str) -> String,
    /// The alert is gone.
    pub gone: &'static str,
    /// Detail: sections.
    pub sections: DetailText,
    /// Sources: detail.
    pub source: SourceText,
    /// Help: groups.
    pub help_view: &'static str,
    /// Choose a context.
    pub choose_context: &'static str,
    /// Entry of the contexts: the sources outside of any.
    pub no_context: &'static str,
    /// Choose a view.
    pub choose_view: &'static str,
    /// Choose a theme.
    pub choose_theme: &'static str,
    /// Mark of the chosen entry.
    pub current: &'static str,
    /// Notices.
    pub notice: NoticeText,
    /// The four numbers of a legend.
    pub legend: [&'static str; 4],
    /// Head of the value column of a table panel.
    pub value: &'static str,
}

/// Words of the alert detail.
#[derive(Debug)]
pub struct DetailText {
    /// State and times.
    pub status: &'static str,
    /// State.
    pub state: &'static str,
    /// Since when.
    pub since: &'static str,
    /// When somebody should have acknowledged.
    pub deadline: &'static str,
    /// Department.
    pub department: &'static str,
    /// Value of the expression.
    pub value: &'static str,
    /// Who reported it.
    pub origin: &'static str,
    /// Not yet in Alertmanager.
    pub not_delivered: &'static str,
    /// Receivers.
    pub receivers: &'static str,
    /// Fingerprint.
    pub fingerprint: &'static str,
    /// What the alert says.
    pub annotations: &'static str,
    /// Labels.
    pub labels: &'static str,
    /// The rule.
    pub rule: &'static str,
    /// PromQL.
    pub query: &'static str,
    /// `for`.
    pub hold: &'static str,
    /// No rule is known for it.
    pub no_rule: &'static str,
    /// Silences that mute it.
    pub silenced_by: &'static str,
    /// A silence: author, until when, comment.
    pub silence: fn(&str, &str, &str) -> String,
    /// Alerts that inhibit it.
    pub inhibited_by: &'static str,
    /// Runbook.
    pub runbook: &'static str,
    /// Neither text nor link.
    pub no_runbook: &'static str,
    /// Title of the trend.
    pub trend: &'static str,
}

/// Words of the sources view.
#[derive(Debug)]
pub struct SourceText {
    /// Address.
    pub url: &'static str,
    /// Version.
    pub version: &'static str,
    /// Last answer.
    pub answered: &'static str,
    /// Failing since.
    pub failing: &'static str,
    /// What is wrong.
    pub fault: &'static str,
    /// What to do.
    pub advice: &'static str,
    /// Clock skew.
    pub clock: &'static str,
    /// Clock skew in words.
    pub skew: fn(&str, bool) -> String,
    /// Ready, in the server's words.
    pub says: &'static str,
    /// Running since.
    pub since: &'static str,
    /// How to configure it.
    pub how: fn(SourceKind) -> String,
    /// Targets: up, all.
    pub targets: fn(usize, usize) -> String,
    /// Never.
    pub never: &'static str,
}

/// Notices.
#[derive(Debug)]
pub struct NoticeText {
    /// Copied: how many characters.
    pub copied: fn(usize) -> String,
    /// Nothing there to copy.
    pub nothing_to_copy: &'static str,
    /// The alert has no link.
    pub no_link: &'static str,
    /// Key that means nothing here.
    pub unbound: fn(&str, &str) -> String,
    /// A command that does not work here.
    pub not_here: fn(&str) -> String,
    /// A command that the person's role may not do: its title, the role.
    pub may_not: fn(&str, &str) -> String,
    /// Only one context.
    pub one_context: &'static str,
    /// Now in another context.
    pub context: fn(&str) -> String,
    /// Theme could not be loaded.
    pub theme: fn(&str) -> String,
    /// Already live.
    pub already_live: &'static str,
    /// Selected alerts.
    pub selected: fn(usize) -> String,
    /// A new critical alert.
    pub new_critical: fn(&str) -> String,
    /// Asked again.
    pub refreshed: &'static str,
    /// Held.
    pub frozen: &'static str,
    /// Grouped by.
    pub grouped: fn(&str) -> String,
    /// Times now in that zone.
    pub zone: fn(&str) -> String,
    /// Muted alerts shown or hidden.
    pub muted: fn(bool) -> &'static str,
    /// Pending alerts shown or hidden.
    pub pending: fn(bool) -> &'static str,
}

fn kind_name(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Prometheus => "Prometheus",
        SourceKind::Alertmanager => "Alertmanager",
        SourceKind::Loki => "Loki",
        SourceKind::Tempo => "Tempo",
        SourceKind::Exposition => "scraped page",
        SourceKind::Grafana => "Grafana",
    }
}

/// English.
pub const EN: ViewText = ViewText {
    program: "plantão",
    alerts: "alerts",
    sources: "sources",
    logs: "logs",
    traces: "traces",
    metrics: "metrics",
    departments: "departments",
    needs_you: "Needs you",
    department_alerts: "Alerts here",
    counted: |title, n| format!("{title} · {n}"),
    live: |span| format!("LIVE {span}"),
    past: |start, end| format!("PAST {start}–{end}"),
    read_only: "READ ONLY",
    frozen: "FROZEN",
    fresh: |seconds| format!("<{seconds}s ago"),
    fresh_note: |seconds| format!("<{seconds}s"),
    ago: |age| format!("{age} ago"),
    at: |time| format!("at {time}"),
    loading: "asking…",
    stale: |age, why| format!("STALE {age} · {why}"),
    silent: |age| format!("STALE {age} · no answer"),
    unknown: |why| format!("UNKNOWN · {why}"),
    no_series: "no data: the query matches no series",
    not_configured: |kind| format!("{} is not configured", kind_name(kind)),
    partial: |why| format!("PARTIAL · {why}"),
    partial_mark: "PARTIAL",
    from_page: |page| format!("from {page}"),
    sensor_lost: "sensor lost",
    word: |level| match level {
        Level::Ok => "ok",
        Level::Warning => "degraded",
        Level::Critical => "critical",
    },
    word_unknown: "UNKNOWN",
    word_no_data: "no data",
    severity: |severity| match severity {
        Severity::Critical => "CRITICAL",
        Severity::High => "HIGH",
        Severity::Medium => "WARNING",
        Severity::Low => "LOW",
        Severity::None => "NOTE",
    },
    state: |state| match state {
        AlertState::Firing => "",
        AlertState::Pending => "pending",
        AlertState::Inhibited => "inhibited",
        AlertState::Silenced => "silenced",
    },
    state_long: |state| match state {
        AlertState::Firing => "firing",
        AlertState::Pending => "pending: its condition holds, not yet for long enough",
        AlertState::Inhibited => "firing, but another alert mutes its notifications",
        AlertState::Silenced => "firing, but a silence mutes it",
    },
    ack_in: |left| format!("ack in {left}"),
    late: |since| format!("late {since}"),
    everywhere: "all",
    calm: |who, age| format!("0 alerts need anybody ({who} answered {age})"),
    no_match: |total| format!("none of {total} alerts matches the filter"),
    alerts_unknown: |age, why| {
        if age.is_empty() {
            format!("UNKNOWN: no answer yet · {why}")
        } else {
            format!("UNKNOWN: last answer {age} ago · {why}")
        }
    },
    last_seen: |what| format!("last seen: {what}"),
    no_alert_source: "UNKNOWN: neither Alertmanager nor Prometheus is configured",
    rules_only: "from Prometheus's rules · no Alertmanager configured: silences are unknown",
    rules_instead: |why| format!("Alertmanager {why} · new ones from Prometheus's rules, silences are old"),
    no_rules: |why| format!("Prometheus {why} · no values, no pending alerts"),
    rebuilt: |time| format!("rebuilt from ALERTS at {time} · silences of that time are not recorded"),
    calm_then: |time| format!("0 alerts fired at {time} (from ALERTS)"),
    count: |n, severity| {
        let word = match severity {
            Severity::Critical => "critical",
            Severity::High => "high",
            Severity::Medium => "warning",
            Severity::Low => "low",
            Severity::None => "note",
        };
        format!("{n} {word}")
    },
    count_rest: |silenced, acked, inhibited, pending| {
        let mut all = Vec::new();
        if silenced > 0 {
            all.push(format!("{silenced} silenced"));
        }
        if acked > 0 {
            all.push(format!("{acked} acked"));
        }
        if inhibited > 0 {
            all.push(format!("{inhibited} inhibited"));
        }
        if pending > 0 {
            all.push(format!("{pending} pending"));
        }
        all
    },
    none: "0 alerts",
    order: |column, reversed, group| {
        let reversed = if reversed { " reversed" } else { "" };
        if group.is_empty() {
            format!("by {column}{reversed}")
        } else {
            format!("by {column}{reversed}, grouped by {group}")
        }
    },
    columns: ["severity", "age", "clock", "department", "name"],
    groups: ["", "department", "severity", "alert name"],
    watchdog_missing: |name| format!("{name} does not fire: nothing proves that alerts still get through"),
    watchdog_cut: |name| {
        format!("{name} fires in Prometheus but not in Alertmanager: alerts do not get through")
    },
    watchdog_alive: |name| format!("{name} fires, as it should"),
    watchdog_fired: |name| format!("{name} fired in Prometheus then, as it should"),
    watchdog_was_missing: |name| {
        format!("{name} did not fire then: alerts of that time may have gone nowhere")
    },
    watchdog_unknown: |name| format!("{name} unknown"),
    gone: "This alert is no longer there: it has resolved, or its source forgot it.",
    sections: DetailText {
        status: "Status",
        state: "state",
        since: "since",
        deadline: "response clock",
        department: "department",
        value: "current value",
        origin: "reported by",
        not_delivered: "Prometheus alone: it has not reached Alertmanager",
        receivers: "receivers",
        fingerprint: "fingerprint",
        annotations: "What it says",
        labels: "Labels",
        rule: "Rule",
        query: "PromQL",
        hold: "for",
        no_rule: "No rule of this name is known in Prometheus.",
        silenced_by: "Silenced by",
        silence: |who, until, comment| format!("{who} until {until}: {comment}"),
        inhibited_by: "Inhibited by",
        runbook: "Runbook",
        no_runbook: "No runbook: neither the pack nor the alert's runbook_url names one.",
        trend: "The rule's expression over the window",
    },
    source: SourceText {
        url: "address",
        version: "version",
        answered: "last answer",
        failing: "failing since",
        fault: "problem",
        advice: "what to do",
        clock: "its clock",
        skew: |by, ahead| format!("{by} {} this machine's", if ahead { "ahead of" } else { "behind" }),
        says: "it says",
        since: "running since",
        how: |kind| match kind {
            SourceKind::Exposition => "not configured".to_owned(),
            server => format!("not configured: --{0} URL, or [sources.{0}] url in the file", server.as_str()),
        },
        targets: |up, all| format!("{up} of {all} up"),
        never: "never",
    },
    help_view: "This view",
    choose_context: "Context",
    no_context: "(no context)",
    choose_view: "View",
    choose_theme: "Theme",
    current: "current",
    notice: NoticeText {
        copied: |n| format!("Copied {n} characters to your terminal's clipboard"),
        nothing_to_copy: "Nothing to copy here",
        no_link: "This alert has no runbook link",
        unbound: |key, help| format!("{key} does nothing here; {help} shows the keys"),
        may_not: |command, role| format!("“{command}” is not for a {role}: nothing was done"),
        not_here: |command| format!("“{command}” does nothing in this view"),
        one_context: "There is only this one context",
        context: |name| match name {
            "" => "No context: the servers outside of any".to_owned(),
            _ => format!("Context {name}"),
        },
        theme: |why| format!("Theme not changed: {why}"),
        already_live: "Already live",
        selected: |n| format!("{n} selected"),
        new_critical: |name| format!("New critical alert: {name}"),
        refreshed: "Asked everything in sight again",
        frozen: "Held. Answers go on arriving; the same key lets the screen go on",
        grouped: |by| if by.is_empty() { "Not grouped".to_owned() } else { format!("Grouped by {by}") },
        zone: |zone| format!("Times in {zone}"),
        muted: |shown| {
            if shown { "Silenced and inhibited alerts shown" } else { "Silenced and inhibited alerts hidden" }
        },
        pending: |shown| if shown { "Pending alerts shown" } else { "Pending alerts hidden" },
    },
    legend: ["last", "min", "max", "avg"],
    value: "value",
};
