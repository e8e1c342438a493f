//! Each fault: its mechanism shows, a fitting rule fires within a quarter of an hour, and after its
//! end the place recovers by itself.

use super::watch::{Kept, MINUTE, Watch, at, fault, morning, world};
use crate::demo::Engine;
use crate::demo::event::{Cause, NoticeKind, Outcome};
use crate::demo::plan::{FaultKind, Plan};

const DAY: i64 = 20_780;
const STRIKES: i64 = 2 * MINUTE;

/// Lets a fault of full severity last for a while: the rules' eye at its end, and the engine.
fn strike(start: &Engine, kind: FaultKind, lasts: i64) -> (Watch, Engine, i64) {
    let onset = start.now_us() + STRIKES;
    let mut plan = Plan::calm(1);
    plan.faults.push(fault(kind, onset, Some(onset + lasts)));
    let mut engine = start.clone();
    engine.replan(&plan);
    let mut watch = Watch::new(&start.world);
    watch.run(&mut engine, onset + lasts);
    (watch, engine, onset)
}

/// After a fault: some minutes for old samples to leave the windows, then nothing may be wrong.
fn recovers(engine: &mut Engine, after: i64) {
    engine.run_until(engine.now_us() + after, &mut crate::demo::event::Nobody);
    let mut watch = Watch::new(&engine.world.clone());
    let until = engine.now_us() + 8 * MINUTE;
    watch.run(engine, until);
    assert!(watch.fired.is_empty() && watch.longest.is_empty(), "{:?}", watch.longest);
}

fn fires(watch: &Watch, onset: i64, rule: &str) {
    let first = watch.fired.iter().filter(|(key, _)| key.0 == rule).map(|(_, at)| at - onset).min();
    assert!(
        first.is_some_and(|after| after > 0 && after <= 15 * MINUTE),
        "{rule}: {first:?} of {:?}",
        watch.alarms()
    );
}

fn events(engine: &mut Engine, for_us: i64) -> Kept {
    let mut kept = Kept::default();
    let until = engine.now_us() + for_us;
    engine.run_until(until, &mut kept);
    kept
}

#[test]
fn thermal_by_day() {
    let (watch, mut engine, onset) = strike(&morning(), FaultKind::Thermal, 15 * MINUTE);
    for rule in ["thermal", "ai p95", "record p95"] {
        fires(&watch, onset, rule);
    }
    let gauges = engine.gauges();
    assert!(gauges.thermal_state >= 2 && gauges.celsius < 125.0, "{gauges:?}");
    assert!(watch.fired.iter().any(|(key, at)| key.0 == "thermal" && at - onset <= 6 * MINUTE));
    recovers(&mut engine, 8 * MINUTE);
}

#[test]
fn thermal_by_night() {
    let night = at(&world(), &Plan::calm(1), DAY, MINUTE);
    let (watch, mut engine, onset) = strike(&night, FaultKind::Thermal, 15 * MINUTE);
    fires(&watch, onset, "thermal");
    fires(&watch, onset, "record p95");
    recovers(&mut engine, 8 * MINUTE);
}

#[test]
fn connections_leak_until_callers_wait() {
    let (watch, mut engine, onset) = strike(&morning(), FaultKind::DbPool, 10 * MINUTE);
    fires(&watch, onset, "record p95");
    assert!(watch.notices.contains_key("pool wait"), "{:?}", watch.notices);
    let owner = usize::from(engine.world.service("medical-api").expect("a service"));
    let (used, size) = engine.gauges().services[owner].pool;
    assert_eq!(used, size);
    let other = engine.world.service("auth-service").expect("a service");
    assert!(engine.gauges().services[usize::from(other)].pool.0 <= 2, "only one pool leaks");
    recovers(&mut engine, 11 * MINUTE);
    assert!(engine.gauges().services[owner].pool.0 < size / 2);
}

#[test]
fn strangers_try_passwords() {
    let (watch, mut engine, onset) = strike(&morning(), FaultKind::BruteForce, 8 * MINUTE);
    fires(&watch, onset, "failed auth");
    let struck: Vec<&str> = watch.fired.keys().map(|(_, group)| group.as_str()).collect();
    assert_eq!(struck, ["emergency"]);
    recovers(&mut engine, 8 * MINUTE);
}

#[test]
fn recordings_become_bad_and_people_correct() {
    let calm = events(&mut morning(), 10 * MINUTE);
    let (watch, mut engine, onset) = strike(&morning(), FaultKind::TranscriptionQuality, 13 * MINUTE);
    fires(&watch, onset, "low confidence");
    fires(&watch, onset, "low accuracy");
    let mut plan = Plan::calm(1);
    plan.faults.push(fault(FaultKind::TranscriptionQuality, onset, None));
    engine.replan(&plan);
    let bad = events(&mut engine, 10 * MINUTE);
    let world = engine.world.clone();
    let share = |kept: &Kept| {
        let of = |name: &str| {
            let is = |item: &&crate::demo::event::Finished| {
                *world.classes[usize::from(item.class)].operation == *name
            };
            kept.finished.iter().filter(is).count() as f64
        };
        of("update_record") / of("transcribe")
    };
    assert!(share(&bad) > 1.3 * share(&calm), "{} {}", share(&bad), share(&calm));
    // Time is not what suffers.
    assert!(!watch.fired.keys().any(|(rule, _)| rule.ends_with("p95")), "{:?}", watch.alarms());
}

