//! Which server said something.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;

/// The kinds of server that the console reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SourceKind {
    /// Prometheus, or what speaks its API (Mimir, Thanos, VictoriaMetrics).
    Prometheus,
    /// Alertmanager.
    Alertmanager,
    /// Loki.
    Loki,
    /// Tempo.
    Tempo,
    /// A `/metrics` page that the console scrapes itself.
    Exposition,
    /// Grafana, for its annotations: an incident's evidence asks it, no view does.
    Grafana,
}

impl SourceKind {
    /// The four servers, in the order of the header.
    pub const SERVERS: [Self; 4] = [Self::Prometheus, Self::Alertmanager, Self::Loki, Self::Tempo];

    /// Its name in configuration, JSON and messages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Prometheus => "prometheus",
            Self::Alertmanager => "alertmanager",
            Self::Loki => "loki",
            Self::Tempo => "tempo",
            Self::Exposition => "exposition",
            Self::Grafana => "grafana",
        }
    }

    /// The few letters that the header has room for.
    pub fn short(self) -> &'static str {
        match self {
            Self::Prometheus => "prom",
            Self::Alertmanager => "am",
            Self::Loki => "loki",
            Self::Tempo => "tempo",
            Self::Exposition => "page",
            Self::Grafana => "graf",
        }
    }
}

/// One configured source: there is at most one of each server and any number of scraped pages.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SourceId {
    /// One of the four servers, or Grafana.
    Server(SourceKind),
    /// A scraped page, by its name in the configuration.
    Page(Arc<str>),
}

impl SourceId {
    /// Prometheus.
    pub const PROMETHEUS: Self = Self::Server(SourceKind::Prometheus);
    /// Alertmanager.
    pub const ALERTMANAGER: Self = Self::Server(SourceKind::Alertmanager);
    /// Loki.
    pub const LOKI: Self = Self::Server(SourceKind::Loki);
    /// Tempo.
    pub const TEMPO: Self = Self::Server(SourceKind::Tempo);
    /// Grafana.
    pub const GRAFANA: Self = Self::Server(SourceKind::Grafana);

    /// What kind of server this is.
    pub fn kind(&self) -> SourceKind {
        match self {
            Self::Server(kind) => *kind,
            Self::Page(_) => SourceKind::Exposition,
        }
    }
}

impl fmt::Display for SourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Server(kind) => f.write_str(kind.as_str()),
            Self::Page(name) => write!(f, "exposition/{name}"),
        }
    }
}

impl Serialize for SourceId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
