//! What is done at Alertmanager, and what came of it: silences made, extended, ended.
//!
//! Values in matchers are as everybody sees them, marks in place of what is about a person; `client` puts the raw
//! ones back when it sends.

use std::sync::Arc;

use super::offer::Offer;
use super::paging::{Page, Paged, Reach};
use super::radius::Radius;
use super::records::{self, Ack, Incident, Run};
use super::reveal::Revealing;
use super::{Labels, Matcher, Raw, Time};

/// A silence that is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// What it is to mute; all must hold.
    pub matchers: Vec<Matcher>,
    /// From when.
    pub starts_at: Time,
    /// Until when.
    pub ends_at: Time,
    /// Who.
    pub created_by: String,
    /// Why.
    pub comment: String,
}

/// A silence as it stands at Alertmanager after something was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Its id.
    pub id: Box<str>,
    /// Until when it mutes.
    pub ends_at: Time,
    /// How it came to stand.
    pub how: How,
}

/// How a silence came to stand as it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// It was made.
    Made,
    /// It was there already: the same matchers, author and comment.
    Found,
    /// It was extended.
    Extended,
    /// It reached as far already.
    Unchanged,
    /// Alertmanager made another one in its place, under another id.
    Replaced,
}

/// Something that a person has decided, to be done outside of the state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    /// Acknowledge these.
    Ack(AckOrder),
    /// Take the acknowledgements of these alerts back.
    Unack(Vec<Arc<str>>),
    /// Find the playbooks that fit, and what each would do.
    Offers(Subject),
    /// Run a playbook as it was shown.
    Run(Box<Offer>),
    /// Find who can be paged about something, and how.
    Reach(Option<Subject>),
    /// Page somebody.
    Page(Box<Page>),
    /// Reveal a masked value.
    Reveal(Box<Revealing>),
    /// Stop a run.
    StopRun(Arc<str>),
    /// Answer a run that waits: the run, the word.
    AnswerRun(Arc<str>, Box<str>),
    /// Look at what a silence would mute; the number comes back with the answer.
    Look(u64, Vec<Matcher>),
    /// Make a silence.
    Silence(Wanted),
    /// Let a silence last until a moment, and where until it lasted before.
    Until {
        /// Its id.
        id: Box<str>,
        /// The new end.
        until: Time,
        /// The end before.
        before: Time,
    },
    /// End a silence. What is needed to make it again comes along.
    Expire {
        /// Its id.
        id: Box<str>,
        /// What it was.
        was: Wanted,
    },
    /// Do something with an incident.
    Incident(Box<records::Deed>),
    /// Make a silence that was ended again.
    Again {
        /// The id that it had.
        id: Box<str>,
        /// What it was.
        was: Wanted,
    },
}

/// What playbooks are looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// An alert: its fingerprint and labels.
    Alert(Arc<str>, Labels),
    /// An incident: its id and title.
    Incident(Arc<str>, Box<str>),
    /// A likely cause.
    Cause(Box<Treated>),
}

/// A likely cause that is to be treated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Treated {
    /// Component and kind, in words.
    pub title: Box<str>,
    /// Its own alert's fingerprint; empty where it has none.
    pub fingerprint: Arc<str>,
    /// That alert's labels, or the component alone.
    pub labels: Labels,
    /// Playbooks that the finding names, with why; they come first.
    pub named: Vec<(String, String)>,
}

/// Alerts to be acknowledged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AckOrder {
    /// Fingerprints, with the labels as everybody sees them.
    pub alerts: Vec<(Arc<str>, Labels)>,
    /// Why.
    pub why: String,
    /// How long a silence mutes before it is extended, seconds.
    pub hold_s: u32,
    /// Whether they are to be muted too.
    pub silence: bool,
}

/// What came of an order.
#[derive(Clone, Debug, PartialEq)]
pub enum Report {
    /// Alerts were acknowledged.
    Acked(Acked),
    /// Acknowledgements were taken back: how many, and why a silence of theirs may still mute.
    Unacked(usize, Option<String>),
    /// What a silence would mute.
    Looked(u64, Box<Radius>),
    /// A silence stands, and how this is undone.
    Stands(Standing, Box<Order>),
    /// A silence has ended, and how this is undone.
    Ended(Box<str>, Box<Order>),
    /// An incident stands as it does after what was done; whether it was opened by it.
    Incident(Box<Incident>, bool),
    /// Playbooks that fit, and runs that go on there.
    Offers(Subject, Vec<Offer>, Vec<Run>),
    /// A run has begun, or goes on already: its id, what is to be said of it, and whether it is new.
    Begun(Arc<str>, String, bool),
    /// Who can be paged.
    Reach(Box<Reach>),
    /// How a page stands.
    Paged(Box<Paged>),
    /// A masked value as it is, and until when it may be in sight.
    Revealed(Revealing, Raw, Time),
    /// A run was told something: what is to be said.
    Told(String),
    /// Nothing was done, and why.
    Refused(String),
}

/// What came of acknowledging.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Acked {
    /// Acknowledged, in the journal.
    pub recorded: usize,
    /// Of those, muted at Alertmanager.
    pub silenced: usize,
    /// Silences that it took.
    pub silences: usize,
    /// Alerts that a colleague had already: name, who.
    pub taken: Vec<(String, String)>,
    /// Why some are not muted yet.
    pub trouble: Option<String>,
}

/// What the journal knows of acknowledgements, and who looks after them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Held {
    /// Those that are live.
    pub acks: Vec<Ack>,
    /// Whether a watcher runs, which extends them when every console is closed.
    pub watcher: bool,
    /// Silences whose end Alertmanager has not taken yet.
    pub left: usize,
}
