//! A Prometheus and an Alertmanager that answer at once, or after exactly the delay they are told,
//! for measuring the console rather than its servers. Shapes are those of Prometheus 2.42 and
//! Alertmanager 0.25.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{SecondsFormat, TimeDelta, Utc};
use regex::Regex;
use serde_json::{Map, Value, json};

use super::feed::hospital;
use super::serve::Server;
use super::servers::EXTERNAL_LABELS;

/// Each alert of the list is a second older than the one before it.
const SECOND: TimeDelta = TimeDelta::seconds(1);

/// How the fake behaves.
#[derive(Clone, Copy, Debug, Default)]
pub struct Behaviour {
    /// Alerts in the Alertmanager, the Watchdog not counted.
    pub alerts: usize,
    /// Time that every answer takes.
    pub delay: Duration,
    /// Whether values move with the time they are asked for.
    pub moving: bool,
}

struct Shared {
    behaviour: Mutex<Behaviour>,
    alerts: Mutex<Bytes>,
    requests: AtomicUsize,
}

/// Both servers on one port: their paths do not meet. Dropping it closes the port.
pub struct Fake {
    server: Server,
    shared: Arc<Shared>,
}

impl Fake {
    /// Starts it.
    pub fn start(behaviour: Behaviour) -> Self {
        let shared = Arc::new(Shared {
            behaviour: Mutex::new(behaviour),
            alerts: Mutex::new(alerts(behaviour.alerts)),
            requests: AtomicUsize::new(0),
        });
        let server = Server::start(Router::new().fallback(answer).with_state(shared.clone()));
        Self { server, shared }
    }

    /// Base address of both.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// The arguments that open the console on it.
    pub fn args(&self) -> Vec<String> {
        vec!["--prometheus".to_owned(), self.url(), "--alertmanager".to_owned(), self.url()]
    }

    /// Requests so far.
    pub fn requests(&self) -> usize {
        self.shared.requests.load(Ordering::Relaxed)
    }

    /// Behaves so from the next request on.
    pub fn behave(&self, behaviour: Behaviour) {
        *self.shared.alerts.lock().expect("fake") = alerts(behaviour.alerts);
        *self.shared.behaviour.lock().expect("fake") = behaviour;
    }
}

async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    shared.requests.fetch_add(1, Ordering::Relaxed);
    let behaviour = *shared.behaviour.lock().expect("fake");
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    tokio::time::sleep(behaviour.delay).await;
    let mut parameters: Vec<(String, String)> =
        url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
    parameters.extend(url::form_urlencoded::parse(&body).into_owned());
    let parameter =
        |name: &str| parameters.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value.as_str());

    let data = match parts.uri.path() {
        "/-/ready" | "/-/healthy" => return "ready\n".into_response(),
        "/api/v2/alerts" => {
            return json_answer(shared.alerts.lock().expect("fake").clone());
        }
        "/api/v2/silences" => return json_answer(Bytes::from_static(b"[]")),
        "/api/v2/status" => {
            return json_answer(Bytes::from(status().to_string()));
        }
        "/api/v1/query" => {
            let time =
                seconds(parameter("time")).unwrap_or_else(|| Utc::now().timestamp_millis() as f64 / 1e3);
            vector(parameter("query"), time, behaviour.moving)
        }
        "/api/v1/query_range" => {
            let (start, end) = (seconds(parameter("start")), seconds(parameter("end")));
            let step = parameter("step").trim_end_matches('s').parse().unwrap_or(15.0);
            let (Some(start), Some(end)) = (start, end) else {
                return (StatusCode::BAD_REQUEST, "invalid start or end\n").into_response();
            };
            matrix(parameter("query"), start, end, step, behaviour.moving)
        }
        "/api/v1/rules" => rules(),
        "/api/v1/alerts" => json!({"alerts": [watchdog_of_prometheus()]}),
        "/api/v1/targets" => targets(),
        "/api/v1/labels" => json!(["__name__", "department", "instance", "job", "model_name"]),
        "/api/v1/metadata" => {
            json!({"up": [{"type": "gauge", "help": "Whether a scrape worked.", "unit": ""}]})
        }
        "/api/v1/status/config" => {
            let labels = EXTERNAL_LABELS.map(|(name, value)| format!("    {name}: {value}")).join("\n");
            json!({"yaml": format!("global:\n  scrape_interval: 15s\n  external_labels:\n{labels}\n")})
        }
        "/api/v1/status/buildinfo" => json!({"version": "2.42.0+fake", "revision": "", "branch": "",
            "buildUser": "", "buildDate": "", "goVersion": ""}),
        "/api/v1/status/runtimeinfo" => {
            json!({"startTime": stamp(TimeDelta::hours(-3)), "reloadConfigSuccess": true})
        }
        path if path.starts_with("/api/v1/label/") => json!(["cardiology", "emergency", "icu", "surgery"]),
        path => return (StatusCode::NOT_FOUND, format!("the fake has no {path}\n")).into_response(),
    };
    json_answer(Bytes::from(json!({"status": "success", "data": data}).to_string()))
}

