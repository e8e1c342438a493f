//! Keyed pseudonyms (HMAC-SHA-256, RFC 2104): equal for equal input, and nobody without the key can try all
//! the CPFs there are to find whose one it is. And the marks that carry them.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The key of all pseudonyms of one installation. Never shown.
#[derive(Clone)]
pub struct Key {
    mac: Hmac<Sha256>,
    /// Tells keys apart without telling anything of them.
    id: u64,
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

/// Why some bytes are no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the key has {0} bytes, at least {least} are needed", least = Key::LEAST)]
pub struct KeyTooShort(pub usize);

/// Digits in a row that no pseudonym holds: so a mark cannot look like an identifier, and one that
/// somebody else wrote cannot carry one through.
const RUN: usize = 7;

/// Hex characters of a pseudonym.
const LENGTH: usize = 16;

impl Key {
    /// Fewest bytes of a key.
    pub const LEAST: usize = 16;

    /// A key of these bytes; line feeds at the end, which editors leave, are no part of it.
    pub fn new(bytes: &[u8]) -> Result<Self, KeyTooShort> {
        let end = bytes.iter().rposition(|b| !matches!(b, b'\n' | b'\r')).map_or(0, |at| at + 1);
        let bytes = &bytes[..end];
        if bytes.len() < Self::LEAST {
            return Err(KeyTooShort(bytes.len()));
        }
        // HMAC takes keys of any length.
        Hmac::new_from_slice(bytes).map(Self::of).map_err(|_| KeyTooShort(bytes.len()))
    }

    /// A key for this process alone: pseudonyms are equal within one run.
    pub fn random() -> Self {
        let mut bytes = [0; 64];
        if getrandom::fill(&mut bytes).is_err() {
            // Without the system's randomness the standard library's own hash keys must do: better than
            // no mask at all.
            use std::hash::{BuildHasher, RandomState};
            for (at, piece) in bytes.chunks_mut(8).enumerate() {
                piece.copy_from_slice(&RandomState::new().hash_one(at).to_le_bytes());
            }
        }
        Self::of(Hmac::new((&bytes).into()))
    }

    fn of(mac: Hmac<Sha256>) -> Self {
        // No label is empty, so that this is no pseudonym.
        let mut id = mac.clone();
        id.update(&[0]);
        let id = id.finalize().into_bytes().iter().take(8).fold(0, |id, byte| id << 8 | u64::from(*byte));
        Self { mac, id }
    }

    /// Equal for equal keys.
    pub(super) fn id(&self) -> u64 {
        self.id
    }

    /// Appends `‹label:pseudonym›`; labels part the spaces of values, so that a card never equals a CPF.
    pub(super) fn mark(&self, label: &str, normal: &str, out: &mut String) {
        let mut mac = self.mac.clone();
        mac.update(label.as_bytes());
        mac.update(&[0]);
        mac.update(normal.as_bytes());
        let digest = mac.finalize().into_bytes();
        let mut hex = [0; 64];
        for (pair, byte) in hex.chunks_mut(2).zip(digest) {
            pair[0] = b"0123456789abcdef"[usize::from(byte >> 4)];
            pair[1] = b"0123456789abcdef"[usize::from(byte & 15)];
        }
        let chosen = hex.windows(LENGTH).find(|window| longest_run(window) < RUN);
        out.push('‹');
        out.push_str(label);
        out.push(':');
        match chosen {
            Some(window) => out.extend(window.iter().map(|b| *b as char)),
            // One digest in many millions: letters break its rows of digits.
            None => out.extend(hex.iter().take(LENGTH).enumerate().map(|(at, b)| match at % 4 {
                3 => (b'a' + b % 6) as char,
                _ => *b as char,
            })),
        }
        out.push('›');
    }
}

fn longest_run(hex: &[u8]) -> usize {
    let mut longest = 0;
    let mut run = 0;
    for b in hex {
        run = if b.is_ascii_digit() { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

/// Longest label that a mark is recognised with.
pub(super) const LONGEST_LABEL: usize = 40;

/// End of the mark that begins at `at`.
pub(super) fn mark_at(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = bytes.get(at..)?.strip_prefix("‹".as_bytes())?;
    let label = rest.iter().take(LONGEST_LABEL + 1).position(|b| *b == b':')?;
    let fine = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'_';
    // A label with a row of digits could carry an identifier.
    if label == 0 || !rest[..label].iter().all(fine) || longest_run(&rest[..label]) >= RUN {
        return None;
    }
    let hex = rest.get(label + 1..label + 1 + LENGTH)?;
    let is_hex = hex.iter().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let closed = rest[label + 1 + LENGTH..].starts_with("›".as_bytes());
    (is_hex && closed && longest_run(hex) < RUN).then_some(at + "‹".len() + label + 1 + LENGTH + "›".len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(key: &Key, label: &str, value: &str) -> String {
        let mut out = String::new();
        key.mark(label, value, &mut out);
        out
    }

    #[test]
    fn marks_are_whole_keyed_and_recognised() {
        let key = Key::new(b"a key of sixteen bytes\n").expect("long enough");
        let same = Key::new(b"a key of sixteen bytes").expect("long enough");
        let other = Key::new(b"another key of bytes").expect("long enough");
        for at in 0..5000 {
            let value = at.to_string();
            let one = mark(&key, "cpf", &value);
            assert_eq!(mark_at(one.as_bytes(), 0), Some(one.len()), "{one}");
            assert_eq!(one, mark(&same, "cpf", &value));
            assert_ne!(one, mark(&other, "cpf", &value));
            assert_ne!(one[7..], mark(&key, "cns", &value)[7..]);
        }
        assert_ne!(mark(&Key::random(), "cpf", "1"), mark(&Key::random(), "cpf", "1"));
        assert_eq!(Key::new(b"short\n\n").err(), Some(KeyTooShort(5)));
        assert_eq!(format!("{key:?}"), "Key(…)");
    }

    #[test]
    fn a_forged_mark_carries_nothing() {
        for forged in [
            "‹cpf:1234567890912345›",
            "‹cpf:12345678909abcde›",
            "‹cpf12345678909:0a0b0c0d0e0f0a0b›",
            "‹:0a0b0c0d0e0f0a0b›",
            "‹cpf:0a0b0c0d0e0f0a0›",
            "‹cpf:0a0b0c0d0e0f0a0b",
            "‹Ana Souza:0a0b0c0d0e0f0a0b›",
        ] {
            assert_eq!(mark_at(forged.as_bytes(), 0), None, "{forged}");
        }
    }
}
