//! Acknowledgements.

use std::sync::Arc;

use serde::Serialize;

use super::word::words;
use crate::model::{Labels, Time};

words! {
    /// Where an acknowledgement stands.
    AckState {
        /// Its silence is not yet at Alertmanager.
        Pending = "pending",
        /// Its silence is at Alertmanager.
        AtAlertmanager = "at_alertmanager",
        /// Alertmanager refused its silence; the acknowledgement itself stands.
        Failed = "failed",
        /// It wants no silence: it stands in the journal alone.
        Local = "local",
        /// It is over.
        Ended = "ended",
    }
}

impl AckState {
    /// Whether the alert counts as acknowledged.
    pub fn is_live(self) -> bool {
        self != Self::Ended
    }
}

/// An acknowledgement of one alert. At most one of an alert is live.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Ack {
    /// Number in the journal.
    pub id: i64,
    /// Alertmanager's fingerprint of the alert.
    pub fingerprint: Arc<str>,
    /// The alert's labels, masked.
    pub labels: Labels,
    /// The incident it belongs to.
    pub incident: Option<Arc<str>>,
    /// Who.
    pub who: Box<str>,
    /// When.
    pub at: Time,
    /// Why.
    pub why: Box<str>,
    /// Until when it holds unless it is extended; `None` until somebody ends it.
    pub until: Option<Time>,
    /// How long an extension lasts, seconds.
    pub lease_s: u32,
    /// The silence, once it has one.
    pub silence: Option<Box<str>>,
    /// Where it stands.
    pub state: AckState,
    /// What went wrong last; empty where nothing.
    pub error: Box<str>,
    /// Tries to bring it to Alertmanager, or to take it back.
    pub attempts: u32,
    /// When it ended.
    pub ended_at: Option<Time>,
    /// Who or what ended it.
    pub ended_by: Option<Box<str>>,
    /// Whether its silence still has to be ended at Alertmanager.
    pub silence_left: bool,
    /// Last change.
    pub updated_at: Time,
}

/// An alert to be acknowledged.
#[derive(Clone, Debug, PartialEq)]
pub struct NewAck {
    /// Alertmanager's fingerprint.
    pub fingerprint: Arc<str>,
    /// Labels, masked.
    pub labels: Labels,
    /// The incident it belongs to.
    pub incident: Option<Arc<str>>,
    /// Why.
    pub why: Box<str>,
    /// Until when it holds unless it is extended.
    pub until: Option<Time>,
    /// How long an extension lasts, seconds.
    pub lease_s: u32,
    /// Whether it is to be a silence too.
    pub silence: bool,
}
