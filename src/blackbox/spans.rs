//! Spans as traces.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use crate::model::evidence::{Evidence, SpanRecord};
use crate::model::{Attribute, Span, SpanId, SpanKind, Trace, TraceId};

/// Traces, the newest root first, and where each is.
#[derive(Debug, Default)]
pub(super) struct Spans {
    all: Vec<(i64, i64, Arc<Trace>)>,
    by_id: HashMap<TraceId, usize>,
}

impl Spans {
    pub fn new(evidence: &Evidence) -> Self {
        let mut traces: HashMap<TraceId, Vec<Span>> = HashMap::new();
        for one in &evidence.spans {
            let id = trace_id(&one.trace_id);
            traces.entry(id).or_default().push(span(id, one));
        }
        let mut all: Vec<(i64, i64, Arc<Trace>)> = traces
            .into_iter()
            .map(|(id, mut spans)| {
                spans.sort_by_key(|span| (span.start, span.span_id));
                let start = spans.iter().map(|span| span.start).min().unwrap_or(0);
                let end = spans.iter().map(Span::end).max().unwrap_or(start);
                (start, end, Arc::new(Trace { id, spans }))
            })
            .collect();
        all.sort_by_key(|(start, _, trace)| (std::cmp::Reverse(*start), trace.id));
        let by_id = all.iter().enumerate().map(|(at, (_, _, trace))| (trace.id, at)).collect();
        Self { all, by_id }
    }

    pub fn traces(&self, from_ns: i64, to_ns: i64, each: &mut dyn FnMut(&Arc<Trace>) -> ControlFlow<()>) {
        for (start, end, trace) in &self.all {
            let within = *start <= to_ns && *end >= from_ns;
            let overlaps = || trace.spans.iter().any(|span| span.start <= to_ns && span.end() >= from_ns);
            if within && overlaps() && each(trace).is_break() {
                return;
            }
        }
    }

    pub fn trace(&self, id: TraceId) -> Option<Arc<Trace>> {
        self.by_id.get(&id).and_then(|at| self.all.get(*at)).map(|(_, _, trace)| trace.clone())
    }
}

/// The id, where it is one as OpenTelemetry writes them; of any other text a number that is always the same.
pub fn trace_id(text: &str) -> TraceId {
    TraceId::parse(text).unwrap_or_else(|| {
        let (high, low) = (fnv(text, 0xcbf2_9ce4_8422_2325), fnv(text, 0x9e37_79b9_7f4a_7c15));
        TraceId(u128::from(high) << 64 | u128::from(low))
    })
}

fn span_id(text: &str) -> SpanId {
    SpanId::parse(text).unwrap_or_else(|| SpanId(fnv(text, 0xcbf2_9ce4_8422_2325)))
}

/// FNV-1a (datatracker.ietf.org/doc/draft-eastlake-fnv).
fn fnv(text: &str, start: u64) -> u64 {
    text.bytes().fold(start, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

fn span(trace_id: TraceId, one: &SpanRecord) -> Span {
    let kind = match one.attributes.get("span.kind") {
        Some("internal") => SpanKind::Internal,
        Some("server") => SpanKind::Server,
        Some("client") => SpanKind::Client,
        Some("producer") => SpanKind::Producer,
        Some("consumer") => SpanKind::Consumer,
        _ => SpanKind::Unspecified,
    };
    let attributes = one.attributes.iter().filter(|(name, _)| *name != "span.kind");
    Span {
        trace_id,
        span_id: span_id(&one.span_id),
        parent_id: one.parent_id.as_deref().filter(|id| !id.is_empty()).map(span_id),
        service: one.service.clone(),
        name: one.name.clone(),
        kind,
        start: one.start,
        duration: i64::try_from(one.duration).unwrap_or(i64::MAX),
        status: one.status,
        attributes: attributes.map(|(name, value)| (name.into(), Attribute::Text(value.into()))).collect(),
        ..Span::default()
    }
}