fn json_answer(body: Bytes) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

fn vector(query: &str, time: f64, moving: bool) -> Value {
    let result: Vec<Value> = label_sets(query)
        .into_iter()
        .map(|labels| {
            let value = value(query, &labels, time, moving);
            json!({"metric": labels, "value": [time, value]})
        })
        .collect();
    json!({"resultType": "vector", "result": result})
}

fn matrix(query: &str, start: f64, end: f64, step: f64, moving: bool) -> Value {
    let points = ((end - start) / step).floor().max(0.0) as usize + 1;
    let result: Vec<Value> = label_sets(query)
        .into_iter()
        .map(|labels| {
            let values: Vec<Value> = (0..points)
                .map(|at| start + at as f64 * step)
                .map(|time| json!([time, value(query, &labels, time, moving)]))
                .collect();
            json!({"metric": labels, "values": values})
        })
        .collect();
    json!({"resultType": "matrix", "result": result})
}

/// A number of the query, its labels and, where it moves, the time in steps of 5 s.
fn value(query: &str, labels: &Map<String, Value>, time: f64, moving: bool) -> String {
    let mut hasher = DefaultHasher::new();
    query.hash(&mut hasher);
    for (name, value) in labels {
        (name, value.as_str()).hash(&mut hasher);
    }
    let base = 20.0 + (hasher.finish() % 500) as f64 / 10.0;
    let moved = if moving { ((time / 5.0).floor() % 12.0 - 6.0).abs() } else { 0.0 };
    (base + moved).to_string()
}

/// The label sets that a query on the hospital would answer with. Not PromQL: it looks for a metric
/// the hospital has, for `by (…)` and for `label="value"`, which is all that its packs' queries use.
fn label_sets(query: &str) -> Vec<Map<String, Value>> {
    let words: BTreeSet<&str> =
        query.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).collect();
    let base = |word: &str| {
        ["_bucket", "_sum", "_count"].iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word).to_owned()
    };
    let names: BTreeSet<String> = words.iter().map(|word| base(word)).collect();
    let mut sets: Vec<Vec<(String, String)>> = hospital::JOBS
        .iter()
        .enumerate()
        .flat_map(|(at, job)| {
            hospital::calm(job).into_iter().map(move |series| {
                let mut labels = series.labels();
                labels.push(("job".to_owned(), (*job).to_owned()));
                labels.push(("instance".to_owned(), format!("127.0.0.1:{}", 8080 + at)));
                (series.name(), labels)
            })
        })
        .filter(|(name, _)| names.contains(*name))
        .map(|(_, labels)| labels)
        .collect();
    if sets.is_empty() {
        // `up` and whatever else every target has.
        sets = hospital::JOBS
            .iter()
            .enumerate()
            .map(|(at, job)| {
                vec![
                    ("job".to_owned(), (*job).to_owned()),
                    ("instance".to_owned(), format!("127.0.0.1:{}", 8080 + at)),
                ]
            })
            .collect();
    }
    let matcher = Regex::new(r#"([a-z_]+)\s*=\s*"([^"]*)""#).expect("a pattern");
    for found in matcher.captures_iter(query) {
        let (label, wanted) = (&found[1], &found[2]);
        let fits = |set: &Vec<(String, String)>| set.iter().all(|(l, v)| l != label || v == wanted);
        sets.retain(fits);
    }
    let by = Regex::new(r"\bby\s*\(([^)]*)\)").expect("a pattern");
    let aggregates =
        Regex::new(r"\b(sum|avg|min|max|count|quantile|histogram_quantile)\b").expect("a pattern");
    let grouped: Option<Vec<String>> = match by.captures(query) {
        Some(found) => Some(found[1].split(',').map(|label| label.trim().to_owned()).collect()),
        None => aggregates.is_match(query).then(Vec::new),
    };
    let unique: BTreeSet<Vec<(String, String)>> = sets
        .into_iter()
        .map(|mut set| {
            set.retain(|(label, _)| grouped.as_ref().is_none_or(|keep| keep.contains(label)));
            set.sort();
            set
        })
        .collect();
    unique
        .into_iter()
        .map(|set| set.into_iter().map(|(label, value)| (label, Value::String(value))).collect())
        .collect()
}

