//! An incident's findings as JSON, text and Markdown, and as records of a bundle.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::explore::incident::{Cause, Found, Goal, Piece, Signal, Verdict};
use crate::model::Time;
use crate::model::evidence::{OtherRecord, Period};
use crate::text::incident::EN as WORDS;

fn moment(at: Time) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
}

fn period(one: &Period) -> Value {
    json!({ "start": moment(one.start), "end": moment(one.end) })
}

/// The view that a piece of evidence is seen in, and the query there.
fn goal(goal: &Goal) -> (&'static str, Option<String>) {
    match goal {
        Goal::Metrics(query) => ("metrics", Some(query.to_string())),
        Goal::Logs(query) => ("logs", Some(query.to_string())),
        Goal::Traces(query) => ("traces", Some(query.to_string())),
        Goal::Trace(id) => ("trace", Some(id.to_string())),
        Goal::Alerts => ("alerts", None),
        Goal::Moment => ("incident", None),
    }
}

fn piece(one: &Piece, found: &Found) -> Value {
    let (view, query) = goal(&one.goal);
    json!({
        "signal": one.signal.word(), "summary": one.summary, "strength": one.strength, "at": one.at.map(moment),
        "link": { "view": view, "query": query, "window": period(&found.window) },
    })
}

fn cause(rank: usize, one: &Cause, found: &Found) -> Value {
    json!({
        "rank": rank, "component": one.component, "kind": one.kind, "score": one.score, "confidence": one.confidence,
        "onset": one.onset.map(moment), "summary": one.summary,
        "evidence": one.evidence.iter().map(|one| piece(one, found)).collect::<Vec<_>>(),
        "playbooks": one.playbooks,
    })
}

/// The findings as `correlate --format json` writes them; the time that the analysis took is no part of what was found.
fn findings(found: &Found) -> Value {
    let verdict = match found.analysis.verdict {
        Verdict::Culprit => "culprit",
        Verdict::Unsure => "unsure",
    };
    let causes = &found.analysis.causes;
    let of = |signal: Signal| {
        let all = causes.iter().flat_map(|cause| &cause.evidence);
        all.filter(|one| one.signal == signal).map(|one| one.summary.clone()).collect::<Vec<_>>()
    };
    let roots: Vec<Value> = causes
        .iter()
        .map(|one| {
            let evidence: Vec<&str> = one.evidence.iter().map(|one| one.summary.as_str()).collect();
            json!({ "cause": format!("{}: {}", one.component, one.kind), "evidence": evidence, "confidence": one.confidence })
        })
        .collect();
    let evidence = &found.evidence;
    json!({
        "incident_id": found.id,
        "timeframe": period(&found.window),
        "baselines": found.baselines.iter().map(period).collect::<Vec<_>>(),
        "verdict": verdict,
        "findings": causes.iter().enumerate().map(|(at, one)| cause(at + 1, one, found)).collect::<Vec<_>>(),
        "metrics": { "series": evidence.series.len(), "evidence": of(Signal::Metric) },
        "logs": { "lines": evidence.logs.len(), "evidence": of(Signal::Log) },
        "traces": { "spans": evidence.spans.len(), "evidence": of(Signal::Trace) },
        "ai_metrics": of_models(found),
        "analysis": {
            "potential_root_causes": roots,
            "correlation_strength": found.analysis.correlations.iter().cloned().collect::<serde_json::Map<_, _>>(),
            "recommendations": found.analysis.recommendations,
        },
        "missing": found.missing,
    })
}

/// The series that are measured for each model.
fn of_models(found: &Found) -> Value {
    let models = found.evidence.series.iter().filter(|one| one.labels.get("model_name").is_some());
    let mut names: Vec<String> = models.map(|one| one.name.to_string()).collect();
    names.sort();
    names.dedup();
    json!({ "series": names })
}

/// The findings as one line of JSON.
pub fn json(found: &Found) -> String {
    let mut all = findings(found);
    all["took_ms"] = found.analysis.took_ms.into();
    format!("{all}\n")
}

