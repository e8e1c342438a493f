//! Acknowledgements at a real Alertmanager: leases that are extended, dropped, taken back and shared, by whoever runs.

use std::sync::Arc;

use chrono::TimeDelta;
use plantao::client::Clients;
use plantao::clock::Clock;
use plantao::config::{Source, Sources};
use plantao::journal::{AckFilter, Journal, Options, Worker};
use plantao::model::deed::{AckOrder, Acked, Order, Report};
use plantao::model::records::{Ack, AckState, Actor};
use plantao::model::{Labels, Role};
use plantao::pack;
use plantao::respond::{Hands, lease};
use serde_json::{Value, json};

use crate::needs;
use crate::support::flaky::{Fault, Flaky};
use crate::support::http::wait_for;
use crate::support::servers::Alertmanager;
use crate::{amtool, support::wait};

/// Everything that must stay data.
const HOSTILE: &str = "a \"quote\", a \\ back, a\nline, $(id) `id` ; rm -rf /; é ü 日本 {{x}} \u{1b}[31m";

struct Place {
    manager: Alertmanager,
    folder: tempfile::TempDir,
}

impl Place {
    fn start() -> Self {
        Self { manager: Alertmanager::start(), folder: tempfile::tempdir().expect("a folder") }
    }

    /// Somebody at this journal, so many seconds later, who sees Alertmanager at this address.
    fn at(&self, who: &str, later_s: i64, url: &str) -> Hands {
        let clock = Clock::Moved(TimeDelta::seconds(later_s));
        let source = Source::at(url.parse().expect("an address"));
        let sources = Sources { alertmanager: Some(source), ..Sources::default() };
        Hands {
            journal: Worker::start(Options::at(self.folder.path().join("journal.db")), clock),
            clients: Clients::with_clock(&sources, clock),
            pack: Arc::new(pack::load("hospital", &[]).expect("the pack")),
            clock,
            actor: Actor { operator: who.into(), os_user: "tester (1)".into(), origin: "".into() },
            role: Role::Responder,
            reveal: None,
            holder: format!("console {who} {later_s}").into(),
            is_watcher: false,
            has_manager: true,
        }
    }

    fn hands(&self, who: &str, later_s: i64) -> Hands {
        self.at(who, later_s, self.manager.url())
    }

    fn acks(&self) -> Vec<Ack> {
        let options = Options::at(self.folder.path().join("journal.db"));
        let journal = Journal::open_existing(&options).expect("a journal").expect("a journal");
        journal.acks(AckFilter { ended: true, ..AckFilter::default() }).expect("acknowledgements")
    }

    fn fire(&self, labels: &[Value]) -> Vec<(Arc<str>, Labels)> {
        let alerts: Vec<(Value, Value)> = labels.iter().map(|one| (one.clone(), json!({}))).collect();
        self.manager.post_alerts(&alerts);
        wait::until("the alerts", || {
            let all = self.manager.alerts()?;
            let found: Vec<_> = labels
                .iter()
                .filter_map(|labels| all.iter().find(|one| one["labels"] == *labels))
                .map(|one| {
                    let print: Arc<str> = one["fingerprint"].as_str().expect("a fingerprint").into();
                    let labels: Labels = serde_json::from_value(one["labels"].clone()).expect("labels");
                    (print, labels)
                })
                .collect();
            if found.len() == labels.len() { Ok(found) } else { Err(format!("{} there", found.len())) }
        })
    }

    fn silenced(&self, fingerprint: &str) -> bool {
        let all = self.manager.alerts().expect("alerts");
        let one = all.iter().find(|one| one["fingerprint"] == *fingerprint).expect("the alert");
        one["status"]["silencedBy"].as_array().is_some_and(|by| !by.is_empty())
    }
}

fn order(alerts: &[(Arc<str>, Labels)], hold_s: u32) -> Order {
    let why = "the night's \"own\" $(reason)".to_owned();
    Order::Ack(AckOrder { alerts: alerts.to_vec(), why, hold_s, silence: true })
}

fn acked(hands: &Hands, order: Order) -> Acked {
    match wait_for(hands.carry_out(order)) {
        Report::Acked(acked) => acked,
        other => panic!("{other:?}"),
    }
}

