//! Views of the embedded hospital: fixed seed, hour and faults, so that they are the same everywhere.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use plantao::client::Clients;
use plantao::clock::Clock;
use plantao::config::{Flags, Inputs, load};
use plantao::demo::{FaultSpec, Plan};
use plantao::keymap::Keymap;
use plantao::message::Msg;
use plantao::model::{Fault, FaultKind, SourceId, Time, Window};
use plantao::runtime::embedded::{Embedded, Order};
use plantao::runtime::{Start, headless};
use plantao::state::{State, View, demand, view_by_name};
use plantao::theme::Theme;
use plantao::update::update;

use crate::hospital_state::hospital;

/// The hour: a working day's late morning.
const AT: &str = "2026-11-20T13:42:00Z";
const SEED: u64 = 1;
const FAULT: &str = "thermal@9m";
/// Where the servers of a picture listen; the real ports are others each time.
const SHOWN: [(SourceId, &str); 4] = [
    (SourceId::PROMETHEUS, "http://127.0.0.1:9090"),
    (SourceId::ALERTMANAGER, "http://127.0.0.1:9093"),
    (SourceId::LOKI, "http://127.0.0.1:3100"),
    (SourceId::TEMPO, "http://127.0.0.1:3200"),
];

struct Place {
    start: Start,
    embedded: Embedded,
    runtime: tokio::runtime::Runtime,
}

/// The one place that all pictures show.
fn place() -> &'static Place {
    static PLACE: OnceLock<Place> = OnceLock::new();
    PLACE.get_or_init(|| {
        let now: Time = AT.parse().expect("a time");
        let fault = FaultSpec::parse(FAULT).expect("a fault").fault(now);
        let plan = Plan { faults: vec![fault], ..Plan::calm(SEED) };
        let order = Order { pack: hospital(), plan, clock: Clock::Fixed(now) };
        let embedded = order.open().expect("the hospital");
        let inputs = Inputs { flags: Flags::default(), login: Some("ana".to_owned()), ..Inputs::default() };
        let mut config = load(&inputs).expect("a configuration").config;
        config.context = Some("demo:hospital".to_owned());
        config.sources = embedded.sources().clone();
        let start = Start {
            config,
            pack: hospital(),
            keymap: Arc::new(Keymap::shipped()),
            themes: Theme::names(&[]),
            clock: order.clock,
            embedded: Some(order),
            history: plantao::cli::history::History::default(),
            who: plantao::model::Identity::default(),
            journal: None,
            bundle: None,
        };
        Place { start, embedded, runtime: tokio::runtime::Runtime::new().expect("a runtime") }
    })
}

/// A view, settled on what the hospital's servers answer.
pub fn scene(name: &str, size: (u16, u16)) -> State {
    let place = place();
    let mut state = place.start.state(size, Window::DEFAULT);
    let (view, detail) = match name.strip_prefix("detail:") {
        Some(alert) => ("alerts", Some(alert)),
        None => (name, None),
    };
    let view = view_by_name(&state.setup.pack, view).unwrap_or_else(|| panic!("no view {view}"));
    state.stack = vec![view];
    settle(place, &mut state);
    if let Some(alert) = detail {
        let row = state.list.rows.iter().find(|row| row.alert.name() == alert);
        let row = row.unwrap_or_else(|| panic!("no alert {alert}"));
        state.stack.push(View::Detail(row.alert.fingerprint.clone()));
        settle(place, &mut state);
    }
    shown_elsewhere(&mut state);
    state
}

/// The metrics of a query, settled, then again after each of these commands.
pub fn measured(query: &str, commands: &[plantao::command::CommandId], size: (u16, u16)) -> State {
    let place = place();
    let mut state = place.start.state(size, Window::DEFAULT);
    state.stack = vec![View::Metrics(query.into())];
    settle(place, &mut state);
    for command in commands {
        let now = state.now;
        let _ = update(&mut state, now, Msg::Command(*command));
        settle(place, &mut state);
    }
    shown_elsewhere(&mut state);
    state
}

/// What differs from run to run is not the hospital's: ports and how fast this machine is.
fn shown_elsewhere(state: &mut State) {
    state.setup.sources = SHOWN.map(|(source, url)| (source, url.to_owned())).into();
    for health in state.store.health.values_mut() {
        health.took_ms = health.took_ms.map(|_| 4);
    }
    state.notice = None;
}

/// A view after these keys, settled before and after them on what the hospital's servers answer.
pub fn pressed(view: View, keys: &str, size: (u16, u16)) -> State {
    let place = place();
    let mut state = place.start.state(size, Window::DEFAULT);
    state.stack.push(view);
    settle(place, &mut state);
    for key in keys.split_whitespace() {
        let now = state.now;
        let key = key.parse().unwrap_or_else(|_| panic!("a key: {key}"));
        let _ = update(&mut state, now, Msg::Key(key));
        settle(place, &mut state);
    }
    shown_elsewhere(&mut state);
    state
}

/// The same view after all servers have kept silent for a while.
pub fn silent(name: &str, size: (u16, u16)) -> State {
    let mut state = scene(name, size);
    let later = state.now + chrono::TimeDelta::seconds(40);
    for want in demand::wants(&state) {
        let Some(ask) = demand::ask(&state, &want.key) else { continue };
        let source = ask.key().source();
        let shown = SHOWN.iter().find(|(one, _)| *one == source).map_or("", |(_, url)| url);
        let words = format!("{} refuses connections", shown.trim_start_matches("http://"));
        let (epoch, fault) = (state.epoch, Fault::new(FaultKind::Connect, words));
        let msg = Msg::Answered { ask, epoch, at: later, outcome: Box::new(Err(fault)) };
        let _ = update(&mut state, later, msg);
    }
    state.now = later;
    state.notice = None;
    state
}

fn settle(place: &Place, state: &mut State) {
    let clock = place.start.clock;
    let clients = Clients::with_clock(place.embedded.sources(), clock);
    place.runtime.block_on(headless::settle(state, clients, clock, Duration::from_secs(300)));
}
