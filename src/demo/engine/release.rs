//! How a step ends: what it held is free for who waits, and a request that is over is told.

use super::Engine;
use super::agenda::Event;
use super::draw::{Purpose, rng};
use super::request::{Phase, called_from, key, status};
use crate::demo::event::{Finished, Notice, NoticeKind, Outcome, Sink};
use crate::demo::ids;
use crate::demo::world::{Effect, ServiceId, Target};

/// A wait for a connection that is worth a word, and how often it is said.
const POOL_WAIT_US: i64 = 300_000;
const POOL_TOLD_US: i64 = 1_000_000;

impl Engine {
    /// The step it is in is over: what it held is free for others.
    pub(super) fn pop(&mut self, id: u32, outcome: Outcome, out: &mut dyn Sink) {
        let now = self.now_us;
        let world = self.world.clone();
        let Some(request) = self.requests.get(id) else { return };
        let (phase, due, since) = (request.phase, request.due_us, request.since_us);
        let Some(top) = request.stack.last() else { return };
        let working = top.working_since.is_some();
        let (slot, call) = (top.slot, key(request, top));
        let (service, model) = {
            let done = &request.steps[usize::from(top.done)];
            (done.service, done.model)
        };
        // A model cannot be stopped: it finishes what nobody waits for.
        let orphan = working && slot && due > now && self.processes[usize::from(service)].up;
        if orphan {
            if let Some(model) = model {
                let epoch = self.processes[usize::from(service)].epoch;
                self.agenda.plan(due, Event::Orphan { model, service, epoch });
            }
        } else {
            self.rest(id);
        }
        let caller = self.requests.get(id).map(|request| called_from(&world, request));
        let Some(request) = self.requests.get_mut(id) else { return };
        // The token moves on: who waited in a queue does not any more.
        self.token = self.token.wrapping_add(1);
        request.token = self.token;
        let waited =
            if matches!(phase, Phase::Connection | Phase::Worker | Phase::Slot) { now - since } else { 0 };
        request.phase = Phase::After;
        request.due_us = i64::MAX;
        let Some(frame) = request.stack.pop() else { return };
        let done = &mut request.steps[usize::from(frame.done)];
        done.end_us = now;
        done.outcome = outcome;
        done.waited_us += waited;
        if matches!(phase, Phase::Connection | Phase::Way { .. }) {
            done.way_us = now - done.start_us;
        }
        let took = now - done.start_us;
        match phase {
            Phase::Worker if !frame.worker => self.processes[usize::from(service)].workers.left(),
            Phase::Slot if !frame.slot => {
                if let Some(model) = model {
                    self.models[usize::from(model)].left();
                }
            }
            Phase::Connection if !frame.connection => {
                if let Some(caller) = caller {
                    self.processes[usize::from(caller)].pool.left();
                    self.tell_pool(caller, waited, out);
                }
            }
            _ => {}
        }
        if frame.slot
            && !orphan
            && let Some(model) = model
        {
            self.free_slot(model);
        }
        if frame.worker {
            let process = &mut self.processes[usize::from(service)];
            process.reported.0 += 1;
            process.reported.1 = process.reported.1.max(took);
            process.workers.give_back();
            self.next_worker(service);
        }
        if frame.connection
            && let Some(caller) = caller
        {
            self.give_connection(caller, call, out);
        }
    }

    fn next_worker(&mut self, service: ServiceId) {
        let Self { processes, requests, .. } = self;
        let process = &mut processes[usize::from(service)];
        if !process.up {
            return;
        }
        let next =
            process.workers.next(|who| requests.get(who.request).is_some_and(|r| r.token == who.token));
        let Some(who) = next else { return };
        self.granted(who.request);
        if let Some(frame) = self.requests.get_mut(who.request).and_then(|request| request.stack.last_mut()) {
            frame.worker = true;
        }
        self.begin(who.request);
    }

