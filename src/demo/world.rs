//! The place itself, read from a pack: services, people, kinds of requests, the machine, what can go
//! wrong. Owns the types and the calendar of the model's days; reading is in the files of `read`.

mod faults;
mod machine;
mod read;

use std::sync::Arc;

use chrono::{Datelike, NaiveDate, NaiveTime, TimeDelta, TimeZone};

pub use faults::{Batch, Distractors, Effect, FaultShape, Target};
pub use machine::{Heat, Machine, Memory};

use super::event::Cause;
use crate::document::{Document, Problem, Problems};
use crate::pack::{DemoFile, Pack};

/// Index into [`World::services`].
pub type ServiceId = u8;
/// Index into [`World::classes`].
pub type ClassId = u16;
/// Index into [`World::models`].
pub type ModelId = u8;

/// Everything a pack's `demo/world.toml` says.
#[derive(Clone, Debug, PartialEq)]
pub struct World {
    /// Where bare times of day are.
    pub zone: chrono_tz::Tz,
    /// Hour of the day (in the zone) at which every process is restarted in turn; a day of the
    /// model begins there.
    pub day_starts_h: u8,
    /// Processes that take part in requests, machines' exporters included.
    pub services: Vec<Service>,
    /// Departments, or what the field has in their place; at most 16.
    pub departments: Vec<Share>,
    /// Roles of people.
    pub roles: Vec<Share>,
    /// Models that compute.
    pub models: Vec<Model>,
    /// Kinds of requests.
    pub classes: Vec<Class>,
    /// The service in front, at which every request begins.
    pub front: ServiceId,
    /// The service whose callers keep pools of connections to it.
    pub database: Option<ServiceId>,
    /// How people come, work and leave.
    pub traffic: Traffic,
    /// The machine that runs everything.
    pub machine: Machine,
    /// What each kind of fault does here; a kind that does not stand here cannot happen.
    pub faults: Vec<FaultShape>,
    /// Harmless things.
    pub distractors: Distractors,
}

/// How people come, work and leave.
#[derive(Clone, Debug, PartialEq)]
pub struct Traffic {
    /// People who may come at all.
    pub people: u32,
    /// Sessions an hour, over all departments, when their curves stand at 1.
    pub sessions_per_h: f64,
    /// Mean number of operations of a session, after its login.
    pub operations: f64,
    /// Time between two operations: median in microseconds, standard deviation of its logarithm.
    pub think_us: (f64, f64),
    /// Factor on weekends.
    pub weekend: f64,
    /// By department: 24 factors, one for each full hour of the local day; between them linear.
    pub hours: Vec<Vec<f64>>,
    /// Attempts a person makes at the door before giving up.
    pub login_attempts: u32,
}

/// A word with its share of the whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Share {
    /// The label's value.
    pub id: Arc<str>,
    /// Weight, relative to the others'.
    pub share: f64,
}

/// One process.
#[derive(Clone, Debug, PartialEq)]
pub struct Service {
    /// `service.name`, and the `service` label of its logs.
    pub name: Arc<str>,
    /// `job` label of its metrics.
    pub job: Arc<str>,
    /// `instance` label.
    pub instance: Arc<str>,
    /// Seconds between two scrapes.
    pub scrape_s: u32,
    /// Requests it works on at once; the rest wait.
    pub workers: u32,
    /// Version, changed by a deploy.
    pub version: Arc<str>,
    /// How many may wait; who comes then is turned away.
    pub queue: u32,
    /// Connections to the database it keeps; 0: it has no pool.
    pub pool: u32,
    /// How long it waits for one of them, microseconds.
    pub pool_wait_us: i64,
    /// Cores that its work keeps busy (0.8: the rest of the time it waits for something).
    pub cores: f64,
    /// Cores it uses while nobody asks anything of it.
    pub idle_cores: f64,
    /// Bytes of memory it occupies when it has just begun and once it is warm.
    pub memory: (f64, f64),
    /// Microseconds a restart takes.
    pub restart_us: i64,
    /// Median of a garbage collection's pause in a healthy process, microseconds; 0: it has none.
    pub pause_us: f64,
}

/// A model that computes.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// `model_name` label.
    pub id: Arc<str>,
    /// Kind of input: text, audio, image, …
    pub input_type: Arc<str>,
    /// Who made it, for span attributes.
    pub provider: Arc<str>,
    /// Memory it occupies while loaded.
    pub memory_bytes: f64,
    /// Accuracy on a calm day, 0 to 1.
    pub accuracy: f64,
    /// Requests it works on at once.
    pub slots: u32,
    /// Confidence of a normal answer, 0 to 1, and how far it strays.
    pub confidence: (f64, f64),
    /// Share of the GPU that one request takes while it is worked on, 0 to 1.
    pub gpu: f64,
    /// Cores that one request takes beside it.
    pub cores: f64,
}

