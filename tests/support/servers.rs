//! Real Prometheus and real Alertmanager on loopback, as the hospital would run them, but scraping
//! and evaluating every second.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::process::Process;
use super::{http, ports, skip, wait};

/// External labels of the hospital; Alertmanager's alerts carry them, Prometheus's own do not.
pub const EXTERNAL_LABELS: [(&str, &str); 3] =
    [("cluster", "medical-records-local"), ("environment", "production"), ("hospital", "real-portuguese")];

/// Attempts to start a server whose port somebody else took first.
const ATTEMPTS: usize = 3;

/// A program that listens on one port.
struct Listening {
    process: Process,
    url: String,
    /// Holds data and configuration; removed after the process is gone.
    _folder: TempDir,
}

impl Listening {
    /// Starts `program`; `prepare` writes its files into a fresh folder and gives its arguments.
    fn start(program: &skip::Program, prefix: &str, prepare: impl Fn(&TempDir, u16) -> Vec<String>) -> Self {
        let path: PathBuf =
            program.path().unwrap_or_else(|| panic!("{} is not installed: use needs!", program.package));
        let mut last = String::new();
        for _ in 0..ATTEMPTS {
            let folder = TempDir::new().expect("a folder for a server");
            let port = ports::free();
            let args = prepare(&folder, port);
            let log = folder.path().join("log");
            let mut process = Process::start(program.package, &path, &args, &log).expect("a server to start");
            let url = format!("http://127.0.0.1:{port}{prefix}");
            let ready = wait::try_until(wait::PATIENCE, || {
                if let Some(status) = process.ended() {
                    // Nothing to wait for any more: the inner error ends the waiting.
                    return Ok(Err(format!("it ended with {status}:\n{}", process.log())));
                }
                match http::get(&format!("{url}/-/ready")) {
                    Ok((200, _)) => Ok(Ok(())),
                    Ok((status, body)) => Err(format!("{status} {body}")),
                    Err(error) => Err(error),
                }
            });
            match ready {
                Ok(Ok(())) => return Self { process, url, _folder: folder },
                Ok(Err(reason)) if reason.contains("address already in use") => last = reason,
                Ok(Err(reason)) | Err(reason) => panic!("{} is not ready: {reason}", program.package),
            }
        }
        panic!("{} found no port: {last}", program.package);
    }
}

/// What a Prometheus is started with.
#[derive(Clone, Default)]
pub struct PrometheusConfig {
    /// Job name and `host:port` of each target.
    pub targets: Vec<(String, String)>,
    /// Rule file, YAML; empty for none.
    pub rules: String,
    /// Address of the Alertmanager to send alerts to.
    pub alertmanager: Option<String>,
    /// Path that everything lies under, such as `/metrics-server`; empty for none.
    pub prefix: String,
    /// Seconds between two scrapes or evaluations; 0 for every second.
    pub interval_s: u32,
    /// Whether it takes samples by remote write.
    pub remote_write: bool,
    /// A whole configuration file, YAML, in place of what the other fields would make; the rules lie
    /// beside it as `rules.yml`.
    pub whole: Option<String>,
}

impl PrometheusConfig {
    fn yaml(&self) -> String {
        if let Some(whole) = &self.whole {
            return whole.clone();
        }
        let every = self.interval_s.max(1);
        let mut text = format!(
            "global:\n  scrape_interval: {every}s\n  scrape_timeout: 1s\n  evaluation_interval: {every}s\n  external_labels:\n",
        );
        for (name, value) in EXTERNAL_LABELS {
            let _ = writeln!(text, "    {name}: {value}");
        }
        if !self.rules.is_empty() {
            text.push_str("rule_files: [rules.yml]\n");
        }
        if let Some(url) = &self.alertmanager {
            let host = url.trim_start_matches("http://");
            let _ = writeln!(
                text,
                "alerting:\n  alertmanagers:\n    - static_configs: [{{targets: ['{host}']}}]"
            );
        }
        text.push_str("scrape_configs:\n");
        for (job, target) in &self.targets {
            let _ = writeln!(text, "  - job_name: '{job}'\n    static_configs: [{{targets: ['{target}']}}]");
        }
        if self.targets.is_empty() {
            text.truncate(text.len() - "scrape_configs:\n".len());
        }
        text
    }
}

