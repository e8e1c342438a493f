//! A playbook that fits, with exactly what it would do, as it is shown before it is run.

use std::sync::Arc;

/// An offer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offer {
    /// Name of the playbook.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Why it fits.
    pub why: String,
    /// What it would do.
    pub steps: Vec<OfferedStep>,
    /// Why it cannot be run here: number of the step, why.
    pub troubles: Vec<(usize, String)>,
    /// Whether a person confirms it by typing its name.
    pub dangerous: bool,
    /// The incident that it is for.
    pub incident: Option<Arc<str>>,
    /// The plan itself, to be run as it was shown.
    pub plan: String,
}

/// One step of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfferedStep {
    /// Title.
    pub title: String,
    /// What it does, in a line that hides nothing.
    pub what: String,
    /// Whether it is dangerous.
    pub dangerous: bool,
}
