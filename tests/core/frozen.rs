//! A held screen: what it shows stays, what arrives is kept.

use plantao::command::CommandId;
use plantao::message::Effect;
use plantao::model::ask::{Answer, Key};
use plantao::model::{Sample, Time};
use plantao::state::View;

use crate::desk::{Desk, at, critical, labels};

fn listed(names: &[&str]) -> Desk {
    let mut desk = Desk::new();
    desk.alerts(names.iter().map(|name| critical(name)).collect());
    desk.rules(vec![]);
    desk.answer(&Key::Silences, Answer::Silences(vec![]));
    desk.answer(&Key::ExternalLabels, Answer::ExternalLabels(labels(&[])));
    desk.command(CommandId::Alerts);
    desk
}

#[test]
fn the_screen_stays_while_answers_arrive_and_release_shows_them() {
    let mut desk = listed(&["A", "B"]);
    desk.command(CommandId::Freeze);
    desk.now += 60;
    let held = desk.screen();
    let effects = desk.alerts(vec![critical("New")]);
    assert!(matches!(&effects[..], [Effect::Announce(_)]), "a new critical is heard all the same");
    let after = desk.screen();
    assert_eq!((after.header, after.body), (held.header, held.body), "nothing of it is seen");
    assert_eq!(desk.names(), ["A", "B"]);
    desk.command(CommandId::Freeze);
    assert_eq!(desk.names(), ["New"]);
    assert!(desk.state.held.is_none());
}

#[test]
fn keys_act_on_the_list_in_sight_not_on_the_one_behind_it() {
    let mut desk = listed(&["B", "C"]);
    desk.command(CommandId::Down);
    desk.command(CommandId::Freeze);
    // Behind the held screen another alert comes first and C has gone.
    desk.alerts(vec![critical("A"), critical("B"), critical("D")]);
    assert_eq!(desk.names(), ["B", "C"]);
    desk.command(CommandId::Select);
    assert!(desk.state.places.alerts.selected.contains("f-C"));
    let copied = desk.command(CommandId::Copy);
    assert!(matches!(&copied[..], [Effect::Copy(text)] if text.contains("\"C\"")), "{copied:?}");
    desk.command(CommandId::Open);
    assert_eq!(*desk.state.view(), View::Detail("f-C".into()));
    desk.command(CommandId::Back);
    desk.command(CommandId::Freeze);
    assert!(desk.state.places.alerts.selected.is_empty(), "released, what has gone is no longer selected");
    assert_eq!(desk.names(), ["A", "B", "D"]);
}

#[test]
fn the_cursor_stays_on_its_alert_through_release() {
    let mut desk = listed(&["B", "C"]);
    desk.command(CommandId::Freeze);
    desk.alerts(vec![critical("A"), critical("B")]);
    assert_eq!(desk.state.places.alerts.cursor, 0);
    desk.command(CommandId::Freeze);
    assert_eq!(desk.state.places.alerts.cursor, 1, "on B");
}

#[test]
fn order_and_filter_work_on_a_held_list() {
    let mut desk = listed(&["B", "C"]);
    desk.command(CommandId::Freeze);
    desk.alerts(vec![critical("A")]);
    desk.keys("/");
    desk.type_text("alertname=C");
    assert_eq!(desk.names(), ["C"]);
    desk.keys("esc");
    assert_eq!(desk.names(), ["B", "C"]);
}

#[test]
fn the_dead_man_s_switch_is_held_too() {
    let mut desk = listed(&[]);
    desk.command(CommandId::Freeze);
    let before = plantao::view::alerts::watchdog(&desk.state);
    desk.answer(&Key::Alerts, Answer::Alerts(vec![]));
    assert_eq!(plantao::view::alerts::watchdog(&desk.state), before);
    desk.command(CommandId::Freeze);
    assert_ne!(plantao::view::alerts::watchdog(&desk.state), before);
}

#[test]
fn another_window_lets_go() {
    let mut desk = listed(&["A"]);
    desk.command(CommandId::Freeze);
    desk.command(CommandId::TimeBack);
    assert!(desk.state.held.is_none());
    assert_eq!(desk.names(), [""; 0]);
    let sample = |at: Time| Sample {
        labels: labels(&[("__name__", "ALERTS"), ("alertname", "Then"), ("alertstate", "firing")]),
        at,
        value: 1.0,
    };
    desk.answer(&Key::Instant("ALERTS".into()), Answer::Vector(vec![sample(at(-1800))]));
    assert_eq!(desk.names(), ["Then"]);
}
