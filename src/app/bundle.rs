//! `bundle`, put together.

use super::gathering;
use super::parts::Parts;
use crate::bundle::verify::{Damage, Signature};
use crate::bundle::{self, BundleError, Limits, Verdict};
use crate::cli::bundle::{ExportArgs, ShowArgs, ShowFormat, VerifyArgs};
use crate::cli::{Exit, Output};
use crate::config::Loaded;
use crate::export;
use crate::text::bundle::EN as WORDS;

/// `bundle export`.
pub fn export(args: &ExportArgs, loaded: &Loaded, parts: &Parts, out: &mut Output<'_>) -> Exit {
    // The key is looked at before the servers are: what cannot be sealed need not be gathered.
    let key = match gathering::key(args.gather.key_file.as_deref(), out) {
        Ok(key) => key,
        Err(exit) => return exit,
    };
    let gathered = match gathering::gathered(&args.gather, true, loaded, parts, out) {
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

/// `bundle verify`.
pub fn verify(args: &VerifyArgs, out: &mut Output<'_>) -> Exit {
    let key = match gathering::key(args.key_file.as_deref(), out) {
        Ok(key) => key,
        Err(exit) => return exit,
    };
    match bundle::verify_file(&args.file, key.as_deref(), &Limits::default()) {
        Ok(Verdict::Holds { seal, signature }) => {
            let signature = match signature {
                Signature::None => WORDS.signature_none,
                Signature::Unchecked => WORDS.signature_unchecked,
                Signature::Holds => WORDS.signature_holds,
            };
            out.result(&(WORDS.holds)(seal.lines, &seal.sha256, signature));
            Exit::Done
        }
        Ok(Verdict::Unsealed) => {
            out.result(WORDS.unsealed);
            Exit::Negative
        }
        Ok(Verdict::Broken(damage)) => {
            let what = match damage {
                Damage::Seal => WORDS.damage_seal.to_owned(),
                Damage::Lines(sealed, found) => (WORDS.damage_lines)(sealed, found),
                Damage::Bytes => WORDS.damage_bytes.to_owned(),
                Damage::Signature => WORDS.damage_signature.to_owned(),
                Damage::Unsigned => WORDS.damage_unsigned.to_owned(),
                Damage::After => WORDS.damage_after.to_owned(),
                Damage::TooLong(line) => (WORDS.damage_too_long)(line),
                Damage::Compressed => WORDS.damage_compressed.to_owned(),
            };
            out.result(&(WORDS.broken)(&what));
            Exit::Negative
        }
        // What cannot be read to its end has been changed, too.
        Err(error @ BundleError::Stream { .. }) => {
            out.result(&(WORDS.broken)(&error.to_string()));
            Exit::Negative
        }
        Err(error) => refuse(&error, out),
    }
}

/// `bundle show`.
pub fn show(args: &ShowArgs, out: &mut Output<'_>) -> Exit {
    let reading = match bundle::read_file(&args.file, &Limits::default()) {
        Ok(reading) => reading,
        Err(error) => return refuse(&error, out),
    };
    out.result(&match args.format {
        ShowFormat::Json => export::bundle::json(&reading),
        ShowFormat::Text => export::bundle::text(&reading),
    });
    tell(&reading, out)
}

/// Says what of a file was not understood.
pub fn tell(reading: &bundle::Reading, out: &mut Output<'_>) -> Exit {
    let report = &reading.report;
    for (line, why) in &report.broken {
        out.say(&(WORDS.broken_line)(*line, why));
    }
    let told = report.broken.len() as u64;
    if report.broken_lines > told {
        out.say(&(WORDS.more_broken)(report.broken_lines - told));
    }
    if report.dropped > 0 {
        out.say(&(WORDS.dropped)(report.dropped));
    }
    if report.is_whole() { Exit::Done } else { Exit::Incomplete }
}

/// Says why a file is no bundle.
pub fn refuse(error: &BundleError, out: &mut Output<'_>) -> Exit {
    out.say(&error.to_string());
    Exit::Usage
}
