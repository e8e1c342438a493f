//! The console's state as it stands on three moments of a hospital, made without network and clock:
//! every question that `demand::wants` names is answered by a model of the hospital, through
//! `update`, as the runtime does.

// Each test program uses its own part of this.
#![allow(dead_code)]

#[path = "hospital_state/alerts.rs"]
pub mod alerts;
#[path = "hospital_state/metrics.rs"]
pub mod metrics;
#[path = "hospital_state/promql.rs"]
pub mod promql;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use plantao::command::CommandId;
use plantao::keymap::Keymap;
use plantao::message::Msg;
use plantao::model::ask::{About, Answer, Answered, Ask, Key, Target, TargetHealth};
use plantao::model::{Fault, FaultKind, Labels, Point, Sample, Series, SourceId, SourceKind, Time, Window};
use plantao::pack::{self, Pack};
use plantao::state::{Setup, State, View, demand, view_by_name};
use plantao::theme::Theme;
use plantao::update::update;
use plantao::{text, view};

use metrics::World;

/// The moment of every scene: 2026-11-22T06:12:07Z, which is 03:12 in the hospital.
pub const NOW: i64 = 1_795_327_927;
/// How long the servers have been silent in the scene of that name.
const SILENT_S: i64 = 40;

/// What happens in the hospital.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scene {
    /// Nothing fires, and the dead-man's switch is alive.
    Calm,
    /// Six minutes ago the machine became too hot.
    Incident,
    /// The same, with too little memory left; for 40 s neither Alertmanager nor Prometheus has
    /// answered, and the machine's own page is all there is.
    Unknown,
}

/// Unix seconds as a time.
pub fn time(seconds: i64) -> Time {
    chrono::DateTime::from_timestamp(seconds, 0).expect("a moment")
}

/// The shipped pack.
pub fn hospital() -> Arc<Pack> {
    static PACK: OnceLock<Arc<Pack>> = OnceLock::new();
    PACK.get_or_init(|| Arc::new(pack::load("hospital", &[]).expect("the shipped pack loads"))).clone()
}

fn setup() -> Setup {
    let page: Arc<str> = "mac-studio".into();
    let sources = [
        (SourceId::PROMETHEUS, "http://mac-studio:9090"),
        (SourceId::ALERTMANAGER, "http://mac-studio:9093"),
        (SourceId::LOKI, "http://mac-studio:3100"),
        (SourceId::TEMPO, "http://mac-studio:3200"),
        (SourceId::Page(page.clone()), "http://mac-studio:9100/metrics"),
    ];
    Setup {
        pack: hospital(),
        text: &text::EN,
        keymap: Arc::new(Keymap::shipped()),
        operator: "ana".to_owned(),
        role: plantao::model::Role::Admin,
        ack_s: 900,
        reveal_s: Some(20),
        contexts: vec!["hospital".to_owned(), "clinic".to_owned()],
        themes: Theme::names(&[]),
        sources: sources.into_iter().map(|(source, url)| (source, url.to_owned())).collect(),
        page_interval_s: BTreeMap::from([(page, 15)]),
        interval_s: 5,
        announce: false,
    }
}

/// A console on the overview that has asked nothing yet.
pub fn fresh(size: (u16, u16)) -> State {
    let mut state = State::new(setup(), time(NOW), size, Window::DEFAULT);
    state.context = Some("real-portuguese".to_owned());
    "dark".clone_into(&mut state.theme);
    state
}

/// The overview of a scene, settled.
pub fn overview(scene: Scene, size: (u16, u16)) -> State {
    let mut state = fresh(size);
    settle(&mut state, scene);
    state
}

/// A view of a scene by its name, settled.
pub fn named(scene: Scene, size: (u16, u16), name: &str) -> State {
    let mut state = fresh(size);
    let view = view_by_name(&state.setup.pack, name).unwrap_or_else(|| panic!("no view {name}"));
    state.stack.push(view);
    settle(&mut state, scene);
    state
}

/// The detail of the first alert of a name, settled.
pub fn detail(scene: Scene, size: (u16, u16), name: &str) -> State {
    let mut state = named(scene, size, "alerts");
    let row = state.list.rows.iter().find(|row| row.alert.name() == name);
    let fingerprint = row.unwrap_or_else(|| panic!("no alert {name}")).alert.fingerprint.clone();
    state.stack.push(View::Detail(fingerprint));
    settle(&mut state, scene);
    state
}

/// Carries out commands, each followed by the answers to what it made the console ask.
pub fn command(state: &mut State, scene: Scene, ids: &[CommandId]) {
    for id in ids {
        let now = state.now;
        let _ = update(state, now, Msg::Command(*id));
        settle(state, scene);
    }
    state.notice = None;
}

/// Answers everything that the view in sight asks, until it asks nothing new.
pub fn settle(state: &mut State, scene: Scene) {
    let now = state.now;
    if scene == Scene::Unknown {
        answer_all(state, scene, now - chrono::TimeDelta::seconds(SILENT_S), &|_| None);
        answer_all(state, scene, now, &fault);
    } else {
        answer_all(state, scene, now, &|_| None);
    }
    state.now = now;
    let _ = update(state, now, Msg::Tick);
}

