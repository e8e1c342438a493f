//! Fields of an event: what a label may be made of and a filter may ask for. Every field has a
//! known, finite set of values, so that a series is found by arithmetic instead of hashing.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::demo::event::{Cause, Outcome};
use crate::demo::world::World;

/// What fields are about; several fields may be about one thing (a model's id and its kind of input).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dim {
    /// Kind of request.
    Class,
    /// Department.
    Department,
    /// Role of the person.
    Role,
    /// How somebody signs in.
    Method,
    /// From inside or outside the house.
    Origin,
    /// What its handling wrote into the log: nothing personal, or what identifies a patient.
    Logging,
    /// HTTP status.
    Status,
    /// How it ended, and why.
    Cause,
    /// Model that ran.
    Model,
    /// Name of the step.
    Step,
    /// Service that did it.
    Service,
    /// Service at the other end.
    Peer,
}

/// How many there are.
pub const DIMS: usize = 12;
/// The event has no such thing.
pub const NONE: u16 = u16::MAX;
/// An event's values, by [`Dim`].
pub type Facts = [u16; DIMS];

/// A field's name in `metrics.toml` and what it is about.
const FIELDS: [(&str, Dim); 17] = [
    ("operation", Dim::Class),
    ("http_method", Dim::Class),
    ("route", Dim::Class),
    ("department", Dim::Department),
    ("role", Dim::Role),
    ("method", Dim::Method),
    ("origin", Dim::Origin),
    ("logging", Dim::Logging),
    ("status", Dim::Status),
    ("outcome", Dim::Cause),
    ("cause", Dim::Cause),
    ("model", Dim::Model),
    ("input_type", Dim::Model),
    ("step", Dim::Step),
    ("service", Dim::Service),
    ("job", Dim::Service),
    ("peer", Dim::Peer),
];

const METHODS: [&str; 2] = ["password", "face"];
const ORIGINS: [&str; 2] = ["inside", "outside"];
const LOGGINGS: [&str; 2] = ["clean", "personal"];
/// Statuses that a server of this kind answers with; the last stands for any other.
const STATUSES: [(u16, &str); 15] = [
    (200, "200"),
    (201, "201"),
    (202, "202"),
    (204, "204"),
    (400, "400"),
    (401, "401"),
    (403, "403"),
    (404, "404"),
    (408, "408"),
    (409, "409"),
    (429, "429"),
    (502, "502"),
    (503, "503"),
    (504, "504"),
    (500, "500"),
];
const CAUSES: [&str; 11] = [
    "none",
    "timeout",
    "refused",
    "pool_exhausted",
    "internal",
    "overloaded",
    "dependency",
    "unauthorized",
    "forbidden",
    "not_found",
    "network",
];

/// A field of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// What it is about.
    pub dim: Dim,
}

impl Field {
    /// Every field's name.
    pub fn names() -> impl Iterator<Item = &'static str> {
        FIELDS.iter().map(|(name, _)| *name)
    }

    /// The field of that name.
    pub fn parse(name: &str) -> Option<Self> {
        FIELDS.iter().find(|(known, _)| *known == name).map(|(name, dim)| Self { name, dim: *dim })
    }
}

/// The values of all fields in one place's world.
#[derive(Clone, Debug)]
pub struct Domains {
    /// Names of steps, each once.
    steps: Vec<Arc<str>>,
    /// Index into `steps` by class and step.
    step_of: Vec<Vec<u16>>,
}

impl Domains {
    /// Of this world.
    pub fn of(world: &World) -> Self {
        let mut index: BTreeMap<Arc<str>, u16> = BTreeMap::new();
        let mut steps = Vec::new();
        let step_of = world
            .classes
            .iter()
            .map(|class| {
                let number = |name: &Arc<str>| {
                    *index.entry(Arc::clone(name)).or_insert_with(|| {
                        steps.push(Arc::clone(name));
                        (steps.len() - 1) as u16
                    })
                };
                class.steps.iter().map(|step| &step.name).map(number).collect()
            })
            .collect();
        Self { steps, step_of }
    }