fn tend(hands: &Hands) -> lease::Tended {
    wait_for(lease::tend(hands)).expect("the journal")
}

#[test]
fn a_lease_is_exact_extended_under_its_id_and_dropped_when_its_alert_resolves() {
    needs!("real::leases"; ALERTMANAGER, AMTOOL);
    let place = Place::start();
    let labels = json!({"alertname": "Hot", "severity": "critical", "department": "icu", "note": HOSTILE,
        "patient_name": "Ana Souza", "cpf": "529.982.247-25"});
    let other = json!({"alertname": "Hot", "severity": "critical", "department": "icu", "note": "another"});
    let alerts = place.fire(&[labels.clone(), other]);
    let ana = place.hands("ana", 0);
    let done = acked(&ana, order(&alerts[..1], 60));
    assert_eq!((done.recorded, done.silenced, done.silences, done.trouble), (1, 1, 1, None));
    let silence = amtool::only(place.manager.url());
    assert_eq!(amtool::labels(&silence), *labels.as_object().expect("labels"), "byte for byte");
    assert_eq!(silence["createdBy"], "ana");
    assert_eq!(silence["comment"], "ACK! the night's \"own\" $(reason)");
    wait::until_true("the alert to be silenced", || place.silenced(&alerts[0].0));
    assert!(!place.silenced(&alerts[1].0), "nothing else is");
    // The journal holds nothing of the patient.
    let kept = std::fs::read(place.folder.path().join("journal.db")).expect("the journal");
    let wal = std::fs::read(place.folder.path().join("journal.db-wal")).unwrap_or_default();
    for secret in ["Ana Souza", "529.982.247-25"] {
        let holds = |bytes: &[u8]| bytes.windows(secret.len()).any(|some| some == secret.as_bytes());
        assert!(!holds(&kept) && !holds(&wal), "{secret} is in the journal");
    }

    // Nothing to do while half of it is left; then it is extended, by whoever runs, under the same id.
    assert_eq!(tend(&ana).extended, 0);
    let later = place.hands("bia", 40);
    let idle = tend(&later);
    assert_eq!((idle.mine, idle.extended), (false, 0), "ana's console holds the lease");
    wait_for(lease::leave(&ana)).expect("the journal");
    let done = tend(&later);
    assert_eq!((done.mine, done.extended, done.trouble), (true, 1, None));
    let extended = amtool::only(place.manager.url());
    assert_eq!((&extended["id"], &extended["startsAt"]), (&silence["id"], &silence["startsAt"]));
    let ends = |silence: &Value| {
        let text = silence["endsAt"].as_str().expect("an end");
        chrono::DateTime::parse_from_rfc3339(text).expect("RFC 3339")
    };
    let more = (ends(&extended) - ends(&silence)).num_seconds();
    assert!((35..=50).contains(&more), "{more} s more");
    assert_eq!(amtool::labels(&extended), *labels.as_object().expect("labels"), "byte for byte");

    // It resolves: the acknowledgement is over, the silence is gone.
    place.manager.resolve_alerts(&[labels]);
    wait::until_true("the alert to go", || place.manager.alerts().is_ok_and(|all| all.len() == 1));
    // An Alertmanager that has just started may not have heard of every alert: without another word it is not believed.
    assert_eq!(tend(&later).ended, 0);
    let settled = place.hands("bia", 130);
    wait_for(lease::leave(&later)).expect("the journal");
    assert_eq!(tend(&settled).ended, 1);
    assert_eq!(amtool::silences(place.manager.url(), false), Vec::<Value>::new());
    let ack = &place.acks()[0];
    assert_eq!(
        (ack.state, ack.silence_left, ack.ended_by.as_deref()),
        (AckState::Ended, false, Some("plantao"))
    );
}

