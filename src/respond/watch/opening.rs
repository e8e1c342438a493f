//! Alerts into incidents: what is new opens one or joins one, what has resolved leaves, and whoever is to be told
//! gets a letter, all in one transaction.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::TimeDelta;

use super::seen::Seen;
use crate::config::acting::Acting;
use crate::journal::{Changes, Journal, JournalError, Tx};
use crate::model::records::{
    Actor, EventKind, Incident, IncidentStatus, Member, NewEvent, NewIncident, NewMember, Opened, Origin,
};
use crate::model::{Labels, Severity, Time};
use crate::pack::playbook::{Action, Case, Library};
use crate::pack::{Pack, Playbook, Rung};
use crate::respond::notify::{Board, Brief, Note, Place, What};
use crate::respond::outbox::{Hours, nobody, tell};
use crate::respond::playbook;
use crate::text::watch::EN as WORDS;

/// What an incident is made with.
pub struct Rules<'a> {
    /// The field.
    pub pack: &'a Pack,
    /// Channels, people and commands.
    pub acting: &'a Acting,
    /// Playbooks.
    pub library: &'a Library,
    /// The place that speaks.
    pub place: &'a Place,
    /// Who does it.
    pub actor: &'a Actor,
}

/// What came of taking alerts in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Incidents opened.
    pub opened: usize,
    /// Alerts that joined one.
    pub joined: usize,
    /// Alerts that ended.
    pub ended: usize,
    /// Letters put in.
    pub letters: usize,
    /// Runs put in.
    pub runs: usize,
}

/// Runs that are begun at once: in a storm a hundred collections of evidence would only be in each other's way.
const RUNS: usize = 10;
/// Alerts that a note names.
const NAMED: usize = 20;

/// What the letters are about that call a level for the first time.
pub(super) const TOLD: &str = "told";

/// Takes alerts in; when it returns, all of it is on disk.
pub fn take_in(
    journal: &mut Journal,
    rules: &Rules<'_>,
    seen: &[Seen],
    now: Time,
) -> Result<Taken, JournalError> {
    // Read before the lock is taken: who is a member already, and calendars, which may lie far away.
    let mut known: HashMap<&str, Member> = HashMap::new();
    for one in seen {
        if let Some(member) = journal.open_membership(&one.fingerprint)? {
            known.insert(&one.fingerprint, member);
        }
    }
    let mut groups: BTreeMap<(usize, String), Vec<&Seen>> = BTreeMap::new();
    let mut back: Vec<(&Member, &Seen)> = Vec::new();
    let mut gone: Vec<&Member> = Vec::new();
    for one in seen {
        match known.get(one.fingerprint.as_str()) {
            // Whoever opened its incident.
            Some(member) if one.firing && member.ended_at.is_some() => back.push((member, one)),
            Some(member) if !one.firing && member.ended_at.is_none() => gone.push(member),
            None if one.firing => {
                if let Some(at) = rule_of(rules.pack, &one.labels) {
                    let key = rules.pack.incidents.rules[at].key(&one.labels);
                    groups.entry((at, key)).or_default().push(one);
                }
            }
            Some(_) | None => {}
        }
    }
    if groups.is_empty() && gone.is_empty() && back.is_empty() {
        return Ok(Taken::default());
    }
    let board = Board::new(rules.acting, rules.place);
    journal.write(|tx| {
        let mut taken = Taken::default();
        for ((at, key), alerts) in &mut groups {
            // What somebody has resolved while it goes on firing is settled.
            let micros = |at: Time| at.timestamp_micros();
            let mut unsettled = Vec::with_capacity(alerts.len());
            for one in alerts.iter() {
                let since = tx.settled_alert(&one.fingerprint)?;
                if !since.iter().any(|since| since.map(micros) == one.starts_at.map(micros)) {
                    unsettled.push(*one);
                }
            }
            *alerts = unsettled;
            let rule = &rules.pack.incidents.rules[*at].id;
            open_or_join(tx, rules, &board, (rule, key), alerts, now, &mut taken)?;
        }
        for (member, one) in &back {
            tx.join(&member.incident, &[one.member(rules.pack)], WORDS.itself, now)?;
        }
        for member in &gone {
            taken.ended +=
                usize::from(tx.member_ended(&member.incident, &member.fingerprint, WORDS.itself, now)?);
        }
        Ok(taken)
    })
}

/// The pack's rule by which an alert opens an incident.
fn rule_of(pack: &Pack, labels: &Labels) -> Option<usize> {
    let severity = pack.severity_of(labels);
    let category = pack.category_of(labels).unwrap_or_default();
    pack.incidents.rules.iter().position(|rule| rule.fits(labels, severity, &category))
}

