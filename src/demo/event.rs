//! What comes out of the model: requests that have ended, with everything that happened in them, and
//! what processes and machines say of themselves. Samples, log lines and spans are made of these and
//! of nothing else, so that they tell one story.

use std::sync::Arc;

use super::world::{ClassId, ModelId, ServiceId};

/// Why something failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cause {
    /// The caller waited too long.
    Timeout,
    /// Nobody listens there.
    Refused,
    /// No connection to be had.
    PoolExhausted,
    /// The code itself failed.
    Internal,
    /// The queue was full: turned away.
    Overloaded,
    /// Something it called failed.
    Dependency,
    /// Credentials were wrong.
    Unauthorized,
    /// May not.
    Forbidden,
    /// No such thing.
    NotFound,
    /// The packet was lost.
    Network,
}

/// How a step or a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Outcome {
    /// Well.
    Ok,
    /// Not well.
    Failed(Cause),
}

/// A step that has ended (or one attempt of it).
#[derive(Clone, Debug, PartialEq)]
pub struct StepDone {
    /// Index into the class's steps.
    pub step: u16,
    /// Index into [`Finished::steps`] of what it was part of; `None` for the first.
    pub parent: Option<u16>,
    /// Which attempt, from 0.
    pub attempt: u8,
    /// Who did it.
    pub service: ServiceId,
    /// The model that ran.
    pub model: Option<ModelId>,
    /// Microseconds since the Unix epoch.
    pub start_us: i64,
    /// Microseconds since the Unix epoch.
    pub end_us: i64,
    /// Microseconds of that spent waiting for a worker, a slot or a connection.
    pub waited_us: i64,
    /// Microseconds from its start until it reached who does it: waiting for a connection, then on the
    /// network; all of it where it never did. A caller's span begins at the start, a callee's this
    /// much later.
    pub way_us: i64,
    /// How it ended.
    pub outcome: Outcome,
    /// A model's confidence, 0 to 1; NaN for other steps.
    pub confidence: f64,
}

/// A request that has ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Finished {
    /// Its number: unique within the hospital, and what its ids are derived from.
    pub number: u64,
    /// Trace id.
    pub trace_id: u128,
    /// Kind.
    pub class: ClassId,
    /// Index into the world's departments.
    pub department: u8,
    /// Index into the world's roles.
    pub role: u8,
    /// Number of the person.
    pub user: u32,
    /// Whether it comes from outside the house, as an attacker's does.
    pub foreign: bool,
    /// How the caller signs in, where the request is a login: index 0 password, 1 face recognition.
    pub method: u8,
    /// Whether the service that handles it writes personal data into its log just now.
    pub leaky: bool,
    /// Bytes of the request and of the response.
    pub bytes: (u32, u32),
    /// HTTP status that the caller saw.
    pub status: u16,
    /// How it ended.
    pub outcome: Outcome,
    /// Everything that was done, by start; the first is the whole.
    pub steps: Vec<StepDone>,
}

/// Something that a process or a machine says of itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// Microseconds since the Unix epoch.
    pub at_us: i64,
    /// Who.
    pub service: ServiceId,
    /// What.
    pub what: NoticeKind,
}

/// Kinds of notices.
#[derive(Clone, Debug, PartialEq)]
pub enum NoticeKind {
    /// A process began.
    Started {
        /// Version that runs from now on.
        version: Arc<str>,
        /// Whether that is another one than before.
        deployed: bool,
    },
    /// A process ended: told to (`false`) or killed (`true`).
    Stopped {
        /// Whether it was killed.
        killed: bool,
    },
    /// No connection was free for this long.
    PoolWait {
        /// Microseconds.
        waited_us: i64,
        /// Connections in use.
        in_use: u32,
        /// Connections there are.
        size: u32,
    },
    /// The process stood still to collect garbage.
    Pause {
        /// Microseconds.
        us: i64,
        /// Bytes in use afterwards.
        heap_bytes: f64,
    },
    /// The machine's thermal state changed.
    Thermal {
        /// State: 0 nominal to 3 critical.
        state: u8,
        /// Degrees Celsius.
        celsius: f64,
    },
    /// A batch job began or ended.
    Batch {
        /// Name.
        name: Arc<str>,
        /// Whether it began.
        began: bool,
    },
    /// A connection's packets are retransmitted.
    Retransmits {
        /// To whom.
        peer: ServiceId,
        /// How many in the last ten seconds.
        count: u32,
    },
    /// A periodic report of a process: requests and their median and longest time since the last.
    Report {
        /// Requests since the last report.
        requests: u32,
        /// Longest of them, microseconds.
        longest_us: i64,
    },
}

/// Takes what comes out, in order of time of its end.
pub trait Sink {
    /// A request ended.
    fn finished(&mut self, request: &Finished);
    /// Something was said.
    fn notice(&mut self, notice: &Notice);
}

/// Wants nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nobody;

impl Sink for Nobody {
    fn finished(&mut self, _: &Finished) {}
    fn notice(&mut self, _: &Notice) {}
}

/// What can be read off the model at one moment, as exporters read it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Gauges {
    /// Microseconds since the Unix epoch.
    pub at_us: i64,
    /// Open sessions by department.
    pub sessions: Vec<f64>,
    /// Percent of the performance cores in use over the last seconds.
    pub cpu_performance: f64,
    /// Percent of the efficiency cores in use.
    pub cpu_efficiency: f64,
    /// Percent of the GPU in use.
    pub gpu: f64,
    /// Thermal state: 0 nominal to 3 critical.
    pub thermal_state: u8,
    /// Degrees Celsius.
    pub celsius: f64,
    /// Bytes of memory: used, available, cached, total.
    pub memory: [f64; 4],
    /// By model.
    pub models: Vec<ModelGauges>,
    /// By service.
    pub services: Vec<ServiceGauges>,
}

/// A model at one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ModelGauges {
    /// Bytes of memory.
    pub memory_bytes: f64,
    /// Accuracy as the last evaluation found it, 0 to 1.
    pub accuracy: f64,
    /// Requests that wait for it.
    pub queue: u32,
    /// Requests it works on.
    pub busy: u32,
}

/// A process at one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ServiceGauges {
    /// Whether it answers.
    pub up: bool,
    /// Unix seconds of its start.
    pub started_s: f64,
    /// Bytes of resident memory.
    pub resident_bytes: f64,
    /// Seconds of processor time since its start.
    pub cpu_seconds: f64,
    /// Requests it works on.
    pub busy: u32,
    /// Requests that wait for a worker of it.
    pub queue: u32,
    /// Open connections to the database in use, and how many there may be (0: it has no pool).
    pub pool: (u32, u32),
    /// Bytes received and sent since its start.
    pub network: (f64, f64),
    /// Version that runs.
    pub version: Arc<str>,
}