    /// How many values there are.
    pub fn size(&self, dim: Dim, world: &World) -> usize {
        match dim {
            Dim::Class => world.classes.len(),
            Dim::Department => world.departments.len(),
            Dim::Role => world.roles.len(),
            Dim::Method => METHODS.len(),
            Dim::Origin => ORIGINS.len(),
            Dim::Logging => LOGGINGS.len(),
            Dim::Status => STATUSES.len(),
            Dim::Cause => CAUSES.len(),
            Dim::Model => world.models.len(),
            Dim::Step => self.steps.len(),
            Dim::Service | Dim::Peer => world.services.len(),
        }
    }

    /// A field's text for the value of that number; empty where there is none.
    pub fn text<'a>(&'a self, field: Field, at: usize, world: &'a World) -> &'a str {
        fn or_empty(text: Option<&str>) -> &str {
            text.unwrap_or("")
        }
        match (field.dim, field.name) {
            (Dim::Class, "http_method") => or_empty(world.classes.get(at).map(|class| &*class.method)),
            (Dim::Class, "route") => or_empty(world.classes.get(at).map(|class| &*class.route)),
            (Dim::Class, _) => or_empty(world.classes.get(at).map(|class| &*class.operation)),
            (Dim::Department, _) => or_empty(world.departments.get(at).map(|share| &*share.id)),
            (Dim::Role, _) => or_empty(world.roles.get(at).map(|share| &*share.id)),
            (Dim::Method, _) => or_empty(METHODS.get(at).copied()),
            (Dim::Origin, _) => or_empty(ORIGINS.get(at).copied()),
            (Dim::Logging, _) => or_empty(LOGGINGS.get(at).copied()),
            (Dim::Status, _) => or_empty(STATUSES.get(at).map(|(_, text)| *text)),
            (Dim::Cause, "outcome") => {
                if at == 0 {
                    "ok"
                } else {
                    "failed"
                }
            }
            (Dim::Cause, _) => or_empty(CAUSES.get(at).copied()),
            (Dim::Model, "input_type") => or_empty(world.models.get(at).map(|model| &*model.input_type)),
            (Dim::Model, _) => or_empty(world.models.get(at).map(|model| &*model.id)),
            (Dim::Step, _) => or_empty(self.steps.get(at).map(|name| &**name)),
            (Dim::Service | Dim::Peer, "job") => {
                or_empty(world.services.get(at).map(|service| &*service.job))
            }
            (Dim::Service | Dim::Peer, _) => or_empty(world.services.get(at).map(|service| &*service.name)),
        }
    }

    /// The number of a class's step name.
    pub fn step(&self, class: usize, step: usize) -> u16 {
        self.step_of.get(class).and_then(|steps| steps.get(step)).copied().unwrap_or(NONE)
    }
}

/// The number of a status.
pub fn status(code: u16) -> u16 {
    STATUSES.iter().position(|(known, _)| *known == code).unwrap_or(STATUSES.len() - 1) as u16
}

/// The number of a cause; 0 is "it went well".
pub fn cause(outcome: Outcome) -> u16 {
    match outcome {
        Outcome::Ok => 0,
        Outcome::Failed(Cause::Timeout) => 1,
        Outcome::Failed(Cause::Refused) => 2,
        Outcome::Failed(Cause::PoolExhausted) => 3,
        Outcome::Failed(Cause::Internal) => 4,
        Outcome::Failed(Cause::Overloaded) => 5,
        Outcome::Failed(Cause::Dependency) => 6,
        Outcome::Failed(Cause::Unauthorized) => 7,
        Outcome::Failed(Cause::Forbidden) => 8,
        Outcome::Failed(Cause::NotFound) => 9,
        Outcome::Failed(Cause::Network) => 10,
    }
}

/// The status with which an inner call that ended like this was answered.
pub fn status_of(outcome: Outcome) -> u16 {
    match outcome {
        Outcome::Ok => 200,
        Outcome::Failed(cause) => match cause {
            Cause::Timeout => 504,
            Cause::Refused | Cause::PoolExhausted | Cause::Overloaded => 503,
            Cause::Internal => 500,
            Cause::Dependency | Cause::Network => 502,
            Cause::Unauthorized => 401,
            Cause::Forbidden => 403,
            Cause::NotFound => 404,
        },
    }
}
