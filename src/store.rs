//! What is known now: the last answer of every question, its age, and what went wrong since.
//!
//! Owns answers and how new ones join old ones (series with gaps, the joined alert list). Must not
//! know which view is open, and never reads a clock: every moment comes with the answer.

pub mod alerts;
pub mod explored;
pub mod history;
mod joined;
mod leaks;
pub mod remote;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

pub use alerts::{AlertRow, Muting, Origin, Watchdog};
pub use explored::{TAIL_LINES, Tail};
pub use history::History;
pub use remote::Remote;

use crate::model::ask::{About, Answer, Answered, Ask, Key, MetricMeta, Target};
use crate::model::records::{Book, Dossier};
use crate::model::{Alert, Fault, Labels, RuleGroup, Sample, Silence, SourceId, Time};

/// How one source fares, over all questions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Health {
    /// Last answer.
    pub answered_at: Option<Time>,
    /// Duration of the last answer.
    pub took_ms: Option<u32>,
    /// Failure of the newest finished request; an answer clears it.
    pub fault: Option<Fault>,
    /// Since when every request has failed.
    pub failing_since: Option<Time>,
    /// The server's clock minus ours, seconds.
    pub clock_skew_s: Option<i64>,
}

/// Label names or values.
pub type Names = Arc<[Box<str>]>;

/// Everything known.
#[derive(Clone, Debug, Default)]
pub struct Store {
    /// Instant queries.
    pub instants: HashMap<Arc<str>, Remote<Arc<[Sample]>>>,
    /// Range queries, by query and step.
    pub ranges: HashMap<(Arc<str>, u32), History>,
    /// Alerting rules.
    pub rules: Remote<Arc<[RuleGroup]>>,
    /// Scrape targets.
    pub targets: Remote<Arc<[Target]>>,
    /// Prometheus's external labels.
    pub external: Remote<Labels>,
    /// Alertmanager's alerts; the rows of the list share them.
    pub alerts: Remote<Arc<[Arc<Alert>]>>,
    /// Alertmanager's silences.
    pub silences: Remote<Arc<[Silence]>>,
    /// What servers say of themselves: status or build info.
    pub about: BTreeMap<SourceId, Remote<About>>,
    /// Readiness words.
    pub ready: BTreeMap<SourceId, Remote<About>>,
    /// Scraped pages.
    pub pages: BTreeMap<Arc<str>, Remote<Arc<[Sample]>>>,
    /// Label names and, by label, values.
    pub names: HashMap<Option<Arc<str>>, Remote<Names>>,
    /// Metric metadata.
    pub metadata: Remote<Arc<[MetricMeta]>>,
    /// Answers of explorers, as they came.
    pub explored: HashMap<Key, Remote<Arc<Answer>>>,
    /// What has come over the live tail, while there is one.
    pub tail: Option<Tail>,
    /// Incidents, as the journal has them.
    pub book: Remote<Arc<Book>>,
    /// All that the journal knows of the incident in sight.
    pub dossier: Option<(Arc<str>, Remote<Arc<Dossier>>)>,
    /// Health of each source.
    pub health: BTreeMap<SourceId, Health>,
}

impl Store {
    /// Takes in what came of a question. `at` is the moment the answer arrived.
    pub fn take(&mut self, ask: &Ask, at: Time, outcome: Result<Answered, Fault>) {
        let source = ask.key().source();
        let health = self.health.entry(source).or_default();
        match &outcome {
            Ok(answered) => {
                health.answered_at = Some(at);
                health.took_ms = Some(answered.took_ms);
                health.fault = None;
                health.failing_since = None;
                health.clock_skew_s = answered.clock_skew_s;
            }
            // It was refused before it was sent: nothing is told of the server.
            Err(fault) if fault.kind == crate::model::FaultKind::BadQuery && fault.status.is_none() => {}
            // A refused query is the query's fault: the server did answer.
            Err(fault) if fault.kind == crate::model::FaultKind::BadQuery => {
                health.answered_at = Some(at);
                health.fault = None;
                health.failing_since = None;
            }
            Err(fault) => {
                health.fault = Some(fault.clone());
                health.failing_since.get_or_insert(at);
            }
        }
        match outcome {
            Ok(answered) => self.take_answer(ask, at, answered),
            Err(fault) => self.take_fault(&ask.key(), at, fault),
        }
    }

