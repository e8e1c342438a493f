//! Acknowledging and silencing from the console: the dialogs as they are drawn, and what keys do in them.

use std::sync::Arc;

use chrono::TimeDelta;
use plantao::command::CommandId as Do;
use plantao::keymap::{Key, KeyCode};
use plantao::message::{Effect, Msg};
use plantao::model::alert::SilenceState;
use plantao::model::deed::{Acked, Held, How, Order, Report, Standing};
use plantao::model::radius::{Muted, Radius};
use plantao::model::records::{Ack, AckState};
use plantao::model::{Fault, FaultKind, Labels, Role, Severity};
use plantao::state::acting::{About, Look};
use plantao::state::{Overlay, State, View};
use plantao::ui::Glyphs;
use plantao::update::update;

use crate::hospital_state::{self as hospital, Scene};
use crate::looks::{LARGE, SMALL, check, draw, theme};

/// A second later than the last thing that happened.
fn then(state: &mut State, msg: Msg) -> Vec<Effect> {
    let now = state.now + TimeDelta::seconds(1);
    update(state, now, msg)
}

fn press(state: &mut State, key: KeyCode) -> Vec<Effect> {
    then(state, Msg::Key(Key::plain(key)))
}

fn typed(state: &mut State, text: &str) {
    for c in text.chars() {
        press(state, KeyCode::Char(c));
    }
}

fn alerts(size: (u16, u16)) -> State {
    hospital::named(Scene::Incident, size, "alerts")
}

fn orders(effects: Vec<Effect>) -> Vec<Order> {
    effects
        .into_iter()
        .filter_map(|effect| if let Effect::Act(order) = effect { Some(order) } else { None })
        .collect()
}

/// The first three firing alerts as three people have them.
fn held(state: &State) -> Held {
    let rows = state.list.rows.iter().filter(|row| row.needs_somebody()).take(3);
    let states = [
        ("bia", AckState::AtAlertmanager, ""),
        ("ana", AckState::Pending, "mac-studio:9093 refuses connections"),
        ("carla", AckState::Local, ""),
    ];
    let ack =
        |(at, (row, (who, state, error))): (usize, (&plantao::store::AlertRow, (&str, AckState, &str)))| {
            Ack {
                id: at as i64 + 1,
                fingerprint: row.alert.fingerprint.clone(),
                labels: row.alert.labels.clone(),
                incident: None,
                who: who.into(),
                at: row.alert.starts_at + TimeDelta::seconds(90),
                why: "the fan is being replaced".into(),
                until: Some(row.alert.starts_at + TimeDelta::minutes(16)),
                lease_s: 900,
                silence: None,
                state,
                error: error.into(),
                attempts: 0,
                ended_at: None,
                ended_by: None,
                silence_left: false,
                updated_at: row.alert.starts_at,
            }
        };
    Held { acks: rows.zip(states).enumerate().map(ack).collect(), watcher: false, left: 0 }
}

fn radius(now: &[(&str, Severity)], past: &[(&str, Severity)]) -> Radius {
    let muted = |(department, severity): &(&str, Severity)| Muted {
        labels: Labels::new([("alertname", "HighMedicalRecordLatency"), ("department", *department)]),
        severity: *severity,
        department: (*department).into(),
    };
    Radius {
        now: now.iter().map(muted).collect(),
        past: past.iter().map(muted).collect(),
        days: 7,
        ..Radius::default()
    }
}

/// The dialog of a silence, gone through up to its last word.
fn looked(state: &mut State, radius: Radius) {
    then(state, Msg::Command(Do::Silence));
    press(state, KeyCode::Enter);
    press(state, KeyCode::Enter);
    press(state, KeyCode::Enter);
    typed(state, "load test until six");
    press(state, KeyCode::Enter);
    let number = state.acting.looks;
    then(state, Msg::Acted(Box::new(Report::Looked(number, Box::new(radius)))));
}

