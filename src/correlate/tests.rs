//! Small systems with one fault each, and evidence of any shape.

mod moves;
mod odd;

use std::sync::Arc;

use super::findings::Verdict;
use super::*;
use crate::model::evidence::{EdgeRecord, LogRecord, Manifest, Period, Relation, SeriesRecord, SpanRecord};
use crate::model::{Labels, SpanStatus, Time};

const SECOND: i64 = 1_000_000_000;

fn at(seconds: i64) -> Time {
    chrono::DateTime::from_timestamp(1_700_000_000 + seconds, 0).expect("a time")
}

fn ns(seconds: f64) -> i64 {
    1_700_000_000 * SECOND + (seconds * 1e9) as i64
}

/// A number from 0 to 1 that looks like chance and is none.
fn chance(seed: u64) -> f64 {
    let mut x = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x1234_5678;
    x ^= x >> 31;
    x = x.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x ^= x >> 29;
    (x >> 11) as f64 / (1_u64 << 53) as f64
}

fn manifest() -> Manifest {
    let period = |from: i64, to: i64| Period { start: at(from), end: at(to) };
    Manifest {
        id: "INC-1".into(),
        window: period(600, 720),
        baselines: vec![period(0, 119), period(120, 239), period(240, 359), period(360, 479)],
        symptom: None,
        source: String::new(),
    }
}

/// What is wrong in the window.
#[derive(Clone, Copy, PartialEq)]
enum Wrong {
    Nothing,
    /// The store computes long.
    SlowStore,
    /// The way to the store is long.
    FarStore,
    /// The store fails with an exception, and the shop shows it.
    Failing,
    /// The shop ends its work without asking anybody.
    EarlyEnd,
    /// The processor of the mail service is busy, and it is slow.
    BusyMail,
}

/// Front asks shop and mail, shop asks store; two requests a second.
fn system(wrong: Wrong) -> Evidence {
    let mut evidence = Evidence::new(manifest());
    for request in 0..1500_u64 {
        let start = request as f64 * 0.5;
        let bad = |which: Wrong| wrong == which && (610.0..=720.0).contains(&start);
        let noise = |part: u64| 0.8 + 0.4 * chance(request * 31 + part);
        let trace: Arc<str> = format!("{request:032x}").into();
        let mut span =
            |id: u64, parent: u64, service: &str, name: &str, from: f64, took: f64, failed: bool| {
                evidence.spans.push(SpanRecord {
                    trace_id: Arc::clone(&trace),
                    span_id: format!("{id:016x}").into(),
                    parent_id: (parent > 0).then(|| format!("{parent:016x}").into()),
                    service: service.into(),
                    name: name.into(),
                    start: ns(from),
                    duration: (took * 1e9) as u64,
                    status: if failed { SpanStatus::Error } else { SpanStatus::Unset },
                    attributes: Labels::default(),
                });
            };
        let store = 0.010 * noise(1) * if bad(Wrong::SlowStore) { 12.0 } else { 1.0 };
        let way = 0.002 * noise(2) * if bad(Wrong::FarStore) { 60.0 } else { 1.0 };
        let mail = 0.004 * noise(3) * if bad(Wrong::BusyMail) { 6.0 } else { 1.0 };
        let fails = bad(Wrong::Failing) && request % 2 == 0;
        let early = bad(Wrong::EarlyEnd) && request % 3 != 0;
        let work = if early { 0.003 } else { 0.003 + store + way };
        span(1, 0, "front", "GET /buy", start, 0.004 + work + mail, fails);
        span(2, 1, "front", "call shop", start + 0.001, work + 0.001, false);
        span(3, 2, "shop", "buy", start + 0.0015, work, fails);
        if !early {
            span(4, 3, "shop", "call store", start + 0.002, store + way, false);
            span(5, 4, "store", "reserve", start + 0.002 + way / 2.0, store, fails);
        }
        span(6, 1, "front", "call mail", start + 0.003 + work, mail + 0.0005, false);
        span(7, 6, "mail", "send", start + 0.00325 + work, mail, false);
        let mut say = |service: &str, line: String| {
            evidence.logs.push(LogRecord {
                ts: ns(start),
                labels: Labels::new([("service", service)]),
                line: line.into(),
                trace_id: Some(Arc::clone(&trace)),
                span_id: None,
            });
        };
        say("shop", format!("INFO order {request} accepted"));
        if fails {
            say("store", format!("ERROR NullPointerException while reserving {request}"));
        }
    }
    for (number, service) in ["front", "mail", "shop", "store"].into_iter().enumerate() {
        let busy = wrong == Wrong::BusyMail && service == "mail";
        let value = |t: i64| {
            let calm = 0.2 + 0.02 * chance(number as u64 * 1000 + t as u64);
            calm + if busy && t >= 610 { 0.6 } else { 0.0 }
        };
        evidence.series.push(SeriesRecord {
            name: "container_cpu_usage".into(),
            labels: Labels::new([("service", service)]),
            samples: (0..72).map(|n| n * 10).map(|t| (1.7e9 + t as f64, Some(value(t)))).collect(),
        });
    }
    evidence
}

