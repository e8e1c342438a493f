//! What is said of evidence that was gathered, and of what is not in it.

/// The words.
#[derive(Debug)]
pub struct GatherText {
    /// What alerts are called.
    pub alerts: &'static str,
    /// What series are called.
    pub metrics: &'static str,
    /// What log lines are called.
    pub lines: &'static str,
    /// What traces are called.
    pub traces: &'static str,
    /// What changes are called.
    pub changes: &'static str,
    /// What annotations are called.
    pub annotations: &'static str,
    /// The window reaches beyond now.
    pub beyond_now: &'static str,
    /// There are no series at all.
    pub no_series: &'static str,
    /// The series begin only then, so many minutes after what was asked for.
    pub series_begin: fn(&str, i64) -> String,
    /// The journal cannot be read: why.
    pub journal: fn(&str) -> String,
    /// A server that nobody has configured.
    pub unconfigured: fn(&str) -> String,
    /// A server that did not answer: which, what it or the system says.
    pub failed: fn(&str, &str) -> String,
    /// A question that the server refuses: about what, which server.
    pub refused: fn(&str, &str) -> String,
    /// What a server warns of.
    pub warned: fn(&str, &str) -> String,
    /// The budget of requests is used up before this.
    pub over_requests: fn(&str) -> String,
    /// The time is over before everything came: from which server.
    pub over_time: fn(&str) -> String,
    /// Metrics that were passed over.
    pub metrics_over: fn(usize) -> String,
    /// Stretches whose lines were cut: how many, of how many, lines each.
    pub lines_over: fn(usize, usize, u32) -> String,
    /// The same for traces.
    pub traces_over: fn(usize, usize, u32) -> String,
    /// Traces with more spans than were told.
    pub traces_shortened: fn(usize, u32) -> String,
    /// The server does not tell which span is whose parent.
    pub no_parents: &'static str,
    /// A process started.
    pub started: &'static str,
    /// A configuration was read anew.
    pub reloaded: &'static str,
}

/// English.
pub const EN: GatherText = GatherText {
    alerts: "alerts",
    metrics: "series",
    lines: "log lines",
    traces: "traces",
    changes: "changes",
    annotations: "annotations",
    beyond_now: "the window reaches into the future: what is there until now was taken",
    no_series: "prometheus has no series of that time: longer ago than it keeps them, or nothing was scraped",
    series_begin: |at, minutes| {
        format!("prometheus has series from {at} on only, {minutes} min after what was asked for")
    },
    journal: |why| format!("the journal cannot be read, so what people did and noted is not there: {why}"),
    unconfigured: |source| format!("{source} is not configured"),
    failed: |source, why| format!("{source} did not answer: {why}"),
    refused: |what, source| format!("{source} refuses the question for {what}"),
    warned: |source, warning| format!("{source} says its answer is incomplete: {warning}"),
    over_requests: |what| format!("{what}: the budget of requests was used up; some were not asked for"),
    over_time: |source| format!("{source} took longer than the time allowed; not everything came"),
    metrics_over: |metrics| match metrics {
        1 => "one metric has too many series to look at each of them".to_owned(),
        many => format!("{many} metrics have too many series to look at each of them"),
    },
    lines_over: |cut, of, each| {
        format!(
            "in {cut} of {of} stretches there are more than {each} log lines: the first of each, and all that warn or worse"
        )
    },
    traces_over: |cut, of, each| {
        format!(
            "in {cut} of {of} stretches there are more than {each} traces: some of each, and slow and failed ones besides"
        )
    },
    traces_shortened: |traces, spans| {
        format!("{traces} traces have more than {spans} spans; the rest of them is not here")
    },
    no_parents: "this Tempo does not tell which span is whose parent: who calls whom is not known",
    started: "process started",
    reloaded: "configuration read anew",
};
