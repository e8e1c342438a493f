//! Acting beside the loop: orders one at a time, and every few seconds a look after the acknowledgements.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::mpsc;

use super::Start;
use super::tasks::Back;
use crate::client::Clients;
use crate::config::Sources;
use crate::journal::{Options, Worker};
use crate::message::Msg;
use crate::model::deed::Order;
use crate::model::records::Actor;
use crate::respond::{Hands, lease};

/// Time between two looks after the acknowledgements: a colleague who was faster is seen within it.
const PACE: Duration = Duration::from_secs(3);

/// What acts. Orders wait for each other, so that an undo comes after what it undoes.
pub(super) struct Acting {
    hands: Hands,
    turn: Arc<tokio::sync::Mutex<()>>,
    looked: Option<Instant>,
    looking: Arc<std::sync::atomic::AtomicBool>,
}

/// Hands for whoever starts the program, on these servers.
pub fn hands(start: &Start, journal: &Options, sources: &Sources, clients: Clients) -> Hands {
    Hands {
        journal: Worker::start(journal.clone(), start.clock),
        clients,
        pack: start.pack.clone(),
        clock: start.clock,
        actor: actor(start),
        role: start.role(),
        holder: holder("console", start).into(),
        is_watcher: false,
        has_manager: sources.alertmanager.is_some(),
    }
}

/// Who acts: the name that is claimed, and whom the system knows.
pub fn actor(start: &Start) -> Actor {
    let who = &start.who;
    let os_user = match who.uid {
        Some(uid) => format!("{} ({uid})", who.user),
        None => who.user.clone(),
    };
    Actor {
        operator: start.config.operator.as_str().into(),
        os_user: os_user.into(),
        origin: who.origin().into(),
    }
}

/// The name of this process among those that share a journal.
pub fn holder(kind: &str, start: &Start) -> String {
    format!("{kind} {} {}-{:08x}", start.config.operator, std::process::id(), fastrand::u32(..))
}

impl Acting {
    pub fn new(hands: Hands) -> Self {
        Self { hands, turn: Arc::default(), looked: None, looking: Arc::default() }
    }

    /// Other servers from now on.
    pub fn use_clients(&mut self, clients: Clients, sources: &Sources) {
        self.hands.clients = clients;
        self.hands.has_manager = sources.alertmanager.is_some();
        self.looked = None;
    }

    /// Carries an order out, after those before it.
    pub fn order(&mut self, order: Order, sender: &mpsc::Sender<Back>) {
        let (hands, turn, sender) = (self.hands.clone(), self.turn.clone(), sender.clone());
        // A look changes nothing and need not wait.
        let waits = !matches!(order, Order::Look(..));
        tokio::spawn(async move {
            let guard = if waits { Some(turn.lock().await) } else { None };
            let report = hands.carry_out(order).await;
            drop(guard);
            // The loop has ended when nobody receives.
            let _ = sender.send(Back::Ready(Msg::Acted(Box::new(report)))).await;
            if waits {
                let held = hands.held().await.map_err(|error| error.to_string());
                let _ = sender.send(Back::Ready(Msg::Held(held))).await;
            }
        });
    }

    /// Looks after the acknowledgements when it is time. Who may not act only reads them.
    pub fn tick(&mut self, sender: &mpsc::Sender<Back>) {
        use std::sync::atomic::Ordering::AcqRel;
        let early = self.looked.is_some_and(|at| at.elapsed() < PACE);
        if early || self.looking.swap(true, AcqRel) {
            return;
        }
        self.looked = Some(Instant::now());
        let (hands, sender, looking) = (self.hands.clone(), sender.clone(), self.looking.clone());
        tokio::spawn(async move {
            let held = if hands.role >= crate::model::Role::Responder {
                lease::tend(&hands).await.map(|tended| tended.held)
            } else {
                hands.held().await
            };
            looking.store(false, std::sync::atomic::Ordering::Release);
            let _ = sender.send(Back::Ready(Msg::Held(held.map_err(|error| error.to_string())))).await;
        });
    }

    /// The person leaves: another process takes over at once, not when the lease runs out.
    pub async fn leave(self) {
        if self.hands.role >= crate::model::Role::Responder
            && let Err(error) = tokio::time::timeout(Duration::from_secs(2), lease::leave(&self.hands)).await
        {
            tracing::debug!(%error, "the lease runs out by itself");
        }
    }
}
