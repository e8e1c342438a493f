//! `completions SHELL`.

use clap::CommandFactory;
use clap_complete::Shell;

use super::{Cli, Exit, Output};

/// Writes the completions of a shell.
pub fn run(shell: Shell, out: &mut Output<'_>) -> Exit {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "plantao", &mut text);
    out.bytes(&text);
    Exit::Done
}
