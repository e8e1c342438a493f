//! What a query is made of, after its types were checked.

use std::fmt;

use crate::model::Matcher;

use super::functions::Function;

/// Type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Scalar,
    Vector,
    Matrix,
    Text,
}

impl fmt::Display for Kind {
    /// As Prometheus documents its types.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Scalar => "scalar",
            Self::Vector => "instant vector",
            Self::Matrix => "range vector",
            Self::Text => "string",
        })
    }
}

/// A part of a query.
#[derive(Debug)]
pub(super) struct Node {
    pub what: What,
    /// Whether the value is the same at every step, because `@` fixes all its times: then one step is
    /// computed and repeated.
    pub fixed: bool,
}

#[derive(Debug)]
pub(super) enum What {
    Number(f64),
    Text(String),
    Select(Select),
    Window(Window),
    Negate(Box<Node>),
    Binary(Box<Binary>),
    Aggregate(Box<Aggregate>),
    Call(Function, Vec<Node>),
}

impl Node {
    pub(super) fn kind(&self) -> Kind {
        match &self.what {
            What::Number(_) => Kind::Scalar,
            What::Text(_) => Kind::Text,
            What::Select(_) | What::Aggregate(_) => Kind::Vector,
            What::Window(_) => Kind::Matrix,
            What::Negate(inner) => inner.kind(),
            What::Binary(binary) => binary.kind,
            What::Call(function, _) => function.gives(),
        }
    }
}

/// A moment that `@` names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum At {
    /// Start of the whole query's range.
    Start,
    /// End of the whole query's range.
    End,
    /// Milliseconds since the epoch.
    Moment(i64),
}

/// `offset` and `@` of a selector or subquery.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Shift {
    /// Milliseconds back; negative is forward.
    pub offset_ms: i64,
    pub at: Option<At>,
}

impl Shift {
    pub(super) fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

/// An instant selector.
#[derive(Debug)]
pub(super) struct Select {
    pub matchers: Vec<Matcher>,
    pub shift: Shift,
}

/// A range of samples: `selector[5m]` or `expression[5m:1m]`.
#[derive(Debug)]
pub(super) struct Window {
    pub source: Source,
    pub range_ms: i64,
    pub shift: Shift,
}

#[derive(Debug)]
pub(super) enum Source {
    Samples(Vec<Matcher>),
    /// An expression and its step.
    Subquery(Box<Node>, i64),
}

/// Operators between two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Op {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Power,
    Atan2,
    Equal,
    NotEqual,
    Greater,
    GreaterEqual,
    Less,
    LessEqual,
    And,
    Or,
    Unless,
}

impl Op {
    pub(super) fn compares(self) -> bool {
        matches!(
            self,
            Self::Equal | Self::NotEqual | Self::Greater | Self::GreaterEqual | Self::Less | Self::LessEqual
        )
    }

    pub(super) fn is_set(self) -> bool {
        matches!(self, Self::And | Self::Or | Self::Unless)
    }
}

#[derive(Debug)]
pub(super) struct Binary {
    pub op: Op,
    pub left: Node,
    pub right: Node,
    /// 0 and 1 instead of leaving out.
    pub bool: bool,
    pub matching: Matching,
    pub kind: Kind,
}

/// Which label sets of two vectors belong together.
#[derive(Debug, Default)]
pub(super) struct Matching {
    /// `on` these labels, or `ignoring` them.
    pub on: bool,
    pub labels: Vec<String>,
    pub group: Group,
}

/// Which side may have several label sets for one of the other.
#[derive(Debug, Default)]
pub(super) enum Group {
    #[default]
    None,
    /// `group_left`, with the labels taken from the right.
    Left(Vec<String>),
    /// `group_right`, with the labels taken from the left.
    Right(Vec<String>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Aggregation {
    Sum,
    Avg,
    Min,
    Max,
    Count,
    Group,
    Stddev,
    Stdvar,
    TopK,
    BottomK,
    Quantile,
    CountValues,
}

#[derive(Debug)]
pub(super) struct Aggregate {
    pub op: Aggregation,
    pub inner: Node,
    /// Of `topk`, `bottomk`, `quantile` a scalar, of `count_values` a text.
    pub parameter: Option<Node>,
    pub without: bool,
    pub labels: Vec<String>,
}
