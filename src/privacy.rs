//! What makes text from outside safe to show: identifiers and fields about persons masked by keyed
//! pseudonyms, terminal escapes, control and bidirectional characters neutralised. docs/privacy.md tells the
//! rules to a person.
//!
//! Owns masking. Every string of a server passes here before State. Must not do I/O.

mod bare;
mod calm;
mod check;
mod edges;
mod escape;
mod evidence;
mod fields;
mod fold;
mod invisible;
mod kind;
mod leaks;
mod machine;
mod mail;
mod masker;
mod names;
mod phone;
mod pseudonym;
mod scan;
mod sealed;
mod shapes;
mod values;
pub mod vault;

use std::borrow::Cow;
use std::sync::OnceLock;

pub use escape::{clean, clean_line};
pub use evidence::safe_evidence;
pub use fields::Fields;
pub use kind::Kind;
pub use leaks::{Leak, Leaks};
pub use masker::Masker;
pub use pseudonym::{Key, KeyTooShort};
pub use sealed::{Masked, Sealed, unseal};

static MASKER: OnceLock<Masker> = OnceLock::new();

/// Sets this process's masker, once and before any text comes in. `false` where one was already in use,
/// which then stays: pseudonyms must not change within a run.
pub fn install(masker: Masker) -> bool {
    MASKER.set(masker).is_ok()
}

/// This process's masker; without [`install`] one with a random key and the usual fields.
pub fn masker() -> &'static Masker {
    MASKER.get_or_init(Masker::default)
}

/// A server's text made safe: escapes and invisible characters removed, then identifiers masked,
/// so that an identifier broken up by an invisible character is found too.
///
/// The result holds no control character but line feed and tab, no escape sequence, no
/// bidirectional and no zero-width character. Safe text passes unchanged.
pub fn safe(text: &str) -> Box<str> {
    masker().safe(None, text, false, &mut |_| ()).into()
}

/// As [`safe`]; tells the label of everything that was masked (`cpf`, `patient_name`).
pub fn safe_noting<'t>(text: &'t str, note: &mut dyn FnMut(&str)) -> Cow<'t, str> {
    masker().safe(None, text, false, note)
}

/// As [`safe`], on one line: what a table cell or an error message takes.
pub fn safe_line(text: &str) -> Box<str> {
    masker().safe(None, text, true, &mut |_| ()).into()
}

/// As [`safe_line`]; tells the label of everything that was masked.
pub fn safe_line_noting<'t>(text: &'t str, note: &mut dyn FnMut(&str)) -> Cow<'t, str> {
    masker().safe(None, text, true, note)
}

/// As [`safe_line`], for the value of a label or an attribute: its name tells what a number is, and the values
/// of some names are never shown.
pub fn safe_value(name: &str, value: &str) -> Box<str> {
    masker().safe(Some(name), value, true, &mut |_| ()).into()
}

/// As [`safe_value`]; tells the label of everything that was masked.
pub fn safe_value_noting<'t>(name: &str, value: &'t str, note: &mut dyn FnMut(&str)) -> Cow<'t, str> {
    masker().safe(Some(name), value, true, note)
}

/// As [`safe_value`], with the lines kept: what an annotation takes.
pub fn safe_note(name: &str, value: &str) -> Box<str> {
    masker().safe(Some(name), value, false, &mut |_| ()).into()
}

/// As [`safe_note`]; tells the label of everything that was masked.
pub fn safe_note_noting<'t>(name: &str, value: &'t str, note: &mut dyn FnMut(&str)) -> Cow<'t, str> {
    masker().safe(Some(name), value, false, note)
}

/// A name that the server chose (a label, a metric): stripped and on one line, but not masked,
/// since names are looked up.
pub fn safe_name(text: &str) -> Box<str> {
    clean_line(text).into()
}

/// Identifiers and fields masked by this process's masker; see [`Masker::mask`].
pub fn mask(text: &str) -> Cow<'_, str> {
    masker().mask(text)
}

/// The mark that this process shows for an identifier, however it is spelt.
pub fn shown(kind: Kind, identifier: &str) -> String {
    masker().shown(kind, identifier)
}

#[cfg(test)]
mod tests;
