//! What work consists of: within one component's part of a trace, which steps, calls, failures and lines are there.
//! Blame goes to the deepest part that differs: a callee explains its caller.

mod odd;
mod segments;
mod shapes;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::channel::Scored;
use super::detail::Detail;
use super::frame::Frame;
use super::lines::Lines;
use super::spans::{Forest, NONE};
use super::stats;
use crate::model::evidence::Evidence;
use segments::{attach, find_segment, fold, is_status};

/// What may happen in a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Event {
    /// An internal step.
    Step(u32),
    /// A call: the callee's operation.
    Call(u32),
    /// A call without the callee's part: of an operation, to its usual peer.
    Unanswered(u32),
    /// A failure.
    Failed,
    /// A status that a span carries.
    Status(u32),
    /// A line.
    Line(u32),
}

/// One component's connected part of a trace.
struct Segment {
    component: u32,
    /// Operation of its first span.
    kind: u32,
    piece: u32,
    trace: u32,
    parent: u32,
    events: Vec<Event>,
    /// Its events among the kind's most frequent.
    mask: u64,
    /// Whom it called last.
    last_peer: Option<u32>,
}

/// Segments, and how often each kind has which event.
pub struct Structure {
    segments: Vec<Segment>,
    /// By kind: events with segments by piece; the count of segments by piece.
    kinds: BTreeMap<u32, Kind>,
    statuses: Vec<String>,
    /// Templates of lines that speak of an error, and a line of each.
    errors: HashMap<u32, Arc<str>>,
    samples: HashMap<u32, Arc<str>>,
    operations: Vec<(u32, String, Option<u32>)>,
    components: Vec<Arc<str>>,
}

#[derive(Default)]
struct Kind {
    all: Vec<u32>,
    events: BTreeMap<Event, Vec<u32>>,
    /// Its most frequent events.
    frequent: Vec<Event>,
    /// How often two of them come together, by piece: a matrix each.
    together: Vec<Vec<u32>>,
    /// Segments by context, shape and piece. A shape is the set of steps and calls; the context is the caller's shape,
    /// for what is asked of a callee follows from what its caller does.
    shapes: BTreeMap<u64, Shapes>,
}

/// Shapes in one context.
#[derive(Default)]
struct Shapes {
    all: Vec<u32>,
    each: BTreeMap<Vec<Event>, Vec<u32>>,
}

/// Calm segments from which a context stands for itself.
const CONTEXT: u32 = 10;
/// Most events of a kind that are compared in pairs.
const PAIRED: usize = 40;
/// Most shapes of a kind; one that has more has no shape.
const SHAPES: usize = 400;

/// Surprise from which a segment is anomalous, in nats.
const ANOMALOUS: f64 = 4.0;
/// Calm segments without which a kind is not known.
const KNOWN: u32 = 3;

