//! `bundle export`, put together.

use std::sync::Arc;

use super::gathering;
use super::parts::Parts;
use crate::bundle::{self, BundleError};
use crate::cli::bundle::ExportArgs;
use crate::cli::{Exit, Output};
use crate::config::Loaded;
use crate::explore::incident::Found;
use crate::runtime::investigate::{analyse, circumstances};
use crate::text::bundle::EN as WORDS;

/// `bundle export`.
pub fn export(args: &ExportArgs, loaded: &Loaded, parts: &Parts, out: &mut Output<'_>) -> Exit {
    // The key is looked at before the servers are: what cannot be sealed need not be gathered.
    let key = match gathering::key(args.gather.key_file.as_deref(), loaded, out) {
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
    let status = gathering::status(&gathered);
    let about = circumstances(&gathered);
    let analysis = analyse(&gathered.evidence, &parts.pack, true);
    let found = Arc::new(Found::new(Arc::new(gathered.evidence), analysis, about, parts.clock.now()));
    let evidence = gathering::whole(&found, loaded, parts);
    match bundle::write_file(&args.file, &evidence, key.as_deref()) {
        Ok(seal) => {
            let name = args.file.display().to_string();
            out.result(&(WORDS.written)(&name, &evidence.manifest.id, seal.lines, &seal.sha256));
            status
        }
        Err(error) => refuse(&error, out),
    }
}

/// Says why a file is no bundle.
pub fn refuse(error: &BundleError, out: &mut Output<'_>) -> Exit {
    out.say(&crate::privacy::safe(&error.to_string()));
    Exit::Usage
}
