//! What is asked: only what is in sight, for the right moments, and only what is new.

use chrono::TimeDelta;
use plantao::command::CommandId;
use plantao::model::ask::{Ask, Key};
use plantao::model::{FaultKind, SourceId, Time, Window};
use plantao::state::demand::{ALERTS, ask, wants};
use proptest::prelude::*;

use crate::desk::{Desk, all_sources, answered, at, critical, rule, usual, with_value};

fn keys(desk: &Desk) -> Vec<Key> {
    wants(&desk.state).into_iter().map(|want| want.key).collect()
}

fn some_range(desk: &Desk) -> Key {
    keys(desk).into_iter().find(|key| matches!(key, Key::Range(..))).expect("a trend is in sight")
}

fn range(desk: &Desk, key: &Key) -> Option<(Time, Time)> {
    match ask(&desk.state, key)? {
        Ask::Range { start, end, .. } => Some((start, end)),
        other => panic!("{other:?}"),
    }
}

fn answer(desk: &mut Desk, key: &Key) {
    let asked = ask(&desk.state, key).expect("something to ask");
    desk.tell(asked.clone(), Ok(answered(with_value(&asked, 1.0))));
}

#[test]
fn nothing_is_asked_of_a_source_that_is_not_configured() {
    for without in all_sources() {
        let left: Vec<SourceId> = all_sources().into_iter().filter(|source| *source != without).collect();
        let mut desk = Desk::with(&left);
        for view in [CommandId::Overview, CommandId::Alerts, CommandId::Hardware, CommandId::Sources] {
            desk.command(view);
            assert!(keys(&desk).iter().all(|key| key.source() != without), "{view:?} without {without}");
        }
    }
}

#[test]
fn what_is_not_in_sight_is_not_asked() {
    let mut desk = Desk::new();
    let queries = |desk: &Desk| keys(desk).iter().any(|key| matches!(key, Key::Instant(_) | Key::Range(..)));
    assert!(queries(&desk) && !keys(&desk).contains(&Key::Targets));
    desk.command(CommandId::Alerts);
    assert!(!queries(&desk) && !keys(&desk).contains(&Key::Targets), "{:?}", keys(&desk));
    assert!(keys(&desk).contains(&Key::Alerts), "alerts are in sight everywhere");
    desk.command(CommandId::Sources);
    assert!(keys(&desk).contains(&Key::Targets) && keys(&desk).contains(&Key::Status));
}

#[test]
fn no_question_stands_twice() {
    let mut desk = Desk::new();
    for view in [CommandId::Overview, CommandId::Department, CommandId::Models, CommandId::Sources] {
        desk.command(view);
        let mut all = keys(&desk);
        let count = all.len();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), count, "{view:?}");
    }
}

#[test]
fn the_past_asks_prometheus_once_and_nobody_about_now() {
    let mut desk = Desk::new();
    desk.command(CommandId::TimeBack);
    let all = wants(&desk.state);
    assert!(!all.iter().any(|want| matches!(want.key, Key::Alerts | Key::Silences | Key::Page(_))));
    assert!(all.iter().any(|want| want.key == Key::Instant(ALERTS.into()) && want.every_s == 0));
    for want in &all {
        if let Some(Ask::Instant { at: moment, .. }) = ask(&desk.state, &want.key) {
            assert_eq!((moment, want.every_s), (at(-1800), 0));
        }
    }
}

#[test]
fn a_detail_asks_for_the_trend_of_its_rule() {
    let mut desk = Desk::new();
    desk.rules(vec![rule("A", "load > 3", vec![])]);
    desk.alerts(vec![critical("A")]);
    desk.command(CommandId::Alerts);
    desk.command(CommandId::Open);
    let step = desk.state.step_s();
    assert!(keys(&desk).contains(&Key::Range("load".into(), step)), "{:?}", keys(&desk));
}

