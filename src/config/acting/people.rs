//! `[contacts.NAME]` and `[[rota]]`.

use chrono::{NaiveDateTime, NaiveTime, Timelike};

use super::{Contact, Override, Rota, Who};
use crate::config::check::{self, Wrong};
use crate::config::file::Reader;
use crate::document::{Section, Value};
use crate::model::duration;
use crate::text::channels::EN as WORDS;

/// Reads one contact.
pub fn contact(reader: &mut Reader<'_>, section: &Section<'_, '_>) -> Option<Contact> {
    let name = section.required("name", reader.problems());
    let name = name.and_then(|value| reader.check_value(&value, check::text));
    let email = reader.checked(section, "email", mail_address).map(|set| set.value);
    let phone = reader.checked(section, "phone", telephone).map(|set| set.value);
    let channels = names(reader, section, "channels");
    Some(Contact { name: name?.value, email, phone, channels: channels.unwrap_or_default() })
}

/// Reads one rota.
pub fn rota(reader: &mut Reader<'_>, section: &Section<'_, '_>) -> Option<Rota> {
    let level = section.required("level", reader.problems());
    let level = level.and_then(|value| reader.check_value(&value, check::name));
    let zone = reader
        .checked(section, "zone", |text| {
            text.parse::<chrono_tz::Tz>().map_err(|_| ((WORDS.unknown_zone)(text), None))
        })
        .map(|set| set.value);
    let people = names(reader, section, "people");
    let start = reader.checked(section, "start", moment).map(|set| set.value);
    let turn = reader.checked(section, "turn", |text| {
        let seconds = duration::parse(text).map_err(|wrong| (wrong, None))?;
        let whole = seconds % 86_400 == 0 && (1..=366).contains(&(seconds / 86_400));
        if whole { Ok(seconds / 86_400) } else { Err((WORDS.whole_days.to_owned(), None)) }
    });
    let calendar = reader.path(section, "ical").map(|set| set.value);
    let overrides = overrides(reader, section);
    let who = match (calendar, people, start) {
        (Some(file), None, None) if turn.is_none() => Some(Who::Calendar(file)),
        (Some(_), ..) => {
            let place = reader.place(section.span());
            reader.desk.problem(&place, (WORDS.calendar_alone)(section.path()), None);
            None
        }
        (None, Some(people), _) if people.is_empty() => {
            let place = reader.place(section.span());
            reader.desk.problem(&place, (WORDS.nobody)(section.path()), None);
            None
        }
        (None, Some(people), Some(start)) => {
            Some(Who::Turns { start, days: turn.map_or(7, |set| set.value), people })
        }
        (None, Some(people), None) => {
            // A start that is there and wrong has its problem.
            if turn.is_some() && !section.has("start") {
                let place = reader.place(section.span());
                reader.desk.problem(&place, (WORDS.both)(section.path(), "turn", "start"), None);
            }
            (!section.has("start")).then_some(Who::Always(people))
        }
        (None, None, _) => {
            if !section.has("people") && !section.has("ical") {
                let place = reader.place(section.span());
                reader.desk.problem(&place, (WORDS.one_needed)(section.path(), "people", "ical"), None);
            }
            None
        }
    };
    Some(Rota { level: level?.value, zone, who: who?, overrides })
}

fn overrides(reader: &mut Reader<'_>, section: &Section<'_, '_>) -> Vec<Override> {
    let mut all = Vec::new();
    for one in section.sections("overrides", reader.problems()) {
        let at = |reader: &mut Reader<'_>, key: &str| {
            let value = one.required(key, reader.problems())?;
            reader.check_value(&value, moment).map(|set| set.value)
        };
        let (from, to) = (at(reader, "from"), at(reader, "to"));
        let who = one.required("who", reader.problems());
        let who = who.and_then(|value| reader.check_value(&value, check::name));
        reader.finish(&one);
        let (Some(from), Some(to), Some(who)) = (from, to, who) else { continue };
        if from >= to {
            let place = reader.place(one.span());
            reader.desk.problem(&place, (WORDS.backwards)(one.path()), None);
            continue;
        }
        all.push(Override { from, to, who: who.value });
    }
    all
}

/// A list of names.
fn names(reader: &mut Reader<'_>, section: &Section<'_, '_>, key: &str) -> Option<Vec<String>> {
    let value: Value<'_, '_> = section.value(key)?;
    let elements = value.array(reader.problems())?;
    Some(
        elements.iter().filter_map(|one| reader.check_value(one, check::name)).map(|set| set.value).collect(),
    )
}

/// A local time: `2026-11-02 08:00`.
pub fn moment(text: &str) -> Result<NaiveDateTime, Wrong> {
    ["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text.trim(), format).ok())
        .ok_or_else(|| (WORDS.not_a_moment.to_owned(), None))
}

/// A minute of the day: `22:00`.
pub fn minute(text: &str) -> Result<u16, Wrong> {
    NaiveTime::parse_from_str(text.trim(), "%H:%M")
        .map(|time| (time.hour() * 60 + time.minute()) as u16)
        .map_err(|_| (WORDS.not_a_minute.to_owned(), None))
}

/// A mail address, a name before it or not: `Ana <ana@hospital.example>`.
pub fn mail_address(text: &str) -> Result<String, Wrong> {
    let text = check::text(text)?;
    let bare = match text.rsplit_once('<') {
        Some((_, rest)) => rest.strip_suffix('>').unwrap_or(""),
        None => text.as_str(),
    };
    let fine = bare.split_once('@').is_some_and(|(local, domain)| {
        let allowed = |c: char| c.is_ascii_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-".contains(c);
        let label =
            |label: &str| !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        !local.is_empty()
            && local.chars().all(allowed)
            && !local.split('.').any(str::is_empty)
            && domain.split('.').all(label)
    });
    if fine { Ok(text) } else { Err((WORDS.not_a_mail_address.to_owned(), None)) }
}

/// A telephone number in its international form.
pub fn telephone(text: &str) -> Result<String, Wrong> {
    let text = check::text(text)?;
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let plain = text.chars().all(|c| c.is_ascii_digit() || "+-() .".contains(c));
    if text.starts_with('+') && plain && (8..=15).contains(&digits) {
        Ok(text)
    } else {
        Err((WORDS.not_a_telephone.to_owned(), None))
    }
}
