//! The series as a list with their figures.

use super::{Scene, number};
use crate::explore::series::{self, At};
use crate::explore::unit;
use crate::state::metrics::{self, Sort};
use crate::view::vm::{LegendRowVm, LegendVm};

/// The list.
pub(super) fn build(scene: &Scene<'_>) -> LegendVm {
    let (state, place, ready) = (scene.state, scene.place, &scene.ready);
    let text = state.setup.text.metrics;
    let order = metrics::order(place, ready);
    let height = metrics::list_height(state, &scene.key);
    let cursor = place.cursor.min(order.len().saturating_sub(1));
    let offset = place
        .offset
        .min(order.len().saturating_sub(height))
        .clamp((cursor + 1).saturating_sub(height), cursor);
    let at_cursor = scene.cursor.map(|moment| {
        move |row: &metrics::Row| match series::at(ready.of(row), moment, scene.step_ms) {
            At::Value(value) => number(ready.unit, value),
            At::Gap => text.gap.to_owned(),
        }
    });
    let row = |at: &usize| {
        let row = &ready.rows[*at];
        let figures = &row.figures;
        let own =
            [figures.last, figures.min, figures.max, figures.mean].map(|value| number(ready.unit, value));
        LegendRowVm {
            mark: *at,
            name: row.name.clone(),
            shown: place.shows(&ready.of(row).labels),
            figures: at_cursor.iter().map(|at| at(row)).chain(own).collect(),
        }
    };
    let rows: Vec<LegendRowVm> = order.iter().skip(offset).take(height).map(row).collect();
    let heads = scene.cursor.map(|at| super::moment(state, at));
    let extra = usize::from(heads.is_some());
    let shown = ready.rows.iter().filter(|row| place.shows(&ready.of(row).labels)).count();
    let sorted = match place.sort {
        Sort::Name => None,
        Sort::Last => Some(0),
        Sort::Min => Some(1),
        Sort::Max => Some(2),
        Sort::Mean => Some(3),
    };
    LegendVm {
        title: (text.series)(ready.rows.len() + ready.omitted, shown),
        order: (text.sorted)(place.sort, place.reversed),
        about: about(scene, order.get(cursor)),
        heads: heads.into_iter().chain(text.heads.map(str::to_owned)).collect(),
        sorted: sorted.map(|at| at + extra),
        reversed: place.reversed,
        cursor: (!rows.is_empty()).then_some(cursor - offset),
        rows,
        total: order.len(),
        offset,
        lines: height as u16,
    }
}

/// What the server tells of the metric under the cursor, or of the first that the query reads.
fn about(scene: &Scene<'_>, at: Option<&usize>) -> String {
    let ready = &scene.ready;
    let own = at.map_or("", |at| ready.of(&ready.rows[*at]).labels.metric_name());
    let name = if own.is_empty() { ready.about.metrics.first().map_or("", String::as_str) } else { own };
    match unit::about(name, metrics::metadata(scene.state)) {
        Some(meta) => (scene.state.setup.text.metrics.about)(name, &meta.kind, &meta.help),
        None => name.to_owned(),
    }
}
