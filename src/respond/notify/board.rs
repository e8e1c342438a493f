//! Who is reached how, at this moment: the rota, the contacts and the channels together.

use std::collections::BTreeMap;

use chrono::{NaiveTime, TimeDelta, Timelike};

use super::Place;
use crate::config::acting::{Acting, Channel, Contact, Quiet, Who};
use crate::model::duty::OnCall;
use crate::model::{Severity, Time};
use crate::pack::Response;
use crate::respond::rota::{Duty, Table, turns};

/// The rotas as they are now. Calendars are read when it is made, so that a change of one counts at once.
pub struct Board<'a> {
    acting: &'a Acting,
    place: &'a Place,
    tables: BTreeMap<&'a str, Result<Table<'a>, String>>,
}

/// One receiver.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Receiver {
    /// Name of the channel.
    pub channel: String,
    /// The contact; `None` where one message tells everybody.
    pub contact: Option<String>,
}

/// Larger calendars are none.
const MOST: u64 = 4 << 20;

impl<'a> Board<'a> {
    /// Reads what there is to be read.
    pub fn new(acting: &'a Acting, place: &'a Place) -> Self {
        let tables = acting.rotas.iter().map(|rota| {
            let text = match &rota.who {
                Who::Calendar(path) => Some(read(path)),
                _ => None,
            };
            let table = match text.transpose() {
                Ok(text) => Table::new(rota, place.zone, text.as_deref()),
                Err(why) => Err(why),
            };
            (rota.level.as_str(), table)
        });
        Self { acting, place, tables: tables.collect() }
    }

    /// Every level that has a rota, and that rota.
    pub fn tables(&self) -> impl Iterator<Item = (&str, &Result<Table<'a>, String>)> {
        self.tables.iter().map(|(level, table)| (*level, table))
    }

    /// Who is on call for a level now: contacts, by id.
    pub fn on_call(&self, level: &str, now: Time) -> Vec<String> {
        match self.tables.get(level) {
            Some(Ok(table)) => self.known(&table.at(now)),
            _ => Vec::new(),
        }
    }

    /// Who stands for each level that has a rota, in the pack's order.
    pub fn duties(&self, response: &Response, now: Time) -> Vec<OnCall> {
        let order = |level: &str| response.levels.iter().position(|known| known.id == level);
        let mut tables: Vec<_> = self.tables().collect();
        tables.sort_by_key(|(level, _)| order(level).unwrap_or(usize::MAX));
        let names = |who: &[String]| {
            who.iter()
                .map(|id| self.contact(id).map_or_else(|| id.clone(), |(_, one)| one.name.clone()))
                .collect()
        };
        let duty = |(level, table): (&str, &Result<Table<'_>, String>)| {
            let level = response.title(level).to_owned();
            match table {
                Ok(table) => {
                    let duty = table.at(now);
                    let next = table.next(now).map(|next| names(&next.who)).unwrap_or_default();
                    OnCall { level, now: names(&duty.who), until: duty.until, next, trouble: None }
                }
                Err(why) => OnCall { level, trouble: Some(why.clone()), ..OnCall::default() },
            }
        };
        tables.into_iter().map(duty).collect()
    }

    /// The contacts of a duty. A calendar may name them by id, name or mail address.
    pub fn known(&self, duty: &Duty) -> Vec<String> {
        duty.who.iter().filter_map(|who| self.contact(who).map(|(id, _)| id.to_owned())).collect()
    }

    /// A contact by id, name or mail address.
    pub fn contact(&self, who: &str) -> Option<(&'a str, &'a Contact)> {
        let same = |text: &str| text.trim().eq_ignore_ascii_case(who.trim());
        self.acting
            .contacts
            .iter()
            .find(|(id, contact)| {
                same(id) || same(&contact.name) || contact.email.as_deref().is_some_and(same)
            })
            .map(|(id, contact)| (id.as_str(), contact))
    }

    /// How a level is reached for this severity. A level that nobody stands for, or whose people have no channel
    /// for it, is told over every channel that is for everybody: a gap in a rota must not swallow an alarm.
    pub fn receivers(&self, level: &str, severity: Severity, now: Time) -> Vec<Receiver> {
        let mut all = self.of_people(&self.on_call(level, now), severity);
        if all.is_empty() {
            all = self
                .acting
                .channels
                .iter()
                .filter(|(_, channel)| !channel.is_personal() && carries(channel, severity))
                .map(|(name, _)| Receiver { channel: name.clone(), contact: None })
                .collect();
        }
        all
    }

    /// How these people are reached.
    pub fn of_people(&self, people: &[String], severity: Severity) -> Vec<Receiver> {
        let mut all = Vec::new();
        for id in people {
            let Some(contact) = self.acting.contacts.get(id) else { continue };
            for name in &contact.channels {
                let Some(channel) = self.acting.channels.get(name) else { continue };
                if carries(channel, severity) {
                    let contact = channel.is_personal().then(|| id.clone());
                    all.push(Receiver { channel: name.clone(), contact });
                }
            }
        }
        all.sort();
        all.dedup();
        all
    }

