//! Words of paging a person by hand.

use crate::model::records::LetterState;

/// What is said.
#[derive(Debug)]
pub struct PageText {
    /// Title of a page that is about nothing in particular: who pages.
    pub title: fn(&str) -> String,
    /// No channel leads there: whom.
    pub not_reached: fn(&str) -> String,
    /// The incident is not there.
    pub no_incident: fn(&str) -> String,
    /// In the timeline: whom, over what, what was said.
    pub event: fn(&str, &str, &str) -> String,
    /// Title of the dialog: what it is about.
    pub head: fn(&str) -> String,
    /// The incident that it belongs to.
    pub for_incident: fn(&str) -> String,
    /// The journal is asked.
    pub looking: &'static str,
    /// Nobody can be paged.
    pub nobody: &'static str,
    /// What is said of the incident at first: severity, title, since when, who has it.
    pub suggest: fn(&str, &str, &str, Option<&str>) -> String,
    /// The same of an alert: severity, name, what it says.
    pub suggest_alert: fn(&str, &str, &str) -> String,
    /// Label of the text.
    pub say: &'static str,
    /// Placeholder of the text.
    pub say_hint: &'static str,
    /// On call: level, until when; empty is always.
    pub now: fn(&str, &str) -> String,
    /// Nobody stands for a level: why, where that is known.
    pub gap: fn(Option<&str>) -> String,
    /// Next: level, from when.
    pub next: fn(&str, &str) -> String,
    /// In the rota of a level.
    pub of: fn(&str) -> String,
    /// In no rota.
    pub free: &'static str,
    /// Heads of what is sent.
    pub heads: [&'static str; 3],
    /// Everybody reads it there.
    pub everybody: &'static str,
    /// Quiet hours are passed over: channels, until when they last.
    pub quiet: fn(&str, &str) -> String,
    /// What will happen: whether it is about an incident.
    pub will: fn(bool) -> &'static str,
    /// No text.
    pub no_text: &'static str,
    /// Nobody is chosen yet.
    pub no_choice: &'static str,
    /// The embedded place sends nothing.
    pub embedded: &'static str,
    /// It is being put in.
    pub sending: &'static str,
    /// Title once it is under way: whom.
    pub paged: fn(&str) -> String,
    /// Heads of how it stands.
    pub answer_heads: [&'static str; 3],
    /// How a letter stands.
    pub state: fn(LetterState, bool) -> &'static str,
    /// When it was taken.
    pub taken_at: fn(&str) -> String,
    /// When it is tried again: tries, when, why.
    pub again: fn(u32, &str, &str) -> String,
    /// It waits, and was not tried yet.
    pub waits: &'static str,
    /// How it stands as a whole: taken, all, whether it is over.
    pub stands: fn(usize, usize, bool) -> String,
    /// What happens when this console is closed: whether a watcher runs.
    pub closed: fn(bool) -> &'static str,
    /// Nobody can tell how it stands: why.
    pub unknown: fn(&str) -> String,
    /// A notice when nobody looks at the dialog: whom, taken, all, whether it is over.
    pub notice: fn(&str, usize, usize, bool) -> String,
    /// Keys.
    pub keys: &'static str,
    /// Keys where it cannot be sent.
    pub keys_not: &'static str,
    /// Keys where there is nobody.
    pub keys_none: &'static str,
    /// Keys once it was sent.
    pub keys_sent: &'static str,
    /// Keys once it is over.
    pub keys_over: &'static str,
}

/// English.
pub const EN: PageText = PageText {
    title: |who| format!("{who} calls you"),
    not_reached: |whom| {
        format!("{whom} is not reached: no channel that carries what is critical leads there")
    },
    no_incident: |id| format!("there is no incident {id} in the journal"),
    event: |whom, who, text| {
        if who == whom {
            format!("paged {whom} by hand: {text}")
        } else {
            format!("paged {whom} by hand over {who}: {text}")
        }
    },
    head: |about| {
        if about.is_empty() { "Page somebody".to_owned() } else { format!("Page somebody about {about}") }
    },
    for_incident: |id| format!("for {id}"),
    looking: "looking who is on call …",
    nobody: "Nobody can be paged: no contact and no channel for everybody is configured ([channels], [contacts], [[rota]]).",
    suggest: |severity, title, since, who| {
        let who = who.map_or_else(|| "nobody has it yet".to_owned(), |who| format!("{who} has it"));
        format!("{severity}, open since {since}, {who}: {title}. Please look at it with me.")
    },
    suggest_alert: |severity, name, summary| {
        let what = if summary.is_empty() { name.to_owned() } else { format!("{name}: {summary}") };
        format!("{severity}, {what}. Please look at it with me.")
    },
    say: "Text",
    say_hint: "what they need to know",
    now: |level, until| {
        if until.is_empty() { format!("on call, {level}") } else { format!("on call until {until}, {level}") }
    },
    gap: |why| {
        why.map_or_else(
            || "nobody on call: tells everybody".to_owned(),
            |why| format!("cannot tell who: {why}"),
        )
    },
    next: |level, from| {
        if from.is_empty() { format!("next, {level}") } else { format!("next, from {from}, {level}") }
    },
    of: |level| format!("in the rota, {level}"),
    free: "in no rota",
    heads: ["OVER", "READ BY", "WHAT IS READ"],
    everybody: "everybody there",
    quiet: |channels, until| {
        format!("Quiet hours of {channels} (until {until}) do not count: a page by hand goes out now.")
    },
    will: |incident| {
        if incident {
            "It goes out at once; the audit and the incident's timeline record it."
        } else {
            "It goes out at once; the audit records it."
        }
    },
    no_text: "say what they need to know",
    no_choice: "nobody to page is chosen yet",
    embedded: "This is the embedded place: nobody outside is paged from here.",
    sending: "putting it into the outbox …",
    paged: |who| format!("Paged {who}"),
    answer_heads: ["OVER", "STATE", ""],
    state: |state, tried| match state {
        LetterState::Queued if tried => "NOT YET",
        LetterState::Queued => "waits",
        LetterState::Sending => "sending",
        LetterState::Sent => "delivered",
        LetterState::Failed => "FAILED",
    },
    taken_at: |at| format!("the receiver took it at {at}"),
    again: |tries, at, why| {
        let tries = if tries == 1 { "once".to_owned() } else { format!("{tries} times") };
        format!("tried {tries}, again at {at}: {why}")
    },
    waits: "in the outbox",
    stands: |taken, all, over| match (taken, over) {
        (0, true) => "NOBODY was reached: page somebody else, or call.".to_owned(),
        (0, false) => "Nobody has it yet.".to_owned(),
        (taken, _) if taken == all => {
            format!("Delivered over {all} of {all} channels. Whether it is read nobody can tell.")
        }
        (taken, _) => {
            format!("Delivered over {taken} of {all} channels. Whether it is read nobody can tell.")
        }
    },
    closed: |watcher| {
        if watcher {
            "A watcher goes on trying when this console is closed."
        } else {
            "No watcher runs: what is not delivered when this console is closed waits for the next one."
        }
    },
    unknown: |why| format!("UNKNOWN how it stands: {why}"),
    notice: |who, taken, all, over| match (taken, over) {
        (0, true) => format!("paged {who}: NOT reached over any of {all} channels"),
        (0, false) => format!("paged {who}: not delivered yet, tried again"),
        _ => format!("paged {who}: delivered over {taken} of {all} channels"),
    },
    keys: "enter pages · ↑↓ whom · pgdn text · esc leaves",
    keys_not: "↑↓ whom · esc leaves",
    keys_none: "esc leaves",
    keys_sent: "esc leaves; it goes on",
    keys_over: "enter pages somebody else · esc leaves",
};
