//! Spans.

use super::minute::{failing, minute, notices, record, request, world};
use crate::demo::event::{Cause, NoticeKind, Sink as _};
use crate::model::{Attribute, Span, SpanKind, SpanStatus};

fn text<'a>(span: &'a Span, name: &str) -> Option<&'a str> {
    span.attributes.iter().find(|(known, _)| &**known == name).and_then(|(_, value)| match value {
        Attribute::Text(text) => Some(&**text),
        _ => None,
    })
}

fn value<'a>(span: &'a Span, name: &str) -> Option<&'a Attribute> {
    span.attributes.iter().find(|(known, _)| &**known == name).map(|(_, value)| value)
}

#[test]
fn a_trace_is_a_tree_within_its_request() {
    let (_, traces) = minute();
    for trace in &traces {
        assert!(trace.spans.is_sorted_by_key(|span| span.start));
        assert_eq!(trace.spans.iter().filter(|span| span.parent_id.is_none()).count(), 1);
        for span in &trace.spans {
            assert_eq!(span.trace_id, trace.id);
            assert!(span.duration >= 0);
            let parent = span.parent_id;
            assert!(parent.is_none_or(|id| trace.spans.iter().any(|other| other.span_id == id)));
            let ids = trace.spans.iter().filter(|other| other.span_id == span.span_id).count();
            assert_eq!(ids, 1);
            let mut names: Vec<&str> = span.attributes.iter().map(|(name, _)| &**name).collect();
            names.sort_unstable();
            assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "{names:?}");
        }
    }
}

#[test]
fn spans_carry_the_fields_attributes() {
    let world = world();
    let class = world.classes.iter().position(|class| &*class.operation == "transcribe").expect("a class");
    let (_, traces) = record(&[request(&world, 9, class)], &[]);
    let span = |name: &str| traces[0].spans.iter().find(|span| &*span.name == name).expect("a span");

    let root = span("POST /v1/transcribe");
    assert_eq!(
        (root.kind, &*root.service, root.status),
        (SpanKind::Server, "api-gateway", SpanStatus::Unset)
    );
    assert_eq!(value(root, "http.response.status_code"), Some(&Attribute::Int(200)));
    let operation = span("medical_operation.transcribe");
    assert_eq!(text(operation, "medical.operation"), Some("transcribe"));
    assert_eq!(value(operation, "medical.operation.success"), Some(&Attribute::Bool(true)));
    assert_eq!(value(operation, "medical.operation.error"), None);
    assert!(text(operation, "medical.user_id").is_some() && text(operation, "medical.department").is_some());
    let model = span("ai_inference.medgemma-4b");
    assert_eq!((model.kind, &*model.service), (SpanKind::Internal, "ai-engine"));
    assert_eq!(text(model, "ai.model.name"), Some("medgemma-4b"));
    assert_eq!(text(model, "gen_ai.request.model"), Some("medgemma-4b"));
    assert_eq!(
        value(model, "gen_ai.response.finish_reasons"),
        Some(&Attribute::List(vec![Attribute::Text("stop".into())]))
    );
    assert!(matches!(value(model, "gen_ai.usage.input_tokens"), Some(Attribute::Int(_))));
    assert!(matches!(
        value(span("medical_nlp_processing"), "nlp.entities_extracted"),
        Some(Attribute::Int(_))
    ));
    // What it called is as sure of itself as the model below.
    for name in ["whisper_inference", "ai_inference.whisper-large"] {
        assert_eq!(value(span(name), "transcription.confidence"), Some(&Attribute::Float(0.9235)));
    }
    let query = span("db.query");
    assert_eq!(
        (query.kind, &*query.service),
        (SpanKind::Client, "medical-api"),
        "a database writes no spans"
    );
    assert_eq!(
        (text(query, "peer.service"), text(query, "db.system.name")),
        (Some("postgresql"), Some("postgresql"))
    );
    let version =
        query.resource.iter().find(|(name, _)| &**name == "service.version").map(|(_, value)| value);
    assert_eq!(version, Some(&Attribute::Text("7.3.1".into())));
    assert!(query.resource.iter().any(|(name, _)| &**name == "host.name"));
}

#[test]
fn a_failure_has_status_message_and_exception() {
    let world = world();
    let class = world.classes.iter().position(|class| &*class.operation == "update_record").expect("a class");
    let step = world.classes[class].steps.iter().position(|step| step.name.starts_with("medical_operation."));
    let step = step.expect("a step");
    let (_, traces) = record(&[failing(&world, 3, class, step, Cause::Internal)], &[]);
    let span =
        traces[0].spans.iter().find(|span| span.name.starts_with("medical_operation.")).expect("a span");
    assert_eq!(span.status, SpanStatus::Error);
    assert!(!span.status_message.is_empty());
    assert_eq!(text(span, "medical.operation.error"), Some(&*span.status_message));
    let [event] = span.events.as_slice() else { panic!("{:?}", span.events) };
    let names: Vec<&str> = event.attributes.iter().map(|(name, _)| &**name).collect();
    assert_eq!(
        (&*event.name, names.as_slice()),
        ("exception", &["exception.type", "exception.message", "exception.stacktrace"][..])
    );
    assert_eq!(event.at, span.end());

    let (_, traces) = record(&[failing(&world, 3, class, step, Cause::Refused)], &[]);
    let span =
        traces[0].spans.iter().find(|span| span.name.starts_with("medical_operation.")).expect("a span");
    assert_eq!((span.kind, &*span.service), (SpanKind::Client, "api-gateway"), "nobody listens there");
    assert_eq!(text(span, "peer.service"), Some("medical-api"));
}

#[test]
fn a_deploy_changes_the_version_from_then_on() {
    let world = world();
    let start = notices(&world)
        .into_iter()
        .find(|notice| notice.service == 2 && matches!(notice.what, NoticeKind::Started { .. }))
        .expect("a notice");
    let signals = super::minute::signals(&world);
    let mut recorder = crate::demo::Recorder::new(std::sync::Arc::clone(&world), signals, 7);
    recorder.finished(&request(&world, 1, 2));
    recorder.notice(&start);
    recorder.finished(&request(&world, 2, 2));
    let (_, traces) = recorder.finish();
    let versions: Vec<&Attribute> = traces
        .iter()
        .flat_map(|trace| &trace.spans)
        .filter(|span| span.name.starts_with("medical_operation"))
        .flat_map(|span| span.resource.iter())
        .filter(|(name, _)| &**name == "service.version")
        .map(|(_, value)| value)
        .collect();
    assert_eq!(versions, [&Attribute::Text("7.3.1".into()), &Attribute::Text("9.9.9".into())]);
}
