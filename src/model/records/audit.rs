//! The audit: who did what.

use serde::Serialize;

use super::Actor;
use super::word::words;
use crate::model::Time;

words! {
    /// How an action went.
    Outcome {
        /// It was done.
        Done = "done",
        /// It was taken down to be done.
        Accepted = "accepted",
        /// It was refused: a role, a rule, read-only.
        Refused = "refused",
        /// It failed.
        Failed = "failed",
    }
}

/// A record of the audit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Record {
    /// Number, from 1, without gaps.
    pub seq: i64,
    /// When.
    pub at: Time,
    /// Who.
    #[serde(flatten)]
    pub actor: Actor,
    /// What was done: `ack`, `silence.expire`, `incident.open`.
    pub action: Box<str>,
    /// To what: an id, a fingerprint, a name.
    pub object: Box<str>,
    /// More about it, a JSON object.
    pub details: Box<str>,
    /// How it went.
    pub outcome: Outcome,
    /// Hash of this record and of the one before, hexadecimal.
    pub hash: Box<str>,
}

impl Record {
    /// Its texts, in the order in which they are hashed: another order would make every journal look tampered with.
    pub fn texts(&self) -> [&str; 7] {
        [
            &self.actor.operator,
            &self.actor.os_user,
            &self.actor.origin,
            &self.action,
            &self.object,
            &self.details,
            self.outcome.as_str(),
        ]
    }
}

/// A record to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct NewRecord<'a> {
    /// What was done.
    pub action: &'a str,
    /// To what.
    pub object: &'a str,
    /// More about it: a JSON object, or empty.
    pub details: serde_json::Value,
    /// How it went.
    pub outcome: Outcome,
}

impl<'a> NewRecord<'a> {
    /// A record of something that was done, without details.
    pub fn done(action: &'a str, object: &'a str) -> Self {
        Self { action, object, details: serde_json::Value::Null, outcome: Outcome::Done }
    }

    /// The same with details.
    #[must_use]
    pub fn with(mut self, details: serde_json::Value) -> Self {
        self.details = details;
        self
    }
}
