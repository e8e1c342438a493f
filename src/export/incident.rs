//! An incident's findings as Markdown, HTML and as records of a bundle.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::explore::incident::{Cause, Found, Goal, Piece, Verdict};
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
        "playbooks": one.playbooks, "downstream_of": one.downstream_of,
    })
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
        let (component, kind) = (escape(&one.component), escape((WORDS.kind)(&one.kind)));
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

/// The same as a piece of HTML: no head, no script, nothing from elsewhere.
pub fn html(found: &Found) -> String {
    let escape = |text: &str| {
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            match c {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '"' => out.push_str("&quot;"),
                c if c.is_control() => out.push(' '),
                c => out.push(c),
            }
        }
        out
    };
    let mut out = format!("<section><h2>{}</h2>\n", escape(WORDS.causes));
    if found.analysis.verdict == Verdict::Unsure {
        let _ = writeln!(out, "<p>{}</p>", escape(WORDS.unsure));
    }
    out.push_str("<ol>\n");
    for one in &found.analysis.causes {
        let onset = one.onset.map_or_else(String::new, |at| format!(", {}", moment(at)));
        let (component, kind) = (escape(&one.component), escape((WORDS.kind)(&one.kind)));
        let _ = writeln!(out, "<li><b>{component}</b>: {kind} ({:.2}){onset}<ul>", one.confidence);
        for piece in &one.evidence {
            let _ = writeln!(out, "<li>{}: {}</li>", piece.signal.word(), escape(&piece.summary));
        }
        out.push_str("</ul></li>\n");
    }
    out.push_str("</ol>\n");
    let open: Vec<&String> = found.missing.iter().chain(&found.analysis.open).collect();
    for (head, list) in [
        (WORDS.open_questions, open),
        (WORDS.recommendations, found.analysis.recommendations.iter().collect()),
    ] {
        if list.is_empty() {
            continue;
        }
        let _ = writeln!(out, "<h2>{}</h2>\n<ul>", escape(head));
        for one in list {
            let _ = writeln!(out, "<li>{}</li>", escape(one));
        }
        out.push_str("</ul>\n");
    }
    out.push_str("</section>\n");
    out
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::explore::incident::{Analysis, Circumstances, Signal};
    use crate::model::evidence::{Evidence, Manifest};

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
    fn a_strangers_text_is_text_in_markdown_and_html() {
        let (markdown, html) = (markdown(&found(), 2), html(&found()));
        assert!(markdown.contains("**a\\|b**") && !markdown.contains("<script>"), "{markdown}");
        assert!(markdown.contains("## Open questions"), "{markdown}");
        assert!(html.contains("&lt;script&gt;") && !html.contains("<script>"), "{html}");
        assert!(html.contains("tempo &lt;x&gt;"), "{html}");
    }

    #[test]
    fn records_are_what_a_bundle_takes() {
        for one in records(&found()).iter().chain([&screen(found().at, "a\nb")]) {
            assert!(one.json.starts_with(&format!("{{\"kind\":\"{}\",", one.kind)), "{}", one.json);
            assert!(!one.json.contains('\n'));
            serde_json::from_str::<Value>(&one.json).expect("JSON");
        }
        assert_eq!(records(&found()), records(&found()));
    }
}
