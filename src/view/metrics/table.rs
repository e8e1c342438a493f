//! The values of one moment as a table.

use std::sync::Arc;

use super::{nothing, number};
use crate::explore::about::About;
use crate::explore::unit;
use crate::model::SourceId;
use crate::state::State;
use crate::state::metrics::{self, MetricsPlace};
use crate::store::Remote;
use crate::view::vm::{MetricsBody, MetricsForm, MetricsTableVm, MetricsVm, PaneState};
use crate::view::{clock, status};

/// The view with the table in it.
pub(super) fn build(
    state: &State,
    key: &Arc<str>,
    place: &MetricsPlace,
    query: &Arc<str>,
    vm: MetricsVm,
) -> MetricsVm {
    let text = state.setup.text.metrics;
    let remote = state.shown().instants.get(query);
    let samples = metrics::samples(state, place, query);
    let status = status::of(state, remote, &SourceId::PROMETHEUS, state.interval_s(), samples.is_empty());
    let vm = MetricsVm { state: status.state, note: status.note, ..vm };
    if samples.is_empty() {
        return nothing(state, query, vm, remote.and_then(Remote::last_fault), status.message);
    }
    let columns = metrics::columns(&samples);
    let unit = unit::of(&About::of(query).measure, metrics::metadata(state));
    let height = metrics::list_height(state, key);
    let cursor = place.cursor.min(samples.len() - 1);
    let offset = place.offset.min(samples.len().saturating_sub(height));
    let offset = offset.clamp((cursor + 1).saturating_sub(height), cursor);
    let rows: Vec<_> = samples
        .iter()
        .skip(offset)
        .take(height)
        .map(|sample| {
            let cells = columns.iter().map(|name| sample.labels.get(name).unwrap_or("").to_owned());
            (cells.collect(), number(unit, sample.value), raw(sample.value))
        })
        .collect();
    let at = remote.and_then(Remote::evaluated_at).map(|at| clock::full(state, at));
    let facts = [Some((text.form)(MetricsForm::Table).to_owned()), at.map(|at| (text.query.at)(&at))];
    let table = MetricsTableVm {
        sorted: place.column,
        reversed: place.reversed,
        value: text.value.to_owned(),
        cursor: Some(cursor - offset),
        total: samples.len(),
        columns,
        rows,
        offset,
    };
    let facts = facts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let state = if status.state == PaneState::NoData { PaneState::Ready } else { status.state };
    MetricsVm { state, facts, body: MetricsBody::Table(table), ..vm }
}

/// The value as the server said it.
fn raw(value: f64) -> String {
    if value.is_finite() { value.to_string() } else { number(crate::model::Unit::None, value) }
}
