//! Signals on one time axis: alerts, the series that moved, lines by level, slow and failed traces, changes.

use std::collections::BTreeMap;

use super::events::{is_grave, is_warning};
use super::{Analysis, Goal, Signal};
use crate::model::evidence::{Evidence, Period, SeriesRecord};
use crate::model::{Point, SpanStatus, Time};

/// Steps of a lane that counts.
const STEPS: i64 = 120;
/// Series besides those that the analysis names.
const MOVED: usize = 12;
/// Lanes of alerts.
const ALERTS: usize = 4;
/// Series in all.
const SERIES: usize = 24;

/// What a lane shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LaneKind {
    /// Stretches in which alerts fire.
    Alerts,
    /// Moments at which something was changed.
    Changes,
    /// A series.
    Series,
    /// Lines that say error or worse, by step.
    Errors,
    /// Lines that warn.
    Warnings,
    /// All other lines.
    Lines,
    /// Traces that failed.
    Failed,
    /// Traces that are slower than nearly all in calm time.
    Slow,
}

/// One lane.
#[derive(Clone, Debug, PartialEq)]
pub struct Lane {
    /// What it shows.
    pub kind: LaneKind,
    /// Where; empty where it is of all.
    pub component: String,
    /// What the series is called.
    pub name: String,
    /// Its values; of a lane that counts, per step.
    pub points: Vec<Point>,
    /// Milliseconds between two of them.
    pub step_ms: i64,
    /// Stretches or moments, unix milliseconds, for lanes of such.
    pub stretches: Vec<(i64, i64)>,
    /// Since when it is not as usual.
    pub onset: Option<i64>,
    /// Whether a likely cause rests on it.
    pub of_cause: bool,
    /// Whether the person added it.
    pub pinned: bool,
    /// Where it is seen in full.
    pub goal: Goal,
}

/// All lanes, in the order in which they stand under each other.
pub(super) fn of(evidence: &Evidence, analysis: &Analysis) -> Vec<Lane> {
    let mut lanes = Vec::new();
    let manifest = &evidence.manifest;
    let periods = || manifest.baselines.iter().chain([&manifest.window]);
    let first = periods().map(|one| one.start).min().unwrap_or(manifest.window.start);
    let span = Period { start: first, end: manifest.window.end };
    let step_ms = ((span.end - span.start).num_milliseconds() / STEPS).max(1000);
    lanes.extend(alerts(evidence, span, step_ms));
    let moments = evidence.changes.iter().map(|change| (ms(change.at), ms(change.at))).collect();
    lanes.push(Lane { stretches: moments, ..plain(LaneKind::Changes, step_ms) });
    // What moved without being named comes after all that speaks for itself.
    let (named, moved): (Vec<Lane>, Vec<Lane>) =
        series(evidence, analysis).into_iter().partition(|lane| lane.of_cause);
    lanes.extend(named);
    lanes.extend(lines(evidence, span, step_ms));
    lanes.extend(traces(evidence, span, step_ms));
    lanes.extend(moved);
    lanes.retain(|lane| !lane.points.is_empty() || matches!(lane.kind, LaneKind::Alerts | LaneKind::Changes));
    lanes
}

/// A lane for each alert, by its first moment; where there are many of them the later ones share one.
fn alerts(evidence: &Evidence, span: Period, step_ms: i64) -> Vec<Lane> {
    let mut by_name: BTreeMap<&str, Vec<(i64, i64)>> = BTreeMap::new();
    for alert in &evidence.alerts {
        let stretch = (ms(alert.starts_at), ms(alert.ends_at.unwrap_or(span.end)));
        // What ended before the axis begins would be an empty lane.
        if stretch.1 >= ms(span.start) {
            by_name.entry(&alert.name).or_default().push(stretch);
        }
    }
    let mut all: Vec<(&str, Vec<(i64, i64)>)> = by_name.into_iter().collect();
    for (_, stretches) in &mut all {
        stretches.sort_unstable();
    }
    all.sort_by_key(|(name, stretches)| (stretches.first().copied(), *name));
    let lane = |name: &str, stretches| Lane {
        name: name.to_owned(),
        stretches,
        goal: Goal::Alerts,
        ..plain(LaneKind::Alerts, step_ms)
    };
    let shared: Vec<(i64, i64)> = match all.len() {
        0 => return vec![lane("", Vec::new())],
        count if count > ALERTS => all.split_off(ALERTS - 1).into_iter().flat_map(|(_, list)| list).collect(),
        _ => Vec::new(),
    };
    let mut lanes: Vec<Lane> = all.into_iter().map(|(name, stretches)| lane(name, stretches)).collect();
    lanes.extend((!shared.is_empty()).then(|| lane("", shared)));
    lanes
}

