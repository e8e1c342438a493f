//! Loki beyond single answers: pages that lose nothing, tails that come back, and the `logs` command.
// Tests stop at the first thing that is not as it must be, and tell figures.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, missing_docs)]

mod command;
mod fake;
mod paging;
mod tail;
