//! Log lines.

use std::sync::Arc;

use super::Labels;

/// One line of a log stream.
#[derive(Clone, Debug, PartialEq)]
pub struct LogEntry {
    /// Nanoseconds since the Unix epoch.
    pub ts: i64,
    /// The stream's labels, shared by all of its entries.
    pub labels: Labels,
    /// The line, as it was written.
    pub line: Arc<str>,
    /// Structured metadata: labels of this entry alone (`trace_id`, …), mostly empty.
    pub metadata: Labels,
}
