//! Words of notifications, and of what can go wrong on their way.

/// What a notification says.
#[derive(Debug)]
pub struct NotifyText {
    /// Why somebody is told, by its word in JSON.
    pub event: fn(&str) -> &'static str,
    /// Several incidents in one message: how many, how many of them critical, the worst.
    pub storm: fn(usize, usize, &str) -> String,
    /// How many alerts an incident has, and some names.
    pub of_alerts: fn(u32, &str) -> String,
    /// Incidents that are not named.
    pub more_incidents: fn(usize) -> String,
    /// Alerts that are not named.
    pub more_alerts: fn(usize) -> String,
    /// The receiver may have it already.
    pub doubtful: &'static str,
    /// When it was opened, until when somebody should take it.
    pub opened: fn(&str, Option<&str>) -> String,
    /// Who has it.
    pub taken: fn(&str) -> String,
    /// Level and person that are told.
    pub told: fn(&str, &str) -> String,
    /// Where a text was cut.
    pub cut: &'static str,
    /// A file that holds no address.
    pub bad_address_file: fn(&str) -> String,
    /// A receiver's status and words.
    pub status: fn(u16, &str) -> String,
    /// A secret's file cannot be read: file, why.
    pub secret_file: fn(&str, &str) -> String,
    /// A secret's file is empty.
    pub secret_empty: fn(&str) -> String,
    /// A mail cannot be written: why.
    pub bad_mail: fn(&str) -> String,
    /// A mail has no receiver.
    pub no_receiver: &'static str,
    /// A mail server that does not offer STARTTLS: where.
    pub no_starttls: fn(&str) -> String,
    /// A mail server took too long.
    pub mail_late: fn(&str, u64) -> String,
    /// Title of a test.
    pub test_title: &'static str,
    /// Message of a test: who asked.
    pub test_message: fn(&str) -> String,
}

/// English.
pub const EN: NotifyText = NotifyText {
    event: |event| match event {
        "opened" => "opened",
        "escalated" => "not taken yet",
        "worse" => "became worse",
        "acknowledged" => "taken",
        "resolved" => "resolved",
        "page" => "you are called",
        "test" => "test",
        _ => "message",
    },
    storm: |all, critical, worst| match critical {
        0 => format!("{all} incidents, the worst: {worst}"),
        _ => format!("{all} incidents, {critical} critical, the worst: {worst}"),
    },
    of_alerts: |count, names| match count {
        0 => String::new(),
        1 => format!(": {names}"),
        _ => format!(": {count} alerts, {names}"),
    },
    more_incidents: |count| format!("and {count} more: plantao incidents"),
    more_alerts: |count| format!("and {count} more alerts"),
    doubtful: "You may have this already: the process that sent it ended before it knew.",
    opened: |at, by| match by {
        Some(by) => format!("opened {at}, take it by {by}"),
        None => format!("opened {at}"),
    },
    taken: |who| format!("taken by {who}"),
    told: |level, who| {
        if who.is_empty() || who == level {
            format!("told: {level}")
        } else {
            format!("told: {level} ({who})")
        }
    },
    cut: " … (cut)",
    bad_address_file: |file| format!("{file}: holds no http:// or https:// address"),
    status: |status, said| {
        if said.trim().is_empty() { format!("HTTP {status}") } else { format!("HTTP {status}: {said}") }
    },
    secret_file: |file, why| format!("{file}: cannot be read: {why}"),
    secret_empty: |file| format!("{file}: is empty"),
    bad_mail: |why| format!("the mail cannot be written: {why}"),
    no_receiver: "the mail has no receiver: neither `to` nor the contact's `email`",
    no_starttls: |at| {
        format!(
            "{at} does not offer STARTTLS, so nothing was sent: set tls = \"tls\" where it speaks TLS from the start, or mend the server"
        )
    },
    mail_late: |server, seconds| format!("{server}: did not take the mail within {seconds} s"),
    test_title: "this is a test",
    test_message: |who| format!("{who} tries whether this channel works. Nothing is wrong."),
};
