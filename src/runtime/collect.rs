//! What saves evidence for a playbook's step: gathers within the usual budget, looks for what broke first, and writes a
//! bundle beside the journal like any other: with findings, what was done, and signed where a key is configured.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

use super::analysis::analyse;
use super::investigate::{circumstances, gathered};
use super::save::{self, Beside};
use crate::bundle;
use crate::client::Clients;
use crate::clock::Clock;
use crate::explore::incident::{Circumstances, Found};
use crate::export::incident::verdict;
use crate::gather::Order;
use crate::journal::{self, Options};
use crate::model::evidence::{Evidence, Period};
use crate::pack::Pack;
use crate::privacy;
use crate::respond::playbook::{Collector, Saved, Wanted};
use crate::text::run::EN as WORDS;

/// Collections at once: in a storm the servers have other things to do.
const AT_ONCE: usize = 2;

/// Until when everything must have come: nobody waits before a screen, and a server in trouble is slow.
const TIME: Duration = Duration::from_secs(120);

/// What an incident looks like as text.
pub type Screen = Box<dyn Fn(&Arc<Found>) -> String + Send + Sync>;

/// What every bundle of this field and this journal is made with.
pub struct Keeper {
    /// Field of work.
    pub pack: Arc<Pack>,
    /// What tells the time.
    pub clock: Clock,
    /// Beside which the file goes; without one there is no place.
    pub journal: Option<Options>,
    /// Where the evidence comes from, in words.
    pub source: String,
    /// File with the key of the signature.
    pub key: Option<PathBuf>,
    /// What a console's screen would show of it.
    pub screen: Screen,
}

/// What saves evidence so.
pub fn collector(keeper: Keeper) -> Collector {
    let (keeper, turn) = (Arc::new(keeper), Arc::new(Semaphore::new(AT_ONCE)));
    Collector::new(move |clients, wanted| {
        let (keeper, turn) = (keeper.clone(), turn.clone());
        async move {
            // Never closed.
            let _turn = turn.acquire().await.ok();
            let Some(journal) = keeper.journal.clone() else {
                return Err(crate::text::acting::EN.no_journal.to_owned());
            };
            collect(&clients, keeper, journal, wanted).await
        }
    })
}

async fn collect(
    clients: &Clients,
    keeper: Arc<Keeper>,
    journal: Options,
    wanted: Wanted,
) -> Result<Saved, String> {
    let now = keeper.clock.now();
    let window = Some(Period { start: wanted.start, end: wanted.end });
    let mut order = Order { window, ..Order::new(now, keeper.source.clone()) };
    order.budget.time = TIME;
    let gathered = gathered(clients, &keeper.pack, order, Some(journal.clone())).await;
    let about = circumstances(&gathered);
    if gathered.is_unreachable() {
        return Err((WORDS.collected_nothing)(&about.missing.join("; ")));
    }
    let mut evidence = gathered.evidence;
    // The incident is known by its own id, whenever its window began.
    evidence.manifest.id.clone_from(&wanted.name);
    let written = tokio::task::spawn_blocking(move || write(&keeper, &journal, evidence, about, &wanted));
    written.await.unwrap_or_else(|error| Err(format!("internal error: {error}")))
}

/// Looks for what broke first and writes the file.
fn write(
    keeper: &Keeper,
    journal: &Options,
    evidence: Evidence,
    about: Circumstances,
    wanted: &Wanted,
) -> Result<Saved, String> {
    let analysis = analyse(&evidence, &keeper.pack, false);
    let found = Arc::new(Found::new(Arc::new(evidence), analysis, about, keeper.clock.now()));
    let mut missing = found.missing.clone();
    // Evidence without a signature is worth more than none.
    let key = save::key(keeper.key.as_deref()).unwrap_or_else(|why| {
        missing.push((WORDS.unsigned)(&why));
        None
    });
    let beside = Beside {
        journal: Some(journal.clone()),
        key: None,
        screen: (keeper.screen)(&found),
        now: keeper.clock.now(),
    };
    let whole = save::whole(&found, &keeper.pack, &beside);
    let shown =
        |path: &std::path::Path, error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let file = journal::place_beside(&journal.file, journal::EVIDENCE, &name(wanted))
        .map_err(|error| shown(&journal.file, &error))?;
    let seal = bundle::write_file(&file, &whole, key.as_deref())
        .map_err(|error| privacy::safe_line(&error.to_string()).into_string())?;
    journal::private(&file, &journal.file).map_err(|error| shown(&file, &error))?;
    let words = (WORDS.collected)(&file.display().to_string(), seal.lines, &seal.sha256);
    Ok(Saved { words: format!("{words}\n{}", verdict(&found.analysis)), missing })
}

/// A name of a file whatever the ids hold: they come from the journal, which others may write.
fn name(wanted: &Wanted) -> String {
    let plain = |text: &str| -> String {
        text.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(64).collect()
    };
    let (name, run) = (plain(&wanted.name), plain(&wanted.run));
    // The journal knows its own files by such a name when their term is over.
    let stem = if name == run { name } else { format!("{name}-{run}") };
    stem + journal::EVIDENCE_ENDING
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_id_leads_out_of_the_folder() {
        let at = "2026-11-22T06:12:00Z".parse().expect("a time");
        let wanted =
            |name: &str, run: &str| Wanted { name: name.into(), run: run.into(), start: at, end: at };
        assert_eq!(name(&wanted("INC-1", "RUN-2")), "INC-1-RUN-2.jsonl.zst");
        assert_eq!(name(&wanted("RUN-2", "RUN-2")), "RUN-2.jsonl.zst");
        assert_eq!(name(&wanted("../../etc/x", "a/b")), "etcx-ab.jsonl.zst");
    }
}
