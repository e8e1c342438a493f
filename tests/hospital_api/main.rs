//! The embedded hospital's Prometheus and Alertmanager, over HTTP: answers of the shape that real
//! servers gave, refusals in their words, alerts that come and go when they must.
// Tests stop at the first thing that is not as it must be.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::float_cmp, missing_docs)]
// A server that ends says why on the way out.
#![allow(clippy::print_stderr)]

#[path = "../support/mod.rs"]
mod support;

mod acting;
mod alertmanager;
mod aside;
mod fixture;
mod prometheus;
mod refusals;
mod rules;
mod serving;
mod shape;
