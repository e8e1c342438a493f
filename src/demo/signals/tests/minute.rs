//! A minute made by hand.

use std::sync::Arc;

use crate::demo::event::{Cause, Finished, Notice, NoticeKind, Outcome, Sink, StepDone};
use crate::demo::recorder::Recorder;
use crate::demo::signals::Signals;
use crate::demo::signals::when::CAUSES;
use crate::demo::world::World;
use crate::model::{LogEntry, Trace};
use crate::pack::{self, DemoFiles, Pack};

/// 2026-11-20 03:12:07 in São Paulo.
pub(super) const START_US: i64 = 1_795_155_127_000_000;
pub(super) const SEED: u64 = 7;

pub(super) fn shipped() -> (Pack, DemoFiles) {
    let pack = pack::load("hospital", &[]).expect("the shipped pack");
    let files = pack.demo.clone().expect("demo files");
    (pack, files)
}

pub(super) fn world() -> Arc<World> {
    let (pack, files) = shipped();
    Arc::new(World::parse(&files.world, &pack).expect("the shipped world"))
}

pub(super) fn signals(world: &World) -> Arc<Signals> {
    let (_, files) = shipped();
    match Signals::read(&files.signals, world) {
        Ok(signals) => Arc::new(signals),
        Err(problems) => {
            let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
            panic!("{}", told.concat());
        }
    }
}

/// A request of a class in which all goes well.
pub(super) fn request(world: &World, number: u64, class: usize) -> Finished {
    let planned = &world.classes[class];
    let depth = |mut step: usize| {
        let mut depth = 0;
        while let Some(parent) = planned.steps[step].parent {
            (step, depth) = (usize::from(parent), depth + 1);
        }
        depth
    };
    let start_us = START_US + number as i64 * 90_000;
    let steps = (0..planned.steps.len())
        .map(|step| {
            let plan = &planned.steps[step];
            let inset = depth(step) * 2_000 + step as i64 * 100;
            StepDone {
                step: step as u16,
                parent: plan.parent,
                attempt: 0,
                service: plan.service,
                model: plan.model,
                start_us: start_us + inset,
                end_us: start_us + 90_000 - inset,
                waited_us: 0,
                way_us: 0,
                outcome: Outcome::Ok,
                confidence: plan.model.map_or(f64::NAN, |_| 0.923_456),
            }
        })
        .collect();
    Finished {
        number,
        trace_id: u128::from(number) << 64 | 0xabc,
        class: class as u16,
        department: (number % world.departments.len() as u64) as u8,
        role: (number % world.roles.len() as u64) as u8,
        user: 100 + (number % 80) as u32,
        foreign: false,
        method: world.classes[class].login.unwrap_or(0),
        leaky: false,
        bytes: (900, 4200),
        status: 200,
        outcome: Outcome::Ok,
        steps,
    }
}

/// The same with a step that fails, and all above it.
pub(super) fn failing(world: &World, number: u64, class: usize, step: usize, cause: Cause) -> Finished {
    let mut request = request(world, number, class);
    request.steps[step].outcome = Outcome::Failed(cause);
    let mut above = request.steps[step].parent;
    while let Some(parent) = above {
        request.steps[usize::from(parent)].outcome = Outcome::Failed(Cause::Dependency);
        above = request.steps[usize::from(parent)].parent;
    }
    request.status = match cause {
        Cause::Unauthorized => 401,
        Cause::Forbidden => 403,
        Cause::NotFound => 404,
        _ => 503,
    };
    request.outcome = request.steps[0].outcome;
    request
}

/// Everything, once or more.
pub(super) fn requests(world: &World) -> Vec<Finished> {
    let mut all: Vec<Finished> = Vec::new();
    let next = |all: &Vec<Finished>| all.len() as u64;
    for class in 0..world.classes.len() {
        for _ in 0..24 {
            all.push(request(world, next(&all), class));
        }
        for step in 0..world.classes[class].steps.len() {
            for (_, cause) in CAUSES {
                all.push(failing(world, next(&all), class, step, cause));
            }
            // Slow, unsure, long in the queue.
            let mut slow = request(world, next(&all), class);
            for done in slow.steps.iter_mut().take(step + 1) {
                done.end_us += 11_500_000;
                done.waited_us = 4_000_000;
                done.confidence -= 0.25;
            }
            all.push(slow);
            // Once more, and well.
            let mut again = failing(world, next(&all), class, step, Cause::Timeout);
            if step > 0 {
                let second = StepDone { attempt: 1, outcome: Outcome::Ok, ..again.steps[step].clone() };
                again.steps.push(second);
                all.push(again);
            }
        }
        for foreign in 0..30 {
            if world.classes[class].login.is_some() {
                let mut attack = failing(world, next(&all), class, 1, Cause::Unauthorized);
                (attack.foreign, attack.user) = (true, foreign);
                all.push(attack);
            }
        }
    }
    all
}

/// Requests of a service that leaks.
pub(super) fn leaks(world: &World) -> Vec<Finished> {
    let class = world.classes.iter().position(|class| &*class.operation == "read_record").expect("a class");
    (50_000..50_060).map(|number| Finished { leaky: true, ..request(world, number, class) }).collect()
}

/// One of each kind for every service.
pub(super) fn notices(world: &World) -> Vec<Notice> {
    let kinds = [
        NoticeKind::Stopped { killed: false },
        NoticeKind::Stopped { killed: true },
        NoticeKind::Started { version: "9.9.9".into(), deployed: true },
        NoticeKind::Started { version: "9.9.9".into(), deployed: false },
        NoticeKind::PoolWait { waited_us: 812_345, in_use: 20, size: 20 },
        NoticeKind::Pause { us: 640_000, heap_bytes: 5.0e9 },
        NoticeKind::Pause { us: 6_000, heap_bytes: 1.0e9 },
        NoticeKind::Thermal { state: 1, celsius: 79.04 },
        NoticeKind::Thermal { state: 2, celsius: 91.26 },
        NoticeKind::Thermal { state: 3, celsius: 99.5 },
        NoticeKind::Batch { name: "nightly-archive".into(), began: true },
        NoticeKind::Batch { name: "nightly-archive".into(), began: false },
        NoticeKind::Retransmits { peer: 0, count: 37 },
        NoticeKind::Report { requests: 41, longest_us: 1_234_560 },
    ];
    let mut all = Vec::new();
    for service in 0..world.services.len() {
        for (at, what) in kinds.iter().enumerate() {
            let at_us = START_US + (service * kinds.len() + at) as i64 * 1000;
            all.push(Notice { at_us, service: service as u8, what: what.clone() });
        }
    }
    all
}

/// What is written about these.
pub(super) fn record(requests: &[Finished], notices: &[Notice]) -> (Vec<LogEntry>, Vec<Arc<Trace>>) {
    let world = world();
    let signals = signals(&world);
    let mut recorder = Recorder::new(world, signals, SEED);
    for request in requests {
        recorder.finished(request);
    }
    for notice in notices {
        recorder.notice(notice);
    }
    recorder.finish()
}

/// The whole minute.
pub(super) fn minute() -> (Vec<LogEntry>, Vec<Arc<Trace>>) {
    let world = world();
    record(&requests(&world), &notices(&world))
}
