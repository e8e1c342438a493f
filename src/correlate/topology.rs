//! Who needs whom: from spans, and from edges where somebody told them.

use std::collections::{BTreeMap, BTreeSet};

use super::channel::Scored;
use super::frame::Frame;
use super::spans::{Forest, NONE};
use crate::model::evidence::Evidence;

/// Callers, callees and machines.
pub struct Topology {
    /// Whom each component needs, calls and machines together.
    pub callees: Vec<BTreeSet<usize>>,
    /// Who needs each component.
    pub callers: Vec<BTreeSet<usize>>,
    /// Whether any edge is known.
    pub known: bool,
    /// Edges that somebody told, which no span shows.
    pub told: BTreeSet<(usize, usize)>,
    /// Components whose name is but an address: somebody stands behind it.
    pub addresses: Vec<bool>,
}

impl Topology {
    /// Of the evidence.
    pub fn new(evidence: &Evidence, frame: &Frame, forest: &Forest) -> Self {
        let count = frame.len();
        let mut topology = Self {
            callees: vec![BTreeSet::new(); count],
            callers: vec![BTreeSet::new(); count],
            known: false,
            told: BTreeSet::new(),
            addresses: frame.components.iter().map(|name| is_address(name)).collect(),
        };
        let mut seen: BTreeMap<(usize, usize), u32> = BTreeMap::new();
        for node in &forest.nodes {
            if node.parent == NONE {
                continue;
            }
            let caller = forest.nodes[node.parent as usize].component;
            if caller != node.component {
                *seen.entry((caller as usize, node.component as usize)).or_default() += 1;
            }
        }
        for (caller, callee) in seen.into_keys() {
            topology.add(caller, callee);
        }
        for edge in &evidence.edges {
            if let (Some(caller), Some(callee)) = (frame.find(&edge.caller), frame.find(&edge.callee)) {
                topology.add(caller, callee);
                topology.told.insert((caller, callee));
            }
        }
        topology
    }

    fn add(&mut self, caller: usize, callee: usize) {
        if caller != callee {
            self.callees[caller].insert(callee);
            self.callers[callee].insert(caller);
            self.known = true;
        }
    }

    /// Whether each component is needed by `from`, directly or through others; `from` itself is.
    pub fn reachable(&self, from: usize) -> Vec<bool> {
        let mut reached = vec![false; self.callees.len()];
        let mut open = vec![from];
        while let Some(at) = open.pop() {
            if !reached[at] {
                reached[at] = true;
                open.extend(self.callees[at].iter().filter(|next| !reached[**next]));
            }
        }
        reached
    }

    /// The same scores, without what the strongest callee explains of each.
    pub fn explain_away(&self, mut scored: Vec<Scored>, share: f64) -> Vec<Scored> {
        let values: Vec<f64> = scored.iter().map(|one| one.nats).collect();
        for (one, nats) in scored.iter_mut().zip(self.unexplained(&values, share)) {
            one.nats = nats;
        }
        scored
    }

    /// What of each value is not explained by the strongest callee: symptoms travel from callee to caller.
    fn unexplained(&self, values: &[f64], share: f64) -> Vec<f64> {
        values
            .iter()
            .enumerate()
            .map(|(at, value)| {
                let below = self.callees[at]
                    .iter()
                    .filter(|callee| !self.addresses[**callee])
                    .map(|callee| values[*callee])
                    .fold(0.0, f64::max);
                (value - share * below).max(0.0)
            })
            .collect()
    }
}

/// Whether a name is an address: a URL, an IPv4 address, a host of three parts and more.
pub fn is_address(name: &str) -> bool {
    if name.contains("://") {
        return true;
    }
    let host = name.split(['_', '/', ':']).next().unwrap_or("");
    let parts: Vec<&str> = host.split('.').collect();
    let whole =
        |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    parts.len() >= 3 && parts.iter().all(whole)
}
