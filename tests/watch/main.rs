//! The watcher and the playbooks as a program: alerts come in, people are told, runs outlive their process.
// Tests end by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, clippy::print_stderr)]
#![allow(missing_docs)]

#[path = "../support/mod.rs"]
mod support;

mod delivery;
mod desk;
mod killed;
mod mail;
mod page;
mod playbooks;
mod real;
mod reveal;
mod webhooks;
