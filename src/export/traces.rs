//! `traces` and `trace` for scripts: JSON by docs/json.md, a trace written span by span.

use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

use crate::model::{
    Attribute, Attributes, Span, SpanEvent, SpanId, SpanKind, SpanLink, SpanStatus, TraceDoc, TraceHit,
};

/// A trace that a search found.
#[derive(Debug, Serialize)]
pub(super) struct HitJson<'a> {
    trace_id: String,
    root_service: &'a str,
    root_name: &'a str,
    start: String,
    duration_ns: i64,
    services: Vec<ServiceJson<'a>>,
    matched: u32,
    spans: Vec<SpanJson<'a>>,
}

#[derive(Debug, Serialize)]
struct ServiceJson<'a> {
    name: &'a str,
    spans: u32,
    errors: u32,
}

/// The beginning of a trace's document, before its spans.
#[derive(Serialize)]
struct HeadJson<'a> {
    trace_id: String,
    start: String,
    duration_ns: i64,
    partial: &'a str,
}

/// A span.
#[derive(Debug, Serialize)]
pub(super) struct SpanJson<'a> {
    trace_id: String,
    span_id: String,
    parent_id: Option<String>,
    service: &'a str,
    name: &'a str,
    kind: &'static str,
    start: String,
    duration_ns: i64,
    status: &'static str,
    message: &'a str,
    attributes: Pairs<'a>,
    resource: Pairs<'a>,
    scope: &'a str,
    events: Vec<EventJson<'a>>,
    links: Vec<LinkJson<'a>>,
    dropped: u32,
}

#[derive(Debug, Serialize)]
struct EventJson<'a> {
    at: String,
    name: &'a str,
    attributes: Pairs<'a>,
}

#[derive(Debug, Serialize)]
struct LinkJson<'a> {
    trace_id: String,
    span_id: String,
    attributes: Pairs<'a>,
}

/// Names and values as an object.
#[derive(Debug)]
struct Pairs<'a>(&'a Attributes);

impl Serialize for Pairs<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (at, (name, value)) in self.0.iter().enumerate() {
            // OTLP forbids a name that stands twice; of such the first counts, as in an object it must.
            if !self.0.iter().take(at).any(|(known, _)| known == name) {
                map.serialize_entry(&**name, &Value(value))?;
            }
        }
        map.end()
    }
}

struct Value<'a>(&'a Attribute);

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Attribute::Text(text) => serializer.serialize_str(text),
            Attribute::Int(number) => serializer.serialize_i64(*number),
            Attribute::Float(number) if number.is_finite() => serializer.serialize_f64(*number),
            Attribute::Float(number) if number.is_nan() => serializer.serialize_str("NaN"),
            Attribute::Float(number) => serializer.serialize_str(if *number > 0.0 { "+Inf" } else { "-Inf" }),
            Attribute::Bool(value) => serializer.serialize_bool(*value),
            Attribute::List(all) => {
                let mut seq = serializer.serialize_seq(Some(all.len()))?;
                for one in all {
                    seq.serialize_element(&Value(one))?;
                }
                seq.end()
            }
        }
    }
}

impl<'a> From<&'a Span> for SpanJson<'a> {
    fn from(span: &'a Span) -> Self {
        Self {
            trace_id: span.trace_id.to_string(),
            span_id: span.span_id.to_string(),
            parent_id: span.parent_id.as_ref().map(SpanId::to_string),
            service: &span.service,
            name: &span.name,
            kind: match span.kind {
                SpanKind::Unspecified => "unspecified",
                SpanKind::Internal => "internal",
                SpanKind::Server => "server",
                SpanKind::Client => "client",
                SpanKind::Producer => "producer",
                SpanKind::Consumer => "consumer",
            },
            start: span.start.to_string(),
            duration_ns: span.duration,
            status: match span.status {
                SpanStatus::Unset => "unset",
                SpanStatus::Ok => "ok",
                SpanStatus::Error => "error",
            },
            message: &span.status_message,
            attributes: Pairs(&span.attributes),
            resource: Pairs(&span.resource),
            scope: &span.scope,
            events: span.events.iter().map(EventJson::from).collect(),
            links: span.links.iter().map(LinkJson::from).collect(),
            dropped: span.dropped,
        }
    }
}

impl<'a> From<&'a SpanEvent> for EventJson<'a> {
    fn from(event: &'a SpanEvent) -> Self {
        Self { at: event.at.to_string(), name: &event.name, attributes: Pairs(&event.attributes) }
    }
}

impl<'a> From<&'a SpanLink> for LinkJson<'a> {
    fn from(link: &'a SpanLink) -> Self {
        Self {
            trace_id: link.trace_id.to_string(),
            span_id: link.span_id.to_string(),
            attributes: Pairs(&link.attributes),
        }
    }
}

impl<'a> From<&'a TraceHit> for HitJson<'a> {
    fn from(hit: &'a TraceHit) -> Self {
        Self {
            trace_id: hit.id.to_string(),
            root_service: &hit.root_service,
            root_name: &hit.root_name,
            start: hit.start.to_string(),
            duration_ns: hit.duration,
            services: hit
                .services
                .iter()
                .map(|one| ServiceJson { name: &one.name, spans: one.spans, errors: one.errors })
                .collect(),
            matched: hit.matched_count,
            spans: hit.matched.iter().map(SpanJson::from).collect(),
        }
    }
}

/// A trace that a search found, on one line without its end.
pub fn hit_json(hit: &TraceHit) -> String {
    one_line(&HitJson::from(hit))
}

/// A whole trace as one document on one line, handed over in pieces: it may be large.
pub fn trace_json(doc: &TraceDoc, write: &mut dyn FnMut(&str)) {
    let spans = &doc.trace.spans;
    let start = spans.iter().map(|span| span.start).min().unwrap_or(0);
    let end = spans.iter().map(Span::end).max().unwrap_or(0);
    let head = one_line(&HeadJson {
        trace_id: doc.trace.id.to_string(),
        start: start.to_string(),
        duration_ns: end.saturating_sub(start),
        partial: &doc.partial,
    });
    write(head.strip_suffix('}').unwrap_or(&head));
    write(",\"spans\":[");
    for (at, span) in spans.iter().enumerate() {
        write(if at == 0 { "\n" } else { ",\n" });
        write(&one_line(&SpanJson::from(span)));
    }
    write("]}\n");
}

/// Nothing in here can fail to be JSON: names are text, numbers finite.
fn one_line<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
