//! A calendar of duties: iCalendar (RFC 5545), as far as a rota needs it, strictly. What is not understood is
//! told with its line: a rota that is silently wrong calls the wrong person at night.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Weekday};
use chrono_tz::Tz;

use super::{Duty, turns};
use crate::model::Time;
use crate::text::rota::EN as WORDS;

/// Occurrences of one event that are looked at.
const MOST: usize = 20_000;

/// A calendar.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Calendar {
    events: Vec<Event>,
}

/// An event: when, how often, who.
#[derive(Clone, Debug, PartialEq)]
struct Event {
    uid: String,
    who: Vec<String>,
    start: Moment,
    /// Its length in seconds of the local clock.
    length: TimeDelta,
    rule: Option<Rule>,
    left_out: BTreeSet<NaiveDateTime>,
    replaces: Option<NaiveDateTime>,
    cancelled: bool,
}

/// A local time and the zone it is in.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Moment {
    local: NaiveDateTime,
    zone: Tz,
}

impl Moment {
    fn utc(self) -> Time {
        turns::utc(self.local, self.zone)
    }
}

/// A rule of repetition.
#[derive(Clone, Debug, PartialEq)]
struct Rule {
    weekly: bool,
    interval: u32,
    count: Option<usize>,
    until: Option<Time>,
    days: Vec<Weekday>,
}

impl Calendar {
    /// Reads a file's text. Times without a zone are in `zone`.
    pub fn parse(text: &str, zone: Tz) -> Result<Self, String> {
        let lines = unfold(text);
        let mut first = lines.iter().filter(|(_, line)| !line.trim().is_empty());
        if first.next().is_none_or(|(_, line)| {
            !line.trim_start_matches('\u{feff}').eq_ignore_ascii_case("BEGIN:VCALENDAR")
        }) {
            return Err(WORDS.not_a_calendar.to_owned());
        }
        let mut events = Vec::new();
        let mut open: Option<(usize, Draft)> = None;
        let mut nested = 0_usize;
        for (number, line) in first {
            let wrong = |what: &str| (WORDS.in_line)(*number, what);
            let property = Property::parse(line).ok_or_else(|| wrong(WORDS.no_colon))?;
            let value = property.value.to_ascii_uppercase();
            match (property.name.as_str(), value.as_str(), open.is_some()) {
                ("BEGIN", "VEVENT", false) => open = Some((*number, Draft::default())),
                ("BEGIN", _, true) => nested += 1,
                ("END", "VEVENT", true) if nested == 0 => {
                    if let Some((begun, draft)) = open.take() {
                        events.push(draft.finish().map_err(|what| (WORDS.in_line)(begun, &what))?);
                    }
                }
                ("END", _, true) => nested = nested.saturating_sub(1),
                _ if nested == 0 => {
                    if let Some((_, draft)) = &mut open {
                        draft.take(&property, zone).map_err(|what| wrong(&what))?;
                    }
                }
                _ => {}
            }
        }
        if open.is_some() {
            return Err(WORDS.cut_off.to_owned());
        }
        let replaced: Vec<(String, NaiveDateTime)> =
            events.iter().filter_map(|one: &Event| Some((one.uid.clone(), one.replaces?))).collect();
        for event in events.iter_mut().filter(|one| one.replaces.is_none()) {
            event.left_out.extend(replaced.iter().filter(|(uid, _)| *uid == event.uid).map(|(_, at)| *at));
        }
        events.retain(|event| !event.cancelled);
        Ok(Self { events })
    }

    /// Who is on call at a moment.
    pub(super) fn at(&self, now: Time) -> Duty {
        let mut duty = Duty { who: Vec::new(), from: None, until: None };
        for event in &self.events {
            for (from, to) in event.occurrences() {
                if from > now {
                    duty.until = Some(duty.until.map_or(from, |until| until.min(from)));
                    break;
                }
                if now < to {
                    duty.who.extend(
                        event.who.iter().filter(|who| !duty.who.contains(who)).cloned().collect::<Vec<_>>(),
                    );
                    duty.until = Some(duty.until.map_or(to, |until| until.min(to)));
                    duty.from = Some(duty.from.map_or(from, |since| since.max(from)));
                } else {
                    duty.from = Some(duty.from.map_or(to, |since| since.max(to)));
                }
            }
        }
        duty
    }

