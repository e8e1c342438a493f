//! What a TraceQL query says.

use regex::Regex;

use super::field::Field;
use super::value::Value;

/// A query: a pipeline and, for numbers, a function at its end.
#[derive(Debug)]
pub(super) struct Query {
    pub(super) first: Spans,
    pub(super) stages: Vec<Stage>,
    pub(super) metrics: Option<Metrics>,
    /// Every field that is named, in order, each once.
    pub(super) fields: Vec<Field>,
}

/// Spans of a trace.
#[derive(Debug)]
pub(super) enum Spans {
    Filter(Expr),
    Both(Box<Spans>, Box<Spans>),
    Either(Box<Spans>, Box<Spans>),
    Related(Relation, bool, Box<Spans>, Box<Spans>),
    /// A pipeline in parentheses.
    Pipeline(Box<Spans>, Vec<Stage>),
}

/// How the spans on the right must stand to those on the left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    Child,
    Descendant,
    Parent,
    Ancestor,
    Sibling,
}

/// A step after the first.
#[derive(Debug)]
pub(super) enum Stage {
    Filter(Expr),
    /// Keeps sets of which this holds.
    Aggregate {
        function: Aggregate,
        field: Option<Field>,
        op: Op,
        value: Value,
        text: String,
    },
    By(Field),
    Coalesce,
    /// Shows more fields; the query's `fields` hold them.
    Select,
}

/// What is computed of a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Aggregate {
    Count,
    Avg,
    Max,
    Min,
    Sum,
}

/// A condition or value of one span.
#[derive(Debug)]
pub(super) enum Expr {
    Value(Value),
    Field(Field),
    Not(Box<Expr>),
    Negative(Box<Expr>),
    Binary(Op, Box<Expr>, Box<Expr>),
    Match { negated: bool, left: Box<Expr>, regex: Regex },
}

/// An operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Op {
    And,
    Or,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Power,
}

/// A function over time.
#[derive(Debug)]
pub(super) struct Metrics {
    pub(super) function: Function,
    pub(super) field: Option<Field>,
    pub(super) quantiles: Vec<f64>,
    pub(super) by: Vec<Field>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Rate,
    Count,
    Sum,
    Avg,
    Min,
    Max,
    Quantile,
    Histogram,
}

impl Function {
    pub(super) fn of(name: &str) -> Option<Self> {
        Some(match name {
            "rate" => Self::Rate,
            "count_over_time" => Self::Count,
            "sum_over_time" => Self::Sum,
            "avg_over_time" => Self::Avg,
            "min_over_time" => Self::Min,
            "max_over_time" => Self::Max,
            "quantile_over_time" => Self::Quantile,
            "histogram_over_time" => Self::Histogram,
            _ => return None,
        })
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Rate => "rate",
            Self::Count => "count_over_time",
            Self::Sum => "sum_over_time",
            Self::Avg => "avg_over_time",
            Self::Min => "min_over_time",
            Self::Max => "max_over_time",
            Self::Quantile => "quantile_over_time",
            Self::Histogram => "histogram_over_time",
        }
    }
}
