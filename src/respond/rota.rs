//! Who is on call, now and next: weekly turns with exceptions, or the events of a calendar.
//!
//! A turn ends at the same time of the local day at which it began, so it is an hour shorter or longer where
//! clocks change in it.

pub mod ical;
pub(super) mod turns;

use chrono_tz::Tz;

use crate::config::acting::{Rota, Who};
use crate::model::Time;
use ical::Calendar;

/// Who stands for a level for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duty {
    /// Contacts. Empty is nobody: a gap in the rota.
    pub who: Vec<String>,
    /// Since when; `None` for ever.
    pub from: Option<Time>,
    /// Until when; `None` for ever.
    pub until: Option<Time>,
}

/// A rota that can be asked.
#[derive(Clone, Debug)]
pub struct Table<'r> {
    rota: &'r Rota,
    zone: Tz,
    calendar: Option<Calendar>,
}

/// No duty is looked for further ahead than this.
const HORIZON_DAYS: i64 = 400;

impl<'r> Table<'r> {
    /// Of a rota; `zone` is the pack's. `calendar` is the text of its file, where it has one. The error says
    /// what is wrong with it, and in which line.
    pub fn new(rota: &'r Rota, zone: Tz, calendar: Option<&str>) -> Result<Self, String> {
        let zone = rota.zone.unwrap_or(zone);
        let calendar = match (&rota.who, calendar) {
            (Who::Calendar(_), Some(text)) => Some(Calendar::parse(text, zone)?),
            (Who::Calendar(path), None) => {
                return Err((crate::text::rota::EN.no_calendar)(&path.display().to_string()));
            }
            _ => None,
        };
        Ok(Self { rota, zone, calendar })
    }

    /// Its level.
    pub fn level(&self) -> &str {
        &self.rota.level
    }

    /// Who is on call at a moment, and for how long around it.
    pub fn at(&self, now: Time) -> Duty {
        let mut duty = match (&self.rota.who, &self.calendar) {
            (Who::Always(people), _) => Duty { who: people.clone(), from: None, until: None },
            (Who::Turns { start, days, people }, _) => turns::at(*start, *days, people, self.zone, now),
            (Who::Calendar(_), Some(calendar)) => calendar.at(now),
            (Who::Calendar(_), None) => Duty { who: Vec::new(), from: None, until: None },
        };
        for one in &self.rota.overrides {
            let (from, to) = (turns::utc(one.from, self.zone), turns::utc(one.to, self.zone));
            if from <= now && now < to {
                duty = Duty { who: vec![one.who.clone()], from: Some(from), until: Some(to) };
            } else if from > now {
                duty.until = Some(duty.until.map_or(from, |until| until.min(from)));
            } else {
                duty.from = Some(duty.from.map_or(to, |since| since.max(to)));
            }
        }
        duty
    }

