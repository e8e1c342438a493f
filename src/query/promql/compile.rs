//! From the parser's tree to the plan: every type, name and number is checked here.

use std::time::{Duration, UNIX_EPOCH};

use promql_parser::label::{MatchOp as ParsedOp, Matchers};
use promql_parser::parser::token::{
    T_ADD, T_ATAN2, T_AVG, T_BOTTOMK, T_COUNT, T_COUNT_VALUES, T_DIV, T_EQLC, T_GROUP, T_GTE, T_GTR, T_LAND,
    T_LOR, T_LSS, T_LTE, T_LUNLESS, T_MAX, T_MIN, T_MOD, T_MUL, T_NEQ, T_POW, T_QUANTILE, T_STDDEV, T_STDVAR,
    T_SUB, T_SUM, T_TOPK,
};
use promql_parser::parser::{
    AggregateExpr, AtModifier, BinaryExpr, Call, Expr, LabelModifier, Offset, VectorMatchCardinality,
    VectorSelector,
};

use crate::model::{MatchOp, Matcher};

use super::functions::{Function, More};
use super::plan::{
    Aggregate, Aggregation, At, Binary, Group, Kind, Matching, Node, Op, Select, Shift, Source, What, Window,
};
use super::{QueryError, SUBQUERY_STEP_MS, pattern};

fn bad(words: impl std::fmt::Display) -> QueryError {
    QueryError::BadData(format!("parse error: {words}"))
}

/// The plan of an expression.
pub(super) fn node(expr: &Expr) -> Result<Node, QueryError> {
    let (what, fixed) = match expr {
        Expr::Paren(paren) => return node(&paren.expr),
        Expr::NumberLiteral(number) => (What::Number(number.val), false),
        Expr::StringLiteral(text) => (What::Text(text.val.clone()), false),
        Expr::VectorSelector(selector) => {
            let shift = shift(selector.offset.as_ref(), selector.at.as_ref())?;
            (What::Select(Select { matchers: matchers(selector)?, shift }), shift.at.is_some())
        }
        Expr::MatrixSelector(matrix) => {
            let shift = shift(matrix.vs.offset.as_ref(), matrix.vs.at.as_ref())?;
            let source = Source::Samples(matchers(&matrix.vs)?);
            (What::Window(Window { source, range_ms: ms(matrix.range)?, shift }), shift.at.is_some())
        }
        Expr::Subquery(subquery) => {
            let shift = shift(subquery.offset.as_ref(), subquery.at.as_ref())?;
            let inner = vector(&subquery.expr, "subquery")?;
            let step = subquery.step.map_or(Ok(SUBQUERY_STEP_MS), ms)?;
            let source = Source::Subquery(Box::new(inner), step);
            (What::Window(Window { source, range_ms: ms(subquery.range)?, shift }), shift.at.is_some())
        }
        Expr::Unary(unary) => {
            let inner = node(&unary.expr)?;
            if !matches!(inner.kind(), Kind::Scalar | Kind::Vector) {
                return Err(bad(format_args!(
                    "unary expression only allowed on expressions of type scalar or instant vector, got {}",
                    inner.kind()
                )));
            }
            let fixed = is_fixed(&inner);
            (What::Negate(Box::new(inner)), fixed)
        }
        Expr::Binary(expr) => binary(expr)?,
        Expr::Aggregate(expr) => aggregate(expr)?,
        Expr::Call(expr) => call(expr)?,
        Expr::Extension(_) => return Err(QueryError::Unsupported("this expression".to_owned())),
    };
    Ok(Node { what, fixed })
}

/// A literal is the same at every step without being worth a mark of its own.
fn is_fixed(node: &Node) -> bool {
    node.fixed || matches!(node.what, What::Number(_) | What::Text(_))
}

fn vector(expr: &Expr, place: &str) -> Result<Node, QueryError> {
    expect(node(expr)?, Kind::Vector, place)
}

fn expect(node: Node, kind: Kind, place: &str) -> Result<Node, QueryError> {
    if node.kind() == kind {
        return Ok(node);
    }
    Err(bad(format_args!("expected type {kind} in {place}, got {}", node.kind())))
}

