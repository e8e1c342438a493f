//! Files of evidence beside the journal, and taking out those at the end of their term.
//!
//! Only what a playbook's step writes is ever removed: a plain file whose whole name is one that such a step gives, of
//! an incident that is resolved and a run that is over, or that the journal knows no more. No link is followed, neither
//! to the folder nor in it.

use std::fs;
use std::path::Path;

use chrono::{NaiveDateTime, TimeDelta};
use serde_json::json;

use super::{Journal, Result};
use crate::model::Time;
use crate::model::records::{Actor, IncidentStatus, NewRecord, Outcome};

/// The folder beside the journal.
pub const FOLDER: &str = "evidence";
/// How a file of it ends.
pub const ENDING: &str = ".jsonl.zst";
/// Names that one record of the audit holds at most; the rest is in further ones.
const NAMES: usize = 200;

/// What was taken out of the folder, and what was not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Names of files that went.
    pub removed: Vec<String>,
    /// Their bytes.
    pub bytes: u64,
    /// Files that no step has written; they stay.
    pub foreign: usize,
    /// What could not be looked at or removed: which, why.
    pub troubles: Vec<(String, String)>,
}

/// A file at the end of its term.
struct Stale {
    name: String,
    bytes: u64,
}

impl Journal {
    /// Takes out files of evidence that are older than their term. The audit has their names before they go, and what
    /// came of it after.
    pub fn sweep_evidence(&mut self, term: TimeDelta, actor: &Actor, now: Time) -> Result<Swept> {
        let folder = self.place().file.parent().unwrap_or(Path::new("")).join(FOLDER);
        let mut swept = Swept::default();
        let stale = self.stale(&folder, term, now, &mut swept)?;
        for some in stale.chunks(NAMES) {
            self.sweep(&folder, some, actor, now, &mut swept)?;
        }
        Ok(swept)
    }

    fn sweep(
        &mut self,
        folder: &Path,
        stale: &[Stale],
        actor: &Actor,
        now: Time,
        swept: &mut Swept,
    ) -> Result<()> {
        let names: Vec<&str> = stale.iter().map(|one| one.name.as_str()).collect();
        self.told(json!({ "files": names }), Outcome::Accepted, actor, now)?;
        let (mut gone, mut bytes, mut failed) = (Vec::new(), 0, Vec::new());
        for one in stale {
            // A link that has taken its place since would go itself, not what it leads to.
            match fs::remove_file(folder.join(&one.name)) {
                Ok(()) => {
                    gone.push(one.name.clone());
                    bytes += one.bytes;
                }
                // Somebody else removed it in between.
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => failed.push((one.name.clone(), error.to_string())),
            }
        }
        let outcome = if failed.is_empty() { Outcome::Done } else { Outcome::Failed };
        let details = json!({ "files": gone.len(), "bytes": bytes, "failed": failed });
        swept.removed.append(&mut gone);
        swept.bytes += bytes;
        swept.troubles.append(&mut failed);
        self.told(details, outcome, actor, now)
    }

    fn told(&mut self, details: serde_json::Value, outcome: Outcome, actor: &Actor, now: Time) -> Result<()> {
        let record = NewRecord { action: "evidence.purge", object: FOLDER, details, outcome };
        self.write(|tx| tx.audit(&record, actor, now).map(drop))
    }

