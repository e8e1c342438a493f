//! A trace as OTLP: its messages, and the same as Tempo's JSON (ids in base64, numbers of 64 bits as
//! text, defaults left out).

use serde_json::{Map, Value, json};

use super::proto;
use crate::model::{Attribute, Span, SpanStatus, Trace};

/// A trace's spans by their resource, in order of appearance.
pub fn messages(trace: &Trace) -> proto::Trace {
    let mut batches: Vec<(&Span, proto::ResourceSpans)> = Vec::new();
    for span in &trace.spans {
        let same = |first: &Span| {
            first.service == span.service && first.resource == span.resource && first.scope == span.scope
        };
        let at = batches.iter().position(|(first, _)| same(first)).unwrap_or_else(|| {
            let name = if span.scope.is_empty() { "plantao" } else { &span.scope };
            let scope = proto::Scope { name: name.to_owned() };
            let spans = proto::ScopeSpans { scope: Some(scope), spans: Vec::new() };
            let own = key_value("service.name", &Attribute::Text(span.service.clone()));
            let more = span.resource.iter().map(|(key, value)| key_value(key, value));
            let resource = proto::Resource { attributes: std::iter::once(own).chain(more).collect() };
            batches.push((span, proto::ResourceSpans { resource: Some(resource), scope_spans: vec![spans] }));
            batches.len() - 1
        });
        if let Some(scope) = batches.get_mut(at).and_then(|(_, batch)| batch.scope_spans.first_mut()) {
            scope.spans.push(message(span));
        }
    }
    proto::Trace { batches: batches.into_iter().map(|(_, batch)| batch).collect() }
}

fn message(span: &Span) -> proto::Span {
    let attributes = |all: &[(std::sync::Arc<str>, Attribute)]| {
        all.iter().map(|(key, value)| key_value(key, value)).collect::<Vec<_>>()
    };
    proto::Span {
        trace: span.trace_id.0.to_be_bytes().to_vec(),
        id: span.span_id.0.to_be_bytes().to_vec(),
        parent: span.parent_id.map(|id| id.0.to_be_bytes().to_vec()).unwrap_or_default(),
        name: span.name.to_string(),
        // The model's order is the protocol's.
        kind: match span.kind {
            crate::model::SpanKind::Unspecified => 0,
            crate::model::SpanKind::Internal => 1,
            crate::model::SpanKind::Server => 2,
            crate::model::SpanKind::Client => 3,
            crate::model::SpanKind::Producer => 4,
            crate::model::SpanKind::Consumer => 5,
        },
        start: span.start.max(0) as u64,
        end: span.end().max(0) as u64,
        attributes: attributes(&span.attributes),
        events: span
            .events
            .iter()
            .map(|event| proto::Event {
                time: event.at.max(0) as u64,
                name: event.name.to_string(),
                attributes: attributes(&event.attributes),
            })
            .collect(),
        links: span
            .links
            .iter()
            .map(|link| proto::Link {
                trace: link.trace_id.0.to_be_bytes().to_vec(),
                id: link.span_id.0.to_be_bytes().to_vec(),
                attributes: attributes(&link.attributes),
            })
            .collect(),
        dropped_attributes: span.dropped,
        dropped_events: 0,
        dropped_links: 0,
        status: Some(proto::Status {
            message: span.status_message.to_string(),
            code: match span.status {
                SpanStatus::Unset => 0,
                SpanStatus::Ok => 1,
                SpanStatus::Error => 2,
            },
        }),
    }
}

fn key_value(key: &str, value: &Attribute) -> proto::KeyValue {
    proto::KeyValue { key: key.to_owned(), value: Some(any(value)) }
}

fn any(value: &Attribute) -> proto::AnyValue {
    let kind = match value {
        Attribute::Text(text) => proto::Kind::Text(text.to_string()),
        Attribute::Int(number) => proto::Kind::Int(*number),
        Attribute::Float(number) => proto::Kind::Double(*number),
        Attribute::Bool(value) => proto::Kind::Bool(*value),
        Attribute::List(all) => proto::Kind::List(proto::List { values: all.iter().map(any).collect() }),
    };
    proto::AnyValue { kind: Some(kind) }
}

