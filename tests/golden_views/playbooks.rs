//! Playbooks and their runs in the console, and revealing a masked value: the dialogs as they are drawn, and what keys
//! do in them.

use std::sync::Arc;

use chrono::TimeDelta;
use plantao::command::CommandId as Do;
use plantao::keymap::{Key, KeyCode};
use plantao::message::{Effect, Msg};
use plantao::model::deed::{Order, Report, Subject};
use plantao::model::offer::{Offer, OfferedStep};
use plantao::model::records::{Progress, Run, RunState, Step, StepState};
use plantao::model::reveal::{Field, Hidden, Revealing};
use plantao::model::{Labels, Raw, Role};
use plantao::state::acting::About;
use plantao::state::playbooks::RunDialog;
use plantao::state::reveal::Reveal;
use plantao::state::{Overlay, State};
use plantao::ui::Glyphs;
use plantao::update::update;

use crate::hospital_state::{self as hospital, Scene};
use crate::looks::{LARGE, SMALL, check, draw, theme};

fn then(state: &mut State, msg: Msg) -> Vec<Effect> {
    let now = state.now + TimeDelta::seconds(1);
    update(state, now, msg)
}

fn press(state: &mut State, key: KeyCode) -> Vec<Effect> {
    then(state, Msg::Key(Key::plain(key)))
}

fn say(state: &mut State, word: &str) -> Vec<Order> {
    for c in word.chars() {
        press(state, KeyCode::Char(c));
    }
    orders(press(state, KeyCode::Enter))
}

fn orders(effects: Vec<Effect>) -> Vec<Order> {
    effects
        .into_iter()
        .filter_map(|effect| if let Effect::Act(order) = effect { Some(order) } else { None })
        .collect()
}

fn alerts(size: (u16, u16)) -> State {
    let mut state = hospital::named(Scene::Incident, size, "alerts");
    state.setup.role = Role::Admin;
    state
}

fn step(title: &str, what: &str, dangerous: bool) -> OfferedStep {
    OfferedStep { title: title.into(), what: what.into(), dangerous }
}

fn offers() -> Vec<Offer> {
    let thermal = Offer {
        name: "thermal".into(),
        title: "The machine is too hot".into(),
        why: "MacStudioThermalThrottling, category hardware".into(),
        steps: vec![
            step("Save what the machine says", "save evidence, from 30m before the incident", false),
            step(
                "Tell the engineer on call",
                "tell oncall: Mac Studio throttles; load is shed before it stops",
                false,
            ),
            step(
                "Shed load from the models",
                "/usr/local/libexec/hospital/shed-load --service ai-engine --level 2 --reason INC-20261122060815 --keep \"whisper large\"",
                true,
            ),
            step(
                "Is the room's cooling running?",
                "ask: Is the air conditioning of the machine room running?",
                false,
            ),
            step(
                "Wait until it is cool",
                "wait until max by (instance) (mac_studio_thermal_state{instance=\"mac-studio:9100\"}) < 2",
                false,
            ),
        ],
        dangerous: true,
        incident: Some("INC-20261122060815".into()),
        plan: "{}".into(),
        ..Offer::default()
    };
    let memory = Offer {
        name: "memory".into(),
        title: "Memory is short".into(),
        why: "severity critical".into(),
        steps: vec![step("Unload idle models", "unload-models", true)],
        troubles: vec![(
            1,
            "command `unload-models` is not bound: say in [commands.unload-models] of the configuration what it runs"
                .into(),
        )],
        incident: Some("INC-20261122060815".into()),
        ..Offer::default()
    };
    vec![thermal, memory]
}

