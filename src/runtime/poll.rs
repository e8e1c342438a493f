//! When to ask: every question at its own pace with jitter, failures with back-off, nothing that is
//! not in sight. Pure: time is a number of milliseconds that the caller gives.

use std::collections::HashMap;

use crate::model::FaultKind;
use crate::model::ask::Key;
use crate::state::Want;

/// Longest wait between tries of a source that fails, seconds.
const MOST_BACKOFF_S: u64 = 60;
/// Wait after a refused query: nobody but a person can change that.
const REFUSED_S: u64 = 60;
/// How much earlier than due a question may go along with others, in milliseconds for each second
/// of its interval: a tenth, as much as the jitter.
const EARLY_MS: u64 = 100;
/// How long an entry out of sight is remembered, so that coming back soon asks nothing too early.
const FORGET_MS: u64 = 600_000;

/// Schedule of all questions.
#[derive(Debug, Default)]
pub struct Schedule {
    entries: HashMap<Key, Entry>,
    /// Number of the last plan.
    round: u64,
}

#[derive(Debug)]
struct Entry {
    due: u64,
    every_s: u32,
    failures: u32,
    in_flight: bool,
    /// When it was last wanted, and in which plan.
    touched: u64,
    ended: u64,
    round: u64,
}

/// What came of a question, as far as the schedule cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// An answer.
    Answered,
    /// A failure, with the wait that the server asked for.
    Failed(FaultKind, Option<u64>),
}

/// What is to be done now.
#[derive(Debug, Default, PartialEq)]
pub struct Plan {
    /// Questions to ask.
    pub start: Vec<Key>,
    /// Questions in flight that nobody wants any more.
    pub abort: Vec<Key>,
}

impl Schedule {
    /// What to ask and what to abort, for what is wanted now.
    pub fn plan(&mut self, now: u64, wants: &[Want]) -> Plan {
        let mut plan = Plan::default();
        self.round += 1;
        let mut soon = Vec::new();
        for want in wants {
            if !self.entries.contains_key(&want.key) {
                let (every_s, round) = (want.every_s, self.round);
                let new =
                    Entry { due: now, every_s, failures: 0, in_flight: false, touched: now, ended: 0, round };
                self.entries.insert(want.key.clone(), new);
            }
            let Some(entry) = self.entries.get_mut(&want.key) else { continue };
            entry.every_s = want.every_s;
            entry.touched = now;
            entry.round = self.round;
            if entry.in_flight {
                continue;
            }
            if entry.due <= now {
                entry.in_flight = true;
                plan.start.push(want.key.clone());
            } else if entry.failures == 0 && entry.due <= now + u64::from(entry.every_s) * EARLY_MS {
                soon.push(&want.key);
            }
        }
        // What is due anyway in a moment goes along: one wake and one frame for all of them.
        if !plan.start.is_empty() {
            for key in soon {
                if let Some(entry) = self.entries.get_mut(key) {
                    entry.in_flight = true;
                    plan.start.push(key.clone());
                }
            }
        }
        for (key, entry) in &mut self.entries {
            if entry.in_flight && entry.round != self.round {
                entry.in_flight = false;
                entry.due = now;
                plan.abort.push(key.clone());
            }
        }
        self.entries.retain(|_, entry| entry.in_flight || now.saturating_sub(entry.touched) < FORGET_MS);
        plan
    }

    /// A planned question had nothing new to ask for: look again in a second.
    pub fn nothing_new(&mut self, key: &Key, now: u64) {
        if let Some(entry) = self.entries.get_mut(key) {
            entry.in_flight = false;
            entry.due = now + 1000;
            entry.ended = now;
        }
    }

    /// Nothing is known to a question that was answered: it is due soon, not at its next turn. Not at
    /// once, so that an answer that the store cannot use is not asked for without end.
    pub fn unknown(&mut self, key: &Key, now: u64) {
        if let Some(entry) = self.entries.get_mut(key).filter(|entry| !entry.in_flight && entry.failures == 0)
        {
            entry.due = entry.due.min(entry.ended.saturating_add(1000)).max(now);
        }
    }

