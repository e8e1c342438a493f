//! Every metric of the hospital with its labels and a calm value: no rule of the field fires.

use super::series::Series;

/// The jobs that Prometheus scrapes there.
pub const JOBS: [&str; 6] =
    ["api-gateway", "auth-service", "medical-api", "ai-engine", "node-exporter", "postgresql"];

/// The departments with their usual number of sessions and beds taken in percent.
pub const DEPARTMENTS: [(&str, f64, f64); 4] =
    [("cardiology", 42.0, 71.0), ("emergency", 61.0, 88.0), ("surgery", 23.0, 64.0), ("icu", 17.0, 82.0)];

/// The models with what they take in, their usual latency in seconds, accuracy, and memory in GB.
pub const MODELS: [(&str, &str, f64, f64, f64); 5] = [
    ("medgemma-4b", "text", 1.4, 0.942, 9.1),
    ("whisper-large", "audio", 0.8, 0.957, 6.2),
    ("facenet", "image", 0.3, 0.981, 1.3),
    ("ecg_analyzer", "signal", 0.4, 0.946, 2.4),
    ("triage_classifier", "text", 0.2, 0.934, 1.1),
];

const GIB: f64 = 1_073_741_824.0;
const OPERATIONS: [(&str, f64); 3] = [("create", 0.2), ("read", 0.9), ("update", 0.4)];
const ROLES: [&str; 3] = ["attending_physician", "resident", "nurse"];

