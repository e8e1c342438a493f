//! Every way in which a server or a network can be bad: each is exactly one kind of fault, in one safe line.
// Tests stop at the first thing that is not as it must be.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::float_cmp, missing_docs)]

mod answers;
mod network;
mod raw;
mod settings;
mod tls;