fn scene(name: &str, size: (u16, u16)) -> State {
    let mut state = alerts(size);
    match name {
        "ack" => drop(then(&mut state, Msg::Command(Do::Ack))),
        "ack-many" => {
            then(&mut state, Msg::Command(Do::SelectAll));
            then(&mut state, Msg::Command(Do::Ack));
        }
        "ack-taken" => {
            then(&mut state, Msg::Command(Do::Ack));
            let held = held(&state);
            then(&mut state, Msg::Held(Ok(held)));
        }
        "ack-no-journal" => {
            then(
                &mut state,
                Msg::Held(Err("the disk of the journal is full; nothing was recorded".to_owned())),
            );
            then(&mut state, Msg::Command(Do::Ack));
        }
        "alerts-acked" | "detail-acked" | "detail-not-yet" => {
            let held = held(&state);
            let at = usize::from(name == "detail-not-yet");
            let fingerprint = held.acks[at].fingerprint.clone();
            then(&mut state, Msg::Held(Ok(held)));
            if name != "alerts-acked" {
                state.stack.push(View::Detail(fingerprint));
            }
        }
        "silence" => {
            then(&mut state, Msg::Command(Do::Silence));
            typed(&mut state, "sev");
        }
        "silence-radius" => looked(
            &mut state,
            radius(
                &[("emergency", Severity::High), ("emergency", Severity::Medium), ("", Severity::Medium)],
                &[
                    ("emergency", Severity::High),
                    ("emergency", Severity::High),
                    ("icu", Severity::High),
                    ("", Severity::Low),
                ],
            ),
        ),
        "silence-refused" => looked(
            &mut state,
            radius(
                &[("icu", Severity::Critical)],
                &[("icu", Severity::Critical), ("surgery", Severity::Critical)],
            ),
        ),
        "silence-unknown" => {
            let fault = Fault::new(FaultKind::Connect, "mac-studio:9090 refuses connections");
            let past_fault = Some(fault.clone());
            looked(&mut state, Radius { now_fault: Some(fault), past_fault, ..Radius::default() });
        }
        "silences" | "silence-expire" | "silence-extend" => {
            state = hospital::named(Scene::Incident, size, "silences");
            if name == "silence-expire" {
                then(&mut state, Msg::Command(Do::SilenceExpire));
            } else if name == "silence-extend" {
                then(&mut state, Msg::Command(Do::SilenceExtend));
            }
        }
        other => panic!("no scene {other}"),
    }
    state.notice = None;
    state
}

fn frame(name: &str, theme_name: &str, glyphs: &Glyphs, size: (u16, u16)) {
    let buffer = draw(&scene(name, size), &theme(theme_name), glyphs);
    let look = if glyphs.ascii { format!("-{theme_name}-ascii") } else { String::new() };
    check(&format!("view-{name}{look}-{}x{}", size.0, size.1), theme_name, &buffer);
}

#[test]
fn dialogs_and_lists() {
    for name in [
        "ack",
        "ack-many",
        "ack-taken",
        "ack-no-journal",
        "alerts-acked",
        "detail-acked",
        "detail-not-yet",
        "silence",
        "silence-radius",
        "silence-refused",
        "silence-unknown",
        "silences",
        "silence-expire",
        "silence-extend",
    ] {
        for size in [SMALL, LARGE] {
            frame(name, "dark", &Glyphs::UNICODE, size);
        }
    }
    for name in ["ack", "silence-refused", "silences"] {
        frame(name, "mono", &Glyphs::ASCII, SMALL);
    }
}

#[test]
fn two_keys_acknowledge_and_keys_meant_for_the_list_do_not() {
    let mut state = alerts(SMALL);
    let print = state.list.at(0).expect("an alert").alert.fingerprint.clone();
    let opened = state.now;
    assert_eq!(update(&mut state, opened, Msg::Key(Key::plain(KeyCode::Char('a')))), []);
    // Typed before anybody can have read it: neither confirmed nor written into the comment.
    let soon = opened + TimeDelta::milliseconds(299);
    assert_eq!(update(&mut state, soon, Msg::Key(Key::plain(KeyCode::Enter))), []);
    assert_eq!(update(&mut state, soon, Msg::Key(Key::plain(KeyCode::Char('x')))), []);
    assert_eq!(update(&mut state, soon, Msg::Paste("rm".to_owned())), []);
    let Some(Overlay::Dialog(dialog)) = &state.overlay else { panic!("the dialog stays") };
    let About::Ack(ack) = &dialog.about else { panic!("an acknowledgement") };
    assert_eq!((ack.why.text.as_str(), ack.alerts.len()), ("", 1));
    let effects =
        update(&mut state, opened + TimeDelta::milliseconds(300), Msg::Key(Key::plain(KeyCode::Enter)));
    let [Order::Ack(order)] = &orders(effects)[..] else { panic!("one order") };
    assert_eq!((&order.alerts[0].0, order.hold_s, order.silence), (&print, 900, true));
    assert!(state.overlay.is_none());
    // Until the journal has it, the list says that it is under way and nothing more.
    let row = state.list.row(&print).expect("the row");
    assert!(row.ack.is_none() && state.acting.under_way.contains(&print));
    let acked = Acked { recorded: 1, silenced: 0, trouble: Some("refused".to_owned()), ..Acked::default() };
    let _ = then(&mut state, Msg::Acted(Box::new(Report::Acked(acked))));
    let said = &state.notice.as_ref().expect("a notice").text;
    assert!(said.contains("not yet at Alertmanager"), "{said}");
}

