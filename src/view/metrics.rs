//! The metrics view as data.

mod chart;
mod heat;
mod legend;
mod table;

use std::sync::Arc;

use chrono::DateTime;

use super::vm::{AxisVm, MetricsBody, MetricsForm, MetricsVm, PaneState};
use super::{clock, pane, status};
use crate::command::CommandId;
use crate::explore::about::{About, Shape};
use crate::explore::series;
use crate::model::ask::Key;
use crate::model::{Fault, FaultKind, SourceId, Unit, duration};
use crate::state::State;
use crate::state::metrics::{self, MetricsPlace, Ready};
use crate::store::Remote;

/// What the parts of the view are built from.
struct Scene<'s> {
    state: &'s State,
    key: Arc<str>,
    query: Arc<str>,
    place: &'s MetricsPlace,
    ready: Arc<Ready>,
    span_ms: (i64, i64),
    step_ms: i64,
    /// The time cursor, where it lies within the window.
    cursor: Option<i64>,
}

/// The view of a query.
pub fn build(state: &State, query: &str) -> MetricsVm {
    let key: Arc<str> = query.into();
    let text = state.setup.text.metrics;
    let Some(query) = metrics::query_of(state, &key) else {
        let keys = state.setup.keymap.keys_for(&state.view_modes(), CommandId::QueryEdit);
        let lines = (text.no_query)(keys.first().map_or("", String::as_str));
        let body = MetricsBody::Empty(lines.to_vec());
        return MetricsVm {
            title: text.title.to_owned(),
            state: PaneState::NoData,
            body,
            ..MetricsVm::default()
        };
    };
    let place = metrics::place(state, &key);
    let vm = MetricsVm { query: query.to_string(), title: title(state, &query), ..frame(state, &query) };
    match About::of(&query).shape {
        Shape::Text(words) => return without(vm, PaneState::Ready, &(text.is_text)(&words)),
        Shape::Samples => return without(vm, PaneState::NoData, &(text.is_samples)(&query)),
        Shape::Vector | Shape::Scalar => {}
    }
    let history = state.shown().ranges.get(&(query.clone(), state.step_s()));
    let ready = metrics::ready(state, &key, &query);
    let empty = ready.as_ref().is_none_or(|ready| ready.rows.is_empty());
    let remote = history.map(|history| &history.remote);
    let status = status::of(state, remote, &SourceId::PROMETHEUS, state.step_s(), empty);
    let vm = MetricsVm { state: status.state, note: status.note, ..vm };
    let fault = remote.and_then(Remote::last_fault);
    if place.form == MetricsForm::Table && !fault.is_some_and(|fault| fault.kind == FaultKind::BadQuery) {
        return table::build(state, &key, &place, &query, vm);
    }
    let Some(ready) = ready.filter(|ready| !ready.rows.is_empty()) else {
        return nothing(state, &query, vm, fault, status.message);
    };
    let scene = Scene {
        state,
        key,
        place: &place,
        ready,
        span_ms: vm.axis.span_ms,
        step_ms: vm.axis.step_ms,
        cursor: vm.axis.cursor,
        query,
    };
    drawn(&scene, vm)
}

/// Window, time axis, cursor: what does not depend on the answer, but for where its last step lies.
fn frame(state: &State, query: &Arc<str>) -> MetricsVm {
    let history = state.shown().ranges.get(&(query.clone(), state.step_s()));
    let span_ms = pane::span_ms(state, history);
    let inside = |at: &i64| (span_ms.0..=span_ms.1).contains(at);
    let cursor = state.axis.cursor.map(|at| at.timestamp_millis().clamp(span_ms.0, span_ms.1));
    let brush = state.axis.mark.map(|at| at.timestamp_millis()).zip(cursor);
    let label = |share: i64| {
        let at = span_ms.0 + (span_ms.1 - span_ms.0) * share / 4;
        DateTime::from_timestamp_millis(at).map_or_else(String::new, |at| clock::near(state, at))
    };
    let axis = AxisVm {
        span_ms,
        step_ms: i64::from(state.step_s()) * 1000,
        cursor: cursor.filter(inside),
        brush: brush.map(|(mark, at)| (mark.min(at).max(span_ms.0), mark.max(at).min(span_ms.1))),
        labels: (0..=4).map(label).collect(),
        note: cursor.map_or_else(String::new, |at| moment(state, at)),
        ..AxisVm::default()
    };
    MetricsVm { axis, ..MetricsVm::default() }
}

/// A moment to the second.
fn moment(state: &State, ms: i64) -> String {
    DateTime::from_timestamp_millis(ms).map_or_else(String::new, |at| clock::format(state, at, "%H:%M:%S"))
}

/// The title of the ready query that this is, else the common one.
fn title(state: &State, query: &Arc<str>) -> String {
    let ready = state.setup.pack.explore.metrics.iter().find(|ready| *ready.query == **query);
    ready.map_or_else(|| state.setup.text.metrics.title.to_owned(), |ready| ready.title.clone())
}

fn without(vm: MetricsVm, state: PaneState, lines: &[String]) -> MetricsVm {
    MetricsVm { state, body: MetricsBody::Empty(lines.to_vec()), ..vm }
}

