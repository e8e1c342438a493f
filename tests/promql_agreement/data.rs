//! The samples that both sides are asked about.

use std::collections::BTreeMap;

use fastrand::Rng;
use plantao::clock::Clock;
use plantao::demo::hospital::Hospital;
use plantao::demo::plan::{FaultSpec, Plan};
use plantao::model::{Labels, MatchOp, Matcher, Point, Series, Time};
use plantao::pack;
use plantao::query::{MetricData as _, STALE_NAN};

/// First moment with samples.
pub const START_MS: i64 = 1_763_800_000_000;
/// Last moment with samples: two hours and ten minutes later.
pub const END_MS: i64 = START_MS + 7_800_000;
const STEP_MS: i64 = 15_000;
/// One sample of `present`: whether it is there, missing, or the mark of an end.
#[derive(Clone, Copy, PartialEq)]
enum There {
    Yes,
    No,
    End,
}

/// Departments of the pack.
pub const DEPARTMENTS: [&str; 3] = ["cardiology", "emergency", "icu"];
/// Models of the pack.
pub const MODELS: [&str; 4] = ["ecg_analyzer", "medgemma-4b", "triage_classifier", "whisper-large"];
const JOBS: [(&str, &str); 8] = [
    ("medical-api", "10.0.0.1:8000"),
    ("medical-api", "10.0.0.2:8000"),
    ("ai-engine", "10.0.0.3:8001"),
    ("auth-service", "10.0.0.4:8002"),
    ("api-gateway", "10.0.0.5:8003"),
    ("postgresql", "10.0.0.6:9187"),
    ("node-exporter", "10.0.0.7:9100"),
    ("mac-studio", "10.0.0.7:9101"),
];

/// Every series, in the order in which both sides hold them.
pub fn samples() -> Vec<Series> {
    let mut made = Maker { random: Rng::with_seed(7), series: Vec::new() };
    made.processes();
    made.records();
    made.models();
    made.web();
    made.business();
    made.odd();
    made.series
}

/// All series of the embedded hospital over an hour and a half of a morning in which the Mac grows hot,
/// and the moment they end.
pub fn hospital() -> (Vec<Series>, i64) {
    let pack = pack::load("hospital", &[]).expect("the shipped pack");
    let end: Time = "2026-03-02T14:30:00Z".parse().expect("a moment");
    let mut plan = Plan::calm(42);
    plan.faults.push(FaultSpec::parse("thermal@25m").expect("a fault").fault(end));
    let hospital = Hospital::new(&pack, plan, Clock::Fixed(end)).expect("the place");
    let all = Matcher::new("__name__", MatchOp::Regex, ".+").expect("a matcher");
    let end_ms = end.timestamp_millis();
    (hospital.series(&[all], end_ms - 5_400_000, end_ms), end_ms)
}

/// Names and the labels with their values, of which a generator of queries chooses.
pub fn vocabulary(series: &[Series]) -> BTreeMap<String, BTreeMap<String, Vec<String>>> {
    let mut names: BTreeMap<String, BTreeMap<String, Vec<String>>> = BTreeMap::new();
    for labels in series.iter().map(|series| &series.labels) {
        let known = names.entry(labels.metric_name().to_owned()).or_default();
        for (name, value) in labels.iter().filter(|(name, _)| *name != "__name__") {
            let values = known.entry(name.to_owned()).or_default();
            if !values.iter().any(|known| known == value) {
                values.push(value.to_owned());
            }
        }
    }
    names
}

struct Maker {
    random: Rng,
    series: Vec<Series>,
}

impl Maker {
    /// A series with `next` giving each value; its scrapes are not quite regular, some are missing.
    fn add(&mut self, name: &str, labels: &[(&str, &str)], mut next: impl FnMut(&mut Rng, i64) -> f64) {
        let phase = self.random.i64(0..STEP_MS);
        let lossy = self.random.u8(0..4) == 0;
        // Some go away for a while: most say so.
        let away = (self.random.u8(0..5) == 0).then(|| self.random.i64(100..300));
        let back = away.map_or(0, |away| away + self.random.i64(5..60));
        let says_so = self.random.u8(0..3) > 0;
        let mut points = Vec::new();
        for tick in 0..(END_MS - START_MS) / STEP_MS {
            let there = match away {
                Some(away) if tick == away && says_so => There::End,
                Some(away) if (away..back).contains(&tick) => There::No,
                _ if lossy && self.random.u8(0..12) == 0 => There::No,
                _ => There::Yes,
            };
            let t = START_MS + tick * STEP_MS + phase + self.random.i64(-3..4);
            let v = next(&mut self.random, tick);
            match there {
                There::Yes => points.push(Point { t, v }),
                There::End => points.push(Point { t, v: f64::from_bits(STALE_NAN) }),
                There::No => {}
            }
        }
        let labels = labels.iter().copied().chain([("__name__", name)]);
        self.series.push(Series { labels: Labels::new(labels), points });
    }

