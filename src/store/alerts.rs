//! The joined alert list: Alertmanager's alerts with the rule, value and pending alerts that
//! Prometheus knows.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use super::Store;
use super::joined::{Active, External, Waiting};
use crate::model::records::{self, AckState};
use crate::model::{Alert, AlertState, Labels, Rule, Sample, Severity, Silence, Time};
use crate::pack::Pack;

/// Who reported an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// Alertmanager alone: another Prometheus, or a script, sent it.
    Alertmanager,
    /// Prometheus alone: pending, or it has not reached Alertmanager.
    Prometheus,
    /// Both.
    Both,
    /// The `ALERTS` series, for a past window.
    Series,
    /// The console itself: the dead-man's switch that is missing.
    Console,
}

/// An acknowledgement: of the journal, or of somebody else's as the `ACK!` convention keeps it in a silence's comment.
#[derive(Clone, Debug, PartialEq)]
pub struct Ack {
    /// Who.
    pub by: Box<str>,
    /// Why.
    pub comment: Box<str>,
    /// Since when, where that is known.
    pub at: Option<Time>,
    /// Until when it mutes, unless it is extended; `None` where it does not.
    pub until: Option<Time>,
    /// Whether it mutes.
    pub standing: Muting,
}

/// Whether an acknowledgement mutes its alert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Muting {
    /// Its silence is at Alertmanager.
    Muted,
    /// It is to be muted and is not yet: why, as far as is known.
    NotYet(Box<str>),
    /// It is not meant to be.
    Not,
}

/// One alert of the list with everything that is known about it.
#[derive(Clone, Debug, PartialEq)]
pub struct AlertRow {
    /// The alert, shared with the answer it came in.
    pub alert: Arc<Alert>,
    /// Severity after the pack's assessment.
    pub severity: Severity,
    /// Department id: a value of the pack's department label, empty where there is none.
    pub department: Box<str>,
    /// What it is about: the first component label it has.
    pub component: Box<str>,
    /// When somebody should have acknowledged it.
    pub deadline: Option<Time>,
    /// Who reported it.
    pub origin: Origin,
    /// Value of the rule's expression at its last evaluation.
    pub value: Option<f64>,
    /// PromQL of its rule.
    pub query: Option<Arc<str>>,
    /// `for` of its rule in seconds.
    pub hold_s: Option<f64>,
    /// Acknowledged by whom.
    pub ack: Option<Ack>,
    /// Equal for one alert whoever reports it: a hash of its labels without Prometheus's external ones.
    pub identity: u64,
}

impl AlertRow {
    /// Whether it waits for somebody: it fires, nothing mutes it and nobody has it.
    pub fn needs_somebody(&self) -> bool {
        self.alert.state == AlertState::Firing && self.severity != Severity::None && self.ack.is_none()
    }
}

/// The dead-man's switch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Watchdog {
    /// The pack has none.
    NotUsed,
    /// Nothing is known: the source that would tell has not answered.
    Unknown,
    /// It fires, as it should.
    Alive,
    /// It should fire and does not: alerts may not get through. The alarm.
    Missing {
        /// Prometheus has it firing: then the way to Alertmanager is broken.
        fires_in_prometheus: bool,
    },
}

