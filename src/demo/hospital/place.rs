//! Samples and pages of one place, whatever model it runs on.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use super::views::Views;
use super::{Down, Exemplars, Family, Job, ScrapeTarget, TraceSample};
use crate::clock::Clock;
use crate::demo::event::{Gauges, Sink};
use crate::demo::metrics::{Book, Counting, page};
use crate::demo::plan::{Fault, FaultKind, Plan};
use crate::demo::samples::timeline::Epoch;
use crate::demo::samples::{Chunk, Model, Timeline};
use crate::demo::world::World;
use crate::model::{Labels, Matcher, Point, Series, Time, TraceId};

/// Epochs that are read at once: more of them would have to be in memory together.
const AT_ONCE: usize = 36;
/// A range of more epochs than this is long: two days.
const LONG: usize = 288;
/// What is older than this is looked at by those alone who look back over a day: three hours.
const OLD_US: i64 = 3 * 3_600_000_000;

/// A place: its world, what is measured in it, and all its past.
#[derive(Debug)]
pub struct Place<M> {
    /// The place itself.
    pub world: Arc<World>,
    /// What is measured.
    pub book: Arc<Book>,
    /// What time it is.
    pub clock: Clock,
    timeline: Timeline<M>,
    views: Views,
    /// Series that somebody reads again and again far back, rising.
    expected: OnceLock<Vec<u32>>,
}

impl<M: Model> Place<M> {
    /// Of this world and plan.
    pub fn new(world: Arc<World>, book: Book, plan: Plan, clock: Clock) -> Self {
        let book = Arc::new(book);
        let timeline = Timeline::new(Arc::clone(&world), Arc::clone(&book), plan);
        Self { world, book, clock, timeline, views: Views::default(), expected: OnceLock::new() }
    }

    /// Says what will be read again and again far back: of old epochs that much is kept of all samples. Said once.
    pub fn expect(&self, asked: &[Vec<Matcher>]) {
        let mut all: Vec<u32> = asked.iter().flat_map(|matchers| self.book.candidates(matchers)).collect();
        all.sort_unstable();
        all.dedup();
        // Whoever says it later has what was said first; the rest is computed when it is asked for.
        let _ = self.expected.set(all);
    }

    /// The expected series of an old epoch.
    fn few(&self, few: &[u32], epoch: Epoch, now_us: i64) -> Arc<Chunk> {
        let key = Views::key(few);
        if let Some(kept) = self.views.get(key, epoch) {
            return kept;
        }
        let chunk = Arc::new(self.timeline.chunk(epoch, now_us).only(&self.book, few));
        self.views.keep(key, epoch, Arc::clone(&chunk));
        self.timeline.forget(epoch);
        chunk
    }

    /// Now, microseconds since the Unix epoch.
    pub fn now_us(&self) -> i64 {
        self.clock.now().timestamp_micros()
    }

    /// What happens.
    pub fn plan(&self) -> Plan {
        self.timeline.plan()
    }

    /// Begins a fault now, or mends it now.
    pub fn toggle(&self, kind: FaultKind) {
        let now = self.clock.now();
        let under_way =
            |fault: &Fault| fault.kind == kind && fault.onset <= now && fault.end.is_none_or(|end| end > now);
        self.timeline.replan(now.timestamp_micros(), |plan| {
            if plan.faults.iter().any(under_way) {
                plan.faults
                    .iter_mut()
                    .filter(|fault| under_way(fault))
                    .for_each(|fault| fault.end = Some(now));
            } else {
                plan.faults.push(Fault::new(kind, now));
            }
        });
    }

    /// The epochs from one moment to another, oldest first; none after now.
    pub fn epochs(&self, from_us: i64, to_us: i64) -> Vec<Epoch> {
        let to_us = to_us.min(self.now_us());
        let mut epochs = Vec::new();
        let mut at = from_us;
        while at <= to_us {
            let epoch = self.timeline.epoch_at(at);
            epochs.push(epoch);
            at = epoch.end_us;
        }
        epochs
    }

    /// Runs the model up to now and keeps what is asked for first. Who reads meanwhile waits for it
    /// instead of running it again.
    pub fn warm(&self) {
        let now_us = self.now_us();
        self.timeline.chunk(self.timeline.epoch_at(now_us), now_us);
    }

