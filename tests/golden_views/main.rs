//! The whole console on a model hospital, from state to cells: golden frames with the shipped
//! themes, what every pane promises, and the pictures of the README.
//!
//! `PLANTAO_LOOK=DIR` also writes each frame as escape sequences, to be looked at in a terminal.
// A test that cannot go on must fail: unwrap, expect and panic are how a test says so.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "../support/golden.rs"]
#[allow(dead_code)] // other programs use the rest
mod golden;
#[path = "../support/hospital_state.rs"]
mod hospital_state;
#[path = "../support/incident.rs"]
mod incident_of;
#[path = "../support/traces.rs"]
mod traces;

mod acting;
mod embedded;
mod frames;
mod incident;
mod logged;
mod looks;
mod metrics;
mod paging;
mod pictures;
mod playbooks;
mod promises;
mod recorded;
mod revealed;
mod scenes;
mod traced;