fn ms(duration: Duration) -> Result<i64, QueryError> {
    i64::try_from(duration.as_millis()).map_err(|_| bad("duration out of range"))
}

fn shift(offset: Option<&Offset>, at: Option<&AtModifier>) -> Result<Shift, QueryError> {
    let offset_ms = match offset {
        None => 0,
        Some(Offset::Pos(back)) => ms(*back)?,
        Some(Offset::Neg(forward)) => -ms(*forward)?,
    };
    let at = match at {
        None => None,
        Some(AtModifier::Start) => Some(At::Start),
        Some(AtModifier::End) => Some(At::End),
        Some(AtModifier::At(time)) => Some(At::Moment(match time.duration_since(UNIX_EPOCH) {
            Ok(after) => ms(after)?,
            Err(before) => -ms(before.duration())?,
        })),
    };
    Ok(Shift { offset_ms, at })
}

pub(super) fn matchers(selector: &VectorSelector) -> Result<Vec<Matcher>, QueryError> {
    let Matchers { matchers, or_matchers } = &selector.matchers;
    if !or_matchers.is_empty() {
        return Err(QueryError::Unsupported("`or` between matchers".to_owned()));
    }
    let name = selector.name.iter().map(|name| Matcher::new("__name__", MatchOp::Equal, name));
    let labels = matchers.iter().map(|matcher| {
        let op = match matcher.op {
            ParsedOp::Equal => MatchOp::Equal,
            ParsedOp::NotEqual => MatchOp::NotEqual,
            ParsedOp::Re(_) => MatchOp::Regex,
            ParsedOp::NotRe(_) => MatchOp::NotRegex,
        };
        if matches!(op, MatchOp::Regex | MatchOp::NotRegex) {
            pattern::check(&matcher.value)?;
        }
        Matcher::new(&matcher.name, op, &matcher.value)
    });
    name.chain(labels).map(|matcher| matcher.map_err(bad)).collect()
}

fn binary(expr: &BinaryExpr) -> Result<(What, bool), QueryError> {
    let op = match expr.op.id() {
        T_ADD => Op::Add,
        T_SUB => Op::Subtract,
        T_MUL => Op::Multiply,
        T_DIV => Op::Divide,
        T_MOD => Op::Modulo,
        T_POW => Op::Power,
        T_ATAN2 => Op::Atan2,
        T_EQLC => Op::Equal,
        T_NEQ => Op::NotEqual,
        T_GTR => Op::Greater,
        T_GTE => Op::GreaterEqual,
        T_LSS => Op::Less,
        T_LTE => Op::LessEqual,
        T_LAND => Op::And,
        T_LOR => Op::Or,
        T_LUNLESS => Op::Unless,
        _ => return Err(QueryError::Unsupported(format!("operator `{}`", expr.op))),
    };
    let (left, right) = (node(&expr.lhs)?, node(&expr.rhs)?);
    let kinds = (left.kind(), right.kind());
    let mut bool = false;
    let mut matching = Matching::default();
    if let Some(modifier) = &expr.modifier {
        bool = modifier.return_bool;
        if modifier.fill_values.lhs.is_some() || modifier.fill_values.rhs.is_some() {
            return Err(QueryError::Unsupported("`fill`".to_owned()));
        }
        if let Some(labels) = &modifier.matching {
            matching.on = labels.is_include();
            matching.labels.clone_from(&labels.labels().labels);
        }
        matching.group = match &modifier.card {
            VectorMatchCardinality::ManyToOne(labels) => Group::Left(labels.labels.clone()),
            VectorMatchCardinality::OneToMany(labels) => Group::Right(labels.labels.clone()),
            VectorMatchCardinality::OneToOne | VectorMatchCardinality::ManyToMany => Group::None,
        };
    }
    let fits = |kind| matches!(kind, Kind::Scalar | Kind::Vector);
    if !fits(kinds.0) || !fits(kinds.1) {
        return Err(bad("binary expression must contain only scalar and instant vector types"));
    }
    if bool && !op.compares() {
        return Err(bad("bool modifier can only be used on comparison operators"));
    }
    let scalars = kinds == (Kind::Scalar, Kind::Scalar);
    if scalars && op.compares() && !bool {
        return Err(bad("comparisons between scalars must use BOOL modifier"));
    }
    if kinds != (Kind::Vector, Kind::Vector) {
        if op.is_set() {
            return Err(bad("set operators not allowed in binary scalar expression"));
        }
        if !matching.labels.is_empty() {
            return Err(bad("vector matching only allowed between instant vectors"));
        }
    }
    let grouped = match &matching.group {
        Group::None => None,
        Group::Left(labels) | Group::Right(labels) => Some(labels),
    };
    if let Some(labels) = grouped {
        if op.is_set() {
            return Err(bad("no grouping allowed for set operations"));
        }
        if let Some(label) = labels.iter().find(|label| matching.on && matching.labels.contains(label)) {
            return Err(bad(format_args!("label {label:?} must not occur in ON and GROUP clause at once")));
        }
    }
    let fixed = is_fixed(&left) && is_fixed(&right) && (left.fixed || right.fixed);
    let kind = if scalars { Kind::Scalar } else { Kind::Vector };
    Ok((What::Binary(Box::new(Binary { op, left, right, bool, matching, kind })), fixed))
}

