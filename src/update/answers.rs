//! Answers of sources, and the passing of time.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use crate::message::Effect;
use crate::model::ask::{Answered, Ask, Key};
use crate::model::{
    Alert, AlertState, Fault, Labels, RuleGroup, Severity, Silence, SourceId, TailBatch, Time,
};
use crate::state::demand::{ALERTS, ALERTS_SINCE, SKEW_S};
use crate::state::{AlertList, State, demand};
use crate::store::{AlertRow, Origin, Remote, Watchdog, alerts};

/// Takes in an answer; one of an older window or context is dropped.
pub fn answered(
    state: &mut State,
    ask: &Ask,
    epoch: u64,
    at: Time,
    outcome: Result<Answered, Fault>,
) -> Vec<Effect> {
    if epoch != state.epoch {
        return Vec::new();
    }
    match super::beside::put_off(state, ask, at, outcome) {
        Ok(effects) => effects,
        Err(outcome) => take_in(state, ask, at, outcome),
    }
}

/// Takes in an answer of the present window and context.
pub(super) fn take_in(
    state: &mut State,
    ask: &Ask,
    at: Time,
    outcome: Result<Answered, Fault>,
) -> Vec<Effect> {
    let source = ask.key().source();
    let skew = |state: &State| state.store.health.get(&source).and_then(|health| health.clock_skew_s);
    let known = skew(state).is_some();
    let before = joined_with(state);
    state.store.take(ask, at, outcome);
    if !known && state.window.is_live() && skew(state).is_some_and(|skew| skew.abs() >= SKEW_S) {
        // The first questions went out with our own time, which is not this server's: what it said of
        // that moment is not how things are now. They are asked again at once.
        state.epoch += 1;
        state.store.forget_window();
    }
    if let Ask::Range { query, step_s, .. } = ask {
        // The window of the question: that server's clock, not ours.
        let start = state.window.start(demand::server_now(state, &ask.key().source()));
        if let Some(history) = state.store.ranges.get_mut(&(query.clone(), *step_s)) {
            history.trim(start);
        }
    }
    if ask.key().is_explored() {
        explored(state, &ask.key());
    } else {
        super::metrics::arrived(state, &ask.key());
    }
    super::prompt::arrived(state, &ask.key());
    let about_alerts = match ask {
        Ask::Plain(Key::Alerts) => true,
        // A first failure too: from then on the bell knows what is new.
        Ask::Plain(Key::Rules | Key::ExternalLabels | Key::Silences) => {
            joined_with(state) != before || state.heard.is_none()
        }
        Ask::Instant { query, .. } => **query == *ALERTS || **query == *ALERTS_SINCE,
        _ => false,
    };
    if about_alerts { rejoin(state) } else { Vec::new() }
}

/// Something has come over the live tail.
pub fn tailed(state: &mut State, batch: TailBatch) -> Vec<Effect> {
    state.store.take_tail(batch);
    super::logs::tailed(state);
    Vec::new()
}

/// An answer of an explorer has come: what is drawn of it is made ready.
fn explored(state: &mut State, key: &Key) {
    super::logs::arrived(state, key);
    super::traces::arrived(state, key);
    super::trace::arrived(state, key);
    super::metrics::arrived(state, key);
}

/// Rules, external labels, silences.
type JoinedWith = (Option<Arc<[RuleGroup]>>, Option<Labels>, Option<Arc<[Silence]>>);

/// What Alertmanager's alerts are joined with. Between two evaluations of the rules nothing of it
/// changes, and a join takes a while when there are many alerts.
fn joined_with(state: &State) -> JoinedWith {
    let store = &state.store;
    (store.rules.value().cloned(), store.external.value().cloned(), store.silences.value().cloned())
}

/// Time passed: the dead-man's switch may have gone, old answers may be dropped.
pub fn passing_time(state: &mut State) -> Vec<Effect> {
    state.hide_revealed(false);
    let wanted: HashSet<Key> = demand::wants(state).into_iter().map(|want| want.key).collect();
    state.store.retain_queries(&|key| wanted.contains(key), state.now);
    if !state.window.is_live() {
        return Vec::new();
    }
    super::acting::ending(state);
    let missing = matches!(state.watchdog(), Watchdog::Missing { .. });
    if missing == state.watchdog_since.is_some() { Vec::new() } else { rejoin(state) }
}

/// Joins the list anew, unless a join is under way: the next answer's join takes in what has changed.
pub(super) fn rejoin_when_free(state: &mut State) -> Vec<Effect> {
    if state.joining || !state.window.is_live() { Vec::new() } else { rejoin(state) }
}