/// Joins what Alertmanager and Prometheus know with the journal's acknowledgements. Without any answer of Alertmanager the list is
/// Prometheus's own, where silences are unknown.
pub fn join(store: &Store, pack: &Pack, acks: &[records::Ack]) -> Vec<AlertRow> {
    let groups = store.rules.value().map_or(&[][..], |groups| &groups[..]);
    let alerts = store.alerts.value().map_or(&[][..], |alerts| &alerts[..]);
    let watchdog = pack.alerting.watchdog.as_deref();
    let rules = || groups.iter().flat_map(|group| group.rules.iter());

    let mut active: Vec<Active<'_>> = Vec::new();
    let mut queries: HashMap<*const Rule, Arc<str>> = HashMap::new();
    let mut by_name: HashMap<&str, &Rule> = HashMap::new();
    for rule in rules() {
        by_name.entry(&rule.name).or_insert(rule);
        queries.insert(std::ptr::from_ref(rule), Arc::from(&*rule.query));
        active.extend(
            rule.active
                .iter()
                .map(|one| (rule, one))
                .filter(|(_, one)| watchdog.is_none() || watchdog != one.labels.get("alertname")),
        );
    }
    let external = External::new(store.external.value(), &active, alerts);
    let mut waiting = Waiting::new(&active, &external);
    let query_of = |rule: &Rule| queries.get(&std::ptr::from_ref(rule)).cloned();

    let silences: HashMap<&str, &Silence> = store
        .silences
        .value()
        .map_or(&[][..], |list| &list[..])
        .iter()
        .map(|silence| (&*silence.id, silence))
        .collect();

    let held: HashMap<&str, &records::Ack> =
        acks.iter().filter(|ack| ack.state.is_live()).map(|ack| (&*ack.fingerprint, ack)).collect();

    let mut rows = Vec::with_capacity(alerts.len() + active.len() + 1);
    for alert in alerts {
        let name = alert.name();
        if watchdog == Some(name) {
            continue;
        }
        let both = waiting.take(&alert.labels);
        let rule = both.map(|(rule, _)| rule).or_else(|| by_name.get(name).copied());
        let mut row = AlertRow::new(alert.clone(), pack);
        row.identity = external.identity(&alert.labels);
        row.origin = if both.is_some() { Origin::Both } else { Origin::Alertmanager };
        row.value = both.map(|(_, one)| one.value);
        row.query = rule.and_then(query_of);
        row.hold_s = rule.map(|rule| rule.hold_s);
        row.ack = held
            .get(&*alert.fingerprint)
            .map(|ack| of_journal(ack))
            .or_else(|| alert.silenced_by.iter().find_map(|id| ack_of(silences.get(&**id)?)));
        rows.push(row);
    }
    for (rule, one) in waiting.rest() {
        let state = if one.firing { AlertState::Firing } else { AlertState::Pending };
        let alert = Alert {
            fingerprint: format!("p{:016x}", identity(&one.labels, &BTreeSet::new())).into(),
            labels: external.added_to(&one.labels),
            annotations: one.annotations.clone(),
            state,
            starts_at: one.active_at,
            updated_at: rule.last_evaluation,
            silenced_by: Vec::new(),
            inhibited_by: Vec::new(),
            generator_url: "".into(),
            receivers: Vec::new(),
        };
        let mut row = AlertRow::new(alert, pack);
        row.identity = external.identity(&row.alert.labels);
        row.origin = Origin::Prometheus;
        row.value = Some(one.value);
        row.query = query_of(rule);
        row.hold_s = Some(rule.hold_s);
        rows.push(row);
    }
    // An alert is one line, even where a server (or a proxy in front of two) reports it twice.
    let mut seen = HashSet::with_capacity(rows.len());
    rows.retain(|row| seen.insert(row.alert.fingerprint.clone()));
    rows
}

/// Rebuilds the list of a past moment from the `ALERTS` and `ALERTS_FOR_STATE` series. Silences,
/// inhibition and annotations of that time are not recorded anywhere and stay unknown.
pub fn from_series(alerts: &[Sample], since: &[Sample], pack: &Pack) -> Vec<AlertRow> {
    let skip: BTreeSet<&str> = ["__name__", "alertstate"].into();
    let started: HashMap<u64, f64> =
        since.iter().map(|sample| (identity(&sample.labels, &skip), sample.value)).collect();
    let mut rows: Vec<AlertRow> = alerts
        .iter()
        .filter(|sample| sample.value > 0.0)
        .map(|sample| {
            let id = identity(&sample.labels, &skip);
            let starts_at = started
                .get(&id)
                .filter(|seconds| (0.0..LAST_S).contains(*seconds))
                .and_then(|seconds| chrono::DateTime::from_timestamp_millis((seconds * 1000.0) as i64))
                .unwrap_or(sample.at);
            let firing = sample.labels.get("alertstate") != Some("pending");
            let alert = Alert {
                fingerprint: format!("p{id:016x}").into(),
                labels: sample.labels.without(&["__name__", "alertstate"]),
                annotations: Labels::default(),
                state: if firing { AlertState::Firing } else { AlertState::Pending },
                starts_at,
                updated_at: Some(sample.at),
                silenced_by: Vec::new(),
                inhibited_by: Vec::new(),
                generator_url: "".into(),
                receivers: Vec::new(),
            };
            let mut row = AlertRow::new(alert, pack);
            row.origin = Origin::Series;
            row
        })
        .collect();
    if let Some(watchdog) = &pack.alerting.watchdog {
        rows.retain(|row| row.alert.name() != watchdog);
    }
    rows
}

