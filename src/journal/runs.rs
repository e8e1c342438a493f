//! Runs of playbooks: they belong to the journal, not to the process that carries them out.

use rusqlite::params;
use serde_json::json;

use super::rows::{Cols, all, micros, one, run};
use super::{Journal, JournalError, Result, Tx};
use crate::model::Time;
use crate::model::records::{
    Actor, EventKind, NewEvent, NewRecord, NewRun, Run, RunState, Step, StepChange, StepState,
};
use crate::privacy;

/// Bytes of a step's output that are kept: the end of it says what went wrong.
const OUTPUT: usize = 16 * 1024;

/// Which runs are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunFilter {
    /// Those that are over too.
    pub over: bool,
    /// Those of this incident only.
    pub incident: Option<Box<str>>,
    /// At most so many; 0 is all.
    pub limit: u32,
}

impl Journal {
    /// Runs, the newest first.
    pub fn runs(&self, filter: &RunFilter) -> Result<Vec<Run>> {
        let sql = "SELECT * FROM runs WHERE (?1 OR ended_at IS NULL) AND (?2 IS NULL OR incident = ?2)
                   ORDER BY at DESC, rowid DESC LIMIT ?3";
        let limit = if filter.limit == 0 { -1 } else { i64::from(filter.limit) };
        all(&self.db, sql, params![filter.over, filter.incident, limit], read)
    }

    /// A run.
    pub fn run(&self, id: &str) -> Result<Option<Run>> {
        one(&self.db, "SELECT * FROM runs WHERE id = ?1", [id], read)
    }

    /// The steps of a run.
    pub fn steps(&self, run: &str) -> Result<Vec<Step>> {
        all(&self.db, "SELECT * FROM run_steps WHERE run = ?1 ORDER BY at", [run], read_step)
    }

    /// Runs that nobody carries out: those without an owner, and those whose owner gave no sign of life since.
    pub fn orphaned_runs(&self, since: Time) -> Result<Vec<Run>> {
        let sql =
            "SELECT * FROM runs WHERE ended_at IS NULL AND (owner IS NULL OR heartbeat < ?1) ORDER BY at";
        all(&self.db, sql, [micros(since)], read)
    }

    fn needed_run(&self, id: &str) -> Result<Run> {
        self.run(id)?.ok_or_else(|| JournalError::missing("run", id))
    }
}

