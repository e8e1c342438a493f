//! TraceQL's values and how they compare.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use crate::model::{Attribute, SpanKind, SpanStatus};

/// A value of a field or in a query.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// No such attribute.
    Nil,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number.
    Float(f64),
    /// Text.
    Text(Arc<str>),
    /// Nanoseconds.
    Duration(i64),
    /// How a span ended.
    Status(SpanStatus),
    /// Side of a call.
    Kind(SpanKind),
}

impl Value {
    /// An attribute's value. Lists have none that compares.
    pub(super) fn of(attribute: &Attribute) -> Self {
        match attribute {
            Attribute::Text(text) => Self::Text(text.clone()),
            Attribute::Int(number) => Self::Int(*number),
            Attribute::Float(number) => Self::Float(*number),
            Attribute::Bool(value) => Self::Bool(*value),
            Attribute::List(_) => Self::Nil,
        }
    }

    /// As a number: durations in nanoseconds.
    pub(super) fn number(&self) -> Option<f64> {
        match self {
            Self::Int(number) | Self::Duration(number) => Some(*number as f64),
            Self::Float(number) => Some(*number),
            _ => None,
        }
    }

    /// How two values compare; `None` where they are of different kinds.
    pub(super) fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Int(a) | Self::Duration(a), Self::Int(b) | Self::Duration(b)) => Some(a.cmp(b)),
            (Self::Text(a), Self::Text(b)) => Some(a.cmp(b)),
            (Self::Bool(a), Self::Bool(b)) => Some(a.cmp(b)),
            (Self::Status(a), Self::Status(b)) => Some(a.cmp(b)),
            (Self::Kind(a), Self::Kind(b)) => Some(a.cmp(b)),
            _ => self.number()?.partial_cmp(&other.number()?),
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nil => f.write_str("nil"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Int(number) => write!(f, "{number}"),
            Self::Float(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(text),
            Self::Duration(ns) => f.write_str(&go_duration(*ns)),
            Self::Status(status) => f.write_str(match status {
                SpanStatus::Unset => "unset",
                SpanStatus::Ok => "ok",
                SpanStatus::Error => "error",
            }),
            Self::Kind(kind) => f.write_str(match kind {
                SpanKind::Unspecified => "unspecified",
                SpanKind::Internal => "internal",
                SpanKind::Server => "server",
                SpanKind::Client => "client",
                SpanKind::Producer => "producer",
                SpanKind::Consumer => "consumer",
            }),
        }
    }
}

/// A duration as Go prints it: `384.761088ms`, `1.167616s`, `2m0.5s`.
fn go_duration(ns: i64) -> String {
    let (sign, n) = if ns < 0 { ("-", ns.unsigned_abs()) } else { ("", ns.unsigned_abs()) };
    let with = |unit: u64, name: &str| {
        let fraction = format!("{:0width$}", n % unit, width = unit.ilog10() as usize);
        let fraction = fraction.trim_end_matches('0');
        let dot = if fraction.is_empty() { "" } else { "." };
        format!("{sign}{}{dot}{fraction}{name}", n / unit)
    };
    match n {
        0 => "0s".to_owned(),
        1..1_000 => format!("{sign}{n}ns"),
        1_000..1_000_000 => with(1_000, "µs"),
        1_000_000..1_000_000_000 => with(1_000_000, "ms"),
        1_000_000_000..60_000_000_000 => with(1_000_000_000, "s"),
        _ => {
            let (minutes, rest) = (n / 60_000_000_000, n % 60_000_000_000);
            let seconds = if rest == 0 {
                "0s".to_owned()
            } else {
                let fraction = format!("{:09}", rest % 1_000_000_000);
                let fraction = fraction.trim_end_matches('0');
                let dot = if fraction.is_empty() { "" } else { "." };
                format!("{}{dot}{fraction}s", rest / 1_000_000_000)
            };
            let hours = if minutes >= 60 { format!("{}h", minutes / 60) } else { String::new() };
            format!("{sign}{hours}{}m{seconds}", minutes % 60)
        }
    }
}

#[cfg(test)]
mod unit_tests {
    use super::*;

    #[test]
    fn durations_print_as_go_prints_them() {
        for (ns, expected) in [
            (0, "0s"),
            (12, "12ns"),
            (1_500, "1.5µs"),
            (384_761_088, "384.761088ms"),
            (1_167_616_000, "1.167616s"),
            (2_000_000_000, "2s"),
            (120_500_000_000, "2m0.5s"),
            (3_600_000_000_000, "1h0m0s"),
            (-5_000_000, "-5ms"),
        ] {
            assert_eq!(go_duration(ns), expected);
        }
    }
}
