//! Bundles that are right, broken and flipped.

use super::*;
use crate::model::evidence::*;
use crate::model::{Labels, SpanStatus, Time};

fn time(text: &str) -> Time {
    text.parse().expect("time")
}

fn period(start: &str, end: &str) -> Period {
    Period { start: time(start), end: time(end) }
}

fn sample() -> Evidence {
    let mut evidence = Evidence::new(Manifest {
        id: "INC-20261120031200".into(),
        window: period("2026-11-20T03:10:00Z", "2026-11-20T03:12:00.5Z"),
        baselines: vec![period("2026-11-20T03:00:00Z", "2026-11-20T03:01:00Z")],
        symptom: Some(Symptom { component: "api".into(), signal: "latency".into() }),
        source: "test \"quoted\"\nline".into(),
    });
    let labels = Labels::new([("service", "api"), ("zone", "ü")]);
    evidence.series.push(SeriesRecord {
        name: "cpu".into(),
        labels: labels.clone(),
        samples: vec![
            (1.0, Some(2.5)),
            (2.0, None),
            (3.25, Some(f64::INFINITY)),
            (4.0, Some(f64::NEG_INFINITY)),
            (5.0, Some(1e300)),
        ],
    });
    evidence.logs.push(LogRecord {
        ts: 1_763_608_200_000_000_001,
        labels: labels.clone(),
        line: "a \"line\"\twith\u{1b}[0m".into(),
        trace_id: Some("ab".into()),
        span_id: None,
    });
    evidence.spans.push(SpanRecord {
        trace_id: "ab".into(),
        span_id: "1".into(),
        parent_id: None,
        service: "api".into(),
        name: "GET /".into(),
        start: 1_763_608_200_000_000_000,
        duration: 12,
        status: SpanStatus::Error,
        attributes: Labels::new([("http.status_code", "500")]),
    });
    evidence.alerts.push(AlertRecord {
        name: "Slow".into(),
        labels: labels.clone(),
        starts_at: time("2026-11-20T03:11:00Z"),
        ends_at: None,
    });
    evidence.changes.push(ChangeRecord { at: time("2026-11-20T03:09:00Z"), title: "deploy".into(), labels });
    evidence.edges.push(EdgeRecord { caller: "api".into(), callee: "db".into(), relation: Relation::RunsOn });
    evidence
        .others
        .push(OtherRecord { kind: "screen".into(), json: "{\"kind\":\"screen\",\"text\":\"x\"}".into() });
    evidence
}

fn written(evidence: &Evidence, key: Option<&[u8]>) -> Vec<u8> {
    let mut writer = Writer::new(Vec::new(), &evidence.manifest, key).expect("manifest");
    writer.evidence(evidence).expect("records");
    writer.finish().expect("seal").0
}

#[test]
fn what_is_written_is_read_again() {
    let evidence = sample();
    let bytes = written(&evidence, None);
    let reading = read(&bytes[..], &Limits::default()).expect("reads");
    assert_eq!(reading.evidence, evidence);
    assert!(reading.sealed && reading.report.is_whole());
    assert_eq!(reading.report.lines, 9);
    assert_eq!(written(&reading.evidence, None), bytes, "byte for byte");
}

#[test]
fn one_flipped_byte_fails_verification() {
    let key: Option<&[u8]> = Some(b"a key of some length");
    let bytes = written(&sample(), key);
    let limits = Limits::default();
    for with in [None, key] {
        let holds = verify(&bytes[..], with, &limits).expect("reads");
        assert!(matches!(holds, Verdict::Holds { .. }), "{holds:?}");
        for at in 0..bytes.len() {
            for bit in [1, 0x20, 0x80] {
                let mut flipped = bytes.clone();
                flipped[at] ^= bit;
                let verdict = verify(&flipped[..], with, &limits);
                assert!(
                    !matches!(verdict, Ok(Verdict::Holds { .. })),
                    "byte {at} of {} with bit {bit}: {verdict:?}",
                    bytes.len()
                );
            }
        }
    }
    assert_eq!(
        verify(&bytes[..], Some(b"another key"), &limits).expect("reads"),
        Verdict::Broken(verify::Damage::Signature)
    );
    let unsigned = written(&sample(), None);
    assert_eq!(
        verify(&unsigned[..], key, &limits).expect("reads"),
        Verdict::Broken(verify::Damage::Unsigned)
    );
    let cut = &unsigned[..unsigned.len() - 200];
    assert!(!matches!(verify(cut, None, &limits), Ok(Verdict::Holds { .. })));
}

