//! Two traces of one operation laid over each other: which of their spans are the same, and what differs.
//!
//! Spans are the same where the chain of services and operations that leads to them from the root is. Those with one
//! chain are taken together, since a call that was repeated has no number of its own. The main roots are the same
//! whatever they are called.

use std::collections::HashMap;
use std::sync::Arc;

use super::waterfall::Waterfall;
use crate::model::Trace;

/// Two traces laid over each other.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparison {
    /// What they consist of: a parent before what is below it, children by start.
    pub nodes: Vec<Node>,
    /// Services in the order they appear.
    pub services: Vec<Arc<str>>,
    /// Nodes that differ, the largest difference in own time first.
    pub differing: Vec<usize>,
    /// Nanoseconds of the longer one: the scale of both.
    pub duration: i64,
}

/// Spans that are the same in both.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Number of the service.
    pub service: usize,
    /// Operation.
    pub name: Arc<str>,
    /// Node of the parent.
    pub parent: Option<usize>,
    /// How many are above it.
    pub depth: u32,
    /// How many nodes after this one are below it.
    pub below: usize,
    /// In the trace in question.
    pub one: Option<Side>,
    /// In the one it is compared with.
    pub other: Option<Side>,
}

/// What one trace has of a node.
#[derive(Clone, Debug, PartialEq)]
pub struct Side {
    /// Spans.
    pub count: usize,
    /// Of them with an error.
    pub errors: usize,
    /// First start, nanoseconds after that of the main root.
    pub from: i64,
    /// Last end, nanoseconds after the start of the main root.
    pub to: i64,
    /// Nanoseconds in all of them.
    pub duration: i64,
    /// Nanoseconds of own time in all of them.
    pub own: i64,
    /// The first row of its waterfall.
    pub row: usize,
}

/// A difference smaller than this share of the longer trace (a hundredth) is none.
const NOTABLE: i64 = 100;

impl Node {
    /// Nanoseconds of own time that the trace in question has more.
    pub fn added(&self) -> i64 {
        let own = |side: &Option<Side>| side.as_ref().map_or(0, |side| side.own);
        own(&self.one).saturating_sub(own(&self.other))
    }

    /// Whether it is there more or less often, or ended otherwise.
    pub fn is_other(&self) -> bool {
        match (&self.one, &self.other) {
            (Some(one), Some(other)) => one.count != other.count || (one.errors > 0) != (other.errors > 0),
            _ => true,
        }
    }
}

/// A node while the two are being laid over each other.
struct Growing {
    node: Node,
    children: Vec<usize>,
}

impl Comparison {
    /// Lays a trace over the one it is compared with.
    pub fn of(one: (&Trace, &Waterfall), other: (&Trace, &Waterfall)) -> Self {
        let mut grown = Grown::default();
        grown.add(one.0, one.1, |node| &mut node.one);
        grown.add(other.0, other.1, |node| &mut node.other);
        let mut comparison = Self { duration: length(one).max(length(other)), ..Self::default() };
        comparison.services = std::mem::take(&mut grown.services);
        comparison.settle(grown);
        comparison.rank();
        comparison
    }

    /// Puts the nodes in the order in which they are drawn.
    fn settle(&mut self, grown: Grown) {
        let Grown { nodes, roots, .. } = grown;
        let start = |at: usize| {
            let node = &nodes[at].node;
            node.one.as_ref().or(node.other.as_ref()).map_or(0, |side| side.from)
        };
        let ordered = |list: &[usize]| {
            let mut list = list.to_vec();
            list.sort_by_key(|at| std::cmp::Reverse((start(*at), *at)));
            list
        };
        let mut stack: Vec<(usize, Option<usize>, u32)> =
            ordered(&roots).into_iter().map(|at| (at, None, 0)).collect();
        while let Some((at, parent, depth)) = stack.pop() {
            let place = self.nodes.len();
            self.nodes.push(Node { parent, depth, below: 0, ..nodes[at].node.clone() });
            stack.extend(
                ordered(&nodes[at].children).into_iter().map(|child| (child, Some(place), depth + 1)),
            );
        }
        for at in (0..self.nodes.len()).rev() {
            let below = self.nodes[at].below + 1;
            if let Some(parent) = self.nodes[at].parent {
                self.nodes[parent].below += below;
            }
        }
    }

    fn rank(&mut self) {
        let notable = (self.duration / NOTABLE).max(1);
        let differs = |node: &Node| node.added().saturating_abs() >= notable || node.is_other();
        let mut all: Vec<usize> = (0..self.nodes.len()).filter(|at| differs(&self.nodes[*at])).collect();
        all.sort_by_key(|at| (std::cmp::Reverse(self.nodes[*at].added().saturating_abs()), *at));
        self.differing = all;
    }

    /// The nodes that are seen when what is below some of them is hidden.
    pub fn visible(&self, folded: &dyn Fn(usize) -> bool) -> Vec<u32> {
        let mut seen = Vec::with_capacity(self.nodes.len());
        let mut at = 0;
        while let Some(node) = self.nodes.get(at) {
            seen.push(at as u32);
            at += 1 + if folded(at) { node.below } else { 0 };
        }
        seen
    }
}

fn length((trace, fall): (&Trace, &Waterfall)) -> i64 {
    let root = fall.root.and_then(|root| trace.spans.get(fall.rows[root].span));
    root.map_or_else(|| fall.duration(), |root| root.duration.max(0))
}

/// The parent's node, service, operation: what a node is known by.
type Chain = (Option<usize>, Arc<str>, Arc<str>);

#[derive(Default)]
struct Grown {
    nodes: Vec<Growing>,
    roots: Vec<usize>,
    known: HashMap<Chain, usize>,
    main: Option<usize>,
    services: Vec<Arc<str>>,
    numbers: HashMap<Arc<str>, usize>,
}