/// A run that has come to its third step.
fn progress(state: &State, stands: RunState, error: &str) -> Progress {
    let at = |seconds: i64| state.now - TimeDelta::seconds(seconds);
    let id: Arc<str> = "RUN-20261122061120".into();
    let step =
        |at: u32, kind: &str, title: &str, stands, from: Option<_>, until: Option<_>, output: &str| Step {
            run: id.clone(),
            at,
            kind: kind.into(),
            title: title.into(),
            state: stands,
            attempts: u32::from(from.is_some()),
            started_at: from,
            ended_at: until,
            output: output.into(),
            error: "".into(),
        };
    let (now_at, third, fourth) = match stands {
        RunState::Waiting if error.starts_with("ask") => (3, StepState::Done, StepState::Pending),
        RunState::Waiting | RunState::Failed => (2, StepState::Failed, StepState::Pending),
        RunState::Done => (5, StepState::Done, StepState::Done),
        _ => (2, StepState::Running, StepState::Pending),
    };
    let said = "shed-load: ai-engine: level 2 asked for\nshed-load: whisper-large keeps running\nshed-load: medgemma-27b: 3 requests drain\nshed-load: medgemma-27b: 2 requests drain\nshed-load: medgemma-27b: 1 request drains\nshed-load: queue of admissions held at the gateway, 14 wait\nshed-load: medgemma-27b: unloaded, 31 GiB given back";
    let ended = (third != StepState::Running).then(|| at(9));
    Progress {
        run: Run {
            id: id.clone(),
            playbook: "thermal".into(),
            incident: Some("INC-20261122060815".into()),
            spec: "{}".into(),
            state: stands,
            step: now_at,
            who: "ana".into(),
            at: at(64),
            owner: (!stands.is_over()).then(|| "playbook ana 4711-0badcafe".into()),
            heartbeat: Some(at(1)),
            stop_by: None,
            error: error.into(),
            ended_at: stands.is_over().then(|| at(2)),
            updated_at: at(1),
        },
        limits_s: vec![300, 30, 120, 3600, 300],
        steps: vec![
            step(0, "collect", "Save what the machine says", StepState::Done, Some(at(64)), Some(at(41)), ""),
            step(
                1,
                "notify",
                "Tell the engineer on call",
                StepState::Done,
                Some(at(41)),
                Some(at(40)),
                "on its way to Ana",
            ),
            step(2, "command", "Shed load from the models", third, Some(at(40)), ended, said),
            step(3, "confirm", "Is the room's cooling running?", fourth, None, None, ""),
            step(4, "wait_until", "Wait until it is cool", fourth, None, None, ""),
        ],
    }
}

fn looked(state: &mut State) -> Subject {
    let asked = orders(then(state, Msg::Command(Do::Playbooks)));
    let [Order::Offers(subject)] = &asked[..] else { panic!("{asked:?}") };
    subject.clone()
}

fn offered(state: &mut State, runs: Vec<Run>) -> Subject {
    let subject = looked(state);
    then(state, Msg::Acted(Box::new(Report::Offers(subject.clone(), offers(), runs))));
    subject
}

/// The run in sight, as it stands.
fn ran(state: &mut State, stands: RunState, error: &str) {
    offered(state, Vec::new());
    let begun = say(state, "thermal");
    assert!(matches!(&begun[..], [Order::Run(_)]), "{begun:?}");
    let seen = progress(state, stands, error);
    then(state, Msg::Acted(Box::new(Report::Begun(seen.run.id.clone(), "it has begun".into(), true))));
    let seen = progress(state, stands, error);
    then(state, Msg::Ran(Box::new(Ok(seen))));
}

fn masked(state: &mut State) {
    let hot = state.list.rows.iter().position(|row| row.alert.name().contains("Thermal")).expect("the alert");
    let mut rows = state.list.rows.to_vec();
    let mut alert = (*rows[hot].alert).clone();
    let more = [("patient_name", "‹patient_name:3f9a0c11d2e4›"), ("bed", "12")];
    alert.labels = alert.labels.iter().chain(more).collect::<Labels>();
    rows[hot].alert = Arc::new(alert);
    let pack = state.setup.pack.clone();
    state.list = plantao::state::AlertList::with_rows(rows, &state.places.alerts, &pack);
    let hot = state.list.rows.iter().find(|row| row.alert.name().contains("Thermal")).expect("the alert");
    let view = plantao::state::View::Detail(hot.alert.fingerprint.clone());
    state.stack.push(view);
}

fn revealed(state: &mut State) {
    masked(state);
    then(state, Msg::Command(Do::Reveal));
    let asked = say(state, "which patient waits for the bed");
    let [Order::Reveal(order)] = &asked[..] else { panic!("{asked:?}") };
    let until = state.now + TimeDelta::seconds(20);
    let raw = Raw::new("Zulmira Quaresma".into());
    then(state, Msg::Acted(Box::new(Report::Revealed((**order).clone(), raw, until))));
}

fn scene(name: &str, size: (u16, u16)) -> State {
    let mut state = alerts(size);
    match name {
        "playbooks" => drop(offered(&mut state, Vec::new())),
        "playbooks-trouble" => {
            offered(&mut state, Vec::new());
            press(&mut state, KeyCode::Down);
        }
        "playbooks-goes-on" => {
            let run = progress(&state, RunState::Running, "").run;
            offered(&mut state, vec![run]);
        }
        "run" => ran(&mut state, RunState::Running, ""),
        "run-asks" => {
            ran(&mut state, RunState::Waiting, "ask: Is the air conditioning of the machine room running?");
        }
        "run-failed" => {
            ran(
                &mut state,
                RunState::Waiting,
                "step 3 (Shed load from the models) failed: it ended with exit status: 1",
            );
        }
        "run-done" => ran(&mut state, RunState::Done, ""),
        "run-unknown" => {
            ran(&mut state, RunState::Running, "");
            let why = "another process holds the journal for more than 5 s".to_owned();
            then(&mut state, Msg::Ran(Box::new(Err(why))));
        }
        "reveal" => {
            masked(&mut state);
            then(&mut state, Msg::Command(Do::Reveal));
        }
        "reveal-seen" => revealed(&mut state),
        other => panic!("no scene {other}"),
    }
    state.notice = None;
    state
}

