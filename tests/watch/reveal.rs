//! What stands behind a mark is shown to whom the machine's file lets, for a reason; the audit says so, and nothing that
//! is kept holds the value.

use std::fs;
use std::sync::Arc;

use plantao::client::Clients;
use plantao::clock::Clock;
use plantao::config::{Reveal, Source, Sources};
use plantao::journal::{AuditFilter, Journal, Options, Worker};
use plantao::model::deed::{Order, Report};
use plantao::model::records::{Actor, Outcome};
use plantao::model::reveal::{Field, Hidden, LineAt, Place as Of, Revealing, SpanAt};
use plantao::model::{Labels, Role, SpanId, TraceId};
use plantao::privacy;
use plantao::respond::Hands;
use serde_json::json;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::http::wait_for;

const PATIENT: &str = "Maria de Souza";

const TRACE: &str = "0123456789abcdef0123456789abcdef";
const CPF: &str = "529.982.247-25";

fn written() -> String {
    format!("\u{1b}[2Jcpf={CPF} patient_name=\"{PATIENT}\" waits")
}

/// A span whose own attribute, event and resource hold what is masked; another span has the same names.
fn trace() -> serde_json::Value {
    let attribute = |name: &str, text: &str| json!({ "key": name, "value": { "stringValue": text } });
    let span = |id: &str, cpf: &str| {
        json!({
            "traceId": TRACE, "spanId": id, "name": "admit", "startTimeUnixNano": "1", "endTimeUnixNano": "2",
            "attributes": [attribute("patient_name", PATIENT), attribute("note", &format!("cpf {cpf}"))],
            "events": [{ "timeUnixNano": "1", "name": "e", "attributes": [attribute("patient_name", "Bento Dias")] }],
        })
    };
    let resource = json!({ "attributes": [
        attribute("service.name", "beds"), attribute("patient_name", "Clara Nunes"),
    ] });
    let spans = [span("00000000000000aa", "111.444.777-35"), span("00000000000000ab", CPF)];
    json!({ "trace": { "resourceSpans": [{ "resource": resource, "scopeSpans": [{ "spans": spans }] }] } })
}

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
    let lines = json!({ "status": "success", "data": { "resultType": "streams", "result": [
        { "stream": { "service": "other" }, "values": [["1795327738000000001", written(), {}]] },
        { "stream": { "service": "beds" }, "values": [
            ["1795327738000000001", "nothing of anybody"],
            ["1795327738000000001", written(), { "structuredMetadata": { "pod": "a" } }],
        ] },
    ] } });
    let answer = ResponseTemplate::new(200).set_body_json(lines);
    wait_for(Mock::given(path("/loki/api/v1/query_range")).respond_with(answer).mount(&server));
    let answer = ResponseTemplate::new(200).set_body_json(trace());
    wait_for(Mock::given(path(format!("/api/v2/traces/{TRACE}"))).respond_with(answer).mount(&server));
    let source = || Some(Source::at(server.uri().parse().expect("an address")));
    let sources = Sources { alertmanager: source(), loki: source(), tempo: source(), ..Sources::default() };
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
        what: Hidden::Alert("bbc04c2c1a2a82de".into(), field),
        of: "BedWaits".to_owned(),
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

fn does(place: &Place, what: Hidden) -> Report {
    let order = Revealing { what, of: "beds".to_owned(), why: "which bed".to_owned() };
    place.does(Order::Reveal(Box::new(order)))
}

fn line(ts: i64, labels: Labels, shown: &str) -> Hidden {
    let query = "{service=~\"beds|other\"}".into();
    Hidden::Line(Box::new(LineAt { query, ts, labels, line: shown.into() }))
}

#[test]
fn a_line_is_asked_for_anew_by_its_moment_stream_and_text() {
    let place = place(Some(RULE), Role::Admin);
    let shown = privacy::mask(&privacy::clean(&written())).into_owned();
    assert!(shown.contains('‹') && !shown.contains(CPF), "{shown}");
    // Its own labels may stand beside the stream's, as where a server does not tell them apart.
    let labels = || Labels::new([("service", "beds"), ("pod", "a")]);
    let ts = 1_795_327_738_000_000_001;
    let Report::Revealed(_, raw, _) = does(&place, line(ts, labels(), &shown)) else { panic!("revealed") };
    assert!(raw.text().contains(CPF) && raw.text().contains(PATIENT) && !raw.text().contains('\u{1b}'));
    for (what, why) in [
        (line(ts + 1, labels(), &shown), "another moment"),
        (line(ts, Labels::new([("service", "nobody")]), &shown), "another stream"),
        (line(ts, labels(), "cpf=‹cpf:000000000000› waits"), "another text"),
    ] {
        let report = does(&place, what);
        assert!(
            matches!(&report, Report::Refused(told) if told.contains("does not have this value")),
            "{why}: {report:?}"
        );
    }
    let failed = [Outcome::Accepted, Outcome::Failed];
    let all = [[Outcome::Accepted, Outcome::Done], failed, failed, failed].concat();
    assert_eq!(place.audited(), all);
}

#[test]
fn an_attribute_is_that_of_its_span_its_event_or_its_resource() {
    let place = place(Some(RULE), Role::Admin);
    let of = |place: Of, name: &str, text: &str| {
        Hidden::Span(Box::new(SpanAt {
            trace: TraceId::parse(TRACE).expect("an id"),
            span: SpanId::parse("ab").expect("an id"),
            place,
            name: name.into(),
            shown: privacy::safe_note(name, text).into(),
        }))
    };
    let note = format!("cpf {CPF}");
    for (what, expected) in [
        (of(Of::Span, "patient_name", PATIENT), PATIENT),
        (of(Of::Span, "note", &note), note.as_str()),
        (of(Of::Event(0), "patient_name", "Bento Dias"), "Bento Dias"),
        (of(Of::Resource, "patient_name", "Clara Nunes"), "Clara Nunes"),
    ] {
        let Report::Revealed(_, raw, _) = does(&place, what.clone()) else { panic!("{what:?}") };
        assert_eq!(raw.text(), expected);
    }
    for what in [
        of(Of::Event(1), "patient_name", "Bento Dias"),
        of(Of::Span, "patient_name", "Bento Dias"),
        of(Of::Span, "nothing", PATIENT),
        of(Of::Span, "note", "cpf 111.444.777-35"),
    ] {
        let report = does(&place, what);
        assert!(matches!(report, Report::Refused(_)), "{report:?}");
    }
    assert_eq!(place.audited().len(), 16);
}
