//! The incident: when it is looked for, what the view makes of keys, and the way to the evidence and back.

use std::sync::Arc;

use plantao::command::CommandId::{Alerts, Back, IncidentPin, Open};
use plantao::explore::incident::Found;
use plantao::message::{Effect, Msg};
use plantao::model::ask::{Answer, Key};
use plantao::model::deed::{Order, Subject};
use plantao::model::{Heard, Labels, Point, Series, SourceKind, Window};
use plantao::state::View;
use plantao::state::incident::{CauseRow, Inquiry, Side};

use crate::desk::{Desk, alert, at};
use crate::incident_of::{found, unsure};
use crate::links::{said, view};

fn inquiry(effects: &[Effect]) -> Option<Inquiry> {
    effects.iter().find_map(|effect| match effect {
        Effect::Investigate(inquiry) => Some((**inquiry).clone()),
        _ => None,
    })
}

fn bring(desk: &mut Desk, found: Arc<Found>) -> Vec<Effect> {
    let number = desk.state.incidents.numbers;
    desk.send(Msg::Investigated { number, outcome: Box::new(Ok(found)) })
}

/// The view, open on an incident.
fn opened() -> Desk {
    let mut desk = Desk::new();
    let effects = desk.keys("x");
    assert!(inquiry(&effects).is_some_and(|one| !one.suggestion && one.window.is_none()), "{effects:?}");
    bring(&mut desk, found(at(0)));
    desk
}

#[test]
fn opening_it_looks_for_it_once_and_shows_calm_time_and_window_with_the_cursor_at_the_onset() {
    let mut desk = opened();
    assert_eq!(view(&desk), View::Incident);
    assert_eq!(desk.state.window, Window::Past { start: at(-1860), end: at(0) });
    assert_eq!(desk.state.axis.cursor, Some(at(-358)));
    desk.command(Back);
    assert_ne!(view(&desk), View::Incident);
    let effects = desk.keys("x");
    assert_eq!(inquiry(&effects), None, "it is there already");
    assert_eq!(view(&desk), View::Incident);
}

#[test]
fn what_an_older_inquiry_brings_is_dropped_and_nobody_is_fetched_back() {
    let mut desk = Desk::new();
    desk.keys("x");
    let old = desk.state.incidents.numbers;
    desk.keys("R");
    desk.send(Msg::Investigated { number: old, outcome: Box::new(Ok(found(at(0)))) });
    assert!(desk.state.incidents.shown.is_none());
    desk.command(Alerts);
    bring(&mut desk, found(at(0)));
    assert_eq!(view(&desk), View::Alerts);
    assert!(said(&desk).contains("INC-20261122030607"), "{}", said(&desk));
}

#[test]
fn a_failure_is_said_and_can_be_tried_again() {
    let mut desk = Desk::new();
    desk.keys("x");
    let number = desk.state.incidents.numbers;
    desk.send(Msg::Investigated { number, outcome: Box::new(Err("no server answered".to_owned())) });
    assert_eq!(desk.state.incidents.fault.as_deref(), Some("no server answered"));
    assert!(inquiry(&desk.keys("R")).is_some());
    assert_eq!(desk.state.incidents.fault, None);
}

#[test]
fn evidence_opens_where_it_is_seen_and_back_returns_with_window_and_cursor() {
    let mut desk = opened();
    let before = (desk.state.window, desk.state.incidents.place.cursor);
    desk.keys("down");
    assert_eq!(desk.state.axis.cursor, Some(at(-358)), "the cursor of time follows");
    desk.command(Open);
    assert_eq!(view(&desk), View::Metrics("max(mac_studio_thermal_state)".into()));
    assert_eq!(desk.state.window, Window::Past { start: at(-658), end: at(-58) });
    desk.command(Back);
    assert_eq!((view(&desk), desk.state.window), (View::Incident, before.0));
    assert_eq!(desk.state.incidents.place.cursor, before.1 + 1);
    desk.keys("down down");
    desk.command(Open);
    assert_eq!(view(&desk), View::Alerts);
}

#[test]
fn a_cause_folds_and_a_moment_has_no_view_of_its_own() {
    let mut desk = opened();
    let rows = desk.state.incidents.rows().len();
    // Causes, evidence, what explains two of them, advice and a playbook.
    assert_eq!(rows, 3 + 6 + 2 + 3);
    desk.command(Open);
    assert_eq!(desk.state.incidents.rows().len(), rows - 3 - 3);
    desk.keys("G");
    desk.command(Open);
    assert_eq!(view(&desk), View::Incident);
    assert!(said(&desk).contains("moment on the axis"), "{}", said(&desk));
}

