//! What a person is about to reveal, and what is revealed until its time is over.

use super::{Overlay, Prompt, State};
use crate::model::reveal::Hidden;
use crate::model::{Raw, Time};
use crate::state::acting::About;

/// Revealing a masked value of an alert, a line or a span.
#[derive(Clone, Debug, PartialEq)]
pub struct RevealDialog {
    /// What it is of, in words; empty for a line.
    pub of: String,
    /// Its masked values: which, and as they are shown.
    pub values: Vec<(Hidden, String)>,
    /// Which is chosen.
    pub chosen: usize,
    /// Why.
    pub why: Prompt,
    /// How far it is.
    pub seen: Reveal,
}

/// How far revealing is.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Reveal {
    /// Nobody was asked.
    #[default]
    Not,
    /// The server is asked.
    Asked,
    /// The value, until then.
    Seen(Raw, Time),
}

impl State {
    /// Takes a value whose time is over out of sight.
    pub fn hide_revealed(&mut self, at_once: bool) {
        let over = |until: Time, now: Time| at_once || now >= until;
        if let Some(Overlay::Dialog(dialog)) = &self.overlay
            && let About::Reveal(reveal) = &dialog.about
            && let Reveal::Seen(_, until) = &reveal.seen
            && over(*until, self.now)
        {
            self.overlay = None;
        }
    }
}
