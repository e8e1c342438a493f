//! The exported alert rules, before a real `promtool`: they are valid, and series prove for every rule
//! that it fires when it should and not otherwise. Mutants prove that those series can tell.
// Tests may end by panicking: that is how they fail.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::sync::Once;

use plantao::pack::{self, Pack};

static SKIPPED: Once = Once::new();

/// What `promtool` said, and whether it was content.
struct Verdict {
    ok: bool,
    text: String,
}

/// Runs `promtool` in a folder; `None` where there is no such program.
fn promtool(folder: &Path, args: &[&str]) -> Option<Verdict> {
    match Command::new("promtool").args(args).current_dir(folder).output() {
        Ok(output) => Some(Verdict {
            ok: output.status.success(),
            text: String::from_utf8_lossy(&output.stdout).into_owned()
                + &String::from_utf8_lossy(&output.stderr),
        }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            // Written past the test harness, which swallows what a passing test prints.
            SKIPPED.call_once(|| {
                let _ = writeln!(std::io::stdout(), "SKIPPED rules: promtool is missing");
            });
            assert!(
                std::env::var_os("CI").is_none(),
                "promtool is missing, and in CI nothing may be skipped"
            );
            None
        }
        Err(error) => panic!("promtool: {error}"),
    }
}

fn hospital() -> Pack {
    pack::load("hospital", &[]).expect("the shipped pack loads")
}

/// The test files, all of `tests/rules`.
fn test_files() -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules");
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(path).unwrap())
        })
        .collect()
}

/// `promtool test rules` with these rules and every test file.
fn test_rules(rules: &str) -> Option<Verdict> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("rules.yml"), rules).unwrap();
    let files = test_files();
    for (name, text) in &files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let args: Vec<&str> = ["test", "rules"].into_iter().chain(files.keys().map(String::as_str)).collect();
    promtool(folder.path(), &args)
}

fn alert_names(rules: &str) -> Vec<&str> {
    rules.lines().filter_map(|line| line.trim_start().strip_prefix("- alert: ")).collect()
}

/// The rules with other expressions; `None` keeps a rule as it is.
fn with_expressions(rules: &str, expression: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::new();
    let mut replacement = None;
    let mut skipping = false;
    for line in rules.lines() {
        let text = line.trim_start();
        let indent = line.len() - text.len();
        if let Some(name) = text.strip_prefix("- alert: ") {
            replacement = expression(name);
        }
        if skipping && (indent > 8 || text.is_empty()) {
            continue;
        }
        skipping = false;
        match &replacement {
            Some(expression) if indent == 8 && text.starts_with("expr:") => {
                writeln!(out, "        expr: '{expression}'").unwrap();
                skipping = true;
            }
            _ => writeln!(out, "{line}").unwrap(),
        }
    }
    out
}

/// One failed expectation: alert, whether alerts were expected, whether there were any.
#[derive(Debug, PartialEq, Eq)]
struct Failure {
    alert: String,
    expected: bool,
    got: bool,
}

fn failures(text: &str) -> Vec<Failure> {
    let mut all: Vec<Failure> = Vec::new();
    for line in text.lines().map(str::trim) {
        if let Some(rest) = line.strip_prefix("alertname: ") {
            let alert = rest.split(',').next().unwrap().to_owned();
            all.push(Failure { alert, expected: false, got: false });
        } else if let Some(failure) = all.last_mut() {
            failure.expected |= line == "exp:[";
            failure.got |= line == "got:[";
        }
    }
    all
}

#[test]
fn promtool_accepts_the_exported_rules() {
    let folder = tempfile::tempdir().unwrap();
    let rules = hospital().rules;
    fs::write(folder.path().join("rules.yml"), rules.as_bytes()).unwrap();
    let Some(verdict) = promtool(folder.path(), &["check", "rules", "rules.yml"]) else { return };
    assert!(verdict.ok, "{}", verdict.text);
    assert!(verdict.text.contains("24 rules found"), "{}", verdict.text);
}

#[test]
fn every_rule_fires_when_it_should_and_not_otherwise() {
    let Some(verdict) = test_rules(&hospital().rules) else { return };
    assert!(verdict.ok, "{}", verdict.text);
}