    /// A question has been answered or has failed. `roll` is a random number in 0..1.
    pub fn finished(&mut self, key: &Key, now: u64, outcome: Outcome, roll: f64) {
        let Some(entry) = self.entries.get_mut(key) else { return };
        entry.in_flight = false;
        entry.ended = now;
        let every = u64::from(entry.every_s.max(1));
        let wait_ms = match outcome {
            Outcome::Answered => {
                entry.failures = 0;
                if entry.every_s == 0 {
                    entry.due = u64::MAX;
                    return;
                }
                // Up to a tenth early, so that many consoles do not ask in step.
                (every as f64 * 1000.0 * (1.0 - 0.1 * roll)) as u64
            }
            Outcome::Failed(kind, asked_for) => {
                entry.failures = entry.failures.saturating_add(1);
                let doubled = every.saturating_mul(1 << (entry.failures - 1).min(6));
                let seconds = if kind.is_transient() {
                    doubled.min(MOST_BACKOFF_S).max(every.min(5))
                } else {
                    REFUSED_S
                };
                let jittered = (seconds as f64 * 1000.0 * (0.75 + 0.5 * roll)) as u64;
                jittered.max(asked_for.unwrap_or(0).min(600_000))
            }
        };
        entry.due = now + wait_ms.max(200);
    }

    /// When something is due next among what is wanted; `None` when everything is in flight or done.
    pub fn next_due(&self, wants: &[Want]) -> Option<u64> {
        wants
            .iter()
            .filter_map(|want| self.entries.get(&want.key))
            .filter(|entry| !entry.in_flight && entry.due != u64::MAX)
            .map(|entry| entry.due)
            .min()
    }

    /// Makes everything due now.
    pub fn refresh(&mut self, now: u64) {
        for entry in self.entries.values_mut() {
            entry.due = now;
            entry.failures = 0;
        }
    }

    /// Forgets everything: another window or context. Returns what is in flight.
    pub fn reset(&mut self) -> Vec<Key> {
        let flying = self.entries.drain().filter(|(_, entry)| entry.in_flight).map(|(key, _)| key);
        flying.collect()
    }

