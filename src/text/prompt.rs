//! What the prompt of queries says.

use crate::explore::complete::Kind;
use crate::model::Language;
use crate::model::ask::Key;

/// Words of the prompt.
#[derive(Debug)]
pub struct PromptText {
    /// A language's name.
    pub language: fn(Language) -> &'static str,
    /// Title of the prompt; the language.
    pub title: fn(&str) -> String,
    /// Title of the ready queries; the language.
    pub ready_title: fn(&str) -> String,
    /// What a completion is, in a word.
    pub kind: fn(Kind) -> &'static str,
    /// Stands in an empty prompt.
    pub placeholder: &'static str,
    /// Stands in an empty prompt of ready queries.
    pub ready_placeholder: &'static str,
    /// There is nothing to run.
    pub empty: &'static str,
    /// What was pasted is too long: the most characters.
    pub cut: fn(usize) -> String,
    /// What is wrong at which character, counted from one.
    pub problem: fn(usize, &str) -> String,
    /// Where in the history this is, counted from one.
    pub history: fn(usize, usize) -> String,
    /// So many completions.
    pub matching: fn(usize) -> String,
    /// So many ready and recent queries.
    pub queries: fn(usize) -> String,
    /// So many places have what is searched for.
    pub found: fn(usize) -> String,
    /// Neither a ready query nor one of the history matches.
    pub no_query: &'static str,
    /// There are no ready queries and no history.
    pub no_queries: &'static str,
    /// What is asked for completion, in words; `None` where it only adds to what is known.
    pub asked: fn(&Key) -> Option<String>,
    /// It is being asked.
    pub loading: fn(&str) -> String,
    /// It could not be asked: what, and why.
    pub unknown: fn(&str, &str) -> String,
}

/// English.
pub const EN: PromptText = PromptText {
    language: |language| match language {
        Language::LogQl => "LogQL",
        Language::TraceQl => "TraceQL",
        Language::PromQl => "PromQL",
    },
    title: |language| format!("{language} query"),
    ready_title: |language| format!("Ready and recent {language} queries"),
    kind: |kind| match kind {
        Kind::Metric => "metric",
        Kind::Label => "label",
        Kind::Value => "value",
        Kind::Field => "field",
        Kind::Function => "function",
        Kind::Aggregation => "aggregation",
        Kind::Keyword => "keyword",
        Kind::Operator => "operator",
        Kind::Duration => "duration",
        Kind::Stage => "stage",
        Kind::Intrinsic => "intrinsic",
        Kind::Scope => "scope",
        Kind::Attribute => "attribute",
        Kind::Ready => "ready",
        Kind::Recent => "recent",
    },
    placeholder: "Type a query",
    ready_placeholder: "Type to find a query",
    empty: "There is no query to run.",
    cut: |most| format!("The query was cut at {most} characters."),
    problem: |at, words| format!("at {at}: {words}"),
    history: |at, all| format!("history {at} of {all}"),
    matching: |count| match count {
        1 => "1 completion".to_owned(),
        _ => format!("{count} completions"),
    },
    queries: |count| match count {
        1 => "1 query".to_owned(),
        _ => format!("{count} queries"),
    },
    found: |count| match count {
        0 => "not found".to_owned(),
        _ => format!("{count} found"),
    },
    no_query: "No query matches.",
    no_queries: "There are no ready queries, and none was run yet.",
    asked: |key| {
        Some(match key {
            Key::LabelNames | Key::LogLabels => "label names".to_owned(),
            Key::LabelValues(name) if **name == *"__name__" => "metric names".to_owned(),
            Key::LabelValues(name) | Key::LogLabelValues(name) | Key::TraceTagValues(name) => {
                format!("values of {name}")
            }
            Key::LogFields(_) => "fields of these lines".to_owned(),
            Key::TraceTags => "attributes".to_owned(),
            _ => return None,
        })
    },
    loading: |what| format!("loading {what}…"),
    unknown: |what, why| format!("unknown: {what}: {why}"),
};
