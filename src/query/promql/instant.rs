//! Functions of instant vectors and scalars.

use crate::model::Labels;

use super::QueryError;
use super::calendar;
use super::eval::{Evaluator, any_there, without_names, wrong_type};
use super::functions::{Function, Math};
use super::grid::{Grid, NOTHING, Row, is_there};
use super::plan::{Kind, Node, What};
use super::relabel;

/// The functions that give one value for each value.
pub(super) fn eval(
    evaluator: &Evaluator<'_>,
    function: Function,
    arguments: &[Node],
    grid: Grid,
) -> Result<Vec<Row>, QueryError> {
    let vector = |at: usize| match arguments.get(at) {
        Some(node) => evaluator.rows(node, grid),
        None => Err(wrong_type(Kind::Vector)),
    };
    let scalar = |at: usize| match arguments.get(at) {
        Some(node) => evaluator.scalar(node, grid),
        None => Err(wrong_type(Kind::Scalar)),
    };
    match function {
        Function::Math(math) => {
            let mut rows = vector(0)?;
            by_step(&mut rows, |v, _| apply(math, v));
            without_names(rows)
        }
        Function::Clamp => {
            let (mut rows, low, high) = (vector(0)?, scalar(1)?, scalar(2)?);
            by_step(&mut rows, |v, step| {
                let (low, high) = (low[step], high[step]);
                if high < low { NOTHING } else { go_max(low, go_min(high, v)) }
            });
            without_names(rows)
        }
        Function::ClampMax => {
            let (mut rows, high) = (vector(0)?, scalar(1)?);
            by_step(&mut rows, |v, step| go_min(high[step], v));
            without_names(rows)
        }
        Function::ClampMin => {
            let (mut rows, low) = (vector(0)?, scalar(1)?);
            by_step(&mut rows, |v, step| go_max(low[step], v));
            without_names(rows)
        }
        Function::Round => {
            let mut rows = vector(0)?;
            let to = if arguments.len() > 1 { scalar(1)? } else { vec![1.0; grid.count] };
            by_step(&mut rows, |v, step| {
                // The inverse first: 0.1 has none that is exact, 10 has.
                let inverse = 1.0 / to[step];
                (v * inverse + 0.5).floor() / inverse
            });
            without_names(rows)
        }
        Function::Date(date) => {
            if arguments.is_empty() {
                let values = grid.times().map(|t| calendar::field(date, t / 1000)).collect();
                return Ok(vec![Row { labels: Labels::default(), values }]);
            }
            let mut rows = vector(0)?;
            by_step(&mut rows, |v, _| calendar::field(date, calendar::seconds(v)));
            without_names(rows)
        }
        Function::Timestamp => {
            if let Some(Node { what: What::Select(select), .. }) = arguments.first() {
                return without_names(evaluator.select(select, grid, true)?);
            }
            let mut rows = vector(0)?;
            by_step(&mut rows, |_, step| grid.at(step) as f64 / 1000.0);
            without_names(rows)
        }
        Function::Vector => Ok(vec![Row { labels: Labels::default(), values: scalar(0)? }]),
        Function::Sort => Ok(sorted(vector(0)?, grid, false)),
        Function::SortDesc => Ok(sorted(vector(0)?, grid, true)),
        _ => Err(QueryError::Unsupported("this function".to_owned())),
    }
}

/// `scalar()`: the one value of a vector that has one, else NaN.
pub(super) fn scalar(
    evaluator: &Evaluator<'_>,
    arguments: &[Node],
    grid: Grid,
) -> Result<Vec<f64>, QueryError> {
    let Some(node) = arguments.first() else { return Err(wrong_type(Kind::Vector)) };
    let mut seen = vec![0_u32; grid.count];
    let mut values = vec![f64::NAN; grid.count];
    for row in evaluator.rows(node, grid)? {
        for (step, value) in row.values.into_iter().enumerate().filter(|(_, v)| is_there(*v)) {
            seen[step] = seen[step].saturating_add(1);
            values[step] = if seen[step] == 1 { value } else { f64::NAN };
        }
    }
    Ok(values)
}

/// `absent()`: 1 where the vector is empty.
pub(super) fn absent(
    evaluator: &Evaluator<'_>,
    arguments: &[Node],
    grid: Grid,
) -> Result<Vec<Row>, QueryError> {
    let Some(node) = arguments.first() else { return Err(wrong_type(Kind::Vector)) };
    let any = any_there(&evaluator.rows(node, grid)?, grid.count);
    let values: Vec<f64> = any.into_iter().map(|there| if there { NOTHING } else { 1.0 }).collect();
    let row = Row { labels: relabel::absent_labels(node), values };
    Ok(if row.is_empty() { Vec::new() } else { vec![row] })
}

fn by_step(rows: &mut [Row], f: impl Fn(f64, usize) -> f64) {
    for row in rows {
        for (step, value) in row.values.iter_mut().enumerate() {
            if is_there(*value) {
                *value = f(*value, step);
            }
        }
    }
}

/// The order matters for an instant query only: a range's series come by labels.
fn sorted(mut rows: Vec<Row>, grid: Grid, descending: bool) -> Vec<Row> {
    if grid.count == 1 {
        let key = |row: &Row| row.values.first().copied().unwrap_or(f64::NAN);
        rows.sort_by(|a, b| nan_last(key(a), key(b), descending));
    }
    rows
}

/// Order of two values, NaN behind all others either way.
pub(super) fn nan_last(a: f64, b: f64, descending: bool) -> std::cmp::Ordering {
    match (a.is_nan(), b.is_nan()) {
        (false, false) => {
            let order = a.partial_cmp(&b).unwrap_or(std::cmp::Ordering::Equal);
            if descending { order.reverse() } else { order }
        }
        (a, b) => a.cmp(&b),
    }
}

/// Go's `math.Max`: an infinity decides before a NaN does.
fn go_max(a: f64, b: f64) -> f64 {
    if a == f64::INFINITY || b == f64::INFINITY {
        f64::INFINITY
    } else if a.is_nan() || b.is_nan() {
        f64::NAN
    } else {
        a.max(b)
    }
}

/// Go's `math.Min`.
fn go_min(a: f64, b: f64) -> f64 {
    -go_max(-a, -b)
}

fn apply(math: Math, v: f64) -> f64 {
    match math {
        Math::Abs => v.abs(),
        Math::Acos => libm::acos(v),
        Math::Acosh => libm::acosh(v),
        Math::Asin => libm::asin(v),
        Math::Asinh => libm::asinh(v),
        Math::Atan => libm::atan(v),
        Math::Atanh => libm::atanh(v),
        Math::Ceil => v.ceil(),
        Math::Cos => libm::cos(v),
        Math::Cosh => libm::cosh(v),
        Math::Deg => v * 180.0 / std::f64::consts::PI,
        Math::Exp => libm::exp(v),
        Math::Floor => v.floor(),
        Math::Ln => libm::log(v),
        Math::Log10 => libm::log10(v),
        Math::Log2 => libm::log2(v),
        Math::Rad => v * std::f64::consts::PI / 180.0,
        Math::Sgn => {
            if v > 0.0 {
                1.0
            } else if v < 0.0 {
                -1.0
            } else {
                v
            }
        }
        Math::Sin => libm::sin(v),
        Math::Sinh => libm::sinh(v),
        Math::Sqrt => v.sqrt(),
        Math::Tan => libm::tan(v),
        Math::Tanh => libm::tanh(v),
    }
}
