//! Log lines made of what happens: who writes which line when, and into which stream.
//!
//! Must not know any line's wording, which is the pack's.

use std::collections::HashMap;
use std::sync::Arc;

use super::event::{Finished, Notice, NoticeKind, Sink, StepDone};
use super::recorder::Versions;
use super::rng::Rng;
use super::signals::{By, Line, Scene, Share, Signals, What, caller, kind, span_id, start_us};
use super::world::{ServiceId, World};
use crate::model::{Labels, LogEntry, TraceId};

const SHARE: u64 = 0xf1;
const ROLL: u64 = 0xf2;
const LATER: u64 = 0xf3;

/// Department of what concerns none.
const EVERYWHERE: &str = "all";

/// Writes log lines.
#[derive(Debug)]
pub struct LogRecorder {
    world: Arc<World>,
    signals: Arc<Signals>,
    seed: u64,
    versions: Versions,
    streams: HashMap<StreamKey, Labels>,
    entries: Vec<LogEntry>,
}

/// What tells streams of one rule apart.
type StreamKey = (u16, ServiceId, u8, Vec<String>);

impl LogRecorder {
    /// For the hospital of this seed.
    pub fn new(world: Arc<World>, signals: Arc<Signals>, seed: u64) -> Self {
        let versions = Versions::of(&world);
        Self { world, signals, seed, versions, streams: HashMap::new(), entries: Vec::new() }
    }

    /// With the versions that run when recording begins, by service.
    #[must_use]
    pub fn with_versions(mut self, versions: &[Arc<str>]) -> Self {
        self.versions.set(versions);
        self
    }

    /// The lines, by time.
    pub fn finish(mut self) -> Vec<LogEntry> {
        self.entries.sort_by_key(|entry| entry.ts);
        self.entries
    }

    fn skew_us(&self, service: ServiceId) -> i64 {
        self.signals.skew_us.get(usize::from(service)).copied().unwrap_or(0)
    }

    /// Who writes this line about this step, if anybody does.
    fn writer(&self, rule: &Line, request: &Finished, step: &StepDone) -> Option<ServiceId> {
        let caller = caller(request, step).filter(|caller| *caller != step.service);
        match rule.by {
            By::Caller => caller,
            By::Own => (caller.is_none() || !self.signals.is_unheard(step)).then_some(step.service),
        }
    }

    /// Whether it is one of the times that the line is written.
    fn falls(&self, rule: u16, share: Option<Share>, number: u64, step: u64) -> bool {
        match share {
            None => true,
            Some(Share::Sampled(share)) => {
                Rng::of(&[self.seed, SHARE, number, step, u64::from(rule)]).chance(share)
            }
            Some(Share::Between(from, to)) => {
                (from..to).contains(&Rng::of(&[self.seed, ROLL, number, step]).unit())
            }
        }
    }

    fn write(&mut self, rule: u16, line: &Line, department: u8, scene: Scene<'_>, metadata: Labels) {
        let extra: Vec<String> = line.labels.iter().map(|(_, label)| label.filled(&scene)).collect();
        let key = (rule, scene.writer, department, extra);
        let labels = match self.streams.get(&key) {
            Some(labels) => labels.clone(),
            None => {
                let labels = self.stream(line, &scene, &key.3);
                self.streams.insert(key, labels.clone());
                labels
            }
        };
        let mut text = String::with_capacity(320);
        line.body.fill(&scene, &mut text);
        self.entries.push(LogEntry { ts: scene.at_ns, labels, line: text.into(), metadata });
    }

    /// A stream's labels. A label without a value is none.
    fn stream(&self, line: &Line, scene: &Scene<'_>, extra: &[String]) -> Labels {
        let service = self.world.services.get(usize::from(scene.writer));
        let name = service.map_or("", |service| &*service.name);
        let common = [
            ("category", line.category.as_str()),
            ("department", scene.department),
            ("job", service.map_or("", |service| &*service.job)),
            ("level", line.level.as_str()),
            ("service", name),
            ("service_name", name),
        ];
        let own = line.labels.iter().map(|(name, _)| name.as_str()).zip(extra.iter().map(String::as_str));
        Labels::new(common.into_iter().chain(own).filter(|(_, value)| !value.is_empty()))
    }
}

