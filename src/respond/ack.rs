//! Acknowledging, and taking it back: first in the journal, then at Alertmanager, then noted where it stands.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::TimeDelta;
use futures_util::{StreamExt, stream};

use super::hands::{Hands, MAKING};
use crate::client::deeds::{Exact, Originals};
use crate::journal::JournalError;
use crate::model::deed::{AckOrder, Acked, Standing, Wanted};
use crate::model::records::{Ack, NewAck};
use crate::model::{Fault, Time};
use crate::privacy;
use crate::text::acting::EN as WORDS;

/// Requests to Alertmanager under way at once.
const AT_ONCE: usize = 8;
/// While silences are being made, nobody else makes them.
const MAKING_S: i64 = 60;

/// Acknowledges: each alert that nobody has yet.
pub async fn acknowledge(hands: &Hands, order: AckOrder) -> Result<Acked, JournalError> {
    let (acks, taken) = record(hands, &order).await?;
    let mut acked = Acked { recorded: acks.len(), taken, ..Acked::default() };
    if !order.silence || acks.is_empty() {
        return Ok(acked);
    }
    if hands.has_manager {
        let (silenced, silences, trouble) = mute(hands, &acks).await?;
        (acked.silenced, acked.silences, acked.trouble) = (silenced, silences, trouble);
    } else {
        acked.trouble = Some(WORDS.no_manager.to_owned());
    }
    let holder = hands.holder.clone();
    let given =
        hands.read(move |journal| journal.write(|tx| tx.give_back(&format!("{MAKING}{holder}"), &holder)));
    given.await?;
    Ok(acked)
}

/// Writes the acknowledgements down; what a colleague has already is told.
async fn record(hands: &Hands, order: &AckOrder) -> Result<(Vec<Ack>, Vec<(String, String)>), JournalError> {
    let now = hands.clock.now();
    let until = now + TimeDelta::seconds(i64::from(order.hold_s));
    let new: Vec<NewAck> = order
        .alerts
        .iter()
        .map(|(fingerprint, labels)| NewAck {
            fingerprint: fingerprint.clone(),
            labels: labels.clone(),
            incident: None,
            why: order.why.as_str().into(),
            until: order.silence.then_some(until),
            lease_s: order.hold_s,
            silence: order.silence,
        })
        .collect();
    let (actor, holder, silence) = (hands.actor.clone(), hands.holder.clone(), order.silence);
    hands
        .read(move |journal| {
            journal.write(|tx| {
                let (mut acks, mut taken) = (Vec::new(), Vec::new());
                for one in &new {
                    match tx.ack(one, &actor, now) {
                        Ok(ack) => acks.push(ack),
                        Err(JournalError::Taken(ack)) => {
                            let name = ack.labels.get("alertname").unwrap_or(&ack.fingerprint).to_owned();
                            taken.push((name, ack.who.to_string()));
                        }
                        Err(other) => return Err(other),
                    }
                }
                if silence {
                    let until = now + TimeDelta::seconds(MAKING_S);
                    tx.take_lease(&format!("{MAKING}{holder}"), &holder, until, now)?;
                }
                Ok((acks, taken))
            })
        })
        .await
}

/// Makes the silences of acknowledgements: one for all where equality matches exactly these alerts, else one each.
/// Gives how many are muted, by how many silences, and why others are not.
pub(super) async fn mute(
    hands: &Hands,
    acks: &[Ack],
) -> Result<(usize, usize, Option<String>), JournalError> {
    let originals = match hands.clients.originals().await {
        Ok(originals) => originals,
        Err(fault) => {
            trouble(hands, acks, &fault).await?;
            return Ok((0, 0, Some(fault.detail)));
        }
    };
    if acks.len() > 1
        && let Some(exact) = whole(&originals, acks)
        && let Some(first) = acks.first()
    {
        let made = make(hands, first, &exact, true).await;
        return Ok(match made {
            Ok(standing) => {
                stands(hands, acks.iter().map(|ack| (ack.id, standing.clone())).collect()).await?;
                (acks.len(), 1, None)
            }
            Err(fault) => {
                trouble(hands, acks, &fault).await?;
                (0, 0, Some(fault.detail))
            }
        });
    }
    each(hands, acks, &originals, true).await
}

/// The labels that all of these have in common, where no other alert has them all.
fn whole(originals: &Originals, acks: &[Ack]) -> Option<Exact> {
    let chosen: BTreeSet<&Arc<str>> = acks.iter().map(|ack| &ack.fingerprint).collect();
    let labels: Vec<&Exact> =
        chosen.iter().map(|one| originals.0.get(*one).map(|found| &found.labels)).collect::<Option<_>>()?;
    let common = Exact::common(labels.into_iter())?;
    covered(originals, &common).iter().all(|one| chosen.contains(one)).then_some(common)
}

/// The alerts that these equalities match.
pub(super) fn covered<'o>(originals: &'o Originals, exact: &Exact) -> BTreeSet<&'o Arc<str>> {
    originals
        .0
        .iter()
        .filter(|(_, one)| exact.covers(&one.labels))
        .map(|(fingerprint, _)| fingerprint)
        .collect()
}

