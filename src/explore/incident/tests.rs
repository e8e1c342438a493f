use chrono::TimeDelta;

use super::*;
use crate::model::evidence::*;
use crate::model::{Labels, SpanStatus};

pub fn at(s: i64) -> Time {
    chrono::DateTime::from_timestamp(1_795_323_600, 0).expect("a moment") + TimeDelta::seconds(s)
}

fn ns(s: i64) -> i64 {
    at(s).timestamp_nanos_opt().expect("in range")
}

/// Half an hour of calm, a quarter of an hour with a series that jumps, an alert, errors, failed and slow requests.
fn evidence() -> Evidence {
    let mut evidence = Evidence::new(Manifest {
        id: "INC-1".to_owned(),
        window: Period { start: at(0), end: at(900) },
        baselines: vec![Period { start: at(-1860), end: at(-60) }],
        symptom: None,
        source: "test".to_owned(),
    });
    let series = |name: &str, jump: f64| SeriesRecord {
        name: name.into(),
        labels: Labels::new([("service", "machine")]),
        samples: (-124..60)
            .map(|n| {
                let calm = 10.0 + (n % 3) as f64;
                (at(n * 15).timestamp() as f64, Some(if n > 20 { calm + jump } else { calm }))
            })
            .collect(),
    };
    evidence.series = vec![series("calm", 0.0), series("heat", 40.0)];
    evidence.alerts.push(AlertRecord {
        name: "Hot".into(),
        labels: Labels::new([("service", "machine")]),
        starts_at: at(400),
        ends_at: None,
    });
    evidence.changes.push(ChangeRecord {
        at: at(290),
        title: "deployed".to_owned(),
        labels: Labels::default(),
    });
    for n in 0..60 {
        evidence.logs.push(LogRecord {
            ts: ns(300 + n * 10),
            labels: Labels::new([("service", "app"), ("level", if n % 2 == 0 { "ERROR" } else { "info" })]),
            line: "it failed\nsecond line".into(),
            trace_id: Some(format!("{n:x}").into()),
            span_id: None,
        });
    }
    for n in -100..60 {
        evidence.spans.push(SpanRecord {
            trace_id: format!("{:x}", n + 200).into(),
            span_id: "1".into(),
            parent_id: None,
            service: "app".into(),
            name: "GET".into(),
            start: ns(n * 15),
            duration: if n > 20 { 900_000_000 } else { 100_000_000 + n.rem_euclid(7) as u64 },
            status: if n > 30 { SpanStatus::Error } else { SpanStatus::Ok },
            attributes: Labels::default(),
        });
    }
    evidence
}

fn found() -> Found {
    let piece = |summary: &str| Piece {
        signal: Signal::Metric,
        summary: summary.to_owned(),
        strength: 0.9,
        at: Some(at(310)),
        goal: Goal::Metrics("heat".into()),
    };
    let cause = Cause {
        component: "machine".to_owned(),
        kind: "thermal".to_owned(),
        score: 20.0,
        confidence: 0.86,
        onset: Some(at(310)),
        summary: "too hot".to_owned(),
        evidence: vec![piece("heat 10 → 50")],
        downstream_of: vec![],
        title: String::new(),
        advice: vec![],
        playbooks: vec![],
    };
    let analysis = Analysis { verdict: Verdict::Culprit, causes: vec![cause], ..Analysis::default() };
    Found::new(Arc::new(evidence()), analysis, Circumstances::default(), at(900))
}

fn lane(found: &Found, kind: LaneKind) -> Option<&Lane> {
    found.lanes.iter().find(|lane| lane.kind == kind)
}

#[test]
fn what_the_causes_rest_on_has_a_lane_with_its_onset_and_what_is_calm_has_none() {
    let found = found();
    let series: Vec<_> = found.lanes.iter().filter(|lane| lane.kind == LaneKind::Series).collect();
    assert_eq!(series.len(), 1, "{series:?}");
    assert_eq!((series[0].name.as_str(), series[0].of_cause), ("heat", true));
    assert_eq!(series[0].onset, Some(at(310).timestamp_millis()));
    assert_eq!(series[0].step_ms, 15_000);
}

#[test]
fn a_series_that_moved_has_a_lane_although_no_cause_names_it() {
    let found = Found::new(Arc::new(evidence()), Analysis::default(), Circumstances::default(), at(900));
    assert!(found.lanes.iter().any(|lane| lane.name == "heat" && !lane.of_cause));
    assert!(found.lanes.iter().all(|lane| lane.name != "calm"));
}

#[test]
fn lines_and_traces_are_counted_and_time_without_evidence_is_a_gap() {
    let found = found();
    let errors = lane(&found, LaneKind::Errors).expect("there are errors");
    assert_eq!(errors.points.iter().map(|point| point.v).sum::<f64>(), 30.0);
    assert!(lane(&found, LaneKind::Warnings).is_none(), "nobody warned");
    let failed = lane(&found, LaneKind::Failed).expect("some failed");
    assert_eq!(failed.points.iter().map(|point| point.v).sum::<f64>(), 29.0);
    let slow = lane(&found, LaneKind::Slow).expect("some are slow");
    assert_eq!(slow.points.iter().map(|point| point.v).sum::<f64>(), 39.0);
    let between = (at(-55).timestamp_millis(), at(-30).timestamp_millis());
    assert!(errors.points.iter().all(|point| !(between.0..between.1).contains(&point.t)));
}

#[test]
fn events_are_in_order_and_name_what_happened() {
    let found = found();
    assert!(found.events.windows(2).all(|pair| pair[0].at_ms <= pair[1].at_ms));
    let first = |kind| found.events.iter().find(|event| event.kind == kind).expect("there");
    assert_eq!(first(EventKind::Change).text, "deployed");
    assert_eq!(first(EventKind::ErrorLine).text, "it failed", "one line of it");
    assert_eq!(first(EventKind::Onset).at_ms, at(310).timestamp_millis());
    assert!(matches!(first(EventKind::Failed).goal, Goal::Trace(_)));
}

#[test]
fn the_axis_begins_with_calm_time_and_a_distant_calm_is_left_out() {
    let mut found = found();
    assert_eq!(found.span(), Period { start: at(-1800), end: at(900) });
    found.baselines = vec![Period { start: at(-90_000), end: at(-86_400) }];
    assert_eq!(found.span(), Period { start: at(0), end: at(900) });
}

#[test]
fn a_value_holds_until_it_is_too_old() {
    let points = [Point { t: 0, v: 1.0 }, Point { t: 1000, v: f64::NAN }];
    assert_eq!(value_at(&points, 500, 600), Some(1.0));
    assert_eq!(value_at(&points, 1000, 600), None, "it is no number");
    assert_eq!(value_at(&points, -1, 600), None);
    assert_eq!(value_at(&points[..1], 700, 600), None);
}

#[test]
fn sureness_is_a_word_with_three_marks() {
    let cause = |confidence| Cause { confidence, ..found().analysis.causes[0].clone() };
    assert_eq!(cause(0.75).sureness(), Sureness::Likely);
    assert_eq!(cause(0.5).sureness(), Sureness::Possible);
    assert_eq!(cause(0.1).sureness(), Sureness::Faint);
}
