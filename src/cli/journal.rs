//! `journal`: its arguments.

use std::path::PathBuf;

use clap::Subcommand;

/// `journal`
#[derive(Clone, Debug, Subcommand)]
pub enum JournalCommand {
    /// Copy the journal while it is in use
    #[command(after_help = "\
Example:
  plantao journal backup /backup/journal-$(date +%F).db

Exit status: 0 the copy is there and whole; 1 there is no journal yet; 3 it cannot be copied.")]
    Backup {
        /// File to write; one that is there is not overwritten
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Check that the journal is whole
    #[command(after_help = "Exit status: 0 it is whole; 1 it is damaged, or not there; 3 it cannot be read.")]
    Check,
    /// Take out what is over and older than the pack keeps it
    #[command(after_help = "\
The terms stand in the pack's incidents.toml, [retention]. The audit records what was taken out, and of itself nothing
goes before its term. Files of evidence of playbooks, beside the journal, go at the end of theirs; never those of an
open incident, and never a file that plantao has not written. Exit status: 0 done; 2 not allowed here; 3 the journal
cannot be written; 4 some files could not be removed, which is said.")]
    Purge,
}
