//! A histogram over time, by shade.

use super::{Scene, exemplar_unit, moment, number};
use crate::explore::about::About;
use crate::explore::heatmap::{self, Heatmap};
use crate::model::{Series, Unit};
use crate::state::metrics;
use crate::view::status;
use crate::view::vm::{HeatmapVm, MetricsBody, PaneState};

/// Shades between nothing and the most.
pub(super) const SHADES: usize = 4;

/// The heatmap of the query's buckets, or of those behind it.
pub(super) fn build(scene: &Scene<'_>, facts: &mut Vec<String>, remarks: &mut Vec<String>) -> MetricsBody {
    let state = scene.state;
    let text = state.setup.text.metrics;
    let Some(query) = metrics::bucket_query(&scene.query, &scene.ready.about, Some(&scene.ready)) else {
        return MetricsBody::Empty(Vec::new());
    };
    let own = query == scene.query;
    let (about, all): (About, &[Series]) = if own {
        (scene.ready.about.clone(), &scene.ready.series)
    } else {
        facts.push((text.heat_query)(&query));
        let remote =
            state.shown().ranges.get(&(query.clone(), state.step_s())).map(|history| &history.remote);
        let empty = remote.and_then(|remote| remote.value()).is_none_or(|all| all.is_empty());
        let source = crate::model::SourceId::PROMETHEUS;
        let status = status::of(state, remote, &source, state.step_s(), empty);
        let Some(all) = remote.and_then(|remote| remote.value()).filter(|_| !empty) else {
            return MetricsBody::Empty(vec![status.message]);
        };
        if status.state != PaneState::Ready {
            remarks.push(status.note);
        }
        (About::of(&query), all)
    };
    // A bucket that is hidden in the list still holds what those above it are counted from.
    let mut heat = heatmap::of(all.iter(), about.grows, scene.step_ms);
    heat.columns.retain(|(t, _)| (scene.span_ms.0..=scene.span_ms.1).contains(t));
    if heat.groups > 1 {
        facts.push((text.heat)(heat.groups));
    }
    if heat.broken > 0 {
        remarks.push((text.heat_broken)(heat.broken));
    }
    let unit = if about.per_second { Unit::PerSecond } else { Unit::Count };
    MetricsBody::Heatmap(vm(scene, &heat, &about, unit))
}

fn vm(scene: &Scene<'_>, heat: &Heatmap, about: &About, unit: Unit) -> HeatmapVm {
    let text = scene.state.setup.text.metrics;
    let bound_unit = exemplar_unit(scene, about.metrics.first().map_or("", String::as_str));
    let name = |at: usize| {
        let written = |at: usize| bound_unit.format(heat.bounds[at]);
        let below = at.checked_sub(1).map(written);
        (text.bucket)(below.as_deref(), &written(at))
    };
    let most = if heat.most > 0.0 { heat.most } else { 1.0 };
    let columns = heat.columns.iter().map(|(t, cells)| (*t, cells.iter().map(|v| v / most).collect()));
    let at = |moment: i64| heat.columns.iter().min_by_key(|(t, _)| t.abs_diff(moment));
    let column = match scene.cursor {
        Some(cursor) => at(cursor).filter(|(t, _)| t.abs_diff(cursor) * 2 <= scene.step_ms.unsigned_abs()),
        None => heat.columns.last(),
    };
    let cut = column.map(|(t, cells)| {
        let largest =
            cells.iter().copied().filter(|v| v.is_finite()).fold(0.0, f64::max).max(f64::MIN_POSITIVE);
        let cells = cells
            .iter()
            .map(|v| (v / largest, if v.is_nan() { text.gap.to_owned() } else { number(unit, *v) }));
        (moment(scene.state, *t), cells.collect())
    });
    HeatmapVm {
        rows: (0..heat.bounds.len()).map(name).collect(),
        columns: columns.collect(),
        // The shades' upper ends, as the drawing takes them: by the root, so that the few among the many show.
        shades: (1..=SHADES).map(|at| number(unit, most * (at as f64 / SHADES as f64).powi(2))).collect(),
        cut,
        exemplars: exemplars(scene, heat),
    }
}

fn exemplars(scene: &Scene<'_>, heat: &Heatmap) -> Vec<(i64, usize, bool)> {
    if !scene.place.exemplars {
        return Vec::new();
    }
    let chosen = metrics::chosen_exemplar(scene.state, &scene.query);
    let all = metrics::exemplars(scene.state, &scene.query).iter().enumerate();
    all.filter(|(_, one)| (scene.span_ms.0..=scene.span_ms.1).contains(&one.at.timestamp_millis()))
        .filter_map(|(at, one)| {
            Some((one.at.timestamp_millis(), heat.bucket_of(one.value)?, chosen == Some(at)))
        })
        .collect()
}
