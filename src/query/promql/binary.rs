//! Operators between two values.

use std::collections::HashMap;

use crate::model::Labels;

use super::QueryError;
use super::eval::{Evaluator, Output, any_there, wrong_type};
use super::grid::{Grid, NOTHING, Row, Rows, is_there, merged, nameless, same_labels};
use super::plan::{Binary, Group, Kind, Matching, Op};

/// An operator at all steps.
pub(super) fn eval(evaluator: &Evaluator<'_>, binary: &Binary, grid: Grid) -> Result<Output, QueryError> {
    let (left, right) = (evaluator.eval(&binary.left, grid)?, evaluator.eval(&binary.right, grid)?);
    let rows = match (left, right) {
        (Output::Scalar(left), Output::Scalar(right)) => {
            let values = left.into_iter().zip(right).map(|(a, b)| both_scalars(binary.op, a, b));
            return Ok(Output::Scalar(values.collect()));
        }
        (Output::Rows(rows), Output::Scalar(scalars)) => with_scalar(binary, rows, &scalars, false)?,
        (Output::Scalar(scalars), Output::Rows(rows)) => with_scalar(binary, rows, &scalars, true)?,
        (Output::Rows(left), Output::Rows(right)) if binary.op.is_set() => sets(binary, left, right, grid)?,
        (Output::Rows(left), Output::Rows(right)) => {
            evaluator.budget.hold(left.len().max(right.len()).saturating_mul(grid.count))?;
            vectors(evaluator, binary, &left, &right, grid)?
        }
        _ => return Err(wrong_type(Kind::Vector)),
    };
    Ok(Output::Rows(rows))
}

fn truth(is: bool) -> f64 {
    if is { 1.0 } else { 0.0 }
}

fn compare(op: Op, a: f64, b: f64) -> bool {
    match op {
        Op::Equal => a == b,
        Op::NotEqual => a != b,
        Op::Greater => a > b,
        Op::GreaterEqual => a >= b,
        Op::Less => a < b,
        Op::LessEqual => a <= b,
        _ => false,
    }
}

fn arithmetic(op: Op, a: f64, b: f64) -> f64 {
    match op {
        Op::Add => a + b,
        Op::Subtract => a - b,
        Op::Multiply => a * b,
        Op::Divide => a / b,
        Op::Modulo => a % b,
        Op::Power => libm::pow(a, b),
        Op::Atan2 => libm::atan2(a, b),
        _ => f64::NAN,
    }
}

fn both_scalars(op: Op, a: f64, b: f64) -> f64 {
    if op.compares() { truth(compare(op, a, b)) } else { arithmetic(op, a, b) }
}

/// The result of two elements; [`NOTHING`] where a comparison leaves it out.
fn elements(binary: &Binary, a: f64, b: f64) -> f64 {
    match (binary.op.compares(), binary.bool) {
        (false, _) => arithmetic(binary.op, a, b),
        (true, true) => truth(compare(binary.op, a, b)),
        (true, false) if compare(binary.op, a, b) => a,
        (true, false) => NOTHING,
    }
}

/// Whether the result is another thing than the metric it was made of.
fn drops_name(binary: &Binary) -> bool {
    binary.bool || !(binary.op.compares() || binary.op.is_set() || binary.op == Op::Atan2)
}

fn with_scalar(
    binary: &Binary,
    mut rows: Vec<Row>,
    scalars: &[f64],
    scalar_first: bool,
) -> Result<Vec<Row>, QueryError> {
    for row in &mut rows {
        for (value, scalar) in row.values.iter_mut().zip(scalars).filter(|(v, _)| is_there(**v)) {
            let (a, b) = if scalar_first { (*scalar, *value) } else { (*value, *scalar) };
            let result = elements(binary, a, b);
            // A comparison keeps the element of the vector, on whichever side it is.
            let filters = binary.op.compares() && !binary.bool && is_there(result);
            *value = if filters { *value } else { result };
        }
        if drops_name(binary) {
            row.labels = nameless(&row.labels);
        }
    }
    merged(rows)
}

/// What two label sets must have in common to belong together.
fn signature(matching: &Matching, labels: &Labels) -> Labels {
    if matching.on {
        labels.iter().filter(|(name, _)| matching.labels.iter().any(|label| label == name)).collect()
    } else if matching.labels.is_empty() {
        nameless(labels)
    } else {
        let mut names: Vec<&str> = matching.labels.iter().map(String::as_str).collect();
        names.push("__name__");
        labels.without(&names)
    }
}

/// Rows by signature.
fn by_signature(matching: &Matching, rows: &[Row]) -> HashMap<Labels, Vec<usize>> {
    let mut map: HashMap<Labels, Vec<usize>> = HashMap::with_capacity(rows.len());
    for (at, row) in rows.iter().enumerate() {
        map.entry(signature(matching, &row.labels)).or_default().push(at);
    }
    map
}

