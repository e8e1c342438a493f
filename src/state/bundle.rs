//! A bundle that the console looks at instead of servers.

use std::sync::Arc;

use crate::model::Window;
use crate::model::evidence::Evidence;

/// What its seal says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seal {
    /// Nothing was changed since it was sealed.
    Holds,
    /// There is none.
    None,
    /// Something was changed.
    Broken,
}

/// The bundle.
#[derive(Clone, Debug)]
pub struct Bundle {
    /// What it holds.
    pub evidence: Arc<Evidence>,
    /// Whether it is as it was written.
    pub seal: Seal,
}

impl Bundle {
    /// The window that the console opens with.
    pub fn window(&self) -> Window {
        let window = self.evidence.manifest.window;
        Window::Past { start: window.start, end: window.end }
    }
}
