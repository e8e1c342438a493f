//! Another context: other servers, of whose predecessors nothing is left.

use plantao::command::CommandId;
use plantao::message::{ActiveContext, Effect, Msg};
use plantao::model::SourceId;
use plantao::model::ask::{Answer, Ask, Key};
use plantao::state::{Overlay, View};
use plantao::view::vm::Overlay as Drawn;

use crate::desk::{Desk, answered, at, critical};

fn other() -> Msg {
    let sources = [(SourceId::PROMETHEUS, "http://other".to_owned())].into();
    Msg::Context(Box::new(ActiveContext { name: "day".to_owned(), sources, page_interval_s: [].into() }))
}

#[test]
fn nothing_of_the_old_one_is_shown_or_gone_back_to() {
    let mut desk = Desk::new();
    desk.calm();
    desk.alerts(vec![critical("A")]);
    desk.command(CommandId::Alerts);
    desk.command(CommandId::Select);
    desk.command(CommandId::Open);
    desk.command(CommandId::Sources);
    desk.command(CommandId::Freeze);
    desk.state.pending = vec![crate::desk::press("g")];
    let epoch = desk.state.epoch;
    desk.send(other());
    let state = &desk.state;
    assert!(state.epoch > epoch);
    assert!(state.store.instants.is_empty() && state.store.health.is_empty() && state.list.rows.is_empty());
    assert!(state.held.is_none() && state.heard.is_none() && state.pending.is_empty());
    assert!(state.places.alerts.selected.is_empty());
    assert!(!state.stack.iter().any(|view| matches!(view, View::Detail(_))), "{:?}", state.stack);
    assert_eq!(state.context.as_deref(), Some("day"));
    assert!(!state.has(&SourceId::ALERTMANAGER));
}

#[test]
fn a_late_answer_of_the_old_one_is_dropped() {
    let mut desk = Desk::new();
    let old = desk.state.epoch;
    desk.send(other());
    let outcome = Box::new(Ok(answered(Answer::Alerts(vec![critical("Theirs")]))));
    desk.send(Msg::Answered { ask: Ask::Plain(Key::Alerts), epoch: old, at: at(1), outcome });
    assert!(desk.state.list.rows.is_empty() && desk.state.store.alerts.value().is_none());
    assert!(desk.state.store.health.is_empty());
}

#[test]
fn one_named_context_beside_the_file_s_own_sources_can_be_chosen() {
    let mut desk = Desk::new();
    desk.state.setup.contexts = vec!["day".to_owned()];
    desk.command(CommandId::SwitchContext);
    assert!(matches!(desk.state.overlay, Some(Overlay::Choose(_))));
    assert_eq!(desk.keys("enter"), [Effect::SwitchContext("day".to_owned())]);
    desk.send(other());
    desk.command(CommandId::SwitchContext);
    assert!(desk.state.overlay.is_none() && desk.state.notice.is_some(), "there is no other");
}

#[test]
fn there_is_a_way_back_to_the_sources_outside_of_any() {
    let mut desk = Desk::new();
    desk.state.setup.contexts = vec![String::new(), "day".to_owned()];
    desk.send(other());
    desk.command(CommandId::SwitchContext);
    let Some(Drawn::Choose { entries, cursor, .. }) = desk.screen().overlay else { panic!("a choice") };
    assert_eq!((entries[0].0.as_str(), cursor), ("(no context)", 1), "the cursor is on the present one");
    assert_eq!(desk.keys("up enter"), [Effect::SwitchContext(String::new())]);
    let back = ActiveContext { name: String::new(), sources: [].into(), page_interval_s: [].into() };
    desk.send(Msg::Context(Box::new(back)));
    assert_eq!(desk.state.context, None);
    assert!(desk.state.notice.as_ref().is_some_and(|notice| notice.text.starts_with("No context")));
}
