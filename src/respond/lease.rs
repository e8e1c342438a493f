//! Looking after acknowledgements: whoever of the consoles and watchers holds the lease makes what is missing at
//! Alertmanager, extends what still fires, and ends what has resolved.
//!
//! Called every few seconds by whoever runs. It is safe at any number of processes: a lease in the journal decides
//! who works, and every step may be done again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::TimeDelta;

use super::hands::{Hands, KEEPER, MAKING, WATCHER};
use super::{ack, blast};
use crate::client::deeds::Originals;
use crate::journal::{AckFilter, JournalError};
use crate::model::ask::{Answer, Ask, Key};
use crate::model::deed::Held;
use crate::model::records::{Ack, AckState};
use crate::model::{Fault, FaultKind, Labels, RuleGroup, Time};
use crate::text::acting::EN as WORDS;

/// How long the lease is held without another word.
const HOLD: TimeDelta = TimeDelta::seconds(45);
/// How long a watcher counts as running without another word.
const WATCHED: TimeDelta = TimeDelta::seconds(90);
/// An Alertmanager that has run for less may not have heard of every alert yet.
const SETTLED: TimeDelta = TimeDelta::minutes(2);
/// A silence made this short a time ago may not be told of yet.
const FRESH: TimeDelta = TimeDelta::seconds(15);
/// Longest wait between two tries of what Alertmanager does not take.
const MOST_WAIT_S: i64 = 120;

/// What came of looking after them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tended {
    /// How they stand now.
    pub held: Held,
    /// Whether this process holds the lease.
    pub mine: bool,
    /// Silences made.
    pub made: usize,
    /// Acknowledgements whose silence was extended.
    pub extended: usize,
    /// Acknowledgements that are over.
    pub ended: usize,
    /// Why not everything could be done.
    pub trouble: Option<String>,
}

/// What there is to be done.
struct Work {
    live: Vec<Ack>,
    left: Vec<Ack>,
    /// Somebody else is just making silences.
    making: bool,
}

/// Looks after every acknowledgement, if it is this process's turn.
pub async fn tend(hands: &Hands) -> Result<Tended, JournalError> {
    let mut tended = Tended::default();
    if let Some(work) = turn(hands).await? {
        tended.mine = true;
        if hands.has_manager {
            do_work(hands, work, &mut tended).await?;
        }
    }
    tended.held = hands.held().await?;
    Ok(tended)
}

/// Gives the lease back, so that another process need not wait for it to run out.
pub async fn leave(hands: &Hands) -> Result<(), JournalError> {
    let holder = hands.holder.clone();
    hands
        .read(move |journal| {
            journal.write(|tx| {
                tx.give_back(WATCHER, &holder)?;
                tx.give_back(KEEPER, &holder)
            })
        })
        .await
}

/// The work, where there is some and it is this process's turn. Nothing is written where there is none.
async fn turn(hands: &Hands) -> Result<Option<Work>, JournalError> {
    let (now, holder, is_watcher) = (hands.clock.now(), hands.holder.clone(), hands.is_watcher);
    hands
        .read(move |journal| {
            let live = journal.acks(AckFilter::default())?;
            let left: Vec<Ack> =
                journal.acks_to_carry_out()?.into_iter().filter(|ack| ack.silence_left).collect();
            let idle = live.is_empty() && left.is_empty();
            if idle && !is_watcher {
                return Ok(None);
            }
            let prefix = MAKING;
            let making = journal
                .leases()?
                .iter()
                .any(|lease| lease.name.starts_with(prefix) && lease.until > now && *lease.holder != *holder);
            let mine = journal.write(|tx| {
                if is_watcher {
                    tx.take_lease(WATCHER, &holder, now + WATCHED, now)?;
                }
                if idle { Ok(false) } else { tx.take_lease(KEEPER, &holder, now + HOLD, now) }
            })?;
            Ok(mine.then_some(Work { live, left, making }))
        })
        .await
}

