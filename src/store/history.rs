//! The series of one range query, extended by new points only.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use super::Remote;
use crate::model::{Fault, Labels, Point, Series, Time};

/// What is known of a range query: series on one step grid from `from` to `to`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// The series with their age and faults. Missing points are gaps.
    pub remote: Remote<Arc<[Series]>>,
    from: Option<Time>,
    to: Option<Time>,
}

impl History {
    /// The last step that was fetched; the next request starts one step later.
    pub fn covered_to(&self) -> Option<Time> {
        self.to
    }

    /// The first step that was fetched.
    pub fn covered_from(&self) -> Option<Time> {
        self.from
    }

    /// Joins the answer for `start..=end`. Where it touches what is known and begins after it does,
    /// its points are put in place of those in its range; otherwise it replaces everything, so that
    /// no stretch that nobody asked for looks like a gap in the data. Answers that come twice or in
    /// the wrong order change nothing.
    pub fn extend(
        &mut self,
        mut series: Vec<Series>,
        start: Time,
        end: Time,
        step_s: u32,
        at: Time,
        warnings: Vec<String>,
    ) {
        for one in &mut series {
            keep_asked(&mut one.points, start.timestamp_millis(), end.timestamp_millis());
        }
        let step = chrono::TimeDelta::seconds(i64::from(step_s));
        let touches = match (self.from, self.to) {
            (Some(from), Some(to)) => from < start && start <= to + step,
            _ => false,
        };
        let joined = match (touches, self.remote.value()) {
            (true, Some(known)) => join(known, series, start.timestamp_millis(), end.timestamp_millis()),
            _ => {
                self.from = Some(start);
                self.to = None;
                series.into()
            }
        };
        let to = self.to.map_or(end, |to| to.max(end));
        self.to = Some(to);
        self.remote.answer(joined, at, Some(to), warnings);
    }

    /// Drops points before `start`, and series that have none left.
    pub fn trim(&mut self, start: Time) {
        let Some(from) = self.from else { return };
        if from >= start {
            return;
        }
        let first = start.timestamp_millis();
        if let Some(series) = self.remote.value_mut() {
            let kept: Vec<Series> = series
                .iter()
                .filter_map(|one| {
                    let cut = one.points.partition_point(|point| point.t < first);
                    (cut < one.points.len())
                        .then(|| Series { labels: one.labels.clone(), points: one.points[cut..].to_vec() })
                })
                .collect();
            *series = kept.into();
        }
        self.from = Some(start);
    }

    /// Takes in a failure.
    pub fn fault(&mut self, fault: Fault, at: Time) {
        self.remote.fault(fault, at);
    }
}

/// Only points of the range that was asked for, in time order, one for each moment: what a server
/// says beyond its question would otherwise be drawn, or filled with gaps without end.
fn keep_asked(points: &mut Vec<Point>, start: i64, end: i64) {
    let mut last = None;
    points.retain(|point| {
        let fits = (start..=end).contains(&point.t) && last.is_none_or(|last| point.t > last);
        if fits {
            last = Some(point.t);
        }
        fits
    });
}

/// The known series with the points of `start..=end` replaced by the new ones. Series whose labels
/// are the same (masking can make them so) are told apart by their order.
fn join(known: &[Series], new: Vec<Series>, start: i64, end: i64) -> Arc<[Series]> {
    let mut all: Vec<Series> = known.to_vec();
    let mut tails: Vec<Vec<Point>> = Vec::with_capacity(all.len());
    for series in &mut all {
        let first = series.points.partition_point(|point| point.t < start);
        let after = series.points.partition_point(|point| point.t <= end);
        tails.push(series.points[after..].to_vec());
        series.points.truncate(first);
    }
    let mut places: HashMap<Labels, VecDeque<usize>> = HashMap::new();
    for (at, series) in all.iter().enumerate() {
        places.entry(series.labels.clone()).or_default().push_back(at);
    }
    for series in new {
        match places.get_mut(&series.labels).and_then(VecDeque::pop_front) {
            Some(at) => all[at].points.extend(series.points),
            None => all.push(series),
        }
    }
    for (series, tail) in all.iter_mut().zip(tails) {
        series.points.extend(tail);
    }
    all.into()
}
