//! The series that Prometheus adds to what it scrapes: `ALERTS` and `ALERTS_FOR_STATE`
//! (`rules/alerting.go`), for any moment.

use std::collections::BTreeMap;

use super::aside::Asking;
use super::episodes::Episode;
use super::live::lives;
use super::reader::Reader;
use super::{Alerting, Rule};
use crate::model::{Labels, Matcher, Point, Series, Time};
use crate::query::promql::LOOKBACK_MS;
use crate::query::{MetricData, STALE_NAN};

/// How far back alerts are told: as long as Prometheus keeps samples by default.
const RETENTION_MS: i64 = 15 * 86_400_000;

/// What ended this long ago at most is the present: clocks of readers are not that exact.
const NOW_MS: i64 = 60_000;

const STATES: &str = "ALERTS";
const SINCE: &str = "ALERTS_FOR_STATE";

/// A place's samples with its alerts among them.
pub struct WithAlerts<'a> {
    alerting: &'a Alerting,
    _asking: Asking<'a>,
}

impl<'a> WithAlerts<'a> {
    pub(super) fn new(alerting: &'a Alerting) -> Self {
        Self { alerting, _asking: alerting.aside.asking() }
    }
}

impl MetricData for WithAlerts<'_> {
    fn series(&self, matchers: &[Matcher], from_ms: i64, to_ms: i64) -> Vec<Series> {
        let named = |name: &str| {
            let labels = Labels::new([("__name__", name)]);
            matchers
                .iter()
                .filter(|matcher| matcher.name == "__name__")
                .all(|matcher| matcher.matches(&labels))
        };
        let mut all = self.alerting.place().series(matchers, from_ms, to_ms);
        let (states, since) = (named(STATES), named(SINCE));
        if !states && !since {
            return all;
        }
        let now = self.alerting.place().now().timestamp_millis();
        let (from_ms, to_ms) = (from_ms.max(now - RETENTION_MS), to_ms.min(now));
        let window =
            Window { from_ms, to_ms, is_live: now - to_ms < NOW_MS && to_ms - from_ms <= LOOKBACK_MS };
        for (at, rule) in self.alerting.rules().iter().enumerate() {
            if to_ms >= from_ms && may_match(rule, matchers) {
                let mut found = of_rule(self.alerting, at, rule, window);
                found.retain(|series| matchers.iter().all(|matcher| matcher.matches(&series.labels)));
                all.append(&mut found);
            }
        }
        all
    }
}

/// Whether an alert of the rule can satisfy the matchers: its name always, and a label that the rule
/// sets to a plain text, are known without evaluating anything.
fn may_match(rule: &Rule, matchers: &[Matcher]) -> bool {
    let name = ("alertname".to_owned(), rule.name.clone());
    let fixed = rule.labels.iter().filter(|(_, template)| !template.source().contains("{{"));
    let fixed = fixed.map(|(name, template)| (name.clone(), template.source().to_owned()));
    let known = Labels::new(fixed.chain([name]));
    matchers
        .iter()
        .filter(|matcher| known.get(&matcher.name).is_some())
        .all(|matcher| matcher.matches(&known))
}

/// What is asked for.
#[derive(Clone, Copy)]
struct Window {
    from_ms: i64,
    to_ms: i64,
    /// Whether it is the present moment: of that is told what is known. The past is told in full.
    is_live: bool,
}

/// The series of a rule's alerts.
fn of_rule(alerting: &Alerting, at: usize, rule: &Rule, window: Window) -> Vec<Series> {
    let step = rule.interval_ms;
    let Window { from_ms, to_ms, is_live } = window;
    let (first, last) =
        (from_ms.div_euclid(step) + i64::from(from_ms.rem_euclid(step) != 0), to_ms.div_euclid(step));
    if last < first {
        return Vec::new();
    }
    // From one tick before, to know what has just gone.
    let ticks = (first - 1, last);
    let reader = if is_live {
        alerting.prompt_reader(alerting.place().now())
    } else {
        Reader::whole(&**alerting.place())
    };
    let (lives, last) = match lives(alerting, at, ticks, &reader) {
        Some(lives) => (lives, last),
        None => last_known(alerting, at, step, last),
    };
    let mut all = Vec::new();
    for (labels, episodes) in lives {
        let (mut pending, mut firing, mut since) = (Line::default(), Line::default(), Line::default());
        for episode in &episodes {
            // An episode of the day before ends where this day's begins: one life, told twice.
            let from = since.next.max(episode.active);
            let fired = episode.fired.max(from);
            for tick in from.max(first - 1)..episode.end.min(last + 1) {
                if tick < fired {
                    pending.push(tick, 1.0);
                } else {
                    firing.push(tick, 1.0);
                }
                since.push(tick, (episode.active * step).div_euclid(1000) as f64);
            }
        }
        for (name, state, line) in
            [(STATES, "pending", pending), (STATES, "firing", firing), (SINCE, "", since)]
        {
            let points = line.points(first, last, step);
            if !points.is_empty() {
                let own = [("__name__", name), ("alertstate", state)];
                let own = own.into_iter().filter(|(_, value)| !value.is_empty());
                all.push(Series { labels: Labels::new(labels.iter().chain(own)), points });
            }
        }
    }
    all
}

/// The lives of a rule's alerts up to its last evaluation, and that one's tick: whether they have ended
/// since nobody knows.
fn last_known(alerting: &Alerting, at: usize, step: i64, last: i64) -> (BTreeMap<Labels, Vec<Episode>>, i64) {
    let (live, mut all) = (alerting.live(), BTreeMap::new());
    let tick = |at: Time| at.timestamp_millis().div_euclid(step);
    let last = live.evaluated_at(at).map_or(last, tick);
    for alert in live.of(at) {
        let fired = alert.fired_at.map_or(last + 1, tick);
        let life = Episode { active: tick(alert.active_at), fired, end: last + 1, held: last };
        all.insert(alert.labels.clone(), vec![life]);
    }
    (all, last)
}

/// Values at ticks, in order.
#[derive(Default)]
struct Line {
    values: Vec<(i64, f64)>,
    /// The first tick after the last.
    next: i64,
}

impl Line {
    fn push(&mut self, tick: i64, value: f64) {
        self.values.push((tick, value));
        self.next = tick + 1;
    }

    /// Samples from `first` to `last`, with a marker at each tick at which there is none any more.
    fn points(self, first: i64, last: i64, step: i64) -> Vec<Point> {
        let mut points = Vec::with_capacity(self.values.len());
        let mut add = |tick: i64, v: f64| {
            if (first..=last).contains(&tick) {
                points.push(Point { t: tick * step, v });
            }
        };
        for (at, &(tick, value)) in self.values.iter().enumerate() {
            add(tick, value);
            if self.values.get(at + 1).is_none_or(|(next, _)| *next != tick + 1) {
                add(tick + 1, f64::from_bits(STALE_NAN));
            }
        }
        points
    }
}
