//! Log lines of a window and of calm time, whatever their level; where there are more than the budget allows, an equal
//! share of every stretch of time, and all that are warnings or worse.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::TimeDelta;

use super::alerts::COMPONENT;
use super::asking::Asker;
use super::{MissingKind, Spans};
use crate::model::ask::{Answer, Ask, Key};
use crate::model::evidence::{LogRecord, Period};
use crate::model::{Labels, LogEntry, SourceId, SourceKind};
use crate::pack::Pack;
use crate::text::gather::EN as WORDS;

/// Stretches of a piece: a cut takes from each alike.
const STRETCHES: i32 = 6;
/// Levels that nobody may lose, as their beginnings.
const GRAVE: &str = "(?i)(warn|err|crit|fatal|alert|emerg|panic).*";

/// What OpenTelemetry calls the span of a line.
const SPAN_ID: &str = "span_id";

/// Asks for them.
pub(super) async fn gather(asker: &Asker<'_>, pack: &Pack, spans: &Spans, budget: usize) -> Vec<LogRecord> {
    if !asker.has(&SourceId::LOKI) {
        return Vec::new();
    }
    let stretches = stretches(spans, STRETCHES);
    let each = u32::try_from(budget / stretches.len().max(1)).unwrap_or(u32::MAX).max(1);
    let explore = &pack.explore;
    let any = format!("{{{}=~\".+\"}}", explore.log_any);
    let level = explore.log_level.first();
    let grave = level.map(|level| format!("{{{}=~\".+\",{level}=~\"{GRAVE}\"}}", explore.log_any));
    let page = |query: &str, stretch: Period| {
        let key = Key::Logs { query: query.into(), limit: each, forward: true };
        asker.ask(WORDS.lines, Ask::Window { key, start: stretch.start, end: stretch.end })
    };
    // What came becomes evidence at once: of a page only what is evidence stays.
    let sets = Sets::default();
    let pages = stretches.iter().map(|stretch| {
        let (any, grave, page, sets) = (&any, &grave, &page, &sets);
        async move {
            let Some(Answer::Logs(all)) = page(any, *stretch).await else { return (Vec::new(), false) };
            let more = all.more;
            let mut records: Vec<LogRecord> =
                all.entries.iter().map(|entry| record(pack, entry, sets)).collect();
            drop(all);
            if let (true, Some(grave)) = (more, grave)
                && let Some(Answer::Logs(grave)) = page(grave, *stretch).await
            {
                // Two lines of one page may be alike; one line in two pages is the same.
                let key = |one: &LogRecord| (one.ts, one.labels.clone(), one.line.clone());
                let seen: HashSet<(i64, Labels, Arc<str>)> = records.iter().map(key).collect();
                let fresh = grave.entries.iter().map(|entry| record(pack, entry, sets));
                records.extend(fresh.filter(|one| !seen.contains(&key(one))));
            }
            (records, more)
        }
    });
    let pages = futures_util::future::join_all(pages).await;
    let cut = pages.iter().filter(|(_, more)| *more).count();
    if cut > 0 {
        let words = (WORDS.lines_over)(cut, stretches.len(), each);
        asker.note(Some(SourceKind::Loki), MissingKind::Cut, words);
    }
    let mut out: Vec<LogRecord> = Vec::with_capacity(pages.iter().map(|(records, _)| records.len()).sum());
    for (records, _) in pages {
        out.extend(records);
    }
    out.sort_by(|a, b| (a.ts, &a.labels, &a.line).cmp(&(b.ts, &b.labels, &b.line)));
    out
}

/// What thousands of lines share: label sets of evidence by those of the stream and of the line, and ids of traces.
#[derive(Default)]
struct Sets {
    labels: Mutex<HashMap<(Labels, Labels), Labels>>,
    traces: Mutex<HashSet<Arc<str>>>,
}

impl Sets {
    fn one(&self, of: (Labels, Labels), make: impl FnOnce(&Labels, &Labels) -> Labels) -> Labels {
        // Whoever panicked while holding it has only kept a set.
        let mut known = self.labels.lock().unwrap_or_else(PoisonError::into_inner);
        known.entry(of).or_insert_with_key(|(stream, own)| make(stream, own)).clone()
    }

