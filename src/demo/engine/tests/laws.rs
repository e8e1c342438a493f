//! What must hold whatever happens: the same again, nothing before its cause, nothing lost.

use std::collections::BTreeSet;

use super::watch::{HOUR, Kept, MINUTE, SECOND, at, fault, morning, world};
use crate::demo::Engine;
use crate::demo::event::{Nobody, Outcome};
use crate::demo::plan::{FaultKind, Plan};
use crate::demo::world::World;

const DAY: i64 = 20_780;

/// As text, because an unknown confidence is not equal to itself.
fn told(kept: &Kept) -> Vec<String> {
    let finished = kept.finished.iter().map(|item| format!("{item:?}"));
    finished.chain(kept.notices.iter().map(|item| format!("{item:?}"))).collect()
}

fn run(engine: &Engine, for_us: i64) -> (Kept, Engine) {
    let (mut engine, mut kept) = (engine.clone(), Kept::default());
    let until = engine.now_us() + for_us;
    engine.run_until(until, &mut kept);
    (kept, engine)
}

#[test]
fn slices_of_any_length_and_a_checkpoint_run_again_tell_the_same() {
    let world = world();
    let mut plan = Plan::calm(5);
    plan.faults.push(fault(FaultKind::DbPool, world.day_start_us(DAY) + 12 * MINUTE, None));
    let start = Engine::start_of_day(world, &plan, DAY);
    let (whole, end) = run(&start, 30 * MINUTE);
    let mut sliced = start.clone();
    let mut kept = Kept::default();
    let mut checkpoint = None;
    let mut slice = 1;
    while sliced.now_us() < end.now_us() {
        slice = slice * 7 % (97 * SECOND) + 1;
        let until = (sliced.now_us() + slice).min(end.now_us());
        sliced.run_until(until, &mut kept);
        if checkpoint.is_none() && until > end.now_us() - 14 * MINUTE {
            checkpoint = Some((sliced.clone(), kept.finished.len()));
        }
    }
    assert!(whole.finished.len() > 500, "{}", whole.finished.len());
    assert_eq!(told(&kept), told(&whole));
    assert_eq!(sliced.gauges(), end.gauges());
    let (mut again, before) = checkpoint.expect("a checkpoint");
    let mut rest = Kept::default();
    again.run_until(end.now_us(), &mut rest);
    assert_eq!(told(&rest)[..rest.finished.len()], told(&whole)[before..whole.finished.len()]);
    assert_eq!(again.gauges(), end.gauges());
}

#[test]
fn seeds_and_days_differ() {
    let world = world();
    let some = |seed, day| {
        let engine = Engine::start_of_day(world.clone(), &Plan::calm(seed), day);
        let (kept, _) = run(&engine, 5 * MINUTE);
        kept.finished.iter().map(|item| (item.number, item.user, item.trace_id)).collect::<Vec<_>>()
    };
    assert_eq!(some(1, DAY), some(1, DAY));
    assert_ne!(some(1, DAY), some(2, DAY));
    let numbers: BTreeSet<u64> = some(1, DAY).iter().map(|item| item.0).collect();
    assert!(some(1, DAY + 1).iter().all(|item| !numbers.contains(&item.0)), "numbers are never used again");
}

#[test]
fn a_fault_changes_nothing_before_its_onset_and_something_after() {
    let morning = morning();
    let onset = morning.now_us() + 4 * MINUTE;
    let (calm, _) = run(&morning, 12 * MINUTE);
    for kind in FaultKind::ALL {
        let mut plan = Plan::calm(1);
        plan.faults.push(fault(kind, onset, None));
        let mut engine = morning.clone();
        engine.replan(&plan);
        let (struck, _) = run(&engine, 12 * MINUTE);
        let ends = |item: &&crate::demo::event::Finished| item.steps[0].end_us < onset;
        let before = |kept: &Kept| {
            kept.finished.iter().filter(ends).map(|item| format!("{item:?}")).collect::<Vec<_>>()
        };
        assert_eq!(before(&struck), before(&calm), "{kind}");
        let notices =
            |kept: &Kept| kept.notices.iter().filter(|n| n.at_us < onset).cloned().collect::<Vec<_>>();
        assert_eq!(notices(&struck), notices(&calm), "{kind}");
        assert_ne!(told(&struck), told(&calm), "{kind}");
    }
}

