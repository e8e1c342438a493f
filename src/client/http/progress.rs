//! How far a request came: what its deadline's fault says.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use crate::client::fault::fault;
use crate::model::{Fault, FaultKind};
use crate::text::fault::Why;

/// Marks of one request.
#[derive(Default)]
pub(super) struct Progress {
    answered: AtomicBool,
    bytes: AtomicUsize,
}

impl Progress {
    /// The head of the answer has come.
    pub fn answered(&self) {
        self.answered.store(true, Ordering::Relaxed);
    }

    /// So many bytes of the body have come.
    pub fn read(&self, bytes: usize) {
        self.bytes.store(bytes, Ordering::Relaxed);
    }

    /// The fault of a missed deadline.
    pub fn late(&self, at: &str, deadline: Duration) -> Fault {
        let ms = deadline.as_millis();
        let why = if self.answered.load(Ordering::Relaxed) {
            Why::SlowBody(at, ms, self.bytes.load(Ordering::Relaxed))
        } else {
            Why::SlowAnswer(at, ms)
        };
        fault(FaultKind::Timeout, &why)
    }
}
