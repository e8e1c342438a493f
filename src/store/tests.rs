//! The store: answers in any order, from any server, wrong ones included.

mod fixture;
mod freshness;
mod history;
mod join;
mod past;
mod take;
mod watchdog;
