//! Raw values that an action needs: a matcher that must match what the server has, a filter in a query.
//!
//! Such a value can be kept, cloned and compared, and nothing else: it is not shown, not written and not
//! serialised, and its memory is overwritten when it goes. `unseal::open` is the one way to it, and
//! `tests/architecture` lets only the rooms through that talk to servers.
//!
//! ```compile_fail
//! let raw = plantao::privacy::Sealed::new("Ana".to_owned());
//! println!("{raw:?}");
//! ```
//! ```compile_fail
//! let raw = plantao::privacy::Sealed::new("Ana".to_owned());
//! println!("{raw}");
//! ```
//! ```compile_fail
//! let raw = plantao::privacy::Sealed::new("Ana".to_owned());
//! serde_json::to_string(&raw);
//! ```

use std::fmt;

use zeroize::{Zeroize, Zeroizing};

/// A raw value. Neither `Debug` nor `Display` nor `Serialize`, so that nothing that is shown can hold it.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed<T: Zeroize = String>(Zeroizing<T>);

impl<T: Zeroize> Sealed<T> {
    /// Seals a value.
    pub fn new(raw: T) -> Self {
        Self(Zeroizing::new(raw))
    }
}

/// The door to sealed values, for the rooms that send them to servers.
pub mod unseal {
    use zeroize::Zeroize;

    use super::Sealed;

    /// The raw value.
    pub fn open<T: Zeroize>(sealed: &Sealed<T>) -> &T {
        &sealed.0
    }
}

/// A value of a server as it is shown, with the raw one where that differs.
#[derive(Clone, PartialEq, Eq)]
pub struct Masked {
    /// For screens, files and logs.
    pub shown: Box<str>,
    /// For matchers and filters; `None` where `shown` is the raw value.
    pub sealed: Option<Sealed>,
}

impl fmt::Debug for Masked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.shown, f)
    }
}

impl fmt::Display for Masked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl serde::Serialize for Masked {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_masked_value_shows_its_mask_alone() {
        let masker = super::super::Masker::default();
        let masked = masker.seal("patient_name", "Ana Souza");
        for said in
            [format!("{masked}"), format!("{masked:?}"), serde_json::to_string(&masked).expect("JSON")]
        {
            assert!(said.contains("‹patient_name:") && !said.contains("Ana"), "{said}");
        }
        let sealed = masked.sealed.clone().expect("sealed");
        assert_eq!(unseal::open(&sealed), "Ana Souza");
        assert!(masked == masked.clone());
        let plain = masker.seal("service", "medical-api");
        assert_eq!((&*plain.shown, plain.sealed.is_none()), ("medical-api", true));
        // What was only cleaned is sealed too: a matcher must match the server's own bytes.
        assert!(masker.seal("service", "a\u{200b}b").sealed.is_some());
    }
}
