//! Configurations as the real servers print theirs.

use std::fmt::Write as _;

use super::duration::format_ms;
use super::settings::{Route, Settings};
use crate::model::Matcher;

/// Prometheus's.
pub(super) fn prometheus(
    settings: &Settings,
    rule_file: &str,
    alertmanager: &str,
    targets: &[(String, String, u32)],
) -> String {
    let interval = format_ms(settings.interval_ms);
    let mut out = format!(
        "global:\n  scrape_interval: {interval}\n  scrape_timeout: 10s\n  evaluation_interval: {interval}\n"
    );
    if !settings.external_labels.is_empty() {
        out.push_str("  external_labels:\n");
        for (name, value) in settings.external_labels.iter() {
            line(&mut out, 4, name, value);
        }
    }
    out.push_str("alerting:\n  alertmanagers:\n  - scheme: http\n    timeout: 10s\n    api_version: v2\n");
    out.push_str("    static_configs:\n    - targets:\n");
    let _ = writeln!(out, "      - {}", scalar(alertmanager));
    let _ = writeln!(out, "rule_files:\n- {}", scalar(rule_file));
    out.push_str("scrape_configs:\n");
    let mut last = None;
    for (job, instance, scrape_s) in targets {
        if last != Some(job) {
            let (every, timeout) = (i64::from(*scrape_s) * 1000, i64::from((*scrape_s).min(10)) * 1000);
            let _ = writeln!(out, "- job_name: {}", scalar(job));
            let _ = writeln!(out, "  honor_timestamps: true\n  scrape_interval: {}", format_ms(every));
            let _ = writeln!(out, "  scrape_timeout: {}", format_ms(timeout));
            out.push_str("  metrics_path: /metrics\n  scheme: http\n  follow_redirects: true\n");
            out.push_str("  enable_http2: true\n  static_configs:\n  - targets:\n");
            last = Some(job);
        }
        let _ = writeln!(out, "    - {}", scalar(instance));
    }
    out
}

/// Alertmanager's.
pub(super) fn alertmanager(settings: &Settings) -> String {
    let mut out = String::from("global:\n  resolve_timeout: 5m\nroute:\n");
    route(&mut out, &settings.route, 2);
    if !settings.inhibitions.is_empty() {
        out.push_str("inhibit_rules:\n");
    }
    for rule in &settings.inhibitions {
        out.push_str("- source_matchers:\n");
        list(&mut out, 2, rule.source.iter().map(shown));
        out.push_str("  target_matchers:\n");
        list(&mut out, 2, rule.target.iter().map(shown));
        if !rule.equal.is_empty() {
            out.push_str("  equal:\n");
            list(&mut out, 2, rule.equal.iter().cloned());
        }
    }
    out.push_str("receivers:\n");
    for receiver in &settings.receivers {
        let _ = writeln!(out, "- name: {}", scalar(&receiver.name));
    }
    out.push_str("templates: []\n");
    out
}

/// A route; its first line's indent is `indent`, unless it stands behind a dash.
fn route(out: &mut String, route: &Route, indent: usize) {
    line(out, indent, "receiver", &route.receiver);
    let pad = " ".repeat(indent);
    if !route.group_by.is_empty() {
        let _ = writeln!(out, "{pad}group_by:");
        list(out, indent, route.group_by.iter().cloned());
    }
    if !route.matchers.is_empty() {
        let _ = writeln!(out, "{pad}matchers:");
        list(out, indent, route.matchers.iter().map(shown));
    }
    let _ = writeln!(out, "{pad}continue: {}", route.goes_on);
    if !route.routes.is_empty() {
        let _ = writeln!(out, "{pad}routes:");
    }
    for child in &route.routes {
        let mut text = String::new();
        self::route(&mut text, child, indent + 2);
        // The dash stands before its first key.
        let _ = write!(out, "{pad}- {}", text.trim_start());
    }
    for (name, ms) in ["group_wait", "group_interval", "repeat_interval"].iter().zip(route.timing_ms) {
        line(out, indent, name, &format_ms(ms));
    }
}

fn shown(matcher: &Matcher) -> String {
    format!("{}{}{}", matcher.name, matcher.op.as_str(), crate::model::labels::Quoted(&matcher.value))
}

fn list(out: &mut String, indent: usize, all: impl Iterator<Item = String>) {
    for text in all {
        let _ = writeln!(out, "{}- {}", " ".repeat(indent), scalar(&text));
    }
}

fn line(out: &mut String, indent: usize, name: &str, value: &str) {
    let _ = writeln!(out, "{}{name}: {}", " ".repeat(indent), scalar(value));
}

/// A text as a scalar: plain where nobody can misread it, else in double quotes, whose escapes are JSON's.
fn scalar(text: &str) -> String {
    let safe_first = text.chars().next().is_some_and(|c| c.is_ascii_alphabetic() || c == '/');
    let safe = text.chars().all(|c| c.is_ascii_alphanumeric() || "-_./=\"~!,()*+|".contains(c));
    let word = matches!(
        text.to_ascii_lowercase().as_str(),
        "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n" | "null" | "~"
    );
    // `10.0.0.1:9100`, `4h`: digits first are plain where letters or colons follow.
    let address = text.starts_with(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || ".:".contains(c))
        && text.contains(|c: char| c.is_ascii_alphabetic() && c != 'e' && c != 'x' && c != 'o')
        || text.matches('.').count() == 3 && text.chars().all(|c| c.is_ascii_digit() || ".:".contains(c));
    if safe_first && safe && !word || address {
        text.to_owned()
    } else {
        serde_json::Value::from(text).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_are_read_back_as_they_were() {
        for text in [
            "medical-records-local",
            "real-portuguese",
            "127.0.0.1:9090",
            "4h",
            "1m30s",
            "yes",
            "12",
            "1e3",
            "0x1f",
            "",
            "a: b",
            "severity=\"critical\"",
            "x # y",
            "é",
            "- a",
            "10.5",
            "localhost:9100",
            "a\nb",
            "'q'",
        ] {
            let yaml = format!("k: {}\n", scalar(text));
            let read: std::collections::BTreeMap<String, String> =
                serde_saphyr::from_str(&yaml).unwrap_or_else(|error| panic!("{yaml}: {error}"));
            assert_eq!(read.get("k").map(String::as_str), Some(text), "{yaml}");
        }
    }
}
