//! Blame that moves between components, and what findings are called.

use super::*;
use crate::correlate::kinds::Metric;

fn on_one_machine(evidence: &mut Evidence) {
    for service in ["front", "mail", "shop", "store"] {
        let relation = Relation::RunsOn;
        evidence.edges.push(EdgeRecord { caller: service.into(), callee: "host".into(), relation });
    }
}

fn series(name: &str, service: &str, value: impl Fn(i64) -> f64) -> SeriesRecord {
    SeriesRecord {
        name: name.into(),
        labels: Labels::new([("service", service)]),
        samples: (0..72).map(|n| n * 10).map(|t| (1.7e9 + t as f64, Some(value(t)))).collect(),
    }
}

fn first(evidence: &Evidence) -> (String, Cause, f64) {
    let analysis = analyse(evidence, &Options::default());
    let first = analysis.findings.first().expect("a finding");
    (first.component.to_string(), first.cause, first.confidence)
}

#[test]
fn a_machine_that_is_busy_with_one_slow_tenant_is_not_its_cause() {
    let mut evidence = system(Wrong::SlowStore);
    on_one_machine(&mut evidence);
    evidence.series.push(series("node_load1", "host", |t| {
        1.0 + 0.1 * chance(t as u64) + if t >= 610 { 20.0 } else { 0.0 }
    }));
    assert_eq!(first(&evidence).0, "store");
}

#[test]
fn a_machine_that_is_hot_is_the_cause_of_what_is_slow_on_it() {
    let mut evidence = system(Wrong::SlowStore);
    on_one_machine(&mut evidence);
    evidence.series.push(series("temperature_celsius", "host", |t| {
        60.0 + chance(t as u64) + if t >= 610 { 30.0 } else { 0.0 }
    }));
    let (component, cause, _) = first(&evidence);
    assert_eq!((&*component, cause), ("host", Cause::Thermal));
}

#[test]
fn what_tells_nothing_of_itself_any_more_is_down_and_its_caller_a_victim() {
    let mut evidence = system(Wrong::Failing);
    // The store's part of requests, its lines and its figures end with its process; the shop fails for it.
    let gone = |at: i64| at >= ns(610.0);
    evidence.spans.retain(|span| &*span.service != "store" || !gone(span.start));
    evidence.logs.retain(|line| line.labels.get("service") != Some("store") || !gone(line.ts));
    for name in ["process_cpu_seconds", "process_resident_memory_bytes"] {
        evidence.series.push(series(name, "store", |t| 1.0 + 0.1 * chance(t as u64)));
    }
    for one in evidence.series.iter_mut().filter(|one| one.labels.get("service") == Some("store")) {
        one.samples.retain(|(at, _)| *at < 1.7e9 + 610.0);
    }
    let lines: Vec<(usize, LogRecord)> = (0..60)
        .map(|number| {
            let line = format!("ERROR call {number} failed: connection refused by store");
            let labels = Labels::new([("service", "shop")]);
            let ts = ns(612.0 + number as f64);
            (number, LogRecord { ts, labels, line: line.into(), trace_id: None, span_id: None })
        })
        .collect();
    evidence.logs.extend(lines.into_iter().map(|one| one.1));
    let (component, cause, _) = first(&evidence);
    assert_eq!((&*component, cause), ("store", Cause::Down));
}

#[test]
fn a_rare_event_is_no_alarm_and_does_not_deafen_its_kind() {
    let mut evidence = system(Wrong::BusyMail);
    // Now and then one waits, in calm time as in the window.
    for (number, service) in ["front", "shop", "store"].into_iter().enumerate() {
        evidence.series.push(series("cpu_throttled", service, |t| {
            f64::from(u8::from(chance(number as u64 * 77 + t as u64) < 0.08))
        }));
    }
    let (component, cause, confidence) = first(&evidence);
    assert_eq!((&*component, cause), ("mail", Cause::Cpu));
    assert!(confidence >= 0.5, "{confidence}");
}

#[test]
fn labels_say_what_is_counted() {
    for (name, key, value, kind) in [
        ("http_requests_total", "status", "200", Metric::Load),
        ("http_requests_total", "status", "503", Metric::Error),
        ("http_requests_total", "code", "401", Metric::Security),
        ("auth_attempts_total", "result", "failed", Metric::Security),
        ("jobs_total", "outcome", "error", Metric::Error),
        ("jobs_total", "outcome", "done", Metric::Load),
        ("node_memory_bytes", "state", "failed", Metric::Memory),
    ] {
        assert_eq!(Metric::told(name, &Labels::new([(key, value)])), kind, "{name}{{{key}={value}}}");
    }
}

#[test]
fn lines_have_topics_and_name_components() {
    for (line, topic) in [
        ("WARN Authentication failed for user 7", Some(Cause::Security)),
        ("java.lang.OutOfMemoryError: Java heap space", Some(Cause::Memory)),
        ("QueuePool limit reached, connection timed out", Some(Cause::Dependency)),
        ("no space left on device", Some(Cause::Disk)),
        ("order 12 accepted", None),
        ("zoom level changed", None),
    ] {
        assert_eq!(lines::topic(line), topic, "{line}");
    }
    assert!(lines::names("refused by shop: 111", "shop"));
    assert!(!lines::names("refused by shop-2", "shop"), "another's name");
    assert!(!lines::names("workshop", "shop"));
}

#[test]
fn nobody_is_ever_quite_sure() {
    let all = findings::confidences(&[1000.0, 0.0]);
    assert!((0.9..0.97).contains(&all[0]), "{all:?}");
}
