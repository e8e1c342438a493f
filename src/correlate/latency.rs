//! Time: which operations take longer by themselves, and which calls wait for something that neither side accounts for.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::channel::Scored;
use super::detail::Detail;
use super::frame::Frame;
use super::spans::Forest;
use super::stats;

/// What is timed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    /// An operation's own time.
    Own { component: u32, operation: u32 },
    /// The gap of an operation that waits for a peer.
    Gap { caller: u32, callee: u32, operation: u32 },
}

/// Logarithms of times, by piece.
struct Times {
    key: Key,
    by_piece: Vec<Vec<f64>>,
}

/// All times of all keys.
pub struct Latency {
    keys: Vec<Times>,
    /// Requests (traces) of each piece.
    traces: Vec<f64>,
    components: Vec<Arc<str>>,
    operations: Vec<String>,
}

/// How far a key is from what it was.
struct Shift {
    nats: f64,
    before: f64,
    after: f64,
    count: usize,
    /// Seconds too much, over all spans.
    excess: f64,
}

/// Calm spans that a key needs to take part in the prior.
const KNOWN: usize = 8;
/// A shift of a tenth is nothing.
const TENTH: f64 = 0.1;

impl Latency {
    /// Of the traces.
    pub fn new(forest: &Forest, frame: &Frame) -> Self {
        let mut keys: BTreeMap<Key, Vec<Vec<f64>>> = BTreeMap::new();
        let pieces = frame.pieces.len();
        for (at, node) in forest.nodes.iter().enumerate() {
            let key = match forest.peer(at as u32) {
                Some(callee) => Key::Gap { caller: node.component, callee, operation: node.operation },
                None => Key::Own { component: node.component, operation: node.operation },
            };
            // A microsecond is as short as it gets.
            let time = stats::ln(node.own.max(1_000) as f64 / 1e9);
            keys.entry(key).or_insert_with(|| vec![Vec::new(); pieces])[node.piece as usize].push(time);
        }
        let mut traces = vec![0.0; pieces];
        for first in forest.traces.iter().take(forest.traces.len().saturating_sub(1)) {
            if let Some(node) = forest.nodes.get(*first as usize) {
                traces[node.piece as usize] += 1.0;
            }
        }
        Self {
            keys: keys
                .into_iter()
                .map(|(key, mut by_piece)| {
                    for values in &mut by_piece {
                        stats::sort(values);
                    }
                    Times { key, by_piece }
                })
                .collect(),
            traces,
            components: frame.components.clone(),
            operations: forest.operations.iter().map(|one| one.name.clone()).collect(),
        }
    }

    /// Whether there is anything to measure.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Requests of each piece.
    pub fn volume(&self) -> &[f64] {
        &self.traces
    }

    fn shifts(&self, target: usize, reference: &[usize]) -> Vec<Option<Shift>> {
        let calm: Vec<Vec<f64>> = self.keys.iter().map(|times| times.gathered(reference)).collect();
        // What is typical of all keys: the prior for those that are hardly known.
        let known: Vec<(f64, f64)> = calm
            .iter()
            .filter(|values| values.len() >= KNOWN)
            .map(|values| (stats::mean(values), stats::spread(values)))
            .collect();
        let mut means: Vec<f64> = known.iter().map(|one| one.0).collect();
        stats::sort(&mut means);
        let (middle, between) = (stats::quantile(&means, 0.5), stats::spread(&means).max(0.5));
        let within = stats::median(&known.iter().map(|one| one.1).collect::<Vec<_>>()).max(0.2);

        let raw: Vec<Option<(f64, f64, f64)>> = self
            .keys
            .iter()
            .zip(&calm)
            .map(|(times, calm)| {
                let values = times.by_piece.get(target).filter(|values| !values.is_empty())?;
                if known.is_empty() {
                    return None;
                }
                let (n, own) = (calm.len() as f64, stats::spread(calm));
                let variance = (n * own * own + 5.0 * within * within) / (n + 5.0);
                let pull = variance / (between * between);
                // The middle, for calm time that was not calm throughout.
                let expected = (stats::trimmed(calm) * n + pull * middle) / (n + pull);
                let unsure = variance / (n + pull) + variance / values.len() as f64;
                Some((expected, unsure + times.between_pieces(reference), variance))
            })
            .collect();
        // What all keys have in common is load, not a culprit.
        let common: Vec<f64> = self
            .keys
            .iter()
            .zip(&raw)
            .filter_map(|(times, raw)| Some((stats::mean(times.by_piece.get(target)?), raw.as_ref()?)))
            .map(|(mean, raw)| mean - raw.0)
            .collect();
        let common = if common.len() < KNOWN { 0.0 } else { stats::median(&common).clamp(0.0, 1.0) };

        self.keys
            .iter()
            .zip(raw)
            .zip(&calm)
            .map(|((times, raw), calm)| {
                let (expected, unsure, variance) = raw?;
                let values = times.by_piece.get(target)?;
                let noise = (unsure + TENTH * TENTH).sqrt();
                let z = (stats::mean(values) - expected - common) / noise;
                // The slow tenth too, where there are enough spans to have one.
                let slow = if values.len() >= 10 && calm.len() >= 10 {
                    let far = stats::quantile(values, 0.9) - stats::quantile(calm, 0.9) - common;
                    far / (noise * noise + 2.0 * variance / values.len() as f64).sqrt()
                } else {
                    0.0
                };
                let typical = stats::exp(expected);
                let excess = values.iter().map(|value| stats::exp(*value) - typical).sum::<f64>().max(0.0);
                Some(Shift {
                    nats: stats::tail(z.max(0.8 * slow)),
                    before: typical,
                    after: stats::exp(stats::mean(values)),
                    count: values.len(),
                    excess,
                })
            })
            .collect()
    }

