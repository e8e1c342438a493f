//! Palette, filter, help, choices: by key, command and click.

use plantao::command::CommandId;
use plantao::message::{Effect, Msg, Target};
use plantao::state::{Overlay, View};

use crate::desk::{Desk, critical};

fn text(desk: &Desk) -> String {
    match &desk.state.overlay {
        Some(Overlay::Palette(prompt) | Overlay::Filter(prompt)) => prompt.text.clone(),
        other => panic!("no prompt: {other:?}"),
    }
}

#[test]
fn every_overlay_closes_by_escape_and_by_a_click_beside_it() {
    for open in [
        CommandId::Palette,
        CommandId::Help,
        CommandId::SwitchContext,
        CommandId::SwitchTheme,
        CommandId::Filter,
    ] {
        for by_click in [false, true] {
            let mut desk = Desk::new();
            desk.command(open);
            assert!(desk.state.overlay.is_some(), "{open:?}");
            let effects = if by_click { desk.send(Msg::Click(Target::Outside)) } else { desk.keys("esc") };
            assert!(desk.state.overlay.is_none() && effects.is_empty(), "{open:?} by click {by_click}");
            assert!(!desk.state.stack.is_empty());
        }
    }
}

#[test]
fn escape_on_the_first_view_leaves_nothing() {
    let mut desk = Desk::new();
    let before = desk.state.stack.clone();
    assert_eq!(desk.keys("esc"), []);
    assert_eq!(desk.state.stack, before);
}

#[test]
fn the_palette_types_edits_and_runs() {
    let mut desk = Desk::new();
    desk.keys(":");
    desk.type_text("quit now");
    desk.keys("ctrl-w backspace");
    assert_eq!(text(&desk), "quit");
    assert_eq!(desk.keys("enter"), [Effect::Quit]);
    assert!(desk.state.overlay.is_none());
}

#[test]
fn letters_that_are_keys_elsewhere_are_text_in_a_prompt() {
    let mut desk = Desk::new();
    desk.keys(":");
    assert_eq!(desk.keys("q f 0 [ g g ?"), []);
    assert_eq!(text(&desk), "qf0[gg?");
    assert!(desk.state.window.is_live() && desk.state.held.is_none());
}

#[test]
fn the_terminal_s_own_commands_work_in_a_prompt_and_keep_it() {
    let mut desk = Desk::new();
    for open in [":", "/"] {
        desk.keys(open);
        desk.type_text("x");
        for (id, effect) in [(CommandId::Suspend, Effect::Suspend), (CommandId::Redraw, Effect::Redraw)] {
            assert_eq!(desk.command(id), [effect]);
            assert_eq!(text(&desk), "x");
        }
        desk.keys("esc");
    }
}

#[test]
fn a_command_that_means_nothing_here_says_so() {
    let mut desk = Desk::new();
    desk.keys(":");
    desk.type_text("Reverse order");
    assert_eq!(desk.keys("enter"), []);
    assert!(desk.state.notice.is_some());
    desk.keys(":");
    desk.type_text("no such command at all");
    assert_eq!(desk.keys("enter"), []);
    assert!(desk.state.overlay.is_none());
}

#[test]
fn a_filter_is_seen_while_it_is_typed_kept_by_enter_and_undone_by_escape() {
    let mut desk = Desk::new();
    desk.alerts(vec![critical("A"), critical("B")]);
    desk.keys("/");
    assert_eq!(*desk.state.view(), View::Alerts, "a filter is the list's, wherever it is begun");
    desk.type_text("alertname=A");
    assert_eq!(desk.names(), ["A"]);
    desk.keys("enter /");
    desk.type_text("x");
    assert!(desk.names().is_empty());
    desk.keys("esc");
    assert_eq!(
        (desk.names(), desk.state.places.alerts.filter.as_str()),
        (vec!["A".to_owned()], "alertname=A")
    );
    desk.keys("/ ctrl-u enter");
    assert_eq!(desk.names().len(), 2);
}

#[test]
fn a_filter_that_cannot_be_read_hides_nothing_and_says_why() {
    let mut desk = Desk::new();
    desk.alerts(vec![critical("A")]);
    desk.keys("/");
    desk.type_text("a=~\"(");
    assert_eq!(desk.names(), ["A"]);
    assert!(desk.state.list.filter_error.is_some());
}

#[test]
fn other_scripts_are_edited_by_character() {
    let mut desk = Desk::new();
    desk.keys("/");
    desk.send(Msg::Paste("日本\u{1b}[31m á\n".to_owned()));
    assert_eq!(text(&desk), "日本[31m á", "and nothing of a paste runs");
    desk.keys("home delete end backspace left left backspace");
    assert_eq!(text(&desk), "本[3m ");
    desk.screen();
}

#[test]
fn a_paste_means_nothing_outside_a_prompt_and_is_bounded_inside() {
    let mut desk = Desk::new();
    let before = desk.screen();
    assert_eq!(desk.send(Msg::Paste("q:quit\n".to_owned())), []);
    assert_eq!(desk.screen(), before);
    desk.keys(":");
    desk.send(Msg::Paste("x".repeat(1_000_000)));
    assert!(text(&desk).len() <= 1000);
}

#[test]
fn a_choice_moves_inside_its_list_and_chooses() {
    let mut desk = Desk::new();
    desk.command(CommandId::SwitchTheme);
    desk.keys("up down down down");
    assert_eq!(desk.keys("enter"), [Effect::LoadTheme("light".to_owned())]);
    desk.command(CommandId::SwitchContext);
    assert_eq!(desk.send(Msg::Click(Target::Entry(0))), [Effect::SwitchContext("night".to_owned())]);
    desk.state.setup.themes.clear();
    desk.command(CommandId::SwitchTheme);
    let view = desk.state.view().clone();
    assert_eq!(desk.keys("enter"), [], "nothing to choose");
    assert_eq!((desk.state.view().clone(), desk.state.overlay.is_none()), (view, true));
}

#[test]
fn help_is_left_by_the_command_that_is_looked_up() {
    let mut desk = Desk::new();
    desk.keys("?");
    desk.keys("2");
    assert_eq!((desk.state.view().clone(), desk.state.overlay.is_none()), (View::Alerts, true));
}
