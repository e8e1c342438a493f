//! Paging a person by hand: the dialog as it is drawn, and what keys do in it.

use chrono::TimeDelta;
use plantao::command::CommandId as Do;
use plantao::keymap::{Key, KeyCode};
use plantao::message::{Effect, Msg};
use plantao::model::Role;
use plantao::model::deed::{Order, Report, Subject};
use plantao::model::paging::{Answer, Duty, HOLE, Paged, Reach, Reachable, Way, Whom};
use plantao::model::records::LetterState;
use plantao::state::acting::About;
use plantao::state::paging::{PageDialog, Sending};
use plantao::state::{Overlay, State, View};
use plantao::ui::Glyphs;
use plantao::update::update;

use crate::hospital_state::{self as hospital, Scene};
use crate::looks::{LARGE, SMALL, check, draw, theme};
use crate::recorded::night;

fn then(state: &mut State, msg: Msg) -> Vec<Effect> {
    let now = state.now + TimeDelta::seconds(1);
    update(state, now, msg)
}

fn press(state: &mut State, key: KeyCode) -> Vec<Order> {
    orders(then(state, Msg::Key(Key::plain(key))))
}

fn orders(effects: Vec<Effect>) -> Vec<Order> {
    let order = |effect| if let Effect::Act(order) = effect { Some(order) } else { None };
    effects.into_iter().filter_map(order).collect()
}

fn incidents(size: (u16, u16)) -> State {
    night(size, |state| drop(update(state, state.now, Msg::Command(Do::Incidents))))
}

fn way(channel: &str, everybody: bool, reads: String) -> Way {
    Way { channel: channel.into(), everybody, quiet: None, reads }
}

fn one(id: &str, name: &str, duty: Duty, ways: Vec<Way>) -> Reachable {
    Reachable { whom: Whom::Contact(id.into()), name: name.into(), duty, ways }
}

/// Six people, as a hospital has them at night.
fn people(state: &State) -> Vec<Reachable> {
    let text = format!(
        "CRITICAL you are called: Emergency records are slow (INC-20261122060815)\n{HOLE}\nmedical-api · emergency · performance\n- HighMedicalRecordLatency: p95 of the record store is 4.2 s"
    );
    let sms = || way("sms", false, format!("To: +55 11 91234-5678\nBody: critical {HOLE}"));
    let slack = || way("slack", true, text.clone());
    let quiet = Way { quiet: Some(state.now + TimeDelta::hours(4)), ..way("mail", false, text.clone()) };
    let (until, from) = (Some(state.now + TimeDelta::hours(5)), Some(state.now + TimeDelta::hours(5)));
    let level = |title: &str| title.to_owned();
    vec![
        one("ana", "Ana Souza", Duty::Now(level("On-call engineer"), until), vec![sms(), quiet, slack()]),
        Reachable {
            whom: Whom::Level("head".into()),
            name: "Department head".into(),
            duty: Duty::Gap(None),
            ways: vec![slack()],
        },
        one("bruno", "Bruno Lima", Duty::Next(level("On-call engineer"), from), vec![sms()]),
        one("carla", "Carla Dias", Duty::Of(level("On-call engineer")), vec![slack()]),
        one("diego", "Diego Reis", Duty::Of(level("Administration")), Vec::new()),
        one("eva", "Eva Prado", Duty::Free, vec![slack()]),
    ]
}

fn opened(state: &mut State) -> Option<Subject> {
    let asked = press(state, KeyCode::Char('P'));
    let [Order::Reach(about)] = &asked[..] else { panic!("{asked:?}") };
    about.clone()
}

fn reached(state: &mut State) -> Option<Subject> {
    let about = opened(state);
    let incident = about.is_some().then(|| "INC-20261122060815".into());
    let reach = Reach { about: about.clone(), incident, people: people(state) };
    then(state, Msg::Acted(Box::new(Report::Reach(Box::new(reach)))));
    about
}

