//! Paging a person by hand: whom, over what, what they would read, and what came of it.

use std::sync::Arc;

use super::Time;
use super::deed::Subject;
use super::records::LetterState;

/// Stands in a text where what the person types goes. A private character: no text of a server has it.
pub const HOLE: char = '\u{e000}';

/// Somebody who can be paged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reachable {
    /// Whom.
    pub whom: Whom,
    /// Name of the contact, or title of the level.
    pub name: String,
    /// Where they stand in the rota.
    pub duty: Duty,
    /// Over what they are reached; nothing where no channel leads there.
    pub ways: Vec<Way>,
}

/// Whom a page is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whom {
    /// A contact, by id.
    Contact(String),
    /// A level of the escalation that nobody stands for, by id: everybody is told.
    Level(String),
}

impl Whom {
    /// Its id.
    pub fn id(&self) -> &str {
        match self {
            Self::Contact(id) | Self::Level(id) => id,
        }
    }
}

/// Where somebody stands in the rota; the order is the one in which they are offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Duty {
    /// On call for this level until then; `None` is always.
    Now(String, Option<Time>),
    /// Nobody is on call for this level, or nobody can tell: why.
    Gap(Option<String>),
    /// Next for this level, from then on.
    Next(String, Option<Time>),
    /// In the rota of this level.
    Of(String),
    /// In no rota.
    Free,
}

/// One way to reach somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// The channel's name.
    pub channel: String,
    /// Whether everybody reads it who is there, not only whom the page is for.
    pub everybody: bool,
    /// The end of its quiet hours, which a page by hand passes over.
    pub quiet: Option<Time>,
    /// What is read there, with [`HOLE`] where the text goes.
    pub reads: String,
}

/// Who can be paged about something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    /// About what; `None` is nothing in particular.
    pub about: Option<Subject>,
    /// The incident that it belongs to.
    pub incident: Option<Arc<str>>,
    /// Whoever can be paged, in the order in which they are offered.
    pub people: Vec<Reachable>,
}

/// A page that a person has decided on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Number among those of this console.
    pub number: u64,
    /// About what.
    pub about: Option<Subject>,
    /// Whom.
    pub whom: Whom,
    /// What is said; masked.
    pub message: String,
}

/// How a page stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paged {
    /// Its number.
    pub number: u64,
    /// Whom, in words.
    pub who: String,
    /// Its letters.
    pub letters: Vec<Answer>,
    /// Why nobody can tell how they stand now.
    pub trouble: Option<String>,
}

impl Paged {
    /// Whether nothing more will come: each letter was taken or given up.
    pub fn is_over(&self) -> bool {
        self.trouble.is_none()
            && self.letters.iter().all(|one| matches!(one.state, LetterState::Sent | LetterState::Failed))
    }

    /// How many were taken.
    pub fn taken(&self) -> usize {
        self.letters.iter().filter(|one| one.state == LetterState::Sent).count()
    }
}

/// How one letter of it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The channel's name.
    pub channel: String,
    /// Where it stands.
    pub state: LetterState,
    /// Tries so far.
    pub attempts: u32,
    /// When it is tried next.
    pub next_at: Time,
    /// When it was taken.
    pub sent_at: Option<Time>,
    /// What went wrong last; empty where nothing.
    pub error: String,
}