/// The findings as a bundle keeps them: one record a cause, and one that says how it ended.
pub fn records(found: &Found) -> Vec<OtherRecord> {
    let line = |rest: &Value| {
        let rest = rest.to_string();
        let json = format!("{{\"kind\":\"finding\",{}", rest.get(1..).unwrap_or("}"));
        OtherRecord { kind: "finding".into(), json: json.into() }
    };
    let causes = found.analysis.causes.iter().enumerate();
    let mut out: Vec<OtherRecord> =
        causes.map(|(at, one)| line(&without_kind(&cause(at + 1, one, found)))).collect();
    let verdict = if found.analysis.verdict == Verdict::Culprit { "culprit" } else { "unsure" };
    out.push(line(&json!({ "verdict": verdict, "recommendations": found.analysis.recommendations })));
    out
}

/// A record's kind says what it is; that of a cause has another name there.
fn without_kind(cause: &Value) -> Value {
    let mut cause = cause.clone();
    if let Some(fields) = cause.as_object_mut()
        && let Some(kind) = fields.remove("kind")
    {
        fields.insert("cause".to_owned(), kind);
    }
    cause
}

/// The text of a screen as a bundle keeps it.
pub fn screen(at: Time, text: &str) -> OtherRecord {
    let rest = json!({ "at": moment(at), "text": text }).to_string();
    let json = format!("{{\"kind\":\"screen\",{}", rest.get(1..).unwrap_or("}"));
    OtherRecord { kind: "screen".into(), json: json.into() }
}

/// For a person.
pub fn text(found: &Found) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{}  {} – {}", found.id, moment(found.window.start), moment(found.window.end));
    let verdict = match (found.analysis.verdict, found.analysis.causes.first()) {
        (Verdict::Culprit, Some(first)) => (WORDS.culprit)(&first.component, &first.kind, first.confidence),
        _ => WORDS.unsure.to_owned(),
    };
    let _ = writeln!(out, "{verdict}");
    for (at, one) in found.analysis.causes.iter().enumerate() {
        let onset = one.onset.map_or_else(String::new, |at| format!("  {}", moment(at)));
        let _ = writeln!(out, "{:>2}  {}  {}  {:.2}{onset}", at + 1, one.component, one.kind, one.confidence);
        for piece in &one.evidence {
            let _ = writeln!(out, "      {:<7} {}", piece.signal.word(), piece.summary);
        }
    }
    for one in &found.analysis.recommendations {
        let _ = writeln!(out, "->  {one}");
    }
    out
}

/// Causes, evidence and open questions as Markdown, for a report of the incident; `level` is the depth of its heads.
pub fn markdown(found: &Found, level: usize) -> String {
    let head = "#".repeat(level.max(1));
    let escape = |text: &str| {
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|') {
                out.push('\\');
            }
            out.push(if c.is_control() { ' ' } else { c });
        }
        out
    };
    let mut out = String::new();
    let _ = writeln!(out, "{head} {}\n", WORDS.causes);
    if found.analysis.verdict == Verdict::Unsure {
        let _ = writeln!(out, "{}\n", WORDS.unsure);
    }
    for (at, one) in found.analysis.causes.iter().enumerate() {
        let onset = one.onset.map_or_else(String::new, |at| format!(", {}", moment(at)));
        let (component, kind) = (escape(&one.component), escape(&one.kind));
        let _ = writeln!(out, "{}. **{component}**: {kind} ({:.2}){onset}", at + 1, one.confidence);
        for piece in &one.evidence {
            let _ = writeln!(out, "   - {}: {}", piece.signal.word(), escape(&piece.summary));
        }
    }
    let open: Vec<&String> = found.missing.iter().chain(&found.analysis.open).collect();
    if !open.is_empty() {
        let _ = writeln!(out, "\n{head} {}\n", WORDS.open_questions);
        for one in open {
            let _ = writeln!(out, "- {}", escape(one));
        }
    }
    if !found.analysis.recommendations.is_empty() {
        let _ = writeln!(out, "\n{head} {}\n", WORDS.recommendations);
        for one in &found.analysis.recommendations {
            let _ = writeln!(out, "- {}", escape(one));
        }
    }
    out
}
