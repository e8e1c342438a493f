//! The analysis for a person to read in a terminal.

use std::fmt::Write as _;

use super::findings::{Finding, Verdict};
use super::{Advised, AdvisedFinding, Analysis, json, summary};
use crate::model::evidence::Manifest;
use crate::text::correlate::EN as WORDS;

/// Findings that are told.
const SHOWN: usize = 5;
/// Pieces of evidence of each that are told.
const PIECES: usize = 4;

/// The report, with what the field says of the findings.
pub fn text(analysis: &Analysis, manifest: &Manifest, advised: &Advised) -> String {
    let mut out = String::new();
    let window = format!(
        "{} – {}",
        manifest.window.start.format("%Y-%m-%d %H:%M:%S"),
        manifest.window.end.format("%H:%M:%S UTC")
    );
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{}", (WORDS.head)(&manifest.id, &window));
    let _ = writeln!(out, "{}\n", (WORDS.verdict)(analysis.verdict == Verdict::Culprit));
    let plain = AdvisedFinding::default();
    for (at, finding) in analysis.findings.iter().take(SHOWN).enumerate() {
        put(&mut out, finding, advised.findings.get(at).unwrap_or(&plain));
    }
    if analysis.findings.len() > SHOWN {
        let _ = writeln!(out, "{}", (WORDS.more)(analysis.findings.len() - SHOWN));
    }
    if !advised.recommendations.is_empty() {
        let _ = writeln!(out, "\n{}", WORDS.todo);
        for one in &advised.recommendations {
            let _ = writeln!(out, "  - {one}");
        }
    }
    if !analysis.missing.is_empty() {
        let _ = writeln!(out, "\n{}", WORDS.missing);
        for what in &analysis.missing {
            let _ = writeln!(out, "  - {}", summary::missing(*what));
        }
    }
    out
}

fn put(out: &mut String, finding: &Finding, advised: &AdvisedFinding) {
    let onset = finding.onset.and_then(json::moment).unwrap_or_default();
    let _ = writeln!(
        out,
        "{}",
        (WORDS.row)(
            finding.rank,
            &(WORDS.named)(&finding.component, &advised.title),
            (WORDS.cause)(finding.cause.word()),
            &summary::percent(finding.confidence),
            &onset
        )
        .trim_end()
    );
    // What explains it comes before what is seen of it.
    if !finding.downstream_of.is_empty() {
        let _ = writeln!(out, "      {}", (WORDS.victim)(&finding.downstream_of.join(", ")));
    }
    for witness in finding.witnesses.iter().take(PIECES) {
        let _ = writeln!(out, "      {}", summary::detail(&witness.detail));
    }
    if !advised.playbooks.is_empty() {
        let _ = writeln!(out, "      {}", (WORDS.playbooks)(&advised.playbooks.join(", ")));
    }
}
