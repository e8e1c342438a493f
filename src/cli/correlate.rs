//! `correlate`: what broke first, and the evidence, for scripts.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::bundle::GatherArgs;

/// `correlate`
#[derive(Args, Clone, Debug)]
#[command(after_help = "\
Examples:
  plantao correlate
  plantao correlate --from 03:00 --to 03:30 --component medical-api --format json | jq '.findings[0]'
  plantao --bundle incident.jsonl.zst correlate
  plantao --demo --fault thermal@12m correlate --save thermal.jsonl.zst

Without --since, --from and --to the window finds itself: from ten minutes before the first urgent alert that fires until now.

Exit status: 0 something stands out; 1 nothing does (all components with any evidence are listed); 2 wrong usage; 3 no source
answered; 4 something is missing (told on stderr; the result is of the rest).")]
pub struct CorrelateArgs {
    /// What is gathered.
    #[command(flatten)]
    pub gather: GatherArgs,
    /// Also write the evidence and the findings to this file, sealed; compressed when its name ends in .zst
    #[arg(long, value_name = "FILE")]
    pub save: Option<PathBuf>,
    /// Form of the result
    #[arg(long, value_enum, default_value_t = CorrelateFormat::Text)]
    pub format: CorrelateFormat,
}

/// Forms of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CorrelateFormat {
    /// For a person
    Text,
    /// For a program: one object
    Json,
}
