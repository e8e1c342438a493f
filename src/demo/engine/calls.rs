//! How a request goes on: calls, waiting, work, failure and another attempt.

use super::agenda::Event;
use super::draw::{Purpose, rng, work};
use super::network;
use super::request::{Asked, Frame, Phase, Request, called_from, caller_of, key, may_pass, passed_on};
use super::resources::Waiting;
use super::{Engine, Retransmits};
use crate::demo::event::{Cause, Outcome, Sink, StepDone};
use crate::demo::world::{Effect, ServiceId, Target};

/// Back-off before the second attempt; it doubles from there.
const BACK_OFF_US: f64 = 120_000.0;
/// Time in which a refused connection is noticed.
const REFUSED_US: i64 = 400;
/// Share of a step's own work that comes before what it calls.
const BEFORE: f64 = 0.6;

impl Engine {
    /// Somebody asks for something.
    pub(super) fn ask(&mut self, asked: Asked, out: &mut dyn Sink) {
        let world = self.world.clone();
        let class = &world.classes[usize::from(asked.class)];
        let mut rng = rng(self.seed, Purpose::Request, [asked.number, 0]);
        let bytes = class.bytes.map(|shape| rng.log_normal(shape.0, shape.1).clamp(0.0, 4e9) as u32);
        let mut needs = 0_u64;
        for (at, step) in class.steps.iter().enumerate() {
            needs |= u64::from(step.chance >= 1.0 || rng.chance(step.chance)) << at;
        }
        let (mut steps, mut stack) = self.spare.pop().unwrap_or_default();
        steps.clear();
        stack.clear();
        let id = self.requests.insert(Request {
            asked,
            bytes: (bytes[0], bytes[1]),
            leaky: false,
            unsure: false,
            needs,
            stack,
            steps,
            phase: Phase::Worker,
            since_us: self.now_us,
            due_us: i64::MAX,
            // Tokens run on when a place is taken again: old events must not wake a new request.
            token: self.token,
            cause: None,
        });
        self.call(id, 0, 0, out);
    }

    /// A step begins, or another attempt of it.
    fn call(&mut self, id: u32, step: u16, attempt: u8, out: &mut dyn Sink) {
        let now = self.now_us;
        let world = self.world.clone();
        let Some(request) = self.requests.get_mut(id) else { return };
        let shape = &world.classes[usize::from(request.asked.class)].steps[usize::from(step)];
        let parent = request.stack.last().map(|frame| frame.done);
        let caller = request.stack.last().map(|_| caller_of(&world, request));
        let done = request.steps.len() as u16;
        request.steps.push(StepDone {
            step,
            parent,
            attempt,
            service: shape.service,
            model: shape.model,
            start_us: now,
            end_us: now,
            waited_us: 0,
            way_us: 0,
            outcome: Outcome::Ok,
            confidence: f64::NAN,
        });
        request.stack.push(Frame {
            step,
            attempt,
            done,
            children: 0,
            deadline_us: if shape.timeout_us > 0 { now + shape.timeout_us } else { i64::MAX },
            after_us: 0,
            worker: false,
            slot: false,
            connection: false,
            working_since: None,
        });
        match caller {
            None => self.arrive(id, out),
            Some(caller) if caller == shape.service => self.begin(id),
            Some(caller)
                if world.database == Some(shape.service) && world.services[usize::from(caller)].pool > 0 =>
            {
                self.connect(id, caller);
            }
            Some(_) => self.send(id),
        }
    }

    /// A connection of the caller's is needed.
    fn connect(&mut self, id: u32, caller: ServiceId) {
        if self.processes[usize::from(caller)].pool.take() {
            if let Some(frame) = self.requests.get_mut(id).and_then(|request| request.stack.last_mut()) {
                frame.connection = true;
            }
            self.send(id);
            return;
        }
        let longest = self.world.services[usize::from(caller)].pool_wait_us;
        self.wait(id, Phase::Connection, self.now_us + longest);
        if let Some(request) = self.requests.get(id) {
            self.processes[usize::from(caller)].pool.wait(Waiting { request: id, token: request.token });
        }
    }

