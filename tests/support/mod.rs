//! What several test programs share: real servers, a hospital to scrape, a proxy that misbehaves,
//! fake servers that answer at once, and a terminal to run the console in.
//!
//! Everything is synchronous on the outside: servers of our own run on one background runtime, so
//! that a test reads like the steps a person would take. Nothing here sleeps for a fixed time; it
//! waits for a condition until a deadline and then says what it waited for.

// Each test program uses its own part of this.
#![allow(dead_code)]

pub mod console;
pub mod fake;
pub mod feed;
pub mod flaky;
pub mod http;
pub mod ports;
pub mod process;
pub mod pty;
pub mod serve;
pub mod servers;
pub mod sink;
pub mod skip;
pub mod usage;
pub mod wait;