    /// Grows by whole numbers, falls to zero now and then.
    fn counter(&mut self, name: &str, labels: &[(&str, &str)], most: u32) {
        let mut total = f64::from(self.random.u32(0..most * 50));
        let restarts = self.random.u8(0..4) == 0;
        self.add(name, labels, |random, _| {
            if restarts && random.u8(0..100) == 0 {
                total = 0.0;
            }
            total += f64::from(random.u32(0..=most));
            total
        });
    }

    /// Wanders in eighths between two bounds.
    fn gauge(&mut self, name: &str, labels: &[(&str, &str)], low: f64, high: f64) {
        let span = high - low;
        let mut at = low + (self.random.f64() * span * 8.0).round() / 8.0;
        self.add(name, labels, |random, _| {
            at = (at + ((random.f64() - 0.5) * span).round() / 8.0).clamp(low, high);
            at
        });
    }

    fn histogram(&mut self, name: &str, labels: &[(&str, &str)], bounds: &[&str], most: u32) {
        let mut rates: Vec<u32> = bounds.iter().map(|_| self.random.u32(0..=most)).collect();
        rates.push(self.random.u32(0..=most / 4));
        // One seed for all buckets, so that they are cumulative at one tick.
        let seed = self.random.u64(..);
        for (at, bound) in bounds.iter().copied().chain(["+Inf"]).enumerate() {
            let mut each = Rng::with_seed(seed);
            let mut total = 0.0;
            let rates = rates.clone();
            let labels: Vec<_> = labels.iter().copied().chain([("le", bound)]).collect();
            self.add(&format!("{name}_bucket"), &labels, move |_, _| {
                let grown: Vec<u32> = rates.iter().map(|rate| each.u32(0..=*rate)).collect();
                total += f64::from(grown[..=at].iter().sum::<u32>());
                total
            });
        }
        self.counter(&format!("{name}_count"), labels, most * bounds.len() as u32 / 2);
        self.counter(&format!("{name}_sum"), labels, most * 3);
    }

    fn processes(&mut self) {
        for (job, instance) in JOBS {
            let labels = [("job", job), ("instance", instance)];
            self.add("up", &labels, |random, _| f64::from(u8::from(random.u8(0..20) > 0)));
            self.gauge("scrape_duration_seconds", &labels, 0.125, 4.0);
            self.counter("process_cpu_seconds_total", &labels, 12);
            self.gauge("process_resident_memory_bytes", &labels, 1e8, 4e9);
        }
    }

    fn records(&mut self) {
        for department in DEPARTMENTS {
            for instance in ["10.0.0.1:8000", "10.0.0.2:8000"] {
                let at = [("job", "medical-api"), ("instance", instance), ("department", department)];
                self.gauge("active_medical_sessions", &at, 0.0, 90.0);
            }
            for access in ["authorized", "emergency", "unauthorized"] {
                let at = [("job", "medical-api"), ("department", department), ("access_type", access)];
                self.counter(
                    "patient_records_accessed_total",
                    &at,
                    if access == "authorized" { 40 } else { 2 },
                );
            }
            for operation in ["create", "read", "update"] {
                let at = [("job", "medical-api"), ("department", department), ("operation", operation)];
                let bounds = ["0.1", "0.5", "1.0", "2.5", "5.0", "10.0"];
                self.histogram("medical_record_processing_seconds", &at, &bounds, 12);
                for role in ["nurse", "physician"] {
                    let at = [at[0], at[1], at[2], ("user_role", role)];
                    self.counter("medical_record_operations_total", &at, 9);
                }
            }
            for method in ["face_recognition", "password"] {
                for result in ["failed", "success"] {
                    let at = [
                        ("job", "auth-service"),
                        ("department", department),
                        ("method", method),
                        ("result", result),
                    ];
                    self.counter("auth_attempts_total", &at, if result == "failed" { 2 } else { 11 });
                }
            }
            for bed in ["icu", "ward"] {
                self.gauge(
                    "sus_bed_occupancy_rate_percent",
                    &[("department", department), ("bed_type", bed)],
                    40.0,
                    110.0,
                );
            }
            for diagnosis in ["cardiac", "trauma"] {
                let at = [("department", department), ("diagnosis_category", diagnosis)];
                self.gauge("sus_average_length_of_stay_days", &at, 2.0, 14.0);
                self.gauge("sus_mortality_rate_percent", &at, 0.0, 6.0);
            }
            let at = [
                ("alertname", "MacStudioHighCPU"),
                ("alertstate", "firing"),
                ("severity", "critical"),
                ("department", department),
            ];
            self.add("ALERTS", &at, |_, _| 1.0);
        }
    }

