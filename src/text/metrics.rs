//! What the metrics view and the command `query` say.

use super::ui::thousands;
use crate::model::Unit;
use crate::view::vm::{MetricsForm, MetricsSort, Unfit};

/// Words of the metrics view. Arguments that are texts are already formatted for a person.
#[derive(Debug)]
pub struct MetricsText {
    /// Title where the query is no ready one.
    pub title: &'static str,
    /// A form.
    pub form: fn(MetricsForm) -> &'static str,
    /// Why a form says nothing.
    pub unfit: fn(Unfit) -> String,
    /// Which form is shown, and why not another.
    pub form_instead: fn(&str, &str) -> String,
    /// The logarithmic scale.
    pub log: &'static str,
    /// The step.
    pub step: fn(&str) -> String,
    /// Nothing is above zero.
    pub no_log: &'static str,
    /// A form without a logarithmic scale.
    pub no_log_in: fn(&str) -> String,
    /// So many points cannot stand on a logarithmic scale.
    pub below_log: fn(usize) -> String,
    /// So many points are no number, so many infinite.
    pub odd: fn(usize, usize) -> String,
    /// So many series more than are drawn: shown, not shown.
    pub omitted: fn(usize, usize) -> String,
    /// No query at all: the key that writes one.
    pub no_query: fn(&str) -> [String; 2],
    /// The result is a text.
    pub is_text: fn(&str) -> [String; 2],
    /// The result is a stretch of samples.
    pub is_samples: fn(&str) -> [String; 2],
    /// No series: start and end of the window.
    pub no_series: fn(&str, &str) -> String,
    /// No such metric: its name, the nearest one.
    pub no_metric: fn(&str, Option<&str>) -> String,
    /// The metric is there, but nothing that fits.
    pub no_match: fn(&str) -> String,
    /// Every series is hidden.
    pub all_hidden: &'static str,
    /// The server refused the query.
    pub refused: &'static str,
    /// How many series, how many of them are shown.
    pub series: fn(usize, usize) -> String,
    /// How the list is sorted: by what, reversed.
    pub sorted: fn(MetricsSort, bool) -> String,
    /// Heads of the list: last, least, most, mean.
    pub heads: [&'static str; 4],
    /// No sample there.
    pub gap: &'static str,
    /// No number.
    pub nan: &'static str,
    /// Head of the table's value.
    pub value: &'static str,
    /// What a metric is: name, type, help.
    pub about: fn(&str, &str, &str) -> String,
    /// A bucket up to this bound, from that one.
    pub bucket: fn(Option<&str>, &str) -> String,
    /// What is counted in a heatmap: of so many sets of buckets.
    pub heat: fn(usize) -> String,
    /// Buckets that held less than the one below.
    pub heat_broken: fn(usize) -> String,
    /// The distribution is asked for by another query.
    pub heat_query: fn(&str) -> String,
    /// Exemplars: none in the window.
    pub no_exemplars: &'static str,
    /// The chosen exemplar: its trace, value, labels, moment, and of how many.
    pub exemplar: fn(&str, &str, &str, &str, usize) -> String,
    /// Exemplars without any trace.
    pub no_trace: fn(usize) -> String,
    /// Exemplars cannot be had: why.
    pub exemplars_failed: fn(&str) -> String,
    /// Something was copied.
    pub copied: fn(&str) -> String,
    /// What the command `query` says.
    pub query: QueryText,
}

/// Words of the command `query`.
#[derive(Debug)]
pub struct QueryText {
    /// No Prometheus is configured.
    pub no_prometheus: &'static str,
    /// The end lies before the start.
    pub backwards: &'static str,
    /// A step of nothing.
    pub no_step: &'static str,
    /// Piece so and so of so many.
    pub piece: fn(usize, usize) -> String,
    /// The answer is incomplete: why.
    pub warning: fn(&str) -> String,
    /// A part of the window is missing: from, why.
    pub cut: fn(&str, &str) -> String,
    /// Nothing matched.
    pub nothing: &'static str,
    /// Head of a moment.
    pub time: &'static str,
    /// Labels that all series share.
    pub common: fn(&str) -> String,
    /// Heads of the figures of a range: points, last, least, most, mean, trend.
    pub heads: [&'static str; 6],
    /// The moment that a table is of.
    pub at: fn(&str) -> String,
    /// The stretch that a table is of: from, to, step.
    pub over: fn(&str, &str, &str) -> String,
}

/// English.
pub const EN: MetricsText = MetricsText {
    title: "Series",
    form: |form| match form {
        MetricsForm::Lines => "lines",
        MetricsForm::Stacked => "stacked",
        MetricsForm::Heatmap => "heatmap",
        MetricsForm::Table => "table",
    },
    unfit: |why| match why {
        Unfit::Average => "not stacked: averages do not add up".to_owned(),
        Unfit::Extreme => "not stacked: least and greatest values do not add up".to_owned(),
        Unfit::Quantile => "not stacked: quantiles do not add up".to_owned(),
        Unfit::Quotient => "not stacked: quotients do not add up".to_owned(),
        Unfit::Spread => "not stacked: deviations do not add up".to_owned(),
        Unfit::Unit(unit) => format!("not stacked: {} do not add up", plural(unit)),
        Unfit::Negative => "not stacked: some values are below zero".to_owned(),
        Unfit::NoBuckets => "no heatmap: no histogram (label le) in this query".to_owned(),
    },
    form_instead: |form, why| format!("{form} ({why})"),
    log: "log scale",
    step: |step| format!("step {step}"),
    no_log: "no logarithmic scale: no value is above zero",
    no_log_in: |form| format!("no logarithmic scale for the form {form}: lines have one"),
    below_log: |count| format!("{} at or below zero: marked at the bottom of the log scale", points(count)),
    odd: |nans, infinite| match (nans, infinite) {
        (nans, 0) => format!("{} not a number (NaN): drawn as gaps", are(nans)),
        (0, infinite) => format!("{} infinite: marked at the edge", are(infinite)),
        (nans, infinite) => format!(
            "{} not a number (NaN), drawn as gaps; {} infinite, marked at the edge",
            are(nans),
            thousands(infinite)
        ),
    },
    omitted: |shown, omitted| {
        format!("{} more series: topk({shown}, …) asks for the largest", thousands(omitted))
    },
    no_query: |key| ["No query yet".to_owned(), format!("{key} writes one in PromQL.")],
    is_text: |text| [format!("\"{text}\""), "The result is a text: there is nothing to draw.".to_owned()],
    is_samples: |query| {
        [
            "A stretch of samples has no single value at a moment".to_owned(),
            format!("Put a function around it: rate({query}), avg_over_time({query})."),
        ]
    },
    no_series: |start, end| format!("No series between {start} and {end}"),
    no_metric: |name, nearest| match nearest {
        Some(nearest) => format!("There is no metric {name}. Did you mean {nearest}?"),
        None => format!("There is no metric {name}."),
    },
    no_match: |name| format!("{name} exists, but nothing of it matches in this window."),
    all_hidden: "Every series is hidden: space shows the one under the cursor",
    refused: "The server refuses this query",
    series: |all, shown| {
        let count = thousands(all);
        if all == shown {
            format!("{count} series")
        } else {
            format!("{} of {count} series", thousands(shown))
        }
    },
    sorted: |sort, reversed| {
        let by = match sort {
            MetricsSort::Name => "name",
            MetricsSort::Last => "last",
            MetricsSort::Min => "min",
            MetricsSort::Max => "max",
            MetricsSort::Mean => "avg",
        };
        if reversed { format!("by {by}, reversed") } else { format!("by {by}") }
    },
    heads: ["last", "min", "max", "avg"],
    gap: "gap",
    nan: "NaN",
    value: "value",
    about: |name, kind, help| match (kind.is_empty(), help.is_empty()) {
        (true, true) => name.to_owned(),
        (false, true) => format!("{name} · {kind}"),
        (true, false) => format!("{name} · {help}"),
        (false, false) => format!("{name} · {kind} · {help}"),
    },
    bucket: |from, to| match from {
        Some(from) if to == "∞" => format!(">{from}"),
        _ => format!("≤{to}"),
    },
    heat: |groups| if groups > 1 { format!("{groups} histograms added up") } else { String::new() },
    heat_broken: |count| {
        format!("{} held less than the bucket below: the histogram is inconsistent", cells(count))
    },
    heat_query: |query| format!("buckets: {query}"),
    no_exemplars: "exemplars: none in this window",
    exemplar: |trace, value, labels, at, count| {
        let rest = if labels.is_empty() { String::new() } else { format!(" · {labels}") };
        format!("Enter opens trace {trace} · {value} at {at}{rest} · 1 of {}", thousands(count))
    },
    no_trace: |count| format!("exemplars: {}, none names a trace", thousands(count)),
    exemplars_failed: |why| format!("exemplars: {why}"),
    copied: |text| format!("copied {text}"),
    query: QueryText {
        no_prometheus: "no Prometheus is configured; name one with --prometheus URL",
        backwards: "the window ends before it begins",
        no_step: "a step of 0s leads nowhere; write 15s, 1m",
        piece: |at, of| format!("piece {at} of about {of}"),
        warning: |why| format!("incomplete: {why}"),
        cut: |from, why| format!("incomplete: nothing from {from} on: {why}"),
        nothing: "no series",
        time: "time",
        common: |labels| format!("all with {}", labels.trim_end_matches("{}")),
        heads: ["points", "last", "min", "max", "avg", "trend"],
        at: |at| format!("at {at}"),
        over: |from, to, step| format!("{from} to {to}, step {step}"),
    },
};

fn points(count: usize) -> String {
    if count == 1 { "1 point".to_owned() } else { format!("{} points", thousands(count)) }
}

fn are(count: usize) -> String {
    if count == 1 { "1 point is".to_owned() } else { format!("{} points are", thousands(count)) }
}

fn cells(count: usize) -> String {
    if count == 1 { "1 bucket".to_owned() } else { format!("{} buckets", thousands(count)) }
}

fn plural(unit: Unit) -> &'static str {
    match unit {
        Unit::Percent | Unit::Ratio => "shares of a whole",
        Unit::Celsius => "temperatures",
        Unit::Seconds | Unit::Days => "durations",
        Unit::Bool => "states",
        _ => "these values",
    }
}
