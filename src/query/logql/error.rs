//! What can be wrong with a LogQL query.

use std::fmt;

/// Why a query has no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogQlError {
    /// It is not LogQL. The message names line and column, in Loki's words where it has any.
    Parse(String),
    /// It is LogQL that is not evaluated here.
    Unsupported(String),
    /// It is not a query for this door (a log query asked as an instant one, …).
    Kind(String),
    /// It ran into a line or a limit that it must not.
    Run(String),
}

impl fmt::Display for LogQlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Parse(words) | Self::Kind(words) | Self::Run(words) => f.write_str(words),
            Self::Unsupported(what) => write!(f, "{what} is not supported by the embedded hospital"),
        }
    }
}

impl std::error::Error for LogQlError {}
