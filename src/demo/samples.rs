//! Samples of the hospital's metrics over time.
//!
//! Owns their compact form ([`mod@column`], [`mod@chunk`]), when each target is scraped, and how any past
//! moment is computed again from the model ([`timeline`]). Must not know what any metric means.

pub mod bits;
pub mod chunk;
pub mod column;
pub mod head;
mod tally;
mod tape;
pub mod timeline;
mod walk;

pub use chunk::Chunk;
pub use timeline::{Model, Timeline};