#[test]
fn a_fault_that_was_planned_all_along_is_the_same_as_one_switched_on_in_time() {
    let world = world();
    for kind in [FaultKind::BruteForce, FaultKind::BadDeploy, FaultKind::ServiceDown, FaultKind::Thermal] {
        let start = world.day_start_us(DAY);
        let mut plan = Plan::calm(3);
        plan.faults.push(fault(kind, start + 10 * MINUTE, Some(start + 15 * MINUTE)));
        let known = at(&world, &plan, DAY, 9 * MINUTE);
        let mut switched = at(&world, &Plan::calm(3), DAY, 9 * MINUTE);
        switched.replan(&plan);
        assert_eq!(told(&run(&known, 12 * MINUTE).0), told(&run(&switched, 12 * MINUTE).0), "{kind}");
    }
}

#[test]
fn a_fault_can_be_mended_while_it_is_under_way() {
    let morning = morning();
    let mut plan = Plan::calm(1);
    plan.faults.push(fault(FaultKind::ServiceDown, morning.now_us() + MINUTE, None));
    plan.faults.push(fault(FaultKind::BruteForce, morning.now_us() + MINUTE, None));
    let mut engine = morning;
    engine.replan(&plan);
    let (_, mut engine) = run(&engine, 5 * MINUTE);
    let down = usize::from(engine.world.service("medical-api").expect("a service"));
    assert!(!engine.gauges().services[down].up);
    for fault in &mut plan.faults {
        fault.end = chrono::DateTime::from_timestamp_micros(engine.now_us() + SECOND);
    }
    engine.replan(&plan);
    let (_, engine) = run(&engine, 2 * MINUTE);
    assert!(engine.gauges().services[down].up);
    let (kept, _) = run(&engine, 3 * MINUTE);
    assert!(kept.finished.iter().all(|item| !item.foreign), "nobody knocks any more");
}

/// What is held must be held by somebody.
fn nothing_is_lost(engine: &Engine, what: &str) {
    let places = 0..engine.requests.places();
    let requests: Vec<_> = places.filter_map(|id| engine.requests.get(id)).collect();
    for (at, process) in engine.processes.iter().enumerate() {
        let of = |request: &crate::demo::engine::Request, done: u16| {
            usize::from(request.steps[usize::from(done)].service)
        };
        let mut workers = 0;
        let mut waiting = 0;
        for request in &requests {
            workers += request.stack.iter().filter(|f| f.worker && of(request, f.done) == at).count();
            let top = request.stack.last().filter(|f| of(request, f.done) == at);
            waiting +=
                usize::from(top.is_some() && request.phase == crate::demo::engine::request::Phase::Worker);
        }
        assert_eq!(process.workers.busy as usize, workers, "{what}: workers of {at}");
        assert_eq!(process.workers.waiting as usize, waiting, "{what}: queue of {at}");
        assert!(process.workers.busy <= process.workers.size, "{what}");
        let mut connections = process.leaked as usize;
        for request in &requests {
            for pair in request.stack.windows(2) {
                connections += usize::from(pair[1].connection && of(request, pair[0].done) == at);
            }
        }
        assert_eq!(process.pool.busy as usize, connections, "{what}: connections of {at}");
    }
    for (at, model) in engine.models.iter().enumerate() {
        let slots = requests.iter().flat_map(|request| request.stack.iter().map(|frame| (*request, frame)));
        let held =
            slots.filter(|(r, f)| f.slot && r.steps[usize::from(f.done)].model.map(usize::from) == Some(at));
        // What nobody waits for any more is still worked on.
        assert!(model.busy as usize >= held.count() && model.busy <= model.size, "{what}: slots of {at}");
    }
}

