//! `bundle export`, put together.

use super::gathering;
use super::parts::Parts;
use crate::bundle::{self, BundleError};
use crate::cli::bundle::ExportArgs;
use crate::cli::{Exit, Output};
use crate::config::Loaded;
use crate::text::bundle::EN as WORDS;

/// `bundle export`.
pub fn export(args: &ExportArgs, loaded: &Loaded, parts: &Parts, out: &mut Output<'_>) -> Exit {
    // The key is looked at before the servers are: what cannot be sealed need not be gathered.
    let key = match gathering::key(args.gather.key_file.as_deref(), out) {
        Ok(key) => key,
        Err(exit) => return exit,
    };
    let gathered =
        match gathering::gathered(&args.gather, args.component.as_deref(), true, loaded, parts, out) {
            Ok(gathered) => gathered,
            Err(exit) => return exit,
        };
    if gathered.is_unreachable() {
        return Exit::Unreachable;
    }
    match bundle::write_file(&args.file, &gathered.evidence, key.as_deref()) {
        Ok(seal) => {
            let manifest = &gathered.evidence.manifest;
            let name = args.file.display().to_string();
            out.result(&(WORDS.written)(&name, &manifest.id, seal.lines, &seal.sha256));
            gathering::status(&gathered)
        }
        Err(error) => refuse(&error, out),
    }
}

/// Says why a file is no bundle.
pub fn refuse(error: &BundleError, out: &mut Output<'_>) -> Exit {
    out.say(&crate::privacy::safe(&error.to_string()));
    Exit::Usage
}
