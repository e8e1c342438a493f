//! Conditions on one span, in the context of its trace.

use std::cell::OnceCell;
use std::collections::HashMap;

use super::ast::{Aggregate, Expr, Op, Stage};
use super::field::Field;
use super::value::Value;
use crate::model::{Span, SpanId, Trace};

/// A trace, and what is computed of it once and only if asked.
pub(super) struct Context<'t> {
    pub(super) trace: &'t Trace,
    index: OnceCell<HashMap<SpanId, usize>>,
    children: OnceCell<HashMap<SpanId, i64>>,
}

impl<'t> Context<'t> {
    pub(super) fn new(trace: &'t Trace) -> Self {
        Self { trace, index: OnceCell::new(), children: OnceCell::new() }
    }

    /// The span that nobody caused; `None` while it is not known.
    pub(super) fn root(&self) -> Option<&'t Span> {
        self.trace.spans.iter().find(|span| span.parent_id.is_none())
    }

    /// From the first start to the last end, in nanoseconds.
    pub(super) fn duration(&self) -> i64 {
        let spans = &self.trace.spans;
        let start = spans.iter().map(|span| span.start).min().unwrap_or(0);
        spans.iter().map(Span::end).max().unwrap_or(start).saturating_sub(start)
    }

    /// Where a span with this id stands.
    pub(super) fn position(&self, id: SpanId) -> Option<usize> {
        let index = || {
            self.trace
                .spans
                .iter()
                .enumerate()
                .map(|(at, span)| (span.span_id, at))
                .collect::<HashMap<_, _>>()
        };
        self.index.get_or_init(index).get(&id).copied()
    }

    /// -1 for a root, as in Tempo, where else it is a number that only compares.
    pub(super) fn nested_set_parent(&self, span: &Span) -> i64 {
        span.parent_id.map_or(-1, |id| self.position(id).map_or(0, |at| at as i64 + 1))
    }

    /// How many spans it caused.
    pub(super) fn children(&self, span: &Span) -> i64 {
        let count = || {
            let mut counts: HashMap<SpanId, i64> = HashMap::new();
            for parent in self.trace.spans.iter().filter_map(|span| span.parent_id) {
                *counts.entry(parent).or_default() += 1;
            }
            counts
        };
        self.children.get_or_init(count).get(&span.span_id).copied().unwrap_or(0)
    }

    /// Whether a span satisfies a condition.
    pub(super) fn holds(&self, expr: &Expr, span: &Span) -> bool {
        self.value(expr, span) == Value::Bool(true)
    }

    fn value(&self, expr: &Expr, span: &Span) -> Value {
        match expr {
            Expr::Value(value) => value.clone(),
            Expr::Field(field) => field.of(self, span),
            Expr::Not(inner) => match self.value(inner, span) {
                Value::Bool(value) => Value::Bool(!value),
                _ => Value::Nil,
            },
            Expr::Negative(inner) => match self.value(inner, span) {
                Value::Int(number) => Value::Int(number.saturating_neg()),
                Value::Duration(ns) => Value::Duration(ns.saturating_neg()),
                Value::Float(number) => Value::Float(-number),
                _ => Value::Nil,
            },
            Expr::Match { negated, left, regex } => match self.value(left, span) {
                Value::Text(text) => Value::Bool(regex.is_match(&text) != *negated),
                _ => Value::Bool(false),
            },
            Expr::Binary(Op::And, left, right) => {
                Value::Bool(self.holds(left, span) && self.holds(right, span))
            }
            Expr::Binary(Op::Or, left, right) => {
                Value::Bool(self.holds(left, span) || self.holds(right, span))
            }
            Expr::Binary(op, left, right) => combine(*op, &self.value(left, span), &self.value(right, span)),
        }
    }

    /// What a stage makes of a set of spans: the sets that go on, each with what it is told by.
    pub(super) fn stage(&self, stage: &Stage, sets: Vec<Set>) -> Vec<Set> {
        match stage {
            Stage::Select => sets,
            Stage::Filter(expr) => sets
                .into_iter()
                .map(|mut set| {
                    set.spans
                        .retain(|at| self.trace.spans.get(*at).is_some_and(|span| self.holds(expr, span)));
                    set
                })
                .filter(|set| !set.spans.is_empty())
                .collect(),
            Stage::By(field) => {
                let mut groups: Vec<Set> = Vec::new();
                for set in sets {
                    for at in set.spans {
                        let Some(span) = self.trace.spans.get(at) else { continue };
                        let told = (format!("by({field})"), field.of(self, span));
                        match groups.iter_mut().find(|group| group.told.contains(&told)) {
                            Some(group) => group.spans.push(at),
                            None => groups.push(Set { spans: vec![at], told: vec![told] }),
                        }
                    }
                }
                groups
            }
            Stage::Coalesce => {
                let mut spans: Vec<usize> = sets.into_iter().flat_map(|set| set.spans).collect();
                spans.sort_unstable();
                spans.dedup();
                if spans.is_empty() { Vec::new() } else { vec![Set { spans, told: Vec::new() }] }
            }
            Stage::Aggregate { function, field, op, value, text } => sets
                .into_iter()
                .filter_map(|mut set| {
                    let found = self.aggregate(*function, field.as_ref(), &set.spans)?;
                    let holds = combine(*op, &found, value) == Value::Bool(true);
                    set.told.push((text.clone(), found));
                    holds.then_some(set)
                })
                .collect(),
        }
    }

    fn aggregate(&self, function: Aggregate, field: Option<&Field>, spans: &[usize]) -> Option<Value> {
        let Some(field) = field else { return Some(Value::Int(spans.len() as i64)) };
        let values: Vec<Value> = spans
            .iter()
            .filter_map(|at| self.trace.spans.get(*at))
            .map(|span| field.of(self, span))
            .collect();
        let durations = values.iter().any(|value| matches!(value, Value::Duration(_)));
        let numbers: Vec<f64> = values.iter().filter_map(Value::number).collect();
        if numbers.is_empty() {
            return None;
        }
        let sum = numbers.iter().sum::<f64>();
        let number = match function {
            Aggregate::Count => numbers.len() as f64,
            Aggregate::Sum => sum,
            Aggregate::Avg => sum / numbers.len() as f64,
            Aggregate::Min => numbers.iter().copied().fold(f64::INFINITY, f64::min),
            Aggregate::Max => numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        };
        Some(if durations { Value::Duration(number as i64) } else { Value::Float(number) })
    }
}