impl AlertRow {
    /// A row of which only the alert is known.
    pub fn new(alert: impl Into<Arc<Alert>>, pack: &Pack) -> Self {
        let alert = alert.into();
        let severity = pack.severity_of(&alert.labels);
        let department = alert.labels.get(&pack.alerting.department_label).unwrap_or("").into();
        let component = pack
            .alerting
            .component_labels
            .iter()
            .find_map(|label| alert.labels.get(label))
            .unwrap_or("")
            .into();
        let deadline = pack
            .alerting
            .response_s
            .get(&severity)
            // Nobody is asked about an alert that is pending or muted, so no clock runs for it.
            .filter(|_| alert.state == AlertState::Firing)
            .and_then(|seconds| {
                alert.starts_at.checked_add_signed(chrono::TimeDelta::seconds(i64::from(*seconds)))
            });
        let identity = identity(&alert.labels, &BTreeSet::new());
        Self {
            identity,
            alert,
            severity,
            department,
            component,
            deadline,
            origin: Origin::Alertmanager,
            value: None,
            query: None,
            hold_s: None,
            ack: None,
        }
    }
}

fn ack_of(silence: &Silence) -> Option<Ack> {
    let comment = silence.comment.strip_prefix("ACK!")?;
    Some(Ack {
        by: silence.created_by.clone(),
        comment: comment.trim().into(),
        at: Some(silence.starts_at),
        until: Some(silence.ends_at),
        standing: Muting::Muted,
    })
}

fn of_journal(ack: &records::Ack) -> Ack {
    let standing = match ack.state {
        AckState::AtAlertmanager => Muting::Muted,
        AckState::Pending | AckState::Failed => Muting::NotYet(ack.error.clone()),
        AckState::Local | AckState::Ended => Muting::Not,
    };
    let until = ack.until.filter(|_| standing == Muting::Muted);
    Ack { by: ack.who.clone(), comment: ack.why.clone(), at: Some(ack.at), until, standing }
}

/// A hash of the labels but for the skipped names. Equal for equal labels in every run of one build,
/// so that scripts can use the fingerprints made of it; across builds nothing is promised.
pub fn identity(labels: &Labels, skip: &BTreeSet<&str>) -> u64 {
    hash_of(labels, |name, _| skip.contains(name))
}

/// The same but for the labels that `skip` says.
pub(super) fn hash_of(labels: &Labels, skip: impl Fn(&str, &str) -> bool) -> u64 {
    let mut hasher = DefaultHasher::new();
    for (name, value) in labels.iter() {
        if !skip(name, value) {
            (name, value).hash(&mut hasher);
        }
    }
    hasher.finish()
}

/// The end of the year 9999 in unix seconds: what a sample says beyond it is no time.
const LAST_S: f64 = 253_402_300_800.0;

/// What the dead-man's switch says. `live_alertmanager` and `live_rules` tell whether those answers
/// are fresh: an old answer proves nothing.
pub fn watchdog(store: &Store, pack: &Pack, live_alertmanager: Option<bool>, live_rules: bool) -> Watchdog {
    let Some(name) = &pack.alerting.watchdog else { return Watchdog::NotUsed };
    let in_rules = store.rules.value().is_some_and(|groups| {
        groups
            .iter()
            .flat_map(|group| group.rules.iter())
            .any(|rule| *rule.name == **name && rule.active.iter().any(|one| one.firing))
    });
    match live_alertmanager {
        Some(true) => {
            let alive = store.alerts.value().is_some_and(|alerts| alerts.iter().any(|a| a.name() == name));
            if alive {
                Watchdog::Alive
            } else {
                Watchdog::Missing { fires_in_prometheus: live_rules && in_rules }
            }
        }
        Some(false) => Watchdog::Unknown,
        None if !live_rules => Watchdog::Unknown,
        None if in_rules => Watchdog::Alive,
        None => Watchdog::Missing { fires_in_prometheus: false },
    }
}

/// What the dead-man's switch said at a past moment, by the `ALERTS` series; `None` is no answer.
pub fn watchdog_then(alerts: Option<&[Sample]>, pack: &Pack) -> Watchdog {
    let Some(name) = &pack.alerting.watchdog else { return Watchdog::NotUsed };
    let Some(alerts) = alerts else { return Watchdog::Unknown };
    let fired = alerts.iter().any(|sample| {
        let labels = &sample.labels;
        labels.get("alertname") == Some(name)
            && labels.get("alertstate") != Some("pending")
            && sample.value > 0.0
    });
    if fired { Watchdog::Alive } else { Watchdog::Missing { fires_in_prometheus: false } }
}