#[test]
fn every_alert_has_a_runbook_and_is_tested_both_ways() {
    let pack = hospital();
    let names = alert_names(&pack.rules);
    assert_eq!(names.len(), 24);
    for name in &names {
        let runbook = pack.alerts.get(*name).and_then(|info| info.runbook.as_ref());
        let runbook = runbook.unwrap_or_else(|| panic!("{name} has no runbook"));
        for part in ["# ", "\n## Check\n", "\n## Do\n", "\n## Escalate\n"] {
            assert!(runbook.contains(part), "{name}: its runbook lacks {part:?}");
        }
    }
    assert_eq!(names.len(), pack.alerts.len(), "alerts.toml names an alert without a rule");

    // Were no rule ever to fire, each alert's positive case would fail the test …
    let Some(dead) = test_rules(&with_expressions(&pack.rules, |_| Some("vector(0) > 1".into()))) else {
        return;
    };
    let dead = failures(&dead.text);
    // … and were each to fire always, its negative case would (the Watchdog has none: it fires always).
    let mad = test_rules(&with_expressions(&pack.rules, |_| Some("vector(1)".into()))).expect("promtool");
    let mad = failures(&mad.text);
    for name in names {
        let positive = dead.iter().any(|f| f.alert == *name && f.expected && !f.got);
        assert!(positive, "{name} has no positive case");
        let negative = mad.iter().any(|f| f.alert == *name && !f.expected && f.got);
        assert!(negative || name == "Watchdog", "{name} has no negative case");
    }
}

/// The rules as the hospital's document had them, of those that were mended.
const DOCUMENT: [(&str, &str); 16] = [
    ("HighMedicalRecordLatency", "histogram_quantile(0.95, medical_record_processing_seconds_bucket) > 5"),
    ("AIModelInferenceLatency", "histogram_quantile(0.95, ai_model_inference_seconds_bucket) > 10"),
    ("HighFailedAuthRate", "rate(auth_attempts_total{result=\"failed\"}[5m]) > 0.1"),
    ("FaceRecognitionLatency", "histogram_quantile(0.95, face_recognition_seconds_bucket) > 3"),
    (
        "MacStudioHighMemory",
        "(mac_studio_memory_bytes{type=\"used\"} / mac_studio_memory_bytes{type=\"total\"}) * 100 > 90",
    ),
    (
        "LowVoiceTranscriptionQuality",
        "histogram_quantile(0.50, voice_transcription_confidence_bucket) < 0.85",
    ),
    (
        "CFMDigitalSignatureNonCompliance",
        "rate(cfm_digital_signature_total{signature_valid=\"false\"}[5m]) > 0.1",
    ),
    (
        "CFMMedicalRecordIntegrityViolation",
        "rate(cfm_medical_record_integrity_checks_total{integrity_status=\"failed\"}[5m]) > 0",
    ),
    (
        "ANVISAControlledSubstanceReportingDelay",
        "anvisa_controlled_substance_dispensing_total - ignoring(le) anvisa_sngpc_reports_total > 10",
    ),
    (
        "ANVISAAdverseEventReportingRequired",
        "increase(anvisa_adverse_events_reported_total[24h]) == 0 and increase(medication_adverse_events_total[24h]) > 0",
    ),
    ("UnauthorizedDataAccess", "rate(auth_attempts_total{result=\"failed\"}[5m]) > 0.2"),
    ("SuspiciousAIUsage", "rate(ai_model_inference_seconds_count[5m]) > 50"),
    ("DataExfiltrationAttempt", "rate(http_request_size_bytes_sum[5m]) > 1e8"),
    ("BiometricSpoofingAttempt", "rate(face_recognition_seconds_count{result=\"failed\"}[5m]) > 5"),
    // Two halves of a mended rule that a careless hand could lose:
    (
        "MacStudioHighMemory",
        "100 * sum(mac_studio_memory_bytes{type=\"used\"}) / sum(mac_studio_memory_bytes) > 90",
    ),
    (
        "ANVISAControlledSubstanceReportingDelay",
        "sum(anvisa_controlled_substance_dispensing_total) - sum(anvisa_sngpc_reports_total) > 10",
    ),
];

