//! What a LogQL query says.

use regex::Regex;

use super::pattern::Pattern;
use super::template::Template;
use crate::model::{MatchOp, Matcher};

/// A query.
#[derive(Debug)]
pub(super) enum Expr {
    /// Lines.
    Log(LogExpr),
    /// Numbers.
    Metric(Metric),
}

/// A selector and what is done to its lines.
#[derive(Debug, Default)]
pub(super) struct LogExpr {
    pub(super) matchers: Vec<Matcher>,
    pub(super) stages: Vec<Stage>,
}

/// One step of a pipeline.
#[derive(Debug)]
pub(super) enum Stage {
    /// Keeps lines that hold one of these (or, negated, none).
    Line { negated: bool, any: Vec<LineMatch> },
    /// `json`, all of it or these paths.
    Json(Vec<(String, Vec<Step>)>),
    /// `logfmt`, all of it or these keys.
    Logfmt { strict: bool, keep_empty: bool, only: Vec<(String, String)> },
    /// `pattern`.
    Pattern(Pattern),
    /// `regexp`, with named groups.
    Regexp(Regex),
    /// `unpack`.
    Unpack,
    /// Keeps lines whose labels satisfy this.
    Filter(Filter),
    /// `line_format`.
    LineFormat(Template),
    /// `label_format`: a label and where its value comes from.
    LabelFormat(Vec<(String, Source)>),
    /// `drop` or `keep`, some of them only where a matcher holds.
    Select { keep: bool, names: Vec<(String, Option<Matcher>)> },
    /// `decolorize`.
    Decolorize,
}

/// Where `label_format` takes a value.
#[derive(Debug)]
pub(super) enum Source {
    Label(String),
    Template(Template),
}

/// What a line filter looks for.
#[derive(Debug)]
pub(super) enum LineMatch {
    Text(String),
    Regex(Regex),
    Pattern(Pattern),
}

/// A step into JSON.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Step {
    Key(String),
    Index(usize),
}

/// A condition on labels.
#[derive(Debug)]
pub(super) enum Filter {
    And(Box<Filter>, Box<Filter>),
    Or(Box<Filter>, Box<Filter>),
    Text { name: String, op: MatchOp, value: String, regex: Option<Regex> },
    Number { name: String, unit: Unit, op: Compare, value: f64 },
}

/// How a label's text becomes a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Number,
    /// Nanoseconds in a filter, seconds when unwrapped.
    Duration,
    Bytes,
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compare {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

impl Compare {
    pub(super) fn of(sign: &str) -> Option<Self> {
        Some(match sign {
            "==" | "=" => Self::Equal,
            "!=" => Self::NotEqual,
            "<" => Self::Less,
            "<=" => Self::LessEqual,
            ">" => Self::Greater,
            ">=" => Self::GreaterEqual,
            _ => return None,
        })
    }

    pub(super) fn holds(self, left: f64, right: f64) -> bool {
        match self {
            Self::Equal => left == right,
            Self::NotEqual => left != right,
            Self::Less => left < right,
            Self::LessEqual => left <= right,
            Self::Greater => left > right,
            Self::GreaterEqual => left >= right,
        }
    }
}

/// By which labels.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Grouping {
    pub(super) without: bool,
    pub(super) names: Vec<String>,
}

/// A query for numbers.
#[derive(Debug)]
pub(super) enum Metric {
    Number(f64),
    Vector(f64),
    Range(Range),
    Aggregate { op: Aggregate, parameter: f64, grouping: Grouping, inner: Box<Metric> },
    Binary { op: Binary, bool: bool, matching: Matching, left: Box<Metric>, right: Box<Metric> },
    LabelReplace { inner: Box<Metric>, to: String, template: String, from: String, regex: Regex },
}

/// Lines of a time turned into numbers.
#[derive(Debug)]
pub(super) struct Range {
    pub(super) op: RangeOp,
    pub(super) log: LogExpr,
    pub(super) unwrap: Option<Unwrap>,
    /// Nanoseconds.
    pub(super) length: i64,
    /// Nanoseconds.
    pub(super) offset: i64,
    pub(super) parameter: f64,
    pub(super) grouping: Option<Grouping>,
}

/// Which label is the number, and what must hold afterwards.
#[derive(Debug)]
pub(super) struct Unwrap {
    pub(super) label: String,
    pub(super) unit: Unit,
    pub(super) after: Vec<Filter>,
}

/// What is made of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RangeOp {
    Count,
    Rate,
    RateCounter,
    Bytes,
    BytesRate,
    Absent,
    Sum,
    Avg,
    Min,
    Max,
    Stddev,
    Stdvar,
    Quantile,
    First,
    Last,
}

impl RangeOp {
    pub(super) fn of(name: &str) -> Option<Self> {
        Some(match name {
            "count_over_time" => Self::Count,
            "rate" => Self::Rate,
            "rate_counter" => Self::RateCounter,
            "bytes_over_time" => Self::Bytes,
            "bytes_rate" => Self::BytesRate,
            "absent_over_time" => Self::Absent,
            "sum_over_time" => Self::Sum,
            "avg_over_time" => Self::Avg,
            "min_over_time" => Self::Min,
            "max_over_time" => Self::Max,
            "stddev_over_time" => Self::Stddev,
            "stdvar_over_time" => Self::Stdvar,
            "quantile_over_time" => Self::Quantile,
            "first_over_time" => Self::First,
            "last_over_time" => Self::Last,
            _ => return None,
        })
    }

    /// Whether it works on a label's number: never, maybe, always.
    pub(super) fn wants_unwrap(self) -> Option<bool> {
        match self {
            Self::Count | Self::Bytes | Self::BytesRate => Some(false),
            Self::Rate | Self::Absent => None,
            _ => Some(true),
        }
    }

    /// Whether the sum over groups of it is the same as it over the group's lines.
    pub(super) fn adds_up(self) -> bool {
        matches!(self, Self::Count | Self::Rate | Self::Bytes | Self::BytesRate | Self::Sum)
    }
}

/// What is made of many series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Aggregate {
    Sum,
    Avg,
    Min,
    Max,
    Count,
    Stddev,
    Stdvar,
    Topk,
    Bottomk,
    Sort,
    SortDesc,
}

impl Aggregate {
    pub(super) fn of(name: &str) -> Option<Self> {
        Some(match name {
            "sum" => Self::Sum,
            "avg" => Self::Avg,
            "min" => Self::Min,
            "max" => Self::Max,
            "count" => Self::Count,
            "stddev" => Self::Stddev,
            "stdvar" => Self::Stdvar,
            "topk" => Self::Topk,
            "bottomk" => Self::Bottomk,
            "sort" => Self::Sort,
            "sort_desc" => Self::SortDesc,
            _ => return None,
        })
    }
}

/// An operator between two of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Binary {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Power,
    Compare(Compare),
    And,
    Or,
    Unless,
}

/// Which series of both sides belong together.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Matching {
    /// `on` (true) or `ignoring`.
    pub(super) on: bool,
    pub(super) names: Vec<String>,
    /// `Some(true)`: many on the left.
    pub(super) many: Option<bool>,
    pub(super) include: Vec<String>,
}
