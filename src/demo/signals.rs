//! What a pack's `demo/signals.toml` says: the wording of log lines, the attributes of spans, and
//! who the people in them are.
//!
//! Owns reading that file strictly and filling its templates from what has happened. Must not know
//! any line's wording, and must not add to the story: everything comes from a `Finished` or a
//! `Notice`, or is drawn from their numbers.

mod draw;
mod field;
mod pick;
mod place;
mod read;
mod rules;
mod scene;
mod template;
#[cfg(test)]
mod tests;
mod when;

use std::sync::Arc;

pub(super) use place::On;
pub(super) use scene::{Scene, What, span_id};
pub(super) use template::{Attribute, Template};
pub(super) use when::{When, kind, start_us};

use super::event::{Cause, Finished, Outcome, StepDone};
use super::people;
use super::world::ServiceId;
use crate::model::SpanKind;
use draw::Draw;

/// Everything of `demo/signals.toml`, checked against the world.
#[derive(Clone, Debug, Default)]
pub struct Signals {
    pub(super) people: people::Words,
    /// Ways to sign in, in the order of [`Finished::method`].
    pub(super) methods: Vec<String>,
    /// Words for thermal states.
    pub(super) states: Vec<String>,
    /// Causes of which the called process knows nothing, as bits.
    pub(super) unheard: u16,
    /// Processes that write no spans, by service: their callers do.
    pub(super) silent: Vec<bool>,
    /// How far clocks are off, in microseconds, by service.
    pub(super) skew_us: Vec<i64>,
    pub(super) draws: Vec<Draw>,
    pub(super) errors: Vec<ErrorText>,
    pub(super) lines: Vec<Line>,
    pub(super) spans: Vec<SpanRule>,
    /// Attributes of resources: the services they are of, and what they say.
    pub(super) resources: Vec<(Vec<bool>, Named)>,
    /// Which of `lines` a step of a class may yield.
    pub(super) lines_of: StepTable,
    /// Which of `lines` a notice may yield: by kind, then by service.
    pub(super) notices_of: Vec<Vec<Vec<u16>>>,
    /// Which of `spans` add to a step's span.
    pub(super) spans_of: StepTable,
}

/// Attributes with their names.
pub(super) type Named = Vec<(Arc<str>, Attribute)>;

/// By class, then by step: indices of rules.
pub(super) type StepTable = Vec<Vec<Vec<u16>>>;

/// The words for one way to fail.
#[derive(Clone, Debug)]
pub(super) struct ErrorText {
    pub cause: Cause,
    /// Who speaks so: the process that failed, or the one that called it; `None`: both.
    pub by: Option<By>,
    /// Services that speak so.
    pub services: Vec<bool>,
    /// Class of the exception.
    pub kind: String,
    pub message: Template,
    pub stack: Option<Template>,
}

/// Which process writes a line about a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    /// The one that did it.
    Own,
    /// The one that called it.
    Caller,
}

/// How often a line is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Share {
    /// This share of the times, by a roll of its own.
    Sampled(f64),
    /// When the roll that all lines of one step share falls between these.
    Between(f64, f64),
}

/// One kind of log line.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub on: On,
    pub when: When,
    pub by: By,
    pub category: String,
    pub level: String,
    /// Another department than the request's.
    pub department: Option<String>,
    /// Labels of the stream beyond those that every stream has.
    pub labels: Vec<(String, Template)>,
    pub share: Option<Share>,
    /// Whether the writer knows the trace's id.
    pub traced: bool,
    /// Whether it is written when the step begins, not when it has ended.
    pub at_start: bool,
    pub body: Template,
}

/// What spans of some steps are like.
#[derive(Clone, Debug)]
pub(super) struct SpanRule {
    pub when: When,
    pub kind: Option<SpanKind>,
    pub attributes: Named,
}

impl Signals {
    /// Whether the process that a step was asked of knows nothing of it, or not how it ended.
    pub(super) fn is_unheard(&self, step: &StepDone) -> bool {
        let Outcome::Failed(cause) = step.outcome else { return false };
        let never_reached = step.way_us > 0 && step.way_us >= step.end_us - step.start_us;
        never_reached || self.unheard & when::bit(cause) != 0
    }

    /// This service's words for a failure, its own or of what it called; operations fail each in
    /// their own way, and again in the same.
    pub(super) fn error(&self, cause: Cause, by: By, service: ServiceId, class: u16) -> Option<&ErrorText> {
        let fits = |error: &&ErrorText| {
            error.cause == cause
                && error.by.is_none_or(|who| who == by)
                && error.services.get(usize::from(service)) == Some(&true)
        };
        let many = self.errors.iter().filter(fits).count();
        self.errors.iter().filter(fits).nth(usize::from(class).checked_rem(many)?)
    }
}

/// The service that asked for a step; `None` for the first.
pub(super) fn caller(request: &Finished, step: &StepDone) -> Option<ServiceId> {
    request.steps.get(usize::from(step.parent?)).map(|parent| parent.service)
}