    /// Off it goes.
    pub(super) fn send(&mut self, id: u32) {
        let world = self.world.clone();
        let Some(request) = self.requests.get(id) else { return };
        let Some(frame) = request.stack.last() else { return };
        let callee = world.classes[usize::from(request.asked.class)].steps[usize::from(frame.step)].service;
        let caller = called_from(&world, request);
        let items = self.trouble.items.iter().chain(&self.distractors.packets);
        let way = network::way(items, self.seed, key(request, frame), (caller, callee), self.now_us);
        if way.retransmits > 0 {
            self.retransmitted(caller, callee, way.retransmits);
        }
        let mut takes = way.takes_us;
        if !self.processes[usize::from(callee)].up {
            takes = takes.max(REFUSED_US);
        }
        self.wait(id, Phase::Way { arrives: way.arrives }, self.now_us + takes);
    }

    fn retransmitted(&mut self, from: ServiceId, to: ServiceId, count: u32) {
        match self.retransmits.iter_mut().find(|seen| (seen.from, seen.to) == (from, to)) {
            Some(seen) => seen.count += count,
            None => self.retransmits.push(Retransmits { from, to, count }),
        }
    }

    /// It is there; a worker is needed.
    fn arrive(&mut self, id: u32, out: &mut dyn Sink) {
        let now = self.now_us;
        let world = self.world.clone();
        let Some(request) = self.requests.get_mut(id) else { return };
        let depth = request.stack.len();
        let Some(frame) = request.stack.last() else { return };
        let done = &mut request.steps[usize::from(frame.done)];
        done.way_us = now - done.start_us;
        let service = usize::from(done.service);
        if !self.processes[service].up {
            self.fail(id, Cause::Refused, out);
            return;
        }
        let (size, answer) = request.bytes;
        // Whoever is not asked by the person gets and gives a part of what the person does.
        let part = |bytes: u32| if depth == 1 { f64::from(bytes) } else { 300.0 + 0.4 * f64::from(bytes) };
        request.leaky |= self.trouble.items.iter().any(|item| match item.effect {
            Effect::Deploy { leaky, .. } if item.target == Target::Service(service as u8) => {
                leaky > 0.0
                    && item.on(now)
                    && rng(self.seed, Purpose::Leaky, [request.asked.number, 0]).chance(leaky * item.severity)
            }
            _ => false,
        });
        let process = &mut self.processes[service];
        process.network.0 += part(size);
        process.network.1 += part(answer);
        if process.workers.take() {
            if let Some(frame) = request.stack.last_mut() {
                frame.worker = true;
            }
            self.begin(id);
        } else if process.workers.waiting < world.services[service].queue {
            self.wait(id, Phase::Worker, i64::MAX);
            if let Some(request) = self.requests.get(id) {
                self.processes[service].workers.wait(Waiting { request: id, token: request.token });
            }
        } else {
            self.fail(id, Cause::Overloaded, out);
        }
    }

    /// Somebody works on it; a model may be needed.
    pub(super) fn begin(&mut self, id: u32) {
        let world = self.world.clone();
        let Some(request) = self.requests.get_mut(id) else { return };
        let Some(frame) = request.stack.last_mut() else { return };
        let shape = &world.classes[usize::from(request.asked.class)].steps[usize::from(frame.step)];
        let Some(model) = shape.model else {
            self.work(id);
            return;
        };
        if self.models[usize::from(model)].take() {
            frame.slot = true;
            self.work(id);
            return;
        }
        self.wait(id, Phase::Slot, i64::MAX);
        if let Some(request) = self.requests.get(id) {
            self.models[usize::from(model)].wait(Waiting { request: id, token: request.token });
        }
    }