fn open_or_join(
    tx: &Tx<'_>,
    rules: &Rules<'_>,
    board: &Board<'_>,
    (rule, key): (&str, &str),
    alerts: &[&Seen],
    now: Time,
    taken: &mut Taken,
) -> Result<(), JournalError> {
    let pack = rules.pack;
    let members: Vec<NewMember> = alerts.iter().map(|one| one.member(pack)).collect();
    // `Severity` orders worst first.
    let Some(worst) = alerts.iter().min_by_key(|one| pack.severity_of(&one.labels)) else { return Ok(()) };
    let severity = pack.severity_of(&worst.labels);
    let category = pack.category_of(&worst.labels).unwrap_or_default();
    let name = worst.labels.get("alertname").unwrap_or("");
    let title = (WORDS.title)(name, pack.component_of(&worst.labels).unwrap_or(""));
    let new = NewIncident {
        title: title.into(),
        severity,
        category: category.into(),
        origin: Origin::Rule(rule.into()),
        dedup: Some(key.into()),
        assignee: None,
        members,
    };
    match tx.open_incident(&new, rules.actor, now)? {
        Opened::New(incident) => {
            taken.opened += 1;
            taken.joined += incident.members as usize;
            // All of it is at hand: a storm's thousand incidents are not read again.
            let labels: Vec<Labels> = alerts.iter().map(|one| one.labels.clone()).collect();
            let case = Case { severity, category: &incident.category, alerts: &labels };
            let best = rules.library.fitting(&case).into_iter().next().map(|(playbook, _)| playbook);
            let facts = playbook::Facts::new(pack, &incident, &labels, &rules.actor.operator);
            if let Some(best) = best
                && taken.runs < RUNS
            {
                taken.runs += usize::from(automatic(tx, rules, &incident, best, &facts, now)?);
            }
            if let Some(rung) = first_rung(pack, severity) {
                let briefs = alerts.iter().map(|one| (&*one.fingerprint, &one.labels, &*one.summary));
                let mut note = note(pack, &incident, briefs, What::Opened, now);
                note.message = best.map(|best| said_by(best, &facts, &rung.level)).unwrap_or_default();
                taken.letters += call_level(tx, rules, board, &incident, note, &rung.level, TOLD, now)?;
            }
        }
        Opened::Already(incident) => {
            // `open_incident` has joined them already; how many there were before is the rest.
            let before = incident.members as usize - joined_now(tx, &incident, now)?;
            let joined = incident.members as usize - before;
            taken.joined += joined;
            let worse = severity < incident.severity;
            if worse {
                let changes = Changes { severity: Some(severity), ..Changes::default() };
                let incident = tx.change(&incident.id, &changes, rules.actor, now)?;
                let key = format!("worse-{}", severity.as_str());
                taken.letters += first_call(tx, rules, board, &incident, What::Worse, "", &key, now)?;
            } else if joined > 0 && incident.status == IncidentStatus::Open {
                // Told when it has doubled, so that a storm is a handful of messages.
                let (old, new) = (before.max(1).ilog2(), (before + joined).ilog2());
                if new > old {
                    let grew = (WORDS.grew)(incident.members);
                    let key = format!("grew-{new}");
                    taken.letters +=
                        first_call(tx, rules, board, &incident, What::Message, &grew, &key, now)?;
                }
            }
        }
    }
    Ok(())
}

/// How many members joined in this transaction: those that joined at its moment.
fn joined_now(tx: &Tx<'_>, incident: &Incident, now: Time) -> Result<usize, JournalError> {
    // The journal keeps moments to the microsecond.
    let same = |at: Time| (at - now).abs() < TimeDelta::microseconds(2);
    Ok(tx.members(&incident.id)?.iter().filter(|member| same(member.joined_at)).count())
}

/// Tells the level that is called first. Gives how many letters are new.
#[allow(clippy::too_many_arguments)] // one call, three places, nothing that belongs together
fn first_call(
    tx: &Tx<'_>,
    rules: &Rules<'_>,
    board: &Board<'_>,
    incident: &Incident,
    event: What,
    message: &str,
    key: &str,
    now: Time,
) -> Result<usize, JournalError> {
    let Some(rung) = first_rung(rules.pack, incident.severity) else { return Ok(0) };
    let mut note = note_of(tx, rules.pack, incident, event, now)?;
    message.clone_into(&mut note.message);
    call_level(tx, rules, board, incident, note, &rung.level, key, now)
}

/// The level that is called at once.
fn first_rung(pack: &Pack, severity: Severity) -> Option<&Rung> {
    pack.response.rungs(severity).iter().find(|rung| rung.after_s == 0)
}

/// Tells a level; writes into the timeline whom, or that nobody could be. Gives how many letters are new.
#[allow(clippy::too_many_arguments)] // as above
pub(super) fn call_level(
    tx: &Tx<'_>,
    rules: &Rules<'_>,
    board: &Board<'_>,
    incident: &Incident,
    mut note: Note,
    level: &str,
    key: &str,
    now: Time,
) -> Result<usize, JournalError> {
    let title = rules.pack.response.title(level);
    title.clone_into(&mut note.level);
    let receivers = board.receivers(level, incident.severity, now);
    let whole = call_key(incident, level, key);
    if receivers.is_empty() {
        nobody(tx, &incident.id, title, &whole, WORDS.itself, now)?;
        return Ok(0);
    }
    let told = tell(tx, board, &note, &receivers, Hours::Kept(incident.severity), &whole, now)?;
    if told.new > 0 {
        let kind = if note.event == What::Escalated { EventKind::Escalated } else { EventKind::Notified };
        let text = (WORDS.told)(title, &told.who);
        tx.event(
            &NewEvent { incident: Some(&incident.id), kind, who: WORDS.itself, text: &text, about: &whole },
            now,
        )?;
    }
    Ok(told.new)
}

