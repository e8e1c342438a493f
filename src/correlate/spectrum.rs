//! Who takes part in the requests that are slow or odd, and not in those that are fine. One fault explains most of what
//! is seen when most of what is seen went through it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::channel::Scored;
use super::detail::Detail;
use super::frame::Frame;
use super::spans::Forest;
use super::stats;
use super::structure::Structure;

/// One request, in short.
struct Request {
    trace: u32,
    piece: u32,
    /// Operation of its first span.
    kind: u32,
    /// Logarithm of its duration.
    time: f64,
    /// Components that take part, sorted.
    parts: Vec<u32>,
}

/// All requests.
pub struct Spectrum<'a> {
    requests: Vec<Request>,
    structure: &'a Structure,
    components: Vec<Arc<str>>,
}

impl<'a> Spectrum<'a> {
    /// Of traces.
    pub fn new(forest: &Forest, frame: &Frame, structure: &'a Structure) -> Self {
        let requests = forest
            .traces
            .windows(2)
            .enumerate()
            .map(|(trace, range)| {
                let nodes = &forest.nodes[range[0] as usize..range[1] as usize];
                let first = &nodes[0];
                let mut parts: Vec<u32> = nodes.iter().map(|node| node.component).collect();
                parts.sort_unstable();
                parts.dedup();
                let end = nodes.iter().map(|node| node.start.saturating_add(node.duration)).max();
                let time = end.map_or(0, |end| end.saturating_sub(first.start)).max(1000) as f64 / 1e9;
                Request {
                    trace: trace as u32,
                    piece: first.piece,
                    kind: first.operation,
                    time: stats::ln(time),
                    parts,
                }
            })
            .collect();
        Self { requests, structure, components: frame.components.clone() }
    }

    /// By component.
    pub fn score(&self, target: usize, reference: &[usize]) -> Vec<Scored> {
        // Slow is what one in twenty of its kind and company was in calm.
        let mut calm: BTreeMap<(u32, &[u32]), Vec<f64>> = BTreeMap::new();
        for request in self.requests.iter().filter(|one| reference.contains(&(one.piece as usize))) {
            calm.entry((request.kind, &request.parts)).or_default().push(request.time);
        }
        let slow: BTreeMap<(u32, &[u32]), f64> = calm
            .into_iter()
            .filter(|(_, times)| times.len() >= 5)
            .map(|(key, mut times)| {
                stats::sort(&mut times);
                (key, stats::quantile(&times, 0.95) + 0.3)
            })
            .collect();
        let odd = self.structure.odd_traces(target, reference);
        let mut counts = vec![[0.0_f64; 2]; self.components.len()];
        let mut sides = [0.0_f64; 2];
        for request in self.requests.iter().filter(|one| one.piece as usize == target) {
            let late = slow.get(&(request.kind, &request.parts[..])).is_some_and(|mark| request.time > *mark);
            let side = usize::from(!(late || odd.contains(&request.trace)));
            sides[side] += 1.0;
            for part in &request.parts {
                counts[*part as usize][side] += 1.0;
            }
        }
        counts
            .into_iter()
            .map(|[with, without]| {
                let nats = stats::cap(stats::shares(with, sides[0], without, sides[1]).max(0.0), 20.0);
                let mut scored = Scored { nats, details: Vec::new() };
                scored.add(nats, || Detail::Spectrum {
                    odd: with / sides[0].max(1.0),
                    fine: without / sides[1].max(1.0),
                    count: sides[0] as usize,
                });
                scored
            })
            .collect()
    }
}