#[test]
fn every_request_ends_or_is_under_way_and_what_it_held_is_given_back() {
    let morning = morning();
    for kind in FaultKind::ALL {
        let mut plan = Plan::calm(1);
        let onset = morning.now_us() + MINUTE;
        plan.faults.push(fault(kind, onset, Some(onset + 8 * MINUTE)));
        let mut engine = morning.clone();
        engine.replan(&plan);
        let mut seen = BTreeSet::new();
        for _ in 0..70 {
            let (kept, next) = run(&engine, 11 * SECOND);
            engine = next;
            nothing_is_lost(&engine, kind.as_str());
            for request in &kept.finished {
                assert!(seen.insert(request.number), "{kind}: {} ended twice", request.number);
                whole_and_parts(request);
            }
        }
        assert!(engine.requests.len() < 40, "{kind}: {} still under way", engine.requests.len());
    }
}

fn whole_and_parts(request: &crate::demo::event::Finished) {
    let whole = &request.steps[0];
    assert_eq!(whole.parent, None);
    assert_eq!(whole.outcome, request.outcome);
    assert_eq!(request.status < 400, request.outcome == Outcome::Ok);
    for done in &request.steps {
        assert!(done.start_us <= done.end_us && done.waited_us >= 0, "{request:?}");
        assert!(done.waited_us <= done.end_us - done.start_us, "{request:?}");
        assert!(done.way_us >= 0 && done.way_us <= done.end_us - done.start_us, "{request:?}");
        let Some(parent) = done.parent else { continue };
        let around = &request.steps[usize::from(parent)];
        assert!(around.start_us <= done.start_us && done.end_us <= around.end_us, "{request:?}");
    }
    assert!(request.steps.is_sorted_by_key(|done| done.start_us), "{request:?}");
    for done in request.steps.iter().filter(|done| done.attempt > 0) {
        let same = |other: &&crate::demo::event::StepDone| {
            other.step == done.step && other.attempt + 1 == done.attempt
        };
        let before = request.steps.iter().find(same).expect("the attempt before");
        assert!(before.outcome != Outcome::Ok && before.end_us < done.start_us, "{request:?}");
    }
}

#[test]
fn who_is_busier_lets_others_wait_longer() {
    let waits = |slots: u32, sessions: f64| {
        let mut world = World::clone(&world());
        world.traffic.sessions_per_h = sessions;
        for model in &mut world.models {
            model.slots = slots;
        }
        let mut engine =
            Engine::start_of_day(world.into(), &Plan { distractors: false, ..Plan::calm(1) }, DAY);
        // Towards the morning's peak, so that a little work is enough.
        engine.run_until(engine.start_us + 4 * HOUR, &mut Nobody);
        let (kept, _) = run(&engine, 20 * MINUTE);
        let steps = kept.finished.iter().flat_map(|item| &item.steps).filter(|done| done.model.is_some());
        let (sum, count) = steps.fold((0, 0), |(sum, count), done| (sum + done.waited_us, count + 1));
        sum / count.max(1)
    };
    let [wide, narrow, crowded] = [waits(8, 530.0), waits(1, 530.0), waits(1, 800.0)];
    assert!(wide < 1000 && narrow > 20 * wide.max(1000) && crowded > narrow, "{wide} {narrow} {crowded}");
}

#[test]
fn a_checkpoint_is_small() {
    let engine = morning();
    let sessions = engine.sessions.places() as usize * size_of::<crate::demo::engine::traffic::Session>();
    let requests = (0..engine.requests.places()).filter_map(|id| engine.requests.get(id));
    let requests: usize = requests.map(|r| 300 + r.steps.capacity() * 80 + r.stack.capacity() * 64).sum();
    let events = engine.agenda.len() * 48;
    assert!(sessions + requests + events < 100_000, "{sessions} {requests} {events}");
}
