//! What comes from outside: processes end and begin, versions change, jobs run.

use super::Engine;
use super::agenda::{Event, Turn};
use crate::demo::event::{Cause, Notice, NoticeKind, Sink};
use crate::demo::world::{Effect, ServiceId, Target};

impl Engine {
    /// Plans every turn that lies after a moment. Strangers of the first `known` faults come already.
    pub(super) fn plan_faults(&mut self, after_us: i64, known: usize) {
        let trouble = self.trouble.clone();
        for (at, item) in trouble.items.iter().enumerate() {
            let at = at as u8;
            match (&item.effect, item.target) {
                (Effect::Gone, Target::Service(service)) => {
                    if let Some(next) = item.next_change(after_us) {
                        self.agenda.plan(next, Event::Turn(Turn::Check { service }));
                    }
                }
                (Effect::Deploy { .. }, Target::Service(service)) => {
                    for change in [item.onset_us, item.end_us] {
                        if change > after_us && change < i64::MAX {
                            self.agenda.plan(change, Event::Turn(Turn::Check { service }));
                        }
                    }
                }
                (Effect::Logins { .. }, _) if usize::from(at) >= known => {
                    self.let_strangers(at, item.onset_us.max(after_us));
                }
                _ => {}
            }
        }
    }

    pub(super) fn turn(&mut self, turn: Turn, out: &mut dyn Sink) {
        match turn {
            Turn::Check { service } => self.check(service, out),
            Turn::Restart { service } => self.restart(service, false, out),
            Turn::Batch { job, began } => {
                let batch = &self.world.distractors.batches[usize::from(job)];
                let what = NoticeKind::Batch { name: batch.name.clone(), began };
                out.notice(&Notice { at_us: self.now_us, service: batch.service, what });
            }
        }
    }

    /// Brings a process into the state it should have.
    fn check(&mut self, service: ServiceId, out: &mut dyn Sink) {
        let now = self.now_us;
        let trouble = self.trouble.clone();
        for item in &trouble.items {
            if item.effect == Effect::Gone
                && item.target == Target::Service(service)
                && let Some(next) = item.next_change(now)
            {
                self.agenda.plan(next, Event::Turn(Turn::Check { service }));
            }
        }
        let gone = trouble.gone(service, now);
        let process = &self.processes[usize::from(service)];
        if gone && process.up {
            self.stop(service, true, out);
        } else if !gone && !process.up {
            self.begin_process(service);
        } else if process.up && process.version != self.wanted(service) {
            self.restart(service, false, out);
        }
    }

    /// The version that should run.
    fn wanted(&self, service: ServiceId) -> std::sync::Arc<str> {
        let usual = &self.world.services[usize::from(service)].version;
        self.trouble.version(service, self.now_us).unwrap_or(usual).clone()
    }

    /// Ends a process and begins it again.
    pub(super) fn restart(&mut self, service: ServiceId, killed: bool, out: &mut dyn Sink) {
        if !self.processes[usize::from(service)].up {
            return;
        }
        self.stop(service, killed, out);
        self.begin_process(service);
    }

    fn begin_process(&mut self, service: ServiceId) {
        let takes = self.world.services[usize::from(service)].restart_us;
        let epoch = self.processes[usize::from(service)].epoch;
        self.agenda.plan(self.now_us + takes, Event::Back { service, epoch });
    }

    /// It answers again.
    pub(super) fn back(&mut self, service: ServiceId, epoch: u32, out: &mut dyn Sink) {
        let now = self.now_us;
        let wanted = self.wanted(service);
        let process = &mut self.processes[usize::from(service)];
        if process.up || process.epoch != epoch || self.trouble.gone(service, now) {
            return;
        }
        let deployed = process.version != wanted;
        process.start(now, wanted.clone());
        let what = NoticeKind::Started { version: wanted, deployed };
        out.notice(&Notice { at_us: now, service, what });
    }

    /// It ends: whoever it works for is told that nobody is there any more.
    fn stop(&mut self, service: ServiceId, killed: bool, out: &mut dyn Sink) {
        self.processes[usize::from(service)].up = false;
        out.notice(&Notice { at_us: self.now_us, service, what: NoticeKind::Stopped { killed } });
        for id in 0..self.requests.places() {
            let held = self.requests.get(id).and_then(|request| {
                request
                    .stack
                    .iter()
                    .position(|frame| request.steps[usize::from(frame.done)].service == service)
            });
            if let Some(depth) = held {
                self.fail_at(id, depth, Cause::Refused, out);
            }
        }
        self.processes[usize::from(service)].stop();
        for model in 0..self.models.len() {
            if self.host(model) == Some(service) {
                self.models[model].reset();
            }
        }
    }
}
