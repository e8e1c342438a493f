//! What the console can ask a source, and what comes back. The protocol between `update` (which
//! says what it wants), `runtime` (which decides when) and `client` (which knows how).

use std::sync::Arc;

use serde::Serialize;

use super::{
    Alert, Exemplar, Labels, LogField, LogPage, LogPattern, LogStats, RuleGroup, Sample, Series, Silence,
    SourceId, Time, TraceDoc, TraceId, TraceList,
};

/// The identity of a question, whatever moment it is asked for: what polls, caches and panes key by.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    /// Prometheus: instant query.
    Instant(Arc<str>),
    /// Prometheus: range query with this step in seconds.
    Range(Arc<str>, u32),
    /// Prometheus: rules with their active alerts.
    Rules,
    /// Prometheus: scrape targets.
    Targets,
    /// Prometheus: its configuration file's external labels.
    ExternalLabels,
    /// Prometheus: all label names.
    LabelNames,
    /// Prometheus: the values of a label.
    LabelValues(Arc<str>),
    /// Prometheus: metric metadata.
    Metadata,
    /// Alertmanager: all alerts, silenced and inhibited included.
    Alerts,
    /// Alertmanager: all silences.
    Silences,
    /// Alertmanager: status (version, uptime, cluster).
    Status,
    /// Version of a server: `/api/v1/status/buildinfo` or its like.
    BuildInfo(SourceId),
    /// Whether a server says it is ready.
    Ready(SourceId),
    /// A scraped page.
    Page(Arc<str>),
    /// Prometheus: exemplars of the series of a query, over the window.
    Exemplars(Arc<str>),
    /// Loki: the lines of a query over the window, at most so many.
    Logs {
        /// LogQL.
        query: Arc<str>,
        /// Most lines.
        limit: u32,
        /// Oldest first, rather than newest first.
        forward: bool,
    },
    /// Loki: a metric query over the window with this step in seconds.
    LogRange(Arc<str>, u32),
    /// Loki: a metric query at the window's end.
    LogInstant(Arc<str>),
    /// Loki: what a selector would read, by the index.
    LogStats(Arc<str>),
    /// Loki: bytes of a selector's streams in the window, by labels.
    LogVolume(Arc<str>),
    /// Loki: patterns of a selector's lines.
    LogPatterns(Arc<str>),
    /// Loki: fields found in a query's lines.
    LogFields(Arc<str>),
    /// Loki: label sets of a selector's streams.
    LogSeries(Arc<str>),
    /// Loki: names of stream labels.
    LogLabels,
    /// Loki: values of a stream label.
    LogLabelValues(Arc<str>),
    /// Tempo: traces that match over the window.
    Traces {
        /// TraceQL.
        query: Arc<str>,
        /// Most traces.
        limit: u32,
        /// Most matched spans of each.
        spans: u32,
    },
    /// Tempo: one trace.
    Trace(TraceId),
    /// Tempo: a metrics query over the window with this step in seconds.
    TraceRange(Arc<str>, u32),
    /// Tempo: names of attributes, with their scope (`span.http.method`).
    TraceTags,
    /// Tempo: values of an attribute.
    TraceTagValues(Arc<str>),
    /// Grafana: annotations of the window, at most so many.
    Annotations(u32),
}

impl Key {
    /// Whom to ask.
    pub fn source(&self) -> SourceId {
        match self {
            Self::Instant(_)
            | Self::Range(..)
            | Self::Rules
            | Self::Targets
            | Self::ExternalLabels
            | Self::LabelNames
            | Self::LabelValues(_)
            | Self::Exemplars(_)
            | Self::Metadata => SourceId::PROMETHEUS,
            Self::Logs { .. }
            | Self::LogRange(..)
            | Self::LogInstant(_)
            | Self::LogStats(_)
            | Self::LogVolume(_)
            | Self::LogPatterns(_)
            | Self::LogFields(_)
            | Self::LogSeries(_)
            | Self::LogLabels
            | Self::LogLabelValues(_) => SourceId::LOKI,
            Self::Traces { .. }
            | Self::Trace(_)
            | Self::TraceRange(..)
            | Self::TraceTags
            | Self::TraceTagValues(_) => SourceId::TEMPO,
            Self::Alerts | Self::Silences | Self::Status => SourceId::ALERTMANAGER,
            Self::BuildInfo(source) | Self::Ready(source) => source.clone(),
            Self::Page(name) => SourceId::Page(name.clone()),
            Self::Annotations(_) => SourceId::GRAFANA,
        }
    }
}

impl Key {
    /// Whether it asks about the window (and not about one moment, or about what is always the same): its answers are
    /// kept by the store as they came (`Store::explored`).
    pub fn is_of_window(&self) -> bool {
        matches!(
            self,
            Self::Exemplars(_)
                | Self::Logs { .. }
                | Self::LogRange(..)
                | Self::LogInstant(_)
                | Self::LogStats(_)
                | Self::LogVolume(_)
                | Self::LogPatterns(_)
                | Self::LogFields(_)
                | Self::LogSeries(_)
                | Self::LogLabels
                | Self::LogLabelValues(_)
                | Self::Traces { .. }
                | Self::TraceRange(..)
                | Self::TraceTags
                | Self::TraceTagValues(_)
        )
    }

