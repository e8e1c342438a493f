//! The body of OTLP/HTTP's `POST /v1/traces` in JSON (opentelemetry.io/docs/specs/otlp, "JSON Protobuf
//! Encoding"): ids are hex there and 64-bit numbers are strings. JSON rather than protobuf because
//! every receiver takes both, and it needs no library.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::model::{Attribute, Attributes, Span, SpanKind, SpanStatus};

/// Media type of the body.
pub(super) const MEDIA: &str = "application/json";

/// The body for these spans.
pub(super) fn body(spans: &[Span]) -> Vec<u8> {
    let mut resources: Vec<(&Arc<str>, &Arc<Attributes>, Vec<Value>)> = Vec::new();
    for span in spans {
        let same = |(service, resource, _): &&mut (&Arc<str>, &Arc<Attributes>, Vec<Value>)| {
            **service == span.service
                && (Arc::ptr_eq(resource, &span.resource) || **resource == span.resource)
        };
        match resources.iter_mut().find(same) {
            Some((_, _, list)) => list.push(one(span)),
            None => resources.push((&span.service, &span.resource, vec![one(span)])),
        }
    }
    let resources: Vec<Value> = resources
        .into_iter()
        .map(|(service, resource, spans)| {
            let mut attributes = vec![json!({"key": "service.name", "value": {"stringValue": &**service}})];
            attributes.extend(all(resource));
            json!({
                "resource": {"attributes": attributes},
                "scopeSpans": [{"scope": {"name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION")}, "spans": spans}],
            })
        })
        .collect();
    serde_json::to_vec(&json!({"resourceSpans": resources})).unwrap_or_default()
}

fn one(span: &Span) -> Value {
    let events: Vec<Value> = span
        .events
        .iter()
        .map(|event| {
            json!({
                "timeUnixNano": event.at.to_string(),
                "name": &*event.name,
                "attributes": all(&event.attributes),
            })
        })
        .collect();
    let mut value = json!({
        "traceId": span.trace_id.to_string(),
        "spanId": span.span_id.to_string(),
        "name": &*span.name,
        "kind": match span.kind {
            SpanKind::Unspecified => 0,
            SpanKind::Internal => 1,
            SpanKind::Server => 2,
            SpanKind::Client => 3,
            SpanKind::Producer => 4,
            SpanKind::Consumer => 5,
        },
        "startTimeUnixNano": span.start.to_string(),
        "endTimeUnixNano": span.end().to_string(),
        "attributes": all(&span.attributes),
        "events": events,
        "status": {
            "message": &*span.status_message,
            "code": match span.status {
                SpanStatus::Unset => 0,
                SpanStatus::Ok => 1,
                SpanStatus::Error => 2,
            },
        },
    });
    if let (Some(parent), Some(object)) = (span.parent_id, value.as_object_mut()) {
        object.insert("parentSpanId".to_owned(), parent.to_string().into());
    }
    value
}

fn all(attributes: &Attributes) -> Vec<Value> {
    attributes.iter().map(|(key, value)| json!({"key": &**key, "value": any(value)})).collect()
}

fn any(attribute: &Attribute) -> Value {
    match attribute {
        Attribute::Text(text) => json!({"stringValue": &**text}),
        Attribute::Int(n) => json!({"intValue": n.to_string()}),
        // Protobuf's JSON writes what JSON numbers cannot say as text.
        Attribute::Float(n) if n.is_nan() => json!({"doubleValue": "NaN"}),
        Attribute::Float(n) if n.is_infinite() => {
            json!({"doubleValue": if *n > 0.0 { "Infinity" } else { "-Infinity" }})
        }
        Attribute::Float(n) => json!({"doubleValue": n}),
        Attribute::Bool(word) => json!({"boolValue": word}),
        Attribute::List(list) => {
            json!({"arrayValue": {"values": list.iter().map(any).collect::<Vec<Value>>()}})
        }
    }
}