#[track_caller]
fn culprit(wrong: Wrong, component: &str, causes: &[Cause]) -> Analysis {
    let analysis = analyse(&system(wrong), &Options::default());
    let told: Vec<(&str, Cause, f64, f64)> =
        analysis.findings.iter().map(|f| (&*f.component, f.cause, f.score, f.confidence)).collect();
    assert_eq!(told.first().map(|first| first.0), Some(component), "{told:?}");
    assert_eq!(analysis.verdict, Verdict::Culprit, "{told:?}");
    assert!(causes.contains(&told[0].1), "{told:?}");
    analysis
}

#[test]
fn a_calm_system_is_unsure() {
    let analysis = analyse(&system(Wrong::Nothing), &Options::default());
    assert_eq!(analysis.verdict, Verdict::Unsure, "{:?}", analysis.findings.first());
}

#[test]
fn slow_work_is_blamed_on_who_does_it_and_not_on_its_callers() {
    let analysis = culprit(Wrong::SlowStore, "store", &[Cause::Latency, Cause::Cpu]);
    let onset = analysis.findings[0].onset.expect("an onset");
    assert!((onset - 1_700_000_610.0).abs() < 5.0, "{onset}");
    let shop = analysis.findings.iter().find(|finding| &*finding.component == "shop").expect("shop");
    assert_eq!(shop.downstream_of.first().map(|name| &**name), Some("store"));
}

#[test]
fn a_long_way_belongs_to_the_callee_at_its_end() {
    // One call alone cannot tell on which of its ends the delay lies, so nobody is named; the callee comes first.
    let analysis = analyse(&system(Wrong::FarStore), &Options::default());
    let told: Vec<&str> = analysis.findings.iter().map(|finding| &*finding.component).collect();
    assert_eq!(told[..2], ["store", "shop"]);
    assert_eq!(analysis.findings[0].cause, Cause::Latency);
}

#[test]
fn an_exception_is_blamed_on_where_it_began() {
    let analysis = culprit(Wrong::Failing, "store", &[Cause::Error]);
    let told: Vec<String> =
        analysis.findings[0].witnesses.iter().map(|one| summary::detail(&one.detail)).collect();
    assert!(told.iter().any(|line| line.contains("NullPointerException")), "{told:?}");
}

#[test]
fn work_that_ends_early_is_found_without_any_error() {
    let analysis = analyse(&system(Wrong::EarlyEnd), &Options::default());
    let first = analysis.findings.first().expect("a finding");
    assert_eq!((&*first.component, first.cause), ("shop", Cause::WrongResult));
}

#[test]
fn a_busy_processor_is_its_cause() {
    culprit(Wrong::BusyMail, "mail", &[Cause::Cpu]);
}

