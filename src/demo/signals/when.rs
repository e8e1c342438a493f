//! When a line is written or a span gets an attribute: conditions on what has happened.

use super::place::On;
use crate::demo::event::{Cause, Finished, Notice, NoticeKind, Outcome, StepDone};

/// Causes by their names in the file.
pub(in crate::demo) const CAUSES: [(&str, Cause); 10] = [
    ("timeout", Cause::Timeout),
    ("refused", Cause::Refused),
    ("pool_exhausted", Cause::PoolExhausted),
    ("internal", Cause::Internal),
    ("overloaded", Cause::Overloaded),
    ("dependency", Cause::Dependency),
    ("unauthorized", Cause::Unauthorized),
    ("forbidden", Cause::Forbidden),
    ("not_found", Cause::NotFound),
    ("network", Cause::Network),
];

/// A cause's bit in a set.
pub(in crate::demo) fn bit(cause: Cause) -> u16 {
    1 << cause as u16
}

/// All conditions of a rule; all must hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::demo) struct When {
    /// Kinds of requests it is about, as the world numbers them; `None`: all.
    pub classes: Option<Vec<bool>>,
    /// Services it is about.
    pub services: Option<Vec<bool>>,
    /// Services that call.
    pub callers: Option<Vec<bool>>,
    /// Models it is about.
    pub models: Option<Vec<bool>>,
    /// Names of steps it is about, with `*` at an end.
    pub steps: Option<Vec<String>>,
    /// Whether the step has a model.
    pub has_model: Option<bool>,
    /// Whether the step is the first of its process: where a call arrives.
    pub entry: Option<bool>,
    /// Whether the step is the whole request.
    pub root: Option<bool>,
    /// The rest.
    pub tests: Vec<Test>,
}

/// A condition that depends on how things went.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::demo) enum Test {
    Ok(bool),
    Cause(u16),
    Status(u16, u16),
    /// At least this long: a step, a pause, a wait, the longest request. Microseconds.
    Over(i64),
    /// Shorter than that.
    Under(i64),
    WaitedOver(i64),
    ConfidenceBelow(f64),
    ConfidenceOver(f64),
    /// A second attempt or later.
    Retry(bool),
    /// Whether its caller tried again.
    Retried(bool),
    Foreign(bool),
    Leaky(bool),
    AuthMethod(u8),
    Departments(Vec<bool>),
    Roles(Vec<bool>),
    Deployed(bool),
    Killed(bool),
    Began(bool),
    States(Vec<i64>),
    CountOver(i64),
    Name(Vec<String>),
}

/// Whether a pattern with `*` at one or both ends (or nowhere) is this word.
pub(in crate::demo) fn is_like(pattern: &str, word: &str) -> bool {
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(""), _) => true,
        (Some(rest), Some(_)) => word.contains(rest.trim_end_matches('*')),
        (Some(end), None) => word.ends_with(end),
        (None, Some(start)) => word.starts_with(start),
        (None, None) => pattern == word,
    }
}

fn among(set: Option<&Vec<bool>>, at: Option<usize>) -> bool {
    set.is_none_or(|set| at.is_some_and(|at| set.get(at) == Some(&true)))
}

/// What is the same for every request of a class.
#[derive(Clone, Copy, Debug)]
pub(in crate::demo) struct StepFacts<'a> {
    pub class: usize,
    pub service: usize,
    pub caller: Option<usize>,
    pub model: Option<usize>,
    pub name: &'a str,
    pub root: bool,
}

impl When {
    /// Whether a step of a class can satisfy it at all.
    pub(super) fn may_hold(&self, step: StepFacts<'_>) -> bool {
        among(self.classes.as_ref(), Some(step.class))
            && among(self.services.as_ref(), Some(step.service))
            && among(self.callers.as_ref(), step.caller)
            && among(self.models.as_ref(), step.model)
            && self.steps.as_ref().is_none_or(|steps| steps.iter().any(|like| is_like(like, step.name)))
            && self.has_model.is_none_or(|has| has == step.model.is_some())
            && self.entry.is_none_or(|entry| entry == (step.caller != Some(step.service)))
            && self.root.is_none_or(|root| root == step.root)
    }

    /// Whether a notice of a service can satisfy it at all.
    pub(super) fn may_hold_for(&self, service: usize) -> bool {
        among(self.services.as_ref(), Some(service))
    }

    /// Whether it is only about requests of services that leak.
    pub(super) fn is_leaky(&self) -> bool {
        self.tests.contains(&Test::Leaky(true))
    }

