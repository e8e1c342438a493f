//! The analysis as JSON, in the shape that scripts rely on; `docs/json.md` describes it.

use serde::Serialize;

use super::findings::{Finding, Signal, Verdict};
use super::{Analysis, summary};
use crate::model::Time;
use crate::model::evidence::{Manifest, Period};
use crate::text::correlate::EN as WORDS;

/// The whole answer.
#[derive(Debug, Serialize)]
pub struct Answer {
    incident_id: String,
    timeframe: Span,
    baselines: Vec<Span>,
    verdict: &'static str,
    findings: Vec<Found>,
    metrics: Metrics,
    logs: Logs,
    traces: Traces,
    ai_metrics: Models,
    analysis: Summary,
    missing: Vec<&'static str>,
    /// Milliseconds that reading and analysing took; whoever measured says it.
    took_ms: u64,
}

#[derive(Clone, Debug, Serialize)]
struct Span {
    start: String,
    end: String,
}

#[derive(Debug, Serialize)]
struct Found {
    rank: usize,
    component: String,
    kind: &'static str,
    score: f64,
    confidence: f64,
    onset: Option<String>,
    summary: String,
    evidence: Vec<Piece>,
    playbooks: Vec<String>,
    downstream_of: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Piece {
    signal: &'static str,
    summary: String,
    strength: f64,
    at: Option<String>,
    link: Link,
}

#[derive(Debug, Serialize)]
struct Link {
    view: &'static str,
    query: String,
    window: Span,
}

#[derive(Debug, Serialize)]
struct Metrics {
    series: usize,
}

#[derive(Debug, Serialize)]
struct Logs {
    lines: usize,
    templates: usize,
    errors: usize,
}

#[derive(Debug, Serialize)]
struct Traces {
    #[serde(rename = "traces")]
    whole: usize,
    spans: usize,
    failed: usize,
}

#[derive(Debug, Serialize)]
struct Models {
    series: usize,
}

#[derive(Debug, Serialize)]
struct Summary {
    potential_root_causes: Vec<RootCause>,
    correlation_strength: std::collections::BTreeMap<String, Strength>,
    recommendations: Vec<String>,
}

#[derive(Debug, Serialize)]
struct RootCause {
    cause: String,
    evidence: Vec<String>,
    confidence: f64,
}

#[derive(Debug, Serialize)]
struct Strength {
    correlation: f64,
    ahead_s: f64,
}

/// Findings that are told as potential root causes.
const CAUSES: usize = 3;

/// The answer of an analysis; `naming` is the label that queries name components by.
pub fn answer(analysis: &Analysis, manifest: &Manifest, naming: &str, took_ms: u64) -> Answer {
    let window = span(&manifest.window);
    let causes = analysis.findings.iter().take(CAUSES).map(|finding| RootCause {
        cause: summary::finding(finding),
        evidence: finding.witnesses.iter().map(|witness| summary::detail(&witness.detail)).collect(),
        confidence: rounded(finding.confidence),
    });
    Answer {
        incident_id: manifest.id.clone(),
        baselines: manifest.baselines.iter().map(span).collect(),
        verdict: if analysis.verdict == Verdict::Culprit { "culprit" } else { "unsure" },
        findings: analysis.findings.iter().map(|finding| found(finding, &window, naming)).collect(),
        metrics: Metrics { series: analysis.counts.series },
        logs: Logs {
            lines: analysis.counts.lines,
            templates: analysis.counts.templates,
            errors: analysis.counts.errors,
        },
        traces: Traces {
            whole: analysis.counts.traces,
            spans: analysis.counts.spans,
            failed: analysis.counts.failed,
        },
        ai_metrics: Models { series: analysis.counts.models },
        analysis: Summary {
            potential_root_causes: causes.collect(),
            correlation_strength: analysis
                .findings
                .iter()
                .filter_map(|finding| Some((finding, finding.strength?)))
                .map(|(finding, strength)| {
                    let told = Strength {
                        correlation: rounded(strength.correlation),
                        ahead_s: rounded(strength.ahead),
                    };
                    (finding.component.to_string(), told)
                })
                .collect(),
            recommendations: recommendations(analysis).iter().map(|one| (*one).to_owned()).collect(),
        },
        missing: analysis.missing.iter().map(|what| summary::missing(*what)).collect(),
        timeframe: window,
        took_ms,
    }
}

impl Answer {
    /// The same with what the field says of it.
    #[must_use]
    pub fn advised(mut self, advised: &super::Advised) -> Self {
        for (finding, own) in self.findings.iter_mut().zip(&advised.findings) {
            finding.playbooks.clone_from(&own.playbooks);
        }
        self.analysis.recommendations.clone_from(&advised.recommendations);
        self
    }

    /// The same with every text that comes from the evidence put through `mask`.
    #[must_use]
    pub fn masked(mut self, mask: impl Fn(&str) -> String) -> Self {
        let put = |text: &mut String| *text = mask(text);
        put(&mut self.incident_id);
        for finding in &mut self.findings {
            put(&mut finding.component);
            put(&mut finding.summary);
            finding.downstream_of.iter_mut().for_each(put);
            for piece in &mut finding.evidence {
                put(&mut piece.summary);
                put(&mut piece.link.query);
            }
        }
        for cause in &mut self.analysis.potential_root_causes {
            put(&mut cause.cause);
            cause.evidence.iter_mut().for_each(put);
        }
        let strengths = std::mem::take(&mut self.analysis.correlation_strength);
        self.analysis.correlation_strength =
            strengths.into_iter().map(|(component, strength)| (mask(&component), strength)).collect();
        self
    }
}

/// What to do: about the first finding's cause, or about not knowing.
pub fn recommendations(analysis: &Analysis) -> &'static [&'static str] {
    match analysis.findings.first().filter(|_| analysis.verdict == Verdict::Culprit) {
        Some(first) => (WORDS.recommend)(first.cause.word()),
        None => WORDS.unsure,
    }
}

fn found(finding: &Finding, window: &Span, naming: &str) -> Found {
    let evidence = finding.witnesses.iter().map(|witness| {
        let (view, query) = summary::link(&finding.component, naming, witness);
        Piece {
            signal: match witness.signal {
                Signal::Metric => "metric",
                Signal::Log => "log",
                Signal::Trace => "trace",
                Signal::Alert => "alert",
                Signal::Change => "change",
            },
            summary: summary::detail(&witness.detail),
            strength: rounded(witness.strength),
            at: witness.at.and_then(moment),
            link: Link { view, query, window: window.clone() },
        }
    });
    Found {
        rank: finding.rank,
        component: finding.component.to_string(),
        kind: finding.cause.word(),
        score: rounded(finding.score),
        confidence: rounded(finding.confidence),
        onset: finding.onset.and_then(moment),
        summary: summary::finding(finding),
        evidence: evidence.collect(),
        playbooks: Vec::new(),
        downstream_of: finding.downstream_of.iter().map(ToString::to_string).collect(),
    }
}

fn span(period: &Period) -> Span {
    Span { start: written(period.start), end: written(period.end) }
}

fn written(at: Time) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
}

/// Unix seconds as RFC 3339 with milliseconds.
pub fn moment(at: f64) -> Option<String> {
    let millis = (at * 1e3).round();
    (millis.abs() < 1e15)
        .then(|| chrono::DateTime::from_timestamp_millis(millis as i64))
        .flatten()
        .map(|at| at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true))
}

/// Four digits after the point: more would differ from machine to machine for nothing.
fn rounded(value: f64) -> f64 {
    if value.is_finite() { (value * 1e4).round() / 1e4 + 0.0 } else { 0.0 }
}
