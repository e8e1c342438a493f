//! Leases: who of several processes does something.

use serde::Serialize;

use crate::model::Time;

/// A piece of work that one process has for a while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Lease {
    /// What.
    pub name: Box<str>,
    /// Which process.
    pub holder: Box<str>,
    /// Since when it holds it without a break.
    pub since: Time,
    /// Until when unless it is taken again.
    pub until: Time,
}
