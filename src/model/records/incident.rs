//! Incidents, their members, and what happened in them.

use std::sync::Arc;

use serde::Serialize;

use super::word::words;
use crate::model::{Labels, Severity, Time};

words! {
    /// Where an incident stands.
    IncidentStatus {
        /// Nobody has it yet.
        Open = "open",
        /// Somebody has it.
        Acknowledged = "acknowledged",
        /// It is over.
        Resolved = "resolved",
    }
}

/// Who or what opened an incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// A person.
    Hand,
    /// A rule of the pack, by its name.
    Rule(Box<str>),
}

/// An incident.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Incident {
    /// `INC-YYYYMMDDHHMMSS` of the moment it was opened, UTC; `-2` and so on where that is taken.
    pub id: Arc<str>,
    /// What it is, in a few words.
    pub title: Box<str>,
    /// How bad.
    pub severity: Severity,
    /// The pack's category.
    pub category: Box<str>,
    /// Where it stands.
    pub status: IncidentStatus,
    /// Who has it.
    pub assignee: Option<Box<str>>,
    /// Who or what opened it.
    pub origin: Origin,
    /// When its first member began, as far as is known.
    pub began_at: Option<Time>,
    /// When it was opened; the response clock runs from here.
    pub opened_at: Time,
    /// By whom.
    pub opened_by: Box<str>,
    /// When somebody first took it.
    pub acked_at: Option<Time>,
    /// Who.
    pub acked_by: Option<Box<str>>,
    /// When it was resolved.
    pub resolved_at: Option<Time>,
    /// By whom.
    pub resolved_by: Option<Box<str>>,
    /// What helped, as said when it was resolved; empty where nobody said.
    pub resolution: Box<str>,
    /// Last change.
    pub updated_at: Time,
    /// How many members it has.
    pub members: u32,
    /// How many of them have not ended.
    pub firing: u32,
}

/// What an incident is opened with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewIncident {
    /// What it is.
    pub title: Box<str>,
    /// How bad.
    pub severity: Severity,
    /// The pack's category.
    pub category: Box<str>,
    /// Who or what opens it.
    pub origin: Origin,
    /// Where there is an unresolved incident of this key, that one is meant: several watchers that see the same
    /// alerts open one. `None` always opens.
    pub dedup: Option<Box<str>>,
    /// Who has it from the start.
    pub assignee: Option<Box<str>>,
    /// First members.
    pub members: Vec<NewMember>,
}

/// What became of opening.
#[derive(Clone, Debug, PartialEq)]
pub enum Opened {
    /// It is new.
    New(Incident),
    /// It was there already; members that are new to it have joined it.
    Already(Incident),
}

impl Opened {
    /// The incident.
    pub fn incident(&self) -> &Incident {
        match self {
            Self::New(incident) | Self::Already(incident) => incident,
        }
    }
}

/// An alert of an incident.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Member {
    /// The incident.
    pub incident: Arc<str>,
    /// Alertmanager's fingerprint.
    pub fingerprint: Arc<str>,
    /// Labels, masked.
    pub labels: Labels,
    /// How bad.
    pub severity: Severity,
    /// Its summary, masked.
    pub summary: Box<str>,
    /// Since when it fired.
    pub starts_at: Option<Time>,
    /// When it joined the incident.
    pub joined_at: Time,
    /// When it stopped firing.
    pub ended_at: Option<Time>,
}

/// An alert that joins an incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMember {
    /// Alertmanager's fingerprint.
    pub fingerprint: Arc<str>,
    /// Labels, masked.
    pub labels: Labels,
    /// How bad.
    pub severity: Severity,
    /// Its summary, masked.
    pub summary: Box<str>,
    /// Since when it fires.
    pub starts_at: Option<Time>,
}

words! {
    /// What kind of thing happened.
    EventKind {
        /// The incident was opened.
        Opened = "opened",
        /// An alert joined.
        Joined = "joined",
        /// An alert stopped firing.
        Ended = "ended",
        /// It began to fire again.
        Returned = "returned",
        /// Somebody took it.
        Acknowledged = "acknowledged",
        /// An acknowledgement ended.
        AckEnded = "ack_ended",
        /// A silence was made, changed or ended.
        Silence = "silence",
        /// A person wrote something down.
        Note = "note",
        /// It was given to somebody.
        Assigned = "assigned",
        /// Severity, category or title changed.
        Changed = "changed",
        /// A playbook began, went on or ended.
        Run = "run",
        /// Somebody was notified, or could not be.
        Notified = "notified",
        /// It went a level up.
        Escalated = "escalated",
        /// A likely cause was found.
        Finding = "finding",
        /// Somebody noted that something was changed; it belongs to no incident.
        Change = "change",
        /// It was resolved.
        Resolved = "resolved",
        /// It was opened again.
        Reopened = "reopened",
    }
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Event {
    /// Number in the journal; ascending.
    pub id: i64,
    /// The incident; `None` where it belongs to none.
    pub incident: Option<Arc<str>>,
    /// When.
    pub at: Time,
    /// What kind.
    pub kind: EventKind,
    /// Who: an operator, a watcher, a rule.
    pub who: Box<str>,
    /// What, in a sentence.
    pub text: Box<str>,
    /// What it is about, for a link: a fingerprint, a run, a silence. Empty where nothing.
    pub about: Box<str>,
}

/// Something to be written into the timeline.
#[derive(Clone, Debug, PartialEq)]
pub struct NewEvent<'a> {
    /// The incident.
    pub incident: Option<&'a str>,
    /// What kind.
    pub kind: EventKind,
    /// Who.
    pub who: &'a str,
    /// What, in a sentence.
    pub text: &'a str,
    /// What it is about.
    pub about: &'a str,
}

/// An earlier incident with some of the same alerts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Seen {
    /// The earlier incident.
    pub incident: Incident,
    /// Alerts that both have.
    pub shared: u32,
    /// Alerts that the one asked about has.
    pub of: u32,
    /// Playbooks that ran to their end in it.
    pub playbooks: Vec<Box<str>>,
}

impl Seen {
    /// Whether both have exactly the same alerts.
    pub fn is_same(&self) -> bool {
        self.shared == self.of && self.shared == self.incident.members
    }
}
