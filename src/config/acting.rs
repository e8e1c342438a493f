//! What acting is told: channels that carry notifications, contacts, who is on call, the programs that
//! playbooks may run, and how `watch` is reached. Types only; `acting/` reads and checks them.

mod channel;
mod command;
mod part;
mod people;
mod shown;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use chrono::NaiveDateTime;

use super::types::Source;
use crate::model::{Severity, Template};

pub use part::{ActingPart, check, lay, read};
pub use shown::write;

/// All of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Acting {
    /// `[channels.*]`
    pub channels: BTreeMap<String, Channel>,
    /// `[contacts.*]`
    pub contacts: BTreeMap<String, Contact>,
    /// `[[rota]]`
    pub rotas: Vec<Rota>,
    /// `[commands.*]`
    pub commands: BTreeMap<String, Command>,
    /// `[watch]`
    pub watch: Watch,
    /// Of an embedded place: nobody outside is told, and nothing outside is started or called from there.
    pub contained: bool,
}

/// One way to reach somebody.
#[derive(Clone, Debug, PartialEq)]
pub struct Channel {
    /// Severities it carries; empty is all.
    pub severities: Vec<Severity>,
    /// When it holds back what can wait.
    pub quiet: Option<Quiet>,
    /// What it says, instead of the usual text.
    pub text: Option<Template>,
    /// Whether what is to be said of several incidents at once becomes one message.
    pub coalesce: bool,
    /// How it is sent.
    pub way: Way,
}

/// How a channel sends.
#[derive(Clone, Debug, PartialEq)]
pub enum Way {
    /// Slack's incoming webhook.
    Slack(Post),
    /// PagerDuty's Events API, version 2.
    PagerDuty {
        /// Where events go.
        post: Post,
        /// File with the integration's routing key.
        routing_key_file: PathBuf,
    },
    /// E-mail over SMTP.
    Email(Mail),
    /// Any HTTP service: a gateway for short messages, a ticket system.
    Webhook {
        /// Where it goes.
        post: Post,
        /// What is sent.
        body: Body,
    },
}

impl Way {
    /// Its name in configuration.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Slack(_) => "slack",
            Self::PagerDuty { .. } => "pagerduty",
            Self::Email(_) => "email",
            Self::Webhook { .. } => "webhook",
        }
    }
}

/// An address that takes posts.
#[derive(Clone, Debug, PartialEq)]
pub struct Post {
    /// Address, deadline, credentials, TLS. Where `url_file` is given, the address is in that file.
    pub source: Source,
    /// File that holds the address, where the address itself is the secret.
    pub url_file: Option<PathBuf>,
}

/// A mail server and who writes to whom.
#[derive(Clone, Debug, PartialEq)]
pub struct Mail {
    /// Host.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Encryption.
    pub tls: MailTls,
    /// Who signs in, and the file with the password.
    pub login: Option<(String, PathBuf)>,
    /// Sender.
    pub from: String,
    /// Receivers besides the contact's own address.
    pub to: Vec<String>,
    /// Subject, instead of the usual one.
    pub subject: Option<Template>,
    /// Additional certificate authority, PEM.
    pub ca_file: Option<PathBuf>,
    /// Deadline of a delivery.
    pub timeout: Duration,
}

/// How a connection to a mail server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailTls {
    /// Encrypted from the first byte.
    Wrapped,
    /// Encrypted after `STARTTLS`, or not at all delivered.
    StartTls,
    /// Not encrypted: for a relay on the same machine.
    None,
}

impl MailTls {
    /// Its names in configuration.
    pub const NAMES: [(&'static str, Self); 3] =
        [("tls", Self::Wrapped), ("starttls", Self::StartTls), ("none", Self::None)];
}

/// What a webhook sends.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// Everything there is to say, in plantão's own shape.
    Standard,
    /// JSON whose texts may have places. It is read before anything is put in, so that what is put in
    /// can only ever be part of a text.
    Json(serde_json::Value),
    /// A form's fields.
    Form(Vec<(String, Template)>),
}

/// Hours in which a channel holds back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quiet {
    /// First minute of the day, in the pack's zone.
    pub from: u16,
    /// Minute at which it ends; before `from` it is one of the next day.
    pub to: u16,
    /// Severities that are sent all the same.
    pub except: Vec<Severity>,
}

