//! `/api/search`: by TraceQL, or by tags as older Tempos took them.

use axum::response::Response;

use super::found::{Answer, Metrics, Shown, Traces};
use super::{Asked, Refusal, Server, json_answer};
use crate::model::{Attribute, Span, SpanStatus, Trace};
use crate::query::logql::logfmt_pairs;
use crate::query::traceql::TraceQl;

/// What a stored span is taken to weigh: the answer says how many bytes were looked at.
const BYTES_A_SPAN: usize = 160;

/// `/api/search`.
pub(super) fn search(server: &Server, asked: &Asked) -> Result<Response, Refusal> {
    let window = server.window(&asked.params)?;
    let positive = |name: &str, or: i64| match asked.params.number(name, or) {
        Ok(number) if number > 0 => Ok(number as usize),
        _ => Err(Refusal::bad(format!("invalid {name}: must be a positive number"))),
    };
    let (limit, spss) = (positive("limit", 20)?, positive("spss", 3)?);
    let longest = asked.params.duration("maxDuration")?.filter(|ns| *ns > 0).unwrap_or(i64::MAX);
    let shortest = asked.params.duration("minDuration")?.unwrap_or(0);
    if longest < shortest {
        return Err(Refusal::bad("invalid maxDuration: must be greater than minDuration"));
    }
    let tags = logfmt_pairs(asked.params.get("tags").unwrap_or(""));
    let asked_for = asked.params.get("q");
    let query = TraceQl::parse(asked_for.unwrap_or("{}"))?;
    let (mut traces, mut spans) = (0, 0);
    let found = query.search(&*server.data, window, limit, &mut |trace| {
        traces += 1;
        spans += trace.spans.len();
        let (start, end) = bounds(trace);
        (shortest..=longest).contains(&(end - start))
            && tags.iter().all(|(key, value)| has_tag(trace, key, value))
    })?;
    let metrics = Metrics {
        inspected_bytes: (spans * BYTES_A_SPAN).to_string(),
        completed_jobs: 1,
        total_jobs: 1,
        inspected_traces: asked_for.is_none().then_some(traces),
    };
    let shown = asked_for.is_some().then(|| Shown { fields: query.fields(), spss });
    Ok(json_answer(&Answer { traces: Traces { found: &found, shown }, metrics }))
}

pub(super) fn bounds(trace: &Trace) -> (i64, i64) {
    let start = trace.spans.iter().map(|span| span.start).min().unwrap_or(0);
    (start, trace.spans.iter().map(Span::end).max().unwrap_or(start))
}

fn has_tag(trace: &Trace, key: &str, value: &str) -> bool {
    let root = || trace.spans.iter().find(|span| span.parent_id.is_none());
    let same = |attribute: &Attribute| match attribute {
        Attribute::Text(text) => **text == *value,
        Attribute::Int(number) => number.to_string() == value,
        Attribute::Float(number) => number.to_string() == value,
        Attribute::Bool(truth) => truth.to_string() == value,
        Attribute::List(_) => false,
    };
    match key {
        "root.name" => root().is_some_and(|span| *span.name == *value),
        "root.service.name" => root().is_some_and(|span| *span.service == *value),
        _ => trace.spans.iter().any(|span| match key {
            "name" => *span.name == *value,
            "service.name" => *span.service == *value,
            "error" => (span.status == SpanStatus::Error).to_string() == value,
            "status" | "status.code" => match span.status {
                SpanStatus::Unset => value == "unset",
                SpanStatus::Ok => value == "ok",
                SpanStatus::Error => value == "error",
            },
            _ => {
                let mut all = span.attributes.iter().chain(span.resource.iter());
                all.any(|(name, attribute)| **name == *key && same(attribute))
            }
        }),
    }
}
