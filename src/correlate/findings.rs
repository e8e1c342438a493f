//! The result: ranked components with what speaks for each, and whether that is enough to name one.

use std::sync::Arc;

use super::causes::Cause;
use super::channel::{Channel, Look};
use super::detail::Detail;
use super::fuse::{self, Voice};
use super::onset::Strength;
use super::stats;

/// Whether the evidence names somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The first finding is likely the culprit.
    Culprit,
    /// Nothing is sure enough; perhaps nothing happened.
    Unsure,
}

/// One of the signals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Signal {
    /// Metrics.
    Metric,
    /// Log lines.
    Log,
    /// Traces.
    Trace,
    /// Alerts.
    Alert,
    /// Changes.
    Change,
}

/// What speaks for a finding.
#[derive(Clone, Debug, PartialEq)]
pub struct Witness {
    /// Which signal.
    pub signal: Signal,
    /// What was seen.
    pub detail: Detail,
    /// In nats: the logarithm of the likelihood ratio that its channel gives.
    pub strength: f64,
    /// When it began, in unix seconds.
    pub at: Option<f64>,
}

/// A component, with what speaks for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// From 1.
    pub rank: usize,
    /// Its name.
    pub component: Arc<str>,
    /// The kind of cause that explains most.
    pub cause: Cause,
    /// Logarithm of how much likelier it is the culprit than one of which nothing is known.
    pub score: f64,
    /// Probability that it is the culprit.
    pub confidence: f64,
    /// When it began, in unix seconds.
    pub onset: Option<f64>,
    /// What speaks for it, strongest first.
    pub witnesses: Vec<Witness>,
    /// How its course follows the symptom's.
    pub strength: Option<Strength>,
    /// Findings ahead of it that it needs: it is likely their victim.
    pub downstream_of: Vec<Arc<str>>,
}

/// How much scores have to be trusted less than they say: channels are not quite independent.
const HEAT: f64 = 1.2;
/// Score of "nobody": what the first one has in calm.
const NOBODY: f64 = 5.25;
/// Share of cases in which something else is wrong that no evidence shows: nobody is ever quite sure.
const OTHERWISE: f64 = 0.04;
/// Confidence from which a culprit is named.
const NAMED: f64 = 0.5;

/// Probabilities of all components; what is left is that it is nobody of them.
pub fn confidences(scores: &[f64]) -> Vec<f64> {
    let top = scores.iter().copied().fold(NOBODY, f64::max);
    let weight = |score: f64| stats::exp((score - top) / HEAT);
    let all: f64 = scores.iter().map(|score| weight(*score)).sum::<f64>() + weight(NOBODY);
    scores.iter().map(|score| (1.0 - OTHERWISE) * weight(*score) / all).collect()
}

/// Whether the first is named.
pub fn verdict(findings: &[Finding]) -> Verdict {
    if findings.first().is_some_and(|first| first.confidence >= NAMED) {
        Verdict::Culprit
    } else {
        Verdict::Unsure
    }
}

/// What speaks for a component, strongest first.
pub fn witnesses(channels: &[Channel], voices: &[Voice], at: usize, cause: Cause) -> Vec<Witness> {
    let mut all = Vec::new();
    for (channel, voice) in channels.iter().zip(voices) {
        let Some(scored) = channel.window.get(at) else { continue };
        let ratio = voice.ratio.get(at).copied().unwrap_or(0.0);
        for (nats, detail) in scored.details.iter().take(2) {
            // Details of one channel share its voice by how much each says.
            let share = nats / scored.details.first().map_or(1.0, |first| first.0).max(1e-9);
            let strength = ratio * fuse::weight(cause, voice.look) * share;
            if *nats >= 1.0 && strength > 0.05 {
                all.push(Witness {
                    signal: signal(channel.look),
                    detail: detail.clone(),
                    strength,
                    at: None,
                });
            }
        }
    }
    all.sort_by(|a, b| b.strength.total_cmp(&a.strength));
    all.truncate(8);
    all
}

fn signal(look: Look) -> Signal {
    match look {
        Look::Latency | Look::Excess | Look::Structure | Look::Shape | Look::Spectrum => Signal::Trace,
        Look::Logs => Signal::Log,
        Look::Metric(_) | Look::Silence => Signal::Metric,
        Look::Alerts => Signal::Alert,
        Look::Changes => Signal::Change,
    }
}