    /// Every name in it, for a check of who is known.
    pub fn names(&self) -> BTreeSet<&str> {
        self.events.iter().flat_map(|event| &event.who).map(String::as_str).collect()
    }
}

impl Event {
    /// Start and end of each occurrence, in order.
    fn occurrences(&self) -> impl Iterator<Item = (Time, Time)> + '_ {
        let count = self.rule.as_ref().and_then(|rule| rule.count).unwrap_or(MOST).min(MOST);
        let until = self.rule.as_ref().and_then(|rule| rule.until);
        let zone = self.start.zone;
        self.locals()
            .take(count)
            .filter(|local| !self.left_out.contains(local))
            .map(move |local| (turns::utc(local, zone), turns::utc(local + self.length, zone)))
            .take_while(move |(from, _)| until.is_none_or(|until| *from <= until))
    }

    /// Local starts, those left out included, which the count counts.
    fn locals(&self) -> Box<dyn Iterator<Item = NaiveDateTime> + '_> {
        let start = self.start.local;
        let Some(rule) = &self.rule else { return Box::new(std::iter::once(start)) };
        let step = i64::from(rule.interval);
        if !rule.weekly {
            return Box::new((0..).map(move |turn| start + TimeDelta::days(step * turn)));
        }
        let days: Vec<i64> = if rule.days.is_empty() {
            vec![i64::from(start.weekday().num_days_from_monday())]
        } else {
            let mut days: Vec<i64> =
                rule.days.iter().map(|day| i64::from(day.num_days_from_monday())).collect();
            days.sort_unstable();
            days
        };
        let monday = start - TimeDelta::days(i64::from(start.weekday().num_days_from_monday()));
        Box::new(
            (0..)
                .flat_map(move |week| {
                    days.clone().into_iter().map(move |day| monday + TimeDelta::days(7 * step * week + day))
                })
                .filter(move |local| *local >= start),
        )
    }
}

/// An event that is being read.
#[derive(Default)]
struct Draft {
    uid: String,
    summary: String,
    attendees: Vec<String>,
    start: Option<Moment>,
    whole_days: bool,
    end: Option<Moment>,
    length: Option<TimeDelta>,
    rule: Option<Rule>,
    left_out: BTreeSet<NaiveDateTime>,
    replaces: Option<NaiveDateTime>,
    cancelled: bool,
}

impl Draft {
    fn take(&mut self, property: &Property, zone: Tz) -> Result<(), String> {
        match property.name.as_str() {
            "UID" => property.value.clone_into(&mut self.uid),
            "SUMMARY" => self.summary = unescape(&property.value),
            "ATTENDEE" => {
                let mail = property.value.strip_prefix("mailto:").or(property.value.strip_prefix("MAILTO:"));
                self.attendees.push(mail.unwrap_or(&property.value).to_owned());
            }
            "STATUS" => self.cancelled = property.value.eq_ignore_ascii_case("CANCELLED"),
            "DTSTART" => {
                self.start = Some(property.moment(&property.value, zone)?);
                self.whole_days = property.value.len() == 8;
            }
            "DTEND" => self.end = Some(property.moment(&property.value, zone)?),
            "DURATION" => self.length = Some(length(&property.value)?),
            "RRULE" => self.rule = Some(rule(&property.value, zone)?),
            "RDATE" | "EXRULE" => return Err((WORDS.bad_rule)(&property.name)),
            "EXDATE" => {
                for one in property.value.split(',') {
                    self.left_out.insert(property.moment(one, zone)?.local);
                }
            }
            "RECURRENCE-ID" => self.replaces = Some(property.moment(&property.value, zone)?.local),
            _ => {}
        }
        Ok(())
    }

