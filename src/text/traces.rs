//! What the views of traces say.

use super::ui::thousands;
use crate::explore::model_run::ModelFact;
use crate::explore::waterfall::Origin;
use crate::model::{SpanKind, SpanStatus};

/// Words of the list of traces, of one trace and of two side by side. Arguments that are texts are already formatted for
/// a person.
#[derive(Debug)]
pub struct TracesText {
    /// Title of the list.
    pub list_title: &'static str,
    /// Title of the series of a query that counts.
    pub series_title: &'static str,
    /// Title of the traces over time.
    pub over_time: &'static str,
    /// Title of the traces by duration.
    pub by_duration: &'static str,
    /// Heads of the list's columns: start, service, operation, duration, spans, errors, services, what else is known.
    pub list_heads: [&'static str; 8],
    /// What the axis counts.
    pub axis_title: &'static str,
    /// Its layers: traces with errors.
    pub with_errors: &'static str,
    /// Its layers: the others.
    pub fine: &'static str,
    /// At the axis's cursor: traces, and of them with errors.
    pub at_cursor: fn(usize, usize) -> String,
    /// Median and 95th percentile.
    pub spread: fn(&str, &str) -> String,
    /// So many traces, and whether there are more.
    pub count: fn(usize, bool) -> String,
    /// No trace matches; how many were looked at.
    pub none_match: fn(Option<u64>) -> [String; 2],
    /// The series of a query that counts are empty.
    pub no_series: &'static str,
    /// So many series are not drawn.
    pub left_out: fn(usize) -> String,
    /// There are no more traces to load.
    pub nothing_more: &'static str,
    /// The line that loads more.
    pub load_more: &'static str,
    /// More are being loaded.
    pub loading_more: &'static str,
    /// More than these are not loaded.
    pub no_more: &'static str,
    /// Which trace is marked.
    pub marked: fn(&str) -> String,
    /// Title of a comparison while nothing is known.
    pub compare_title: &'static str,
    /// Names of the two: in question, compared with.
    pub side_names: [&'static str; 2],
    /// Heads of their durations.
    pub side_heads: [&'static str; 2],
    /// Head of the own time that was added.
    pub added_head: &'static str,
    /// Title of what differs.
    pub differences_title: &'static str,
    /// Nothing differs.
    pub no_difference: &'static str,
    /// What is missing of one of them: its id, words.
    pub side_message: fn(&str, &str) -> String,
    /// How the other was chosen: among how many, and whether these are without errors.
    pub chosen: fn(usize, bool) -> String,
    /// The other was marked.
    pub marked_one: &'static str,
    /// A usual one is being looked for.
    pub looking: &'static str,
    /// There is no other of this service and operation.
    pub no_usual: fn(&str, &str) -> String,
    /// The search for one failed.
    pub usual_failed: fn(&str) -> String,
    /// Only the one in question has so many of it.
    pub only_here: fn(usize) -> String,
    /// Only the other one has so many of it.
    pub only_there: fn(usize) -> String,
    /// So many instead of so many.
    pub repeated: fn(usize, usize) -> String,
    /// This own time instead of that.
    pub instead: fn(&str, &str) -> String,
    /// It failed here and not there.
    pub failed_here: &'static str,
    /// It failed there and not here.
    pub failed_there: &'static str,
    /// A count.
    pub number: fn(usize) -> String,
    /// So many spans.
    pub spans: fn(usize) -> String,
    /// So many errors.
    pub errors: fn(usize) -> String,
    /// So many services.
    pub services: fn(usize) -> String,
    /// When it began.
    pub started: fn(&str) -> String,
    /// Title of the spans.
    pub spans_title: &'static str,
    /// Title of the services.
    pub services_title: &'static str,
    /// Heads of the waterfall's columns: span, duration, own time.
    pub span_heads: [&'static str; 3],
    /// When the answer came.
    pub as_of: fn(&str) -> String,
    /// The root's service and operation are not known.
    pub no_root: &'static str,
    /// Title of the waterfall's place while there is none.
    pub trace: fn(&str) -> String,
    /// A trace that nobody knows.
    pub unknown: fn(&str) -> [String; 3],
    /// The server's words about what is missing.
    pub partial: fn(&str) -> String,
    /// Personal data that was masked: kinds with their counts.
    pub leaks: fn(&[(&str, u64)]) -> String,
    /// Kinds beyond those that are told apart.
    pub other_kinds: &'static str,
    /// So many spans without their parent.
    pub orphans: fn(usize) -> String,
    /// So many spans whose clock is off.
    pub skewed: fn(usize) -> String,
    /// So many spans with an id that another has.
    pub doubled: fn(usize) -> String,
    /// So many spans that are their own ancestors.
    pub looped: fn(usize) -> String,
    /// In a word, beside a span.
    pub origin: fn(Origin) -> &'static str,
    /// The same in the detail.
    pub origin_long: fn(Origin) -> Option<&'static str>,
    /// In a word, beside a span whose clock is off.
    pub clock_off: &'static str,
    /// In a word, beside a span that nobody waited for.
    pub not_waited: &'static str,
    /// Only the critical path is shown.
    pub only_path: &'static str,
    /// Which of the found ones, of how many, with what text.
    pub found: fn(usize, usize, &str) -> String,
    /// Nothing has the text.
    pub none_found: fn(&str) -> String,
    /// No span has an error.
    pub no_error: &'static str,
    /// The search for an error began again at the top.
    pub from_the_top: &'static str,
    /// No span is under the cursor.
    pub nothing_there: &'static str,
    /// Heads of the services' columns.
    pub service_heads: [&'static str; 5],
    /// What the services' figures mean.
    pub service_legend: &'static str,
    /// Detail: names of facts.
    pub service: &'static str,
    /// Operation.
    pub operation: &'static str,
    /// Status.
    pub status: &'static str,
    /// Status message.
    pub message: &'static str,
    /// Duration.
    pub duration: &'static str,
    /// Own time.
    pub own_time: &'static str,
    /// Time on the critical path.
    pub critical_time: &'static str,
    /// Start.
    pub start: &'static str,
    /// End.
    pub end: &'static str,
    /// What is below it.
    pub below: &'static str,
    /// That in words: spans, errors.
    pub below_words: fn(usize, usize) -> String,
    /// A stretch without children.
    pub gap: &'static str,
    /// That in words: how long, from when on.
    pub gap_words: fn(&str, &str) -> String,
    /// Its clock.
    pub clock: &'static str,
    /// By how much it is off, and whether it is behind.
    pub skew_words: fn(&str, bool) -> String,
    /// It goes on after its parent.
    pub detached: &'static str,
    /// That in words.
    pub detached_words: &'static str,
    /// Why it stands where it stands.
    pub place: &'static str,
    /// Heading: a model's run.
    pub model_run: &'static str,
    /// Names of its facts.
    pub model_fact: fn(ModelFact) -> &'static str,
    /// Heading: attributes.
    pub attributes: &'static str,
    /// Heading of an event: its name, when.
    pub event: fn(&str, &str) -> String,
    /// Heading of a link: the trace's id.
    pub link: fn(&str) -> String,
    /// Heading: the resource.
    pub resource: &'static str,
    /// Heading: ids.
    pub ids: &'static str,
    /// Id of the span.
    pub span_id: &'static str,
    /// Id of the parent.
    pub parent_id: &'static str,
    /// Id of the trace.
    pub trace_id: &'static str,
    /// The instrumentation that wrote it.
    pub scope: &'static str,
    /// What was left out.
    pub dropped: &'static str,
    /// That in words: how many.
    pub dropped_words: fn(usize) -> String,
    /// There is none.
    pub none: &'static str,
    /// A status.
    pub status_word: fn(SpanStatus) -> &'static str,
    /// A side of a call; nothing where nobody said.
    pub kind_word: fn(SpanKind) -> &'static str,
}

/// English.
pub const EN: TracesText = TracesText {
    list_title: "Traces",
    series_title: "Series",
    over_time: "Over time",
    by_duration: "By duration",
    list_heads: ["START", "SERVICE", "OPERATION", "DURATION", "SPANS", "ERRORS", "SERVICES", "ABOUT"],
    axis_title: "traces",
    with_errors: "with errors",
    fine: "without",
    at_cursor: |all, failed| match failed {
        0 => counted(all, "trace", "traces"),
        _ => format!("{}, {} with errors", counted(all, "trace", "traces"), thousands(failed)),
    },
    spread: |median, high| format!("median {median} · p95 {high}"),
    count: |count, more| if more { format!("{} of more", thousands(count)) } else { thousands(count) },
    none_match: |inspected| {
        [
            "No trace of the window matches.".to_owned(),
            inspected.map_or_else(String::new, |count| {
                format!("Tempo looked at {}.", counted(count as usize, "trace", "traces"))
            }),
        ]
    },
    no_series: "Nothing to count in the window.",
    left_out: |count| format!("{} not drawn, the smallest", counted(count, "series", "series")),
    nothing_more: "every trace of the window that matches is listed",
    load_more: "… more: Enter loads twice as many",
    loading_more: "loading more",
    no_more: "… more than are listed here: narrow the query or the window",
    marked: |id| format!("compared with {id}: D"),
    compare_title: "Two traces",
    side_names: ["this", "beside"],
    side_heads: ["THIS", "BESIDE"],
    added_head: "ADDED",
    differences_title: "What differs, by own time",
    no_difference: "Nothing differs by more than a hundredth of the longer trace.",
    side_message: |id, words| format!("{id}: {words}"),
    chosen: |among, fine| {
        let what = if fine { "without errors" } else { "all with errors" };
        format!("the median of {} like it, {what}", thousands(among))
    },
    marked_one: "the marked one",
    looking: "looking for a usual trace of the same root…",
    no_usual: |service, name| format!("The window has no other trace of {service} {name} to compare with."),
    usual_failed: |why| format!("No trace to compare with was found: {why}"),
    only_here: |count| {
        if count == 1 { "only here".to_owned() } else { format!("only here, ×{}", thousands(count)) }
    },
    only_there: |count| {
        if count == 1 { "missing here".to_owned() } else { format!("missing here, ×{}", thousands(count)) }
    },
    repeated: |count, usual| format!("×{} instead of ×{}", thousands(count), thousands(usual)),
    instead: |own, usual| format!("own {own} instead of {usual}"),
    failed_here: "fails here",
    failed_there: "fails only there",
    number: thousands,
    spans: |count| counted(count, "span", "spans"),
    errors: |count| counted(count, "error", "errors"),
    services: |count| counted(count, "service", "services"),
    started: |at| format!("began {at}"),
    spans_title: "Spans",
    services_title: "Services",
    span_heads: ["SPAN", "TIME", "OWN"],
    as_of: |at| format!("as of {at}"),
    no_root: "root not received",
    trace: |id| format!("Trace {id}"),
    unknown: |id| {
        [
            format!("Tempo knows no trace {id}."),
            "It may be older than what is kept, not flushed yet, or sampled away: an id in a log line is no promise."
                .to_owned(),
            "A search and a look-up by id can differ for a minute. r asks again.".to_owned(),
        ]
    },
    partial: |words| format!("partial: {words}"),
    leaks: |kinds| {
        let kinds: Vec<String> =
            kinds.iter().map(|(kind, count)| format!("{kind} ×{}", thousands(*count as usize))).collect();
        format!("personal data in this trace, masked: {}", kinds.join(", "))
    },
    other_kinds: "other",
    orphans: |count| {
        format!("{} without the parent, which was not received", counted(count, "span", "spans"))
    },
    skewed: |count| format!("{} with a clock that is off", counted(count, "span", "spans")),
    doubled: |count| format!("{} under an id that another has", counted(count, "span", "spans")),
    looped: |count| match count {
        1 => "1 circle of parents".to_owned(),
        _ => format!("{} circles of parents", thousands(count)),
    },
    origin: |origin| match origin {
        Origin::Root | Origin::Child => "",
        Origin::Orphan => "parent missing",
        Origin::Loop => "circle",
    },
    origin_long: |origin| match origin {
        Origin::Root | Origin::Child => None,
        Origin::Orphan => Some("its parent was not received: it may be late, lost or sampled away"),
        Origin::Loop => Some("its parents form a circle, which is cut here"),
    },
    clock_off: "clock off",
    not_waited: "not waited for",
    only_path: "critical path only",
    found: |at, of, text| format!("{} of {} with “{text}”", thousands(at), thousands(of)),
    none_found: |text| format!("no span with “{text}”"),
    no_error: "No span of this trace has an error.",
    from_the_top: "Went on from the top.",
    nothing_there: "There is no span to go from.",
    service_heads: ["SERVICE", "SPANS", "ERRORS", "OWN TIME", "CRITICAL PATH"],
    service_legend: "Own time: no child at work. Critical path: what the duration is made of.",
    service: "service",
    operation: "operation",
    status: "status",
    message: "message",
    duration: "duration",
    own_time: "own time",
    critical_time: "critical",
    start: "start",
    end: "end",
    below: "below",
    below_words: |spans, errors| match errors {
        0 => counted(spans, "span", "spans"),
        _ => format!("{}, {}", counted(spans, "span", "spans"), counted(errors, "error", "errors")),
    },
    gap: "gap",
    gap_words: |long, from| format!("{long} from {from} on without any child at work"),
    clock: "clock",
    skew_words: |by, behind| {
        let side = if behind { "behind" } else { "ahead of" };
        format!("about {by} {side} its caller's; drawn as measured, dots show where it should be")
    },
    detached: "not waited",
    detached_words: "goes on after its parent has ended",
    place: "place",
    model_run: "Model run",
    model_fact: |fact| match fact {
        ModelFact::Model => "model",
        ModelFact::Operation => "operation",
        ModelFact::Provider => "provider",
        ModelFact::Input => "input",
        ModelFact::TokensIn => "tokens in",
        ModelFact::TokensOut => "tokens out",
        ModelFact::Tokens => "tokens",
        ModelFact::Latency => "latency",
        ModelFact::Confidence => "confidence",
        ModelFact::Result => "result",
        ModelFact::Other => "",
    },
    attributes: "Attributes",
    event: |name, at| format!("Event {name} {at}"),
    link: |id| format!("Link to trace {}", id.get(..8).unwrap_or(id)),
    resource: "Resource",
    ids: "Ids",
    span_id: "span",
    parent_id: "parent",
    trace_id: "trace",
    scope: "written by",
    dropped: "left out",
    dropped_words: |count| format!("{} of its attributes, events and links", thousands(count)),
    none: "none",
    status_word: |status| match status {
        SpanStatus::Unset => "not set",
        SpanStatus::Ok => "ok",
        SpanStatus::Error => "error",
    },
    kind_word: |kind| match kind {
        SpanKind::Unspecified => "",
        SpanKind::Internal => "internal",
        SpanKind::Server => "server",
        SpanKind::Client => "client",
        SpanKind::Producer => "producer",
        SpanKind::Consumer => "consumer",
    },
};

fn counted(count: usize, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{} {many}", thousands(count)) }
}

/// A duration of nanoseconds in three digits and a unit: `850ns`, `12.4ms`, `1.88s`, `2m05s`.
pub fn nanos(nanoseconds: i64) -> String {
    let sign = if nanoseconds < 0 { "-" } else { "" };
    let n = nanoseconds.unsigned_abs();
    // A value that would be written 1000 is the next unit's 1.
    let (value, unit) = match n {
        0 => return "0".to_owned(),
        1..1_000 => return format!("{sign}{n}ns"),
        1_000..999_500 => (n as f64 / 1e3, "µs"),
        999_500..999_500_000 => (n as f64 / 1e6, "ms"),
        999_500_000..119_500_000_000 => (n as f64 / 1e9, "s"),
        _ => {
            let seconds = i64::try_from(n / 1_000_000_000).unwrap_or(i64::MAX);
            return format!("{sign}{}", crate::model::duration::format(seconds));
        }
    };
    let decimals = match value {
        v if v >= 99.95 => 0,
        v if v >= 9.995 => 1,
        _ => 2,
    };
    let text = format!("{value:.decimals$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    format!("{sign}{text}{unit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_three_digits_and_a_unit() {
        for (n, text) in [
            (0, "0"),
            (850, "850ns"),
            (1_000, "1µs"),
            (12_400_000, "12.4ms"),
            (999_499_999, "999ms"),
            (999_600_000, "1s"),
            (1_883_366_144, "1.88s"),
            (100_400_000_000, "100s"),
            (125_000_000_000, "2m05s"),
            (-1_500_000, "-1.5ms"),
        ] {
            assert_eq!(nanos(n), text, "{n}");
        }
        assert!(nanos(i64::MIN).starts_with('-'));
    }

    #[test]
    fn what_was_masked_is_told_without_its_value() {
        assert_eq!(
            (EN.leaks)(&[("cpf", 3), ("email", 1)]),
            "personal data in this trace, masked: cpf ×3, email ×1"
        );
    }
}
