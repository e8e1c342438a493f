//! The words of the three query languages with what they mean, for completion.

pub mod logql;
pub mod promql;
pub mod traceql;

/// A word of a language and what it means in one line; of a function first what it takes.
pub type Word = (&'static str, &'static str);

/// The words of all three.
#[derive(Debug)]
pub struct LanguagesText {
    /// Prometheus's.
    pub promql: &'static promql::PromqlText,
    /// Loki's.
    pub logql: &'static logql::LogqlText,
    /// Tempo's.
    pub traceql: &'static traceql::TraceqlText,
    /// A label that series of the metric in the query have.
    pub of_metric: &'static str,
    /// A name that the query itself makes.
    pub of_query: &'static str,
    /// A field: its type, how many values, what reads it.
    pub field: fn(&str, u64, &str) -> String,
    /// Something stands where it cannot.
    pub unexpected: fn(&str) -> String,
    /// No such function is known to this program.
    pub no_function: fn(&str) -> String,
    /// A metric: type, unit, help.
    pub metric: fn(&str, &str, &str) -> String,
}

/// English.
pub const EN: LanguagesText = LanguagesText {
    promql: &promql::EN,
    logql: &logql::EN,
    traceql: &traceql::EN,
    of_metric: "of this metric",
    of_query: "made by this query",
    field: |kind, values, parser| {
        let mut words = kind.to_owned();
        if values > 0 {
            let plural = if values == 1 { "value" } else { "values" };
            words = format!("{words} · {values} {plural}");
        }
        if parser.is_empty() { words } else { format!("{words} · {parser}") }
    },
    unexpected: |what| format!("unexpected {what}"),
    no_function: |name| format!("no function is known as {name} here; the server decides"),
    metric: |kind, unit, help| {
        let known = [kind, unit, help].into_iter().filter(|one| !one.is_empty());
        known.collect::<Vec<_>>().join(" · ")
    },
};
