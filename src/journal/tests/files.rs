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