#[test]
fn a_bad_version_fails_and_is_slow_until_it_is_taken_back() {
    let (watch, mut engine, onset) = strike(&morning(), FaultKind::BadDeploy, 8 * MINUTE);
    fires(&watch, onset, "record p95");
    assert!(watch.failed > 60, "{}", watch.failed);
    assert!(!watch.alarms().contains(&"down"), "a deploy is no outage");
    let service = usize::from(engine.world.service("medical-api").expect("a service"));
    assert_eq!(&*engine.gauges().services[service].version, "7.4.0");
    let back = events(&mut engine, MINUTE);
    let deployed = |notice: &crate::demo::event::Notice| matches!(&notice.what, NoticeKind::Started { version, deployed: true } if **version == *"7.3.1");
    assert!(back.notices.iter().any(deployed));
    recovers(&mut engine, 7 * MINUTE);
}

#[test]
fn packets_are_late_and_lost() {
    let (watch, mut engine, onset) = strike(&morning(), FaultKind::NetworkDelay, 10 * MINUTE);
    fires(&watch, onset, "record p95");
    assert!(watch.notices.get("retransmits").is_some_and(|count| *count > 20), "{:?}", watch.notices);
    recovers(&mut engine, 7 * MINUTE);
}

#[test]
fn nobody_answers() {
    let (watch, mut engine, onset) = strike(&morning(), FaultKind::ServiceDown, 5 * MINUTE);
    fires(&watch, onset, "down");
    let world = engine.world.clone();
    let mut again = morning();
    let mut plan = Plan::calm(1);
    plan.faults.push(fault(FaultKind::ServiceDown, onset, None));
    again.replan(&plan);
    again.run_until(onset + MINUTE, &mut crate::demo::event::Nobody);
    let down = world.service("medical-api").expect("a service");
    let kept = events(&mut again, MINUTE);
    let calls: Vec<Outcome> = kept
        .finished
        .iter()
        .flat_map(|item| &item.steps)
        .filter(|done| done.service == down)
        .map(|done| done.outcome)
        .collect();
    assert!(calls.len() > 20 && calls.iter().all(|outcome| *outcome == Outcome::Failed(Cause::Refused)));
    recovers(&mut engine, 7 * MINUTE);
}

#[test]
fn memory_fills_until_the_process_is_killed() {
    let (watch, mut engine, onset) = strike(&morning(), FaultKind::MemoryLeak, 14 * MINUTE);
    fires(&watch, onset, "memory");
    assert!(watch.notices.get("stopped").is_some_and(|count| *count >= 1), "{:?}", watch.notices);
    recovers(&mut engine, 7 * MINUTE);
}

#[test]
fn a_log_says_too_much_and_nothing_else_changes() {
    let (watch, ..) = strike(&morning(), FaultKind::PiiLeak, 10 * MINUTE);
    assert!(watch.fired.is_empty(), "{:?}", watch.alarms());
    let mut engine = morning();
    let mut plan = Plan::calm(1);
    plan.faults.push(fault(FaultKind::PiiLeak, engine.now_us() + MINUTE, None));
    engine.replan(&plan);
    let before = events(&mut engine, MINUTE - 1);
    assert!(before.finished.iter().all(|item| !item.leaky));
    let kept = events(&mut engine, 5 * MINUTE);
    let leaky = kept.finished.iter().filter(|item| item.leaky).count();
    assert!(leaky > 20 && leaky * 4 < kept.finished.len(), "{leaky} of {}", kept.finished.len());
}

#[test]
fn half_as_bad_is_less_bad() {
    let start = morning();
    let heat = |severity: f64| {
        let mut plan = Plan::calm(1);
        let mut fault = fault(FaultKind::Thermal, start.now_us(), None);
        fault.severity = severity;
        plan.faults.push(fault);
        let mut engine = start.clone();
        engine.replan(&plan);
        engine.run_until(start.now_us() + 8 * MINUTE, &mut crate::demo::event::Nobody);
        engine.gauges().celsius
    };
    let [none, half, full] = [0.0, 0.5, 1.0].map(heat);
    assert!(none + 5.0 < half && half + 2.0 < full, "{none} {half} {full}");
}

#[test]
fn another_target_is_struck_instead() {
    let start = morning();
    let mut plan = Plan::calm(1);
    let mut fault = fault(FaultKind::ServiceDown, start.now_us() + MINUTE, None);
    fault.target = Some("auth-service".into());
    plan.faults.push(fault);
    let mut engine = start;
    engine.replan(&plan);
    engine.run_until(engine.now_us() + 2 * MINUTE, &mut crate::demo::event::Nobody);
    let gauges = engine.gauges();
    let all = engine.world.services.iter().zip(&gauges.services);
    let down: Vec<&str> = all.filter(|(_, gauges)| !gauges.up).map(|(service, _)| &*service.name).collect();
    assert_eq!(down, ["auth-service"]);
}
