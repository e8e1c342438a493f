//! Log lines.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;
use serde_json::Value;

use super::minute::{SEED, failing, leaks, minute, notices, record, request, requests, shipped, world};
use crate::demo::event::Cause;
use crate::demo::identifiers;
use crate::demo::people::People;
use crate::model::LogEntry;

fn json(entry: &LogEntry) -> Option<Value> {
    entry
        .line
        .starts_with('{')
        .then(|| serde_json::from_str(&entry.line).unwrap_or_else(|error| panic!("{error}: {}", entry.line)))
}

fn label<'a>(entry: &'a LogEntry, name: &str) -> &'a str {
    entry.labels.get(name).unwrap_or("")
}

#[test]
fn every_line_is_what_it_says_it_is() {
    let (lines, _) = minute();
    let mut seen: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    assert!(lines.is_sorted_by_key(|entry| entry.ts));
    for entry in &lines {
        for name in ["category", "department", "job", "level", "service", "service_name"] {
            assert!(!label(entry, name).is_empty(), "{name}: {entry:?}");
        }
        for name in ["category", "level", "department"] {
            seen.entry(name).or_default().insert(label(entry, name).to_owned());
        }
        assert_eq!(label(entry, "service"), label(entry, "service_name"));
        assert!(!entry.line.contains('$') || entry.line.contains("$1"), "{}", entry.line);
        assert!(!entry.line.ends_with('\n') && !entry.line.trim().is_empty());
        if let Some(line) = json(entry) {
            assert_eq!(line["level"], label(entry, "level"), "{line}");
            for name in ["category", "department", "service"] {
                assert!(line[name].is_null() || line[name] == label(entry, name), "{name}: {line}");
            }
            let at = line["timestamp"].as_str().expect("a timestamp");
            let at = chrono::DateTime::parse_from_rfc3339(at).expect("RFC 3339");
            assert_eq!(at.timestamp_micros(), entry.ts / 1000);
        }
        let of_model = label(entry, "category") == "ai_inference";
        assert!(!of_model || !label(entry, "model_name").is_empty(), "{entry:?}");
    }
    let of = |name: &str| seen[name].iter().map(String::as_str).collect::<Vec<_>>();
    let categories =
        ["ai_inference", "audit", "authentication", "medical_record", "performance", "security", "system"];
    assert_eq!(of("category"), categories);
    assert_eq!(of("level"), ["critical", "debug", "error", "info", "warning"]);
    for department in ["all", "cardiology", "emergency", "icu", "surgery", "pharmacy", "telemedicine"] {
        assert!(of("department").contains(&department), "{department}");
    }
}

/// The checks of the document's typed events.
#[test]
fn typed_events_satisfy_their_checks() {
    let (lines, _) = minute();
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for line in lines.iter().filter_map(json).filter(|line| line.get("event_id").is_some()) {
        let has = |name: &str| line.get(name).is_some();
        assert!(has("user_id") && has("session_id") && has("message"), "{line}");
        let department = line["department"].as_str().expect("a department");
        assert!(["cardiology", "emergency", "surgery", "icu"].contains(&department), "{line}");
        let id = line["event_id"].as_str().expect("an id");
        assert!(id.len() == 36 && id.as_bytes()[14] == b'4', "{id}");
        let address = |name: &str| line[name].as_str().is_some_and(|ip| ip.split('.').count() == 4);
        let share = |name: &str| line[name].as_f64().is_none_or(|share| (0.0..=1.0).contains(&share));
        let kind = if has("operation_type") {
            let hash = line["patient_id_hash"].as_str().expect("a hash");
            assert!(hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit()), "{line}");
            assert!(line["duration_ms"].is_number() && line["success"].is_boolean(), "{line}");
            "MedicalOperationEvent"
        } else if has("model_name") {
            assert!(line["inference_time_ms"].is_number() && line["success"].is_boolean(), "{line}");
            assert!(share("confidence_score"), "{line}");
            "AIInferenceEvent"
        } else if has("auth_method") {
            assert!(line["success"].is_boolean() && address("ip_address"), "{line}");
            assert!(share("biometric_confidence") && has("user_agent"), "{line}");
            "AuthenticationEvent"
        } else if has("event_type") {
            assert!((0..=10).contains(&line["threat_level"].as_i64().expect("a level")), "{line}");
            assert!(address("source_ip") && line["details"].is_object(), "{line}");
            assert_eq!(line["severity"], line["level"]);
            "SecurityEvent"
        } else if has("metric_name") {
            assert!(line["metric_value"].is_number() && line["threshold_exceeded"].is_boolean(), "{line}");
            "PerformanceEvent"
        } else {
            assert!(has("action") && has("resource") && has("result") && address("ip_address"), "{line}");
            assert!(has("user_role") && line["additional_context"].is_object(), "{line}");
            "AuditEvent"
        };
        *kinds.entry(kind).or_default() += 1;
    }
    assert_eq!(kinds.len(), 6, "{kinds:?}");
    assert!(kinds.values().all(|count| *count > 3), "{kinds:?}");
}

