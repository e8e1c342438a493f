//! Asking within a budget: so many requests, so many at once, until a moment. What cannot be had is noted.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::sync::Semaphore;

use super::{Budget, Calm, Gathered, Missing, MissingKind};
use crate::client::Clients;
use crate::model::ask::{Answer, Ask, Key};
use crate::model::evidence::{Evidence, OtherRecord};
use crate::model::{Course, Fault, FaultKind, SourceId, SourceKind, Time};
use crate::text::gather::EN as WORDS;

/// Asks, and takes note.
pub(super) struct Asker<'c> {
    clients: &'c Clients,
    until: tokio::time::Instant,
    slots: Semaphore,
    course: Arc<Course>,
    left: AtomicUsize,
    sent: AtomicUsize,
    notes: Mutex<Notes>,
}

#[derive(Default)]
struct Notes {
    missing: Vec<Missing>,
    queries: Vec<(String, String)>,
    answered: Vec<SourceId>,
    servers: Duration,
}

/// Why there is no answer.
pub(super) enum Refused {
    /// The server does not know such a query.
    Query,
    /// Anything else; it is noted.
    Noted,
}

impl<'c> Asker<'c> {
    pub fn new(clients: &'c Clients, budget: Budget, course: Arc<Course>) -> Self {
        Self {
            clients,
            until: tokio::time::Instant::now() + budget.time,
            slots: Semaphore::new(budget.at_once.max(1)),
            course,
            left: AtomicUsize::new(budget.requests),
            sent: AtomicUsize::new(0),
            notes: Mutex::default(),
        }
    }

    /// Whether a source can be asked at all.
    pub fn has(&self, source: &SourceId) -> bool {
        self.clients.is_configured(source)
    }

    /// Whether a server has answered anything.
    pub fn answered(&self, source: &SourceId) -> bool {
        let mut there = false;
        self.with(|notes| there = notes.answered.contains(source));
        there
    }

    /// Says which of the servers nobody has configured.
    pub fn note_unconfigured(&self) {
        for kind in SourceKind::SERVERS {
            if !self.has(&SourceId::Server(kind)) {
                self.note(Some(kind), MissingKind::Unconfigured, (WORDS.unconfigured)(kind.as_str()));
            }
        }
    }

    /// Takes note of something that is not there.
    pub fn note(&self, source: Option<SourceKind>, kind: MissingKind, words: String) {
        self.with(|notes| {
            let one = Missing { source, kind, words };
            // Twenty questions to a server that is down are one thing that is missing.
            if !notes.missing.contains(&one) {
                notes.missing.push(one);
            }
        });
    }

    /// Asks; what is missing then is noted under `what`.
    pub async fn ask(&self, what: &str, ask: Ask) -> Option<Answer> {
        let kind = ask.key().source().kind();
        match self.try_ask(what, ask).await {
            Ok(answer) => Some(answer),
            Err(Refused::Noted) => None,
            Err(Refused::Query) => {
                self.note(Some(kind), MissingKind::Cut, (WORDS.refused)(what, kind.as_str()));
                None
            }
        }
    }

    /// The same, where a refused query is nothing to be noted: another one will do.
    pub async fn try_ask(&self, what: &str, ask: Ask) -> Result<Answer, Refused> {
        let source = ask.key().source();
        let kind = source.kind();
        if !self.has(&source) {
            return Err(Refused::Noted);
        }
        let _turn = self.course.begin(kind);
        // The semaphore is never closed.
        let Ok(_slot) = self.slots.acquire().await else { return Err(Refused::Noted) };
        let spend = |left: usize| left.checked_sub(1);
        if self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, spend).is_err() {
            self.note(Some(kind), MissingKind::Cut, (WORDS.over_requests)(what));
            return Err(Refused::Noted);
        }
        if tokio::time::Instant::now() >= self.until {
            self.note(Some(kind), MissingKind::Failed, (WORDS.over_time)(kind.as_str()));
            return Err(Refused::Noted);
        }
        self.sent.fetch_add(1, Ordering::Relaxed);
        let began = Instant::now();
        let answered = tokio::time::timeout_at(self.until, self.clients.ask(&ask)).await;
        let took = began.elapsed();
        self.with(|notes| {
            notes.servers += took;
            notes.queries.push((key_text(&ask), record(&ask)));
            let is_server = SourceKind::SERVERS.contains(&kind);
            if is_server && matches!(answered, Ok(Ok(_))) && !notes.answered.contains(&source) {
                notes.answered.push(source.clone());
            }
        });
        match answered {
            Ok(Ok(answered)) => {
                for warning in &answered.warnings {
                    self.note(Some(kind), MissingKind::Cut, (WORDS.warned)(kind.as_str(), warning));
                }
                Ok(answered.answer)
            }
            Ok(Err(Fault { kind: FaultKind::BadQuery, .. })) => Err(Refused::Query),
            Ok(Err(fault)) => {
                let words = (WORDS.failed)(kind.as_str(), &fault.detail);
                self.note(Some(kind), MissingKind::Failed, words);
                Err(Refused::Noted)
            }
            Err(_) => {
                self.note(Some(kind), MissingKind::Failed, (WORDS.over_time)(kind.as_str()));
                Err(Refused::Noted)
            }
        }
    }

    /// Puts together what came. The order does not depend on which answer came first.
    pub fn finish(self, mut evidence: Evidence, calm: Calm) -> Gathered {
        let configured =
            SourceKind::SERVERS.iter().filter(|kind| self.has(&SourceId::Server(**kind))).count();
        let mut notes = self.notes.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        notes.missing.sort();
        notes.queries.sort();
        notes.queries.dedup();
        let queries = notes.queries.into_iter();
        let others = queries.map(|(_, json)| OtherRecord { kind: "query".into(), json: json.into() });
        evidence.others.extend(others);
        Gathered {
            evidence,
            calm,
            missing: notes.missing,
            requests: self.sent.into_inner(),
            servers: notes.servers,
            sources: (configured, notes.answered.len()),
        }
    }

    fn with(&self, change: impl FnOnce(&mut Notes)) {
        // Whoever panicked while holding it has only added a note.
        change(&mut self.notes.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
    }
}

fn key_text(ask: &Ask) -> String {
    format!("{:?}", ask.key())
}

/// A question as the bundle keeps it.
fn record(ask: &Ask) -> String {
    let source = ask.key().source();
    let text = match ask.key() {
        Key::Instant(query) | Key::Range(query, _) | Key::LogInstant(query) | Key::LogRange(query, _) => {
            query.to_string()
        }
        Key::Logs { query, .. } | Key::Traces { query, .. } => query.to_string(),
        other => format!("{other:?}").to_lowercase(),
    };
    let (start, end) = match ask {
        Ask::Instant { at, .. } => (Some(*at), Some(*at)),
        Ask::Range { start, end, .. } | Ask::Window { start, end, .. } => (Some(*start), Some(*end)),
        Ask::Plain(_) => (None, None),
    };
    let moment = |at: Option<Time>| at.map(|at| at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true));
    // `kind` leads, as the format wants; a map would put it elsewhere.
    let rest = json!({
        "source": source.to_string(), "query": text, "start": moment(start), "end": moment(end),
    })
    .to_string();
    format!("{{\"kind\":\"query\",{}", rest.get(1..).unwrap_or("}"))
}
