//! Who does something.

use serde::Serialize;

/// Who does something: the name that was claimed, and who stands behind it as far as the system knows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Actor {
    /// The operator, as configured or given. Anybody can claim any name.
    pub operator: Box<str>,
    /// The user of the operating system that runs the process: name and number.
    pub os_user: Box<str>,
    /// Where the session comes from, where it is known: address and key of an SSH connection. Else empty.
    pub origin: Box<str>,
}

impl Actor {
    /// An operator of whom nothing else is known.
    pub fn named(operator: &str) -> Self {
        Self { operator: operator.into(), ..Self::default() }
    }
}
