//! Evidence about an incident: what metrics, logs, traces, alerts and changes said in a window and in
//! calm periods, whoever gathered it. The nouns of `plantao.evidence`; how they are written is `bundle`'s.

use std::sync::Arc;

use super::{Labels, SpanStatus, Time};

/// A stretch of time; both ends belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Period {
    /// Its first moment.
    pub start: Time,
    /// Its last moment.
    pub end: Time,
}

impl Period {
    /// Both ends as unix nanoseconds.
    pub fn nanos(&self) -> (i64, i64) {
        let of = |at: Time| {
            at.timestamp_nanos_opt().unwrap_or(if at.timestamp() < 0 { i64::MIN } else { i64::MAX })
        };
        (of(self.start), of(self.end))
    }

    /// Its length in seconds.
    pub fn seconds(&self) -> f64 {
        (self.end - self.start).as_seconds_f64()
    }
}

/// What was noticed, where that is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Symptom {
    /// Where.
    pub component: String,
    /// In which signal: `latency`, `availability`, a metric's name, an alert's name.
    pub signal: String,
}

/// What the evidence is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// The incident, such as `INC-20261129031200`.
    pub id: String,
    /// When it happened. The start is not the onset.
    pub window: Period,
    /// Calm periods: before or after, short or long. What lies in neither is history.
    pub baselines: Vec<Period>,
    /// What was noticed.
    pub symptom: Option<Symptom>,
    /// Where the evidence comes from.
    pub source: String,
}

/// A series: name, labels and samples by time.
#[derive(Clone, Debug, PartialEq)]
pub struct SeriesRecord {
    /// The metric.
    pub name: Arc<str>,
    /// Labels without `__name__`.
    pub labels: Labels,
    /// Unix seconds and value; `None` is a gap. A value may be infinite or NaN.
    pub samples: Vec<(f64, Option<f64>)>,
}

/// A log line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogRecord {
    /// Unix nanoseconds.
    pub ts: i64,
    /// The stream's labels and what the line's metadata says.
    pub labels: Labels,
    /// The line.
    pub line: Arc<str>,
    /// The trace that it belongs to.
    pub trace_id: Option<Arc<str>>,
    /// The span within.
    pub span_id: Option<Arc<str>>,
}

/// A span. Its ids are text, since not every tracer writes hex.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpanRecord {
    /// Its trace.
    pub trace_id: Arc<str>,
    /// Itself.
    pub span_id: Arc<str>,
    /// The span that it belongs to.
    pub parent_id: Option<Arc<str>>,
    /// Whose work it is.
    pub service: Arc<str>,
    /// The operation.
    pub name: Arc<str>,
    /// Unix nanoseconds.
    pub start: i64,
    /// Nanoseconds.
    pub duration: u64,
    /// How it ended.
    pub status: SpanStatus,
    /// What else it says.
    pub attributes: Labels,
}

/// An alert that fired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertRecord {
    /// Its name.
    pub name: Arc<str>,
    /// Its labels.
    pub labels: Labels,
    /// Since when.
    pub starts_at: Time,
    /// Until when; `None` while it fires.
    pub ends_at: Option<Time>,
}

/// Something that somebody changed: a deploy, a restart, a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeRecord {
    /// When.
    pub at: Time,
    /// What.
    pub title: String,
    /// Where.
    pub labels: Labels,
}

/// How two components hang together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Relation {
    /// One asks the other.
    #[default]
    Calls,
    /// One lives on the other.
    RunsOn,
}

impl Relation {
    /// As the format writes it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Calls => "calls",
            Self::RunsOn => "runs_on",
        }
    }
}

/// An edge of the topology: the caller needs the callee.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EdgeRecord {
    /// Who needs.
    pub caller: Arc<str>,
    /// Who is needed.
    pub callee: Arc<str>,
    /// How.
    pub relation: Relation,
}

/// A record that is kept as it was written: a query, a finding, an action, the text of a screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherRecord {
    /// `query`, `finding`, `action` or `screen`.
    pub kind: Arc<str>,
    /// The JSON object, on one line.
    pub json: Box<str>,
}

/// Everything that is known of an incident.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// What it is about.
    pub manifest: Manifest,
    /// Metrics.
    pub series: Vec<SeriesRecord>,
    /// Lines.
    pub logs: Vec<LogRecord>,
    /// Spans.
    pub spans: Vec<SpanRecord>,
    /// Alerts.
    pub alerts: Vec<AlertRecord>,
    /// Changes.
    pub changes: Vec<ChangeRecord>,
    /// The topology, as far as somebody said it; spans say the rest.
    pub edges: Vec<EdgeRecord>,
    /// What the console did and showed.
    pub others: Vec<OtherRecord>,
}

impl Evidence {
    /// Nothing but a manifest.
    pub fn new(manifest: Manifest) -> Self {
        Self {
            manifest,
            series: Vec::new(),
            logs: Vec::new(),
            spans: Vec::new(),
            alerts: Vec::new(),
            changes: Vec::new(),
            edges: Vec::new(),
            others: Vec::new(),
        }
    }

    /// How many records there are besides the manifest.
    pub fn len(&self) -> usize {
        self.series.len()
            + self.logs.len()
            + self.spans.len()
            + self.alerts.len()
            + self.changes.len()
            + self.edges.len()
            + self.others.len()
    }

    /// Whether there is a manifest alone.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
