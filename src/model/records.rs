//! What the journal keeps: incidents, acknowledgements, runs, letters, leases, audit records.
//!
//! Plain data. Every text in it is masked before it is kept, whoever wrote it. Moments are kept to the
//! microsecond.

mod ack;
mod actor;
mod audit;
mod book;
mod change;
mod incident;
mod lease;
mod letter;
mod run;
mod word;

pub use ack::{Ack, AckState, NewAck};
pub use actor::Actor;
pub use audit::{NewRecord, Outcome, Record};
pub use book::{Book, Deed, Dossier, ResponseClock};
pub use change::{Change, NewChange};
pub use incident::{
    Event, EventKind, Incident, IncidentStatus, Member, NewEvent, NewIncident, NewMember, Opened, Origin,
    Seen,
};
pub use lease::Lease;
pub use letter::{Enqueued, Letter, LetterState, NewLetter};
pub use run::{NewRun, NewStep, Progress, Run, RunState, Step, StepChange, StepState};
