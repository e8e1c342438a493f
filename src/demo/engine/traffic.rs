//! People: they come by the day's curve, sign in, work, and leave.

use std::sync::Arc;

use super::Engine;
use super::agenda::Event;
use super::draw::{Purpose, rng};
use super::request::Asked;
use crate::demo::event::{Cause, Outcome, Sink};
use crate::demo::rng::Rng;
use crate::demo::world::{ClassId, World};

/// Where numbers of sessions come from: those who come, those who were there already, strangers.
const COME: u64 = 0;
pub(super) const STRANGER: u64 = 1;
const THERE: u64 = 2;

/// A person is less patient after a failure.
const AFTER_FAILURE: f64 = 0.35;
/// So many failures in a row and a person does something else for a while (median, microseconds),
/// then signs in again: patients do not go away.
const MOST_FAILURES: u8 = 6;
const BREAK_US: f64 = 110e6;
/// What is done on paper meanwhile.
const ON_PAPER: u16 = 4;
/// Requests of one session that can be numbered.
const MOST_REQUESTS: u16 = 1000;
/// Median time until a person corrects what a model got wrong, microseconds.
const CORRECTION_US: f64 = 6e6;

/// A person at work.
#[derive(Clone, Debug)]
pub(super) struct Session {
    /// Its number and that of its next request.
    number: u64,
    next: u16,
    pub(super) department: u8,
    role: u8,
    user: u32,
    /// The kind of login; `None` once inside.
    login: Option<ClassId>,
    attempts: u8,
    /// How this person signs in.
    way_in: Option<ClassId>,
    operations: u16,
    failures: u8,
    correction: Option<ClassId>,
}

/// What can be said of everybody beforehand.
#[derive(Debug)]
pub(super) struct Habits {
    /// By department: kinds of requests with their shares added up, logins by themselves.
    operations: Vec<Vec<(f64, ClassId)>>,
    logins: Vec<Vec<(f64, ClassId)>>,
    /// By department: first person and how many.
    pub(super) people: Vec<(u32, u32)>,
    roles: Vec<f64>,
    /// Sessions a second at most, by department.
    peaks: Vec<f64>,
}

impl Habits {
    pub(super) fn of(world: &World) -> Self {
        let among = |department: usize, login: bool| {
            let mut sum = 0.0;
            let mut list = Vec::new();
            for (at, class) in world.classes.iter().enumerate() {
                let share = class.shares.get(department).copied().unwrap_or_default();
                if class.login.is_some() == login && share > 0.0 {
                    sum += share;
                    list.push((sum, at as ClassId));
                }
            }
            list
        };
        let departments = 0..world.departments.len();
        let whole: f64 = world.departments.iter().map(|department| department.share).sum::<f64>().max(1e-9);
        let mut first = 0;
        let people = world.departments.iter().map(|department| {
            let count = (f64::from(world.traffic.people) * department.share / whole).max(1.0) as u32;
            first += count;
            (first - count, count)
        });
        let mut sum = 0.0;
        let roles = world.roles.iter().map(|role| {
            sum += role.share;
            sum
        });
        let burst = world.distractors.burst.max(1.0) * world.traffic.weekend.max(1.0);
        let peaks = departments.clone().map(|at| {
            let most = world.traffic.hours[at].iter().copied().fold(0.0, f64::max);
            world.traffic.sessions_per_h / 3600.0 * world.departments[at].share / whole * most * burst
        });
        Self {
            operations: departments.clone().map(|at| among(at, false)).collect(),
            logins: departments.clone().map(|at| among(at, true)).collect(),
            people: people.collect(),
            roles: roles.collect(),
            peaks: peaks.collect(),
        }
    }
}

/// The value of a curve of 24 hours at an hour with its fraction.
pub(super) fn at_hour(curve: &[f64], hour: f64) -> f64 {
    let at = hour.rem_euclid(24.0);
    let (now, next) = (at as usize % 24, (at as usize + 1) % 24);
    let part = at - libm::floor(at);
    curve[now] * (1.0 - part) + curve[next] * part
}

/// One of a list by its shares added up.
fn choose(list: &[(f64, ClassId)], rng: &mut Rng) -> Option<ClassId> {
    let at = rng.unit() * list.last()?.0;
    list.iter().find(|(sum, _)| at < *sum).or_else(|| list.last()).map(|(_, class)| *class)
}

impl Engine {
    /// Fills the house with those who were there before the day began, and lets others come.
    pub(super) fn open(&mut self) {
        let world = self.world.clone();
        let stay_s = world.traffic.operations * mean(world.traffic.think_us) / 1e6;
        for department in 0..world.departments.len() as u8 {
            let there = (self.rate(department, self.start_us) * stay_s) as u64;
            for at in 0..there {
                self.enter(department, THERE << 32 | u64::from(department) << 18 | at);
            }
            self.next_arrival(department, self.start_us);
        }
    }

    /// Sessions a second that begin.
    fn rate(&self, department: u8, at_us: i64) -> f64 {
        let world = &self.world;
        let at = usize::from(department);
        let whole: f64 = world.departments.iter().map(|department| department.share).sum();
        let curve = at_hour(&world.traffic.hours[at], self.hour(at_us));
        let weekend = if self.weekend { world.traffic.weekend } else { 1.0 };
        let burst = self.distractors.burst(department, at_us);
        world.traffic.sessions_per_h / 3600.0 * world.departments[at].share / whole.max(1e-9)
            * curve
            * weekend
            * burst
    }

    fn next_arrival(&mut self, department: u8, after_us: i64) {
        let at = usize::from(department);
        let peak = self.habits.peaks[at];
        if peak <= 0.0 {
            return;
        }
        let tried = self.tried[at];
        let mut draw = rng(self.seed, Purpose::Arrive, [self.day_key() | u64::from(department), tried]);
        let gap = (draw.exponential(1e6 / peak) as i64).max(1);
        self.agenda.plan(after_us + gap, Event::Arrive { department });
    }

