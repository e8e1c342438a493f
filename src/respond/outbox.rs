//! Letters: putting them into the journal, so that they outlive the process, and sending them.
//!
//! Each letter has a key of which there is one, ever: who tells twice says it once. It goes out at least once, and
//! twice only where a process died while it sent it; then the letter says so.

mod pace;
mod sender;

use std::sync::Arc;

use crate::journal::{Result, Tx};
use crate::model::records::{Enqueued, EventKind, LetterState, NewEvent, NewLetter};
use crate::model::{Severity, Time};
use crate::text::watch::EN as WORDS;

use super::notify::{Board, Note, Receiver};

pub use sender::{Figures, Sender};

/// What came of telling somebody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Letters that are new.
    pub new: usize,
    /// Letters that were there: sent or not.
    pub already: usize,
    /// Of those there, the ones that were sent.
    pub sent: usize,
    /// Who, in words; empty is nobody.
    pub who: String,
}

/// Whether the quiet hours of a channel count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hours {
    /// They do, for what is as bad as this.
    Kept(Severity),
    /// A person pages somebody by hand: it goes out now.
    PassedOver,
}

/// Writes a letter for each receiver. `key` says what is told: with the receiver it is the letter's key.
pub fn tell(
    tx: &Tx<'_>,
    board: &Board<'_>,
    note: &Note,
    receivers: &[Receiver],
    hours: Hours,
    key: &str,
    now: Time,
) -> Result<Told> {
    let mut told = Told { who: board.told(receivers), ..Told::default() };
    for receiver in receivers {
        let contact = receiver.contact.clone().unwrap_or_default();
        let note = Note { contact: contact.clone(), ..note.clone() };
        let payload = serde_json::to_string(&note).unwrap_or_default();
        let letter = NewLetter {
            dedup: format!("{key}:{}:{contact}", receiver.channel).into(),
            channel: receiver.channel.as_str().into(),
            payload: payload.into(),
            incident: note.incident.as_deref().map(Arc::from),
            next_at: match hours {
                Hours::Kept(severity) => board.not_before(&receiver.channel, severity, now),
                Hours::PassedOver => now,
            },
        };
        match tx.enqueue(&letter, now)? {
            Enqueued::New(_) => told.new += 1,
            Enqueued::Already(_, state) => {
                told.already += 1;
                told.sent += usize::from(state == LetterState::Sent);
            }
        }
    }
    Ok(told)
}

/// Writes into the timeline that a level cannot be told, once.
pub fn nobody(tx: &Tx<'_>, incident: &str, level: &str, key: &str, who: &str, now: Time) -> Result<()> {
    if tx.events(incident)?.iter().any(|event| *event.about == *key) {
        return Ok(());
    }
    tracing::error!(incident, level, "nobody can be told: no channel is for it");
    let text = (WORDS.nobody_to_tell)(level);
    tx.event(
        &NewEvent { incident: Some(incident), kind: EventKind::Escalated, who, text: &text, about: key },
        now,
    )
    .map(drop)
}