fn sets(binary: &Binary, left: Vec<Row>, right: Vec<Row>, grid: Grid) -> Result<Vec<Row>, QueryError> {
    let presence = |rows: &[Row]| {
        let mut map: HashMap<Labels, Vec<bool>> = HashMap::new();
        for row in rows {
            let there = map
                .entry(signature(&binary.matching, &row.labels))
                .or_insert_with(|| vec![false; grid.count]);
            for (there, value) in there.iter_mut().zip(&row.values) {
                *there |= is_there(*value);
            }
        }
        map
    };
    let keep = |rows: &mut Vec<Row>, other: &HashMap<Labels, Vec<bool>>, wanted: bool| {
        rows.retain_mut(|row| {
            match other.get(&signature(&binary.matching, &row.labels)) {
                None => return !wanted,
                Some(there) => {
                    for (value, there) in row.values.iter_mut().zip(there) {
                        if *there != wanted {
                            *value = NOTHING;
                        }
                    }
                }
            }
            !row.is_empty()
        });
    };
    let (mut left, mut right) = (left, right);
    match binary.op {
        Op::And => keep(&mut left, &presence(&right), true),
        Op::Unless => keep(&mut left, &presence(&right), false),
        _ => {
            keep(&mut right, &presence(&left), false);
            left.append(&mut right);
        }
    }
    merged(left)
}

fn vectors(
    evaluator: &Evaluator<'_>,
    binary: &Binary,
    left: &[Row],
    right: &[Row],
    grid: Grid,
) -> Result<Vec<Row>, QueryError> {
    let matching = &binary.matching;
    let (many, one, swapped) = match matching.group {
        Group::Right(_) => (right, left, true),
        Group::None | Group::Left(_) => (left, right, false),
    };
    let ones = by_signature(matching, one);
    one_each(matching, many, one, &ones, swapped, grid)?;
    let mut out = Rows::new(grid.count);
    // For one to one: steps at which a signature has had its match.
    let mut matched: HashMap<&Labels, Vec<bool>> = HashMap::new();
    for row in many {
        let Some((signature, partners)) = ones.get_key_value(&signature(matching, &row.labels)) else {
            continue;
        };
        evaluator.budget.look(partners.len().saturating_mul(grid.count))?;
        for partner in partners.iter().filter_map(|at| one.get(*at)) {
            let place = out.place(result_labels(binary, &row.labels, &partner.labels));
            let pairs = row.values.iter().zip(&partner.values).enumerate();
            for (step, (a, b)) in pairs.filter(|(_, (a, b))| is_there(**a) && is_there(**b)) {
                let (a, b) = if swapped { (*b, *a) } else { (*a, *b) };
                let value = elements(binary, a, b);
                if !is_there(value) {
                    continue;
                }
                let group = !matches!(matching.group, Group::None);
                if !group {
                    let seen = matched.entry(signature).or_insert_with(|| vec![false; grid.count]);
                    if std::mem::replace(&mut seen[step], true) {
                        return Err(QueryError::Execution(
                            "multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)"
                                .to_owned(),
                        ));
                    }
                }
                if !out.put(place, step, value) {
                    return Err(if group {
                        QueryError::Execution(
                            "multiple matches for labels: grouping labels must ensure unique matches"
                                .to_owned(),
                        )
                    } else {
                        same_labels()
                    });
                }
            }
        }
    }
    Ok(out.into_rows())
}

/// Checks that the one side has one row a signature, at every step at which there is anything to match.
fn one_each(
    matching: &Matching,
    many: &[Row],
    one: &[Row],
    ones: &HashMap<Labels, Vec<usize>>,
    swapped: bool,
    grid: Grid,
) -> Result<(), QueryError> {
    let mut doubled: Vec<(&Labels, &Vec<usize>)> = ones.iter().filter(|(_, rows)| rows.len() > 1).collect();
    if doubled.is_empty() {
        return Ok(());
    }
    // Not in the order of a hash.
    doubled.sort_by_key(|(_, rows)| rows.first().copied());
    let any = any_there(many, grid.count);
    for step in any.iter().enumerate().filter(|(_, any)| **any).map(|(step, _)| step) {
        for (_, rows) in &doubled {
            let mut there =
                rows.iter().filter_map(|at| one.get(*at)).filter(|row| is_there(row.values[step]));
            if let (Some(first), Some(second)) = (there.next(), there.next()) {
                let group: Labels = second
                    .labels
                    .iter()
                    .filter(|(name, _)| {
                        let listed = matching.labels.iter().any(|label| label == name);
                        if matching.on { listed } else { !listed && *name != "__name__" }
                    })
                    .collect();
                let side = if swapped { "left" } else { "right" };
                return Err(QueryError::Execution(format!(
                    "found duplicate series for the match group {} on the {side} hand-side of the operation: [{}, {}];many-to-many matching not allowed: matching labels must be unique on one side",
                    braces(&group),
                    braces(&second.labels),
                    braces(&first.labels),
                )));
            }
        }
    }
    Ok(())
}

/// A label set with its name among the rest, as Prometheus's errors show it.
fn braces(labels: &Labels) -> String {
    let pairs: Vec<String> = labels.iter().map(|(name, value)| format!("{name}={value:?}")).collect();
    format!("{{{}}}", pairs.join(", "))
}

/// The labels of a match: those of the many side.
fn result_labels(binary: &Binary, many: &Labels, one: &Labels) -> Labels {
    let matching = &binary.matching;
    let mut labels = if drops_name(binary) { nameless(many) } else { many.clone() };
    match &matching.group {
        Group::None => {
            let listed = |name: &str| matching.labels.iter().any(|label| label == name);
            if matching.on {
                labels = labels.iter().filter(|(name, _)| listed(name)).collect();
            } else if !matching.labels.is_empty() {
                labels = labels.iter().filter(|(name, _)| !listed(name)).collect();
            }
        }
        Group::Left(taken) | Group::Right(taken) => {
            for name in taken {
                labels = match one.get(name) {
                    Some(value) => labels.with(name, value),
                    None => labels.without(&[name]),
                };
            }
        }
    }
    if binary.bool { nameless(&labels) } else { labels }
}
