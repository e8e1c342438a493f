//! The core without a server or a terminal: messages in, state, screen and JSON out.
//!
//! What is tested here is pure, so every moment is the test's own.

// A test may panic: that is how it fails.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod desk;
#[path = "../support/traces.rs"]
mod hand_made;
#[path = "../support/incident.rs"]
mod incident_of;

mod announce;
mod any_order;
mod axis;
mod beside;
mod context;
mod demo;
mod export;
mod frozen;
mod incident;
mod layout;
mod links;
mod list;
mod logs;
mod metrics;
mod overlays;
mod prompt;
mod questions;
mod time_window;
mod traces;
mod values;
mod words;