    /// A slot of a model is free.
    pub(super) fn free_slot(&mut self, model: u8) {
        let Self { models, requests, .. } = self;
        let station = &mut models[usize::from(model)];
        station.give_back();
        let next = station.next(|who| requests.get(who.request).is_some_and(|r| r.token == who.token));
        let Some(who) = next else { return };
        self.granted(who.request);
        if let Some(frame) = self.requests.get_mut(who.request).and_then(|request| request.stack.last_mut()) {
            frame.slot = true;
        }
        self.work(who.request);
    }

    /// A connection comes back to its pool, or does not.
    fn give_connection(&mut self, owner: ServiceId, call: [u64; 2], out: &mut dyn Sink) {
        let now = self.now_us;
        for item in &self.trouble.items {
            let Effect::PoolLeak { chance, held_us } = item.effect else { continue };
            let level = item.level(now);
            if item.target != Target::Service(owner) || level <= 0.0 || !item.on(now) {
                continue;
            }
            if rng(self.seed, Purpose::PoolLeak, call).chance(chance * level) {
                let process = &mut self.processes[usize::from(owner)];
                process.leaked += 1;
                self.agenda.plan(now + held_us, Event::Reclaim { service: owner, epoch: process.epoch });
                return;
            }
        }
        self.free_connection(owner, out);
    }

    /// A connection is free.
    pub(super) fn free_connection(&mut self, owner: ServiceId, out: &mut dyn Sink) {
        let Self { processes, requests, .. } = self;
        let process = &mut processes[usize::from(owner)];
        process.pool.give_back();
        let next = process.pool.next(|who| requests.get(who.request).is_some_and(|r| r.token == who.token));
        let Some(who) = next else { return };
        let waited = self.granted(who.request);
        if let Some(frame) = self.requests.get_mut(who.request).and_then(|request| request.stack.last_mut()) {
            frame.connection = true;
        }
        self.tell_pool(owner, waited, out);
        self.send(who.request);
    }

    /// What it waited for has come; how long it waited.
    fn granted(&mut self, id: u32) -> i64 {
        let Some(request) = self.requests.get_mut(id) else { return 0 };
        let waited = self.now_us - request.since_us;
        if let Some(frame) = request.stack.last() {
            request.steps[usize::from(frame.done)].waited_us += waited;
        }
        waited
    }

    fn tell_pool(&mut self, owner: ServiceId, waited_us: i64, out: &mut dyn Sink) {
        let process = &mut self.processes[usize::from(owner)];
        if waited_us < POOL_WAIT_US || self.now_us - process.pool_told_us < POOL_TOLD_US {
            return;
        }
        process.pool_told_us = self.now_us;
        let what = NoticeKind::PoolWait { waited_us, in_use: process.pool.busy, size: process.pool.size };
        out.notice(&Notice { at_us: self.now_us, service: owner, what });
    }

    /// It is over: the person has an answer.
    pub(super) fn finish(&mut self, id: u32, outcome: Outcome, out: &mut dyn Sink) {
        let Some(request) = self.requests.remove(id) else { return };
        let asked = request.asked;
        let status = match outcome {
            Outcome::Ok => 200,
            Outcome::Failed(cause) => status(request.cause.unwrap_or(cause)),
        };
        let arrival_us = request.steps.first().map_or(self.now_us, |step| step.start_us);
        let finished = Finished {
            number: asked.number,
            // Of the arrival and the number: the id leads back to them.
            trace_id: ids::trace_id(self.seed, arrival_us, asked.number),
            class: asked.class,
            department: asked.department,
            role: asked.role,
            user: asked.user,
            foreign: asked.foreign,
            method: self.world.classes[usize::from(asked.class)].login.unwrap_or_default(),
            leaky: request.leaky,
            bytes: request.bytes,
            status,
            outcome,
            steps: request.steps,
        };
        out.finished(&finished);
        self.spare.push((finished.steps, request.stack));
        if let Some(session) = asked.session {
            self.answered(session, asked.class, outcome, request.unsure);
        }
    }
}
