//! `trace --format text`: a trace as an indented tree with bars.

use crate::explore::waterfall::{Row, Waterfall};
use crate::model::{Span, TraceDoc, Unit};
use crate::text::tracecmd::EN as WORDS;

/// Cells of a bar.
const BAR: usize = 28;

/// Deeper spans stand no farther to the right.
const DEEPEST: u32 = 40;

/// Writes a trace line by line, since it may be long. `started` is the moment of its first span, in words.
pub fn trace_text(doc: &TraceDoc, fall: &Waterfall, started: &str, ascii: bool, write: &mut dyn FnMut(&str)) {
    let spans = &doc.trace.spans;
    let id = doc.trace.id.to_string();
    let duration = time(fall.duration());
    write(&(WORDS.head)(&id, started, &duration, spans.len(), fall.services.len(), fall.errors));
    write("\n");
    for (count, words) in [
        (fall.orphans, WORDS.orphans),
        (fall.looped, WORDS.looped),
        (fall.doubled, WORDS.doubled),
        (fall.skewed, WORDS.skewed),
    ] {
        if count > 0 {
            write(&words(count));
            write("\n");
        }
    }
    let [at, duration, own] = WORDS.span_columns;
    write(&format!("\n{at:>8} {duration:>8} {own:>8}  {:BAR$}  {}\n", "", WORDS.legend));
    for row in &fall.rows {
        if let Some(span) = spans.get(row.span) {
            write(&line(fall, row, span, ascii));
        }
    }
}

fn line(fall: &Waterfall, row: &Row, span: &Span, ascii: bool) -> String {
    let marks = match (row.on_path, row.error) {
        (true, true) => "*!",
        (true, false) => "* ",
        (false, true) => " !",
        (false, false) => "  ",
    };
    let mut line = format!(
        "{:>8} {:>8} {:>8}  {}  {marks} {:indent$}{}  {}",
        time(span.start.saturating_sub(fall.start)),
        time(span.duration),
        time(row.own),
        bar(fall, span, ascii),
        "",
        span.service,
        span.name,
        indent = row.depth.min(DEEPEST) as usize * 2,
    );
    if row.error {
        line.push_str("  ");
        line.push_str(&(WORDS.error)(&span.status_message));
    }
    line.push('\n');
    line
}

/// Where in the trace the span was at work: at least one cell, wherever it is.
fn bar(fall: &Waterfall, span: &Span, ascii: bool) -> String {
    let whole = fall.duration().max(1) as f64;
    let cell = |at: i64| (at.saturating_sub(fall.start) as f64 / whole * BAR as f64).clamp(0.0, BAR as f64);
    let from = (cell(span.start) as usize).min(BAR - 1);
    let to = (cell(span.end()).ceil() as usize).clamp(from + 1, BAR);
    let (busy, idle) = if ascii { ("#", ".") } else { ("█", "·") };
    format!("{}{}{}", idle.repeat(from), busy.repeat(to - from), idle.repeat(BAR - to))
}

/// Nanoseconds as a person reads them.
pub fn time(nanoseconds: i64) -> String {
    Unit::Seconds.format(nanoseconds as f64 / 1e9)
}
