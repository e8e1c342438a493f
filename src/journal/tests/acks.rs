use super::*;
use crate::model::records::{AckState, NewAck};

fn new(name: &str, silence: bool) -> NewAck {
    NewAck {
        fingerprint: format!("f-{name}").into(),
        labels: Labels::new([("alertname", name)]),
        incident: None,
        why: "looking".into(),
        until: Some(at(900)),
        lease_s: 900,
        silence,
    }
}

#[test]
fn an_ack_goes_to_alertmanager_and_comes_back() {
    let home = tempfile::tempdir().expect("a folder");
    let mut journal = journal(&home);
    let ack = journal.write(|tx| tx.ack(&new("A", true), &ana(), at(0))).expect("acked");
    assert_eq!(ack.state, AckState::Pending);
    let ack = journal.write(|tx| tx.ack_trouble(ack.id, "connection refused", false, at(1))).expect("noted");
    assert_eq!((ack.state, &*ack.error, ack.attempts), (AckState::Pending, "connection refused", 1));
    let ack = journal.write(|tx| tx.ack_silenced(ack.id, "s-1", Some(at(905)), at(5))).expect("silenced");
    assert_eq!((ack.state, ack.silence.as_deref(), &*ack.error), (AckState::AtAlertmanager, Some("s-1"), ""));
    assert!(journal.acks_to_carry_out().expect("list").is_empty());
    let ended = journal.write(|tx| tx.unack(ack.id, "mended", &ana(), at(60))).expect("ended");
    assert!(ended.silence_left && !ended.state.is_live());
    assert_eq!(journal.acks_to_carry_out().expect("list").len(), 1);
    journal.write(|tx| tx.ack_silence_gone(ack.id, at(61))).expect("gone");
    assert!(journal.acks_to_carry_out().expect("list").is_empty());
    assert!(journal.acks(AckFilter::default()).expect("list").is_empty());
    assert_eq!(journal.acks(AckFilter { ended: true, ..AckFilter::default() }).expect("list").len(), 1);
}

#[test]
fn a_colleague_who_was_faster_is_named() {
    let home = tempfile::tempdir().expect("a folder");
    let (mut one, mut other) = (journal(&home), journal(&home));
    let ack = one.write(|tx| tx.ack(&new("A", false), &ana(), at(0))).expect("acked");
    assert_eq!(ack.state, AckState::Local);
    let taken = other.write(|tx| tx.ack(&new("A", true), &Actor::named("bruno"), at(1)));
    let Err(error @ JournalError::Taken(_)) = &taken else { panic!("{taken:?}") };
    assert_eq!(error.to_string(), "ana has it since 06:12:00 UTC");
    one.write(|tx| tx.end_ack(ack.id, "watcher", "resolved", at(2))).expect("ended");
    other.write(|tx| tx.ack(&new("A", true), &Actor::named("bruno"), at(3))).expect("free again");
}

#[test]
fn a_silence_that_arrives_after_the_ack_was_taken_back_is_ended_too() {
    let home = tempfile::tempdir().expect("a folder");
    let mut journal = journal(&home);
    let ack = journal.write(|tx| tx.ack(&new("A", true), &ana(), at(0))).expect("acked");
    let ended = journal.write(|tx| tx.unack(ack.id, "", &ana(), at(1))).expect("ended");
    assert!(!ended.silence_left, "there was none yet");
    let late = journal.write(|tx| tx.ack_silenced(ack.id, "s-1", None, at(2))).expect("noted");
    assert!(late.silence_left && !late.state.is_live());
}
