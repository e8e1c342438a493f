//! What the server found in lines by itself: patterns and fields.

use std::collections::HashMap;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::envelope::{plain, told};
use super::index::{selector, within};
use super::text;
use crate::client::Told;
use crate::client::http::{Http, Request};
use crate::client::wire::{Lines, Many, Number, SafeLine, SafeName};
use crate::model::ask::Answer;
use crate::model::{Fault, LogField, LogPattern, Time};

/// Patterns of a selector's lines, the most frequent first.
pub(super) async fn patterns(http: &Http, query: &str, start: Time, end: Time) -> Result<Told, Fault> {
    #[derive(Deserialize)]
    struct Wire {
        pattern: SafeLine,
        #[serde(default)]
        level: SafeLine,
        #[serde(default)]
        samples: Many<Counted, f64>,
    }
    /// Lines of one step: `[seconds, count]`.
    #[derive(Deserialize)]
    struct Counted(IgnoredAny, Number);
    impl From<Counted> for f64 {
        fn from(counted: Counted) -> Self {
            counted.1.0
        }
    }
    impl From<Wire> for LogPattern {
        fn from(wire: Wire) -> Self {
            let count = wire.samples.0.iter().filter(|count| **count > 0.0).sum::<f64>() as u64;
            Self { pattern: wire.pattern.0, count, level: wire.level.0 }
        }
    }
    let request = within(Request::form("loki/api/v1/patterns"), start, end).with("query", selector(query)?);
    told(http, request, |data: Many<Wire, LogPattern>| {
        // Some versions tell one pattern once for each stream.
        let mut at: HashMap<(Box<str>, Box<str>), usize> = HashMap::new();
        let mut all: Vec<LogPattern> = Vec::new();
        for one in data.0 {
            let known = *at.entry((one.pattern.clone(), one.level.clone())).or_insert(all.len());
            match all.get_mut(known) {
                Some(known) => known.count = known.count.saturating_add(one.count),
                None => all.push(one),
            }
        }
        all.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.pattern.cmp(&b.pattern)));
        Answer::LogPatterns(all)
    })
    .await
}

/// Fields found in a query's lines, by name.
pub(super) async fn fields(http: &Http, query: &str, start: Time, end: Time) -> Result<Told, Fault> {
    #[derive(Deserialize)]
    struct Wire {
        label: SafeName,
        #[serde(default, rename = "type")]
        kind: SafeLine,
        #[serde(default)]
        cardinality: u64,
        #[serde(default)]
        parsers: Lines,
    }
    impl From<Wire> for LogField {
        fn from(wire: Wire) -> Self {
            Self {
                name: wire.label.0,
                kind: wire.kind.0,
                cardinality: wire.cardinality,
                parsers: wire.parsers.0,
            }
        }
    }
    #[derive(Deserialize)]
    struct Fields {
        #[serde(default)]
        fields: Many<Wire, LogField>,
    }
    let request =
        within(Request::form("loki/api/v1/detected_fields"), start, end).with("query", text::raw(query)?);
    plain(http, request, |read: Fields| {
        let mut all = read.fields.0;
        all.sort_by(|a, b| a.name.cmp(&b.name));
        Answer::LogFields(all)
    })
    .await
}