/// Why no series is there, and what may help.
fn nothing(
    state: &State,
    query: &Arc<str>,
    vm: MetricsVm,
    fault: Option<&Fault>,
    words: String,
) -> MetricsVm {
    let text = state.setup.text.metrics;
    if let Some(fault) = fault.filter(|fault| fault.kind == FaultKind::BadQuery) {
        let words = status::words(state, fault);
        let caret = position(&words, query);
        let vm = MetricsVm { caret, note: text.refused.to_owned(), ..vm };
        return without(vm, PaneState::Failed, &[text.refused.to_owned(), words]);
    }
    if vm.state != PaneState::NoData {
        let state = vm.state;
        return without(vm, state, &[words]);
    }
    let now = state.shown_now();
    let (start, end) = (state.window.start(now), state.window.end(now));
    let mut lines = vec![(text.no_series)(&clock::near(state, start), &clock::near(state, end))];
    let names = state.shown().names.get(&Some("__name__".into())).and_then(Remote::value);
    if let Some(names) = names {
        for metric in About::of(query).metrics.iter().take(3) {
            if names.iter().any(|name| **name == **metric) {
                lines.push((text.no_match)(metric));
            } else {
                let near = series::nearest(metric, names.iter().map(|name| &**name));
                lines.push((text.no_metric)(metric, near));
            }
        }
    }
    without(vm, PaneState::NoData, &lines)
}

/// The character that the server's words point at: `1:7: parse error: …` is the seventh of the first line.
fn position(words: &str, query: &str) -> Option<usize> {
    let before = &words[..words.find(": parse error")?];
    let start = before.rfind(|c: char| !c.is_ascii_digit() && c != ':').map_or(0, |at| at + 1);
    let (line, column) = before.get(start..)?.split_once(':')?;
    let (line, column): (usize, usize) = (line.parse().ok()?, column.parse().ok()?);
    let begun: usize =
        query.split('\n').take(line.checked_sub(1)?).map(|line| line.chars().count() + 1).sum();
    let at = begun + column.checked_sub(1)?;
    (at <= query.chars().count()).then_some(at)
}

fn drawn(scene: &Scene<'_>, vm: MetricsVm) -> MetricsVm {
    let text = scene.state.setup.text.metrics;
    let wanted = scene.place.form;
    let unfit = metrics::unfit(wanted, &scene.query, &scene.ready);
    let form = if unfit.is_some() { MetricsForm::Lines } else { wanted };
    let mut remarks: Vec<String> = unfit.map(|why| (text.unfit)(why)).into_iter().collect();
    let mut facts = vec![(text.form)(form).to_owned()];
    let (body, legend) = match form {
        MetricsForm::Heatmap => (heat::build(scene, &mut facts, &mut remarks), None),
        _ => {
            let body = chart::build(scene, form, &mut facts, &mut remarks);
            (MetricsBody::Chart(body), Some(legend::build(scene)))
        }
    };
    facts.insert(1, (text.step)(&duration::format(scene.step_ms / 1000)));
    if scene.ready.omitted > 0 {
        remarks.push((text.omitted)(scene.ready.rows.len(), scene.ready.omitted));
    }
    let exemplar = if scene.place.exemplars { exemplar(scene) } else { String::new() };
    MetricsVm { facts: facts.join(" · "), remarks, body, legend, exemplar, ..vm }
}

/// The exemplar that Enter opens, in words; else why there is none.
fn exemplar(scene: &Scene<'_>) -> String {
    let (state, text) = (scene.state, scene.state.setup.text.metrics);
    let all = metrics::exemplars(state, &scene.query);
    if let Some(one) = metrics::chosen_exemplar(state, &scene.query).and_then(|at| all.get(at)) {
        let trace = one.trace.map_or_else(String::new, |id| id.to_string());
        let labels = one.labels.iter().filter(|(_, value)| *value != trace);
        let labels: Vec<String> = labels.map(|(name, value)| format!("{name}={value}")).collect();
        let unit = exemplar_unit(scene, one.series.metric_name());
        let at = moment(state, one.at.timestamp_millis());
        return (text.exemplar)(&trace, &number(unit, one.value), &labels.join(" "), &at, all.len());
    }
    let remote = state.shown().explored(&Key::Exemplars(scene.query.clone()));
    let status = status::of(state, remote, &SourceId::PROMETHEUS, state.step_s(), false);
    match status.state {
        PaneState::Ready if all.is_empty() => text.no_exemplars.to_owned(),
        PaneState::Ready => (text.no_trace)(all.len()),
        _ => (text.exemplars_failed)(&status.note),
    }
}

/// What an exemplar's value measures: what its histogram observes.
fn exemplar_unit(scene: &Scene<'_>, metric: &str) -> Unit {
    let observed = metric.strip_suffix("_bucket").unwrap_or(metric).to_owned();
    let measure = crate::explore::about::Measure::Of(observed);
    crate::explore::unit::of(&measure, metrics::metadata(scene.state))
}

/// A value in its unit; what is no number says so.
fn number(unit: Unit, value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    unit.format(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_server_s_position_is_found() {
        let query = "sum(\n  rate(x[5m]) by";
        assert_eq!(position("invalid parameter \"query\": 1:5: parse error: unexpected", query), Some(4));
        assert_eq!(position("2:3: parse error: unexpected", query), Some(7));
        assert_eq!(position("9:3: parse error: unexpected", query), None);
        assert_eq!(position("bad_data: 0:0: parse error: x", query), None);
        assert_eq!(position("many-to-many matching not allowed", query), None);
    }

    #[test]
    fn numbers_say_what_they_are_not() {
        assert_eq!(number(Unit::Seconds, 0.25), "250ms");
        assert_eq!(number(Unit::Seconds, f64::NAN), "NaN");
        assert_eq!(number(Unit::None, f64::NEG_INFINITY), "-Inf");
    }
}
