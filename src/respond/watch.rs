//! The watcher: the responder without a screen. It takes alerts (webhooks, and a look at Alertmanager now and then),
//! opens incidents, tells people, goes a level up until somebody has it, carries out what the pack marks automatic,
//! and looks after acknowledgements.
//!
//! Several may share a journal: each step is safe to be done by any of them, and what need be done by one alone is
//! done under a lease. What was answered with 200 is in the journal.

mod figures;
mod intake;
mod opening;
mod rounds;
mod seen;
mod server;

use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::Notify;

use super::Hands;
use super::notify::Place;
use super::outbox::Sender;
use super::playbook::Collector;
use crate::config::acting::Acting;
use crate::model::Time;
use crate::pack::playbook::Library;
use crate::text::watch::EN as WORDS;

pub use figures::Figures;
pub use intake::Intake;
pub use opening::note_of;
pub use opening::{Rules, take_in};
pub use rounds::LOST;
pub use seen::{Seen, Wrong};

/// What a watcher is started with.
pub struct Watcher {
    /// Journal, servers, pack, clock, and who this process is.
    pub hands: Hands,
    /// Channels, people, commands.
    pub acting: Arc<Acting>,
    /// Playbooks.
    pub library: Arc<Library>,
    /// What saves evidence.
    pub collector: Collector,
    /// Where it listens; `None` only polls.
    pub listener: Option<TcpListener>,
    /// What webhooks must carry; `None` takes everything, which is for loopback alone.
    pub token: Option<String>,
    /// Says something to whoever started it.
    pub tell: Arc<dyn Fn(&str) + Send + Sync>,
}

/// What the parts of a watcher share.
#[derive(Clone)]
pub(super) struct Shared {
    pub hands: Hands,
    pub acting: Arc<Acting>,
    pub library: Arc<Library>,
    pub place: Arc<Place>,
    pub figures: Arc<Figures>,
    pub collector: Collector,
    /// Told when a letter was put in.
    pub letters: Arc<Notify>,
    /// Told when a run was put in.
    pub runs: Arc<Notify>,
}

impl Watcher {
    /// Runs until its socket fails or the future is dropped. Nothing is lost then: all is in the journal.
    pub async fn run(self) -> std::io::Result<()> {
        let place = Arc::new(Place { title: self.hands.pack.title.clone(), zone: self.hands.pack.zone });
        let figures = Arc::new(Figures::new(self.hands.clock.now()));
        let shared = Shared {
            hands: self.hands,
            acting: self.acting,
            library: self.library,
            place,
            figures,
            collector: self.collector,
            letters: Arc::new(Notify::new()),
            runs: Arc::new(Notify::new()),
        };
        let sender = Sender {
            hands: shared.hands.clone(),
            acting: shared.acting.clone(),
            place: shared.place.clone(),
            wake: shared.letters.clone(),
            figures: shared.figures.outbox.clone(),
        };
        let mut tasks = tokio::task::JoinSet::new();
        tasks.spawn(sender.run());
        let (intake, taking) = Intake::new(shared.clone());
        tasks.spawn(taking);
        tasks.spawn(rounds::run(shared.clone(), intake.clone(), self.tell.clone()));
        match self.listener {
            Some(listener) => server::serve(listener, server::Door::new(shared, intake, self.token)).await,
            None => {
                // The tasks never end by themselves.
                while tasks.join_next().await.is_some() {}
                Ok(())
            }
        }
    }
}

/// The token of webhooks, from its file. The error says what is wrong with it; a short one can be guessed.
pub fn read_token(path: &std::path::Path) -> Result<String, String> {
    let shown = path.display();
    let text = std::fs::read_to_string(path).map_err(|error| format!("{shown}: {error}"))?;
    let text = text.trim();
    if text.len() < 16 {
        return Err(format!("{shown}: {}", WORDS.short_token));
    }
    Ok(text.to_owned())
}

/// Seconds since a moment, never negative.
fn age_s(since: Time, now: Time) -> i64 {
    (now - since).num_seconds().max(0)
}
