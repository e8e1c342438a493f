//! Spans of what came, made safe on the way: every text passes `privacy` here, once for each that differs.
//!
//! A trace of fifty thousand spans says the same few hundred names and values over and over: they are masked once,
//! and shared.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::sync::Arc;

use super::sought::Sought;
use super::values::Values;
use super::wire::{Pairs, RawEvent, RawLink, RawSpan};
use crate::model::reveal::SpanAt;
use crate::model::{
    Attribute, Attributes, Span, SpanEvent, SpanId, SpanKind, SpanLink, SpanStatus, Time, TraceId,
};
use crate::privacy::{Leaks, Sealed};

/// Most spans of one trace; more are counted. The largest that Tempo takes by default is far below.
const MOST_SPANS: usize = 500_000;

/// What a trace's answer says.
#[derive(Default)]
pub(super) struct Built {
    /// Spans by start, longer ones first, none twice.
    pub spans: Vec<Span>,
    /// Whether the server says that more belong to it.
    pub partial: bool,
    /// The server's words about that, safe.
    pub message: Box<str>,
    /// Spans that were left out because there are too many.
    pub beyond: usize,
    /// Attributes, events and links that were.
    pub values_beyond: usize,
    /// Personal data that was masked.
    pub leaks: Leaks,
    /// The raw value that was sought.
    pub found: Option<Sealed>,
}

/// Takes in what came, in its order: a resource, a scope, its spans; the next.
#[derive(Default)]
pub(super) struct Builder {
    values: Values,
    /// Resources so far, each once.
    resources: Vec<(Arc<str>, Arc<Attributes>)>,
    service: Arc<str>,
    resource: Arc<Attributes>,
    scope: Arc<str>,
    /// Index of the first span of this batch.
    first: usize,
    built: Built,
    /// What is looked for on the way, and kept raw.
    sought: Option<Sought>,
}

/// How far back a resource is looked for that came before.
const RESOURCES_LOOKED_AT: usize = 64;

impl Builder {
    /// One that keeps the raw value of an attribute, where it is asked for.
    pub fn seeking(at: Option<SpanAt>) -> Self {
        Self { sought: at.map(Sought::new), ..Self::default() }
    }

    /// Whether the server says that the trace is partial.
    pub fn partial(&mut self, partial: bool) {
        self.built.partial |= partial;
    }

    /// The server's words about the whole.
    pub fn message(&mut self, words: &str) {
        self.built.message = crate::client::fault::line(words).into();
    }

    /// A resource with its spans begins.
    pub fn batch(&mut self) {
        (self.service, self.resource, self.scope) = Default::default();
        self.first = self.built.spans.len();
        if let Some(sought) = &mut self.sought {
            sought.batch();
        }
    }

    /// The resource of this batch; as a rule it comes before the spans.
    pub fn resource(&mut self, attributes: &Pairs<'_>) {
        if let Some(sought) = &mut self.sought {
            sought.resource(attributes);
        }
        let mut service: Arc<str> = "".into();
        let mut others = Attributes::with_capacity(attributes.len());
        for (key, raw) in attributes {
            let Some((name, value)) = self.values.attribute(key, raw) else { continue };
            match value {
                Attribute::Text(text) if &*name == "service.name" => service = one_line(text),
                value => others.push((name, value)),
            }
        }
        let same = |(name, known): &&(Arc<str>, Arc<Attributes>)| *name == service && **known == others;
        let recent = self.resources.iter().rev().take(RESOURCES_LOOKED_AT).find(same);
        (self.service, self.resource) = if let Some((service, known)) = recent {
            (service.clone(), known.clone())
        } else {
            let new = (service, Arc::new(others));
            self.resources.push(new.clone());
            new
        };
        for span in self.built.spans.iter_mut().skip(self.first) {
            (span.service, span.resource) = (self.service.clone(), self.resource.clone());
        }
    }

    /// The instrumentation of the spans to come.
    pub fn scope(&mut self, name: &str) {
        self.scope = self.values.name(name);
    }