    fn finish(self) -> Result<Event, String> {
        let start = self.start.ok_or_else(|| WORDS.no_start.to_owned())?;
        let usual = if self.whole_days { TimeDelta::days(1) } else { TimeDelta::zero() };
        let length = match (self.end, self.length) {
            (Some(end), _) => end.utc().with_timezone(&start.zone).naive_local() - start.local,
            (None, Some(length)) => length,
            (None, None) => usual,
        };
        if length <= TimeDelta::zero() {
            return Err(WORDS.backwards.to_owned());
        }
        let who =
            if self.attendees.is_empty() { vec![self.summary.trim().to_owned()] } else { self.attendees };
        if !self.cancelled && who.iter().all(String::is_empty) {
            return Err(WORDS.names_nobody.to_owned());
        }
        Ok(Event {
            uid: self.uid,
            who,
            start,
            length,
            rule: self.rule,
            left_out: self.left_out,
            replaces: self.replaces,
            cancelled: self.cancelled,
        })
    }
}

/// One line's name, parameters and value.
struct Property {
    name: String,
    params: Vec<(String, String)>,
    value: String,
}

impl Property {
    fn parse(line: &str) -> Option<Self> {
        let mut quoted = false;
        let colon = line.char_indices().find(|(_, c)| {
            quoted ^= *c == '"';
            *c == ':' && !quoted
        })?;
        let (head, value) = (&line[..colon.0], &line[colon.0 + 1..]);
        let mut parts = head.split(';');
        let name = parts.next()?.trim().to_ascii_uppercase();
        let params = parts
            .filter_map(|part| part.split_once('='))
            .map(|(name, value)| (name.to_ascii_uppercase(), value.trim_matches('"').to_owned()))
            .collect();
        Some(Self { name, params, value: value.trim().to_owned() })
    }

    fn moment(&self, text: &str, zone: Tz) -> Result<Moment, String> {
        let named = self.params.iter().find(|(name, _)| name == "TZID").map(|(_, value)| value);
        let zone = match named {
            Some(name) => {
                name.trim_start_matches('/').parse::<Tz>().map_err(|_| (WORDS.unknown_zone)(name))?
            }
            None => zone,
        };
        moment(text, zone)
    }
}

fn moment(text: &str, zone: Tz) -> Result<Moment, String> {
    let text = text.trim();
    let wrong = || (WORDS.bad_moment)(text);
    if text.len() == 8 {
        let day = NaiveDate::parse_from_str(text, "%Y%m%d").map_err(|_| wrong())?;
        return Ok(Moment { local: day.and_time(NaiveTime::MIN), zone });
    }
    let (bare, zone) = match text.strip_suffix(['Z', 'z']) {
        Some(bare) => (bare, Tz::UTC),
        None => (text, zone),
    };
    let local = NaiveDateTime::parse_from_str(bare, "%Y%m%dT%H%M%S").map_err(|_| wrong())?;
    Ok(Moment { local, zone })
}

/// `PT12H`, `P7D`, `P1W`, `P1DT2H30M`.
fn length(text: &str) -> Result<TimeDelta, String> {
    let wrong = || (WORDS.bad_duration)(text);
    let mut rest = text.trim().trim_start_matches('+').strip_prefix('P').ok_or_else(wrong)?;
    let mut seconds = 0_i64;
    let mut in_time = false;
    if rest.is_empty() {
        return Err(wrong());
    }
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('T') {
            (in_time, rest) = (true, after);
            continue;
        }
        let digits = rest.find(|c: char| !c.is_ascii_digit()).filter(|at| *at > 0).ok_or_else(wrong)?;
        let number: i64 = rest[..digits].parse().map_err(|_| wrong())?;
        let unit = match (&rest[digits..=digits], in_time) {
            ("W", false) => 604_800,
            ("D", false) => 86_400,
            ("H", true) => 3600,
            ("M", true) => 60,
            ("S", true) => 1,
            _ => return Err(wrong()),
        };
        seconds = number.checked_mul(unit).and_then(|more| seconds.checked_add(more)).ok_or_else(wrong)?;
        rest = &rest[digits + 1..];
    }
    TimeDelta::try_seconds(seconds).ok_or_else(wrong)
}

