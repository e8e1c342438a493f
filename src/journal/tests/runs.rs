use super::*;
use crate::model::records::{NewRun, NewStep, RunState, StepChange, StepState};

fn new(owner: Option<&str>) -> NewRun {
    NewRun {
        playbook: "restart".into(),
        incident: None,
        spec: "{\"steps\":2}".into(),
        steps: ["notify", "command"].map(|kind| NewStep { kind: kind.into(), title: kind.into() }).into(),
        dedup: Some("INC-1/restart".into()),
        owner: owner.map(Into::into),
    }
}

fn change(state: StepState) -> StepChange<'static> {
    StepChange { state, attempts: 1, output: "out", error: "" }
}

#[test]
fn a_run_goes_through_its_steps_and_one_key_is_one_run() {
    let home = tempfile::tempdir().expect("a folder");
    let mut journal = journal(&home);
    let (run, fresh) = journal.write(|tx| tx.begin_run(&new(Some("a")), &ana(), at(0))).expect("begun");
    assert!(fresh && &*run.id == "RUN-20261120061200" && run.state == RunState::Running);
    let (same, fresh) = journal.write(|tx| tx.begin_run(&new(Some("b")), &ana(), at(1))).expect("there");
    assert!(!fresh && same.id == run.id);
    journal
        .write(|tx| {
            tx.run_step(&run.id, "a", 0, &change(StepState::Running), at(2))?;
            tx.run_step(&run.id, "a", 0, &change(StepState::Done), at(3))?;
            tx.run_state(&run.id, "a", RunState::Running, 1, "", at(3))?;
            tx.run_step(
                &run.id,
                "a",
                1,
                &StepChange { output: &"é".repeat(20_000), ..change(StepState::Failed) },
                at(4),
            )?;
            tx.run_state(&run.id, "a", RunState::Failed, 1, "exit status 2", at(4))
        })
        .expect("done");
    let steps = journal.steps(&run.id).expect("steps");
    assert_eq!(
        (steps[0].state, steps[0].started_at, steps[0].ended_at),
        (StepState::Done, Some(at(2)), Some(at(3)))
    );
    assert_eq!(steps[1].output.len(), 16 * 1024, "the end of it");
    let over = journal.run(&run.id).expect("read").expect("there");
    assert_eq!((over.state, over.owner, over.ended_at), (RunState::Failed, None, Some(at(4))));
    assert!(matches!(
        journal.write(|tx| tx.run_beat(&run.id, "a", at(5))),
        Err(JournalError::NotOwner { .. })
    ));
    let (_, fresh) = journal.write(|tx| tx.begin_run(&new(None), &ana(), at(6))).expect("begun");
    assert!(fresh, "its key is free again");
}

#[test]
fn a_run_whose_owner_died_is_taken_over_and_its_step_is_unsure() {
    let home = tempfile::tempdir().expect("a folder");
    let (mut one, mut other) = (journal(&home), journal(&home));
    let (run, _) = one.write(|tx| tx.begin_run(&new(Some("a")), &ana(), at(0))).expect("begun");
    one.write(|tx| tx.run_step(&run.id, "a", 0, &change(StepState::Running), at(1))).expect("step");
    assert!(other.orphaned_runs(at(0)).expect("list").is_empty());
    assert_eq!(other.write(|tx| tx.take_run(&run.id, "b", at(0), at(2))).expect("asked"), None, "it lives");
    assert_eq!(other.orphaned_runs(at(50)).expect("list").len(), 1);
    let taken = other.write(|tx| tx.take_run(&run.id, "b", at(50), at(60))).expect("asked").expect("taken");
    assert_eq!(taken.owner.as_deref(), Some("b"));
    assert_eq!(other.steps(&run.id).expect("steps")[0].state, StepState::Unsure);
    let slow = one.write(|tx| tx.run_step(&run.id, "a", 0, &change(StepState::Done), at(61)));
    assert!(matches!(slow, Err(JournalError::NotOwner { .. })), "{slow:?}");
}

#[test]
fn a_wish_to_stop_is_heard_by_the_owner_and_needs_none() {
    let home = tempfile::tempdir().expect("a folder");
    let mut journal = journal(&home);
    let (run, _) = journal.write(|tx| tx.begin_run(&new(Some("a")), &ana(), at(0))).expect("begun");
    journal.write(|tx| tx.stop_run(&run.id, &Actor::named("bruno"), at(1))).expect("asked");
    let beat = journal.write(|tx| tx.run_beat(&run.id, "a", at(2))).expect("alive");
    assert_eq!((beat.state, beat.stop_by.as_deref()), (RunState::Running, Some("bruno")));
    journal.write(|tx| tx.run_state(&run.id, "a", RunState::Stopped, 0, "", at(3))).expect("stopped");
    let (queued, _) = journal.write(|tx| tx.begin_run(&new(None), &ana(), at(4))).expect("begun");
    let stopped = journal.write(|tx| tx.stop_run(&queued.id, &ana(), at(5))).expect("stopped");
    assert_eq!(stopped.state, RunState::Stopped);
}
