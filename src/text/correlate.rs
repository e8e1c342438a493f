//! Words of the analysis: what evidence says, causes, what to do about them.

/// What is said.
#[derive(Debug)]
pub struct CorrelateText {
    /// An operation's own time: operation, before, after, spans.
    pub own: fn(&str, &str, &str, usize) -> String,
    /// A call that waits: caller, callee, before, after, calls.
    pub gap: fn(&str, &str, &str, &str, usize) -> String,
    /// Share of excess time in per cent, time for each request.
    pub excess: fn(&str, &str) -> String,
    /// Something is missing: operation, what, how often, of how many, share before.
    pub lacks: fn(&str, &str, usize, usize, &str) -> String,
    /// Something is new: operation, what, how often, of how many, share before.
    pub new: fn(&str, &str, usize, usize, &str) -> String,
    /// Work takes a shape: operation, steps, share now, share before.
    pub shape: fn(&str, usize, &str, &str) -> String,
    /// Takes part in odd requests: share of these, share of others, how many.
    pub spectrum: fn(&str, &str, usize) -> String,
    /// Lines: how many, how many expected, one of them.
    pub lines: fn(usize, &str, &str) -> String,
    /// Lines that stay away: how many, how many expected, one of them.
    pub silent: fn(usize, &str, &str) -> String,
    /// A metric: name, before, after, spreads.
    pub series: fn(&str, &str, &str, &str) -> String,
    /// Series that ended: how many, of how many.
    pub quiet: fn(usize, usize) -> String,
    /// An alert.
    pub alert: fn(&str) -> String,
    /// A change.
    pub change: fn(&str) -> String,
    /// A finding in one line: component, cause, strongest evidence.
    pub finding: fn(&str, &str, &str) -> String,
    /// A finding without evidence of its own: component.
    pub nothing: fn(&str) -> String,
    /// Causes in words, by their name in results.
    pub cause: fn(&str) -> &'static str,
    /// What to do about a cause, by its name in results.
    pub recommend: fn(&str) -> &'static [&'static str],
    /// What to do when nobody is named.
    pub unsure: &'static [&'static str],
    /// What is missing.
    pub no_metrics: &'static str,
    /// The same.
    pub no_logs: &'static str,
    /// The same.
    pub no_traces: &'static str,
    /// The same.
    pub no_calm: &'static str,
    /// The same.
    pub few_calm: &'static str,
    /// The same.
    pub no_topology: &'static str,
    /// First line of a report: incident, window.
    pub head: fn(&str, &str) -> String,
    /// Verdicts: somebody, or nobody.
    pub verdict: fn(bool) -> &'static str,
    /// A line of the list: rank, component, cause, per cent, onset.
    pub row: fn(usize, &str, &str, &str, &str) -> String,
    /// Findings that are not shown.
    pub more: fn(usize) -> String,
    /// What is missing, as a head.
    pub missing: &'static str,
    /// What to do, as a head.
    pub todo: &'static str,
    /// A component, and what people call it where that differs.
    pub named: fn(&str, &str) -> String,
    /// Playbooks that fit a finding.
    pub playbooks: fn(&str) -> String,
    /// It is likely a victim of these.
    pub victim: fn(&str) -> String,
    /// `correlate` without a bundle.
    pub no_bundle: &'static str,
    /// A component of which there is no evidence.
    pub unknown_component: fn(&str) -> String,
    /// The key's file cannot be read: which, why.
    pub key_unreadable: fn(&str, &str) -> String,
    /// The key's file is empty.
    pub key_empty: &'static str,
    /// The seal holds: lines, hash, what is known of its signature.
    pub seal_holds: fn(u64, &str, &str) -> String,
    /// It has no signature.
    pub seal_plain: &'static str,
    /// It has one, and no key was given.
    pub seal_unchecked: &'static str,
    /// It has the key's.
    pub seal_signed: &'static str,
    /// There is none.
    pub unsealed: &'static str,
    /// It does not hold: why.
    pub seal_broken: fn(&str) -> String,
    /// The seal's line was changed.
    pub damage_seal: &'static str,
    /// The number of lines: sealed, found.
    pub damage_lines: fn(u64, u64) -> String,
    /// Bytes were changed.
    pub damage_bytes: &'static str,
    /// The signature is another key's.
    pub damage_signature: &'static str,
    /// There is no signature.
    pub damage_unsigned: &'static str,
    /// Something follows the seal.
    pub damage_after: &'static str,
    /// A line is too long: which.
    pub damage_long: fn(u64) -> String,
    /// The compression was changed.
    pub damage_compressed: &'static str,
    /// It cannot be read to the end: last whole line, why.
    pub damage_stream: fn(u64, &str) -> String,
    /// First line of `bundle show`: incident, window, baselines.
    pub show_head: fn(&str, &str, usize) -> String,
    /// The symptom: component, signal.
    pub show_symptom: fn(&str, &str) -> String,
    /// What a bundle holds.
    pub show_series: &'static str,
    /// The same.
    pub show_logs: &'static str,
    /// The same.
    pub show_spans: &'static str,
    /// The same.
    pub show_alerts: &'static str,
    /// The same.
    pub show_changes: &'static str,
    /// The same.
    pub show_edges: &'static str,
    /// The same.
    pub show_others: &'static str,
    /// There is a seal.
    pub show_sealed: &'static str,
    /// A line that cannot be read: number, why.
    pub broken_line: fn(u64, &str) -> String,
    /// More of them.
    pub more_broken: fn(u64) -> String,
    /// Records of a kind that nobody knows.
    pub unknown_kind: fn(&str, u64) -> String,
    /// Keys that nobody knows.
    pub unknown_key: fn(&str, u64) -> String,
    /// Records beyond the limits.
    pub dropped: fn(u64) -> String,
}

