//! Looking for an incident beside the loop: evidence from the servers or from the bundle, then the analysis on a thread
//! where nothing waits for it.

use std::sync::Arc;

pub use super::analysis::{advised, analyse, options, timed, told};
use super::records;
use crate::client::Clients;
use crate::explore::incident::{Circumstances, Found};
use crate::export::incident::recalled;
use crate::gather::{self, Calm, Gathered, Missing, MissingKind, Order};
use crate::journal::Options;
use crate::model::evidence::{Evidence, Period};
use crate::model::{Course, Time};
use crate::pack::Pack;
use crate::state::incident::Inquiry;
use crate::text::{bundle, incident};

/// Where the evidence comes from.
#[derive(Clone)]
pub enum From {
    /// Servers, and the journal that has what people noted.
    Servers(Clients, Option<Options>),
    /// A bundle.
    Bundle(Arc<Evidence>),
}

/// Gathers and analyses; the error says why there is no incident. What the servers have answered is counted on the way.
pub async fn investigate(
    from: From,
    pack: Arc<Pack>,
    inquiry: Inquiry,
    now: Time,
    course: Arc<Course>,
) -> Result<Arc<Found>, String> {
    let (evidence, about, is_bundle) = match from {
        From::Bundle(evidence) => {
            let about = masked(&recalled(&evidence));
            (moved(evidence, inquiry.window), about, true)
        }
        From::Servers(clients, journal) => {
            let window = inquiry.window;
            let mut order = Order { window, course, ..Order::new(now, inquiry.source.clone()) };
            if inquiry.suggestion {
                order.budget = gather::Budget::unasked();
            }
            if inquiry.embedded {
                // Two answers at once would be twice the memory, and no sooner there.
                order.budget.at_once = 1;
            }
            let gathered = gathered(&clients, &pack, order, journal).await;
            if gathered.is_unreachable() {
                return Err(incident::EN.unreachable.to_owned());
            }
            let about = circumstances(&gathered);
            (Arc::new(gathered.evidence), about, false)
        }
    };
    let work = move || {
        let analysis = analyse(&evidence, &pack, is_bundle);
        Arc::new(Found::new(evidence, analysis, about, now))
    };
    tokio::task::spawn_blocking(work).await.map_err(|error| {
        tracing::error!("the analysis ended in the middle: {error}");
        incident::EN.broken_off.to_owned()
    })
}

/// Asks the servers, and takes along what people noted in the journal.
pub async fn gathered(
    clients: &Clients,
    pack: &Pack,
    mut order: Order,
    journal: Option<Options>,
) -> Gathered {
    let (window, now) = (order.window, order.now);
    let reading = tokio::task::spawn_blocking(move || records::noted(journal.as_ref(), window, now));
    let noted = reading.await.unwrap_or_else(|error| Err(error.to_string()));
    let unread = noted.map(|changes| order.noted = changes).err();
    let mut gathered = gather::gather(clients, pack, &order).await;
    gathered.missing.extend(unread.as_deref().map(unnoted));
    gathered
}

/// What is missing where the journal cannot be read.
fn unnoted(why: &str) -> Missing {
    Missing { source: None, kind: MissingKind::Failed, words: (crate::text::gather::EN.journal)(why) }
}

/// What a file says of its gathering; whoever wrote it may not have masked it.
fn masked(about: &Circumstances) -> Circumstances {
    let line = |text: &String| crate::privacy::safe_line(text).into_string();
    Circumstances {
        calm: line(&about.calm),
        missing: about.missing.iter().map(line).collect(),
        incomplete: about.incomplete,
    }
}

/// What is known of the gathering.
pub fn circumstances(gathered: &Gathered) -> Circumstances {
    let words = &bundle::EN;
    let calm = match gathered.calm {
        Calm::Quiet => String::new(),
        Calm::Earlier(seconds) => (words.calm_earlier)(seconds / 60),
        Calm::Nowhere => words.calm_nowhere.to_owned(),
        Calm::Unknown => words.calm_unknown.to_owned(),
    };
    let missing = gathered.missing.iter().filter(|one| one.kind != MissingKind::Unconfigured);
    Circumstances {
        calm,
        missing: missing.map(|one| one.words.clone()).collect(),
        incomplete: gathered.is_incomplete(),
    }
}

/// The evidence of a bundle, seen with another window; what lies outside of it stays, as history.
fn moved(evidence: Arc<Evidence>, window: Option<Period>) -> Arc<Evidence> {
    match window {
        Some(window) if window != evidence.manifest.window => {
            let mut other = (*evidence).clone();
            other.manifest.window = window;
            // Calm time that lies within the new window is calm no more.
            other.manifest.baselines.retain(|one| one.end < window.start || one.start > window.end);
            Arc::new(other)
        }
        _ => evidence,
    }
}
