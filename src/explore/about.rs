//! What a query is by its text, for those who draw its answer.

pub use crate::query::promql::about::{About, Adds, Measure, Shape};