fn rule(text: &str, zone: Tz) -> Result<Rule, String> {
    let mut rule = Rule { weekly: false, interval: 1, count: None, until: None, days: Vec::new() };
    let mut known = false;
    for part in text.split(';').filter(|part| !part.is_empty()) {
        let wrong = || (WORDS.bad_rule)(part);
        let (name, value) = part.split_once('=').ok_or_else(wrong)?;
        match (name.to_ascii_uppercase().as_str(), value.to_ascii_uppercase().as_str()) {
            ("FREQ", "WEEKLY") => (rule.weekly, known) = (true, true),
            ("FREQ", "DAILY") => known = true,
            ("INTERVAL", number) => {
                rule.interval = number.parse().ok().filter(|n| (1..=1000).contains(n)).ok_or_else(wrong)?;
            }
            ("COUNT", number) => {
                rule.count = Some(number.parse().ok().filter(|n| *n > 0).ok_or_else(wrong)?);
            }
            ("UNTIL", _) => {
                let at = moment(value, zone)?;
                // A bare day is meant as a whole.
                let whole = if value.len() == 8 {
                    TimeDelta::days(1) - TimeDelta::seconds(1)
                } else {
                    TimeDelta::zero()
                };
                rule.until = Some(at.utc() + whole);
            }
            ("BYDAY", days) => {
                for day in days.split(',') {
                    let day = match day {
                        "MO" => Weekday::Mon,
                        "TU" => Weekday::Tue,
                        "WE" => Weekday::Wed,
                        "TH" => Weekday::Thu,
                        "FR" => Weekday::Fri,
                        "SA" => Weekday::Sat,
                        "SU" => Weekday::Sun,
                        _ => return Err(wrong()),
                    };
                    rule.days.push(day);
                }
            }
            // Weeks are counted from Monday here.
            ("WKST", "MO") => {}
            ("WKST", _) if rule.interval == 1 => {}
            _ => return Err(wrong()),
        }
    }
    if !known || (!rule.weekly && !rule.days.is_empty()) {
        return Err((WORDS.bad_rule)(text));
    }
    Ok(rule)
}

/// Lines with their numbers, continued ones joined.
fn unfold(text: &str) -> Vec<(usize, String)> {
    let mut all: Vec<(usize, String)> = Vec::new();
    for (at, line) in text.lines().enumerate() {
        match (line.strip_prefix([' ', '\t']), all.last_mut()) {
            (Some(more), Some((_, last))) => last.push_str(more),
            _ if line.trim().is_empty() => {}
            _ => all.push((at + 1, line.to_owned())),
        }
    }
    all
}