    /// Its own work begins.
    pub(super) fn work(&mut self, id: u32) {
        let now = self.now_us;
        let world = self.world.clone();
        let Some(request) = self.requests.get_mut(id) else { return };
        let Some(frame) = request.stack.last() else { return };
        let class = &world.classes[usize::from(request.asked.class)];
        let shape = &class.steps[usize::from(frame.step)];
        let call = key(request, frame);
        let mut draw = rng(self.seed, Purpose::Work, call);
        let mut own = work(&mut draw, shape.own_us);
        let mut fails = None;
        for (cause, chance) in &shape.failures {
            // A stranger guesses.
            let chance = if request.asked.foreign && *cause == Cause::Unauthorized { 0.995 } else { *chance };
            if draw.chance(chance) && fails.is_none() {
                fails = Some(*cause);
            }
        }
        own *= match shape.model {
            Some(_) => self.hardware.slow.1,
            None => self.hardware.slow.0,
        };
        if world.database == Some(shape.service) {
            own *= self.distractors.database(now);
        }
        if frame.worker {
            for item in &self.trouble.items {
                let Effect::Deploy { classes, fails: bad, slow, slow_us, .. } = &item.effect else {
                    continue;
                };
                if item.target != Target::Service(shape.service) || !item.on(now) {
                    continue;
                }
                let mut draw = rng(self.seed, Purpose::Deploy, call);
                if classes.contains(&request.asked.class) && draw.chance(bad * item.severity) {
                    fails = Some(Cause::Internal);
                } else if draw.chance(slow * item.severity) {
                    own += work(&mut draw, *slow_us);
                }
            }
        }
        let parted = shape.children.iter().any(|child| request.needs >> child & 1 == 1);
        let before = if parted { own * BEFORE } else { own };
        if let Some(frame) = request.stack.last_mut() {
            frame.after_us = (own - before) as i64;
            frame.working_since = Some(now);
        }
        let (cores, gpu) = self.load_of(shape.service, shape.model);
        self.hardware.load(now, cores, gpu);
        self.wait(id, Phase::Before { fails }, now + before as i64);
    }

    /// Cores and GPU that a piece of work takes.
    fn load_of(&self, service: ServiceId, model: Option<u8>) -> (f64, f64) {
        match model {
            Some(model) => {
                let model = &self.world.models[usize::from(model)];
                (model.cores, model.gpu)
            }
            None => (self.world.services[usize::from(service)].cores, 0.0),
        }
    }

    /// Waits until then, or until somebody in its chain of callers has waited long enough.
    fn wait(&mut self, id: u32, phase: Phase, due_us: i64) {
        let Some(request) = self.requests.get_mut(id) else { return };
        self.token = self.token.wrapping_add(1);
        request.token = self.token;
        request.phase = phase;
        request.since_us = self.now_us;
        request.due_us = due_us;
        let deadline = request.stack.iter().map(|frame| frame.deadline_us).min().unwrap_or(i64::MAX);
        let at = due_us.min(deadline);
        if at < i64::MAX {
            self.agenda.plan(at, Event::Wake { request: id, token: request.token });
        }
    }

    /// Something is due in a request.
    pub(super) fn wake(&mut self, id: u32, token: u32, out: &mut dyn Sink) {
        let now = self.now_us;
        let Some(request) = self.requests.get(id) else { return };
        if request.token != token {
            return;
        }
        if request.due_us > now {
            if let Some(late) = request.stack.iter().position(|frame| frame.deadline_us <= now) {
                self.fail_at(id, late, Cause::Timeout, out);
            }
            return;
        }
        // A process that collects garbage does nothing else.
        let service = request.stack.last().map(|frame| request.steps[usize::from(frame.done)].service);
        let (phase, paused) =
            (request.phase, service.map_or(0, |s| self.processes[usize::from(s)].paused_until));
        if paused > now && !matches!(phase, Phase::Connection | Phase::BackOff { .. }) {
            self.wait(id, phase, paused);
            return;
        }
        match phase {
            Phase::Connection => self.no_connection(id, out),
            Phase::Way { arrives: true } => self.arrive(id, out),
            Phase::Way { arrives: false } => {
                if let Some(done) = request_top(self, id) {
                    done.way_us = now - done.start_us;
                }
                self.fail(id, Cause::Network, out);
            }
            Phase::Worker | Phase::Slot => {}
            Phase::Before { fails } => {
                self.rest(id);
                match fails {
                    Some(cause) => self.fail(id, cause, out),
                    None => self.go_on(id, out),
                }
            }
            Phase::After => {
                self.rest(id);
                self.complete(id, out);
            }
            Phase::BackOff { step, attempt } => self.call(id, step, attempt, out),
        }
    }

    /// Its cores are free.
    pub(super) fn rest(&mut self, id: u32) {
        let now = self.now_us;
        let Some(request) = self.requests.get_mut(id) else { return };
        let Some(frame) = request.stack.last_mut() else { return };
        let Some(since) = frame.working_since.take() else { return };
        let done = &request.steps[usize::from(frame.done)];
        let (service, model) = (done.service, done.model);
        let (cores, gpu) = self.load_of(service, model);
        self.hardware.load(now, -cores, -gpu);
        self.processes[usize::from(service)].worked_us += cores * (now - since) as f64;
    }

