//! Who stands for a level of the escalation, now and next, with the names that people know each other by.

use super::Time;

/// One level.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OnCall {
    /// Title of the level.
    pub level: String,
    /// Names; empty is nobody: a gap in the rota.
    pub now: Vec<String>,
    /// Until when; `None` is for ever.
    pub until: Option<Time>,
    /// Who comes after them; empty where nobody is known to.
    pub next: Vec<String>,
    /// Why nobody can tell: its calendar cannot be read.
    pub trouble: Option<String>,
}
