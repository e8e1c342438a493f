//! A hospital with real servers, what the console says about it, and what the servers say.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::support::console::{Console, Finished};
use crate::support::feed::{Feed, hospital};
use crate::support::servers::{Alertmanager, Prometheus, PrometheusConfig};

/// Rules that fire at once, under names that the field knows.
pub const RULES: &str = "
groups:
  - name: hospital
    rules:
      - alert: MacStudioThermalThrottling
        expr: mac_studio_thermal_state >= 2
        labels: {severity: critical, department: all}
        annotations: {summary: 'Thermal state: {{ $value }}'}
      - alert: MacStudioHighCPU
        expr: mac_studio_cpu_usage_percent > 85
        labels: {severity: warning, department: all}
        annotations: {summary: 'CPU at {{ $value }} %'}
      - alert: AIModelInferenceLatency
        expr: histogram_quantile(0.95, sum by (le, model_name) (rate(ai_model_inference_seconds_bucket[1m]))) > 10
        labels: {severity: warning, department: emergency}
        annotations: {summary: '{{ $labels.model_name }} latency {{ $value }} s'}
      - alert: SUSBedOccupancyThresholdExceeded
        expr: sus_bed_occupancy_rate_percent > 80
        for: 1h
        labels: {severity: warning, compliance: sus}
";

/// The dead-man's switch as a rule group.
pub const WATCHDOG: &str = "
  - name: watchdog
    rules:
      - alert: Watchdog
        expr: vector(1)
        labels: {severity: none}
";

/// A hospital with its servers.
pub struct Stack {
    /// What is scraped.
    pub feed: Feed,
    /// Alertmanager.
    pub alertmanager: Alertmanager,
    /// Prometheus.
    pub prometheus: Prometheus,
}

impl Stack {
    /// Starts everything; two scrapes of every job are in.
    pub fn start(rules: &str) -> Self {
        let feed = Feed::start();
        let alertmanager = Alertmanager::start();
        let prometheus = Prometheus::start(&PrometheusConfig {
            rules: rules.to_owned(),
            alertmanager: Some(alertmanager.url().to_owned()),
            ..feed.prometheus()
        });
        prometheus.wait_scraped(hospital::JOBS.len());
        Self { feed, alertmanager, prometheus }
    }

    /// Hot, slow, one alert inhibited and one silenced.
    pub fn trouble(&self) {
        self.feed.set("mac_studio_thermal_state", 3.0);
        self.feed.set("mac_studio_cpu_usage_percent{core_type=\"performance\"}", 98.66);
        self.feed.observe("ai_model_inference_seconds{model_name=\"medgemma-4b\"}", 40.0, 12.4);
        self.alertmanager.wait_alert("MacStudioThermalThrottling");
        self.alertmanager.wait_alert("AIModelInferenceLatency");
        self.alertmanager.wait_alert_where("MacStudioHighCPU", "inhibited", |alert| {
            alert["status"]["inhibitedBy"].as_array().is_some_and(|by| !by.is_empty())
        });
        self.alertmanager.silence("alertname", "AIModelInferenceLatency");
        self.alertmanager.wait_alert_where("AIModelInferenceLatency", "silenced", |alert| {
            alert["status"]["silencedBy"].as_array().is_some_and(|by| !by.is_empty())
        });
    }

    /// A console on both servers.
    pub fn run(&self, command: &[&str]) -> Finished {
        run(self.prometheus.url(), self.alertmanager.url(), command)
    }
}

/// A console on these two addresses.
pub fn run(prometheus: &str, alertmanager: &str, command: &[&str]) -> Finished {
    let mut args = vec!["--prometheus", prometheus, "--alertmanager", alertmanager];
    args.extend(command);
    Console::new().run(&args)
}

/// The panes of a snapshot.
pub fn panes(snapshot: &Value) -> &Vec<Value> {
    snapshot["panes"].as_array().unwrap_or_else(|| panic!("no panes: {snapshot}"))
}

/// The rows of every pane, or of a list that is not in panes.
pub fn rows(answer: &Value) -> Vec<Value> {
    let lists: Vec<&Value> = match answer {
        Value::Array(_) => vec![answer],
        _ if answer["panes"].is_array() => panes(answer).iter().map(|pane| &pane["rows"]).collect(),
        _ => vec![&answer["alerts"], &answer["rows"]],
    };
    lists.into_iter().filter_map(Value::as_array).flatten().cloned().collect()
}

/// A number as the console writes it: NaN and infinities as words, others through the same
/// writer and reader as the snapshot's own, so that equal means equal to the last bit.
pub fn as_json(text: &str) -> Value {
    let value: f64 = text.parse().expect("a number from the server");
    if value.is_nan() {
        json!("NaN")
    } else if value.is_infinite() {
        json!(if value > 0.0 { "+Inf" } else { "-Inf" })
    } else {
        let written = serde_json::to_string(&value).expect("a number");
        serde_json::from_str(&written).expect("a number")
    }
}

