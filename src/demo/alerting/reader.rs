//! How a rule may be evaluated: at once from what the present day holds, or from however far back its
//! expression reaches, on a thread that can wait.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::held::BLOCK;
use super::{Alerting, Rule};
use crate::model::{Labels, Matcher, Point, Series};
use crate::query::MetricData;

/// What a patient reader asks for at once: a place computes it in moments.
const PIECE_MS: i64 = 600_000;

/// Samples for rules, and how far back they may be asked for.
pub(super) struct Reader<'a> {
    data: &'a dyn MetricData,
    /// Nothing before this moment may be asked for.
    floor_ms: Option<i64>,
    /// Who says when it is no longer worth the while.
    stops_with: Option<&'a Alerting>,
}

impl<'a> Reader<'a> {
    /// Of everything, at once.
    pub(super) fn whole(data: &'a dyn MetricData) -> Self {
        Self { data, floor_ms: None, stops_with: None }
    }

    /// Of what is not before this moment.
    pub(super) fn since(data: &'a dyn MetricData, floor_ms: i64) -> Self {
        Self { data, floor_ms: Some(floor_ms), stops_with: None }
    }

    /// Of everything, by and by.
    pub(super) fn patient(patient: &'a Patient<'a>) -> Self {
        Self { data: patient, floor_ms: None, stops_with: Some(patient.alerting) }
    }

    /// The samples.
    pub(super) fn data(&self) -> &'a dyn MetricData {
        self.data
    }

    /// Whether a rule may be evaluated at a tick and after it.
    pub(super) fn may_read(&self, rule: &Rule, tick: i64) -> bool {
        match (self.floor_ms, rule.query.reach_ms()) {
            (Some(floor), Some(reach)) => {
                tick.saturating_mul(rule.interval_ms).saturating_sub(reach) >= floor
            }
            _ => !self.is_stopped(),
        }
    }

    /// The first tick, a block's first, from which on a rule may be evaluated.
    pub(super) fn first_tick(&self, rule: &Rule) -> i64 {
        let (Some(floor), Some(reach)) = (self.floor_ms, rule.query.reach_ms()) else { return i64::MIN };
        let block_ms = BLOCK * rule.interval_ms;
        let first_ms = floor.saturating_add(reach);
        let whole = first_ms.div_euclid(block_ms) + i64::from(first_ms.rem_euclid(block_ms) != 0);
        whole.saturating_mul(BLOCK)
    }

    /// Whether nobody wants to know any more: what was read since may be incomplete.
    pub(super) fn is_stopped(&self) -> bool {
        self.stops_with.is_some_and(|alerting| alerting.aside.is_stopped())
    }
}

/// What looks back further than this looks far back: six hours.
const FAR_MS: i64 = 6 * 3_600_000;

/// What the rules read far back, at whatever moment.
pub(super) fn far_back(rules: &[Rule], at_ms: i64) -> Vec<Vec<Matcher>> {
    let noted = Noted { before_ms: at_ms - FAR_MS, far: Mutex::default() };
    for rule in rules {
        // What it answers over nothing does not matter, only what it asks for.
        let _ = rule.query.instant(&noted, at_ms);
    }
    noted.far.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// Data that has nothing and notes what of the time before a moment it was asked for.
struct Noted {
    before_ms: i64,
    far: Mutex<Vec<Vec<Matcher>>>,
}

impl MetricData for Noted {
    fn series(&self, matchers: &[Matcher], from_ms: i64, _: i64) -> Vec<Series> {
        if from_ms < self.before_ms {
            let mut far = self.far.lock().unwrap_or_else(PoisonError::into_inner);
            far.push(matchers.to_vec());
        }
        Vec::new()
    }
}

/// A place's samples for somebody who can wait: a day is asked for from its start on, in pieces, so that
/// whoever asks the place for something else meanwhile never waits for more than one of them.
pub(super) struct Patient<'a> {
    alerting: &'a Alerting,
    /// For each day that was begun, by its start: how far it was asked for.
    walked: Mutex<BTreeMap<i64, i64>>,
}

impl<'a> Patient<'a> {
    pub(super) fn new(alerting: &'a Alerting) -> Self {
        Self { alerting, walked: Mutex::default() }
    }
}

impl MetricData for Patient<'_> {
    fn series(&self, matchers: &[Matcher], from_ms: i64, to_ms: i64) -> Vec<Series> {
        let place = self.alerting.place();
        let to_ms = to_ms.min(place.now().timestamp_millis());
        let (day, _) = place.day_of(from_ms);
        let mut walked = self.walked.lock().unwrap_or_else(PoisonError::into_inner);
        let mut at = walked.get(&day).map_or(day, |upto| from_ms.min(*upto));
        let mut all: BTreeMap<Labels, Vec<Point>> = BTreeMap::new();
        while at <= to_ms {
            if self.alerting.aside.is_stopped() {
                return Vec::new();
            }
            let (day, next) = place.day_of(at);
            // Up to a multiple of a piece after the day's start; `from_ms` begins one of its own.
            let mut end = (day + ((at - day) / PIECE_MS + 1) * PIECE_MS).min(next) - 1;
            if at < from_ms {
                end = end.min(from_ms - 1);
            }
            let end = end.min(to_ms);
            for series in place.series(matchers, at, end) {
                if at >= from_ms {
                    all.entry(series.labels).or_default().extend(series.points);
                }
            }
            let upto = walked.entry(day).or_insert(end);
            *upto = end.max(*upto);
            at = end + 1;
            self.alerting.aside.give_way();
        }
        all.into_iter().map(|(labels, points)| Series { labels, points }).collect()
    }
}
