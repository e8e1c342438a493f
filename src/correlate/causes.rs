//! Kinds of causes, and which channels each shows itself in.

use super::channel::Look;
use super::kinds::Metric;

/// What kind of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cause {
    /// The processor is short.
    Cpu,
    /// Memory is.
    Memory,
    /// Disks are.
    Disk,
    /// A machine is too hot.
    Thermal,
    /// Answers, or the way to them, take long.
    Latency,
    /// Errors and exceptions.
    Error,
    /// Work ends early or differently, without an error.
    WrongResult,
    /// Answers are worse.
    Quality,
    /// More is asked than usual, or less.
    Traffic,
    /// A pool, a queue, a database: something that is shared ran out.
    Dependency,
    /// It does not answer at all.
    Down,
    /// Somebody is where nobody should be: refusals and failed sign-ins.
    Security,
}

impl Cause {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Latency,
        Self::Error,
        Self::Cpu,
        Self::Memory,
        Self::Disk,
        Self::Thermal,
        Self::WrongResult,
        Self::Quality,
        Self::Dependency,
        Self::Down,
        Self::Traffic,
        Self::Security,
    ];

    /// As results name it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::Memory => "memory",
            Self::Disk => "disk",
            Self::Thermal => "thermal",
            Self::Latency => "latency",
            Self::Error => "error",
            Self::WrongResult => "wrong_result",
            Self::Quality => "quality",
            Self::Traffic => "traffic",
            Self::Dependency => "dependency",
            Self::Down => "down",
            Self::Security => "security",
        }
    }
}

/// It shows itself there.
pub const FULL: f64 = 1.0;
/// It shows itself there as a consequence.
const HALF: f64 = 0.5;
/// It has little to do with it.
const LITTLE: f64 = 0.15;

/// How much of what a channel says a cause explains.
// A table of pairs: merged by cause or by look it could no longer be read.
#[allow(clippy::unnested_or_patterns)]
pub fn shows(cause: Cause, look: Look) -> f64 {
    use Cause as C;
    use Look as L;
    use Metric as M;
    if matches!(look, L::Spectrum | L::Alerts | L::Changes) {
        // Where a request went through is said by the spectrum, whatever the cause.
        return HALF;
    }
    match (cause, look) {
        (C::Latency, L::Latency | L::Excess | L::Metric(M::Latency))
        | (C::Cpu, L::Metric(M::Cpu) | L::Latency | L::Excess)
        | (C::Memory, L::Metric(M::Memory))
        | (C::Disk, L::Metric(M::Disk))
        | (C::Thermal, L::Metric(M::Thermal))
        | (C::Error, L::Structure | L::Logs | L::Metric(M::Error | M::Availability))
        | (C::WrongResult, L::Structure | L::Shape)
        | (C::Quality, L::Metric(M::Quality))
        | (C::Traffic, L::Metric(M::Load))
        | (C::Dependency, L::Metric(M::Saturation))
        | (C::Down, L::Metric(M::Availability) | L::Structure | L::Silence)
        | (C::Security, L::Logs | L::Metric(M::Security)) => FULL,
        (
            C::Cpu | C::Thermal | C::Memory | C::Disk | C::Dependency,
            L::Latency | L::Excess | L::Metric(M::Latency),
        )
        | (C::Thermal, L::Metric(M::Cpu))
        | (C::Latency | C::Traffic, L::Metric(M::Network))
        | (C::Error, L::Shape | L::Metric(M::Load))
        | (C::WrongResult, L::Logs)
        | (C::Dependency | C::Down | C::Memory | C::Quality, L::Logs | L::Metric(M::Error))
        | (C::Down, L::Shape | L::Metric(M::Load))
        | (C::Security, L::Metric(M::Error | M::Load)) => HALF,
        _ => LITTLE,
    }
}

/// How many groups of channels there are.
pub const GROUPS: usize = 4;

/// Channels that look at one thing: time, behaviour, resources, and what people and machines say.
pub fn group(look: Look) -> usize {
    match look {
        Look::Latency | Look::Excess | Look::Metric(Metric::Latency) => 0,
        Look::Structure
        | Look::Shape
        | Look::Logs
        | Look::Silence
        | Look::Metric(Metric::Error | Metric::Availability | Metric::Security) => 1,
        Look::Metric(_) => 2,
        Look::Spectrum | Look::Alerts | Look::Changes => 3,
    }
}

/// How common a cause is before anything is seen, as a logarithm. Disks and queues stir for many harmless reasons, and
/// traffic is rarely the fault of whom it meets.
pub fn prior(cause: Cause, symptom: Option<Metric>) -> f64 {
    // What would not show itself as the symptom does is less likely its cause.
    let strange =
        symptom.is_some_and(|kind| kind != Metric::Other && shows(cause, Look::Metric(kind)) <= LITTLE);
    let common = match cause {
        Cause::Latency | Cause::Error | Cause::Cpu | Cause::Thermal => 0.0,
        Cause::WrongResult | Cause::Memory | Cause::Quality | Cause::Down => -0.5,
        Cause::Disk | Cause::Dependency | Cause::Security => -1.0,
        Cause::Traffic => -2.0,
        // Without a figure of its own it looks like any error.
    };
    if strange { common - 1.5 } else { common }
}
