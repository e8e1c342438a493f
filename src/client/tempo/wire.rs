//! What OTLP's traces say in either encoding, borrowed from the answer's bytes: the common ground of `protobuf` and
//! `json`. Nothing here is safe to show yet.

use std::borrow::Cow;

/// A value as it came.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Raw<'a> {
    /// Nothing.
    #[default]
    Empty,
    Text(Cow<'a, str>),
    Bool(bool),
    Int(i64),
    Float(f64),
    List(Vec<Raw<'a>>),
    Map(Pairs<'a>),
    /// Bytes, of which only the number is told.
    Bytes(usize),
}

/// Names and values.
pub(super) type Pairs<'a> = Vec<(Cow<'a, str>, Raw<'a>)>;

/// Most attributes of one thing, and most items of a list; more are counted as dropped. Instrumentation stops at 128
/// by itself.
pub(super) const MOST_ATTRIBUTES: usize = 512;

/// Most events, and most links, of a span.
pub(super) const MOST_EVENTS: usize = 1024;

/// Most attributes, list items, events and links of a span together: fields of two bytes must not buy memory.
pub(super) const MOST_OF_A_SPAN: usize = 65_536;

/// How deep lists may lie in lists.
pub(super) const DEEPEST: usize = 16;

/// A span as it came.
#[derive(Debug, Default)]
pub(super) struct RawSpan<'a> {
    pub trace: u128,
    pub id: u64,
    /// Zero where it has none.
    pub parent: u64,
    pub name: Cow<'a, str>,
    pub kind: i64,
    pub start: u64,
    pub end: u64,
    pub attributes: Pairs<'a>,
    pub events: Vec<RawEvent<'a>>,
    pub links: Vec<RawLink<'a>>,
    pub message: Cow<'a, str>,
    pub code: i64,
    /// What was left out, by its writer or by a bound.
    pub dropped: u64,
}

#[derive(Debug, Default)]
pub(super) struct RawEvent<'a> {
    pub at: u64,
    pub name: Cow<'a, str>,
    pub attributes: Pairs<'a>,
    pub dropped: u64,
}

#[derive(Debug, Default)]
pub(super) struct RawLink<'a> {
    pub trace: u128,
    pub id: u64,
    pub attributes: Pairs<'a>,
    pub dropped: u64,
}

impl RawSpan<'_> {
    /// Empty again, with the room it has.
    pub fn clear(&mut self) {
        let (mut attributes, mut events, mut links) = (
            std::mem::take(&mut self.attributes),
            std::mem::take(&mut self.events),
            std::mem::take(&mut self.links),
        );
        attributes.clear();
        events.clear();
        links.clear();
        *self = Self { attributes, events, links, ..Self::default() };
    }
}
