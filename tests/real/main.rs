//! Suites against real servers: Prometheus and Alertmanager scrape and alert on a small hospital
//! that the tests start. One program, so that it links once.
// Tests end by panicking; what they need and cannot get is an expect.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr, missing_docs)]

#[path = "../support/mod.rs"]
mod support;

mod acting;
mod alerts;
mod amtool;
mod bad_servers;
mod harness;
mod incident;
mod leases;
mod pack_rules;
mod pages;
mod query;
mod reach;
mod snapshot_matches_server;
mod ssh;
mod stack;