/// A real Prometheus.
pub struct Prometheus(Listening);

impl Prometheus {
    /// Starts one and waits until it is ready.
    pub fn start(config: &PrometheusConfig) -> Self {
        Self(Listening::start(&skip::PROMETHEUS, &config.prefix, |folder, port| {
            let file = folder.path().join("prometheus.yml");
            fs::write(&file, config.yaml()).expect("a configuration file");
            fs::write(folder.path().join("rules.yml"), &config.rules).expect("a rule file");
            let mut arguments = vec![
                format!("--config.file={}", file.display()),
                format!("--storage.tsdb.path={}", folder.path().join("data").display()),
                format!("--web.listen-address=127.0.0.1:{port}"),
                format!("--web.route-prefix={}/", config.prefix),
                "--web.enable-lifecycle".to_owned(),
                // An alert that fires before Alertmanager is discovered is dropped, and by default sent
                // again only after a minute.
                "--rules.alert.resend-delay=5s".to_owned(),
            ];
            if config.remote_write {
                arguments.push("--web.enable-remote-write-receiver".to_owned());
            }
            arguments
        }))
    }

    /// Base address.
    pub fn url(&self) -> &str {
        &self.0.url
    }

    /// Ends it at once.
    pub fn stop(&mut self) {
        self.0.process.stop();
    }

    /// The server's own answer to an instant query: `data.result`. `time` is unix seconds as text,
    /// to the digit as it goes over the wire.
    pub fn instant(&self, query: &str, time: Option<&str>) -> Result<Vec<Value>, String> {
        let mut parameters = vec![("query", query)];
        parameters.extend(time.map(|time| ("time", time)));
        let answer = http::json(&http::address(self.url(), "/api/v1/query", &parameters))?;
        match answer["data"]["resultType"].as_str() {
            Some("vector") => Ok(answer["data"]["result"].as_array().cloned().unwrap_or_default()),
            // A scalar as the one sample without labels that it is.
            Some("scalar") => Ok(vec![json!({"metric": {}, "value": answer["data"]["result"]})]),
            _ => Err(format!("no vector: {answer}")),
        }
    }

    /// The server's own answer to a range query: `data.result`. Start and end are unix milliseconds.
    pub fn range(&self, query: &str, start: i64, end: i64, step_s: i64) -> Result<Vec<Value>, String> {
        let moment = |ms: i64| format!("{}.{:03}", ms / 1000, ms % 1000);
        let (start, end, step) = (moment(start), moment(end), step_s.to_string());
        let parameters = [("query", query), ("start", &*start), ("end", &*end), ("step", &*step)];
        let answer = http::json(&http::address(self.url(), "/api/v1/query_range", &parameters))?;
        answer["data"]["result"].as_array().cloned().ok_or_else(|| format!("no matrix: {answer}"))
    }

    /// The value of a query that has exactly one.
    pub fn value(&self, query: &str) -> Result<f64, String> {
        let result = self.instant(query, None)?;
        let [one] = result.as_slice() else {
            return Err(format!("{query} has {} values", result.len()));
        };
        let text = one["value"][1].as_str().unwrap_or_default();
        text.parse().map_err(|_| format!("{query} is {text:?}"))
    }

    /// `data.alerts` of `/api/v1/alerts`.
    pub fn alerts(&self) -> Result<Vec<Value>, String> {
        let answer = http::json(&format!("{}/api/v1/alerts", self.url()))?;
        Ok(answer["data"]["alerts"].as_array().cloned().unwrap_or_default())
    }

    /// Waits until every job's target has been scraped twice, so that rates have something to go on.
    pub fn wait_scraped(&self, jobs: usize) {
        wait::until("two scrapes of every job", || {
            let seen = self.value("count(count_over_time(up[1m]) >= 2)")?;
            if seen >= jobs as f64 { Ok(()) } else { Err(format!("{seen} of {jobs}")) }
        });
    }
}

/// A real Alertmanager. A critical alert inhibits warnings about the same component.
pub struct Alertmanager(Listening);

