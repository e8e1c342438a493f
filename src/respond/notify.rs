//! Telling somebody outside: what is said, and the ways it goes.
//!
//! Owns the wording of a notification and how each kind of channel takes it. Everything in a [`Note`] is masked:
//! it comes from the journal. Must not decide who is told or when.

pub mod board;
mod mail;
mod pagerduty;
mod post;
mod slack;
mod text;
mod webhook;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::config::acting::{Channel, Contact, Way};
use crate::model::Time;

pub use board::{Board, Receiver};
pub use text::Speech;

/// What a letter says, as the journal keeps it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Note {
    /// Why somebody is told.
    pub event: What,
    /// The incident.
    pub incident: Option<String>,
    /// Its title.
    pub title: String,
    /// Its severity.
    pub severity: String,
    /// Its category.
    pub category: String,
    /// Where it stands.
    pub status: String,
    /// Department of its alerts, where they agree.
    pub department: String,
    /// Component of its alerts, where they agree.
    pub component: String,
    /// Its alerts, the first of them.
    pub alerts: Vec<Brief>,
    /// How many there are.
    pub count: u32,
    /// When it was opened.
    pub opened: Option<Time>,
    /// Level of the escalation that is told, its title.
    pub level: String,
    /// Until when somebody should have taken it.
    pub ack_by: Option<Time>,
    /// Who has it.
    pub responder: String,
    /// What a playbook or a person adds.
    pub message: String,
    /// The contact it is for; empty where the channel is for everybody.
    pub contact: String,
    /// Labels that all alerts share.
    pub labels: BTreeMap<String, String>,
    /// When this was written.
    pub at: Option<Time>,
}

/// An alert in a few words.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Brief {
    /// Alertmanager's fingerprint.
    pub fingerprint: String,
    /// Name.
    pub name: String,
    /// Summary.
    pub summary: String,
}

/// Why somebody is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// An incident was opened.
    #[default]
    Opened,
    /// Nobody took it in time.
    Escalated,
    /// It became worse.
    Worse,
    /// Somebody took it.
    Acknowledged,
    /// It is over.
    Resolved,
    /// A playbook or a person says something.
    Message,
    /// A person calls somebody.
    Page,
    /// Whether the channel works.
    Test,
}

impl What {
    /// Its word in JSON and templates.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Escalated => "escalated",
            Self::Worse => "worse",
            Self::Acknowledged => "acknowledged",
            Self::Resolved => "resolved",
            Self::Message => "message",
            Self::Page => "page",
            Self::Test => "test",
        }
    }
}

/// One message on its way: what several letters to one receiver say.
#[derive(Clone, Debug)]
pub struct Message<'a> {
    /// What is said, the worst first; at least one.
    pub notes: &'a [Note],
    /// Key of the first letter: receivers that know such a thing drop a second one.
    pub dedup: &'a str,
    /// Whether the receiver may have it already.
    pub doubtful: bool,
    /// Who it is for, where it is for one.
    pub contact: Option<&'a Contact>,
    /// Name and zone of the place.
    pub place: &'a Place,
}

/// The place that speaks.
#[derive(Clone, Debug)]
pub struct Place {
    /// The pack's title.
    pub title: String,
    /// Zone of times that a person reads.
    pub zone: chrono_tz::Tz,
}

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// The receiver took it.
    Taken,
    /// Not now: why, and how long to wait at least, milliseconds.
    Later(String, Option<u64>),
    /// Never: why. Sending the same again would be refused again.
    Refused(String),
}

/// Sends over one channel.
pub async fn send(channel: &Channel, message: &Message<'_>) -> Sent {
    match &channel.way {
        Way::Slack(post) => slack::send(channel, post, message).await,
        Way::PagerDuty { post, routing_key_file } => pagerduty::send(post, routing_key_file, message).await,
        Way::Email(mail) => mail::send(channel, mail, message).await,
        Way::Webhook { post, body } => webhook::send(channel, post, body, message).await,
    }
}

/// What is read of a message over a channel, as it would be sent.
pub fn preview(channel: &Channel, message: &Message<'_>) -> String {
    match &channel.way {
        Way::Slack(_) => slack::preview(channel, message),
        Way::PagerDuty { .. } => pagerduty::preview(message),
        Way::Email(mail) => mail::preview(channel, mail, message),
        Way::Webhook { body, .. } => webhook::preview(channel, body, message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Source;
    use crate::config::acting::Post;

    /// A channel that nothing is sent over.
    pub(super) fn channel() -> Channel {
        let source = Source::at("http://localhost".parse().expect("an address"));
        Channel {
            severities: Vec::new(),
            quiet: None,
            text: None,
            coalesce: true,
            way: Way::Slack(Post { source, url_file: None }),
        }
    }

    /// A message about one incident whose texts are `text`.
    pub(super) fn message(text: &str, run: impl Fn(&Message<'_>)) {
        let at: Time = "2026-11-22T06:12:00Z".parse().expect("a time");
        let note = Note {
            event: What::Opened,
            incident: Some("INC-20261122061200".to_owned()),
            title: text.to_owned(),
            severity: "critical".to_owned(),
            category: "performance".to_owned(),
            status: "open".to_owned(),
            alerts: vec![Brief { fingerprint: "f".into(), name: text.to_owned(), summary: text.to_owned() }],
            count: 1,
            opened: Some(at),
            ack_by: Some(at + chrono::TimeDelta::minutes(15)),
            level: "On-call engineer".to_owned(),
            labels: BTreeMap::from([("job".to_owned(), text.to_owned())]),
            at: Some(at),
            ..Note::default()
        };
        let place = Place { title: "Hospital".to_owned(), zone: chrono_tz::America::Sao_Paulo };
        let notes = [note];
        run(&Message { notes: &notes, dedup: "k", doubtful: false, contact: None, place: &place });
    }

    #[test]
    fn a_note_says_what_a_person_needs() {
        message("Thermal state: 3", |message| {
            let speech = Speech::of(message, None, 1000);
            assert_eq!(speech.subject, "CRITICAL opened: Thermal state: 3 (INC-20261122061200)");
            assert!(
                speech.text.contains("opened 2026-11-22 03:12 -03:00, take it by 2026-11-22 03:27 -03:00"),
                "{}",
                speech.text
            );
            let doubtful = Message { doubtful: true, ..message.clone() };
            assert!(Speech::of(&doubtful, None, 1000).text.contains("may have this already"));
        });
    }

    #[test]
    fn a_storm_is_one_message_that_names_them_all() {
        message("x", |message| {
            let notes: Vec<Note> = (0..300)
                .map(|at| Note { incident: Some(format!("INC-{at}")), ..message.notes[0].clone() })
                .collect();
            let many = Message { notes: &notes, ..message.clone() };
            let speech = Speech::of(&many, None, 100_000);
            assert!(
                speech.subject.starts_with("300 incidents, 300 critical, the worst:"),
                "{}",
                speech.subject
            );
            assert!((0..300).all(|at| speech.text.contains(&format!("(INC-{at})"))));
            assert!(Speech::of(&many, None, 100).text.ends_with("(cut)"));
        });
    }
}
