//! TraceQL's words, as of Tempo 3. A server may know fewer or more; it decides.

use super::Word;

/// The words of TraceQL.
#[derive(Debug)]
pub struct TraceqlText {
    /// Begin of a set of spans.
    pub spans: &'static [Word],
    /// What every span or trace has.
    pub intrinsics: &'static [Word],
    /// What attributes belong to.
    pub scopes: &'static [Word],
    /// Comparisons.
    pub comparisons: &'static [Word],
    /// What can follow a condition.
    pub logic: &'static [Word],
    /// What can follow a set of spans.
    pub structural: &'static [Word],
    /// What can follow `|`.
    pub functions: &'static [Word],
    /// Functions of `|` that take an attribute.
    pub taking: &'static [&'static str],
    /// What can follow a function that gives numbers over time.
    pub after_metrics: &'static [Word],
    /// Hints.
    pub hints: &'static [Word],
    /// Values of `status`.
    pub statuses: &'static [Word],
    /// Values of `kind`.
    pub kinds: &'static [Word],
    /// Values that any attribute can be compared with.
    pub constants: &'static [Word],
    /// Lengths of time.
    pub durations: &'static [Word],
}

/// English.
pub const EN: TraceqlText = TraceqlText {
    spans: &[("{", "spans that satisfy what stands in braces; { } is all")],
    intrinsics: &[
        ("duration", "of the span: 100ms, 1.5s"),
        ("name", "operation of the span"),
        ("status", "error, ok or unset"),
        ("kind", "server, client, producer, consumer, internal"),
        ("rootServiceName", "service of the trace's root"),
        ("rootName", "operation of the trace's root"),
        ("traceDuration", "from the first begin to the last end of the trace"),
        ("statusMessage", "words of the status"),
        ("span:duration", "of the span"),
        ("span:name", "operation of the span"),
        ("span:status", "error, ok or unset"),
        ("span:statusMessage", "words of the status"),
        ("span:kind", "server, client, producer, consumer, internal"),
        ("span:id", "id of the span, hexadecimal"),
        ("span:parentID", "id of the span's parent"),
        ("span:childCount", "children of the span"),
        ("trace:duration", "of the trace"),
        ("trace:rootName", "operation of the trace's root"),
        ("trace:rootService", "service of the trace's root"),
        ("trace:id", "id of the trace, hexadecimal"),
        ("event:name", "name of an event of the span"),
        ("event:timeSinceStart", "from the span's begin to the event"),
        ("link:traceID", "trace that the span is linked with"),
        ("link:spanID", "span that the span is linked with"),
        ("instrumentation:name", "library that made the span"),
        ("instrumentation:version", "version of that library"),
        ("nestedSetParent", "below 0 for the root"),
        ("childCount", "children of the span"),
    ],
    scopes: &[
        ("span.", "attributes of spans"),
        ("resource.", "attributes of what sent the spans"),
        ("event.", "attributes of events"),
        ("link.", "attributes of links"),
        ("instrumentation.", "attributes of the library"),
        ("parent.", "attributes of the parent span"),
        (".", "attributes of span or resource"),
    ],
    comparisons: &[
        ("=", "equals"),
        ("!=", "does not equal"),
        ("=~", "matches the regular expression"),
        ("!~", "does not match the regular expression"),
        (">", "greater"),
        (">=", "greater or equal"),
        ("<", "less"),
        ("<=", "less or equal"),
    ],
    logic: &[("&&", "both must hold"), ("||", "one of both must hold")],
    structural: &[
        (">> {", "descendants of these spans"),
        ("> {", "children of these spans"),
        ("<< {", "ancestors of these spans"),
        ("< {", "parents of these spans"),
        ("~ {", "siblings of these spans"),
        ("&& {", "traces that have both"),
        ("|| {", "traces that have one or both"),
        ("!>> {", "not descendants of these spans"),
        ("!> {", "not children of these spans"),
        ("!<< {", "not ancestors of these spans"),
        ("!< {", "not parents of these spans"),
        ("!~ {", "not siblings of these spans"),
        ("&>> {", "these spans and their descendants"),
        ("&> {", "these spans and their children"),
        ("&<< {", "these spans and their ancestors"),
        ("&< {", "these spans and their parents"),
        ("&~ {", "these spans and their siblings"),
    ],
    functions: &[
        ("rate()", "spans per second"),
        ("count_over_time()", "spans in each step"),
        ("quantile_over_time(", "(attribute, φ, …) φ-quantiles in each step"),
        ("histogram_over_time(", "(attribute) distribution in each step"),
        ("avg_over_time(", "(attribute) mean in each step"),
        ("min_over_time(", "(attribute) least value in each step"),
        ("max_over_time(", "(attribute) greatest value in each step"),
        ("sum_over_time(", "(attribute) sum in each step"),
        ("select(", "(attribute, …) attributes to bring along"),
        ("by(", "(attribute) groups spans"),
        ("count()", "spans of the trace; compare it: count() > 5"),
        ("avg(", "(attribute) mean of the trace's spans"),
        ("min(", "(attribute) least of the trace's spans"),
        ("max(", "(attribute) greatest of the trace's spans"),
        ("sum(", "(attribute) sum over the trace's spans"),
        ("coalesce()", "one group again"),
        ("compare(", "({selection}) attributes of a selection against the rest"),
        ("topk(", "(k) the k greatest series"),
        ("bottomk(", "(k) the k least series"),
    ],
    taking: &[
        "quantile_over_time",
        "histogram_over_time",
        "avg_over_time",
        "min_over_time",
        "max_over_time",
        "sum_over_time",
        "select",
        "by",
        "avg",
        "min",
        "max",
        "sum",
    ],
    after_metrics: &[
        ("by (", "a series for each value of these attributes"),
        ("with (", "hints to the server"),
    ],
    hints: &[
        ("most_recent=true", "the newest traces, whatever it costs"),
        ("exemplars=true", "traces beside the numbers"),
        ("sample=true", "numbers from a sample of the spans"),
    ],
    statuses: &[("error", "status"), ("ok", "status"), ("unset", "status")],
    kinds: &[
        ("server", "kind"),
        ("client", "kind"),
        ("producer", "kind"),
        ("consumer", "kind"),
        ("internal", "kind"),
        ("unspecified", "kind"),
    ],
    constants: &[("nil", "the attribute is missing, or is there with !="), ("true", ""), ("false", "")],
    durations: &[
        ("100ms", "100 milliseconds"),
        ("500ms", "500 milliseconds"),
        ("1s", "1 second"),
        ("5s", "5 seconds"),
        ("10ms", "10 milliseconds"),
        ("1m", "1 minute"),
    ],
};
