//! Log lines as Loki's entries.

use crate::model::evidence::{Evidence, LogRecord};
use crate::model::{Labels, LogEntry};
use crate::pack::Pack;

/// Every line, by time; lines of one moment as the file has them.
pub(super) fn of(evidence: &Evidence, pack: &Pack) -> Vec<LogEntry> {
    let mut lines: Vec<LogEntry> = evidence.logs.iter().map(|one| entry(one, pack)).collect();
    lines.sort_by_key(|line| line.ts);
    lines
}

fn entry(one: &LogRecord, pack: &Pack) -> LogEntry {
    let explore = &pack.explore;
    let mut labels = one.labels.clone();
    // What every stream of the field has is asked for by every query; a file of another field may lack it.
    if labels.get(&explore.log_any).is_none() {
        let service =
            explore.log_service.iter().find_map(|name| labels.get(name)).or_else(|| labels.get("service"));
        labels = labels.with(&explore.log_any, service.unwrap_or("unknown"));
    }
    let ids = [("trace_id", one.trace_id.as_deref()), ("span_id", one.span_id.as_deref())];
    let metadata = Labels::new(ids.into_iter().filter_map(|(name, id)| Some((name, id?))));
    LogEntry { ts: one.ts, labels, line: one.line.clone(), metadata }
}
