//! Words of the commands `traces` and `trace`.

/// What they say.
#[derive(Debug)]
pub struct TraceCommandText {
    /// No Tempo is configured.
    pub no_tempo: &'static str,
    /// What is given is no id of a trace.
    pub bad_id: fn(&str) -> String,
    /// Nobody knows the trace of this id.
    pub unknown: fn(&str) -> String,
    /// The search found as many as were asked for.
    pub more: fn(u32) -> String,
    /// What the server says is missing or wrong about its answer.
    pub incomplete: fn(&str) -> String,
    /// A source's fault, and what to do about it, which may be empty.
    pub fault: fn(&str, &str) -> String,
    /// A refused query.
    pub bad_query: fn(&str) -> String,
    /// Personal data was masked: where, what, how often.
    pub leak: fn(&str, &str, u64) -> String,
    /// Streams, or kinds, that are not told apart.
    pub others: &'static str,
    /// Heads of the list of traces.
    pub columns: [&'static str; 7],
    /// A root that has not arrived.
    pub no_root: &'static str,
    /// First line of a trace: id, start, duration, spans, services, errors.
    pub head: fn(&str, &str, &str, usize, usize, usize) -> String,
    /// Heads of the numbers beside the bars.
    pub span_columns: [&'static str; 3],
    /// What the marks before a span mean.
    pub legend: &'static str,
    /// An error's words.
    pub error: fn(&str) -> String,
    /// Spans whose parent has not arrived.
    pub orphans: fn(usize) -> String,
    /// Spans that are their own ancestors.
    pub looped: fn(usize) -> String,
    /// Spans that share an id.
    pub doubled: fn(usize) -> String,
    /// Spans whose clock contradicts their parent's.
    pub skewed: fn(usize) -> String,
    /// Heads of the services' list.
    pub service_columns: [&'static str; 5],
}

fn spans(count: usize) -> String {
    if count == 1 { "1 span".to_owned() } else { format!("{count} spans") }
}

/// English.
pub const EN: TraceCommandText = TraceCommandText {
    no_tempo: "Traces are Tempo's, and none is configured: --tempo URL, or [sources.tempo] url in the file.",
    bad_id: |text| {
        format!(
            "`{text}` is not the id of a trace; write its 1 to 32 hex digits, such as \
             19f3f0e3dfb8f65015a10f507efb6740, or a whole traceparent header"
        )
    },
    unknown: |id| {
        format!(
            "Tempo knows no trace {id}: it may not have arrived yet, be older than what is kept, or belong to another tenant"
        )
    },
    more: |limit| {
        format!("as many traces as were asked for ({limit}): more may match; --limit asks for more")
    },
    incomplete: |words| format!("incomplete: {words}"),
    fault: |words, advice| {
        if advice.is_empty() { format!("tempo: {words}") } else { format!("tempo: {words}. {advice}") }
    },
    bad_query: |words| format!("Tempo refuses the query: {words}"),
    leak: |stream, kind, count| format!("masked in {stream}: {kind}, {count} times"),
    others: "others",
    columns: ["START", "DURATION", "SPANS", "ERRORS", "SERVICES", "TRACE", "ROOT"],
    no_root: "(root not received)",
    head: |id, start, duration, count, services, errors| {
        let services = if services == 1 { "1 service".to_owned() } else { format!("{services} services") };
        let errors = match errors {
            0 => "no error".to_owned(),
            1 => "1 error".to_owned(),
            errors => format!("{errors} errors"),
        };
        format!("trace {id}  {start}  {duration}  {}  {services}  {errors}", spans(count))
    },
    span_columns: ["AT", "DURATION", "OWN"],
    legend: "* on the critical path   ! ended with an error",
    error: |message| {
        if message.is_empty() || message.eq_ignore_ascii_case("error") {
            "error".to_owned()
        } else {
            format!("error: {message}")
        }
    },
    orphans: |count| format!("{} whose parent has not been received", spans(count)),
    looped: |count| format!("{} that name themselves as ancestors", spans(count)),
    doubled: |count| format!("{} with an id that another one has too", spans(count)),
    skewed: |count| format!("{} whose clock contradicts their parent's", spans(count)),
    service_columns: ["SERVICE", "SPANS", "ERRORS", "OWN", "CRITICAL"],
};
