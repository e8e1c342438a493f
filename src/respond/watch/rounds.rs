//! What a watcher does by itself, again and again: a look at Alertmanager, levels that are due, incidents that are
//! over, acknowledgements, and runs that nobody carries on.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;

use super::opening::{Rules, TOLD, call_key, call_level, note_of};
use super::seen::Seen;
use super::{Intake, Shared};
use crate::journal::{AckFilter, IncidentFilter, Journal, JournalError};
use crate::model::Time;
use crate::model::ask::{Answer, Ask, Key};
use crate::model::records::{Actor, Incident, IncidentStatus, LetterState, Origin, RunState};
use crate::respond::notify::{Board, Receiver, What};
use crate::respond::outbox::{Hours, tell};
use crate::respond::{escalate, lease, playbook};
use crate::text::watch::EN as WORDS;

/// Time between two rounds, unless there is something to do before.
const PACE: Duration = Duration::from_secs(1);
/// The lease of who looks at Alertmanager.
const POLLER: &str = "watch.poll";
/// Runs that are taken up in one round.
const AT_ONCE: usize = 8;
/// Incidents that are written in one transaction: others wait for the lock meanwhile.
const TOGETHER: usize = 200;
/// An alert that is not in the list for so long is over: a restarted Alertmanager has to hear of all again.
const MISSING: TimeDelta = TimeDelta::seconds(150);
/// An incident without a firing alert is resolved after so long, so that one that flaps stays one.
const CALM: TimeDelta = TimeDelta::minutes(5);
/// A run whose process gave no sign of life for so long is carried on by another.
pub const LOST: TimeDelta = TimeDelta::seconds(20);

