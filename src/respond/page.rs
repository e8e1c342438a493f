//! Paging a person by hand: who can be reached and what they would read, putting it into the outbox, and what came of
//! it. Recorded with the letters in one transaction; sent by whoever sends letters.

mod reach;

use std::sync::Arc;

use serde_json::json;

use super::Hands;
use super::notify::{Board, Brief, Note, Place, Receiver, What};
use super::outbox::{Hours, tell};
use super::watch::note_of;
use crate::config::acting::Acting;
use crate::journal::{Journal, JournalError, Result};
use crate::model::deed::Subject;
use crate::model::paging::{Answer, Page, Whom};
use crate::model::records::{EventKind, Letter, NewEvent, NewRecord};
use crate::model::{Labels, Severity, Time};
use crate::pack::Pack;
use crate::privacy;
use crate::text::page::EN as WORDS;

pub use reach::reach;

/// What a person is paged for is worth every channel that carries the worst.
const URGENCY: Severity = Severity::Critical;

/// A page that is in the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Put {
    /// What its letters' keys begin with.
    pub key: String,
    /// Whom and over what, in words.
    pub who: String,
}

/// How somebody is reached now.
pub fn receivers(board: &Board<'_>, whom: &Whom, now: Time) -> Vec<Receiver> {
    match whom {
        Whom::Contact(id) => board.of_people(std::slice::from_ref(id), URGENCY),
        Whom::Level(id) => board.receivers(id, URGENCY, now),
    }
}

/// Puts the letters in. What it is about is looked up anew, and so is how they are reached: a rota may have changed
/// since somebody looked.
pub async fn put(hands: &Hands, acting: &Arc<Acting>, place: &Arc<Place>, page: &Page) -> Result<Put> {
    let now = hands.clock.now();
    let inner = (hands.clone(), acting.clone(), place.clone(), page.clone());
    hands
        .read(move |journal| {
            let (hands, acting, place, page) = inner;
            let board = Board::new(&acting, &place);
            let receivers = receivers(&board, &page.whom, now);
            let name = name(&board, &hands.pack, &page.whom);
            if receivers.is_empty() {
                return Err(JournalError::Refused((WORDS.not_reached)(&name)));
            }
            let mut note = note(journal, &hands, page.about.as_ref(), now)?;
            name.clone_into(&mut note.level);
            note.message = privacy::safe(&page.message).into_string();
            let who = board.told(&receivers);
            let key = format!("page:{}:{:016x}", now.timestamp_micros(), fastrand::u64(..));
            journal.write(|tx| {
                tell(tx, &board, &note, &receivers, Hours::PassedOver, &key, now)?;
                if let Some(incident) = note.incident.as_deref() {
                    let text = (WORDS.event)(&name, &who, &note.message);
                    let who = &*hands.actor.operator;
                    let kind = EventKind::Notified;
                    tx.event(
                        &NewEvent { incident: Some(incident), kind, who, text: &text, about: &key },
                        now,
                    )?;
                }
                let channels: Vec<&str> = receivers.iter().map(|one| one.channel.as_str()).collect();
                let details =
                    json!({ "incident": note.incident, "channels": channels, "message": note.message });
                tx.audit(&NewRecord::done("page", page.whom.id()).with(details), &hands.actor, now)?;
                Ok(())
            })?;
            Ok(Put { key, who })
        })
        .await
}

/// How its letters stand.
pub async fn answers(hands: &Hands, key: &str) -> Result<Vec<Answer>> {
    let key = key.to_owned();
    let letters = hands.read(move |journal| journal.letters_of_key(&key)).await?;
    Ok(letters.into_iter().map(answer).collect())
}

fn answer(letter: Letter) -> Answer {
    Answer {
        channel: letter.channel.into_string(),
        state: letter.state,
        attempts: letter.attempts,
        next_at: letter.next_at,
        sent_at: letter.sent_at,
        error: letter.error.into_string(),
    }
}

fn name(board: &Board<'_>, pack: &Pack, whom: &Whom) -> String {
    match whom {
        Whom::Contact(id) => board.contact(id).map_or_else(|| id.clone(), |(_, one)| one.name.clone()),
        Whom::Level(id) => pack.response.title(id).to_owned(),
    }
}

/// The incident that something belongs to.
fn incident_of(journal: &Journal, about: Option<&Subject>) -> Result<Option<Arc<str>>> {
    let of = |fingerprint: &str| Ok(journal.open_membership(fingerprint)?.map(|member| member.incident));
    match about {
        None => Ok(None),
        Some(Subject::Incident(id, _)) => Ok(Some(id.clone())),
        Some(Subject::Alert(fingerprint, _)) => of(fingerprint),
        Some(Subject::Cause(cause)) => of(&cause.fingerprint),
    }
}

/// What is said of it, without what the person adds.
fn note(journal: &Journal, hands: &Hands, about: Option<&Subject>, now: Time) -> Result<Note> {
    if let Some(id) = incident_of(journal, about)? {
        let incident =
            journal.incident(&id)?.ok_or_else(|| JournalError::Refused((WORDS.no_incident)(&id)))?;
        return note_of(journal, &hands.pack, &incident, What::Page, now);
    }
    let (fingerprint, labels): (&str, &Labels) = match about {
        Some(Subject::Alert(fingerprint, labels)) => (fingerprint, labels),
        Some(Subject::Cause(cause)) => (&cause.fingerprint, &cause.labels),
        _ => {
            return Ok(Note {
                event: What::Page,
                title: (WORDS.title)(&hands.actor.operator),
                severity: URGENCY.as_str().to_owned(),
                at: Some(now),
                ..Note::default()
            });
        }
    };
    let pack = &hands.pack;
    let name = labels.get("alertname").unwrap_or("").to_owned();
    let alert = Brief { fingerprint: fingerprint.to_owned(), name: name.clone(), summary: String::new() };
    Ok(Note {
        event: What::Page,
        title: name,
        severity: pack.severity_of(labels).as_str().to_owned(),
        category: pack.category_of(labels).unwrap_or_default(),
        department: labels.get(&pack.alerting.department_label).unwrap_or("").to_owned(),
        component: pack.component_of(labels).unwrap_or("").to_owned(),
        alerts: vec![alert],
        count: 1,
        labels: labels.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        at: Some(now),
        ..Note::default()
    })
}