fn recommend(cause: &str) -> &'static [&'static str] {
    match cause {
        "cpu" => &[
            "see what takes the processor, and give it more or ask less of it",
            "check throttling and limits",
        ],
        "memory" => {
            &["restart it if memory runs out, then look for the leak", "compare with the last deploy"]
        }
        "disk" => &["check free space and what reads or writes so much"],
        "thermal" => &["shed or queue the machine's heaviest load", "check its cooling and what throttles"],
        "latency" => {
            &["check the network to it and whom it waits for", "consider a circuit breaker at its callers"]
        }
        "error" => &["check its recent deploys and configuration", "read its error lines and a failed trace"],
        "wrong_result" => &[
            "check its recent deploys: it ends its work early or differently",
            "compare a trace with one from calm time",
        ],
        "quality" => &["check the model or data it was last given", "let people check its answers meanwhile"],
        "traffic" => &["see who asks so much or so little, and limit or wake them"],
        "dependency" => &["check pools, queues and connections to what it shares", "end what holds them"],
        "down" => &["check whether it runs and can be reached, then restart it"],
        "security" => {
            &["see who is refused, from where, and block them", "tell whoever is responsible for security"]
        }
        _ => &[],
    }
}

fn cause(word: &str) -> &'static str {
    match word {
        "cpu" => "processor",
        "memory" => "memory",
        "disk" => "disk",
        "thermal" => "heat",
        "latency" => "latency or network",
        "error" => "errors",
        "wrong_result" => "wrong result",
        "quality" => "quality of answers",
        "traffic" => "traffic",
        "dependency" => "shared resource",
        "down" => "down",
        "security" => "security",
        _ => "unknown",
    }
}

