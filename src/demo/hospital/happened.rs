//! What happened in a stretch of time, kept as it happened: which log lines and traces there are of it is known, and
//! those that somebody asks for are written then.
//!
//! An hour of written lines and spans is more than a console may take; what they are written from is a small part of
//! that, and of a page of lines most are never looked at.

use std::collections::HashMap;
use std::sync::Arc;

use super::shelf::Weigh;
use crate::demo::event::{Finished, Notice, NoticeKind, Sink, StepDone};
use crate::demo::logs::{About, Due, Scribe, Streams};
use crate::demo::recorder::Versions;
use crate::demo::spans::{Resources, Tracer};
use crate::model::{Labels, LogEntry, Trace, TraceId};

/// What writes.
#[derive(Debug)]
pub struct Pens {
    /// Lines.
    pub scribe: Scribe,
    /// Spans.
    pub tracer: Tracer,
}

/// A line that there is.
#[derive(Clone, Copy, Debug)]
pub struct LineAt {
    due: Due,
    stream: u32,
    /// Which request, or which notice.
    about: u32,
    is_notice: bool,
    versions: u16,
}

impl LineAt {
    /// When it was written, nanoseconds since the Unix epoch.
    pub fn at_ns(&self) -> i64 {
        self.due.at_ns
    }

    /// Number of its stream.
    pub fn stream(&self) -> usize {
        self.stream as usize
    }
}

/// A trace that there is.
#[derive(Clone, Copy, Debug)]
pub struct TraceAt {
    /// When its first span begins, nanoseconds since the Unix epoch.
    pub start_ns: i64,
    /// When its last span ends.
    pub end_ns: i64,
    request: u32,
    versions: u16,
}

/// Resources by the versions that ran.
pub type Known = HashMap<u16, Resources>;

/// All that happened, in order of its end.
#[derive(Debug)]
pub struct Happened {
    pens: Arc<Pens>,
    requests: Vec<Finished>,
    notices: Vec<Notice>,
    /// Versions that ran, one set after another.
    versions: Vec<Versions>,
    streams: Streams,
    lines: Vec<LineAt>,
    traces: Vec<TraceAt>,
}

impl Happened {
    /// Nothing yet; `versions` are those that run.
    pub fn new(pens: Arc<Pens>, versions: Versions) -> Self {
        Self {
            pens,
            requests: Vec::new(),
            notices: Vec::new(),
            versions: vec![versions],
            streams: Streams::default(),
            lines: Vec::new(),
            traces: Vec::new(),
        }
    }

    /// Puts what was added into its order; lines of one moment stay in the order they were written.
    pub fn sort(&mut self) {
        self.lines.sort_by_key(LineAt::at_ns);
        self.traces.sort_by_key(|trace| trace.start_ns);
    }

    /// Gives back what more room was asked for than was needed: nothing will be added.
    pub fn close(&mut self) {
        self.requests.shrink_to_fit();
        self.lines.shrink_to_fit();
        self.traces.shrink_to_fit();
    }

    /// The labels of its streams, by number.
    pub fn streams(&self) -> &[Labels] {
        &self.streams.all
    }

    /// The lines from one moment (included) to another (excluded), oldest first.
    pub fn lines(&self, from_ns: i64, to_ns: i64) -> &[LineAt] {
        let first = self.lines.partition_point(|line| line.at_ns() < from_ns);
        let last = self.lines.partition_point(|line| line.at_ns() < to_ns);
        self.lines.get(first..last).unwrap_or_default()
    }

    /// Writes one of its lines.
    pub fn line(&self, at: &LineAt) -> Option<LogEntry> {
        let about = if at.is_notice {
            About::Notice(self.notices.get(at.about as usize)?)
        } else {
            About::Request(self.requests.get(at.about as usize)?)
        };
        let versions = self.versions.get(usize::from(at.versions))?.all();
        Some(self.pens.scribe.write(&at.due, about, versions, self.streams.labels(at.stream)))
    }

    /// The traces that began from one moment on and before another, oldest first.
    pub fn traces(&self, from_ns: i64, to_ns: i64) -> &[TraceAt] {
        let first = self.traces.partition_point(|trace| trace.start_ns < from_ns);
        let last = self.traces.partition_point(|trace| trace.start_ns < to_ns);
        self.traces.get(first..last).unwrap_or_default()
    }

    /// The id of one of its traces.
    pub fn id(&self, at: &TraceAt) -> TraceId {
        TraceId(self.requests.get(at.request as usize).map_or(0, |request| request.trace_id))
    }

    /// Makes the spans of one of its traces.
    pub fn trace(&self, at: &TraceAt, known: &mut Known) -> Option<Trace> {
        let request = self.requests.get(at.request as usize)?;
        let versions = self.versions.get(usize::from(at.versions))?.all();
        Some(self.pens.tracer.trace(request, versions, known.entry(at.versions).or_default()))
    }

    /// The trace of this id.
    pub fn find(&self, id: TraceId) -> Option<Trace> {
        let at = self.traces.iter().find(|at| self.id(at) == id)?;
        self.trace(at, &mut Known::new())
    }

    fn version(&self) -> u16 {
        (self.versions.len() - 1) as u16
    }

    fn due(&mut self, due: &[Due], about: u32, is_notice: bool) {
        let versions = self.version();
        let Self { pens, requests, notices, versions: all, streams, lines, .. } = self;
        let of = if is_notice {
            notices.get(about as usize).map(About::Notice)
        } else {
            requests.get(about as usize).map(About::Request)
        };
        let (Some(of), Some(running)) = (of, all.last()) else { return };
        for due in due {
            let stream = streams.of(&pens.scribe, due, of, running.all());
            lines.push(LineAt { due: *due, stream, about, is_notice, versions });
        }
    }
}

impl Sink for Happened {
    fn finished(&mut self, request: &Finished) {
        let about = self.requests.len() as u32;
        let (start_ns, end_ns) = self.pens.tracer.bounds(request);
        self.traces.push(TraceAt { start_ns, end_ns, request: about, versions: self.version() });
        let mut due = Vec::new();
        self.pens.scribe.of_request(request, &mut |one| due.push(one));
        self.requests.push(request.clone());
        self.due(&due, about, false);
    }

    fn notice(&mut self, notice: &Notice) {
        let mut due = Vec::new();
        self.pens.scribe.of_notice(notice, &mut |one| due.push(one));
        if matches!(notice.what, NoticeKind::Started { .. })
            && let Some(mut running) = self.versions.last().cloned()
        {
            running.heard(notice);
            self.versions.push(running);
        }
        if due.is_empty() {
            return;
        }
        let about = self.notices.len() as u32;
        self.notices.push(notice.clone());
        self.due(&due, about, true);
    }
}

/// What the allocator adds to a piece of memory.
const BLOCK: usize = 16;

impl Weigh for Happened {
    fn bytes(&self) -> usize {
        let steps: usize = self.requests.iter().map(|request| request.steps.capacity()).sum();
        self.requests.capacity() * size_of::<Finished>()
            + self.requests.len() * BLOCK
            + steps * size_of::<StepDone>()
            + self.notices.capacity() * size_of::<Notice>()
            + self.lines.capacity() * size_of::<LineAt>()
            + self.traces.capacity() * size_of::<TraceAt>()
    }
}
