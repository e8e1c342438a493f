//! `correlate` on live servers, put together.

use std::sync::Arc;

use super::gathering;
use super::parts::Parts;
use crate::bundle;
use crate::cli::correlate::{CorrelateArgs, CorrelateFormat};
use crate::cli::{Exit, Output};
use crate::config::Loaded;
use crate::correlate::findings::Verdict;
use crate::correlate::{json, report};
use crate::explore::incident::Found;
use crate::runtime::investigate::{advised, circumstances, options, timed, told};
use crate::text::correlate::EN as WORDS;

/// Runs the command.
pub fn run(args: &CorrelateArgs, loaded: &Loaded, parts: &Parts, out: &mut Output<'_>) -> Exit {
    let key = match gathering::key(args.gather.key_file.as_deref(), loaded, out) {
        Ok(key) => key,
        Err(exit) => return exit,
    };
    // With --save the file is to be opened by a console, whose pages ask questions of their own.
    let gathered = match gathering::gathered(&args.gather, None, args.save.is_some(), loaded, parts, out) {
        Ok(gathered) => gathered,
        Err(exit) => return exit,
    };
    let status = gathering::status(&gathered);
    if status == Exit::Unreachable {
        return status;
    }
    let mut wanted = options(&parts.pack);
    wanted.only.clone_from(&args.components);
    let (analysis, took_ms) = timed(&gathered.evidence, &wanted);
    for name in &args.components {
        if !analysis.findings.iter().any(|finding| *finding.component == **name) {
            out.say(&(WORDS.unknown_component)(name));
        }
    }
    let manifest = &gathered.evidence.manifest;
    let advised = advised(&analysis, &gathered.evidence.alerts, &parts.pack);
    match args.format {
        CorrelateFormat::Text => out.result(&report::text(&analysis, manifest, &advised)),
        CorrelateFormat::Json => {
            let naming = wanted.naming.first().map_or("service", String::as_str);
            let answer =
                serde_json::to_value(json::answer(&analysis, manifest, naming, took_ms).advised(&advised));
            let mut answer = answer.unwrap_or_default();
            if let Some(missing) = answer.get_mut("missing").and_then(serde_json::Value::as_array_mut) {
                missing.extend(gathered.missing.iter().map(|one| one.words.as_str().into()));
            }
            out.result(&format!("{answer}\n"));
        }
    }
    let named = analysis.verdict == Verdict::Culprit;
    if let Some(path) = &args.save {
        let about = circumstances(&gathered);
        let analysis = told(&analysis, &gathered.evidence.alerts, &parts.pack, false, took_ms);
        let found = Arc::new(Found::new(Arc::new(gathered.evidence), analysis, about, parts.clock.now()));
        let evidence = gathering::whole(&found, loaded, parts);
        if let Err(error) = bundle::write_file(path, &evidence, key.as_deref()) {
            return super::bundle::refuse(&error, out);
        }
    }
    match (status, named) {
        (Exit::Done, false) => Exit::Negative,
        (status, _) => status,
    }
}
