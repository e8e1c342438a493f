use super::*;
use crate::clock::Clock;

#[test]
fn a_newer_journal_is_refused_with_words_and_left_alone() {
    let home = tempfile::tempdir().expect("a folder");
    let journal = journal(&home);
    journal.db.execute_batch("PRAGMA user_version = 99").expect("set");
    drop(journal);
    let error = Journal::open(&options(&home), at(0)).expect_err("refused");
    assert_eq!(error, JournalError::Newer { found: 99, known: VERSION });
    assert!(error.to_string().contains("newer plantao"), "{error}");
    assert!(Journal::open_existing(&options(&home)).is_err());
}

#[test]
fn an_older_journal_is_brought_up_to_date_and_loses_nothing() {
    let home = tempfile::tempdir().expect("a folder");
    let file = home.path().join("journal.db");
    let old = Connection::open(&file).expect("a database");
    old.execute_batch(schema::STEPS[0]).expect("the first schema");
    old.execute_batch(&format!("PRAGMA application_id = {}; PRAGMA user_version = 1", schema::APPLICATION))
        .expect("marked");
    old.execute_batch(
        "INSERT INTO meta VALUES ('id', '0123456789abcdef');
         INSERT INTO incidents (id, title, severity, category, status, opened_at, opened_by, updated_at)
         VALUES ('INC-20260101000000', 'Slow', 'high', 'performance', 'open', 1767225600000000, 'ana', 1767225600000000);
         INSERT INTO leases VALUES ('watch', 'one', 1, 2);",
    )
    .expect("filled");
    drop(old);
    let existing = Journal::open_existing(&Options::at(&file));
    assert!(matches!(existing, Err(JournalError::Refused(_))), "to look at it changes nothing");
    let mut journal = Journal::open(&Options::at(&file), at(0)).expect("migrated");
    let version: i64 = journal.db.query_row("PRAGMA user_version", [], |row| row.get(0)).expect("read");
    assert_eq!(version, VERSION);
    let incident = journal.incident("INC-20260101000000").expect("read").expect("kept");
    assert_eq!((&*incident.title, incident.severity), ("Slow", Severity::High));
    assert_eq!((&*journal.id, journal.leases().expect("read").len()), ("0123456789abcdef", 1));
    journal.write(|tx| tx.note("INC-20260101000000", "still slow", &ana(), at(1))).expect("written");
    assert!(journal.verify_audit().expect("verified").is_whole());
    // What both schemas end in is the same, whichever way it came about.
    let shape = |journal: &Journal| {
        let sql = "SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name)";
        journal.db.query_row(sql, [], |row| row.get::<_, String>(0)).expect("read")
    };
    let fresh = tempfile::tempdir().expect("a folder");
    assert_eq!(shape(&journal), shape(&super::journal(&fresh)));
}

