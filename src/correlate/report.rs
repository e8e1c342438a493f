//! The analysis for a person to read in a terminal.

use std::fmt::Write as _;

use super::findings::{Finding, Verdict};
use super::{Analysis, json, summary};
use crate::model::evidence::Manifest;
use crate::text::correlate::EN as WORDS;

/// Findings that are told.
const SHOWN: usize = 5;
/// Pieces of evidence of each that are told.
const PIECES: usize = 4;

/// The report.
pub fn text(analysis: &Analysis, manifest: &Manifest) -> String {
    let mut out = String::new();
    let window = format!(
        "{} – {}",
        manifest.window.start.format("%Y-%m-%d %H:%M:%S"),
        manifest.window.end.format("%H:%M:%S UTC")
    );
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{}", (WORDS.head)(&manifest.id, &window));
    let _ = writeln!(out, "{}\n", (WORDS.verdict)(analysis.verdict == Verdict::Culprit));
    for finding in analysis.findings.iter().take(SHOWN) {
        put(&mut out, finding);
    }
    if analysis.findings.len() > SHOWN {
        let _ = writeln!(out, "{}", (WORDS.more)(analysis.findings.len() - SHOWN));
    }
    let todo = json::recommendations(analysis);
    if !todo.is_empty() {
        let _ = writeln!(out, "\n{}", WORDS.todo);
        for one in todo {
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

fn put(out: &mut String, finding: &Finding) {
    let onset = finding.onset.and_then(json::moment).unwrap_or_default();
    let _ = writeln!(
        out,
        "{}",
        (WORDS.row)(
            finding.rank,
            &finding.component,
            (WORDS.cause)(finding.cause.word()),
            &summary::percent(finding.confidence),
            &onset
        )
        .trim_end()
    );
    for witness in finding.witnesses.iter().take(PIECES) {
        let _ = writeln!(out, "      {}", summary::detail(&witness.detail));
    }
    if let Some(first) = finding.downstream_of.first() {
        let _ = writeln!(out, "      {}", (WORDS.victim)(first));
    }
}