/// What a watcher remembers between rounds. Losing it loses nothing: all it saves is work.
#[derive(Default)]
struct Memory {
    polled: Option<Time>,
    poll_fails: bool,
    fails: bool,
    tended: Option<Time>,
    missing: BTreeMap<String, Time>,
    /// Levels that were told: incident, severity, place of the rung.
    told: BTreeSet<(Arc<str>, &'static str, usize)>,
    /// Those whose taking was told.
    taken: BTreeSet<Arc<str>>,
}

pub(super) async fn run(shared: Shared, intake: Intake, tell_person: Arc<dyn Fn(&str) + Send + Sync>) {
    let mut memory = Memory::default();
    loop {
        let now = shared.hands.clock.now();
        if memory.polled.is_none_or(|at| now - at >= poll_pace(&shared)) {
            memory.polled = Some(now);
            poll(&shared, &intake, &mut memory, now, &*tell_person).await;
        }
        match respond(&shared, &mut memory, now).await {
            Ok(()) => {
                shared.figures.round(now);
                memory.fails = false;
            }
            Err(error) => {
                shared.figures.journal_failed();
                if !std::mem::replace(&mut memory.fails, true) {
                    tell_person(&(WORDS.round_failed)(&error.to_string()));
                }
                tracing::error!(%error, "a round failed");
            }
        }
        if memory.tended.is_none_or(|at| now - at >= TimeDelta::seconds(3)) {
            memory.tended = Some(now);
            if let Err(error) = lease::tend(&shared.hands).await {
                tracing::warn!(%error, "acknowledgements could not be looked after");
            }
            if let Err(error) = carry_on(&shared, now, &*tell_person).await {
                tracing::warn!(%error, "runs could not be looked after");
            }
        }
        tokio::select! {
            () = shared.runs.notified() => memory.tended = None,
            () = tokio::time::sleep(PACE) => {}
        }
    }
}

fn poll_pace(shared: &Shared) -> TimeDelta {
    TimeDelta::from_std(shared.acting.watch.poll).unwrap_or(TimeDelta::seconds(15))
}

/// Looks at Alertmanager, if it is this watcher's turn.
async fn poll(
    shared: &Shared,
    intake: &Intake,
    memory: &mut Memory,
    now: Time,
    tell_person: &(dyn Fn(&str) + Send + Sync),
) {
    if !shared.hands.has_manager {
        return;
    }
    let holder = shared.hands.holder.clone();
    let until = now + poll_pace(shared) * 2 + TimeDelta::seconds(15);
    let mine = shared
        .hands
        .read(move |journal| journal.write(|tx| tx.take_lease(POLLER, &holder, until, now)))
        .await;
    if !mine.unwrap_or(false) {
        return;
    }
    let alerts = match shared.hands.clients.ask(&Ask::Plain(Key::Alerts)).await {
        Ok(answered) => match answered.answer {
            Answer::Alerts(alerts) => alerts,
            _ => return,
        },
        Err(fault) => {
            shared.figures.polled(false, now);
            // What is missing while nobody answers has not ended.
            memory.missing.clear();
            if !std::mem::replace(&mut memory.poll_fails, true) {
                tell_person(&(WORDS.no_poll)(&fault.detail));
            }
            return;
        }
    };
    shared.figures.polled(true, now);
    if std::mem::replace(&mut memory.poll_fails, false) {
        tell_person(WORDS.poll_again);
    }
    let members = match shared.hands.read(|journal| journal.open_memberships()).await {
        Ok(members) => members,
        Err(error) => {
            tracing::warn!(%error, "members could not be read");
            return;
        }
    };
    let firing_members: BTreeSet<&str> =
        members.iter().filter(|one| one.ended_at.is_none()).map(|one| &*one.fingerprint).collect();
    let mut seen: Vec<Seen> = alerts
        .iter()
        .map(Seen::listed)
        .filter(|one| one.firing && !firing_members.contains(one.fingerprint.as_str()))
        .collect();
    // Muted ones are in the list too, and have not ended.
    let listed: BTreeSet<&str> = alerts.iter().map(|one| &*one.fingerprint).collect();
    memory.missing.retain(|fingerprint, _| !listed.contains(fingerprint.as_str()));
    for member in members.iter().filter(|one| one.ended_at.is_none() && !listed.contains(&*one.fingerprint)) {
        let since = *memory.missing.entry(member.fingerprint.to_string()).or_insert(now);
        if now - since >= MISSING {
            seen.push(Seen {
                fingerprint: member.fingerprint.to_string(),
                labels: member.labels.clone(),
                summary: member.summary.to_string(),
                starts_at: member.starts_at,
                firing: false,
            });
        }
    }
    if !seen.is_empty()
        && let Err(why) = intake.take(seen).await
    {
        tracing::warn!(?why, "what Alertmanager has could not be taken");
    }
}

/// Levels that are due, incidents that were taken or are over.
async fn respond(shared: &Shared, memory: &mut Memory, now: Time) -> Result<(), JournalError> {
    let told = std::mem::take(&mut memory.told);
    let taken = std::mem::take(&mut memory.taken);
    let inner = shared.clone();
    let (told, taken, letters, escalated) =
        shared.hands.read(move |journal| round(journal, &inner.rules(), told, taken, now)).await?;
    memory.told = told;
    memory.taken = taken;
    shared.figures.escalated(escalated);
    if letters > 0 {
        shared.letters.notify_one();
    }
    Ok(())
}

type Told = BTreeSet<(Arc<str>, &'static str, usize)>;

/// Whom was told what, which incidents are taken, how many letters and runs are new.
type Round = (Told, BTreeSet<Arc<str>>, usize, usize);

fn round(
    journal: &mut Journal,
    rules: &Rules<'_>,
    mut told: Told,
    mut taken: BTreeSet<Arc<str>>,
    now: Time,
) -> Result<Round, JournalError> {
    let incidents = journal.incidents(IncidentFilter::default())?;
    let open: BTreeSet<&Arc<str>> = incidents.iter().map(|one| &one.id).collect();
    told.retain(|(id, ..)| open.contains(id));
    taken.retain(|id| open.contains(id));
    let acked: BTreeMap<Arc<str>, Box<str>> =
        journal.acks(AckFilter::default())?.into_iter().map(|ack| (ack.fingerprint, ack.who)).collect();
    let mut board = None;
    let mut due = Vec::new();
    let (mut letters, mut escalated) = (0, 0);
    for incident in &incidents {
        if incident.members > 0 && incident.firing == 0 {
            // What a person opened a person resolves.
            if now - incident.updated_at >= CALM && matches!(incident.origin, Origin::Rule(_)) {
                let board = board.get_or_insert_with(|| Board::new(rules.acting, rules.place));
                letters += over(journal, rules, board, incident, now)?;
            }
            // What does not fire wakes nobody.
            continue;
        }
        if incident.status == IncidentStatus::Acknowledged {
            if !taken.contains(&incident.id) {
                let board = board.get_or_insert_with(|| Board::new(rules.acting, rules.place));
                letters += tell_all(journal, rules, board, incident, What::Acknowledged, "taken", now)?;
                taken.insert(incident.id.clone());
            }
            continue;
        }
        if let Some(who) = all_acked(journal, incident, &acked)? {
            journal.write(|tx| {
                tx.acknowledge_incident(&incident.id, &Actor::named(&who), now)?;
                tx.note(&incident.id, &(WORDS.all_acked)(&who), rules.actor, now)
            })?;
            continue;
        }
        let rungs = rules.pack.response.rungs(incident.severity);
        let severity = incident.severity.as_str();
        for (place, rung) in escalate::due(rungs, incident.opened_at, now) {
            let this = (incident.id.clone(), severity, place);
            if told.contains(&this) {
                continue;
            }
            // Whoever took the alert in has told its first level. After a storm that is a thousand of them: to look
            // is much less than to write all of it again and find it there.
            if journal.has_letter(&call_key(incident, &rung.level, TOLD))? {
                told.insert(this);
            } else {
                due.push((incident, place, rung));
            }
        }
    }
    // Together: after a storm a thousand are looked at for the first time.
    for some in due.chunks(TOGETHER) {
        let board = board.get_or_insert_with(|| Board::new(rules.acting, rules.place));
        journal.write(|tx| {
            for (incident, _, rung) in some {
                let event = if rung.after_s == 0 { What::Opened } else { What::Escalated };
                let note = note_of(tx, rules.pack, incident, event, now)?;
                let new = call_level(tx, rules, board, incident, note, &rung.level, TOLD, now)?;
                letters += new;
                escalated += if rung.after_s > 0 { new } else { 0 };
            }
            Ok(())
        })?;
        told.extend(some.iter().map(|(one, place, _)| (one.id.clone(), one.severity.as_str(), *place)));
    }
    Ok((told, taken, letters, escalated))
}

/// Who acknowledged the last of an incident's firing alerts, where all of them are.
fn all_acked(
    journal: &Journal,
    incident: &Incident,
    acked: &BTreeMap<Arc<str>, Box<str>>,
) -> Result<Option<Box<str>>, JournalError> {
    if acked.is_empty() || incident.firing == 0 {
        return Ok(None);
    }
    let members = journal.members(&incident.id)?;
    let mut who = None;
    for member in members.iter().filter(|member| member.ended_at.is_none()) {
        match acked.get(&member.fingerprint) {
            Some(by) => who = Some(by.clone()),
            None => return Ok(None),
        }
    }
    Ok(who)
}

/// Resolves an incident whose alerts are over, and tells those who were told of it.
fn over(
    journal: &mut Journal,
    rules: &Rules<'_>,
    board: &Board<'_>,
    incident: &Incident,
    now: Time,
) -> Result<usize, JournalError> {
    let resolved = journal.write(|tx| tx.resolve(&incident.id, "", rules.actor, now))?;
    tell_all(journal, rules, board, &resolved, What::Resolved, "resolved", now)
}

/// Tells everybody who had a letter of this incident.
fn tell_all(
    journal: &mut Journal,
    rules: &Rules<'_>,
    board: &Board<'_>,
    incident: &Incident,
    event: What,
    key: &str,
    now: Time,
) -> Result<usize, JournalError> {
    let letters = journal.letters_of(&incident.id)?;
    let mut receivers: Vec<Receiver> = letters
        .iter()
        .filter(|letter| letter.state != LetterState::Failed)
        .map(|letter| {
            let contact = serde_json::from_str::<crate::respond::notify::Note>(&letter.payload)
                .map(|note| note.contact)
                .unwrap_or_default();
            Receiver {
                channel: letter.channel.to_string(),
                contact: (!contact.is_empty()).then_some(contact),
            }
        })
        .collect();
    receivers.sort();
    receivers.dedup();
    if receivers.is_empty() {
        return Ok(0);
    }
    let note = note_of(journal, rules.pack, incident, event, now)?;
    let whole = format!("{}:all:{key}", incident.id);
    let hours = Hours::Kept(incident.severity);
    let told = journal.write(|tx| tell(tx, board, &note, &receivers, hours, &whole, now))?;
    Ok(told.new)
}

/// Carries on runs that nobody does.
async fn carry_on(
    shared: &Shared,
    now: Time,
    tell_person: &(dyn Fn(&str) + Send + Sync),
) -> Result<(), JournalError> {
    let orphaned = shared.hands.read(move |journal| journal.orphaned_runs(now - LOST)).await?;
    for run in orphaned.into_iter().filter(|run| run.state != RunState::Waiting).take(AT_ONCE) {
        if run.state == RunState::Running {
            tell_person(&(WORDS.takes_run)(&run.id));
        }
        let carrier = playbook::Carrier {
            hands: shared.hands.clone(),
            acting: shared.acting.clone(),
            place: shared.place.clone(),
            letters: shared.letters.clone(),
            collector: shared.collector.clone(),
        };
        tokio::spawn(async move {
            if let Err(error) = carrier.carry(&run.id, LOST).await {
                tracing::warn!(run = %run.id, %error, "a run could not be carried on");
            }
        });
    }
    Ok(())
}
