//! The shipped signals over a made-up minute in which everything happens once: every kind of request,
//! every step failing in every way, every notice.

mod lines;
mod minute;
mod mistakes;
mod real;
mod spans;