impl Tx<'_> {
    /// Begins a run, or gives the unfinished one of the same key. `true` where it is new.
    pub fn begin_run(&self, new: &NewRun, actor: &Actor, now: Time) -> Result<(Run, bool)> {
        if let Some(dedup) = &new.dedup {
            let sql = "SELECT * FROM runs WHERE dedup = ?1 AND ended_at IS NULL";
            if let Some(there) = one(&self.db, sql, [dedup], read)? {
                return Ok((there, false));
            }
        }
        let id = self.free_id("RUN", "runs", now)?;
        let state = if new.owner.is_some() { RunState::Running } else { RunState::Queued };
        run(
            &self.db,
            "INSERT INTO runs (id, playbook, incident, spec, state, who, at, owner, heartbeat, dedup, updated_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?7)",
            params![
                id,
                new.playbook,
                new.incident,
                new.spec,
                state.as_str(),
                actor.operator,
                micros(now),
                new.owner,
                new.owner.as_ref().map(|_| micros(now)),
                new.dedup
            ],
        )?;
        for (at, step) in new.steps.iter().enumerate() {
            let sql =
                "INSERT INTO run_steps (run, at, kind, title, state) VALUES (?1, ?2, ?3, ?4, 'pending')";
            let at = u32::try_from(at).unwrap_or(u32::MAX);
            run(&self.db, sql, params![id, at, step.kind, privacy::safe_line(&step.title)])?;
        }
        let begun = self.needed_run(&id)?;
        self.run_event(&begun, &actor.operator, "begun", now)?;
        let details = json!({ "playbook": new.playbook, "incident": new.incident, "steps": new.steps.len() });
        self.audit(&NewRecord::done("playbook.run", &id).with(details), actor, now)?;
        Ok((begun, true))
    }

    /// Takes a run that nobody carries out, since its owner gave no sign of life since `since`. `Ok(None)` where
    /// somebody does, or it is over. A step that was under way becomes unsure.
    pub fn take_run(&self, id: &str, owner: &str, since: Time, now: Time) -> Result<Option<Run>> {
        let before = self.needed_run(id)?;
        let sql = "UPDATE runs SET owner = ?2, heartbeat = ?4, updated_at = ?4,
                     state = CASE WHEN state = 'queued' THEN 'running' ELSE state END
                   WHERE id = ?1 AND ended_at IS NULL AND (owner IS NULL OR owner = ?2 OR heartbeat < ?3)";
        if run(&self.db, sql, params![id, owner, micros(since), micros(now)])? == 0 {
            return Ok(None);
        }
        if before.owner.as_deref() != Some(owner) {
            if before.owner.is_some() {
                let sql = "UPDATE run_steps SET state = 'unsure', ended_at = ?2 WHERE run = ?1 AND state = 'running'";
                run(&self.db, sql, params![id, micros(now)])?;
            }
            self.run_event(&before, owner, "taken over", now)?;
        }
        self.run(id)
    }

    /// A sign of life of the owner; gives the run as it is, so that a wish to stop is heard.
    pub fn run_beat(&self, id: &str, owner: &str, now: Time) -> Result<Run> {
        let sql = "UPDATE runs SET heartbeat = ?3 WHERE id = ?1 AND owner = ?2 AND ended_at IS NULL";
        let changed = run(&self.db, sql, params![id, owner, micros(now)])?;
        self.owned_run(id, changed)
    }

    /// Where a run stands now, by its owner. `step` is the one that is under way or comes next.
    pub fn run_state(
        &self,
        id: &str,
        owner: &str,
        state: RunState,
        step: u32,
        error: &str,
        now: Time,
    ) -> Result<Run> {
        let sql = "UPDATE runs SET state = ?3, step = ?4, error = ?5, heartbeat = ?6, updated_at = ?6,
                     ended_at = CASE WHEN ?7 THEN ?6 END, owner = CASE WHEN ?7 THEN NULL ELSE owner END
                   WHERE id = ?1 AND owner = ?2 AND ended_at IS NULL";
        let error = privacy::safe_line(error);
        let values = params![id, owner, state.as_str(), step, error, micros(now), state.is_over()];
        let changed = run(&self.db, sql, values)?;
        let now_is = self.owned_run(id, changed)?;
        if state.is_over() {
            self.run_event(&now_is, owner, state.as_str(), now)?;
        }
        Ok(now_is)
    }

    /// Where a step of a run stands now, by the run's owner.
    pub fn run_step(&self, id: &str, owner: &str, at: u32, change: &StepChange<'_>, now: Time) -> Result<()> {
        let beat = "UPDATE runs SET heartbeat = ?3, updated_at = ?3 WHERE id = ?1 AND owner = ?2 AND ended_at IS NULL";
        let changed = run(&self.db, beat, params![id, owner, micros(now)])?;
        self.owned_run(id, changed)?;
        let over = !matches!(change.state, StepState::Pending | StepState::Running);
        let sql = "UPDATE run_steps SET state = ?3, attempts = ?4, output = ?5, error = ?6,
                     started_at = CASE WHEN ?3 = 'pending' THEN NULL ELSE coalesce(started_at, ?7) END,
                     ended_at = CASE WHEN ?8 THEN ?7 END
                   WHERE run = ?1 AND at = ?2";
        let output = privacy::safe(change.output);
        let values = params![
            id,
            at,
            change.state.as_str(),
            change.attempts,
            end_of(&output, OUTPUT),
            privacy::safe_line(change.error),
            micros(now),
            over
        ];
        match run(&self.db, sql, values)? {
            0 => Err(JournalError::missing("step", &format!("{at} of {id}"))),
            _ => Ok(()),
        }
    }

    /// Gives a run back by its owner: whoever comes next takes it at once. No step of it may be under way.
    pub fn leave_run(&self, id: &str, owner: &str, now: Time) -> Result<Run> {
        let sql = "UPDATE runs SET owner = NULL, heartbeat = NULL, updated_at = ?3
                   WHERE id = ?1 AND owner = ?2 AND ended_at IS NULL";
        let changed = run(&self.db, sql, params![id, owner, micros(now)])?;
        self.owned_run(id, changed)
    }

    /// Asks the owner of a run to stop it; one that nobody carries out, or that waits for a person, is stopped at once.
    pub fn stop_run(&self, id: &str, actor: &Actor, now: Time) -> Result<Run> {
        let before = self.needed_run(id)?;
        if before.state.is_over() {
            return Ok(before);
        }
        let sql = "UPDATE runs SET stop_by = coalesce(stop_by, ?2), updated_at = ?3,
                     state = CASE WHEN owner IS NULL OR state = 'waiting' THEN 'stopped' ELSE state END,
                     ended_at = CASE WHEN owner IS NULL OR state = 'waiting' THEN ?3 END,
                     owner = CASE WHEN state = 'waiting' THEN NULL ELSE owner END
                   WHERE id = ?1";
        run(&self.db, sql, params![id, actor.operator, micros(now)])?;
        self.run_event(&before, &actor.operator, "asked to stop", now)?;
        self.audit(&NewRecord::done("playbook.stop", id), actor, now)?;
        self.needed_run(id)
    }

    fn owned_run(&self, id: &str, changed: usize) -> Result<Run> {
        let run = self.needed_run(id)?;
        if changed > 0 {
            return Ok(run);
        }
        let owner = run.owner.unwrap_or_else(|| "nobody".into()).into_string();
        Err(JournalError::NotOwner { what: "run", id: id.to_owned(), owner })
    }

    fn run_event(&self, run: &Run, who: &str, word: &str, now: Time) -> Result<()> {
        let text = format!("{} {word}", run.playbook);
        let incident = run.incident.as_deref();
        self.event(&NewEvent { incident, kind: EventKind::Run, who, text: &text, about: &run.id }, now)
            .map(drop)
    }
}

/// The end of a text within so many bytes, from a whole character on.
fn end_of(text: &str, most: usize) -> &str {
    let from = text.len().saturating_sub(most);
    let from = (from..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
    text.get(from..).unwrap_or("")
}

fn read(row: &Cols<'_>) -> Result<Run> {
    Ok(Run {
        id: row.get("id")?,
        playbook: row.text("playbook")?,
        incident: row.get("incident")?,
        spec: row.text("spec")?,
        state: row.word("state", RunState::parse)?,
        step: row.get("step")?,
        who: row.text("who")?,
        at: row.time("at")?,
        owner: row.get("owner")?,
        heartbeat: row.maybe_time("heartbeat")?,
        stop_by: row.get("stop_by")?,
        error: row.text("error")?,
        ended_at: row.maybe_time("ended_at")?,
        updated_at: row.time("updated_at")?,
    })
}

fn read_step(row: &Cols<'_>) -> Result<Step> {
    Ok(Step {
        run: row.get("run")?,
        at: row.get("at")?,
        kind: row.text("kind")?,
        title: row.text("title")?,
        state: row.word("state", StepState::parse)?,
        attempts: row.get("attempts")?,
        started_at: row.maybe_time("started_at")?,
        ended_at: row.maybe_time("ended_at")?,
        output: row.text("output")?,
        error: row.text("error")?,
    })
}
