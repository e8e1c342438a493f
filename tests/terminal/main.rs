//! The console in a terminal, from the first frame to the shell's prompt. One program, so that it
//! links once.
// Tests end by panicking; what they need and cannot get is an expect.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr, missing_docs)]

#[path = "../support/mod.rs"]
mod support;

mod demo;
mod ends;
mod harness;
mod journey;
mod polling;
mod session;
mod storm;