/// Joins the alert list anew and keeps the cursor on the alert it was on.
pub fn rejoin(state: &mut State) -> Vec<Effect> {
    let pack = state.setup.pack.clone();
    let under_cursor = super::alerts::fingerprint_at_cursor(state);
    let rows = if state.window.is_live() {
        let acks = state.acting.held.as_ref().map_or(&[][..], |held| &held.acks[..]);
        let mut rows = alerts::join(&state.store, &pack, acks);
        rows.extend(watchdog_row(state));
        rows
    } else {
        let samples = |query: &str| {
            let remote = state.store.instants.get(query);
            remote.and_then(|remote| remote.value()).cloned().unwrap_or_default()
        };
        alerts::from_series(&samples(ALERTS), &samples(ALERTS_SINCE), &pack)
    };
    state.list = AlertList::with_rows(rows, &state.places.alerts, &pack);
    // While the screen is held, cursor and selection belong to the list that it shows.
    if state.held.is_none() {
        super::alerts::settle(state, under_cursor);
    }
    let mut effects = announce(state);
    effects.extend(super::incident::alerts_changed(state));
    effects
}

/// The dead-man's switch's own alarm, as a row of the list.
fn watchdog_row(state: &mut State) -> Option<AlertRow> {
    let Watchdog::Missing { fires_in_prometheus } = state.watchdog() else {
        state.watchdog_since = None;
        return None;
    };
    let since = *state.watchdog_since.get_or_insert(state.now);
    let name = state.setup.pack.alerting.watchdog.clone()?;
    let text = state.setup.text.view;
    let words = if fires_in_prometheus { (text.watchdog_cut)(&name) } else { (text.watchdog_missing)(&name) };
    let alert = Alert {
        fingerprint: "watchdog".into(),
        labels: Labels::new([("alertname", name.as_str()), ("severity", Severity::Critical.as_str())]),
        annotations: Labels::new([("summary", words)]),
        state: AlertState::Firing,
        starts_at: since,
        updated_at: Some(state.now),
        silenced_by: Vec::new(),
        inhibited_by: Vec::new(),
        generator_url: "".into(),
        receivers: Vec::new(),
    };
    let mut row = AlertRow::new(alert, &state.setup.pack);
    // The pack calls the switch itself no alarm; that it is gone is one, with a clock like any other.
    row.severity = Severity::Critical;
    row.origin = Origin::Console;
    let within = state.setup.pack.alerting.response_s.get(&Severity::Critical);
    row.deadline = within.map(|seconds| since + chrono::TimeDelta::seconds(i64::from(*seconds)));
    Some(row)
}

/// Makes new critical alerts heard. Those that were there when the console started are no news, and
/// neither is one that Prometheus told first and Alertmanager a moment later.
fn announce(state: &mut State) -> Vec<Effect> {
    if !state.window.is_live() || !has_heard_everybody(state) {
        return Vec::new();
    }
    let list = &state.list;
    let critical: Vec<(u64, &AlertRow)> = list
        .needs_somebody
        .iter()
        .filter_map(|at| list.rows.get(*at))
        .take_while(|row| row.severity == Severity::Critical)
        .map(|row| (row.identity, row))
        .collect();
    let first_list = state.heard.is_none();
    let heard = state.heard.get_or_insert_default();
    let names: BTreeSet<&str> =
        critical.iter().filter(|(id, _)| !heard.contains(id)).map(|(_, row)| row.alert.name()).collect();
    let silent = first_list || names.is_empty();
    let names = names.into_iter().collect::<Vec<_>>().join(", ");
    *heard = critical.into_iter().map(|(id, _)| id).collect();
    if silent {
        return Vec::new();
    }
    let text = (state.setup.text.view.notice.new_critical)(&names);
    state.notify(crate::pack::Level::Critical, text.clone());
    if state.setup.announce { vec![Effect::Announce(text)] } else { Vec::new() }
}

/// Whether everything that the list is joined from has answered or failed once: before, a part of
/// what has long been there looks new.
fn has_heard_everybody(state: &State) -> bool {
    fn asked<T>(remote: &Remote<T>) -> bool {
        remote.value().is_some() || remote.last_fault().is_some()
    }
    let store = &state.store;
    let manager = !state.has(&SourceId::ALERTMANAGER) || asked(&store.alerts) && asked(&store.silences);
    let prometheus = !state.has(&SourceId::PROMETHEUS) || asked(&store.rules) && asked(&store.external);
    manager && prometheus && (store.alerts.value().is_some() || store.rules.value().is_some())
}