impl Grown {
    fn add(&mut self, trace: &Trace, fall: &Waterfall, side: impl Fn(&mut Node) -> &mut Option<Side>) {
        let start = fall.root.map_or(fall.start, |root| trace.spans[fall.rows[root].span].start);
        let mut place: Vec<usize> = Vec::with_capacity(fall.rows.len());
        for (at, row) in fall.rows.iter().enumerate() {
            let span = &trace.spans[row.span];
            let parent = row.parent.map(|parent| place[parent]);
            let main = fall.root == Some(at);
            let node = match self.main.filter(|_| main) {
                Some(known) => known,
                None => self.node(parent, &span.service, &span.name),
            };
            if main {
                self.main = Some(node);
            }
            place.push(node);
            let (from, to) = (span.start.saturating_sub(start), span.end().saturating_sub(start));
            let side = side(&mut self.nodes[node].node).get_or_insert(Side {
                count: 0,
                errors: 0,
                from,
                to,
                duration: 0,
                own: 0,
                row: at,
            });
            side.count += 1;
            side.errors += usize::from(row.error);
            side.from = side.from.min(from);
            side.to = side.to.max(to);
            side.duration = side.duration.saturating_add(span.duration.max(0));
            side.own = side.own.saturating_add(row.own);
        }
    }

    fn node(&mut self, parent: Option<usize>, service: &Arc<str>, name: &Arc<str>) -> usize {
        let key = (parent, service.clone(), name.clone());
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let number = *self.numbers.entry(service.clone()).or_insert_with(|| {
            self.services.push(service.clone());
            self.services.len() - 1
        });
        let at = self.nodes.len();
        let node =
            Node { service: number, name: name.clone(), parent, depth: 0, below: 0, one: None, other: None };
        self.nodes.push(Growing { node, children: Vec::new() });
        match parent {
            Some(parent) => self.nodes[parent].children.push(at),
            None => self.roots.push(at),
        }
        self.known.insert(key, at);
        at
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::{Span, SpanId, SpanStatus, TraceId};

    const MS: i64 = 1_000_000;

    fn span(id: u64, parent: u64, name: &str, from: i64, to: i64) -> Span {
        Span {
            span_id: SpanId(id),
            parent_id: (parent != 0).then_some(SpanId(parent)),
            service: "a".into(),
            name: name.into(),
            start: 1_000_000 * MS + from * MS,
            duration: (to - from) * MS,
            ..Span::default()
        }
    }

    fn compared(one: Vec<Span>, other: Vec<Span>) -> Comparison {
        let [one, other] = [one, other].map(|spans| Trace { id: TraceId(1), spans });
        let falls = [Waterfall::of(&one), Waterfall::of(&other)];
        Comparison::of((&one, &falls[0]), (&other, &falls[1]))
    }

    #[test]
    fn what_was_repeated_is_new_is_missing_or_failed_is_told_by_what_it_added() {
        let failed = Span { status: SpanStatus::Error, ..span(2, 1, "call", 0, 40) };
        let one = vec![
            span(1, 0, "slow root", 0, 100),
            failed,
            span(3, 1, "call", 40, 70),
            span(4, 1, "new", 70, 75),
        ];
        let other = vec![span(1, 0, "root", 0, 30), span(2, 1, "call", 0, 20), span(5, 1, "gone", 20, 22)];
        let found = compared(one, other);
        let names: Vec<_> = found.nodes.iter().map(|node| (&*node.name, node.depth)).collect();
        assert_eq!(names, [("slow root", 0), ("call", 1), ("gone", 1), ("new", 1)]);
        let told: Vec<_> = found
            .differing
            .iter()
            .map(|at| (&*found.nodes[*at].name, found.nodes[*at].added() / MS))
            .collect();
        assert_eq!(told, [("call", 50), ("slow root", 17), ("new", 5), ("gone", -2)]);
        let call = &found.nodes[1];
        let sides = (
            call.one.as_ref().map(|s| (s.count, s.errors)),
            call.other.as_ref().map(|s| (s.count, s.errors)),
        );
        assert_eq!(sides, (Some((2, 1)), Some((1, 0))));
        assert_eq!(found.visible(&|at| at == 0), [0]);
    }

    #[test]
    fn a_trace_is_like_itself() {
        let spans = || vec![span(1, 0, "root", 0, 100), span(2, 1, "x", 10, 40), span(3, 9, "lost", 10, 40)];
        assert!(compared(spans(), spans()).differing.is_empty());
        assert_eq!(compared(Vec::new(), Vec::new()), Comparison::default());
    }

    proptest! {
        #[test]
        fn every_span_is_in_one_node_whatever_is_compared(
            both in prop::collection::vec(prop::collection::vec((0_u64..9, 0_u64..9, 0_u8..3, 0_i64..90, 0_i64..40), 0..20), 2)
        ) {
            let [one, other] = [0, 1].map(|at| {
                both[at].iter().map(|(id, parent, name, from, length)| span(*id, *parent, &format!("n{name}"), *from, from + length)).collect::<Vec<_>>()
            });
            let counts = (one.len(), other.len());
            let found = compared(one, other);
            let sum = |side: fn(&Node) -> &Option<Side>| found.nodes.iter().filter_map(|node| side(node).as_ref()).map(|side| side.count).sum::<usize>();
            prop_assert_eq!((sum(|node| &node.one), sum(|node| &node.other)), counts);
            for (at, node) in found.nodes.iter().enumerate() {
                prop_assert!(node.parent.is_none_or(|parent| parent < at && at <= parent + found.nodes[parent].below));
            }
        }
    }
}
