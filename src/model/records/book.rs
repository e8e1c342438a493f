//! What a console shows of incidents, and what a person does with them.

use std::sync::Arc;

use serde::Serialize;

use super::{Ack, Event, Incident, Letter, Member, NewIncident, Run, Seen};
use crate::model::Time;

/// Every incident that matters now, and the alerts of those that are not resolved.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Book {
    /// The newest first; the resolved ones of the last days too.
    pub incidents: Vec<Incident>,
    /// The alerts of those that are not resolved.
    pub members: Vec<Member>,
}

impl Book {
    /// An incident by its id.
    pub fn incident(&self, id: &str) -> Option<&Incident> {
        self.incidents.iter().find(|incident| &*incident.id == id)
    }

    /// The unresolved incident that an alert belongs to; of several the newest.
    pub fn of_alert(&self, fingerprint: &str) -> Option<&Incident> {
        let ids = self.members.iter().filter(|member| &*member.fingerprint == fingerprint);
        ids.filter_map(|member| self.incident(&member.incident)).max_by_key(|incident| incident.opened_at)
    }
}

/// All that the journal knows of one incident.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Dossier {
    /// The incident.
    pub incident: Incident,
    /// Its alerts.
    pub members: Vec<Member>,
    /// What happened, oldest first.
    pub events: Vec<Event>,
    /// Earlier incidents with the same alerts.
    pub seen: Vec<Seen>,
    /// Its runs of playbooks.
    pub runs: Vec<Run>,
    /// Whom it was told to.
    pub letters: Vec<Letter>,
    /// Acknowledgements of its alerts.
    pub acks: Vec<Ack>,
}

/// The time that an incident has until somebody takes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum ResponseClock {
    /// Its severity has none.
    None,
    /// It runs.
    Runs {
        /// When somebody should have it.
        due: Time,
    },
    /// It has run out, and nobody has it.
    Late {
        /// When somebody should have had it.
        due: Time,
    },
    /// Somebody took it in time.
    Met {
        /// After so many seconds.
        took_s: i64,
    },
    /// Somebody took it too late.
    Missed {
        /// After so many seconds.
        took_s: i64,
        /// So many seconds late.
        late_s: i64,
    },
}

impl Incident {
    /// Its response clock, where its severity has `response_s` seconds. What is resolved without anybody having
    /// taken it first was taken then.
    pub fn clock(&self, response_s: Option<u32>, now: Time) -> ResponseClock {
        let Some(seconds) = response_s else { return ResponseClock::None };
        let due = self.opened_at + chrono::TimeDelta::seconds(i64::from(seconds));
        match self.acked_at.or(self.resolved_at) {
            None if now > due => ResponseClock::Late { due },
            None => ResponseClock::Runs { due },
            Some(at) => {
                let took_s = (at - self.opened_at).num_seconds();
                let late_s = (at - due).num_seconds();
                if late_s > 0 {
                    ResponseClock::Missed { took_s, late_s }
                } else {
                    ResponseClock::Met { took_s }
                }
            }
        }
    }
}

/// What a person does with incidents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Opens one.
    Open(NewIncident),
    /// Adds alerts to one.
    Join(Arc<str>, Vec<super::NewMember>),
    /// Takes one.
    Take(Arc<str>),
    /// Gives one to somebody, or to nobody.
    Assign(Arc<str>, Option<Box<str>>),
    /// Writes a note.
    Note(Arc<str>, Box<str>),
    /// Resolves one, with what helped.
    Resolve(Arc<str>, Box<str>),
    /// Opens a resolved one again, with the reason.
    Reopen(Arc<str>, Box<str>),
}

#[cfg(test)]
mod tests {
    use super::super::{IncidentStatus, Origin};
    use super::*;
    use crate::model::Severity;

    #[test]
    fn the_clock_runs_until_somebody_takes_it() {
        let at = |seconds| {
            "2026-11-20T06:12:00Z".parse::<Time>().expect("a time") + chrono::TimeDelta::seconds(seconds)
        };
        let mut incident = Incident {
            id: "INC-1".into(),
            title: "x".into(),
            severity: Severity::Critical,
            category: "x".into(),
            status: IncidentStatus::Open,
            assignee: None,
            origin: Origin::Hand,
            began_at: None,
            opened_at: at(0),
            opened_by: "ana".into(),
            acked_at: None,
            acked_by: None,
            resolved_at: None,
            resolved_by: None,
            resolution: "".into(),
            updated_at: at(0),
            members: 0,
            firing: 0,
        };
        assert_eq!(incident.clock(None, at(5)), ResponseClock::None);
        assert_eq!(incident.clock(Some(900), at(900)), ResponseClock::Runs { due: at(900) });
        assert_eq!(incident.clock(Some(900), at(901)), ResponseClock::Late { due: at(900) });
        incident.resolved_at = Some(at(1000));
        assert_eq!(incident.clock(Some(900), at(2000)), ResponseClock::Missed { took_s: 1000, late_s: 100 });
        incident.acked_at = Some(at(60));
        assert_eq!(incident.clock(Some(900), at(2000)), ResponseClock::Met { took_s: 60 });
    }
}
