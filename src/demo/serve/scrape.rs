//! The Prometheus configuration that scrapes the place.
//!
//! Owns its text: a whole configuration that works as it stands, with what else belongs to it as comments
//! to take up. Format: prometheus.io/docs/prometheus/latest/configuration/configuration.

use std::fmt::Write as _;

use crate::demo::alerting::Settings;
use crate::demo::hospital::Job;
use crate::text::serve::EN as WORDS;

/// Path of a job's page.
pub fn path(job: &str) -> String {
    format!("/{job}/metrics")
}

/// A configuration that scrapes every job at its own pace at `address` (host and port, as Prometheus
/// reaches it), evaluates rules as often as the place's own Prometheus does, and gives alerts the labels
/// that it gives them.
pub fn config(jobs: &[Job], settings: &Settings, address: &str) -> String {
    let mut yaml = format!("# {}\nglobal:\n", (WORDS.scrape_head)(address));
    let _ = writeln!(yaml, "  evaluation_interval: {}s", (settings.interval_ms / 1000).max(1));
    if !settings.external_labels.is_empty() {
        let _ = write!(yaml, "  # {}\n  external_labels:\n", WORDS.scrape_labels);
        for (name, value) in settings.external_labels.iter() {
            let _ = writeln!(yaml, "    {name}: {}", quoted(value));
        }
    }
    let _ = write!(
        yaml,
        "# {}\n# rule_files: [\"rules.yml\"]\n# {}\n# alerting:\n#   alertmanagers:\n#     - static_configs: \
         [{{ targets: [\"localhost:9093\"] }}]\nscrape_configs:\n",
        WORDS.scrape_rules, WORDS.scrape_alerting
    );
    for Job { job, instance, scrape_s } in jobs {
        let _ = write!(
            yaml,
            "  - job_name: {}\n    scrape_interval: {scrape_s}s\n    metrics_path: {}\n    static_configs:\n      - targets: \
             [{}]\n        labels: {{ instance: {} }}\n",
            quoted(job),
            quoted(&path(job)),
            quoted(address),
            quoted(instance),
        );
    }
    yaml
}

/// A YAML string: in double quotes it is written as in JSON.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