/// The list of batches.
pub fn json(trace: &proto::Trace) -> Value {
    let scope = |scope: &proto::ScopeSpans| {
        let spans: Vec<Value> = scope.spans.iter().map(span_json).collect();
        json!({ "scope": { "name": scope.scope.as_ref().map_or("", |scope| &scope.name) }, "spans": spans })
    };
    let batch = |batch: &proto::ResourceSpans| {
        let scopes: Vec<Value> = batch.scope_spans.iter().map(scope).collect();
        let attributes = batch.resource.as_ref().map_or(&[][..], |resource| &resource.attributes);
        json!({ "resource": { "attributes": attributes_json(attributes) }, "scopeSpans": scopes })
    };
    trace.batches.iter().map(batch).collect()
}

fn span_json(span: &proto::Span) -> Value {
    const KINDS: [&str; 6] = ["UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"];
    const CODES: [&str; 3] = ["UNSET", "OK", "ERROR"];
    let mut out = Map::new();
    let mut put = |name: &str, value: Value| {
        out.insert(name.to_owned(), value);
    };
    put("traceId", base64(&span.trace).into());
    put("spanId", base64(&span.id).into());
    if !span.parent.is_empty() {
        put("parentSpanId", base64(&span.parent).into());
    }
    put("name", span.name.as_str().into());
    if let Some(kind) = KINDS.get(span.kind as usize).filter(|_| span.kind > 0) {
        put("kind", format!("SPAN_KIND_{kind}").into());
    }
    put("startTimeUnixNano", span.start.to_string().into());
    put("endTimeUnixNano", span.end.to_string().into());
    if !span.attributes.is_empty() {
        put("attributes", attributes_json(&span.attributes));
    }
    if !span.events.is_empty() {
        let event = |event: &proto::Event| {
            json!({
                "timeUnixNano": event.time.to_string(),
                "name": event.name,
                "attributes": attributes_json(&event.attributes),
            })
        };
        put("events", span.events.iter().map(event).collect());
    }
    if !span.links.is_empty() {
        let link = |link: &proto::Link| {
            json!({
                "traceId": base64(&link.trace),
                "spanId": base64(&link.id),
                "attributes": attributes_json(&link.attributes),
            })
        };
        put("links", span.links.iter().map(link).collect());
    }
    if span.dropped_attributes > 0 {
        put("droppedAttributesCount", span.dropped_attributes.into());
    }
    let mut status = Map::new();
    if let Some(said) = &span.status {
        if !said.message.is_empty() {
            status.insert("message".to_owned(), said.message.as_str().into());
        }
        if let Some(code) = CODES.get(said.code as usize).filter(|_| said.code > 0) {
            status.insert("code".to_owned(), format!("STATUS_CODE_{code}").into());
        }
    }
    put("status", status.into());
    out.into()
}

fn attributes_json(all: &[proto::KeyValue]) -> Value {
    let value = |value: &Option<proto::AnyValue>| value.as_ref().map_or(Value::Null, any_json);
    all.iter().map(|pair| json!({ "key": pair.key, "value": value(&pair.value) })).collect()
}

fn any_json(value: &proto::AnyValue) -> Value {
    match &value.kind {
        None => json!({}),
        Some(proto::Kind::Text(text)) => json!({ "stringValue": text }),
        Some(proto::Kind::Bool(value)) => json!({ "boolValue": value }),
        Some(proto::Kind::Int(number)) => json!({ "intValue": number.to_string() }),
        Some(proto::Kind::Double(number)) => json!({ "doubleValue": number }),
        Some(proto::Kind::List(list)) => {
            json!({ "arrayValue": { "values": list.values.iter().map(any_json).collect::<Vec<_>>() } })
        }
        Some(proto::Kind::Map(map)) => {
            json!({ "kvlistValue": { "values": attributes_json(&map.values) } })
        }
        Some(proto::Kind::Bytes(bytes)) => json!({ "bytesValue": base64(bytes) }),
    }
}

/// Base64 with padding (RFC 4648).
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let byte = |at: usize| u32::from(three.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * at) & 63) as usize];
            out.push(if at > three.len() { '=' } else { char::from(letter) });
        }
    }
    out
}

#[cfg(test)]
mod unit_tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_rfc() {
        for (bytes, expected) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64(bytes.as_bytes()), expected);
        }
        assert_eq!(
            base64(&0x19f3_f0e3_dfb8_f650_15a1_0f50_7efb_6740_u128.to_be_bytes()),
            "GfPw49+49lAVoQ9QfvtnQA=="
        );
    }
}
