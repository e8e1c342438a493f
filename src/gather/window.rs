//! Which window an incident has, and which time before it was calm. Pure.

use chrono::TimeDelta;

use super::Order;
use super::alerts::{Seen, SeenAlert};
use crate::model::evidence::{Period, Symptom};
use crate::model::{Severity, Time};

/// Before the onset of the alert: rules wait some minutes before they fire, and their rates look back as long.
pub const LEAD_S: i64 = 10 * 60;
/// How far back alerts are looked at.
pub const REACH_S: i64 = 3 * 3600;
/// Longest window that is found by itself.
const LONGEST_S: i64 = 3600;
/// Between calm time and the window: what is measured over a minute reaches that far.
const GUARD_S: i64 = 60;
/// Shortest stretch that counts as calm time.
const SHORTEST_S: i64 = 4 * 60;
/// Calm time that is wanted at least, and at most.
const WANTED_S: (i64, i64) = (15 * 60, 30 * 60);

/// A window with its calm time.
#[derive(Clone, Debug, PartialEq)]
pub struct Spans {
    /// When it happened.
    pub window: Period,
    /// Calm time before.
    pub baselines: Vec<Period>,
    /// How that was found.
    pub calm: Calm,
    /// Since when the first of the alerts fires.
    pub onset: Option<Time>,
    /// What was noticed.
    pub symptom: Option<Symptom>,
}

/// How calm time was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Calm {
    /// Right before the window nothing fired that somebody must look at.
    Quiet,
    /// Something did; the calm time lies so many seconds before the window.
    Earlier(i64),
    /// Something fired all the time: what is right before the window stands for calm time.
    Nowhere,
    /// Nobody could say what fired: what is right before the window stands for calm time.
    Unknown,
}

/// Finds the window (unless somebody chose it) and calm time before it.
pub(super) fn choose(order: &Order, seen: &Seen) -> Spans {
    let leading = leading(order, seen);
    let window = order.window.unwrap_or_else(|| {
        let end = order.now;
        match leading {
            Some(alert) => {
                let start = alert.starts_at - TimeDelta::seconds(LEAD_S);
                Period { start, end: end.min(start + TimeDelta::seconds(LONGEST_S)).max(alert.starts_at) }
            }
            None => Period { start: end - TimeDelta::seconds(order.quiet_s), end },
        }
    });
    let within = |alert: &&SeenAlert| (window.start..=window.end).contains(&alert.starts_at);
    let leading = leading.filter(within).or_else(|| first(seen.news().filter(within)));
    let (baselines, calm) = calm(window, seen);
    let symptom = leading.map(|alert| Symptom {
        component: alert.component.clone().unwrap_or_default(),
        signal: alert.record.name.to_string(),
    });
    Spans { window, baselines, calm, onset: leading.map(|alert| alert.starts_at), symptom }
}

/// Of the alerts that fire now and did not always, the first of the worst.
fn leading<'s>(order: &Order, seen: &'s Seen) -> Option<&'s SeenAlert> {
    let now = order.window.map_or(order.now, |window| window.end);
    let firing =
        || seen.news().filter(|alert| alert.starts_at <= now && alert.ends_at.is_none_or(|end| end >= now));
    let urgent = |alert: &&SeenAlert| alert.severity <= Severity::High;
    first(firing().filter(urgent)).or_else(|| first(firing()))
}

fn first<'s>(alerts: impl Iterator<Item = &'s SeenAlert>) -> Option<&'s SeenAlert> {
    alerts.min_by(|a, b| (a.starts_at, &a.record.name).cmp(&(b.starts_at, &b.record.name)))
}

/// Calm time before a window: the latest stretches in which nothing fired that was news.
fn calm(window: Period, seen: &Seen) -> (Vec<Period>, Calm) {
    let seconds = TimeDelta::seconds;
    let wanted = (window.end - window.start).num_seconds().clamp(WANTED_S.0, WANTED_S.1);
    let end = window.start - seconds(GUARD_S);
    let right_before = Period { start: end - seconds(wanted), end };
    if !seen.known {
        return (vec![right_before], Calm::Unknown);
    }
    // What fires in the window began to go wrong before it fired.
    let lead = seconds(LEAD_S / 2);
    let mut trouble: Vec<Period> = seen
        .news()
        .filter(|alert| alert.starts_at < window.start)
        .map(|alert| Period { start: alert.starts_at - lead, end: alert.ends_at.unwrap_or(window.end) })
        .collect();
    trouble.sort_by_key(|one| std::cmp::Reverse(one.end));
    let earliest = window.start - seconds(REACH_S);
    let mut left = wanted;
    let mut calm: Vec<Period> = Vec::new();
    let mut until = end;
    let take = |from: Time, until: Time, left: &mut i64, calm: &mut Vec<Period>| {
        let from = from.max(earliest).max(until - seconds(*left));
        let length = (until - from).num_seconds();
        if length >= SHORTEST_S.min(*left) && length > 0 {
            calm.push(Period { start: from, end: until });
            *left -= length;
        }
    };
    for one in &trouble {
        if left <= 0 {
            break;
        }
        if one.end + seconds(GUARD_S) < until {
            take(one.end + seconds(GUARD_S), until, &mut left, &mut calm);
        }
        until = until.min(one.start);
    }
    if left > 0 {
        take(earliest, until, &mut left, &mut calm);
    }
    calm.sort();
    match calm.last() {
        None => (vec![right_before], Calm::Nowhere),
        Some(last) if last.end >= end => (calm, Calm::Quiet),
        Some(last) => {
            let before = (window.start - last.end).num_seconds();
            (calm, Calm::Earlier(before))
        }
    }
}

#[cfg(test)]
mod tests;
