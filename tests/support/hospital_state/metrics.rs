//! The model hospital: every metric of the field as a pure function of scene and moment.

use plantao::model::Labels;

use super::alerts;
use super::{NOW, Scene};

/// Seconds between the points that differ: an instant value is that of the last point.
const GRID_S: i64 = 20;
/// How long ago the incident began.
pub const ONSET_S: i64 = 360;
const GIB: f64 = 1_073_741_824.0;

/// A scene at a moment.
#[derive(Clone, Copy, Debug)]
pub struct World {
    pub scene: Scene,
    /// Unix seconds.
    pub t: i64,
}

impl World {
    pub fn earlier(self, seconds: i64) -> Self {
        Self { t: self.t - seconds, ..self }
    }

    /// The last point's moment.
    pub fn on_grid(self) -> Self {
        Self { t: self.t.div_euclid(GRID_S) * GRID_S, ..self }
    }

    /// How far the incident has come, 0 to 1, where something follows it `after` seconds later and
    /// takes `rise` seconds.
    fn incident(self, after: i64, rise: i64) -> f64 {
        if self.scene == Scene::Calm {
            return 0.0;
        }
        let since = self.t - (NOW - ONSET_S + after);
        smooth((since as f64 / rise as f64).clamp(0.0, 1.0))
    }

    /// From a calm value to that of the incident.
    fn between(self, calm: f64, then: f64, after: i64, rise: i64) -> f64 {
        calm + (then - calm) * self.incident(after, rise)
    }
}

fn smooth(x: f64) -> f64 {
    x * x * (3.0 - 2.0 * x)
}

fn hash(seed: &str, at: i64) -> f64 {
    let mut h = 0xcbf2_9ce4_8422_2325_u64;
    for byte in seed.bytes().chain(at.to_le_bytes()) {
        h = (h ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    h ^= h >> 29;
    h = h.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (h >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
}

fn noise(seed: &str, t: i64, period: i64) -> f64 {
    let cell = t.div_euclid(period);
    let (a, b) = (hash(seed, cell), hash(seed, cell + 1));
    a + (b - a) * smooth(t.rem_euclid(period) as f64 / period as f64)
}

/// The slow and quick moves of a busy house, -1 to 1.
fn sway(seed: &str, t: i64) -> f64 {
    0.55 * noise(seed, t, 1500) + 0.3 * noise(seed, t, 330) + 0.15 * noise(seed, t, GRID_S)
}

pub const DEPARTMENTS: [&str; 4] = ["cardiology", "emergency", "surgery", "icu"];
const MODELS: [&str; 5] = ["medgemma-4b", "whisper-large", "facenet", "ecg_analyzer", "triage_classifier"];
const JOBS: [(&str, &str); 6] = [
    ("ai-engine", "mac-studio:8083"),
    ("api-gateway", "mac-studio:8080"),
    ("auth-service", "mac-studio:8081"),
    ("medical-api", "mac-studio:8082"),
    ("node-exporter", "mac-studio:9100"),
    ("postgresql", "mac-studio:9187"),
];

/// What follows the fields' own load: the share of a department, model, service.
#[allow(clippy::match_same_arms)] // a table of words, in the order of what they are
fn weight(word: &str) -> f64 {
    match word {
        "cardiology" => 0.7,
        "emergency" => 1.0,
        "surgery" => 0.4,
        "icu" => 0.3,
        "medgemma-4b" => 2.4,
        "whisper-large" => 1.3,
        "facenet" => 1.1,
        "ecg_analyzer" => 0.6,
        "triage_classifier" => 0.9,
        "api-gateway" => 14.0,
        "medical-api" => 8.0,
        "ai-engine" => 6.3,
        "auth-service" => 1.6,
        "read" => 1.6,
        "update" => 0.7,
        "create" => 0.4,
        "attending_physician" => 0.45,
        "nurse" => 0.35,
        "resident" => 0.2,
        "view" => 1.0,
        "export" => 0.05,
        "200" => 0.93,
        "201" => 0.04,
        "404" => 0.025,
        "500" => 0.002,
        _ => 1.0,
    }
}

type Axes = &'static [(&'static str, &'static [&'static str])];
/// The value of one series; its labels by name.
type Model = fn(&dyn Fn(&str) -> String, World, f64) -> f64;

struct Family {
    name: &'static str,
    axes: Axes,
    /// Whether it is one of each scraped service's own.
    per_job: &'static [&'static str],
    model: Model,
}

const HTTP: &[&str] = &["ai-engine", "api-gateway", "auth-service", "medical-api"];
const ALL_JOBS: &[&str] =
    &["ai-engine", "api-gateway", "auth-service", "medical-api", "node-exporter", "postgresql"];