#[test]
fn the_dialog_takes_a_comment_another_time_and_no_silence() {
    let mut state = alerts(SMALL);
    then(&mut state, Msg::Command(Do::Select));
    then(&mut state, Msg::Command(Do::Select));
    then(&mut state, Msg::Command(Do::Ack));
    typed(&mut state, "patient 529.982.247-25 waits");
    press(&mut state, KeyCode::Tab);
    press(&mut state, KeyCode::Char(' '));
    let effects = press(&mut state, KeyCode::Enter);
    let [Order::Ack(order)] = &orders(effects)[..] else { panic!("one order") };
    assert_eq!((order.alerts.len(), order.silence), (2, false));
    assert!(order.why.starts_with("patient ‹cpf:") && !order.why.contains("529"), "{}", order.why);

    // A time that is none is told, and nothing is ordered.
    then(&mut state, Msg::Command(Do::Ack));
    press(&mut state, KeyCode::Tab);
    press(&mut state, KeyCode::Tab);
    then(&mut state, Msg::Command(Do::DeleteAll));
    typed(&mut state, "soon");
    assert_eq!(orders(press(&mut state, KeyCode::Enter)), []);
    assert!(state.notice.as_ref().is_some_and(|notice| notice.text.contains("not a duration")));
    press(&mut state, KeyCode::Esc);
    assert!(state.overlay.is_none());
}

#[test]
fn who_may_only_look_finds_no_action_anywhere() {
    let mut state = alerts(LARGE);
    state.setup.role = Role::Viewer;
    for id in [Do::Ack, Do::Unack, Do::Silence, Do::SilenceExpire, Do::SilenceExtend, Do::SilenceUndo] {
        assert_eq!(then(&mut state, Msg::Command(id)), [], "{id:?}");
        assert!(state.overlay.is_none(), "{id:?}");
        assert!(state.notice.as_ref().is_some_and(|notice| notice.text.contains("viewer")), "{id:?}");
    }
    let screen = plantao::view::build(&state);
    assert!(screen.footer.hints.iter().all(|(_, words)| words != "acknowledge" && words != "silence"));
    assert!(screen.header.badges.iter().any(|badge| badge == "READ ONLY"));
    let frame = |state: &State| format!("{:?}", draw(state, &theme("dark"), &Glyphs::UNICODE));
    then(&mut state, Msg::Command(Do::Help));
    assert!(!frame(&state).contains("Acknowledges"), "the help names no action");
    press(&mut state, KeyCode::Esc);
    then(&mut state, Msg::Command(Do::Palette));
    typed(&mut state, "acknowledge");
    assert!(!frame(&state).contains("you have it"), "the palette offers no action");
}

