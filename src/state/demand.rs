//! What the view in sight needs to know, and how often. What is not in sight is not here, and so
//! does not poll.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::TimeDelta;

use super::{BoxKind, Overlay, State, View};
use crate::model::ask::{Ask, Key};
use crate::model::{SourceId, SourceKind, Time, Window};

/// A question the view needs answered every so often.
#[derive(Clone, Debug, PartialEq)]
pub struct Want {
    /// The question.
    pub key: Key,
    /// Seconds between answers; 0 asks once.
    pub every_s: u32,
}

/// Everything the screen needs, without doubles.
pub fn wants(state: &State) -> Vec<Want> {
    let mut list: Vec<Want> = Vec::new();
    let mut known: HashSet<Key> = HashSet::new();
    let live = state.window.is_live();
    let pace = if live { state.setup.interval_s } else { 0 };
    let mut want = |key: Key, every_s: u32| {
        if state.has(&key.source()) && known.insert(key.clone()) {
            list.push(Want { key, every_s });
        }
    };

    // The header's lamps and the alert counts are in sight everywhere.
    if live {
        want(Key::Alerts, pace);
        want(Key::Rules, pace);
        want(Key::Silences, pace.saturating_mul(2));
    } else {
        want(Key::Instant(ALERTS.into()), 0);
        want(Key::Instant(ALERTS_SINCE.into()), 0);
        want(Key::Rules, 60);
    }
    want(Key::ExternalLabels, 300);
    for kind in [SourceKind::Loki, SourceKind::Tempo] {
        want(Key::Ready(SourceId::Server(kind)), pace.max(15));
    }
    for source in state.setup.sources.keys() {
        if let SourceId::Page(name) = source {
            let every = state.setup.page_interval_s.get(name).copied().unwrap_or(15);
            if live {
                want(Key::Page(name.clone()), every);
            }
        }
    }

    for row in state.rows() {
        for one in row.boxes {
            let panels = match one.kind {
                BoxKind::Panel(panel) => vec![panel],
                BoxKind::Card(panels) => panels,
                BoxKind::Alerts { .. } | BoxKind::Suggestion => Vec::new(),
            };
            for panel in panels {
                want(Key::Instant(panel.query.clone()), pace);
                if let Some(query) = panel.max_query {
                    want(Key::Instant(query), pace);
                }
                if panel.trend {
                    want(Key::Range(panel.query, state.step_s()), if live { state.step_s() } else { 0 });
                }
            }
        }
    }
    match state.view() {
        View::Sources => {
            want(Key::Targets, pace);
            want(Key::Status, 60);
            for kind in SourceKind::SERVERS {
                want(Key::Ready(SourceId::Server(kind)), pace.max(15));
                if kind != SourceKind::Alertmanager {
                    want(Key::BuildInfo(SourceId::Server(kind)), 300);
                }
            }
        }
        View::Detail(fingerprint) => {
            if let Some(query) = detail_query(state, fingerprint) {
                want(Key::Range(query, state.step_s()), if live { state.step_s() } else { 0 });
            }
        }
        View::Logs(_) | View::Traces(_) | View::Trace(_) | View::Compare(..) | View::Metrics(_) => {
            let explored = match state.view() {
                View::Logs(_) => super::logs::wants(state),
                View::Traces(_) => super::traces::wants(state),
                View::Metrics(_) => super::metrics::wants(state),
                _ => super::trace::wants(state),
            };
            for (key, every_s) in explored {
                want(key, every_s);
            }
        }
        View::Silences => want(Key::Silences, pace),
        // What the journal says of incidents is no server's answer.
        View::Incidents
        | View::Record(_)
        | View::Page { .. }
        | View::Panel { .. }
        | View::Alerts
        | View::Incident => {}
    }
    if let Some(Overlay::Query(prompt)) = &state.overlay {
        for (key, every_s) in super::prompt::wants(state, prompt) {
            want(key, every_s);
        }
    }
    list
}

