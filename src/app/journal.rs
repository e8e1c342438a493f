//! What reads and writes the journal without a screen: `incidents`, `report incident`, `audit`, `journal`.

use chrono::TimeDelta;

use super::parts::Parts;
use super::{Stage, lists, with_parts};
use crate::cli::audit::{self, AuditCommand};
use crate::cli::incidents::{self, IncidentList, IncidentsArgs, IncidentsCommand};
use crate::cli::journal::JournalCommand;
use crate::cli::{self, Exit, Output, Surroundings};
use crate::config::Loaded;
use crate::export::record::Telling;
use crate::journal::{IncidentFilter, Journal, JournalError, Options, Swept, Terms};
use crate::model::records::{Actor, Deed, Origin};
use crate::model::{AlertState, Role};
use crate::respond::incidents as respond;
use crate::runtime::embedded::Order;
use crate::state::alert_list::Filter;
use crate::text::incidents::EN as WORDS;

/// Where the journal lies; that of an embedded place is one of its own, since nothing in it has happened.
pub fn options(loaded: &Loaded, around: &Surroundings, embedded: bool) -> Option<Options> {
    let file = if embedded {
        around.state_dir()?.join("demo").join("journal.db")
    } else {
        cli::surroundings::journal(around, &loaded.config)?
    };
    let key = loaded.config.audit_key.clone().filter(|_| !embedded);
    Some(Options { key, ..Options::at(file) })
}

/// Who acts, and what they may do.
pub fn person(loaded: &Loaded, around: &Surroundings) -> (Actor, Role) {
    let who = cli::identity::gather(around, loaded.config.roles.ssh_keys);
    let role = if loaded.config.read_only { Role::Viewer } else { loaded.config.roles.of(&who) };
    (who.actor(&loaded.config.operator), role)
}

/// A command about the journal.
pub(super) struct Desk<'a, 'o> {
    around: &'a Surroundings,
    loaded: &'a Loaded,
    order: Option<&'a Order>,
    options: Options,
    pub(super) out: &'a mut Output<'o>,
}

impl<'a, 'o> Desk<'a, 'o> {
    fn new(
        around: &'a Surroundings,
        loaded: &'a Loaded,
        order: Option<&'a Order>,
        out: &'a mut Output<'o>,
    ) -> Result<Self, Exit> {
        match options(loaded, around, order.is_some()) {
            Some(options) => Ok(Self { around, loaded, order, options, out }),
            None => {
                out.say(WORDS.nowhere);
                Err(Exit::Usage)
            }
        }
    }

    fn now(&self) -> crate::model::Time {
        self.order.map_or(crate::clock::Clock::System, |order| order.clock).now()
    }

    /// The journal, to look at it. Where there is none nothing was recorded.
    pub(super) fn read(&mut self) -> Result<Journal, Exit> {
        match Journal::open_existing(&self.options) {
            Ok(Some(journal)) => Ok(journal),
            Ok(None) => {
                self.out.say(&(WORDS.no_journal)(&self.options.file.display().to_string()));
                Err(Exit::Negative)
            }
            Err(error) => Err(self.failed(&error)),
        }
    }

    /// The journal to write, and who does.
    pub(super) fn write(&mut self) -> Result<(Journal, Actor), Exit> {
        let (actor, role) = person(self.loaded, self.around);
        if role < Role::Responder {
            self.out.say(&(WORDS.may_not)(role.as_str()));
            return Err(Exit::Usage);
        }
        match Journal::open(&self.options, self.now()) {
            Ok(journal) => Ok((journal, actor)),
            Err(error) => Err(self.failed(&error)),
        }
    }

    pub(super) fn failed(&mut self, error: &JournalError) -> Exit {
        self.out.say(&error.to_string());
        match error {
            JournalError::Missing { .. } | JournalError::Taken(_) | JournalError::Refused(_) => {
                Exit::Negative
            }
            _ => Exit::Unreachable,
        }
    }

