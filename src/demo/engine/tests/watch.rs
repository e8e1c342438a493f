//! Looks at a day as the rules of the field do: quantiles and rates over the last five minutes, by
//! what each rule is about, evaluated every 15 seconds and held for its time.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, LazyLock};

use crate::demo::event::{Cause, Finished, Notice, NoticeKind, Outcome, Sink};
use crate::demo::plan::{Fault, FaultKind, Plan};
use crate::demo::{Engine, World};

pub(super) const SECOND: i64 = 1_000_000;
pub(super) const MINUTE: i64 = 60 * SECOND;
pub(super) const HOUR: i64 = 60 * MINUTE;
const WINDOW: i64 = 5 * MINUTE;
const STEP: i64 = 15 * SECOND;

/// The shipped place.
pub(super) fn world() -> Arc<World> {
    static WORLD: LazyLock<Arc<World>> = LazyLock::new(read);
    WORLD.clone()
}

fn read() -> Arc<World> {
    let pack = crate::pack::load("hospital", &[]).expect("the shipped pack");
    let demo = pack.demo.clone().expect("a demo folder");
    match World::parse(&demo.world, &pack) {
        Ok(world) => Arc::new(world),
        Err(problems) => {
            let text: Vec<String> = problems.iter().map(ToString::to_string).collect();
            panic!("{}", text.concat())
        }
    }
}

/// Keeps everything.
#[derive(Clone, Debug, Default)]
pub(super) struct Kept {
    pub(super) finished: Vec<Finished>,
    pub(super) notices: Vec<Notice>,
}

impl Sink for Kept {
    fn finished(&mut self, request: &Finished) {
        self.finished.push(request.clone());
    }

    fn notice(&mut self, notice: &Notice) {
        self.notices.push(notice.clone());
    }
}

/// A quantity that a rule watches, with its group.
type Key = (&'static str, String);

/// The rules' eye.
#[derive(Debug)]
pub(super) struct Watch {
    world: Arc<World>,
    values: BTreeMap<Key, VecDeque<(i64, f64)>>,
    /// Since when each rule's condition holds.
    pending: BTreeMap<Key, i64>,
    /// When each fired first.
    pub(super) fired: BTreeMap<Key, i64>,
    /// How near each came to its mark: the longest time its condition held, and its worst value.
    pub(super) longest: BTreeMap<Key, i64>,
    pub(super) worst: BTreeMap<Key, f64>,
    pub(super) requests: u64,
    pub(super) failed: u64,
    pub(super) notices: BTreeMap<&'static str, u64>,
}

impl Watch {
    pub(super) fn new(world: &Arc<World>) -> Self {
        Self {
            world: world.clone(),
            values: BTreeMap::new(),
            pending: BTreeMap::new(),
            fired: BTreeMap::new(),
            longest: BTreeMap::new(),
            worst: BTreeMap::new(),
            requests: 0,
            failed: 0,
            notices: BTreeMap::new(),
        }
    }

    /// Lets an engine run for a while under the rules' eye.
    pub(super) fn run(&mut self, engine: &mut Engine, until: i64) {
        let mut t = engine.now_us();
        while t < until {
            t = (t + STEP).min(until);
            engine.run_until(t, self);
            self.evaluate(engine, t);
        }
    }

    fn note(&mut self, what: &'static str, group: String, at: i64, value: f64) {
        self.values.entry((what, group)).or_default().push_back((at, value));
    }

    fn condition(&mut self, key: Key, holds: bool, value: f64, for_us: i64, t: i64) {
        let worst = self.worst.entry(key.clone()).or_insert(value);
        *worst = if key.0.starts_with("low") { worst.min(value) } else { worst.max(value) };
        if !holds {
            self.pending.remove(&key);
            return;
        }
        let since = *self.pending.entry(key.clone()).or_insert(t);
        let longest = self.longest.entry(key.clone()).or_default();
        *longest = (*longest).max(t - since);
        if t - since >= for_us {
            self.fired.entry(key).or_insert(t);
        }
    }

    fn evaluate(&mut self, engine: &Engine, t: i64) {
        let keys: Vec<Key> = self.values.keys().cloned().collect();
        for key in keys {
            let list = self.values.get_mut(&key).expect("a known key");
            while list.front().is_some_and(|(at, _)| *at < t - WINDOW) {
                list.pop_front();
            }
            let mut all: Vec<f64> = list.iter().map(|(_, value)| *value).collect();
            all.sort_by(f64::total_cmp);
            let n = all.len() as f64;
            // As a histogram tells it: the quantile lies above a mark once more than 5 % do.
            let above = |mark: f64| all.iter().filter(|v| **v > mark).count() as f64 > 0.05 * n && n > 0.0;
            let q = |q: f64| all.get(((n * q) as usize).min(all.len().saturating_sub(1))).copied();
            match key.0 {
                "record p95" => self.condition(key, above(5.0), q(0.95).unwrap_or(0.0), 2 * MINUTE, t),
                "ai p95" => self.condition(key, above(10.0), q(0.95).unwrap_or(0.0), MINUTE, t),
                "face p95" => self.condition(key, above(3.0), q(0.95).unwrap_or(0.0), MINUTE, t),
                "failed auth" => self.condition(key, n / 300.0 > 0.1, n / 300.0, 2 * MINUTE, t),
                "low confidence" => {
                    let median = q(0.5).unwrap_or(1.0);
                    self.condition(key, median < 0.85, median, 5 * MINUTE, t);
                }
                _ => {}
            }
        }
        let gauges = engine.gauges();
        let one = |what: &'static str| (what, String::new());
        self.condition(one("cpu"), gauges.cpu_performance > 85.0, gauges.cpu_performance, 5 * MINUTE, t);
        self.condition(one("cpu eff"), gauges.cpu_efficiency > 85.0, gauges.cpu_efficiency, 5 * MINUTE, t);
        let memory = 100.0 * gauges.memory[0] / gauges.memory[3];
        self.condition(one("memory"), memory > 90.0, memory, 3 * MINUTE, t);
        let state = gauges.thermal_state;
        self.condition(one("thermal"), state >= 2, f64::from(state), MINUTE, t);
        self.condition(one("celsius"), false, gauges.celsius, MINUTE, t);
        self.condition(one("gpu"), false, gauges.gpu, MINUTE, t);
        for (at, model) in gauges.models.iter().enumerate() {
            let id = self.world.models[at].id.to_string();
            self.condition(("low accuracy", id), model.accuracy < 0.85, model.accuracy, 5 * MINUTE, t);
        }
        for (at, service) in gauges.services.iter().enumerate() {
            let name = self.world.services[at].name.to_string();
            if name == "medical-api" {
                self.condition(("down", name), !service.up, f64::from(u8::from(!service.up)), 30 * SECOND, t);
            }
        }
    }

    /// Names of the rules that have fired.
    pub(super) fn alarms(&self) -> Vec<&'static str> {
        let mut all: Vec<&'static str> = self.fired.keys().map(|(what, _)| *what).collect();
        all.dedup();
        all
    }
}

