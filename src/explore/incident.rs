//! An incident, ready to be looked at: likely causes with their evidence, and the signals on one time axis.
//!
//! Computed once, beside the loop, from evidence and what the analysis found in it; a frame reads only what is in sight.

mod events;
mod lanes;

use std::sync::Arc;

use crate::model::evidence::{Evidence, Period, Symptom};
use crate::model::{Point, Time};

pub use events::{Event, EventKind};
pub use lanes::{Lane, LaneKind, pinned};

/// What the analysis says of the whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verdict {
    /// Something stands out.
    Culprit,
    /// Nothing does: no cause is more likely than chance.
    #[default]
    Unsure,
}

/// What the analysis found, worst first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Analysis {
    /// What it says of the whole.
    pub verdict: Verdict,
    /// All components that anything speaks for.
    pub causes: Vec<Cause>,
    /// What to do about it, from the pack.
    pub recommendations: Vec<String>,
    /// What is not known: it would change the answer.
    pub open: Vec<String>,
    /// Milliseconds that it took.
    pub took_ms: u64,
}

impl Analysis {
    /// The first cause, where it stands out.
    pub fn culprit(&self) -> Option<&Cause> {
        self.causes.first().filter(|_| self.verdict == Verdict::Culprit)
    }
}

/// A likely cause.
#[derive(Clone, Debug, PartialEq)]
pub struct Cause {
    /// Where.
    pub component: String,
    /// What people call that; empty where it is its name.
    pub title: String,
    /// In which way, in the words of the analysis: `cpu`, `thermal`, `latency`.
    pub kind: String,
    /// How much speaks for it; more is worse, on no scale.
    pub score: f64,
    /// How sure, from 0 to 1.
    pub confidence: f64,
    /// Since when, where that is known.
    pub onset: Option<Time>,
    /// In a sentence.
    pub summary: String,
    /// What says so, the strongest first.
    pub evidence: Vec<Piece>,
    /// Causes ahead of it that it needs: it is likely their victim.
    pub downstream_of: Vec<String>,
    /// What to do about it, from the pack.
    pub advice: Vec<String>,
    /// Playbooks that fit.
    pub playbooks: Vec<String>,
}

/// A piece of evidence.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    /// What it is of.
    pub signal: Signal,
    /// In a sentence, with numbers.
    pub summary: String,
    /// How much it says, in nats: the logarithm of a likelihood ratio.
    pub strength: f64,
    /// When it began.
    pub at: Option<Time>,
    /// Where it is seen.
    pub goal: Goal,
}

/// Where a piece of evidence comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Signal {
    /// A series.
    Metric,
    /// Log lines.
    Log,
    /// Spans.
    Trace,
    /// An alert.
    Alert,
    /// Something that somebody changed.
    Change,
}

impl Signal {
    /// As JSON writes it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Metric => "metric",
            Self::Log => "log",
            Self::Trace => "trace",
            Self::Alert => "alert",
            Self::Change => "change",
        }
    }
}

/// Where a piece of evidence leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Goal {
    /// A query of the series.
    Metrics(Arc<str>),
    /// A query of log lines.
    Logs(Arc<str>),
    /// A query of traces.
    Traces(Arc<str>),
    /// One trace.
    Trace(crate::model::TraceId),
    /// The alerts of that moment.
    Alerts,
    /// The moment itself, on the axis.
    Moment,
}

/// How sure a cause is, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sureness {
    /// Three in four, or more.
    Likely,
    /// As likely as not.
    Possible,
    /// Less.
    Faint,
}

impl Cause {
    /// How sure it is, in a word.
    pub fn sureness(&self) -> Sureness {
        match self.confidence {
            sure if sure >= 0.75 => Sureness::Likely,
            sure if sure >= 0.4 => Sureness::Possible,
            _ => Sureness::Faint,
        }
    }
}

/// An incident as it is looked at.
#[derive(Clone, Debug)]
pub struct Found {
    /// Its id.
    pub id: String,
    /// When it happened.
    pub window: Period,
    /// Calm time.
    pub baselines: Vec<Period>,
    /// How calm time was found, where that is worth saying.
    pub calm: String,
    /// What was noticed.
    pub symptom: Option<Symptom>,
    /// What the analysis says.
    pub analysis: Analysis,
    /// Signals on the axis, the most telling first.
    pub lanes: Vec<Lane>,
    /// What happened, by time.
    pub events: Vec<Event>,
    /// What is not in the evidence, in sentences.
    pub missing: Vec<String>,
    /// Whether a source did not answer.
    pub incomplete: bool,
    /// When the evidence was gathered.
    pub at: Time,
    /// The evidence, for whoever saves it.
    pub evidence: Arc<Evidence>,
}

// What follows from equal evidence and an equal analysis is equal.
impl PartialEq for Found {
    fn eq(&self, other: &Self) -> bool {
        self.at == other.at && self.evidence == other.evidence && self.analysis == other.analysis
    }
}

/// What is known of the gathering.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Circumstances {
    /// How calm time was found, where that is worth saying.
    pub calm: String,
    /// What is not in the evidence.
    pub missing: Vec<String>,
    /// Whether a source did not answer.
    pub incomplete: bool,
}

impl Found {
    /// Puts an incident together.
    pub fn new(evidence: Arc<Evidence>, analysis: Analysis, about: Circumstances, at: Time) -> Self {
        let manifest = &evidence.manifest;
        Self {
            id: manifest.id.clone(),
            window: manifest.window,
            baselines: manifest.baselines.clone(),
            calm: about.calm,
            symptom: manifest.symptom.clone(),
            lanes: lanes::of(&evidence, &analysis),
            events: events::of(&evidence, &analysis),
            missing: about.missing,
            incomplete: about.incomplete,
            at,
            analysis,
            evidence,
        }
    }

    /// From the first calm moment to the end of the window: what the axis shows at first. Calm time that lies far back
    /// would leave no room for the incident.
    pub fn span(&self) -> Period {
        let length = self.window.end - self.window.start;
        let near = |period: &&Period| self.window.start - period.end <= length;
        let first = self.baselines.iter().filter(near).map(|period| period.start).min();
        let start = first.unwrap_or(self.window.start).min(self.window.start);
        Period { start: start.max(self.window.start - length * 2), end: self.window.end }
    }
}

/// The value of a series at a moment: the last one before it, as far as that is not too long ago.
pub fn value_at(points: &[Point], at_ms: i64, reach_ms: i64) -> Option<f64> {
    let until = points.partition_point(|point| point.t <= at_ms);
    let point = points.get(until.checked_sub(1)?)?;
    (at_ms - point.t <= reach_ms && point.v.is_finite()).then_some(point.v)
}

#[cfg(test)]
mod tests;