    /// When a channel may send something of this severity.
    pub fn not_before(&self, channel: &str, severity: Severity, now: Time) -> Time {
        let quiet = self.acting.channels.get(channel).and_then(|channel| channel.quiet.as_ref());
        quiet
            .filter(|quiet| !quiet.except.contains(&severity))
            .and_then(|quiet| ends(quiet, self.place.zone, now))
            .unwrap_or(now)
    }

    /// The people of some receivers, and the channels, for a person: `Ana Souza over sms`.
    pub fn told(&self, receivers: &[Receiver]) -> String {
        let one =
            |receiver: &Receiver| match receiver.contact.as_ref().and_then(|id| self.acting.contacts.get(id))
            {
                Some(contact) => format!("{} ({})", contact.name, receiver.channel),
                None => receiver.channel.clone(),
            };
        receivers.iter().map(one).collect::<Vec<_>>().join(", ")
    }
}

/// Whether a channel is for this severity.
fn carries(channel: &Channel, severity: Severity) -> bool {
    channel.severities.is_empty() || channel.severities.contains(&severity)
}

/// When the quiet hours end that it is in now.
fn ends(quiet: &Quiet, zone: chrono_tz::Tz, now: Time) -> Option<Time> {
    let local = now.with_timezone(&zone).naive_local();
    let minute = (local.hour() * 60 + local.minute()) as u16;
    let (within, tomorrow) = if quiet.from <= quiet.to {
        (quiet.from <= minute && minute < quiet.to, false)
    } else {
        (minute >= quiet.from || minute < quiet.to, minute >= quiet.from)
    };
    if !within {
        return None;
    }
    let day = local.date() + TimeDelta::days(i64::from(tomorrow));
    let end = NaiveTime::from_hms_opt(u32::from(quiet.to) / 60, u32::from(quiet.to) % 60, 0)?;
    Some(turns::utc(day.and_time(end), zone))
}

fn read(path: &std::path::Path) -> Result<String, String> {
    use std::io::Read;
    let told = |error: &std::io::Error| format!("{}: {error}", path.display());
    let mut text = String::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(MOST).read_to_string(&mut text))
        .map_err(|error| told(&error))?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::acting::Rota;

    fn utc(text: &str) -> Time {
        text.parse().expect("a time")
    }

    #[test]
    fn quiet_hours_end_in_the_morning_also_over_midnight() {
        let quiet = Quiet { from: 22 * 60, to: 7 * 60, except: vec![Severity::Critical] };
        let zone = chrono_tz::America::Sao_Paulo;
        for (now, end) in [
            ("2026-11-22T00:30:00Z", None),
            ("2026-11-22T01:00:00Z", Some("2026-11-22T10:00:00Z")),
            ("2026-11-22T09:59:00Z", Some("2026-11-22T10:00:00Z")),
            ("2026-11-22T10:00:00Z", None),
        ] {
            assert_eq!(ends(&quiet, zone, utc(now)), end.map(utc), "{now}");
        }
        let day = Quiet { from: 60, to: 120, except: Vec::new() };
        assert_eq!(
            ends(&day, chrono_tz::UTC, utc("2026-11-22T01:30:00Z")),
            Some(utc("2026-11-22T02:00:00Z"))
        );
    }

    #[test]
    fn a_gap_in_the_rota_tells_every_common_channel() {
        let mut acting = Acting::default();
        acting.channels.insert("slack".to_owned(), super::super::tests::channel());
        let mut only_low = super::super::tests::channel();
        only_low.severities = vec![Severity::Low];
        acting.channels.insert("digest".to_owned(), only_low);
        acting.contacts.insert(
            "ana".to_owned(),
            Contact { name: "Ana".to_owned(), channels: vec!["slack".to_owned()], ..Contact::default() },
        );
        acting.rotas.push(Rota {
            level: "oncall".to_owned(),
            zone: None,
            who: Who::Always(vec!["ana".to_owned()]),
            overrides: Vec::new(),
        });
        acting.rotas.push(Rota {
            level: "head".to_owned(),
            zone: None,
            who: Who::Calendar("/nowhere/at/all.ics".into()),
            overrides: Vec::new(),
        });
        let place = Place { title: "H".to_owned(), zone: chrono_tz::UTC };
        let board = Board::new(&acting, &place);
        let now = utc("2026-11-22T01:30:00Z");
        let slack = vec![Receiver { channel: "slack".to_owned(), contact: None }];
        assert_eq!(board.receivers("oncall", Severity::High, now), slack);
        assert_eq!(board.on_call("oncall", now), ["ana"]);
        assert_eq!(board.receivers("head", Severity::High, now), slack, "a calendar that cannot be read");
        assert_eq!(board.receivers("administration", Severity::High, now), slack, "no rota at all");
        assert_eq!(board.receivers("head", Severity::Low, now).len(), 2);
    }
}
