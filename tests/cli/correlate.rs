//! `correlate --bundle`, `bundle verify` and `bundle show`: what they write where, and how they end.

use std::path::Path;

use plantao::bundle::write_file;
use plantao::cli::{Command, Exit, bundle, correlate};
use plantao::model::evidence::{Evidence, LogRecord, Manifest, Period};
use plantao::model::{Labels, Time};

use crate::{parse, run};

fn at(seconds: i64) -> Time {
    chrono::DateTime::from_timestamp(1_700_000_000 + seconds, 0).expect("a time")
}

/// Three services that speak once a second; in the window one of them speaks of errors.
fn evidence(error: bool) -> Evidence {
    let period = |from, to| Period { start: at(from), end: at(to) };
    let mut all = Evidence::new(Manifest {
        id: "INC-20261120031200".into(),
        window: period(300, 400),
        baselines: vec![period(0, 70), period(71, 140), period(141, 210), period(211, 280)],
        symptom: None,
        source: String::new(),
    });
    for second in 0..400 {
        for (service, line) in [("door", "INFO open"), ("lift", "INFO up"), ("lamp", "INFO light")] {
            let failing = error && service == "lift" && second > 310;
            let line = if failing { "ERROR cable of 529.982.247-25 failed" } else { line };
            all.logs.push(LogRecord {
                ts: (1_700_000_000 + second) * 1_000_000_000,
                labels: Labels::new([("service", service)]),
                line: line.into(),
                trace_id: None,
                span_id: None,
            });
        }
    }
    all
}

fn correlated(arguments: &str, file: &Path) -> (Exit, String, String) {
    let cli = parse(&format!("correlate --bundle {} {arguments}", file.display())).expect("parses");
    let Some(Command::Correlate(args)) = cli.command else { panic!("correlate") };
    run(|out| correlate::run(&args, cli.global.bundle.as_ref(), &crate::a_pack(), out))
}

fn verified(file: &Path, key_file: Option<&Path>) -> (Exit, String, String) {
    run(|out| bundle::verify(file, key_file, out))
}

#[test]
fn findings_are_json_of_the_documented_shape_and_masked() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("a.jsonl.zst");
    write_file(&file, &evidence(true), None).expect("written");
    let (exit, out, err) = correlated("--format json", &file);
    assert!(matches!(exit, Exit::Done | Exit::Negative), "{err}");
    let json: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    let keys = [
        "incident_id",
        "timeframe",
        "baselines",
        "verdict",
        "findings",
        "metrics",
        "logs",
        "traces",
        "ai_metrics",
        "analysis",
        "missing",
        "took_ms",
    ];
    let object = json.as_object().expect("an object");
    assert_eq!(object.len(), keys.len());
    for key in keys {
        assert!(object.contains_key(key), "{key}");
    }
    assert_eq!(json["findings"][0]["component"], "lift");
    assert_eq!(json["findings"][0]["kind"], "error");
    assert_eq!(json["findings"][0]["evidence"][0]["signal"], "log");
    assert!(!out.contains("529.982.247-25"), "{out}");
    let (_, text, _) = correlated("", &file);
    assert!(text.contains("lift") && !text.contains("529.982.247-25"), "{text}");
}

#[test]
fn calm_is_unsure_and_ends_with_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("a.jsonl");
    write_file(&file, &evidence(false), None).expect("written");
    let (exit, out, _) = correlated("--format json", &file);
    assert_eq!(exit, Exit::Negative);
    assert!(out.contains("\"verdict\":\"unsure\""), "{out}");
}

#[test]
fn what_is_no_bundle_is_refused_and_broken_lines_are_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("a.jsonl");
    let (exit, out, err) = correlated("", &file);
    assert_eq!((exit, out.as_str()), (Exit::Usage, ""));
    assert!(err.contains("a.jsonl"), "{err}");
    std::fs::write(&file, "{}\n").expect("written");
    let (exit, _, err) = correlated("", &file);
    assert_eq!(exit, Exit::Usage);
    assert!(err.contains("manifest"), "{err}");
    let cli = parse("correlate").expect("parses");
    let Some(Command::Correlate(args)) = cli.command else { panic!("correlate") };
    let (exit, _, err) = run(|out| correlate::run(&args, None, &crate::a_pack(), out));
    assert_eq!(exit, Exit::Usage);
    assert!(err.contains("--bundle"), "{err}");

    write_file(&file, &evidence(true), None).expect("written");
    let mut text = std::fs::read_to_string(&file).expect("text");
    text.insert_str(text.find('\n').expect("a line") + 1, "broken\n{\"kind\":\"dream\"}\n");
    std::fs::write(&file, text).expect("written");
    let (_, out, err) = correlated("--format json", &file);
    assert!(out.contains("lift") && err.contains("line 2") && err.contains("dream"), "{err}");
    let (exit, out, _) = run(|out| bundle::show(&file, out));
    assert_eq!(exit, Exit::Incomplete);
    assert!(out.contains("1200 log lines"), "{out}");
}

#[test]
fn a_seal_is_checked_with_and_without_its_key() {
    let folder = tempfile::tempdir().expect("a folder");
    let (file, key) = (folder.path().join("a.jsonl.zst"), folder.path().join("key"));
    std::fs::write(&key, "a key of some length\n").expect("written");
    write_file(&file, &evidence(true), Some(b"a key of some length")).expect("written");
    let (exit, out, _) = verified(&file, None);
    assert_eq!(exit, Exit::Done);
    assert!(out.contains("not checked"), "{out}");
    assert_eq!(verified(&file, Some(&key)).0, Exit::Done);
    std::fs::write(&key, "another key").expect("written");
    assert_eq!(verified(&file, Some(&key)).0, Exit::Negative);
    assert_eq!(verified(&file, Some(&folder.path().join("none"))).0, Exit::Usage);
    let mut bytes = std::fs::read(&file).expect("bytes");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&file, bytes).expect("written");
    assert_eq!(verified(&file, None).0, Exit::Negative);
}