impl Alertmanager {
    /// What makes a critical alert inhibit a warning: the same department.
    pub const CONFIG: &'static str = "\
route:
  receiver: nobody
  group_wait: 1s
  group_interval: 1s
receivers:
  - name: nobody
inhibit_rules:
  - source_matchers: ['severity=\"critical\"']
    target_matchers: ['severity=\"warning\"']
    equal: [department]
";

    /// Starts one and waits until it is ready.
    pub fn start() -> Self {
        Self::start_with(Self::CONFIG)
    }

    /// The same with another configuration.
    pub fn start_with(config: &str) -> Self {
        Self(Listening::start(&skip::ALERTMANAGER, "", |folder, port| {
            let file = folder.path().join("alertmanager.yml");
            fs::write(&file, config).expect("a configuration file");
            vec![
                format!("--config.file={}", file.display()),
                format!("--storage.path={}", folder.path().join("data").display()),
                format!("--web.listen-address=127.0.0.1:{port}"),
                // No gossip: nothing but the one port is opened.
                "--cluster.listen-address=".to_owned(),
            ]
        }))
    }

    /// Base address.
    pub fn url(&self) -> &str {
        &self.0.url
    }

    /// Ends it at once.
    pub fn stop(&mut self) {
        self.0.process.stop();
    }

    /// `/api/v2/alerts`, whole.
    pub fn alerts(&self) -> Result<Vec<Value>, String> {
        let answer = http::json(&format!("{}/api/v2/alerts", self.url()))?;
        answer.as_array().cloned().ok_or_else(|| format!("no list: {answer}"))
    }

    /// The alert of this name, as soon as it is there.
    pub fn wait_alert(&self, name: &str) -> Value {
        self.wait_alert_where(name, "any state", |_| true)
    }

    /// The alert of this name, as soon as it is there and `holds`.
    pub fn wait_alert_where(&self, name: &str, what: &str, holds: impl Fn(&Value) -> bool) -> Value {
        wait::until(&format!("alert {name}, {what}"), || {
            let alerts = self.alerts()?;
            let found = alerts.iter().find(|alert| alert["labels"]["alertname"] == name && holds(alert));
            found.cloned().ok_or_else(|| format!("not among {} alerts: {}", alerts.len(), json!(alerts)))
        })
    }

    /// Posts alerts as Prometheus does: labels and annotations of each; they last ten minutes.
    pub fn post_alerts(&self, alerts: &[(Value, Value)]) {
        let now = Utc::now();
        let body: Vec<Value> = alerts
            .iter()
            .map(|(labels, annotations)| {
                json!({
                    "labels": labels, "annotations": annotations,
                    "startsAt": stamp(now), "endsAt": stamp(now + TimeDelta::minutes(10)),
                })
            })
            .collect();
        http::post(&format!("{}/api/v2/alerts", self.url()), &json!(body)).expect("alerts to be taken");
    }

    /// Posts the same alerts as resolved.
    pub fn resolve_alerts(&self, alerts: &[Value]) {
        let now = Utc::now();
        let body: Vec<Value> = alerts
            .iter()
            .map(|labels| {
                let (start, end) = (now - TimeDelta::minutes(1), now - TimeDelta::seconds(1));
                json!({"labels": labels, "startsAt": stamp(start), "endsAt": stamp(end)})
            })
            .collect();
        http::post(&format!("{}/api/v2/alerts", self.url()), &json!(body)).expect("alerts to be taken");
    }

    /// Silences alerts whose label has this value for ten minutes; gives the silence's id.
    pub fn silence(&self, label: &str, value: &str) -> String {
        let now = Utc::now();
        let body = json!({
            "matchers": [{"name": label, "value": value, "isRegex": false, "isEqual": true}],
            "startsAt": stamp(now), "endsAt": stamp(now + TimeDelta::minutes(10)),
            "createdBy": "test", "comment": "test",
        });
        let answer =
            http::post(&format!("{}/api/v2/silences", self.url()), &body).expect("a silence to be taken");
        answer["silenceID"].as_str().expect("a silence id").to_owned()
    }
}

fn stamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}
