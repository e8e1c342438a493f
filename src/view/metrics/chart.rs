//! Lines and areas: where each point stands on the value axis.

use super::{Scene, exemplar_unit};
use crate::explore::scale::{Place, Scale};
use crate::explore::stack;
use crate::model::{Labels, Series, Unit};
use crate::state::metrics::{self, Row};
use crate::view::series;
use crate::view::vm::{AreaVm, ExemplarVm, LineVm, MetricsChartVm, MetricsForm};

/// Powers of ten at the axis.
const POWERS: usize = 6;

/// The chart; what has to be known to read it right goes to `remarks`, what it is to `facts`.
pub(super) fn build(
    scene: &Scene<'_>,
    form: MetricsForm,
    facts: &mut Vec<String>,
    remarks: &mut Vec<String>,
) -> MetricsChartVm {
    let text = scene.state.setup.text.metrics;
    let ready = &scene.ready;
    let chosen = metrics::chosen(scene.state, &scene.key, &scene.query);
    let shown: Vec<(usize, &Row)> =
        ready.rows.iter().enumerate().filter(|(_, row)| scene.place.shows(&ready.of(row).labels)).collect();
    if shown.is_empty() {
        remarks.push(text.all_hidden.to_owned());
    }
    let (nans, infinite) =
        shown.iter().fold((0, 0), |sum, (_, row)| (sum.0 + row.figures.nans, sum.1 + row.figures.infinite));
    if nans + infinite > 0 {
        remarks.push((text.odd)(nans, infinite));
    }
    let is_chosen = |labels: &Labels| chosen.as_ref() == Some(labels);
    if form == MetricsForm::Stacked {
        return stacked(scene, &shown, &is_chosen);
    }
    let low = shown.iter().map(|(_, row)| row.figures.min).fold(f64::INFINITY, f64::min);
    let high = shown.iter().map(|(_, row)| row.figures.max).fold(f64::NEG_INFINITY, f64::max);
    let (scale, ticks) = match log_scale(scene, &shown) {
        Some(scale) => {
            facts.push(text.log.to_owned());
            (scale, scale.powers(POWERS))
        }
        None => {
            if scene.place.log {
                remarks.push(text.no_log.to_owned());
            }
            linear(low, high, ready.unit)
        }
    };
    let mut lines: Vec<LineVm> = shown
        .iter()
        .map(|(mark, row)| {
            let series = ready.of(row);
            line(series, *mark, is_chosen(&series.labels), scale, scene.span_ms)
        })
        .collect();
    if scale.log {
        let beyond = |line: &LineVm| line.beyond.iter().filter(|(_, above)| !above).count();
        let below: usize = lines.iter().map(beyond).sum();
        if below > 0 {
            remarks.push((text.below_log)(below));
        }
    }
    // What is drawn last lies on top.
    lines.sort_by_key(|line| line.chosen);
    let y_labels = labels(&ticks, scale, ready.unit);
    MetricsChartVm { y_labels, lines, areas: Vec::new(), exemplars: exemplars(scene, scale) }
}

/// The logarithmic scale, where it is asked for and something is above zero.
fn log_scale(scene: &Scene<'_>, shown: &[(usize, &Row)]) -> Option<Scale> {
    if !scene.place.log {
        return None;
    }
    let positive = |v: &f64| *v > 0.0 && v.is_finite();
    let values = || {
        shown
            .iter()
            .flat_map(|(_, row)| scene.ready.of(row).points.iter().map(|point| point.v))
            .filter(positive)
    };
    Scale::log(values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max))
}

/// A scale from zero keeps proportions honest.
fn linear(low: f64, high: f64, unit: Unit) -> (Scale, Vec<f64>) {
    let low = if low.is_finite() { low.min(0.0) } else { 0.0 };
    let high = if high.is_finite() { high.max(0.0) } else { low + 1.0 };
    let high = if high <= low { low + 1.0 } else { high };
    let (low, high, ticks) = series::scale(low, high, unit);
    (Scale { low, high, log: false }, ticks)
}

fn labels(ticks: &[f64], scale: Scale, unit: Unit) -> Vec<(f64, String)> {
    let place = |tick: &f64| match scale.place(*tick) {
        Place::On(share) => Some((share, unit.format(*tick))),
        _ => None,
    };
    ticks.iter().filter(|tick| **tick <= scale.high * (1.0 + 1e-9)).filter_map(place).collect()
}

fn line(series: &Series, mark: usize, chosen: bool, scale: Scale, span_ms: (i64, i64)) -> LineVm {
    let mut line = LineVm { mark, chosen, ..LineVm::default() };
    for point in series.points.iter().filter(|point| (span_ms.0..=span_ms.1).contains(&point.t)) {
        match scale.place(point.v) {
            Place::On(share) => line.points.push((point.t, share)),
            place => {
                line.points.push((point.t, f64::NAN));
                if place != Place::Nowhere {
                    line.beyond.push((point.t, place == Place::Above));
                }
            }
        }
    }
    line
}

fn stacked(
    scene: &Scene<'_>,
    shown: &[(usize, &Row)],
    is_chosen: &dyn Fn(&Labels) -> bool,
) -> MetricsChartVm {
    let ready = &scene.ready;
    let bands = stack::bands(shown.iter().map(|(_, row)| ready.of(row)));
    let high = bands.iter().flat_map(|band| band.0.iter().map(|(_, _, to)| *to)).fold(0.0, f64::max);
    let (scale, ticks) = linear(0.0, high, ready.unit);
    let share = |value: f64| match scale.place(value) {
        Place::On(share) => share,
        Place::Above => 1.0,
        Place::Below | Place::Nowhere => 0.0,
    };
    let area = |((mark, row), band): (&(usize, &Row), &stack::Band)| AreaVm {
        mark: *mark,
        chosen: is_chosen(&ready.of(row).labels),
        pieces: band
            .0
            .iter()
            .filter(|(t, _, _)| (scene.span_ms.0..=scene.span_ms.1).contains(t))
            .map(|(t, from, to)| (*t, share(*from), share(*to)))
            .collect(),
    };
    MetricsChartVm {
        y_labels: labels(&ticks, scale, ready.unit),
        lines: Vec::new(),
        areas: shown.iter().zip(&bands).map(area).collect(),
        exemplars: exemplars(scene, scale),
    }
}

/// Exemplars stand at their value where the axis measures the same, else at its bottom.
fn exemplars(scene: &Scene<'_>, scale: Scale) -> Vec<ExemplarVm> {
    if !scene.place.exemplars {
        return Vec::new();
    }
    let chosen = metrics::chosen_exemplar(scene.state, &scene.query);
    let all = metrics::exemplars(scene.state, &scene.query).iter().enumerate();
    all.filter(|(_, one)| (scene.span_ms.0..=scene.span_ms.1).contains(&one.at.timestamp_millis()))
        .map(|(at, one)| {
            let same = exemplar_unit(scene, one.series.metric_name()) == scene.ready.unit;
            let place = match scale.place(one.value) {
                Place::On(share) if same => share,
                Place::Above if same => 1.0,
                _ => 0.0,
            };
            ExemplarVm { t: one.at.timestamp_millis(), place, chosen: chosen == Some(at) }
        })
        .collect()
}
