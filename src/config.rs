//! Configuration: layers default < file < environment < flag, the origin of each value, and all
//! problems of a file at once, each with line, caret and a suggestion.
//!
//! Owns reading and checking. Must not print, and never holds a secret longer than a request needs.
//! Nothing here looks at the process's own environment: what is needed comes in [`Inputs`].

pub mod acting;
mod check;
mod desk;
mod env;
mod file;
pub mod inputs;
pub mod keys;
pub mod load;
pub mod origin;
mod part;
mod redact;
mod resolve;
pub mod show;
mod source;
pub mod types;

use url::Url;

use crate::document::Problem;

pub use inputs::{Flags, Inputs, Paths};
pub use load::{Files, Loaded, load};
pub use origin::{Origin, Origins};
pub use types::{Basic, Config, Notify, Page, Privacy, Reveal, Secret, Source, Sources, Ui};

/// Reads the base address of a server that only a flag names, by the rules for every address. The error
/// says what is wrong with the flag's value, and what to do.
pub fn address(flag: &str, text: &str) -> Result<Url, Problem> {
    check::url(text, check::Address::Base, false).map_err(|(message, help)| {
        let problem = Problem::bare(flag, message);
        match help {
            Some(help) => problem.with_help(help),
            None => problem,
        }
    })
}
