//! From evidence to findings: what broke first, in which way, how sure that is, and what says so.
//!
//! Owns the analysis: each component against its own calm time, signal by signal, and one answer of them all. Pure and
//! deterministic: the same evidence gives the same findings, in whatever order its lines stand. Must not do I/O, read
//! a clock, or know a data set, a service or a name of the field.

pub mod advised;
pub mod causes;
mod channel;
pub mod detail;
mod events;
pub mod findings;
mod frame;
mod fuse;
pub mod json;
pub mod kinds;
mod latency;
mod lines;
mod logs;
mod metrics;
mod moves;
mod naming;
mod onset;
pub mod report;
mod spans;
mod spectrum;
mod stats;
mod structure;
pub mod summary;
mod topology;

use std::sync::Arc;

pub use advised::{Advised, AdvisedFinding};
pub use causes::Cause;
use channel::{Channel, Look};
use findings::{Finding, Verdict};
use frame::Frame;
use kinds::Metric;
use latency::Latency;
use lines::Lines;
use logs::Rates;
use metrics::Metrics;
pub use onset::Strength;
use spans::Forest;
use spectrum::Spectrum;
use structure::Structure;
use topology::Topology;

use crate::model::evidence::{Evidence, Relation};

/// What a caller may say besides the evidence.
#[derive(Clone, Debug)]
pub struct Options {
    /// Labels that name a component; the first that a record has counts.
    pub naming: Vec<String>,
    /// Components that findings are limited to; all where none is named. The analysis sees all either way.
    pub only: Vec<String>,
}

impl Default for Options {
    fn default() -> Self {
        let naming = ["service", "service_name", "job", "app", "container", "pod", "instance"];
        Self { naming: naming.map(str::to_owned).to_vec(), only: Vec::new() }
    }
}

/// What there is of each signal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Series.
    pub series: usize,
    /// Series that tell of a model of machine learning.
    pub models: usize,
    /// Lines in window and calm time.
    pub lines: usize,
    /// Templates of these.
    pub templates: usize,
    /// Lines in the window that speak of an error.
    pub errors: usize,
    /// Traces in window and calm time.
    pub traces: usize,
    /// Their spans.
    pub spans: usize,
    /// Spans in the window that say that they failed.
    pub failed: usize,
    /// Alerts.
    pub alerts: usize,
    /// Changes.
    pub changes: usize,
}

/// What is not there, so that nobody takes silence for calm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Missing {
    /// No series.
    Metrics,
    /// No lines.
    Logs,
    /// No traces.
    Traces,
    /// No calm time: nothing can be compared.
    Calm,
    /// One calm piece, or what there is lies in one: false alarms cannot be told.
    FewCalm,
    /// Neither spans nor edges: blame cannot move from symptom to cause.
    Topology,
}

/// The result.
#[derive(Clone, Debug)]
pub struct Analysis {
    /// Whether somebody is named.
    pub verdict: Verdict,
    /// All components with any evidence, likeliest first.
    pub findings: Vec<Finding>,
    /// What there is.
    pub counts: Counts,
    /// What there is not.
    pub missing: Vec<Missing>,
}

/// What callees explain of a caller's inclusive figures, and of odd work.
const INCLUSIVE: f64 = 0.7;
/// The same for odd work, which a caller can have of its own.
const ODD: f64 = 0.5;
/// Against a component that the symptom does not need.
const UNREACHABLE: f64 = 1.6;
/// Against one through which no request of the window went, where spans tell of requests.
const UNUSED: f64 = 2.5;
/// Against an address, behind which somebody stands.
const ADDRESS: f64 = 3.0;