#[test]
fn a_range_lies_on_its_grid_inside_the_window_and_goes_on_where_it_ended() {
    let mut desk = Desk::new();
    desk.now = 7;
    desk.send(plantao::message::Msg::Tick);
    let key = some_range(&desk);
    let step = i64::from(desk.state.step_s());
    let (start, end) = range(&desk, &key).expect("a first question");
    assert_eq!((start.timestamp() % step, end.timestamp() % step), (0, 0));
    assert!(start >= at(7 - 3600) && end <= at(7));
    answer(&mut desk, &key);
    assert_eq!(range(&desk, &key), None, "there is nothing new yet");
    desk.pass(step);
    let next = end + TimeDelta::seconds(step);
    assert_eq!(range(&desk, &key), Some((next, next)), "one new point");
    answer(&mut desk, &key);
    desk.pass(100_000);
    let (again, _) = range(&desk, &key).expect("a question");
    assert!(again >= at(desk.now - 3600), "after a long silence the window is asked for as a whole");
}

#[test]
fn a_clock_that_differs_moves_the_window_and_does_not_ask_it_all_anew() {
    for skew in [-900, -60, 60, 900] {
        let mut desk = Desk::new();
        let key = some_range(&desk);
        let step = i64::from(desk.state.step_s());
        let mut told = answered(usual(&Ask::Plain(Key::Targets)));
        told.clock_skew_s = Some(skew);
        desk.tell(Ask::Plain(Key::Targets), Ok(told));
        let skewed = |desk: &mut Desk| {
            let asked = ask(&desk.state, &key).expect("a question");
            let mut outcome = answered(with_value(&asked, 1.0));
            outcome.clock_skew_s = Some(skew);
            desk.tell(asked.clone(), Ok(outcome));
            asked
        };
        let Ask::Range { start, end, .. } = skewed(&mut desk) else { panic!("a range") };
        assert!((start - at(skew - 3600)).num_seconds().abs() <= step, "{skew}: {start}");
        assert!((end - at(skew)).num_seconds().abs() <= step, "{skew}: {end}");
        for _ in 0..3 {
            desk.pass(step);
            let Ask::Range { start, end, .. } = skewed(&mut desk) else { panic!("a range") };
            assert_eq!(start, end, "clock {skew} s off: only the new point");
        }
    }
}

#[test]
fn a_small_difference_of_clocks_is_noise() {
    let mut desk = Desk::new();
    let mut told = answered(usual(&Ask::Plain(Key::Targets)));
    told.clock_skew_s = Some(4);
    desk.tell(Ask::Plain(Key::Targets), Ok(told));
    let Some(Ask::Instant { at: moment, .. }) = ask(&desk.state, &Key::Instant("up".into())) else {
        panic!()
    };
    assert_eq!(moment, at(0));
}

#[test]
fn what_leaves_the_window_is_dropped() {
    let mut desk = Desk::new();
    let key = some_range(&desk);
    let (Key::Range(query, step_s), step) = (&key, i64::from(desk.state.step_s())) else { panic!() };
    for _ in 0..600 {
        if ask(&desk.state, &key).is_some() {
            answer(&mut desk, &key);
        }
        desk.pass(step);
    }
    let history = &desk.state.store.ranges[&(query.clone(), *step_s)];
    let most = history.remote.value().expect("points").iter().map(|one| one.points.len()).max();
    assert!(most.is_some_and(|most| most <= 182), "{most:?}");
}

#[test]
fn a_failed_range_asks_for_the_same_again() {
    let mut desk = Desk::new();
    let key = some_range(&desk);
    answer(&mut desk, &key);
    desk.pass(i64::from(desk.state.step_s()));
    let before = range(&desk, &key);
    desk.fail(&key, FaultKind::Timeout);
    assert_eq!(range(&desk, &key), before);
}

proptest! {
    /// Whatever the window and the clock: a range is never empty, on its grid, and never longer than
    /// what a server answers.
    #[test]
    fn every_range_is_one_that_a_server_takes(span_s in 60_u32..40_000_000, now in -1_000_000_i64..1_000_000, past in any::<bool>()) {
        let mut desk = Desk::new();
        desk.now = now;
        desk.state.now = at(now);
        desk.state.window = if past {
            Window::Past { start: at(now - 100 - i64::from(span_s)), end: at(now - 100) }
        } else {
            Window::Live { span_s }
        };
        let key = some_range(&desk);
        let step = i64::from(desk.state.step_s());
        let (start, end) = range(&desk, &key).expect("a question");
        prop_assert!(start <= end);
        prop_assert!((end - start).num_seconds() / step < 11_000);
        prop_assert!(start >= desk.state.window.start(at(now)) && end <= desk.state.window.end(at(now)));
    }
}
