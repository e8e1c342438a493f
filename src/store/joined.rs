//! Which alert of Alertmanager is which active alert of Prometheus.
//!
//! Alertmanager's labels hold the external labels of the Prometheus that sent the alert, minus what
//! alert relabelling dropped; Prometheus's own list does not hold them, but for an alert that has a
//! label of that name itself, which then wins.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::alerts::{hash_of, identity};
use crate::model::rule::ActiveAlert;
use crate::model::{Alert, Labels, Rule};

/// An active alert with its rule.
pub(super) type Active<'a> = (&'a Rule, &'a ActiveAlert);

/// Alerts that a guess of the external labels looks at.
const LOOKED_AT: usize = 32;

/// Active alerts of one name that it compares: an incident may hold thousands.
const SAME_NAME: usize = 200;

/// Prometheus's external labels.
pub(super) struct External<'a>(Cow<'a, Labels>);

impl<'a> External<'a> {
    /// The labels as Prometheus tells them. Where it has not, or will not (Mimir, a forbidden
    /// endpoint), what Alertmanager has beside an alert's own labels is taken for them.
    pub(super) fn new(told: Option<&'a Labels>, active: &[Active<'_>], alerts: &[Arc<Alert>]) -> Self {
        Self(
            told.filter(|labels| !labels.is_empty())
                .map_or_else(|| Cow::Owned(guessed(active, alerts)), Cow::Borrowed),
        )
    }

    /// The labels that Alertmanager gets for an active alert.
    pub(super) fn added_to(&self, own: &Labels) -> Labels {
        self.0.iter().chain(own.iter()).collect()
    }

    /// A hash of an alert's labels, the same whether the external ones are among them or not.
    pub(super) fn identity(&self, labels: &Labels) -> u64 {
        hash_of(labels, |name, value| self.0.get(name) == Some(value))
    }

    fn names(&self) -> BTreeSet<&str> {
        self.0.iter().map(|(name, _)| name).collect()
    }

    /// Whether an alert of Alertmanager with the labels `sent` is the active alert `own`, when both
    /// agree on every label that no external one is named like.
    fn same(&self, sent: &Labels, own: &Labels) -> bool {
        self.0.iter().all(|(name, value)| match (sent.get(name), own.get(name)) {
            (sent, Some(own)) => sent == Some(own),
            (Some(sent), None) => sent == value,
            (None, None) => true,
        })
    }
}

/// Of the first alerts, the fewest labels that Alertmanager has beside those of an active alert.
fn guessed(active: &[Active<'_>], alerts: &[Arc<Alert>]) -> Labels {
    let beside = |alert: &Arc<Alert>| {
        active
            .iter()
            .filter(|(rule, _)| *rule.name == *alert.name())
            .take(SAME_NAME)
            .filter(|(_, one)| one.labels.iter().all(|(name, value)| alert.labels.get(name) == Some(value)))
            .max_by_key(|(_, one)| one.labels.len())
            .map(|(_, one)| {
                alert.labels.iter().filter(|(name, _)| one.labels.get(name).is_none()).collect::<Labels>()
            })
    };
    alerts.iter().take(LOOKED_AT).filter_map(beside).min_by_key(Labels::len).unwrap_or_default()
}

/// The active alerts of which no alert of Alertmanager is known yet.
pub(super) struct Waiting<'a> {
    by_labels: HashMap<u64, Vec<Active<'a>>>,
    external: &'a External<'a>,
    names: BTreeSet<&'a str>,
}

impl<'a> Waiting<'a> {
    /// All of them.
    pub(super) fn new(active: &[Active<'a>], external: &'a External<'a>) -> Self {
        let names = external.names();
        let mut by_labels: HashMap<u64, Vec<Active<'a>>> = HashMap::new();
        for one in active {
            by_labels.entry(identity(&one.1.labels, &names)).or_default().push(*one);
        }
        Self { by_labels, external, names }
    }

    /// Takes out the active alert that Alertmanager knows by these labels; of equal ones (two rules
    /// with the same alert) a firing one.
    pub(super) fn take(&mut self, sent: &Labels) -> Option<Active<'a>> {
        let all = self.by_labels.get_mut(&identity(sent, &self.names))?;
        let best = *all
            .iter()
            .filter(|(_, one)| self.external.same(sent, &one.labels))
            .max_by_key(|(_, one)| (one.labels.len(), one.firing))?;
        all.retain(|(_, one)| one.labels != best.1.labels);
        Some(best)
    }

    /// What is left: pending, or not delivered. In a fixed order; of equal labels the firing one first.
    pub(super) fn rest(self) -> Vec<Active<'a>> {
        let mut rest: Vec<Active<'a>> = self.by_labels.into_values().flatten().collect();
        rest.sort_by(|(_, a), (_, b)| a.labels.cmp(&b.labels).then_with(|| b.firing.cmp(&a.firing)));
        rest
    }
}
