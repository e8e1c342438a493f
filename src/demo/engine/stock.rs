//! Every few seconds machines and processes take stock: heat, memory, garbage, evaluations, reports.

use super::Engine;
use super::agenda::Event;
use super::draw::{Purpose, rng};
use super::hardware::{Background, Cooling, STEP_S};
use super::traffic::at_hour;
use crate::demo::event::{Notice, NoticeKind, Sink};
use crate::demo::world::{Effect, ServiceId, Target};

const SECOND_US: i64 = 1_000_000;
const STEP_US: i64 = STEP_S as i64 * SECOND_US;
const RETRANSMITS_US: i64 = 10 * SECOND_US;
const MINUTE_US: i64 = 60 * SECOND_US;
/// Chance that a healthy process collects garbage in a step, and seconds each kept gigabyte adds.
const GARBAGE: f64 = 0.1;
const PAUSE_PER_GB_US: f64 = 26_000.0;
/// Share of its memory in use from which on the machine slows down who asks for more.
const PRESSURE: f64 = 0.85;
/// Weight of the last evaluation in a model's accuracy, and how far one strays.
const EVALUATION: (f64, f64) = (0.35, 0.003);

impl Engine {
    pub(super) fn take_stock(&mut self, out: &mut dyn Sink) {
        let now = self.now_us;
        self.heat(now, out);
        self.leak(now, out);
        self.collect_garbage(now, out);
        let passed = now - self.start_us;
        if passed % RETRANSMITS_US == 0 {
            for seen in std::mem::take(&mut self.retransmits) {
                let what = NoticeKind::Retransmits { peer: seen.to, count: seen.count };
                out.notice(&Notice { at_us: now, service: seen.from, what });
            }
        }
        if passed % MINUTE_US == 0 {
            self.evaluate(now);
            for service in 0..self.processes.len() {
                let process = &mut self.processes[service];
                if !process.up {
                    continue;
                }
                let (requests, longest_us) = std::mem::take(&mut process.reported);
                let what = NoticeKind::Report { requests, longest_us };
                out.notice(&Notice { at_us: now, service: service as ServiceId, what });
            }
        }
        self.agenda.plan(now + STEP_US, Event::Tick);
    }

    /// What works without a request.
    fn background(&self, now: i64) -> Background {
        let machine = &self.world.machine;
        let hour = self.hour(now);
        let extra = self.distractors.load(now);
        let step = ((now - self.start_us) / STEP_US) as u64;
        let mut draw = rng(self.seed, Purpose::Noise, [self.day_key(), step]);
        let mut of = |at: usize, more: f64| {
            let steady = at_hour(&machine.background[at], hour) + more;
            (steady * (1.0 + machine.noise * draw.normal().clamp(-3.0, 3.0))).max(0.0)
        };
        let background = [of(0, extra.0), of(1, 0.0), of(2, extra.1)];
        let idle = |(service, process): (&crate::demo::world::Service, &super::Process)| {
            if process.up { service.idle_cores } else { 0.0 }
        };
        Background {
            performance: background[0],
            efficiency: background[1],
            gpu: background[2],
            cores: self.world.services.iter().zip(&self.processes).map(idle).sum(),
        }
    }

    fn cooling(&self, now: i64) -> Cooling {
        let mut cooling = Cooling { left: 1.0, warmer: 0.0 };
        for item in &self.trouble.items {
            if let Effect::Cooling { lost, ambient } = item.effect {
                let level = item.level(now);
                cooling.left *= (1.0 - level * lost).max(0.02);
                cooling.warmer += level * ambient;
            }
        }
        cooling
    }

    fn heat(&mut self, now: i64, out: &mut dyn Sink) {
        let world = self.world.clone();
        let (background, cooling) = (self.background(now), self.cooling(now));
        if self.hardware.step(now, &world.machine, background, cooling) {
            let what = NoticeKind::Thermal { state: self.hardware.state, celsius: self.hardware.celsius };
            out.notice(&Notice { at_us: now, service: world.machine.exporter, what });
        }
    }

