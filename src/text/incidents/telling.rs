//! An incident told to a person: its clock, and a few lines for a chat.

use super::{EN as WORDS, Summary};
use crate::model::records::{Dossier, EventKind, Incident, ResponseClock};
use crate::model::{Time, duration};
use crate::pack::Pack;

/// Where and when an incident is told of.
#[derive(Clone, Copy, Debug)]
pub struct Telling<'a> {
    /// The field.
    pub pack: &'a Pack,
    /// The zone that times are shown in.
    pub zone: chrono_tz::Tz,
    /// Now.
    pub now: Time,
}

impl Telling<'_> {
    /// A moment in full, in the zone.
    pub fn moment(&self, at: Time) -> String {
        at.with_timezone(&self.zone).format("%Y-%m-%d %H:%M:%S %Z").to_string()
    }

    /// An incident's response clock.
    pub fn clock(&self, incident: &Incident) -> ResponseClock {
        incident.clock(self.pack.alerting.response_s.get(&incident.severity).copied(), self.now)
    }

    /// The same in words.
    pub fn clock_words(&self, incident: &Incident) -> String {
        let clock = self.clock(incident);
        (WORDS.clock)(clock, &duration::format(seconds(clock, self.now)))
    }
}

/// What a clock says, in seconds: left, late, taken after.
pub fn seconds(clock: ResponseClock, now: Time) -> i64 {
    match clock {
        ResponseClock::None => 0,
        ResponseClock::Runs { due } => (due - now).num_seconds(),
        ResponseClock::Late { due } => (now - due).num_seconds(),
        ResponseClock::Met { took_s } => took_s,
        ResponseClock::Missed { late_s, .. } => late_s,
    }
}

/// A few lines to be put into a chat.
pub fn summary(dossier: &Dossier, telling: &Telling<'_>) -> String {
    let incident = &dossier.incident;
    let mut alerts: Vec<(String, usize)> = Vec::new();
    for member in &dossier.members {
        let name = member.labels.get("alertname").unwrap_or(&member.summary).to_owned();
        match alerts.iter_mut().find(|(known, _)| *known == name) {
            Some((_, many)) => *many += 1,
            None => alerts.push((name, 1)),
        }
    }
    let note = dossier.events.iter().rev().find(|event| event.kind == EventKind::Note);
    let seen = dossier.seen.first().map(|seen| {
        let when = telling.moment(seen.incident.opened_at);
        let was = (WORDS.seen)(&when, seen.shared, seen.of, seen.is_same());
        format!("{was}: {}", (WORDS.helped)(seen))
    });
    (WORDS.summary)(&Summary {
        id: &incident.id,
        severity: incident.severity,
        title: &incident.title,
        status: incident.status,
        opened: &telling.moment(incident.opened_at),
        by: &incident.opened_by,
        assignee: incident.assignee.as_deref(),
        clock: &telling.clock_words(incident),
        alerts: &alerts,
        note: note.map(|event| &*event.text),
        resolution: &incident.resolution,
        seen: seen.as_deref(),
    })
}