    /// Whether a step that may satisfy it does, as seen by who did it (`own`) or who called.
    pub(in crate::demo) fn holds(&self, request: &Finished, step: &StepDone, own: bool) -> bool {
        let duration = step.end_us - start_us(step, own);
        self.tests.iter().all(|test| match test {
            Test::Ok(ok) => *ok == (step.outcome == Outcome::Ok),
            Test::Cause(causes) => {
                matches!(step.outcome, Outcome::Failed(cause) if causes & bit(cause) != 0)
            }
            Test::Status(from, to) => (*from..=*to).contains(&request.status),
            Test::Over(us) => duration >= *us,
            Test::Under(us) => duration < *us,
            Test::WaitedOver(us) => step.waited_us >= *us,
            // NaN, a step without one, is neither.
            Test::ConfidenceBelow(mark) => step.confidence < *mark,
            Test::ConfidenceOver(mark) => step.confidence >= *mark,
            Test::Retry(retry) => *retry == (step.attempt > 0),
            Test::Retried(retried) => *retried == was_retried(request, step),
            Test::Foreign(foreign) => *foreign == request.foreign,
            Test::Leaky(leaky) => *leaky == request.leaky,
            Test::AuthMethod(method) => *method == request.method,
            Test::Departments(set) => set.get(usize::from(request.department)) == Some(&true),
            Test::Roles(set) => set.get(usize::from(request.role)) == Some(&true),
            Test::Deployed(_)
            | Test::Killed(_)
            | Test::Began(_)
            | Test::States(_)
            | Test::CountOver(_)
            | Test::Name(_) => false,
        })
    }

    /// Whether a notice that may satisfy it does.
    pub(in crate::demo) fn holds_for(&self, notice: &Notice) -> bool {
        self.tests.iter().all(|test| match (test, &notice.what) {
            (Test::Deployed(wanted), NoticeKind::Started { deployed, .. }) => wanted == deployed,
            (Test::Killed(wanted), NoticeKind::Stopped { killed }) => wanted == killed,
            (Test::Began(wanted), NoticeKind::Batch { began, .. }) => wanted == began,
            (Test::Name(names), NoticeKind::Batch { name, .. }) => {
                names.iter().any(|like| is_like(like, name))
            }
            (Test::States(states), NoticeKind::Thermal { state, .. }) => states.contains(&i64::from(*state)),
            (Test::CountOver(mark), NoticeKind::Retransmits { count, .. }) => i64::from(*count) >= *mark,
            (Test::Over(us), what) => length_us(what).is_some_and(|length| length >= *us),
            (Test::Under(us), what) => length_us(what).is_some_and(|length| length < *us),
            _ => false,
        })
    }
}

/// When a step began for who did it (`own`), who knows nothing of its way there, or for who called.
pub(in crate::demo) fn start_us(step: &StepDone, own: bool) -> i64 {
    if own { (step.start_us + step.way_us).min(step.end_us) } else { step.start_us }
}

fn length_us(what: &NoticeKind) -> Option<i64> {
    match what {
        NoticeKind::PoolWait { waited_us, .. } => Some(*waited_us),
        NoticeKind::Pause { us, .. } => Some(*us),
        NoticeKind::Report { longest_us, .. } => Some(*longest_us),
        _ => None,
    }
}

/// Whether the caller made another attempt at this step.
fn was_retried(request: &Finished, step: &StepDone) -> bool {
    request.steps.iter().any(|other| {
        (other.step, other.parent) == (step.step, step.parent) && other.attempt == step.attempt + 1
    })
}

/// The kind of a notice.
pub(in crate::demo) fn kind(what: &NoticeKind) -> On {
    match what {
        NoticeKind::Started { .. } => On::Started,
        NoticeKind::Stopped { .. } => On::Stopped,
        NoticeKind::PoolWait { .. } => On::PoolWait,
        NoticeKind::Pause { .. } => On::Pause,
        NoticeKind::Thermal { .. } => On::Thermal,
        NoticeKind::Batch { .. } => On::Batch,
        NoticeKind::Retransmits { .. } => On::Retransmits,
        NoticeKind::Report { .. } => On::Report,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_anything_at_an_end() {
        for (pattern, word, like) in [
            ("a", "a", true),
            ("a", "ab", false),
            ("a*", "ab", true),
            ("*b", "ab", true),
            ("*b", "ba", false),
            ("*", "", true),
            ("*b*", "abc", true),
            ("*d*", "abc", false),
        ] {
            assert_eq!(is_like(pattern, word), like, "{pattern} {word}");
        }
    }
}
