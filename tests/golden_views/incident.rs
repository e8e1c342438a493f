//! The incident view: live, incomplete, unsure, of a bundle, while it is looked for, and the suggestion on the overview.

use std::sync::Arc;

use plantao::command::CommandId;
use plantao::explore::incident::Found;
use plantao::message::Msg;
use plantao::model::{Heard, SourceKind};
use plantao::state::{Bundle, Seal, State, View};
use plantao::ui::Glyphs;
use plantao::update::update;

use crate::hospital_state::{Scene, overview};
use crate::incident_of::{evidence, found, partial, unsure};
use crate::looks::{LARGE, SMALL, check, draw, theme};

/// The console with the view open, and what an investigation brought.
pub fn opened(size: (u16, u16), found: Option<Arc<Found>>, keys: &str) -> State {
    let mut state = overview(Scene::Incident, size);
    send(&mut state, Msg::Command(CommandId::Incident));
    if let Some(found) = found {
        let number = state.incidents.numbers;
        send(&mut state, Msg::Investigated { number, outcome: Box::new(Ok(found)) });
    }
    assert_eq!(*state.view(), View::Incident);
    for key in keys.split_whitespace() {
        send(&mut state, Msg::Key(key.parse().expect("a key")));
    }
    state.notice = None;
    state
}

fn send(state: &mut State, msg: Msg) {
    let now = state.now;
    let _ = update(state, now, msg);
}

fn now() -> plantao::model::Time {
    crate::hospital_state::time(crate::hospital_state::NOW)
}

/// The README's picture.
pub fn picture() -> State {
    opened(LARGE, Some(found(now())), "down n n")
}

/// The same from a bundle.
fn of_bundle(size: (u16, u16), seal: Seal) -> State {
    let mut state = opened(size, Some(found(now())), "n n");
    state.bundle = Some(Bundle { evidence: Arc::new(evidence(now())), seal });
    state.context = Some("INC-20261122030607".to_owned());
    state.setup.role = plantao::model::Role::Viewer;
    state
}

/// It is looked for, and one of the servers is slow.
fn heard(size: (u16, u16)) -> State {
    let mut state = opened(size, None, "");
    let of = |source, ended, waiting| Heard { source, ended, waiting };
    let heard = vec![
        of(SourceKind::Prometheus, 33, 0),
        of(SourceKind::Alertmanager, 1, 0),
        of(SourceKind::Loki, 4, 8),
        of(SourceKind::Tempo, 2, 32),
    ];
    let number = state.incidents.numbers;
    send(&mut state, Msg::Heard { number, heard });
    state
}

/// Somebody looks at an hour of yesterday, and asks what broke then.
fn of_yesterday(size: (u16, u16)) -> State {
    let then = now() - chrono::TimeDelta::hours(26);
    let mut state = overview(Scene::Incident, size);
    state.window = plantao::model::Window::Past { start: then - chrono::TimeDelta::hours(1), end: then };
    send(&mut state, Msg::Command(CommandId::Incident));
    let asked = state.incidents.asked.clone().expect("an inquiry");
    assert_eq!(asked.window.map(|window| window.end), Some(then), "about that hour");
    let number = state.incidents.numbers;
    send(&mut state, Msg::Investigated { number, outcome: Box::new(Ok(found(then))) });
    state.notice = None;
    state
}

fn drawn(name: &str, of: &dyn Fn((u16, u16)) -> State) {
    for size in [SMALL, LARGE] {
        let buffer = draw(&of(size), &theme("dark"), &Glyphs::UNICODE);
        check(&format!("view-incident-{name}-{}x{}", size.0, size.1), "dark", &buffer);
    }
    let large = of(LARGE);
    check(
        &format!("view-incident-{name}-mono-120x40"),
        "mono",
        &draw(&large, &theme("mono"), &Glyphs::UNICODE),
    );
    let small = of(SMALL);
    check(
        &format!("view-incident-{name}-mono-80x24"),
        "mono",
        &draw(&small, &theme("mono"), &Glyphs::UNICODE),
    );
    check(
        &format!("view-incident-{name}-mono-ascii-80x24"),
        "mono",
        &draw(&small, &theme("mono"), &Glyphs::ASCII),
    );
}

#[test]
fn the_incident_in_every_state() {
    drawn("causes", &|size| opened(size, Some(found(now())), "down"));
    drawn("signals", &|size| opened(size, Some(found(now())), "tab down n n"));
    drawn("incomplete", &|size| opened(size, Some(partial(now())), ""));
    drawn("unsure", &|size| opened(size, Some(unsure(now())), ""));
    drawn("looking", &|size| opened(size, None, ""));
    drawn("heard", &heard);
    drawn("past", &of_yesterday);
    drawn("playbook", &|size| opened(size, Some(found(now())), "j j j j j j"));
    drawn("bundle", &|size| of_bundle(size, Seal::Holds));
    drawn("broken-seal", &|size| of_bundle(size, Seal::Broken));
}

#[test]
fn a_suggestion_stands_under_the_alerts() {
    for size in [SMALL, LARGE] {
        let mut state = overview(Scene::Incident, size);
        state.incidents.suggested = Some(found(now()));
        let buffer = draw(&state, &theme("dark"), &Glyphs::UNICODE);
        check(&format!("view-overview-suggestion-{}x{}", size.0, size.1), "dark", &buffer);
    }
}
