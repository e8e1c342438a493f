use chrono::TimeDelta;

use super::*;
use crate::journal::Options;
use crate::model::records::Origin;
use crate::model::records::{EventKind, IncidentStatus};
use crate::model::{Labels, Severity};

fn at(seconds: i64) -> Time {
    "2026-11-20T06:12:00Z".parse::<Time>().expect("a time") + TimeDelta::seconds(seconds)
}

fn hospital() -> Pack {
    crate::pack::load("hospital", &[]).expect("the hospital")
}

fn alert(name: &str, severity: &str, department: &str, since: i64) -> Alert {
    let labels = [("alertname", name), ("severity", severity), ("department", department)];
    Alert {
        fingerprint: format!("{name}-{department}").into(),
        labels: Labels::new(labels),
        annotations: Labels::new([("summary", "it is hot")]),
        state: AlertState::Firing,
        starts_at: at(since),
        updated_at: None,
        silenced_by: Vec::new(),
        inhibited_by: Vec::new(),
        generator_url: "".into(),
        receivers: Vec::new(),
    }
}

fn assessed(pack: &Pack, one: &Alert) -> (Severity, String) {
    let new = pack.incident_of(&[one], "", Origin::Hand);
    (new.severity, new.category.into_string())
}

#[test]
fn severity_and_category_are_the_packs_with_its_mistakes_mended() {
    let pack = hospital();
    for (name, severity, expected, category) in [
        ("MedicalRecordSystemDown", "warning", Severity::Critical, "availability"),
        ("UnauthorizedDataAccess", "critical", Severity::Critical, "security"),
        ("DataExfiltrationAttempt", "warning", Severity::Critical, "security"),
        ("SuspiciousAIUsage", "warning", Severity::Medium, "security"),
        ("AIModelAccuracyDrop", "warning", Severity::High, "ai_model"),
        ("highmedicalrecordLATENCY", "", Severity::Low, "performance"),
        ("SomethingElse", "critical", Severity::Critical, "data_integrity"),
        ("SomethingElse", "", Severity::Low, "data_integrity"),
    ] {
        assert_eq!(
            assessed(&pack, &alert(name, severity, "icu", 0)),
            (expected, category.to_owned()),
            "{name}"
        );
    }
    let mut labelled = alert("MacStudioHighCPU", "warning", "icu", 0);
    labelled.labels = labelled.labels.with("category", "Security");
    assert_eq!(assessed(&pack, &labelled).1, "security", "the label wins, in whatever case");
}

#[test]
fn an_incident_of_several_alerts_is_as_bad_as_the_worst() {
    let pack = hospital();
    let (slow, down) = (
        alert("HighMedicalRecordLatency", "warning", "icu", -90),
        alert("MedicalRecordSystemDown", "critical", "icu", -60),
    );
    let new = pack.incident_of(&[&slow, &down], " ", Origin::Hand);
    assert_eq!(
        (new.severity, &*new.category, &*new.title),
        (Severity::Critical, "availability", "MedicalRecordSystemDown")
    );
    assert_eq!(new.members.len(), 2);
    assert_eq!(&*pack.incident_of(&[&slow], " All is slow ", Origin::Hand).title, "All is slow");
    let nothing = pack.incident_of(&[], "Phones are dead", Origin::Hand);
    assert_eq!((nothing.severity, &*nothing.category), (Severity::Medium, "data_integrity"));
}

