use chrono::TimeDelta;

use super::*;
use crate::model::evidence::*;
use crate::model::{Labels, MatchOp, SpanStatus};
use crate::query::promql::{Promql, Value};

fn at(s: i64) -> Time {
    chrono::DateTime::from_timestamp(1_795_323_600, 0).expect("a moment") + TimeDelta::seconds(s)
}

fn ns(s: i64) -> i64 {
    at(s).timestamp_nanos_opt().expect("in range")
}

/// A quarter of an hour: a series with a gap, an alert, a line, a trace, a recorded query.
fn evidence() -> Evidence {
    let mut evidence = Evidence::new(Manifest {
        id: "INC-1".to_owned(),
        window: Period { start: at(0), end: at(900) },
        baselines: vec![Period { start: at(-900), end: at(-60) }],
        symptom: None,
        source: "test".to_owned(),
    });
    let samples = [(0, Some(1.0)), (15, Some(2.0)), (30, None), (600, Some(3.0))];
    evidence.series.push(SeriesRecord {
        name: "heat".into(),
        labels: Labels::new([("service", "machine")]),
        samples: samples.map(|(s, v)| (at(s).timestamp() as f64, v)).to_vec(),
    });
    evidence.alerts.push(AlertRecord {
        name: "Hot".into(),
        labels: Labels::new([("severity", "high")]),
        starts_at: at(300),
        ends_at: Some(at(500)),
    });
    evidence.logs.push(LogRecord {
        ts: ns(310),
        labels: Labels::new([("service", "machine"), ("level", "error")]),
        line: "too hot".into(),
        trace_id: Some("ab".into()),
        span_id: None,
    });
    for (id, parent, service) in [("1", None, "front"), ("2", Some("1"), "back")] {
        evidence.spans.push(SpanRecord {
            trace_id: "not hex".into(),
            span_id: id.into(),
            parent_id: parent.map(Into::into),
            service: service.into(),
            name: "GET".into(),
            start: ns(320),
            duration: 5_000_000,
            status: SpanStatus::Error,
            attributes: Labels::new([("span.kind", "server"), ("a", "b")]),
        });
    }
    let t = at(0).timestamp();
    evidence.others.push(OtherRecord {
        kind: "query".into(),
        json: format!(
            "{{\"kind\":\"query\",\"query\":\"sum by (job) (rate(x[1m]))\",\"source\":\"prometheus\",\"step_s\":15,\
             \"series\":[{{\"labels\":{{\"job\":\"a\"}},\"samples\":[[{t},1.5],[{},\"NaN\"],[{},2]]}}]}}",
            t + 15,
            t + 60
        )
        .into(),
    });
    evidence
}

fn place() -> BlackBox {
    BlackBox::new(&evidence(), &crate::pack::load("hospital", &[]).expect("the pack"))
}

fn value(place: &BlackBox, query: &str, s: i64) -> Vec<(String, f64)> {
    match Promql::parse(query).expect(query).instant(place, at(s).timestamp_millis()).expect(query) {
        Value::Vector(all) => all.into_iter().map(|(labels, point)| (labels.to_string(), point.v)).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_gap_of_the_file_is_a_gap_of_the_answer() {
    let place = place();
    assert_eq!(value(&place, "heat", 20), [("heat{service=\"machine\"}".to_owned(), 2.0)]);
    assert!(value(&place, "heat", 31).is_empty(), "the file says that there was nothing");
    assert_eq!(value(&place, "max(heat)", 600)[0].1, 3.0);
}

#[test]
fn alerts_fire_while_they_fired_and_tell_since_when() {
    let place = place();
    assert!(value(&place, "ALERTS{alertname=\"Hot\"}", 299).is_empty());
    assert_eq!(value(&place, "ALERTS{alertname=\"Hot\",alertstate=\"firing\"}", 480).len(), 1);
    assert_eq!(value(&place, "ALERTS_FOR_STATE", 480)[0].1, at(300).timestamp() as f64);
    assert!(value(&place, "ALERTS", 510).is_empty(), "it is over");
}

#[test]
fn a_recorded_query_is_answered_as_it_was_and_only_to_who_asks_for_it() {
    let place = place();
    let stands = place.stands_for("sum by (job)  (rate(x[1m]))").expect("recorded, blanks apart");
    assert_eq!(value(&place, &stands, 0), [("{job=\"a\"}".to_owned(), 1.5)]);
    assert!(value(&place, &stands, 20)[0].1.is_nan());
    assert!(value(&place, &stands, 40).is_empty(), "the server had no answer there");
    assert_eq!(value(&place, &stands, 70)[0].1, 2.0);
    assert_eq!(place.stands_for("sum(rate(x[1m]))"), None);
    assert!(value(&place, "{job=\"a\"}", 0).is_empty());
}

#[test]
fn lines_and_traces_are_found_by_their_languages() {
    let place = place();
    let matcher = Matcher::new("level", MatchOp::Equal, "error").expect("a matcher");
    let mut found = Vec::new();
    place.entries(&[matcher], ns(0), ns(900), Order::Backward, &mut |line| {
        found.push(line.clone());
        ControlFlow::Continue(())
    });
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].labels.get("service_name"), Some("machine"), "every query of the pack asks for it");
    assert_eq!(found[0].metadata.get("trace_id"), Some("ab"));
    let mut traces = Vec::new();
    place.traces(ns(0), ns(900), &mut |trace| {
        traces.push(trace.clone());
        ControlFlow::Continue(())
    });
    assert_eq!(traces.len(), 1);
    assert_eq!(traces[0].spans.len(), 2);
    assert_eq!(traces[0].spans[1].parent_id, Some(traces[0].spans[0].span_id));
    assert_eq!(traces[0].spans[0].kind, crate::model::SpanKind::Server);
    assert!(place.trace(traces[0].id).is_some());
}