const MACHINE: &[&str] = &["node-exporter"];
const API: &[&str] = &["medical-api"];
const AI: &[&str] = &["ai-engine"];
const AUTH: &[&str] = &["auth-service"];

/// Counters are given by their rate, histograms by the quantile that is asked for.
const FAMILIES: &[Family] = &[
    Family { name: "up", axes: &[], per_job: ALL_JOBS, model: |_, _, _| 1.0 },
    Family {
        name: "scrape_duration_seconds",
        axes: &[],
        per_job: ALL_JOBS,
        model: |label, _, s| 0.012 + 0.003 * weight(&label("job")) * (1.0 + 0.2 * s),
    },
    Family {
        name: "mac_studio_cpu_usage_percent",
        axes: &[("core_type", &["performance", "efficiency"])],
        per_job: MACHINE,
        model: |label, world, s| match label("core_type").as_str() {
            "performance" => world.between(46.0 + 11.0 * s, 93.0 + 1.2 * s, 0, 40),
            _ => world.between(31.0 + 7.0 * s, 41.0 + 4.0 * s, 0, 120),
        },
    },
    Family {
        name: "mac_studio_gpu_usage_percent",
        axes: &[],
        per_job: MACHINE,
        model: |_, world, s| world.between(52.0 + 14.0 * s, 97.0 + 0.6 * s, -40, 60),
    },
    Family {
        name: "mac_studio_thermal_state",
        axes: &[],
        per_job: MACHINE,
        model: |_, world, _| 3.0 * world.incident(0, 1),
    },
    Family {
        name: "mac_studio_memory_bytes",
        axes: &[("type", &["used", "available", "cached", "total"])],
        per_job: MACHINE,
        model: |label, world, _| {
            let most = if world.scene == Scene::Unknown { 238.0 } else { 168.0 };
            let used = world.between(141.0 + 2.5 * sway("memory", world.t), most, -120, 120);
            GIB * match label("type").as_str() {
                "used" => used,
                "available" => 256.0 - used,
                "cached" => 31.0 + 1.5 * sway("cached", world.t),
                _ => 256.0,
            }
        },
    },
    Family {
        name: "active_medical_sessions",
        axes: &[("department", &DEPARTMENTS)],
        per_job: API,
        model: |label, _, s| (60.0 * weight(&label("department")) * (1.0 + 0.15 * s)).round(),
    },
    Family {
        name: "patient_records_accessed_total",
        axes: &[("department", &DEPARTMENTS), ("access_type", &["view", "export", "unauthorized"])],
        per_job: API,
        model: |label, _, s| match label("access_type").as_str() {
            "unauthorized" => 0.0,
            kind => 3.0 * weight(kind) * weight(&label("department")) * (1.0 + 0.3 * s),
        },
    },
    Family {
        name: "medical_record_operations_total",
        axes: &[
            ("department", &DEPARTMENTS),
            ("operation", &["read", "update", "create"]),
            ("user_role", &["attending_physician", "nurse", "resident"]),
        ],
        per_job: API,
        model: |label, _, s| {
            1.4 * weight(&label("operation"))
                * weight(&label("department"))
                * weight(&label("user_role"))
                * (1.0 + 0.35 * s)
        },
    },
    Family {
        name: "medical_record_processing_seconds",
        axes: &[("department", &DEPARTMENTS), ("operation", &["read", "update", "create"])],
        per_job: API,
        model: |label, world, s| {
            let calm = 0.45 + 0.3 * weight(&label("department")) + 0.1 * weight(&label("operation"));
            let then = match (label("department").as_str(), label("operation").as_str()) {
                ("emergency", "read") => 5.6,
                ("emergency", _) => 4.2,
                _ => calm * 1.6,
            };
            world.between(calm, then, 30, 90) * (1.0 + 0.06 * s)
        },
    },
    Family {
        name: "auth_attempts_total",
        axes: &[
            ("department", &DEPARTMENTS),
            ("method", &["face_recognition", "password"]),
            ("result", &["success", "failed"]),
        ],
        per_job: AUTH,
        model: |label, _, s| {
            let share = if label("result") == "failed" { 0.03 } else { 0.97 };
            let method = if label("method") == "password" { 0.12 } else { 0.4 };
            share * method * weight(&label("department")) * (1.0 + 0.5 * s)
        },
    },
    Family {
        name: "face_recognition_seconds",
        axes: &[],
        per_job: AUTH,
        model: |_, world, s| world.between(0.9 + 0.1 * s, 3.4, 320, 20),
    },
    Family {
        name: "ai_model_inference_seconds",
        axes: &[("model_name", &MODELS)],
        per_job: AI,
        model: |label, world, s| {
            let (calm, then) = match label("model_name").as_str() {
                "medgemma-4b" => (2.1, 12.4),
                "whisper-large" => (1.6, 10.9),
                "facenet" => (0.4, 1.9),
                "ecg_analyzer" => (0.7, 3.1),
                _ => (0.3, 1.2),
            };
            // The last point is the round figure, what came before it wavers.
            let s = if world.scene == Scene::Calm || world.t < NOW - 30 { s } else { 0.0 };
            world.between(calm * (1.0 + 0.12 * s), then * (1.0 + 0.02 * s), 20, 120)
        },
    },
    Family {
        name: "ai_model_accuracy_score",
        axes: &[("model_name", &MODELS), ("evaluation_type", &["clinical"])],
        per_job: AI,
        model: |label, _, s| {
            let calm = match label("model_name").as_str() {
                "medgemma-4b" => 0.942,
                "whisper-large" => 0.957,
                "facenet" => 0.983,
                "ecg_analyzer" => 0.961,
                _ => 0.934,
            };
            calm + 0.004 * s
        },
    },
    Family {
        name: "ai_model_memory_bytes",
        axes: &[("model_name", &MODELS)],
        per_job: AI,
        model: |label, _, _| GIB * (1.2 + 6.0 * weight(&label("model_name"))),
    },
    Family {
        name: "voice_transcription_confidence",
        axes: &[],
        per_job: AI,
        model: |_, world, s| world.between(0.948 + 0.012 * s, 0.918, 30, 120),
    },
    Family {
        name: "sus_bed_occupancy_rate_percent",
        axes: &[("department", &DEPARTMENTS), ("bed_type", &["adult", "paediatric"])],
        per_job: API,
        model: |label, world, _| {
            let adult = label("bed_type") == "adult";
            match label("department").as_str() {
                "icu" if adult && world.scene != Scene::Calm => 96.4,
                "icu" if adult => 82.1,
                "icu" => 58.3,
                "emergency" => {
                    if adult {
                        84.2
                    } else {
                        63.5
                    }
                }
                "cardiology" => {
                    if adult {
                        71.4
                    } else {
                        40.0
                    }
                }
                _ => {
                    if adult {
                        64.8
                    } else {
                        52.2
                    }
                }
            }
        },
    },
    Family {
        name: "sus_average_length_of_stay_days",
        axes: &[("department", &DEPARTMENTS), ("diagnosis_category", &["cardiovascular", "trauma"])],
        per_job: API,
        model: |label, _, _| {
            let base = match label("department").as_str() {
                "icu" => 7.4,
                "surgery" => 4.9,
                "cardiology" => 5.6,
                _ => 1.3,
            };
            base + if label("diagnosis_category") == "trauma" { 0.8 } else { 0.0 }
        },
    },
    Family {
        name: "sus_mortality_rate_percent",
        axes: &[("department", &DEPARTMENTS), ("diagnosis_category", &["cardiovascular", "trauma"])],
        per_job: API,
        model: |label, _, _| {
            let base = match label("department").as_str() {
                "icu" => 9.8,
                "emergency" => 2.1,
                _ => 1.1,
            };
            base + if label("diagnosis_category") == "trauma" { 0.6 } else { 0.0 }
        },
    },
    Family {
        name: "cfm_digital_signature_total",
        axes: &[
            ("physician_crm", &["52001-SP", "52002-SP"]),
            ("signature_valid", &["True", "False"]),
            ("icp_brasil_compliant", &["True", "False"]),
        ],
        per_job: API,
        model: |label, _, s| match (
            label("signature_valid") == "True",
            label("icp_brasil_compliant") == "True",
        ) {
            (true, true) => 0.4 * (1.0 + 0.2 * s),
            (true, false) => 0.002,
            (false, _) => 0.0005,
        },
    },
    Family {
        name: "cfm_medical_record_integrity_checks_total",
        axes: &[
            ("record_type", &["consultation", "discharge", "imaging", "prescription"]),
            ("integrity_status", &["passed", "failed"]),
        ],
        per_job: API,
        model: |label, _, s| {
            if label("integrity_status") == "failed" {
                0.0
            } else {
                0.3 + 0.05 * s + 0.01 * label("record_type").len() as f64
            }
        },
    },
    Family {
        name: "anvisa_controlled_substance_dispensing_total",
        axes: &[("substance_class", &["A1", "B1", "C1"])],
        per_job: API,
        model: |label, _, _| match label("substance_class").as_str() {
            "A1" => 42.0 / 86_400.0,
            "B1" => 118.0 / 86_400.0,
            _ => 54.0 / 86_400.0,
        },
    },
    Family { name: "anvisa_sngpc_reports_total", axes: &[], per_job: API, model: |_, _, _| 211.0 / 86_400.0 },
    Family {
        name: "medication_adverse_events_total",
        axes: &[],
        per_job: API,
        model: |_, _, _| 12.0 / 86_400.0,
    },
    Family {
        name: "anvisa_adverse_events_reported_total",
        axes: &[],
        per_job: API,
        model: |_, _, _| 11.0 / 86_400.0,
    },
    Family {
        name: "tiss_transaction_processing_seconds",
        axes: &[("transaction_type", &["authorization", "billing", "consultation"])],
        per_job: API,
        model: |label, _, s| 0.7 + 0.05 * label("transaction_type").len() as f64 + 0.15 * s,
    },
    Family {
        name: "ans_quality_indicator_score",
        axes: &[
            ("indicator_type", &["access", "readmission", "safety", "satisfaction"]),
            ("measurement_period", &["2026-10"]),
        ],
        per_job: API,
        model: |label, _, _| 0.8 + 0.01 * label("indicator_type").len() as f64,
    },
    Family {
        name: "http_requests_total",
        axes: &[("status", &["200", "201", "404", "500"])],
        per_job: HTTP,
        model: |label, world, s| {
            let more = match (label("status").as_str(), label("job").as_str()) {
                ("500", "ai-engine") => world.between(1.0, 11.0, 40, 90),
                _ => 1.0,
            };
            more * weight(&label("status")) * weight(&label("job")) * (1.0 + 0.25 * s)
        },
    },
    Family {
        name: "http_request_duration_seconds",
        axes: &[],
        per_job: HTTP,
        model: |label, world, s| {
            let calm = match label("job").as_str() {
                "ai-engine" => 0.62,
                "medical-api" => 0.31,
                "api-gateway" => 0.34,
                _ => 0.12,
            };
            let then = if label("job") == "auth-service" { calm } else { calm * 5.0 };
            world.between(calm, then, 30, 120) * (1.0 + 0.15 * s)
        },
    },
    Family {
        name: "db_pool_connections_in_use",
        axes: &[],
        per_job: &["medical-api"],
        model: |_, _, s| 7.0 + (3.0 * s).round(),
    },
    Family { name: "db_pool_connections_max", axes: &[], per_job: &["medical-api"], model: |_, _, _| 20.0 },
    Family {
        name: "log_personal_data_lines_total",
        axes: &[],
        per_job: &["medical-api"],
        model: |_, _, _| 0.0,
    },
    Family {
        name: "http_response_size_bytes",
        axes: &[],
        per_job: HTTP,
        model: |label, _, s| 180_000.0 * weight(&label("job")) * (1.0 + 0.3 * s),
    },
];