    fn models(&mut self) {
        for core in ["efficiency", "performance"] {
            self.gauge("mac_studio_cpu_usage_percent", &[("core_type", core)], 5.0, 100.0);
        }
        self.gauge("mac_studio_gpu_usage_percent", &[], 5.0, 100.0);
        for (kind, most) in [("available", 8e10), ("used", 1.2e11)] {
            self.gauge("mac_studio_memory_bytes", &[("type", kind)], 1e10, most);
        }
        self.add("mac_studio_thermal_state", &[], |random, _| f64::from(random.u8(0..4)));
        for model in MODELS {
            let at = [("job", "ai-engine"), ("model_name", model), ("input_type", "text")];
            self.histogram("ai_model_inference_seconds", &at, &["0.5", "1.0", "2.0", "5.0", "10.0"], 8);
            self.gauge("ai_model_accuracy_score", &at[..2], 0.125, 1.0);
            self.gauge("ai_model_memory_bytes", &at[..2], 1e9, 2e10);
        }
        self.histogram(
            "voice_transcription_confidence",
            &[("job", "ai-engine")],
            &["0.5", "0.7", "0.8", "0.9", "0.95"],
            6,
        );
        self.histogram(
            "face_recognition_seconds",
            &[("job", "auth-service")],
            &["0.25", "0.5", "1.0", "3.0"],
            6,
        );
    }

    fn web(&mut self) {
        for (job, instance) in &JOBS[..5] {
            let at = [("job", *job), ("instance", *instance)];
            for (status, most) in [("200", 60), ("404", 5), ("500", 2)] {
                self.counter("http_requests_total", &[at[0], at[1], ("status", status)], most);
            }
            self.histogram("http_request_duration_seconds", &at, &["0.1", "0.5", "1", "5"], 20);
            self.counter("http_response_size_bytes_sum", &at, 40_000_000);
        }
    }

    fn business(&mut self) {
        for valid in ["False", "True"] {
            for compliant in ["False", "True"] {
                let at = [("signature_valid", valid), ("icp_brasil_compliant", compliant)];
                self.counter("cfm_digital_signature_total", &at, if valid == "True" { 9 } else { 1 });
            }
        }
        for record in ["exam", "prescription"] {
            for status in ["failed", "passed"] {
                let at = [("record_type", record), ("integrity_status", status)];
                self.counter(
                    "cfm_medical_record_integrity_checks_total",
                    &at,
                    if status == "failed" { 1 } else { 20 },
                );
            }
        }
        for class in ["A1", "B1"] {
            self.counter("anvisa_controlled_substance_dispensing_total", &[("substance_class", class)], 3);
        }
        self.counter("anvisa_sngpc_reports_total", &[], 2);
        self.counter("medication_adverse_events_total", &[("severity", "mild")], 1);
        self.counter("anvisa_adverse_events_reported_total", &[("severity", "mild")], 1);
        for kind in ["authorization", "billing"] {
            let at = [("transaction_type", kind)];
            self.histogram("tiss_transaction_processing_seconds", &at, &["1", "5", "10", "30"], 5);
        }
        for kind in ["readmission", "waiting"] {
            let at = [("indicator_type", kind), ("measurement_period", "monthly")];
            self.gauge("ans_quality_indicator_score", &at, 0.0, 10.0);
        }
    }

    /// What a hospital should never say, but a server may.
    fn odd(&mut self) {
        for (kind, values) in [
            ("nan", &[f64::NAN, 1.0, 2.0][..]),
            ("infinite", &[1.0, f64::INFINITY, 3.0, 4.0, 5.0][..]),
            ("negative", &[f64::NEG_INFINITY, -1.0, -2.5, 0.0][..]),
            ("zero", &[0.0, -0.0][..]),
            ("tiny", &[3e-308, 1e-300][..]),
            ("huge", &[1e300, 1.7e308][..]),
            ("same", &[3.5][..]),
        ] {
            self.add("odd", &[("kind", kind), ("job", "odd")], |random, _| *random.choice(values).unwrap());
        }
        for (zone, le) in [
            ("a", "1"),
            ("a", "1.0"),
            ("a", "+Inf"),
            ("b", "1"),
            ("b", "2"),
            ("c", "-1"),
            ("c", "0"),
            ("c", "+Inf"),
            ("d", "x"),
            ("e", "+Inf"),
        ] {
            self.add("odd_bucket", &[("zone", zone), ("le", le)], |random, _| f64::from(random.u8(0..50)));
        }
        for (zone, path) in [("a", "/x/1"), ("b", "/x/2"), ("c", "\"quoted\" \\ and çedilha")] {
            self.gauge("odd_paths", &[("zone", zone), ("path", path)], 0.0, 5.0);
        }
    }
}