/// Compares every pane that holds values with the server's own answer to its query at its moment;
/// gives what differs, and how many values were compared.
///
/// A page of one department may share a query over all of them: then only its own series count.
pub fn differences(snapshot: &Value, prometheus: &Prometheus) -> (Vec<String>, usize) {
    let mut wrong = Vec::new();
    let mut compared = 0;
    let mut shown: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    for pane in panes(snapshot) {
        let (id, query, at) = (&pane["id"], &pane["query"], &pane["evaluated_at"]);
        let values = pane["values"].as_array().cloned().unwrap_or_default();
        // Rows are compared with what they are made of, not with a query.
        if pane["id"] == "alerts" {
            continue;
        }
        let (Some(query), Some(at)) = (query.as_str().filter(|query| !query.is_empty()), at.as_str()) else {
            if !values.is_empty() {
                wrong.push(format!("{id} has values but no query or moment"));
            }
            continue;
        };
        if pane["source"] != "prometheus" {
            wrong.push(format!("{id} comes from {} while Prometheus answers", pane["source"]));
        }
        let server = prometheus.instant(query, Some(at)).unwrap_or_else(|error| panic!("{id}: {error}"));
        let server: BTreeMap<String, Value> = server
            .iter()
            .map(|sample| {
                (sample["metric"].to_string(), as_json(sample["value"][1].as_str().unwrap_or_default()))
            })
            .collect();
        let seen = shown.entry((query.to_owned(), at.to_owned())).or_default();
        for value in &values {
            let labels = value["labels"].to_string();
            match server.get(&labels) {
                Some(expected) if *expected == value["value"] => compared += 1,
                Some(expected) => wrong.push(format!("{id} {labels}: {} is {expected}", value["value"])),
                None => wrong.push(format!("{id} {labels} is not in {:?}", server.keys())),
            }
            seen.insert(labels);
        }
        let state = if server.is_empty() { "no_data" } else { "ready" };
        if values.is_empty()
            && server.keys().all(|labels| concerns(snapshot, labels))
            && pane["state"] != state
        {
            wrong.push(format!("{id} is {}, the server's answer has {} series", pane["state"], server.len()));
        }
    }
    // Several panes may share one answer, each with its own series of it: together they show it whole.
    for ((query, at), seen) in shown {
        let server = prometheus.instant(&query, Some(&at)).expect("an answer");
        let all: BTreeSet<String> = server.iter().map(|sample| sample["metric"].to_string()).collect();
        let missing: Vec<_> = all.difference(&seen).filter(|labels| concerns(snapshot, labels)).collect();
        if !missing.is_empty() {
            wrong.push(format!("{query} at {at} lacks {missing:?}"));
        }
    }
    (wrong, compared)
}

/// Whether a series belongs on the snapshot's page: all do, but on a department's those of another.
fn concerns(snapshot: &Value, labels: &str) -> bool {
    let labels: Value = serde_json::from_str(labels).expect("labels");
    let view = snapshot["view"].as_str().unwrap_or_default();
    let view = view.strip_prefix("department/").unwrap_or(view);
    let own = hospital::DEPARTMENTS.iter().any(|(department, ..)| *department == view);
    !own || labels["department"].as_str().is_none_or(|department| department == view)
}

/// Compares the points of every series with the server's own answer to the pane's query over the
/// window, and gaps with gaps; gives what differs, and how many points were compared. `step_s` is
/// what the console uses for a window of this length.
pub fn point_differences(snapshot: &Value, prometheus: &Prometheus, step_s: i64) -> (Vec<String>, usize) {
    let seconds = |key: &str| {
        let text = snapshot["window"][key].as_str().expect("a moment");
        chrono::DateTime::parse_from_rfc3339(text).expect("RFC 3339").timestamp_millis()
    };
    let step = step_s * 1000;
    let start = (seconds("start") + step - 1).div_euclid(step) * step;
    let end = seconds("end").div_euclid(step) * step;
    let (mut wrong, mut compared) = (Vec::new(), 0);
    for pane in panes(snapshot) {
        let series = pane["series"].as_array().cloned().unwrap_or_default();
        if series.is_empty() {
            continue;
        }
        let query = pane["query"].as_str().expect("a query");
        let server = prometheus.range(query, start, end, step_s).expect("the server's own range");
        for one in &series {
            let name = format!("{} {}", pane["id"], one["labels"]);
            let Some(theirs) = server.iter().find(|theirs| theirs["metric"] == one["labels"]) else {
                wrong.push(format!("{name} is not the server's"));
                continue;
            };
            let points = one["points"].as_array().cloned().unwrap_or_default();
            let (shown, gaps): (Vec<Value>, Vec<Value>) =
                points.into_iter().partition(|point| !point[1].is_null());
            let expected: Vec<Value> = theirs["values"]
                .as_array()
                .expect("values")
                .iter()
                .map(|point| json!([point[0].as_f64(), as_json(point[1].as_str().expect("a value"))]))
                .collect();
            if shown != expected {
                wrong.push(format!("{name}: {shown:?} is {expected:?}"));
            }
            if gaps.iter().any(|gap| expected.iter().any(|point| point[0] == gap[0])) {
                wrong.push(format!("{name}: a gap where the server has a value: {gaps:?}"));
            }
            compared += shown.len();
        }
    }
    (wrong, compared)
}

/// Runs a command until what it says agrees with the server. A scrape takes its time stamp when it
/// starts and is stored when it ends, so that a server asked about this very moment may know a sample
/// more a moment later: a run that met one is taken again; that several in a row do is no accident.
pub fn agrees(what: &str, mut run: impl FnMut() -> Vec<String>) {
    let mut last = Vec::new();
    for _ in 0..4 {
        last = run();
        if last.is_empty() {
            return;
        }
    }
    panic!("{what}:\n{}", last.join("\n"));
}
