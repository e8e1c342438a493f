//! State of the metrics view: how a query's series are drawn, and what of them is in sight.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::TimeDelta;

use super::{Focus, State, View};
use crate::explore::about::{About, Adds, Shape};
use crate::explore::series::{self, Figures};
use crate::explore::stack::{self, Refusal};
use crate::explore::{heatmap, unit};
use crate::model::ask::{Answer, Key, MetricMeta};
use crate::model::{Exemplar, Labels, Sample, Series, SourceId, Time, Unit};
pub use crate::view::vm::{MetricsForm as Form, MetricsSort as Sort, Unfit};

/// Where the person is in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MetricsPlace {
    /// Cursor: an index into what is listed.
    pub cursor: usize,
    /// First line in sight.
    pub offset: usize,
    /// Labels of what is under the cursor, so that it stays there when others come and go.
    pub chosen: Option<Labels>,
    /// How series are drawn.
    pub form: Form,
    /// Whether on a logarithmic scale.
    pub log: bool,
    /// Whether exemplars are shown.
    pub exemplars: bool,
    /// Series that are hidden.
    pub hidden: BTreeSet<Labels>,
    /// The one series that is shown; `None` shows all that are not hidden.
    pub only: Option<Labels>,
    /// What the list is sorted by.
    pub sort: Sort,
    /// Column that the table is sorted by; `None` is its value.
    pub column: Option<usize>,
    /// Whether the order is reversed.
    pub reversed: bool,
    /// What was made of the last answer.
    pub ready: Option<Arc<Ready>>,
}

impl MetricsPlace {
    /// Whether a series is in sight.
    pub fn shows(&self, labels: &Labels) -> bool {
        match &self.only {
            Some(only) => only == labels,
            None => !self.hidden.contains(labels),
        }
    }
}

/// What is made of an answer once, so that a frame only reads it.
#[derive(Clone, Debug, PartialEq)]
pub struct Ready {
    /// The answer.
    pub series: Arc<[Series]>,
    /// The series that are listed and drawn, in order of their labels.
    pub rows: Vec<Row>,
    /// Series that are not: there are too many.
    pub omitted: usize,
    /// Series without a single point.
    pub empty: usize,
    /// What the query is.
    pub about: About,
    /// Unit of the values.
    pub unit: Unit,
}

/// A series that is listed.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its index in the answer.
    pub at: usize,
    /// Its name.
    pub name: String,
    /// Its figures.
    pub figures: Figures,
}

impl Ready {
    /// Makes it of an answer.
    pub fn new(query: &str, series: Arc<[Series]>, meta: &[MetricMeta]) -> Self {
        let about = About::of(query);
        let figures: Vec<_> = series.iter().map(series::figures).collect();
        let drawn = series::drawn(&series, &figures);
        let labels: Vec<&Labels> = drawn.iter().map(|at| &series[*at].labels).collect();
        let names = series::names(&labels);
        let rows: Vec<Row> = drawn
            .iter()
            .zip(names)
            .filter_map(|(at, name)| Some(Row { at: *at, name, figures: figures[*at]? }))
            .collect();
        let empty = figures.iter().filter(|one| one.is_none()).count();
        let omitted = series.len() - empty - rows.len();
        let unit = unit::of(&about.measure, meta);
        Self { series, rows, omitted, empty, about, unit }
    }

    /// A row's series.
    pub fn of(&self, row: &Row) -> &Series {
        &self.series[row.at]
    }
}

/// The query of a view; an empty one is the pack's first. `None` where there is none either.
pub fn query_of(state: &State, query: &Arc<str>) -> Option<Arc<str>> {
    if !query.trim().is_empty() {
        return Some(query.clone());
    }
    state.setup.pack.explore.metrics.first().map(|ready| ready.query.as_str().into())
}

/// The view in sight and its query, where it is one of metrics.
pub fn in_sight(state: &State) -> Option<(Arc<str>, Option<Arc<str>>)> {
    let View::Metrics(key) = state.view() else { return None };
    Some((key.clone(), query_of(state, key)))
}

/// Where the person is in a view.
pub fn place<'s>(state: &'s State, key: &Arc<str>) -> std::borrow::Cow<'s, MetricsPlace> {
    match state.places.metrics.get(key) {
        Some(place) => std::borrow::Cow::Borrowed(place),
        None => std::borrow::Cow::Owned(MetricsPlace::default()),
    }
}

/// What the server tells of metrics, as far as it is known.
pub fn metadata(state: &State) -> &[MetricMeta] {
    state.shown().metadata.value().map_or(&[], |all| &all[..])
}

