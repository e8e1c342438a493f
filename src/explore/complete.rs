//! Completion of a query that is being typed.
//!
//! Owns what can stand at the cursor, what has to be known for it, and how what is chosen is written. Must not know
//! where names come from: they are told by whoever calls.

mod check;
mod logql;
mod offer;
mod promql;
mod quote;
mod rank;
mod token;
mod traceql;

use std::ops::Range;

use crate::model::ask::{Key, MetricMeta};
use crate::model::{Language, LogField};
use crate::text::languages::LanguagesText;

pub use check::{Problem, problem};
pub use rank::Ranked;

/// Most completions that are kept; how many match is counted whatever their number.
pub const MOST: usize = 200;

/// What a completion is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A metric.
    Metric,
    /// A label of series or streams.
    Label,
    /// A value of a label or an attribute.
    Value,
    /// A field found in log lines.
    Field,
    /// A function.
    Function,
    /// An aggregation over series or spans.
    Aggregation,
    /// A word of the language.
    Keyword,
    /// A sign of the language.
    Operator,
    /// A length of time.
    Duration,
    /// A stage of a pipeline.
    Stage,
    /// What every span has.
    Intrinsic,
    /// What attributes belong to.
    Scope,
    /// An attribute of spans.
    Attribute,
    /// A ready query of the pack.
    Ready,
    /// A query that was run.
    Recent,
}

/// Something that can be put at the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// What is listed.
    pub shown: Box<str>,
    /// Characters of it that match what is typed, ascending.
    pub hits: Vec<u32>,
    /// What is put into the text.
    pub insert: Box<str>,
    /// What it is.
    pub kind: Kind,
    /// What it means; empty where nothing is known.
    pub note: Box<str>,
}

/// What can be put at the cursor.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Completions {
    /// Bytes of the text that a completion replaces; both ends lie between characters.
    pub replaces: Range<usize>,
    /// Best first, at most [`MOST`].
    pub entries: Vec<Completion>,
    /// How many match.
    pub matching: usize,
    /// What has to be known for all of them.
    pub wants: Vec<Key>,
}

/// What is known of names: answers to [`Completions::wants`], as far as they have come.
pub trait Known {
    /// Names or values.
    fn names(&self, key: &Key) -> Option<&[Box<str>]>;
    /// Fields of log lines.
    fn fields(&self, key: &Key) -> Option<&[LogField]>;
    /// Metadata of metrics, sorted by metric.
    fn metadata(&self) -> Option<&[MetricMeta]>;
    /// Labels that series of this metric were seen with.
    fn labels_of(&self, metric: &str) -> Vec<Box<str>>;
}

/// What can be put at the cursor (in characters) of a text, as far as it is known.
pub fn complete(
    language: Language,
    text: &str,
    cursor: usize,
    known: &dyn Known,
    words: &LanguagesText,
) -> Completions {
    let at = text.char_indices().nth(cursor).map_or(text.len(), |(at, _)| at);
    let spot = match language {
        Language::PromQl => promql::spot(text, at, words.promql),
        Language::LogQl => logql::spot(text, at, words),
        Language::TraceQl => traceql::spot(text, at, words.traceql),
    };
    spot.map(|spot| spot.complete(text, known, words)).unwrap_or_default()
}

#[cfg(test)]
mod tests;
