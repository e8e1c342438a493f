//! Revealing a line and an attribute of a span: the dialog as it is drawn, and what is asked for.

use std::sync::Arc;

use chrono::TimeDelta;
use plantao::command::CommandId as Do;
use plantao::keymap::{Key as Press, KeyCode};
use plantao::message::{Effect, Msg};
use plantao::model::ask::Answer;
use plantao::model::deed::{Order, Report};
use plantao::model::reveal::{Hidden, Place, Revealing};
use plantao::model::{Labels, LogEntry, LogPage, Raw, Role};
use plantao::state::{State, View, logs};
use plantao::ui::Glyphs;
use plantao::update::update;

use crate::hospital_state;
use crate::looks::{LARGE, SMALL, check, draw, theme};
use crate::traced::{opened, tell};
use crate::traces::{self, SLOW};

const QUERY: &str = "{service_name=\"medical-api\"} |= \"admitted\"";
const SHOWN: &str = "admitted ‹patient_name:3f9a0c11d2e4› cpf=‹cpf:9f2c1a7e55d0› bed=12 ward=icu";

fn then(state: &mut State, msg: Msg) -> Vec<Effect> {
    let now = state.now + TimeDelta::seconds(1);
    update(state, now, msg)
}

fn lines(size: (u16, u16)) -> State {
    let mut state = hospital_state::fresh(size);
    let text: Arc<str> = QUERY.into();
    state.stack.push(View::Logs(text.clone()));
    let place = logs::place(&state, &text);
    let ts = state.now.timestamp_nanos_opt().expect("this century") - 60_000_000_000;
    let entry = |at: i64, line: &str| LogEntry {
        ts: ts - at,
        labels: Labels::new([("service_name", "medical-api")]),
        line: line.into(),
        metadata: Labels::default(),
    };
    let entries = vec![entry(0, SHOWN), entry(1_000_000, "admitted nobody: the ward is full")];
    let page = LogPage { entries: entries.into(), more: false, leaks: Vec::new() };
    let key = logs::lines_key(&place, &logs::query_of(&state, &text));
    tell(&mut state, &key, Ok(Answer::Logs(page)));
    state.setup.role = Role::Admin;
    state
}

fn span(size: (u16, u16)) -> State {
    let mut state = opened(SLOW, traces::slow, size);
    state.setup.role = Role::Admin;
    let doc = traces::slow(0);
    let at = doc
        .trace
        .spans
        .iter()
        .position(|span| span.attributes.iter().any(|(name, _)| &**name == "medical.user_id"));
    let at = at.expect("the span");
    let place = state.places.trace.get_mut(&View::Trace(SLOW)).expect("a place");
    let fall = place.fall.clone().expect("a waterfall");
    let row = fall.rows.iter().position(|row| row.span == at).expect("a row");
    place.reveal(row);
    place.go_to(row);
    state
}

fn asked(state: &mut State) -> Revealing {
    then(state, Msg::Command(Do::Reveal));
    for c in "which bed is it".chars() {
        then(state, Msg::Key(Press::plain(KeyCode::Char(c))));
    }
    let effects = then(state, Msg::Key(Press::plain(KeyCode::Enter)));
    let [Effect::Act(Order::Reveal(order))] = &effects[..] else { panic!("{effects:?}") };
    (**order).clone()
}

fn seen(state: &mut State, text: &str) {
    let order = asked(state);
    let until = state.now + TimeDelta::seconds(20);
    then(state, Msg::Acted(Box::new(Report::Revealed(order, Raw::new(text.into()), until))));
}

fn scene(name: &str, size: (u16, u16)) -> State {
    let mut state = if name.starts_with("reveal-line") { lines(size) } else { span(size) };
    match name {
        "reveal-line" | "reveal-span" => drop(then(&mut state, Msg::Command(Do::Reveal))),
        "reveal-line-seen" => {
            seen(&mut state, "admitted Zulmira Quaresma cpf=529.982.247-25 bed=12 ward=icu");
        }
        _ => seen(&mut state, "529.982.247-25"),
    }
    state.notice = None;
    state
}

#[test]
fn a_line_and_a_span() {
    for name in ["reveal-line", "reveal-line-seen", "reveal-span", "reveal-span-seen"] {
        for (look, size) in [("dark", SMALL), ("dark", LARGE), ("mono", SMALL), ("mono", LARGE)] {
            let suffix = if look == "mono" { "-mono" } else { "" };
            let buffer = draw(&scene(name, size), &theme(look), &Glyphs::UNICODE);
            check(&format!("view-{name}{suffix}-{}x{}", size.0, size.1), look, &buffer);
        }
    }
}

#[test]
fn what_is_asked_for_anew_is_what_is_under_the_cursor() {
    let mut state = lines(LARGE);
    let order = asked(&mut state);
    let Hidden::Line(at) = &order.what else { panic!("{order:?}") };
    assert_eq!((&*at.query, &*at.line), (QUERY, SHOWN));
    assert_eq!(at.labels.get("service_name"), Some("medical-api"));
    // The line below has nothing that is masked.
    let mut state = lines(LARGE);
    then(&mut state, Msg::Command(Do::Down));
    then(&mut state, Msg::Command(Do::Reveal));
    assert!(state.overlay.is_none());
    assert!(state.notice.as_ref().is_some_and(|notice| notice.text.contains("nothing of this is masked")));
    let mut state = span(LARGE);
    let order = asked(&mut state);
    let Hidden::Span(at) = &order.what else { panic!("{order:?}") };
    assert_eq!((at.trace, at.place, &*at.name), (SLOW, Place::Span, "medical.user_id"));
    assert!(at.shown.starts_with("‹cpf:"), "{}", at.shown);
    // Whom the machine's file does not let sees no dialog.
    let mut state = lines(LARGE);
    state.setup.reveal_s = None;
    then(&mut state, Msg::Command(Do::Reveal));
    assert!(state.overlay.is_none());
}