    /// Whether this is an answer to a question of an explorer.
    pub fn is_answered_by(&self, answer: &Answer) -> bool {
        match self {
            Self::Exemplars(_) => matches!(answer, Answer::Exemplars(_)),
            Self::Logs { .. } => matches!(answer, Answer::Logs(_)),
            Self::LogRange(..) | Self::TraceRange(..) => matches!(answer, Answer::Matrix(_)),
            Self::LogInstant(_) | Self::LogVolume(_) => matches!(answer, Answer::Vector(_)),
            Self::LogStats(_) => matches!(answer, Answer::LogStats(_)),
            Self::LogPatterns(_) => matches!(answer, Answer::LogPatterns(_)),
            Self::LogFields(_) => matches!(answer, Answer::LogFields(_)),
            Self::LogSeries(_) => matches!(answer, Answer::LabelSets(_)),
            Self::LogLabels | Self::LogLabelValues(_) | Self::TraceTags | Self::TraceTagValues(_) => {
                matches!(answer, Answer::Names(_))
            }
            Self::Traces { .. } => matches!(answer, Answer::Traces(_)),
            Self::Trace(_) => matches!(answer, Answer::Trace(_)),
            _ => false,
        }
    }

    /// Whether its answer is kept as it came: everything of a window, and single traces.
    pub fn is_explored(&self) -> bool {
        self.is_of_window() || matches!(self, Self::Trace(_))
    }
}

/// A question with its moments. For a range, `start` and `end` are both included and lie on the
/// step's grid; for an instant query `at` is what the server evaluates at.
#[derive(Clone, Debug, PartialEq)]
pub enum Ask {
    /// Instant query at a moment.
    Instant {
        /// PromQL.
        query: Arc<str>,
        /// Evaluation time.
        at: Time,
    },
    /// Range query.
    Range {
        /// PromQL.
        query: Arc<str>,
        /// First step.
        start: Time,
        /// Last step.
        end: Time,
        /// Step in seconds.
        step_s: u32,
    },
    /// Whatever asks about a window ([`Key::is_of_window`]); both ends are included. Where the key has a step, both
    /// lie on its grid.
    Window {
        /// The question.
        key: Key,
        /// First moment.
        start: Time,
        /// Last moment.
        end: Time,
    },
    /// Everything that needs no moment.
    Plain(Key),
}

impl Ask {
    /// Its identity.
    pub fn key(&self) -> Key {
        match self {
            Self::Instant { query, .. } => Key::Instant(query.clone()),
            Self::Range { query, step_s, .. } => Key::Range(query.clone(), *step_s),
            Self::Window { key, .. } | Self::Plain(key) => key.clone(),
        }
    }
}

/// What a source said. Every string in it has passed `privacy`.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// Instant vector; a scalar comes as one sample without labels.
    Vector(Vec<Sample>),
    /// Matrix.
    Matrix(Vec<Series>),
    /// Alerting rules.
    Rules(Vec<RuleGroup>),
    /// Scrape targets.
    Targets(Vec<Target>),
    /// External labels.
    ExternalLabels(Labels),
    /// Label names, label values.
    Names(Vec<Box<str>>),
    /// Metric metadata, sorted by metric.
    Metadata(Vec<MetricMeta>),
    /// Alerts.
    Alerts(Vec<Alert>),
    /// Silences.
    Silences(Vec<Silence>),
    /// What a server says of itself.
    About(About),
    /// Samples of a scraped page, all at the moment of the scrape.
    Page(Vec<Sample>),
    /// Exemplars, by time.
    Exemplars(Vec<Exemplar>),
    /// Log lines.
    Logs(LogPage),
    /// What a selector would read.
    LogStats(LogStats),
    /// Patterns, the most frequent first.
    LogPatterns(Vec<LogPattern>),
    /// Fields, by name.
    LogFields(Vec<LogField>),
    /// Label sets.
    LabelSets(Vec<Labels>),
    /// Traces that were found.
    Traces(TraceList),
    /// One trace. Of an id that nobody knows: no spans.
    Trace(TraceDoc),
    /// Annotations, by time.
    Annotations(Vec<Annotation>),
}

/// Something that somebody wrote on a dashboard's time axis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotation {
    /// When it begins.
    pub at: Time,
    /// What it says, on one line.
    pub text: Box<str>,
    /// Its tags.
    pub tags: Vec<Box<str>>,
}

/// An answer with what the client measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered {
    /// The answer.
    pub answer: Answer,
    /// From sending the request to the last byte, parsed.
    pub took_ms: u32,
    /// What the server warned of (partial answers, truncated results): the answer is incomplete.
    pub warnings: Vec<String>,
    /// The server's own clock minus ours in seconds, where the `Date` header told.
    pub clock_skew_s: Option<i64>,
}

/// A scrape target of Prometheus.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// `job`.
    pub job: Box<str>,
    /// `instance`.
    pub instance: Box<str>,
    /// `up`, `down` or `unknown`.
    pub health: TargetHealth,
    /// When it was last scraped; `None` before the first time.
    pub last_scrape: Option<Time>,
    /// Why the last scrape failed, empty when it did not.
    pub last_error: Box<str>,
}

/// Health of a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum TargetHealth {
    /// The last scrape failed.
    Down,
    /// Not scraped yet.
    Unknown,
    /// The last scrape worked.
    Up,
}

/// Metadata of one metric.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetricMeta {
    /// Name.
    pub metric: Box<str>,
    /// counter, gauge, histogram, summary, unknown.
    pub kind: Box<str>,
    /// Help text.
    pub help: Box<str>,
    /// Unit, usually empty.
    pub unit: Box<str>,
}

/// What a server says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// Version, empty where it does not say.
    pub version: Box<str>,
    /// Since when it runs.
    pub since: Option<Time>,
    /// Whether it says it is ready.
    pub ready: Option<bool>,
    /// Its own words: `Ingester not ready: waiting for 15s after being ready`.
    pub words: Box<str>,
}
