//! Exit statuses, as scripts rely on them.

use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Exit {
    /// Done.
    #[default]
    Done = 0,
    /// The answer is negative: nothing matched, a check failed.
    Negative = 1,
    /// Wrong usage or configuration.
    Usage = 2,
    /// A source that was needed did not answer.
    Unreachable = 3,
    /// The answer is incomplete.
    Incomplete = 4,
    /// Interrupted by the person.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
