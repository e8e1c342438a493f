//! The hash of a record. Its form is fixed: another one would make every journal look tampered with.

use sha2::{Digest, Sha256};

use super::GENESIS;
use crate::model::records::Record;

/// A hash.
pub type Hash = [u8; 32];

/// What a signature is about: a record, the head, a checkpoint. One can never stand for another.
pub const RECORD: &str = "record";
/// The head.
pub const HEAD: &str = "head";
/// A checkpoint.
pub const CHECKPOINT: &str = "checkpoint";

/// What the first record of a journal follows.
pub fn start(journal: &str) -> Hash {
    let mut state = Sha256::new();
    field(&mut state, GENESIS.as_bytes());
    field(&mut state, journal.as_bytes());
    state.finalize().into()
}

/// The hash of a record that follows another: over every field with its length in front, so that nothing can move
/// from one field into the next.
pub fn hash(before: &Hash, record: &Record) -> Hash {
    let mut state = Sha256::new();
    state.update(before);
    field(&mut state, &record.seq.to_le_bytes());
    field(&mut state, &record.at.timestamp_micros().to_le_bytes());
    for text in record.texts() {
        field(&mut state, text.as_bytes());
    }
    state.finalize().into()
}

fn field(state: &mut Sha256, bytes: &[u8]) {
    state.update((bytes.len() as u64).to_le_bytes());
    state.update(bytes);
}

/// Bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// Bytes from hexadecimal.
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> =
        text.chars().map(|c| c.to_digit(16).map(|digit| digit as u8)).collect::<Option<_>>()?;
    digits.len().is_multiple_of(2).then(|| digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}