#[test]
fn the_documents_mistakes_would_be_found() {
    let pack = hospital();
    for round in [&DOCUMENT[..14], &DOCUMENT[14..]] {
        let changed: BTreeMap<&str, &str> = round.iter().copied().collect();
        let rules = with_expressions(&pack.rules, |name| changed.get(name).map(|text| (*text).to_owned()));
        let Some(verdict) = test_rules(&rules) else { return };
        let failed = failures(&verdict.text);
        for name in changed.keys() {
            assert!(failed.iter().any(|f| f.alert == *name), "{name} as it was passes the tests");
        }
        let strangers: Vec<_> = failed.iter().filter(|f| !changed.contains_key(f.alert.as_str())).collect();
        assert!(strangers.is_empty(), "{strangers:?}");
    }
}

#[test]
fn every_mended_rule_says_what_was_wrong() {
    let rules = hospital().rules;
    for (name, _) in DOCUMENT {
        let before = rules.split(&format!("- alert: {name}\n")).next().unwrap();
        let note: Vec<&str> =
            before.lines().rev().skip(1).take_while(|line| line.trim().starts_with('#')).collect();
        let note = note.join("\n");
        assert!(note.contains("# Was: ") && note.contains("# Now: "), "{name}: {note}");
    }
}

#[test]
fn prometheus_can_parse_every_query_of_the_pack() {
    let pack = hospital();
    let vars = [("department", "a\"b\\c"), ("model", "m")];
    let mut rules = "groups:\n  - name: queries\n    rules:\n".to_owned();
    let mut count = 0;
    for panel in pack.panels.values() {
        let fallbacks = panel.fallback.iter().chain(panel.max_fallback.iter().flatten());
        for query in [&panel.query].into_iter().chain(&panel.max_query).chain(fallbacks) {
            count += 1;
            let query = pack::substitute(query, &vars).replace('\'', "''").replace('\n', " ");
            writeln!(rules, "      - record: panel:{}:n{count}\n        expr: '{query}'", panel.id).unwrap();
        }
    }
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("queries.yml"), &rules).unwrap();
    let Some(verdict) = promtool(folder.path(), &["check", "rules", "queries.yml"]) else { return };
    assert!(verdict.ok, "{}", verdict.text);
    assert!(verdict.text.contains(&format!("{count} rules found")), "{}", verdict.text);
}

/// A panel's query over series: panel, (series, values) each a minute apart, samples at 10 minutes.
type Case = (&'static str, &'static [(&'static str, &'static str)], &'static [(&'static str, f64)]);