/// A silence for each acknowledgement whose alert Alertmanager has; `first` where nobody can have tried before.
pub(super) async fn each(
    hands: &Hands,
    acks: &[Ack],
    originals: &Originals,
    first: bool,
) -> Result<(usize, usize, Option<String>), JournalError> {
    let (mut silenced, mut why) = (0, None);
    // Noted as they come, so that a crash in the middle loses no more than a few.
    for some in acks.chunks(AT_ONCE * 4) {
        let there: Vec<(Ack, Exact, Hands)> = some
            .iter()
            .filter_map(|ack| {
                let one = originals.0.get(&ack.fingerprint)?;
                Some((ack.clone(), one.labels.clone(), hands.clone()))
            })
            .collect();
        let made: Vec<(i64, Result<Standing, Fault>)> = stream::iter(there)
            .map(|(ack, exact, hands)| async move { (ack.id, make(&hands, &ack, &exact, first).await) })
            .buffer_unordered(AT_ONCE)
            .collect()
            .await;
        let mut stand = Vec::new();
        for (id, made) in made {
            match made {
                Ok(standing) => stand.push((id, standing)),
                Err(fault) => {
                    let ack: Vec<Ack> = some.iter().filter(|ack| ack.id == id).cloned().collect();
                    trouble(hands, &ack, &fault).await?;
                    why = Some(fault.detail);
                }
            }
        }
        silenced += stand.len();
        stands(hands, stand).await?;
    }
    Ok((silenced, silenced, why))
}

async fn make(hands: &Hands, ack: &Ack, exact: &Exact, first: bool) -> Result<Standing, Fault> {
    let now = hands.clock.now();
    let wanted = Wanted {
        matchers: Vec::new(),
        starts_at: now,
        ends_at: now + TimeDelta::seconds(i64::from(ack.lease_s)),
        created_by: ack.who.to_string(),
        comment: (WORDS.lease_comment)(&ack.why),
    };
    hands.clients.silence_exactly(exact, &wanted, first).await
}

/// Notes that silences stand.
pub(super) async fn stands(hands: &Hands, all: Vec<(i64, Standing)>) -> Result<(), JournalError> {
    if all.is_empty() {
        return Ok(());
    }
    let now = hands.clock.now();
    hands
        .read(move |journal| {
            journal.write(|tx| {
                for (id, standing) in &all {
                    tx.ack_silenced(*id, &standing.id, Some(standing.ends_at), now)?;
                }
                Ok(())
            })
        })
        .await
}

/// Notes that Alertmanager has not taken them yet.
pub(super) async fn trouble(hands: &Hands, acks: &[Ack], fault: &Fault) -> Result<(), JournalError> {
    let (now, why) = (hands.clock.now(), fault.detail.clone());
    let ids: Vec<i64> = acks.iter().map(|ack| ack.id).collect();
    hands
        .read(move |journal| {
            journal.write(|tx| {
                for id in &ids {
                    tx.ack_trouble(*id, &why, false, now)?;
                }
                Ok(())
            })
        })
        .await
}

/// Takes acknowledgements back and ends their silences. Gives how many, and why a silence may still mute.
pub async fn take_back(
    hands: &Hands,
    alerts: Vec<Arc<str>>,
    why: &str,
) -> Result<(usize, Option<String>), JournalError> {
    let now = hands.clock.now();
    let (actor, why) = (hands.actor.clone(), privacy::safe_line(why));
    let ended: Vec<Ack> = hands
        .read(move |journal| {
            journal.write(|tx| {
                let mut ended = Vec::new();
                for fingerprint in &alerts {
                    if let Some(ack) = tx.ack_of(fingerprint)? {
                        ended.push(tx.unack(ack.id, &why, &actor, now)?);
                    }
                }
                Ok(ended)
            })
        })
        .await?;
    let trouble = release(hands, &ended).await?;
    Ok((ended.len(), trouble))
}

/// Ends the silences of acknowledgements that are over. One that others still need is taken apart before: each of
/// those gets its own. Gives why some still stand.
pub(super) async fn release(hands: &Hands, ended: &[Ack]) -> Result<Option<String>, JournalError> {
    let mut of: BTreeMap<Box<str>, Vec<Ack>> = BTreeMap::new();
    for ack in ended.iter().filter(|ack| ack.silence_left) {
        if let Some(silence) = &ack.silence {
            of.entry(silence.clone()).or_default().push(ack.clone());
        }
    }
    let mut why = None;
    for (silence, acks) in of {
        let needed = users(hands, silence.clone()).await?;
        let done = if needed.is_empty() { Ok(()) } else { apart(hands, &needed).await? };
        let done = match done {
            Ok(()) => hands.clients.expire_silence(&silence).await,
            Err(fault) => Err(fault),
        };
        match done {
            Ok(()) => gone(hands, &acks).await?,
            Err(fault) => {
                trouble(hands, &acks, &fault).await?;
                why = Some(fault.detail);
            }
        }
    }
    Ok(why)
}

/// Live acknowledgements that a silence carries.
async fn users(hands: &Hands, silence: Box<str>) -> Result<Vec<Ack>, JournalError> {
    hands
        .read(move |journal| {
            let mut live = journal.acks(crate::journal::AckFilter::default())?;
            live.retain(|ack| ack.silence.as_ref() == Some(&silence));
            Ok(live)
        })
        .await
}

/// Gives each of these a silence of its own.
pub(super) async fn apart(hands: &Hands, acks: &[Ack]) -> Result<Result<(), Fault>, JournalError> {
    let originals = match hands.clients.originals().await {
        Ok(originals) => originals,
        Err(fault) => return Ok(Err(fault)),
    };
    let (_, _, why) = each(hands, acks, &originals, false).await?;
    Ok(why.map_or(Ok(()), |why| Err(Fault::new(crate::model::FaultKind::UnexpectedStatus, why))))
}

async fn gone(hands: &Hands, acks: &[Ack]) -> Result<(), JournalError> {
    let now: Time = hands.clock.now();
    let ids: Vec<i64> = acks.iter().map(|ack| ack.id).collect();
    hands
        .read(move |journal| {
            journal.write(|tx| {
                for id in &ids {
                    tx.ack_silence_gone(*id, now)?;
                }
                Ok(())
            })
        })
        .await
}
