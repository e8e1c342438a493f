//! Traces by TraceQL: who is in them, how long they took, and the spans that matched with what the query selects.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::build::stream;
use super::json::lenient::{Attributes, Text, Whole};
use super::values::Values;
use crate::client::Told;
use crate::client::http::{Http, Request};
use crate::client::reply::Reply;
use crate::client::sealed::raw;
use crate::model::ask::Answer;
use crate::model::{
    Attribute, Fault, Language, Span, SpanId, SpanKind, SpanStatus, Time, TraceHit, TraceId, TraceList,
    TraceService,
};
use crate::privacy::Leaks;

/// What Tempo calls the root's service where the root is not there.
const NO_ROOT: &str = "<root span not yet received>";

/// Searches.
pub(super) async fn search(
    http: &Http,
    query: &str,
    limit: u32,
    spans: u32,
    start: Time,
    end: Time,
) -> Result<Told, Fault> {
    let (start, end) = super::seconds(start, end);
    let request = Request::get("api/search")
        .with("q", &*raw(Language::TraceQl, query)?)
        .with("limit", limit.to_string())
        .with("spss", spans.to_string())
        .with("start", start)
        .with("end", end);
    let reply = http.fetch(&request).await?.checked(true)?;
    let clock_skew_s = reply.clock_skew_s;
    let list = reply.aside(move |reply| read(reply, limit)).await?;
    Ok(Told { answer: Answer::Traces(list), warnings: Vec::new(), clock_skew_s })
}

#[derive(Deserialize)]
struct Found<'a> {
    #[serde(borrow)]
    traces: Option<Vec<Hit<'a>>>,
    #[serde(default)]
    metrics: Metrics,
}

#[derive(Default, Deserialize)]
struct Metrics {
    #[serde(rename = "inspectedTraces")]
    inspected_traces: Option<Whole>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Hit<'a> {
    #[serde(borrow, rename = "traceID")]
    id: Text<'a>,
    #[serde(borrow, default)]
    root_service_name: Text<'a>,
    #[serde(borrow, default)]
    root_trace_name: Text<'a>,
    #[serde(default)]
    start_time_unix_nano: Whole,
    #[serde(default)]
    duration_ms: Whole,
    #[serde(borrow)]
    span_set: Option<SpanSet<'a>>,
    #[serde(borrow)]
    span_sets: Option<Vec<SpanSet<'a>>>,
    #[serde(borrow)]
    service_stats: Option<BTreeMap<Text<'a>, Stats>>,
}

#[derive(Deserialize)]
struct SpanSet<'a> {
    #[serde(borrow)]
    spans: Option<Vec<Matched<'a>>>,
    #[serde(default)]
    matched: Whole,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Matched<'a> {
    #[serde(borrow, default, rename = "spanID")]
    id: Text<'a>,
    #[serde(borrow, default)]
    name: Text<'a>,
    #[serde(default)]
    start_time_unix_nano: Whole,
    #[serde(default)]
    duration_nanos: Whole,
    #[serde(borrow, default)]
    attributes: Attributes<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Stats {
    #[serde(default)]
    span_count: Whole,
    #[serde(default)]
    error_count: Whole,
}

/// Reads the answer of a search that asked for so many traces.
pub(super) fn read(reply: &Reply, limit: u32) -> Result<TraceList, Fault> {
    let found: Found<'_> = serde_json::from_slice(&reply.body).map_err(|error| reply.bad_json(&error))?;
    let traces = found.traces.unwrap_or_default();
    let mut reader = Reader::default();
    let mut hits = Vec::with_capacity(traces.len());
    for hit in &traces {
        hits.push(
            reader
                .hit(hit)
                .ok_or_else(|| reply.wrong(&crate::text::fault::Why::BadJson("a trace's id is not hex")))?,
        );
    }
    let more = u32::try_from(hits.len()).unwrap_or(u32::MAX) >= limit;
    hits.sort_by_key(|hit| (std::cmp::Reverse(hit.start), hit.id));
    Ok(TraceList {
        hits: hits.into(),
        more,
        inspected: found.metrics.inspected_traces.map(Whole::unsigned),
        leaks: reader.leaks.findings(),
    })
}

