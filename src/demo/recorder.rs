//! Log lines and spans of whatever happens, collected.
//!
//! A recorder only listens: all that it writes follows from the events, the seed and the pack's
//! words, so the same stretch of time recorded twice is the same.

use std::sync::Arc;

use super::event::{Finished, Notice, Sink};
use super::logs::LogRecorder;
use super::signals::Signals;
use super::spans::SpanRecorder;
use super::world::World;
use crate::model::{LogEntry, Trace};

/// Collects both.
#[derive(Debug)]
pub struct Recorder {
    logs: LogRecorder,
    spans: SpanRecorder,
}

impl Recorder {
    /// For the hospital of this seed. Versions are those of the world until a process starts with
    /// another one.
    pub fn new(world: Arc<World>, signals: Arc<Signals>, seed: u64) -> Self {
        Self {
            logs: LogRecorder::new(Arc::clone(&world), Arc::clone(&signals), seed),
            spans: SpanRecorder::new(world, signals, seed),
        }
    }

    /// With the versions that run when recording begins, by service: a recording that begins in the
    /// middle of a day has not heard of the deploys before it.
    #[must_use]
    pub fn with_versions(self, versions: &[Arc<str>]) -> Self {
        Self { logs: self.logs.with_versions(versions), spans: self.spans.with_versions(versions) }
    }

    /// The lines by time, and the traces by the start of their first span.
    pub fn finish(self) -> (Vec<LogEntry>, Vec<Arc<Trace>>) {
        (self.logs.finish(), self.spans.finish())
    }
}

impl Sink for Recorder {
    fn finished(&mut self, request: &Finished) {
        self.logs.finished(request);
        self.spans.finished(request);
    }

    fn notice(&mut self, notice: &Notice) {
        self.logs.notice(notice);
        self.spans.notice(notice);
    }
}

/// Versions that run, as far as has been heard, by service.
#[derive(Clone, Debug)]
pub struct Versions(Arc<Vec<Arc<str>>>);

impl Versions {
    pub(super) fn of(world: &World) -> Self {
        Self(Arc::new(world.services.iter().map(|service| Arc::clone(&service.version)).collect()))
    }

    /// Takes those that are known; an empty one is not.
    pub(super) fn set(&mut self, versions: &[Arc<str>]) {
        for (known, version) in
            Arc::make_mut(&mut self.0).iter_mut().zip(versions).filter(|(_, version)| !version.is_empty())
        {
            *known = Arc::clone(version);
        }
    }

    pub(super) fn heard(&mut self, notice: &Notice) {
        if let super::event::NoticeKind::Started { version, .. } = &notice.what
            && let Some(known) = Arc::make_mut(&mut self.0).get_mut(usize::from(notice.service))
        {
            *known = Arc::clone(version);
        }
    }

    pub(super) fn all(&self) -> &[Arc<str>] {
        &self.0
    }
}