    /// Thinning: candidates come at the highest rate there is, and some are let in.
    pub(super) fn arrive_person(&mut self, department: u8) {
        let at = usize::from(department);
        let tried = self.tried[at];
        self.tried[at] += 1;
        let mut draw = rng(self.seed, Purpose::Arrive, [self.day_key() | u64::from(department) | 64, tried]);
        if draw.chance(self.rate(department, self.now_us) / self.habits.peaks[at]) {
            self.enter(department, COME << 32 | u64::from(department) << 18 | (tried & 0x3_ffff));
        }
        self.next_arrival(department, self.now_us);
    }

    fn enter(&mut self, department: u8, id: u64) {
        let world = self.world.clone();
        let at = usize::from(department);
        let there = id >> 32 == THERE;
        let number = self.number(id >> 32, (id & 0x3f_ffff) << 10);
        let mut draw = rng(self.seed, Purpose::Session, [number, 0]);
        let (first, count) = self.habits.people[at];
        let user = first + draw.below(u64::from(count)) as u32;
        let operations = (1.0 + draw.exponential(world.traffic.operations - 1.0)).min(900.0);
        let login = choose(&self.habits.logins[at], &mut draw);
        let mut begins = 0;
        if there {
            begins = (draw.unit() * mean(world.traffic.think_us)) as i64;
        }
        let session = self.sessions.insert(Session {
            number,
            next: 0,
            department,
            role: self.role(user),
            user,
            login: if there { None } else { login },
            attempts: 0,
            way_in: login,
            operations: operations as u16,
            failures: 0,
            correction: None,
        });
        self.present[at] += 1;
        self.agenda.plan(self.now_us + begins, Event::Act { session });
    }

    pub(super) fn role(&self, user: u32) -> u8 {
        let roles = &self.habits.roles;
        let at =
            rng(self.seed, Purpose::Role, [u64::from(user), 0]).unit() * roles.last().copied().unwrap_or(0.0);
        roles.iter().position(|sum| at < *sum).unwrap_or(0) as u8
    }

    /// A person does the next thing.
    pub(super) fn act(&mut self, id: u32, out: &mut dyn Sink) {
        let habits = Arc::clone(&self.habits);
        let Some(session) = self.sessions.get_mut(id) else { return };
        let number = session.number + u64::from(session.next);
        session.next += 1;
        let mut draw = rng(self.seed, Purpose::Operation, [number, 0]);
        let drawn = choose(&habits.operations[usize::from(session.department)], &mut draw);
        let class = session.login.or(session.correction.take()).or(drawn);
        let Some(class) = class else { return };
        let asked = Asked {
            number,
            class,
            department: session.department,
            role: session.role,
            user: session.user,
            foreign: false,
            session: Some(id),
        };
        self.ask(asked, out);
    }

    /// A person has an answer, and thinks.
    pub(super) fn answered(&mut self, id: u32, class: ClassId, outcome: Outcome, unsure: bool) {
        let world = self.world.clone();
        let Some(session) = self.sessions.get_mut(id) else { return };
        let mut draw = rng(self.seed, Purpose::Think, [session.number, u64::from(session.next)]);
        let mut pause = draw.log_normal(world.traffic.think_us.0, world.traffic.think_us.1);
        let refused = matches!(outcome, Outcome::Failed(Cause::NotFound | Cause::Forbidden));
        if outcome == Outcome::Ok || refused {
            session.failures = 0;
            if session.login.take().is_none() {
                session.operations = session.operations.saturating_sub(1);
            }
            if unsure && let Some(correction) = world.classes[usize::from(class)].corrected_by {
                session.correction = Some(correction);
                pause = draw.log_normal(CORRECTION_US, 0.4);
            }
        } else {
            session.failures += 1;
            pause *= AFTER_FAILURE;
            if outcome == Outcome::Failed(Cause::Unauthorized) && session.login.is_some() {
                session.attempts += 1;
            } else if session.failures >= MOST_FAILURES {
                session.failures = 0;
                session.login = session.way_in;
                session.operations = session.operations.saturating_sub(ON_PAPER);
                pause = draw.log_normal(BREAK_US, 0.4);
            }
        }
        let given_up =
            u32::from(session.attempts) >= world.traffic.login_attempts || session.next >= MOST_REQUESTS;
        let done = session.operations == 0 && session.correction.is_none() && session.login.is_none();
        if given_up || done {
            let department = session.department;
            self.sessions.remove(id);
            self.present[usize::from(department)] -= 1;
            return;
        }
        self.agenda.plan(self.now_us + pause as i64, Event::Act { session: id });
    }

    /// A request's number: day, where it comes from, which one.
    pub(super) fn number(&self, kind: u64, which: u64) -> u64 {
        (self.day as u64 & 0x3f_ffff) << 34 | kind << 32 | which
    }

    /// The day, so that something small can stand beside it.
    pub(super) fn day_key(&self) -> u64 {
        (self.day as u64 & 0x3f_ffff) << 8
    }
}

/// Mean of a log-normal distribution.
fn mean((median, sigma): (f64, f64)) -> f64 {
    median * libm::exp(sigma * sigma / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_runs_straight_between_hours_and_around_midnight() {
        let mut curve = vec![0.0; 24];
        curve[23] = 1.0;
        curve[0] = 3.0;
        assert_eq!(
            [23.0, 23.5, 0.0, 0.25, 24.0].map(|hour| at_hour(&curve, hour)),
            [1.0, 2.0, 3.0, 2.25, 3.0]
        );
    }
}
