//! An incident of the hospital, made of nothing but a moment: six minutes ago the machine became too hot.

// Each test program uses its own part of this.
#![allow(dead_code)]

use std::sync::Arc;

use chrono::TimeDelta;
use plantao::explore::incident::*;
use plantao::model::evidence::*;
use plantao::model::{Labels, SpanStatus, Time, TraceId};

/// Seconds before the moment at which it began.
pub const ONSET_S: i64 = 360;
const WINDOW_S: i64 = 900;
const CALM_S: i64 = 900;

fn of(service: &str) -> Labels {
    Labels::new([("service", service)])
}

fn series(now: Time, service: &str, name: &str, calm: f64, hot: f64) -> SeriesRecord {
    let first = -(WINDOW_S + CALM_S + 60) / 15;
    let samples = (first..=0)
        .filter(|n| *n != -50)
        .map(|n| {
            let since = (n * 15 + ONSET_S) as f64;
            let share = (since / 120.0).clamp(0.0, 1.0);
            let noise = ((n * 7).rem_euclid(5)) as f64 * 0.02;
            let value = (calm + (hot - calm) * share) * (1.0 + noise);
            ((now + TimeDelta::seconds(n * 15)).timestamp() as f64, Some(value))
        })
        .collect();
    SeriesRecord { name: name.into(), labels: of(service), samples }
}

/// Evidence of the quarter of an hour before `now`, and of a calm one before that.
pub fn evidence(now: Time) -> Evidence {
    let at = |s: i64| now + TimeDelta::seconds(s);
    let ns = |s: i64| at(s).timestamp_nanos_opt().expect("in range");
    let mut evidence = Evidence::new(Manifest {
        id: "INC-20261122030607".to_owned(),
        window: Period { start: at(-WINDOW_S), end: now },
        baselines: vec![Period { start: at(-WINDOW_S - CALM_S - 60), end: at(-WINDOW_S - 60) }],
        symptom: Some(Symptom {
            component: "mac-studio".to_owned(),
            signal: "MacStudioThermalThrottling".to_owned(),
        }),
        source: "hospital".to_owned(),
    });
    evidence.series = vec![
        series(now, "mac-studio", "thermal_state", 0.0001, 3.0),
        series(now, "mac-studio", "temperature_celsius", 52.0, 103.0),
        series(now, "ai-engine", "ai_inference_latency_p95_seconds", 1.2, 12.4),
        series(now, "medical-api", "http_latency_p95_seconds", 0.8, 6.1),
        series(now, "auth-service", "http_requests_per_second", 3.0, 3.0),
    ];
    for (name, service, s) in
        [("MacStudioThermalThrottling", "mac-studio", -300), ("AIModelInferenceLatency", "ai-engine", -240)]
    {
        evidence.alerts.push(AlertRecord {
            name: name.into(),
            labels: of(service),
            starts_at: at(s),
            ends_at: None,
        });
    }
    evidence.changes.push(ChangeRecord {
        at: at(-700),
        title: "medical-api: version 2.4.1 deployed".to_owned(),
        labels: of("medical-api"),
    });
    for n in 0..180_i64 {
        let s = n * 10 - 1800;
        let hot = s > -ONSET_S;
        let level = if hot && n % 4 == 0 {
            "error"
        } else if n % 9 == 0 {
            "warning"
        } else {
            "info"
        };
        evidence.logs.push(LogRecord {
            ts: ns(s),
            labels: of("ai-engine").with("level", level),
            line: format!("AI inference medgemma-4b took {} ms", if hot { 9_000 + n } else { 700 + n })
                .into(),
            trace_id: None,
            span_id: None,
        });
        let failed = hot && n % 5 == 0;
        evidence.spans.push(SpanRecord {
            trace_id: format!("{:032x}", n + 1).into(),
            span_id: "1".into(),
            parent_id: None,
            service: "api-gateway".into(),
            name: "POST /v1/transcribe".into(),
            start: ns(s),
            duration: if hot { 9_000_000_000 } else { 700_000_000 + n.rem_euclid(7) as u64 },
            status: if failed { SpanStatus::Error } else { SpanStatus::Ok },
            attributes: Labels::default(),
        });
    }
    evidence
}

