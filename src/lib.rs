//! plantão: the console an on-call engineer opens over SSH at 3 a.m.
//!
//! The crate is a library with a thin binary. ARCHITECTURE.md draws the rooms and
//! `tests/architecture.rs` holds their doors; each room's module docs say what it owns and
//! what it must not do.

pub mod app;
pub mod blackbox;
pub mod bundle;
pub mod cli;
pub mod client;
pub mod clock;
pub mod command;
pub mod config;
pub mod correlate;
pub mod demo;
pub mod document;
pub mod explore;
pub mod export;
pub mod gather;
pub mod journal;
pub mod keymap;
pub mod message;
pub mod model;
pub mod pack;
pub mod privacy;
pub mod query;
pub mod respond;
pub mod runtime;
pub mod state;
pub mod store;
pub mod terminal;
pub mod text;
pub mod theme;
pub mod ui;
pub mod update;
pub mod view;
