//! A long alert list is joined beside the loop: nothing waits for it, and nothing half-known shows.

use plantao::command::CommandId as Do;
use plantao::message::{ActiveContext, Effect, Joining, Msg};
use plantao::model::Alert;
use plantao::update::beside;
use plantao::view::vm::{Body, PaneState};

use crate::desk::{Desk, alert};

/// So many that the loop must not join them.
fn many(prefix: &str, count: usize) -> Vec<Alert> {
    (0..count)
        .map(|at| {
            let name = format!("{prefix}{at:05}");
            alert(&format!("f-{name}"), &[("alertname", &name), ("severity", "critical")])
        })
        .collect()
}

fn the_join(effects: Vec<Effect>) -> Joining {
    match <[Effect; 1]>::try_from(effects) {
        Ok([Effect::Join(joining)]) => joining,
        other => panic!("not a join alone: {other:?}"),
    }
}

fn done(joining: Joining) -> Msg {
    Msg::Joined(Box::new(beside::run(joining)))
}

/// What the person notices of the effects.
fn heard(effects: Vec<Effect>) -> Vec<Effect> {
    effects
        .into_iter()
        .filter(|effect| !matches!(effect, Effect::Discard(_) | Effect::Investigate(_)))
        .collect()
}

fn state_of_the_list(desk: &mut Desk) -> PaneState {
    desk.command(Do::Alerts);
    match desk.screen().body {
        Body::Alerts(alerts) => alerts.state,
        other => panic!("not the alerts: {other:?}"),
    }
}

#[test]
fn an_answer_counts_only_when_its_join_has_come_back() {
    let mut desk = Desk::new();
    desk.rules(vec![]);
    let joining = the_join(desk.alerts(many("A", 1500)));
    assert_eq!(desk.names().len(), 0);
    assert_eq!(state_of_the_list(&mut desk), PaneState::Loading, "not known is not none");
    desk.send(done(joining));
    assert_eq!(desk.names().len(), 1500);
    assert_eq!(state_of_the_list(&mut desk), PaneState::Ready);
}

#[test]
fn what_comes_meanwhile_waits_and_the_newest_of_it_counts() {
    let mut desk = Desk::new();
    desk.calm();
    let first = the_join(desk.alerts(many("A", 1500)));
    assert_eq!(desk.alerts(many("B", 1600)), []);
    assert_eq!(desk.alerts(many("C", 1700)), []);
    assert_eq!(desk.rules(vec![]), []);
    let mut joins = 0;
    let mut next = desk.send(done(first));
    while let Some(at) = next.iter().position(|effect| matches!(effect, Effect::Join(_))) {
        let Effect::Join(joining) = next.swap_remove(at) else { unreachable!() };
        joins += 1;
        next = desk.send(done(joining));
    }
    assert!(joins <= 2, "an answer that a newer one has replaced is not joined");
    assert_eq!(desk.names().len(), 1700);
    assert!(desk.names()[0].starts_with('C'));
}

#[test]
fn the_person_goes_on_meanwhile() {
    let mut desk = Desk::new();
    desk.calm();
    desk.command(Do::Alerts);
    let first = the_join(desk.alerts(many("A", 1500)));
    desk.send(done(first));
    let second = the_join(desk.alerts(many("A", 1600)));
    desk.command(Do::Down);
    desk.command(Do::Down);
    desk.command(Do::Filter);
    desk.type_text("A0000");
    desk.keys("enter");
    let here = desk.names();
    assert_eq!(here.len(), 10);
    desk.send(done(second));
    assert_eq!(desk.names(), here, "the filter typed meanwhile holds for the new list");
    assert_eq!(desk.state.list.rows.len(), 1600);
}

#[test]
fn a_new_critical_alert_is_heard_once() {
    let mut desk = Desk::new();
    desk.calm();
    let first = the_join(desk.alerts(many("A", 1500)));
    let effects = heard(desk.send(done(first)));
    assert!(matches!(&effects[..], [Effect::Announce(_)]), "they are news: {effects:?}");
    let second = the_join(desk.alerts(many("A", 1501)));
    let effects = heard(desk.send(done(second)));
    assert!(matches!(&effects[..], [Effect::Announce(text)] if text.contains("A01500")), "{effects:?}");
    let third = the_join(desk.alerts(many("A", 1501)));
    assert_eq!(heard(desk.send(done(third))), []);
}

#[test]
fn a_join_of_other_servers_is_not_shown() {
    let mut desk = Desk::new();
    desk.calm();
    let first = the_join(desk.alerts(many("A", 1500)));
    desk.send(Msg::Context(Box::new(ActiveContext {
        name: "day".to_owned(),
        sources: desk.state.setup.sources.clone(),
        page_interval_s: desk.state.setup.page_interval_s.clone(),
    })));
    desk.alerts(many("B", 3));
    desk.send(done(first));
    assert_eq!(desk.names().len(), 3, "what its own servers answered meanwhile had to wait, no more");
}

#[test]
fn a_join_that_is_lost_holds_nothing_back() {
    let mut desk = Desk::new();
    desk.calm();
    let _lost = the_join(desk.alerts(many("A", 1500)));
    assert_eq!(desk.alerts(many("B", 2)), []);
    desk.send(Msg::JoinLost);
    assert_eq!(desk.names().len(), 2);
}
