//! What stands behind a mark is shown to whom the machine's file lets, for a reason; the audit says so, and nothing that
//! is kept holds the value.

use std::fs;
use std::sync::Arc;

use plantao::client::Clients;
use plantao::clock::Clock;
use plantao::config::{Reveal, Source, Sources};
use plantao::journal::{AuditFilter, Journal, Options, Worker};
use plantao::model::Role;
use plantao::model::deed::{Field, Order, Report, Revealing};
use plantao::model::records::{Actor, Outcome};
use plantao::respond::Hands;
use serde_json::json;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::http::wait_for;

const PATIENT: &str = "Maria de Souza";

struct Place {
    hands: Hands,
    folder: tempfile::TempDir,
    server: MockServer,
}

fn place(reveal: Option<Reveal>, role: Role) -> Place {
    let server = wait_for(MockServer::start());
    let alerts = json!([{
        "fingerprint": "bbc04c2c1a2a82de", "status": { "state": "active", "silencedBy": [], "inhibitedBy": [] },
        "labels": { "alertname": "BedWaits", "patient_name": format!("\u{1b}[2J{PATIENT}") },
        "annotations": { "summary": format!("{PATIENT} waits") }, "startsAt": "2026-11-22T06:08:58Z",
    }]);
    let answer = ResponseTemplate::new(200).set_body_json(alerts);
    wait_for(Mock::given(method("GET")).and(path("/api/v2/alerts")).respond_with(answer).mount(&server));
    let source = Source::at(server.uri().parse().expect("an address"));
    let sources = Sources { alertmanager: Some(source), ..Sources::default() };
    let folder = tempfile::tempdir().expect("a folder");
    let hands = Hands {
        journal: Worker::start(Options::at(folder.path().join("journal.db")), Clock::System),
        clients: Clients::with_clock(&sources, Clock::System),
        pack: Arc::new(plantao::pack::load("hospital", &[]).expect("the pack")),
        clock: Clock::System,
        actor: Actor::named("ana"),
        role,
        reveal,
        holder: "test".into(),
        is_watcher: false,
        has_manager: true,
    };
    Place { hands, folder, server }
}

fn order(field: Field, why: &str) -> Order {
    Order::Reveal(Box::new(Revealing {
        fingerprint: "bbc04c2c1a2a82de".into(),
        alert: "BedWaits".to_owned(),
        field,
        why: why.to_owned(),
    }))
}

fn name() -> Field {
    Field::Label("patient_name".into())
}

impl Place {
    fn does(&self, order: Order) -> Report {
        wait_for(self.hands.carry_out(order))
    }

    /// Outcomes in the audit, oldest first; none of it, nor any file of the journal, holds the value.
    fn audited(&self) -> Vec<Outcome> {
        let options = Options::at(self.folder.path().join("journal.db"));
        let journal = Journal::open_existing(&options).expect("readable").expect("a journal");
        let filter = AuditFilter { action: Some("privacy.reveal".into()), ..AuditFilter::default() };
        let records = journal.audit_records(&filter).expect("records");
        for one in fs::read_dir(self.folder.path()).expect("a folder") {
            let bytes = fs::read(one.expect("a file").path()).expect("read");
            let held = bytes.windows(PATIENT.len()).any(|piece| piece == PATIENT.as_bytes());
            assert!(!held, "the value is kept");
        }
        for one in &records {
            assert!(one.details.contains("\"why\""), "{}", one.details);
        }
        records.into_iter().map(|one| one.outcome).collect()
    }

    fn asked(&self) -> usize {
        wait_for(self.server.received_requests()).map_or(0, |all| all.len())
    }
}

const RULE: Reveal = Reveal { role: Role::Admin, for_s: 20 };

#[test]
fn it_is_asked_for_anew_recorded_and_cannot_move_a_cursor() {
    let place = place(Some(RULE), Role::Admin);
    let Report::Revealed(_, raw, until) = place.does(order(name(), "which bed")) else { panic!("revealed") };
    assert!(raw.text().contains(PATIENT) && !raw.text().contains('\u{1b}'), "{:?}", raw.text());
    assert!((until - Clock::System.now()).num_seconds() <= 20);
    assert_eq!(place.asked(), 1);
    let summary = Field::Annotation("summary".into());
    assert!(matches!(place.does(order(summary, "which bed")), Report::Revealed(..)));
    assert_eq!(place.asked(), 2, "what was seen is not kept: it is asked for again");
    assert_eq!(place.audited(), [Outcome::Accepted, Outcome::Done, Outcome::Accepted, Outcome::Done]);
}

#[test]
fn whoever_may_not_or_gives_no_reason_sees_nothing_and_that_is_recorded() {
    for (rule, role, why) in [
        (None, Role::Admin, "which bed"),
        (Some(RULE), Role::Responder, "which bed"),
        (Some(RULE), Role::Admin, "  x "),
    ] {
        let place = place(rule, role);
        let report = place.does(order(name(), why));
        assert!(matches!(report, Report::Refused(_)), "{report:?}");
        assert_eq!(place.asked(), 0, "no server was asked");
        assert_eq!(place.audited(), [Outcome::Refused]);
    }
}

#[test]
fn what_is_gone_or_not_answered_is_told_and_recorded() {
    let place = place(Some(RULE), Role::Admin);
    let report = place.does(order(Field::Label("nothing".into()), "which bed"));
    assert!(
        matches!(&report, Report::Refused(why) if why.contains("does not have this value")),
        "{report:?}"
    );
    assert_eq!(place.audited(), [Outcome::Accepted, Outcome::Failed]);
}

#[test]
fn without_a_record_nothing_is_asked_for() {
    let place = place(Some(RULE), Role::Admin);
    // A folder where the journal should be.
    let broken = place.folder.path().join("none");
    fs::create_dir_all(broken.join("journal.db")).expect("a folder");
    let journal = Worker::start(Options::at(broken.join("journal.db")), Clock::System);
    let hands = Hands { journal, ..place.hands.clone() };
    let report = wait_for(hands.carry_out(order(name(), "which bed")));
    assert!(matches!(report, Report::Refused(_)), "{report:?}");
    assert_eq!(place.asked(), 0);
}