impl Structure {
    /// Of traces, with their lines.
    pub fn new(evidence: &Evidence, frame: &Frame, forest: &Forest, lines: &Lines) -> Self {
        let mut segment_of = vec![NONE; forest.nodes.len()];
        let mut segments: Vec<Segment> = Vec::new();
        let mut statuses: Vec<String> = Vec::new();
        let mut known: HashMap<String, u32> = HashMap::new();
        for at in 0..forest.nodes.len() {
            find_segment(forest, at as u32, &mut segment_of, &mut segments);
        }
        for (at, node) in forest.nodes.iter().enumerate() {
            let own = segment_of[at];
            let segment = &mut segments[own as usize];
            if segment.kind != node.operation {
                segment.events.push(Event::Step(node.operation));
            }
            if node.failed {
                segment.events.push(Event::Failed);
            }
            for (key, value) in evidence.spans[node.record as usize].attributes.iter() {
                if is_status(key) && value.len() <= 24 {
                    let text = format!("{key}={value}");
                    let next = known.len() as u32;
                    let number = *known.entry(text.clone()).or_insert_with(|| {
                        statuses.push(text);
                        next
                    });
                    segment.events.push(Event::Status(number));
                }
            }
            if node.child == NONE && forest.operations[node.operation as usize].peer.is_some() {
                segment.events.push(Event::Unanswered(node.operation));
            }
            for child in forest.children(at as u32) {
                let child_node = &forest.nodes[child as usize];
                if child_node.component != node.component {
                    segment.events.push(Event::Call(child_node.operation));
                    segment.last_peer = Some(child_node.component);
                }
            }
        }
        for (at, node) in forest.nodes.iter().enumerate() {
            if node.parent != NONE && segment_of[node.parent as usize] != segment_of[at] {
                segments[segment_of[at] as usize].parent = segment_of[node.parent as usize];
            }
        }
        attach(evidence, forest, lines, &segment_of, &mut segments);
        let mut kinds: BTreeMap<u32, Kind> = BTreeMap::new();
        let pieces = frame.pieces.len();
        for segment in &mut segments {
            segment.events.sort_unstable();
            segment.events.dedup();
            let kind = kinds.entry(segment.kind).or_default();
            kind.all.resize(pieces, 0);
            kind.all[segment.piece as usize] += 1;
            for event in &segment.events {
                kind.events.entry(*event).or_insert_with(|| vec![0; pieces])[segment.piece as usize] += 1;
            }
        }
        for kind in kinds.values_mut() {
            let mut order: Vec<(u32, Event)> =
                kind.events.iter().map(|(event, counts)| (counts[1..].iter().sum(), *event)).collect();
            order.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
            kind.frequent =
                order.into_iter().take(PAIRED).filter(|one| one.0 >= 20).map(|one| one.1).collect();
            kind.frequent.sort_unstable();
            kind.together = vec![vec![0; kind.frequent.len().pow(2)]; pieces];
        }
        for segment in &mut segments {
            let Some(kind) = kinds.get_mut(&segment.kind) else { continue };
            let there: Vec<usize> =
                segment.events.iter().filter_map(|event| kind.frequent.binary_search(event).ok()).collect();
            segment.mask = there.iter().fold(0, |mask, at| mask | 1 << at);
            let width = kind.frequent.len();
            let together = &mut kind.together[segment.piece as usize];
            for a in &there {
                for b in &there {
                    together[a * width + b] += 1;
                }
            }
        }
        let shape = |segment: &Segment| -> Vec<Event> {
            let steps =
                segment.events.iter().filter(|event| !matches!(event, Event::Line(_) | Event::Status(_)));
            steps.copied().collect()
        };
        let contexts: Vec<u64> = segments
            .iter()
            .map(|segment| match segments.get(segment.parent as usize) {
                Some(caller) => fold(caller.kind, &shape(caller)),
                None => 0,
            })
            .collect();
        let mut calm: HashMap<(u32, u64), u32> = HashMap::new();
        for (segment, context) in segments.iter().zip(&contexts).filter(|one| one.0.piece != 0) {
            *calm.entry((segment.kind, *context)).or_default() += 1;
        }
        for (segment, context) in segments.iter().zip(contexts) {
            let Some(kind) = kinds.get_mut(&segment.kind) else { continue };
            let known = calm.get(&(segment.kind, context)).is_some_and(|count| *count >= CONTEXT);
            let piece = segment.piece as usize;
            // In a context that calm time does not know, a segment is compared with all of its kind; calm ones count twice then.
            let places: &[u64] = if !known {
                &[0]
            } else if piece == 0 {
                &[context]
            } else {
                &[context, 0]
            };
            for place in places {
                let shapes = kind.shapes.entry(*place).or_default();
                shapes.all.resize(pieces, 0);
                shapes.all[piece] += 1;
                let shape = shape(segment);
                if shapes.each.len() < SHAPES || shapes.each.contains_key(&shape) {
                    shapes.each.entry(shape).or_insert_with(|| vec![0; pieces])[piece] += 1;
                }
            }
        }
        let sample = |at: usize| Arc::clone(&evidence.logs[lines.templates[at].sample as usize].line);
        Self {
            segments,
            kinds,
            statuses,
            errors: (0..lines.templates.len())
                .filter(|at| lines.templates[*at].error)
                .map(|at| (at as u32, sample(at)))
                .collect(),
            samples: (0..lines.templates.len()).map(|at| (at as u32, sample(at))).collect(),
            operations: forest.operations.iter().map(|o| (o.component, o.name.clone(), o.peer)).collect(),
            components: frame.components.clone(),
        }
    }
}

/// Why a segment differs.
#[derive(Clone, Copy)]
struct Oddity {
    surprise: f64,
    event: Event,
    missing: bool,
}

