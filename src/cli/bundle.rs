//! `bundle`: evidence as a file: written from live servers, checked, told.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::range::RangeArgs;
use super::{Exit, Output};
use crate::bundle::verify::{Damage, Signature};
use crate::bundle::{self, Limits, Report, Verdict};
use crate::privacy;
use crate::text::correlate::EN as WORDS;

/// `bundle`
#[derive(Clone, Debug, Subcommand)]
pub enum BundleCommand {
    /// Gather evidence of an incident, masked, and write it to a sealed file
    #[command(after_help = "\
Examples:
  plantao bundle export incident.jsonl.zst
  plantao bundle export incident.jsonl.zst --from 03:00 --to 03:30 --key-file seal.key
  plantao --demo --fault thermal@12m bundle export thermal.jsonl.zst

Without --since, --from and --to the window finds itself: from ten minutes before the first urgent alert that fires until now.

Exit status: 0 whole; 2 wrong usage, or the file cannot be written; 3 no source answered; 4 something is missing
(told on stderr; the file holds the rest).")]
    Export(ExportArgs),
    /// Check that nobody has changed a bundle since it was sealed
    #[command(after_help = "\
Exit status: 0 the seal holds; 1 it does not, or there is none; 2 the file cannot be read.")]
    Verify {
        /// The bundle
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// File that holds the key of the signature
        #[arg(long, value_name = "FILE")]
        key_file: Option<PathBuf>,
    },
    /// Tell what a bundle holds
    #[command(after_help = "\
Exit status: 0 it is whole; 2 the file cannot be read; 4 lines of it are broken or left out.")]
    Show {
        /// The bundle
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

/// What is gathered.
#[derive(Args, Clone, Debug, Default)]
pub struct GatherArgs {
    /// When.
    #[command(flatten)]
    pub range: RangeArgs,
    /// File that holds the key of the seal's signature; without one the seal tells changes, but not who wrote it
    #[arg(long, value_name = "FILE")]
    pub key_file: Option<PathBuf>,
}

/// `bundle export`
#[derive(Args, Clone, Debug)]
pub struct ExportArgs {
    /// The file; compressed when its name ends in .zst
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// What is gathered.
    #[command(flatten)]
    pub gather: GatherArgs,
    /// Where something was noticed; its causes may lie elsewhere
    #[arg(long, value_name = "NAME")]
    pub component: Option<String>,
}

/// The key in a file. Line feeds at the end, which editors leave, are no part of it.
pub fn read_key(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut key = std::fs::read(path)?;
    key.truncate(key.iter().rposition(|b| !matches!(b, b'\n' | b'\r')).map_or(0, |at| at + 1));
    Ok(key)
}

/// `bundle verify`.
pub fn verify(file: &Path, key_file: Option<&Path>, out: &mut Output<'_>) -> Exit {
    let key = match key_file.map(read_key).transpose() {
        Ok(key) => key,
        Err(why) => {
            let name = key_file.unwrap_or(file).display().to_string();
            out.say(&(WORDS.key_unreadable)(&name, &why.to_string()));
            return Exit::Usage;
        }
    };
    if key.as_ref().is_some_and(Vec::is_empty) {
        out.say(WORDS.key_empty);
        return Exit::Usage;
    }
    match bundle::verify_file(file, key.as_deref(), &Limits::default()) {
        Ok(Verdict::Holds { seal, signature }) => {
            let signature = match signature {
                Signature::None => WORDS.seal_plain,
                Signature::Unchecked => WORDS.seal_unchecked,
                Signature::Holds => WORDS.seal_signed,
            };
            out.result(&format!("{}\n", (WORDS.seal_holds)(seal.lines, &seal.sha256, signature)));
            Exit::Done
        }
        Ok(Verdict::Unsealed) => {
            out.result(&format!("{}\n", WORDS.unsealed));
            Exit::Negative
        }
        Ok(Verdict::Broken(damage)) => {
            out.result(&format!("{}\n", (WORDS.seal_broken)(&damaged(&damage))));
            Exit::Negative
        }
        // A file that no longer decompresses was changed or cut: that is the answer to the question.
        Err(bundle::BundleError::Stream { after, why }) => {
            out.result(&format!(
                "{}\n",
                (WORDS.seal_broken)(&(WORDS.damage_stream)(after, &why.to_string()))
            ));
            Exit::Negative
        }
        Err(why) => {
            out.say(&privacy::safe(&why.to_string()));
            Exit::Usage
        }
    }
}

fn damaged(damage: &Damage) -> String {
    match damage {
        Damage::Seal => WORDS.damage_seal.to_owned(),
        Damage::Lines(sealed, found) => (WORDS.damage_lines)(*sealed, *found),
        Damage::Bytes => WORDS.damage_bytes.to_owned(),
        Damage::Signature => WORDS.damage_signature.to_owned(),
        Damage::Unsigned => WORDS.damage_unsigned.to_owned(),
        Damage::After => WORDS.damage_after.to_owned(),
        Damage::TooLong(line) => (WORDS.damage_long)(*line),
        Damage::Compressed => WORDS.damage_compressed.to_owned(),
    }
}

/// `bundle show`.
pub fn show(file: &Path, out: &mut Output<'_>) -> Exit {
    let reading = match bundle::read_file(file, &Limits::default()) {
        Ok(reading) => reading,
        Err(why) => {
            out.say(&privacy::safe(&why.to_string()));
            return Exit::Usage;
        }
    };
    tell(&reading.report, out);
    let evidence = &reading.evidence;
    let manifest = &evidence.manifest;
    let span = |period: &crate::model::evidence::Period| format!("{} – {}", period.start, period.end);
    let mut lines = vec![(WORDS.show_head)(&manifest.id, &span(&manifest.window), manifest.baselines.len())];
    if let Some(symptom) = &manifest.symptom {
        lines.push((WORDS.show_symptom)(&symptom.component, &symptom.signal));
    }
    for (count, what) in [
        (evidence.series.len(), WORDS.show_series),
        (evidence.logs.len(), WORDS.show_logs),
        (evidence.spans.len(), WORDS.show_spans),
        (evidence.alerts.len(), WORDS.show_alerts),
        (evidence.changes.len(), WORDS.show_changes),
        (evidence.edges.len(), WORDS.show_edges),
        (evidence.others.len(), WORDS.show_others),
    ] {
        lines.push(format!("{count:>9} {what}"));
    }
    lines.push((if reading.sealed { WORDS.show_sealed } else { WORDS.unsealed }).to_owned());
    for line in lines {
        out.result(&super::output::harmless(&privacy::safe(&line)));
        out.result("\n");
    }
    if reading.report.is_whole() { Exit::Done } else { Exit::Incomplete }
}

/// What a reader did not understand or left out.
pub fn tell(report: &Report, out: &mut Output<'_>) {
    for (line, why) in &report.broken {
        out.say(&privacy::safe(&(WORDS.broken_line)(*line, why)));
    }
    let rest = report.broken_lines - report.broken.len() as u64;
    if rest > 0 {
        out.say(&(WORDS.more_broken)(rest));
    }
    for (kind, count) in &report.unknown_kinds {
        out.say(&privacy::safe(&(WORDS.unknown_kind)(kind, *count)));
    }
    for (key, count) in &report.unknown_keys {
        out.say(&privacy::safe(&(WORDS.unknown_key)(key, *count)));
    }
    if report.dropped > 0 {
        out.say(&(WORDS.dropped)(report.dropped));
    }
}