/// Analyses the evidence.
pub fn analyse(evidence: &Evidence, options: &Options) -> Analysis {
    let frame = Frame::new(evidence, &options.naming);
    let forest = Forest::new(evidence, &frame);
    let lines = Lines::new(evidence, &frame);
    let topology = Topology::new(evidence, &frame, &forest);
    let metrics = Metrics::new(evidence, &frame);
    let channels = channels(evidence, &frame, &forest, &lines, &topology, &metrics);
    let symptom = evidence
        .manifest
        .symptom
        .as_ref()
        .and_then(|symptom| Some((frame.find(&symptom.component)?, Metric::of(&symptom.signal))));

    let voices: Vec<fuse::Voice> = channels.iter().map(fuse::voice).collect();
    let mut explained = fuse::explain(&voices, frame.len(), symptom.map(|symptom| symptom.1));
    let hosts: Vec<(usize, usize)> = evidence
        .edges
        .iter()
        .filter(|edge| edge.relation == Relation::RunsOn)
        .filter_map(|edge| Some((frame.find(&edge.caller)?, frame.find(&edge.callee)?)))
        .collect();
    for (at, one) in explained.iter_mut().enumerate() {
        one.1 = naming::call(one.1, &channels, &voices, at);
    }
    moves::to_machines(&mut explained, &voices, &hosts);
    moves::to_gone(&mut explained, &voices, &topology.callers);
    let against = against(&frame, &forest, &topology, symptom.map(|symptom| symptom.0));
    for (one, against) in explained.iter_mut().zip(against) {
        one.0 -= against;
    }
    let scores: Vec<f64> = explained.iter().map(|one| one.0).collect();
    let confidences =
        if frame.pieces.len() > 1 { findings::confidences(&scores) } else { vec![0.0; scores.len()] };

    let courses = onset::Courses::new(&forest, &metrics, &frame, symptom);
    let calm: Vec<usize> = frame.calm().collect();
    let mut order: Vec<usize> = (0..frame.len()).collect();
    // Of equals the first in the alphabet.
    order.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]).then(a.cmp(b)));
    let seen = |at: &usize| channels.iter().any(|channel| channel.window[*at].nats > 0.0);
    let wanted = |at: &usize| {
        options.only.is_empty() || options.only.iter().any(|name| **name == *frame.components[*at])
    };
    let mut all: Vec<Finding> = Vec::new();
    for at in order.into_iter().filter(seen).filter(wanted) {
        let cause = explained[at].1;
        let mut witnesses = findings::witnesses(&channels, &voices, at, cause);
        for witness in &mut witnesses {
            witness.at = onset::of(&witness.detail, at, &forest, &frame);
        }
        let reached = topology.reachable(at);
        let downstream_of = all
            .iter()
            .take(3)
            .filter(|ahead| frame.find(&ahead.component).is_some_and(|ahead| reached[ahead]))
            .map(|ahead| Arc::clone(&ahead.component))
            .collect();
        let first = witnesses.iter().filter_map(|witness| witness.at).fold(f64::INFINITY, f64::min);
        let left = metrics.left(at, &calm).unwrap_or(f64::INFINITY);
        let onset = if first.is_finite() { first } else { left };
        all.push(Finding {
            rank: all.len() + 1,
            component: Arc::clone(&frame.components[at]),
            cause,
            score: scores[at],
            confidence: confidences[at],
            onset: onset.is_finite().then_some(onset),
            witnesses,
            strength: courses.strength(at),
            downstream_of,
        });
    }
    Analysis {
        verdict: findings::verdict(&all),
        counts: counts(evidence, &frame, &forest, &lines),
        missing: missing(evidence, &frame, &forest, &lines, &topology),
        findings: all,
    }
}

