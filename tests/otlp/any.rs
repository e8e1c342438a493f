//! Traces of every kind.

use std::sync::Arc;

use plantao::model::{
    Attribute, Attributes, Span, SpanEvent, SpanId, SpanKind, SpanLink, SpanStatus, Trace, TraceId,
};
use proptest::prelude::*;
use proptest::sample::select;

/// Words that are nobody's: nothing in them is masked.
fn word() -> impl Strategy<Value = Arc<str>> {
    prop_oneof![
        Just("".into()),
        "[a-z]{1,8}([ ./_-][a-z]{1,8}){0,3}".prop_map(Arc::from),
        select(vec!["árvore", "日本", "a\"b\\c", "x y", "{\"k\":1}"]).prop_map(Arc::from),
    ]
}

fn key() -> impl Strategy<Value = Arc<str>> {
    select(vec!["http.method", "db.system", "n", "ai.model", "ключ", "a b"]).prop_map(Arc::from)
}

fn value() -> impl Strategy<Value = Attribute> {
    let leaf = prop_oneof![
        word().prop_map(Attribute::Text),
        // Longer numbers can be somebody's.
        (-9_999_999_i64..9_999_999).prop_map(Attribute::Int),
        select(vec![0.0, -0.5, 1e-9, 12.25, 1e6]).prop_map(Attribute::Float),
        any::<bool>().prop_map(Attribute::Bool),
    ];
    leaf.prop_recursive(2, 8, 4, |inner| prop::collection::vec(inner, 0..4).prop_map(Attribute::List))
}

fn attributes() -> impl Strategy<Value = Attributes> {
    prop::collection::vec((key(), value()), 0..4)
}

fn event() -> impl Strategy<Value = SpanEvent> {
    (0..i64::MAX, word(), attributes()).prop_map(|(at, name, attributes)| SpanEvent { at, name, attributes })
}

fn link() -> impl Strategy<Value = SpanLink> {
    (any::<u128>(), any::<u64>(), attributes()).prop_map(|(trace, span, attributes)| SpanLink {
        trace_id: TraceId(trace),
        span_id: SpanId(span),
        attributes,
    })
}

fn span() -> impl Strategy<Value = Span> {
    let kinds = vec![
        SpanKind::Unspecified,
        SpanKind::Internal,
        SpanKind::Server,
        SpanKind::Client,
        SpanKind::Producer,
        SpanKind::Consumer,
    ];
    let states = vec![SpanStatus::Unset, SpanStatus::Ok, SpanStatus::Error];
    let ids = (any::<u128>(), any::<u64>(), prop::option::of(1..u64::MAX));
    let times = (0..i64::MAX / 2, 0..i64::MAX / 2);
    let words = (select(vec!["api", "db", "", "câmera"]), word(), word(), select(vec!["feed", "otel"]));
    let lists = (
        attributes(),
        prop::collection::vec(event(), 0..3),
        prop::collection::vec(link(), 0..3),
        prop::collection::vec((select(vec!["host.name", "pod"]).prop_map(Arc::from), value()), 0..2),
    );
    (ids, times, words, select(kinds), select(states), lists, 0..5_u32).prop_map(
        |(ids, times, words, kind, status, lists, dropped)| Span {
            trace_id: TraceId(ids.0),
            span_id: SpanId(ids.1),
            parent_id: ids.2.map(SpanId),
            service: words.0.into(),
            name: words.1,
            kind,
            start: times.0,
            duration: times.1,
            status,
            status_message: words.2,
            attributes: lists.0,
            resource: Arc::new(lists.3),
            events: lists.1,
            links: lists.2,
            scope: words.3.into(),
            dropped,
        },
    )
}

/// A trace of a few spans.
pub fn trace() -> impl Strategy<Value = Trace> {
    prop::collection::vec(span(), 0..8).prop_map(|spans| Trace { id: TraceId(1), spans })
}

/// The same trace always: three services, an error with its event.
pub fn fixed() -> Trace {
    let span = |id: u64, service: &str, start: i64| Span {
        trace_id: TraceId(0xab),
        span_id: SpanId(id),
        parent_id: (id > 1).then_some(SpanId(id - 1)),
        service: service.into(),
        name: "GET /".into(),
        start,
        duration: 1000,
        scope: "feed".into(),
        attributes: vec![("http.status".into(), Attribute::Int(200))],
        ..Span::default()
    };
    let mut spans = vec![span(1, "api", 10), span(2, "auth", 20), span(3, "db", 30), span(4, "db", 40)];
    spans[3].status = SpanStatus::Error;
    spans[3].events = vec![SpanEvent {
        at: 35,
        name: "exception".into(),
        attributes: vec![("exception.type".into(), Attribute::Text("Timeout".into()))],
    }];
    Trace { id: TraceId(0xab), spans }
}
