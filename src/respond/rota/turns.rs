//! People one after another, each for some days of the local calendar.

use chrono::{NaiveDateTime, TimeDelta, TimeZone};
use chrono_tz::Tz;

use super::Duty;
use crate::model::Time;

/// Who has the turn at a moment.
pub(super) fn at(start: NaiveDateTime, days: u32, people: &[String], zone: Tz, now: Time) -> Duty {
    let days = i64::from(days.max(1));
    let begins = |turn: i64| utc(start + TimeDelta::days(days.saturating_mul(turn)), zone);
    let local = now.with_timezone(&zone).naive_local();
    let mut turn = (local - start).num_days().div_euclid(days);
    // The local difference is an hour off around a change of clocks, so the turn may be its neighbour.
    while begins(turn) > now {
        turn -= 1;
    }
    while begins(turn + 1) <= now {
        turn += 1;
    }
    let count = i64::try_from(people.len()).unwrap_or(1).max(1);
    let who = usize::try_from(turn.rem_euclid(count)).ok().and_then(|at| people.get(at));
    Duty { who: who.cloned().into_iter().collect(), from: Some(begins(turn)), until: Some(begins(turn + 1)) }
}

/// A local time as a moment: the earlier of two readings where clocks go back, the first moment after the
/// gap where they jump over it.
pub(in crate::respond) fn utc(local: NaiveDateTime, zone: Tz) -> Time {
    // Gaps end at whole minutes, and no zone's is longer than a day.
    let mut minutes = (0..=1440).map(|minute| {
        let later = local + TimeDelta::minutes(minute);
        if minute == 0 {
            later
        } else {
            later - TimeDelta::seconds(i64::from(chrono::Timelike::second(&later)))
        }
    });
    minutes
        .find_map(|local| zone.from_local_datetime(&local).earliest())
        .map_or_else(|| local.and_utc(), |at| at.to_utc())
}
