//! The engine as a whole, on the shipped place.

mod calm;
mod faults;
mod laws;
mod watch;