/// The list of alerts as Alertmanager would send it, spread over names, severities and departments.
fn alerts(count: usize) -> Bytes {
    let receivers = json!([{"name": "nobody"}]);
    let mut list = vec![json!({
        "annotations": {"summary": "always firing"}, "endsAt": stamp(TimeDelta::minutes(5)),
        "fingerprint": "00000000deadbeef", "receivers": receivers, "startsAt": stamp(TimeDelta::hours(-3)),
        "status": {"inhibitedBy": [], "silencedBy": [], "state": "active"}, "updatedAt": stamp(TimeDelta::zero()),
        "labels": external(json!({"alertname": "Watchdog", "severity": "none"})),
    })];
    for at in 0..count {
        let (department, ..) = hospital::DEPARTMENTS[at % hospital::DEPARTMENTS.len()];
        let (model, ..) = hospital::MODELS[at % hospital::MODELS.len()];
        let severity = ["critical", "warning", "warning", "info"][at % 4];
        let name =
            ["AIModelInferenceLatency", "HighMedicalRecordLatency", "TargetDown", "HighFailedAuthRate"]
                [(at / 4) % 4];
        let state = if at % 10 == 9 { "suppressed" } else { "active" };
        let silenced = if at % 10 == 9 { json!(["0f3c3c2e-aaaa-4bbb-8ccc-000000000001"]) } else { json!([]) };
        list.push(json!({
            "annotations": {
                "summary": format!("{name} number {at} in {department}"),
                "description":
                    format!("number {at} in {department}, as long as descriptions usually are, with a value of 12.4 in it."),
            },
            "endsAt": stamp(TimeDelta::minutes(5)),
            "fingerprint": format!("{:016x}", (at as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)),
            "receivers": receivers,
            "startsAt": stamp(-TimeDelta::seconds(60) - SECOND * i32::try_from(at).unwrap_or(i32::MAX)),
            "status": {"inhibitedBy": [], "silencedBy": silenced, "state": state},
            "updatedAt": stamp(TimeDelta::zero()),
            "generatorURL": "http://127.0.0.1:9090/graph?g0.expr=up&g0.tab=1",
            "labels": external(json!({
                "alertname": name, "severity": severity, "department": department, "model_name": model,
                "instance": format!("10.0.{}.{}:9100", at / 250, at % 250), "job": "ai-engine",
            })),
        }));
    }
    Bytes::from(Value::Array(list).to_string())
}

fn external(mut labels: Value) -> Value {
    for (name, value) in EXTERNAL_LABELS {
        labels[name] = json!(value);
    }
    labels
}

fn watchdog_of_prometheus() -> Value {
    json!({"labels": {"alertname": "Watchdog", "severity": "none"}, "annotations": {"summary": "always firing"},
        "state": "firing", "activeAt": *SINCE, "value": "1e+00"})
}

fn rules() -> Value {
    json!({"groups": [{"name": "fake", "file": "rules.yml", "interval": 15, "limit": 0, "evaluationTime": 0.001,
        "lastEvaluation": evaluated(),
        "rules": [{"state": "firing", "name": "Watchdog", "query": "vector(1)", "duration": 0, "keepFiringFor": 0,
            "labels": {"severity": "none"}, "annotations": {"summary": "always firing"},
            "alerts": [watchdog_of_prometheus()], "health": "ok", "evaluationTime": 0.0002,
            "lastEvaluation": evaluated(), "type": "alerting"}]}]})
}

fn targets() -> Value {
    let active: Vec<Value> = hospital::JOBS
        .iter()
        .enumerate()
        .map(|(at, job)| {
            let instance = format!("127.0.0.1:{}", 8080 + at);
            json!({"discoveredLabels": {}, "labels": {"job": job, "instance": instance}, "scrapePool": job,
                "scrapeUrl": format!("http://{instance}/metrics"), "globalUrl": format!("http://{instance}/metrics"),
                "lastError": "", "lastScrape": stamp(TimeDelta::seconds(-4)), "lastScrapeDuration": 0.004,
                "health": "up", "scrapeInterval": "15s", "scrapeTimeout": "10s"})
        })
        .collect();
    json!({"activeTargets": active, "droppedTargets": []})
}

fn status() -> Value {
    json!({"cluster": {"peers": [], "status": "disabled"}, "config": {"original": ""},
        "uptime": stamp(TimeDelta::hours(-3)),
        "versionInfo": {"branch": "", "buildDate": "", "buildUser": "", "goVersion": "", "revision": "",
            "version": "0.25.0+fake"}})
}

/// A moment as both servers take it: unix seconds or RFC 3339.
fn seconds(text: &str) -> Option<f64> {
    text.parse().ok().or_else(|| {
        let at = chrono::DateTime::parse_from_rfc3339(text).ok()?;
        Some(at.timestamp_millis() as f64 / 1e3)
    })
}

/// Since when the Watchdog fires: the same in every answer, as with a real server.
static SINCE: LazyLock<String> = LazyLock::new(|| stamp(TimeDelta::hours(-3)));

/// When rules were evaluated last: every 15 s, so that most answers say what the one before said.
fn evaluated() -> String {
    let now = Utc::now();
    stamp(
        -TimeDelta::seconds(now.timestamp() % 15)
            - TimeDelta::milliseconds(now.timestamp_subsec_millis().into()),
    )
}

fn stamp(from_now: TimeDelta) -> String {
    (Utc::now() + from_now).to_rfc3339_opts(SecondsFormat::Millis, true)
}