/// What keeps a server from answering in the scene of that name.
fn fault(source: &SourceId) -> Option<Fault> {
    match source {
        SourceId::Server(SourceKind::Prometheus) => {
            Some(Fault::new(FaultKind::Timeout, "no whole answer within 10 s"))
        }
        SourceId::Server(SourceKind::Alertmanager) => {
            Some(Fault::new(FaultKind::Connect, "connection refused (os error 111)"))
        }
        _ => None,
    }
}

fn answer_all(state: &mut State, scene: Scene, at: Time, fault: &dyn Fn(&SourceId) -> Option<Fault>) {
    state.now = at;
    let mut asked = BTreeSet::new();
    loop {
        let mut open: Vec<Key> = demand::wants(state).into_iter().map(|want| want.key).collect();
        open.retain(|key| !asked.contains(key));
        if open.is_empty() {
            return;
        }
        for key in open {
            let ask = demand::ask(state, &key);
            let source = key.source();
            asked.insert(key);
            let Some(ask) = ask else { continue };
            let outcome = match fault(&source) {
                Some(fault) => Err(fault),
                None => Ok(answered(&ask, scene, at)),
            };
            let epoch = state.epoch;
            let _ = update(state, at, Msg::Answered { ask, epoch, at, outcome: Box::new(outcome) });
        }
    }
}

fn answered(ask: &Ask, scene: Scene, at: Time) -> Answered {
    let world = World { scene, t: at.timestamp() };
    let answer = match ask {
        Ask::Instant { query, at } => {
            let world = World { t: at.timestamp(), ..world };
            Answer::Vector(samples(promql::eval(query, world), world))
        }
        Ask::Range { query, start, end, step_s } => {
            Answer::Matrix(matrix(query, scene, start.timestamp(), end.timestamp(), i64::from(*step_s)))
        }
        Ask::Plain(key) => plain(key, world),
        // Explorers are drawn from the embedded hospital (`golden_views::embedded`), not from here.
        Ask::Window { key, .. } => panic!("nobody answers {key:?} here"),
    };
    let took_ms = match ask.key().source() {
        SourceId::Server(SourceKind::Prometheus) => 12,
        SourceId::Server(SourceKind::Alertmanager) => 8,
        SourceId::Server(SourceKind::Loki) => 31,
        SourceId::Server(_) => 24,
        SourceId::Page(_) => 6,
    };
    Answered { answer, took_ms, warnings: Vec::new(), clock_skew_s: Some(0) }
}

fn samples(vector: Vec<(Labels, f64)>, world: World) -> Vec<Sample> {
    let at = time(world.t);
    vector.into_iter().map(|(labels, value)| Sample { labels, at, value }).collect()
}

fn matrix(query: &str, scene: Scene, start: i64, end: i64, step: i64) -> Vec<Series> {
    let mut all: Vec<Series> = Vec::new();
    let mut t = start;
    while t <= end {
        for (labels, v) in promql::eval(query, World { scene, t }) {
            let point = Point { t: t * 1000, v };
            match all.iter_mut().find(|series| series.labels == labels) {
                Some(series) => series.points.push(point),
                None => all.push(Series { labels, points: vec![point] }),
            }
        }
        t += step;
    }
    all
}

fn plain(key: &Key, world: World) -> Answer {
    let about = |version: &str, words: &str| {
        Answer::About(About {
            version: version.into(),
            since: Some(time(NOW - 3 * 86_400)),
            ready: Some(true),
            words: words.into(),
        })
    };
    match key {
        Key::Rules => Answer::Rules(alerts::rules(world)),
        Key::Alerts => Answer::Alerts(alerts::alerts(world)),
        Key::Silences => Answer::Silences(alerts::silences(world)),
        Key::ExternalLabels => Answer::ExternalLabels(alerts::external()),
        Key::Status => about("0.25.0", ""),
        Key::BuildInfo(source) => match source.kind() {
            SourceKind::Prometheus => about("2.42.0", ""),
            SourceKind::Loki => about("3.7.6", ""),
            _ => about("3.0.3", ""),
        },
        Key::Ready(_) => about("", "ready"),
        Key::Targets => Answer::Targets(targets(world)),
        Key::Page(_) => {
            let names = [
                "mac_studio_cpu_usage_percent",
                "mac_studio_gpu_usage_percent",
                "mac_studio_memory_bytes",
                "mac_studio_thermal_state",
            ];
            let bare = |labels: Labels| labels.without(&["job", "instance"]);
            let all = names.into_iter().flat_map(|name| metrics::values(name, world));
            Answer::Page(samples(all.map(|(labels, value)| (bare(labels), value)).collect(), world))
        }
        other => panic!("nothing in a view asks for {other:?}"),
    }
}

fn targets(world: World) -> Vec<Target> {
    metrics::values("up", world)
        .into_iter()
        .enumerate()
        .map(|(at, (labels, _))| Target {
            job: labels.get("job").unwrap_or("").into(),
            instance: labels.get("instance").unwrap_or("").into(),
            health: TargetHealth::Up,
            last_scrape: Some(time(world.t - 2 - at as i64 * 2)),
            last_error: "".into(),
        })
        .collect()
}

/// The view-model of a state.
pub fn screen(state: &State) -> view::vm::Screen {
    view::build(state)
}
