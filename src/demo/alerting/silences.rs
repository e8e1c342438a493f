//! Silences: made, changed, expired; never lost before their time (`silence/silence.go` of
//! Alertmanager 0.25).

use crate::demo::rng::Rng;
use crate::model::alert::SilenceState;
use crate::model::{Labels, MatchOp, Matcher, Time};

use super::settings::is_label_name;

/// How long an expired silence is remembered (`data.retention`).
const RETENTION_H: i64 = 120;

/// A silence.
#[derive(Clone, Debug, PartialEq)]
pub struct Silence {
    /// Id: a UUID; empty for a new one.
    pub id: String,
    /// All must match.
    pub matchers: Vec<Matcher>,
    /// From when.
    pub starts_at: Time,
    /// Until when.
    pub ends_at: Time,
    /// When it was last changed.
    pub updated_at: Time,
    /// Who made it.
    pub created_by: String,
    /// Why.
    pub comment: String,
}

/// Why a silence was not taken, in Alertmanager's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SilenceError {
    /// There is none of this id.
    #[error("silence not found")]
    NotFound,
    /// It cannot be.
    #[error("silence invalid: {0}")]
    Invalid(String),
    /// It has ended before.
    #[error("silence {0} already expired")]
    Expired(String),
}

impl Silence {
    /// Its state at a moment.
    pub fn state(&self, now: Time) -> SilenceState {
        if now < self.starts_at {
            SilenceState::Pending
        } else if now >= self.ends_at {
            SilenceState::Expired
        } else {
            SilenceState::Active
        }
    }

    /// Whether it mutes an alert at a moment.
    pub fn mutes(&self, labels: &Labels, now: Time) -> bool {
        self.state(now) == SilenceState::Active && self.matchers.iter().all(|matcher| matcher.matches(labels))
    }

    fn check(&self) -> Result<(), SilenceError> {
        let invalid = |words: String| Err(SilenceError::Invalid(words));
        for (at, matcher) in self.matchers.iter().enumerate() {
            if !is_label_name(&matcher.name) {
                return invalid(format!("invalid label matcher {at}: invalid label name {:?}", matcher.name));
            }
        }
        let nothing = Labels::default();
        if self.matchers.iter().all(|matcher| matcher.matches(&nothing)) {
            return invalid("at least one matcher must not match the empty string".to_owned());
        }
        Ok(())
    }
}

/// All silences.
#[derive(Debug, Default)]
pub(super) struct Silences {
    all: Vec<Silence>,
    made: u64,
}

impl Silences {
    /// In Alertmanager's order: active before pending before expired; what ends first (of the expired:
    /// what ended last, of the pending: what starts first) stands first.
    pub(super) fn list(&mut self, now: Time) -> Vec<Silence> {
        self.all.retain(|silence| now - silence.ends_at < chrono::TimeDelta::hours(RETENTION_H));
        let mut all = self.all.clone();
        all.sort_by(|a, b| {
            let state = a.state(now);
            state.cmp(&b.state(now)).then_with(|| match state {
                SilenceState::Active => a.ends_at.cmp(&b.ends_at),
                SilenceState::Pending => a.starts_at.cmp(&b.starts_at),
                SilenceState::Expired => b.ends_at.cmp(&a.ends_at),
            })
        });
        all
    }

    /// One of them.
    pub(super) fn get(&self, id: &str) -> Option<&Silence> {
        self.all.iter().find(|silence| silence.id == id)
    }

    /// The ids of those that mute an alert, sorted.
    pub(super) fn muting(&self, labels: &Labels, now: Time) -> Vec<String> {
        let mut ids: Vec<String> = self
            .all
            .iter()
            .filter(|silence| silence.mutes(labels, now))
            .map(|silence| silence.id.clone())
            .collect();
        ids.sort();
        ids
    }

    /// Takes a new silence, or a change of the one whose id it has; gives the id that it has now. What
    /// may not be changed in place (its matchers, the start of one that has begun) ends the old one and
    /// makes a new one.
    pub(super) fn set(&mut self, mut silence: Silence, now: Time) -> Result<String, SilenceError> {
        let old = match silence.id.as_str() {
            "" => None,
            id => Some(self.all.iter().position(|old| old.id == id).ok_or(SilenceError::NotFound)?),
        };
        silence.check()?;
        silence.updated_at = now;
        if let Some(old) = old.and_then(|at| self.all.get_mut(at)) {
            if can_change(old, &silence, now) {
                let id = silence.id.clone();
                *old = silence;
                return Ok(id);
            }
            if old.state(now) != SilenceState::Expired {
                expire(old, now);
            }
        }
        self.made += 1;
        silence.id = uuid(now, self.made);
        silence.starts_at = silence.starts_at.max(now);
        let id = silence.id.clone();
        self.all.push(silence);
        Ok(id)
    }

    /// Ends a silence; it stays in the list.
    pub(super) fn expire(&mut self, id: &str, now: Time) -> Result<(), SilenceError> {
        let silence = self.all.iter_mut().find(|silence| silence.id == id).ok_or(SilenceError::NotFound)?;
        if silence.state(now) == SilenceState::Expired {
            return Err(SilenceError::Expired(id.to_owned()));
        }
        expire(silence, now);
        Ok(())
    }
}

fn expire(silence: &mut Silence, now: Time) {
    silence.starts_at = silence.starts_at.min(now);
    silence.ends_at = now;
    silence.updated_at = now;
}

