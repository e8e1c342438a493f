//! The embedded place: its hint, its faults, the guided tour.

use plantao::command::CommandId;
use plantao::demo::FaultKind;
use plantao::message::{Effect, Msg};
use plantao::model::Window;
use plantao::state::tour::{self, STEPS, Stop};
use plantao::state::{Demo, Overlay, PlannedFault, View};
use plantao::view::vm::Overlay as Drawn;

use crate::desk::{Desk, alert, at, critical};

fn fault(name: &str, since: Option<i64>, until: Option<i64>) -> PlannedFault {
    PlannedFault { name: name.into(), since: since.map(at), until: until.map(at) }
}

/// A console on an embedded place where `thermal` began twelve minutes ago.
fn desk() -> Desk {
    let mut desk = Desk::new();
    let faults = FaultKind::ALL.map(|kind| {
        let since = (kind == FaultKind::Thermal).then_some(-720);
        fault(kind.as_str(), since, None)
    });
    desk.state.demo = Some(Demo { faults: faults.into(), hint: true, tour: None });
    desk
}

fn step(desk: &Desk) -> usize {
    desk.state.tour().expect("a tour").at
}

#[test]
fn the_hint_stays_until_it_is_dismissed_and_says_how() {
    let mut desk = desk();
    let hints = |desk: &Desk| desk.screen().footer;
    assert!(!hints(&desk).lead.is_empty());
    let keys: Vec<String> = hints(&desk).hints.into_iter().map(|(key, _)| key).collect();
    assert_eq!(keys, [":tour", ":fault", "?", "esc"]);
    desk.keys("2 1 [ 0");
    desk.pass(3600);
    assert!(!hints(&desk).lead.is_empty(), "looking around is no dismissal");
    desk.keys("esc");
    assert!(hints(&desk).lead.is_empty());
    assert_ne!(hints(&desk).hints.len(), 4, "the keys of the view are back");
    for key in [":", "?"] {
        let mut other = self::desk();
        other.keys(key);
        assert!(hints(&other).lead.is_empty(), "{key}: what lies on top has keys of its own to tell");
    }
    assert!(hints(&Desk::new()).lead.is_empty(), "real servers have no hint");
}

#[test]
fn the_header_says_that_it_is_not_a_real_place() {
    assert_eq!(desk().screen().header.badges, ["DEMO"]);
    assert!(Desk::new().screen().header.badges.is_empty());
}

#[test]
fn faults_are_begun_and_mended_from_their_list() {
    let mut desk = desk();
    desk.command(CommandId::Faults);
    assert!(matches!(desk.state.overlay, Some(Overlay::Faults { cursor: 0 })), "on what is under way");
    let rows = |desk: &Desk| match desk.screen().overlay {
        Some(Drawn::Faults(faults)) => faults.rows,
        other => panic!("no faults: {other:?}"),
    };
    assert_eq!(rows(&desk).len(), FaultKind::ALL.len());
    for row in rows(&desk) {
        assert!(!row.doc.is_empty(), "{} says nothing of itself", row.name);
    }
    assert_eq!((rows(&desk)[0].on, rows(&desk)[0].state.as_str()), (true, "for 12m"));

    assert_eq!(desk.keys("down enter"), [Effect::ToggleFault("db-pool".into())]);
    let mut faults = desk.state.demo.clone().expect("a place").faults;
    faults[1] = fault("db-pool", Some(0), None);
    desk.send(Msg::Faults(faults.clone()));
    assert!(rows(&desk)[1].on, "the list is still there, and shows it");
    assert!(desk.state.notice.as_ref().is_some_and(|notice| notice.text.starts_with("db-pool begins")));

    faults[0] = fault("thermal", Some(-720), Some(0));
    desk.send(Msg::Faults(faults));
    desk.pass(180);
    assert_eq!((rows(&desk)[0].on, rows(&desk)[0].state.as_str()), (false, "mended 3m ago"));
    desk.keys("esc");
    assert!(desk.state.overlay.is_none());
}

#[test]
fn faults_and_tour_are_the_embedded_places_alone() {
    for id in [CommandId::Faults, CommandId::Tour] {
        let mut desk = Desk::new();
        assert!(desk.command(id).is_empty());
        assert!(desk.state.overlay.is_none() && desk.state.tour().is_none());
        let notice = desk.state.notice.as_ref().expect("a word");
        assert!(notice.text.contains("plantao demo"), "{}", notice.text);
    }
}

/// Goes on until the tour ends; gives the steps' numbers and the views they showed.
fn walk(desk: &mut Desk) -> Vec<(usize, View)> {
    desk.command(CommandId::Tour);
    let mut seen = Vec::new();
    while desk.state.tour().is_some() {
        seen.push((step(desk), desk.state.view().clone()));
        desk.keys(if seen.len() % 2 == 0 { "space" } else { "enter" });
        assert!(seen.len() <= STEPS.len(), "{seen:?}");
    }
    seen
}