    /// Whether the samples of the epoch in which a moment lies are kept.
    pub fn holds(&self, t_us: i64) -> bool {
        self.timeline.holds(self.timeline.epoch_at(t_us))
    }

    /// The epoch in which a moment lies.
    pub fn epoch_at(&self, t_us: i64) -> Epoch {
        self.timeline.epoch_at(t_us)
    }

    /// How often what happens has been changed so far.
    pub fn plans(&self) -> u64 {
        self.timeline.plans()
    }

    /// Runs an epoch again for somebody who listens; gives the model too, which may run on.
    pub fn replay<S: Sink>(
        &self,
        epoch: Epoch,
        until_us: i64,
        begin: impl FnOnce(&Gauges) -> S,
    ) -> Option<(M, S)> {
        self.timeline.replay(epoch, (until_us, self.now_us()), begin)
    }

    /// Gives the packed samples of the range to `each`, some epochs at a time. Of a long range only
    /// the columns of `series` are kept for the next time: all of a week would not fit.
    fn chunks(&self, series: Option<&[u32]>, from_ms: i64, to_ms: i64, each: &mut dyn FnMut(&Chunk)) {
        let now_us = self.now_us();
        let epochs =
            self.epochs(from_ms.saturating_mul(1000), to_ms.saturating_mul(1000).saturating_add(999));
        let view = series.filter(|_| epochs.len() > LONG).map(|series| (Views::key(series), series));
        let expected = self.expected.get().filter(|all| {
            series.is_some_and(|series| series.iter().all(|one| all.binary_search(one).is_ok()))
        });
        for some in epochs.chunks(AT_ONCE) {
            let chunks: Vec<Arc<Chunk>> = {
                let chunk = |epoch: &Epoch| {
                    if let Some(few) = expected.filter(|_| epoch.end_us <= now_us - OLD_US) {
                        return self.few(few, *epoch, now_us);
                    }
                    let Some((key, series)) = view else { return self.timeline.chunk(*epoch, now_us) };
                    if let Some(kept) = self.views.get(key, *epoch) {
                        return kept;
                    }
                    let chunk = self.timeline.chunk(*epoch, now_us);
                    if epoch.end_us <= now_us {
                        self.views.keep(key, *epoch, Arc::new(chunk.only(&self.book, series)));
                    }
                    chunk
                };
                some.iter().map(chunk).collect()
            };
            for chunk in &chunks {
                each(chunk);
            }
        }
    }

    /// See [`crate::query::MetricData::series`].
    pub fn series(&self, matchers: &[Matcher], from_ms: i64, to_ms: i64) -> Vec<Series> {
        let to_ms = to_ms.min(self.clock.now().timestamp_millis());
        let from_ms = from_ms.max(self.beginning_ms());
        // Versions get their series when they are first seen: look before choosing and after.
        let candidates = self.book.candidates(matchers);
        if candidates.is_empty() || from_ms > to_ms {
            return Vec::new();
        }
        let mut points: Vec<Vec<Point>> = vec![Vec::new(); candidates.len()];
        self.chunks(Some(&candidates), from_ms, to_ms, &mut |chunk| {
            for (series, points) in candidates.iter().zip(&mut points) {
                chunk.points(&self.book, *series, from_ms, to_ms, points);
            }
        });
        let labels = |series: u32| self.book.series.get(series as usize).and_then(|of| of.labels.get());
        candidates
            .into_iter()
            .zip(points)
            .filter(|(_, points)| !points.is_empty())
            .filter_map(|(series, points)| Some(Series { labels: labels(series)?.clone(), points }))
            .filter(|series| matchers.iter().all(|matcher| matcher.matches(&series.labels)))
            .collect()
    }

