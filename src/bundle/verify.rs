//! Verifying: whether the seal holds. One flipped byte, anywhere in the file, fails.

use std::io::BufRead;

use super::error::BundleError;
use super::limits::Limits;
use super::read::{Next, next_line};
use super::record::SealLine;
use super::seal::{Seal, Sealing};

/// What a check of the seal says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing was changed since it was sealed.
    Holds {
        /// The seal.
        seal: Seal,
        /// What is known of its signature.
        signature: Signature,
    },
    /// There is no seal; nobody can say.
    Unsealed,
    /// Something was changed; what, as far as it can be told.
    Broken(Damage),
}

/// What is known of the keyed signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signature {
    /// There is none.
    None,
    /// There is one, and no key to check it with.
    Unchecked,
    /// It was made with the key given.
    Holds,
}

/// How a bundle differs from what was sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Damage {
    /// The seal's own line.
    Seal,
    /// The number of lines: sealed, found.
    Lines(u64, u64),
    /// The bytes.
    Bytes,
    /// The keyed signature does not fit the key.
    Signature,
    /// A key was given, and the bundle is not signed with one.
    Unsigned,
    /// Something stands after the seal.
    After,
    /// A line is too long to be from a writer of this format.
    TooLong(u64),
    /// The compressed file differs from what was written.
    Compressed,
}

/// Checks the seal of a bundle whose bytes are no longer compressed.
pub fn verify(mut input: impl BufRead, key: Option<&[u8]>, limits: &Limits) -> Result<Verdict, BundleError> {
    let mut sealing = Sealing::new(key);
    let mut buffer = Vec::new();
    let mut lines = 0;
    loop {
        let stream = |why| BundleError::Stream { after: lines, why };
        match next_line(&mut input, &mut buffer, limits.line).map_err(stream)? {
            Next::End if lines == 0 => return Err(BundleError::Empty),
            Next::End => return Ok(Verdict::Unsealed),
            Next::TooLong => return Ok(Verdict::Broken(Damage::TooLong(lines + 1))),
            Next::Line if buffer.starts_with(b"{\"kind\":\"seal\"") => break,
            Next::Line => {
                lines += 1;
                sealing.line(&buffer);
            }
        }
    }
    let line = buffer.clone();
    let stream = |why| BundleError::Stream { after: lines, why };
    if !matches!(next_line(&mut input, &mut buffer, limits.line).map_err(stream)?, Next::End) {
        return Ok(Verdict::Broken(Damage::After));
    }
    Ok(judge(&line, &sealing.finish(), key.is_some()))
}

fn judge(line: &[u8], found: &Seal, keyed: bool) -> Verdict {
    let Some(said) = said(line) else { return Verdict::Broken(Damage::Seal) };
    if said.lines != found.lines {
        return Verdict::Broken(Damage::Lines(said.lines, found.lines));
    }
    if said.sha256 != found.sha256 {
        return Verdict::Broken(Damage::Bytes);
    }
    let signature = match (&said.hmac, keyed) {
        (None, true) => return Verdict::Broken(Damage::Unsigned),
        (Some(_), true) if said.hmac != found.hmac => return Verdict::Broken(Damage::Signature),
        (Some(_), true) => Signature::Holds,
        (Some(_), false) => Signature::Unchecked,
        (None, false) => Signature::None,
    };
    Verdict::Holds { seal: said, signature }
}

/// What the seal's line says, when it is as a writer wrote it. A seal of another writer may lack the check of
/// its own line; then it has nothing but the known keys.
fn said(line: &[u8]) -> Option<Seal> {
    let text = std::str::from_utf8(line).ok()?;
    let read: SealLine<'_> = serde_json::from_str(text.trim_end()).ok()?;
    if !read.unknown.is_empty() {
        return None;
    }
    let is_hex =
        |text: &str| text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let seal = Seal {
        lines: read.lines?,
        sha256: read.sha256?.0.into_owned(),
        hmac: read.hmac.map(|hmac| hmac.0.into_owned()),
    };
    if !is_hex(&seal.sha256) || seal.hmac.as_deref().is_some_and(|hmac| !is_hex(hmac)) {
        return None;
    }
    if read.check.is_some() && seal.line() != text {
        return None;
    }
    Some(seal)
}