#[test]
fn a_silence_is_made_only_after_a_look_and_a_refusal_only_when_typed_in_full() {
    let mut state = alerts(SMALL);
    then(&mut state, Msg::Command(Do::Silence));
    // Without a comment it does not go on.
    for _ in 0..4 {
        press(&mut state, KeyCode::Enter);
    }
    let silence = |state: &State| match &state.overlay {
        Some(Overlay::Dialog(dialog)) => match &dialog.about {
            About::Silence(silence) => silence.clone(),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    };
    assert!(silence(&state).wrong.is_some(), "the comment is missing");
    typed(&mut state, "work");
    assert_eq!(orders(press(&mut state, KeyCode::Enter)), [], "the look was asked for on the way");
    assert!(matches!(silence(&state).look, Look::Under(_)));
    assert_eq!(orders(press(&mut state, KeyCode::Enter)), [], "nothing before it has come");
    // An answer to an older question is none.
    let stale = radius(&[], &[]);
    let number = state.acting.looks;
    then(&mut state, Msg::Acted(Box::new(Report::Looked(number + 7, Box::new(stale)))));
    assert!(matches!(silence(&state).look, Look::Under(_)));
    let refused = radius(&[("icu", Severity::Critical)], &[("surgery", Severity::Critical)]);
    then(&mut state, Msg::Acted(Box::new(Report::Looked(number, Box::new(refused)))));
    assert_eq!(orders(press(&mut state, KeyCode::Enter)), [], "refused");
    typed(&mut state, "icu");
    assert_eq!(orders(press(&mut state, KeyCode::Enter)), [], "not in full");
    typed(&mut state, " surgery");
    let made = orders(press(&mut state, KeyCode::Enter));
    let [Order::Silence(wanted)] = &made[..] else { panic!("{made:?}") };
    assert_eq!((wanted.comment.as_str(), wanted.created_by.as_str()), ("work", "ana"));
    assert_eq!((wanted.ends_at - wanted.starts_at).num_minutes(), 60);
    assert!(wanted.matchers.iter().any(|one| one.name == "alertname"));
}

#[test]
fn other_matchers_are_looked_at_anew() {
    let mut state = alerts(SMALL);
    looked(&mut state, radius(&[], &[]));
    for _ in 0..4 {
        then(&mut state, Msg::Command(Do::DialogPrevious));
    }
    typed(&mut state, "job=\"a b\" ");
    let looks = state.acting.looks;
    let asked = orders(press(&mut state, KeyCode::Enter));
    let [Order::Look(number, matchers)] = &asked[..] else { panic!("{asked:?}") };
    assert_eq!(*number, looks + 1);
    assert!(matchers.iter().any(|one| one.name == "job" && one.value == "a b"), "{matchers:?}");
    // What is no matcher is told where it stands.
    press(&mut state, KeyCode::Esc);
    then(&mut state, Msg::Command(Do::Silence));
    typed(&mut state, "nonsense");
    assert_eq!(orders(press(&mut state, KeyCode::Enter)), []);
    let Some(Overlay::Dialog(dialog)) = &state.overlay else { panic!("the dialog stays") };
    let About::Silence(silence) = &dialog.about else { panic!("a silence") };
    assert!(
        silence.wrong.as_ref().is_some_and(|(_, why)| why.contains("not a matcher")),
        "{:?}",
        silence.wrong
    );
}

#[test]
fn what_was_done_to_a_silence_is_undone_in_turn() {
    let mut state = hospital::named(Scene::Incident, SMALL, "silences");
    let id: Box<str> = state.silence_at_cursor().expect("a silence").id.clone();
    then(&mut state, Msg::Command(Do::SilenceExpire));
    let ended = orders(press(&mut state, KeyCode::Enter));
    let [Order::Expire { id: of, was }] = &ended[..] else { panic!("{ended:?}") };
    assert_eq!(*of, id);
    let again = Order::Again { id: id.clone(), was: was.clone() };
    then(&mut state, Msg::Acted(Box::new(Report::Ended(id.clone(), Box::new(again.clone())))));
    assert_eq!(orders(then(&mut state, Msg::Command(Do::SilenceUndo))), [again]);
    // One that was there already was not made by this person: nothing is to be undone.
    let standing = Standing { id: id.clone(), ends_at: state.now + TimeDelta::hours(1), how: How::Found };
    let undo = Order::Expire { id, was: was.clone() };
    then(&mut state, Msg::Acted(Box::new(Report::Stands(standing, Box::new(undo)))));
    assert_eq!(orders(then(&mut state, Msg::Command(Do::SilenceUndo))), []);
}

#[test]
fn whom_a_silence_wakes_is_told_before_it_ends() {
    let mut state = alerts(SMALL);
    let mut all = state.store.silences.value().expect("silences").to_vec();
    let row = state.list.rows.iter().find(|row| row.needs_somebody()).expect("an alert").clone();
    let mut one = all[0].clone();
    one.id = "aa".into();
    one.comment = "load test".into();
    one.state = SilenceState::Active;
    one.ends_at = state.now + TimeDelta::minutes(4);
    all.push(one);
    state.store.silences.answer(all.into(), state.now, Some(state.now), Vec::new());
    let mut rows = state.list.rows.to_vec();
    let at = rows.iter().position(|other| other.alert.fingerprint == row.alert.fingerprint).expect("there");
    let mut alert = (*rows[at].alert).clone();
    alert.silenced_by = vec!["aa".into()];
    rows[at].alert = Arc::new(alert);
    state.list.rows = rows.into();
    then(&mut state, Msg::Tick);
    let said = state.notice.clone().expect("a notice").text;
    assert!(said.contains("wakes 1 alert") && said.contains("load test"), "{said}");
    state.notice = None;
    then(&mut state, Msg::Tick);
    assert_eq!(state.notice, None, "told once");
}
