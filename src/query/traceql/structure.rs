//! Spansets of a trace, and how their spans stand to each other.

use std::collections::HashSet;

use super::ast::{Relation, Spans, Stage};
use super::eval::{Context, Set};
use crate::model::SpanId;

impl Context<'_> {
    /// The sets that a pipeline finds in the trace.
    pub(super) fn pipeline(&self, first: &Spans, stages: &[Stage]) -> Vec<Set> {
        let spans = self.spans(first);
        if spans.is_empty() {
            return Vec::new();
        }
        let mut sets = vec![Set { spans, told: Vec::new() }];
        for stage in stages {
            if sets.is_empty() {
                break;
            }
            sets = self.stage(stage, sets);
        }
        sets
    }

    /// Positions of the spans of an expression, in order.
    pub(super) fn spans(&self, spans: &Spans) -> Vec<usize> {
        match spans {
            Spans::Filter(expr) => {
                let all = self.trace.spans.iter().enumerate();
                all.filter(|(_, span)| self.holds(expr, span)).map(|(at, _)| at).collect()
            }
            Spans::Both(left, right) => {
                let left = self.spans(left);
                if left.is_empty() {
                    return Vec::new();
                }
                let right = self.spans(right);
                if right.is_empty() { Vec::new() } else { union(left, right) }
            }
            Spans::Either(left, right) => union(self.spans(left), self.spans(right)),
            Spans::Pipeline(first, stages) => union(
                Vec::new(),
                self.pipeline(first, stages).into_iter().flat_map(|set| set.spans).collect(),
            ),
            Spans::Related(relation, negated, left, right) => {
                let left = self.spans(left);
                if left.is_empty() && !negated {
                    return Vec::new();
                }
                let mut right = self.spans(right);
                if right.is_empty() {
                    return right;
                }
                let related = self.related(*relation, &left);
                right.retain(|at| related(*at) != *negated);
                right
            }
        }
    }

    fn parent(&self, at: usize) -> Option<usize> {
        self.position(self.trace.spans.get(at)?.parent_id?).filter(|parent| *parent != at)
    }

    /// Whether a span stands so to one of `left`. A trace whose parents go in a circle ends all the same.
    fn related(&self, relation: Relation, left: &[usize]) -> Box<dyn Fn(usize) -> bool + '_> {
        let set: HashSet<usize> = left.iter().copied().collect();
        let ancestors = move |at: usize| {
            let mut steps = 0;
            std::iter::successors(self.parent(at), move |at| {
                steps += 1;
                if steps > self.trace.spans.len() { None } else { self.parent(*at) }
            })
        };
        match relation {
            Relation::Child => {
                Box::new(move |at| self.parent(at).is_some_and(|parent| set.contains(&parent)))
            }
            Relation::Descendant => Box::new(move |at| ancestors(at).any(|at| set.contains(&at))),
            Relation::Parent => {
                let parents: HashSet<usize> = left.iter().filter_map(|at| self.parent(*at)).collect();
                Box::new(move |at| parents.contains(&at))
            }
            Relation::Ancestor => {
                let mut all: HashSet<usize> = HashSet::new();
                for at in left {
                    for ancestor in ancestors(*at) {
                        // What is above has been walked.
                        if !all.insert(ancestor) {
                            break;
                        }
                    }
                }
                Box::new(move |at| all.contains(&at))
            }
            Relation::Sibling => {
                let span = move |at: usize| self.trace.spans.get(at);
                let mut parents: Vec<(SpanId, usize)> =
                    left.iter().filter_map(|at| Some((span(*at)?.parent_id?, *at))).collect();
                parents.sort_unstable();
                Box::new(move |at| {
                    let Some(parent) = span(at).and_then(|span| span.parent_id) else { return false };
                    let from = parents.partition_point(|(id, _)| *id < parent);
                    parents
                        .iter()
                        .skip(from)
                        .take_while(|(id, _)| *id == parent)
                        .any(|(_, other)| *other != at)
                })
            }
        }
    }
}

fn union(mut left: Vec<usize>, right: Vec<usize>) -> Vec<usize> {
    left.extend(right);
    left.sort_unstable();
    left.dedup();
    left
}
