//! `bundle`: evidence as a file: written from live servers, checked, told.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::range::RangeArgs;

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
    /// Check a bundle's seal: whether a single byte was changed
    #[command(
        after_help = "Exit status: 0 the seal holds; 1 it does not, or there is none; 2 the file cannot be read."
    )]
    Verify(VerifyArgs),
    /// Say what is in a bundle
    #[command(
        after_help = "Exit status: 0 everything was understood; 2 the file is no bundle; 4 lines of it are broken (told on stderr)."
    )]
    Show(ShowArgs),
}

/// What is gathered.
#[derive(Args, Clone, Debug, Default)]
pub struct GatherArgs {
    /// When.
    #[command(flatten)]
    pub range: RangeArgs,
    /// Where something was noticed; its causes may lie elsewhere. Again for another one
    #[arg(long = "component", value_name = "NAME")]
    pub components: Vec<String>,
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
}

/// `bundle verify`
#[derive(Args, Clone, Debug)]
pub struct VerifyArgs {
    /// The file
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// File that holds the key of the signature
    #[arg(long, value_name = "FILE")]
    pub key_file: Option<PathBuf>,
}

/// `bundle show`
#[derive(Args, Clone, Debug)]
pub struct ShowArgs {
    /// The file
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Form of the result
    #[arg(long, value_enum, default_value_t = ShowFormat::Text)]
    pub format: ShowFormat,
}

/// Forms of what is in a bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ShowFormat {
    /// For a person
    Text,
    /// For a program
    Json,
}

/// The key in a file, without the line end that editors put after it.
pub fn read_key(path: &std::path::Path) -> std::io::Result<Vec<u8>> {
    let mut key = std::fs::read(path)?;
    while key.last().is_some_and(|byte| matches!(byte, b'\n' | b'\r')) {
        key.pop();
    }
    Ok(key)
}
