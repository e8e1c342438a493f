//! A masked value that somebody wants to see as it is: which one, so that it can be asked for anew.

use std::sync::Arc;

use super::{Labels, SpanId, TraceId};

/// What somebody wants to see, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revealing {
    /// Which value.
    pub what: Hidden,
    /// What it is of, in words: an alert's name, a service.
    pub of: String,
    /// Why; masked.
    pub why: String,
}

impl Revealing {
    /// Fewest characters of a reason.
    pub const REASON: usize = 5;
}

/// A value behind a mark, by what it is found again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hidden {
    /// Of an alert: its fingerprint, which of its values.
    Alert(Arc<str>, Field),
    /// A log line.
    Line(Box<LineAt>),
    /// An attribute of a span.
    Span(Box<SpanAt>),
}

impl Hidden {
    /// Name of the value; empty for a line, which is all of it.
    pub fn name(&self) -> &str {
        match self {
            Self::Alert(_, field) => field.name(),
            Self::Line(_) => "",
            Self::Span(at) => &at.name,
        }
    }
}

/// A value of an alert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Field {
    /// A label.
    Label(Box<str>),
    /// An annotation.
    Annotation(Box<str>),
}

impl Field {
    /// Its name.
    pub fn name(&self) -> &str {
        match self {
            Self::Label(name) | Self::Annotation(name) => name,
        }
    }
}

/// A log line: one of the same moment, stream and masked text is the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineAt {
    /// The query that showed it, with marks; its stages may have changed the line.
    pub query: Arc<str>,
    /// Nanoseconds since the Unix epoch.
    pub ts: i64,
    /// Labels of its stream, masked.
    pub labels: Labels,
    /// The line as it is shown.
    pub line: Arc<str>,
}

/// An attribute of a span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpanAt {
    /// The trace.
    pub trace: TraceId,
    /// The span.
    pub span: SpanId,
    /// Where it stands.
    pub place: Place,
    /// Its name.
    pub name: Arc<str>,
    /// The value as it is shown.
    pub shown: Arc<str>,
}

/// Where an attribute stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// At the span.
    Span,
    /// At its resource.
    Resource,
    /// At one of its events, from 0.
    Event(usize),
}
