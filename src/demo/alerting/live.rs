//! What a rule's alerts are at one moment, and their lives in a stretch of time.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use super::episodes::{self, Episode, Run};
use super::held::BLOCK;
use super::reader::Reader;
use super::{Alerting, Rule, fingerprint};
use crate::model::{Labels, Time};
use crate::query::promql::Value;

/// An alert that is pending or fires.
#[derive(Clone, Debug, PartialEq)]
pub struct Active {
    /// Labels, the rule's and the alert's name among them.
    pub labels: Labels,
    /// What it tells.
    pub annotations: Labels,
    /// Its condition holds since then.
    pub active_at: Time,
    /// It fires since then; `None` while it is pending.
    pub fired_at: Option<Time>,
    /// When Prometheus last told Alertmanager of it.
    pub sent_at: Time,
    /// The sample's value when it was last evaluated.
    pub value: f64,
}

impl Active {
    /// Whether it fires.
    pub fn is_firing(&self) -> bool {
        self.fired_at.is_some()
    }
}

/// What one evaluation of a rule found.
#[derive(Debug)]
pub(super) struct Evaluated {
    /// When, in ticks of the rule.
    pub tick: i64,
    /// Alerts that were pending or fired, by labels.
    pub active: Vec<Active>,
    /// What it failed of.
    pub error: Option<String>,
}

/// What is active at one moment.
#[derive(Debug)]
pub struct Live {
    at_ms: i64,
    /// Interval and tick of each rule.
    ticks: Vec<(i64, i64)>,
    /// The last evaluation of each rule; none of one that was not evaluated yet.
    rules: Vec<Option<Arc<Evaluated>>>,
    /// What had been found aside by then.
    version: u64,
}

/// Prometheus sends an alert again when this much has passed (`rules.alert.resend-delay`).
const RESEND_MS: i64 = 60_000;

impl Live {
    /// Of all rules at `now`.
    pub(super) fn compute(alerting: &Alerting, now: Time) -> Self {
        let at_ms = now.timestamp_millis();
        let rules = alerting.rules();
        // Before anything is looked up: what is found meanwhile is seen the next time.
        let version = alerting.aside.version();
        let ticks: Vec<(i64, i64)> =
            rules.iter().map(|rule| (rule.interval_ms, at_ms.div_euclid(rule.interval_ms))).collect();
        let reader = alerting.prompt_reader(now);
        let rules = (0..rules.len())
            .map(|at| match evaluate(alerting, at, now, &reader) {
                Some(found) => Some(alerting.aside.note(at, found)),
                None => alerting.aside.known(at, ticks[at].1),
            })
            .collect();
        Self { at_ms, ticks, rules, version }
    }

    /// Whether no rule has been evaluated since; `version` is what has been found aside by now.
    pub(super) fn holds_at(&self, now: Time, version: u64) -> bool {
        let now = now.timestamp_millis();
        self.version == version
            && self.ticks.iter().all(|(interval, tick)| now.div_euclid(*interval) == *tick)
    }

    fn rule(&self, rule: usize) -> Option<&Evaluated> {
        self.rules.get(rule)?.as_deref()
    }

    /// The alerts of a rule, by labels.
    pub fn of(&self, rule: usize) -> &[Active] {
        self.rule(rule).map_or(&[], |found| found.active.as_slice())
    }

    /// All alerts, by rule.
    pub fn all(&self) -> impl Iterator<Item = (usize, &Active)> {
        (0..self.rules.len()).flat_map(|rule| self.of(rule).iter().map(move |active| (rule, active)))
    }

    /// What a rule's last evaluation failed of.
    pub fn error(&self, rule: usize) -> Option<&str> {
        self.rule(rule)?.error.as_deref()
    }

    /// When a rule was last evaluated; `None` before the first time.
    pub fn evaluated_at(&self, rule: usize) -> Option<Time> {
        let (interval_ms, _) = self.ticks.get(rule)?;
        self.rule(rule).map(|found| moment(found.tick * interval_ms))
    }

    /// The last tick of an interval.
    pub fn tick_of(&self, interval_ms: i64) -> Time {
        moment(self.at_ms.div_euclid(interval_ms) * interval_ms)
    }
}

fn moment(ms: i64) -> Time {
    Time::from_timestamp_millis(ms).unwrap_or_default()
}

/// Evaluates a rule at the last tick before `now`; `None` where the reader cannot.
pub(super) fn evaluate(alerting: &Alerting, at: usize, now: Time, reader: &Reader<'_>) -> Option<Evaluated> {
    let tick = now.timestamp_millis().div_euclid(alerting.rules().get(at)?.interval_ms);
    let active = active(alerting, at, tick, reader)?;
    Some(Evaluated { tick, active, error: alerting.held.error(at, tick) })
}

