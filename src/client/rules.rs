//! Alerting rules on the wire: `/api/v1/rules`. Recording rules are left out.

use serde::Deserialize;

use crate::model::rule::ActiveAlert;
use crate::model::{Rule, RuleGroup, RuleHealth, Time};

use super::wire::{Many, Number, Safe, SafeLabels, SafeLine, SafeNotes, real};

/// `data` of the answer.
#[derive(Deserialize)]
pub(super) struct RulesData {
    #[serde(default)]
    groups: Many<WireGroup, RuleGroup>,
}

impl RulesData {
    /// Groups that hold an alerting rule.
    pub fn groups(self) -> Vec<RuleGroup> {
        self.groups.0.into_iter().filter(|group| !group.rules.is_empty()).collect()
    }
}

#[derive(Deserialize)]
struct WireGroup {
    name: SafeLine,
    #[serde(default)]
    file: SafeLine,
    #[serde(default)]
    interval: Number,
    #[serde(default)]
    rules: Many<WireRule, Kept>,
}

/// An alerting rule, or nothing where it was a recording rule.
struct Kept(Option<Rule>);

#[derive(Deserialize)]
struct WireRule {
    #[serde(rename = "type")]
    kind: Kind,
    name: SafeLine,
    query: Safe,
    #[serde(default)]
    duration: Number,
    #[serde(default)]
    labels: SafeLabels,
    #[serde(default)]
    annotations: SafeNotes,
    #[serde(default)]
    alerts: Many<WireActive, ActiveAlert>,
    #[serde(default)]
    health: Health,
    #[serde(default, rename = "lastError")]
    last_error: SafeLine,
    #[serde(rename = "lastEvaluation")]
    last_evaluation: Option<Time>,
}

#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Alerting,
    #[serde(other)]
    Other,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "lowercase")]
enum Health {
    Ok,
    Err,
    #[default]
    #[serde(other)]
    Unknown,
}

#[derive(Deserialize)]
struct WireActive {
    #[serde(default)]
    labels: SafeLabels,
    #[serde(default)]
    annotations: SafeNotes,
    state: State,
    #[serde(rename = "activeAt")]
    active_at: Time,
    value: Number,
}

#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum State {
    Firing,
    Pending,
}

impl From<WireGroup> for RuleGroup {
    fn from(wire: WireGroup) -> Self {
        Self {
            name: wire.name.0,
            file: wire.file.0,
            interval_s: wire.interval.0,
            rules: wire.rules.0.into_iter().filter_map(|rule| rule.0).collect(),
        }
    }
}

impl From<WireRule> for Kept {
    fn from(wire: WireRule) -> Self {
        Self((wire.kind == Kind::Alerting).then(|| Rule {
            name: wire.name.0,
            query: wire.query.0,
            hold_s: wire.duration.0,
            labels: wire.labels.0,
            annotations: wire.annotations.0,
            health: match wire.health {
                Health::Ok => RuleHealth::Ok,
                Health::Err => RuleHealth::Err(wire.last_error.0.into()),
                Health::Unknown => RuleHealth::Unknown,
            },
            last_evaluation: real(wire.last_evaluation),
            active: wire.alerts.0,
        }))
    }
}

impl From<WireActive> for ActiveAlert {
    fn from(wire: WireActive) -> Self {
        Self {
            labels: wire.labels.0,
            annotations: wire.annotations.0,
            firing: wire.state == State::Firing,
            active_at: wire.active_at,
            value: wire.value.0,
        }
    }
}
