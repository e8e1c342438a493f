//! Playbooks, carried out: exactly what a step will do, and doing it.
//!
//! A run belongs to the journal, not to the process that carries it out. Before a step is begun the journal knows;
//! when a process dies, another carries the run on, and a step that was under way is repeated only where that is
//! harmless: else a person is asked.

mod answer;
mod carry;
mod collect;
mod command;
mod facts;
mod offer;
mod plan;
mod steps;

pub use answer::{Answer, answer, answer_and_leave};
pub use carry::Carrier;
pub use collect::{Collector, Saved, Wanted};
pub use facts::Facts;
pub use offer::{begin, offers, progress, reasons, stop};
pub use plan::{Doing, Plan, Planned};