    /// As warm as it has become until the day's start.
    pub(super) fn settle(&mut self) {
        let world = self.world.clone();
        let (background, cooling) = (self.background(self.start_us), self.cooling(self.start_us));
        for _ in 0..200 {
            self.hardware.step(self.start_us, &world.machine, background, cooling);
        }
    }

    /// Bytes of memory in use.
    pub(super) fn used_memory(&self, now: i64) -> f64 {
        let world = &self.world;
        let resident: f64 = world
            .services
            .iter()
            .zip(&self.processes)
            .map(|(service, process)| process.resident(service, now))
            .sum();
        let models = (0..world.models.len()).map(|model| self.model_memory(model)).sum::<f64>();
        (world.machine.memory.system + resident + models).min(world.machine.memory.total)
    }

    /// Bytes that a model occupies: none while its process is gone.
    pub(super) fn model_memory(&self, model: usize) -> f64 {
        let up = self.host(model).is_none_or(|host| self.processes[usize::from(host)].up);
        let working = f64::from(self.models[model].busy) * 0.01;
        if up { self.world.models[model].memory_bytes * (1.0 + working) } else { 0.0 }
    }

    fn leak(&mut self, now: i64, out: &mut dyn Sink) {
        let memory = self.world.machine.memory.clone();
        let share = self.used_memory(now) / memory.total;
        let pressure = ((share - PRESSURE) / (memory.kill_at - PRESSURE).max(0.01)).clamp(0.0, 0.94);
        let mut grows = false;
        for item in &self.trouble.items {
            let (Effect::Leak { bytes_per_s }, Target::Service(service)) = (&item.effect, item.target) else {
                continue;
            };
            let process = &mut self.processes[usize::from(service)];
            let level = item.level(now);
            if process.up && level > 0.0 && item.on(now) {
                process.leak_bytes += bytes_per_s * level * STEP_S * (1.0 - pressure);
                grows = true;
            } else if !item.on(now) && level < item.severity {
                // Mended: what was kept is given back as it is found.
                process.leak_bytes *= 0.9;
            }
        }
        if !grows || self.used_memory(now) / memory.total < memory.kill_at {
            return;
        }
        let largest = (0..self.processes.len()).filter(|at| self.processes[*at].up).max_by(|a, b| {
            let size = |at: &usize| self.processes[*at].resident(&self.world.services[*at], now);
            size(a).total_cmp(&size(b))
        });
        if let Some(largest) = largest {
            self.restart(largest as ServiceId, true, out);
        }
    }

    fn collect_garbage(&mut self, now: i64, out: &mut dyn Sink) {
        let world = self.world.clone();
        let step = ((now - self.start_us) / STEP_US) as u64;
        let day = self.day_key();
        for (at, service) in world.services.iter().enumerate() {
            let process = &mut self.processes[at];
            if !process.up || service.pause_us <= 0.0 {
                continue;
            }
            let kept = process.leak_bytes / 1e9;
            let mut draw = rng(self.seed, Purpose::Garbage, [day | at as u64, step]);
            if !draw.chance((GARBAGE + kept / 200.0).min(0.7)) {
                continue;
            }
            let us = draw.log_normal(service.pause_us + kept * PAUSE_PER_GB_US, 0.3) as i64;
            process.paused_until = process.paused_until.max(now + us);
            let heap_bytes = process.resident(service, now);
            let what = NoticeKind::Pause { us, heap_bytes };
            out.notice(&Notice { at_us: now, service: at as ServiceId, what });
        }
    }

    /// Models are tried on a sample of what they have been given.
    fn evaluate(&mut self, now: i64) {
        let minute = ((now - self.start_us) / MINUTE_US) as u64;
        for at in 0..self.accuracy.len() {
            let lost = self.trouble.quality(at as u8, now).1;
            let mut draw = rng(self.seed, Purpose::Evaluation, [self.day_key() | at as u64, minute]);
            let found = self.world.models[at].accuracy - lost + EVALUATION.1 * draw.normal().clamp(-3.0, 3.0);
            let accuracy = &mut self.accuracy[at];
            *accuracy = (*accuracy + EVALUATION.0 * (found - *accuracy)).clamp(0.0, 1.0);
        }
    }
}
