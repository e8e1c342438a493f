//! Arguments of `playbook`.

use clap::{Args, Subcommand};

use super::ListFormat;
use crate::respond::playbook::Answer;

/// `playbook`
#[derive(Clone, Debug, Subcommand)]
pub enum PlaybookCommand {
    /// List the playbooks; with an incident those that fit it, and why
    #[command(after_help = "\
Examples:
  plantao playbook list
  plantao playbook list --incident INC-20261122061200

Exit status: 0 at least one is listed; 1 none fits; 2 a playbook has problems (it is listed, and told on stderr).")]
    List {
        /// Incident to find fitting ones for
        #[arg(long, value_name = "ID")]
        incident: Option<String>,
        /// Form of the list
        #[arg(long, value_enum, default_value_t = ListFormat::Table)]
        format: ListFormat,
    },
    /// Show a playbook: when it fits, what it needs, its steps
    Show {
        /// Playbook
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Read playbooks and tell every problem: of the file, and of what this configuration lacks to run them
    #[command(after_help = "\
Exit status: 0 every playbook can be read and run here; 1 one cannot be run here; 2 one has problems.")]
    Check {
        /// Playbook; all of them otherwise
        #[arg(value_name = "NAME")]
        name: Option<String>,
    },
    /// Run a playbook
    #[command(after_help = "\
Examples:
  plantao playbook run availability --incident INC-20261122061200 --dry-run
  plantao playbook run availability --incident INC-20261122061200
  plantao playbook run performance --set service=api-gateway --confirm performance

The run belongs to the journal: it goes on when this terminal is gone, and `playbook follow` shows it again. Ctrl-C
leaves it running; `playbook stop` ends it.

Exit status: 0 every step is done; 1 it failed or was stopped; 2 wrong usage, or it cannot be run here;
4 it waits for a person, or goes on without this terminal.")]
    Run(RunArgs),
    /// List the runs
    Runs {
        /// Those that are over too
        #[arg(long)]
        all: bool,
        /// Form of the list
        #[arg(long, value_enum, default_value_t = ListFormat::Table)]
        format: ListFormat,
    },
    /// Show what a run does, until it is over or waits
    Follow {
        /// Run
        #[arg(value_name = "RUN")]
        run: String,
    },
    /// Stop a run: the step that is under way is ended
    Stop {
        /// Run
        #[arg(value_name = "RUN")]
        run: String,
    },
    /// Carry on a run whose process is gone
    Resume {
        /// Run
        #[arg(value_name = "RUN")]
        run: String,
    },
    /// Answer a run that waits for a person
    #[command(after_help = "\
A question takes yes, skip or stop; a step that failed, or of which nobody knows whether it took effect, takes repeat,
skip or stop.")]
    Answer {
        /// Run
        #[arg(value_name = "RUN")]
        run: String,
        /// yes, repeat, skip or stop
        #[arg(value_name = "ANSWER", value_parser = word)]
        answer: Answer,
    },
    /// Carry a run out in this process
    #[command(hide = true)]
    Carry {
        /// Run
        #[arg(value_name = "RUN")]
        run: String,
    },
}

/// `playbook run`
#[derive(Args, Clone, Debug)]
pub struct RunArgs {
    /// Playbook
    #[arg(value_name = "NAME")]
    pub name: String,
    /// Incident that it is run for
    #[arg(long, value_name = "ID")]
    pub incident: Option<String>,
    /// A parameter of the playbook
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = pair)]
    pub set: Vec<(String, String)>,
    /// Show exactly what would happen, and do nothing
    #[arg(long)]
    pub dry_run: bool,
    /// The playbook's name once more, where a step is dangerous; without it the terminal is asked
    #[arg(long, value_name = "NAME")]
    pub confirm: Option<String>,
    /// Do not wait for it
    #[arg(long)]
    pub detach: bool,
}

fn word(text: &str) -> Result<Answer, String> {
    Answer::NAMES
        .iter()
        .find(|(word, _)| *word == text)
        .map(|(_, answer)| *answer)
        .ok_or_else(|| crate::text::playbook_command::EN.not_an_answer.to_owned())
}

fn pair(text: &str) -> Result<(String, String), String> {
    text.split_once('=')
        .filter(|(name, _)| !name.is_empty())
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .ok_or_else(|| crate::text::playbook_command::EN.not_a_pair.to_owned())
}