async fn do_work(hands: &Hands, work: Work, tended: &mut Tended) -> Result<(), JournalError> {
    let now = hands.clock.now();
    let originals = match hands.clients.originals().await {
        Ok(originals) => originals,
        Err(fault) => {
            let pending: Vec<Ack> =
                work.live.into_iter().filter(|ack| waits(ack) && *ack.error != *fault.detail).collect();
            ack::trouble(hands, &pending, &fault).await?;
            tended.trouble = Some(fault.detail);
            return Ok(());
        }
    };
    let (there, mut absent): (Vec<Ack>, Vec<Ack>) =
        work.live.into_iter().partition(|ack| originals.0.contains_key(&ack.fingerprint));
    let mut left = work.left;
    if !absent.is_empty() || !left.is_empty() {
        // A journal may serve several places: what is of another one is not judged here.
        let external = blast::external(&hands.clients).await.unwrap_or_default();
        let ours = |ack: &Ack| {
            external.iter().all(|(name, value)| ack.labels.get(name).is_none_or(|own| own == value))
        };
        absent.retain(ours);
        left.retain(ours);
    }
    let resolved = resolved(hands, absent, now).await;
    let mut over = end(hands, resolved, WORDS.resolved).await?;

    let missing: Vec<Ack> =
        there.iter().filter(|ack| waits(ack) && !work.making && is_due(ack, now)).cloned().collect();
    if !missing.is_empty() {
        let (made, _, why) = ack::each(hands, &missing, &originals, false).await?;
        tended.made += made;
        tended.trouble = why.or(tended.trouble.take());
    }
    let mut carried: BTreeMap<Box<str>, Vec<Ack>> = BTreeMap::new();
    for ack in there.into_iter().filter(|ack| ack.state == AckState::AtAlertmanager) {
        if let Some(silence) = &ack.silence {
            carried.entry(silence.clone()).or_default().push(ack);
        }
    }
    for (silence, acks) in carried {
        match carry(hands, &silence, &acks, &originals, now).await? {
            Carried::Stands => {}
            Carried::Extended => tended.extended += acks.len(),
            Carried::Over(why) => over.extend(end(hands, acks, why).await?),
            Carried::Trouble(why) => tended.trouble = Some(why),
        }
    }
    tended.ended += over.len();
    over.extend(left.into_iter().filter(|ack| is_due(ack, now)));
    if let Some(why) = ack::release(hands, &over).await? {
        tended.trouble = Some(why);
    }
    Ok(())
}

fn waits(ack: &Ack) -> bool {
    matches!(ack.state, AckState::Pending | AckState::Failed)
}

/// Whether it is time for another try: each failure waits longer.
fn is_due(ack: &Ack, now: Time) -> bool {
    let wait = if ack.attempts == 0 { 0 } else { (5_i64 << ack.attempts.min(6)).min(MOST_WAIT_S) };
    now - ack.updated_at >= TimeDelta::seconds(wait)
}