fn can_change(old: &Silence, new: &Silence, now: Time) -> bool {
    old.matchers == new.matchers
        && match old.state(now) {
            SilenceState::Active => {
                old.starts_at.timestamp() == new.starts_at.timestamp() && new.ends_at >= now
            }
            SilenceState::Pending => new.starts_at >= now,
            SilenceState::Expired => false,
        }
}

/// A version 4 UUID that nobody else gets.
fn uuid(now: Time, made: u64) -> String {
    let mut rng = Rng::of(&[now.timestamp_micros() as u64, made]);
    let (high, low) = (rng.bits(), rng.bits());
    let high = high & !0xf000 | 0x4000;
    let low = low & !(0b11 << 62) | 0b10 << 62;
    format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xffff,
        low >> 48,
        low & 0xffff_ffff_ffff
    )
}

/// A matcher as silences carry it; the error is Alertmanager's.
pub(crate) fn matcher(
    at: usize,
    name: &str,
    value: &str,
    is_regex: bool,
    is_equal: bool,
) -> Result<Matcher, SilenceError> {
    let op = match (is_equal, is_regex) {
        (true, false) => MatchOp::Equal,
        (false, false) => MatchOp::NotEqual,
        (true, true) => MatchOp::Regex,
        (false, true) => MatchOp::NotRegex,
    };
    Matcher::new(name, op, value).map_err(|_| {
        SilenceError::Invalid(format!(
            "invalid label matcher {at}: invalid regular expression {value:?}: error parsing regexp: `{value}`"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    fn now() -> Time {
        "2026-11-20T06:12:00Z".parse().expect("a time")
    }

    fn minutes(n: i64) -> Time {
        now() + TimeDelta::minutes(n)
    }

    fn silence(id: &str, matchers: &str, from: i64, to: i64) -> Silence {
        Silence {
            id: id.to_owned(),
            matchers: matchers.split(',').map(|text| Matcher::parse(text).expect("a matcher")).collect(),
            starts_at: minutes(from),
            ends_at: minutes(to),
            updated_at: now(),
            created_by: "ana".to_owned(),
            comment: "night".to_owned(),
        }
    }

    #[test]
    fn a_silence_mutes_in_its_time_and_what_it_matches_as_a_whole() {
        let mut all = Silences::default();
        let id =
            all.set(silence("", "alertname=~\"Mac.*\",severity!=\"none\"", 10, 20), now()).expect("taken");
        let mac = Labels::new([("alertname", "MacStudioHighCPU"), ("severity", "warning")]);
        let other = mac.with("alertname", "NoMacHere");
        for (at, muted) in [(9, false), (10, true), (19, true), (20, false)] {
            assert_eq!(all.muting(&mac, minutes(at)) == [id.clone()], muted, "{at}");
        }
        assert!(all.muting(&other, minutes(15)).is_empty(), "a regular expression matches the whole");
        assert_eq!(all.list(minutes(15))[0].state(minutes(15)), SilenceState::Active);
    }

    #[test]
    fn an_update_keeps_the_id_only_when_it_may() {
        let mut all = Silences::default();
        let id = all.set(silence("", "a=\"b\"", -5, 20), now()).expect("taken");
        let started = all.get(&id).expect("there").starts_at;
        assert_eq!(started, now(), "nothing is silenced in the past");
        let longer = Silence { starts_at: started, ..silence(&id, "a=\"b\"", 0, 60) };
        assert_eq!(all.set(longer, minutes(1)), Ok(id.clone()));
        assert_eq!(all.get(&id).map(|s| (s.ends_at, s.updated_at)), Some((minutes(60), minutes(1))));
        // Another start: a new one, and the old one ends.
        let new = all.set(silence(&id, "a=\"b\"", 2, 60), minutes(2)).expect("taken");
        assert_ne!(new, id);
        assert_eq!(all.get(&id).map(|s| s.state(minutes(2))), Some(SilenceState::Expired));
        // Other matchers too.
        let other = all.set(Silence { starts_at: minutes(2), ..silence(&new, "a=\"c\"", 2, 60) }, minutes(3));
        assert!(other.is_ok_and(|other| other != new));
        assert_eq!(all.set(silence("nope", "a=\"b\"", 0, 5), now()), Err(SilenceError::NotFound));
    }

    #[test]
    fn expiring_keeps_it_in_the_list_for_five_days() {
        let mut all = Silences::default();
        let id = all.set(silence("", "a=\"b\"", 10, 20), now()).expect("taken");
        assert_eq!(all.expire(&id, minutes(1)), Ok(()));
        assert_eq!(all.expire(&id, minutes(2)), Err(SilenceError::Expired(id.clone())));
        assert_eq!(all.expire("x", minutes(2)), Err(SilenceError::NotFound));
        assert_eq!(all.list(minutes(3)).len(), 1);
        assert_eq!(all.list(minutes(6 * 24 * 60)).len(), 0);
    }

    #[test]
    fn what_mutes_everything_is_refused() {
        let mut all = Silences::default();
        for matchers in ["a=\"\"", "a=~\".*\"", "a!=\"x\""] {
            let said = all.set(silence("", matchers, 0, 5), now());
            assert!(matches!(said, Err(SilenceError::Invalid(_))), "{matchers}: {said:?}");
        }
    }

    #[test]
    fn ids_are_version_4_uuids_and_differ() {
        let ids: std::collections::BTreeSet<String> = (0..500).map(|n| uuid(now(), n)).collect();
        assert_eq!(ids.len(), 500);
        assert!(ids.iter().all(|id| id.len() == 36 && &id[14..15] == "4" && "89ab".contains(&id[19..20])));
    }
}
