//! An incident's findings as sections of a report and as records of a bundle, and what was done as such records.

use serde::Deserialize;
use serde_json::{Value, json};

use super::record::Telling;
use super::report::{Block, Section};
use crate::explore::incident::{Analysis, Cause, Circumstances, EventKind, Found, Goal, Piece, Verdict};
use crate::model::Time;
use crate::model::evidence::{Evidence, OtherRecord, Period};
use crate::model::records::{Ack, Record, Run, Step};
use crate::text::correlate::EN as CORRELATE;
use crate::text::incident::{EN as WORDS, REPORT};

/// Causes of at least this confidence have their evidence in a report.
const TOLD: f64 = 0.05;
/// At least so many have it.
const FEWEST: usize = 3;

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
        "playbooks": one.playbooks, "downstream_of": one.downstream_of,
    })
}

/// A line of a bundle. `kind` leads, as the format wants; a map would put it elsewhere.
fn line(kind: &str, rest: &Value) -> OtherRecord {
    let rest = rest.to_string();
    let json = format!("{{\"kind\":\"{kind}\",{}", rest.get(1..).unwrap_or("}"));
    OtherRecord { kind: kind.into(), json: json.into() }
}

/// Findings as a bundle keeps them: one record a cause, and one that says how it ended and what was not there.
pub fn records(analysis: &Analysis, found: &Found) -> Vec<OtherRecord> {
    let causes = analysis.causes.iter().enumerate();
    let mut out: Vec<OtherRecord> =
        causes.map(|(at, one)| line("finding", &without_kind(&cause(at + 1, one, found)))).collect();
    let verdict = if analysis.verdict == Verdict::Culprit { "culprit" } else { "unsure" };
    out.push(line(
        "finding",
        &json!({
            "verdict": verdict, "recommendations": analysis.recommendations, "missing": found.missing,
            "calm": found.calm, "incomplete": found.incomplete,
        }),
    ));
    out
}

/// What a bundle says of its own gathering, where [`records`] wrote it.
pub fn recalled(evidence: &Evidence) -> Circumstances {
    #[derive(Deserialize)]
    struct Told {
        #[serde(default)]
        missing: Vec<String>,
        #[serde(default)]
        calm: String,
        #[serde(default)]
        incomplete: bool,
        // Findings have none.
        #[allow(dead_code)]
        verdict: String,
    }
    let findings = evidence.others.iter().filter(|one| &*one.kind == "finding");
    let mut told = findings.filter_map(|one| serde_json::from_str::<Told>(&one.json).ok());
    told.next_back().map_or_else(Circumstances::default, |told| Circumstances {
        calm: told.calm,
        missing: told.missing,
        incomplete: told.incomplete,
    })
}

/// An acknowledgement as a bundle keeps it.
pub fn ack(one: &Ack) -> OtherRecord {
    line(
        "action",
        &json!({
            "what": "ack", "at": moment(one.at), "who": one.who, "alert": one.labels.get("alertname"),
            "fingerprint": one.fingerprint, "labels": one.labels, "why": one.why, "state": one.state.as_str(),
            "silence": one.silence, "ended_at": one.ended_at.map(moment), "ended_by": one.ended_by,
            "incident": one.incident,
        }),
    )
}

/// A run of a playbook, with its steps.
pub fn run(one: &Run, steps: &[Step]) -> OtherRecord {
    let steps: Vec<Value> = steps
        .iter()
        .map(|step| {
            json!({
                "at": step.at, "kind": step.kind, "title": step.title, "state": step.state.as_str(),
                "started_at": step.started_at.map(moment), "ended_at": step.ended_at.map(moment),
                "error": step.error,
            })
        })
        .collect();
    line(
        "action",
        &json!({
            "what": "run", "at": moment(one.at), "who": one.who, "playbook": one.playbook, "id": one.id,
            "state": one.state.as_str(), "error": one.error, "ended_at": one.ended_at.map(moment),
            "incident": one.incident, "steps": steps,
        }),
    )
}

/// A record of the audit: silences among them.
pub fn audited(one: &Record) -> OtherRecord {
    let details = serde_json::from_str::<Value>(&one.details).unwrap_or(Value::Null);
    line(
        "action",
        &json!({
            "what": "audit", "at": moment(one.at), "who": one.actor.operator, "seq": one.seq, "action": one.action,
            "object": one.object, "outcome": one.outcome.as_str(), "details": details, "hash": one.hash,
        }),
    )
}

/// Where actions would stand: why there are none.
pub fn no_actions(why: &str) -> OtherRecord {
    line("action", &json!({ "what": "missing", "why": why }))
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
    line("screen", &json!({ "at": moment(at), "text": text }))
}

/// What the analysis says of the whole, in a line.
pub fn verdict(analysis: &Analysis) -> String {
    analysis.culprit().map_or_else(
        || WORDS.unsure.to_owned(),
        |first| (WORDS.culprit)(&first.component, (WORDS.kind)(&first.kind), first.confidence),
    )
}

