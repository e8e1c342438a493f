//! When an incident goes a level up: a pure question of its severity, its age, and whether somebody has it.

use chrono::TimeDelta;

use crate::model::Time;
use crate::pack::Rung;

/// The rungs that are due, each with its place.
pub fn due(rungs: &[Rung], opened_at: Time, now: Time) -> impl Iterator<Item = (usize, &Rung)> {
    rungs.iter().enumerate().filter(move |(_, rung)| at(rung, opened_at) <= now)
}

/// When the next rung is due that is not yet.
pub fn next(rungs: &[Rung], opened_at: Time, now: Time) -> Option<Time> {
    rungs.iter().map(|rung| at(rung, opened_at)).filter(|at| *at > now).min()
}

fn at(rung: &Rung, opened_at: Time) -> Time {
    opened_at + TimeDelta::seconds(i64::from(rung.after_s))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rungs_come_due_one_after_another() {
        let rungs: Vec<Rung> = [(0, "oncall"), (900, "head"), (1800, "administration")]
            .map(|(after_s, level)| Rung { after_s, level: level.to_owned() })
            .to_vec();
        let opened: Time = "2026-11-22T06:12:00Z".parse().expect("a time");
        let levels = |minutes: i64| {
            due(&rungs, opened, opened + TimeDelta::minutes(minutes))
                .map(|(_, rung)| rung.level.as_str())
                .collect::<Vec<_>>()
        };
        assert_eq!(levels(0), ["oncall"]);
        assert_eq!(levels(14), ["oncall"]);
        assert_eq!(levels(15), ["oncall", "head"]);
        assert_eq!(levels(300), ["oncall", "head", "administration"]);
        assert_eq!(next(&rungs, opened, opened), Some(opened + TimeDelta::minutes(15)));
        assert_eq!(next(&rungs, opened, opened + TimeDelta::minutes(30)), None);
    }
}