fn dialog(state: &State) -> &PageDialog {
    match &state.overlay {
        Some(Overlay::Dialog(dialog)) => match &dialog.about {
            About::Page(page) => page,
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

fn letter(state: &State, channel: &str, stands: LetterState, error: &str) -> Answer {
    Answer {
        channel: channel.into(),
        state: stands,
        attempts: u32::from(!error.is_empty() || stands == LetterState::Sent),
        next_at: state.now + TimeDelta::seconds(75),
        sent_at: (stands == LetterState::Sent).then_some(state.now),
        error: error.into(),
    }
}

fn stands(state: &mut State, number: u64, letters: Vec<Answer>) {
    let paged =
        Paged { number, who: "Ana Souza (mail), Ana Souza (sms), slack".into(), letters, trouble: None };
    then(state, Msg::Acted(Box::new(Report::Paged(Box::new(paged)))));
}

fn scene(name: &str, size: (u16, u16)) -> State {
    let mut state = incidents(size);
    match name {
        "page-looking" => drop(opened(&mut state)),
        "page" => drop(reached(&mut state)),
        "page-nobody" => {
            let about = opened(&mut state);
            let reach = Reach { about, incident: None, people: Vec::new() };
            then(&mut state, Msg::Acted(Box::new(Report::Reach(Box::new(reach)))));
        }
        "page-no-way" => {
            reached(&mut state);
            for _ in 0..4 {
                press(&mut state, KeyCode::Down);
            }
        }
        "page-waits" | "page-delivered" | "page-failed" => {
            reached(&mut state);
            press(&mut state, KeyCode::Enter);
            let letters = match name {
                "page-waits" => vec![
                    letter(&state, "mail", LetterState::Queued, "127.0.0.1:25: connection refused"),
                    letter(&state, "sms", LetterState::Sending, ""),
                    letter(&state, "slack", LetterState::Queued, ""),
                ],
                "page-delivered" => vec![
                    letter(&state, "mail", LetterState::Failed, "127.0.0.1:25: 550 no such mailbox"),
                    letter(&state, "sms", LetterState::Sent, ""),
                    letter(&state, "slack", LetterState::Sent, ""),
                ],
                _ => vec![letter(&state, "sms", LetterState::Failed, "HTTP 401: the token is not known")],
            };
            stands(&mut state, 1, letters);
        }
        other => panic!("no scene {other}"),
    }
    state.notice = None;
    state
}

#[test]
fn whom_over_what_and_what_they_read_and_then_how_it_stands() {
    for name in
        ["page-looking", "page", "page-nobody", "page-no-way", "page-waits", "page-delivered", "page-failed"]
    {
        for (look, size) in [("dark", SMALL), ("dark", LARGE), ("mono", SMALL), ("mono", LARGE)] {
            let suffix = if look == "mono" { "-mono" } else { "" };
            let buffer = draw(&scene(name, size), &theme(look), &Glyphs::UNICODE);
            check(&format!("view-{name}{suffix}-{}x{}", size.0, size.1), look, &buffer);
        }
    }
}

#[test]
fn what_is_typed_is_masked_before_it_is_shown_as_sent_and_sent() {
    let mut state = incidents(LARGE);
    reached(&mut state);
    assert!(dialog(&state).text.text.contains("nobody has it yet"), "{}", dialog(&state).text.text);
    then(&mut state, Msg::Command(Do::DeleteAll));
    assert_eq!(press(&mut state, KeyCode::Enter), [], "a page says something");
    for c in "patient 529.982.247-25 waits".chars() {
        press(&mut state, KeyCode::Char(c));
    }
    press(&mut state, KeyCode::Down);
    press(&mut state, KeyCode::Down);
    let sent = press(&mut state, KeyCode::Enter);
    let [Order::Page(page)] = &sent[..] else { panic!("{sent:?}") };
    assert_eq!(page.whom, Whom::Contact("bruno".into()));
    assert!(page.message.starts_with("patient ‹cpf:") && !page.message.contains("529"), "{}", page.message);
    assert!(matches!(page.about, Some(Subject::Incident(..))));
    assert_eq!(press(&mut state, KeyCode::Enter), [], "once");
    // Refused: the same may be tried again, or somebody else.
    then(&mut state, Msg::Acted(Box::new(Report::Refused("the disk is full".to_owned()))));
    assert_eq!(dialog(&state).sending, Sending::Not);
    assert_eq!(press(&mut state, KeyCode::Enter).len(), 1);
}

#[test]
fn whoever_cannot_be_reached_is_not_paged_and_a_click_pages_nobody() {
    let mut state = incidents(SMALL);
    reached(&mut state);
    assert_eq!(then(&mut state, Msg::Click(plantao::message::Target::Entry(4))), []);
    assert_eq!(dialog(&state).whom().map(|one| one.name.as_str()), Some("Diego Reis"));
    assert_eq!(press(&mut state, KeyCode::Enter), []);
    assert!(state.notice.as_ref().is_some_and(|notice| notice.text.contains("Diego Reis is not reached")));
    // Who is chosen stays chosen when the rota is read anew.
    let mut turned = people(&state);
    turned.rotate_left(1);
    let about = dialog(&state).about.clone();
    let reach = Reach { about, incident: None, people: turned };
    then(&mut state, Msg::Acted(Box::new(Report::Reach(Box::new(reach)))));
    assert_eq!(dialog(&state).whom().map(|one| one.name.as_str()), Some("Diego Reis"));
}

#[test]
fn nobody_outside_is_paged_from_the_embedded_place_nor_by_whoever_may_only_look() {
    let mut state = incidents(SMALL);
    state.demo = Some(plantao::state::Demo::default());
    reached(&mut state);
    assert_eq!(press(&mut state, KeyCode::Enter), []);
    assert!(state.notice.as_ref().is_some_and(|notice| notice.text.contains("embedded")));
    let mut state = incidents(SMALL);
    state.setup.role = Role::Viewer;
    assert_eq!(press(&mut state, KeyCode::Char('P')), []);
    assert!(state.overlay.is_none());
}

#[test]
fn an_answer_that_nobody_waits_for_any_more_is_told() {
    let mut state = incidents(SMALL);
    reached(&mut state);
    press(&mut state, KeyCode::Enter);
    press(&mut state, KeyCode::Esc);
    let waits = vec![letter(&state, "sms", LetterState::Queued, "")];
    state.notice = None;
    stands(&mut state, 1, waits);
    assert_eq!(state.notice, None, "nothing is known yet");
    let failed = vec![letter(&state, "sms", LetterState::Failed, "HTTP 401")];
    stands(&mut state, 1, failed);
    assert!(
        state.notice.as_ref().is_some_and(|notice| notice.text.contains("NOT reached")),
        "{:?}",
        state.notice
    );
}

#[test]
fn of_an_alert_it_says_what_the_alert_says_and_without_one_nothing_in_particular() {
    let mut state = hospital::named(Scene::Incident, LARGE, "alerts");
    state.setup.role = Role::Responder;
    let name = state.list.at(0).expect("an alert").alert.name().to_owned();
    let about = opened(&mut state);
    assert!(matches!(about, Some(Subject::Alert(..))), "{about:?}");
    assert!(dialog(&state).text.text.contains(&name), "{}", dialog(&state).text.text);
    press(&mut state, KeyCode::Esc);
    state.places.alerts.filter = "nothing has this name".to_owned();
    plantao::update::alerts::reorder(&mut state);
    state.stack = vec![View::Alerts];
    assert_eq!(opened(&mut state), None);
}
