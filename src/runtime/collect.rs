//! What saves evidence for a playbook's step: gathers within the usual budget and writes a bundle beside the journal.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

use super::investigate::circumstances;
use crate::bundle;
use crate::client::Clients;
use crate::clock::Clock;
use crate::gather::{self, Order};
use crate::journal;
use crate::model::evidence::Period;
use crate::pack::Pack;
use crate::privacy;
use crate::respond::playbook::{Collector, Saved, Wanted};
use crate::text::run::EN as WORDS;

/// Collections at once: in a storm the servers have other things to do.
const AT_ONCE: usize = 2;

/// Until when everything must have come: nobody waits before a screen, and a server in trouble is slow.
const TIME: Duration = Duration::from_secs(120);

/// What saves evidence of this field, beside this journal; without one it says that there is no place.
pub fn collector(pack: Arc<Pack>, clock: Clock, journal: Option<PathBuf>, source: String) -> Collector {
    let turn = Arc::new(Semaphore::new(AT_ONCE));
    Collector::new(move |clients, wanted| {
        let (pack, journal, source, turn) = (pack.clone(), journal.clone(), source.clone(), turn.clone());
        async move {
            // Never closed.
            let _turn = turn.acquire().await.ok();
            let Some(journal) = journal else { return Err(crate::text::acting::EN.no_journal.to_owned()) };
            save(&clients, &pack, clock, &journal, source, wanted).await
        }
    })
}

async fn save(
    clients: &Clients,
    pack: &Pack,
    clock: Clock,
    journal: &Path,
    source: String,
    wanted: Wanted,
) -> Result<Saved, String> {
    let window = Some(Period { start: wanted.start, end: wanted.end });
    let mut order = Order { window, ..Order::new(clock.now(), source) };
    order.budget.time = TIME;
    let gathered = gather::gather(clients, pack, &order).await;
    let missing = circumstances(&gathered).missing;
    if gathered.is_unreachable() {
        return Err((WORDS.collected_nothing)(&missing.join("; ")));
    }
    let mut evidence = gathered.evidence;
    // The incident is known by its own id, whenever its window began.
    evidence.manifest.id.clone_from(&wanted.name);
    let name = name(&wanted);
    let journal = journal.to_owned();
    let written = tokio::task::spawn_blocking(move || {
        let file = journal::place_beside(&journal, journal::EVIDENCE, &name)
            .map_err(|error| format!("{}: {error}", journal.display()))?;
        let seal = bundle::write_file(&file, &evidence, None)
            .map_err(|error| privacy::safe_line(&error.to_string()).into_string())?;
        journal::private(&file, &journal).map_err(|error| format!("{}: {error}", file.display()))?;
        Ok::<_, String>((file.display().to_string(), seal))
    });
    let (file, seal) = written.await.unwrap_or_else(|error| Err(format!("internal error: {error}")))?;
    Ok(Saved { words: (WORDS.collected)(&file, seal.lines, &seal.sha256), missing })
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