#[test]
fn playbooks_and_their_runs() {
    for name in [
        "playbooks",
        "playbooks-trouble",
        "playbooks-goes-on",
        "run",
        "run-asks",
        "run-failed",
        "run-done",
        "run-unknown",
        "reveal",
        "reveal-seen",
    ] {
        for (look, size) in [("dark", SMALL), ("dark", LARGE), ("mono", SMALL), ("mono", LARGE)] {
            let suffix = if look == "mono" { "-mono" } else { "" };
            let buffer = draw(&scene(name, size), &theme(look), &Glyphs::UNICODE);
            check(&format!("view-{name}{suffix}-{}x{}", size.0, size.1), look, &buffer);
        }
    }
}

fn text(state: &State) -> String {
    let buffer = draw(state, &theme("dark"), &Glyphs::UNICODE);
    let area = *buffer.area();
    let row = |y: u16| (0..area.width).map(|x| buffer[(x, y)].symbol()).collect::<String>() + "\n";
    (0..area.height).map(row).collect()
}

#[test]
fn the_dry_run_hides_nothing_however_small_the_screen() {
    // Words are broken between lines: what counts is that every character is there.
    let pressed = |text: &str| text.chars().filter(|c| !c.is_whitespace() && *c != '│').collect::<String>();
    let mut state = alerts(SMALL);
    let subject = looked(&mut state);
    let mut all = offers();
    let twice = all[0].steps.clone();
    all[0].steps.extend(twice);
    all[0].steps.push(step("Last", "tell head: this is the very last step of a long plan", false));
    then(&mut state, Msg::Acted(Box::new(Report::Offers(subject, all, Vec::new()))));
    assert!(text(&state).contains("more lines below"), "what has no room is told");
    let mut seen = String::new();
    for _ in 0..12 {
        seen.push_str(&pressed(&text(&state)));
        press(&mut state, KeyCode::PageDown);
    }
    for piece in ["INC-20261122060815", "\"whisper large\"", "running?", "9100\"}) < 2", "of a long plan"] {
        assert!(seen.contains(&pressed(piece)), "{piece} is not in sight: {seen}");
    }
}

#[test]
fn a_dangerous_playbook_is_run_only_when_its_name_is_typed() {
    let mut state = alerts(SMALL);
    offered(&mut state, Vec::new());
    assert_eq!(orders(press(&mut state, KeyCode::Enter)), [], "nothing dangerous is on one key");
    assert!(text(&state).contains("type its name"), "{}", text(&state));
    assert_eq!(say(&mut state, "therm"), []);
    let begun = say(&mut state, "al");
    let [Order::Run(offer)] = &begun[..] else { panic!("{begun:?}") };
    assert_eq!(offer.name, "thermal");
    // One that cannot be done here is not begun.
    let mut state = alerts(SMALL);
    offered(&mut state, Vec::new());
    press(&mut state, KeyCode::Down);
    let shown = text(&state);
    assert!(shown.contains("cannot be run yet") && shown.contains("before this is mended"), "{shown}");
    assert!(!shown.contains("enter runs") && !shown.contains("enter accept"), "{shown}");
    assert_eq!(say(&mut state, "memory"), []);
    assert!(state.notice.as_ref().is_some_and(|notice| notice.text.contains("not bound")));
}

