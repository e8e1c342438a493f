//! `playbook`, put together.

mod follow;
mod run;
mod show;

use std::sync::Arc;

use super::acting::hands;
use super::block_on;
use super::parts::Parts;
use crate::cli::playbook::PlaybookCommand;
use crate::cli::{Exit, Global, Output};
use crate::config::Loaded;
use crate::document::did_you_mean;
use crate::journal::Journal;
use crate::model::Labels;
use crate::model::records::Incident;
use crate::pack::Playbook;
use crate::pack::playbook::Library;
use crate::respond::Hands;
use crate::respond::notify::Place;
use crate::respond::playbook::{Carrier, Facts};
use crate::respond::watch::LOST;
use crate::text::playbook_command::EN as WORDS;

/// What the commands need.
struct Bench<'a> {
    global: &'a Global,
    loaded: &'a Loaded,
    parts: &'a Parts,
    library: Library,
}

/// Runs the command.
pub fn run(
    command: &PlaybookCommand,
    global: &Global,
    loaded: &Loaded,
    parts: &Parts,
    out: &mut Output<'_>,
) -> Exit {
    let library = Library::load(&parts.pack, &loaded.user_dirs);
    let bench = Bench { global, loaded, parts, library };
    let ended = match command {
        PlaybookCommand::List { incident, format } => show::list(&bench, incident.as_deref(), *format, out),
        PlaybookCommand::Show { name } => show::one(&bench, name, out),
        PlaybookCommand::Check { name } => show::check(&bench, name.as_deref(), out),
        PlaybookCommand::Run(args) => run::run(&bench, args, out),
        PlaybookCommand::Runs { all, format } => show::runs(&bench, *all, *format, out),
        PlaybookCommand::Follow { run } => follow::follow(&bench, run, out),
        PlaybookCommand::Stop { run } => run::stop(&bench, run, out),
        PlaybookCommand::Resume { run } => run::resume(&bench, run, out),
        PlaybookCommand::Answer { run, answer } => run::answer(&bench, run, *answer, out),
        PlaybookCommand::Carry { run } => carry(&bench, run, out),
    };
    match ended {
        Ok(exit) | Err(exit) => exit,
    }
}

impl Bench<'_> {
    /// A playbook that can be used, or why not.
    fn playbook(&self, name: &str, out: &mut Output<'_>) -> Result<&Playbook, Exit> {
        let Some(entry) = self.library.get(name) else {
            out.say(&(WORDS.unknown)(name));
            if let Some(near) = did_you_mean(name, self.library.iter().map(|(name, _)| name)) {
                out.say(&(WORDS.did_you_mean)(near));
            }
            return Err(Exit::Usage);
        };
        entry.read.as_ref().map_err(|problems| {
            out.problems(problems);
            out.say(&(WORDS.broken)(name, problems.len()));
            Exit::Usage
        })
    }

    /// The journal to look at; `None` where nothing was ever written.
    fn journal(&self, out: &mut Output<'_>) -> Result<Option<Journal>, Exit> {
        let Some(options) = &self.parts.journal else { return Ok(None) };
        Journal::open_existing(options).map_err(|error| {
            out.say(&error.to_string());
            Exit::Unreachable
        })
    }

    /// An incident with the labels of its alerts.
    fn incident(&self, id: &str, out: &mut Output<'_>) -> Result<(Incident, Vec<Labels>), Exit> {
        let journal = self.journal(out)?;
        let read = journal.map(|journal| {
            let Some(incident) = journal.incident(id)? else { return Ok(None) };
            let members = journal.members(id)?;
            Ok(Some((incident, members.into_iter().map(|member| member.labels).collect())))
        });
        match read {
            None | Some(Ok(None)) => {
                out.say(&(WORDS.no_incident)(id));
                Err(Exit::Usage)
            }
            Some(Ok(Some(found))) => Ok(found),
            Some(Err(error)) => {
                let error: crate::journal::JournalError = error;
                out.say(&error.to_string());
                Err(Exit::Unreachable)
            }
        }
    }

    /// What templates are filled with.
    fn facts(&self, incident: Option<&str>, out: &mut Output<'_>) -> Result<Facts, Exit> {
        let operator = &self.loaded.config.operator;
        Ok(match incident {
            Some(id) => {
                let (incident, alerts) = self.incident(id, out)?;
                Facts::new(&self.parts.pack, &incident, &alerts, operator)
            }
            None => Facts::without_incident(operator),
        })
    }

    /// Whoever acts, or why nobody may.
    fn hands(&self, out: &mut Output<'_>) -> Result<Hands, Exit> {
        hands(self.loaded, self.parts, out)
    }

    /// What carries a run out in this process.
    fn carrier(&self, hands: Hands) -> Carrier {
        let place = Place { title: self.parts.pack.title.clone(), zone: self.parts.pack.zone };
        Carrier {
            hands,
            acting: Arc::new(self.loaded.config.acting.clone()),
            place: Arc::new(place),
            letters: Arc::new(tokio::sync::Notify::new()),
            collector: self.parts.collector(&self.loaded.config),
        }
    }
}

/// Carries a run out here, until it is over or waits.
fn carry(bench: &Bench<'_>, run: &str, out: &mut Output<'_>) -> Result<Exit, Exit> {
    let mut hands = bench.hands(out)?;
    // Among those that share the journal it is known as what it is: no console, whose end would end it.
    hands.holder =
        crate::runtime::acting::holder("playbook", &bench.parts.start(&bench.loaded.config)).into();
    carry_as(bench, &hands, run, out)
}

/// The same for hands that may have the run already; its letters are sent too.
fn carry_as(bench: &Bench<'_>, hands: &Hands, run: &str, out: &mut Output<'_>) -> Result<Exit, Exit> {
    // A terminal that is closed takes nobody with it.
    crate::terminal::ignore_hangup();
    let carrier = bench.carrier(hands.clone());
    let sender = crate::respond::outbox::Sender {
        hands: hands.clone(),
        acting: carrier.acting.clone(),
        place: carrier.place.clone(),
        wake: carrier.letters.clone(),
        figures: Arc::default(),
    };
    let carried = block_on(
        async move {
            let sending = tokio::spawn(sender.clone().run());
            let carried = carrier.carry(run, LOST).await;
            sending.abort();
            // What the last step put in.
            if let Err(error) = sender.flush().await {
                tracing::warn!(%error, "letters wait for a watcher");
            }
            carried
        },
        out,
    )?;
    match carried {
        Ok(Some(run)) => Ok(follow::ended(&run, out)),
        Ok(None) => {
            out.say(&(WORDS.elsewhere)(run));
            Ok(Exit::Negative)
        }
        Err(error) => {
            out.say(&error.to_string());
            Ok(Exit::Unreachable)
        }
    }
}