    /// Who comes after who is on call at a moment; `None` where nobody ever does.
    pub fn next(&self, now: Time) -> Option<Duty> {
        let current = self.at(now);
        let mut at = current.until?;
        let last = now + chrono::TimeDelta::days(HORIZON_DAYS);
        while at < last {
            let duty = self.at(at);
            if duty.who != current.who {
                return Some(Duty { from: Some(at), ..duty });
            }
            at = duty.until.filter(|until| *until > at)?;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::acting::Override;

    fn local(text: &str) -> chrono::NaiveDateTime {
        chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").expect("a moment")
    }

    fn utc(text: &str) -> Time {
        text.parse().expect("a time")
    }

    fn weekly(zone: &str, overrides: Vec<Override>) -> Rota {
        Rota {
            level: "oncall".to_owned(),
            zone: Some(zone.parse().expect("a zone")),
            who: Who::Turns {
                start: local("2026-11-02 08:00"),
                days: 7,
                people: ["ana", "bruno", "carla"].map(str::to_owned).to_vec(),
            },
            overrides,
        }
    }

    #[test]
    fn turns_follow_each_other_and_begin_again() {
        let rota = weekly("America/Sao_Paulo", Vec::new());
        let table = Table::new(&rota, chrono_tz::UTC, None).expect("a table");
        for (at, who) in [
            ("2026-11-02T11:00:00Z", "ana"),
            ("2026-11-09T10:59:59Z", "ana"),
            ("2026-11-09T11:00:00Z", "bruno"),
            ("2026-11-22T06:12:00Z", "carla"),
            ("2026-11-23T11:00:00Z", "ana"),
            // Before the first turn the order runs backwards.
            ("2026-11-02T10:59:59Z", "carla"),
        ] {
            assert_eq!(table.at(utc(at)).who, [who], "{at}");
        }
        let next = table.next(utc("2026-11-22T06:12:00Z")).expect("somebody");
        assert_eq!((next.who, next.from), (vec!["ana".to_owned()], Some(utc("2026-11-23T11:00:00Z"))));
    }

    #[test]
    fn a_turn_ends_at_the_same_local_hour_where_clocks_change() {
        // In New York clocks go back on 2026-11-01: the week before is an hour longer.
        let mut rota = weekly("America/New_York", Vec::new());
        if let Who::Turns { start, .. } = &mut rota.who {
            *start = local("2026-10-26 08:00");
        }
        let table = Table::new(&rota, chrono_tz::UTC, None).expect("a table");
        let duty = table.at(utc("2026-10-28T00:00:00Z"));
        assert_eq!(duty.from, Some(utc("2026-10-26T12:00:00Z")));
        assert_eq!(duty.until, Some(utc("2026-11-02T13:00:00Z")));
        assert_eq!(table.at(utc("2026-11-02T12:30:00Z")).who, ["ana"], "08:00 is 13:00 UTC by now");
    }

    #[test]
    fn a_turn_that_would_begin_in_the_hour_that_is_left_out_begins_right_after_it() {
        let mut rota = weekly("America/New_York", Vec::new());
        if let Who::Turns { start, days, .. } = &mut rota.who {
            (*start, *days) = (local("2026-03-07 02:30"), 1);
        }
        let table = Table::new(&rota, chrono_tz::UTC, None).expect("a table");
        // 2026-03-08 02:30 does not exist there; 03:00 is 07:00 UTC.
        assert_eq!(table.at(utc("2026-03-08T06:59:59Z")).who, ["ana"]);
        assert_eq!(table.at(utc("2026-03-08T07:00:00Z")).who, ["bruno"]);
    }

    #[test]
    fn an_override_counts_while_it_lasts_and_bounds_what_is_around_it() {
        let swap = Override {
            from: local("2026-11-04 18:00"),
            to: local("2026-11-05 08:00"),
            who: "carla".to_owned(),
        };
        let rota = weekly("America/Sao_Paulo", vec![swap]);
        let table = Table::new(&rota, chrono_tz::UTC, None).expect("a table");
        let before = table.at(utc("2026-11-04T12:00:00Z"));
        assert_eq!((before.who, before.until), (vec!["ana".to_owned()], Some(utc("2026-11-04T21:00:00Z"))));
        assert_eq!(table.at(utc("2026-11-05T00:00:00Z")).who, ["carla"]);
        let after = table.at(utc("2026-11-05T11:00:00Z"));
        assert_eq!((after.who, after.from), (vec!["ana".to_owned()], Some(utc("2026-11-05T11:00:00Z"))));
        assert_eq!(
            table.next(utc("2026-11-04T12:00:00Z")).map(|duty| duty.who),
            Some(vec!["carla".to_owned()])
        );
    }

    #[test]
    fn who_is_always_there_has_no_next() {
        let rota = Rota {
            level: "administration".to_owned(),
            zone: None,
            who: Who::Always(vec!["diretoria".to_owned()]),
            overrides: Vec::new(),
        };
        let table = Table::new(&rota, chrono_tz::UTC, None).expect("a table");
        assert_eq!(table.at(utc("2026-11-05T11:00:00Z")).who, ["diretoria"]);
        assert_eq!(table.next(utc("2026-11-05T11:00:00Z")), None);
    }
}
