//! `snapshot --format json` and `alerts --format json`: the view's data, raw.

use serde::{Serialize, Serializer};

use crate::model::ask::Key;
use crate::model::records::{Dossier, Incident};
use crate::model::{Labels, LogStats, Sample, Series, Severity, SourceId, SourceKind, Time};
use crate::pack::Level;
use crate::state::{State, View as InSight, demand};
use crate::store::{AlertRow, Origin, Remote};
use crate::view::vm::{Body, Content, PaneState, PaneVm, Screen, SourcesVm};
use crate::view::{self, alerts};

use super::explore::{self, LineJson};
use super::record;
use super::silences::{self, AckJson, SilenceJson};
use super::sources::{SourceJson, TargetJson, source_rows, target_rows};
use super::traces::{HitJson, SpanJson};

/// A whole view.
#[derive(Debug, Serialize)]
struct Whole<'a> {
    view: &'a str,
    context: Option<&'a str>,
    at: Time,
    window: WindowJson,
    complete: bool,
    panes: Vec<Pane<'a>>,
}

#[derive(Debug, Serialize)]
struct WindowJson {
    start: Time,
    end: Time,
    live: bool,
}

/// One pane of the contract.
#[derive(Debug, Serialize)]
pub(super) struct Pane<'a> {
    pub(super) id: &'a str,
    pub(super) title: &'a str,
    pub(super) state: PaneState,
    pub(super) source: &'a str,
    pub(super) query: &'a str,
    pub(super) evaluated_at: Option<Time>,
    pub(super) age_s: Option<i64>,
    pub(super) message: &'a str,
    pub(super) values: Vec<ValueJson<'a>>,
    pub(super) series: Vec<SeriesJson<'a>>,
    pub(super) rows: Vec<RowJson<'a>>,
}

#[derive(Debug, Serialize)]
pub(super) struct ValueJson<'a> {
    labels: &'a Labels,
    value: Number,
    unit: &'static str,
    status: Level,
}

#[derive(Debug, Serialize)]
pub(super) struct SeriesJson<'a> {
    labels: &'a Labels,
    points: Vec<(f64, Option<Number>)>,
}

