//! Paging somebody: whom the person chooses, what they type, and how it stands once it is under way.

use std::ops::Range;

use super::Prompt;
use crate::model::deed::Subject;
use crate::model::paging::{Paged, Reach, Reachable};

/// Lines of the list of people that are in sight.
pub const ROWS: usize = 5;

/// Paging somebody.
#[derive(Clone, Debug, PartialEq)]
pub struct PageDialog {
    /// About what; `None` is nothing in particular.
    pub about: Option<Subject>,
    /// Its name.
    pub title: String,
    /// Who can be paged; `None` while somebody looks.
    pub reach: Option<Reach>,
    /// Who of them is chosen.
    pub chosen: usize,
    /// What is typed.
    pub text: Prompt,
    /// The same as it is sent and kept: masked.
    pub masked: String,
    /// Lines of what is read that are scrolled away.
    pub scroll: usize,
    /// How far it is.
    pub sending: Sending,
}

/// How far a page is.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Sending {
    /// Nothing was sent.
    #[default]
    Not,
    /// It is being put into the outbox, under this number.
    Asked(u64),
    /// It is there, and stands so.
    Sent(Paged),
}

impl PageDialog {
    /// Who is chosen.
    pub fn whom(&self) -> Option<&Reachable> {
        self.reach.as_ref()?.people.get(self.chosen)
    }

    /// How many there are to choose among.
    pub fn count(&self) -> usize {
        self.reach.as_ref().map_or(0, |reach| reach.people.len())
    }

    /// Those of them that are in sight, the chosen one among them.
    pub fn in_sight(&self) -> Range<usize> {
        let count = self.count();
        let first = (self.chosen + 1).saturating_sub(ROWS).min(count.saturating_sub(ROWS));
        first..count.min(first + ROWS)
    }

    /// The number of the page that is under way.
    pub fn number(&self) -> Option<u64> {
        match &self.sending {
            Sending::Not => None,
            Sending::Asked(number) => Some(*number),
            Sending::Sent(paged) => Some(paged.number),
        }
    }
}