#[derive(Default)]
struct Reader {
    values: Values,
    leaks: Leaks,
}

impl Reader {
    fn hit(&mut self, hit: &Hit<'_>) -> Option<TraceHit> {
        let id = TraceId::parse(&hit.id.0)?;
        let start = whole(hit.start_time_unix_nano);
        let root = if hit.root_service_name.0 == NO_ROOT { "" } else { &*hit.root_service_name.0 };
        let root_service = self.values.name(root);
        let root_name = self.values.name(&hit.root_trace_name.0);
        let services = hit.service_stats.iter().flatten().map(|(name, stats)| TraceService {
            name: self.values.name(&name.0),
            spans: count(stats.span_count),
            errors: count(stats.error_count),
        });
        let services = services.collect();
        // Newer servers tell all sets, and the first of them a second time.
        let sets = match &hit.span_sets {
            Some(sets) if !sets.is_empty() => sets.iter().collect(),
            _ => hit.span_set.iter().collect::<Vec<_>>(),
        };
        let mut matched: Vec<Span> = Vec::new();
        let mut matched_count = 0_u32;
        for set in sets {
            matched_count = matched_count.saturating_add(count(set.matched));
            for span in set.spans.iter().flatten() {
                matched.push(self.span(id, span)?);
            }
        }
        self.note(&root_service, start);
        Some(TraceHit {
            id,
            root_service,
            root_name,
            start,
            duration: whole(hit.duration_ms).saturating_mul(1_000_000),
            services,
            matched,
            matched_count,
        })
    }

    /// A matched span. What its row shows anyway goes to its place; the rest stays an attribute.
    fn span(&mut self, trace_id: TraceId, raw: &Matched<'_>) -> Option<Span> {
        let mut span = Span {
            trace_id,
            span_id: SpanId::parse(&raw.id.0)?,
            name: self.values.name(&raw.name.0),
            start: whole(raw.start_time_unix_nano),
            duration: whole(raw.duration_nanos),
            ..Span::default()
        };
        for (key, value) in &raw.attributes.0 {
            let Some((key, value)) = self.values.attribute(key, value) else { continue };
            match (&*key, value) {
                ("service.name" | "resource.service.name", Attribute::Text(name)) => span.service = name,
                ("status", Attribute::Text(word)) => span.status = status(&word),
                ("kind", Attribute::Text(word)) => span.kind = kind(&word),
                ("statusMessage" | "span:statusMessage", Attribute::Text(words)) => {
                    span.status_message = words;
                }
                ("span:parentID" | "parentID", Attribute::Text(id)) => span.parent_id = SpanId::parse(&id),
                (_, value) => span.attributes.push((key, value)),
            }
        }
        let service = span.service.clone();
        self.note(&service, span.start);
        Some(span)
    }

    fn note(&mut self, service: &str, start: i64) {
        for kind in self.values.take_found() {
            self.leaks.note(&stream(service), &kind, Time::from_timestamp_nanos(start));
        }
    }
}

fn whole(number: Whole) -> i64 {
    i64::try_from(number.unsigned()).unwrap_or(i64::MAX)
}

fn count(number: Whole) -> u32 {
    u32::try_from(number.unsigned()).unwrap_or(u32::MAX)
}

fn status(word: &str) -> SpanStatus {
    match word {
        "ok" => SpanStatus::Ok,
        "error" => SpanStatus::Error,
        _ => SpanStatus::Unset,
    }
}

fn kind(word: &str) -> SpanKind {
    match word {
        "internal" => SpanKind::Internal,
        "server" => SpanKind::Server,
        "client" => SpanKind::Client,
        "producer" => SpanKind::Producer,
        "consumer" => SpanKind::Consumer,
        _ => SpanKind::Unspecified,
    }
}
