//! Whom the system knows the person as: the account, its groups and, where sshd tells and the machine's configuration
//! believes it, the key or certificate that let the person in.
//!
//! The environment is not asked for a name: whoever may write it would be whoever they like. `SSH_USER_AUTH` alone is
//! followed, for sshd has no other way to tell, and only where `[roles] ssh_keys` says that nobody here can write what
//! sshd would (docs/roles.md).

use std::path::Path;

use sha2::{Digest, Sha256};

use super::Surroundings;
use crate::model::Identity;

/// No file of sshd is longer.
const LIMIT: usize = 64 * 1024;

/// Asks the system.
pub fn gather(around: &Surroundings, ssh_keys: bool) -> Identity {
    let mut who = account(around);
    who.from =
        around.var("SSH_CONNECTION").and_then(|text| text.split_whitespace().next()).map(str::to_owned);
    if !ssh_keys {
        return who;
    }
    let told = around.var("SSH_USER_AUTH").and_then(|path| told(Path::new(path), who.uid));
    for line in told.iter().flat_map(|text| text.lines()) {
        let mut words = line.split_whitespace();
        if words.next() != Some("publickey") {
            continue;
        }
        let Some(blob) = words.nth(1).and_then(decoded) else { continue };
        match certificate(&blob) {
            Some(principals) => who.principals = principals,
            None => who.key = Some(format!("SHA256:{}", encoded(&Sha256::digest(&blob)))),
        }
    }
    who
}

#[cfg(unix)]
fn account(_: &Surroundings) -> Identity {
    let uid = uzers::get_current_uid();
    let name = |name: &std::ffi::OsStr| name.to_string_lossy().into_owned();
    let user = uzers::get_user_by_uid(uid).map_or_else(|| uid.to_string(), |user| name(user.name()));
    let groups = uzers::group_access_list().unwrap_or_default();
    let groups = groups.iter().map(|group| name(group.name())).collect();
    Identity { user, uid: Some(uid), groups, ..Identity::default() }
}

/// Where there are no accounts of this kind there is no `/etc/plantao` that would give them roles.
#[cfg(not(unix))]
fn account(around: &Surroundings) -> Identity {
    let user = around.var("USERNAME").unwrap_or("unknown").to_owned();
    Identity { user, ..Identity::default() }
}

/// What sshd wrote: a plain file of this account that nobody else may write.
fn told(path: &Path, uid: Option<u32>) -> Option<String> {
    use std::io::Read;
    let meta = std::fs::symlink_metadata(path).ok()?;
    if !path.is_absolute() || !meta.is_file() || meta.len() > LIMIT as u64 || !is_own(&meta, uid) {
        tracing::warn!("SSH_USER_AUTH does not name a file as sshd writes it; no key is believed");
        return None;
    }
    let mut text = String::new();
    std::fs::File::open(path).ok()?.take(LIMIT as u64).read_to_string(&mut text).ok()?;
    Some(text)
}

#[cfg(unix)]
fn is_own(meta: &std::fs::Metadata, uid: Option<u32>) -> bool {
    use std::os::unix::fs::MetadataExt;
    // Nothing of it is the group's or anybody else's.
    Some(meta.uid()) == uid && meta.mode().trailing_zeros() >= 6
}

#[cfg(not(unix))]
fn is_own(_: &std::fs::Metadata, _: Option<u32>) -> bool {
    false
}

/// The principals of an OpenSSH certificate (`PROTOCOL.certkeys`); `None` for a plain key. sshd has checked who signed
/// it before.
fn certificate(blob: &[u8]) -> Option<Vec<String>> {
    let mut rest = blob;
    let kind = text(string(&mut rest)?)?;
    let kind = kind.strip_suffix("-cert-v01@openssh.com")?;
    // The nonce, then the parts of the key itself.
    let parts = match kind {
        "ssh-ed25519" => 1,
        "ssh-rsa" | "sk-ssh-ed25519" => 2,
        "sk-ecdsa-sha2-nistp256" => 3,
        kind if kind.starts_with("ecdsa-sha2-") => 2,
        _ => return Some(Vec::new()),
    };
    for _ in 0..=parts {
        string(&mut rest)?;
    }
    // Serial number and type; a certificate of a host is nobody's.
    let (head, tail) = rest.split_at_checked(12)?;
    rest = tail;
    if head.get(8..) != Some(&[0, 0, 0, 1]) {
        return Some(Vec::new());
    }
    string(&mut rest)?;
    let mut list = string(&mut rest)?;
    let mut principals = Vec::new();
    while !list.is_empty() {
        principals.extend(text(string(&mut list)?));
    }
    Some(principals)
}

