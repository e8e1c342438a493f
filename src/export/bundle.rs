//! What is in a bundle, as text and as JSON.

use serde_json::json;

use crate::bundle::Reading;
use crate::model::Time;
use crate::model::evidence::{Evidence, Period};
use crate::text::bundle::EN as WORDS;

fn moment(at: Time) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
}

/// Counts, by name.
fn counts(evidence: &Evidence) -> [(&'static str, usize); 7] {
    let heads = &WORDS.heads;
    [
        (heads.series, evidence.series.len()),
        (heads.logs, evidence.logs.len()),
        (heads.spans, evidence.spans.len()),
        (heads.alerts, evidence.alerts.len()),
        (heads.changes, evidence.changes.len()),
        (heads.edges, evidence.edges.len()),
        (heads.others, evidence.others.len()),
    ]
}

/// For a person.
pub fn text(reading: &Reading) -> String {
    let (evidence, heads) = (&reading.evidence, &WORDS.heads);
    let manifest = &evidence.manifest;
    let period = |one: &Period| format!("{} – {}", moment(one.start), moment(one.end));
    let mut lines: Vec<(String, String)> = vec![
        (heads.incident.to_owned(), manifest.id.clone()),
        (heads.source.to_owned(), manifest.source.clone()),
        (heads.window.to_owned(), period(&manifest.window)),
    ];
    lines.extend(manifest.baselines.iter().map(|one| (heads.calm.to_owned(), period(one))));
    if let Some(symptom) = &manifest.symptom {
        lines.push((heads.symptom.to_owned(), format!("{} {}", symptom.component, symptom.signal)));
    }
    lines.extend(counts(evidence).into_iter().map(|(name, count)| (name.to_owned(), count.to_string())));
    let mut out = String::new();
    for (name, value) in lines {
        // What a stranger wrote must not move the cursor.
        let value: String = value.chars().filter(|c| !c.is_control()).collect();
        out.push_str(&format!("{name:<24}{value}\n"));
    }
    out.push_str((heads.sealed)(reading.sealed));
    out.push('\n');
    out
}

/// For a program.
pub fn json(reading: &Reading) -> String {
    let evidence = &reading.evidence;
    let manifest = &evidence.manifest;
    let period = |one: &Period| json!({ "start": moment(one.start), "end": moment(one.end) });
    let report = &reading.report;
    let out = json!({
        "id": manifest.id,
        "source": manifest.source,
        "window": period(&manifest.window),
        "baselines": manifest.baselines.iter().map(period).collect::<Vec<_>>(),
        "symptom": manifest.symptom.as_ref().map(|one| json!({ "component": one.component, "signal": one.signal })),
        "records": {
            "series": evidence.series.len(), "logs": evidence.logs.len(), "spans": evidence.spans.len(),
            "alerts": evidence.alerts.len(), "changes": evidence.changes.len(), "edges": evidence.edges.len(),
            "others": evidence.others.len(),
        },
        "lines": report.lines,
        "broken_lines": report.broken_lines,
        "unknown_kinds": report.unknown_kinds,
        "unknown_keys": report.unknown_keys,
        "dropped": report.dropped,
        "sealed": reading.sealed,
    });
    format!("{out}\n")
}
