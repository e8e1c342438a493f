//! A server cannot buy memory with short fields: what is left out is counted and said.

use plantao::client::fuzzing;
use plantao::demo::servers::tempo::proto::{
    AnyValue, Event, KeyValue, Kind, List, ResourceSpans, ScopeSpans, Span, Trace,
};
use plantao::model::Attribute;

use crate::{doc, forms_of};

fn with(span: Span) -> Trace {
    let scope = ScopeSpans { scope: None, spans: vec![span] };
    Trace { batches: vec![ResourceSpans { resource: None, scope_spans: vec![scope] }] }
}

fn number(at: usize) -> AnyValue {
    AnyValue { kind: Some(Kind::Int(at as i64)) }
}

#[test]
fn attributes_and_events_without_end_are_counted_as_dropped() {
    let attributes =
        (0..2000).map(|at| KeyValue { key: format!("k{at}"), value: Some(number(at)) }).collect();
    let events = vec![Event::default(); 3000];
    let span = Span { attributes, events, dropped_attributes: 7, ..Span::default() };
    for (bytes, protobuf, version_2) in forms_of(with(span)) {
        let doc = doc(fuzzing::trace(&bytes, protobuf, version_2));
        let span = &doc.trace.spans[0];
        let (attributes, events) = (span.attributes.len(), span.events.len());
        assert!((100..2000).contains(&attributes) && (100..3000).contains(&events));
        assert_eq!(span.dropped as usize, 7 + 2000 - attributes + 3000 - events);
    }
}

/// Lists in lists in lists: deeper than anybody writes, in either encoding, is read without an end of the stack.
#[test]
fn lists_in_lists_end_somewhere() {
    for depth in [10, 30, 5000] {
        let mut value = number(1);
        for _ in 0..depth {
            value = AnyValue { kind: Some(Kind::List(List { values: vec![value] })) };
        }
        let mut bytes = Vec::new();
        let pair = KeyValue { key: "deep".to_owned(), value: None };
        // Prost's own writer is recursive too: deep values are written by hand.
        if depth < 100 {
            let span = Span { attributes: vec![KeyValue { value: Some(value), ..pair }], ..Span::default() };
            bytes.extend(prost::Message::encode_to_vec(&with(span)));
        } else {
            std::mem::forget(value);
            let mut inner = vec![0x18, 0x01];
            for _ in 0..depth {
                inner = field(5, field(1, inner));
            }
            bytes = field(1, field(2, field(2, field(9, field(2, inner)))));
        }
        let doc = doc(fuzzing::trace(&bytes, true, false));
        let mut levels = 0;
        let mut value = &doc.trace.spans[0].attributes[0].1;
        while let Attribute::List(all) = value {
            levels += 1;
            match all.first() {
                Some(inner) => value = inner,
                None => break,
            }
        }
        assert!(levels >= depth.min(10) && levels < 100, "{levels} levels of {depth}");
    }
    let deep = format!(
        r#"{{"batches":[{{"scopeSpans":[{{"spans":[{{"attributes":[{{"key":"a","value":{}1{}}}]}}]}}]}}]}}"#,
        r#"{"arrayValue":{"values":["#.repeat(5000),
        "]}}".repeat(5000)
    );
    let fault = fuzzing::trace(deep.as_bytes(), false, false).expect_err("too deep");
    assert!(fault.detail.contains("recursion"), "{}", fault.detail);
}

/// A field of bytes.
fn field(tag: u8, bytes: Vec<u8>) -> Vec<u8> {
    let mut out = vec![tag << 3 | 2];
    let mut length = bytes.len();
    while length >= 0x80 {
        out.push(length as u8 | 0x80);
        length >>= 7;
    }
    out.push(length as u8);
    out.extend(bytes);
    out
}