/// A string of SSH: its length in four bytes, then itself.
fn string<'b>(rest: &mut &'b [u8]) -> Option<&'b [u8]> {
    let (length, tail) = rest.split_at_checked(4)?;
    let length = u32::from_be_bytes(length.try_into().ok()?) as usize;
    let (string, tail) = tail.split_at_checked(length)?;
    *rest = tail;
    Some(string)
}

fn text(bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok()?;
    (!text.chars().any(char::is_control)).then(|| text.to_owned())
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Base64 without padding, as ssh-keygen writes fingerprints.
fn encoded(bytes: &[u8]) -> String {
    let mut out = String::new();
    for three in bytes.chunks(3) {
        let bits =
            three.iter().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for at in 0..=three.len() {
            out.push(char::from(DIGITS[(bits >> (18 - 6 * at)) as usize & 63]));
        }
    }
    out
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    let (mut bits, mut held, mut out) = (0u32, 0, Vec::with_capacity(text.len()));
    for byte in text.trim_end_matches('=').bytes() {
        let digit = DIGITS.iter().position(|digit| *digit == byte)?;
        bits = bits << 6 | digit as u32;
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push((bits >> held) as u8);
        }
    }
    Some(out)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn around(path: &Path) -> Surroundings {
        let env = [
            ("SSH_USER_AUTH".to_owned(), path.to_string_lossy().into_owned()),
            ("USER".to_owned(), "root-to-be".to_owned()),
            ("LOGNAME".to_owned(), "root-to-be".to_owned()),
        ];
        Surroundings::of(env.into(), None, None, false)
    }

    fn ssh_string(bytes: &[u8]) -> Vec<u8> {
        [&(bytes.len() as u32).to_be_bytes()[..], bytes].concat()
    }

    #[test]
    fn base64_is_read_and_written() {
        for (bytes, text) in
            [(&b""[..], ""), (b"f", "Zg"), (b"fo", "Zm8"), (b"foo", "Zm9v"), (b"foob", "Zm9vYg")]
        {
            assert_eq!(encoded(bytes), text);
            assert_eq!(decoded(text).as_deref(), Some(bytes));
        }
        assert_eq!(decoded("a b"), None);
    }

    #[test]
    fn the_environment_gives_no_name() {
        let who = gather(&around(Path::new("/nowhere")), false);
        assert_eq!(who.uid, Some(uzers::get_current_uid()));
        assert_ne!(who.user, "root-to-be");
    }

    #[test]
    fn a_key_is_believed_only_where_it_may_be() {
        let blob = [ssh_string(b"ssh-ed25519"), ssh_string(&[7; 32])].concat();
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), format!("publickey ssh-ed25519 {}\n", encoded(&blob))).expect("written");
        let mode = |mode| {
            std::fs::set_permissions(file.path(), std::fs::Permissions::from_mode(mode)).expect("a mode");
        };
        mode(0o600);
        assert_eq!(gather(&around(file.path()), false).key, None, "the machine does not believe it");
        let key = gather(&around(file.path()), true).key.expect("a key");
        assert!(key.starts_with("SHA256:") && key.len() == 50, "{key}");
        mode(0o666);
        assert_eq!(gather(&around(file.path()), true).key, None, "others can write it");
        assert_eq!(gather(&around(Path::new("relative")), true).key, None);
    }

    #[test]
    fn principals_of_a_certificate_are_read_and_a_broken_one_has_none() {
        let list = [ssh_string(b"ana"), ssh_string(b"oncall")].concat();
        let cert = |kind: &[u8; 4]| {
            [
                ssh_string(b"ssh-ed25519-cert-v01@openssh.com"),
                ssh_string(&[1; 32]),
                ssh_string(&[2; 32]),
                vec![0; 8],
                kind.to_vec(),
                ssh_string(b"ana's laptop"),
                ssh_string(&list),
                vec![0; 16],
            ]
            .concat()
        };
        let user = cert(&[0, 0, 0, 1]);
        assert_eq!(certificate(&user), Some(vec!["ana".to_owned(), "oncall".to_owned()]));
        assert_eq!(certificate(&cert(&[0, 0, 0, 2])), Some(Vec::new()), "of a host");
        for cut in 0..user.len() - 16 {
            // A cut one never names anybody.
            assert!(certificate(&user[..cut]).is_none_or(|names| names.is_empty()), "{cut}");
        }
    }
}
