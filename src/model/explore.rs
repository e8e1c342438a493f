//! What the servers of logs and traces say when they are explored: pages of lines, lists of traces, what there is
//! to choose from. Every text in it has passed `privacy`.

use std::sync::Arc;

use serde::Serialize;

use super::{Labels, LogEntry, Span, Time, Trace, TraceId};

/// The three languages that a person asks in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Loki's.
    LogQl,
    /// Tempo's.
    TraceQl,
    /// Prometheus's.
    PromQl,
}

/// One kind of personal data in one stream: how often, never the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leak {
    /// The stream's labels; `None` stands for all streams beyond the first 500.
    pub stream: Option<Box<str>>,
    /// What was masked: `cpf`, `email`, `patient_name`; `None` stands for all kinds beyond the first 32.
    pub kind: Option<Box<str>>,
    /// How often.
    pub count: u64,
    /// Moment of the first line it was seen in.
    pub first: Time,
    /// Moment of the last line.
    pub last: Time,
}

/// Log lines of a window.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LogPage {
    /// The lines, in the order that was asked for; lines of one moment stand together.
    pub entries: Arc<[LogEntry]>,
    /// Whether the window holds more lines than these.
    pub more: bool,
    /// Personal data that was masked in them.
    pub leaks: Vec<Leak>,
}

/// What a selector would read, by the index: zero for data that is not yet flushed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LogStats {
    /// Streams.
    pub streams: u64,
    /// Chunks.
    pub chunks: u64,
    /// Lines.
    pub entries: u64,
    /// Bytes.
    pub bytes: u64,
}

/// Lines that look alike, as the server found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogPattern {
    /// The pattern, `<_>` where lines differ.
    pub pattern: Box<str>,
    /// Lines in the window.
    pub count: u64,
    /// Level, where the server tells.
    pub level: Box<str>,
}

/// A field that the server found in lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogField {
    /// Name.
    pub name: Box<str>,
    /// `string`, `int`, `float`, `boolean`, `duration`, `bytes`.
    pub kind: Box<str>,
    /// How many values.
    pub cardinality: u64,
    /// What reads it: `json`, `logfmt`; empty for structured metadata.
    pub parsers: Vec<Box<str>>,
}

/// What came over a live tail.
#[derive(Clone, Debug, PartialEq)]
pub struct TailBatch {
    /// LogQL that is followed.
    pub query: Arc<str>,
    /// Number of this tail: batches of an older one are dropped.
    pub number: u64,
    /// New lines, oldest first.
    pub entries: Vec<LogEntry>,
    /// What happened otherwise.
    pub event: Option<TailEvent>,
    /// Personal data that was masked in the lines.
    pub leaks: Vec<Leak>,
}

/// What can happen to a live tail.
#[derive(Clone, Debug, PartialEq)]
pub enum TailEvent {
    /// Connected (again); lines between these moments in unix nanoseconds were fetched or may be missing.
    Connected {
        /// The stretch for which nobody listened, and whether its lines could be fetched since; `None` the first time.
        gap: Option<TailGap>,
    },
    /// The connection is gone; it is tried again.
    Lost(super::Fault),
    /// It cannot be followed at all (a metric query, a broken one).
    Refused(super::Fault),
    /// Lines that the server or this console dropped because they came faster than they were read.
    Dropped(u64),
}

/// A stretch for which nobody listened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TailGap {
    /// Last moment that was heard, unix nanoseconds.
    pub from: i64,
    /// First moment that is heard again.
    pub to: i64,
    /// Whether its lines have been fetched: then nothing is missing.
    pub filled: bool,
}

/// One service within a trace that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceService {
    /// `service.name`.
    pub name: Arc<str>,
    /// Its spans.
    pub spans: u32,
    /// Of them with an error.
    pub errors: u32,
}

/// A trace as a search finds it.
#[derive(Clone, Debug, PartialEq)]
pub struct TraceHit {
    /// Id.
    pub id: TraceId,
    /// Service of the root; empty where the root has not arrived.
    pub root_service: Arc<str>,
    /// Operation of the root.
    pub root_name: Arc<str>,
    /// Start, unix nanoseconds.
    pub start: i64,
    /// Duration in nanoseconds (Tempo's search tells whole milliseconds).
    pub duration: i64,
    /// Services with their counts, by name; empty where the server does not tell.
    pub services: Vec<TraceService>,
    /// Spans that the query matched, with what it selected of them; at most as many as were asked for.
    pub matched: Vec<Span>,
    /// How many it matched in all.
    pub matched_count: u32,
}

/// Traces that a search found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TraceList {
    /// Newest first.
    pub hits: Arc<[TraceHit]>,
    /// Whether the limit cut the list.
    pub more: bool,
    /// Traces that the server looked at, where it tells.
    pub inspected: Option<u64>,
    /// Personal data that was masked in them.
    pub leaks: Vec<Leak>,
}

/// One trace, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TraceDoc {
    /// Its spans.
    pub trace: Arc<Trace>,
    /// What the server says is missing of it; empty for a whole one.
    pub partial: Box<str>,
    /// Personal data that was masked in it.
    pub leaks: Vec<Leak>,
}

/// A measured value with the trace that it was measured in.
#[derive(Clone, Debug, PartialEq)]
pub struct Exemplar {
    /// Labels of its series.
    pub series: Labels,
    /// Labels of its own, the trace id among them.
    pub labels: Labels,
    /// Moment.
    pub at: Time,
    /// Value.
    pub value: f64,
    /// The trace, where a label names one.
    pub trace: Option<TraceId>,
}