/// Somebody who can be called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contact {
    /// Name for a person.
    pub name: String,
    /// Mail address.
    pub email: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// Channels that reach them.
    pub channels: Vec<String>,
}

/// Who stands for one level of the escalation.
#[derive(Clone, Debug, PartialEq)]
pub struct Rota {
    /// Level of the pack.
    pub level: String,
    /// Zone of its times; the pack's otherwise.
    pub zone: Option<chrono_tz::Tz>,
    /// Who, as a rule.
    pub who: Who,
    /// Exceptions, later ones over earlier ones.
    pub overrides: Vec<Override>,
}

/// The rule of a rota.
#[derive(Clone, Debug, PartialEq)]
pub enum Who {
    /// All of them, always.
    Always(Vec<String>),
    /// One after another.
    Turns {
        /// When the first one's first turn begins.
        start: NaiveDateTime,
        /// Days of a turn.
        days: u32,
        /// In this order.
        people: Vec<String>,
    },
    /// Whom the events of a calendar name.
    Calendar(PathBuf),
}

/// Somebody else, for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    /// From this local time on.
    pub from: NaiveDateTime,
    /// Until this one.
    pub to: NaiveDateTime,
    /// Contact.
    pub who: String,
}

/// A program that playbooks may run under a name.
#[derive(Clone, Debug)]
pub struct Command {
    /// The program and its arguments. Each is one argument, whatever its places hold.
    pub argv: Vec<Template>,
    /// What each parameter must look like as a whole.
    pub params: BTreeMap<String, regex::Regex>,
    /// Longest time it may take.
    pub timeout: Duration,
    /// Whether a person confirms it by typing.
    pub dangerous: bool,
    /// Whether running it twice is the same as once.
    pub idempotent: bool,
}

impl PartialEq for Command {
    fn eq(&self, other: &Self) -> bool {
        let pattern = |one: &Self| -> Vec<(String, String)> {
            one.params.iter().map(|(name, regex)| (name.clone(), regex.as_str().to_owned())).collect()
        };
        (&self.argv, self.timeout, self.dangerous, self.idempotent, pattern(self))
            == (&other.argv, other.timeout, other.dangerous, other.idempotent, pattern(other))
    }
}

/// `[watch]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watch {
    /// Where webhooks, figures and health are served.
    pub listen: Option<SocketAddr>,
    /// File with the token that webhooks carry.
    pub token_file: Option<PathBuf>,
    /// Time between looks at Alertmanager.
    pub poll: Duration,
    /// Alerts that may be taken in a second; beyond, senders are told to come again.
    pub alerts_per_second: u32,
}

impl Default for Watch {
    fn default() -> Self {
        Self { listen: None, token_file: None, poll: Duration::from_secs(15), alerts_per_second: 5000 }
    }
}

/// What can be put into a notification's texts, besides `label.NAME`.
pub const PLACES: &[&str] = &[
    "event",
    "incident",
    "title",
    "severity",
    "category",
    "status",
    "department",
    "component",
    "summary",
    "alerts",
    "count",
    "opened",
    "level",
    "ack_by",
    "responder",
    "message",
    "contact",
    "phone",
    "email",
    "text",
    "hospital",
];

/// Severity words of a list.
pub(super) fn severities(
    reader: &mut super::file::Reader<'_>,
    value: &crate::document::Value<'_, '_>,
) -> Vec<Severity> {
    let known = Severity::ALL.map(|severity| (severity.as_str(), severity));
    let Some(elements) = value.array(reader.problems()) else { return Vec::new() };
    elements
        .iter()
        .filter_map(|element| reader.check_value(element, |text| super::check::word(text, &known)))
        .map(|set| set.value)
        .collect()
}
