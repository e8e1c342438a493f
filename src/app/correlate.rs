//! `correlate`, put together.

use std::sync::Arc;

use super::gathering;
use super::parts::Parts;
use crate::bundle;
use crate::cli::correlate::{CorrelateArgs, CorrelateFormat};
use crate::cli::{Exit, Output};
use crate::config::Loaded;
use crate::explore::incident::{Circumstances, Found, Verdict};
use crate::export::incident as write;
use crate::model::evidence::Evidence;
use crate::runtime::investigate::{analyse, circumstances, moved};

/// Runs the command.
pub fn run(args: &CorrelateArgs, loaded: &Loaded, parts: &Parts, out: &mut Output<'_>) -> Exit {
    let key = match gathering::key(args.gather.key_file.as_deref(), out) {
        Ok(key) => key,
        Err(exit) => return exit,
    };
    let (evidence, about, status) = match evidence(args, loaded, parts, out) {
        Ok(all) => all,
        Err(exit) => return exit,
    };
    if status == Exit::Unreachable {
        return status;
    }
    let analysis = analyse(&evidence, &parts.pack, parts.bundle.is_some());
    let found = Found::new(evidence, analysis, about, parts.clock.now());
    out.result(&match args.format {
        CorrelateFormat::Json => write::json(&found),
        CorrelateFormat::Text => write::text(&found),
    });
    if let Some(path) = &args.save {
        let mut evidence = (*found.evidence).clone();
        evidence.others.retain(|one| &*one.kind != "finding");
        evidence.others.extend(write::records(&found));
        if let Err(error) = bundle::write_file(path, &evidence, key.as_deref()) {
            return super::bundle::refuse(&error, out);
        }
    }
    match (status, found.analysis.verdict) {
        (Exit::Done, Verdict::Unsure) => Exit::Negative,
        (status, _) => status,
    }
}

/// The evidence of the bundle, or what the servers give.
fn evidence(
    args: &CorrelateArgs,
    loaded: &Loaded,
    parts: &Parts,
    out: &mut Output<'_>,
) -> Result<(Arc<Evidence>, Circumstances, Exit), Exit> {
    if let Some(bundle) = &parts.bundle {
        let window = gathering::window(&args.gather, loaded, parts).map_err(|why| {
            out.say(&why);
            Exit::Usage
        })?;
        let evidence = moved(bundle.evidence.clone(), window);
        return Ok((with_symptom(evidence, &args.gather.components), Circumstances::default(), Exit::Done));
    }
    // With --save the file is to be opened by a console, whose pages ask questions of their own.
    let gathered = gathering::gathered(&args.gather, args.save.is_some(), loaded, parts, out)?;
    let status = gathering::status(&gathered);
    let about = circumstances(&gathered);
    Ok((Arc::new(gathered.evidence), about, status))
}

/// The evidence with another place where something was noticed.
fn with_symptom(evidence: Arc<Evidence>, components: &[String]) -> Arc<Evidence> {
    let Some(component) = components.first() else { return evidence };
    let mut other = (*evidence).clone();
    let signal = other.manifest.symptom.take().map(|one| one.signal).unwrap_or_default();
    other.manifest.symptom = Some(crate::model::evidence::Symptom { component: component.clone(), signal });
    Arc::new(other)
}
