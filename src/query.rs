//! Query languages over memory: PromQL, LogQL, TraceQL.
//!
//! Owns parsing and evaluating them over whatever implements [`MetricData`], [`LogData`] or
//! [`TraceData`]: the embedded hospital, later a saved incident. Must not know where the data comes
//! from, speak HTTP, or read a clock. What it does not support is an error that says so, never a
//! guess.

#[cfg(test)]
pub(crate) mod fixture;
pub mod logql;
pub mod promql;
mod statistics;
pub mod traceql;
mod units;

use std::ops::ControlFlow;
use std::sync::Arc;

use crate::model::{LogEntry, Matcher, Series, Trace, TraceId};

/// A sample with this value (these very bits) says that its series ended here: Prometheus's
/// staleness marker (`model/value/value.go` there).
pub const STALE_NAN: u64 = 0x7ff0_0000_0000_0002;

/// Whether a value is the staleness marker, as opposed to any other NaN.
pub fn is_stale(value: f64) -> bool {
    value.to_bits() == STALE_NAN
}

/// Nanoseconds of a duration as LogQL and TraceQL write it (`1h30m`); `None` where it is none.
pub fn duration_ns(text: &str) -> Option<i64> {
    units::duration(text)
}

/// Samples in memory.
pub trait MetricData: Send + Sync {
    /// Every series that satisfies all matchers, with its samples from `from_ms` to `to_ms`
    /// (milliseconds since the Unix epoch, both included) in time order, staleness markers among
    /// them. A series without a sample in the range is left out. Series come in any order.
    fn series(&self, matchers: &[Matcher], from_ms: i64, to_ms: i64) -> Vec<Series>;
}

/// In which order entries are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Oldest first.
    Forward,
    /// Newest first.
    Backward,
}

/// Log lines in memory.
pub trait LogData: Send + Sync {
    /// Gives `each` the entries of every stream that satisfies all matchers, from `from_ns`
    /// (included) to `to_ns` (excluded), in this order, until it breaks. Entries of one stream with
    /// one timestamp come in the order they were written.
    fn entries(
        &self,
        matchers: &[Matcher],
        from_ns: i64,
        to_ns: i64,
        order: Order,
        each: &mut dyn FnMut(&LogEntry) -> ControlFlow<()>,
    );
}

/// Traces in memory.
pub trait TraceData: Send + Sync {
    /// Gives `each` every trace with a span that overlaps the range (nanoseconds, both included),
    /// newest root first, until it breaks.
    fn traces(&self, from_ns: i64, to_ns: i64, each: &mut dyn FnMut(&Arc<Trace>) -> ControlFlow<()>);

    /// A trace by its id.
    fn trace(&self, id: TraceId) -> Option<Arc<Trace>>;
}