fn active(alerting: &Alerting, at: usize, tick: i64, reader: &Reader<'_>) -> Option<Vec<Active>> {
    let rule = alerting.rules().get(at)?;
    let lives = lives(alerting, at, (tick, tick), reader)?;
    let mut samples: BTreeMap<i64, BTreeMap<Labels, Sample>> = BTreeMap::new();
    let mut all = Vec::new();
    for (labels, episodes) in lives {
        let Some(episode) = episodes.iter().rev().find(|episode| episode.is_active(tick)) else { continue };
        let samples = match samples.entry(episode.held) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => unknown.insert(self::samples(alerting, rule, episode.held, reader)?),
        };
        // What was held has a sample; a label that reads the value may have changed since.
        let (sample, value) = samples.get(&labels).cloned().unwrap_or((labels.clone(), f64::NAN));
        let time = |tick: i64| moment(tick * rule.interval_ms);
        let firing = episode.fired <= tick;
        let resend = RESEND_MS / rule.interval_ms + 1;
        all.push(Active {
            annotations: rule.annotations(&sample, alerting.external_labels(), value),
            labels,
            active_at: time(episode.active),
            fired_at: firing.then(|| time(episode.fired)),
            sent_at: time(if firing { tick - (tick - episode.fired) % resend } else { tick }),
            value,
        });
    }
    Some(all)
}

/// A sample of a rule's expression: its labels and its value.
type Sample = (Labels, f64);

/// The samples of a rule's expression at a tick, by the labels of their alerts; `None` where the reader
/// cannot tell.
fn samples(
    alerting: &Alerting,
    rule: &Rule,
    tick: i64,
    reader: &Reader<'_>,
) -> Option<BTreeMap<Labels, Sample>> {
    if !reader.may_read(rule, tick) {
        return None;
    }
    let vector = match rule.query.instant(reader.data(), tick * rule.interval_ms) {
        Ok(Value::Vector(vector)) => vector,
        Ok(Value::Scalar(point)) => vec![(Labels::default(), point)],
        // It held at this tick, so that it could be evaluated; and neither texts nor ranges hold.
        Ok(Value::String(..) | Value::Matrix(_)) | Err(_) => Vec::new(),
    };
    let external = alerting.external_labels();
    let all = vector
        .into_iter()
        .map(|(labels, point)| (rule.alert_labels(&labels, external, point.v), (labels, point.v)))
        .collect();
    (!reader.is_stopped()).then_some(all)
}

/// The lives of a rule's alerts that touch the ticks from `from` to `to`, in one day of the place or in
/// several; `None` where the reader cannot tell.
pub(super) fn lives(
    alerting: &Alerting,
    at: usize,
    (from, to): (i64, i64),
    reader: &Reader<'_>,
) -> Option<BTreeMap<Labels, Vec<Episode>>> {
    let rule = alerting.rules().get(at)?;
    let mut all: BTreeMap<Labels, Vec<Episode>> = BTreeMap::new();
    let mut first = from;
    while first <= to {
        let (starts, ends) = alerting.place().day_of(first * rule.interval_ms);
        // The last tick before the next day starts.
        let last = ((ends - 1).div_euclid(rule.interval_ms)).clamp(first, to);
        let begin = starts.div_euclid(rule.interval_ms);
        for (labels, episodes) in lives_of_day(alerting, at, (begin, first, last), reader)? {
            all.entry(labels).or_default().extend(episodes);
        }
        first = last + 1;
    }
    Some(all)
}

/// As [`lives`], within one day that began at the first of these ticks; clipped to the others.
fn lives_of_day(
    alerting: &Alerting,
    at: usize,
    (begin, from, to): (i64, i64, i64),
    reader: &Reader<'_>,
) -> Option<Vec<(Labels, Vec<Episode>)>> {
    let rule = alerting.rules().get(at)?;
    let (hold, keep) = (rule.hold_ticks(), rule.keep_ticks());
    // Nothing is active since before the day began, less what firing needs.
    let floor = begin - hold - keep - 1;
    // Only what holds may be active, or what held until it was no longer kept firing: no further back
    // than that is looked until something is found.
    let mut since = (from - if keep > 0 { keep + 1 } else { 0 }).max(floor);
    let mut further = BLOCK;
    let held = loop {
        let held = alerting.held.runs(alerting, at, (since, to), reader)?;
        // What held at the stretch's beginning may have begun before it.
        let open =
            held.values().any(|runs| chain(runs, from, keep).is_some_and(|start| start <= since + keep));
        if !open || since <= floor {
            break held;
        }
        let before = ((since - further).div_euclid(BLOCK) * BLOCK).max(floor);
        // Not further than the reader can, where it can at all.
        let readable = reader.first_tick(rule);
        since = if readable < since { before.max(readable) } else { before };
        further *= 2;
    };
    let lives = held.into_iter().filter_map(|(labels, runs)| {
        let mut episodes = episodes::of(&runs, hold, keep, to);
        episodes.retain(|episode| episode.end > from && episode.active <= to);
        (!episodes.is_empty()).then_some((labels, episodes))
    });
    Some(lives.collect())
}

/// Where the runs begin that may still matter at `from`: those that lead up to it without a gap longer
/// than an alert is kept firing.
fn chain(runs: &[Run], from: i64, keep: i64) -> Option<i64> {
    let mut at = runs.iter().position(|(_, stop)| stop + 1 + keep >= from)?;
    while at > 0 && runs[at - 1].1 + 1 + keep >= runs[at].0 {
        at -= 1;
    }
    Some(runs[at].0)
}

/// Alertmanager's name for an alert with Prometheus's external labels added.
pub(super) fn sent_labels(labels: &Labels, external: &Labels) -> (Labels, String) {
    let all = Labels::new(external.iter().chain(labels.iter()));
    let fingerprint = fingerprint::text(&all);
    (all, fingerprint)
}
