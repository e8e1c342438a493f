//! Acting: what a person or a watcher does about alerts, and who is told.
//!
//! Owns acknowledgements, silences, incidents' response, playbooks, notifications, escalation, the rota and the
//! watcher. Keeps nothing of its own: what must outlive the process is in the journal. Must not draw.

pub mod notify;
pub mod rota;
