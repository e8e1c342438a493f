//! `report`, put together: the journal, and the evidence of the incident's window.

use std::sync::Arc;

use chrono::TimeDelta;

use super::block_on;
use super::journal::desk;
use super::parts::Parts;
use crate::cli::incidents::{self, ReportCommand};
use crate::cli::{Exit, Output, Surroundings};
use crate::client::Clients;
use crate::config::Loaded;
use crate::export::report::{Findings, Told};
use crate::gather::window::LEAD_S;
use crate::journal::AuditFilter;
use crate::model::Time;
use crate::model::evidence::Period;
use crate::model::records::Incident;
use crate::respond::incidents as respond;
use crate::runtime::embedded::Order;
use crate::runtime::investigate::{From, investigate};
use crate::state::incident::Inquiry;
use crate::text::incident::REPORT as WORDS;
use crate::text::incidents::EN as INCIDENTS;

/// Longest window that is looked at: what broke first is at its beginning.
const LONGEST_S: i64 = 3600;

/// Runs the command.
pub fn run(
    command: &ReportCommand,
    (around, loaded, order): (&Surroundings, &Loaded, Option<&Order>),
    parts: &Parts,
    out: &mut Output<'_>,
) -> Exit {
    let ReportCommand::Incident { id, journal_only, format } = command;
    desk(around, loaded, order, out, |desk| {
        let journal = desk.read()?;
        desk.telling(|desk, telling| {
            let dossier = match respond::dossier(&journal, id) {
                Ok(Some(dossier)) => dossier,
                Ok(None) => {
                    desk.out.say(&(INCIDENTS.no_such)(&crate::cli::output::harmless(id)));
                    return Exit::Negative;
                }
                Err(error) => return desk.failed(&error),
            };
            let incident = &dossier.incident;
            let silences = journal.audit_records(&AuditFilter {
                since: Some(incident.opened_at),
                until: Some(incident.resolved_at.unwrap_or(telling.now)),
                action: Some("silence".into()),
                ..AuditFilter::default()
            });
            let silences = match silences {
                Ok(silences) => silences,
                Err(error) => return desk.failed(&error),
            };
            let (findings, status) = if *journal_only {
                (Findings::None(WORDS.left_out.to_owned()), Exit::Done)
            } else {
                match found(incident, telling.now, loaded, parts, desk.out) {
                    Ok(found) => found,
                    Err(exit) => return exit,
                }
            };
            let told = Told { dossier: &dossier, silences: &silences, findings: &findings };
            incidents::report(&told, *format, telling, desk.out);
            status
        })
    })
}

/// Looks for what broke first in the incident's window, and says what is not there.
fn found(
    incident: &Incident,
    now: Time,
    loaded: &Loaded,
    parts: &Parts,
    out: &mut Output<'_>,
) -> Result<(Findings, Exit), Exit> {
    let sources = loaded.config.active();
    let (from, window) = match &parts.bundle {
        Some(bundle) => (From::Bundle(bundle.evidence.clone()), None),
        None if sources.is_empty() => return Ok((Findings::None(WORDS.no_servers.to_owned()), Exit::Done)),
        None => {
            let clients = Clients::with_clock(sources, parts.clock);
            (From::Servers(clients, parts.journal.clone()), Some(window(incident, now)))
        }
    };
    let source = parts.source_name(&loaded.config);
    let inquiry = Inquiry { number: 0, window, suggestion: false, source, embedded: false };
    out.progress(crate::text::bundle::EN.gathering);
    let outcome = block_on(investigate(from, parts.pack.clone(), inquiry, now, Arc::default()), out)?;
    out.progress("");
    Ok(match outcome {
        Ok(found) => {
            found.missing.iter().for_each(|one| out.say(one));
            let status = if found.incomplete { Exit::Incomplete } else { Exit::Done };
            (Findings::Found(found), status)
        }
        Err(why) => {
            out.say(&why);
            (Findings::None(why), Exit::Incomplete)
        }
    })
}

/// From some time before it began, since rules wait before they fire, to its end.
fn window(incident: &Incident, now: Time) -> Period {
    let began = incident.began_at.unwrap_or(incident.opened_at).min(incident.opened_at);
    let start = began - TimeDelta::seconds(LEAD_S);
    let end = incident.resolved_at.unwrap_or(now).min(start + TimeDelta::seconds(LONGEST_S));
    Period { start, end: end.max(incident.opened_at.min(now)).max(began) }
}