    pub(super) fn with<T>(
        &mut self,
        result: crate::journal::Result<T>,
        then: impl FnOnce(&mut Output<'_>, T) -> Exit,
    ) -> Exit {
        match result {
            Ok(value) => then(self.out, value),
            Err(error) => self.failed(&error),
        }
    }

    pub(super) fn telling<T>(&mut self, then: impl FnOnce(&mut Self, &Telling<'_>) -> T) -> Result<T, Exit> {
        let dirs = super::parts::pack_dirs(&self.loaded.user_dirs);
        let pack = match crate::pack::load(&self.loaded.config.pack, &dirs) {
            Ok(pack) => pack,
            Err(problems) => {
                self.out.problems(&problems);
                return Err(Exit::Usage);
            }
        };
        let zone = if self.loaded.config.ui.utc { chrono_tz::Tz::UTC } else { pack.zone };
        let telling = Telling { pack: &pack, zone, now: self.now() };
        Ok(then(self, &telling))
    }
}

/// Runs, with the desk.
pub(super) fn desk(
    around: &Surroundings,
    loaded: &Loaded,
    order: Option<&Order>,
    out: &mut Output<'_>,
    run: impl FnOnce(&mut Desk<'_, '_>) -> Result<Exit, Exit>,
) -> Exit {
    Desk::new(around, loaded, order, out).and_then(|mut desk| run(&mut desk)).unwrap_or_else(|exit| exit)
}

/// `audit`
pub fn audit(
    command: &AuditCommand,
    around: &Surroundings,
    loaded: &Loaded,
    order: Option<&Order>,
    out: &mut Output<'_>,
) -> Exit {
    desk(around, loaded, order, out, |desk| {
        let (journal, now) = (desk.read()?, desk.now());
        match command {
            AuditCommand::Verify { format } => {
                let verdict = journal.verify_audit();
                Ok(desk.with(verdict, |out, verdict| audit::verify(&verdict, *format, out)))
            }
            AuditCommand::Export { which, format } => {
                let records = journal.audit_records(&which.filter(now));
                Ok(desk.with(records, |out, records| audit::export(&records, *format, out)))
            }
            AuditCommand::List { which, format } => desk.telling(|desk, telling| {
                let records = journal.audit_records(&which.filter(now));
                desk.with(records, |out, records| audit::list(&records, *format, telling.zone, out))
            }),
        }
    })
}

/// `journal`
pub fn journal(
    command: &JournalCommand,
    around: &Surroundings,
    loaded: &Loaded,
    order: Option<&Order>,
    out: &mut Output<'_>,
) -> Exit {
    desk(around, loaded, order, out, |desk| match command {
        JournalCommand::Backup { file } => {
            let copied = desk.read()?.backup(file);
            Ok(desk.with(copied, |out, ()| {
                out.result(&format!("{}\n", (WORDS.copied)(&file.display().to_string())));
                Exit::Done
            }))
        }
        JournalCommand::Check => {
            let problems = desk.read()?.integrity();
            let file = desk.options.file.display().to_string();
            Ok(desk.with(problems, |out, problems| {
                for problem in &problems {
                    out.result(&format!("{}\n", cli::output::harmless(problem)));
                }
                if problems.is_empty() {
                    out.result(&format!("{}\n", (WORDS.whole)(&file, crate::journal::VERSION)));
                }
                if problems.is_empty() { Exit::Done } else { Exit::Negative }
            }))
        }
        JournalCommand::Purge => desk.telling(|desk, telling| {
            let terms = terms(&telling.pack.incidents.retention);
            let evidence = telling.pack.incidents.retention.evidence_s;
            if terms == Terms::default() && evidence.is_none() {
                desk.out.say(WORDS.no_terms);
                return Ok(Exit::Done);
            }
            let (mut journal, actor) = desk.write()?;
            // Files first: while their incident is in the journal it says how long they stay.
            let swept = match evidence {
                None => Ok(Swept::default()),
                Some(seconds) => {
                    journal.sweep_evidence(TimeDelta::seconds(i64::from(seconds)), &actor, telling.now)
                }
            };
            let swept = match swept {
                Ok(swept) => swept,
                Err(error) => return Err(desk.failed(&error)),
            };
            let purged = journal.write(|tx| tx.purge(&terms, &actor, telling.now));
            Ok(desk.with(purged, |out, all| {
                let counts = [all.audit, all.incidents, all.acks, all.runs, all.letters];
                out.result(&format!("{}\n", (WORDS.purged)(counts)));
                swept_away(&swept, out)
            }))
        })?,
    })
}

/// Says what went of the evidence, and what did not.
fn swept_away(swept: &Swept, out: &mut Output<'_>) -> Exit {
    out.result(&format!("{}\n", (WORDS.swept)(swept.removed.len(), swept.bytes)));
    for name in &swept.removed {
        out.result(&format!("  {name}\n"));
    }
    if swept.foreign > 0 {
        out.say(&(WORDS.foreign)(swept.foreign));
    }
    for (which, why) in &swept.troubles {
        out.say(&cli::output::harmless(&(WORDS.not_swept)(which, why)));
    }
    if swept.troubles.is_empty() { Exit::Done } else { Exit::Incomplete }
}

/// The pack's terms, for the journal.
pub fn terms(retention: &crate::pack::Retention) -> Terms {
    let term = |seconds: Option<u32>| seconds.map(|seconds| TimeDelta::seconds(i64::from(seconds)));
    Terms {
        audit: term(retention.audit_s),
        incidents: term(retention.incidents_s),
        acks: term(retention.acks_s),
        runs: term(retention.runs_s),
        letters: term(retention.letters_s),
    }
}

/// Does something with one incident, looked up as a whole.
fn one(
    desk: &mut Desk<'_, '_>,
    id: &str,
    then: impl FnOnce(&mut Output<'_>, crate::model::records::Dossier, &Telling<'_>) -> Exit,
) -> Result<Exit, Exit> {
    let journal = desk.read()?;
    desk.telling(|desk, telling| {
        let dossier = respond::dossier(&journal, id);
        desk.with(dossier, |out, dossier| match dossier {
            Some(dossier) => then(out, dossier, telling),
            None => {
                out.say(&(WORDS.no_such)(&cli::output::harmless(id)));
                Exit::Negative
            }
        })
    })
}

/// `incidents`
pub fn incidents(
    args: &IncidentsArgs,
    around: &Surroundings,
    loaded: &Loaded,
    order: Option<&Order>,
    out: &mut Output<'_>,
) -> Exit {
    if let Some(IncidentsCommand::Open { matchers, title, empty }) = &args.what {
        return with_parts(around, loaded, Stage { order, opened: None }, out, |parts, out| {
            let opening = Opening { matchers, title, empty: *empty };
            desk(around, loaded, order, out, |desk| open(desk, &opening, parts))
        });
    }
    desk(around, loaded, order, out, |desk| {
        let deed = match &args.what {
            None => return list(desk, args.list),
            Some(IncidentsCommand::List(how)) => return list(desk, *how),
            Some(IncidentsCommand::Show { id, format, summary }) => {
                return one(desk, id, |out, dossier, telling| {
                    if *summary {
                        out.result(&format!("{}\n", crate::export::record::summary(&dossier, telling)));
                        return Exit::Done;
                    }
                    incidents::show(&dossier, *format, telling, out)
                });
            }
            Some(IncidentsCommand::Note { id, text }) => Deed::Note(id.as_str().into(), said(desk, text)?),
            Some(IncidentsCommand::Take { id }) => Deed::Take(id.as_str().into()),
            Some(IncidentsCommand::Assign { id, to }) => {
                Deed::Assign(id.as_str().into(), to.as_deref().map(Into::into))
            }
            Some(IncidentsCommand::Resolve { id, what }) => {
                Deed::Resolve(id.as_str().into(), said(desk, what)?)
            }
            Some(IncidentsCommand::Reopen { id, why }) => Deed::Reopen(id.as_str().into(), said(desk, why)?),
            Some(IncidentsCommand::Open { .. }) => return Ok(Exit::Done),
        };
        let (mut journal, actor) = desk.write()?;
        let now = desk.now();
        let done = respond::carry_out(&mut journal, &deed, &actor, now);
        Ok(desk.with(done, |out, incident| {
            out.result(&format!("{} {}\n", incident.id, (WORDS.status)(incident.status)));
            Exit::Done
        }))
    })
}

/// A text, or what stdin has where it is `-`: what is about a person must not stand in arguments.
pub(super) fn said(desk: &mut Desk<'_, '_>, text: &str) -> Result<Box<str>, Exit> {
    if text != "-" {
        return Ok(text.into());
    }
    cli::query_text::stdin().map(Into::into).map_err(|why| {
        desk.out.say(&why);
        Exit::Usage
    })
}

fn list(desk: &mut Desk<'_, '_>, how: IncidentList) -> Result<Exit, Exit> {
    let journal = desk.read()?;
    desk.telling(|desk, telling| {
        let all = journal.incidents(IncidentFilter { resolved: how.all, ..IncidentFilter::default() });
        desk.with(all, |out, all| incidents::list(&all, how.format, telling, out))
    })
}

struct Opening<'a> {
    matchers: &'a [crate::model::Matcher],
    title: &'a str,
    empty: bool,
}

fn open(desk: &mut Desk<'_, '_>, opening: &Opening<'_>, parts: &Parts) -> Result<Exit, Exit> {
    // Whoever may not is told before any server is asked.
    let (mut journal, actor) = desk.write()?;
    let filter = Filter::of_matchers(opening.matchers.to_vec());
    let rows =
        if opening.empty { std::sync::Arc::default() } else { lists::rows(desk.loaded, parts, desk.out)? };
    let alerts: Vec<_> = rows
        .iter()
        .filter(|row| row.alert.state != AlertState::Pending && filter.matches(row))
        .map(|row| &*row.alert)
        .collect();
    if alerts.is_empty() && !opening.empty {
        desk.out.say(WORDS.no_alert);
        return Ok(Exit::Negative);
    }
    let count = alerts.len();
    let deed = Deed::Open(parts.pack.incident_of(&alerts, opening.title, Origin::Hand));
    let now = desk.now();
    let opened = respond::carry_out(&mut journal, &deed, &actor, now);
    Ok(desk.with(opened, |out, incident| {
        out.result(&format!("{}\n", (WORDS.opened)(&incident.id, count)));
        Exit::Done
    }))
}
