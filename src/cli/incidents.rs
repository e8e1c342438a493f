//! `incidents` and `report`: their arguments, and what they write.

use std::fmt::Write as _;

use clap::{Args, Subcommand, ValueEnum};

use super::{Exit, ListFormat, Output, output};
use crate::export::record::{self, Telling};
use crate::export::report::{self, Told};
use crate::model::Matcher;
use crate::model::records::{Dossier, Incident};
use crate::text::incidents::EN as WORDS;

/// `incidents`
#[derive(Args, Clone, Debug)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "\
Examples:
  plantao incidents
  plantao incidents show INC-20261120061200
  plantao incidents open alertname=MacStudioThermalThrottling --title 'The machine is too hot'
  plantao incidents note INC-20261120061200 'fan 2 stands still'
  plantao incidents resolve INC-20261120061200 'fan replaced'

Exit status: 0 done; 1 no such incident, or none to list; 2 not allowed here; 3 the journal or a server did not answer."
)]
pub struct IncidentsArgs {
    /// What to do; the list otherwise.
    #[command(subcommand)]
    pub what: Option<IncidentsCommand>,
    /// How the list is written.
    #[command(flatten)]
    pub list: IncidentList,
}

/// How incidents are listed.
#[derive(Args, Clone, Copy, Debug)]
pub struct IncidentList {
    /// Form of the list
    #[arg(long, value_enum, default_value_t = ListFormat::Table)]
    pub format: ListFormat,
    /// Those that are resolved too
    #[arg(long)]
    pub all: bool,
}

/// What is done with incidents.
#[derive(Clone, Debug, Subcommand)]
pub enum IncidentsCommand {
    /// List them
    List(IncidentList),
    /// Show one with its timeline
    Show {
        /// Its id
        id: String,
        /// Form
        #[arg(long, value_enum, default_value_t = ListFormat::Table)]
        format: ListFormat,
        /// A few lines to be put into a chat
        #[arg(long, conflicts_with = "format")]
        summary: bool,
    },
    /// Open one of the alerts that match
    Open {
        /// Conditions that must all hold: name="value", with =, !=, =~ or !~
        #[arg(value_name = "MATCHER", value_parser = Matcher::parse, required_unless_present = "empty")]
        matchers: Vec<Matcher>,
        /// What it is called; after its worst alert otherwise
        #[arg(long, default_value = "", hide_default_value = true)]
        title: String,
        /// Without any alert
        #[arg(long, requires = "title")]
        empty: bool,
    },
    /// Write something down
    Note {
        /// Its id
        id: String,
        /// What; `-` reads it from stdin
        text: String,
    },
    /// Take one: its response clock stops
    Take {
        /// Its id
        id: String,
    },
    /// Give one to somebody
    Assign {
        /// Its id
        id: String,
        /// To whom; to nobody otherwise
        to: Option<String>,
    },
    /// Resolve one
    Resolve {
        /// Its id
        id: String,
        /// What helped
        #[arg(default_value = "", hide_default_value = true)]
        what: String,
    },
    /// Open a resolved one again
    Reopen {
        /// Its id
        id: String,
        /// Why
        #[arg(default_value = "", hide_default_value = true)]
        why: String,
    },
}

/// `report`
#[derive(Clone, Debug, Subcommand)]
pub enum ReportCommand {
    /// What happened in an incident, what broke first, what was done, what is not known
    #[command(after_help = "\
Examples:
  plantao report incident INC-20261120061200 > incident.md
  plantao report incident INC-20261120061200 --format html > incident.html
  plantao --bundle thermal.jsonl.zst report incident INC-20261120061200

The causes come from the evidence of the incident's own window, gathered anew from the servers or taken from the bundle.

Exit status: 0 done; 1 no such incident; 3 the journal cannot be read; 4 the evidence is incomplete or missing (the report says
what is not there).")]
    Incident {
        /// Its id
        id: String,
        /// Only what the journal has: no server is asked
        #[arg(long)]
        journal_only: bool,
        /// Form
        #[arg(long, value_enum, default_value_t = ReportFormat::Md)]
        format: ReportFormat,
    },
}

/// Forms of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// Markdown
    Md,
    /// JSON
    Json,
    /// A page of its own
    Html,
}

/// Writes the list.
pub fn list(incidents: &[Incident], format: ListFormat, telling: &Telling<'_>, out: &mut Output<'_>) -> Exit {
    match format {
        ListFormat::Json => out.result(&record::list_json(incidents, telling)),
        ListFormat::Table => {
            let rows: Vec<_> = incidents.iter().map(|one| row(one, telling)).collect();
            out.result(&output::table(&WORDS.columns, &rows));
        }
    }
    if incidents.is_empty() { Exit::Negative } else { Exit::Done }
}

fn row(incident: &Incident, telling: &Telling<'_>) -> [String; 9] {
    [
        incident.id.to_string(),
        incident.severity.as_str().to_owned(),
        (WORDS.status)(incident.status).to_owned(),
        telling.clock_words(incident),
        incident.assignee.as_deref().unwrap_or("-").to_owned(),
        telling.moment(incident.opened_at),
        (WORDS.alerts)(incident.firing, incident.members),
        incident.category.to_string(),
        incident.title.to_string(),
    ]
}

/// Writes one incident.
pub fn show(dossier: &Dossier, format: ListFormat, telling: &Telling<'_>, out: &mut Output<'_>) -> Exit {
    match format {
        ListFormat::Json => out.result(&record::json(dossier, telling)),
        ListFormat::Table => {
            let mut text = record::summary(dossier, telling);
            text.push('\n');
            for event in &dossier.events {
                let what = (WORDS.event)(event.kind, &event.text, &event.about);
                let when = telling.moment(event.at);
                let _ = write!(text, "\n{when}  {}  {}", event.who, what.replace('\n', "\n    "));
            }
            text.push('\n');
            out.result(&text);
        }
    }
    Exit::Done
}

/// Writes the report.
pub fn report(told: &Told<'_>, format: ReportFormat, telling: &Telling<'_>, out: &mut Output<'_>) {
    let report = report::incident(told, telling);
    match format {
        ReportFormat::Md => out.result(&report::markdown(&report)),
        ReportFormat::Html => out.result(&report::html(&report)),
        ReportFormat::Json => out.result(&report::json(&report, told, telling)),
    }
}
