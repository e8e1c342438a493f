//! The hospital's metrics: which there are is data (`demo/metrics.toml`), what they show is made of
//! the model's events and gauges alone.
//!
//! Owns reading that file, the layout of all series, counting, and the pages that processes export.
//! Must not keep samples (that is [`super::samples`]) nor know any metric by its name, but for the
//! three that Prometheus adds to every scrape.

pub mod book;
mod combine;
pub mod field;
pub mod layout;
pub mod page;
pub mod read;
pub mod slow;
pub mod source;
pub mod state;
#[cfg(test)]
mod tests;

pub use book::Book;
pub use state::{Counting, State};
