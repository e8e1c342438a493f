//! Acting beside the loop: orders one at a time, and every few seconds a look after the acknowledgements.

use std::ffi::OsString;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::mpsc;

use super::Start;
use super::follow::Following;
use super::paging;
use super::tasks::Back;
use crate::cli::detached;
use crate::client::Clients;
use crate::config::Sources;
use crate::config::acting::Acting as Settings;
use crate::journal::{Options, Worker};
use crate::message::Msg;
use crate::model::Role;
use crate::model::deed::{Order, Report};
use crate::model::records::Actor;
use crate::pack::playbook::Library;
use crate::respond::notify::{Board, Place};
use crate::respond::outbox::Sender;
use crate::respond::playbook::{self, Carrier, Collector};
use crate::respond::watch::LOST;
use crate::respond::{Hands, lease, page};
use crate::state::State;
use crate::text::offers::EN as OFFERS;

/// Time between two looks after the acknowledgements: a colleague who was faster is seen within it.
const PACE: Duration = Duration::from_secs(3);

/// Time between two looks who is on call: a calendar that somebody has changed is seen within it.
const ROTA_PACE: Duration = Duration::from_secs(20);

/// What playbooks need beside the hands.
#[derive(Clone)]
pub struct Shelf {
    /// The playbooks.
    pub library: Arc<Library>,
    /// Channels, people, commands.
    pub acting: Arc<Settings>,
    /// Name and zone of the place.
    pub place: Arc<Place>,
    /// What saves evidence.
    pub collector: Collector,
    /// Arguments of another process on the same servers; `None` carries runs out in this one, as where the servers
    /// live in it.
    pub again: Option<Vec<OsString>>,
}

impl Shelf {
    /// Finds what fits, or begins a run and has it carried out.
    async fn carry_out(&self, hands: &Hands, order: Order) -> Report {
        let done = match order {
            Order::Offers(subject) => playbook::offers(hands, &self.library, &self.acting, &subject)
                .await
                .map(|(offers, runs)| Report::Offers(subject, offers, runs)),
            Order::Run(offer) => playbook::begin(hands, &offer).await.map(|(run, new)| {
                let words = if new {
                    (OFFERS.begun)(&run.id, &self.launch(hands, &run.id))
                } else {
                    (OFFERS.goes_on)(&run.id)
                };
                Report::Begun(run.id, words, new)
            }),
            Order::StopRun(run) => {
                playbook::stop(hands, &run).await.map(|run| Report::Told((OFFERS.stopping)(&run.id)))
            }
            Order::AnswerRun(run, word) => playbook::answer_and_leave(hands, &run, &word).await.map(|run| {
                if run.state.is_over() {
                    Report::Told((OFFERS.stopped)(&run.id))
                } else {
                    Report::Told((OFFERS.goes_on_by)(&run.id, &self.launch(hands, &run.id)))
                }
            }),
            Order::Reach(about) => page::reach(hands, &self.acting, &self.place, about)
                .await
                .map(|reach| Report::Reach(Box::new(reach))),
            other => return hands.carry_out(other).await,
        };
        done.unwrap_or_else(|error| Report::Refused(error.to_string()))
    }

    /// Has a run carried out; says who does.
    fn launch(&self, hands: &Hands, run: &str) -> String {
        if let Some(again) = &self.again {
            let arguments = again.iter().cloned().chain(["playbook", "carry", run].map(OsString::from));
            match detached::start(arguments) {
                Ok(process) => return (OFFERS.process)(process),
                Err(error) => tracing::warn!(%error, "no process of its own for a run"),
            }
        }
        let letters = Arc::new(tokio::sync::Notify::new());
        let (hands, acting, place) = (hands.clone(), self.acting.clone(), self.place.clone());
        let sender = Sender {
            hands: hands.clone(),
            acting: acting.clone(),
            place: place.clone(),
            wake: letters.clone(),
            figures: Arc::default(),
        };
        let carrier = Carrier { hands, acting, place, letters, collector: self.collector.clone() };
        let run = run.to_owned();
        tokio::spawn(async move {
            let sending = tokio::spawn(sender.run());
            if let Err(error) = carrier.carry(&run, LOST).await {
                tracing::warn!(%error, "a run could not be carried out");
            }
            sending.abort();
        });
        OFFERS.here.to_owned()
    }
}

/// What acts. Orders wait for each other, so that an undo comes after what it undoes.
pub(super) struct Acting {
    hands: Hands,
    shelf: Option<Shelf>,
    turn: Arc<tokio::sync::Mutex<()>>,
    looked: Option<Instant>,
    /// The incident that was looked up then.
    looked_up: Option<Arc<str>>,
    looking: Arc<std::sync::atomic::AtomicBool>,
    /// The run that is looked at.
    following: Option<Following>,
    /// When somebody last looked who is on call.
    rota: Option<Instant>,
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
        reveal: start.config.reveal,
        holder: holder("console", start).into(),
        is_watcher: false,
        has_manager: sources.alertmanager.is_some(),
    }
}

/// Who acts: the name that is claimed, and whom the system knows.
pub fn actor(start: &Start) -> Actor {
    start.who.actor(&start.config.operator)
}

