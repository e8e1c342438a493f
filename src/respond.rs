//! Acting: acknowledgements and the silences that carry them, silences with their blast radius, and what else a
//! responder does.
//!
//! Owns what is done and in which order: recorded first, then done, then recorded as done. Must not know the state or
//! a screen: the console, the command line and the watcher call the same functions.

pub mod ack;
pub mod blast;
pub mod escalate;
pub mod hands;
pub mod incidents;
pub mod lease;
pub mod notify;
pub mod outbox;
pub mod page;
pub mod playbook;
mod reveal;
pub mod rota;
pub mod watch;

pub use hands::Hands;