/// What could surprise: a missing total, no failures yet, no traffic at all, a counter of another label set.
const CASES: [Case; 13] = [
    (
        "memory",
        &[("mac_studio_memory_bytes{type=\"used\"}", "141x20")],
        &[("mac_studio_memory_bytes{type=\"used\"}", 141.0)],
    ),
    (
        "errors",
        &[
            ("auth_attempts_total{department=\"icu\",method=\"card\",result=\"success\"}", "0+60x20"),
            ("auth_attempts_total{department=\"surgery\",method=\"card\",result=\"failed\"}", "0+60x20"),
        ],
        &[("{department=\"icu\"}", 0.0), ("{department=\"surgery\"}", 1.0)],
    ),
    (
        "http_errors",
        &[
            ("http_requests_total{job=\"good\",status=\"200\"}", "0+60x20"),
            ("http_requests_total{job=\"half\",status=\"200\"}", "0+60x20"),
            ("http_requests_total{job=\"half\",status=\"503\"}", "0+60x20"),
            ("http_requests_total{job=\"idle\",status=\"200\"}", "500x20"),
        ],
        &[("{job=\"good\"}", 0.0), ("{job=\"half\"}", 0.5)],
    ),
    (
        "login_share",
        &[
            ("auth_attempts_total{method=\"card\",result=\"success\"}", "0+45x20"),
            ("auth_attempts_total{method=\"card\",result=\"failed\"}", "0+15x20"),
            ("auth_attempts_total{method=\"face\",result=\"failed\"}", "90x20"),
        ],
        &[("{method=\"card\"}", 0.25)],
    ),
    ("login_anomaly", &[("auth_attempts_total{department=\"icu\",result=\"failed\"}", "90x20")], &[]),
    (
        "unauthorized",
        &[("patient_records_accessed_total{department=\"icu\",access_type=\"read\"}", "0+60x20")],
        &[("{department=\"icu\"}", 0.0)],
    ),
    (
        "signatures_invalid",
        &[
            ("cfm_digital_signature_total{physician_crm=\"1\",signature_valid=\"False\"}", "0+15x20"),
            ("cfm_digital_signature_total{physician_crm=\"2\",signature_valid=\"True\"}", "0+45x20"),
        ],
        &[("{}", 0.25)],
    ),
    ("sngpc_open", &[("anvisa_sngpc_reports_total", "0x20")], &[]),
    (
        "p95",
        &[
            (
                "medical_record_processing_seconds_bucket{department=\"icu\",operation=\"a\",le=\"1\"}",
                "0+60x20",
            ),
            (
                "medical_record_processing_seconds_bucket{department=\"icu\",operation=\"a\",le=\"+Inf\"}",
                "0+60x20",
            ),
            (
                "medical_record_processing_seconds_bucket{department=\"icu\",operation=\"b\",le=\"1\"}",
                "0+60x20",
            ),
            (
                "medical_record_processing_seconds_bucket{department=\"icu\",operation=\"b\",le=\"+Inf\"}",
                "0+60x20",
            ),
        ],
        &[("{department=\"icu\"}", 0.95)],
    ),
    (
        "services",
        &[
            ("up{job=\"medical-api\",instance=\"a\"}", "1x20"),
            ("up{job=\"medical-api\",instance=\"b\"}", "0x20"),
            ("up{job=\"other\",instance=\"c\"}", "0x20"),
        ],
        &[("{job=\"medical-api\"}", 0.0)],
    ),
    (
        "critical_alerts",
        &[
            (
                "ALERTS{alertname=\"A\",alertstate=\"firing\",severity=\"critical\",department=\"icu\"}",
                "1x20",
            ),
            (
                "ALERTS{alertname=\"B\",alertstate=\"pending\",severity=\"critical\",department=\"icu\"}",
                "1x20",
            ),
            ("ALERTS{alertname=\"C\",alertstate=\"firing\",severity=\"critical\",department=\"x\"}", "1x20"),
        ],
        &[("{}", 1.0)],
    ),
    ("critical_alerts", &[("up", "1x20")], &[("{}", 0.0)]),
    (
        "models_accuracy",
        &[
            ("ai_model_accuracy_score{model_name=\"m\",evaluation_type=\"a\"}", "0.9x20"),
            ("ai_model_accuracy_score{model_name=\"m\",evaluation_type=\"b\"}", "0.8x20"),
        ],
        &[("{model_name=\"m\"}", 0.8)],
    ),
];

/// A test file of one query.
fn query_test(query: &str, series: &[(&str, &str)], samples: &[(&str, f64)]) -> String {
    let query = query.replace('\'', "''").replace('\n', " ");
    let mut text = "evaluation_interval: 1m\ntests:\n  - interval: 1m\n    input_series:\n".to_owned();
    for (name, values) in series {
        writeln!(text, "      - series: '{name}'\n        values: '{values}'").unwrap();
    }
    write!(text, "    promql_expr_test:\n      - expr: '{query}'\n        eval_time: 10m\n").unwrap();
    text.push_str("        exp_samples:\n");
    for (labels, value) in samples {
        writeln!(text, "          - labels: '{labels}'\n            value: {value}").unwrap();
    }
    text
}

#[test]
fn queries_answer_as_a_person_expects() {
    let pack = hospital();
    let folder = tempfile::tempdir().unwrap();
    let total: &[(&str, &str)] = &[
        ("mac_studio_memory_bytes{type=\"used\"}", "141x20"),
        ("mac_studio_memory_bytes{type=\"available\"}", "100x20"),
        ("mac_studio_memory_bytes{type=\"total\"}", "256x20"),
    ];
    let max = pack.panels["memory"].max_query.as_deref().unwrap();
    let mut tests: Vec<String> = CASES
        .iter()
        .map(|(id, series, samples)| {
            query_test(&pack::substitute(&pack.panels[*id].query, &[("department", "icu")]), series, samples)
        })
        .collect();
    tests.push(query_test(max, total, &[("mac_studio_memory_bytes{type=\"total\"}", 256.0)]));
    tests.push(query_test(max, &total[..2], &[("{}", 241.0)]));
    for (at, test) in tests.iter().enumerate() {
        let name = format!("query{at}.yml");
        fs::write(folder.path().join(&name), test).unwrap();
        let Some(verdict) = promtool(folder.path(), &["test", "rules", &name]) else { return };
        assert!(verdict.ok, "{test}\n{}", verdict.text);
    }
}
