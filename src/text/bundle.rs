//! What is said of bundles: written, checked, told, opened.

/// The words.
#[derive(Debug)]
pub struct BundleText {
    /// While the servers are asked.
    pub gathering: &'static str,
    /// A window without a length: where it begins, least seconds.
    pub window_too_short: fn(&str, i64) -> String,
    /// Calm time lies so many minutes before the window.
    pub calm_earlier: fn(i64) -> String,
    /// There was no calm time.
    pub calm_nowhere: &'static str,
    /// Nobody knows whether it was calm.
    pub calm_unknown: &'static str,
    /// A file was written: its name, the incident, lines, sum.
    pub written: fn(&str, &str, u64, &str) -> String,
    /// A key too short: the file.
    pub key_short: fn(&str) -> String,
    /// A key that cannot be read: the file, why.
    pub key_unreadable: fn(&str, &str) -> String,
    /// A flag that cannot stand beside `--bundle`.
    pub not_with_bundle: fn(&str) -> String,
    /// The servers of a bundle cannot listen: why.
    pub no_servers: fn(&str) -> String,
    /// What the context is called: the incident's id.
    pub context: fn(&str) -> String,
}

/// English.
pub const EN: BundleText = BundleText {
    gathering: "asking the servers …",
    window_too_short: |start, least| {
        format!(
            "a window of less than {least} s has nothing to compare with calm time; it begins at {start}: widen it"
        )
    },
    calm_earlier: |minutes| {
        format!("calm time is from {minutes} min before the window: something fired in between")
    },
    calm_nowhere: "something fired all the time: what is right before the window stands for calm time",
    calm_unknown: "nobody could say what fired: what is right before the window stands for calm time",
    written: |file, id, lines, sum| format!("{file}: {id}, {lines} lines, sha256 {sum}\n"),
    key_short: |file| {
        format!("{file}: a key must have 16 bytes or more; `openssl rand -hex 32 > {file}` makes one")
    },
    key_unreadable: |file, why| format!("{file}: the key cannot be read: {why}"),
    not_with_bundle: |flag| {
        format!(
            "{flag} does not go with --bundle: the file is the source of everything; leave one of them out"
        )
    },
    no_servers: |why| format!("what answers from the bundle cannot listen on this machine: {why}"),
    context: str::to_owned,
};