#[test]
fn one_flipped_byte_of_a_compressed_file_fails_too() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("a.jsonl.zst");
    write_file(&path, &sample(), None).expect("writes");
    let limits = Limits::default();
    assert_eq!(read_file(&path, &limits).expect("reads").evidence, sample());
    assert!(matches!(verify_file(&path, None, &limits), Ok(Verdict::Holds { .. })));
    let bytes = std::fs::read(&path).expect("bytes");
    let flipped_path = folder.path().join("b.jsonl.zst");
    for at in 0..bytes.len() {
        for bit in [1, 0x10, 0x80] {
            let mut flipped = bytes.clone();
            flipped[at] ^= bit;
            std::fs::write(&flipped_path, &flipped).expect("writes");
            let verdict = verify_file(&flipped_path, None, &limits);
            assert!(!matches!(verdict, Ok(Verdict::Holds { .. })), "byte {at} with bit {bit}: {verdict:?}");
        }
    }
    assert!(std::fs::read_dir(folder.path()).expect("folder").count() == 2, "no half file is left");
}

#[test]
fn broken_lines_are_told_by_number_and_passed_over() {
    let manifest = r#"{"kind":"manifest","format":"plantao.evidence","version":1,"id":"x","window":{"start":"2026-11-20T03:10:00Z","end":"2026-11-20T03:12:00Z"},"later":1}"#;
    let text = format!(
        "{manifest}\nnot json\n\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n",
        r#"{"kind":"log","ts":"12","labels":{"service":"a"},"line":"fine","colour":"red"}"#,
        r#"{"kind":"log","ts":"twelve","line":"no time"}"#,
        r#"{"name":"m","kind":"series","labels":{},"samples":[[2,1],[1,"NaN"],[3,null]]}"#,
        r#"{"kind":"series","name":"m","labels":{},"samples":[[1]]}"#,
        r#"{"kind":"dream","of":["anything",{}]}"#,
        r#"{"kind":"span","trace_id":"t","span_id":"s","service":"a","name":"n","start":5,"duration_ns":-1}"#,
        r#"{"kind":"span","trace_id":"t","span_id":"s","parent_id":null,"service":"a","start":"5","duration_ns":7,"attributes":{"a":1,"b":true,"c":[1],"d":null,"e":1.5}}"#,
    );
    let reading = read(text.as_bytes(), &Limits::default()).expect("reads");
    let numbers: Vec<u64> = reading.report.broken.iter().map(|(line, _)| *line).collect();
    assert_eq!(numbers, [2, 5, 7, 9], "{:?}", reading.report);
    assert!(reading.report.broken[1].1.contains("twelve"), "{:?}", reading.report.broken);
    assert_eq!(reading.report.broken_lines, 4);
    assert_eq!(reading.report.unknown_kinds.get("dream"), Some(&1));
    assert_eq!(reading.report.unknown_keys.get("colour"), Some(&1));
    assert_eq!(reading.report.unknown_keys.get("later"), Some(&1));
    assert_eq!(reading.evidence.logs.len(), 1);
    let samples = &reading.evidence.series[0].samples;
    assert_eq!(samples.iter().map(|s| s.0).collect::<Vec<_>>(), [1.0, 2.0, 3.0], "in the order of time");
    assert!(samples[0].1.is_some_and(f64::is_nan) && samples[2].1.is_none());
    assert_eq!(reading.evidence.spans[0].attributes, Labels::new([("a", "1"), ("b", "true"), ("e", "1.5")]));
    assert!(!reading.sealed);
}

