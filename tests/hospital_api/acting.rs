//! What is done in the embedded hospital has effect there: its Alertmanager mutes, and notifies again.

use std::sync::Arc;

use plantao::client::Clients;
use plantao::clock::Clock;
use plantao::demo::{FaultSpec, Plan};
use plantao::journal::{Options, Worker};
use plantao::model::ask::{Answer, Ask, Key};
use plantao::model::deed::{AckOrder, Order, Report, Wanted};
use plantao::model::records::Actor;
use plantao::model::{Alert, AlertState, Matcher, Role, Time};
use plantao::respond::Hands;
use plantao::runtime::embedded::Order as Place;

use crate::support::http::wait_for;
use crate::support::wait;

fn alert(hands: &Hands, name: &str) -> Result<Alert, String> {
    let answered = wait_for(hands.clients.ask(&Ask::Plain(Key::Alerts))).map_err(|fault| fault.detail)?;
    let Answer::Alerts(all) = answered.answer else { return Err("no alerts".to_owned()) };
    all.into_iter().find(|alert| alert.name() == name).ok_or_else(|| "not there yet".to_owned())
}

#[test]
fn an_acknowledgement_and_a_silence_mute_the_embedded_alert_and_undo_unmutes_it() {
    let now: Time = "2026-11-20T13:42:00Z".parse().expect("a time");
    let fault = FaultSpec::parse("thermal@12m").expect("a fault").fault(now);
    let clock = Clock::starting_at(now);
    let pack = Arc::new(plantao::pack::load("hospital", &[]).expect("the pack"));
    let plan = Plan { faults: vec![fault], ..Plan::calm(1) };
    let place = Place { pack: pack.clone(), plan, clock }.open().expect("the hospital");
    let folder = tempfile::tempdir().expect("a folder");
    let hands = Hands {
        journal: Worker::start(Options::at(folder.path().join("journal.db")), clock),
        clients: Clients::with_clock(place.sources(), clock),
        pack,
        clock,
        actor: Actor::named("ana"),
        role: Role::Responder,
        reveal: None,
        holder: "test".into(),
        is_watcher: false,
        has_manager: true,
    };
    let name = "MacStudioThermalThrottling";
    let hot = wait::until("the alert", || alert(&hands, name));
    let is = |state: AlertState| {
        wait::until_true(state.as_str(), || alert(&hands, name).is_ok_and(|alert| alert.state == state));
    };
    is(AlertState::Firing);
    let alerts = vec![(hot.fingerprint.clone(), hot.labels.clone())];
    let order = AckOrder { alerts, why: "cooling".to_owned(), hold_s: 900, silence: true };
    let Report::Acked(acked) = wait_for(hands.carry_out(Order::Ack(order))) else { panic!("acknowledged") };
    assert_eq!((acked.recorded, acked.silenced), (1, 1));
    is(AlertState::Silenced);
    let fingerprint = vec![hot.fingerprint.clone()];
    assert_eq!(wait_for(hands.carry_out(Order::Unack(fingerprint))), Report::Unacked(1, None));
    is(AlertState::Firing);

    let wanted = Wanted {
        matchers: vec![Matcher::parse(&format!("alertname=\"{name}\"")).expect("a matcher")],
        starts_at: clock.now(),
        ends_at: clock.now() + chrono::TimeDelta::hours(1),
        created_by: "ana".to_owned(),
        comment: "work".to_owned(),
    };
    let Report::Stands(standing, undo) = wait_for(hands.carry_out(Order::Silence(wanted))) else {
        panic!("made")
    };
    is(AlertState::Silenced);
    let until = clock.now() + chrono::TimeDelta::hours(3);
    let before = standing.ends_at;
    let extend = Order::Until { id: standing.id.clone(), until, before };
    let Report::Stands(longer, shorter) = wait_for(hands.carry_out(extend)) else { panic!("extended") };
    assert_eq!(longer.id, standing.id, "the same silence");
    let Report::Stands(back, _) = wait_for(hands.carry_out(*shorter)) else { panic!("shortened") };
    assert_eq!(back.id, standing.id);
    // Undone: ended; and what was ended is made again by undoing that.
    let Report::Ended(_, again) = wait_for(hands.carry_out(*undo)) else { panic!("ended") };
    is(AlertState::Firing);
    let Report::Stands(made, _) = wait_for(hands.carry_out(*again)) else { panic!("made again") };
    assert_ne!(made.id, standing.id);
    is(AlertState::Silenced);
}
