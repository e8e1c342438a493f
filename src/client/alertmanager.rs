//! Alertmanager's HTTP API v2.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::model::alert::SilenceState;
use crate::model::ask::{About, Answer};
use crate::model::{Alert, AlertState, Fault, MatchOp, Silence, Time};

use super::http::{Http, Request};
use super::wire::{Lines, Many, Safe, SafeLabels, SafeLine, SafeName, SafeNotes, real};
use super::{Told, loki};

/// All alerts, silenced and inhibited ones included.
pub(super) async fn alerts(http: &Http) -> Result<Told, Fault> {
    told(http, "api/v2/alerts", |all: Many<WireAlert, Alert>| Answer::Alerts(all.0)).await
}

/// Reads the list of alerts, for the fuzz target.
pub(super) fn read_alerts(reply: &super::reply::Reply) -> Result<Answer, Fault> {
    reply.json().map(|all: Many<WireAlert, Alert>| Answer::Alerts(all.0))
}

/// All silences, expired ones included.
pub(super) async fn silences(http: &Http) -> Result<Told, Fault> {
    told(http, "api/v2/silences", |all: Many<WireSilence, Silence>| Answer::Silences(all.0)).await
}

/// Version, start, state of the cluster.
pub(super) async fn status(http: &Http) -> Result<Told, Fault> {
    told(http, "api/v2/status", |status: WireStatus| {
        Answer::About(About {
            version: status.version_info.version.0,
            since: real(status.uptime),
            ready: None,
            words: status.cluster.status.0,
        })
    })
    .await
}

/// Readiness.
pub(super) async fn ready(http: &Http) -> Result<Told, Fault> {
    loki::readiness(http, "-/ready").await
}

async fn told<T: DeserializeOwned + 'static>(
    http: &Http,
    path: &'static str,
    read: fn(T) -> Answer,
) -> Result<Told, Fault> {
    let reply = http.fetch(&Request::get(path)).await?.checked(false)?;
    let clock_skew_s = reply.clock_skew_s;
    let answer = reply.aside(move |reply| reply.json().map(read)).await?;
    Ok(Told { answer, warnings: Vec::new(), clock_skew_s })
}

#[derive(Deserialize)]
struct WireAlert {
    fingerprint: SafeLine,
    #[serde(default)]
    labels: SafeLabels,
    #[serde(default)]
    annotations: SafeNotes,
    status: WireAlertStatus,
    #[serde(rename = "startsAt")]
    starts_at: Time,
    #[serde(rename = "updatedAt")]
    updated_at: Option<Time>,
    #[serde(default, rename = "generatorURL")]
    generator_url: SafeLine,
    #[serde(default)]
    receivers: Many<WireReceiver, Box<str>>,
}

#[derive(Deserialize)]
struct WireAlertStatus {
    state: WireState,
    #[serde(default, rename = "silencedBy")]
    silenced_by: Lines,
    #[serde(default, rename = "inhibitedBy")]
    inhibited_by: Lines,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum WireState {
    Active,
    Suppressed,
    /// Came in and is not routed yet: it fires.
    Unprocessed,
}

#[derive(Deserialize)]
struct WireReceiver {
    name: SafeLine,
}

impl From<WireReceiver> for Box<str> {
    fn from(wire: WireReceiver) -> Self {
        wire.name.0
    }
}

impl From<WireAlert> for Alert {
    fn from(wire: WireAlert) -> Self {
        let state = match wire.status.state {
            WireState::Active | WireState::Unprocessed => AlertState::Firing,
            WireState::Suppressed if !wire.status.silenced_by.0.is_empty() => AlertState::Silenced,
            WireState::Suppressed if !wire.status.inhibited_by.0.is_empty() => AlertState::Inhibited,
            // Muted by a time interval, which newer versions report so.
            WireState::Suppressed => AlertState::Silenced,
        };
        Self {
            fingerprint: wire.fingerprint.0.into(),
            labels: wire.labels.0,
            annotations: wire.annotations.0,
            state,
            starts_at: wire.starts_at,
            updated_at: real(wire.updated_at),
            silenced_by: wire.status.silenced_by.0,
            inhibited_by: wire.status.inhibited_by.0,
            generator_url: wire.generator_url.0,
            receivers: wire.receivers.0,
        }
    }
}

#[derive(Deserialize)]
struct WireSilence {
    id: SafeLine,
    status: WireSilenceStatus,
    #[serde(default)]
    matchers: Many<WireMatcher, (Box<str>, MatchOp, Box<str>)>,
    #[serde(rename = "startsAt")]
    starts_at: Time,
    #[serde(rename = "endsAt")]
    ends_at: Time,
    #[serde(default, rename = "createdBy")]
    created_by: SafeLine,
    #[serde(default)]
    comment: Safe,
}

#[derive(Deserialize)]
struct WireSilenceStatus {
    state: WireSilenceState,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum WireSilenceState {
    Active,
    Pending,
    Expired,
}

#[derive(Deserialize)]
struct WireMatcher {
    name: SafeName,
    value: SafeLine,
    #[serde(rename = "isRegex")]
    is_regex: bool,
    /// Absent before version 0.22, which knew no negative matchers.
    #[serde(default = "yes", rename = "isEqual")]
    is_equal: bool,
}

fn yes() -> bool {
    true
}

impl From<WireMatcher> for (Box<str>, MatchOp, Box<str>) {
    fn from(wire: WireMatcher) -> Self {
        let op = match (wire.is_equal, wire.is_regex) {
            (true, false) => MatchOp::Equal,
            (false, false) => MatchOp::NotEqual,
            (true, true) => MatchOp::Regex,
            (false, true) => MatchOp::NotRegex,
        };
        (wire.name.0, op, wire.value.0)
    }
}

impl From<WireSilence> for Silence {
    fn from(wire: WireSilence) -> Self {
        Self {
            id: wire.id.0,
            matchers: wire.matchers.0,
            starts_at: wire.starts_at,
            ends_at: wire.ends_at,
            created_by: wire.created_by.0,
            comment: wire.comment.0,
            state: match wire.status.state {
                WireSilenceState::Active => SilenceState::Active,
                WireSilenceState::Pending => SilenceState::Pending,
                WireSilenceState::Expired => SilenceState::Expired,
            },
        }
    }
}

#[derive(Deserialize)]
struct WireStatus {
    #[serde(rename = "versionInfo")]
    version_info: WireVersion,
    uptime: Option<Time>,
    #[serde(default)]
    cluster: WireCluster,
}

#[derive(Deserialize)]
struct WireVersion {
    version: SafeLine,
}

#[derive(Deserialize, Default)]
struct WireCluster {
    #[serde(default)]
    status: SafeLine,
}
