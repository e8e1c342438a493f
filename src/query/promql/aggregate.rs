//! Aggregations over label sets.

use std::collections::HashMap;

use crate::model::Labels;

use super::QueryError;
use super::eval::{Evaluator, wrong_type};
use super::grid::{Grid, NOTHING, Row, Rows, is_there, merged};
use super::instant::nan_last;
use super::plan::{Aggregate, Aggregation, Kind, What};
use super::window::stays_infinite;
use crate::query::statistics::quantile;

/// An aggregation at all steps.
pub(super) fn eval(
    evaluator: &Evaluator<'_>,
    aggregate: &Aggregate,
    grid: Grid,
) -> Result<Vec<Row>, QueryError> {
    let parameter = match &aggregate.parameter {
        Some(node) if aggregate.op != Aggregation::CountValues => evaluator.scalar(node, grid)?,
        _ => Vec::new(),
    };
    let rows = evaluator.rows(&aggregate.inner, grid)?;
    evaluator.budget.look(rows.len().saturating_mul(grid.count))?;
    match aggregate.op {
        Aggregation::TopK | Aggregation::BottomK => top(aggregate, &rows, &parameter, grid),
        Aggregation::Quantile => Ok(quantiles(aggregate, &rows, &parameter, grid)),
        Aggregation::CountValues => count_values(aggregate, &rows, grid),
        _ => Ok(plain(aggregate, &rows, grid)),
    }
}

/// The labels of the group that a label set belongs to.
fn group_labels(aggregate: &Aggregate, labels: &Labels) -> Labels {
    if aggregate.without {
        let mut names: Vec<&str> = aggregate.labels.iter().map(String::as_str).collect();
        names.push("__name__");
        labels.without(&names)
    } else if aggregate.labels.is_empty() {
        Labels::default()
    } else {
        labels.iter().filter(|(name, _)| aggregate.labels.iter().any(|label| label == name)).collect()
    }
}

/// Groups in the order in which they are met: their labels and their rows.
fn groups(aggregate: &Aggregate, rows: &[Row]) -> Vec<(Labels, Vec<usize>)> {
    let mut groups: Vec<(Labels, Vec<usize>)> = Vec::new();
    let mut places: HashMap<Labels, usize> = HashMap::new();
    for (at, row) in rows.iter().enumerate() {
        let place = *places.entry(group_labels(aggregate, &row.labels)).or_insert_with_key(|labels| {
            groups.push((labels.clone(), Vec::new()));
            groups.len() - 1
        });
        groups[place].1.push(at);
    }
    groups
}

/// What is known of one group at one step.
#[derive(Clone, Copy)]
struct Sum {
    value: f64,
    mean: f64,
    count: f64,
}

fn plain(aggregate: &Aggregate, rows: &[Row], grid: Grid) -> Vec<Row> {
    let mut out = Vec::new();
    let mut sums = vec![Sum { value: 0.0, mean: 0.0, count: 0.0 }; grid.count];
    for (labels, members) in groups(aggregate, rows) {
        sums.fill(Sum { value: 0.0, mean: 0.0, count: 0.0 });
        for row in members.iter().filter_map(|at| rows.get(*at)) {
            for (sum, v) in sums.iter_mut().zip(&row.values).filter(|(_, v)| is_there(**v)) {
                add(aggregate.op, sum, *v);
            }
        }
        let values = sums.iter().map(|sum| result(aggregate.op, *sum)).collect();
        let row = Row { labels, values };
        if !row.is_empty() {
            out.push(row);
        }
    }
    out
}

fn add(op: Aggregation, sum: &mut Sum, v: f64) {
    let first = sum.count == 0.0;
    sum.count += 1.0;
    match op {
        Aggregation::Sum => sum.value += v,
        Aggregation::Max if first || sum.value < v || sum.value.is_nan() => sum.value = v,
        Aggregation::Min if first || sum.value > v || sum.value.is_nan() => sum.value = v,
        // One value deviates by nothing, an infinite one too.
        Aggregation::Avg | Aggregation::Stddev | Aggregation::Stdvar if first => sum.mean = v,
        Aggregation::Avg if sum.mean.is_infinite() && stays_infinite(sum.mean, v) => {}
        // Divided one by one, so that nothing overflows.
        Aggregation::Avg => sum.mean += v / sum.count - sum.mean / sum.count,
        Aggregation::Stddev | Aggregation::Stdvar => {
            let delta = v - sum.mean;
            sum.mean += delta / sum.count;
            sum.value += delta * (v - sum.mean);
        }
        _ => {}
    }
}

