//! A value that lives elsewhere: the last answer, its age, and what went wrong since.

use crate::model::{Fault, Time};

/// The last answer to one question.
#[derive(Clone, Debug, PartialEq)]
pub struct Remote<T> {
    value: Option<T>,
    answered_at: Option<Time>,
    evaluated_at: Option<Time>,
    warnings: Vec<String>,
    fault: Option<(Fault, Time)>,
}

impl<T> Default for Remote<T> {
    fn default() -> Self {
        Self { value: None, answered_at: None, evaluated_at: None, warnings: Vec::new(), fault: None }
    }
}

/// How fresh a remote value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// Never answered, nothing failed yet.
    Waiting,
    /// Answered, and not too long ago.
    Fresh,
    /// Answered once; since then it failed or nothing came for too long.
    Stale,
    /// Never answered, and the last try failed.
    Failed,
}

impl<T> Remote<T> {
    /// Takes in an answer; it clears the fault.
    pub fn answer(&mut self, value: T, at: Time, evaluated_at: Option<Time>, warnings: Vec<String>) {
        *self = Self { value: Some(value), answered_at: Some(at), evaluated_at, warnings, fault: None };
    }

    /// Takes in a failure; the last answer stays, and is old from now on.
    pub fn fault(&mut self, fault: Fault, at: Time) {
        self.fault = Some((fault, at));
    }

    /// The last answer, however old.
    pub fn value(&self) -> Option<&T> {
        self.value.as_ref()
    }

    /// For changes in place (series that grow).
    pub fn value_mut(&mut self) -> Option<&mut T> {
        self.value.as_mut()
    }

    /// When the last answer came.
    pub fn answered_at(&self) -> Option<Time> {
        self.answered_at
    }

    /// The moment the last answer is about.
    pub fn evaluated_at(&self) -> Option<Time> {
        self.evaluated_at
    }

    /// What went wrong after the last answer, if anything.
    pub fn last_fault(&self) -> Option<&Fault> {
        self.fault.as_ref().map(|(fault, _)| fault)
    }

    /// Whether there is an answer, or the reason why there is none.
    pub fn is_known(&self) -> bool {
        self.value.is_some() || self.fault.is_some()
    }

    /// What the server warned of with the last answer.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Seconds since the last answer.
    pub fn age_s(&self, now: Time) -> Option<i64> {
        self.answered_at.map(|at| (now - at).num_seconds().max(0))
    }

    /// How fresh it is, when a new answer is expected every `interval_s` seconds: one that is three
    /// intervals (and at least 15 s) old is stale even if nothing failed, since then something hangs.
    pub fn freshness(&self, now: Time, interval_s: u32) -> Freshness {
        match (self.age_s(now), &self.fault) {
            (None, None) => Freshness::Waiting,
            (None, Some(_)) => Freshness::Failed,
            (Some(_), Some(_)) => Freshness::Stale,
            (Some(age), None) if age > i64::from(interval_s) * 3 && age > 15 => Freshness::Stale,
            (Some(_), None) => Freshness::Fresh,
        }
    }
}
