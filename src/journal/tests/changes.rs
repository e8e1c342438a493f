use super::*;
use crate::model::records::NewChange;

#[test]
fn a_change_stands_at_its_own_moment_and_the_audit_says_who_noted_it() {
    let home = tempfile::tempdir().expect("a folder");
    let mut journal = journal(&home);
    let new = |seconds: i64, title: &str| NewChange {
        at: at(seconds),
        title: title.into(),
        labels: Labels::new([("service", "ai-engine"), ("patient_name", "Maria da Silva")]),
    };
    let late = journal.write(|tx| tx.note_change(&new(-600, "model\n1.3"), &ana(), at(0))).expect("noted");
    let soon =
        journal.write(|tx| tx.note_change(&new(5, "for 529.982.247-25"), &ana(), at(6))).expect("noted");
    assert_eq!((late.at, &*late.who, late.labels.get("service")), (at(-600), "ana", Some("ai-engine")));
    assert!(!late.title.contains('\n') && soon.title.contains("cpf:"), "{late:?} {soon:?}");
    assert_ne!(soon.labels.get("patient_name"), Some("Maria da Silva"), "masked before it is kept");
    assert_eq!(
        journal.changes(at(-600), at(5)).expect("read"),
        [late.clone(), soon.clone()],
        "both ends belong"
    );
    assert_eq!(journal.changes(at(-599), at(4)).expect("read"), []);
    let filter = AuditFilter { action: Some("change".into()), ..AuditFilter::default() };
    let audited = journal.audit_records(&filter).expect("read");
    assert_eq!(audited.iter().map(|one| one.at).collect::<Vec<_>>(), [at(0), at(6)], "when it was noted");
    assert!(audited.iter().all(|one| &*one.actor.operator == "ana" && !one.details.contains("Maria")));
    assert!(journal.verify_audit().expect("verified").is_whole());
}
