//! The binary: everything is in the library.

use std::process::ExitCode;

use clap::Parser;
use plantao::cli::Cli;

fn main() -> ExitCode {
    plantao::app::run(&Cli::parse()).into()
}
