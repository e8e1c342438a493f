//! What can go wrong, and what looks as if it did.

use std::sync::Arc;

use super::{ClassId, ModelId, ServiceId};
use crate::demo::plan::FaultKind;

/// What a kind of fault does in this place, at full severity.
#[derive(Clone, Debug, PartialEq)]
pub struct FaultShape {
    /// Kind.
    pub kind: FaultKind,
    /// Whom it strikes when nobody says.
    pub target: Target,
    /// Microseconds from its onset until it is fully grown.
    pub grow_us: i64,
    /// Microseconds from its end until nothing of it is left.
    pub recover_us: i64,
    /// What it does.
    pub effect: Effect,
}

/// What something strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The machine.
    Machine,
    /// A process.
    Service(ServiceId),
    /// A department.
    Department(u8),
    /// A model.
    Model(ModelId),
    /// The way from a caller to who it calls.
    Edge(ServiceId, ServiceId),
}

/// The cause; everything else follows from it.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Heat leaves badly.
    Cooling {
        /// Share of the conductance that is lost, 0 to 1.
        lost: f64,
        /// Degrees by which the surroundings warm up.
        ambient: f64,
    },
    /// Connections are not given back after use.
    PoolLeak {
        /// Chance of a use.
        chance: f64,
        /// Microseconds until the database takes such a connection away.
        held_us: i64,
    },
    /// Strangers try to sign in.
    Logins {
        /// Attempts a second.
        per_s: f64,
        /// Share of them by face.
        face: f64,
    },
    /// What a model is fed becomes bad.
    Quality {
        /// How far its confidence falls.
        confidence: f64,
        /// How far its accuracy falls.
        accuracy: f64,
        /// Models that work on its output, with the share of the loss that reaches them.
        passed_on: Vec<(ModelId, f64)>,
    },
    /// Another version of a service.
    Deploy {
        /// Its version.
        version: Arc<str>,
        /// Kinds of requests at which it fails.
        classes: Vec<ClassId>,
        /// Chance that it does.
        fails: f64,
        /// Chance that another request is slow.
        slow: f64,
        /// Microseconds that takes longer: median, and standard deviation of the logarithm.
        slow_us: (f64, f64),
        /// Share of requests of which it writes into its log what it should not.
        leaky: f64,
    },
    /// Packets are late or lost.
    Packets {
        /// Microseconds each call takes longer: median, and standard deviation of the logarithm.
        delay_us: (f64, f64),
        /// Chance that a packet is lost.
        loss: f64,
    },
    /// The process is gone; below full severity only for that share of each minute.
    Gone,
    /// Memory is not given back.
    Leak {
        /// Bytes a second.
        bytes_per_s: f64,
    },
}

/// Harmless things that happen on some days.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Distractors {
    /// Jobs by the clock.
    pub batches: Vec<Batch>,
    /// Services that are restarted now and then without a reason.
    pub restarts: Vec<ServiceId>,
    /// Restarts a day at most.
    pub restarts_a_day: u32,
    /// Share of the fast cores that a noisy neighbour takes; 0: there is none.
    pub neighbour: f64,
    /// Factor on a department's arrivals when it is impatient; 1: it never is.
    pub burst: f64,
    /// Ways on which packets are lost for a moment now and then.
    pub loss: Vec<(ServiceId, ServiceId)>,
}

/// A job by the clock.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// Name.
    pub name: Arc<str>,
    /// Who says so.
    pub service: ServiceId,
    /// Local hour at which it begins, with its fraction.
    pub hour: f64,
    /// Microseconds it takes.
    pub takes_us: i64,
    /// Share of the fast cores it takes.
    pub cpu: f64,
    /// Share of the GPU.
    pub gpu: f64,
    /// Factor on the time that the database needs meanwhile.
    pub database: f64,
}