/// A lane of a series that the person added from another view.
pub fn pinned(name: &str, component: &str, points: Vec<Point>, step_ms: i64, goal: Goal) -> Lane {
    Lane {
        name: name.to_owned(),
        component: component.to_owned(),
        points,
        pinned: true,
        goal,
        ..plain(LaneKind::Series, step_ms)
    }
}

fn plain(kind: LaneKind, step_ms: i64) -> Lane {
    Lane {
        kind,
        component: String::new(),
        name: String::new(),
        points: Vec::new(),
        step_ms,
        stretches: Vec::new(),
        onset: None,
        of_cause: false,
        pinned: false,
        goal: Goal::Moment,
    }
}

fn ms(at: Time) -> i64 {
    at.timestamp_millis()
}

/// The series that the analysis rests on, then those that moved most.
fn series(evidence: &Evidence, analysis: &Analysis) -> Vec<Lane> {
    let manifest = &evidence.manifest;
    let mut lanes: Vec<Lane> = Vec::new();
    let mut taken: Vec<usize> = Vec::new();
    for cause in &analysis.causes {
        for piece in cause.evidence.iter().filter(|piece| piece.signal == Signal::Metric) {
            let named = |one: &SeriesRecord| {
                one.labels.get("service") == Some(&cause.component) && piece.summary.contains(&*one.name)
            };
            let found =
                evidence.series.iter().enumerate().find(|(at, one)| !taken.contains(at) && named(one));
            if let Some((at, one)) = found
                && lanes.len() < SERIES
            {
                taken.push(at);
                let onset = piece.at.or(cause.onset).map(ms);
                lanes.push(Lane { onset, of_cause: true, goal: piece.goal.clone(), ..lane(one) });
            }
        }
    }
    let mut moved: Vec<(f64, usize)> = evidence
        .series
        .iter()
        .enumerate()
        .filter(|(at, _)| !taken.contains(at))
        .map(|(at, one)| (shift(one, &manifest.window, &manifest.baselines), at))
        .filter(|(shift, _)| *shift > 3.0)
        .collect();
    moved.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let room = SERIES.saturating_sub(lanes.len()).min(MOVED);
    lanes.extend(moved.into_iter().take(room).filter_map(|(_, at)| evidence.series.get(at)).map(lane));
    lanes
}

/// A series as a lane.
fn lane(one: &SeriesRecord) -> Lane {
    let points: Vec<Point> = one
        .samples
        .iter()
        .filter_map(|(at, value)| Some(Point { t: (at * 1000.0) as i64, v: (*value)? }))
        .collect();
    let mut steps: Vec<i64> = points.windows(2).map(|pair| pair[1].t - pair[0].t).collect();
    steps.sort_unstable();
    let step_ms = steps.get(steps.len() / 2).copied().unwrap_or(15_000).max(1);
    let component = one.labels.get("service").unwrap_or_default().to_owned();
    let own: Vec<&str> = one
        .labels
        .iter()
        .filter(|(name, _)| !matches!(*name, "service" | "job" | "instance"))
        .map(|(_, v)| v)
        .collect();
    let name = if own.is_empty() { one.name.to_string() } else { format!("{} {}", one.name, own.join(" ")) };
    let goal = Goal::Metrics(format!("{}{}", one.name, one.labels).into());
    Lane { component, name, points, goal, ..plain(LaneKind::Series, step_ms) }
}

