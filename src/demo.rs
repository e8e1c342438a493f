//! The embedded hospital: a place where requests flow and faults spread, and four servers on the
//! loopback interface that tell of it as Prometheus, Alertmanager, Loki and Tempo would.
//!
//! Owns the model (a pure function of seed, faults and time), what it emits (samples, log lines,
//! spans) and the servers. The field itself (services, departments, models, metrics, wording of log
//! lines) is data in a pack's `demo/` folder. Must not know how the console reads any of it: the
//! console is a client like of any other server; and nothing is emitted because an analyser would
//! look for it, only because the model's queues, retries and machines came to it.
//!
//! The same on every machine: integer time (microseconds), an own generator ([`rng`]) and `libm`
//! for every function that platforms may round differently (`exp`, `ln`, `sin`, `powf`).

pub mod alerting;
pub mod engine;
pub mod event;
pub mod hospital;
pub mod identifiers;
pub mod ids;
pub mod logs;
pub mod metrics;
pub mod people;
pub mod plan;
pub mod push;
pub mod recorder;
pub mod rng;
pub mod samples;
pub mod serve;
pub mod servers;
pub mod signals;
pub mod spans;
pub mod world;

pub use engine::Engine;
pub use hospital::Hospital;
pub use plan::{Fault, FaultKind, FaultSpec, Plan};
pub use recorder::Recorder;
pub use servers::{Running, Urls};
pub use signals::Signals;
pub use world::World;
