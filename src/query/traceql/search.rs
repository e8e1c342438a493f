//! Search: which traces, and which of their spans.

use std::ops::ControlFlow;
use std::sync::Arc;

use super::ast::Query;
use super::eval::Context;
use super::value::Value;
use crate::model::Trace;
use crate::query::TraceData;

/// A trace that satisfies a query.
#[derive(Clone, Debug)]
pub struct Found {
    /// The trace, shared.
    pub trace: Arc<Trace>,
    /// Its spans that do: one set, or one for each value of `by()`.
    pub sets: Vec<SpanSet>,
}

/// Spans that satisfy a query together.
#[derive(Clone, Debug, PartialEq)]
pub struct SpanSet {
    /// Positions in the trace, in its order.
    pub spans: Vec<usize>,
    /// What the pipeline computed of them (`count()`, `by(…)`).
    pub attributes: Vec<(String, Value)>,
}

/// The newest that satisfy the query.
pub(super) fn search(
    query: &Query,
    data: &dyn TraceData,
    (from_ns, to_ns): (i64, i64),
    limit: usize,
    wanted: &mut dyn FnMut(&Trace) -> bool,
) -> Vec<Found> {
    let mut found = Vec::new();
    if limit == 0 {
        return found;
    }
    data.traces(from_ns, to_ns, &mut |trace| {
        if !wanted(trace) {
            return ControlFlow::Continue(());
        }
        let sets = Context::new(trace).pipeline(&query.first, &query.stages);
        if !sets.is_empty() {
            let sets =
                sets.into_iter().map(|set| SpanSet { spans: set.spans, attributes: set.told }).collect();
            found.push(Found { trace: trace.clone(), sets });
        }
        if found.len() >= limit { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    found
}

impl super::Field {
    /// Its value for a span of a trace; `Nil` where there is none.
    pub fn value(&self, trace: &Trace, at: usize) -> Value {
        trace.spans.get(at).map_or(Value::Nil, |span| self.of(&Context::new(trace), span))
    }
}