    /// Files at the end of their term, by name.
    fn stale(&self, folder: &Path, term: TimeDelta, now: Time, swept: &mut Swept) -> Result<Vec<Stale>> {
        let mut all = Vec::new();
        let trouble = |error: &std::io::Error| (folder.display().to_string(), error.to_string());
        match fs::symlink_metadata(folder) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(all),
            Err(error) => {
                swept.troubles.push(trouble(&error));
                return Ok(all);
            }
            Ok(meta) if !meta.is_dir() => {
                let why = "it is a link or no folder, so nothing is removed there".to_owned();
                swept.troubles.push((folder.display().to_string(), why));
                return Ok(all);
            }
            Ok(_) => {}
        }
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => {
                swept.troubles.push(trouble(&error));
                return Ok(all);
            }
        };
        for entry in entries {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    swept.troubles.push(trouble(&error));
                    continue;
                }
            };
            // Metadata of an entry is its own, not that of what a link leads to.
            let meta = entry.metadata().ok().filter(fs::Metadata::is_file);
            let name = entry.file_name().into_string().ok();
            let Some((meta, name)) = meta.zip(name) else {
                swept.foreign += 1;
                continue;
            };
            let Some(written) = Written::by_name(&name) else {
                swept.foreign += 1;
                continue;
            };
            if let Some(since) = self.since(&written)?
                && now.signed_duration_since(since) > term
            {
                all.push(Stale { name, bytes: meta.len() });
            }
        }
        all.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(all)
    }

    /// Since when its term runs: since it was written, or since its incident was resolved. `None` where that goes on.
    fn since(&self, written: &Written) -> Result<Option<Time>> {
        let mut since = written.at;
        if let Some(incident) = written.incident.map(|id| self.incident(id)).transpose()?.flatten() {
            match (incident.status, incident.resolved_at) {
                (IncidentStatus::Resolved, Some(at)) => since = since.max(at),
                _ => return Ok(None),
            }
        }
        if let Some(run) = self.run(written.run)? {
            let Some(at) = run.ended_at else { return Ok(None) };
            since = since.max(at);
        }
        Ok(Some(since))
    }
}

/// What the name of a file of evidence says.
#[derive(Debug, PartialEq, Eq)]
struct Written<'a> {
    incident: Option<&'a str>,
    run: &'a str,
    at: Time,
}

impl<'a> Written<'a> {
    /// `INC-20261122061200-RUN-20261122061530.jsonl.zst`, without an incident, and what a step that was killed has left
    /// behind of it (`.part`). Anything else was written by somebody else.
    fn by_name(name: &'a str) -> Option<Self> {
        let name = name.strip_suffix(".part").unwrap_or(name);
        let stem = name.strip_suffix(ENDING)?;
        let (incident, run) = match stem.find("-RUN-") {
            Some(at) => (Some(&stem[..at]), &stem[at + 1..]),
            None => (None, stem),
        };
        if let Some(incident) = incident {
            moment(incident, "INC-")?;
        }
        Some(Self { incident, run, at: moment(run, "RUN-")? })
    }
}

/// The moment of an id, which it is made of: `PREFIX-YYYYMMDDHHMMSS`, and `-2` and so on where that was taken.
fn moment(id: &str, prefix: &str) -> Option<Time> {
    let rest = id.strip_prefix(prefix)?;
    let (moment, number) = match rest.split_once('-') {
        Some((moment, number)) => (moment, Some(number)),
        None => (rest, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|one| one.is_ascii_digit());
    if moment.len() != 14 || !digits(moment) || number.is_some_and(|number| !digits(number)) {
        return None;
    }
    NaiveDateTime::parse_from_str(moment, "%Y%m%d%H%M%S").ok().map(|at| at.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_a_step_gives_are_its_own() {
        let at: Time = "2026-11-22T06:15:30Z".parse().expect("a time");
        let of = |incident, run| Some(Written { incident, run, at });
        for (name, read) in [
            (
                "INC-20261122061200-RUN-20261122061530.jsonl.zst",
                of(Some("INC-20261122061200"), "RUN-20261122061530"),
            ),
            (
                "INC-20261122061200-2-RUN-20261122061530-3.jsonl.zst",
                of(Some("INC-20261122061200-2"), "RUN-20261122061530-3"),
            ),
            ("RUN-20261122061530.jsonl.zst", of(None, "RUN-20261122061530")),
            ("RUN-20261122061530.jsonl.zst.part", of(None, "RUN-20261122061530")),
            ("INC-20261122061200.jsonl.zst", None),
            ("INC-20261122061200-RUN-20261122061530.jsonl", None),
            ("INC-20261122061200-RUN-20261122061530.jsonl.zst.bak", None),
            ("INC-20261122061200-RUN-20261322061530.jsonl.zst", None),
            ("INC-x-RUN-20261122061530.jsonl.zst", None),
            ("RUN-20261122061530-.jsonl.zst", None),
            ("RUN-2026112206153.jsonl.zst", None),
            ("RUN-20261122061530-a.jsonl.zst", None),
            ("xRUN-20261122061530.jsonl.zst", None),
            (".jsonl.zst", None),
            ("notes.txt", None),
            ("", None),
        ] {
            assert_eq!(Written::by_name(name), read, "{name}");
        }
    }
}