#[test]
fn the_documents_ready_queries_find_something() {
    let (lines, _) = minute();
    let found = |category: &str, holds: &dyn Fn(&LogEntry, &Value) -> bool| {
        let of = |entry: &&LogEntry| category.is_empty() || label(entry, "category") == category;
        lines.iter().filter(of).filter(|entry| json(entry).is_some_and(|line| holds(entry, &line))).count()
    };
    let queries: [(&str, usize); 10] = [
        (
            "failed_authentication",
            found("authentication", &|e, l| e.line.contains("failed") && l["result"] == "failed"),
        ),
        (
            "suspicious_activity",
            found("security", &|_, l| l["severity"] == "warning" || l["severity"] == "error"),
        ),
        (
            "slow_operations",
            found("medical_record", &|_, l| l["duration_ms"].as_f64().is_some_and(|ms| ms > 1000.0)),
        ),
        ("ai_inference_errors", found("ai_inference", &|_, l| l["success"] == false)),
        ("patient_record_access", found("audit", &|e, _| e.line.contains("access_patient_record"))),
        (
            "administrative_actions",
            found("audit", &|_, l| {
                ["create_user", "delete_user", "modify_permissions"]
                    .iter()
                    .any(|action| l["action"] == *action)
            }),
        ),
        ("cardiology_operations", found("", &|e, _| label(e, "department") == "cardiology")),
        (
            "emergency_critical_logs",
            found("", &|e, l| {
                label(e, "department") == "emergency" && (l["level"] == "error" || l["level"] == "critical")
            }),
        ),
        (
            "high_confidence_ai",
            found("ai_inference", &|_, l| l["confidence_score"].as_f64().is_some_and(|c| c > 0.9)),
        ),
        (
            "voice_transcription_quality",
            found("", &|e, l| {
                label(e, "model_name") == "whisper-large"
                    && l["confidence_score"].as_f64().is_some_and(|c| c < 0.8)
            }),
        ),
    ];
    for (query, count) in queries {
        assert!(count > 0, "{query}");
    }
}

#[test]
fn a_line_and_its_span_share_their_ids() {
    let (lines, traces) = minute();
    let spans: BTreeSet<(String, String)> = traces
        .iter()
        .flat_map(|trace| &trace.spans)
        .map(|span| (span.trace_id.to_string(), span.span_id.to_string()))
        .collect();
    let mut traced = 0;
    for entry in &lines {
        let Some(trace) = entry.metadata.get("trace_id") else { continue };
        traced += 1;
        let span = entry.metadata.get("span_id").unwrap_or("");
        assert!(spans.contains(&(trace.to_owned(), span.to_owned())), "{entry:?}");
        if let Some(line) = json(entry) {
            assert_eq!(line["trace_id"], trace);
        }
    }
    assert!(traced > lines.len() / 2);
    let database = lines.iter().filter(|entry| entry.line.contains(" LOG: ")).collect::<Vec<_>>();
    assert!(!database.is_empty() && database.iter().all(|entry| entry.metadata.is_empty()));
}

#[test]
fn three_or_four_lines_tell_of_a_calm_request() {
    let world = world();
    let calm: Vec<_> =
        (0..1000).map(|number| request(&world, number, number as usize % world.classes.len())).collect();
    let (lines, _) = record(&calm, &[]);
    let each = lines.len() as f64 / 1000.0;
    assert!((2.5..5.0).contains(&each), "{each}");
    assert!(lines.iter().all(|entry| !["error", "critical"].contains(&label(entry, "level"))));
}

#[test]
fn recording_again_gives_the_same_and_no_request_minds_another() {
    let world = world();
    let all = requests(&world);
    assert_eq!(record(&all, &notices(&world)), record(&all, &notices(&world)));
    let (together, _) = record(&all, &[]);
    let (alone, _) = record(&all[40..41], &[]);
    assert!(!alone.is_empty() && alone.iter().all(|entry| together.contains(entry)));
}

