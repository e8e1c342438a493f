//! Golden frames of incidents: a real journal, opened, noted, taken and resolved as a person would, at the hour of the
//! model hospital.

use chrono::TimeDelta;
use plantao::command::CommandId as Do;
use plantao::journal::{Journal, Options};
use plantao::message::{Effect, Msg};
use plantao::model::deed::{Order, Report};
use plantao::model::duty::OnCall;
use plantao::model::records::{Actor, Deed, NewRun, Origin, RunState};
use plantao::model::{Role, Time};
use plantao::respond::incidents;
use plantao::state::{Overlay, State, View};
use plantao::ui::Glyphs;
use plantao::update::{self, update};

use crate::hospital_state::{self as hospital, Scene};
use crate::looks::{LARGE, SMALL, check, draw, theme};

fn frame(name: &str, state: &State, look: &str, glyphs: &Glyphs, size: (u16, u16)) {
    let suffix = match (glyphs.ascii, look) {
        (true, _) => format!("-{look}-ascii"),
        (false, "dark") => String::new(),
        (false, _) => format!("-{look}"),
    };
    check(&format!("view-{name}{suffix}-{}x{}", size.0, size.1), look, &draw(state, &theme(look), glyphs));
}

fn everywhere(name: &str, build: impl Fn((u16, u16)) -> State) {
    for size in [SMALL, LARGE] {
        frame(name, &build(size), "dark", &Glyphs::UNICODE, size);
    }
    frame(name, &build(LARGE), "mono", &Glyphs::UNICODE, LARGE);
    frame(name, &build(SMALL), "mono", &Glyphs::ASCII, SMALL);
}

fn ana() -> Actor {
    Actor { operator: "ana".into(), os_user: "oncall (1001)".into(), origin: "key:SHA256:abc".into() }
}

/// The night so far: an old incident of the same alerts that is resolved, one of a rule, and one by hand that ana has.
fn journal(home: &std::path::Path, state: &State) -> Journal {
    let now = state.now;
    let ago = |minutes: i64| now - TimeDelta::minutes(minutes);
    let mut journal = Journal::open(&Options::at(home.join("journal.db")), now).expect("a journal");
    let pack = &state.setup.pack;
    let alerts: Vec<_> =
        state.list.rows.iter().map(|row| &*row.alert).filter(|alert| alert.fingerprint.len() == 16).collect();
    let hot: Vec<_> = alerts.iter().copied().filter(|alert| alert.name().contains("Thermal")).collect();
    let slow: Vec<_> = alerts.iter().copied().filter(|alert| alert.name().contains("Latency")).collect();
    assert!(!hot.is_empty() && !slow.is_empty(), "the model hospital is hot and slow");
    let ana = ana();
    let old = Deed::Open(pack.incident_of(&hot, "", Origin::Hand));
    let old = incidents::carry_out(&mut journal, &old, &ana, ago(9 * 24 * 60)).expect("opened").id;
    let run = NewRun {
        playbook: "thermal-shed-load".into(),
        incident: Some(old.clone()),
        spec: "{}".into(),
        steps: Vec::new(),
        dedup: None,
        owner: Some("host/1".into()),
    };
    journal
        .write(|tx| {
            let (run, _) = tx.begin_run(&run, &ana, ago(9 * 24 * 60 - 2))?;
            tx.run_state(&run.id, "host/1", RunState::Done, 0, "", ago(9 * 24 * 60 - 5))?;
            tx.resolve(&old, "fan 2 cleaned, load shed meanwhile", &ana, ago(9 * 24 * 60 - 40))
        })
        .expect("resolved");
    let rule = Origin::Rule("high".into());
    let by_rule = Deed::Open(pack.incident_of(&slow, "", rule));
    incidents::carry_out(&mut journal, &by_rule, &Actor::named("watcher"), ago(72)).expect("opened");
    let mine = Deed::Open(pack.incident_of(&hot, "The machine is too hot", Origin::Hand));
    let mine = incidents::carry_out(&mut journal, &mine, &Actor::named("bruno"), ago(9)).expect("opened").id;
    journal
        .write(|tx| {
            tx.acknowledge_incident(&mine, &ana, ago(4))?;
            tx.note(
                &mine,
                "Fan 2 stands still; the technician of the building is on the way.",
                &ana,
                ago(3),
            )?;
            tx.join(
                &mine,
                &slow.iter().map(|alert| pack.member_of(alert)).collect::<Vec<_>>(),
                "watcher",
                ago(2),
            )
        })
        .expect("written");
    journal
}

/// The alerts of an incident, and the journal of that night read into the state.
pub fn night(size: (u16, u16), go: impl Fn(&mut State)) -> State {
    let mut state = hospital::named(Scene::Incident, size, "alerts");
    "ana".clone_into(&mut state.setup.operator);
    let until = Some(state.now + TimeDelta::hours(5));
    state.acting.on_call = vec![
        OnCall {
            level: "On-call engineer".into(),
            now: vec!["Ana Souza".into()],
            until,
            next: vec!["Bruno Lima".into()],
            trouble: None,
        },
        OnCall { level: "Department head".into(), ..OnCall::default() },
    ];
    state.setup.role = Role::Admin;
    let home = tempfile::tempdir().expect("a folder");
    let journal = journal(home.path(), &state);
    go(&mut state);
    read(&mut state, &journal);
    read(&mut state, &journal);
    hospital::settle(&mut state, Scene::Incident);
    state
}