/// The series that a past alert list is rebuilt from.
pub const ALERTS: &str = "ALERTS";
/// Since when each of them was active: the value is unix seconds.
pub const ALERTS_SINCE: &str = "ALERTS_FOR_STATE";

/// The expression whose trend an alert's detail shows: the rule's, without its comparison at the
/// end, so that the trend is seen before it crosses the mark.
pub fn detail_query(state: &State, fingerprint: &Arc<str>) -> Option<Arc<str>> {
    let row = state.shown_list().row(fingerprint)?;
    let query = row.query.as_ref()?;
    Some(crate::model::promql::without_comparison(query).into())
}

/// The question as it has to be asked now; `None` when there is nothing new to ask for (the next
/// point of a range has not come yet).
pub fn ask(state: &State, key: &Key) -> Option<Ask> {
    let now = server_now(state, &key.source());
    match key {
        Key::Instant(query) => {
            Some(Ask::Instant { query: query.clone(), at: to_millis(state.window.end(now)) })
        }
        Key::Range(query, step_s) => {
            let step = i64::from((*step_s).max(1));
            let grid = |at: Time, up: bool| {
                let (ms, step_ms) = (at.timestamp_millis(), step * 1000);
                let beyond = i64::from(up && ms.rem_euclid(step_ms) != 0);
                let snapped = ms.div_euclid(step_ms) + beyond;
                chrono::DateTime::from_timestamp(snapped * step, 0).unwrap_or(at)
            };
            let first = grid(state.window.start(now), true);
            let end = grid(state.window.end(now), false);
            let history = state.store.ranges.get(&(query.clone(), *step_s));
            let covered = history.and_then(|history| {
                let from = history.covered_from()?;
                let to = history.covered_to()?;
                // What is known serves as long as it reaches back far enough and touches the window.
                (from <= first && to >= first && to <= end).then_some(to)
            });
            let start = match covered {
                Some(to) => to + TimeDelta::seconds(step),
                None => first,
            };
            (start <= end).then(|| Ask::Range { query: query.clone(), start, end, step_s: *step_s })
        }
        explored if explored.is_of_window() => {
            let (start, end) = (state.window.start(now), state.window.end(now));
            let step_ms = match explored {
                Key::LogRange(_, step_s) | Key::TraceRange(_, step_s) => i64::from((*step_s).max(1)) * 1000,
                _ => 1,
            };
            let first = start.timestamp_millis().div_euclid(step_ms) + 1;
            let first = if start.timestamp_millis().rem_euclid(step_ms) == 0 { first - 1 } else { first };
            let last = end.timestamp_millis().div_euclid(step_ms);
            let moment = |at: i64| chrono::DateTime::from_timestamp_millis(at * step_ms);
            let (start, end) = (moment(first)?, moment(last)?);
            (start <= end).then(|| Ask::Window { key: explored.clone(), start, end })
        }
        other => Some(Ask::Plain(other.clone())),
    }
}

/// The live tail that the view in sight follows: its query and number.
pub fn tail(state: &State) -> Option<(Arc<str>, u64)> {
    super::logs::followed(state).filter(|_| state.has(&SourceId::LOKI))
}

/// From this many seconds on a server's clock is taken for another one than ours.
pub const SKEW_S: i64 = 5;

/// The server's idea of now, where its clock is known to differ: a query at our own time would ask
/// a slow server for its future and a fast one for its past.
pub fn server_now(state: &State, source: &SourceId) -> Time {
    let skew = state.store.health.get(source).and_then(|health| health.clock_skew_s).unwrap_or(0);
    if skew.abs() >= SKEW_S && matches!(state.window, Window::Live { .. }) {
        state.now + TimeDelta::seconds(skew)
    } else {
        state.now
    }
}

/// Servers take milliseconds; what is asked for is then exactly what is said to have been asked.
fn to_millis(at: Time) -> Time {
    chrono::DateTime::from_timestamp_millis(at.timestamp_millis()).unwrap_or(at)
}