#[test]
fn the_cursor_of_time_goes_from_event_to_event_and_says_where_there_is_none() {
    let mut desk = opened();
    desk.keys("n");
    let first = desk.state.axis.cursor.expect("a cursor");
    assert!(first > at(-358));
    desk.keys("n");
    assert!(desk.state.axis.cursor.expect("a cursor") > first);
    desk.keys("N");
    assert_eq!(desk.state.axis.cursor, Some(first));
    for _ in 0..500 {
        desk.keys("n");
    }
    assert!(said(&desk).contains("nothing else happened"), "{}", said(&desk));
}

#[test]
fn looking_again_takes_the_window_as_it_was_moved() {
    let mut desk = opened();
    let again = inquiry(&desk.keys("R")).expect("an inquiry");
    assert_eq!(again.window, None, "nobody has moved it");
    bring(&mut desk, found(at(0)));
    desk.keys("[");
    let moved = inquiry(&desk.keys("R")).expect("an inquiry").window.expect("a window");
    assert_eq!((moved.start, moved.end), (at(-2790), at(-930)));
}

#[test]
fn both_sides_have_the_keyboard_in_turn() {
    let mut desk = opened();
    desk.keys("tab");
    assert_eq!(desk.state.incidents.place.side, Side::Signals);
    desk.keys("j j j");
    assert_eq!((desk.state.incidents.place.lane, desk.state.incidents.place.cursor), (3, 0));
    desk.command(Open);
    assert!(matches!(view(&desk), View::Metrics(_)), "{:?}", view(&desk));
    desk.command(Back);
    desk.keys("tab");
    assert_eq!(desk.state.incidents.place.side, Side::Causes);
}

#[test]
fn what_the_servers_have_answered_is_told_of_the_inquiry_under_way_alone() {
    let mut desk = Desk::new();
    desk.keys("x");
    let number = desk.state.incidents.numbers;
    let heard = vec![Heard { source: SourceKind::Loki, ended: 4, waiting: 8 }];
    desk.send(Msg::Heard { number: number + 1, heard: heard.clone() });
    assert_eq!(desk.state.incidents.heard, [], "of another one");
    desk.send(Msg::Heard { number, heard: heard.clone() });
    assert_eq!(desk.state.incidents.heard, heard);
    bring(&mut desk, found(at(0)));
    desk.keys("R");
    assert_eq!(desk.state.incidents.heard, [], "the next one begins anew");
}

/// The machine that broke first has no spans of its own: its cause leads to the slow and failed traces of its host.
#[test]
fn a_cause_that_is_no_service_leads_to_where_it_is_seen() {
    let mut desk = opened();
    assert_eq!(
        desk.state.incidents.shown.as_ref().expect("shown").analysis.causes[0].component,
        "mac-studio"
    );
    desk.keys("T");
    let query = r#"{resource.host.name =~ "mac-studio.*"} && {status = error || traceDuration > 2000ms}"#;
    assert_eq!(view(&desk), View::Traces(query.into()));
}

#[test]
fn an_urgent_alert_asks_for_a_suggestion_once_and_calm_takes_it_away() {
    let fires =
        [("alertname", "MacStudioThermalThrottling"), ("severity", "critical"), ("department", "all")];
    let mut desk = Desk::new();
    desk.rules(vec![]);
    let effects = desk.alerts(vec![alert("f", &fires)]);
    let asked = inquiry(&effects).expect("a suggestion");
    assert!(asked.suggestion);
    assert_eq!(inquiry(&desk.alerts(vec![alert("f", &fires)])), None, "one at a time");
    bring(&mut desk, found(at(0)));
    assert!(desk.state.incidents.suggested.is_some());
    assert_eq!(view(&desk), View::Page { id: "overview".into(), department: None }, "nobody is led away");
    desk.now = 120;
    assert_eq!(inquiry(&desk.alerts(vec![alert("f", &fires)])), None, "the same alerts are no news");
    desk.now = 700;
    assert!(inquiry(&desk.alerts(vec![alert("f", &fires)])).is_some(), "at a slow pace");
    bring(&mut desk, found(at(0)));
    desk.now = 710;
    desk.alerts(vec![]);
    assert!(desk.state.incidents.suggested.is_none());
}

#[test]
fn what_is_suggested_opens_at_once() {
    let mut desk = Desk::new();
    desk.state.incidents.suggested = Some(unsure(at(0)));
    let effects = desk.keys("x");
    assert_eq!((inquiry(&effects), view(&desk)), (None, View::Incident));
    assert!(desk.state.incidents.shown.is_some());
}

#[test]
fn nothing_is_suggested_in_the_past() {
    let fires = [("alertname", "A"), ("severity", "critical")];
    let mut desk = Desk::new();
    desk.keys("[");
    desk.rules(vec![]);
    assert_eq!(inquiry(&desk.alerts(vec![alert("f", &fires)])), None);
}