impl Structure {
    /// Whether there is anything to compare.
    pub fn is_empty(&self) -> bool {
        self.segments.is_empty()
    }

    /// Whether an event speaks of failure by itself.
    fn is_failure(&self, event: Event) -> bool {
        match event {
            Event::Failed => true,
            Event::Line(template) => self.errors.contains_key(&template),
            _ => false,
        }
    }

    /// Traces that hold an odd segment.
    pub fn odd_traces(&self, target: usize, reference: &[usize]) -> BTreeSet<u32> {
        let odd = self.oddities(target, reference);
        self.segments
            .iter()
            .zip(odd)
            .filter(|(_, odd)| odd.is_some())
            .map(|(segment, _)| segment.trace)
            .collect()
    }

    /// Blame by component.
    pub fn score(&self, target: usize, reference: &[usize]) -> Vec<Scored> {
        let count = self.components.len();
        let mut all = vec![Scored::default(); count];
        let odd = self.oddities(target, reference);
        let mut explained = vec![false; self.segments.len()];
        for (at, oddity) in odd.iter().enumerate() {
            if oddity.is_some() {
                let mut above = self.segments[at].parent;
                let mut steps = 0;
                while above != NONE && !explained[above as usize] && steps < 1000 {
                    explained[above as usize] = true;
                    above = self.segments[above as usize].parent;
                    steps += 1;
                }
            }
        }
        // Blamed and all segments, in the target and in calm.
        let mut blamed = vec![[0.0_f64; 2]; count];
        let mut there = vec![[0.0_f64; 2]; count];
        let mut told: BTreeMap<(u32, u32, Event, bool), usize> = BTreeMap::new();
        for (at, segment) in self.segments.iter().enumerate() {
            let piece = segment.piece as usize;
            let side = usize::from(piece != target);
            if side == 1 && !reference.contains(&piece) {
                continue;
            }
            let own = segment.component as usize;
            there[own][side] += 1.0;
            let Some(oddity) = odd[at].filter(|_| !explained[at]) else { continue };
            let mut guilty = own;
            match oddity.event {
                Event::Unanswered(operation) if !oddity.missing => {
                    if let Some(peer) = self.operations[operation as usize].2 {
                        guilty = peer as usize;
                        there[guilty][side] += 1.0;
                        blamed[own][side] += 0.3;
                    }
                }
                _ if oddity.missing => {
                    if let Some(peer) = segment.last_peer {
                        blamed[peer as usize][side] += 0.3;
                    }
                }
                _ => {}
            }
            blamed[guilty][side] += 1.0;
            if side == 0 {
                *told.entry((guilty as u32, segment.kind, oddity.event, oddity.missing)).or_default() += 1;
            }
        }
        for (at, scored) in all.iter_mut().enumerate() {
            let says = stats::shares(
                blamed[at][0].min(there[at][0]),
                there[at][0],
                blamed[at][1].min(there[at][1]),
                there[at][1],
            );
            scored.nats = stats::cap(says, 20.0);
        }
        for ((guilty, kind, event, missing), times) in told {
            let nats = all[guilty as usize].nats;
            if nats <= 0.0 {
                continue;
            }
            let known = &self.kinds[&kind];
            let (of, calm) = (known.all[target], reference.iter().map(|p| known.all[*p]).sum::<u32>());
            let before = known.events.get(&event).map_or(0, |c| reference.iter().map(|p| c[*p]).sum::<u32>());
            let share = times as f64 / f64::from(of.max(1));
            all[guilty as usize].add(nats * share.max(0.05), || Detail::Structure {
                operation: self.operations[kind as usize].1.clone(),
                event: self.word(event),
                missing,
                count: times,
                of: of as usize,
                before: f64::from(before) / f64::from(calm.max(1)),
            });
        }
        all
    }

    fn word(&self, event: Event) -> String {
        match event {
            Event::Step(operation) | Event::Call(operation) | Event::Unanswered(operation) => {
                let (component, name, _) = &self.operations[operation as usize];
                format!("{}: {name}", self.components[*component as usize])
            }
            Event::Failed => "error".to_owned(),
            Event::Status(number) => self.statuses[number as usize].clone(),
            Event::Line(template) => {
                self.samples.get(&template).map_or_else(String::new, ToString::to_string)
            }
        }
    }
}
