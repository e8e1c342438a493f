//! What a search found, as Tempo writes it: written trace by trace, since an answer may hold thousands of spans and
//! none of it is worth keeping twice.

use std::collections::BTreeMap;

use serde::ser::SerializeSeq;
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::key_value;
use super::search::bounds;
use crate::model::{SpanStatus, Trace};
use crate::query::traceql::{self, Field, Found, Intrinsic, SpanSet};

/// The whole.
#[derive(Serialize)]
pub(super) struct Answer<'a> {
    pub(super) traces: Traces<'a>,
    pub(super) metrics: Metrics,
}

/// What was looked at.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Metrics {
    pub(super) inspected_bytes: String,
    pub(super) completed_jobs: u32,
    pub(super) total_jobs: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) inspected_traces: Option<u64>,
}

/// What is told of spans, where a query asked for them.
#[derive(Clone, Copy)]
pub(super) struct Shown<'a> {
    /// What the query names or selects.
    pub(super) fields: &'a [Field],
    /// Most spans of a set.
    pub(super) spss: usize,
}

/// The traces.
pub(super) struct Traces<'a> {
    pub(super) found: &'a [Found],
    pub(super) shown: Option<Shown<'a>>,
}

impl Serialize for Traces<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        for found in self.found {
            list.serialize_element(&TraceJson::of(found, self.shown))?;
        }
        list.end()
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TraceJson<'a> {
    /// Without leading zeros, unlike everywhere else.
    #[serde(rename = "traceID")]
    trace_id: String,
    root_service_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    root_trace_name: Option<&'a str>,
    start_time_unix_nano: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_ms: Option<i64>,
    #[serde(flatten)]
    spans: Option<Spans<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Spans<'a> {
    span_set: Option<SetJson<'a>>,
    span_sets: Vec<SetJson<'a>>,
    service_stats: BTreeMap<&'a str, Stats>,
}

impl<'a> TraceJson<'a> {
    fn of(found: &'a Found, shown: Option<Shown<'a>>) -> Self {
        let trace = &*found.trace;
        let (start, end) = bounds(trace);
        let root = trace.spans.iter().find(|span| span.parent_id.is_none());
        let sets = |shown| found.sets.iter().map(move |set| SetJson { trace, set, shown });
        Self {
            trace_id: format!("{:x}", trace.id.0),
            root_service_name: root.map_or("<root span not yet received>", |root| &*root.service),
            root_trace_name: root.map(|root| &*root.name),
            start_time_unix_nano: start.to_string(),
            duration_ms: Some((end - start) / 1_000_000).filter(|ms| *ms > 0),
            spans: shown.map(|shown| Spans {
                span_set: sets(shown).next(),
                span_sets: sets(shown).collect(),
                service_stats: service_stats(trace),
            }),
        }
    }
}

struct SetJson<'a> {
    trace: &'a Trace,
    set: &'a SpanSet,
    shown: Shown<'a>,
}

impl Serialize for SetJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Parts<'a> {
            spans: SetSpans<'a>,
            matched: usize,
            #[serde(skip_serializing_if = "Vec::is_empty")]
            attributes: Vec<Value>,
        }
        let told = self.set.attributes.iter().map(|(key, value)| key_value((key, value)));
        Parts { spans: SetSpans(self), matched: self.set.spans.len(), attributes: told.collect() }
            .serialize(serializer)
    }
}

struct SetSpans<'a>(&'a SetJson<'a>);

impl Serialize for SetSpans<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let SetJson { trace, set, shown } = *self.0;
        let mut list = serializer.serialize_seq(None)?;
        for at in set.spans.iter().take(shown.spss) {
            if let Some(span) = SpanJson::of(trace, *at, shown.fields) {
                list.serialize_element(&span)?;
            }
        }
        list.end()
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SpanJson<'a> {
    #[serde(rename = "spanID")]
    span_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    start_time_unix_nano: String,
    duration_nanos: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attributes: Vec<Value>,
}

impl<'a> SpanJson<'a> {
    fn of(trace: &'a Trace, at: usize, fields: &[Field]) -> Option<Self> {
        let span = trace.spans.get(at)?;
        let (mut name, mut attributes) = (None, Vec::new());
        for field in fields {
            match field {
                // It is told anyway.
                Field::Intrinsic(Intrinsic::Duration) => {}
                Field::Intrinsic(Intrinsic::Name) => name = Some(&*span.name),
                _ => match field.value(trace, at) {
                    traceql::Value::Nil => {}
                    value => attributes.push(key_value((field.key(), &value))),
                },
            }
        }
        Some(Self {
            span_id: span.span_id.to_string(),
            name,
            start_time_unix_nano: span.start.to_string(),
            duration_nanos: span.duration.to_string(),
            attributes,
        })
    }
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Stats {
    span_count: u32,
    #[serde(skip_serializing_if = "is_zero")]
    error_count: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that is asked for")]
fn is_zero(count: &u32) -> bool {
    *count == 0
}

fn service_stats(trace: &Trace) -> BTreeMap<&str, Stats> {
    let mut stats: BTreeMap<&str, Stats> = BTreeMap::new();
    for span in &trace.spans {
        let of = stats.entry(&span.service).or_default();
        of.span_count += 1;
        of.error_count += u32::from(span.status == SpanStatus::Error);
    }
    stats
}
