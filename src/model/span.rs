//! Traces and spans, in the terms of OpenTelemetry.

use std::fmt;
use std::sync::Arc;

/// Id of a trace: 16 bytes, 32 hex digits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TraceId(pub u128);

/// Id of a span within its trace: 8 bytes, 16 hex digits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SpanId(pub u64);

impl TraceId {
    /// Reads 1 to 32 hex digits; Tempo's search drops leading zeros.
    pub fn parse(text: &str) -> Option<Self> {
        let hex = (1..=32).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        if hex { u128::from_str_radix(text, 16).ok().map(Self) } else { None }
    }
}

impl SpanId {
    /// Reads 1 to 16 hex digits.
    pub fn parse(text: &str) -> Option<Self> {
        let hex = (1..=16).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        if hex { u64::from_str_radix(text, 16).ok().map(Self) } else { None }
    }
}

impl fmt::Display for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Display for SpanId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// How a span ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SpanStatus {
    /// Nobody said.
    #[default]
    Unset,
    /// Well.
    Ok,
    /// With an error.
    Error,
}

/// Which side of a call a span is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SpanKind {
    /// Nobody said.
    #[default]
    Unspecified,
    /// Work inside of a service.
    Internal,
    /// The called side.
    Server,
    /// The calling side.
    Client,
    /// Sends a message.
    Producer,
    /// Receives a message.
    Consumer,
}

/// The value of an attribute.
#[derive(Clone, Debug, PartialEq)]
pub enum Attribute {
    /// Text; it may hold line feeds (a stack trace, a statement).
    Text(Arc<str>),
    /// A whole number.
    Int(i64),
    /// A number.
    Float(f64),
    /// True or false.
    Bool(bool),
    /// Several of them.
    List(Vec<Attribute>),
}

/// Names and values, in the order they came in.
pub type Attributes = Vec<(Arc<str>, Attribute)>;

/// Something that happened during a span.
#[derive(Clone, Debug, PartialEq)]
pub struct SpanEvent {
    /// Nanoseconds since the Unix epoch.
    pub at: i64,
    /// Name (`exception`, …).
    pub name: Arc<str>,
    /// Attributes.
    pub attributes: Attributes,
}

/// Another span that this one names: what triggered it, what it waited for.
#[derive(Clone, Debug, PartialEq)]
pub struct SpanLink {
    /// Trace of that span.
    pub trace_id: TraceId,
    /// That span.
    pub span_id: SpanId,
    /// Attributes.
    pub attributes: Attributes,
}

/// One span.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Span {
    /// Trace it belongs to.
    pub trace_id: TraceId,
    /// Its own id.
    pub span_id: SpanId,
    /// The span that caused it; `None` for a root.
    pub parent_id: Option<SpanId>,
    /// `service.name` of its resource.
    pub service: Arc<str>,
    /// Name of the operation.
    pub name: Arc<str>,
    /// Side of a call.
    pub kind: SpanKind,
    /// Nanoseconds since the Unix epoch.
    pub start: i64,
    /// Nanoseconds; never negative.
    pub duration: i64,
    /// How it ended.
    pub status: SpanStatus,
    /// What went wrong, in words.
    pub status_message: Arc<str>,
    /// Attributes of the span.
    pub attributes: Attributes,
    /// Attributes of its resource, `service.name` left out; shared by a service's spans.
    pub resource: Arc<Attributes>,
    /// What happened during it.
    pub events: Vec<SpanEvent>,
    /// Spans that it names.
    pub links: Vec<SpanLink>,
    /// Name of the instrumentation that wrote it; empty where nobody said.
    pub scope: Arc<str>,
    /// Attributes, events and links that were left out, by whoever wrote it or by a bound of this console.
    pub dropped: u32,
}

impl Span {
    /// End, in nanoseconds since the Unix epoch.
    pub fn end(&self) -> i64 {
        self.start.saturating_add(self.duration)
    }
}

/// One trace, or the part of it that is known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trace {
    /// Id.
    pub id: TraceId,
    /// Its spans, by start.
    pub spans: Vec<Span>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_hex_with_or_without_leading_zeros() {
        assert_eq!(TraceId::parse("ab").map(|id| id.to_string()), Some(format!("{:0>32}", "ab")));
        assert_eq!(SpanId::parse("4f").map(|id| id.to_string()), Some(format!("{:0>16}", "4f")));
        for wrong in ["", "xyz", "+1", " 1", &"1".repeat(33)] {
            assert_eq!(TraceId::parse(wrong), None, "{wrong}");
        }
        assert_eq!(SpanId::parse(&"1".repeat(17)), None);
    }
}