/// Spans that belong together, and what tells them from other sets.
#[derive(Clone, Debug, Default)]
pub(super) struct Set {
    pub(super) spans: Vec<usize>,
    pub(super) told: Vec<(String, Value)>,
}

fn combine(op: Op, left: &Value, right: &Value) -> Value {
    // Only `nil` itself compares with what is not there.
    if *left == Value::Nil || *right == Value::Nil {
        let same = left == right;
        return match op {
            Op::Equal => Value::Bool(same),
            Op::NotEqual => Value::Bool(*right == Value::Nil && !same),
            _ => Value::Nil,
        };
    }
    let order = || left.compare(right);
    match op {
        Op::Equal => Value::Bool(order().is_some_and(std::cmp::Ordering::is_eq)),
        Op::NotEqual => Value::Bool(order().is_some_and(std::cmp::Ordering::is_ne)),
        Op::Less => Value::Bool(order().is_some_and(std::cmp::Ordering::is_lt)),
        Op::LessEqual => Value::Bool(order().is_some_and(std::cmp::Ordering::is_le)),
        Op::Greater => Value::Bool(order().is_some_and(std::cmp::Ordering::is_gt)),
        Op::GreaterEqual => Value::Bool(order().is_some_and(std::cmp::Ordering::is_ge)),
        _ => {
            let (Some(a), Some(b)) = (left.number(), right.number()) else { return Value::Nil };
            let number = match op {
                Op::Add => a + b,
                Op::Subtract => a - b,
                Op::Multiply => a * b,
                Op::Divide => a / b,
                Op::Modulo => a % b,
                _ => libm::pow(a, b),
            };
            let durations = matches!(left, Value::Duration(_)) || matches!(right, Value::Duration(_));
            if durations { Value::Duration(number as i64) } else { Value::Float(number) }
        }
    }
}
