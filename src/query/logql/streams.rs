//! Log queries: lines, grouped into streams as Loki answers them.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use super::ast::LogExpr;
use super::line::{Line, Origin};
use super::stages;
use crate::model::{Labels, LogEntry};
use crate::query::{LogData, Order};

/// What it took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Lines looked at.
    pub lines: u64,
    /// Bytes of these.
    pub bytes: u64,
    /// Lines that were kept.
    pub kept: u64,
    /// Bytes of structured metadata.
    pub metadata_bytes: u64,
}

impl Stats {
    pub(super) fn saw(&mut self, entry: &LogEntry) {
        self.lines += 1;
        self.bytes += entry.line.len() as u64;
        self.metadata_bytes += entry.metadata.text().len() as u64;
    }
}

/// An answer in streams.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Streams {
    /// By labels.
    pub streams: Vec<Stream>,
    /// What it took.
    pub stats: Stats,
}

/// Lines that share all labels.
#[derive(Clone, Debug, PartialEq)]
pub struct Stream {
    /// All labels, or (categorised) those of the stream alone.
    pub labels: Labels,
    /// In the order asked for.
    pub entries: Vec<StreamEntry>,
}

/// A line of a stream.
#[derive(Clone, Debug, PartialEq)]
pub struct StreamEntry {
    /// Nanoseconds since the Unix epoch.
    pub ts: i64,
    /// The line as the pipeline left it.
    pub line: Arc<str>,
    /// Structured metadata; empty unless categorised.
    pub metadata: Labels,
    /// What parsers found; empty unless categorised.
    pub parsed: Labels,
}

/// At most `limit` lines of `from_ns` (included) to `to_ns` (excluded).
pub(super) fn streams(
    log: &LogExpr,
    data: &dyn LogData,
    (from_ns, to_ns): (i64, i64),
    limit: usize,
    order: Order,
    categorize: bool,
) -> Streams {
    let mut out = Streams::default();
    let mut index: HashMap<Labels, usize> = HashMap::new();
    if limit == 0 {
        return out;
    }
    let mut taken = 0;
    data.entries(&log.matchers, from_ns, to_ns, order, &mut |entry| {
        out.stats.saw(entry);
        let mut line = Line::new(entry);
        if !stages::run(&log.stages, &mut line) {
            return ControlFlow::Continue(());
        }
        out.stats.kept += 1;
        let (labels, metadata, parsed) = if categorize {
            let labels = if line.untouched() {
                entry.labels.clone()
            } else {
                line.labels(|origin| origin == Origin::Stream)
            };
            let metadata = line.labels(|origin| origin == Origin::Metadata);
            (labels, metadata, line.labels(|origin| origin == Origin::Parsed))
        } else {
            (line.labels(|_| true), Labels::default(), Labels::default())
        };
        let at = *index.entry(labels).or_insert_with_key(|labels| {
            out.streams.push(Stream { labels: labels.clone(), entries: Vec::new() });
            out.streams.len() - 1
        });
        let text = match &line.text {
            std::borrow::Cow::Borrowed(_) => entry.line.clone(),
            std::borrow::Cow::Owned(text) => text.as_str().into(),
        };
        if let Some(stream) = out.streams.get_mut(at) {
            stream.entries.push(StreamEntry { ts: entry.ts, line: text, metadata, parsed });
        }
        taken += 1;
        if taken >= limit { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    out.streams.sort_by(|a, b| a.labels.cmp(&b.labels));
    out
}
