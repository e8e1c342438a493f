//! Lines: templates that come more often than calm time and load explain, are new, or stay away.

use std::sync::Arc;

use super::channel::Scored;
use super::detail::Detail;
use super::frame::Frame;
use super::lines::{self, Lines};
use super::stats;
use super::topology::Topology;
use crate::model::evidence::Evidence;

/// Rates of templates.
pub struct Rates<'a> {
    lines: &'a Lines,
    seconds: Vec<f64>,
    components: usize,
    samples: Vec<(Arc<str>, f64)>,
    /// Whom the lines of a template name, where it is one other component.
    named: Vec<Option<usize>>,
}

/// What of a template's fall counts: a step that is missed has often failed elsewhere.
const FALL: f64 = 0.5;
/// What of a caller's error counts for the callee that it names: it may be either's.
const PEER: f64 = 0.5;
/// Lines that speak of an error count more.
const ERROR: f64 = 1.5;

impl<'a> Rates<'a> {
    /// Of templates.
    pub fn new(evidence: &Evidence, frame: &Frame, lines: &'a Lines, topology: &Topology) -> Self {
        Self {
            lines,
            seconds: (0..frame.pieces.len()).map(|piece| frame.seconds(piece).max(1.0)).collect(),
            components: frame.len(),
            named: lines
                .templates
                .iter()
                .map(|one| {
                    let line = &evidence.logs[one.sample as usize].line;
                    let own = one.component as usize;
                    // Only who it calls: a caller is named for other reasons.
                    let mut named = topology.callees[own]
                        .iter()
                        .filter(|callee| one.error && lines::names(line, &frame.components[**callee]));
                    named.next().copied().filter(|_| named.next().is_none())
                })
                .collect(),
            samples: lines
                .templates
                .iter()
                .map(|one| &evidence.logs[one.sample as usize])
                .map(|record| (Arc::clone(&record.line), record.ts as f64 / 1e9))
                .collect(),
        }
    }

    /// Whether there are lines.
    pub fn is_empty(&self) -> bool {
        self.lines.templates.is_empty()
    }

    /// Lines of each piece.
    pub fn volume(&self) -> Vec<f64> {
        let sum = |piece: usize| self.lines.templates.iter().map(|one| f64::from(one.counts[piece])).sum();
        (0..self.seconds.len()).map(sum).collect()
    }

    /// How much more is said than in calm, as a factor: the middle of all templates that are well known.
    fn load(&self, target: usize, reference: &[usize], calm: f64) -> f64 {
        let mut rates: Vec<f64> = self
            .lines
            .templates
            .iter()
            .filter_map(|one| {
                let before: f64 = reference.iter().map(|p| f64::from(one.counts[*p])).sum();
                let now = f64::from(one.counts[target]);
                (before >= 8.0).then(|| stats::ln((now + 0.5) / self.seconds[target] * calm / before))
            })
            .collect();
        if rates.len() < 5 {
            return 1.0;
        }
        stats::sort(&mut rates);
        stats::exp(stats::quantile(&rates, 0.5).clamp(-2.0, 2.0))
    }

    /// By component.
    pub fn score(&self, target: usize, reference: &[usize]) -> Vec<Scored> {
        let calm: f64 = reference.iter().map(|p| self.seconds[*p]).sum();
        let load = self.load(target, reference, calm);
        let mut all = vec![Scored::default(); self.components];
        let mut each: Vec<Vec<f64>> = vec![Vec::new(); self.components];
        for ((template, (sample, first)), named) in
            self.lines.templates.iter().zip(&self.samples).zip(&self.named)
        {
            let now = f64::from(template.counts[target]);
            let before: f64 = reference.iter().map(|p| f64::from(template.counts[*p])).sum();
            let share = self.seconds[target] / calm.max(1.0);
            let expected = (before + 0.3) * share * load;
            let likely = if now > 0.0 { now * stats::ln(now / expected) } else { 0.0 } - (now - expected);
            // Calm minutes differ by more than chance, and a larger count by more.
            let unsteady = self.unsteady(template.counts.as_slice(), reference, calm, before);
            let mut nats = (likely / (1.0 + unsteady * expected)).max(0.0);
            if now < expected {
                nats *= FALL;
            } else if template.error {
                nats *= ERROR;
            }
            let nats = stats::cap(nats, 20.0);
            let at = template.component as usize;
            let detail = || Detail::Lines {
                sample: Arc::clone(sample),
                count: now as usize,
                expected: before * share * load,
                error: template.error,
                first: *first,
            };
            // An error that names whom it called is that one's as much as the speaker's.
            let own = match named.filter(|_| now > expected) {
                Some(named) => {
                    each[named].push(PEER * nats);
                    all[named].add(PEER * nats, detail);
                    (1.0 - PEER) * nats
                }
                None => nats,
            };
            each[at].push(own);
            all[at].add(own, detail);
        }
        for (scored, nats) in all.iter_mut().zip(&mut each) {
            nats.sort_by(|a, b| b.total_cmp(a));
            let sum: f64 =
                nats.iter().take(3).zip([1.0, 0.5, 0.25]).map(|(nats, weight)| nats * weight).sum();
            scored.nats = stats::cap(sum, 20.0);
        }
        all
    }

    /// Squared relative spread of a template's rate between calm pieces, beyond chance.
    fn unsteady(&self, counts: &[u32], reference: &[usize], calm: f64, before: f64) -> f64 {
        if reference.len() < 2 || before < 2.0 {
            return 0.05;
        }
        let (mut beyond, mut squares) = (0.0, 0.0);
        for piece in reference {
            let expected = before * self.seconds[*piece] / calm;
            let count = f64::from(counts[*piece]);
            beyond += (count - expected) * (count - expected) - expected;
            squares += expected * expected;
        }
        (beyond / squares.max(1.0)).clamp(0.05, 4.0)
    }
}
