//! What is said about acknowledging and silencing: dialogs, lists, what came of it.

use crate::model::alert::SilenceState;
use crate::model::radius::Refusal;

/// Words of acting. Moments and ages are already formatted for a person.
#[derive(Debug)]
pub struct ActingText {
    /// Title of the dialog: the name of one alert, or how many.
    pub ack_title: fn(usize, &str) -> String,
    /// Title: an acknowledgement is taken back.
    pub unack_title: fn(usize, &str) -> String,
    /// Title: a silence is made.
    pub silence_title: &'static str,
    /// Title: a silence is extended.
    pub extend_title: &'static str,
    /// Title: a silence is ended.
    pub expire_title: &'static str,
    /// Labels of fields.
    pub why: &'static str,
    /// Label: how long an acknowledgement mutes.
    pub hold: &'static str,
    /// Label: whether it mutes.
    pub mute: &'static str,
    /// The switch, on and off.
    pub mute_words: fn(bool) -> &'static str,
    /// Label: matchers.
    pub matchers: &'static str,
    /// Label: length of a silence.
    pub length: &'static str,
    /// Label: start of a silence.
    pub start: &'static str,
    /// Placeholder of the start.
    pub start_now: &'static str,
    /// Placeholder of a comment that may stay empty: what is then said.
    pub default_why: &'static str,
    /// Placeholder of the matchers.
    pub matchers_hint: &'static str,
    /// Label of the field that a word is typed into.
    pub confirm: &'static str,
    /// What the acknowledgement does: mutes until then, and goes on while a watcher runs.
    pub mutes_with_watcher: fn(&str) -> String,
    /// The same without a watcher.
    pub mutes_alone: fn(&str) -> String,
    /// It does not mute.
    pub mutes_not: &'static str,
    /// Nothing is muted yet: Alertmanager does not answer, and why.
    pub manager_down: fn(&str) -> String,
    /// There is no Alertmanager.
    pub no_manager: &'static str,
    /// The journal is of no use, and why.
    pub journal_down: fn(&str) -> String,
    /// A colleague has an alert of those: its name, who, since when, why.
    pub taken: fn(&str, &str, &str, &str) -> String,
    /// The same, once the person's own.
    pub own: fn(&str) -> String,
    /// Keys of the dialog of an acknowledgement.
    pub ack_keys: &'static str,
    /// Keys: taking back.
    pub unack_keys: &'static str,
    /// Keys of the dialog of a silence before it has been looked at.
    pub silence_keys: &'static str,
    /// Keys: it is being looked at.
    pub wait_keys: &'static str,
    /// Keys: it can be made.
    pub make_keys: &'static str,
    /// Keys: a word has to be typed.
    pub type_keys: fn(&str) -> String,
    /// Keys: extending.
    pub extend_keys: &'static str,
    /// Keys: ending.
    pub expire_keys: &'static str,
    /// What taking back does.
    pub unack_will: &'static str,
    /// What ending a silence does: alerts that fire under it, the worst of them.
    pub expire_will: fn(usize, &str) -> String,
    /// Until when an extended silence lasts.
    pub extend_will: fn(&str) -> String,
    /// Heads of the table of what it mutes.
    pub radius_heads: [&'static str; 3],
    /// Alerts of one department in a cell: counts by severity, critical first.
    pub radius_cell: fn(&[usize; 5]) -> String,
    /// Alerts of no department.
    pub nowhere: &'static str,
    /// Title over that table.
    pub radius: &'static str,
    /// It is being looked at.
    pub looking: &'static str,
    /// It must be looked at first.
    pub look_first: &'static str,
    /// It mutes nothing now.
    pub mutes_nothing: &'static str,
    /// What it mutes now is unknown, and why.
    pub now_unknown: fn(&str) -> String,
    /// Of how many of the days it is known, and why not of all.
    pub days_unknown: fn(usize, &str) -> String,
    /// Why it must be typed in full: departments by their titles.
    pub refusal: fn(&Refusal, &str) -> String,
    /// The typed word is another one.
    pub wrong_word: fn(&str) -> String,
    /// A field that must not be empty.
    pub empty: &'static str,
    /// A regular expression over what is masked: the label.
    pub masked_regex: fn(&str) -> String,
    /// How long an acknowledgement may mute at a time.
    pub hold_bounds: &'static str,
    /// A silence is too short.
    pub too_short: &'static str,
    /// A silence needs a condition.
    pub no_matchers: &'static str,
    /// When it ends: until then.
    pub lasts: fn(&str, &str) -> String,
    /// Trail and title of the list of silences.
    pub silences: &'static str,
    /// Heads of the list.
    pub columns: [&'static str; 5],
    /// State in the list.
    pub state: fn(SilenceState) -> &'static str,
    /// When an active silence under which alerts fire ends: the moment.
    pub wakes: fn(&str) -> String,
    /// When one under which none fires ends.
    pub ends: fn(&str) -> String,
    /// When a planned one starts.
    pub starts: fn(&str) -> String,
    /// When one has ended.
    pub ended: fn(&str) -> String,
    /// What fires under it: how many, the worst.
    pub under: fn(usize, &str) -> String,
    /// No silence at all, or none that is not over.
    pub none: fn(bool) -> &'static str,
    /// Silences are unknown: why.
    pub unknown: fn(&str) -> String,
    /// Detail: whole moments.
    pub from_to: fn(&str, &str) -> String,
    /// A silence ends soon: when, its comment, how many alerts it wakes.
    pub soon: fn(&str, &str, usize) -> String,
    /// An acknowledgement in the list: who. Until when stands behind it.
    pub acked_in_list: fn(&str) -> String,
    /// In the list: it is not muted yet.
    pub acked_not_yet: fn(&str) -> String,
    /// In the list: it is under way.
    pub acking: &'static str,
    /// Section of the detail.
    pub acked_section: &'static str,
    /// Detail: who, since when, why.
    pub acked_by: fn(&str, &str, &str) -> String,
    /// Detail: mutes until.
    pub acked_mutes: fn(&str) -> String,
    /// Detail: not yet at Alertmanager, why.
    pub acked_waits: fn(&str) -> String,
    /// Detail: it is not muted.
    pub acked_loud: &'static str,
    /// Notice: acknowledged, so many; muted; why some are not.
    pub acked_notice: fn(usize, usize, Option<&str>) -> String,
    /// Notice: a colleague was faster: name, who, how many more.
    pub taken_notice: fn(&str, &str, usize) -> String,
    /// Notice: taken back.
    pub unacked_notice: fn(usize, Option<&str>) -> String,
    /// Notice: a silence stands until then.
    pub stands_notice: fn(&str) -> String,
    /// Notice: a silence has ended.
    pub ended_notice: &'static str,
    /// Notice: nothing was done, and why.
    pub refused_notice: fn(&str) -> String,
    /// Notice: nothing to undo.
    pub nothing_to_undo: &'static str,
    /// Notice: no alert under the cursor.
    pub no_alert: &'static str,
    /// Notice: the alert is not acknowledged in this journal.
    pub not_acked: &'static str,
    /// Notice: acts only on what is now.
    pub only_live: &'static str,
    /// Notice: no silence under the cursor, or it is over.
    pub no_silence: &'static str,
    /// Notice: the journal cannot be used.
    pub journal_notice: fn(&str) -> String,
    /// Why nothing was done: there is no place for a journal.
    pub no_journal: &'static str,
    /// Playbooks are not at hand here.
    pub no_playbooks: &'static str,
    /// Who does and writes down what nobody did.
    pub itself: &'static str,
    /// Why nothing was done: the role may not.
    pub no_role: fn(&str) -> String,
    /// Why nothing was done: its time is over.
    pub over_by_now: &'static str,
    /// Why an acknowledgement ended: its alert did.
    pub resolved: &'static str,
    /// Why: nothing extended it in time.
    pub lapsed: &'static str,
    /// Why: its silence was ended at Alertmanager.
    pub silence_ended: &'static str,
    /// The comment of a lease.
    pub lease_comment: fn(&str) -> String,
}

/// English.
pub const EN: ActingText = ActingText {
    ack_title: |count, name| match count {
        1 => format!("Acknowledge {name}"),
        count => format!("Acknowledge {count} alerts"),
    },
    unack_title: |count, name| match count {
        1 => format!("Take back: {name}"),
        count => format!("Take back {count} acknowledgements"),
    },
    silence_title: "Silence",
    extend_title: "Extend silence",
    expire_title: "End silence",
    why: "Comment",
    hold: "Mute for",
    mute: "Mute",
    mute_words: |on| if on { "yes, while it fires" } else { "no, it goes on notifying" },
    matchers: "Matchers",
    length: "For",
    start: "From",
    start_now: "now",
    default_why: "looking into it",
    matchers_hint: "alertname=\"…\" department=\"…\"",
    confirm: "Type it",
    mutes_with_watcher: |until| format!("Muted until {until}; a watcher extends it while it fires."),
    mutes_alone: |until| {
        format!(
            "Muted until {until}; this console extends it while it fires. No watcher: closed, it alerts again at {until}."
        )
    },
    mutes_not: "It is yours in the list; Alertmanager goes on notifying.",
    manager_down: |why| {
        format!("Not yet at Alertmanager: it is recorded now and muted once that answers ({why}).")
    },
    no_manager: "There is no Alertmanager: it is recorded, nothing is muted.",
    journal_down: |why| format!("Nothing can be recorded, so nothing is done: {why}"),
    taken: |name, who, since, why| {
        let why = if why.is_empty() { String::new() } else { format!(": {why}") };
        format!("{who} has {name} since {since}{why}")
    },
    own: |name| format!("{name} is yours already"),
    ack_keys: "enter acknowledges · tab next field · esc leaves",
    unack_keys: "enter takes back · esc leaves",
    silence_keys: "enter next · tab field · esc leaves",
    wait_keys: "shift-tab back · esc leaves",
    make_keys: "enter silences · shift-tab back · esc leaves",
    type_keys: |word| format!("type “{word}”, then enter · esc leaves"),
    extend_keys: "enter extends · esc leaves",
    expire_keys: "enter ends it · esc leaves",
    unack_will: "It is nobody's again, and its silence ends: Alertmanager notifies again.",
    expire_will: |count, worst| match count {
        0 => "Nothing fires under it now.".to_owned(),
        1 => format!("1 alert fires under it ({worst}) and notifies again."),
        count => format!("{count} alerts fire under it, the worst {worst}, and notify again."),
    },
    extend_will: |until| format!("Mutes until {until}."),
    radius_heads: ["Mutes", "now", "last 7 days"],
    radius_cell: |counts| {
        let words = ["critical", "high", "warning", "low", "note"];
        let parts: Vec<String> = counts
            .iter()
            .zip(words)
            .filter(|(count, _)| **count > 0)
            .map(|(count, word)| format!("{count} {word}"))
            .collect();
        if parts.is_empty() { "–".to_owned() } else { parts.join(", ") }
    },
    nowhere: "no department",
    radius: "Blast radius",
    looking: "looking at what it mutes …",
    look_first: "enter on the comment looks at what it mutes",
    mutes_nothing: "It mutes nothing now.",
    now_unknown: |why| format!("What it mutes now is UNKNOWN: {why}"),
    days_unknown: |days, why| match days {
        0 => format!("The last 7 days are UNKNOWN: {why}"),
        days => format!("Only {days} of the last 7 days are known: {why}"),
    },
    refusal: |refusal, departments| match refusal {
        Refusal::Everything => "REFUSED: it mutes everything.".to_owned(),
        Refusal::Watchdog(name) => {
            format!("REFUSED: it mutes {name}, which tells that alerting works at all.")
        }
        Refusal::Others(_) => format!("REFUSED: it mutes critical alerts of {departments}."),
        Refusal::Unknown => "REFUSED: nobody can tell what it mutes.".to_owned(),
    },
    wrong_word: |word| format!("that is not “{word}”"),
    empty: "must not be empty",
    masked_regex: |label| {
        format!("{label}: what is about a person can only be compared as a whole, with = or !=")
    },
    hold_bounds: "an acknowledgement mutes for 1m to 24h at a time",
    too_short: "a silence lasts at least a minute",
    no_matchers: "name at least one condition: name=\"value\"",
    lasts: |from, until| match from {
        "" => format!("until {until}"),
        from => format!("{from} to {until}"),
    },
    silences: "silences",
    columns: ["State", "When", "By", "Mutes", "Comment"],
    state: |state| match state {
        SilenceState::Active => "active",
        SilenceState::Pending => "planned",
        SilenceState::Expired => "over",
    },
    wakes: |at| format!("wakes you at {at}"),
    ends: |at| format!("ends {at}"),
    starts: |at| format!("starts {at}"),
    ended: |at| format!("ended {at}"),
    under: |count, worst| match count {
        0 => "nothing fires under it".to_owned(),
        1 => format!("1 alert fires under it ({worst})"),
        count => format!("{count} alerts fire under it, the worst {worst}"),
    },
    none: |over| if over { "no silence at all" } else { "no silence mutes or is planned" },
    unknown: |why| format!("UNKNOWN: {why}"),
    from_to: |from, to| format!("{from} to {to}"),
    soon: |at, comment, count| match count {
        1 => format!("a silence ends at {at} and wakes 1 alert: {comment}"),
        count => format!("a silence ends at {at} and wakes {count} alerts: {comment}"),
    },
    acked_in_list: |who| format!("ack {who}"),
    acked_not_yet: |who| format!("not yet: {who}"),
    acking: "acking …",
    acked_section: "Acknowledged",
    acked_by: |who, since, why| {
        let why = if why.is_empty() { String::new() } else { format!(": {why}") };
        format!("{who} has it since {since}{why}")
    },
    acked_mutes: |until| format!("muted until {until}, extended while it fires and somebody runs"),
    acked_waits: |why| match why {
        "" => "not yet at Alertmanager: it still notifies".to_owned(),
        why => format!("not yet at Alertmanager, it still notifies: {why}"),
    },
    acked_loud: "not muted: Alertmanager goes on notifying",
    acked_notice: |recorded, silenced, trouble| {
        let what = if recorded == 1 { "acknowledged".to_owned() } else { format!("{recorded} acknowledged") };
        match trouble {
            None => what,
            Some(why) if silenced == 0 => format!("{what}, not yet at Alertmanager: {why}"),
            Some(why) => {
                format!("{what}, {} not yet at Alertmanager: {why}", recorded.saturating_sub(silenced))
            }
        }
    },
    taken_notice: |name, who, more| match more {
        0 => format!("{who} was faster: has {name} already"),
        more => format!("{who} was faster: has {name} already, and {more} more were taken"),
    },
    unacked_notice: |count, trouble| {
        let what = if count == 1 { "taken back".to_owned() } else { format!("{count} taken back") };
        match trouble {
            None => what,
            Some(why) => format!("{what}; its silence still stands, its end is tried again: {why}"),
        }
    },
    stands_notice: |until| format!("silenced until {until}"),
    ended_notice: "the silence has ended",
    refused_notice: |why| format!("nothing was done: {why}"),
    nothing_to_undo: "nothing to undo",
    no_alert: "no alert under the cursor",
    not_acked: "it is not acknowledged here; a colleague's silence is ended in the list of silences",
    only_live: "this is the past: return to the live window to act",
    no_silence: "no silence under the cursor that is not over",
    journal_notice: |why| format!("nothing can be recorded: {why}"),
    no_journal: "there is no place for the journal; set [journal] path",
    no_playbooks: "there are no playbooks here",
    itself: "plantao",
    no_role: |role| format!("the role {role} may only look"),
    over_by_now: "it would be over by now",
    resolved: "resolved",
    lapsed: "nothing extended it in time",
    silence_ended: "its silence was ended at Alertmanager",
    lease_comment: |why| format!("ACK! {why}"),
};