fn aggregate(expr: &AggregateExpr) -> Result<(What, bool), QueryError> {
    let op = match expr.op.id() {
        T_SUM => Aggregation::Sum,
        T_AVG => Aggregation::Avg,
        T_MIN => Aggregation::Min,
        T_MAX => Aggregation::Max,
        T_COUNT => Aggregation::Count,
        T_GROUP => Aggregation::Group,
        T_STDDEV => Aggregation::Stddev,
        T_STDVAR => Aggregation::Stdvar,
        T_TOPK => Aggregation::TopK,
        T_BOTTOMK => Aggregation::BottomK,
        T_QUANTILE => Aggregation::Quantile,
        T_COUNT_VALUES => Aggregation::CountValues,
        _ => return Err(QueryError::Unsupported(format!("aggregation `{}`", expr.op))),
    };
    let inner = vector(&expr.expr, "aggregation expression")?;
    let parameter = match &expr.param {
        None => None,
        Some(parameter) => {
            let kind = if op == Aggregation::CountValues { Kind::Text } else { Kind::Scalar };
            Some(expect(node(parameter)?, kind, "aggregation parameter")?)
        }
    };
    let (without, labels) = match &expr.modifier {
        None => (false, Vec::new()),
        Some(LabelModifier::Include(labels)) => (false, labels.labels.clone()),
        Some(LabelModifier::Exclude(labels)) => (true, labels.labels.clone()),
    };
    let fixed = inner.fixed && parameter.as_ref().is_none_or(is_fixed);
    Ok((What::Aggregate(Box::new(Aggregate { op, inner, parameter, without, labels })), fixed))
}

fn call(expr: &Call) -> Result<(What, bool), QueryError> {
    // `lex` writes the name of 2.42 as the one the parser knows.
    let name = match expr.func.name {
        "double_exponential_smoothing" => "holt_winters",
        name => name,
    };
    let function = Function::named(name).ok_or_else(|| QueryError::Unsupported(format!("`{name}`")))?;
    let (kinds, more) = function.takes();
    let given = expr.args.args.len();
    let least = if more == More::Exactly { kinds.len() } else { kinds.len().saturating_sub(1) };
    let most = if more == More::LastRepeated { usize::MAX } else { kinds.len() };
    if given < least || given > most {
        let wanted = match more {
            More::Exactly => least.to_string(),
            More::LastOptional => format!("{least} or {most}"),
            More::LastRepeated => format!("at least {least}"),
        };
        return Err(bad(format_args!("expected {wanted} argument(s) in call to {name:?}, got {given}")));
    }
    let place = format!("call to function {name:?}");
    let mut arguments = Vec::with_capacity(given);
    for (at, argument) in expr.args.args.iter().enumerate() {
        let kind = kinds.get(at).or(kinds.last()).copied().unwrap_or(Kind::Scalar);
        arguments.push(expect(node(argument)?, kind, &place)?);
    }
    let fixed = arguments.iter().all(is_fixed)
        && arguments.iter().any(|argument| argument.fixed)
        && !function.reads_the_clock(given);
    Ok((What::Call(function, arguments), fixed))
}