/// The name of this process among those that share a journal.
pub fn holder(kind: &str, start: &Start) -> String {
    format!("{kind} {} {}-{:08x}", start.config.operator, std::process::id(), fastrand::u32(..))
}

impl Acting {
    pub fn new(hands: Hands, shelf: Option<Shelf>) -> Self {
        let (turn, looking) = (Arc::default(), Arc::default());
        Self { hands, shelf, turn, looked: None, looked_up: None, looking, following: None, rota: None }
    }

    /// Other servers from now on.
    pub fn use_clients(&mut self, clients: Clients, sources: &Sources) {
        self.hands.clients = clients;
        self.hands.has_manager = sources.alertmanager.is_some();
        self.looked = None;
    }

    /// Carries an order out, after those before it. `looked_up` is the incident in sight.
    pub fn order(&mut self, order: Order, looked_up: Option<Arc<str>>, sender: &mpsc::Sender<Back>) {
        let (hands, turn, sender) = (self.hands.clone(), self.turn.clone(), sender.clone());
        let shelf = self.shelf.clone();
        // A look changes nothing and need not wait.
        let waits = !matches!(order, Order::Look(..) | Order::Offers(..) | Order::Reach(..));
        tokio::spawn(async move {
            let guard = if waits { Some(turn.lock().await) } else { None };
            let report = match (&shelf, order) {
                // Who may only look is refused, and that is recorded, as with every other order.
                (Some(shelf), Order::Page(page)) if hands.role >= Role::Responder => {
                    paging::page(&hands, shelf, &page, &sender).await
                }
                (Some(shelf), order) if hands.role >= Role::Responder => shelf.carry_out(&hands, order).await,
                (_, order) => hands.carry_out(order).await,
            };
            drop(guard);
            let looked_up = match &report {
                Report::Incident(incident, _) => Some(incident.id.clone()),
                _ => looked_up,
            };
            // The loop has ended when nobody receives.
            let _ = sender.send(Back::Ready(Msg::Acted(Box::new(report)))).await;
            if waits {
                let held = hands.held().await.map_err(|error| error.to_string());
                let _ = sender.send(Back::Ready(Msg::Held(held))).await;
                let book = hands.book(looked_up, None).await.map_err(|error| error.to_string());
                let _ = sender.send(Back::Ready(Msg::Book(Box::new(book)))).await;
            }
        });
    }

    /// Looks after the acknowledgements when it is time. Who may not act only reads them.
    /// Another incident in sight is looked up at once.
    pub fn tick(&mut self, state: &State, sender: &mpsc::Sender<Back>) {
        use std::sync::atomic::Ordering::AcqRel;
        self.look_at_rota(sender);
        let looked_up = state.looked_up();
        let early = self.looked.is_some_and(|at| at.elapsed() < PACE) && self.looked_up == looked_up;
        if early || self.looking.swap(true, AcqRel) {
            return;
        }
        self.looked = Some(Instant::now());
        self.looked_up.clone_from(&looked_up);
        let alerts = state.all_alerts();
        let (hands, sender, looking) = (self.hands.clone(), sender.clone(), self.looking.clone());
        tokio::spawn(async move {
            let held = if hands.role >= Role::Responder {
                lease::tend(&hands).await.map(|tended| tended.held)
            } else {
                hands.held().await
            };
            let book = hands.book(looked_up, alerts).await;
            looking.store(false, std::sync::atomic::Ordering::Release);
            let _ = sender.send(Back::Ready(Msg::Held(held.map_err(|error| error.to_string())))).await;
            let _ =
                sender.send(Back::Ready(Msg::Book(Box::new(book.map_err(|error| error.to_string()))))).await;
        });
    }

    /// Looks who is on call; calendars are files, so on a thread where that may take a while.
    fn look_at_rota(&mut self, sender: &mpsc::Sender<Back>) {
        let Some(shelf) = self.shelf.clone().filter(|shelf| !shelf.acting.rotas.is_empty()) else { return };
        if self.rota.is_some_and(|at| at.elapsed() < ROTA_PACE) {
            return;
        }
        self.rota = Some(Instant::now());
        let (pack, now, sender) = (self.hands.pack.clone(), self.hands.clock.now(), sender.clone());
        tokio::spawn(async move {
            let looked = tokio::task::spawn_blocking(move || {
                Board::new(&shelf.acting, &shelf.place).duties(&pack.response, now)
            });
            if let Ok(duties) = looked.await {
                let _ = sender.send(Back::Ready(Msg::OnCall(duties))).await;
            }
        });
    }

    /// Tells how the run stands that the person looks at, as soon as it stands otherwise.
    pub fn follow(&mut self, state: &State, sender: &mpsc::Sender<Back>) {
        let wanted = state.followed_run();
        if self.following.as_ref().map(Following::run) != wanted {
            self.following = wanted.map(|run| Following::new(&self.hands, run.clone(), sender.clone()));
        }
    }

    /// The person leaves: another process takes over at once, not when the lease runs out.
    pub async fn leave(self) {
        if self.hands.role >= Role::Responder
            && let Err(error) = tokio::time::timeout(Duration::from_secs(2), lease::leave(&self.hands)).await
        {
            tracing::debug!(%error, "the lease runs out by itself");
        }
    }
}
