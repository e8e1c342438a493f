use EventKind::*;

use super::*;
use crate::model::records::{EventKind, IncidentStatus, NewRun, Opened, RunState};

#[test]
fn an_incident_lives_from_opening_to_reopening_and_everything_is_told() {
    let home = tempfile::tempdir().expect("a folder");
    let mut journal = journal(&home);
    let opened =
        journal.write(|tx| tx.open_incident(&incident("Slow", &["A", "B"]), &ana(), at(0))).expect("open");
    let id = opened.incident().id.clone();
    assert_eq!(&*id, "INC-20261120061200");
    assert_eq!((opened.incident().members, opened.incident().firing), (2, 2));
    assert_eq!(opened.incident().began_at, Some(at(-60)));
    let second = journal.write(|tx| tx.open_incident(&incident("Other", &[]), &ana(), at(0))).expect("open");
    assert_eq!(&*second.incident().id, "INC-20261120061200-2");

    let bruno = Actor::named("bruno");
    let taken = journal.write(|tx| tx.acknowledge_incident(&id, &bruno, at(60))).expect("taken");
    assert_eq!(taken.status, IncidentStatus::Acknowledged);
    assert_eq!((taken.acked_at, taken.assignee.as_deref()), (Some(at(60)), Some("bruno")));
    journal
        .write(|tx| {
            tx.note(&id, " looks like the fan\n", &bruno, at(61))?;
            tx.assign(&id, Some("carla"), &bruno, at(62))?;
            assert!(tx.member_ended(&id, "f-A", "watcher", at(63))?);
            assert!(!tx.member_ended(&id, "f-A", "watcher", at(64))?);
            assert_eq!(tx.join(&id, &[member("A"), member("C")], "watcher", at(65))?, 1);
            let changes = Changes { severity: Some(Severity::High), ..Changes::default() };
            tx.change(&id, &changes, &bruno, at(66))?;
            tx.resolve(&id, "cleaned the fan", &bruno, at(70))
        })
        .expect("done");
    let resolved = journal.incident(&id).expect("read").expect("there");
    assert_eq!((resolved.status, &*resolved.resolution), (IncidentStatus::Resolved, "cleaned the fan"));
    assert_eq!((resolved.severity, resolved.members, resolved.firing), (Severity::High, 3, 3));
    let kinds: Vec<_> = journal.events(&id).expect("events").iter().map(|event| event.kind).collect();
    assert_eq!(
        kinds,
        [Opened, Joined, Joined, Acknowledged, Note, Assigned, Ended, Returned, Joined, Changed, Resolved]
    );
    let again = journal.write(|tx| tx.resolve(&id, "", &bruno, at(71)));
    assert!(matches!(again, Err(JournalError::Refused(_))), "{again:?}");
    let reopened = journal.write(|tx| tx.reopen(&id, "not the fan", &bruno, at(80))).expect("reopened");
    assert_eq!((reopened.status, reopened.resolved_at), (IncidentStatus::Acknowledged, None));
    assert_eq!(reopened.acked_at, Some(at(60)), "the response clock was stopped once and stays so");
}

#[test]
fn what_fails_in_the_middle_leaves_nothing() {
    let home = tempfile::tempdir().expect("a folder");
    let mut journal = journal(&home);
    let failed: Result<()> = journal.write(|tx| {
        tx.open_incident(&incident("Slow", &["A"]), &ana(), at(0))?;
        tx.note("INC-none", "x", &ana(), at(0))
    });
    assert_eq!(failed, Err(JournalError::missing("incident", "INC-none")));
    assert!(journal.incidents(IncidentFilter::default()).expect("list").is_empty());
    assert!(journal.audit_records(&AuditFilter::default()).expect("list").is_empty());
    assert!(journal.verify_audit().expect("verified").is_whole());
}

#[test]
fn two_watchers_open_one_incident_for_a_rule() {
    let home = tempfile::tempdir().expect("a folder");
    let (mut one, mut other) = (journal(&home), journal(&home));
    let new = NewIncident { dedup: Some("rule/down".into()), ..incident("Down", &["A"]) };
    let first = one.write(|tx| tx.open_incident(&new, &ana(), at(0))).expect("opened");
    let more = NewIncident { members: vec![member("A"), member("B")], ..new.clone() };
    let second = other.write(|tx| tx.open_incident(&more, &ana(), at(5))).expect("opened");
    assert!(matches!((&first, &second), (Opened::New(_), Opened::Already(_))));
    assert_eq!(second.incident().members, 2);
    let id = first.incident().id.clone();
    one.write(|tx| tx.resolve(&id, "", &ana(), at(6))).expect("resolved");
    let third = other.write(|tx| tx.open_incident(&new, &ana(), at(7))).expect("opened");
    assert!(matches!(&third, Opened::New(_)));
    // The rule has another one now: the old one is opened again without its key.
    one.write(|tx| tx.reopen(&id, "", &ana(), at(8))).expect("reopened");
}

#[test]
fn the_same_alerts_were_seen_before_and_what_helped_is_known() {
    let home = tempfile::tempdir().expect("a folder");
    let mut journal = journal(&home);
    let open = |journal: &mut Journal, names: &[&str], when| {
        let opened = journal.write(|tx| tx.open_incident(&incident("x", names), &ana(), at(when)));
        opened.expect("opened").incident().id.clone()
    };
    let first = open(&mut journal, &["A", "B"], 0);
    let run = NewRun {
        playbook: "shed-load".into(),
        incident: Some(first.clone()),
        spec: "{}".into(),
        steps: Vec::new(),
        dedup: None,
        owner: Some("host/1".into()),
    };
    journal
        .write(|tx| {
            let (run, _) = tx.begin_run(&run, &ana(), at(1))?;
            tx.run_state(&run.id, "host/1", RunState::Done, 0, "", at(2))?;
            tx.resolve(&first, "cleaned the fan", &ana(), at(3))
        })
        .expect("done");
    open(&mut journal, &["B", "C", "D"], 10);
    let other = open(&mut journal, &["Z"], 20);
    let now = open(&mut journal, &["A", "B"], 30);
    let seen = journal.seen_before(&now, 5).expect("seen");
    let shared: Vec<_> = seen.iter().map(|seen| (seen.shared, seen.of, seen.is_same())).collect();
    assert_eq!(shared, [(2, 2, true), (1, 2, false)]);
    assert_eq!(
        (&*seen[0].incident.resolution, &*seen[0].playbooks),
        ("cleaned the fan", &["shed-load".into()][..])
    );
    assert!(journal.seen_before(&other, 5).expect("seen").is_empty());
}

#[test]
fn text_is_kept_without_control_characters_whoever_wrote_it() {
    let home = tempfile::tempdir().expect("a folder");
    let mut journal = journal(&home);
    let mut new = incident("a\u{1b}[2Jb", &[]);
    let mut bad = member("A\u{7}");
    bad.labels = Labels::new([("alertname", "x\u{1b}]0;y"), ("quote", "'\"; DROP TABLE audit; $(x)\n")]);
    new.members = vec![bad];
    let id = journal.write(|tx| tx.open_incident(&new, &ana(), at(0))).expect("open").incident().id.clone();
    let members = journal.members(&id).expect("members");
    assert!(!members[0].labels.text().contains('\u{1b}'));
    assert!(members[0].labels.get("quote").is_some_and(|value| value.contains("DROP TABLE audit; $(x)")));
    assert!(!journal.incident(&id).expect("read").expect("there").title.contains('\u{1b}'));
}
