//! Spans as trees: whose child is whose, what of a span's time is its own, and which spans only wait for another component.

use std::collections::HashMap;

use super::frame::Frame;
use crate::model::SpanStatus;
use crate::model::evidence::{Evidence, SpanRecord};

/// No span.
pub const NONE: u32 = u32::MAX;

/// One span, in short.
#[derive(Clone, Copy, Debug)]
pub struct Node {
    /// Number of its trace.
    pub trace: u32,
    /// Its parent in `Forest::nodes`.
    pub parent: u32,
    /// Its first child, by start.
    pub child: u32,
    /// The next child of its parent.
    pub sibling: u32,
    /// Whose work it is.
    pub component: u32,
    /// Its operation in `Forest::operations`.
    pub operation: u32,
    /// Start, in nanoseconds.
    pub start: i64,
    /// Duration, in nanoseconds.
    pub duration: i64,
    /// What of it no child covers.
    pub own: i64,
    /// The piece in which its trace began.
    pub piece: u32,
    /// Its record in the evidence.
    pub record: u32,
    /// Whether it says that it failed.
    pub failed: bool,
}

/// An operation of a component.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Whose.
    pub component: u32,
    /// Its name, numbers masked.
    pub name: String,
    /// Whether its spans do nothing but wait for another component.
    pub waits: bool,
    /// For whom, when it is mostly one.
    pub peer: Option<u32>,
}

/// All traces that began in a piece.
#[derive(Default)]
pub struct Forest {
    /// Spans: a trace's together, by start.
    pub nodes: Vec<Node>,
    /// Operations.
    pub operations: Vec<Operation>,
    /// First span of each trace, and one past the last trace's last.
    pub traces: Vec<u32>,
    /// Number of a trace by its id.
    pub by_id: HashMap<u64, u32>,
}

/// A hash that is the same everywhere (FNV-1a).
pub fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3))
}

/// A name with its numbers, ids and hex strings masked, so that what happens at `/users/17` and at `/users/4` is one.
pub fn masked(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(first) = rest.chars().next() {
        let word = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
        if word == 0 {
            out.push(first);
            rest = &rest[first.len_utf8()..];
            continue;
        }
        let (piece, after) = rest.split_at(word);
        let digits = piece.bytes().filter(u8::is_ascii_digit).count();
        let hex = piece.len() >= 12 && piece.bytes().all(|b| b.is_ascii_hexdigit());
        // `v1` and `p90` are names; `17` and `a3f9c2` are not.
        if hex || digits == piece.len() || digits * 2 > piece.len() && piece.len() > 3 {
            out.push('*');
        } else {
            out.push_str(piece);
        }
        rest = after;
    }
    out
}

impl Forest {
    /// Of the evidence.
    pub fn new(evidence: &Evidence, frame: &Frame) -> Self {
        let mut order: Vec<(u64, i64, u64, u32)> = evidence
            .spans
            .iter()
            .enumerate()
            .map(|(at, span)| (hash(&span.trace_id), span.start, hash(&span.span_id), at as u32))
            .collect();
        // Equal keys are told apart by what the spans say, not by the line on which they stand.
        order.sort_unstable_by(|a, b| {
            (a.0, a.1, a.2).cmp(&(b.0, b.1, b.2)).then_with(|| {
                let key = |at: u32| {
                    let span = &evidence.spans[at as usize];
                    (span.duration, &span.service, &span.name)
                };
                key(a.3).cmp(&key(b.3))
            })
        });
        let mut forest = Self::default();
        let mut names: HashMap<(u32, &str), u32> = HashMap::new();
        let mut from = 0;
        while from < order.len() {
            let trace = order[from].0;
            let to = from + order[from..].partition_point(|one| one.0 == trace);
            if let Some(piece) = frame.piece(order[from].1) {
                forest.add(evidence, frame, &mut names, &order[from..to], piece as u32);
            }
            from = to;
        }
        forest.traces.push(forest.nodes.len() as u32);
        forest.own_times();
        forest.peers(evidence);
        forest
    }

    fn add<'a>(
        &mut self,
        evidence: &'a Evidence,
        frame: &Frame,
        names: &mut HashMap<(u32, &'a str), u32>,
        order: &[(u64, i64, u64, u32)],
        piece: u32,
    ) {
        let first = self.nodes.len();
        let trace = self.traces.len() as u32;
        let mut ids: HashMap<u64, u32> = HashMap::with_capacity(order.len());
        for (_, _, id, at) in order {
            let span = &evidence.spans[*at as usize];
            let Some(component) = frame.find(&span.service) else { continue };
            // A span that was told twice is one span.
            if ids.contains_key(id) {
                continue;
            }
            ids.insert(*id, self.nodes.len() as u32);
            let component = component as u32;
            let operation = *names.entry((component, &*span.name)).or_insert_with(|| {
                let name = masked(&span.name);
                let known =
                    self.operations.iter().position(|one| one.component == component && one.name == name);
                known.unwrap_or_else(|| {
                    self.operations.push(Operation { component, name, waits: false, peer: None });
                    self.operations.len() - 1
                }) as u32
            });
            self.nodes.push(Node {
                trace,
                parent: NONE,
                child: NONE,
                sibling: NONE,
                component,
                operation,
                start: span.start,
                duration: i64::try_from(span.duration).unwrap_or(i64::MAX),
                own: 0,
                piece,
                record: *at,
                failed: failed(span),
            });
        }
        if self.nodes.len() == first {
            return;
        }
        self.by_id.insert(order[0].0, trace);
        self.traces.push(first as u32);
        // Backwards, so that the list of children begins with the earliest.
        for at in (first..self.nodes.len()).rev() {
            let span = &evidence.spans[self.nodes[at].record as usize];
            let parent = span.parent_id.as_ref().and_then(|id| ids.get(&hash(id))).copied();
            if let Some(parent) =
                parent.filter(|parent| *parent != at as u32 && !self.below(*parent, at as u32))
            {
                self.nodes[at].parent = parent;
                self.nodes[at].sibling = self.nodes[parent as usize].child;
                self.nodes[parent as usize].child = at as u32;
            }
        }
    }

