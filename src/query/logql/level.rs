//! The level that Loki detects when a line arrives (`detected_level`): of a level label, of the
//! entry's metadata, else of the line itself.

use crate::model::LogEntry;

/// Names under which a level is looked for.
const NAMES: [&str; 8] =
    ["level", "LEVEL", "Level", "severity", "SEVERITY", "Severity", "lvl", "severity_text"];

/// The level of an entry as Loki's `detected_level` says it: `warn` for every spelling of warning, …
pub(super) fn detected(entry: &LogEntry) -> &'static str {
    for labels in [&entry.metadata, &entry.labels] {
        for name in NAMES {
            if let Some(level) = labels.get(name).and_then(normal) {
                return level;
            }
        }
    }
    let line = &*entry.line;
    if line.starts_with('{') {
        let mut found = None;
        let _ = super::json::leaves(line, '_', &mut |path, leaf| {
            if let super::json::Leaf::Text(text) = leaf
                && found.is_none()
                && NAMES.contains(&path)
            {
                found = normal(&text);
            }
        });
        return found.unwrap_or("unknown");
    }
    for name in ["level=", "lvl=", "severity="] {
        if let Some(at) = line.find(name) {
            let value = line[at + name.len()..].trim_start_matches('"');
            let word = value.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or("");
            if let Some(level) = normal(word) {
                return level;
            }
        }
    }
    let mut best = "unknown";
    for word in line.split(|c: char| !c.is_ascii_alphanumeric()) {
        if let Some(level) = normal(word) {
            best = level;
            break;
        }
    }
    best
}

fn normal(text: &str) -> Option<&'static str> {
    const TABLE: [(&str, &str); 17] = [
        ("info", "info"),
        ("inf", "info"),
        ("information", "info"),
        ("informational", "info"),
        ("warning", "warn"),
        ("warn", "warn"),
        ("wrn", "warn"),
        ("error", "error"),
        ("err", "error"),
        ("debug", "debug"),
        ("dbg", "debug"),
        ("trace", "trace"),
        ("trc", "trace"),
        ("critical", "critical"),
        ("crit", "critical"),
        ("fatal", "fatal"),
        ("emerg", "fatal"),
    ];
    TABLE.iter().find(|(name, _)| name.eq_ignore_ascii_case(text)).map(|(_, level)| *level)
}
