//! Alerting rules as Prometheus reports them.

use serde::Serialize;

use super::{Labels, Time};

/// Whether the last evaluation of a rule worked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleHealth {
    /// Evaluated.
    Ok,
    /// Evaluation failed, with the server's words: such a rule cannot fire, which is no calm.
    Err(String),
    /// Not evaluated yet.
    Unknown,
}

/// One active element of a rule.
#[derive(Clone, Debug, PartialEq)]
pub struct ActiveAlert {
    /// Labels, without Prometheus's external labels.
    pub labels: Labels,
    /// Annotations, templates expanded.
    pub annotations: Labels,
    /// `true` once `for` has passed, `false` while pending.
    pub firing: bool,
    /// Since when the expression holds.
    pub active_at: Time,
    /// Value of the expression at the last evaluation.
    pub value: f64,
}

/// One alerting rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Alert name.
    pub name: Box<str>,
    /// PromQL.
    pub query: Box<str>,
    /// `for`, in seconds.
    pub hold_s: f64,
    /// Labels that the rule adds.
    pub labels: Labels,
    /// Annotation templates.
    pub annotations: Labels,
    /// Health of the last evaluation.
    pub health: RuleHealth,
    /// When it was last evaluated; `None` before the first time.
    pub last_evaluation: Option<Time>,
    /// Pending and firing elements.
    pub active: Vec<ActiveAlert>,
}

/// A rule group. Recording rules are left out by the client.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleGroup {
    /// Group name.
    pub name: Box<str>,
    /// File on the server.
    pub file: Box<str>,
    /// Evaluation interval in seconds.
    pub interval_s: f64,
    /// Its alerting rules.
    pub rules: Vec<Rule>,
}