/// A kind of request: what it is called and what happens in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Class {
    /// The operation: `create_record`, `login`, …
    pub operation: Arc<str>,
    /// HTTP method.
    pub method: Arc<str>,
    /// HTTP route.
    pub route: Arc<str>,
    /// Share of all operations, by department; among logins: of all logins.
    pub shares: Vec<f64>,
    /// A login: by which method (0 password, 1 face recognition). Every session begins with one.
    pub login: Option<u8>,
    /// What a person does next when the models of this one were unsure of themselves (below
    /// `unsure`), such as correcting a text by hand.
    pub corrected_by: Option<ClassId>,
    /// Confidence below which people correct.
    pub unsure: f64,
    /// Bytes of a request and of its response: median, and standard deviation of the logarithm.
    pub bytes: [(f64, f64); 2],
    /// Steps, parents before children; the first is the whole.
    pub steps: Vec<Step>,
}

/// One piece of work within a request; becomes a span.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Span name.
    pub name: Arc<str>,
    /// Who does it.
    pub service: ServiceId,
    /// Index of the step it is part of; `None` for the first.
    pub parent: Option<u16>,
    /// The model that it runs.
    pub model: Option<ModelId>,
    /// Median time of its own work, and the standard deviation of its logarithm.
    pub own_us: (f64, f64),
    /// How long its caller waits for it; 0: as long as it takes.
    pub timeout_us: i64,
    /// How often its caller tries again after a failure that may pass.
    pub retries: u8,
    /// Chance that the request needs it at all.
    pub chance: f64,
    /// Chances to fail on a calm day, and why.
    pub failures: Vec<(Cause, f64)>,
    /// The steps that are part of this one, in their order (made from `parent`).
    pub children: Vec<u16>,
}

impl World {
    /// Reads a pack's `demo/world.toml`. Departments and models must be ones the pack knows; bare
    /// times are in its zone. The error is every problem of the file.
    pub fn parse(file: &DemoFile, pack: &Pack) -> Result<Self, Vec<Problem>> {
        let mut problems = Problems::new(&file.name, &file.text);
        let world = Document::parse(&file.text, &mut problems)
            .and_then(|document| read::world(&document.root(), pack, &mut problems));
        let problems = problems.into_list();
        match world {
            Some(world) if problems.is_empty() => Ok(world),
            _ => Err(problems),
        }
    }

    /// The day of the model (its number since 1970-01-01) in which a moment lies.
    pub fn day_of(&self, t_us: i64) -> i64 {
        // A guess in UTC, then the neighbours: a zone is less than a day off.
        let guess = t_us.div_euclid(DAY_US);
        [guess + 1, guess, guess - 1]
            .into_iter()
            .find(|day| self.day_start_us(*day) <= t_us)
            .unwrap_or(guess - 2)
    }

    /// When a day of the model begins, microseconds since the Unix epoch.
    pub fn day_start_us(&self, day: i64) -> i64 {
        let start = date(day).and_time(NaiveTime::default()) + TimeDelta::hours(i64::from(self.day_starts_h));
        // An hour that the zone skips is told as if it were UTC: off by hours, but defined.
        self.zone
            .from_local_datetime(&start)
            .earliest()
            .map_or_else(|| start.and_utc().timestamp_micros(), |local| local.timestamp_micros())
    }

    /// Whether a day of the model is a Saturday or Sunday.
    pub fn is_weekend(&self, day: i64) -> bool {
        date(day).weekday().number_from_monday() > 5
    }

    /// The local hour, with its fraction, at a moment of a day of the model; counted on from the
    /// day's start, so that it lies between 0 and 24 whatever the zone's clocks do that night.
    pub fn hour(&self, day: i64, t_us: i64) -> f64 {
        let since = (t_us - self.day_start_us(day)) as f64 / HOUR_US as f64;
        (since + f64::from(self.day_starts_h)).rem_euclid(24.0)
    }

    /// A service by its name.
    pub fn service(&self, name: &str) -> Option<ServiceId> {
        position(&self.services, name, |service| &service.name)
    }

    /// A department by its id.
    pub fn department(&self, id: &str) -> Option<u8> {
        position(&self.departments, id, |department| &department.id)
    }

    /// A model by its id.
    pub fn model(&self, id: &str) -> Option<ModelId> {
        position(&self.models, id, |model| &model.id)
    }
}

const HOUR_US: i64 = 3_600_000_000;
const DAY_US: i64 = 24 * HOUR_US;

fn date(day: i64) -> NaiveDate {
    NaiveDate::default() + TimeDelta::days(day)
}

fn position<T>(list: &[T], name: &str, of: impl Fn(&T) -> &Arc<str>) -> Option<u8> {
    list.iter().position(|item| **of(item) == *name).and_then(|at| u8::try_from(at).ok())
}