fn dialog(state: &State) -> &RunDialog {
    match &state.overlay {
        Some(Overlay::Dialog(dialog)) => match &dialog.about {
            About::Run(run) => run,
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_run_is_followed_stopped_and_answered_by_whole_words() {
    let mut state = alerts(LARGE);
    ran(&mut state, RunState::Running, "");
    assert_eq!(state.followed_run().map(|id| &**id), Some("RUN-20261122061120"));
    assert!(text(&state).contains("31 GiB given back"), "its output is in sight");
    assert_eq!(orders(press(&mut state, KeyCode::Enter)), [], "Enter alone says nothing");
    assert_eq!(say(&mut state, "yes"), [], "it asks nothing");
    let run: Arc<str> = "RUN-20261122061120".into();
    assert_eq!(say(&mut state, "stop"), [Order::StopRun(run.clone())]);
    // What was typed for a run that went on is no answer to its question.
    for c in "sto".chars() {
        press(&mut state, KeyCode::Char(c));
    }
    let asks = progress(&state, RunState::Waiting, "ask: Is it?");
    then(&mut state, Msg::Ran(Box::new(Ok(asks))));
    assert_eq!(dialog(&state).typed.text, "");
    assert_eq!(say(&mut state, "repeat"), [], "a question is not repeated");
    assert_eq!(say(&mut state, "YES"), [Order::AnswerRun(run.clone(), "yes".into())]);
    let failed = progress(&state, RunState::Waiting, "step 3 failed");
    then(&mut state, Msg::Ran(Box::new(Ok(failed))));
    assert_eq!(say(&mut state, "repeat"), [Order::AnswerRun(run, "repeat".into())]);
    // Another run's news are none of this one's.
    let mut other = progress(&state, RunState::Done, "");
    other.run.id = "RUN-1".into();
    then(&mut state, Msg::Ran(Box::new(Ok(other))));
    assert_eq!(dialog(&state).seen.as_ref().expect("seen").run.state, RunState::Waiting);
    let done = progress(&state, RunState::Done, "");
    then(&mut state, Msg::Ran(Box::new(Ok(done))));
    let again = say(&mut state, "again");
    assert!(matches!(&again[..], [Order::Offers(Subject::Alert(..))]), "{again:?}");
}

#[test]
fn leaving_leaves_it_running_and_it_is_found_again() {
    let mut state = alerts(SMALL);
    ran(&mut state, RunState::Running, "");
    let left = press(&mut state, KeyCode::Esc);
    assert!(left.is_empty() && state.followed_run().is_none(), "nothing is ordered: it goes on");
    let run = progress(&state, RunState::Running, "").run;
    offered(&mut state, vec![run]);
    assert_eq!(orders(press(&mut state, KeyCode::Enter)), []);
    assert!(state.followed_run().is_some());
}

#[test]
fn a_run_that_begins_while_something_else_is_done_does_not_come_between() {
    let mut state = alerts(SMALL);
    offered(&mut state, Vec::new());
    say(&mut state, "thermal");
    then(&mut state, Msg::Command(Do::Ack));
    let id: Arc<str> = "RUN-20261122061120".into();
    then(&mut state, Msg::Acted(Box::new(Report::Begun(id, "begun".into(), true))));
    assert!(state.followed_run().is_none(), "the acknowledgement's dialog stays");
}

#[test]
fn a_value_is_revealed_for_a_reason_and_goes_by_itself() {
    let mut state = alerts(LARGE);
    masked(&mut state);
    then(&mut state, Msg::Command(Do::Reveal));
    assert_eq!(say(&mut state, "x"), [], "that is no reason");
    let asked = say(&mut state, " is moved, CPF 529.982.247-25");
    let [Order::Reveal(order)] = &asked[..] else { panic!("{asked:?}") };
    let Hidden::Alert(fingerprint, field) = &order.what else { panic!("{order:?}") };
    assert_eq!(*field, Field::Label("patient_name".into()));
    assert!(!order.why.contains("529"), "what is typed is masked: {}", order.why);
    let until = state.now + TimeDelta::seconds(20);
    let report = |order: &Revealing| {
        Msg::Acted(Box::new(Report::Revealed(order.clone(), Raw::new("Zulmira Quaresma".into()), until)))
    };
    // Another value's answer is none of this one's.
    let what = Hidden::Alert(fingerprint.clone(), Field::Label("bed".into()));
    let other = Revealing { what, ..(**order).clone() };
    then(&mut state, report(&other));
    assert!(!text(&state).contains("Zulmira"));
    then(&mut state, report(order));
    assert!(text(&state).contains("Zulmira Quaresma"));
    // A copy of the state, which is what is saved, held or joined, does not have it.
    assert!(!text(&state.clone()).contains("Zulmira"));
    assert!(!format!("{state:?}").contains("Zulmira"));
    while state.now < until {
        then(&mut state, Msg::Tick);
    }
    assert!(state.overlay.is_none() && !text(&state).contains("Zulmira"));
    // One that comes after the dialog was left is shown nowhere.
    then(&mut state, report(order));
    assert!(!text(&state).contains("Zulmira"));
}

#[test]
fn what_is_revealed_does_not_wait_in_a_suspended_terminal() {
    let mut state = alerts(LARGE);
    revealed(&mut state);
    assert!(matches!(&state.overlay, Some(Overlay::Dialog(dialog))
        if matches!(&dialog.about, About::Reveal(reveal) if matches!(reveal.seen, Reveal::Seen(..)))));
    let effects = then(&mut state, Msg::Command(Do::Suspend));
    assert_eq!(effects, [Effect::Suspend]);
    assert!(state.overlay.is_none());
}

#[test]
fn without_the_machines_word_nothing_is_revealed() {
    let mut state = alerts(LARGE);
    masked(&mut state);
    state.setup.reveal_s = None;
    assert_eq!(then(&mut state, Msg::Command(Do::Reveal)), []);
    assert!(state.overlay.is_none());
    assert!(state.notice.as_ref().is_some_and(|notice| notice.text.contains("/etc/plantao")));
}
