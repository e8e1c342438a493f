//! Functions that change labels, and the labels of what is absent.

use regex::Regex;

use crate::model::{Labels, MatchOp};

use super::eval::{Evaluator, wrong_type};
use super::grid::{Grid, Row, merged};
use super::plan::{Kind, Node, Source, What};
use super::{QueryError, pattern};

fn text(arguments: &[Node], at: usize) -> Result<&str, QueryError> {
    match arguments.get(at).map(|node| &node.what) {
        Some(What::Text(text)) => Ok(text),
        _ => Err(wrong_type(Kind::Text)),
    }
}

fn is_label(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn wrong_label(what: &str, function: &str, name: &str) -> QueryError {
    QueryError::Execution(format!("invalid {what} label name in {function}(): {name}"))
}

/// The labels with one set, or taken away where its value is empty.
fn with(labels: &Labels, name: &str, value: &str) -> Labels {
    if value.is_empty() { labels.without(&[name]) } else { labels.with(name, value) }
}

/// `label_replace(vector, destination, replacement, source, regex)`
pub(super) fn replace(
    evaluator: &Evaluator<'_>,
    arguments: &[Node],
    grid: Grid,
) -> Result<Vec<Row>, QueryError> {
    let Some(vector) = arguments.first() else { return Err(wrong_type(Kind::Vector)) };
    let (destination, replacement) = (text(arguments, 1)?, text(arguments, 2)?);
    let (source, pattern) = (text(arguments, 3)?, text(arguments, 4)?);
    let mut rows = evaluator.rows(vector, grid)?;
    let wrong = || QueryError::Execution(format!("invalid regular expression in label_replace(): {pattern}"));
    pattern::check(pattern).map_err(|_| wrong())?;
    let regex = Regex::new(&format!("^(?:{pattern})$")).map_err(|_| wrong())?;
    if !is_label(destination) {
        return Err(wrong_label("destination", "label_replace", destination));
    }
    for row in &mut rows {
        if let Some(found) = regex.captures(row.labels.get(source).unwrap_or("")) {
            let mut value = String::new();
            found.expand(replacement, &mut value);
            row.labels = with(&row.labels, destination, &value);
        }
    }
    merged(rows)
}

/// `label_join(vector, destination, separator, source…)`
pub(super) fn join(
    evaluator: &Evaluator<'_>,
    arguments: &[Node],
    grid: Grid,
) -> Result<Vec<Row>, QueryError> {
    let Some(vector) = arguments.first() else { return Err(wrong_type(Kind::Vector)) };
    let (destination, separator) = (text(arguments, 1)?, text(arguments, 2)?);
    let mut sources = Vec::new();
    for at in 3..arguments.len() {
        let source = text(arguments, at)?;
        if !is_label(source) {
            return Err(wrong_label("source", "label_join", source));
        }
        sources.push(source);
    }
    if !is_label(destination) {
        return Err(wrong_label("destination", "label_join", destination));
    }
    let mut rows = evaluator.rows(vector, grid)?;
    for row in &mut rows {
        let values: Vec<&str> = sources.iter().map(|name| row.labels.get(name).unwrap_or("")).collect();
        row.labels = with(&row.labels, destination, &values.join(separator));
    }
    merged(rows)
}

/// The labels of what a selector would have found: those it asks for with `=`, once each.
pub(super) fn absent_labels(node: &Node) -> Labels {
    let matchers = match &node.what {
        What::Select(select) => &select.matchers,
        What::Window(window) => match &window.source {
            Source::Samples(matchers) => matchers,
            Source::Subquery(..) => return Labels::default(),
        },
        _ => return Labels::default(),
    };
    let mut known: Vec<(&str, &str)> = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for matcher in matchers.iter().filter(|matcher| matcher.name != "__name__") {
        if matcher.op == MatchOp::Equal && !seen.contains(&&*matcher.name) {
            known.push((&matcher.name, &matcher.value));
            seen.push(&matcher.name);
        } else {
            known.retain(|(name, _)| *name != matcher.name);
        }
    }
    Labels::new(known.into_iter().filter(|(_, value)| !value.is_empty()))
}
