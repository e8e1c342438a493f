//! What happens in the hospital beside its everyday life: faults and when they strike.

use std::fmt;
use std::sync::Arc;

use chrono::TimeDelta;

use crate::document::did_you_mean;
use crate::model::{Time, duration};

/// A kind of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FaultKind {
    /// Cooling fails: the machine heats up under its load, throttles, and what computes slows down.
    Thermal,
    /// Connections to the database leak away until callers wait for one.
    DbPool,
    /// Somebody tries passwords against one department's accounts.
    BruteForce,
    /// Recordings become bad: transcription is less and less sure of itself, and more is corrected by hand.
    TranscriptionQuality,
    /// A new version of a service fails at some requests and is slower at others.
    BadDeploy,
    /// Packets between two services are late or lost: calls take longer and are retried.
    NetworkDelay,
    /// A service's process is gone.
    ServiceDown,
    /// A service's process keeps what it should give back, collects garbage ever longer, and is killed in the end.
    MemoryLeak,
    /// A service writes what identifies patients into its log.
    PiiLeak,
}

impl FaultKind {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Thermal,
        Self::DbPool,
        Self::BruteForce,
        Self::TranscriptionQuality,
        Self::BadDeploy,
        Self::NetworkDelay,
        Self::ServiceDown,
        Self::MemoryLeak,
        Self::PiiLeak,
    ];

    /// Name on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Thermal => "thermal",
            Self::DbPool => "db-pool",
            Self::BruteForce => "brute-force",
            Self::TranscriptionQuality => "transcription-quality",
            Self::BadDeploy => "bad-deploy",
            Self::NetworkDelay => "network-delay",
            Self::ServiceDown => "service-down",
            Self::MemoryLeak => "memory-leak",
            Self::PiiLeak => "pii-leak",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name).ok_or_else(|| {
            let names = Self::ALL.map(Self::as_str);
            match did_you_mean(name, names) {
                Some(near) => format!("`{name}` is not a fault; did you mean `{near}`?"),
                None => format!("`{name}` is not a fault; the faults are {}", names.join(", ")),
            }
        })
    }
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A fault as a person orders it: `thermal`, `thermal@12m` (it began 12 minutes ago).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FaultSpec {
    /// Kind.
    pub kind: FaultKind,
    /// Seconds since its onset.
    pub age_s: u32,
}

impl FaultSpec {
    /// Reads `NAME[@AGE]`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (name, age) = match text.split_once('@') {
            Some((name, age)) => (name, duration::parse(age)?),
            None => (text, 0),
        };
        Ok(Self { kind: FaultKind::parse(name)?, age_s: age })
    }

    /// The fault, counted back from `now`.
    pub fn fault(self, now: Time) -> Fault {
        Fault::new(self.kind, now - TimeDelta::seconds(i64::from(self.age_s)))
    }
}

/// A fault at its place in time.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// Kind.
    pub kind: FaultKind,
    /// When it begins; it grows from there.
    pub onset: Time,
    /// When its cause is mended; things recover from there. `None`: not yet.
    pub end: Option<Time>,
    /// How bad it becomes: 1 is what the pack describes, 0.5 half of it.
    pub severity: f64,
    /// What it strikes (a service, a department, a model); `None`: what the pack names for the kind.
    pub target: Option<Arc<str>>,
}

impl Fault {
    /// A fault of full severity where the pack puts it, without an end.
    pub fn new(kind: FaultKind, onset: Time) -> Self {
        Self { kind, onset, end: None, severity: 1.0, target: None }
    }
}

/// Everything that makes one hospital differ from another.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Seed.
    pub seed: u64,
    /// Faults, in any order.
    pub faults: Vec<Fault>,
    /// Whether harmless things happen too: batch jobs, restarts, noisy neighbours.
    pub distractors: bool,
}

impl Plan {
    /// A hospital without a fault.
    pub fn calm(seed: u64) -> Self {
        Self { seed, faults: Vec::new(), distractors: true }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_has_a_name_and_may_have_an_age() {
        let now: Time = "2026-11-20T06:12:00Z".parse().expect("a time");
        let fault = FaultSpec::parse("thermal@12m").expect("a fault").fault(now);
        assert_eq!((fault.kind, now - fault.onset), (FaultKind::Thermal, TimeDelta::minutes(12)));
        assert_eq!(FaultSpec::parse("db-pool").map(|spec| spec.age_s), Ok(0));
        for kind in FaultKind::ALL {
            assert_eq!(FaultKind::parse(kind.as_str()), Ok(kind));
        }
    }

    #[test]
    fn a_wrong_fault_is_answered_with_the_right_ones() {
        assert_eq!(
            FaultSpec::parse("termal@12m"),
            Err("`termal` is not a fault; did you mean `thermal`?".to_owned())
        );
        assert!(FaultSpec::parse("zzz").is_err_and(|said| said.contains("pii-leak")));
        assert!(FaultSpec::parse("thermal@soon").is_err());
    }
}
