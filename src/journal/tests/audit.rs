use rusqlite::params;

use super::*;
use crate::model::records::NewRecord;

fn filled(home: &TempDir, records: i64) -> Journal {
    let mut journal = journal(home);
    for number in 0..records {
        let object = format!("o{number}");
        journal.write(|tx| tx.audit(&NewRecord::done("ack", &object), &ana(), at(number))).expect("written");
    }
    journal
}

fn first_flaw(journal: &Journal) -> (Option<i64>, String) {
    let verdict = journal.verify_audit().expect("verified");
    let flaw = verdict.flaws.first().unwrap_or_else(|| panic!("it looks whole: {verdict:?}"));
    (flaw.seq, flaw.what.clone())
}

#[test]
fn a_chain_that_nobody_touched_is_whole() {
    let home = tempfile::tempdir().expect("a folder");
    let journal = filled(&home, 5);
    let verdict = journal.verify_audit().expect("verified");
    assert!(verdict.is_whole(), "{verdict:?}");
    assert_eq!((verdict.records, verdict.first, verdict.last, verdict.beyond_head), (5, 1, 5, 0));
    drop(journal);
    assert!(super::journal(&home).verify_audit().expect("verified").is_whole());
}

#[test]
fn every_column_of_every_record_is_under_the_hash() {
    let home = tempfile::tempdir().expect("a folder");
    let journal = filled(&home, 3);
    let changes = [
        "at = at + 1",
        "operator = 'eva'",
        "os_user = ''",
        "origin = 'ssh 10.0.0.8'",
        "action = 'unack'",
        "object = 'o9'",
        "details = '{}'",
        "outcome = 'failed'",
        "outcome = 'unknown'",
        "prev = zeroblob(32)",
        "hash = zeroblob(32)",
        "mac = zeroblob(32)",
        "hash = x'00'",
        "operator = 'ana ', os_user = substr(os_user, 2)",
    ];
    for seq in 1..=3 {
        for change in changes {
            journal.db.execute_batch("SAVEPOINT tampered").expect("a savepoint");
            let changed = journal.db.execute(&format!("UPDATE audit SET {change} WHERE seq = ?1"), [seq]);
            assert_eq!(changed, Ok(1));
            // The verifying transaction nests here.
            let verdict = journal.follow_for_tests();
            assert_eq!(verdict, Some(seq), "{change} of {seq}");
            journal.db.execute_batch("ROLLBACK TO tampered; RELEASE tampered").expect("as before");
        }
    }
    assert!(journal.verify_audit().expect("verified").is_whole());
}

#[test]
fn records_that_were_taken_out_put_in_moved_or_cut_off_are_found() {
    for (sql, seq, words) in [
        ("DELETE FROM audit WHERE seq = 3", 3, "record 3 is missing"),
        ("DELETE FROM audit WHERE seq IN (2, 3)", 2, "records 2 to 3 are missing"),
        ("DELETE FROM audit WHERE seq = 1", 1, "record 1 is missing"),
        ("DELETE FROM audit WHERE seq > 3", 4, "the head knows record 5, the journal ends at record 3"),
        ("DELETE FROM audit", 1, "the head knows record 5, the journal ends at record 0"),
        (
            "UPDATE audit SET seq = -2 WHERE seq = 2; UPDATE audit SET seq = 2 WHERE seq = 3; UPDATE audit SET seq = 3 WHERE seq = -2",
            2,
            "record 2 was changed",
        ),
        (
            "UPDATE audit SET seq = 6 WHERE seq = 5; UPDATE audit SET seq = 5 WHERE seq = 4; DELETE FROM audit WHERE seq = 6",
            4,
            "record 4 is missing",
        ),
        (
            "INSERT INTO audit SELECT 6, at, operator, os_user, origin, action, object, details, outcome, prev, hash, mac FROM audit WHERE seq = 5",
            6,
            "record 6 was changed",
        ),
    ] {
        let home = tempfile::tempdir().expect("a folder");
        let journal = filled(&home, 5);
        journal.db.execute_batch(sql).expect("tampered");
        let (found, what) = first_flaw(&journal);
        assert_eq!((found, &*what), (Some(seq), words), "{sql}");
    }
}