#[test]
fn who_notices_tells_and_who_was_never_reached_is_silent() {
    let world = world();
    let class = world.classes.iter().position(|class| &*class.operation == "analyze_ecg").expect("a class");
    let step = world.classes[class].steps.iter().position(|step| &*step.name == "ai_inference.ecg_analyzer");
    let step = step.expect("a step");
    for cause in [Cause::Timeout, Cause::Refused] {
        let mut request = failing(&world, 1, class, step, cause);
        // The engine does more before that call; here only the call matters.
        request.steps.retain(|done| usize::from(done.step) <= 3 || usize::from(done.step) == step);
        let (lines, _) = record(&[request], &[]);
        assert!(lines.iter().all(|entry| label(entry, "service") != "ai-engine"), "{lines:?}");
        let told = lines.iter().filter(|entry| label(entry, "service") == "medical-api");
        let told: String = told.map(|entry| entry.line.to_string()).collect();
        match cause {
            Cause::Timeout => assert!(told.contains("timeout after 32 s calling ai-engine"), "{told}"),
            _ => assert!(told.contains("localhost:8083") && told.contains("refused"), "{told}"),
        }
    }
    // A database knows nothing of the way to it: only who waits for it finds it slow.
    let mut far = request(&world, 1, class);
    let query = far.steps.last_mut().expect("a step");
    (query.end_us, query.way_us) = (query.start_us + 3_000_000, 2_990_000);
    let (lines, _) = record(&[far], &[]);
    assert!(lines.iter().all(|entry| label(entry, "service") != "postgresql"));
    assert!(lines.iter().any(|entry| entry.line.contains("Slow query") && entry.line.contains("3000")));

    let (lines, _) = record(&[failing(&world, 1, class, step, Cause::Internal)], &[]);
    let stack = lines.iter().find(|entry| entry.line.contains("Traceback")).expect("a stack trace");
    assert_eq!((label(stack, "service"), label(stack, "level")), ("ai-engine", "error"));
    assert!(stack.line.lines().count() > 3);
}

#[test]
fn every_notice_has_its_line() {
    let world = world();
    for notice in notices(&world) {
        let (lines, _) = record(&[], std::slice::from_ref(&notice));
        // Short pauses are sampled, and not every process can have every trouble.
        let service = &*world.services[usize::from(notice.service)].name;
        if ["medical-api", "ai-engine"].contains(&service) && !format!("{notice:?}").contains("us: 6000") {
            assert!(!lines.is_empty(), "{notice:?}");
        }
        assert!(lines.iter().all(|entry| label(entry, "service") == service && entry.metadata.is_empty()));
    }
    let (lines, _) = record(&[], &notices(&world));
    for said in [
        "level changed to Serious (2), die temperature 91.3 C",
        "\"version\": \"9.9.9\"",
        "\"waited_ms\": 812.34",
        "\"remote\": \"api-gateway\", \"count\": 37",
        "\"job\": \"nightly-archive\"",
        "\"requests\": 41, \"longest_ms\": 1234.56",
        "killing_specific_process",
    ] {
        assert!(lines.iter().any(|entry| entry.line.contains(said)), "{said}");
    }
}

fn identifiers() -> Vec<Regex> {
    [
        r"\d{3}\.\d{3}\.\d{3}-\d{2}",
        r"\b9999\d{7}\b",
        r"\b[17]0000\d{10}\b",
        r"\b[17]00 00\d\d \d{4} \d{4}\b",
        r"[\w.]+@paciente\.example",
        r"\+55 ",
        r"\b9\d{5}-SP\b",
        r"FI\.CTI\.CIO/0001-\d\d",
        r"\b4000 00\d\d \d{4} \d{4}\b",
        r"Exemplo de",
    ]
    .map(|pattern| Regex::new(pattern).expect("a pattern"))
    .into()
}

#[test]
fn only_a_service_that_leaks_writes_who_somebody_is() {
    let world = world();
    let (lines, traces) = minute();
    let patterns = identifiers();
    for entry in &lines {
        for pattern in &patterns {
            assert!(!pattern.is_match(&entry.line), "{pattern}: {}", entry.line);
        }
    }
    let spans = format!("{traces:?}");
    let leaky = leaks(&world);
    let (leaked, leaked_traces) = record(&leaky, &[]);
    for pattern in patterns {
        assert!(leaked.iter().any(|entry| pattern.is_match(&entry.line)), "{pattern}");
        assert!(!pattern.is_match(&spans), "{pattern}");
        assert!(!pattern.is_match(&format!("{leaked_traces:?}")), "{pattern}");
    }
    // The same person in every line of a request, and in the field that says so.
    let (_, files) = shipped();
    let signals = super::super::Signals::read(&files.signals, &world).expect("signals");
    let people = People { seed: SEED, words: &signals.people };
    let mut fields = 0;
    for entry in leaked.iter().filter(|entry| entry.line.contains("patient_cpf")) {
        let line = json(entry).expect("JSON");
        let number = leaky.iter().find(|request| {
            Some(crate::model::TraceId(request.trace_id).to_string().as_str()) == line["trace_id"].as_str()
        });
        let patient = people.patient_of(number.expect("its request").number);
        assert_eq!(line["patient_cpf"], identifiers::cpf(SEED, patient));
        assert_eq!(line["patient_name"], people.patient_name(patient));
        fields += 1;
    }
    assert!(fields > 0);
}
