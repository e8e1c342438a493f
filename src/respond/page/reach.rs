//! Who can be paged: whoever is on call first, then who comes next, then the others by level, each with the channels
//! that lead there and what they would read.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{URGENCY, incident_of, name, note, receivers};
use crate::config::acting::{Acting, Who};
use crate::journal::Result;
use crate::model::Time;
use crate::model::deed::Subject;
use crate::model::paging::{Duty, HOLE, Reach, Reachable, Way, Whom};
use crate::pack::Pack;
use crate::respond::Hands;
use crate::respond::notify::{Board, Message, Note, Place, preview};

/// Looks who can be paged about something.
pub async fn reach(
    hands: &Hands,
    acting: &Arc<Acting>,
    place: &Arc<Place>,
    about: Option<Subject>,
) -> Result<Reach> {
    let now = hands.clock.now();
    let inner = (hands.clone(), acting.clone(), place.clone());
    hands
        .read(move |journal| {
            let (hands, acting, place) = inner;
            let note = note(journal, &hands, about.as_ref(), now)?;
            let incident = incident_of(journal, about.as_ref())?;
            let people = people(&Looking { hands: &hands, acting: &acting, place: &place, now }, &note);
            Ok(Reach { about, incident, people })
        })
        .await
}

struct Looking<'a> {
    hands: &'a Hands,
    acting: &'a Acting,
    place: &'a Place,
    now: Time,
}

fn people(looking: &Looking<'_>, note: &Note) -> Vec<Reachable> {
    let board = Board::new(looking.acting, looking.place);
    let pack = &looking.hands.pack;
    let duties = duties(&board, looking, pack);
    let all = duties.into_iter().map(|(rank, whom, duty)| {
        let name = name(&board, pack, &whom);
        let ways = ways(&board, looking, &whom, &Note { level: name.clone(), ..note.clone() });
        (rank, Reachable { whom, name, duty, ways })
    });
    // A level that nobody stands for and that nobody would hear of either helps nobody.
    let mut all: Vec<_> =
        all.filter(|(_, one)| !(matches!(one.duty, Duty::Gap(None)) && one.ways.is_empty())).collect();
    all.sort_by(|(a, one), (b, other)| a.cmp(b).then_with(|| one.name.cmp(&other.name)));
    all.into_iter().map(|(_, one)| one).collect()
}

/// Where a contact or a level is offered: by where they stand in the rota, then by level.
type Rank = (u8, usize);

/// Everybody once, at their best place.
fn duties(board: &Board<'_>, looking: &Looking<'_>, pack: &Pack) -> Vec<(Rank, Whom, Duty)> {
    let tables: BTreeMap<&str, _> = board.tables().collect();
    let known = pack.response.levels.iter().map(|level| level.id.as_str());
    let more = tables.keys().copied().filter(|id| pack.response.levels.iter().all(|level| level.id != *id));
    let mut best: BTreeMap<String, (Rank, Duty)> = BTreeMap::new();
    let mut gaps = Vec::new();
    let mut at_best = |id: String, rank: Rank, duty: Duty| {
        let known = best.entry(id).or_insert_with(|| (rank, duty.clone()));
        if rank < known.0 {
            *known = (rank, duty);
        }
    };
    for (at, level) in known.chain(more).enumerate() {
        let title = || pack.response.title(level).to_owned();
        let (mut on_call, mut trouble) = (Vec::new(), None);
        match tables.get(level) {
            Some(Ok(table)) => {
                let duty = table.at(looking.now);
                on_call = board.known(&duty);
                for id in &on_call {
                    at_best(id.clone(), (0, at), Duty::Now(title(), duty.until));
                }
                if let Some(next) = table.next(looking.now) {
                    for id in board.known(&next) {
                        at_best(id, (2, at), Duty::Next(title(), next.from));
                    }
                }
            }
            Some(Err(why)) => trouble = Some(why.clone()),
            None => {}
        }
        for id in in_rota(looking.acting, level) {
            at_best(id.clone(), (3, at), Duty::Of(title()));
        }
        if board.of_people(&on_call, URGENCY).is_empty() {
            gaps.push(((1, at), Whom::Level(level.to_owned()), Duty::Gap(trouble)));
        }
    }
    for id in looking.acting.contacts.keys() {
        at_best(id.clone(), (4, 0), Duty::Free);
    }
    let people = best.into_iter().filter(|(id, _)| looking.acting.contacts.contains_key(id));
    people.map(|(id, (rank, duty))| (rank, Whom::Contact(id), duty)).chain(gaps).collect()
}

/// The contacts that a level's rota names.
fn in_rota<'a>(acting: &'a Acting, level: &str) -> impl Iterator<Item = &'a String> {
    acting.rotas.iter().filter(move |rota| rota.level == level).flat_map(|rota| {
        let people = match &rota.who {
            Who::Always(people) | Who::Turns { people, .. } => people.as_slice(),
            Who::Calendar(_) => &[],
        };
        people.iter().chain(rota.overrides.iter().map(|one| &one.who))
    })
}

fn ways(board: &Board<'_>, looking: &Looking<'_>, whom: &Whom, note: &Note) -> Vec<Way> {
    receivers(board, whom, looking.now)
        .into_iter()
        .filter_map(|receiver| {
            let channel = looking.acting.channels.get(&receiver.channel)?;
            let contact = receiver.contact.as_ref().and_then(|id| looking.acting.contacts.get(id));
            let note = Note {
                contact: receiver.contact.clone().unwrap_or_default(),
                message: HOLE.to_string(),
                ..note.clone()
            };
            let message =
                Message { notes: &[note], dedup: "", doubtful: false, contact, place: looking.place };
            let reads = preview(channel, &message);
            let held = board.not_before(&receiver.channel, URGENCY, looking.now);
            Some(Way {
                channel: receiver.channel,
                everybody: receiver.contact.is_none(),
                quiet: (held > looking.now).then_some(held),
                reads,
            })
        })
        .collect()
}
