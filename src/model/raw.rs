//! A value that a person has asked to see as it is, on its way to one screen.
//!
//! It is no `Serialize` and no `Display`, `Debug` hides it, a copy of it is empty, and its memory is overwritten when it
//! goes: what copies a state (a held screen, a saved one, a join beside the loop) does not take it along.

use std::fmt;

use zeroize::Zeroizing;

/// The value, or none any more.
pub struct Raw(Zeroizing<String>);

impl Raw {
    /// Takes it.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text, for the cells of the screen.
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl Clone for Raw {
    fn clone(&self) -> Self {
        Self::new(String::new())
    }
}

impl fmt::Debug for Raw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Raw(…)")
    }
}

impl PartialEq for Raw {
    fn eq(&self, other: &Self) -> bool {
        *self.0 == *other.0
    }
}

impl Eq for Raw {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_empty_and_nothing_prints_it() {
        let raw = Raw::new("Ana Souza".to_owned());
        assert_eq!(raw.text(), "Ana Souza");
        assert_eq!(raw.clone().text(), "");
        assert!(!format!("{raw:?}").contains("Ana"));
    }
}
