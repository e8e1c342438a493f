//! A span in JSON.

use serde::Deserialize;

use super::lenient::{Attributes, Capped, Enumeration, Id, Text, Whole};
use crate::client::tempo::wire::{MOST_EVENTS, RawEvent, RawLink, RawSpan};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SpanJson<'a> {
    #[serde(default)]
    trace_id: Id<16>,
    #[serde(default)]
    span_id: Id<8>,
    #[serde(default)]
    parent_span_id: Id<8>,
    #[serde(borrow, default)]
    name: Text<'a>,
    #[serde(default)]
    kind: Enumeration,
    #[serde(default)]
    start_time_unix_nano: Whole,
    #[serde(default)]
    end_time_unix_nano: Whole,
    #[serde(borrow, default)]
    attributes: Attributes<'a>,
    #[serde(borrow, default)]
    events: Capped<EventJson<'a>, MOST_EVENTS>,
    #[serde(borrow, default)]
    links: Capped<LinkJson<'a>, MOST_EVENTS>,
    #[serde(borrow)]
    status: Option<StatusJson<'a>>,
    #[serde(default)]
    dropped_attributes_count: Whole,
    #[serde(default)]
    dropped_events_count: Whole,
    #[serde(default)]
    dropped_links_count: Whole,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct EventJson<'a> {
    #[serde(default)]
    time_unix_nano: Whole,
    #[serde(borrow, default)]
    name: Text<'a>,
    #[serde(borrow, default)]
    attributes: Attributes<'a>,
    #[serde(default)]
    dropped_attributes_count: Whole,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LinkJson<'a> {
    #[serde(default)]
    trace_id: Id<16>,
    #[serde(default)]
    span_id: Id<8>,
    #[serde(borrow, default)]
    attributes: Attributes<'a>,
    #[serde(default)]
    dropped_attributes_count: Whole,
}

#[derive(Default, Deserialize)]
struct StatusJson<'a> {
    #[serde(borrow, default)]
    message: Text<'a>,
    #[serde(default)]
    code: Enumeration,
}

impl<'a> From<SpanJson<'a>> for RawSpan<'a> {
    fn from(json: SpanJson<'a>) -> Self {
        let status = json.status.unwrap_or_default();
        let told = [json.dropped_attributes_count, json.dropped_events_count, json.dropped_links_count];
        Self {
            trace: json.trace_id.0,
            id: json.span_id.0 as u64,
            parent: json.parent_span_id.0 as u64,
            name: json.name.0,
            kind: json.kind.0,
            start: json.start_time_unix_nano.unsigned(),
            end: json.end_time_unix_nano.unsigned(),
            dropped: told
                .iter()
                .map(|count| count.unsigned())
                .chain([json.attributes.1, json.events.beyond, json.links.beyond])
                .fold(0, u64::saturating_add),
            attributes: json.attributes.0,
            events: json.events.all.into_iter().map(RawEvent::from).collect(),
            links: json.links.all.into_iter().map(RawLink::from).collect(),
            message: status.message.0,
            code: status.code.0,
        }
    }
}

impl<'a> From<EventJson<'a>> for RawEvent<'a> {
    fn from(json: EventJson<'a>) -> Self {
        Self {
            at: json.time_unix_nano.unsigned(),
            name: json.name.0,
            dropped: json.dropped_attributes_count.unsigned().saturating_add(json.attributes.1),
            attributes: json.attributes.0,
        }
    }
}

impl<'a> From<LinkJson<'a>> for RawLink<'a> {
    fn from(json: LinkJson<'a>) -> Self {
        Self {
            trace: json.trace_id.0,
            id: json.span_id.0 as u64,
            dropped: json.dropped_attributes_count.unsigned().saturating_add(json.attributes.1),
            attributes: json.attributes.0,
        }
    }
}
