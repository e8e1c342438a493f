//! The simulation: a day of the place, event by event.
//!
//! Owns the state and the order of what happens; each mechanism has its own file. Must not know
//! metrics, log lines or spans: what leaves here is [`Finished`](super::event::Finished),
//! [`Notice`] and [`Gauges`]. No mechanism may write a symptom: a fault changes a
//! cause (heat that leaves, connections that come back, packets that arrive), and the rest follows.
//!
//! The state is a plain value: a clone of it, run again, tells exactly the same.

mod agenda;
mod calls;
mod distractors;
mod draw;
mod hardware;
mod network;
mod process;
mod release;
mod request;
mod resources;
mod slab;
mod stock;
mod strangers;
mod traffic;
mod trouble;
mod turns;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use agenda::{Agenda, Event, Turn};
use hardware::Hardware;
use network::Retransmits;
use process::Process;
use request::{Frame, Request};
use resources::Station;
use slab::Slab;
use traffic::{Habits, Session};
use trouble::Trouble;

use super::event::{Gauges, ModelGauges, Notice, NoticeKind, ServiceGauges, Sink, StepDone};
use super::plan::Plan;
use super::world::{ServiceId, World};

/// A day of the place, up to some moment.
#[derive(Clone, Debug)]
pub struct Engine {
    world: Arc<World>,
    seed: u64,
    day: i64,
    weekend: bool,
    start_us: i64,
    now_us: i64,
    began: bool,
    agenda: Agenda,
    habits: Arc<Habits>,
    trouble: Arc<Trouble>,
    distractors: Arc<distractors::Day>,
    hardware: Hardware,
    processes: Vec<Process>,
    /// Slots of each model, who runs it, and how good it was found.
    models: Vec<Station>,
    hosts: Arc<[Option<ServiceId>]>,
    accuracy: Vec<f64>,
    sessions: Slab<Session>,
    /// Open sessions by department.
    present: Vec<u32>,
    /// Candidates so far, by department and by fault.
    tried: Vec<u64>,
    strangers: Vec<u64>,
    requests: Slab<Request>,
    token: u32,
    retransmits: Vec<Retransmits>,
    /// Emptied lists, to be used again.
    spare: Spare,
}

/// Emptied lists. A clone begins without any.
#[derive(Debug, Default)]
struct Spare(Vec<(Vec<StepDone>, Vec<Frame>)>);

impl Clone for Spare {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Spare {
    fn pop(&mut self) -> Option<(Vec<StepDone>, Vec<Frame>)> {
        self.0.pop()
    }

    fn push(&mut self, lists: (Vec<StepDone>, Vec<Frame>)) {
        if self.0.len() < 64 {
            self.0.push(lists);
        }
    }
}

impl Engine {
    /// A day of the model at its start: every process has just begun, queues are empty, and those
    /// who work at that hour are at work. Requests that the day before left unanswered are cut off.
    /// A fault that began earlier is as grown as its age says, but what it had filled (pools, memory)
    /// was emptied by the restart.
    pub fn start_of_day(world: Arc<World>, plan: &Plan, day: i64) -> Self {
        let start_us = world.day_start_us(day);
        let trouble = Trouble::of(&world, plan);
        let distractors = if plan.distractors {
            distractors::Day::of(&world, plan.seed, day)
        } else {
            distractors::Day::default()
        };
        let host = |model: usize| {
            let mut steps = world.classes.iter().flat_map(|class| &class.steps);
            steps.find(|step| step.model.map(usize::from) == Some(model)).map(|step| step.service)
        };
        let mut processes: Vec<Process> =
            world.services.iter().map(|service| Process::new(service, start_us)).collect();
        for (at, process) in processes.iter_mut().enumerate() {
            let service = at as ServiceId;
            process.up = !trouble.gone(service, start_us);
            if let Some(version) = trouble.version(service, start_us) {
                process.version = version.clone();
            }
        }
        let mut engine = Self {
            seed: plan.seed,
            day,
            weekend: world.is_weekend(day),
            start_us,
            now_us: start_us,
            began: false,
            agenda: Agenda::default(),
            habits: Arc::new(Habits::of(&world)),
            hardware: Hardware::new(&world.machine, start_us),
            processes,
            models: world.models.iter().map(|model| Station::new(model.slots)).collect(),
            hosts: (0..world.models.len()).map(host).collect(),
            accuracy: world.models.iter().map(|model| model.accuracy).collect(),
            sessions: Slab::default(),
            present: vec![0; world.departments.len()],
            tried: vec![0; world.departments.len()],
            strangers: vec![0; trouble.items.len()],
            requests: Slab::default(),
            token: 0,
            retransmits: Vec::new(),
            spare: Spare::default(),
            trouble: Arc::new(trouble),
            distractors: Arc::new(distractors),
            world,
        };
        for at in 0..engine.accuracy.len() {
            engine.accuracy[at] -= engine.trouble.quality(at as u8, start_us).1;
        }
        engine.settle();
        engine.agenda.plan(start_us, Event::Tick);
        engine.open();
        engine.plan_faults(start_us, 0);
        let day = Arc::clone(&engine.distractors);
        for (from, to, job) in &day.batches {
            engine.agenda.plan(*from, Event::Turn(Turn::Batch { job: *job, began: true }));
            engine.agenda.plan(*to, Event::Turn(Turn::Batch { job: *job, began: false }));
        }
        for (at, service) in &day.restarts {
            engine.agenda.plan(*at, Event::Turn(Turn::Restart { service: *service }));
        }
        engine
    }

