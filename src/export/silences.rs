//! Silences and acknowledgements as scripts see them.

use serde::Serialize;

use super::json::line;
use crate::model::labels::Quoted;
use crate::model::{Silence, Time};
use crate::state::State;
use crate::store::Muting;
use crate::store::alerts::Ack;

/// Who has an alert.
#[derive(Debug, Serialize)]
pub(super) struct AckJson<'a> {
    by: &'a str,
    comment: &'a str,
    /// Since when.
    at: Option<Time>,
    /// Until when it mutes unless it is extended.
    until: Option<Time>,
    /// `muted`, `not_yet` (not at Alertmanager so far) or `none` (it is not meant to mute).
    silence: &'static str,
    /// Why it is not muted yet.
    error: Option<&'a str>,
}

impl<'a> AckJson<'a> {
    pub fn new(ack: &'a Ack) -> Self {
        let (silence, error) = match &ack.standing {
            Muting::Muted => ("muted", None),
            Muting::NotYet(why) => ("not_yet", Some(&**why).filter(|why| !why.is_empty())),
            Muting::Not => ("none", None),
        };
        Self { by: &ack.by, comment: &ack.comment, at: ack.at, until: ack.until, silence, error }
    }
}

/// A silence.
#[derive(Debug, Serialize)]
pub(super) struct SilenceJson<'a> {
    id: &'a str,
    state: &'static str,
    matchers: Vec<String>,
    starts_at: Time,
    ends_at: Time,
    created_by: &'a str,
    comment: &'a str,
}

impl<'a> SilenceJson<'a> {
    fn new(silence: &'a Silence) -> Self {
        Self {
            id: &silence.id,
            state: silence.state.as_str(),
            matchers: matchers(silence),
            starts_at: silence.starts_at,
            ends_at: silence.ends_at,
            created_by: &silence.created_by,
            comment: &silence.comment,
        }
    }
}

/// The silences of the view in sight.
pub(super) fn rows(state: &State) -> Vec<SilenceJson<'_>> {
    state.silences().into_iter().map(SilenceJson::new).collect()
}

/// The silences as one JSON array, with a line end.
pub fn silences_json(silences: &[&Silence]) -> String {
    let all: Vec<SilenceJson<'_>> = silences.iter().map(|silence| SilenceJson::new(silence)).collect();
    line(&all)
}

fn matchers(silence: &Silence) -> Vec<String> {
    silence
        .matchers
        .iter()
        .map(|(name, op, value)| format!("{name}{}{}", op.as_str(), Quoted(value)))
        .collect()
}

/// The conditions of a silence in one line.
pub fn matchers_text(silence: &Silence) -> String {
    matchers(silence).join(" ")
}
