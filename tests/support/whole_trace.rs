//! A trace that has everything a trace can have.

use std::sync::Arc;

use plantao::model::{
    Attribute, Span, SpanEvent, SpanId, SpanKind, SpanLink, SpanStatus, Trace, TraceDoc, TraceHit, TraceId,
    TraceService,
};

fn span() -> Span {
    let attributes = vec![
        ("text".into(), Attribute::Text("a".into())),
        ("list".into(), Attribute::List(vec![Attribute::Int(1), Attribute::Float(f64::NAN)])),
        ("yes".into(), Attribute::Bool(true)),
    ];
    Span {
        trace_id: TraceId(1),
        span_id: SpanId(2),
        parent_id: Some(SpanId(3)),
        service: "api".into(),
        name: "GET /".into(),
        kind: SpanKind::Server,
        start: 1_795_324_275_381_911_040,
        duration: 1_000,
        status: SpanStatus::Error,
        status_message: "no".into(),
        attributes: attributes.clone(),
        resource: Arc::new(vec![("host.name".into(), Attribute::Text("h".into()))]),
        events: vec![SpanEvent { at: 1, name: "exception".into(), attributes: attributes.clone() }],
        links: vec![SpanLink { trace_id: TraceId(4), span_id: SpanId(5), attributes }],
        scope: "feed".into(),
        dropped: 1,
    }
}

/// As a search finds it.
pub fn hit() -> TraceHit {
    TraceHit {
        id: TraceId(1),
        root_service: "api".into(),
        root_name: "GET /".into(),
        start: 1_795_324_275_381_911_040,
        duration: 1_000_000,
        services: vec![TraceService { name: "api".into(), spans: 1, errors: 1 }],
        matched: vec![span()],
        matched_count: 1,
    }
}

/// Whole.
pub fn whole() -> TraceDoc {
    let trace = Arc::new(Trace { id: TraceId(1), spans: vec![span()] });
    TraceDoc { trace, ..TraceDoc::default() }
}