#[test]
fn the_tour_walks_through_an_incident() {
    let mut desk = desk();
    desk.alerts(vec![critical("Hot"), alert("b", &[("alertname", "Slow")])]);
    let seen = walk(&mut desk);
    assert_eq!(seen.iter().map(|(at, _)| *at).collect::<Vec<_>>(), (0..STEPS.len()).collect::<Vec<_>>());
    let view = |stop: Stop| {
        let (_, view) = seen.iter().find(|(at, _)| STEPS[*at].stop == stop).expect("the step");
        view.clone()
    };
    assert_eq!(view(Stop::WorstAlert), View::Detail("f-Hot".into()), "the worst one");
    assert_eq!(view(Stop::Page("hardware")), View::Page { id: "hardware".into(), department: None });
    assert_eq!(view(Stop::Page("models")), View::Page { id: "models".into(), department: None });
    assert!(matches!(view(Stop::Department), View::Page { department: Some(_), .. }));
    assert_eq!((view(Stop::Filtered), view(Stop::Sources)), (View::Alerts, View::Sources));
    let notice = desk.state.notice.as_ref().expect("a word at the end");
    assert!(notice.text.contains(":tour"), "{}", notice.text);
}

#[test]
fn every_page_of_the_tour_is_in_the_shipped_pack() {
    for step in STEPS {
        if let Stop::Page(id) = step.stop {
            assert!(crate::desk::PACK.pages.iter().any(|page| page.id == id), "{id}");
        }
    }
}

#[test]
fn what_a_step_changes_is_as_before_when_it_is_left() {
    let mut desk = desk();
    desk.alerts(vec![critical("Hot")]);
    desk.state.places.alerts.filter = "mine".to_owned();
    desk.command(CommandId::Tour);
    let to = |desk: &mut Desk, stop: Stop| {
        while STEPS[step(desk)].stop != stop {
            desk.keys("enter");
        }
    };
    to(&mut desk, Stop::Filtered);
    assert_eq!(desk.state.places.alerts.filter, "severity=\"critical\"");
    assert_eq!(desk.state.shown_list().lines.len(), 1, "it finds the alert it was made of");
    to(&mut desk, Stop::Before);
    assert_eq!(desk.state.places.alerts.filter, "mine");
    let Window::Past { start, end } = desk.state.window else { panic!("{:?}", desk.state.window) };
    assert_eq!((start, end), (at(-720 - 3600), at(-720)), "it ends where the fault began");
    desk.keys("enter");
    assert!(desk.state.window.is_live());
    desk.keys("b");
    assert_eq!(STEPS[step(&desk)].stop, Stop::Before);
    desk.keys("esc");
    assert!(desk.state.window.is_live() && desk.state.tour().is_none(), "ending returns too");

    // What the person has set meanwhile stays.
    desk.command(CommandId::Tour);
    to(&mut desk, Stop::Before);
    desk.keys("[");
    let theirs = desk.state.window;
    desk.keys("enter");
    assert_eq!(desk.state.window, theirs);
}

#[test]
fn the_tour_traps_no_keys() {
    let mut desk = desk();
    desk.alerts(vec![critical("Hot")]);
    desk.command(CommandId::Tour);
    desk.keys("6");
    assert_eq!((desk.state.view(), step(&desk)), (&View::Sources, 0), "a view of one's own choice");
    desk.keys("?");
    assert!(matches!(desk.state.overlay, Some(Overlay::Help { .. })));
    desk.keys("esc");
    assert!(desk.state.overlay.is_none() && desk.state.tour().is_some(), "Escape closes what is on top");
    desk.keys("2 /");
    desk.type_text("b x");
    assert_eq!(desk.state.places.alerts.filter, "b x", "what is typed is typed");
    desk.keys("esc b");
    assert_eq!(step(&desk), 0, "there is nothing before the first");
    assert_eq!(desk.keys("q"), [Effect::Quit]);
    desk.keys("esc enter");
    assert!(matches!(desk.state.view(), View::Detail(_)), "afterwards keys are the view's again");
}

#[test]
fn a_calm_place_and_another_pack_skip_what_they_lack() {
    let mut calm = desk();
    calm.alerts(Vec::new());
    let seen = walk(&mut calm);
    assert!(seen.iter().all(|(at, _)| STEPS[*at].stop != Stop::WorstAlert));
    assert_eq!(seen.len(), STEPS.len() - 1);

    let mut other = desk();
    let mut pack = (**crate::desk::PACK).clone();
    pack.pages.truncate(1);
    pack.departments.clear();
    other.state.setup.pack = pack.into();
    let stops: Vec<Stop> = walk(&mut other).into_iter().map(|(at, _)| STEPS[at].stop).collect();
    assert!(stops.iter().all(|stop| !matches!(stop, Stop::Page(_) | Stop::Department)), "{stops:?}");
    assert_eq!(stops.last(), Some(&Stop::FirstPage));
}

#[test]
fn the_card_says_where_one_is_and_which_keys_go_on() {
    let mut desk = desk();
    desk.alerts(vec![critical("Hot")]);
    desk.command(CommandId::Tour);
    let card = desk.screen().card.expect("a card");
    assert_eq!(card.position, format!("1 of {}", STEPS.len()));
    assert!(card.body.contains("thermal for 12m"), "{}", card.body);
    let keys: Vec<&str> = card.keys.iter().map(|(key, _)| key.as_str()).collect();
    assert_eq!(keys, ["enter", "b", "esc"]);
    let all = STEPS.len();
    for at in 2..=all {
        desk.keys("space");
        let card = desk.screen().card.expect("a card");
        assert_eq!(card.position, format!("{at} of {all}"), "the count stands while the window is elsewhere");
    }
    assert!(desk.screen().card.is_some_and(|card| card.body.contains("--prometheus")), "how it goes on");
}

#[test]
fn the_card_leaves_room_for_the_list() {
    let mut desk = desk();
    desk.send(Msg::Resize(80, 24));
    let before = desk.state.list_height();
    desk.command(CommandId::Tour);
    assert_eq!(before - desk.state.list_height(), usize::from(tour::CARD_LINES));
}
