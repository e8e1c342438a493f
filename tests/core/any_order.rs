//! Whatever happens in whatever order, the console stands and its cursors are in range.

use plantao::command::{COMMANDS, CommandId};
use plantao::export;
use plantao::message::{ActiveContext, Msg, Target};
use plantao::model::{Fault, FaultKind, Window};
use plantao::state::{Extent, Overlay, View, demand};
use plantao::store::Origin;
use proptest::prelude::*;

use crate::desk::{Desk, PAGE, all_sources, answered, at, critical, press, usual, with_value};

#[derive(Clone, Debug)]
enum Act {
    Press(&'static str),
    Run(CommandId),
    /// Answers the wanted question at this place with this value, or fails it.
    Answer(usize, Option<f64>),
    Alerts(usize),
    Rules,
    Stale(usize),
    Size(u16, u16),
    Pass(i64),
    Paste(String),
    Click(Target),
    Wheel(i32),
    Context(bool),
    Theme(bool),
    Drawn(u16, u16),
}

const KEYS: &[&str] = &[
    "up",
    "down",
    "left",
    "right",
    "pageup",
    "pagedown",
    "home",
    "end",
    "enter",
    "esc",
    "tab",
    "space",
    "backspace",
    "1",
    "2",
    "3",
    "4",
    "5",
    "6",
    "[",
    "]",
    "0",
    "+",
    "-",
    "f",
    "u",
    ":",
    "/",
    "?",
    "c",
    "t",
    "o",
    "O",
    "b",
    "m",
    "y",
    "a",
    "x",
    "é",
    "ctrl-u",
    "ctrl-w",
    "ctrl-z",
    "ctrl-l",
    "f1",
];

fn act() -> impl Strategy<Value = Act> {
    let value = prop_oneof![
        Just(f64::NAN),
        Just(f64::INFINITY),
        Just(f64::NEG_INFINITY),
        Just(0.0),
        Just(-1e308),
        Just(1e308),
        any::<f64>()
    ];
    let target = prop_oneof![
        (0_usize..20).prop_map(Target::Box),
        (0_usize..20, 0_usize..20).prop_map(|(one, row)| Target::BoxRow(one, row)),
        (0_usize..60).prop_map(Target::Row),
        (0_usize..9).prop_map(Target::Lamp),
        (0_usize..9).prop_map(Target::Source),
        (0_usize..20).prop_map(Target::Entry),
        Just(Target::Outside),
    ];
    prop_oneof![
        8 => prop::sample::select(KEYS).prop_map(Act::Press),
        6 => (0..COMMANDS.len()).prop_map(|at| Act::Run(COMMANDS[at].id)),
        6 => (0_usize..200, prop::option::weighted(0.8, value)).prop_map(|(at, value)| Act::Answer(at, value)),
        3 => (0_usize..80).prop_map(Act::Alerts),
        1 => Just(Act::Rules),
        1 => (0_usize..50).prop_map(Act::Stale),
        2 => (0_u16..320, 0_u16..120).prop_map(|(w, h)| Act::Size(w, h)),
        2 => (0_i64..4000).prop_map(Act::Pass),
        1 => "\\PC{0,20}".prop_map(Act::Paste),
        2 => target.prop_map(Act::Click),
        1 => (-9_i32..9).prop_map(Act::Wheel),
        1 => any::<bool>().prop_map(Act::Context),
        1 => any::<bool>().prop_map(Act::Theme),
        1 => (0_u16..400, 0_u16..100).prop_map(|(content, viewport)| Act::Drawn(content, viewport)),
    ]
}

fn perform(desk: &mut Desk, act: Act) {
    match act {
        Act::Press(key) => drop(desk.send(Msg::Key(press(key)))),
        Act::Run(id) => drop(desk.command(id)),
        Act::Answer(at, value) => {
            let wants = demand::wants(&desk.state);
            let Some(want) = wants.get(at % wants.len().max(1)) else { return };
            let Some(ask) = demand::ask(&desk.state, &want.key) else { return };
            let outcome = match value {
                Some(value) => Ok(answered(with_value(&ask, value))),
                None => Err(Fault::new(FaultKind::Timeout, "late")),
            };
            desk.tell(ask, outcome);
        }
        Act::Alerts(count) => {
            if desk.state.window.is_live() && desk.state.has(&plantao::model::SourceId::ALERTMANAGER) {
                desk.alerts((0..count).map(|n| critical(&format!("A{n}"))).collect());
            }
        }
        Act::Rules => drop(desk.rules(vec![])),
        Act::Stale(at) => {
            let wants = demand::wants(&desk.state);
            let Some(want) = wants.get(at % wants.len().max(1)) else { return };
            let Some(ask) = demand::ask(&desk.state, &want.key) else { return };
            let (epoch, moment) = (desk.state.epoch.wrapping_sub(1), crate::desk::at(desk.now));
            let outcome = Box::new(Ok(answered(usual(&ask))));
            desk.send(Msg::Answered { ask, epoch, at: moment, outcome });
        }
        Act::Size(w, h) => drop(desk.send(Msg::Resize(w, h))),
        Act::Pass(seconds) => drop(desk.pass(seconds)),
        Act::Paste(text) => drop(desk.send(Msg::Paste(text))),
        Act::Click(target) => drop(desk.send(Msg::Click(target))),
        Act::Wheel(lines) => drop(desk.send(Msg::Scroll(lines, None))),
        Act::Context(all) => {
            let sources =
                all_sources().into_iter().filter(|_| all).map(|one| (one, "http://x".to_owned())).collect();
            let page_interval_s = [(PAGE.into(), 15)].into();
            let name = if all { "day" } else { "night" }.to_owned();
            desk.send(Msg::Context(Box::new(ActiveContext { name, sources, page_interval_s })));
        }
        Act::Theme(good) => {
            let loaded = if good { Ok("light".to_owned()) } else { Err("no such theme".to_owned()) };
            desk.send(Msg::Theme(loaded));
        }
        Act::Drawn(content, viewport) => drop(desk.send(Msg::Drawn(Extent { content, viewport }))),
    }
}

/// What holds after every message. `epoch` is the one before it.
fn check(desk: &Desk, epoch: u64) -> Result<(), TestCaseError> {
    let state = &desk.state;
    prop_assert!(!state.stack.is_empty() && state.stack.len() <= 33, "{:?}", state.stack);
    prop_assert!(state.epoch >= epoch);
    let place = &state.places.alerts;
    let list = state.shown_list();
    prop_assert!(place.cursor < list.lines.len().max(1), "cursor {} of {}", place.cursor, list.lines.len());
    prop_assert!(place.offset <= place.cursor && place.cursor < place.offset + state.list_height());
    prop_assert!(list.needs_somebody.iter().all(|at| *at < list.rows.len()));
    if let Some(Overlay::Palette(prompt) | Overlay::Filter(prompt)) = &state.overlay {
        prop_assert!(prompt.cursor <= prompt.text.chars().count());
    }
    if let Window::Past { start, end } = state.window {
        prop_assert!(start < end && end < at(desk.now));
        prop_assert!(
            state.list.rows.iter().all(|row| row.origin == Origin::Series),
            "a live alert in the past"
        );
    }
    if let View::Page { department: Some(at), .. } = state.view() {
        prop_assert!(*at < state.setup.pack.departments.len());
    }
    let _ = desk.screen();
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn nothing_breaks_the_console(acts in proptest::collection::vec(act(), 1..40)) {
        let mut desk = Desk::new();
        for act in acts {
            let epoch = desk.state.epoch;
            perform(&mut desk, act);
            check(&desk, epoch)?;
        }
        let json = export::view_json(&desk.state, &desk.screen(), "any");
        prop_assert!(serde_json::from_str::<serde_json::Value>(&json).is_ok());
        // However deep: back leads to the first view, and stays there.
        desk.state.overlay = None;
        for _ in 0..40 {
            desk.command(CommandId::Back);
        }
        prop_assert_eq!(desk.state.stack.len(), 1);
    }
}

#[test]
fn every_command_in_every_view_under_every_overlay() {
    let overlays = [
        None,
        Some(CommandId::Palette),
        Some(CommandId::Help),
        Some(CommandId::SwitchContext),
        Some(CommandId::Filter),
    ];
    let views = [
        CommandId::Overview,
        CommandId::Alerts,
        CommandId::Department,
        CommandId::Hardware,
        CommandId::Models,
        CommandId::Sources,
    ];
    for filled in [false, true] {
        let mut start = Desk::new();
        if filled {
            start.calm();
            start.alerts((0..50).map(|n| critical(&format!("A{n}"))).collect());
        }
        for view in views {
            for deeper in [false, true] {
                let mut here = start.clone();
                here.command(view);
                if deeper {
                    here.command(CommandId::Open);
                }
                for overlay in overlays {
                    for command in COMMANDS {
                        let mut desk = here.clone();
                        overlay.map(|id| desk.command(id));
                        let epoch = desk.state.epoch;
                        desk.command(command.id);
                        if let Err(error) = check(&desk, epoch) {
                            panic!("{view:?} deeper {deeper} under {overlay:?}: {}: {error}", command.name);
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn back_returns_by_the_way_one_came() {
    let mut desk = Desk::new();
    desk.alerts(vec![critical("A")]);
    let first = desk.state.view().clone();
    desk.command(CommandId::Hardware);
    let second = desk.state.view().clone();
    desk.command(CommandId::Alerts);
    desk.command(CommandId::Open);
    assert_eq!(*desk.state.view(), View::Detail("f-A".into()));
    desk.keys("backspace");
    assert_eq!(*desk.state.view(), View::Alerts);
    desk.keys("esc");
    assert_eq!(*desk.state.view(), second);
    desk.keys("esc");
    assert_eq!(*desk.state.view(), first);
}