#[test]
fn a_chain_that_was_made_anew_lacks_the_signatures() {
    let home = tempfile::tempdir().expect("a folder");
    let journal = filled(&home, 4);
    // Whoever cannot read the key can compute hashes all the same.
    let records = journal.audit_records(&AuditFilter::default()).expect("records");
    let mut last = journal.audit_start();
    for mut record in records {
        if record.seq == 3 {
            record.actor.operator = "eva".into();
        }
        let hash = super::super::audit::chain::hash(&last.hash, &record);
        let sql = "UPDATE audit SET operator = ?2, prev = ?3, hash = ?4 WHERE seq = ?1";
        journal.db.execute(sql, params![record.seq, record.actor.operator, last.hash, hash]).expect("forged");
        last.hash = hash;
    }
    let (seq, what) = first_flaw(&journal);
    assert!(seq == Some(3) && what.contains("not signed"), "{what}");
}

#[test]
fn an_older_copy_of_the_whole_database_is_found_even_after_it_has_gone_on() {
    let home = tempfile::tempdir().expect("a folder");
    let journal = filled(&home, 3);
    let copy = home.path().join("copy.db");
    journal.backup(&copy).expect("copied");
    drop(journal);
    let file = options(&home).file;
    let mut journal = filled(&home, 2);
    journal.write(|tx| tx.audit(&NewRecord::done("ack", "x"), &ana(), at(9))).expect("written");
    drop(journal);
    for name in ["journal.db-wal", "journal.db-shm"] {
        let _ = std::fs::remove_file(file.with_file_name(name));
    }
    std::fs::copy(&copy, &file).expect("put back");
    let mut journal = super::journal(&home);
    let (seq, what) = first_flaw(&journal);
    assert_eq!((seq, &*what), (Some(4), "the head knows record 6, the journal ends at record 3"));
    // The console must go on at 3 a.m.; that it was found once stays.
    for number in 0..5 {
        journal.write(|tx| tx.audit(&NewRecord::done("ack", "y"), &ana(), at(20 + number))).expect("written");
    }
    let (_, what) = first_flaw(&journal);
    assert!(what.contains("the head knows record 6") && what.contains("found when record 4"), "{what}");
}

#[test]
fn a_head_that_is_gone_forged_or_anothers_is_found_and_a_lost_key_is_said() {
    let home = tempfile::tempdir().expect("a folder");
    let journal = filled(&home, 3);
    let head = journal.place.head.clone();
    let good = std::fs::read_to_string(&head).expect("a head");
    std::fs::remove_file(&head).expect("removed");
    assert_eq!(first_flaw(&journal).1, "the head is missing");
    for bad in ["", "{}", &good.replace("\"seq\":3", "\"seq\":2"), "\u{0}\u{1}"] {
        std::fs::write(&head, bad).expect("written");
        assert_eq!(first_flaw(&journal).1, "the head is not signed with the key", "{bad}");
    }
    let other = tempfile::tempdir().expect("a folder");
    drop(filled(&other, 3));
    std::fs::copy(options(&other).file.with_extension("head"), &head).expect("copied");
    assert_eq!(first_flaw(&journal).1, "the head is not signed with the key");
    std::fs::write(&head, &good).expect("put back");
    assert!(journal.verify_audit().expect("verified").is_whole());
    let key = journal.place.key.clone();
    drop(journal);
    std::fs::remove_file(&key).expect("removed");
    let mut journal = super::journal(&home);
    assert_eq!(first_flaw(&journal).1, "the key that signed the records is gone");
    let refused = journal.write(|tx| tx.audit(&NewRecord::done("ack", "x"), &ana(), at(9)));
    assert!(matches!(&refused, Err(JournalError::Key { .. })), "{refused:?}");
    assert!(!key.exists(), "no other key takes its place");
    std::fs::write(&key, "abc").expect("written");
    assert!(matches!(super::journal(&home).verify_audit(), Err(JournalError::Key { .. })));
}

#[test]
fn a_crash_between_the_record_and_the_head_is_no_tampering() {
    let home = tempfile::tempdir().expect("a folder");
    let mut journal = filled(&home, 3);
    let head = journal.place.head.clone();
    let before = std::fs::read(&head).expect("a head");
    journal.write(|tx| tx.audit(&NewRecord::done("ack", "x"), &ana(), at(9))).expect("written");
    std::fs::write(&head, before).expect("as if the process had died");
    let verdict = journal.verify_audit().expect("verified");
    assert!(verdict.is_whole() && verdict.beyond_head == 1, "{verdict:?}");
    journal.write(|tx| tx.audit(&NewRecord::done("ack", "y"), &ana(), at(10))).expect("written");
    assert_eq!(journal.verify_audit().expect("verified").beyond_head, 0, "the next one mends it");
}

