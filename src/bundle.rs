//! The evidence bundle, `plantao.evidence` version 1: JSON Lines, zstd-compressed when the name ends in `.zst`.
//!
//! Owns how evidence is written, read, sealed and verified: one line at a time, in bounded memory, each
//! broken line told by its number. Must not know what evidence means, or mask it: whoever gathers does that before.

pub mod error;
pub mod file;
mod intern;
pub mod limits;
mod parse;
pub mod read;
mod record;
pub mod seal;
mod values;
pub mod verify;
pub mod write;

pub use error::{BundleError, Report};
pub use file::{open, read_file, verify_file, write_file};
pub use limits::Limits;
pub use read::{Reading, read};
pub use seal::Seal;
pub use verify::{Signature, Verdict, verify};
pub use write::Writer;

/// What a manifest calls the format.
pub const FORMAT: &str = "plantao.evidence";

/// The version that is written, and the newest that is read.
pub const VERSION: u64 = 1;

#[cfg(test)]
mod tests;
