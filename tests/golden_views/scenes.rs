//! Every view of the console by name, as a state.

use plantao::command::CommandId as Do;
use plantao::demo::FaultKind;
use plantao::keymap::{Key, KeyCode};
use plantao::message::Msg;
use plantao::state::{Demo, PlannedFault, State, View};
use plantao::update::update;

use crate::hospital_state::{self as hospital, Scene};

/// What stands on every page of the pack, and the lists.
pub const VIEWS: [&str; 14] = [
    "overview",
    "department/cardiology",
    "department/emergency",
    "department/surgery",
    "department/icu",
    "hardware",
    "models",
    "security",
    "compliance",
    "healthcare",
    "technical",
    "alerts",
    "silences",
    "sources",
];

/// A view, or one of its states that take steps to reach.
pub fn scene(name: &str, scene: Scene, size: (u16, u16)) -> State {
    let alerts = || hospital::named(scene, size, "alerts");
    match name {
        "detail" => hospital::detail(scene, size, "AIModelInferenceLatency"),
        "detail-heat" => hospital::detail(scene, size, "MacStudioThermalThrottling"),
        "detail-silenced" => hospital::detail(scene, size, "SUSBedOccupancyThresholdExceeded"),
        "alerts-all" => after(alerts(), scene, &[Do::Muted]),
        "alerts-grouped" => after(alerts(), scene, &[Do::Muted, Do::Group]),
        "alerts-selected" => after(alerts(), scene, &[Do::Down, Do::Select, Do::Select]),
        "alerts-filter" => typed(after(alerts(), scene, &[Do::Filter]), "latency"),
        "demo-hint" => embedded(hospital::overview(scene, size)),
        "demo-faults" => after(embedded(hospital::overview(scene, size)), scene, &[Do::Faults, Do::Down]),
        tour if tour.starts_with("demo-tour-") => {
            let steps: usize = tour["demo-tour-".len()..].parse().expect("the number of a step");
            let state = after(embedded(hospital::overview(scene, size)), scene, &[Do::Tour]);
            after(state, scene, &vec![Do::TourNext; steps - 1])
        }
        "help" => after(hospital::overview(scene, size), scene, &[Do::Help]),
        "palette" => typed(after(hospital::overview(scene, size), scene, &[Do::Palette]), "dep"),
        "choose" => after(hospital::overview(scene, size), scene, &[Do::SwitchTheme]),
        "frozen" => after(hospital::overview(scene, size), scene, &[Do::Freeze]),
        // Half an hour later, looking back at the incident.
        "past" | "past-alerts" => {
            let view = if name == "past" { "overview" } else { "alerts" };
            let mut state = hospital::named(scene, size, view);
            state.now += chrono::TimeDelta::seconds(29 * 60);
            after(state, scene, &[Do::TimeBack])
        }
        "panel" => {
            let mut state = hospital::named(scene, size, "models");
            let pane = "models.models_p95".into();
            state.stack.push(View::Panel { page: "models".into(), department: None, pane });
            hospital::settle(&mut state, scene);
            state
        }
        view => hospital::named(scene, size, view),
    }
}

/// The same console on an embedded place: one fault under way, one mended.
fn embedded(mut state: State) -> State {
    let now = state.now;
    let ago = |minutes| Some(now - chrono::TimeDelta::minutes(minutes));
    let faults = FaultKind::ALL.map(|kind| PlannedFault {
        name: kind.as_str().into(),
        since: match kind {
            FaultKind::Thermal => ago(12),
            FaultKind::NetworkDelay => ago(40),
            _ => None,
        },
        until: if kind == FaultKind::NetworkDelay { ago(3) } else { None },
    });
    state.demo = Some(Demo { faults: faults.into(), hint: true, tour: None });
    state.context = Some("demo:hospital".to_owned());
    state
}

fn after(mut state: State, scene: Scene, ids: &[Do]) -> State {
    hospital::command(&mut state, scene, ids);
    state
}

fn typed(mut state: State, text: &str) -> State {
    let now = state.now;
    for c in text.chars() {
        let _ = update(&mut state, now, Msg::Key(Key::plain(KeyCode::Char(c))));
    }
    state
}