/// The last answer to a query over the window, made ready.
pub fn ready(state: &State, key: &Arc<str>, query: &Arc<str>) -> Option<Arc<Ready>> {
    let history = state.shown().ranges.get(&(query.clone(), state.step_s()))?;
    let series = history.remote.value()?;
    let kept = state.places.metrics.get(key).and_then(|place| place.ready.as_ref());
    match kept.filter(|ready| Arc::ptr_eq(&ready.series, series)) {
        Some(ready) => Some(ready.clone()),
        None => Some(Arc::new(Ready::new(query, series.clone(), metadata(state)))),
    }
}

/// The query whose answer holds the buckets of a heatmap: the query itself, or one for the histogram that it reads.
pub fn bucket_query(query: &Arc<str>, about: &About, ready: Option<&Ready>) -> Option<Arc<str>> {
    match ready {
        Some(ready) if heatmap::is_made_of(ready.rows.iter().map(|row| ready.of(row))) => Some(query.clone()),
        _ => about.buckets.as_deref().map(Arc::from),
    }
}

/// Why a form does not fit what is known; `None` where it does.
pub fn unfit(form: Form, query: &Arc<str>, ready: &Ready) -> Option<Unfit> {
    match form {
        Form::Lines | Form::Table => None,
        Form::Stacked => {
            let series = ready.rows.iter().map(|row| ready.of(row));
            stack::refusal(ready.about.adds, ready.unit, series).map(reason)
        }
        Form::Heatmap => bucket_query(query, &ready.about, Some(ready)).is_none().then_some(Unfit::NoBuckets),
    }
}

fn reason(refusal: Refusal) -> Unfit {
    match refusal {
        Refusal::Negative => Unfit::Negative,
        Refusal::Unit(unit) => Unfit::Unit(unit),
        Refusal::Adds(Adds::Average) => Unfit::Average,
        Refusal::Adds(Adds::Extreme) => Unfit::Extreme,
        Refusal::Adds(Adds::Quantile) => Unfit::Quantile,
        Refusal::Adds(Adds::Spread) => Unfit::Spread,
        Refusal::Adds(Adds::Quotient | Adds::Yes | Adds::AsMetric) => Unfit::Quotient,
    }
}

/// What it needs to know, with seconds between answers (0 asks once).
pub fn wants(state: &State) -> Vec<(Key, u32)> {
    let Some((key, Some(query))) = in_sight(state) else { return Vec::new() };
    let place = place(state, &key);
    let (live, step) = (state.window.is_live(), state.step_s());
    let paced = |every: u32| if live { every.max(1) } else { 0 };
    let mut wants = vec![(Key::Metadata, 600)];
    let about = About::of(&query);
    if matches!(about.shape, Shape::Text(_) | Shape::Samples) {
        return wants;
    }
    wants.push((Key::Range(query.clone(), step), paced(step)));
    let ready = ready(state, &key, &query);
    match place.form {
        Form::Table => wants.push((Key::Instant(query.clone()), paced(state.interval_s()))),
        Form::Heatmap => {
            if let Some(buckets) = bucket_query(&query, &about, ready.as_deref()).filter(|one| *one != query)
            {
                wants.push((Key::Range(buckets, step), paced(step)));
            }
        }
        Form::Lines | Form::Stacked => {}
    }
    if place.exemplars {
        wants.push((Key::Exemplars(query.clone()), paced(step.max(15))));
    }
    if ready.is_some_and(|ready| ready.rows.is_empty()) {
        wants.push((Key::LabelValues("__name__".into()), 300));
    }
    wants
}

/// Indices into the rows in the order of the list.
pub fn order(place: &MetricsPlace, ready: &Ready) -> Vec<usize> {
    let mut order: Vec<usize> = (0..ready.rows.len()).collect();
    let number = |figures: &Figures| match place.sort {
        Sort::Name => 0.0,
        Sort::Last => figures.last,
        Sort::Min => figures.min,
        Sort::Max => figures.max,
        Sort::Mean => figures.mean,
    };
    // The largest first; what is no number last, whichever way round.
    let rank = |at: &usize| {
        let number = number(&ready.rows[*at].figures);
        if number.is_nan() { (1, 0.0) } else { (0, if place.reversed { number } else { -number }) }
    };
    order.sort_by(|a, b| {
        let (a, b) = (rank(a), rank(b));
        a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
    });
    if place.sort == Sort::Name && place.reversed {
        order.reverse();
    }
    order
}

/// The samples of the table, in its order.
pub fn samples<'s>(state: &'s State, place: &MetricsPlace, query: &Arc<str>) -> Vec<&'s Sample> {
    let value = state.shown().instants.get(query).and_then(|remote| remote.value());
    let mut samples: Vec<&Sample> = value.map_or(&[][..], |all| &all[..]).iter().collect();
    let columns = columns(&samples);
    let column = place.column.and_then(|at| columns.get(at));
    samples.sort_by(|a, b| match column {
        Some(name) => {
            let order = a.labels.get(name).cmp(&b.labels.get(name)).then_with(|| a.labels.cmp(&b.labels));
            if place.reversed { order.reverse() } else { order }
        }
        None => {
            let order = match (a.value.is_nan(), b.value.is_nan()) {
                (false, false) if place.reversed => a.value.total_cmp(&b.value),
                (false, false) => b.value.total_cmp(&a.value),
                (left, right) => left.cmp(&right),
            };
            order.then_with(|| a.labels.cmp(&b.labels))
        }
    });
    samples
}

