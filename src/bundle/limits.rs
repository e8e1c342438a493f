//! How much of a bundle is kept. A file of a stranger must not take the machine's memory.

/// The most that a reader takes. What goes beyond is counted, and left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one line; a longer one is broken.
    pub line: usize,
    /// Records of all kinds.
    pub records: usize,
    /// Bytes of text and samples that records hold, as far as they are not shared.
    pub bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { line: 16 << 20, records: 2_000_000, bytes: 1 << 30 }
    }
}
