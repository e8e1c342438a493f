//! What the journal knows of a stretch of time: changes that people noted, and what was done. Reads block.

use crate::export::incident as write;
use crate::journal::{AckFilter, AuditFilter, Journal, JournalError, Options, RunFilter};
use crate::model::Time;
use crate::model::evidence::{ChangeRecord, OtherRecord, Period};

/// How far back changes are looked up where nobody has said which window it is, seconds.
const REACH_S: i64 = 6 * 3600;

/// Changes that people noted around a window; without one, up to now. The error is one line.
pub fn noted(
    options: Option<&Options>,
    window: Option<Period>,
    now: Time,
) -> Result<Vec<ChangeRecord>, String> {
    let end = window.map_or(now, |window| window.end);
    let start = window.map_or(now, |window| window.start) - chrono::TimeDelta::seconds(REACH_S);
    let changes = reading(options, |journal| journal.changes(start, end))?;
    let told = changes.into_iter().map(|change| ChangeRecord {
        at: change.at,
        title: change.title.into(),
        labels: change.labels,
    });
    Ok(told.collect())
}

/// What was done within a stretch of time, as records of a bundle: acknowledgements, runs of playbooks, the audit's lines.
pub fn actions(options: Option<&Options>, during: Period) -> Result<Vec<OtherRecord>, String> {
    reading(options, |journal| {
        let about =
            |at: Time, end: Option<Time>| at <= during.end && end.is_none_or(|end| end >= during.start);
        let mut acks = journal.acks(AckFilter { ended: true, ..AckFilter::default() })?;
        acks.retain(|ack| about(ack.at, ack.ended_at));
        let mut runs = journal.runs(&RunFilter { over: true, ..RunFilter::default() })?;
        runs.retain(|run| about(run.at, run.ended_at));
        let mut all = Vec::new();
        all.extend(acks.iter().map(write::ack));
        for run in &runs {
            all.push(write::run(run, &journal.steps(&run.id)?));
        }
        let filter =
            AuditFilter { since: Some(during.start), until: Some(during.end), ..AuditFilter::default() };
        all.extend(journal.audit_records(&filter)?.iter().map(write::audited));
        Ok(all)
    })
}

/// What is read of a journal; where there is none, nothing was recorded.
fn reading<T: Default>(
    options: Option<&Options>,
    read: impl FnOnce(&Journal) -> Result<T, JournalError>,
) -> Result<T, String> {
    let Some(options) = options else { return Ok(T::default()) };
    let journal = Journal::open_existing(options).map_err(|error| error.to_string())?;
    journal.map_or_else(|| Ok(T::default()), |journal| read(&journal).map_err(|error| error.to_string()))
}