/// The key of the letters that tell a level something of an incident, without their receivers.
pub(super) fn call_key(incident: &Incident, level: &str, key: &str) -> String {
    format!("{}:{level}:{key}", incident.id)
}

/// What is known of an incident, as a note.
pub fn note_of(
    tx: &Journal,
    pack: &Pack,
    incident: &Incident,
    event: What,
    now: Time,
) -> Result<Note, JournalError> {
    let members = tx.members(&incident.id)?;
    let firing = members.iter().filter(|member| member.ended_at.is_none());
    Ok(note(pack, incident, firing.map(|one| (&*one.fingerprint, &one.labels, &*one.summary)), event, now))
}

/// The same of alerts at hand: fingerprint, labels, summary.
fn note<'a>(
    pack: &Pack,
    incident: &Incident,
    alerts: impl Iterator<Item = (&'a str, &'a Labels, &'a str)> + Clone,
    event: What,
    now: Time,
) -> Note {
    let labels = common(alerts.clone().map(|(_, labels, _)| labels));
    let clock = pack.alerting.response_s.get(&incident.severity);
    Note {
        event,
        incident: Some(incident.id.to_string()),
        title: incident.title.to_string(),
        severity: incident.severity.as_str().to_owned(),
        category: incident.category.to_string(),
        status: incident.status.as_str().to_owned(),
        department: labels.get(&pack.alerting.department_label).unwrap_or("").to_owned(),
        component: pack.component_of(&labels).unwrap_or("").to_owned(),
        alerts: alerts
            .clone()
            .take(NAMED)
            .map(|(fingerprint, labels, summary)| Brief {
                fingerprint: fingerprint.to_owned(),
                name: labels.get("alertname").unwrap_or("").to_owned(),
                summary: summary.to_owned(),
            })
            .collect(),
        count: alerts.count() as u32,
        opened: Some(incident.opened_at),
        ack_by: clock.map(|seconds| incident.opened_at + TimeDelta::seconds(i64::from(*seconds))),
        responder: incident.assignee.as_deref().unwrap_or("").to_owned(),
        labels: labels.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        at: Some(now),
        ..Note::default()
    }
}

/// The labels that all sets share.
fn common<'l>(mut sets: impl Iterator<Item = &'l Labels>) -> Labels {
    let Some(first) = sets.next() else { return Labels::default() };
    let rest: Vec<&Labels> = sets.collect();
    Labels::new(first.iter().filter(|(name, value)| rest.iter().all(|set| set.get(name) == Some(*value))))
}

/// What a playbook would say to this level, so that the first word says it.
fn said_by(playbook: &Playbook, facts: &playbook::Facts, level: &str) -> String {
    let said = playbook.steps.iter().find_map(|step| match &step.action {
        Action::Notify { level: told, message: Some(message) } if told == level => Some(message),
        _ => None,
    });
    said.and_then(|said| said.fill(&|name| facts.value(playbook, &BTreeMap::new(), name)).ok())
        .unwrap_or_default()
}

/// Puts in a run of what the pack marks automatic.
fn automatic(
    tx: &Tx<'_>,
    rules: &Rules<'_>,
    incident: &Incident,
    best: &Playbook,
    facts: &playbook::Facts,
    now: Time,
) -> Result<bool, JournalError> {
    let plan = playbook::Plan::automatic(best, facts, rules.acting, &rules.pack.response);
    if plan.nothing_to_do() {
        return Ok(false);
    }
    let dedup = format!("automatic:{}", incident.id);
    let (_, new) =
        tx.begin_run(&plan.new_run(Some(incident.id.clone()), Some(dedup.into())), rules.actor, now)?;
    Ok(new)
}

impl super::Shared {
    /// Takes alerts in, on the journal's thread.
    pub(super) async fn take_in(&self, seen: Arc<[Seen]>) -> Result<Taken, JournalError> {
        let shared = self.clone();
        let now = self.hands.clock.now();
        let taken = self.hands.read(move |journal| take_in(journal, &shared.rules(), &seen, now)).await?;
        if taken.letters > 0 {
            self.letters.notify_one();
        }
        if taken.runs > 0 {
            self.runs.notify_one();
        }
        self.figures.took(&taken);
        Ok(taken)
    }

    pub(super) fn rules(&self) -> Rules<'_> {
        Rules {
            pack: &self.hands.pack,
            acting: &self.acting,
            library: &self.library,
            place: &self.place,
            actor: &self.hands.actor,
        }
    }
}
