//! What real servers answered, replayed over HTTP: the clients must make exactly these model values of it.
// Tests stop at the first thing that is not as it must be.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::float_cmp, missing_docs)]

mod alertmanager;
mod loki;
mod prometheus;
mod replay;
mod servers;
mod tempo;