#[test]
fn a_colleague_is_faster_and_taking_back_ends_the_silence() {
    needs!("real::leases"; ALERTMANAGER, AMTOOL);
    let place = Place::start();
    let alerts = place.fire(&[json!({"alertname": "Slow", "severity": "warning"})]);
    let (ana, bia) = (place.hands("ana", 0), place.hands("bia", 0));
    assert_eq!(acked(&ana, order(&alerts, 60)).recorded, 1);
    let late = acked(&bia, order(&alerts, 60));
    assert_eq!((late.recorded, late.taken), (0, vec![("Slow".to_owned(), "ana".to_owned())]));
    amtool::only(place.manager.url());

    let report = wait_for(bia.carry_out(Order::Unack(vec![alerts[0].0.clone()])));
    assert_eq!(report, Report::Unacked(1, None));
    assert_eq!(amtool::silences(place.manager.url(), false), Vec::<Value>::new());
    wait::until_true("it notifies again", || !place.silenced(&alerts[0].0));

    // Without a silence it stands in the journal alone.
    let local = AckOrder { alerts: alerts.clone(), why: "mine".to_owned(), hold_s: 60, silence: false };
    assert_eq!(acked(&ana, Order::Ack(local)).recorded, 1);
    assert_eq!(tend(&ana).made, 0);
    assert_eq!(amtool::silences(place.manager.url(), false), Vec::<Value>::new());
    assert_eq!(place.acks()[0].state, AckState::Local);
    assert_eq!(wait_for(ana.carry_out(Order::Unack(vec![alerts[0].0.clone()]))), Report::Unacked(1, None));

    // Its silence ended by somebody else, at Alertmanager: then it is nobody's.
    assert_eq!(acked(&ana, order(&alerts, 60)).silenced, 1);
    let id = amtool::only(place.manager.url())["id"].as_str().expect("an id").to_owned();
    wait_for(bia.clients.expire_silence(&id)).expect("ended");
    wait::until_true("it notifies again", || !place.silenced(&alerts[0].0));
    let later = place.hands("carla", 20);
    wait_for(lease::leave(&ana)).expect("the journal");
    assert_eq!(tend(&later).ended, 1);
    assert!(place.acks().iter().all(|ack| ack.state == AckState::Ended));

    // A viewer does nothing, and that is on record.
    let viewer = Hands { role: Role::Viewer, ..place.hands("eve", 0) };
    assert!(matches!(wait_for(viewer.carry_out(order(&alerts, 60))), Report::Refused(_)));
    assert_eq!(amtool::silences(place.manager.url(), false), Vec::<Value>::new());
    let records =
        wait_for(viewer.read(|journal| journal.audit_records(&plantao::journal::AuditFilter::default())));
    let last = records.expect("the audit").pop().expect("a record");
    assert_eq!((&*last.actor.operator, &*last.action), ("eve", "ack"));
    assert_eq!(last.outcome, plantao::model::records::Outcome::Refused);
}

#[test]
fn one_silence_for_all_only_where_equality_covers_exactly_these() {
    needs!("real::leases"; ALERTMANAGER, AMTOOL);
    let place = Place::start();
    let alert = |name: &str, node: &str| json!({"alertname": name, "node": node, "severity": "warning"});
    let disks = place.fire(&[alert("Disk", "a"), alert("Disk", "b"), alert("Disk", "c")]);
    place.fire(&[alert("Net", "a")]);
    let ana = place.hands("ana", 0);
    // Two of three: what they have in common would mute the third.
    let two = acked(&ana, order(&disks[..2], 60));
    assert_eq!((two.silenced, two.silences), (2, 2));
    assert!(!place.silenced(&disks[2].0));
    let prints = disks[..2].iter().map(|(print, _)| print.clone()).collect();
    assert_eq!(wait_for(ana.carry_out(Order::Unack(prints))), Report::Unacked(2, None));

    // All three: one silence covers exactly these.
    let all = acked(&ana, order(&disks, 60));
    assert_eq!((all.silenced, all.silences), (3, 1));
    let group = amtool::only(place.manager.url());
    let expected = json!({"alertname": "Disk", "severity": "warning"});
    assert_eq!(amtool::labels(&group), *expected.as_object().expect("labels"));

    // A fourth fires: nobody has it, so the group is taken apart, and nothing was unmuted between.
    let fourth = place.fire(&[alert("Disk", "d")]);
    wait::until_true("the fourth is muted with the others", || place.silenced(&fourth[0].0));
    assert_eq!(tend(&ana).trouble, None);
    wait::until_true("the fourth notifies", || !place.silenced(&fourth[0].0));
    assert_eq!(amtool::silences(place.manager.url(), false).len(), 3);
    assert!(disks.iter().all(|(print, _)| place.silenced(print)));

    // Taking back one of a group leaves the others muted.
    let prints = disks.iter().map(|(print, _)| print.clone()).collect();
    assert_eq!(wait_for(ana.carry_out(Order::Unack(prints))), Report::Unacked(3, None));
    place.manager.resolve_alerts(&[alert("Disk", "d")]);
    wait::until_true("the fourth to go", || place.manager.alerts().is_ok_and(|all| all.len() == 4));
    assert_eq!(acked(&ana, order(&disks, 60)).silences, 1);
    let back = vec![disks[0].0.clone()];
    assert_eq!(wait_for(ana.carry_out(Order::Unack(back))), Report::Unacked(1, None));
    wait::until_true("the first notifies", || !place.silenced(&disks[0].0));
    assert!(place.silenced(&disks[1].0) && place.silenced(&disks[2].0));
}

