//! Privacy at the door, from outside: whatever is somebody's is masked in every surrounding, and what
//! is nobody's stays readable.
// Tests end by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod corpus;
mod examples;
mod false_alarms;
mod identifiers;
mod properties;

use plantao::privacy::{Fields, Key, Masker};

/// A masker whose pseudonyms are the same in every run.
fn masker() -> Masker {
    let key = Key::new(b"a key for tests, known to everybody").expect("long enough");
    Masker::new(key, Fields::default())
}

/// Marks without their pseudonyms: `‹cpf›`.
fn bare(text: &str) -> String {
    let mut out = String::new();
    for (at, piece) in text.split('‹').enumerate() {
        match piece.split_once('›') {
            Some((mark, rest)) if at > 0 => {
                out.push('‹');
                out.push_str(mark.split(':').next().expect("a label"));
                out.push('›');
                out.push_str(rest);
            }
            _ => out.push_str(piece),
        }
    }
    out
}