    fn trace(&self, id: &str) -> Arc<str> {
        let mut known = self.traces.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.get(id) {
            return known.clone();
        }
        let made: Arc<str> = id.into();
        known.insert(made.clone());
        made
    }
}

/// Window and calm time in equal stretches; no moment belongs to two of them.
pub(super) fn stretches(spans: &Spans, each: i32) -> Vec<Period> {
    let mut out = Vec::new();
    for period in spans.baselines.iter().chain([&spans.window]) {
        let length = (period.end - period.start) / each.max(1);
        let mut start = period.start;
        for number in 1..=each {
            let end = if number == each { period.end } else { period.start + length * number };
            if start <= end {
                out.push(Period { start, end });
            }
            start = end + TimeDelta::nanoseconds(1);
        }
    }
    out
}

/// A line as evidence: its component and its level under the names that every reader knows.
fn record(pack: &Pack, entry: &LogEntry, sets: &Sets) -> LogRecord {
    let explore = &pack.explore;
    let get = |name: &String| {
        entry.labels.get(name).or_else(|| entry.metadata.get(name)).filter(|value| !value.is_empty())
    };
    // Ids have a place of their own; as labels they would make a stream of every line.
    let is_id = |name: &str| name == SPAN_ID || explore.log_trace.iter().any(|trace| trace == name);
    let own = Labels::new(entry.metadata.iter().filter(|(name, _)| !is_id(name)));
    let labels = sets.one((entry.labels.clone(), own), |stream, own| {
        let mut labels = Labels::new(stream.iter().chain(own.iter()));
        if let Some(service) = explore.log_service.iter().find_map(get) {
            labels = labels.with(COMPONENT, pack.signals.known(service));
        }
        if let Some(level) = explore.log_level.iter().find_map(get) {
            labels = labels.with("level", level);
        }
        labels
    });
    let said = |name: &String| get(name).or_else(|| field(&entry.line, name));
    LogRecord {
        ts: entry.ts,
        labels,
        line: entry.line.clone(),
        trace_id: explore.log_trace.iter().find_map(said).map(|id| sets.trace(id)),
        span_id: get(&SPAN_ID.to_owned()).map(Into::into),
    }
}

/// The value of a text field of a JSON line, without reading the whole line.
fn field<'l>(line: &'l str, name: &str) -> Option<&'l str> {
    let mut rest = line;
    loop {
        let at = rest.find(name)?;
        let before = rest.get(..at)?;
        let after = rest.get(at + name.len()..)?;
        if before.ends_with('"')
            && let Some(value) =
                after.strip_prefix('"').map(str::trim_start).and_then(|t| t.strip_prefix(':'))
        {
            let value = value.trim_start().strip_prefix('"')?;
            let value = value.get(..value.find('"')?)?;
            return (!value.is_empty()).then_some(value);
        }
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::super::window::Calm;
    use super::*;

    #[test]
    fn the_stretches_are_the_whole_and_share_no_moment() {
        let at = |s: i64| chrono::DateTime::from_timestamp(1_795_323_600 + s, 0).expect("a moment");
        let window = Period { start: at(1000), end: at(1601) };
        let spans = Spans {
            window,
            baselines: vec![Period { start: at(0), end: at(600) }],
            calm: Calm::Quiet,
            onset: None,
            symptom: None,
        };
        let all = stretches(&spans, 4);
        assert_eq!(all.len(), 8);
        assert_eq!(
            (all[0].start, all[3].end, all[4].start, all[7].end),
            (at(0), at(600), at(1000), at(1601))
        );
        for pair in all.windows(2) {
            assert!(pair[0].end < pair[1].start, "{pair:?}");
        }
        assert!((all[5].start - all[4].end).num_nanoseconds() == Some(1));
    }

    #[test]
    fn a_trace_id_within_a_line_is_found_where_it_is_a_field() {
        assert_eq!(field(r#"{"trace_id": "ab12", "x": 1}"#, "trace_id"), Some("ab12"));
        assert_eq!(field(r#"{"m": "trace_id is x", "trace_id":"cd"}"#, "trace_id"), Some("cd"));
        for line in ["trace_id=ab", r#"{"trace_id": 5}"#, r#"{"trace_id": ""}"#, r#"{"trace_id": "a"#, ""] {
            assert_eq!(field(line, "trace_id"), None, "{line}");
        }
    }
}