#[test]
fn what_alertmanager_does_not_take_is_recorded_told_and_tried_again_without_doubling() {
    needs!("real::leases"; ALERTMANAGER, AMTOOL);
    let place = Place::start();
    let alerts = place.fire(&[json!({"alertname": "Slow", "severity": "warning"})]);
    let proxy = Flaky::start(place.manager.url());
    let ana = place.at("ana", 0, &proxy.url());
    // Down: recorded, not done, and said so.
    proxy.set(Fault::Status(503));
    let done = acked(&ana, order(&alerts, 60));
    assert_eq!((done.recorded, done.silenced), (1, 0));
    assert!(done.trouble.as_deref().is_some_and(|why| why.contains("503")), "{done:?}");
    let ack = &place.acks()[0];
    assert_eq!((ack.state, &*ack.error), (AckState::Pending, done.trouble.as_deref().expect("why")));
    assert!(tend(&ana).trouble.is_some());
    assert_eq!(amtool::silences(place.manager.url(), false), Vec::<Value>::new());

    // The answer breaks off after Alertmanager has taken it: nobody can tell, so the next try looks first.
    proxy.set(Fault::None);
    proxy.set_path("/api/v2/silences", Fault::Cut);
    let later = place.at("ana", 300, &proxy.url());
    wait_for(lease::leave(&ana)).expect("the journal");
    proxy.forget();
    let cut = tend(&later);
    assert!(cut.trouble.is_some(), "{cut:?}");
    assert_eq!(
        amtool::silences(place.manager.url(), false),
        Vec::<Value>::new(),
        "it looks before it makes one"
    );
    proxy.set_path("/api/v2/silences", Fault::None);
    let again = place.at("ana", 900, &proxy.url());
    wait_for(lease::leave(&later)).expect("the journal");
    assert_eq!(tend(&again).made, 1);
    amtool::only(place.manager.url());
    assert_eq!(place.acks()[0].state, AckState::AtAlertmanager);

    // Refused: said, and still on record.
    let refused = place.fire(&[json!({"alertname": "Other", "severity": "warning"})]);
    proxy.set_path("/api/v2/silences", Fault::Status(400));
    let done = acked(&again, order(&refused, 60));
    assert_eq!((done.recorded, done.silenced), (1, 0));
    assert!(done.trouble.as_deref().is_some_and(|why| why.contains("400")), "{done:?}");
}

#[test]
fn a_post_whose_answer_is_lost_makes_one_silence() {
    needs!("real::leases"; ALERTMANAGER, AMTOOL);
    let place = Place::start();
    let alerts = place.fire(&[json!({"alertname": "Slow", "severity": "warning"})]);
    let proxy = Flaky::start(place.manager.url());
    let ana = place.at("ana", 0, &proxy.url());
    proxy.set_path("/api/v2/silences", Fault::Cut);
    // The first try need not look: the post arrives, its answer does not, nor does the look afterwards.
    let done = acked(&ana, order(&alerts, 60));
    assert_eq!((done.recorded, done.silenced), (1, 0), "{done:?}");
    let made = amtool::only(place.manager.url());
    proxy.set_path("/api/v2/silences", Fault::None);
    let later = place.at("ana", 300, &proxy.url());
    wait_for(lease::leave(&ana)).expect("the journal");
    assert_eq!(tend(&later).made, 1);
    assert_eq!(amtool::only(place.manager.url())["id"], made["id"], "found, not made again");
    assert_eq!(place.acks()[0].silence.as_deref(), made["id"].as_str());
}
