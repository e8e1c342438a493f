//! `/api/search`: by TraceQL, or by tags as older Tempos took them.

use std::collections::BTreeMap;

use axum::response::Response;
use serde_json::{Map, Value, json};

use super::{Asked, Refusal, Server, json_answer, key_value};
use crate::model::{Attribute, Span, SpanStatus, Trace};
use crate::query::logql::logfmt_pairs;
use crate::query::traceql::{self, Field, Found, Intrinsic, SpanSet, TraceQl};

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
    let shown: Vec<Value> =
        found.iter().map(|found| trace_json(found, &query, asked_for.is_some(), spss)).collect();
    let mut metrics = json!({
        "inspectedBytes": (spans * BYTES_A_SPAN).to_string(), "completedJobs": 1, "totalJobs": 1,
    });
    if asked_for.is_none() {
        metrics["inspectedTraces"] = traces.into();
    }
    Ok(json_answer(&json!({ "traces": shown, "metrics": metrics })))
}

fn bounds(trace: &Trace) -> (i64, i64) {
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

fn trace_json(found: &Found, query: &TraceQl, with_spans: bool, spss: usize) -> Value {
    let trace = &*found.trace;
    let (start, end) = bounds(trace);
    let root = trace.spans.iter().find(|span| span.parent_id.is_none());
    let mut out = json!({
        // Without leading zeros, unlike everywhere else.
        "traceID": format!("{:x}", trace.id.0),
        "rootServiceName": root.map_or("<root span not yet received>", |root| &*root.service),
        "startTimeUnixNano": start.to_string(),
    });
    if let Some(root) = root {
        out["rootTraceName"] = (*root.name).into();
    }
    let ms = (end - start) / 1_000_000;
    if ms > 0 {
        out["durationMs"] = ms.into();
    }
    if with_spans {
        let sets: Vec<Value> =
            found.sets.iter().map(|set| set_json(trace, set, query.fields(), spss)).collect();
        out["spanSet"] = sets.first().cloned().unwrap_or(Value::Null);
        out["spanSets"] = sets.into();
        out["serviceStats"] = service_stats(trace);
    }
    out
}

fn set_json(trace: &Trace, set: &SpanSet, fields: &[Field], spss: usize) -> Value {
    let shown = set.spans.iter().take(spss).filter_map(|at| Some((*at, trace.spans.get(*at)?)));
    let spans: Vec<Value> = shown
        .map(|(at, span)| {
            let mut out = Map::new();
            out.insert("spanID".to_owned(), span.span_id.to_string().into());
            let mut attributes = Vec::new();
            for field in fields {
                match field {
                    // It is told anyway.
                    Field::Intrinsic(Intrinsic::Duration) => {}
                    Field::Intrinsic(Intrinsic::Name) => {
                        out.insert("name".to_owned(), (*span.name).into());
                    }
                    _ => match field.value(trace, at) {
                        traceql::Value::Nil => {}
                        value => attributes.push(key_value((field.key(), &value))),
                    },
                }
            }
            out.insert("startTimeUnixNano".to_owned(), span.start.to_string().into());
            out.insert("durationNanos".to_owned(), span.duration.to_string().into());
            if !attributes.is_empty() {
                out.insert("attributes".to_owned(), attributes.into());
            }
            out.into()
        })
        .collect();
    let mut out = json!({ "spans": spans, "matched": set.spans.len() });
    if !set.attributes.is_empty() {
        let told = set.attributes.iter().map(|(key, value)| key_value((key, value)));
        out["attributes"] = told.collect();
    }
    out
}

fn service_stats(trace: &Trace) -> Value {
    let mut stats: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    for span in &trace.spans {
        let (spans, errors) = stats.entry(&span.service).or_default();
        *spans += 1;
        *errors += u32::from(span.status == SpanStatus::Error);
    }
    let one = |(service, (spans, errors)): (&str, (u32, u32))| {
        let mut stats = json!({ "spanCount": spans });
        if errors > 0 {
            stats["errorCount"] = errors.into();
        }
        (service.to_owned(), stats)
    };
    stats.into_iter().map(one).collect::<Map<_, _>>().into()
}
