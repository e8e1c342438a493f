//! What is said of bundles: written, checked, told, opened.

/// The words.
#[derive(Debug)]
pub struct BundleText {
    /// While the servers are asked.
    pub gathering: &'static str,
    /// Calm time lies so many minutes before the window.
    pub calm_earlier: fn(i64) -> String,
    /// There was no calm time.
    pub calm_nowhere: &'static str,
    /// Nobody knows whether it was calm.
    pub calm_unknown: &'static str,
    /// A file was written: its name, the incident, lines, sum.
    pub written: fn(&str, &str, u64, &str) -> String,
    /// The seal holds: lines, sum, what is known of its signature.
    pub holds: fn(u64, &str, &str) -> String,
    /// It is not signed.
    pub signature_none: &'static str,
    /// It is signed, and nobody gave the key.
    pub signature_unchecked: &'static str,
    /// The signature fits the key.
    pub signature_holds: &'static str,
    /// There is no seal.
    pub unsealed: &'static str,
    /// The seal does not hold: why.
    pub broken: fn(&str) -> String,
    /// Its own line was changed.
    pub damage_seal: &'static str,
    /// The number of lines: sealed, found.
    pub damage_lines: fn(u64, u64) -> String,
    /// The bytes.
    pub damage_bytes: &'static str,
    /// The signature does not fit the key.
    pub damage_signature: &'static str,
    /// There is a key, and no signature.
    pub damage_unsigned: &'static str,
    /// Something stands behind the seal.
    pub damage_after: &'static str,
    /// A line that is too long: its number.
    pub damage_too_long: fn(u64) -> String,
    /// The compressed file was changed.
    pub damage_compressed: &'static str,
    /// A line that is broken: its number, why.
    pub broken_line: fn(u64, &str) -> String,
    /// So many more.
    pub more_broken: fn(u64) -> String,
    /// Records beyond the limits.
    pub dropped: fn(u64) -> String,
    /// A key too short: the file.
    pub key_short: fn(&str) -> String,
    /// A key that cannot be read: the file, why.
    pub key_unreadable: fn(&str, &str) -> String,
    /// Heads of what is in a bundle.
    pub heads: Heads,
    /// A flag that cannot stand beside `--bundle`.
    pub not_with_bundle: fn(&str) -> String,
    /// The servers of a bundle cannot listen: why.
    pub no_servers: fn(&str) -> String,
    /// What the context is called: the incident's id.
    pub context: fn(&str) -> String,
}

/// What stands before the parts of a bundle.
#[derive(Debug)]
pub struct Heads {
    /// The incident.
    pub incident: &'static str,
    /// Where it comes from.
    pub source: &'static str,
    /// The window.
    pub window: &'static str,
    /// Calm time.
    pub calm: &'static str,
    /// What was noticed.
    pub symptom: &'static str,
    /// Series.
    pub series: &'static str,
    /// Log lines.
    pub logs: &'static str,
    /// Spans.
    pub spans: &'static str,
    /// Alerts.
    pub alerts: &'static str,
    /// Changes.
    pub changes: &'static str,
    /// Edges.
    pub edges: &'static str,
    /// What the console did and showed.
    pub others: &'static str,
    /// Sealed, or not.
    pub sealed: fn(bool) -> &'static str,
}

/// English.
pub const EN: BundleText = BundleText {
    gathering: "asking the servers …",
    calm_earlier: |minutes| {
        format!("calm time is from {minutes} min before the window: something fired in between")
    },
    calm_nowhere: "something fired all the time: what is right before the window stands for calm time",
    calm_unknown: "nobody could say what fired: what is right before the window stands for calm time",
    written: |file, id, lines, sum| format!("{file}: {id}, {lines} lines, sha256 {sum}\n"),
    holds: |lines, sum, signature| format!("the seal holds: {lines} lines, sha256 {sum}; {signature}\n"),
    signature_none: "not signed: the sum tells changes, but not who wrote it",
    signature_unchecked: "signed; give --key-file to check by whom",
    signature_holds: "the signature fits the key",
    unsealed: "there is no seal: nobody can say whether it was changed\n",
    broken: |why| format!("the seal does not hold: {why}\n"),
    damage_seal: "the line of the seal was changed",
    damage_lines: |sealed, found| format!("{sealed} lines were sealed, {found} are there"),
    damage_bytes: "the bytes are not those that were sealed",
    damage_signature: "the signature does not fit the key",
    damage_unsigned: "a key was given, and nobody signed it",
    damage_after: "something stands behind the seal",
    damage_too_long: |line| format!("line {line} is longer than this format writes"),
    damage_compressed: "the compressed file was changed",
    broken_line: |line, why| format!("line {line}: {why}"),
    more_broken: |lines| format!("and {lines} more lines are broken"),
    dropped: |records| format!("{records} records are more than this program takes; they are left out"),
    key_short: |file| {
        format!("{file}: a key must have 16 bytes or more; `openssl rand -hex 32 > {file}` makes one")
    },
    key_unreadable: |file, why| format!("{file}: the key cannot be read: {why}"),
    heads: Heads {
        incident: "incident",
        source: "source",
        window: "window",
        calm: "calm time",
        symptom: "noticed",
        series: "series",
        logs: "log lines",
        spans: "spans",
        alerts: "alerts",
        changes: "changes",
        edges: "edges",
        others: "records of the console",
        sealed: |sealed| if sealed { "sealed; `bundle verify` checks it" } else { "not sealed" },
    },
    not_with_bundle: |flag| {
        format!(
            "{flag} does not go with --bundle: the file is the source of everything; leave one of them out"
        )
    },
    no_servers: |why| format!("what answers from the bundle cannot listen on this machine: {why}"),
    context: str::to_owned,
};