enum Carried {
    Stands,
    Extended,
    Over(&'static str),
    Trouble(String),
}

/// Looks after one silence and what it carries.
async fn carry(
    hands: &Hands,
    silence: &str,
    acks: &[Ack],
    originals: &Originals,
    now: Time,
) -> Result<Carried, JournalError> {
    let trouble = |fault: Fault| Ok(Carried::Trouble(fault.detail));
    let mutes = |ack: &Ack| {
        originals.0.get(&ack.fingerprint).is_some_and(|one| one.silenced_by.iter().any(|id| **id == *silence))
    };
    let until = acks.iter().filter_map(|ack| ack.until).min().unwrap_or(now);
    let shared = acks.len() > 1;
    let quiet = acks.iter().all(mutes);
    if shared || (!quiet && acks.iter().all(|ack| now - ack.updated_at > FRESH)) {
        match hands.clients.reach_of(silence).await {
            Ok(Some(exact)) if shared => {
                let own: BTreeSet<&Arc<str>> = acks.iter().map(|ack| &ack.fingerprint).collect();
                // An alert that nobody has acknowledged must not be muted with the others.
                if !ack::covered(originals, &exact).iter().all(|one| own.contains(one)) {
                    if let Err(fault) = ack::apart(hands, acks).await? {
                        return trouble(fault);
                    }
                    return match hands.clients.expire_silence(silence).await {
                        Ok(()) => Ok(Carried::Extended),
                        Err(fault) => trouble(fault),
                    };
                }
            }
            Ok(Some(_)) => {}
            // Somebody ended it there, or nobody extended it in time: then the alert notifies again.
            Ok(None) => {
                return Ok(Carried::Over(if until <= now { WORDS.lapsed } else { WORDS.silence_ended }));
            }
            Err(fault) => return trouble(fault),
        }
    }
    let lease = acks.iter().map(|ack| ack.lease_s).max().unwrap_or(0);
    let lease = TimeDelta::seconds(i64::from(lease));
    if until - now > lease / 2 {
        return Ok(Carried::Stands);
    }
    match hands.clients.extend_silence(silence, now + lease).await {
        Ok(standing) => {
            ack::stands(hands, acks.iter().map(|ack| (ack.id, standing.clone())).collect()).await?;
            Ok(Carried::Extended)
        }
        Err(fault) if fault.kind == FaultKind::NotFound && fault.status.is_none() => {
            Ok(Carried::Over(if until <= now { WORDS.lapsed } else { WORDS.silence_ended }))
        }
        Err(fault) => trouble(fault),
    }
}

/// Ends acknowledgements; gives them as they are then.
async fn end(hands: &Hands, acks: Vec<Ack>, why: &'static str) -> Result<Vec<Ack>, JournalError> {
    if acks.is_empty() {
        return Ok(acks);
    }
    let now = hands.clock.now();
    hands
        .read(move |journal| {
            journal.write(|tx| acks.iter().map(|ack| tx.end_ack(ack.id, WORDS.itself, why, now)).collect())
        })
        .await
}

/// Of acknowledgements whose alerts Alertmanager does not have, those whose alerts have resolved. One that was just
/// started has not heard of all yet, so Prometheus is asked too: what still fires there has not.
async fn resolved(hands: &Hands, absent: Vec<Ack>, now: Time) -> Vec<Ack> {
    if absent.is_empty() {
        return absent;
    }
    let rules = match hands.clients.ask(&Ask::Plain(Key::Rules)).await {
        Ok(answered) => match answered.answer {
            Answer::Rules(groups) => Some(groups),
            _ => None,
        },
        // There is none: Alertmanager's word is all there is.
        Err(fault) if fault.kind == FaultKind::Setup => Some(Vec::new()),
        Err(_) => None,
    };
    let Some(rules) = rules else { return Vec::new() };
    let since = match hands.clients.ask(&Ask::Plain(Key::Status)).await {
        Ok(answered) => match answered.answer {
            Answer::About(about) => about.since,
            _ => None,
        },
        Err(_) => return Vec::new(),
    };
    let settled = since.is_none_or(|since| now - since >= SETTLED);
    absent
        .into_iter()
        .filter(|ack| !fires(&rules, &ack.labels) && (settled || knows(&rules, &ack.labels)))
        .collect()
}

/// Whether Prometheus fires an alert with these labels; it has all of them but its external ones.
fn fires(rules: &[RuleGroup], labels: &Labels) -> bool {
    let all = rules.iter().flat_map(|group| &group.rules).flat_map(|rule| &rule.active);
    all.filter(|one| one.firing)
        .any(|one| one.labels.iter().all(|(name, value)| labels.get(name) == Some(value)))
}

/// Whether Prometheus has the rule of this alert.
fn knows(rules: &[RuleGroup], labels: &Labels) -> bool {
    let name = labels.get("alertname").unwrap_or("");
    rules.iter().flat_map(|group| &group.rules).any(|rule| *rule.name == *name)
}
