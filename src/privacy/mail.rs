//! What stands around an `@`: e-mail addresses, and user names and passwords in addresses.

use super::edges::is_wordy;
use super::kind::Kind;
use super::pseudonym::mark_at;
use super::scan::{Scan, What};

/// The e-mail address around the `@` at `at`.
pub(super) fn at_sign(scan: &mut Scan<'_>, at: usize) -> Option<usize> {
    let before = scan.before(at);
    let local = before.trim_end_matches(|c: char| is_wordy(c) || matches!(c, '.' | '%' | '+' | '-'));
    let start = scan.done + local.len();
    if start == at {
        return None;
    }
    let start = if at - start > 1 { scan.behind_escape(start) } else { start };
    let end = at + 1 + domain(scan.after(at + 1))?;
    let found = scan.text.get(start..end)?;
    is_address(found).then(|| scan.push(start, end, What::Id(Kind::Email)))
}

/// Length of the domain name that `rest` begins with: labels and a top level of letters.
fn domain(rest: &str) -> Option<usize> {
    let run = rest.find(|c: char| !(is_wordy(c) || matches!(c, '.' | '-'))).unwrap_or(rest.len());
    let run = &rest[..run];
    let mut end = run.len();
    while let Some(dot) = run[..end].rfind('.') {
        let label = &run[dot + 1..end];
        let letters = label.bytes().take_while(u8::is_ascii_alphabetic).count();
        let punycode = label.starts_with("xn--");
        let whole = !label[letters..].starts_with(is_wordy);
        if dot > 0 && !run[..dot].ends_with('.') && ((2..=24).contains(&letters) && whole || punycode) {
            return Some(dot + 1 + if punycode { label.len() } else { letters });
        }
        end = dot;
    }
    None
}

/// Not an instance of a systemd unit (`user@1000.service`), not a module at a version
/// (`pkg@v1.2.3-rc.a`), not the account that every repository has.
fn is_address(found: &str) -> bool {
    const UNITS: [&str; 11] = [
        "service",
        "socket",
        "timer",
        "target",
        "mount",
        "automount",
        "slice",
        "scope",
        "device",
        "path",
        "swap",
    ];
    let domain = found.rsplit('@').next().unwrap_or("");
    let first = domain.split('.').next().unwrap_or("");
    let number = first.strip_prefix('v').unwrap_or(first);
    let second = domain.split('.').nth(1).unwrap_or("");
    let is_version = !number.is_empty()
        && number.bytes().all(|b| b.is_ascii_digit())
        && second.starts_with(|c: char| c.is_ascii_digit());
    let last = domain.rsplit('.').next().unwrap_or("");
    !is_version && !found.starts_with("git@") && !UNITS.contains(&last)
}

/// `ana:secret` of `http://ana:secret@host`, which begins at `start`.
pub(super) fn credentials(scan: &mut Scan<'_>, start: usize) -> Option<usize> {
    let rest = &scan.bytes[start..];
    let stop = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'/' | b'"' | b'<' | b'>' | b'`' | b'\\');
    let authority = &rest[..rest.iter().position(stop).unwrap_or(rest.len())];
    let length = memchr::memrchr(b'@', authority)?;
    let end = start + length;
    let known = mark_at(scan.bytes, start) == Some(end);
    (length > 0 && !known).then(|| scan.push(start, end, What::Id(Kind::Credentials)))
}
