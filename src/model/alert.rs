//! Alerts and silences.

use std::sync::Arc;

use serde::Serialize;

use super::{Labels, MatchOp, Time};

/// How bad an alert is, worst first. A pack maps label values onto these and gives each a
/// response time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Somebody gets up.
    Critical,
    /// Within the hour.
    High,
    /// Warning: within the shift.
    Medium,
    /// For the day.
    Low,
    /// No severity at all: the Watchdog, notes.
    #[default]
    None,
}

impl Severity {
    /// All of them, worst first.
    pub const ALL: [Self; 5] = [Self::Critical, Self::High, Self::Medium, Self::Low, Self::None];

    /// Name in JSON and in packs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
            Self::None => "none",
        }
    }
}

/// Where an alert stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum AlertState {
    /// Fires and notifies.
    Firing,
    /// Its expression holds, but not yet for long enough.
    Pending,
    /// Fires, but another alert inhibits its notification.
    Inhibited,
    /// Fires, but a silence mutes it.
    Silenced,
}

impl AlertState {
    /// Name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Firing => "firing",
            Self::Pending => "pending",
            Self::Inhibited => "inhibited",
            Self::Silenced => "silenced",
        }
    }
}

/// One alert as a server reports it.
#[derive(Clone, Debug, PartialEq)]
pub struct Alert {
    /// Alertmanager's fingerprint: 16 hex digits. For an alert that only Prometheus knows, the
    /// console's own hash of the labels, with a `p` in front.
    pub fingerprint: Arc<str>,
    /// Labels, external ones included where Alertmanager is the source.
    pub labels: Labels,
    /// Annotations.
    pub annotations: Labels,
    /// State.
    pub state: AlertState,
    /// Since when it fires (or, pending, since when its expression holds).
    pub starts_at: Time,
    /// Alertmanager's last word from Prometheus.
    pub updated_at: Option<Time>,
    /// Ids of silences that mute it.
    pub silenced_by: Vec<Box<str>>,
    /// Fingerprints of alerts that inhibit it.
    pub inhibited_by: Vec<Box<str>>,
    /// Link to the expression, where the server gave one.
    pub generator_url: Box<str>,
    /// Receivers that Alertmanager routes it to.
    pub receivers: Vec<Box<str>>,
}

impl Alert {
    /// `alertname`, empty where there is none.
    pub fn name(&self) -> &str {
        self.labels.get("alertname").unwrap_or("")
    }
}

/// One silence of Alertmanager.
#[derive(Clone, Debug, PartialEq)]
pub struct Silence {
    /// Id.
    pub id: Box<str>,
    /// `(name, op, value)`; all must hold.
    pub matchers: Vec<(Box<str>, MatchOp, Box<str>)>,
    /// Start.
    pub starts_at: Time,
    /// End.
    pub ends_at: Time,
    /// Author.
    pub created_by: Box<str>,
    /// Comment.
    pub comment: Box<str>,
    /// State.
    pub state: SilenceState,
}

/// Whether a silence mutes now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SilenceState {
    /// Mutes.
    Active,
    /// Will mute.
    Pending,
    /// Is over.
    Expired,
}

impl SilenceState {
    /// Name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Pending => "pending",
            Self::Expired => "expired",
        }
    }
}