    /// Lets time pass until a moment, that moment included; what happens is told to `sink`, in order.
    /// A moment that has been already changes nothing; the day does not end by itself.
    pub fn run_until(&mut self, t_us: i64, sink: &mut dyn Sink) {
        if t_us < self.now_us {
            return;
        }
        if !self.began {
            self.began = true;
            for (at, process) in self.processes.iter().enumerate() {
                if process.up {
                    let what = NoticeKind::Started { version: process.version.clone(), deployed: false };
                    sink.notice(&Notice { at_us: self.start_us, service: at as ServiceId, what });
                }
            }
        }
        while let Some((at_us, event)) = self.agenda.next(t_us) {
            self.now_us = at_us;
            self.happen(event, sink);
        }
        self.now_us = t_us;
    }

    fn happen(&mut self, event: Event, out: &mut dyn Sink) {
        match event {
            Event::Wake { request, token } => self.wake(request, token, out),
            Event::Act { session } => self.act(session, out),
            Event::Arrive { department } => self.arrive_person(department),
            Event::Attack { fault } => self.attack(fault, out),
            Event::Tick => self.take_stock(out),
            Event::Turn(turn) => self.turn(turn, out),
            Event::Back { service, epoch } => self.back(service, epoch, out),
            Event::Orphan { model, service, epoch } => {
                let shape = &self.world.models[usize::from(model)];
                self.hardware.load(self.now_us, -shape.cores, -shape.gpu);
                if self.processes[usize::from(service)].epoch == epoch {
                    self.free_slot(model);
                }
            }
            Event::Reclaim { service, epoch } => {
                let process = &mut self.processes[usize::from(service)];
                if process.epoch == epoch {
                    process.leaked = process.leaked.saturating_sub(1);
                    self.free_connection(service, out);
                }
            }
        }
    }

    /// Takes another plan of the same seed from here on. What differs must lie in the future: a fault
    /// that begins, or ends, after [`Engine::now_us`]. Faults that both plans know keep their order;
    /// new ones stand behind them.
    pub fn replan(&mut self, plan: &Plan) {
        let trouble = Trouble::of(&self.world, plan);
        let known = self.strangers.len();
        self.strangers.resize(trouble.items.len().max(known), 0);
        self.trouble = Arc::new(trouble);
        self.plan_faults(self.now_us, known);
    }

    /// The moment up to which everything has happened.
    pub fn now_us(&self) -> i64 {
        self.now_us
    }

    /// The day it is in.
    pub fn day(&self) -> i64 {
        self.day
    }

    /// Requests that are under way.
    pub fn in_flight(&self) -> usize {
        self.requests.len()
    }

    /// What exporters would read just now.
    pub fn gauges(&self) -> Gauges {
        let now = self.now_us;
        let world = &self.world;
        let memory = &world.machine.memory;
        let used = self.used_memory(now);
        let available = memory.total - used;
        let models = (0..world.models.len()).map(|at| ModelGauges {
            memory_bytes: self.model_memory(at),
            accuracy: self.accuracy[at],
            queue: self.models[at].waiting,
            busy: self.models[at].busy,
        });
        let services = world.services.iter().zip(&self.processes).map(|(service, process)| ServiceGauges {
            up: process.up,
            started_s: process.started_us as f64 / 1e6,
            resident_bytes: process.resident(service, now),
            cpu_seconds: process.cpu_seconds(service, now),
            busy: process.workers.busy,
            queue: process.workers.waiting,
            pool: (process.pool.busy, process.pool.size),
            network: process.network,
            version: process.version.clone(),
        });
        Gauges {
            at_us: now,
            sessions: self.present.iter().map(|count| f64::from(*count)).collect(),
            cpu_performance: self.hardware.used[0],
            cpu_efficiency: self.hardware.used[1],
            gpu: self.hardware.used[2],
            thermal_state: self.hardware.state,
            celsius: self.hardware.celsius,
            memory: [used, available, memory.cached.min(0.6 * available), memory.total],
            models: models.collect(),
            services: services.collect(),
        }
    }

    fn host(&self, model: usize) -> Option<ServiceId> {
        self.hosts.get(model).copied().flatten()
    }

    fn hour(&self, at_us: i64) -> f64 {
        let since = (at_us - self.start_us) as f64 / 3.6e9;
        (since + f64::from(self.world.day_starts_h)).rem_euclid(24.0)
    }
}