fn unescape(text: &str) -> String {
    text.replace("\\n", " ").replace("\\N", " ").replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZONE: Tz = chrono_tz::America::Sao_Paulo;

    fn calendar(events: &str) -> Calendar {
        Calendar::parse(&wrapped(events), ZONE).expect("a calendar")
    }

    fn wrapped(events: &str) -> String {
        format!(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{}\r\nEND:VCALENDAR\r\n",
            events.trim().replace('\n', "\r\n")
        )
    }

    fn utc(text: &str) -> Time {
        text.parse().expect("a time")
    }

    #[test]
    fn weekly_duties_with_exceptions() {
        let calendar = calendar(
            "BEGIN:VEVENT\nUID:1\nSUMMARY:An\n a\nDTSTART;TZID=America/Sao_Paulo:20261102T080000\nDTEND;TZID=America/Sao_Paulo:20261109T080000\nRRULE:FREQ=WEEKLY;INTERVAL=2\nEXDATE;TZID=America/Sao_Paulo:20261130T080000\nBEGIN:VALARM\nTRIGGER:-PT1H\nEND:VALARM\nEND:VEVENT
BEGIN:VEVENT\nUID:2\nSUMMARY:ignored\nATTENDEE;CN=\"B: c\":mailto:bruno@h.example\nDTSTART:20261109T080000\nDURATION:P1W\nRRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=3\nEND:VEVENT
BEGIN:VEVENT\nUID:2\nRECURRENCE-ID:20261123T080000\nSUMMARY:carla\nDTSTART:20261123T120000\nDTEND:20261130T080000\nEND:VEVENT",
        );
        for (at, who) in [
            ("2026-11-02T10:59:59Z", vec![]),
            ("2026-11-02T11:00:00Z", vec!["Ana"]),
            ("2026-11-09T11:00:00Z", vec!["bruno@h.example"]),
            ("2026-11-16T11:00:00Z", vec!["Ana"]),
            ("2026-11-23T11:30:00Z", vec![]),
            ("2026-11-23T15:00:00Z", vec!["carla"]),
            ("2026-12-02T00:00:00Z", vec![]),
            ("2026-12-08T00:00:00Z", vec!["bruno@h.example"]),
            ("2026-12-15T00:00:00Z", vec!["Ana"]),
        ] {
            assert_eq!(calendar.at(utc(at)).who, who, "{at}");
        }
        assert_eq!(calendar.at(utc("2026-11-23T11:30:00Z")).until, Some(utc("2026-11-23T15:00:00Z")));
        assert_eq!(calendar.names().into_iter().collect::<Vec<_>>(), ["Ana", "bruno@h.example", "carla"]);
    }

    #[test]
    fn days_of_the_week_whole_days_and_an_end() {
        let calendar = calendar(
            "BEGIN:VEVENT\nSUMMARY:night\nDTSTART:20261130T190000\nDTEND:20261201T070000\nRRULE:FREQ=WEEKLY;BYDAY=FR,MO;UNTIL=20261211\nEND:VEVENT
BEGIN:VEVENT\nSUMMARY:holiday\nDTSTART;VALUE=DATE:20261225\nEND:VEVENT\nBEGIN:VEVENT\nSTATUS:CANCELLED\nSUMMARY:x\nDTSTART:20261130T190000\nDURATION:PT1H\nEND:VEVENT",
        );
        assert_eq!(calendar.at(utc("2026-12-05T02:00:00Z")).who, ["night"], "Friday night");
        assert_eq!(calendar.at(utc("2026-12-06T02:00:00Z")).who, Vec::<String>::new());
        assert_eq!(calendar.at(utc("2026-12-12T02:00:00Z")).who, ["night"], "the last one");
        assert_eq!(calendar.at(utc("2026-12-15T02:00:00Z")).who, Vec::<String>::new());
        assert_eq!(calendar.at(utc("2026-12-25T15:00:00Z")).who, ["holiday"]);
    }

    #[test]
    fn the_local_hour_stays_where_clocks_change() {
        let calendar = calendar(
            "BEGIN:VEVENT\nSUMMARY:ana\nDTSTART;TZID=America/New_York:20261030T080000\nDURATION:PT12H\nRRULE:FREQ=DAILY\nEND:VEVENT",
        );
        assert_eq!(calendar.at(utc("2026-10-31T12:00:00Z")).from, Some(utc("2026-10-31T12:00:00Z")));
        assert_eq!(calendar.at(utc("2026-11-02T13:00:00Z")).from, Some(utc("2026-11-02T13:00:00Z")));
        assert_eq!(calendar.at(utc("2026-11-02T12:30:00Z")).who, Vec::<String>::new());
    }

    #[test]
    fn what_is_not_understood_is_told_with_its_line() {
        for (events, told) in [
            ("BEGIN:VEVENT\nSUMMARY:a\nDTSTART:2026\nEND:VEVENT", "line 5: `2026` is not a date"),
            ("BEGIN:VEVENT\nSUMMARY:a\nEND:VEVENT", "line 3: an event has no DTSTART"),
            (
                "BEGIN:VEVENT\nDTSTART:20261030T080000\nDURATION:PT1H\nEND:VEVENT",
                "line 3: an event names nobody",
            ),
            (
                "BEGIN:VEVENT\nSUMMARY:a\nDTSTART:20261030T080000\nDTEND:20261030T070000\nEND:VEVENT",
                "line 3: an event ends before it begins",
            ),
            (
                "BEGIN:VEVENT\nSUMMARY:a\nDTSTART:20261030T080000\nRRULE:FREQ=MONTHLY\nEND:VEVENT",
                "line 6: the repetition `FREQ=MONTHLY` is not understood",
            ),
            ("BEGIN:VEVENT\nSUMMARY:a\nDTSTART;TZID=Mars:20261030T080000", "line 5: the time zone `Mars`"),
            ("BEGIN:VEVENT\nSUMMARY:a\nDTSTART:20261030T080000", "ends within an event"),
            ("BEGIN:VEVENT\nwhat", "line 4: a line without a colon"),
        ] {
            let wrong = Calendar::parse(&wrapped(events), ZONE).expect_err(events);
            assert!(wrong.starts_with(told), "{wrong}");
        }
        assert!(Calendar::parse("<html>", ZONE).is_err());
        assert!(Calendar::parse("", ZONE).is_err());
    }
}
