//! From a field's value to a narrower query. Every proposal is tried on the line itself before it is made: the refined
//! query keeps it, or drops it.

use std::fmt::Write as _;
use std::ops::ControlFlow;

use super::lines::{Field, Kind, Origin};
use super::selector;
use crate::model::{LogEntry, Matcher};
use crate::query::logql::LogQl;
use crate::query::{LogData, Order};

/// The query that keeps only lines with this value of a field (or leaves them out); `None` where no stage of LogQL
/// can say so.
pub fn by(query: &str, entry: &LogEntry, field: &Field, include: bool) -> Option<String> {
    let candidates = candidates(query, entry, field, include);
    candidates.into_iter().find(|candidate| holds(candidate, entry, include))
}

/// A text between quotes, as LogQL reads it.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                // Writing to a string does not fail.
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Queries that may say it, the plainest first.
fn candidates(query: &str, entry: &LogEntry, field: &Field, include: bool) -> Vec<String> {
    let op = if include { "=" } else { "!=" };
    let value = quoted(&field.value);
    let then = |stages: &str| selector::followed_by(query, stages);
    let stages = selector::stages(query);
    match field.origin {
        Origin::Stream => {
            let name = field.name();
            let mut all: Vec<String> = in_selector(query, &name, op, &value).into_iter().collect();
            all.push(then(&format!("| {name}{op}{value}")));
            all
        }
        Origin::Metadata => vec![then(&format!("| {}{op}{value}", field.name()))],
        Origin::Json | Origin::Logfmt => {
            let parser = if field.origin == Origin::Json { "json" } else { "logfmt" };
            let label = field.label();
            let mut all = Vec::new();
            // A label of the stream keeps its name; what the line says then has another.
            let names = if entry.labels.get(&label).is_some() {
                [format!("{label}_extracted"), label.clone()]
            } else {
                [label.clone(), format!("{label}_extracted")]
            };
            if stages.contains(&parser) {
                all.extend(names.iter().map(|name| then(&format!("| {name}{op}{value}"))));
            }
            all.extend(names.iter().map(|name| then(&format!("| {parser} | {name}{op}{value}"))));
            all.extend(by_path(query, entry, field, op, &value, parser));
            all
        }
        Origin::JsonArray => by_path(query, entry, field, op, &value, "json").into_iter().collect(),
    }
}

/// By an expression that names the path: where a label's name would be ambiguous, and for arrays.
fn by_path(
    query: &str,
    entry: &LogEntry,
    field: &Field,
    op: &str,
    value: &str,
    parser: &str,
) -> Option<String> {
    if field.kind == Kind::Null {
        return None;
    }
    let path = if parser == "json" {
        field.path.iter().flat_map(|key| ["[".to_owned(), quoted(key), "]".to_owned()]).collect::<String>()
    } else {
        field.path.first()?.clone()
    };
    let mut alias = format!("{}_value", field.label());
    while entry.labels.get(&alias).is_some() || entry.metadata.get(&alias).is_some() {
        alias.push('_');
    }
    let stages = format!("| {parser} {alias}={} | {alias}{op}{value}", quoted(&path));
    Some(selector::followed_by(query, &stages))
}

/// With a matcher more in the selector. One that only says that the label is there gives way.
fn in_selector(query: &str, name: &str, op: &str, value: &str) -> Option<String> {
    let range = selector::selector(query)?;
    let inner = query[range.start + 1..range.end - 1].trim();
    let mut matchers = split(inner);
    let any = [format!("{name}=~\".+\""), format!("{name}=~`.+`"), format!("{name}!=\"\"")];
    if op == "=" {
        matchers.retain(|matcher| !any.contains(&matcher.replace(' ', "")));
    }
    let own = format!("{name}{op}{value}");
    if !matchers.contains(&own.as_str()) {
        matchers.push(&own);
    }
    Some(format!("{}{{{}}}{}", &query[..range.start], matchers.join(", "), &query[range.end..]))
}

/// Matchers of a selector, at its commas outside of quotes.
fn split(inner: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut from, mut quote, mut escaped) = (0, None, false);
    for (at, byte) in inner.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), _) if escaped => {
                escaped = false;
                quote = Some(open);
            }
            (Some(b'"'), b'\\') => escaped = true,
            (Some(open), byte) if byte == open => quote = None,
            (None, b'"' | b'`') => quote = Some(byte),
            (None, b',') => {
                parts.push(inner[from..at].trim());
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(inner[from..].trim());
    parts.retain(|part| !part.is_empty());
    parts
}

/// Whether a query keeps this entry (`include`) or drops it. What this program's LogQL cannot read is believed: the
/// server knows more of it.
fn holds(query: &str, entry: &LogEntry, include: bool) -> bool {
    let Ok(parsed) = LogQl::parse(query) else { return true };
    let one = One(entry);
    let span = (entry.ts, entry.ts.saturating_add(1));
    match parsed.streams(&one, span, 1, Order::Forward, false) {
        Ok(found) => found.streams.is_empty() != include,
        Err(_) => true,
    }
}

/// A single line as data.
struct One<'e>(&'e LogEntry);

impl LogData for One<'_> {
    fn entries(
        &self,
        matchers: &[Matcher],
        from_ns: i64,
        to_ns: i64,
        _: Order,
        each: &mut dyn FnMut(&LogEntry) -> ControlFlow<()>,
    ) {
        if (from_ns..to_ns).contains(&self.0.ts) && matchers.iter().all(|m| m.matches(&self.0.labels)) {
            let _ = each(self.0);
        }
    }
}

#[cfg(test)]
mod tests;