#[test]
fn each_signal_may_be_missing() {
    for missing in 0..3 {
        let mut evidence = system(Wrong::BusyMail);
        match missing {
            0 => evidence.logs.clear(),
            1 => evidence.spans.clear(),
            _ => evidence.series.clear(),
        }
        let analysis = analyse(&evidence, &Options::default());
        assert_eq!(
            analysis.findings.first().map(|f| &*f.component),
            Some("mail"),
            "without signal {missing}"
        );
        let lacks = [Missing::Logs, Missing::Traces, Missing::Metrics][missing];
        assert!(analysis.missing.contains(&lacks));
    }
    let mut nothing = Evidence::new(manifest());
    assert!(analyse(&nothing, &Options::default()).findings.is_empty());
    nothing = system(Wrong::SlowStore);
    nothing.manifest.baselines.clear();
    let analysis = analyse(&nothing, &Options::default());
    assert_eq!(analysis.verdict, Verdict::Unsure, "nothing to compare with");
    assert!(analysis.missing.contains(&Missing::Calm));
}

#[test]
fn the_order_of_records_changes_nothing() {
    for wrong in [Wrong::Failing, Wrong::EarlyEnd, Wrong::BusyMail] {
        let evidence = system(wrong);
        let answer = |evidence: &Evidence| {
            let analysis = analyse(evidence, &Options::default());
            serde_json::to_string(&json::answer(&analysis, &evidence.manifest, "service", 0)).expect("JSON")
        };
        let first = answer(&evidence);
        assert_eq!(first, answer(&evidence), "the same twice");
        let mut other = evidence;
        other.spans.reverse();
        other.logs.reverse();
        other.series.reverse();
        let half = other.spans.len() / 3;
        other.spans.rotate_left(half);
        assert_eq!(first, answer(&other));
    }
}

#[test]
fn findings_can_be_limited_to_components() {
    let options = Options { only: vec!["front".into()], ..Options::default() };
    let analysis = analyse(&system(Wrong::SlowStore), &options);
    assert!(analysis.findings.iter().all(|finding| &*finding.component == "front"));
}

#[test]
fn names_of_metrics_say_what_they_are_about() {
    use kinds::Metric;
    for (name, kind) in [
        ("container_cpu_usage_seconds_total", Metric::Cpu),
        ("cpu usage", Metric::Cpu),
        ("http_requests_errors_total", Metric::Error),
        ("latency_p99", Metric::Latency),
        ("http_request_duration_seconds", Metric::Latency),
        ("memory_usage_mi", Metric::Memory),
        ("availability_average", Metric::Availability),
        ("pod_success_rate_percent", Metric::Availability),
        ("network_receive_bytes", Metric::Network),
        ("mac_studio_thermal_state", Metric::Thermal),
        ("node_memory_MemAvailable_bytes", Metric::Memory),
        ("db_pool_connections", Metric::Saturation),
        ("ai_model_accuracy_score", Metric::Quality),
        ("diskReadBytes", Metric::Disk),
        ("requests_sum", Metric::Load),
        ("http_request_duration_seconds_count", Metric::Load),
    ] {
        assert_eq!(Metric::of(name), kind, "{name}");
    }
}

#[test]
fn an_address_is_not_a_name() {
    for (name, is) in [
        ("https://queue.example.com/x", true),
        ("10.0.0.1", true),
        ("lb.eu-1.example.com_remote", true),
        ("medical-api", false),
        ("my.service", false),
        ("db@host.one.example.com", false),
    ] {
        assert_eq!(topology::is_address(name), is, "{name}");
    }
}

#[test]
fn a_told_edge_moves_blame_where_there_are_no_spans() {
    let mut evidence = system(Wrong::Nothing);
    evidence.spans.clear();
    evidence.logs.clear();
    evidence.series.clear();
    evidence.manifest.symptom =
        Some(crate::model::evidence::Symptom { component: "front".into(), signal: "latency".into() });
    for (number, (service, level, added)) in
        [("front", 0.1, 0.5), ("shop", 0.05, 0.5), ("store", 0.01, 0.5), ("mail", 0.01, 0.0)]
            .into_iter()
            .enumerate()
    {
        let value = |t: i64| {
            let calm = level * (1.0 + 0.1 * chance(number as u64 * 977 + t as u64));
            calm + if t >= 640 { added } else { 0.0 }
        };
        evidence.series.push(SeriesRecord {
            name: "latency_average".into(),
            labels: Labels::new([("service", service)]),
            samples: (0..72).map(|n| n * 10).map(|t| (1.7e9 + t as f64, Some(value(t)))).collect(),
        });
    }
    for (caller, callee) in [("front", "shop"), ("shop", "store"), ("front", "mail")] {
        let relation = Relation::Calls;
        evidence.edges.push(EdgeRecord { caller: caller.into(), callee: callee.into(), relation });
    }
    let analysis = analyse(&evidence, &Options::default());
    assert_eq!(analysis.findings.first().map(|first| &*first.component), Some("store"));
}

