//! Arguments of `watch`, `rota`, `page` and `notify`.

use clap::{Args, Subcommand};

use super::{ListFormat, Listen};

/// `watch`
#[derive(Args, Clone, Debug)]
#[command(after_help = "\
Examples:
  plantao watch
  plantao watch --listen 127.0.0.1:9188

Takes Alertmanager's webhooks at /webhook, looks at Alertmanager now and then, opens incidents, tells people and goes a
level up until somebody has it. /metrics is for Prometheus, /healthz for whoever restarts it. See docs/watch.md.

Exit status: 2 wrong usage or configuration; 3 it can listen no more; 130 interrupted.")]
pub struct WatchArgs {
    /// Address to listen at; the configured one otherwise, and only polling without either
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<Listen>,
}

/// `rota`
#[derive(Args, Clone, Debug)]
#[command(after_help = "\
Examples:
  plantao rota
  plantao rota --at '2026-12-24 20:00'

Exit status: 0 somebody is on call at every level; 1 at some level nobody is; 2 a rota cannot be read.")]
pub struct RotaArgs {
    /// Moment to look at; now otherwise
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
    /// Form of the list
    #[arg(long, value_enum, default_value_t = ListFormat::Table)]
    pub format: ListFormat,
}

/// `page`
#[derive(Args, Clone, Debug)]
#[command(after_help = "\
Examples:
  plantao page oncall --message 'the ICU sees no records'
  plantao page bruno --message 'please call the war room' --incident INC-20261122061200

Exit status: 0 a receiver took it; 1 nobody is reached; 2 wrong usage, or your role may not; 3 no receiver took it yet:
it stays in the journal, and a watcher goes on trying.")]
pub struct PageArgs {
    /// A level of the escalation, or a contact
    #[arg(value_name = "LEVEL|CONTACT")]
    pub whom: String,
    /// What to say
    #[arg(long, value_name = "TEXT")]
    pub message: String,
    /// Incident that it is about
    #[arg(long, value_name = "ID")]
    pub incident: Option<String>,
}

/// `notify`
#[derive(Clone, Debug, Subcommand)]
pub enum NotifyCommand {
    /// Send a test over a channel, and say what the receiver answers
    #[command(after_help = "\
Examples:
  plantao notify test slack
  plantao notify test sms --contact ana

Exit status: 0 the receiver took it; 2 wrong usage, or your role may not; 3 it did not, and why.")]
    Test {
        /// Channel
        #[arg(value_name = "CHANNEL")]
        channel: String,
        /// Contact it is for, where the channel reaches one person
        #[arg(long, value_name = "NAME")]
        contact: Option<String>,
    },
    /// List letters in the journal: waiting, sent, given up
    Outbox {
        /// At most so many
        #[arg(long, value_name = "N", default_value_t = 50)]
        limit: u32,
        /// Form of the list
        #[arg(long, value_enum, default_value_t = ListFormat::Table)]
        format: ListFormat,
    },
    /// Put a letter that was given up back
    Retry {
        /// Its number
        #[arg(value_name = "NUMBER")]
        id: i64,
    },
}