    /// Own time and gaps together, by component.
    pub fn score(&self, target: usize, reference: &[usize]) -> Vec<Scored> {
        let mut all = vec![Scored::default(); self.components.len()];
        let mut own = vec![0.0_f64; all.len()];
        let mut edges: BTreeMap<(u32, u32), (f64, f64)> = BTreeMap::new();
        let mut told: BTreeMap<(u32, u32), (f64, Detail)> = BTreeMap::new();
        for (times, shift) in self.keys.iter().zip(self.shifts(target, reference)) {
            let Some(shift) = shift else { continue };
            match times.key {
                Key::Own { component, operation } => {
                    let at = component as usize;
                    own[at] = own[at].max(shift.nats);
                    all[at].add(shift.nats, || Detail::Own {
                        operation: self.operations[operation as usize].clone(),
                        before: shift.before,
                        after: shift.after,
                        spans: shift.count,
                    });
                }
                Key::Gap { caller, callee, .. } => {
                    let edge = edges.entry((caller, callee)).or_default();
                    edge.0 += shift.nats * shift.count as f64;
                    edge.1 += shift.count as f64;
                    let detail = Detail::Gap {
                        caller: Arc::clone(&self.components[caller as usize]),
                        callee: Arc::clone(&self.components[callee as usize]),
                        before: shift.before,
                        after: shift.after,
                        spans: shift.count,
                    };
                    let strongest = told.entry((caller, callee)).or_insert_with(|| (0.0, detail.clone()));
                    if shift.nats > strongest.0 {
                        *strongest = (shift.nats, detail);
                    }
                }
            }
        }
        // A delay belongs to a node and is seen on its edges: those that come in, those that go out, or both.
        // Each edge has its price, or a node with many edges would always be the one.
        let mut sides = vec![(0.0_f64, 0.0_f64); all.len()];
        for ((caller, callee), (sum, count)) in &edges {
            let value = sum / count.max(1.0) - 1.5;
            sides[*caller as usize].1 += value;
            sides[*callee as usize].0 += value;
        }
        for ((caller, callee), (nats, detail)) in told {
            for at in [caller, callee] {
                all[at as usize].add(nats, || detail.clone());
            }
        }
        for ((scored, own), (incoming, outgoing)) in all.iter_mut().zip(own).zip(sides) {
            let gap = incoming.max(outgoing).max(incoming + outgoing).max(0.0);
            scored.nats = stats::cap(own + 12.0 * libm::log1p(gap / 12.0), 20.0);
        }
        all
    }

    /// The share of all excess time that is a component's, by component.
    pub fn excess(&self, target: usize, reference: &[usize]) -> Vec<Scored> {
        let count = self.components.len();
        // Own excess, and what is waited for it and what it waits.
        let mut parts = vec![(0.0_f64, 0.0_f64, 0.0_f64); count];
        let (mut usual, mut all) = (0.0, 0.0);
        for (times, shift) in self.keys.iter().zip(self.shifts(target, reference)) {
            let Some(shift) = shift else { continue };
            usual += shift.before * shift.count as f64;
            // Only what is more than chance is an excess.
            let excess = shift.excess * shift.nats / (shift.nats + 4.0);
            all += excess;
            match times.key {
                Key::Own { component, .. } => parts[component as usize].0 += excess,
                Key::Gap { caller, callee, .. } => {
                    parts[callee as usize].1 += excess;
                    parts[caller as usize].2 += excess;
                }
            }
        }
        // A delay that is seen on several edges of one node is that node's; one edge alone is the callee's a little more.
        let seconds: Vec<f64> =
            parts.into_iter().map(|(own, incoming, outgoing)| own + incoming.max(0.9 * outgoing)).collect();
        let requests = self.traces.get(target).copied().unwrap_or(0.0).max(1.0);
        let relative = if usual > 0.0 { all / usual } else { 0.0 };
        seconds
            .into_iter()
            .map(|seconds| {
                let share = if all > 0.0 { seconds / all } else { 0.0 };
                let mut scored =
                    Scored { nats: 12.0 * share * relative / (relative + 0.3), details: Vec::new() };
                scored.add(scored.nats, || Detail::Excess { share, seconds: seconds / requests });
                scored
            })
            .collect()
    }
}

impl Times {
    /// The values of some pieces, sorted.
    fn gathered(&self, pieces: &[usize]) -> Vec<f64> {
        let mut all: Vec<f64> =
            pieces.iter().filter_map(|piece| self.by_piece.get(*piece)).flatten().copied().collect();
        stats::sort(&mut all);
        all
    }

    /// How much calm pieces differ among each other, beyond what their numbers explain: a variance. One calm piece
    /// that was not calm must not make a key deaf, so it is a robust one.
    fn between_pieces(&self, pieces: &[usize]) -> f64 {
        let means: Vec<(f64, f64)> = pieces
            .iter()
            .filter_map(|piece| self.by_piece.get(*piece))
            .filter(|values| values.len() >= 3)
            .map(|values| (stats::mean(values), stats::deviation(values).powi(2) / values.len() as f64))
            .collect();
        if means.len() < 2 {
            return 0.0;
        }
        let mut centres: Vec<f64> = means.iter().map(|one| one.0).collect();
        stats::sort(&mut centres);
        let noise = stats::median(&means.iter().map(|one| one.1).collect::<Vec<_>>());
        let between = if centres.len() < 4 { stats::deviation(&centres) } else { stats::spread(&centres) };
        (between.powi(2) - noise).max(0.0)
    }
}
