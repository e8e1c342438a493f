//! What is done at Alertmanager, and what came of it: silences made, extended, ended.
//!
//! Values in matchers are as everybody sees them, marks in place of what is about a person; `client` puts the raw
//! ones back when it sends.

use super::{Matcher, Time};

/// A silence that is wanted.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// What it is to mute; all must hold.
    pub matchers: Vec<Matcher>,
    /// From when.
    pub starts_at: Time,
    /// Until when.
    pub ends_at: Time,
    /// Who.
    pub created_by: String,
    /// Why.
    pub comment: String,
}

/// A silence as it stands at Alertmanager after something was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Its id.
    pub id: Box<str>,
    /// Until when it mutes.
    pub ends_at: Time,
    /// How it came to stand.
    pub how: How,
}

/// How a silence came to stand as it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// It was made.
    Made,
    /// It was there already: the same matchers, author and comment.
    Found,
    /// It was extended.
    Extended,
    /// It reached as far already.
    Unchanged,
    /// Alertmanager made another one in its place, under another id.
    Replaced,
}
