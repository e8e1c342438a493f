//! What somebody says was changed.

use serde::Serialize;

use crate::model::{Labels, Time};

/// A change that was noted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Number in the journal.
    pub id: i64,
    /// When it was changed, which may be before it was noted.
    pub at: Time,
    /// What was changed.
    pub title: Box<str>,
    /// Where: `service` names the component.
    pub labels: Labels,
    /// Who noted it.
    pub who: Box<str>,
}

/// A change to be noted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewChange {
    /// When it was changed.
    pub at: Time,
    /// What.
    pub title: Box<str>,
    /// Where.
    pub labels: Labels,
}