/// A row of a pane that lists something.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum RowJson<'a> {
    Alert(Box<AlertJson<'a>>),
    Source(SourceJson<'a>),
    Target(TargetJson<'a>),
    Silence(Box<SilenceJson<'a>>),
    Incident(Box<record::WithClock<'a, Incident>>),
    Dossier(Box<record::WithClock<'a, Dossier>>),
    Line(LineJson<'a>),
    Trace(Box<HitJson<'a>>),
    Span(Box<SpanJson<'a>>),
    Stats(LogStats),
}

/// An alert as scripts see it.
#[derive(Debug, Serialize)]
pub struct AlertJson<'a> {
    fingerprint: &'a str,
    labels: &'a Labels,
    annotations: &'a Labels,
    state: &'static str,
    starts_at: Time,
    severity: Severity,
    department: &'a str,
    value: Option<Number>,
    query: Option<&'a str>,
    origin: Origin,
    silenced_by: &'a [Box<str>],
    inhibited_by: &'a [Box<str>],
    ack: Option<AckJson<'a>>,
    clock: Option<ClockJson>,
}

/// The response clock: when somebody should have acknowledged, and seconds left (negative: late).
#[derive(Debug, Serialize)]
struct ClockJson {
    deadline: Time,
    left_s: i64,
}

/// A sample value: JSON has no NaN and no infinity, so these are the words the servers use.
#[derive(Clone, Copy, Debug)]
pub(super) struct Number(pub(super) f64);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.is_nan() {
            serializer.serialize_str("NaN")
        } else if self.0.is_infinite() {
            serializer.serialize_str(if self.0 > 0.0 { "+Inf" } else { "-Inf" })
        } else {
            serializer.serialize_f64(self.0)
        }
    }
}

impl<'a> AlertJson<'a> {
    /// An alert at the state's moment.
    pub fn new(state: &State, row: &'a AlertRow) -> Self {
        let now = state.window.end(state.now);
        Self {
            fingerprint: &row.alert.fingerprint,
            labels: &row.alert.labels,
            annotations: &row.alert.annotations,
            state: row.alert.state.as_str(),
            starts_at: row.alert.starts_at,
            severity: row.severity,
            department: &row.department,
            value: row.value.map(Number),
            query: row.query.as_deref(),
            origin: row.origin,
            silenced_by: &row.alert.silenced_by,
            inhibited_by: &row.alert.inhibited_by,
            ack: row.ack.as_ref().map(AckJson::new),
            clock: row
                .deadline
                .map(|deadline| ClockJson { deadline, left_s: (deadline - now).num_seconds() }),
        }
    }
}

/// How complete a view is: decides the exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Completeness {
    /// Everything that is configured answered in full.
    Complete,
    /// Something is old, partial or still missing.
    Incomplete,
    /// A source that was needed never answered.
    Unreachable,
}

/// How complete the view in sight is.
pub fn completeness(state: &State, screen: &Screen) -> Completeness {
    let of = |pane: PaneState| match pane {
        PaneState::Failed => Completeness::Unreachable,
        PaneState::Stale | PaneState::Loading => Completeness::Incomplete,
        PaneState::Ready | PaneState::NoData | PaneState::Unconfigured => Completeness::Complete,
    };
    let mut worst = if is_partial(state) { Completeness::Incomplete } else { Completeness::Complete };
    for pane in view::panes(screen) {
        worst = worst.max(of(pane.state));
    }
    if let Body::Sources(sources) = &screen.body {
        worst = sources.rows.iter().map(|row| of(row.state)).fold(worst, Completeness::max);
    } else if lists_alerts(screen) {
        worst = worst.max(of(alerts::status(state).state));
    }
    let asked = explore::asked(state);
    worst = asked.iter().map(|one| of(one.status.state)).fold(worst, Completeness::max);
    // What is not configured is no failure, unless nothing else is left: then all of it is unknown.
    let panes = view::panes(screen);
    let unconfigured = |state: PaneState| state == PaneState::Unconfigured;
    let no_alerts = !lists_alerts(screen) || unconfigured(alerts::status(state).state);
    let nothing = !matches!(screen.body, Body::Sources(_))
        && no_alerts
        && (lists_alerts(screen) || !panes.is_empty() || !asked.is_empty())
        && panes.iter().all(|pane| unconfigured(pane.state))
        && asked.iter().all(|one| unconfigured(one.status.state));
    if nothing { worst.max(Completeness::Incomplete) } else { worst }
}

/// Whether a query in sight has no whole answer: none at all, an old one, or one that its server
/// called incomplete. A pane may be filled nevertheless, from a scraped page, but without its trend.
fn is_partial(state: &State) -> bool {
    fn whole<T>(remote: Option<&Remote<T>>) -> bool {
        remote.is_some_and(|remote| {
            remote.value().is_some() && remote.last_fault().is_none() && remote.warnings().is_empty()
        })
    }
    let store = &state.store;
    demand::wants(state).iter().any(|want| match &want.key {
        Key::Instant(query) => !whole(store.instants.get(query)),
        Key::Range(query, step) => {
            !whole(store.ranges.get(&(query.clone(), *step)).map(|history| &history.remote))
        }
        Key::Alerts => !store.alerts.warnings().is_empty(),
        Key::Rules => !store.rules.warnings().is_empty(),
        key if key.is_explored() => explore::is_partial(state, key),
        _ => false,
    })
}

fn lists_alerts(screen: &Screen) -> bool {
    match &screen.body {
        Body::Alerts(_) | Body::AlertDetail(_) => true,
        Body::Page(page) => page
            .rows
            .iter()
            .flat_map(|row| &row.boxes)
            .any(|(_, one)| matches!(one.content, Content::Alerts(_))),
        Body::Sources(_)
        | Body::Silences(_)
        | Body::Incidents(_)
        | Body::Record(_)
        | Body::Logs(_)
        | Body::Traces(_)
        | Body::Trace(_)
        | Body::Compare(_)
        | Body::Metrics(_)
        | Body::Incident(_) => false,
    }
}

/// The view in sight as JSON, with a line end.
pub fn view_json(state: &State, screen: &Screen, name: &str) -> String {
    let mut panes: Vec<Pane<'_>> = view::panes(screen).into_iter().map(pane).collect();
    let status = alerts::status(state);
    if lists_alerts(screen) {
        panes.insert(0, alert_pane(state, screen, &status));
    }
    let scraping = targets_status(state);
    if let Body::Sources(sources) = &screen.body {
        panes.push(sources_pane(state, sources));
        panes.push(targets_pane(state, &scraping));
    }
    let silenced = silences_status(state);
    if let Body::Silences(_) = &screen.body {
        panes.push(silences_pane(state, &silenced));
    }
    let journal = incidents_status(screen);
    if let Some((pane, message)) = &journal {
        panes.push(incidents_pane(state, *pane, message));
    }
    let asked = explore::asked(state);
    panes.extend(explore::panes(state, &asked));
    let whole = Whole {
        view: name,
        context: state.context.as_deref(),
        at: state.now,
        window: WindowJson {
            start: state.window.start(state.now),
            end: state.window.end(state.now),
            live: state.window.is_live(),
        },
        complete: completeness(state, screen) == Completeness::Complete,
        panes,
    };
    line(&whole)
}

/// One line of JSON. Serialising plain data to memory fails for no input.
pub(super) fn line(value: &impl Serialize) -> String {
    let mut json = serde_json::to_string(value).unwrap_or_default();
    json.push('\n');
    json
}

fn alert_pane<'a>(state: &'a State, screen: &Screen, status: &'a view::status::Status) -> Pane<'a> {
    let list = &state.list;
    let rows: Vec<&AlertRow> = match (&screen.body, state.view()) {
        (Body::Page(_), _) => {
            let needing = state.needing(department(state).as_deref());
            needing.iter().filter_map(|at| list.rows.get(*at)).collect()
        }
        (_, InSight::Detail(fingerprint)) => list.row(fingerprint).into_iter().collect(),
        _ => list.rows.iter().collect(),
    };
    let manager = state.window.is_live() && state.has(&SourceId::ALERTMANAGER);
    let store = &state.store;
    let (evaluated_at, age_s) = if !state.window.is_live() {
        let series = store.instants.get(demand::ALERTS);
        (series.and_then(Remote::evaluated_at), series.and_then(|remote| remote.age_s(state.now)))
    } else if manager {
        (store.alerts.evaluated_at(), store.alerts.age_s(state.now))
    } else {
        (store.rules.evaluated_at(), store.rules.age_s(state.now))
    };
    Pane {
        id: "alerts",
        title: state.setup.text.view.needs_you,
        state: status.state,
        source: if manager { "alertmanager" } else { "prometheus" },
        query: if state.window.is_live() { "" } else { demand::ALERTS },
        evaluated_at,
        age_s,
        message: &status.message,
        values: Vec::new(),
        series: Vec::new(),
        rows: rows.into_iter().map(|row| RowJson::Alert(Box::new(AlertJson::new(state, row)))).collect(),
    }
}

/// The sources: known without asking, so always ready.
fn sources_pane<'a>(state: &'a State, sources: &'a SourcesVm) -> Pane<'a> {
    let text = state.setup.text.view;
    list_pane("sources", text.sources, source_rows(state, &sources.rows).map(RowJson::Source).collect())
}

/// Prometheus's scrape targets: unknown when it does not answer, which is not the same as none.
fn targets_pane<'a>(state: &'a State, status: &'a view::status::Status) -> Pane<'a> {
    let remote = &state.store.targets;
    Pane {
        state: status.state,
        source: SourceKind::Prometheus.as_str(),
        evaluated_at: remote.evaluated_at(),
        age_s: remote.age_s(state.now),
        message: &status.message,
        ..list_pane("targets", "targets", target_rows(&state.store).map(RowJson::Target).collect())
    }
}

/// Alertmanager's silences, in the order of their list.
fn silences_pane<'a>(state: &'a State, status: &'a view::status::Status) -> Pane<'a> {
    let remote = &state.store.silences;
    let rows = silences::rows(state).into_iter().map(|one| RowJson::Silence(Box::new(one)));
    Pane {
        state: status.state,
        source: SourceKind::Alertmanager.as_str(),
        evaluated_at: remote.evaluated_at(),
        age_s: remote.age_s(state.now),
        message: &status.message,
        ..list_pane("silences", "silences", rows.collect())
    }
}

/// What the views of incidents say of the journal.
fn incidents_status(screen: &Screen) -> Option<(PaneState, String)> {
    let (pane, note) = match &screen.body {
        Body::Incidents(list) => (list.state, &list.note),
        Body::Record(one) => (one.facts.state, &one.facts.note),
        _ => return None,
    };
    let message = if pane == PaneState::Ready { String::new() } else { note.clone() };
    Some((pane, message))
}

/// The incidents in the order of their list, or the one in sight with all that is known of it.
fn incidents_pane<'a>(state: &'a State, pane: PaneState, message: &'a str) -> Pane<'a> {
    let zone = if state.utc { chrono_tz::Tz::UTC } else { state.setup.pack.zone };
    let telling = record::Telling { pack: &state.setup.pack, zone, now: state.now };
    let one = match state.view() {
        InSight::Record(id) => state.dossier(id),
        _ => None,
    };
    let rows = match one {
        Some(dossier) => {
            vec![RowJson::Dossier(Box::new(record::WithClock::new(dossier, &dossier.incident, &telling)))]
        }
        None => {
            let all = state.incidents().into_iter();
            all.map(|one| RowJson::Incident(Box::new(record::WithClock::new(one, one, &telling)))).collect()
        }
    };
    let remote = state.journal_answer();
    Pane {
        state: pane,
        source: "journal",
        evaluated_at: remote.evaluated_at(),
        age_s: remote.age_s(state.now),
        message,
        ..list_pane("incidents", "incidents", rows)
    }
}

fn silences_status(state: &State) -> view::status::Status {
    let remote = &state.store.silences;
    let empty = remote.value().is_some_and(|all| all.is_empty());
    view::status::of(state, Some(remote), &SourceId::ALERTMANAGER, state.interval_s(), empty)
}

fn targets_status(state: &State) -> view::status::Status {
    let remote = &state.store.targets;
    let empty = remote.value().is_some_and(|targets| targets.is_empty());
    view::status::of(state, Some(remote), &SourceId::PROMETHEUS, state.interval_s(), empty)
}

fn list_pane<'a>(id: &'a str, title: &'a str, rows: Vec<RowJson<'a>>) -> Pane<'a> {
    Pane {
        id,
        title,
        state: PaneState::Ready,
        source: "",
        query: "",
        evaluated_at: None,
        age_s: None,
        message: "",
        values: Vec::new(),
        series: Vec::new(),
        rows,
    }
}

fn department(state: &State) -> Option<String> {
    match state.view() {
        InSight::Page { department: Some(at), .. } => {
            state.setup.pack.departments.get(*at).map(|department| department.id.clone())
        }
        _ => None,
    }
}

fn pane(pane: &PaneVm) -> Pane<'_> {
    Pane {
        id: &pane.id,
        title: &pane.title,
        state: pane.state,
        source: &pane.source,
        query: &pane.query,
        evaluated_at: pane.evaluated_at,
        age_s: pane.age_s,
        message: &pane.message,
        values: pane
            .values
            .iter()
            .zip(pane.levels.iter())
            .map(|(sample, level)| value(pane, sample, *level))
            .collect(),
        series: pane.series.iter().map(|series| grid(series, pane.step_ms)).collect(),
        rows: Vec::new(),
    }
}

/// A value that no panel gives a unit or marks.
pub(super) fn value_of(sample: &Sample) -> ValueJson<'_> {
    let unit = crate::model::Unit::None.as_str();
    ValueJson { labels: &sample.labels, value: Number(sample.value), unit, status: Level::Ok }
}

fn value<'a>(pane: &PaneVm, sample: &'a Sample, level: Level) -> ValueJson<'a> {
    ValueJson { labels: &sample.labels, value: Number(sample.value), unit: pane.unit.as_str(), status: level }
}

/// The points on their grid; a missing one is null, because a gap is a fact.
pub(super) fn grid(series: &Series, step_ms: i64) -> SeriesJson<'_> {
    let mut points = Vec::with_capacity(series.points.len());
    let mut expected: Option<i64> = None;
    for point in &series.points {
        while let Some(missing) = expected.filter(|at| *at < point.t && step_ms > 0) {
            points.push((missing as f64 / 1000.0, None));
            expected = Some(missing + step_ms);
        }
        points.push((point.t as f64 / 1000.0, Some(Number(point.v))));
        expected = Some(point.t + step_ms);
    }
    SeriesJson { labels: &series.labels, points }
}

/// The alerts as one JSON array, with a line end.
pub fn alerts_json<'a>(state: &State, rows: impl Iterator<Item = &'a AlertRow>) -> String {
    let all: Vec<AlertJson<'_>> = rows.map(|row| AlertJson::new(state, row)).collect();
    line(&all)
}
