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
    /// It is likely a victim of these.
    pub victim: fn(&str) -> String,
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
    victim: |of| format!("needs {of}, and is likely its victim"),
};