/// How many spans a receiver that answered 2xx did not take all the same, and why
/// (`ExportTracePartialSuccess`).
pub(super) fn rejected(body: &[u8]) -> Option<(u64, String)> {
    let answer: Value = serde_json::from_slice(body).ok()?;
    let partial = answer.get("partialSuccess")?;
    let rejected = partial.get("rejectedSpans")?;
    // A 64-bit number is a string there, but not every receiver knows.
    let count = rejected.as_u64().or_else(|| rejected.as_str()?.parse().ok()).filter(|count| *count > 0)?;
    let why = partial.get("errorMessage").and_then(Value::as_str).unwrap_or("");
    Some((count, why.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{SpanEvent, SpanId, TraceId};

    fn span() -> Span {
        Span {
            trace_id: TraceId(0xab),
            span_id: SpanId(0xcd),
            parent_id: Some(SpanId(0xef)),
            service: "api".into(),
            name: "GET /".into(),
            kind: SpanKind::Server,
            start: 1_000,
            duration: 500,
            status: SpanStatus::Error,
            status_message: "no".into(),
            attributes: vec![
                ("n".into(), Attribute::Int(7)),
                ("f".into(), Attribute::Float(f64::NAN)),
                ("l".into(), Attribute::List(vec![Attribute::Bool(true)])),
            ],
            resource: Arc::new(vec![("service.version".into(), Attribute::Text("1".into()))]),
            events: vec![SpanEvent { at: 1_200, name: "exception".into(), attributes: Vec::new() }],
            ..Span::default()
        }
    }

    #[test]
    fn a_span_is_written_as_otlp_wants_it() {
        let root = Span { span_id: SpanId(1), parent_id: None, ..span() };
        let other = Span { service: "db".into(), ..span() };
        let body: Value = serde_json::from_slice(&body(&[span(), other, root])).expect("JSON");
        let resources = body["resourceSpans"].as_array().expect("resources");
        assert_eq!(resources.len(), 2);
        assert_eq!(resources[0]["resource"]["attributes"][0]["value"]["stringValue"], "api");
        assert_eq!(resources[0]["resource"]["attributes"][1]["key"], "service.version");
        let spans = resources[0]["scopeSpans"][0]["spans"].as_array().expect("spans");
        assert_eq!(spans.len(), 2);
        let first = &spans[0];
        assert_eq!(first["traceId"], "000000000000000000000000000000ab");
        assert_eq!(
            (&first["spanId"], &first["parentSpanId"]),
            (&json!("00000000000000cd"), &json!("00000000000000ef"))
        );
        assert_eq!(
            (&first["startTimeUnixNano"], &first["endTimeUnixNano"]),
            (&json!("1000"), &json!("1500"))
        );
        assert_eq!((&first["kind"], &first["status"]), (&json!(2), &json!({"code": 2, "message": "no"})));
        assert_eq!(first["attributes"][0]["value"], json!({"intValue": "7"}));
        assert_eq!(first["attributes"][1]["value"], json!({"doubleValue": "NaN"}));
        assert_eq!(first["attributes"][2]["value"], json!({"arrayValue": {"values": [{"boolValue": true}]}}));
        assert_eq!(first["events"][0]["timeUnixNano"], "1200");
        assert_eq!(spans[1].get("parentSpanId"), None);
    }

    #[test]
    fn a_partial_success_is_read() {
        let said = |text: &str| rejected(text.as_bytes());
        assert_eq!(
            said(r#"{"partialSuccess":{"rejectedSpans":"3","errorMessage":"old"}}"#),
            Some((3, "old".into()))
        );
        assert_eq!(said(r#"{"partialSuccess":{"rejectedSpans":3}}"#), Some((3, String::new())));
        for fine in ["", "{}", r#"{"partialSuccess":{}}"#, r#"{"partialSuccess":{"rejectedSpans":"0"}}"#] {
            assert_eq!(said(fine), None, "{fine}");
        }
    }
}
