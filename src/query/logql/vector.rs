//! Vectors: aggregations, operators between two, and a vector at every step.

use std::collections::{BTreeMap, HashMap};

use super::ast::{Aggregate, Binary, Grouping, Matching};
use super::metric::{Plan, variance};
use super::{LogQlError, Value, bounded};
use crate::model::{Labels, Point, Series};

type Vector = Vec<(Labels, f64)>;

fn project(labels: &Labels, names: &[String], keep: bool) -> Labels {
    Labels::new(labels.iter().filter(|(name, _)| names.iter().any(|other| other == name) == keep))
}

/// Puts series together by labels.
pub(super) fn aggregate(op: Aggregate, parameter: f64, grouping: &Grouping, vector: Vector) -> Vector {
    if matches!(op, Aggregate::Sort | Aggregate::SortDesc) {
        let mut vector = vector;
        vector.sort_by(|a, b| a.0.cmp(&b.0));
        let up = op == Aggregate::Sort;
        vector.sort_by(|a, b| if up { a.1.total_cmp(&b.1) } else { b.1.total_cmp(&a.1) });
        return vector;
    }
    let mut groups: BTreeMap<Labels, Vector> = BTreeMap::new();
    for (labels, value) in vector {
        let group = project(&labels, &grouping.names, !grouping.without);
        groups.entry(group).or_default().push((labels, value));
    }
    let mut out = Vec::new();
    for (group, mut members) in groups {
        let values: Vec<f64> = members.iter().map(|(_, value)| *value).collect();
        let count = values.len() as f64;
        let value = match op {
            Aggregate::Sum => values.iter().sum(),
            Aggregate::Avg => values.iter().sum::<f64>() / count,
            Aggregate::Min => values.iter().copied().fold(f64::INFINITY, f64::min),
            Aggregate::Max => values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            Aggregate::Count => count,
            Aggregate::Stddev => variance(&values).sqrt(),
            Aggregate::Stdvar => variance(&values),
            Aggregate::Topk | Aggregate::Bottomk | Aggregate::Sort | Aggregate::SortDesc => {
                members.sort_by(|a, b| a.0.cmp(&b.0));
                let top = op == Aggregate::Topk;
                members.sort_by(|a, b| if top { b.1.total_cmp(&a.1) } else { a.1.total_cmp(&b.1) });
                members.truncate(parameter as usize);
                out.extend(members);
                continue;
            }
        };
        out.push((group, value));
    }
    out
}

fn compute(op: Binary, left: f64, right: f64) -> f64 {
    match op {
        Binary::Add => left + right,
        Binary::Subtract => left - right,
        Binary::Multiply => left * right,
        Binary::Divide => left / right,
        Binary::Modulo => left % right,
        Binary::Power => libm::pow(left, right),
        Binary::Compare(compare) => f64::from(u8::from(compare.holds(left, right))),
        Binary::And | Binary::Or | Binary::Unless => f64::NAN,
    }
}

/// One operator between two values.
pub(super) fn binary(
    op: Binary,
    bool: bool,
    matching: &Matching,
    left: Value,
    right: Value,
) -> Result<Value, LogQlError> {
    let set = matches!(op, Binary::And | Binary::Or | Binary::Unless);
    let filters = matches!(op, Binary::Compare(_)) && !bool;
    Ok(match (left, right) {
        (Value::Vector(left), Value::Vector(right)) if set => {
            Value::Vector(of_sets(op, matching, left, right))
        }
        _ if set => {
            return Err(LogQlError::Run("and, or and unless need a vector on both sides".to_owned()));
        }
        (Value::Scalar(left), Value::Scalar(right)) => Value::Scalar(compute(op, left, right)),
        (Value::Vector(left), Value::Scalar(right)) => Value::Vector(
            left.into_iter()
                .filter_map(|(labels, value)| {
                    let result = compute(op, value, right);
                    if filters { (result != 0.0).then_some((labels, value)) } else { Some((labels, result)) }
                })
                .collect(),
        ),
        (Value::Scalar(left), Value::Vector(right)) => Value::Vector(
            right
                .into_iter()
                .filter_map(|(labels, value)| {
                    let result = compute(op, left, value);
                    if filters { (result != 0.0).then_some((labels, value)) } else { Some((labels, result)) }
                })
                .collect(),
        ),
        (Value::Vector(left), Value::Vector(right)) => {
            Value::Vector(of_vectors(op, filters, matching, left, right)?)
        }
    })
}

