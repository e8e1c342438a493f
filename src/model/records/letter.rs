//! The outbox: what is to be told to somebody outside.

use std::sync::Arc;

use serde::Serialize;

use super::word::words;
use crate::model::Time;

words! {
    /// Where a letter stands.
    LetterState {
        /// It waits for its turn.
        Queued = "queued",
        /// A process is sending it.
        Sending = "sending",
        /// The receiver took it.
        Sent = "sent",
        /// It is given up.
        Failed = "failed",
    }
}

/// A notification on its way.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Letter {
    /// Number in the journal.
    pub id: i64,
    /// Key of which there is one letter, ever; receivers get it too where they know such a thing.
    pub dedup: Box<str>,
    /// The channel's name in the configuration.
    pub channel: Box<str>,
    /// What is to be sent, JSON of whoever sends it, masked.
    pub payload: Box<str>,
    /// The incident it belongs to.
    pub incident: Option<Arc<str>>,
    /// Where it stands.
    pub state: LetterState,
    /// Tries so far.
    pub attempts: u32,
    /// Not before.
    pub next_at: Time,
    /// When it was put in.
    pub at: Time,
    /// The process that is sending it.
    pub owner: Option<Box<str>>,
    /// Until when that process has it.
    pub owned_until: Option<Time>,
    /// Whether a process died while it was sending it: the receiver may have it already.
    pub doubtful: bool,
    /// When it was sent.
    pub sent_at: Option<Time>,
    /// What went wrong last; empty where nothing.
    pub error: Box<str>,
}

/// A notification to be sent.
#[derive(Clone, Debug, PartialEq)]
pub struct NewLetter {
    /// Key of which there is one letter, ever.
    pub dedup: Box<str>,
    /// The channel's name.
    pub channel: Box<str>,
    /// What is to be sent, masked by whoever makes it.
    pub payload: Box<str>,
    /// The incident it belongs to.
    pub incident: Option<Arc<str>>,
    /// Not before.
    pub next_at: Time,
}

/// What became of putting a letter in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Enqueued {
    /// It is new, with this number.
    New(i64),
    /// There was one with its key already.
    Already(i64, LetterState),
}
