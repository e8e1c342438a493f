//! What is special where the console looks at an embedded place: its faults, the hint, the tour.

use std::sync::Arc;

use super::Tour;
use crate::model::Time;

/// An embedded place as the console knows it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Demo {
    /// Every kind of fault that can happen, in the order shown.
    pub faults: Vec<PlannedFault>,
    /// Whether the footer says how to look around.
    pub hint: bool,
    /// The guided tour, while it is on.
    pub tour: Option<Tour>,
}

/// A kind of fault, and whether it is under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedFault {
    /// Its name, as `--fault` takes it.
    pub name: Arc<str>,
    /// When it last began; `None`: it never did.
    pub since: Option<Time>,
    /// When its cause was mended; `None`: not yet.
    pub until: Option<Time>,
}

impl PlannedFault {
    /// Whether it is under way at this moment.
    pub fn is_on(&self, now: Time) -> bool {
        self.since.is_some_and(|since| since <= now) && self.until.is_none_or(|until| now < until)
    }
}

impl Demo {
    /// The faults under way.
    pub fn under_way(&self, now: Time) -> impl Iterator<Item = &PlannedFault> {
        self.faults.iter().filter(move |fault| fault.is_on(now))
    }
}