fn result(op: Aggregation, sum: Sum) -> f64 {
    if sum.count == 0.0 {
        return NOTHING;
    }
    match op {
        Aggregation::Avg => sum.mean,
        Aggregation::Count => sum.count,
        Aggregation::Group => 1.0,
        Aggregation::Stddev => (sum.value / sum.count).sqrt(),
        Aggregation::Stdvar => sum.value / sum.count,
        _ => sum.value,
    }
}

/// The rows with the `k` greatest or least values of each group, as they were, at an instant in that
/// order.
fn top(aggregate: &Aggregate, rows: &[Row], parameter: &[f64], grid: Grid) -> Result<Vec<Row>, QueryError> {
    // 2^63 as a float, which Go lets pass and which is more than there can be rows.
    if let Some(k) = parameter.iter().find(|k| k.is_nan() || k.abs() > 9_223_372_036_854_775_808.0) {
        return Err(QueryError::Execution(format!("Scalar value {k} overflows int64")));
    }
    let descending = aggregate.op == Aggregation::TopK;
    let groups = groups(aggregate, rows);
    let mut places: Vec<Option<usize>> = vec![None; rows.len()];
    let mut out: Vec<Row> = Vec::new();
    let mut order: Vec<usize> = Vec::new();
    for step in 0..grid.count {
        let k = parameter.get(step).copied().unwrap_or(0.0);
        if k < 1.0 {
            continue;
        }
        for (_, members) in &groups {
            order.clear();
            order.extend(members.iter().filter(|at| is_there(rows[**at].values[step])));
            order.sort_by(|a, b| nan_last(rows[*a].values[step], rows[*b].values[step], descending));
            for at in order.iter().take(k as usize) {
                let place = *places[*at].get_or_insert_with(|| {
                    out.push(Row::nothing(rows[*at].labels.clone(), grid.count));
                    out.len() - 1
                });
                out[place].values[step] = rows[*at].values[step];
            }
        }
    }
    merged(out)
}

fn quantiles(aggregate: &Aggregate, rows: &[Row], parameter: &[f64], grid: Grid) -> Vec<Row> {
    let mut out = Vec::new();
    let mut values = Vec::new();
    for (labels, members) in groups(aggregate, rows) {
        let mut row = Row::nothing(labels, grid.count);
        for (step, result) in row.values.iter_mut().enumerate() {
            values.clear();
            values.extend(members.iter().map(|at| rows[*at].values[step]).filter(|v| is_there(*v)));
            if !values.is_empty() {
                *result = quantile(parameter.get(step).copied().unwrap_or(f64::NAN), &mut values);
            }
        }
        if !row.is_empty() {
            out.push(row);
        }
    }
    out
}

fn count_values(aggregate: &Aggregate, rows: &[Row], grid: Grid) -> Result<Vec<Row>, QueryError> {
    let Some(What::Text(name)) = aggregate.parameter.as_ref().map(|node| &node.what) else {
        return Err(wrong_type(Kind::Text));
    };
    let mut chars = name.chars();
    if !(chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_'))
    {
        return Err(QueryError::Execution(format!("invalid label name {name:?}")));
    }
    let mut out = Rows::new(grid.count);
    for row in rows {
        let group = group_labels(aggregate, &row.labels);
        let mut places: HashMap<u64, usize> = HashMap::new();
        for (step, v) in row.values.iter().enumerate().filter(|(_, v)| is_there(**v)) {
            let place = *places.entry(v.to_bits()).or_insert_with(|| {
                let hidden = aggregate.without && aggregate.labels.contains(name);
                out.place(if hidden { group.clone() } else { group.with(name, &decimal(*v)) })
            });
            if !out.put(place, step, 1.0) {
                out.list[place].values[step] += 1.0;
            }
        }
    }
    Ok(out.into_rows())
}

/// A number as Go's `FormatFloat(v, 'f', -1, 64)` writes it.
fn decimal(v: f64) -> String {
    if v == f64::INFINITY {
        "+Inf".to_owned()
    } else if v == f64::NEG_INFINITY {
        "-Inf".to_owned()
    } else {
        v.to_string()
    }
}