fn advice() -> Vec<String> {
    ["Shed or queue AI load that can wait; triage stays.", "Check the cooling: vents free, fan running."]
        .map(str::to_owned)
        .into()
}

fn piece(signal: Signal, summary: &str, at: Time, goal: Goal) -> Piece {
    Piece { signal, summary: summary.to_owned(), strength: 0.9, at: Some(at), goal }
}

/// What an analysis of that says.
pub fn analysis(now: Time) -> Analysis {
    let at = |s: i64| now + TimeDelta::seconds(s);
    let cause = |component: &str, kind: &str, confidence: f64, s: i64, evidence: Vec<Piece>| Cause {
        component: component.to_owned(),
        kind: kind.to_owned(),
        score: confidence * 20.0,
        confidence,
        onset: Some(at(s)),
        summary: format!("{component}: {kind}"),
        evidence,
        downstream_of: if component == "mac-studio" { vec![] } else { vec!["mac-studio".to_owned()] },
        title: if component == "mac-studio" { "Mac Studio".to_owned() } else { String::new() },
        advice: if component == "mac-studio" { advice() } else { vec![] },
        playbooks: if component == "mac-studio" { vec!["thermal".to_owned()] } else { vec![] },
    };
    let metrics = |query: &str| Goal::Metrics(query.into());
    Analysis {
        verdict: Verdict::Culprit,
        causes: vec![
            cause(
                "mac-studio",
                "thermal",
                0.86,
                -358,
                vec![
                    piece(
                        Signal::Metric,
                        "thermal_state 0 → 3",
                        at(-358),
                        metrics("max(mac_studio_thermal_state)"),
                    ),
                    piece(
                        Signal::Metric,
                        "temperature_celsius 52 → 103",
                        at(-355),
                        metrics("max(mac_studio_temperature_celsius > 5)"),
                    ),
                    piece(Signal::Alert, "MacStudioThermalThrottling fires", at(-300), Goal::Alerts),
                ],
            ),
            cause(
                "ai-engine",
                "latency",
                0.09,
                -330,
                vec![
                    piece(
                        Signal::Trace,
                        "ai_inference.medgemma-4b own time ×5.2",
                        at(-330),
                        Goal::Trace(TraceId(150)),
                    ),
                    piece(
                        Signal::Log,
                        "AI inference … took … ms: ×9.1",
                        at(-320),
                        Goal::Logs("{service=\"ai-engine\"}".into()),
                    ),
                ],
            ),
            cause(
                "medical-api",
                "latency",
                0.03,
                -320,
                vec![piece(Signal::Change, "version 2.4.1 deployed 5 min before", at(-700), Goal::Moment)],
            ),
        ],
        recommendations: advice(),
        ..Analysis::default()
    }
}

/// The incident as the view shows it.
pub fn found(now: Time) -> Arc<Found> {
    Arc::new(Found::new(Arc::new(evidence(now)), analysis(now), Circumstances::default(), now))
}

/// The same where Tempo did not answer.
pub fn partial(now: Time) -> Arc<Found> {
    let mut evidence = evidence(now);
    evidence.spans.clear();
    let about = Circumstances {
        missing: vec!["tempo did not answer: connection refused".to_owned()],
        incomplete: true,
        ..Circumstances::default()
    };
    Arc::new(Found::new(Arc::new(evidence), analysis(now), about, now))
}

/// A calm quarter of an hour.
pub fn unsure(now: Time) -> Arc<Found> {
    let mut evidence = evidence(now - TimeDelta::seconds(3600));
    evidence.manifest.window =
        Period { start: now - TimeDelta::seconds(5400), end: now - TimeDelta::seconds(4500) };
    let mut analysis = analysis(now);
    analysis.verdict = Verdict::Unsure;
    for cause in &mut analysis.causes {
        (cause.confidence, cause.onset) = (0.04, None);
        cause.evidence.truncate(1);
        cause.downstream_of.clear();
    }
    evidence.alerts.clear();
    Arc::new(Found::new(Arc::new(evidence), analysis, Circumstances::default(), now))
}