#[test]
fn a_full_disk_and_a_journal_that_cannot_be_written_are_said_and_leave_nothing_half_done() {
    let home = tempfile::tempdir().expect("a folder");
    let mut journal = journal(&home);
    journal.write(|tx| tx.open_incident(&incident("first", &[]), &ana(), at(0))).expect("there is room");
    // SQLite's own limit gives the same error as a disk without room.
    let pages: i64 = journal.db.query_row("PRAGMA page_count", [], |row| row.get(0)).expect("read");
    journal.db.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(())).expect("set");
    let names: Vec<String> = (0..2000).map(|number| format!("A{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let full = journal.write(|tx| tx.open_incident(&incident("second", &names), &ana(), at(1)));
    assert_eq!(full, Err(JournalError::Full));
    journal.db.query_row("PRAGMA max_page_count = 1000000", [], |_| Ok(())).expect("set");
    journal.db.execute_batch("PRAGMA query_only = ON").expect("set");
    let refused = journal.write(|tx| tx.open_incident(&incident("third", &[]), &ana(), at(2)));
    assert!(matches!(&refused, Err(JournalError::ReadOnly(_))), "{refused:?}");
    assert_eq!(journal.incidents(IncidentFilter::default()).expect("read").len(), 1, "it can still be read");
    journal.db.execute_batch("PRAGMA query_only = OFF").expect("set");
    journal
        .write(|tx| tx.open_incident(&incident("fourth", &[]), &ana(), at(3)))
        .expect("there is room again");
    assert!(journal.verify_audit().expect("verified").is_whole());
    assert!(journal.integrity().expect("checked").is_empty());
}

#[test]
fn what_is_over_goes_at_the_end_of_its_term_and_nothing_else() {
    let home = tempfile::tempdir().expect("a folder");
    let mut journal = journal(&home);
    let days = TimeDelta::days;
    let terms = Terms { incidents: Some(days(10)), audit: Some(days(100)), ..Terms::default() };
    let open = |journal: &mut Journal, title: &str, when| {
        let opened = journal.write(|tx| tx.open_incident(&incident(title, &["A"]), &ana(), at(when)));
        opened.expect("opened").incident().id.clone()
    };
    let (over, still) = (open(&mut journal, "over", 0), open(&mut journal, "still open", 1));
    journal.write(|tx| tx.resolve(&over, "done", &ana(), at(2))).expect("resolved");
    let now = |day| at(0) + days(day);
    let purged = journal.write(|tx| tx.purge(&terms, &ana(), now(9))).expect("purged");
    assert_eq!(purged, Purged::default());
    let purged = journal.write(|tx| tx.purge(&terms, &ana(), now(11))).expect("purged");
    assert_eq!(purged, Purged { incidents: 1, ..Purged::default() });
    assert_eq!(journal.incident(&over).expect("read"), None);
    assert!(
        journal.events(&over).expect("read").is_empty() && journal.members(&over).expect("read").is_empty()
    );
    assert!(journal.incident(&still).expect("read").is_some());
    let told = journal
        .audit_records(&AuditFilter { action: Some("journal.purge".into()), ..AuditFilter::default() });
    assert_eq!(told.expect("read").len(), 1);
    let purged = journal.write(|tx| tx.purge(&terms, &ana(), now(105))).expect("purged");
    assert_eq!(purged.audit, 3, "opened twice, resolved once; the purge itself is younger");
    assert!(journal.verify_audit().expect("verified").is_whole());
}

#[test]
fn what_is_no_journal_is_refused_and_left_alone() {
    let home = tempfile::tempdir().expect("a folder");
    let file = home.path().join("journal.db");
    let text = "not a database, but somebody's notes\n".repeat(200);
    std::fs::write(&file, &text).expect("written");
    assert!(matches!(Journal::open(&Options::at(&file), at(0)), Err(JournalError::Foreign(_))));
    assert_eq!(std::fs::read_to_string(&file).expect("read"), text);
    let other = home.path().join("other.db");
    Connection::open(&other).expect("a database").execute_batch("CREATE TABLE theirs (x)").expect("made");
    assert!(matches!(Journal::open(&Options::at(&other), at(0)), Err(JournalError::Foreign(_))));
    let error = Journal::open(&Options::at(home.path()), at(0)).expect_err("a folder is none");
    assert!(matches!(&error, JournalError::Place { .. }), "{error}");
    let error = Journal::open(&Options::at(other.join("below/journal.db")), at(0)).expect_err("no folder");
    assert!(matches!(&error, JournalError::Place { .. }), "{error}");
}

#[test]
fn a_damaged_journal_is_said_to_be_damaged() {
    let home = tempfile::tempdir().expect("a folder");
    let mut journal = journal(&home);
    for number in 0..200 {
        journal
            .write(|tx| tx.open_incident(&incident("x", &["A", "B"]), &ana(), at(number)))
            .expect("written");
    }
    assert!(journal.integrity().expect("checked").is_empty());
    drop(journal);
    let file = options(&home).file;
    let mut bytes = std::fs::read(&file).expect("read");
    let length = bytes.len();
    for byte in &mut bytes[4096 * 3..length - 4096] {
        *byte = 0x5a;
    }
    std::fs::write(&file, bytes).expect("written");
    let told = Journal::open(&options(&home), at(0)).and_then(|journal| {
        journal.incidents(IncidentFilter::default())?;
        journal.integrity()
    });
    let damaged =
        matches!(&told, Err(JournalError::Damaged(_))) || told.as_ref().is_ok_and(|all| !all.is_empty());
    assert!(damaged, "{told:?}");
}

#[test]
fn a_lock_that_is_held_too_long_is_said() {
    let home = tempfile::tempdir().expect("a folder");
    let mut one = journal(&home);
    let mut hasty = Options { patience: std::time::Duration::from_millis(30), ..options(&home) };
    hasty.key = Some(one.place.key.clone());
    let mut other = Journal::open(&hasty, at(0)).expect("opened");
    let locked = one.write(|tx| {
        tx.take_lease("x", "one", at(1), at(0))?;
        Ok(other.write(|tx| tx.take_lease("x", "other", at(1), at(0))))
    });
    assert_eq!(locked, Ok(Err(JournalError::Locked)));
}

#[test]
fn a_backup_is_a_whole_journal_and_overwrites_nothing() {
    let home = tempfile::tempdir().expect("a folder");
    let mut journal = journal(&home);
    let opened = journal.write(|tx| tx.open_incident(&incident("x", &["A"]), &ana(), at(0))).expect("opened");
    let copy = home.path().join("copy.db");
    journal.backup(&copy).expect("copied");
    assert!(journal.backup(&copy).is_err(), "it is there already");
    assert!(journal.backup(&home.path().join("none/copy.db")).is_err());
    let copied = Journal::open_existing(&Options::at(&copy)).expect("opened").expect("there");
    assert_eq!(copied.incident(&opened.incident().id).expect("read").as_ref(), Some(opened.incident()));
    assert_eq!(
        Journal::open_existing(&Options::at(home.path().join("none.db"))).expect("none").map(drop),
        None
    );
}

#[cfg(unix)]
#[test]
fn files_are_the_owners_alone_or_the_groups_where_the_folder_is() {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &std::path::Path| std::fs::metadata(path).expect("there").permissions().mode() & 0o7777;
    for (folder, file, key) in [(0o700, 0o600, 0o600), (0o2770, 0o660, 0o640), (0o755, 0o600, 0o600)] {
        let home = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(home.path().join("state")).expect("made");
        std::fs::set_permissions(home.path().join("state"), PermissionsExt::from_mode(folder)).expect("set");
        let mut journal = journal(&home);
        journal.write(|tx| tx.open_incident(&incident("x", &[]), &ana(), at(0))).expect("opened");
        let place = journal.place().clone();
        assert_eq!(mode(&place.file), file, "{folder:o}");
        assert_eq!(mode(&place.file.with_file_name("journal.db-wal")), file, "{folder:o}");
        assert_eq!(mode(&place.head), file, "{folder:o}");
        assert_eq!(mode(&place.key), key, "{folder:o}");
    }
    let home = tempfile::tempdir().expect("a folder");
    drop(journal(&home));
    assert_eq!(mode(&home.path().join("state")), 0o700, "a folder that is made is its owner's");
}

#[test]
fn a_worker_answers_says_outages_and_begins_anew() {
    let home = tempfile::tempdir().expect("a folder");
    let broken = home.path().join("state");
    std::fs::write(&broken, "in the way").expect("written");
    let worker = Worker::start(options(&home), Clock::Fixed(at(0)));
    let ask = || {
        let (sender, receiver) = std::sync::mpsc::channel();
        worker
            .call(
                |journal| journal.write(|tx| tx.take_lease("x", "me", at(1), at(0))),
                move |done| {
                    let _ = sender.send(done);
                },
            )
            .expect("handed over");
        receiver.recv().expect("an answer")
    };
    assert!(matches!(ask(), Err(JournalError::Place { .. })));
    std::fs::remove_file(&broken).expect("out of the way");
    assert_eq!(ask(), Ok(true));
}
