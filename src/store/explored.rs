//! Answers of explorers, kept as they came: whole pages of lines, lists of traces, single traces.

use std::collections::VecDeque;
use std::sync::Arc;

use super::{Remote, Store, leaks};
use crate::model::ask::{Answer, Key};
use crate::model::{
    Leak, LogEntry, LogPage, Series, TailBatch, TailEvent, TailGap, TraceDoc, TraceId, TraceList,
};

/// Most lines of a live tail that are kept; the oldest go.
pub const TAIL_LINES: usize = 10_000;

/// What has come over a live tail.
#[derive(Clone, Debug, Default)]
pub struct Tail {
    /// LogQL that is followed.
    pub query: Arc<str>,
    /// Number of this tail.
    pub number: u64,
    /// Lines, oldest first.
    pub lines: VecDeque<LogEntry>,
    /// Stretches for which nobody listened.
    pub gaps: Vec<TailGap>,
    /// Whether it is connected.
    pub connected: bool,
    /// What went wrong last; `None` while it is connected.
    pub fault: Option<crate::model::Fault>,
    /// Whether it was refused: it is not tried again.
    pub refused: bool,
    /// Lines dropped by the server or here because they came too fast.
    pub dropped: u64,
    /// Lines that have left the ring.
    pub forgotten: u64,
    /// Personal data that was masked in all lines that came.
    pub leaks: Vec<Leak>,
}

impl Store {
    /// The answer to a question of an explorer.
    pub fn explored(&self, key: &Key) -> Option<&Remote<Arc<Answer>>> {
        self.explored.get(key)
    }

    /// Lines.
    pub fn log_page(&self, key: &Key) -> Option<&LogPage> {
        match &**self.explored(key)?.value()? {
            Answer::Logs(page) => Some(page),
            _ => None,
        }
    }

    /// Series of a metric query to Loki or Tempo.
    pub fn explored_series(&self, key: &Key) -> Option<&[Series]> {
        match &**self.explored(key)?.value()? {
            Answer::Matrix(series) => Some(series),
            _ => None,
        }
    }

    /// Traces that were found.
    pub fn trace_list(&self, key: &Key) -> Option<&TraceList> {
        match &**self.explored(key)?.value()? {
            Answer::Traces(list) => Some(list),
            _ => None,
        }
    }

    /// One trace.
    pub fn trace(&self, id: TraceId) -> Option<&TraceDoc> {
        match &**self.explored(&Key::Trace(id))?.value()? {
            Answer::Trace(doc) => Some(doc),
            _ => None,
        }
    }

    /// Takes in what came over a live tail; what an older one still brings is dropped.
    pub fn take_tail(&mut self, batch: TailBatch) {
        if self.tail.as_ref().is_none_or(|tail| tail.number < batch.number) {
            self.tail = Some(Tail { query: batch.query.clone(), number: batch.number, ..Tail::default() });
        }
        let Some(tail) = &mut self.tail else { return };
        if tail.number != batch.number {
            return;
        }
        match batch.event {
            Some(TailEvent::Connected { gap }) => {
                (tail.connected, tail.fault) = (true, None);
                tail.gaps.extend(gap);
            }
            Some(TailEvent::Lost(fault)) => (tail.connected, tail.fault) = (false, Some(fault)),
            Some(TailEvent::Refused(fault)) => {
                (tail.connected, tail.refused, tail.fault) = (false, true, Some(fault));
            }
            Some(TailEvent::Dropped(lines)) => tail.dropped += lines,
            None => {}
        }
        leaks::add(&mut tail.leaks, batch.leaks);
        tail.lines.extend(batch.entries);
        let beyond = tail.lines.len().saturating_sub(TAIL_LINES);
        tail.lines.drain(..beyond);
        tail.forgotten += beyond as u64;
    }
}