fn read(state: &mut State, journal: &Journal) {
    let one = state.looked_up().and_then(|id| incidents::dossier(journal, &id).expect("read"));
    let book = incidents::book(journal, state.now).expect("read");
    update::incidents::read(state, Ok((book, one)));
}

fn press(state: &mut State, id: Do) -> Vec<Effect> {
    let now = state.now;
    update(state, now, Msg::Command(id))
}

fn later(state: &mut State) -> Time {
    state.now + TimeDelta::milliseconds(400)
}

#[test]
fn the_list_of_incidents() {
    everywhere("incidents", |size| {
        night(size, |state| {
            press(state, Do::Incidents);
        })
    });
    let all = |size| {
        night(size, |state| {
            press(state, Do::Incidents);
            press(state, Do::IncidentsOver);
        })
    };
    frame("incidents-all", &all(LARGE), "dark", &Glyphs::UNICODE, LARGE);
}

#[test]
fn one_incident_with_its_timeline() {
    let first = |size| {
        let mut state = night(size, |state| {
            press(state, Do::Incidents);
        });
        let rich = |one: &&plantao::model::records::Incident| one.title.contains("too hot");
        let id = state.incidents().into_iter().find(rich).expect("it is open").id.clone();
        state = night(size, move |state| update::views::go(state, View::Record(id.clone())));
        state
    };
    everywhere("incident", first);
}

#[test]
fn opening_one_of_an_alert_says_what_it_will_be_and_that_there_is_one_already() {
    everywhere("incident-open", |size| {
        let mut state = night(size, |_| ());
        press(&mut state, Do::IncidentOpen);
        state
    });
}

#[test]
fn a_journal_that_is_of_no_use_is_said_and_the_console_still_watches() {
    let broken = |size| {
        let mut state = night(size, |state| {
            press(state, Do::Incidents);
        });
        let why = plantao::journal::JournalError::Full.to_string();
        update::incidents::read(&mut state, Err(why.clone()));
        let now = state.now;
        update(&mut state, now, Msg::Held(Err(why)));
        state
    };
    for size in [SMALL, LARGE] {
        frame("incidents-full-disk", &broken(size), "dark", &Glyphs::UNICODE, size);
    }
    let none = |size| {
        let mut state = hospital::named(Scene::Incident, size, "alerts");
        press(&mut state, Do::Incidents);
        let now = state.now;
        update(&mut state, now, Msg::Held(Err("the journal is locked by another process".to_owned())));
        state
    };
    frame("incidents-locked", &none(SMALL), "dark", &Glyphs::UNICODE, SMALL);
}

#[test]
fn a_dialog_hears_nothing_in_its_first_moment_and_then_orders_once() {
    let mut state = night(LARGE, |state| {
        press(state, Do::Incidents);
    });
    let id = state.incidents()[0].id.clone();
    press(&mut state, Do::IncidentNote);
    assert!(matches!(state.overlay, Some(Overlay::Dialog(_))));
    let now = state.now;
    assert!(update(&mut state, now, Msg::Paste("x".to_owned())).is_empty());
    assert!(press(&mut state, Do::Accept).is_empty(), "it was meant for what lay under it");
    let now = later(&mut state);
    assert!(update(&mut state, now, Msg::Command(Do::Accept)).is_empty(), "a note needs words");
    update(&mut state, now, Msg::Paste("call 529.982.247-25".to_owned()));
    let effects = update(&mut state, now, Msg::Command(Do::Accept));
    let [Effect::Act(Order::Incident(deed))] = &effects[..] else { panic!("{effects:?}") };
    let Deed::Note(of, text) = &**deed else { panic!("{deed:?}") };
    assert_eq!(*of, id);
    assert!(text.contains("‹cpf:") && !text.contains("529"), "{text}");
    assert!(state.overlay.is_none());
}

#[test]
fn a_viewer_has_no_dialog() {
    let mut state = night(LARGE, |state| {
        press(state, Do::Incidents);
    });
    state.setup.role = Role::Viewer;
    for id in [Do::IncidentNote, Do::IncidentTake, Do::IncidentResolve, Do::IncidentAssign, Do::IncidentOpen]
    {
        assert!(press(&mut state, id).is_empty() && state.overlay.is_none(), "{id:?}");
        assert!(state.notice.take().is_some(), "{id:?} is said to be forbidden");
    }
}

#[test]
fn what_was_opened_is_gone_to() {
    let mut state = night(LARGE, |_| ());
    let incident = state.incidents()[0].clone();
    let now = state.now;
    update(&mut state, now, Msg::Acted(Box::new(Report::Incident(Box::new(incident.clone()), true))));
    assert_eq!(*state.view(), View::Record(incident.id));
}