    /// See [`super::Hospital::exemplars`].
    pub fn exemplars(&self, matchers: &[Matcher], from_ms: i64, to_ms: i64) -> Vec<Exemplars> {
        let to_ms = to_ms.min(self.clock.now().timestamp_millis());
        let from_ms = from_ms.max(self.beginning_ms());
        let mut all: BTreeMap<u32, Vec<TraceSample>> = BTreeMap::new();
        if from_ms > to_ms {
            return Vec::new();
        }
        let wanted: std::collections::BTreeSet<u32> = self.book.select(matchers).into_iter().collect();
        self.chunks(None, from_ms, to_ms, &mut |chunk| {
            for one in chunk.exemplars() {
                if wanted.contains(&one.series) && (from_ms..=to_ms).contains(&one.at_ms) {
                    let sample =
                        TraceSample { trace_id: TraceId(one.trace_id), value: one.value, at_ms: one.at_ms };
                    all.entry(one.series).or_default().push(sample);
                }
            }
        });
        all.into_iter()
            .filter_map(|(series, mut samples)| {
                samples.sort_by_key(|sample| (sample.at_ms, sample.trace_id));
                let labels = self.book.series.get(series as usize)?.labels.get()?.clone();
                Some(Exemplars { labels, samples })
            })
            .collect()
    }

    /// Nothing is told of the time before: a year is more history than anybody asks for, and a query
    /// for all of time must not compute it.
    pub fn beginning_ms(&self) -> i64 {
        const YEAR_MS: i64 = 366 * 86_400_000;
        self.clock.now().timestamp_millis() - YEAR_MS
    }

    /// The families it exports.
    pub fn families(&self) -> Vec<Family> {
        let family = |of: &crate::demo::metrics::book::FamilyDef| Family {
            name: Arc::clone(&of.name),
            kind: of.kind.as_str(),
            help: Arc::clone(&of.help),
        };
        self.book.families.iter().map(family).collect()
    }

    /// What is scraped, with its last scrape.
    pub fn targets(&self) -> Vec<ScrapeTarget> {
        let now_ms = self.clock.now().timestamp_millis();
        let longest = self.book.targets.iter().map(|of| of.every_ms).max().unwrap_or(15_000);
        let matcher = |name: &str| Matcher::new("__name__", crate::model::MatchOp::Equal, name).into_iter();
        let last = |name: &str| {
            let matchers: Vec<Matcher> = matcher(name).collect();
            self.series(&matchers, now_ms - longest, now_ms)
        };
        let (up, took) = (last("up"), last("scrape_duration_seconds"));
        let of = |all: &[Series], job: &str, instance: &str| -> Option<Point> {
            let own =
                |labels: &Labels| labels.get("job") == Some(job) && labels.get("instance") == Some(instance);
            all.iter().find(|series| own(&series.labels))?.points.last().copied()
        };
        self.book
            .targets
            .iter()
            .map(|target| {
                let up = of(&up, &target.job, &target.instance);
                let took = of(&took, &target.job, &target.instance);
                ScrapeTarget {
                    job: Arc::clone(&target.job),
                    instance: Arc::clone(&target.instance),
                    scrape_s: (target.every_ms / 1000) as u32,
                    last: up.and_then(|up| Time::from_timestamp_millis(up.t)),
                    took_s: took.map_or(0.0, |took| took.v),
                    up: up.is_some_and(|up| up.v == 1.0),
                }
            })
            .collect()
    }

    /// The jobs, each once: its first target has the page.
    pub fn jobs(&self) -> Vec<Job> {
        let mut jobs: Vec<Job> = Vec::new();
        for target in &self.book.targets {
            if jobs.iter().all(|known| known.job != target.job) {
                jobs.push(Job {
                    job: Arc::clone(&target.job),
                    instance: Arc::clone(&target.instance),
                    scrape_s: (target.every_ms / 1000) as u32,
                });
            }
        }
        jobs
    }

    /// A job's page as of now.
    pub fn exposition(&self, job: &str) -> Option<Result<String, Down>> {
        let target = self.book.targets.iter().position(|target| &*target.job == job)?;
        let now_us = self.now_us();
        let seed = self.timeline.plan().seed;
        let (model, mut state) = self.timeline.now(now_us);
        let gauges = model.gauges();
        let mut counting = Counting { book: &self.book, world: &self.world, seed, state: &mut state };
        if !counting.read(target, &gauges, now_us) {
            return Some(Err(Down));
        }
        Some(Ok(page::page(&self.book, &state, target)))
    }

    /// Bytes of packed samples that are kept.
    pub fn bytes(&self) -> usize {
        self.timeline.bytes() + self.views.bytes()
    }
}
