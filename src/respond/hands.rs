//! Everything that acting takes: the journal, the servers, who acts. One method for each order.

use std::sync::Arc;

use serde_json::json;
use tokio::sync::oneshot;

use crate::client::Clients;
use crate::clock::Clock;
use crate::config::Reveal;
use crate::journal::{AckFilter, Journal, JournalError, Worker};
use crate::model::deed::{Held, Order, Report, Standing, Wanted};
use crate::model::records::{Actor, Book, Deed, Dossier, NewRecord, Outcome};
use crate::model::{Alert, Role, Time};
use crate::pack::Pack;
use crate::text::acting::EN as WORDS;

use super::{ack, blast, incidents};

/// The lease that says which process extends acknowledgements.
pub const KEEPER: &str = "acks";
/// The lease that says that a watcher runs.
pub const WATCHER: &str = "acks.watcher";
/// Begins the leases of those who are just making silences for acknowledgements.
pub const MAKING: &str = "acks.new/";

/// What acting takes. Cheap to clone.
#[derive(Clone)]
pub struct Hands {
    /// The journal.
    pub journal: Worker,
    /// The servers.
    pub clients: Clients,
    /// The field of work.
    pub pack: Arc<Pack>,
    /// What tells the time.
    pub clock: Clock,
    /// Who acts.
    pub actor: Actor,
    /// What the person may do.
    pub role: Role,
    /// Who may see what stands behind a mark; `None` is nobody.
    pub reveal: Option<Reveal>,
    /// This process, among those that share the journal.
    pub holder: Arc<str>,
    /// Whether this is a watcher, which stays when people go.
    pub is_watcher: bool,
    /// Whether there is an Alertmanager.
    pub has_manager: bool,
}

impl Hands {
    /// Does what was decided, and says what came of it. Whatever is done stands in the journal before.
    pub async fn carry_out(&self, order: Order) -> Report {
        if !matches!(order, Order::Look(..)) && self.role < Role::Responder {
            return self.may_not(&order).await;
        }
        let done = match order {
            Order::Look(number, matchers) => {
                let radius = blast::radius(&self.clients, &self.pack, &matchers, self.clock.now()).await;
                return Report::Looked(number, Box::new(radius));
            }
            Order::Ack(order) => ack::acknowledge(self, order).await.map(Report::Acked),
            Order::Unack(alerts) => {
                ack::take_back(self, alerts, "").await.map(|(count, why)| Report::Unacked(count, why))
            }
            Order::Silence(wanted) => return self.silence(None, wanted).await,
            Order::Again { id, was } => return self.silence(Some(id), was).await,
            Order::Until { id, until, before } => return self.until(id, until, before).await,
            Order::Expire { id, was } => return self.expire(id, was).await,
            Order::Incident(deed) => {
                let is_new = matches!(&*deed, Deed::Open(_));
                let (actor, now) = (self.actor.clone(), self.clock.now());
                let done = self.read(move |journal| incidents::carry_out(journal, &deed, &actor, now)).await;
                done.map(|incident| Report::Incident(Box::new(incident), is_new))
            }
            // Whoever has the playbooks at hand carries these out, once it is known that the person may.
            Order::Reveal(order) => return super::reveal::reveal(self, *order).await,
            Order::Offers(_)
            | Order::Run(_)
            | Order::StopRun(_)
            | Order::AnswerRun(..)
            | Order::Reach(_)
            | Order::Page(_) => {
                return Report::Refused(WORDS.no_playbooks.to_owned());
            }
        };
        done.unwrap_or_else(|error| Report::Refused(error.to_string()))
    }

    /// What the journal says of acknowledgements.
    pub async fn held(&self) -> Result<Held, JournalError> {
        let now = self.clock.now();
        self.read(move |journal| held(journal, now)).await
    }

    /// What the journal says of incidents, and all of one. `alerts` are all that there are, where that is known: what
    /// has ended since is written down, by whoever may.
    pub async fn book(
        &self,
        incident: Option<Arc<str>>,
        alerts: Option<Arc<[Arc<Alert>]>>,
    ) -> Result<(Book, Option<Dossier>), JournalError> {
        // That an alert has ended is nobody's deed, whoever's console was the first to write it down.
        let (pack, actor, now) = (self.pack.clone(), Actor::named(WORDS.itself), self.clock.now());
        let alerts = alerts.filter(|_| self.role >= Role::Responder);
        self.read(move |journal| {
            if let Some(alerts) = alerts {
                let all: Vec<&Alert> = alerts.iter().map(|alert| &**alert).collect();
                incidents::keep_up(journal, &pack, &all, false, &actor, now)?;
            }
            let one = incident.map(|id| incidents::dossier(journal, &id)).transpose()?.flatten();
            Ok((incidents::book(journal, now)?, one))
        })
        .await
    }