#[test]
fn an_incident_is_saved_and_nothing_is_not() {
    let mut desk = Desk::new();
    desk.keys("x");
    assert!(desk.keys("e").is_empty());
    assert!(said(&desk).contains("no incident yet"), "{}", said(&desk));
    bring(&mut desk, found(at(0)));
    assert!(matches!(&desk.keys("e")[..], [Effect::Export(_)]));
    desk.send(Msg::Exported(Ok(("a.jsonl.zst".to_owned(), None))));
    assert!(said(&desk).contains("a.jsonl.zst, sealed but not signed"), "{}", said(&desk));
    desk.send(Msg::Exported(Ok(("a.jsonl.zst".to_owned(), Some("seal.key".to_owned())))));
    assert_eq!(said(&desk), "written to a.jsonl.zst, signed with seal.key");
    desk.send(Msg::Exported(Err(("a".to_owned(), "disk full".to_owned()))));
    assert!(said(&desk).contains("disk full"));
}

#[test]
fn what_to_do_stands_under_a_cause_and_its_playbooks_are_asked_for() {
    let mut desk = opened();
    // The cause, three pieces of evidence, two words of advice, a playbook.
    let rows = desk.state.incidents.rows();
    assert_eq!(rows[4], CauseRow::Advice(0, 0));
    assert_eq!(rows[6], CauseRow::Playbook(0, 0));
    let orders = |effects: &[Effect]| match effects {
        [Effect::Act(Order::Offers(Subject::Cause(of)))] => Some((of.labels.clone(), of.named.clone())),
        _ => None,
    };
    let (labels, named) = orders(&desk.keys("p")).expect("offers");
    assert_eq!(labels.get("alertname"), Some("MacStudioThermalThrottling"), "the component's own alert");
    assert_eq!(named[0].0, "thermal");
    assert!(named[0].1.contains("mac-studio: heat"), "{named:?}");
    // A dialog takes no key at once.
    desk.pass(1);
    desk.keys("esc");
    desk.keys("j j j j j j");
    assert!(orders(&desk.command(Open)).is_some(), "Enter on the playbook does the same");
    desk.pass(1);
    desk.keys("esc j");
    assert_eq!(desk.state.incidents.rows()[desk.state.incidents.place.cursor], CauseRow::Cause(1));
    assert_eq!(orders(&desk.keys("p")), None);
    assert!(said(&desk).contains("follows from mac-studio"), "{}", said(&desk));
    desk.keys("j");
    desk.command(Open);
    assert_eq!(desk.state.incidents.place.cursor, 0, "to what it follows from");
}

#[test]
fn lanes_are_made_of_whatever_has_a_trend_and_nothing_else() {
    let mut desk = opened();
    desk.command(Back);
    desk.command(Alerts);
    desk.command(IncidentPin);
    assert!(desk.state.incidents.pinned.is_empty());
    desk.state.stack.push(View::Logs("{level=~\".+\"}".into()));
    desk.command(IncidentPin);
    assert!(said(&desk).contains("no trend"), "nothing has come yet: {}", said(&desk));
    let View::Logs(text) = view(&desk) else { panic!("{:?}", view(&desk)) };
    let query = plantao::state::logs::histogram_query(&desk.state, &text);
    let key = Key::LogRange(query, plantao::state::logs::histogram_step(&desk.state));
    let now = at(0).timestamp_millis();
    let points = |v: f64| vec![Point { t: now - 60_000, v }, Point { t: now, v: v + 1.0 }];
    let series = ["info", "error"]
        .map(|level| Series { labels: Labels::new([("level", level)]), points: points(2.0) });
    desk.answer(&key, Answer::Matrix(series.into()));
    desk.command(IncidentPin);
    let lane = desk.state.incidents.pinned.first().expect("a lane");
    assert_eq!(lane.points.iter().map(|point| point.v).collect::<Vec<_>>(), [4.0, 6.0], "of all levels");
    assert!(matches!(&lane.goal, plantao::explore::incident::Goal::Logs(_)));
    desk.command(IncidentPin);
    assert_eq!(desk.state.incidents.pinned.len(), 1, "once");
}

#[test]
fn a_past_hour_is_asked_about_even_while_something_of_now_is_looked_for() {
    let mut desk = opened();
    desk.command(Back);
    desk.keys("0");
    assert!(inquiry(&desk.keys("x")).is_none(), "what is there is shown again");
    desk.command(Back);
    desk.state.window = Window::Past { start: at(-90_000), end: at(-86_400) };
    let asked = inquiry(&desk.keys("x")).expect("what is of today is no answer");
    assert_eq!(asked.window.map(|window| (window.start, window.end)), Some((at(-90_000), at(-86_400))));
    assert!(desk.state.incidents.shown.is_none());
    desk.keys("p");
    assert!(
        said(&desk).contains("past") || said(&desk).contains("live"),
        "nothing is run there: {}",
        said(&desk)
    );
}