fn channels(
    evidence: &Evidence,
    frame: &Frame,
    forest: &Forest,
    lines: &Lines,
    topology: &Topology,
    metrics: &Metrics,
) -> Vec<Channel> {
    let pieces = frame.pieces.len();
    let mut all = Vec::new();
    let latency = Latency::new(forest, frame);
    if !latency.is_empty() {
        all.push(Channel::measure(Look::Latency, pieces, |t, r| latency.score(t, r)));
        all.push(Channel::measure(Look::Excess, pieces, |t, r| latency.excess(t, r)));
    }
    let structure = Structure::new(evidence, frame, forest, lines);
    if !structure.is_empty() {
        let traces = latency.volume();
        let shapes =
            Channel::measure(Look::Shape, pieces, |t, r| topology.explain_away(structure.shapes(t, r), ODD));
        let odd = Channel::measure(Look::Structure, pieces, |t, r| {
            topology.explain_away(structure.score(t, r), ODD)
        });
        let spectrum = Spectrum::new(forest, frame, &structure);
        let took_part = Channel::measure(Look::Spectrum, pieces, |t, r| spectrum.score(t, r));
        all.extend([shapes, took_part, odd].map(|channel| channel.grown(traces)));
    }
    let rates = Rates::new(evidence, frame, lines, topology);
    if !rates.is_empty() {
        let said =
            Channel::measure(Look::Logs, pieces, |t, r| topology.explain_away(rates.score(t, r), INCLUSIVE));
        all.push(said.grown(&rates.volume()));
    }
    for kind in metrics.kinds() {
        let inclusive = matches!(kind, Metric::Latency | Metric::Error | Metric::Availability);
        all.push(Channel::measure(Look::Metric(kind), pieces, |t, r| {
            let scored = metrics.score(kind, t, r);
            if inclusive { topology.explain_away(scored, INCLUSIVE) } else { scored }
        }));
    }
    if !evidence.series.is_empty() {
        let seconds: Vec<f64> = (0..pieces).map(|piece| frame.seconds(piece)).collect();
        let silence = Channel::measure(Look::Silence, pieces, |t, r| metrics.silence(t, r, &seconds));
        // Where nobody ever falls silent, that nobody does says nothing.
        if silence.window.iter().any(|scored| scored.nats > 0.0) {
            all.push(silence);
        }
    }
    if !evidence.alerts.is_empty() {
        all.push(Channel::measure(Look::Alerts, pieces, |t, _| events::alerts(evidence, frame, t)));
    }
    if !evidence.changes.is_empty() {
        all.push(Channel::measure(Look::Changes, pieces, |t, _| events::changes(evidence, frame, t)));
    }
    all
}

/// What speaks against each component, whatever is seen of it.
fn against(frame: &Frame, forest: &Forest, topology: &Topology, symptom: Option<usize>) -> Vec<f64> {
    let mut all: Vec<f64> =
        topology.addresses.iter().map(|address| if *address { ADDRESS } else { 0.0 }).collect();
    if !forest.nodes.is_empty() {
        let mut used = vec![false; frame.len()];
        for node in forest.nodes.iter().filter(|node| node.piece == 0) {
            used[node.component as usize] = true;
        }
        // A machine or a database has no spans of its own; that somebody needs it is use enough.
        for (at, callers) in topology.callers.iter().enumerate() {
            used[at] |= callers.iter().any(|caller| topology.told.contains(&(*caller, at)));
        }
        all.iter_mut().zip(used).filter(|one| !one.1).for_each(|one| *one.0 += UNUSED);
    }
    if let Some(symptom) = symptom.filter(|_| topology.known) {
        let reached = topology.reachable(symptom);
        all.iter_mut().zip(reached).filter(|one| !one.1).for_each(|one| *one.0 += UNREACHABLE);
    }
    all
}

fn counts(evidence: &Evidence, frame: &Frame, forest: &Forest, lines: &Lines) -> Counts {
    let window = |piece: u32| piece == 0;
    let models = ["model_name", "model", "gen_ai.request.model"];
    Counts {
        series: evidence.series.len(),
        models: evidence
            .series
            .iter()
            .filter(|one| models.iter().any(|label| one.labels.get(label).is_some()))
            .count(),
        lines: lines.all.len(),
        templates: lines.templates.len(),
        errors: lines.all.iter().filter(|one| window(one.2) && lines.templates[one.1 as usize].error).count(),
        traces: forest.traces.len().saturating_sub(1),
        spans: forest.nodes.len(),
        failed: forest.nodes.iter().filter(|node| window(node.piece) && node.failed).count(),
        alerts: evidence.alerts.len(),
        changes: evidence.changes.iter().filter(|one| frame.component(&one.labels).is_some()).count(),
    }
}

fn missing(
    evidence: &Evidence,
    frame: &Frame,
    forest: &Forest,
    lines: &Lines,
    topology: &Topology,
) -> Vec<Missing> {
    let calm = frame.pieces.len() - 1;
    [
        (evidence.series.is_empty(), Missing::Metrics),
        (lines.all.is_empty(), Missing::Logs),
        (forest.nodes.is_empty(), Missing::Traces),
        (calm == 0, Missing::Calm),
        (calm == 1, Missing::FewCalm),
        (!topology.known, Missing::Topology),
    ]
    .into_iter()
    .filter_map(|(lacks, what)| lacks.then_some(what))
    .collect()
}

#[cfg(test)]
mod tests;
