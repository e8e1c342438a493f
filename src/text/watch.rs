//! Words of the watcher: what it answers, tells on stderr, and writes into timelines.

/// What is said. Each is one line.
#[derive(Debug)]
pub struct WatchText {
    /// A body is no webhook: why.
    pub not_a_webhook: fn(&str) -> String,
    /// A webhook of another version.
    pub webhook_version: fn(&str) -> String,
    /// Too many alerts in one: how many, the most.
    pub too_many_alerts: fn(usize, usize) -> String,
    /// A fingerprint that is none.
    pub bad_fingerprint: &'static str,
    /// The token is missing or wrong.
    pub bad_token: &'static str,
    /// The body is too large: bytes.
    pub too_large: fn(usize) -> String,
    /// More alerts a second than are taken.
    pub too_fast: &'static str,
    /// The journal cannot be written: why.
    pub journal_down: fn(&str) -> String,
    /// Too many wait.
    pub full: &'static str,
    /// A level that nobody stands for and no channel reaches.
    pub nobody_to_tell: fn(&str) -> String,
    /// Somebody was told: level, whom.
    pub told: fn(&str, &str) -> String,
    /// A letter names a channel that is not configured.
    pub no_channel: fn(&str) -> String,
    /// A letter that cannot be read.
    pub unreadable_letter: fn(&str) -> String,
    /// A letter was taken: channel.
    pub letter_taken: fn(&str) -> String,
    /// A letter was not taken: channel, why.
    pub letter_failed: fn(&str, &str) -> String,
    /// An incident was resolved while its letter waited.
    pub resolved_meanwhile: &'static str,
    /// Who opens incidents.
    pub itself: &'static str,
    /// Every alert of an incident is acknowledged: by whom.
    pub all_acked: fn(&str) -> String,
    /// Title of an incident: alert, component.
    pub title: fn(&str, &str) -> String,
    /// How many more alerts joined.
    pub grew: fn(u32) -> String,
    /// Alertmanager does not answer: why.
    pub no_poll: fn(&str) -> String,
    /// It answers again.
    pub poll_again: &'static str,
    /// The journal does not take what is to be written: why.
    pub round_failed: fn(&str) -> String,
    /// Where it listens, how many channels and people there are.
    pub listening: fn(&str, usize, usize) -> String,
    /// It only polls: seconds.
    pub polling: fn(u64) -> String,
    /// It ended: why.
    pub ended: fn(&str) -> String,
    /// It listens beyond the machine without a token.
    pub no_token: fn(&str) -> String,
    /// The token's file: why it cannot be used.
    pub token_file: fn(&str) -> String,
    /// A token that can be guessed.
    pub short_token: &'static str,
    /// Nothing to watch.
    pub nothing_to_watch: &'static str,
    /// Nobody can be told.
    pub no_channels: &'static str,
    /// Taking over a run: run.
    pub takes_run: fn(&str) -> String,
}

/// English.
pub const EN: WatchText = WatchText {
    not_a_webhook: |why| format!("the body is not Alertmanager's webhook: {why}"),
    webhook_version: |version| format!("the webhook is of version `{version}`; version 4 is understood"),
    too_many_alerts: |count, most| {
        format!("{count} alerts in one webhook; {most} are the most: set max_alerts at the receiver")
    },
    bad_fingerprint: "an alert has no fingerprint of letters and digits",
    bad_token: "the bearer token is missing or wrong",
    too_large: |most| format!("the body is larger than {most} bytes: set max_alerts at the receiver"),
    too_fast: "too many alerts in this second; come again",
    journal_down: |why| format!("the journal cannot be written, so nothing was taken: {why}"),
    full: "too many requests wait; come again",
    nobody_to_tell: |level| {
        format!("nobody can be told at level {level}: no rota, contact or channel is for it")
    },
    told: |level, who| format!("{level}: {who}"),
    no_channel: |name| format!("there is no channel `{name}` in this configuration"),
    unreadable_letter: |why| format!("the letter cannot be read: {why}"),
    letter_taken: |channel| format!("told over {channel}"),
    letter_failed: |channel, why| format!("not told over {channel}: {why}"),
    resolved_meanwhile: "It has been resolved meanwhile.",
    itself: "watch",
    all_acked: |who| format!("every alert of it is acknowledged, the last by {who}"),
    title: |alert, component| {
        if component.is_empty() { alert.to_owned() } else { format!("{alert}: {component}") }
    },
    grew: |count| format!("It grows: {count} alerts by now."),
    no_poll: |why| format!("Alertmanager does not answer, so only webhooks tell of alerts: {why}"),
    poll_again: "Alertmanager answers again",
    round_failed: |why| {
        format!("the journal cannot be written, so nobody is told and nothing goes a level up: {why}")
    },
    listening: |at, channels, people| {
        format!(
            "listening on http://{at}: POST /webhook, /metrics, /healthz; {channels} channels, {people} contacts"
        )
    },
    polling: |seconds| {
        format!("not listening ([watch] listen, or --listen); looking at Alertmanager every {seconds} s")
    },
    ended: |why| format!("watching has ended: {why}"),
    no_token: |at| {
        format!(
            "{at} can be reached from other machines, so webhooks must carry a token: set [watch] token_file"
        )
    },
    token_file: |why| format!("[watch] token_file: {why}"),
    short_token: "holds fewer than 16 characters, which can be guessed",
    nothing_to_watch: "there is nothing to watch: name an Alertmanager ([sources.alertmanager]) or an address to listen at (--listen)",
    no_channels: "no [channels.*] is configured: incidents are opened, and nobody is told",
    takes_run: |run| format!("carrying on {run}, whose process is gone"),
};
