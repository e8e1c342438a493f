//! A process's `/metrics` page: the text exposition format, version 0.0.4
//! (<https://prometheus.io/docs/instrumenting/exposition_formats/>).

use std::fmt::Write as _;

use super::book::{ADDED, Book};
use super::state::{self, ABSENT, State};

/// The page of a target as its row stands.
pub fn page(book: &Book, state: &State, target: usize) -> String {
    let mut out = String::new();
    let (Some(of), Some(row)) = (book.targets.get(target), state.rows.get(target)) else { return out };
    let mut family = None;
    for (at, cell) in row.iter().enumerate().take(row.len().saturating_sub(ADDED)) {
        let Some(series) = book.series.get(of.first as usize + at) else { continue };
        let Some(labels) = series.labels.get().filter(|_| *cell != ABSENT) else { continue };
        if series.family != family {
            family = series.family;
            if let Some(family) = family.and_then(|at| book.families.get(usize::from(at))) {
                let _ = writeln!(out, "# HELP {} {}", family.name, Escaped(&family.help));
                let _ = writeln!(out, "# TYPE {} {}", family.name, family.kind.as_str());
            }
        }
        out.push_str(labels.metric_name());
        let mut first = true;
        for (name, value) in labels.iter() {
            if !matches!(name, "__name__" | "job" | "instance") {
                let _ = write!(
                    out,
                    "{}{name}={}",
                    if first { "{" } else { "," },
                    crate::model::labels::Quoted(value)
                );
                first = false;
            }
        }
        let value = state::value(*cell, series.decimals);
        let _ = writeln!(out, "{} {value}", if first { "" } else { "}" });
    }
    out
}

/// A help text: backslash and line feed escaped.
struct Escaped<'a>(&'a str);

impl std::fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for c in self.0.chars() {
            match c {
                '\\' => f.write_str("\\\\")?,
                '\n' => f.write_str("\\n")?,
                other => write!(f, "{other}")?,
            }
        }
        Ok(())
    }
}
