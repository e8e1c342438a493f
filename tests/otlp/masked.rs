//! Personal data in traces is masked while it is read, wherever it stands, and counted by service.

use plantao::client::fuzzing;
use plantao::demo::servers::tempo::proto::{
    AnyValue, Event, KeyValue, Kind, List, Map, Resource, ResourceSpans, Scope, ScopeSpans, Span, Status,
    Trace,
};
use plantao::model::Attribute;

use crate::{doc, forms_of};

const CPF: &str = "529.982.247-25";
const DIGITS: i64 = 52_998_224_725;

fn text(text: &str) -> AnyValue {
    AnyValue { kind: Some(Kind::Text(text.to_owned())) }
}

fn pair(key: &str, value: AnyValue) -> KeyValue {
    KeyValue { key: key.to_owned(), value: Some(value) }
}

fn one(kind: Kind) -> AnyValue {
    AnyValue { kind: Some(kind) }
}

/// A trace whose one span says the same person's number in every place.
fn everywhere() -> Trace {
    let list = List { values: vec![text("fine"), text(CPF)] };
    let map = Map { values: vec![pair("patient_name", text("Maria Silva")), pair("n", one(Kind::Int(1)))] };
    let span = Span {
        trace: 0xab_u128.to_be_bytes().to_vec(),
        id: 1_u64.to_be_bytes().to_vec(),
        name: format!("GET /patients/{CPF}"),
        start: 1_795_324_275_381_911_040,
        end: 1_795_324_275_381_911_999,
        attributes: vec![
            pair("note", text(&format!("CPF {CPF} called"))),
            pair("patient_name", text("Maria Silva")),
            pair("cpf", one(Kind::Int(DIGITS))),
            pair("document.cpf", one(Kind::Double(DIGITS as f64))),
            pair("list", one(Kind::List(list))),
            pair("map", one(Kind::Map(map))),
            pair("patient_id", one(Kind::Int(7))),
            pair("blob", one(Kind::Bytes(CPF.as_bytes().to_vec()))),
            pair("http.status", one(Kind::Int(200))),
            pair("stack", text("line one\nline two\u{1b}[31m")),
        ],
        events: vec![Event {
            time: 1,
            name: "exception".to_owned(),
            attributes: vec![pair("exception.message", text(&format!("no such patient: cpf={CPF}")))],
        }],
        status: Some(Status { message: format!("patient {CPF} not found"), code: 2 }),
        ..Span::default()
    };
    let resource = Resource { attributes: vec![pair("service.name", text("api")), pair("owner", text(CPF))] };
    let scope = ScopeSpans { scope: Some(Scope { name: "feed".to_owned() }), spans: vec![span] };
    Trace { batches: vec![ResourceSpans { resource: Some(resource), scope_spans: vec![scope] }] }
}

#[test]
fn nothing_of_a_person_comes_through_in_any_form() {
    let mut all = Vec::new();
    for (bytes, protobuf, version_2) in forms_of(everywhere()) {
        let doc = doc(fuzzing::trace(&bytes, protobuf, version_2));
        let shown = format!("{doc:?}");
        for raw in [CPF, "52998224725", "5.2998224725e10", "Maria", "Silva", "\u{1b}"] {
            assert!(!shown.contains(raw), "{raw} in {shown}");
        }
        let span = &doc.trace.spans[0];
        assert_eq!((&*span.service, &*span.scope), ("api", "feed"));
        let value = |name: &str| &span.attributes.iter().find(|(key, _)| **key == *name).expect(name).1;
        assert_eq!(value("http.status"), &Attribute::Int(200));
        assert_eq!(value("stack"), &Attribute::Text("line one\nline two".into()), "lines stay, colours go");
        assert_eq!(value("blob"), &Attribute::Text("<14 bytes>".into()));
        for masked in ["cpf", "document.cpf", "patient_name", "patient_id"] {
            let Attribute::Text(mark) = value(masked) else { panic!("{masked}: {span:?}") };
            assert!(mark.starts_with('‹') && mark.ends_with('›'), "{masked}: {mark}");
        }
        assert_eq!(value("cpf"), value("document.cpf"), "one number, one pseudonym");
        let streams: Vec<_> = doc.leaks.iter().map(|leak| leak.stream.as_deref()).collect();
        assert!(
            streams.iter().all(|stream| *stream == Some(r#"{resource.service.name="api"}"#)),
            "{streams:?}"
        );
        let count = |kind: &str| -> u64 {
            doc.leaks.iter().filter(|leak| leak.kind.as_deref() == Some(kind)).map(|leak| leak.count).sum()
        };
        // The name, the note, two numbers, the list, the event, the status, the resource.
        assert_eq!(count("cpf"), 8, "{:?}", doc.leaks);
        assert_eq!(count("patient_name"), 2, "{:?}", doc.leaks);
        assert!(doc.leaks.iter().all(|leak| leak.first.timestamp() == 1_795_324_275), "{:?}", doc.leaks);
        all.push(doc.trace);
    }
    assert!(all.windows(2).all(|pair| pair[0].spans == pair[1].spans), "every form is the same trace");
}

/// What stands in many spans is masked once, but counted every time.
#[test]
fn leaks_are_counted_in_every_span_that_has_them() {
    let mut trace = everywhere();
    let spans = &mut trace.batches[0].scope_spans[0].spans;
    spans[0].attributes.retain(|pair| pair.key == "note");
    (spans[0].events, spans[0].status, spans[0].name) = (Vec::new(), None, "GET".to_owned());
    for id in 2..=50_u64 {
        let mut next = spans[0].clone();
        next.id = id.to_be_bytes().to_vec();
        spans.push(next);
    }
    trace.batches[0].resource.as_mut().unwrap().attributes.pop();
    for (bytes, protobuf, version_2) in forms_of(trace) {
        let doc = doc(fuzzing::trace(&bytes, protobuf, version_2));
        assert_eq!(doc.leaks.len(), 1);
        assert_eq!(doc.leaks[0].count, 50);
    }
}