/// How far the end of the window lies from calm time, in spreads of calm time.
fn shift(one: &SeriesRecord, window: &Period, calm: &[Period]) -> f64 {
    let seconds = |at: Time| at.timestamp_millis() as f64 / 1000.0;
    let within = |period: &Period| {
        let (from, to) = (seconds(period.start), seconds(period.end));
        one.samples.iter().filter(move |(at, _)| (from..=to).contains(at)).filter_map(|(_, value)| *value)
    };
    let mut usual: Vec<f64> = calm.iter().flat_map(within).filter(|value| value.is_finite()).collect();
    let now: Vec<f64> = within(window).filter(|value| value.is_finite()).collect();
    if usual.len() < 5 || now.len() < 3 {
        return 0.0;
    }
    let middle = median(&mut usual);
    let mut away: Vec<f64> = usual.iter().map(|value| (value - middle).abs()).collect();
    let spread = (1.4826 * median(&mut away)).max(middle.abs() * 0.05).max(1e-9);
    // The worst quarter of the window: it may have begun late.
    let mut far: Vec<f64> = now.iter().map(|value| (value - middle).abs() / spread).collect();
    far.sort_by(f64::total_cmp);
    far.get(far.len() * 7 / 8).copied().unwrap_or(0.0)
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

/// How many fall into each step. Where evidence was gathered and nothing came stands a zero; elsewhere nothing.
fn counted(
    evidence: &Evidence,
    span: Period,
    step_ms: i64,
    moments: impl Iterator<Item = i64>,
) -> Vec<Point> {
    let manifest = &evidence.manifest;
    let start = ms(span.start);
    let mut counts: BTreeMap<i64, f64> = BTreeMap::new();
    for period in manifest.baselines.iter().chain([&manifest.window]) {
        let (from, to) = ((ms(period.start) - start) / step_ms, (ms(period.end) - start) / step_ms);
        for step in from..=to {
            counts.entry(step).or_insert(0.0);
        }
    }
    let mut any = false;
    for at in moments {
        if let Some(count) = counts.get_mut(&((at - start) / step_ms)) {
            *count += 1.0;
            any = true;
        }
    }
    if !any {
        return Vec::new();
    }
    counts.into_iter().map(|(step, v)| Point { t: start + step * step_ms, v }).collect()
}

fn lines(evidence: &Evidence, span: Period, step_ms: i64) -> Vec<Lane> {
    let of = |kind: LaneKind, wanted: fn(&str) -> bool| {
        let lines =
            evidence.logs.iter().filter(move |one| wanted(one.labels.get("level").unwrap_or_default()));
        let points = counted(evidence, span, step_ms, lines.map(|one| one.ts / 1_000_000));
        Lane { points, ..plain(kind, step_ms) }
    };
    vec![
        of(LaneKind::Errors, is_grave),
        of(LaneKind::Warnings, is_warning),
        of(LaneKind::Lines, |level| !is_grave(level) && !is_warning(level)),
    ]
}

fn traces(evidence: &Evidence, span: Period, step_ms: i64) -> Vec<Lane> {
    let roots = || evidence.spans.iter().filter(|one| one.parent_id.is_none());
    let failed = roots().filter(|one| one.status == SpanStatus::Error).map(|one| one.start / 1_000_000);
    let failed = counted(evidence, span, step_ms, failed);
    // Slow is what nineteen in twenty of the same operation were not in calm time.
    let calm = |at: i64| {
        evidence.manifest.baselines.iter().any(|period| {
            let (from, to) = period.nanos();
            (from..=to).contains(&at)
        })
    };
    let mut usual: BTreeMap<(&str, &str), Vec<u64>> = BTreeMap::new();
    for one in roots().filter(|one| calm(one.start)) {
        usual.entry((&one.service, &one.name)).or_default().push(one.duration);
    }
    for durations in usual.values_mut() {
        durations.sort_unstable();
    }
    let is_slow = |service: &str, name: &str, duration: u64| {
        usual
            .get(&(service, name))
            .filter(|all| all.len() >= 10)
            .and_then(|all| all.get(all.len() * 19 / 20))
            .is_some_and(|mark| duration > *mark)
    };
    let slow =
        roots().filter(|one| is_slow(&one.service, &one.name, one.duration)).map(|one| one.start / 1_000_000);
    let slow = counted(evidence, span, step_ms, slow);
    vec![
        Lane { points: failed, ..plain(LaneKind::Failed, step_ms) },
        Lane { points: slow, ..plain(LaneKind::Slow, step_ms) },
    ]
}
