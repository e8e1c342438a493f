//! The typed events of a field's log lines: how each is recognised, what its fields must be, how it is said in one line.
//!
//! Owns the shapes as data. Must not know how a line is read.

mod read;
mod summary;

pub(super) use read::read;
pub use summary::Piece;

/// One kind of event in one shape. Two loggers may write the same kind in shapes of their own.
#[derive(Clone, Debug, PartialEq)]
pub struct EventKind {
    /// Name: `AuditEvent`.
    pub name: String,
    /// What the shape is called.
    pub shape: String,
    /// The field in which the event's words stand.
    pub words_in: String,
    /// Beginnings of these words, any of which is this event.
    pub words: Vec<String>,
    /// Fields that together are this event where the words are others; none where words alone decide.
    pub has: Vec<String>,
    /// How it is said in one line.
    pub summary: Vec<Piece>,
    /// What its fields must be, those of its shape among them.
    pub fields: Vec<EventField>,
}

/// What one field of an event must be.
#[derive(Clone, Debug, PartialEq)]
pub struct EventField {
    /// Name; keys joined by dots where it nests.
    pub name: String,
    /// Kind of value.
    pub kind: EventValue,
    /// Whether the event is broken without it.
    pub required: bool,
    /// Least number.
    pub min: Option<f64>,
    /// Greatest number.
    pub max: Option<f64>,
    /// What a text must look like, from end to end.
    pub pattern: Option<Pattern>,
    /// The only texts that it may be; empty for any.
    pub one_of: Vec<String>,
}

/// What kind of value a field has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventValue {
    /// Text.
    Text,
    /// A finite number.
    Number,
    /// A whole number.
    Whole,
    /// `true` or `false`.
    Bool,
    /// A moment as RFC 3339 or ISO 8601 writes it.
    Time,
    /// An address of the internet protocol.
    Address,
    /// An object or a list: whatever is in it.
    Any,
}

/// A regular expression with what it stands for in words.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// Anchored at both ends.
    pub regex: regex::Regex,
    /// What it expects: `64 hexadecimal digits`.
    pub expects: String,
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.regex.as_str() == other.regex.as_str() && self.expects == other.expects
    }
}