/// The bare values of a metric: a counter's is what it has come to.
pub fn values(name: &str, world: World) -> Vec<(Labels, f64)> {
    match name {
        "ALERTS" => return alerts::series(world, false),
        "ALERTS_FOR_STATE" => return alerts::series(world, true),
        _ => {}
    }
    let counter = name.ends_with("_total");
    rates(name, world)
        .into_iter()
        .map(|(labels, value)| (labels.with("__name__", name), if counter { value * 1e6 } else { value }))
        .collect()
}

/// The rates of a counter; of a histogram's buckets the quantile that is taken of them.
pub fn rates(name: &str, world: World) -> Vec<(Labels, f64)> {
    let world = world.on_grid();
    let base = ["_bucket", "_count", "_sum"].into_iter().find_map(|end| Some((name.strip_suffix(end)?, end)));
    let (base, part) = base.unwrap_or((name, ""));
    let family = FAMILIES.iter().find(|family| family.name == base);
    let family =
        family.unwrap_or_else(|| panic!("the model hospital has no metric {name}: add it to metrics.rs"));
    let mut all: Vec<Vec<(&str, &str)>> = Vec::new();
    for job in family.per_job {
        let instance = JOBS.iter().find(|(known, _)| known == job).expect("a job has an instance").1;
        all.push(vec![("job", *job), ("instance", instance)]);
    }
    for (label, words) in family.axes {
        all = all
            .into_iter()
            .flat_map(|labels| words.iter().map(move |word| [&labels[..], &[(*label, *word)]].concat()))
            .collect();
    }
    all.into_iter()
        .map(|pairs| {
            let labels = Labels::new(pairs);
            let label = |name: &str| labels.get(name).unwrap_or("").to_owned();
            let s = sway(&format!("{base}{labels}"), world.t);
            let value = match part {
                "_count" => weight(&label("model_name")) * (1.0 + 0.2 * s),
                _ => (family.model)(&label, world, s),
            };
            (labels.clone(), value)
        })
        .collect()
}