/// The labels that a table of samples has columns for.
pub fn columns(samples: &[&Sample]) -> Vec<String> {
    let labels: Vec<&Labels> = samples.iter().map(|sample| &sample.labels).collect();
    let mut names: Vec<String> = series::differing(&labels).into_iter().map(str::to_owned).collect();
    if names.is_empty()
        && let Some(first) = labels.first()
    {
        names = first.iter().map(|(name, _)| name.to_owned()).filter(|name| name != "__name__").collect();
    }
    let metrics = labels.windows(2).any(|pair| pair[0].metric_name() != pair[1].metric_name());
    if metrics || names.is_empty() && labels.first().is_some_and(|one| !one.metric_name().is_empty()) {
        names.insert(0, "__name__".to_owned());
    }
    names
}

/// The exemplars of the view in sight: what has come, by time.
pub fn exemplars<'s>(state: &'s State, query: &Arc<str>) -> &'s [Exemplar] {
    match state
        .shown()
        .explored(&Key::Exemplars(query.clone()))
        .and_then(|remote| remote.value())
        .map(|a| &**a)
    {
        Some(Answer::Exemplars(all)) => all,
        _ => &[],
    }
}

/// The exemplar that Enter opens: of those with a trace the nearest to the time cursor, else the newest.
pub fn chosen_exemplar(state: &State, query: &Arc<str>) -> Option<usize> {
    let all = exemplars(state, query);
    let traced = all.iter().enumerate().filter(|(_, one)| one.trace.is_some());
    match state.axis.cursor {
        Some(cursor) => traced.min_by_key(|(_, one)| (one.at - cursor).abs()).map(|(at, _)| at),
        None => traced.max_by_key(|(_, one)| one.at).map(|(at, _)| at),
    }
}

/// What stands under the cursor of the view in sight; `None` in any other view.
pub fn focused(state: &State) -> Option<Focus> {
    let (key, query) = in_sight(state)?;
    let query = query?;
    let labels = chosen(state, &key, &query).unwrap_or_default();
    let traced = place(state, &key).exemplars.then(|| chosen_exemplar(state, &query)).flatten();
    let trace = traced.and_then(|at| exemplars(state, &query).get(at)).and_then(|one| one.trace);
    let step = TimeDelta::seconds(i64::from(state.step_s()));
    let span: Option<(Time, Time)> = state.axis.cursor.map(|at| (at - step, at + step));
    Some(Focus { labels, trace, query: Some(query.to_string()), span, ..Focus::default() })
}

/// Labels of what is under the cursor.
pub fn chosen(state: &State, key: &Arc<str>, query: &Arc<str>) -> Option<Labels> {
    let place = place(state, key);
    if place.form == Form::Table {
        return samples(state, &place, query).get(place.cursor).map(|sample| sample.labels.clone());
    }
    let ready = ready(state, key, query)?;
    let order = order(&place, &ready);
    let at = *order.get(place.cursor.min(order.len().checked_sub(1)?))?;
    Some(ready.of(&ready.rows[at]).labels.clone())
}

/// The series under the cursor: its name, its points, milliseconds between them.
pub fn at_cursor(state: &State, key: &Arc<str>) -> Option<(String, Vec<crate::model::Point>, i64)> {
    let query = query_of(state, key)?;
    let labels = chosen(state, key, &query)?;
    let ready = ready(state, key, &query)?;
    let row = ready.rows.iter().find(|row| ready.of(row).labels == labels)?;
    let name = if row.name.is_empty() { query.to_string() } else { row.name.clone() };
    Some((name, ready.of(row).points.clone(), i64::from(state.step_s()) * 1000))
}

/// Lines of the list that fit on the screen, as the drawing shares it.
pub fn list_height(state: &State, key: &Arc<str>) -> usize {
    let card = if state.tour().is_some() { super::tour::CARD_LINES } else { 0 };
    let body = state.size.1.saturating_sub(2 + card);
    match place(state, key).form {
        // Frame, query, heads.
        Form::Table => usize::from(body.saturating_sub(5)).max(1),
        _ => usize::from(legend_lines(body)).max(1),
    }
}

/// Lines of the list of series that a view so high has at most: a quarter of it.
pub fn legend_lines(body: u16) -> u16 {
    (body / 4).max(3)
}

/// Whether Prometheus is there to be asked.
pub fn is_configured(state: &State) -> bool {
    state.has(&SourceId::PROMETHEUS)
}