    /// Whether `node` is `above` or under it: broken traces may hold circles.
    fn below(&self, mut node: u32, above: u32) -> bool {
        let mut steps = 0;
        while node != NONE && steps < 10_000 {
            if node == above {
                return true;
            }
            node = self.nodes[node as usize].parent;
            steps += 1;
        }
        node != NONE
    }

    /// Children of a span.
    pub fn children(&self, of: u32) -> impl Iterator<Item = u32> + '_ {
        let mut next = self.nodes.get(of as usize).map_or(NONE, |node| node.child);
        std::iter::from_fn(move || {
            (next != NONE).then(|| {
                let this = next;
                next = self.nodes[this as usize].sibling;
                this
            })
        })
    }

    fn own_times(&mut self) {
        for at in 0..self.nodes.len() {
            let node = self.nodes[at];
            let end = node.start.saturating_add(node.duration);
            let (mut covered, mut until) = (0_i64, node.start);
            // Children come by start, so one pass makes the union.
            for child in self.children(at as u32) {
                let child = &self.nodes[child as usize];
                let from = child.start.max(until);
                let to = child.start.saturating_add(child.duration).min(end);
                if to > from {
                    covered += to - from;
                    until = to;
                }
            }
            self.nodes[at].own = node.duration - covered;
        }
    }

    /// Operations whose spans only wait for one other component.
    fn peers(&mut self, evidence: &Evidence) {
        let mut waits: Vec<HashMap<u32, u32>> = vec![HashMap::new(); self.operations.len()];
        let mut all = vec![0_u32; self.operations.len()];
        for (at, node) in self.nodes.iter().enumerate() {
            all[node.operation as usize] += 1;
            let mut peer = None;
            let mut single = true;
            for child in self.children(at as u32) {
                let other = self.nodes[child as usize].component;
                single &= other != node.component && peer.is_none_or(|peer| peer == other);
                peer = Some(other);
            }
            let inside = node.parent != NONE && self.nodes[node.parent as usize].component == node.component
                || is_client(&evidence.spans[node.record as usize]);
            if let Some(peer) = peer.filter(|_| single && inside) {
                *waits[node.operation as usize].entry(peer).or_default() += 1;
            }
        }
        for (operation, (waits, all)) in self.operations.iter_mut().zip(waits.into_iter().zip(all)) {
            operation.waits = waits.values().sum::<u32>() * 2 >= all;
            let most = waits.iter().max_by_key(|(peer, count)| (**count, u32::MAX - **peer));
            operation.peer = most.filter(|(_, count)| **count * 2 >= all).map(|(peer, _)| *peer);
        }
    }

    /// Whom a span waits for: its own child's component, or its operation's usual peer when it has no child.
    pub fn peer(&self, at: u32) -> Option<u32> {
        let node = &self.nodes[at as usize];
        let operation = &self.operations[node.operation as usize];
        if !operation.waits {
            return None;
        }
        let mut peer = None;
        for child in self.children(at) {
            let other = self.nodes[child as usize].component;
            if other == node.component {
                return None;
            }
            peer = Some(other);
        }
        peer.or(operation.peer)
    }
}

fn is_client(span: &SpanRecord) -> bool {
    ["span.kind", "kind"].iter().any(|key| {
        span.attributes.get(key).is_some_and(|kind| {
            let kind = kind.to_ascii_lowercase();
            kind.ends_with("client") || kind.ends_with("producer")
        })
    })
}

/// Whether a span says that it failed, by its status or by what it carries.
pub fn failed(span: &SpanRecord) -> bool {
    if span.status == SpanStatus::Error {
        return true;
    }
    span.attributes.iter().any(|(key, value)| {
        let status = key.contains("status") && key.contains("code") || key == "status";
        if status && key.contains("grpc") {
            return value != "0" && !value.eq_ignore_ascii_case("ok");
        }
        if status && value.len() == 3 {
            return value.starts_with('5');
        }
        (key == "error" || key.strip_suffix("error").is_some_and(|rest| rest.ends_with('.')))
            && !matches!(value, "false" | "" | "0" | "none")
            || key.ends_with("success") && value == "false"
            || key.starts_with("exception")
    })
}
