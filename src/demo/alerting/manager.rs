//! What Alertmanager makes of the alerts: who is told, who is silenced, who is inhibited.

use std::collections::BTreeMap;
use std::sync::{MutexGuard, PoisonError};

use chrono::TimeDelta;

use super::silences::{Silence, SilenceError, Silences};
use super::{Alerting, fingerprint, live};
use crate::model::{Labels, Time};

/// How long Prometheus lets an alert live that it does not send again: four times the delay between two
/// sendings (`rules/manager.go`, `sendAlerts`).
const VALID_S: i64 = 240;
/// Alerts that were posted and are remembered.
const MOST_POSTED: usize = 10_000;

/// What an Alertmanager remembers.
#[derive(Debug, Default)]
pub(super) struct Manager {
    silences: Silences,
    posted: BTreeMap<u64, Posted>,
}

/// An alert that somebody else than the place's Prometheus sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Posted {
    /// Labels.
    pub labels: Labels,
    /// What it tells.
    pub annotations: Labels,
    /// Since when.
    pub starts_at: Time,
    /// Until when.
    pub ends_at: Time,
    /// When it was sent.
    pub updated_at: Time,
    /// Where it comes from.
    pub generator_url: String,
}

/// An alert as Alertmanager knows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// Labels, external ones among them.
    pub labels: Labels,
    /// What it tells.
    pub annotations: Labels,
    /// Its name among all.
    pub fingerprint: String,
    /// Since when it fires.
    pub starts_at: Time,
    /// Until when it is believed.
    pub ends_at: Time,
    /// When it was last heard of.
    pub updated_at: Time,
    /// Where it comes from: an address, or of an own rule its expression.
    pub source: Source,
    /// Ids of silences.
    pub silenced_by: Vec<String>,
    /// Fingerprints of alerts.
    pub inhibited_by: Vec<String>,
}

/// Where an alert comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// The expression of a rule.
    Rule(String),
    /// Whatever its sender says.
    Address(String),
}

impl Known {
    /// Whether nobody is told of it.
    pub fn is_suppressed(&self) -> bool {
        !self.silenced_by.is_empty() || !self.inhibited_by.is_empty()
    }
}

impl Alerting {
    fn manager(&self) -> MutexGuard<'_, Manager> {
        self.manager.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Every alert that fires now, by fingerprint.
    pub fn known(&self) -> Vec<Known> {
        let live = self.live();
        let now = self.place.now();
        let mut all: BTreeMap<String, Known> = BTreeMap::new();
        for (rule, active) in live.all() {
            let Some(fired_at) = active.fired_at else { continue };
            let (labels, fingerprint) = live::sent_labels(&active.labels, &self.settings.external_labels);
            let source = self.rules.get(rule).map_or("", |rule| rule.expression_text());
            let known = Known {
                labels,
                annotations: active.annotations.clone(),
                fingerprint: fingerprint.clone(),
                starts_at: fired_at,
                ends_at: active.sent_at + TimeDelta::seconds(VALID_S),
                updated_at: active.sent_at,
                source: Source::Rule(source.to_owned()),
                silenced_by: Vec::new(),
                inhibited_by: Vec::new(),
            };
            all.insert(fingerprint, known);
        }
        let mut manager = self.manager();
        manager.posted.retain(|_, posted| posted.ends_at > now);
        for posted in manager.posted.values() {
            let fingerprint = fingerprint::text(&posted.labels);
            // What the rules say of the same alert is newer.
            all.entry(fingerprint.clone()).or_insert_with(|| Known {
                labels: posted.labels.clone(),
                annotations: posted.annotations.clone(),
                fingerprint,
                starts_at: posted.starts_at,
                ends_at: posted.ends_at,
                updated_at: posted.updated_at,
                source: Source::Address(posted.generator_url.clone()),
                silenced_by: Vec::new(),
                inhibited_by: Vec::new(),
            });
        }
        let mut all: Vec<Known> = all.into_values().collect();
        for known in &mut all {
            known.silenced_by = manager.silences.muting(&known.labels, now);
        }
        let inhibited: Vec<Option<String>> = all.iter().map(|target| self.inhibitor(target, &all)).collect();
        for (known, by) in all.iter_mut().zip(inhibited) {
            known.inhibited_by.extend(by);
        }
        all
    }

    /// The alert that mutes this one: the first by fingerprint, of the first rule that applies
    /// (`inhibit/inhibit.go`). Where both sides of a rule match both alerts, neither mutes the other.
    fn inhibitor(&self, target: &Known, all: &[Known]) -> Option<String> {
        self.settings.inhibitions.iter().find_map(|rule| {
            let matches = |matchers: &[crate::model::Matcher], labels: &Labels| {
                matchers.iter().all(|matcher| matcher.matches(labels))
            };
            if !matches(&rule.target, &target.labels) {
                return None;
            }
            let both = matches(&rule.source, &target.labels);
            all.iter()
                .find(|source| {
                    matches(&rule.source, &source.labels)
                        && rule.equal.iter().all(|name| source.labels.get(name) == target.labels.get(name))
                        && !(both && matches(&rule.target, &source.labels))
                })
                .map(|source| source.fingerprint.clone())
        })
    }

    /// Takes an alert. One that is there already keeps its start.
    pub fn post(&self, mut posted: Posted) {
        let mut manager = self.manager();
        let key = fingerprint::of(&posted.labels);
        if let Some(old) = manager.posted.get(&key).filter(|old| old.ends_at >= posted.starts_at) {
            posted.starts_at = posted.starts_at.min(old.starts_at);
        }
        if manager.posted.len() < MOST_POSTED || manager.posted.contains_key(&key) {
            manager.posted.insert(key, posted);
        }
    }

    /// All silences, expired ones of the last five days included, in Alertmanager's order.
    pub fn silences(&self) -> Vec<Silence> {
        let now = self.place.now();
        self.manager().silences.list(now)
    }

    /// One silence.
    pub fn silence(&self, id: &str) -> Option<Silence> {
        self.manager().silences.get(id).cloned()
    }

    /// Makes or changes a silence; gives its id.
    pub fn set_silence(&self, silence: Silence) -> Result<String, SilenceError> {
        let now = self.place.now();
        self.manager().silences.set(silence, now)
    }

    /// Ends a silence.
    pub fn expire_silence(&self, id: &str) -> Result<(), SilenceError> {
        let now = self.place.now();
        self.manager().silences.expire(id, now)
    }
}
