use super::*;
use crate::model::records::{Enqueued, LetterState, NewLetter};

fn letter(dedup: &str, next: i64) -> NewLetter {
    NewLetter {
        dedup: dedup.into(),
        channel: "pager".into(),
        payload: "{}".into(),
        incident: None,
        next_at: at(next),
    }
}

#[test]
fn a_letter_is_put_in_once_and_taken_by_one() {
    let home = tempfile::tempdir().expect("a folder");
    let (mut one, mut other) = (journal(&home), journal(&home));
    let made = one.write(|tx| tx.enqueue(&letter("k", 0), at(0))).expect("in");
    let Enqueued::New(id) = made else { panic!("{made:?}") };
    let again = other.write(|tx| tx.enqueue(&letter("k", 0), at(0))).expect("in");
    assert_eq!(again, Enqueued::Already(id, LetterState::Queued));
    one.write(|tx| tx.enqueue(&letter("later", 100), at(0))).expect("in");
    assert_eq!(one.next_letter_at().expect("next"), Some(at(0)));

    let taken = one.write(|tx| tx.take_letters("one", 10, at(30), at(0))).expect("taken");
    assert_eq!(
        taken.iter().map(|letter| (letter.id, letter.attempts, letter.doubtful)).collect::<Vec<_>>(),
        [(id, 1, false)]
    );
    assert!(other.write(|tx| tx.take_letters("other", 10, at(30), at(1))).expect("taken").is_empty());
    assert!(matches!(
        other.write(|tx| tx.letter_sent(id, "other", at(1))),
        Err(JournalError::NotOwner { .. })
    ));
    one.write(|tx| tx.letter_failed(id, "one", "503", Some(at(10)))).expect("noted");
    assert!(one.write(|tx| tx.take_letters("one", 10, at(30), at(9))).expect("taken").is_empty());
    let taken = other.write(|tx| tx.take_letters("other", 10, at(40), at(10))).expect("taken");
    assert_eq!((taken.len(), taken[0].attempts), (1, 2));
    other.write(|tx| tx.letter_sent(id, "other", at(11))).expect("sent");
    assert!(one.write(|tx| tx.take_letters("one", 10, at(90), at(50))).expect("taken").is_empty());
}

#[test]
fn what_was_in_flight_when_its_process_died_is_taken_again_and_marked() {
    let home = tempfile::tempdir().expect("a folder");
    let mut journal = journal(&home);
    journal.write(|tx| tx.enqueue(&letter("k", 0), at(0))).expect("in");
    journal.write(|tx| tx.take_letters("dead", 10, at(30), at(0))).expect("taken");
    let taken = journal.write(|tx| tx.take_letters("alive", 10, at(60), at(30))).expect("taken");
    assert!(taken[0].doubtful);
    // The dead one was only slow: its letter is not its own any more.
    assert!(matches!(
        journal.write(|tx| tx.letter_sent(taken[0].id, "dead", at(31))),
        Err(JournalError::NotOwner { .. })
    ));
    journal.write(|tx| tx.letter_failed(taken[0].id, "alive", "410 gone", None)).expect("given up");
    assert_eq!(journal.letter_counts().expect("counted"), [(LetterState::Failed, 1)]);
    journal.write(|tx| tx.requeue(taken[0].id, at(40))).expect("back");
    assert!(journal.write(|tx| tx.requeue(taken[0].id, at(40))).is_err());
}

#[test]
fn a_lease_has_one_holder_until_it_runs_out() {
    let home = tempfile::tempdir().expect("a folder");
    let (mut one, mut other) = (journal(&home), journal(&home));
    assert!(one.write(|tx| tx.take_lease("watch", "one", at(30), at(0))).expect("taken"));
    assert!(!other.write(|tx| tx.take_lease("watch", "other", at(31), at(1))).expect("asked"));
    assert!(one.write(|tx| tx.take_lease("watch", "one", at(60), at(20))).expect("held on"));
    let lease = other.lease("watch").expect("read").expect("there");
    assert_eq!((lease.since, lease.until), (at(0), at(60)));
    assert!(other.write(|tx| tx.take_lease("watch", "other", at(90), at(60))).expect("run out"));
    one.write(|tx| tx.give_back("watch", "one")).expect("not its own: nothing");
    assert_eq!(one.leases().expect("read").len(), 1);
    other.write(|tx| tx.give_back("watch", "other")).expect("given back");
    assert!(one.leases().expect("read").is_empty());
}