impl Sink for Watch {
    fn finished(&mut self, request: &Finished) {
        self.requests += 1;
        self.failed += u64::from(request.status >= 500);
        let world = self.world.clone();
        let class = &world.classes[usize::from(request.class)];
        let department = world.departments[usize::from(request.department)].id.to_string();
        for done in &request.steps {
            let shape = &class.steps[usize::from(done.step)];
            let (at, took) = (done.end_us, (done.end_us - done.start_us) as f64 / 1e6);
            if shape.name.starts_with("medical_operation.") {
                self.note("record p95", format!("{department} {}", class.operation), at, took);
            }
            if let Some(model) = done.model {
                self.note("ai p95", world.models[usize::from(model)].id.to_string(), at, took);
                if &*world.models[usize::from(model)].id == "facenet" {
                    self.note("face p95", String::new(), at, took);
                }
                if &*world.models[usize::from(model)].id == "whisper-large" && done.outcome == Outcome::Ok {
                    self.note("low confidence", String::new(), at, done.confidence);
                }
            }
        }
        if class.login.is_some() && request.outcome == Outcome::Failed(Cause::Unauthorized) {
            let at = request.steps.first().map_or(0, |step| step.end_us);
            self.note("failed auth", department, at, 1.0);
        }
    }

    fn notice(&mut self, notice: &Notice) {
        let what = match notice.what {
            NoticeKind::Started { .. } => "started",
            NoticeKind::Stopped { .. } => "stopped",
            NoticeKind::PoolWait { .. } => "pool wait",
            NoticeKind::Pause { .. } => "pause",
            NoticeKind::Thermal { .. } => "thermal",
            NoticeKind::Batch { .. } => "batch",
            NoticeKind::Retransmits { .. } => "retransmits",
            NoticeKind::Report { .. } => "report",
        };
        *self.notices.entry(what).or_default() += 1;
    }
}

/// An engine at a moment of a day: hours and minutes after its start.
pub(super) fn at(world: &Arc<World>, plan: &Plan, day: i64, after: i64) -> Engine {
    let mut engine = Engine::start_of_day(world.clone(), plan, day);
    engine.run_until(world.day_start_us(day) + after, &mut crate::demo::event::Nobody);
    engine
}

/// Ten o'clock on a weekday of seed 1, computed once.
pub(super) fn morning() -> Engine {
    static MORNING: LazyLock<Engine> = LazyLock::new(|| at(&world(), &Plan::calm(1), 20_780, 6 * HOUR));
    MORNING.clone()
}

/// A fault of full severity.
pub(super) fn fault(kind: FaultKind, onset: i64, end: Option<i64>) -> Fault {
    let time = |us| chrono::DateTime::from_timestamp_micros(us).expect("a time");
    Fault { end: end.map(time), ..Fault::new(kind, time(onset)) }
}
