//! What the servers need of the place that they tell of.

use crate::demo::hospital::{Exemplars, Family, Hospital, ScrapeTarget};
use crate::model::{Matcher, Time};
use crate::query::MetricData;

/// A place that is measured. Tests have small ones.
pub trait Place: MetricData + 'static {
    /// What time it is there.
    fn now(&self) -> Time;

    /// When the day of a moment began there, with everything restarted, and when the next begins
    /// (milliseconds since the Unix epoch).
    fn day_of(&self, at_ms: i64) -> (i64, i64);

    /// The metric families it exports.
    fn families(&self) -> Vec<Family>;

    /// What is scraped.
    fn targets(&self) -> Vec<ScrapeTarget>;

    /// The query that stands for one whose answer the place has at hand without what it is computed of; none where
    /// every query is computed.
    fn stands_for(&self, _promql: &str) -> Option<String> {
        None
    }

    /// Hears what will be read again and again far back, so that a place which computes its past can keep that much.
    fn expect(&self, _asked: &[Vec<Matcher>]) {}

    /// Traces behind buckets, from `from_ms` to `to_ms` (both included); none where the place has none.
    fn exemplars(&self, _matchers: &[Matcher], _from_ms: i64, _to_ms: i64) -> Vec<Exemplars> {
        Vec::new()
    }
}

impl Place for Hospital {
    fn now(&self) -> Time {
        self.clock().now()
    }

    fn day_of(&self, at_ms: i64) -> (i64, i64) {
        let world = self.world();
        let day = world.day_of(at_ms.saturating_mul(1000));
        let start_ms = |day: i64| world.day_start_us(day).div_euclid(1000);
        (start_ms(day), start_ms(day + 1))
    }

    fn families(&self) -> Vec<Family> {
        Hospital::families(self)
    }

    fn targets(&self) -> Vec<ScrapeTarget> {
        Hospital::targets(self)
    }

    fn expect(&self, asked: &[Vec<Matcher>]) {
        Hospital::expect(self, asked);
    }

    fn exemplars(&self, matchers: &[Matcher], from_ms: i64, to_ms: i64) -> Vec<Exemplars> {
        Hospital::exemplars(self, matchers, from_ms, to_ms)
    }
}