fn signature(matching: &Matching, labels: &Labels) -> Labels {
    project(labels, &matching.names, matching.on)
}

fn of_sets(op: Binary, matching: &Matching, left: Vector, right: Vector) -> Vector {
    let key = |labels: &Labels| signature(matching, labels);
    let on: std::collections::HashSet<Labels> = if op == Binary::Or {
        left.iter().map(|(labels, _)| key(labels)).collect()
    } else {
        right.iter().map(|(labels, _)| key(labels)).collect()
    };
    match op {
        Binary::And => left.into_iter().filter(|(labels, _)| on.contains(&key(labels))).collect(),
        Binary::Unless => left.into_iter().filter(|(labels, _)| !on.contains(&key(labels))).collect(),
        _ => {
            let mut out = left;
            out.extend(right.into_iter().filter(|(labels, _)| !on.contains(&key(labels))));
            out
        }
    }
}

fn of_vectors(
    op: Binary,
    filters: bool,
    matching: &Matching,
    left: Vector,
    right: Vector,
) -> Result<Vector, LogQlError> {
    let swapped = matching.many == Some(false);
    let (many, one) = if swapped { (right, left) } else { (left, right) };
    let mut ones: HashMap<Labels, (Labels, f64)> = HashMap::new();
    for (labels, value) in one {
        let key = signature(matching, &labels);
        if ones.insert(key.clone(), (labels, value)).is_some() {
            return Err(LogQlError::Run(format!(
                "found duplicate series on the {} hand-side for the match group {key}: many-to-many matching \
                 not allowed: matching labels must be unique on one side",
                if swapped { "left" } else { "right" }
            )));
        }
    }
    let mut seen = std::collections::HashSet::new();
    let mut out = Vec::new();
    for (labels, value) in many {
        let key = signature(matching, &labels);
        let Some((other_labels, other)) = ones.get(&key) else { continue };
        if matching.many.is_none() && !seen.insert(key.clone()) {
            return Err(LogQlError::Run(
                "multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)"
                    .to_owned(),
            ));
        }
        let (l, r) = if swapped { (*other, value) } else { (value, *other) };
        let result = compute(op, l, r);
        if filters && result == 0.0 {
            continue;
        }
        let mut labels = if matching.many.is_some() || filters { labels } else { key };
        for name in &matching.include {
            labels = match other_labels.get(name) {
                Some(value) => labels.with(name, value),
                None => labels.without(&[name]),
            };
        }
        out.push((labels, if filters { l } else { result }));
    }
    Ok(out)
}

/// The answer at `steps` + 1 moments, as series with their points in milliseconds.
pub(super) fn range(
    plan: &Plan<'_>,
    from_ns: i64,
    steps: i64,
    step_ns: i64,
) -> Result<Vec<Series>, LogQlError> {
    let mut all: BTreeMap<Labels, Vec<Point>> = BTreeMap::new();
    for step in 0..=steps {
        let at = from_ns.saturating_add(step.saturating_mul(step_ns));
        let t = at.div_euclid(1_000_000);
        match plan.at(at)? {
            Value::Scalar(v) => all.entry(Labels::default()).or_default().push(Point { t, v }),
            Value::Vector(vector) => {
                for (labels, v) in vector {
                    all.entry(labels).or_default().push(Point { t, v });
                }
                bounded(all.len())?;
            }
        }
    }
    Ok(all.into_iter().map(|(labels, points)| Series { labels, points }).collect())
}