#[test]
fn rules_open_one_incident_for_what_belongs_together() {
    let pack = hospital();
    let mut muted = alert("MedicalRecordSystemDown", "critical", "emergency", 0);
    muted.state = AlertState::Silenced;
    let alerts = [
        alert("MedicalRecordSystemDown", "critical", "icu", 0),
        alert("MedicalRecordSystemDown", "critical", "surgery", 0),
        alert("AIModelAccuracyDrop", "warning", "icu", 0),
        alert("AIModelAccuracyDrop", "warning", "surgery", 0),
        alert("MacStudioHighCPU", "warning", "all", 0),
        alert("Watchdog", "none", "all", 0),
        muted,
    ];
    let all: Vec<&Alert> = alerts.iter().collect();
    let told: Vec<_> = by_rule(&pack, &all)
        .into_iter()
        .map(|new| (new.dedup.unwrap_or_default().into_string(), new.members.len()))
        .collect();
    assert_eq!(
        told,
        [
            (r#"rule/critical/alertname="MedicalRecordSystemDown""#.to_owned(), 2),
            (r#"rule/high/alertname="AIModelAccuracyDrop",department="icu""#.to_owned(), 1),
            (r#"rule/high/alertname="AIModelAccuracyDrop",department="surgery""#.to_owned(), 1),
        ]
    );
}

#[test]
fn incidents_keep_up_with_what_fires_and_what_is_settled_stays_settled() {
    let home = tempfile::tempdir().expect("a folder");
    let mut journal = Journal::open(&Options::at(home.path().join("j.db")), at(0)).expect("a journal");
    let (pack, watcher) = (hospital(), Actor::named("watcher"));
    let (down, more) = (
        alert("MedicalRecordSystemDown", "critical", "icu", 0),
        alert("MedicalRecordSystemDown", "critical", "surgery", 5),
    );
    let keep = |journal: &mut Journal, alerts: &[&Alert], when| {
        keep_up(journal, &pack, alerts, true, &watcher, at(when)).expect("kept up")
    };
    let first = keep(&mut journal, &[&down], 1);
    assert_eq!(first.opened.len(), 1);
    let id = first.opened[0].id.clone();
    assert_eq!(keep(&mut journal, &[&down], 2), Kept::default());
    assert!(keep(&mut journal, &[&down, &more], 6).changed.contains(&id));
    assert!(keep(&mut journal, &[&more], 10).changed.contains(&id));
    let open = journal.incident(&id).expect("read").expect("there");
    assert_eq!((open.members, open.firing), (2, 1));
    let kinds: Vec<_> = journal.events(&id).expect("events").iter().map(|event| event.kind).collect();
    assert_eq!(kinds, [EventKind::Opened, EventKind::Joined, EventKind::Joined, EventKind::Ended]);

    let resolve = Deed::Resolve(id.clone(), "restarted".into());
    carry_out(&mut journal, &resolve, &Actor::named("ana"), at(20)).expect("resolved");
    assert_eq!(
        keep(&mut journal, &[&more], 21),
        Kept::default(),
        "it still fires, but somebody has settled it"
    );
    let again = Alert { starts_at: at(30), ..down.clone() };
    let second = keep(&mut journal, &[&again], 31);
    assert_eq!(second.opened.len(), 1, "it fires anew");
    let seen = dossier(&journal, &second.opened[0].id).expect("read").expect("there").seen;
    assert_eq!((&*seen[0].incident.id, &*seen[0].incident.resolution), (&*id, "restarted"));
    assert_eq!(seen[0].incident.status, IncidentStatus::Resolved);
}

#[test]
fn an_alert_that_a_person_has_an_incident_for_opens_no_other() {
    let home = tempfile::tempdir().expect("a folder");
    let mut journal = Journal::open(&Options::at(home.path().join("j.db")), at(0)).expect("a journal");
    let pack = hospital();
    let down = alert("MedicalRecordSystemDown", "critical", "icu", 0);
    let open = Deed::Open(pack.incident_of(&[&down], "Mine", Origin::Hand));
    let ana = Actor::named("ana");
    let mine = carry_out(&mut journal, &open, &ana, at(1)).expect("opened");
    let kept =
        keep_up(&mut journal, &pack, &[&down], true, &Actor::named("watcher"), at(2)).expect("kept up");
    assert_eq!(kept, Kept::default());
    assert_eq!(
        book(&journal, at(3))
            .expect("read")
            .of_alert("MedicalRecordSystemDown-icu")
            .map(|one| one.id.clone()),
        Some(mine.id)
    );
}
