//! `correlate`: what broke first, and the evidence: of live servers, or of a saved incident.

use std::path::PathBuf;
use std::time::Instant;

use clap::{Args, ValueEnum};

use super::bundle::{GatherArgs, tell};
use super::{Exit, Output};
use crate::bundle::{self, Limits};
use crate::correlate::findings::Verdict;
use crate::correlate::{self, Options, json, report};
use crate::pack::Pack;
use crate::privacy;
use crate::runtime::investigate::{advised, options};
use crate::text::correlate::EN as WORDS;

/// `correlate`
#[derive(Args, Clone, Debug)]
#[command(after_help = "\
Examples:
  plantao correlate
  plantao correlate --from 03:00 --to 03:30 --format json | jq '.findings[0]'
  plantao --demo --fault thermal@12m correlate --save thermal.jsonl.zst
  plantao correlate --bundle INC-20261120031200.jsonl.zst
  plantao correlate --bundle incident.jsonl --format json --component medical-api

Without --since, --from and --to the window finds itself: from ten minutes before the first urgent alert that fires until now.

Exit status: 0 a likely culprit is named; 1 unsure; 2 wrong usage, or the bundle cannot be read; 3 no source answered; 4 something
is missing. What is missing, broken or left out is told on stderr.")]
pub struct CorrelateArgs {
    /// What is gathered; of a bundle nothing is.
    #[command(flatten)]
    pub gather: GatherArgs,
    /// Also write the evidence and the findings to this file, sealed; compressed when its name ends in .zst
    #[arg(long, value_name = "FILE")]
    pub save: Option<PathBuf>,
    /// Components to tell of; all otherwise. The analysis sees all either way
    #[arg(long = "component", value_name = "NAME")]
    pub components: Vec<String>,
    /// Form of the result
    #[arg(long, value_enum, default_value_t = CorrelateFormat::Text)]
    pub format: CorrelateFormat,
}

/// Forms of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CorrelateFormat {
    /// For a person
    Text,
    /// For a program
    Json,
}

/// Reads the bundle, analyses it and writes what it found.
pub fn run(args: &CorrelateArgs, file: Option<&PathBuf>, pack: &Pack, out: &mut Output<'_>) -> Exit {
    let Some(file) = file else {
        out.say(WORDS.no_bundle);
        return Exit::Usage;
    };
    let begun = Instant::now();
    let reading = match bundle::read_file(file, &Limits::default()) {
        Ok(reading) => reading,
        Err(why) => {
            out.say(&privacy::safe(&why.to_string()));
            return Exit::Usage;
        }
    };
    tell(&reading.report, out);
    let options = Options { only: args.components.clone(), ..options(pack) };
    let analysis = correlate::analyse(&reading.evidence, &options);
    for name in &args.components {
        if !analysis.findings.iter().any(|finding| *finding.component == **name) {
            out.say(&(WORDS.unknown_component)(name));
        }
    }
    let manifest = &reading.evidence.manifest;
    let advised = advised(&analysis, &reading.evidence.alerts, pack);
    match args.format {
        CorrelateFormat::Text => {
            let text = report::text(&analysis, manifest, &advised);
            text.lines().for_each(|line| {
                out.result(&super::output::harmless(&privacy::safe(line)));
                out.result("\n");
            });
        }
        CorrelateFormat::Json => {
            let took = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
            let naming = options.naming.first().map_or("service", String::as_str);
            let answer = json::answer(&analysis, manifest, naming, took)
                .advised(&advised)
                .masked(|text| privacy::safe(text).into_string());
            match serde_json::to_string(&answer) {
                Ok(text) => out.result(&format!("{text}\n")),
                Err(why) => {
                    out.say(&why.to_string());
                    return Exit::Incomplete;
                }
            }
        }
    }
    match analysis.verdict {
        Verdict::Unsure => Exit::Negative,
        Verdict::Culprit => Exit::Done,
    }
}