    /// A span.
    pub fn span(&mut self, raw: &RawSpan<'_>) {
        if let Some(sought) = &mut self.sought {
            sought.span(raw);
        }
        if self.built.spans.len() >= MOST_SPANS {
            self.built.beyond += 1;
            return;
        }
        let start = nanoseconds(raw.start);
        let mut dropped = raw.dropped;
        let span = Span {
            trace_id: TraceId(raw.trace),
            span_id: SpanId(raw.id),
            parent_id: (raw.parent != 0).then_some(SpanId(raw.parent)),
            service: self.service.clone(),
            name: self.values.name(&raw.name),
            kind: kind(raw.kind),
            start,
            duration: nanoseconds(raw.end).saturating_sub(start).max(0),
            status: status(raw.code),
            status_message: self.values.name(&raw.message),
            attributes: self.attributes(&raw.attributes),
            resource: self.resource.clone(),
            events: raw.events.iter().filter_map(|event| self.event(event, &mut dropped)).collect(),
            links: raw.links.iter().filter_map(|link| self.link(link, &mut dropped)).collect(),
            scope: self.scope.clone(),
            dropped: u32::try_from(dropped).unwrap_or(u32::MAX),
        };
        self.note(start);
        self.built.spans.push(span);
    }

    fn attributes(&mut self, all: &Pairs<'_>) -> Attributes {
        all.iter().filter_map(|(key, raw)| self.values.attribute(key, raw)).collect()
    }

    fn event(&mut self, raw: &RawEvent<'_>, dropped: &mut u64) -> Option<SpanEvent> {
        *dropped = dropped.saturating_add(raw.dropped);
        self.values.take_one().then(|| SpanEvent {
            at: nanoseconds(raw.at),
            name: self.values.name(&raw.name),
            attributes: self.attributes(&raw.attributes),
        })
    }

    fn link(&mut self, raw: &RawLink<'_>, dropped: &mut u64) -> Option<SpanLink> {
        *dropped = dropped.saturating_add(raw.dropped);
        self.values.take_one().then(|| SpanLink {
            trace_id: TraceId(raw.trace),
            span_id: SpanId(raw.id),
            attributes: self.attributes(&raw.attributes),
        })
    }

    /// Counts what was masked since the last span, as of its service and moment.
    fn note(&mut self, start: i64) {
        for kind in self.values.take_found() {
            let at = Time::from_timestamp_nanos(start);
            self.built.leaks.note(&stream(&self.service), &kind, at);
        }
    }

    /// The whole.
    pub fn finish(mut self) -> Built {
        self.built.values_beyond = self.values.beyond();
        self.built.found = self.sought.take().and_then(Sought::found);
        let spans = &mut self.built.spans;
        spans.sort_by_key(|span| (span.start, Reverse(span.duration), span.span_id));
        // Two ingesters that hold the same span both tell it.
        spans.dedup();
        self.built
    }
}

/// The name of a service's spans among the streams that hold personal data: TraceQL that finds them.
pub(super) fn stream(service: &str) -> String {
    format!("{{resource.service.name={service:?}}}")
}

fn one_line(text: Arc<str>) -> Arc<str> {
    match crate::privacy::clean_line(&text) {
        Cow::Borrowed(_) => text,
        Cow::Owned(line) => line.into(),
    }
}

/// Nanoseconds since the epoch; what no clock shows is the last moment there is.
fn nanoseconds(at: u64) -> i64 {
    i64::try_from(at).unwrap_or(i64::MAX)
}

/// `SpanKind` by its number.
fn kind(number: i64) -> SpanKind {
    match number {
        1 => SpanKind::Internal,
        2 => SpanKind::Server,
        3 => SpanKind::Client,
        4 => SpanKind::Producer,
        5 => SpanKind::Consumer,
        _ => SpanKind::Unspecified,
    }
}

/// `StatusCode` by its number.
fn status(number: i64) -> SpanStatus {
    match number {
        1 => SpanStatus::Ok,
        2 => SpanStatus::Error,
        _ => SpanStatus::Unset,
    }
}