/// Sections of a report: likely causes, their evidence, what was changed, what to do, what is not known.
pub fn sections(found: &Found, telling: &Telling<'_>) -> Vec<Section> {
    let (words, at) = (&REPORT, |at: Option<Time>| at.map_or_else(String::new, |at| telling.moment(at)));
    let analysis = &found.analysis;
    let table = |heads: &[&str], rows: Vec<Vec<String>>| Block::Table {
        heads: heads.iter().map(|head| (*head).to_owned()).collect(),
        rows,
    };
    let causes = analysis.causes.iter().enumerate().map(|(rank, one)| {
        vec![
            (rank + 1).to_string(),
            (CORRELATE.named)(&one.component, &one.title),
            (WORDS.kind)(&one.kind).to_owned(),
            format!("{:.2}", one.confidence),
            at(one.onset),
            one.downstream_of.join(", "),
            one.playbooks.join(", "),
        ]
    });
    let told = analysis.causes.iter().filter(|one| one.confidence >= TOLD).count().max(FEWEST);
    let evidence = analysis.causes.iter().take(told).flat_map(|one| {
        one.evidence.iter().map(|piece| {
            vec![
                one.component.clone(),
                (WORDS.signal)(piece.signal.word()).to_owned(),
                piece.summary.clone(),
                at(piece.at),
            ]
        })
    });
    let changes = found.evidence.changes.iter().map(|one| {
        let component = one.labels.get("service").unwrap_or_default();
        vec![telling.moment(one.at), component.to_owned(), one.title.clone()]
    });
    let looked_at = (words.looked_at)(&telling.moment(found.window.start), &telling.moment(found.window.end));
    let mut open: Vec<String> = found.missing.iter().chain(&analysis.open).cloned().collect();
    open.extend(Some(found.calm.clone()).filter(|calm| !calm.is_empty()));
    if analysis.verdict == Verdict::Unsure {
        open.push(words.who.to_owned());
    }
    let blocks = [
        ("verdict", words.verdict, Block::Text(vec![verdict(analysis), looked_at])),
        ("causes", WORDS.causes, table(&words.cause_heads, causes.collect())),
        ("evidence", words.evidence, table(&words.evidence_heads, evidence.collect())),
        ("changes", words.changes, table(&words.change_heads, changes.collect())),
        ("recommendations", WORDS.recommendations, Block::List(analysis.recommendations.clone())),
        ("open", WORDS.open_questions, Block::List(open)),
    ];
    blocks.into_iter().map(|(id, title, block)| Section { id, title: title.to_owned(), block }).collect()
}

/// What the evidence adds to a timeline: when, what.
pub fn moments(found: &Found) -> Vec<(Time, String)> {
    let causes = found.analysis.causes.iter().filter(|one| one.confidence >= TOLD).filter_map(|one| {
        let text = (WORDS.event)(EventKind::Onset, &one.component, (WORDS.kind)(&one.kind));
        Some((one.onset?, text))
    });
    let alerts = found.evidence.alerts.iter().map(|one| {
        let component = one.labels.get("service").unwrap_or_default();
        (one.starts_at, (WORDS.event)(EventKind::AlertFires, component, &one.name))
    });
    let changes = found.evidence.changes.iter().map(|one| {
        let component = one.labels.get("service").unwrap_or_default();
        (one.at, (WORDS.event)(EventKind::Change, component, &one.title))
    });
    let mut all: Vec<(Time, String)> = causes.chain(alerts).chain(changes).collect();
    all.retain(|(at, _)| (found.window.start..=found.window.end).contains(at));
    all.sort();
    all
}

/// What the analysis says, for a program.
pub fn json(found: &Found) -> Value {
    let causes = found.analysis.causes.iter().enumerate();
    let verdict = if found.analysis.verdict == Verdict::Culprit { "culprit" } else { "unsure" };
    json!({
        "timeframe": period(&found.window), "verdict": verdict,
        "findings": causes.map(|(at, one)| cause(at + 1, one, found)).collect::<Vec<_>>(),
        "recommendations": found.analysis.recommendations, "missing": found.missing,
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::explore::incident::Signal;
    use crate::model::evidence::Manifest;

    fn found() -> Found {
        let at = chrono::DateTime::from_timestamp(1_795_323_600, 0).expect("a moment");
        let evidence = Evidence::new(Manifest {
            id: "INC-1".to_owned(),
            window: Period { start: at, end: at },
            baselines: vec![],
            symptom: None,
            source: "x".to_owned(),
        });
        let piece = Piece {
            signal: Signal::Log,
            summary: "<script>alert(1)</script> `*`\nnew".to_owned(),
            strength: 0.5,
            at: None,
            goal: Goal::Logs("{a=\"b\"}".into()),
        };
        let cause = Cause {
            component: "a|b".to_owned(),
            kind: "latency".to_owned(),
            score: 3.0,
            confidence: 0.5,
            onset: Some(at),
            summary: String::new(),
            evidence: vec![piece],
            downstream_of: vec![],
            title: String::new(),
            advice: vec![],
            playbooks: vec!["p".to_owned()],
        };
        let analysis = Analysis { causes: vec![cause], took_ms: 7, ..Analysis::default() };
        let about = Circumstances { missing: vec!["tempo <x>".to_owned()], ..Circumstances::default() };
        Found::new(Arc::new(evidence), analysis, about, at)
    }

    #[test]
    fn records_are_what_a_bundle_takes() {
        for one in records(&found().analysis, &found()).iter().chain([&screen(found().at, "a\nb")]) {
            assert!(one.json.starts_with(&format!("{{\"kind\":\"{}\",", one.kind)), "{}", one.json);
            assert!(!one.json.contains('\n'));
            serde_json::from_str::<Value>(&one.json).expect("JSON");
        }
        let mut evidence = (*found().evidence).clone();
        assert_eq!(recalled(&evidence), Circumstances::default());
        evidence.others = records(&found().analysis, &found());
        assert_eq!(recalled(&evidence).missing, ["tempo <x>"]);
    }
}
