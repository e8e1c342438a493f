//! A request under way: the steps it is in, one within the other, and what it waits for.

use crate::demo::event::{Cause, StepDone};
use crate::demo::world::{ClassId, ServiceId, World};

/// One attempt of a step that is under way.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    pub(super) step: u16,
    pub(super) attempt: u8,
    /// Its place in [`Request::steps`].
    pub(super) done: u16,
    /// How many of its step's children have been looked at.
    pub(super) children: u16,
    /// When its caller stops waiting; `i64::MAX`: never.
    pub(super) deadline_us: i64,
    /// Work of its own that comes after its children.
    pub(super) after_us: i64,
    /// It holds a worker of its process,
    pub(super) worker: bool,
    /// a slot of its model,
    pub(super) slot: bool,
    /// one of its caller's connections.
    pub(super) connection: bool,
    /// It keeps cores (and a GPU) busy, since then.
    pub(super) working_since: Option<i64>,
}

/// What a request waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// A connection to the database.
    Connection,
    /// The network.
    Way { arrives: bool },
    /// A worker.
    Worker,
    /// A slot of a model.
    Slot,
    /// Its own work, before its children; it may turn out to fail.
    Before { fails: Option<Cause> },
    /// Its own work after them.
    After,
    /// The next attempt.
    BackOff { step: u16, attempt: u8 },
}

/// Who asks, and for what.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    pub(super) number: u64,
    pub(super) class: ClassId,
    pub(super) department: u8,
    pub(super) role: u8,
    pub(super) user: u32,
    pub(super) foreign: bool,
    /// The session it belongs to; a stranger has none.
    pub(super) session: Option<u32>,
}

/// One request.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) asked: Asked,
    pub(super) bytes: (u32, u32),
    pub(super) leaky: bool,
    /// Its models were unsure of themselves.
    pub(super) unsure: bool,
    /// Which steps it needs, a bit each.
    pub(super) needs: u64,
    pub(super) stack: Vec<Frame>,
    pub(super) steps: Vec<StepDone>,
    pub(super) phase: Phase,
    /// Since when it waits in this phase, and when it is over; `i64::MAX`: when somebody says so.
    pub(super) since_us: i64,
    pub(super) due_us: i64,
    /// Events with another token are about what is past.
    pub(super) token: u32,
    /// What failed last, beneath everything that failed because of it.
    pub(super) cause: Option<Cause>,
}

/// Whether another attempt may help.
pub(super) fn may_pass(cause: Cause) -> bool {
    matches!(
        cause,
        Cause::Timeout | Cause::Refused | Cause::PoolExhausted | Cause::Overloaded | Cause::Network
    )
}

/// What a step fails with when one within it did: refusals go through to who asked.
pub(super) fn passed_on(cause: Cause) -> Cause {
    match cause {
        Cause::Unauthorized | Cause::Forbidden | Cause::NotFound => cause,
        _ => Cause::Dependency,
    }
}

/// The HTTP status of a failure.
pub(super) fn status(cause: Cause) -> u16 {
    match cause {
        Cause::Unauthorized => 401,
        Cause::Forbidden => 403,
        Cause::NotFound => 404,
        Cause::Internal => 500,
        Cause::Dependency | Cause::Network => 502,
        Cause::Refused | Cause::Overloaded | Cause::PoolExhausted => 503,
        Cause::Timeout => 504,
    }
}

/// What a random number about one call is drawn from.
pub(super) fn key(request: &Request, frame: &Frame) -> [u64; 2] {
    [request.asked.number, u64::from(frame.step) << 8 | u64::from(frame.attempt)]
}

/// The service that is to call next: the one of the step it is in.
pub(super) fn caller_of(world: &World, request: &Request) -> ServiceId {
    request.stack.last().map_or(world.front, |frame| request.steps[usize::from(frame.done)].service)
}

/// The service that has called the step it is in.
pub(super) fn called_from(world: &World, request: &Request) -> ServiceId {
    let around = request.stack.len().checked_sub(2).and_then(|at| request.stack.get(at));
    around.map_or(world.front, |frame| request.steps[usize::from(frame.done)].service)
}