    /// The next of its parts, or the rest of its own work.
    fn go_on(&mut self, id: u32, out: &mut dyn Sink) {
        let now = self.now_us;
        let world = self.world.clone();
        let Some(request) = self.requests.get_mut(id) else { return };
        let class = &world.classes[usize::from(request.asked.class)];
        let needs = request.needs;
        let Some(frame) = request.stack.last_mut() else { return };
        let shape = &class.steps[usize::from(frame.step)];
        while let Some(child) = shape.children.get(usize::from(frame.children)) {
            frame.children += 1;
            if needs >> child & 1 == 1 {
                self.call(id, *child, 0, out);
                return;
            }
        }
        if frame.after_us > 0 {
            let due = now + frame.after_us;
            frame.after_us = 0;
            frame.working_since = Some(now);
            // What follows a model's answer is not the model's work any more.
            let (cores, gpu) = self.load_of(shape.service, shape.model);
            self.hardware.load(now, cores, gpu);
            self.wait(id, Phase::After, due);
        } else {
            self.complete(id, out);
        }
    }

    fn complete(&mut self, id: u32, out: &mut dyn Sink) {
        let now = self.now_us;
        let world = self.world.clone();
        if let Some(request) = self.requests.get_mut(id)
            && let Some(frame) = request.stack.last()
        {
            let call = key(request, frame);
            let done = &mut request.steps[usize::from(frame.done)];
            if let Some(model) = done.model {
                let (mean, spread) = world.models[usize::from(model)].confidence;
                let lost = self.trouble.quality(model, now).0;
                let mut draw = rng(self.seed, Purpose::Confidence, call);
                // Bad input is not only worse, it is also more uneven.
                let spread = spread * (1.0 + 12.0 * lost);
                done.confidence = (mean - lost + spread * draw.normal().clamp(-3.0, 3.0)).clamp(0.02, 0.999);
                request.unsure |= done.confidence < world.classes[usize::from(request.asked.class)].unsure;
            }
        }
        self.pop(id, Outcome::Ok, out);
        if self.requests.get(id).is_some_and(|request| request.stack.is_empty()) {
            self.finish(id, Outcome::Ok, out);
        } else {
            self.go_on(id, out);
        }
    }

    /// The step it is in fails: another attempt, or the step around it fails too.
    pub(super) fn fail(&mut self, id: u32, cause: Cause, out: &mut dyn Sink) {
        let world = self.world.clone();
        let mut cause = cause;
        loop {
            let Some(request) = self.requests.get_mut(id) else { return };
            let Some(frame) = request.stack.last() else { return };
            let (step, attempt, call) = (frame.step, frame.attempt, key(request, frame));
            if cause != Cause::Dependency {
                request.cause = Some(cause);
            }
            let shape = &world.classes[usize::from(request.asked.class)].steps[usize::from(step)];
            self.pop(id, Outcome::Failed(cause), out);
            if self.requests.get(id).is_none_or(|request| request.stack.is_empty()) {
                self.finish(id, Outcome::Failed(cause), out);
                return;
            }
            if may_pass(cause) && attempt < shape.retries {
                let jitter = 0.5 + rng(self.seed, Purpose::BackOff, call).unit();
                let pause = BACK_OFF_US * f64::from(1_u32 << attempt.min(8)) * jitter;
                let phase = Phase::BackOff { step, attempt: attempt + 1 };
                self.wait(id, phase, self.now_us + pause as i64);
                return;
            }
            cause = passed_on(cause);
        }
    }

    /// One of the steps it is in fails, and with it everything that is part of that step.
    pub(super) fn fail_at(&mut self, id: u32, depth: usize, cause: Cause, out: &mut dyn Sink) {
        while self.requests.get(id).is_some_and(|request| request.stack.len() > depth + 1) {
            self.pop(id, Outcome::Failed(cause), out);
        }
        self.fail(id, cause, out);
    }

    fn no_connection(&mut self, id: u32, out: &mut dyn Sink) {
        let now = self.now_us;
        if let Some(done) = request_top(self, id) {
            done.way_us = now - done.start_us;
        }
        self.fail(id, Cause::PoolExhausted, out);
    }
}

fn request_top(engine: &mut Engine, id: u32) -> Option<&mut StepDone> {
    let request = engine.requests.get_mut(id)?;
    let done = request.stack.last()?.done;
    request.steps.get_mut(usize::from(done))
}