mod any {
    use proptest::prelude::*;

    use super::*;

    fn label() -> impl Strategy<Value = Labels> {
        prop::sample::select(vec!["a", "b", "c", ""]).prop_map(|name| Labels::new([("service", name)]))
    }

    fn value() -> impl Strategy<Value = Option<f64>> {
        prop_oneof![
            Just(None),
            Just(Some(f64::NAN)),
            Just(Some(f64::INFINITY)),
            Just(Some(0.0)),
            any::<f64>().prop_map(Some),
            (0.0..10.0).prop_map(Some),
        ]
    }

    prop_compose! {
        fn span()(
            trace in 0..6_u8, id in 0..8_u8, parent in 0..9_u8, service in 0..3_usize, name in 0..3_u8,
            start in prop_oneof![0.0..800.0_f64, Just(1e9), Just(-2e9)], took in any::<u64>(), small in 0..1000_u64,
            huge in any::<bool>(), failed in any::<bool>(),
        ) -> SpanRecord {
            SpanRecord {
                trace_id: format!("t{trace}").into(),
                span_id: format!("s{id}").into(),
                parent_id: (parent < 8).then(|| format!("s{parent}").into()),
                service: ["a", "b", "c"][service].into(),
                name: format!("n{name}").into(),
                start: ns(start),
                duration: if huge { took } else { small },
                status: if failed { SpanStatus::Error } else { SpanStatus::Ok },
                attributes: Labels::new([("http.status_code", if failed { "500" } else { "200" })]),
            }
        }
    }

    prop_compose! {
        fn evidence()(
            spans in prop::collection::vec(span(), 0..60),
            series in prop::collection::vec((label(), prop::collection::vec((0.0..800.0_f64, value()), 0..20)), 0..6),
            logs in prop::collection::vec((label(), 0.0..800.0_f64, ".{0,40}"), 0..30),
            baselines in prop::collection::vec((0..500_i64, 0..300_i64), 0..5),
            length in 0..400_i64,
        ) -> Evidence {
            let mut all = Evidence::new(manifest());
            all.manifest.window = Period { start: at(500), end: at(500 + length) };
            all.manifest.baselines =
                baselines.into_iter().map(|(from, long)| Period { start: at(from), end: at(from + long) }).collect();
            all.spans = spans;
            all.series = series
                .into_iter()
                .enumerate()
                .map(|(number, (labels, mut samples))| {
                    samples.sort_by(|a, b| a.0.total_cmp(&b.0));
                    let samples = samples.into_iter().map(|(t, v)| (1.7e9 + t, v)).collect();
                    SeriesRecord { name: format!("m{number}_total").into(), labels, samples }
                })
                .collect();
            all.logs = logs
                .into_iter()
                .map(|(labels, t, line)| LogRecord { ts: ns(t), labels, line: line.into(), trace_id: Some("t1".into()), span_id: None })
                .collect();
            all
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn any_evidence_has_an_answer_that_order_does_not_change(evidence in evidence()) {
            let answer = |evidence: &Evidence| {
                let analysis = analyse(evidence, &Options::default());
                for finding in &analysis.findings {
                    prop_assert!(finding.score.is_finite());
                    prop_assert!((0.0..=1.0).contains(&finding.confidence));
                }
                Ok(serde_json::to_string(&json::answer(&analysis, &evidence.manifest, "service", 0)).expect("JSON"))
            };
            let first = answer(&evidence)?;
            let mut other = evidence.clone();
            other.spans.reverse();
            other.logs.reverse();
            other.series.reverse();
            prop_assert_eq!(first, answer(&other)?);
        }
    }
}