impl Sink for LogRecorder {
    fn finished(&mut self, request: &Finished) {
        let (world, signals) = (Arc::clone(&self.world), Arc::clone(&self.signals));
        let Some(rules) = signals.lines_of.get(usize::from(request.class)) else { return };
        let versions = self.versions.clone();
        let mut written = 0_u64;
        for (index, step) in request.steps.iter().enumerate() {
            let Some(rules) = rules.get(usize::from(step.step)) else { continue };
            for rule in rules {
                let Some(line) = signals.lines.get(usize::from(*rule)) else { continue };
                if !line.when.holds(request, step, line.by == By::Own)
                    || !self.falls(*rule, line.share, request.number, index as u64)
                {
                    continue;
                }
                let Some(writer) = self.writer(line, request, step) else { continue };
                // A line is written a little after what it is about; the caller hears of it later
                // than the called.
                written += 1;
                let mut later = Rng::of(&[self.seed, LATER, request.number, written]);
                let heard_ns = if line.by == By::Caller { 120_000 } else { 0 };
                let delay_ns = 5_000 + later.below(90_000) as i64 + heard_ns;
                let at_us = if line.at_start { start_us(step, line.by == By::Own) } else { step.end_us }
                    + self.skew_us(writer);
                let of_request = world.departments.get(usize::from(request.department));
                let scene = Scene {
                    world: &world,
                    signals: &signals,
                    seed: self.seed,
                    versions: versions.all(),
                    what: What::Step(request, index),
                    writer,
                    at_ns: at_us * 1000 + delay_ns,
                    category: &line.category,
                    level: &line.level,
                    department: line
                        .department
                        .as_deref()
                        .unwrap_or_else(|| of_request.map_or(EVERYWHERE, |share| &share.id)),
                    salt: written,
                };
                let metadata = if line.traced {
                    Labels::new([
                        ("span_id", span_id(self.seed, request.number, index).to_string()),
                        ("trace_id", TraceId(request.trace_id).to_string()),
                    ])
                } else {
                    Labels::default()
                };
                self.write(*rule, line, request.department, scene, metadata);
            }
        }
    }

    fn notice(&mut self, notice: &Notice) {
        let (world, signals) = (Arc::clone(&self.world), Arc::clone(&self.signals));
        let rules = signals
            .notices_of
            .get(kind(&notice.what) as usize)
            .and_then(|services| services.get(usize::from(notice.service)));
        let versions = self.versions.clone();
        // A process that has begun speaks as the version that it is now; which it was before is asked
        // for by name.
        let mut now = versions.clone();
        now.heard(notice);
        for (at, rule) in rules.into_iter().flatten().enumerate() {
            let Some(line) = signals.lines.get(usize::from(*rule)) else { continue };
            let number = notice.at_us as u64;
            let service = u64::from(notice.service);
            if !line.when.holds_for(notice) || !self.falls(*rule, line.share, number, service) {
                continue;
            }
            let scene = Scene {
                world: &world,
                signals: &signals,
                seed: self.seed,
                versions: now.all(),
                what: What::Notice(notice),
                writer: notice.service,
                at_ns: (notice.at_us + self.skew_us(notice.service)) * 1000 + at as i64 * 40_000,
                category: &line.category,
                level: &line.level,
                department: line.department.as_deref().unwrap_or(EVERYWHERE),
                salt: at as u64,
            };
            self.write(*rule, line, u8::MAX, scene, Labels::default());
        }
        if matches!(notice.what, NoticeKind::Started { .. }) {
            self.versions = now;
        }
    }
}