    /// Asks the journal, on its own thread.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Journal) -> Result<T, JournalError> + Send + 'static,
    ) -> Result<T, JournalError> {
        let (sender, receiver) = oneshot::channel();
        self.journal.call(work, |result| drop(sender.send(result)))?;
        // The worker drops what it was handed only when its thread has ended.
        receiver.await.unwrap_or_else(|_| Err(JournalError::Internal("its thread has ended".to_owned())))
    }

    /// Writes one record of the audit.
    pub(super) async fn record(
        &self,
        action: &'static str,
        object: String,
        details: serde_json::Value,
        outcome: Outcome,
    ) -> Result<(), JournalError> {
        let (actor, now) = (self.actor.clone(), self.clock.now());
        self.read(move |journal| {
            journal.write(|tx| {
                let record = NewRecord { action, object: &object, details, outcome };
                tx.audit(&record, &actor, now).map(drop)
            })
        })
        .await
    }

    async fn may_not(&self, order: &Order) -> Report {
        let details = json!({ "role": self.role.as_str() });
        let recorded = self.record(action(order), String::new(), details, Outcome::Refused).await;
        if let Err(error) = recorded {
            tracing::warn!(%error, "a refusal could not be recorded");
        }
        Report::Refused((WORDS.no_role)(self.role.as_str()))
    }

    /// Makes a silence: new, or again with the matchers of one that was ended.
    async fn silence(&self, again: Option<Box<str>>, mut wanted: Wanted) -> Report {
        let now = self.clock.now();
        // What was to begin in the past begins now; what would be over by now cannot be made again.
        wanted.starts_at = wanted.starts_at.max(now);
        if wanted.ends_at <= now {
            return Report::Refused(WORDS.over_by_now.to_owned());
        }
        let object = again.as_deref().map_or_else(|| text_of(&wanted), str::to_owned);
        let details = |id: Option<&str>| {
            json!({
                "id": id, "matchers": text_of(&wanted), "again": again, "comment": wanted.comment,
                "starts_at": wanted.starts_at.to_rfc3339(), "ends_at": wanted.ends_at.to_rfc3339(),
            })
        };
        let action = "silence.create";
        if let Err(error) = self.record(action, object.clone(), details(None), Outcome::Accepted).await {
            return Report::Refused(error.to_string());
        }
        let made = match &again {
            Some(id) => self.clients.silence_again(id, &wanted).await,
            None => self.clients.silence(&wanted).await,
        };
        match made {
            Ok(standing) => {
                let undo = Order::Expire { id: standing.id.clone(), was: wanted.clone() };
                self.ended(action, &standing.id, details(Some(&standing.id)), Outcome::Done).await;
                Report::Stands(standing, Box::new(undo))
            }
            Err(fault) => {
                self.ended(action, &object, json!({ "error": fault.detail }), Outcome::Failed).await;
                Report::Refused(fault.detail)
            }
        }
    }

    async fn until(&self, id: Box<str>, until: Time, before: Time) -> Report {
        let action = "silence.extend";
        let details = json!({ "until": until.to_rfc3339(), "before": before.to_rfc3339() });
        if let Err(error) = self.record(action, id.to_string(), details.clone(), Outcome::Accepted).await {
            return Report::Refused(error.to_string());
        }
        match self.clients.set_silence_end(&id, until).await {
            Ok(standing) => {
                self.ended(action, &id, details, Outcome::Done).await;
                let Standing { id, .. } = &standing;
                let undo = Order::Until { id: id.clone(), until: before, before: until };
                Report::Stands(standing, Box::new(undo))
            }
            Err(fault) => {
                self.ended(action, &id, json!({ "error": fault.detail }), Outcome::Failed).await;
                Report::Refused(fault.detail)
            }
        }
    }

    async fn expire(&self, id: Box<str>, was: Wanted) -> Report {
        let action = "silence.expire";
        let details = json!({ "comment": was.comment, "created_by": was.created_by });
        if let Err(error) = self.record(action, id.to_string(), details.clone(), Outcome::Accepted).await {
            return Report::Refused(error.to_string());
        }
        match self.clients.expire_silence(&id).await {
            Ok(()) => {
                self.ended(action, &id, details, Outcome::Done).await;
                let undo = Order::Again { id: id.clone(), was };
                Report::Ended(id, Box::new(undo))
            }
            Err(fault) => {
                self.ended(action, &id, json!({ "error": fault.detail }), Outcome::Failed).await;
                Report::Refused(fault.detail)
            }
        }
    }

    /// Records how something went that was recorded before it was begun. That this fails takes nothing back.
    pub(super) async fn ended(
        &self,
        action: &'static str,
        object: &str,
        details: serde_json::Value,
        outcome: Outcome,
    ) {
        if let Err(error) = self.record(action, object.to_owned(), details, outcome).await {
            tracing::warn!(%error, action, "how it went could not be recorded");
        }
    }
}

/// What the journal says of acknowledgements.
pub(super) fn held(journal: &Journal, now: Time) -> Result<Held, JournalError> {
    let acks = journal.acks(AckFilter::default())?;
    let left = journal.acks_to_carry_out()?.iter().filter(|ack| ack.silence_left).count();
    let watcher = journal.lease(WATCHER)?.is_some_and(|lease| lease.until > now);
    Ok(Held { acks, watcher, left })
}

fn action(order: &Order) -> &'static str {
    match order {
        Order::Ack(_) => "ack",
        Order::Unack(_) => "unack",
        Order::Look(..) => "silence.look",
        Order::Offers(_) => "playbook.list",
        Order::Run(_) => "playbook.run",
        Order::StopRun(_) => "playbook.stop",
        Order::AnswerRun(..) => "playbook.answer",
        Order::Reach(_) | Order::Page(_) => "page",
        Order::Reveal(_) => "privacy.reveal",
        Order::Silence(_) | Order::Again { .. } => "silence.create",
        Order::Until { .. } => "silence.extend",
        Order::Expire { .. } => "silence.expire",
        Order::Incident(deed) => incidents::action(deed),
    }
}

fn text_of(wanted: &Wanted) -> String {
    wanted.matchers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
