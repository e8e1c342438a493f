//! A few lines and traces in memory, for the tests of the languages and of the servers that speak them.

use std::ops::ControlFlow;
use std::sync::Arc;

use super::{LogData, Order, TraceData};
use crate::model::{
    Attribute, Labels, LogEntry, Matcher, Span, SpanId, SpanKind, SpanStatus, Trace, TraceId,
};

/// Nanoseconds of a second.
pub const S: i64 = 1_000_000_000;
/// The moment at which the fixture begins: 2026-11-22T05:06:36Z, in nanoseconds.
pub const START: i64 = 1_795_323_996 * S;

/// Lines and traces.
#[derive(Clone, Debug, Default)]
pub struct Fixture {
    /// In time order.
    pub entries: Vec<LogEntry>,
    /// Oldest first.
    pub traces: Vec<Arc<Trace>>,
}

impl LogData for Fixture {
    fn entries(
        &self,
        matchers: &[Matcher],
        from_ns: i64,
        to_ns: i64,
        order: Order,
        each: &mut dyn FnMut(&LogEntry) -> ControlFlow<()>,
    ) {
        let mut wanted: Vec<&LogEntry> = self
            .entries
            .iter()
            .filter(|entry| (from_ns..to_ns).contains(&entry.ts))
            .filter(|entry| matchers.iter().all(|matcher| matcher.matches(&entry.labels)))
            .collect();
        if order == Order::Backward {
            wanted.reverse();
        }
        for entry in wanted {
            if each(entry).is_break() {
                return;
            }
        }
    }
}

impl TraceData for Fixture {
    fn traces(&self, from_ns: i64, to_ns: i64, each: &mut dyn FnMut(&Arc<Trace>) -> ControlFlow<()>) {
        for trace in self.traces.iter().rev() {
            let overlaps = trace.spans.iter().any(|span| span.start <= to_ns && span.end() >= from_ns);
            if overlaps && each(trace).is_break() {
                return;
            }
        }
    }

    fn trace(&self, id: TraceId) -> Option<Arc<Trace>> {
        self.traces.iter().find(|trace| trace.id == id).cloned()
    }
}

/// A line `at` nanoseconds after the start.
pub fn line(at: i64, labels: &[(&str, &str)], text: &str) -> LogEntry {
    LogEntry {
        ts: START + at,
        labels: Labels::new(labels.iter().copied()),
        line: text.into(),
        metadata: Labels::default(),
    }
}

/// A hospital's lines over five minutes: an inference a second, a warning of the audit every ten, a
/// plain line of the system every thirty.
pub fn lines() -> Fixture {
    let mut entries = Vec::new();
    for second in 0..300_i64 {
        let department = ["cardiology", "emergency", "icu", "surgery"][(second % 4) as usize];
        let (ms, success) = (300 + second * 10, second % 7 != 0);
        let text = format!(
            "{{\"timestamp\": \"2026\", \"level\": \"info\", \"department\": \"{department}\", \"model_name\": \
             \"medgemma-4b\", \"inference_time_ms\": {ms}.0, \"success\": {success}, \"http\": {{\"status\": \
             200}}, \"trace_id\": \"{second:032x}\"}}"
        );
        let labels = [
            ("category", "ai_inference"),
            ("department", department),
            ("job", "ai-engine"),
            ("level", "info"),
            ("service", "ai-engine"),
            ("service_name", "ai-engine"),
        ];
        entries.push(line(second * S, &labels, &text));
        if second % 10 == 0 {
            let labels = [("category", "audit"), ("level", "warning"), ("service", "medical-api")];
            let mut entry =
                line(second * S + 1, &labels, "action=access user=\"dr silva\" ms=12.5 took=1.5s");
            entry.metadata = Labels::new([("trace_id", "abc")]);
            entries.push(entry);
        }
        if second % 30 == 0 {
            let labels = [("category", "system"), ("service", "mac-studio")];
            let text = format!("fan {second} speed changed to {} rpm", 1000 + second);
            entries.push(line(second * S + 2, &labels, &text));
        }
    }
    Fixture { entries, traces: Vec::new() }
}

/// A span of a trace, in milliseconds after the trace's start.
pub fn span(
    trace: &Trace,
    id: u64,
    parent: u64,
    service: &str,
    name: &str,
    start: i64,
    (from_ms, ms): (i64, i64),
) -> Span {
    Span {
        trace_id: trace.id,
        span_id: SpanId(id),
        parent_id: (parent != 0).then_some(SpanId(parent)),
        service: service.into(),
        name: name.into(),
        kind: if parent == 0 { SpanKind::Server } else { SpanKind::Client },
        start: start + from_ms * 1_000_000,
        duration: ms * 1_000_000,
        status: SpanStatus::Unset,
        status_message: "".into(),
        attributes: vec![],
        resource: Arc::new(vec![("deployment.environment".into(), Attribute::Text("production".into()))]),
        events: vec![],
        ..Span::default()
    }
}

/// Traces over five minutes, one every ten seconds: a request, its check, its inference (two of them
/// where the number is even). Every fifth fails, every sixth is slow.
pub fn traces() -> Fixture {
    let mut all = Vec::new();
    for number in 0..30_i64 {
        let start = START + number * 10 * S;
        // The first id begins with zeros, which search drops.
        let mut trace = Trace { id: TraceId(0x00ab_0000 + number as u128), spans: vec![] };
        let slow = if number % 6 == 0 { 10 } else { 1 };
        let mut root = span(&trace, 1, 0, "api-gateway", "POST /v1/record", start, (0, 200 * slow));
        root.attributes.push(("http.response.status_code".into(), Attribute::Int(200)));
        let mut check = span(&trace, 2, 1, "auth-service", "auth.verify", start, (5, 20));
        if number % 5 == 0 {
            (root.status, check.status) = (SpanStatus::Error, SpanStatus::Error);
            check.status_message = "refused".into();
        }
        let mut inference =
            span(&trace, 3, 1, "ai-engine", "ai_inference.medgemma-4b", start, (30, 150 * slow));
        inference.status = SpanStatus::Ok;
        inference.attributes = vec![
            ("ai.model.name".into(), Attribute::Text("medgemma-4b".into())),
            ("ai.confidence".into(), Attribute::Float(0.5 + number as f64 / 100.0)),
            ("ai.success".into(), Attribute::Bool(true)),
        ];
        let mut spans = vec![root, check, inference];
        if number % 2 == 0 {
            spans.push(span(&trace, 4, 3, "ai-engine", "tokenise", start, (40, 10)));
        }
        spans.sort_by_key(|span| span.start);
        trace.spans = spans;
        all.push(Arc::new(trace));
    }
    Fixture { entries: Vec::new(), traces: all }
}