/// English.
pub const EN: CorrelateText = CorrelateText {
    own: |operation, before, after, spans| {
        format!("{operation} takes {after} by itself, {before} in calm time ({spans} spans)")
    },
    gap: |caller, callee, before, after, calls| {
        format!("{caller} waits {after} for {callee} beyond its work, {before} in calm time ({calls} calls)")
    },
    excess: |share, each| format!("{share} of all time that is spent too much, {each} for each request"),
    lacks: |operation, what, count, of, before| {
        format!("{operation} lacks `{what}` {count} times of {of}; in calm time {before} have it")
    },
    new: |operation, what, count, of, before| {
        format!("{operation} has `{what}` {count} times of {of}; in calm time {before} have it")
    },
    shape: |operation, steps, now, before| {
        format!("{now} of {operation} take a course of {steps} steps that {before} take in calm time")
    },
    spectrum: |odd, fine, count| {
        format!("takes part in {odd} of the {count} slow and odd requests, and in {fine} of the others")
    },
    lines: |count, expected, sample| format!("{count} lines where {expected} were to be expected: {sample}"),
    silent: |count, expected, sample| {
        format!("only {count} lines where {expected} were to be expected: {sample}")
    },
    series: |name, before, after, z| format!("{name} is {after}, {before} in calm time ({z} spreads)"),
    quiet: |ended, of| format!("{ended} of its {of} series end: it tells nothing of itself any more"),
    alert: |name| format!("alert {name} began"),
    change: |title| format!("changed: {title}"),
    finding: |component, cause, evidence| format!("{component}: {cause}; {evidence}"),
    nothing: |component| format!("{component}: little that differs from calm time"),
    cause,
    recommend,
    unsure: &[
        "nothing stands out from calm time: widen the window, or add calm time to compare with",
        "look at the first findings' evidence before acting on them",
    ],
    no_metrics: "no metrics",
    no_logs: "no log lines in the window or calm time",
    no_traces: "no traces in the window or calm time",
    no_calm: "no calm period: nothing to compare with",
    few_calm: "one short calm period: false alarms cannot be told from findings",
    no_topology: "no calls between components are known: a symptom is not told from its cause by them",
    head: |id, window| format!("Incident {id}, {window}"),
    verdict: |named| if named { "Likely culprit" } else { "Unsure: no component stands out enough" },
    row: |rank, component, cause, sure, onset| format!("{rank:>2}. {component}  {cause}  {sure}  {onset}"),
    more: |count| format!("and {count} more; --format json has them all"),
    missing: "Missing:",
    todo: "To do:",
    named: |component, title| {
        if title.is_empty() { component.to_owned() } else { format!("{component} ({title})") }
    },
    playbooks: |names| format!("playbooks: {names}"),
    victim: |of| format!("follows from {of}"),
    no_bundle: "correlate reads a saved incident: give it with --bundle FILE",
    unknown_component: |name| format!("there is no evidence of a component `{name}`"),
    key_unreadable: |file, why| format!("the key in {file} cannot be read: {why}"),
    key_empty: "the file of the key is empty",
    seal_holds: |lines, hash, signature| {
        format!("The seal holds: {lines} lines, sha256 {hash}; {signature}.")
    },
    seal_plain: "it is not signed with a key, so whoever changes the file can seal it again",
    seal_unchecked: "it is signed, and without --key-file the signature is not checked",
    seal_signed: "its signature is the key's",
    unsealed: "There is no seal: nobody can tell whether the bundle was changed.",
    seal_broken: |why| format!("The seal does not hold: {why}."),
    damage_seal: "its own line was changed",
    damage_lines: |sealed, found| format!("{sealed} lines were sealed, {found} are there"),
    damage_bytes: "bytes before it were changed",
    damage_signature: "its signature is not of this key, or was changed",
    damage_unsigned: "a key was given, and it is not signed",
    damage_after: "something stands after it",
    damage_long: |line| format!("line {line} is longer than any writer makes one"),
    damage_compressed: "the compressed file was changed",
    damage_stream: |after, why| format!("the file cannot be read after line {after}: {why}"),
    show_head: |id, window, baselines| format!("{id}, {window}, {baselines} calm periods"),
    show_symptom: |component, signal| format!("Symptom: {signal} of {component}"),
    show_series: "series",
    show_logs: "log lines",
    show_spans: "spans",
    show_alerts: "alerts",
    show_changes: "changes",
    show_edges: "edges",
    show_others: "queries, findings, actions and screens",
    show_sealed: "Sealed; `bundle verify` checks it.",
    broken_line: |line, why| format!("line {line} is passed over: {why}"),
    more_broken: |count| format!("{count} more lines are passed over"),
    unknown_kind: |kind, count| format!("{count} records of the unknown kind `{kind}` are passed over"),
    unknown_key: |key, count| format!("the unknown key `{key}` is passed over, {count} times"),
    dropped: |count| format!("{count} records are more than can be kept, and left out"),
};
