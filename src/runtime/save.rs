//! Saving an incident as a bundle: evidence, findings, what was done, and what the screen said.

use std::path::Path;

use crate::bundle;
use crate::cli::bundle::read_key;
use crate::explore::incident::Found;
use crate::export::incident as write;
use crate::journal::Options;
use crate::model::Time;
use crate::model::evidence::{Evidence, OtherRecord, Period};
use crate::pack::Pack;
use crate::text::bundle::EN as WORDS;

/// Least bytes of a key.
const KEY: usize = 16;

/// What a bundle is made of besides the incident.
#[derive(Clone, Debug)]
pub struct Beside {
    /// The journal that has what was done; of a bundle that is saved again its own actions stay.
    pub journal: Option<Options>,
    /// File with the key of the signature.
    pub key: Option<std::path::PathBuf>,
    /// What the screen said.
    pub screen: String,
    /// When it is saved.
    pub now: Time,
}

/// Writes it into the current folder, under its id; gives the file and, where it was signed, the key's file. What was
/// gathered is masked already.
pub fn save(
    found: &Found,
    pack: &Pack,
    beside: &Beside,
) -> Result<(String, Option<String>), (String, String)> {
    let name = format!("{}.jsonl.zst", file_name(&found.id));
    let failed = |why: String| (name.clone(), why);
    let key = key(beside.key.as_deref()).map_err(failed)?;
    let evidence = whole(found, pack, beside);
    match bundle::write_file(Path::new(&name), &evidence, key.as_deref()) {
        Ok(_) => Ok((name, beside.key.as_ref().map(|key| key.display().to_string()))),
        Err(error) => Err((name, error.to_string())),
    }
}

/// All that goes into the file.
pub fn whole(found: &Found, pack: &Pack, beside: &Beside) -> Evidence {
    let mut evidence = (*found.evidence).clone();
    // What an earlier saving wrote is told anew.
    let actions = match &beside.journal {
        None => Vec::new(),
        Some(options) => {
            evidence.others.retain(|one| &*one.kind != "action");
            done(options, found, beside.now)
        }
    };
    evidence.others.retain(|one| !matches!(&*one.kind, "finding" | "screen"));
    // Findings are written as whoever opens the file will find them: with the names of the evidence, not the servers'.
    let analysis = super::analysis::analyse(&evidence, pack, true);
    evidence.others.extend(write::records(&analysis, found));
    evidence.others.extend(actions);
    evidence.others.push(write::screen(beside.now, &beside.screen));
    evidence
}

/// What was done since the incident began. A journal that cannot be read is said where its records would stand.
fn done(options: &Options, found: &Found, now: Time) -> Vec<OtherRecord> {
    let during = Period { start: found.window.start, end: now.max(found.window.end) };
    super::records::actions(Some(options), during).unwrap_or_else(|why| {
        tracing::warn!("a bundle has no actions: {why}");
        vec![write::no_actions(&(crate::text::gather::EN.journal)(&why))]
    })
}

/// The key of a seal's signature; its line end does not belong to it.
pub fn key(path: Option<&Path>) -> Result<Option<Vec<u8>>, String> {
    let Some(path) = path else { return Ok(None) };
    let name = path.display().to_string();
    match read_key(path) {
        Ok(key) if key.len() < KEY => Err((WORDS.key_short)(&name)),
        Ok(key) => Ok(Some(key)),
        Err(error) => Err((WORDS.key_unreadable)(&name, &error.to_string())),
    }
}

/// An id as a file's name: nothing that could lead elsewhere.
fn file_name(id: &str) -> String {
    let name: String =
        id.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).take(80).collect();
    if name.is_empty() { "incident".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_of_a_stranger_leads_nowhere_else() {
        assert_eq!(file_name("INC-20261129034500"), "INC-20261129034500");
        assert_eq!(file_name("../../etc/passwd"), "etcpasswd");
        assert_eq!(file_name("///"), "incident");
    }

    #[test]
    fn a_key_that_is_none_is_told_by_its_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("seal.key");
        assert!(key(Some(&file)).expect_err("no file").contains("seal.key"));
        std::fs::write(&file, "short\n").expect("written");
        assert!(key(Some(&file)).expect_err("too short").contains("16 bytes"));
        std::fs::write(&file, "0123456789abcdef\r\n").expect("written");
        assert_eq!(key(Some(&file)), Ok(Some(b"0123456789abcdef".to_vec())));
        assert_eq!(key(None), Ok(None));
    }
}