#[test]
fn a_broken_manifest_is_an_error_that_says_what_is_wrong() {
    let window = r#""window":{"start":"2026-11-20T03:10:00Z","end":"2026-11-20T03:12:00Z"}"#;
    for (line, part) in [
        (String::new(), "empty"),
        ("{}".into(), "no kind"),
        (r#"{"kind":"log","ts":"1","line":""}"#.into(), "its kind is `log`"),
        (format!(r#"{{"kind":"manifest","format":"other","version":1,{window}}}"#), "`other`"),
        (format!(r#"{{"kind":"manifest","format":"plantao.evidence","version":2,{window}}}"#), "version 2"),
        (r#"{"kind":"manifest","format":"plantao.evidence","version":1}"#.into(), "no window"),
        (
            r#"{"kind":"manifest","format":"plantao.evidence","version":1,"window":{"start":"2026-11-20T03:10:00Z","end":"2026-11-20T03:00:00Z"}}"#.into(),
            "ends before it starts",
        ),
        ("\u{1b}[31m".into(), "line 1"),
    ] {
        let why = read(line.as_bytes(), &Limits::default()).expect_err("refused").to_string();
        assert!(why.contains(part), "{line}: {why}");
    }
}

#[test]
fn bare_words_of_other_writers_are_understood() {
    let mut text = String::from_utf8(written(&Evidence::new(sample().manifest), None)).expect("text");
    text.push_str(
        "{\"kind\":\"series\",\"name\":\"m\",\"samples\":[[1, NaN],[2,-Infinity], [3,Infinity],[4,1]]}\n",
    );
    let reading = read(text.as_bytes(), &Limits::default()).expect("reads");
    let values: Vec<f64> = reading.evidence.series[0].samples.iter().filter_map(|s| s.1).collect();
    assert!(values[0].is_nan() && values[1..] == [f64::NEG_INFINITY, f64::INFINITY, 1.0]);
}

#[test]
fn limits_hold() {
    let bytes = written(&sample(), None);
    let few = read(&bytes[..], &Limits { records: 2, ..Limits::default() }).expect("reads");
    assert_eq!((few.evidence.len(), few.report.dropped), (2, 6));
    let short = read(&bytes[..], &Limits { line: 250, ..Limits::default() });
    assert!(short.is_err() || !short.expect("reads").report.is_whole());
    let mut long = written(&Evidence::new(sample().manifest), None);
    let seal = long.windows(14).position(|w| w == b"{\"kind\":\"seal\"").expect("seal");
    long.splice(seal..seal, [b"{\"kind\":\"log\",\"line\":\"", &[b'x'; 5000][..], b"\"}\n"].concat());
    let reading = read(&long[..], &Limits { line: 1000, ..Limits::default() }).expect("reads");
    assert_eq!(reading.report.broken[0].0, 2);
    assert!(reading.sealed, "what comes after a long line is read");
}

#[test]
fn records_of_the_console_are_written_on_one_line() {
    let mut writer = Writer::new(Vec::new(), &sample().manifest, None).expect("manifest");
    writer.record("query", &std::collections::BTreeMap::from([("text", "up\n")])).expect("query");
    let two = OtherRecord { kind: "screen".into(), json: "{\"kind\":\"screen\"}\n{}".into() };
    assert!(writer.other(&two).is_err(), "two lines are refused");
    let (bytes, seal) = writer.finish().expect("seal");
    assert_eq!(seal.lines, 2);
    let reading = read(&bytes[..], &Limits::default()).expect("reads");
    assert_eq!(&*reading.evidence.others[0].json, "{\"kind\":\"query\",\"text\":\"up\\n\"}");
}
