//! The nouns of the console: labels, time, samples, alerts, log lines, spans, sources, faults.
//!
//! Owns plain data and the pure rules that belong to it (parsing a duration, matching a label).
//! Must not do I/O, read a clock, or know anything of screens.

pub mod alert;
pub mod ask;
pub mod deed;
pub mod duration;
pub mod duty;
pub mod evidence;
pub mod explore;
pub mod fault;
pub mod heard;
pub mod labels;
pub mod log;
pub mod offer;
pub mod paging;
pub mod promql;
pub mod radius;
pub mod raw;
pub mod records;
pub mod reveal;
pub mod role;
pub mod rule;
pub mod samples;
pub mod source;
pub mod span;
pub mod template;
pub mod time;
pub mod unit;
pub mod window;

pub use alert::{Alert, AlertState, Severity, Silence};
pub use explore::{
    Exemplar, Language, Leak, LogField, LogPage, LogPattern, LogStats, TailBatch, TailEvent, TailGap,
    TraceDoc, TraceHit, TraceList, TraceService,
};
pub use fault::{Fault, FaultKind};
pub use heard::{Course, Heard};
pub use labels::{Labels, MatchOp, Matcher};
pub use log::LogEntry;
pub use raw::Raw;
pub use role::{Identity, Role, Roles};
pub use rule::{Rule, RuleGroup, RuleHealth};
pub use samples::{Point, Sample, Series};
pub use source::{SourceId, SourceKind};
pub use span::{
    Attribute, Attributes, Span, SpanEvent, SpanId, SpanKind, SpanLink, SpanStatus, Trace, TraceId,
};
pub use template::Template;
pub use unit::Unit;
pub use window::Window;

/// A moment. Every time inside the console is UTC; zones exist only where a person reads one.
pub type Time = chrono::DateTime<chrono::Utc>;