    /// Forgets what belongs to a window (queries), and returns what of it is in flight.
    pub fn reset_window(&mut self) -> Vec<Key> {
        let windowed = |key: &Key| matches!(key, Key::Instant(_) | Key::Range(..));
        let flying = self
            .entries
            .iter()
            .filter(|(key, entry)| windowed(key) && entry.in_flight)
            .map(|(key, _)| key.clone());
        let flying: Vec<Key> = flying.collect();
        self.entries.retain(|key, _| !windowed(key));
        flying
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn want(key: Key, every_s: u32) -> Want {
        Want { key, every_s }
    }

    #[test]
    fn a_question_is_asked_at_once_then_at_its_pace() {
        let mut schedule = Schedule::default();
        let wants = [want(Key::Alerts, 5), want(Key::Rules, 5)];
        assert_eq!(schedule.plan(0, &wants).start, [Key::Alerts, Key::Rules]);
        assert_eq!(schedule.plan(10, &wants), Plan::default(), "nothing is asked twice at a time");
        schedule.finished(&Key::Alerts, 100, Outcome::Answered, 0.0);
        assert_eq!(schedule.next_due(&wants), Some(5100));
        assert_eq!(schedule.plan(5099, &wants), Plan::default());
        assert_eq!(schedule.plan(5100, &wants).start, [Key::Alerts]);
    }

    #[test]
    fn what_is_not_in_sight_does_not_poll_and_what_flies_for_it_is_aborted() {
        let mut schedule = Schedule::default();
        let wants = [want(Key::Alerts, 5), want(Key::Targets, 5)];
        schedule.plan(0, &wants);
        schedule.finished(&Key::Alerts, 50, Outcome::Answered, 0.0);
        let plan = schedule.plan(60, &wants[..1]);
        assert_eq!((plan.start, plan.abort), (vec![], vec![Key::Targets]));
        assert_eq!(schedule.next_due(&wants[..1]), Some(5050));
        assert_eq!(
            schedule.plan(100, &wants).start,
            [Key::Targets],
            "back in sight, its answer is still owed"
        );
    }

    #[test]
    fn what_is_nearly_due_goes_along_but_not_what_failed() {
        let mut schedule = Schedule::default();
        let wants =
            [want(Key::Alerts, 5), want(Key::Rules, 5), want(Key::Silences, 5), want(Key::Targets, 5)];
        schedule.plan(0, &wants);
        schedule.finished(&Key::Alerts, 0, Outcome::Answered, 0.0);
        schedule.finished(&Key::Rules, 400, Outcome::Answered, 0.0);
        schedule.finished(&Key::Silences, 600, Outcome::Answered, 0.0);
        schedule.finished(&Key::Targets, 100, Outcome::Failed(FaultKind::Connect, None), 0.5);
        assert_eq!(schedule.plan(4_990, &wants), Plan::default(), "nothing is early by itself");
        assert_eq!(schedule.plan(5_000, &wants).start, [Key::Alerts, Key::Rules]);
    }

    #[test]
    fn failures_back_off_to_a_minute_and_an_answer_ends_that() {
        let mut schedule = Schedule::default();
        let wants = [want(Key::Alerts, 5)];
        let mut now = 0;
        let mut waits = Vec::new();
        for _ in 0..7 {
            assert_eq!(schedule.plan(now, &wants).start, [Key::Alerts]);
            schedule.finished(&Key::Alerts, now, Outcome::Failed(FaultKind::Connect, None), 0.5);
            let next = schedule.next_due(&wants).expect("due again");
            waits.push((next - now) / 1000);
            now = next;
        }
        assert_eq!(waits, [5, 10, 20, 40, 60, 60, 60]);
        schedule.plan(now, &wants);
        schedule.finished(&Key::Alerts, now, Outcome::Answered, 0.0);
        assert_eq!(schedule.next_due(&wants), Some(now + 5000));
    }

    #[test]
    fn a_server_that_names_a_wait_gets_it_and_a_refused_query_waits_long() {
        let mut schedule = Schedule::default();
        let wants = [want(Key::Alerts, 5), want(Key::Rules, 5)];
        schedule.plan(0, &wants);
        schedule.finished(&Key::Alerts, 0, Outcome::Failed(FaultKind::TooManyRequests, Some(30_000)), 0.0);
        schedule.finished(&Key::Rules, 0, Outcome::Failed(FaultKind::BadQuery, None), 0.5);
        assert_eq!(schedule.next_due(&wants[..1]), Some(30_000));
        assert_eq!(schedule.next_due(&wants[1..]), Some(60_000));
    }

    #[test]
    fn what_is_wanted_once_is_asked_once_unless_it_failed() {
        let mut schedule = Schedule::default();
        let wants = [want(Key::ExternalLabels, 0)];
        schedule.plan(0, &wants);
        schedule.finished(&Key::ExternalLabels, 0, Outcome::Failed(FaultKind::Timeout, None), 0.0);
        assert!(schedule.next_due(&wants).is_some());
        assert_eq!(schedule.plan(10_000, &wants).start, [Key::ExternalLabels]);
        schedule.finished(&Key::ExternalLabels, 10_000, Outcome::Answered, 0.0);
        assert_eq!(schedule.next_due(&wants), None);
        assert_eq!(schedule.plan(1_000_000, &wants).start, []);
    }

    #[test]
    fn what_is_no_longer_known_is_asked_soon_but_never_without_end() {
        let mut schedule = Schedule::default();
        let key = Key::Range("up".into(), 14_400);
        let wants = [want(key.clone(), 14_400)];
        schedule.plan(0, &wants);
        schedule.unknown(&key, 10);
        assert_eq!(schedule.plan(10, &wants).start, [], "it is in flight");
        schedule.finished(&key, 100, Outcome::Answered, 0.0);
        assert_eq!(schedule.next_due(&wants), Some(14_400_100));
        schedule.unknown(&key, 200);
        assert_eq!(
            schedule.next_due(&wants),
            Some(1100),
            "an answer that is no answer is asked for a second later"
        );
        schedule.unknown(&key, 50_000);
        assert_eq!(
            schedule.plan(50_000, &wants).start,
            std::slice::from_ref(&key),
            "back in sight after its answer was dropped"
        );
        schedule.finished(&key, 50_100, Outcome::Failed(FaultKind::Connect, None), 0.5);
        let backed_off = schedule.next_due(&wants);
        schedule.unknown(&key, 50_200);
        assert_eq!(schedule.next_due(&wants), backed_off, "back-off stands");
    }

    #[test]
    fn another_window_forgets_queries_alone() {
        let mut schedule = Schedule::default();
        let query = Key::Instant("up".into());
        let wants = [want(Key::Alerts, 5), want(query.clone(), 5)];
        schedule.plan(0, &wants);
        assert_eq!(schedule.reset_window(), std::slice::from_ref(&query));
        assert_eq!(schedule.plan(1, &wants).start, [query]);
    }
}