const PROCESSING: &[f64] = &[0.1, 0.5, 1.0, 2.5, 5.0, 10.0];
const INFERENCE: &[f64] = &[0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0];
const FACE: &[f64] = &[0.5, 1.0, 2.0, 3.0, 5.0, 10.0];
const CONFIDENCE: &[f64] = &[0.7, 0.8, 0.85, 0.9, 0.95, 0.99, 1.0];
const DURATION: &[f64] = &[0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
const SIZE: &[f64] = &[100.0, 1000.0, 10_000.0, 100_000.0, 1_000_000.0, 10_000_000.0];
const TISS: &[f64] = &[0.5, 1.0, 2.5, 5.0, 10.0];

/// What a job exports on a calm day.
pub fn calm(job: &str) -> Vec<Series> {
    match job {
        "api-gateway" => http(12.0),
        "auth-service" => [http(2.0), authentication()].concat(),
        "medical-api" => [http(8.0), records(), compliance()].concat(),
        "ai-engine" => models(),
        "node-exporter" => machine(),
        "postgresql" => database(),
        other => panic!("the hospital has no job {other}"),
    }
}

fn http(rate: f64) -> Vec<Series> {
    let mut out = Vec::new();
    for (method, share) in [("GET", 0.7), ("POST", 0.3)] {
        for (status, part) in [("200", 0.985), ("404", 0.01), ("500", 0.005)] {
            out.push(Series::counter(
                "http_requests_total",
                &[("method", method), ("status", status)],
                rate * share * part,
            ));
        }
        let labels = &[("method", method)];
        let mix = [(0.02, 0.6), (0.08, 0.35), (0.4, 0.05)];
        out.push(Series::histogram("http_request_duration_seconds", labels, DURATION, rate * share, &mix));
        out.push(Series::histogram("http_request_size_bytes", labels, SIZE, rate * share, &[(800.0, 1.0)]));
        out.push(Series::histogram("http_response_size_bytes", labels, SIZE, rate * share, &[(6000.0, 1.0)]));
    }
    out
}

fn authentication() -> Vec<Series> {
    let mut out = Vec::new();
    for (department, ..) in DEPARTMENTS {
        for (method, rate) in [("face", 0.15), ("password", 0.05)] {
            for (result, share) in [("success", 0.98), ("failed", 0.02)] {
                let labels = [("method", method), ("result", result), ("department", department)];
                out.push(Series::counter("auth_attempts_total", &labels, rate * share));
            }
        }
    }
    out.push(Series::histogram("face_recognition_seconds", &[], FACE, 0.6, &[(0.4, 0.7), (0.9, 0.3)]));
    out
}

fn records() -> Vec<Series> {
    let mut out = Vec::new();
    for (department, sessions, _) in DEPARTMENTS {
        out.push(Series::gauge("active_medical_sessions", &[("department", department)], sessions));
        for (operation, rate) in OPERATIONS {
            for role in ROLES {
                let labels = [("operation", operation), ("department", department), ("user_role", role)];
                out.push(Series::counter("medical_record_operations_total", &labels, rate));
            }
            out.push(Series::histogram(
                "medical_record_processing_seconds",
                &[("operation", operation), ("department", department)],
                PROCESSING,
                rate * 3.0,
                &[(0.08, 0.3), (0.4, 0.6), (0.9, 0.1)],
            ));
        }
        for (access, rate) in [("view", 0.8), ("export", 0.01)] {
            let labels = [("department", department), ("access_type", access)];
            out.push(Series::counter("patient_records_accessed_total", &labels, rate));
        }
    }
    out
}

fn compliance() -> Vec<Series> {
    let mut out = Vec::new();
    for (department, _, occupied) in DEPARTMENTS {
        let beds = [("department", department), ("bed_type", "adult")];
        out.push(Series::gauge("sus_bed_occupancy_rate_percent", &beds, occupied));
        let diagnoses = [("department", department), ("diagnosis_category", "general")];
        out.push(Series::gauge("sus_average_length_of_stay_days", &diagnoses, 5.5));
        out.push(Series::gauge("sus_mortality_rate_percent", &diagnoses, 1.2));
    }
    for (valid, rate) in [("true", 0.4), ("false", 0.0)] {
        let labels =
            [("physician_crm", "12345-SP"), ("signature_valid", valid), ("icp_brasil_compliant", valid)];
        out.push(Series::counter("cfm_digital_signature_total", &labels, rate));
    }
    for (status, rate) in [("passed", 0.4), ("failed", 0.0)] {
        let labels = [("record_type", "consultation"), ("integrity_status", status)];
        out.push(Series::counter("cfm_medical_record_integrity_checks_total", &labels, rate));
    }
    let dispensed =
        [("substance_class", "A1"), ("physician_crm", "12345-SP"), ("pharmacy_cnpj", "12.345.678/0001-95")];
    out.push(Series::counter("anvisa_controlled_substance_dispensing_total", &dispensed, 0.02));
    out.push(Series::counter("anvisa_sngpc_reports_total", &[("substance_class", "A1")], 0.02));
    let events = [("event_severity", "mild"), ("medication_class", "analgesic"), ("outcome", "recovered")];
    out.push(Series::counter("anvisa_adverse_events_reported_total", &events, 0.01));
    out.push(Series::counter("medication_adverse_events_total", &[("medication_class", "analgesic")], 0.01));
    let tiss = [("transaction_type", "consultation"), ("health_plan", "plan-a")];
    out.push(Series::histogram(
        "tiss_transaction_processing_seconds",
        &tiss,
        TISS,
        0.2,
        &[(0.7, 0.9), (2.0, 0.1)],
    ));
    let ans = [("indicator_type", "satisfaction"), ("measurement_period", "monthly")];
    out.push(Series::gauge("ans_quality_indicator_score", &ans, 0.87));
    out
}

fn models() -> Vec<Series> {
    let mut out = Vec::new();
    for (model, input, latency, accuracy, memory) in MODELS {
        let labels = [("model_name", model), ("input_type", input)];
        let mix = [(latency * 0.6, 0.5), (latency, 0.45), (latency * 2.0, 0.05)];
        out.push(Series::histogram("ai_model_inference_seconds", &labels, INFERENCE, 0.7, &mix));
        let labels = [("model_name", model), ("evaluation_type", "confidence")];
        out.push(Series::gauge("ai_model_accuracy_score", &labels, accuracy));
        out.push(Series::gauge("ai_model_memory_bytes", &[("model_name", model)], memory * 1e9));
    }
    let mix = [(0.88, 0.1), (0.94, 0.5), (0.97, 0.4)];
    out.push(Series::histogram("voice_transcription_confidence", &[], CONFIDENCE, 0.6, &mix));
    out
}

fn machine() -> Vec<Series> {
    let mut out = vec![
        Series::gauge("mac_studio_cpu_usage_percent", &[("core_type", "performance")], 48.5),
        Series::gauge("mac_studio_cpu_usage_percent", &[("core_type", "efficiency")], 31.25),
        Series::gauge("mac_studio_gpu_usage_percent", &[], 52.0),
        Series::gauge("mac_studio_thermal_state", &[], 0.0),
        Series::gauge("node_load1", &[], 3.2),
        Series::gauge("node_filesystem_avail_bytes", &[("mountpoint", "/")], 900.0 * GIB),
        Series::gauge("node_filesystem_size_bytes", &[("mountpoint", "/")], 1800.0 * GIB),
        Series::counter("node_cpu_seconds_total", &[("cpu", "0"), ("mode", "idle")], 0.7),
    ];
    for (kind, gib) in [("total", 256.0), ("used", 141.0), ("available", 115.0), ("cached", 31.0)] {
        out.push(Series::gauge("mac_studio_memory_bytes", &[("type", kind)], gib * GIB));
    }
    out
}

fn database() -> Vec<Series> {
    vec![
        Series::gauge("pg_up", &[], 1.0),
        Series::gauge("pg_stat_activity_count", &[("datname", "records"), ("state", "active")], 12.0),
        Series::gauge("pg_stat_activity_count", &[("datname", "records"), ("state", "idle")], 20.0),
        Series::gauge("pg_settings_max_connections", &[], 100.0),
        Series::counter("pg_stat_database_xact_commit", &[("datname", "records")], 14.0),
        Series::counter("pg_stat_database_deadlocks", &[("datname", "records")], 0.0),
    ]
}