    fn take_answer(&mut self, ask: &Ask, at: Time, answered: Answered) {
        let Answered { answer, warnings, .. } = answered;
        let key = ask.key();
        if key.is_explored() {
            // As below: an answer to something else leaves the question open.
            if !key.is_answered_by(&answer) {
                return;
            }
            let evaluated = if let Ask::Window { end, .. } = ask { *end } else { at };
            let remote = self.explored.entry(key).or_default();
            return remote.answer(Arc::new(answer), at, Some(evaluated), warnings);
        }
        match (ask, answer) {
            (Ask::Instant { query, at: evaluated }, Answer::Vector(samples)) => {
                let remote = self.instants.entry(query.clone()).or_default();
                remote.answer(samples.into(), at, Some(*evaluated), warnings);
            }
            (Ask::Range { query, start, end, step_s }, Answer::Matrix(series)) => {
                let history = self.ranges.entry((query.clone(), *step_s)).or_default();
                history.extend(series, *start, *end, *step_s, at, warnings);
            }
            (Ask::Plain(Key::Page(name)), Answer::Page(samples)) => {
                self.pages.entry(name.clone()).or_default().answer(samples.into(), at, Some(at), warnings);
            }
            (Ask::Plain(Key::LabelValues(name)), Answer::Names(values)) => {
                self.names.entry(Some(name.clone())).or_default().answer(values.into(), at, None, warnings);
            }
            (Ask::Plain(Key::LabelNames), Answer::Names(names)) => {
                self.names.entry(None).or_default().answer(names.into(), at, None, warnings);
            }
            (Ask::Plain(Key::Ready(source)), Answer::About(about)) => {
                self.ready.entry(source.clone()).or_default().answer(about, at, None, warnings);
            }
            (Ask::Plain(Key::BuildInfo(source)), Answer::About(about)) => {
                self.about.entry(source.clone()).or_default().answer(about, at, None, warnings);
            }
            (Ask::Plain(Key::Status), Answer::About(about)) => {
                self.about.entry(SourceId::ALERTMANAGER).or_default().answer(about, at, None, warnings);
            }
            (Ask::Plain(Key::Rules), Answer::Rules(groups)) => {
                self.rules.answer(groups.into(), at, Some(at), warnings);
            }
            (Ask::Plain(Key::Targets), Answer::Targets(targets)) => {
                self.targets.answer(targets.into(), at, Some(at), warnings);
            }
            (Ask::Plain(Key::ExternalLabels), Answer::ExternalLabels(labels)) => {
                self.external.answer(labels, at, None, warnings);
            }
            (Ask::Plain(Key::Alerts), Answer::Alerts(alerts)) => {
                let shared = alerts.into_iter().map(Arc::new).collect();
                self.alerts.answer(shared, at, Some(at), warnings);
            }
            (Ask::Plain(Key::Silences), Answer::Silences(list)) => {
                self.silences.answer(list.into(), at, Some(at), warnings);
            }
            (Ask::Plain(Key::Metadata), Answer::Metadata(list)) => {
                self.metadata.answer(list.into(), at, None, warnings);
            }
            // A client that answers something else than it was asked is a defect in the client; the
            // question then stays unanswered, which the screen shows.
            (_, _) => {}
        }
    }

    /// Whether anything is known to a question: an answer, or why there is none.
    pub fn knows(&self, key: &Key) -> bool {
        match key {
            Key::Instant(query) => self.instants.get(query).is_some_and(Remote::is_known),
            Key::Range(query, step) => {
                self.ranges.get(&(query.clone(), *step)).is_some_and(|history| history.remote.is_known())
            }
            Key::Rules => self.rules.is_known(),
            Key::Targets => self.targets.is_known(),
            Key::ExternalLabels => self.external.is_known(),
            Key::LabelNames => self.names.get(&None).is_some_and(Remote::is_known),
            Key::LabelValues(name) => self.names.get(&Some(name.clone())).is_some_and(Remote::is_known),
            Key::Metadata => self.metadata.is_known(),
            Key::Alerts => self.alerts.is_known(),
            Key::Silences => self.silences.is_known(),
            Key::Status => self.about.get(&SourceId::ALERTMANAGER).is_some_and(Remote::is_known),
            Key::BuildInfo(source) => self.about.get(source).is_some_and(Remote::is_known),
            Key::Ready(source) => self.ready.get(source).is_some_and(Remote::is_known),
            Key::Page(name) => self.pages.get(name).is_some_and(Remote::is_known),
            explored => self.explored.get(explored).is_some_and(Remote::is_known),
        }
    }

    fn take_fault(&mut self, key: &Key, at: Time, fault: Fault) {
        match key {
            Key::Instant(query) => self.instants.entry(query.clone()).or_default().fault(fault, at),
            Key::Range(query, step) => {
                self.ranges.entry((query.clone(), *step)).or_default().fault(fault, at);
            }
            Key::Rules => self.rules.fault(fault, at),
            Key::Targets => self.targets.fault(fault, at),
            Key::ExternalLabels => self.external.fault(fault, at),
            Key::LabelNames => self.names.entry(None).or_default().fault(fault, at),
            Key::LabelValues(name) => self.names.entry(Some(name.clone())).or_default().fault(fault, at),
            Key::Metadata => self.metadata.fault(fault, at),
            Key::Alerts => self.alerts.fault(fault, at),
            Key::Silences => self.silences.fault(fault, at),
            Key::Status => self.about.entry(SourceId::ALERTMANAGER).or_default().fault(fault, at),
            Key::BuildInfo(source) => self.about.entry(source.clone()).or_default().fault(fault, at),
            Key::Ready(source) => self.ready.entry(source.clone()).or_default().fault(fault, at),
            Key::Page(name) => self.pages.entry(name.clone()).or_default().fault(fault, at),
            explored => self.explored.entry(explored.clone()).or_default().fault(fault, at),
        }
    }

    /// Forgets every answer that belongs to a window: another window asks anew, and an answer for
    /// another time is never shown for this one.
    pub fn forget_window(&mut self) {
        self.instants.clear();
        self.ranges.clear();
        self.explored.retain(|key, _| !key.is_of_window());
        self.tail = None;
    }

    /// Drops answers to questions that nobody asks any more, so that a console that runs for weeks
    /// does not grow.
    pub fn retain_queries(&mut self, wanted: &dyn Fn(&Key) -> bool, now: Time) {
        let old = |at: Option<Time>| at.is_none_or(|at| (now - at).num_seconds() > 300);
        self.instants
            .retain(|query, remote| wanted(&Key::Instant(query.clone())) || !old(remote.answered_at()));
        self.ranges.retain(|(query, step), history| {
            wanted(&Key::Range(query.clone(), *step)) || !old(history.remote.answered_at())
        });
        self.explored.retain(|key, remote| wanted(key) || !old(remote.answered_at()));
    }
}

#[cfg(test)]
mod tests;
