//! Log lines made of what happens: who writes which line when, and into which stream.
//!
//! Which lines are due is told apart from their texts, which are most of the work and of the memory: whoever
//! wants few of many lines has only those written. Must not know any line's wording, which is the pack's.

use std::collections::HashMap;
use std::sync::Arc;

use super::event::{Finished, Notice, Sink, StepDone};
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

/// A line that somebody writes: all of it but the text and its labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// When, nanoseconds since the Unix epoch, by the writer's clock.
    pub at_ns: i64,
    /// Tells two lines of one step apart.
    salt: u32,
    rule: u16,
    /// The step that it is about, of a request.
    step: u16,
    writer: ServiceId,
}

/// Knows which lines are due, and writes them.
#[derive(Clone, Debug)]
pub struct Scribe {
    world: Arc<World>,
    signals: Arc<Signals>,
    seed: u64,
}

impl Scribe {
    /// For the hospital of this seed.
    pub fn new(world: Arc<World>, signals: Arc<Signals>, seed: u64) -> Self {
        Self { world, signals, seed }
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

    /// Gives `each` the lines about a request that has ended.
    pub fn of_request(&self, request: &Finished, each: &mut dyn FnMut(Due)) {
        let Some(rules) = self.signals.lines_of.get(usize::from(request.class)) else { return };
        let mut written = 0_u64;
        for (index, step) in request.steps.iter().enumerate() {
            let Some(rules) = rules.get(usize::from(step.step)) else { continue };
            for rule in rules {
                let Some(line) = self.signals.lines.get(usize::from(*rule)) else { continue };
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
                each(Due {
                    at_ns: at_us * 1000 + delay_ns,
                    salt: written as u32,
                    rule: *rule,
                    step: index as u16,
                    writer,
                });
            }
        }
    }

    /// Gives `each` the lines about something that was said.
    pub fn of_notice(&self, notice: &Notice, each: &mut dyn FnMut(Due)) {
        let rules = self
            .signals
            .notices_of
            .get(kind(&notice.what) as usize)
            .and_then(|services| services.get(usize::from(notice.service)));
        for (at, rule) in rules.into_iter().flatten().enumerate() {
            let Some(line) = self.signals.lines.get(usize::from(*rule)) else { continue };
            let (number, service) = (notice.at_us as u64, u64::from(notice.service));
            if !line.when.holds_for(notice) || !self.falls(*rule, line.share, number, service) {
                continue;
            }
            each(Due {
                at_ns: (notice.at_us + self.skew_us(notice.service)) * 1000 + at as i64 * 40_000,
                salt: at as u32,
                rule: *rule,
                step: 0,
                writer: notice.service,
            });
        }
    }

    fn line(&self, due: &Due) -> Option<&Line> {
        self.signals.lines.get(usize::from(due.rule))
    }

    /// What a line is about, for its texts. `versions` are those that run.
    fn scene<'a>(
        &'a self,
        due: &Due,
        line: &'a Line,
        about: About<'a>,
        versions: &'a [Arc<str>],
    ) -> Scene<'a> {
        let (what, department) = match about {
            About::Request(request) => {
                let of_request = self.world.departments.get(usize::from(request.department));
                (What::Step(request, usize::from(due.step)), of_request.map_or(EVERYWHERE, |share| &share.id))
            }
            About::Notice(notice) => (What::Notice(notice), EVERYWHERE),
        };
        Scene {
            world: &self.world,
            signals: &self.signals,
            seed: self.seed,
            versions,
            what,
            writer: due.writer,
            at_ns: due.at_ns,
            category: &line.category,
            level: &line.level,
            department: line.department.as_deref().unwrap_or(department),
            salt: u64::from(due.salt),
        }
    }

    /// Writes a line into a stream of these labels.
    pub fn write(&self, due: &Due, about: About<'_>, versions: &[Arc<str>], labels: Labels) -> LogEntry {
        let mut text = String::with_capacity(480);
        let mut metadata = Labels::default();
        if let Some(line) = self.line(due) {
            line.body.fill(&self.scene(due, line, about, versions), &mut text);
            if let (true, About::Request(request)) = (line.traced, about) {
                metadata = Labels::new([
                    ("span_id", span_id(self.seed, request.number, usize::from(due.step)).to_string()),
                    ("trace_id", TraceId(request.trace_id).to_string()),
                ]);
            }
        }
        LogEntry { ts: due.at_ns, labels, line: text.into(), metadata }
    }
}

/// What a line is about.
#[derive(Clone, Copy, Debug)]
pub enum About<'a> {
    /// A step of a request.
    Request(&'a Finished),
    /// Something that was said.
    Notice(&'a Notice),
}

/// What tells streams of one rule apart.
type StreamKey = (u16, ServiceId, u8, Vec<String>);

/// The streams that have been written to, by number.
#[derive(Clone, Debug, Default)]
pub struct Streams {
    known: HashMap<StreamKey, u32>,
    /// Their labels.
    pub all: Vec<Labels>,
}

impl Streams {
    /// The number of the stream that a line goes to.
    pub fn of(&mut self, scribe: &Scribe, due: &Due, about: About<'_>, versions: &[Arc<str>]) -> u32 {
        let Some(line) = scribe.line(due) else { return u32::MAX };
        let scene = scribe.scene(due, line, about, versions);
        let extra: Vec<String> = line.labels.iter().map(|(_, label)| label.filled(&scene)).collect();
        let department = match about {
            About::Request(request) => request.department,
            About::Notice(_) => u8::MAX,
        };
        let key = (due.rule, due.writer, department, extra);
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        self.all.push(labels(&scribe.world, line, &scene, &key.3));
        let number = (self.all.len() - 1) as u32;
        self.known.insert(key, number);
        number
    }

    /// The labels of a stream.
    pub fn labels(&self, number: u32) -> Labels {
        self.all.get(number as usize).cloned().unwrap_or_default()
    }
}

/// A stream's labels. A label without a value is none.
fn labels(world: &World, line: &Line, scene: &Scene<'_>, extra: &[String]) -> Labels {
    let service = world.services.get(usize::from(scene.writer));
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

/// Writes all log lines as things happen.
#[derive(Debug)]
pub struct LogRecorder {
    scribe: Scribe,
    versions: Versions,
    streams: Streams,
    entries: Vec<LogEntry>,
}

impl LogRecorder {
    /// For the hospital of this seed.
    pub fn new(world: Arc<World>, signals: Arc<Signals>, seed: u64) -> Self {
        let versions = Versions::of(&world);
        let scribe = Scribe::new(world, signals, seed);
        Self { scribe, versions, streams: Streams::default(), entries: Vec::new() }
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

    fn write(&mut self, due: &[Due], about: About<'_>) {
        let Self { scribe, versions, streams, entries } = self;
        for due in due {
            let stream = streams.of(scribe, due, about, versions.all());
            entries.push(scribe.write(due, about, versions.all(), streams.labels(stream)));
        }
    }
}

impl Sink for LogRecorder {
    fn finished(&mut self, request: &Finished) {
        let mut due = Vec::new();
        self.scribe.of_request(request, &mut |one| due.push(one));
        self.write(&due, About::Request(request));
    }

    fn notice(&mut self, notice: &Notice) {
        let mut due = Vec::new();
        self.scribe.of_notice(notice, &mut |one| due.push(one));
        // A process that has begun speaks as the version that it is now; which it was before is asked
        // for by name.
        self.versions.heard(notice);
        self.write(&due, About::Notice(notice));
    }
}