#[test]
fn a_purge_keeps_the_chain_and_takes_nothing_before_its_term() {
    let home = tempfile::tempdir().expect("a folder");
    let mut journal = filled(&home, 10);
    let term = TimeDelta::seconds(100);
    let purged = journal.write(|tx| tx.purge_audit(term, &ana(), at(100))).expect("purged");
    assert_eq!(purged, 0, "nothing is older than its term");
    let purged = journal.write(|tx| tx.purge_audit(term, &ana(), at(105))).expect("purged");
    assert_eq!(purged, 5);
    let verdict = journal.verify_audit().expect("verified");
    assert!(verdict.is_whole(), "{verdict:?}");
    assert_eq!((verdict.first, verdict.last, verdict.records), (6, 11, 6));
    journal.write(|tx| tx.audit(&NewRecord::done("ack", "x"), &ana(), at(106))).expect("written");
    assert!(journal.verify_audit().expect("verified").is_whole());

    journal.db.execute("DELETE FROM audit WHERE seq = 6", []).expect("tampered");
    assert_eq!(first_flaw(&journal), (Some(6), "record 6 is missing".to_owned()));
    // A checkpoint set further on needs a signature.
    journal.db.execute("UPDATE checkpoint SET seq = 6", []).expect("tampered");
    assert!(first_flaw(&journal).1.contains("checkpoint"), "{:?}", first_flaw(&journal));
}

#[test]
fn a_purge_of_everything_leaves_what_tells_of_it() {
    let home = tempfile::tempdir().expect("a folder");
    let mut journal = filled(&home, 3);
    let term = TimeDelta::seconds(1);
    assert_eq!(journal.write(|tx| tx.purge_audit(term, &ana(), at(1000))).expect("purged"), 3);
    assert_eq!(journal.write(|tx| tx.purge_audit(term, &ana(), at(2000))).expect("purged"), 1);
    let verdict = journal.verify_audit().expect("verified");
    assert!(verdict.is_whole() && (verdict.first, verdict.last) == (5, 5), "{verdict:?}");
}

#[test]
fn a_purge_before_its_term_is_found_even_when_it_is_signed() {
    let home = tempfile::tempdir().expect("a folder");
    let mut journal = filled(&home, 3);
    // A wrong clock, or somebody with the key: what it took is younger than the term it names.
    let details =
        serde_json::json!({ "through": 0, "hash": "", "newest": at(2).to_rfc3339(), "term_s": 100 });
    let record = NewRecord::done("audit.purge", "audit").with(details);
    journal.write(|tx| tx.audit(&record, &ana(), at(50))).expect("written");
    assert!(first_flaw(&journal).1.contains("before the term"));
}

#[test]
fn records_are_listed_by_what_was_asked() {
    let home = tempfile::tempdir().expect("a folder");
    let mut journal = filled(&home, 3);
    journal
        .write(|tx| tx.audit(&NewRecord::done("silence.expire", "s1"), &Actor::named("bruno"), at(9)))
        .expect("written");
    let count = |filter: AuditFilter| journal.audit_records(&filter).expect("listed").len();
    let filter = AuditFilter::default;
    assert_eq!(count(filter()), 4);
    assert_eq!(count(AuditFilter { operator: Some("bruno".into()), ..filter() }), 1);
    assert_eq!(count(AuditFilter { action: Some("silence".into()), ..filter() }), 1);
    assert_eq!(count(AuditFilter { action: Some("sil".into()), ..filter() }), 0);
    assert_eq!(count(AuditFilter { object: Some("o1".into()), ..filter() }), 1);
    assert_eq!(count(AuditFilter { since: Some(at(1)), until: Some(at(2)), ..filter() }), 2);
    let last = journal.audit_records(&AuditFilter { limit: 2, ..filter() }).expect("listed");
    assert_eq!(last.iter().map(|record| record.seq).collect::<Vec<_>>(), [3, 4]);
}
