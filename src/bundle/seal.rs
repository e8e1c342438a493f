//! The seal: how many lines come before it, the SHA-256 of their bytes, and with a key their HMAC-SHA-256.

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// What the last line of a sealed bundle says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seal {
    /// Lines before it.
    pub lines: u64,
    /// SHA-256 of all bytes before it, in hex.
    pub sha256: String,
    /// HMAC-SHA-256 of the same bytes, in hex, where a key was given.
    pub hmac: Option<String>,
}

impl Seal {
    /// Its line, line feed included. The line checks itself too, so that no byte of a file is beyond notice.
    pub fn line(&self) -> String {
        let mut text = format!("{{\"kind\":\"seal\",\"lines\":{},\"sha256\":\"{}\"", self.lines, self.sha256);
        if let Some(hmac) = &self.hmac {
            let _ = write!(text, ",\"hmac\":\"{hmac}\"");
        }
        let check = hex(&Sha256::digest(text.as_bytes())[..8]);
        let _ = writeln!(text, ",\"check\":\"{check}\"}}");
        text
    }
}

/// Bytes that go into a seal.
pub struct Sealing {
    digest: Sha256,
    mac: Option<Hmac<Sha256>>,
    lines: u64,
}

impl Sealing {
    /// Nothing yet. HMAC takes a key of any length.
    pub fn new(key: Option<&[u8]>) -> Self {
        Self { digest: Sha256::new(), mac: key.and_then(|key| Hmac::new_from_slice(key).ok()), lines: 0 }
    }

    /// A line, its line feed included.
    pub fn line(&mut self, bytes: &[u8]) {
        self.digest.update(bytes);
        if let Some(mac) = &mut self.mac {
            mac.update(bytes);
        }
        self.lines += 1;
    }

    /// The seal of what came.
    pub fn finish(self) -> Seal {
        Seal {
            lines: self.lines,
            sha256: hex(&self.digest.finalize()),
            hmac: self.mac.map(|mac| hex(&mac.finalize().into_bytes())),
        }
    }
}

/// Lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
