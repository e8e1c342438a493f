//! Identifiers written with their punctuation: the shapes as a table, each with what proves it.

use super::check;
use super::edges::{begins_here, ends_here, is_after_v, is_free, is_whole_group, stands_alone};
use super::kind::Kind;
use super::scan::{Scan, What};

/// A shape: `d` is a digit, everything else itself.
struct Shape {
    form: &'static [u8],
    kind: Kind,
    /// Digits alone, what stands before, what stands after.
    proof: fn(&[u8], &str, &str) -> bool,
}

const fn shape(form: &'static str, kind: Kind, proof: fn(&[u8], &str, &str) -> bool) -> Shape {
    Shape { form: form.as_bytes(), kind, proof }
}

/// By the length of their first run of digits; longer forms first.
const SHAPES: [&[Shape]; 13] = [
    &[],
    &[],
    &[
        shape("dd.ddd.ddd/dddd-dd", Kind::Cnpj, punctuated_number),
        shape("dd.ddd.ddd.dddd-dd", Kind::Cnpj, cnpj),
        shape("dd.ddd.ddd dddd dd", Kind::Cnpj, cnpj),
        shape("dd ddd ddd dddd dd", Kind::Cnpj, cnpj),
        shape("dd ddddd-dddd", Kind::Phone, mobile),
        shape("dd-ddddd-dddd", Kind::Phone, mobile),
        shape("dd.ddddd-dddd", Kind::Phone, mobile),
        shape("dd d dddd-dddd", Kind::Phone, mobile),
        shape("dd-d dddd-dddd", Kind::Phone, mobile),
        shape("dd dddd-dddd", Kind::Phone, landline),
        shape("dd-dddd-dddd", Kind::Phone, landline),
    ],
    &[
        shape("ddd.ddd.ddd-dd", Kind::Cpf, punctuated_cpf),
        shape("ddd.ddd.ddd/dd", Kind::Cpf, cpf),
        shape("ddd.ddd.ddd.dd", Kind::Cpf, dotted_cpf),
        shape("ddd.ddd.ddd dd", Kind::Cpf, cpf),
        shape("ddd ddd ddd dd", Kind::Cpf, cpf),
        shape("ddd ddd ddd-dd", Kind::Cpf, cpf),
        shape("ddd-ddd-ddd-dd", Kind::Cpf, cpf),
        shape("ddd dddd dddd dddd", Kind::Cns, cns_group),
        shape("ddd-dddd-dddd-dddd", Kind::Cns, cns_group),
        shape("ddd.dddd.dddd.dddd", Kind::Cns, cns_group),
    ],
    &[
        shape("dddd dddd dddd dddd ddd", Kind::Card, group),
        shape("dddd dddd dddd dddd", Kind::Card, group),
        shape("dddd-dddd-dddd-dddd", Kind::Card, group),
        shape("dddd.dddd.dddd.dddd", Kind::Card, card),
        shape("dddd dddddd ddddd", Kind::Card, amex_group),
        shape("dddd-dddddd-ddddd", Kind::Card, amex_group),
        shape("dddd dddddd dddd", Kind::Card, card),
        shape("dddd-dddddd-dddd", Kind::Card, card),
    ],
    &[],
    &[],
    &[],
    &[shape("dddddddd/dddd-dd", Kind::Cnpj, punctuated_number)],
    &[shape("ddddddddd-dd", Kind::Cpf, cpf), shape("ddddddddd/dd", Kind::Cpf, cpf)],
    &[],
    &[],
    &[shape("dddddddddddd-dd", Kind::Cnpj, cnpj)],
];

fn punctuated_number(_: &[u8], before: &str, after: &str) -> bool {
    stands_alone(before, after)
}

fn punctuated_cpf(_: &[u8], before: &str, after: &str) -> bool {
    stands_alone(before, after) && !is_after_v(before)
}

fn cpf(digits: &[u8], before: &str, after: &str) -> bool {
    check::cpf(digits) && is_whole_group(before, after) && !is_after_v(before)
}

/// With dots alone it may be an address of the Internet, which then it is.
fn dotted_cpf(digits: &[u8], before: &str, after: &str) -> bool {
    let is_octet = |group: &[u8]| group <= b"255".as_slice();
    !digits[..9].chunks(3).all(is_octet) && cpf(digits, before, after)
}

fn cnpj(digits: &[u8], before: &str, after: &str) -> bool {
    check::cnpj(digits) && is_whole_group(before, after)
}

fn card(digits: &[u8], before: &str, after: &str) -> bool {
    check::card(digits) && is_whole_group(before, after)
}

fn group(_: &[u8], before: &str, after: &str) -> bool {
    is_whole_group(before, after)
}

fn amex_group(digits: &[u8], before: &str, after: &str) -> bool {
    (digits.starts_with(b"34") || digits.starts_with(b"37")) && is_whole_group(before, after)
}

fn cns_group(digits: &[u8], before: &str, after: &str) -> bool {
    matches!(digits[0], b'1' | b'2' | b'7'..=b'9') && is_whole_group(before, after)
}

fn mobile(digits: &[u8], before: &str, after: &str) -> bool {
    digits[0] != b'0' && digits[1] != b'0' && digits[2] == b'9' && is_free(before, after)
}

/// `12 2025-2026` is a range of years.
fn landline(digits: &[u8], before: &str, after: &str) -> bool {
    let is_year = |text: &[u8]| text.starts_with(b"19") || text.starts_with(b"20");
    digits[0] != b'0'
        && digits[1] != b'0'
        && matches!(digits[2], b'2'..=b'5')
        && !(is_year(&digits[2..6]) && is_year(&digits[6..]))
        && is_free(before, after)
}

/// For each length of the first run of digits and each separator: lengths that the second run may have.
static SECONDS: [[u32; 4]; SHAPES.len()] = {
    let mut all = [[0; 4]; SHAPES.len()];
    let mut first = 0;
    while first < SHAPES.len() {
        let mut at = 0;
        while at < SHAPES[first].len() {
            let form = SHAPES[first][at].form;
            let mut second = first + 1;
            while second < form.len() && form[second] == b'd' {
                second += 1;
            }
            all[first][separator(form[first])] |= 1 << (second - first - 1);
            at += 1;
        }
        first += 1;
    }
    all
};

const fn separator(byte: u8) -> usize {
    match byte {
        b'.' => 0,
        b'-' => 1,
        b' ' => 2,
        _ => 3,
    }
}

/// Whether [`punctuated`] can find anything that begins with the digits from `start` to `end`: told by their
/// number and that of the digits behind the next separator.
pub(super) fn may_begin(bytes: &[u8], start: usize, end: usize) -> bool {
    let length = end - start;
    let Some(byte @ (b'.' | b'-' | b' ' | b'/')) = bytes.get(end).copied() else { return false };
    let second = bytes[end + 1..].iter().take(16).take_while(|b| b.is_ascii_digit()).count();
    if second == 0 {
        return matches!(length, 5 | 6) && byte == b'-';
    }
    SECONDS.get(length).is_some_and(|seconds| seconds[separator(byte)] >> second & 1 == 1)
}

/// A shape that begins with the digits from `start` to `end`.
pub(super) fn punctuated(scan: &mut Scan<'_>, start: usize, end: usize) -> Option<usize> {
    if !matches!(scan.byte(end), b'.' | b'-' | b' ' | b'/') {
        return None;
    }
    // Behind its first separator every shape goes on with a digit.
    if scan.byte(end + 1).is_ascii_digit() {
        let separator = scan.byte(end);
        for shape in SHAPES.get(end - start)?.iter().filter(|shape| shape.form[end - start] == separator) {
            let stop = start + shape.form.len();
            let Some(found) = scan.bytes.get(start..stop).filter(|found| fits(shape.form, found)) else {
                continue;
            };
            let mut digits = [0; MOST];
            let all = found.iter().filter(|b| b.is_ascii_digit());
            let count = digits.iter_mut().zip(all).map(|(digit, byte)| *digit = *byte).count();
            if (shape.proof)(&digits[..count], scan.before(start), scan.after(stop)) {
                return Some(scan.push(start, stop, What::Id(shape.kind)));
            }
        }
        return None;
    }
    medical_council(scan, start, end)
}

/// Most digits of a shape.
const MOST: usize = 19;

fn fits(form: &[u8], bytes: &[u8]) -> bool {
    form.iter().zip(bytes).all(|(wanted, byte)| match wanted {
        b'd' => byte.is_ascii_digit(),
        other => other == byte,
    })
}

/// `12345-SP`.
fn medical_council(scan: &mut Scan<'_>, start: usize, end: usize) -> Option<usize> {
    let stop = end + 3;
    let fits = matches!(end - start, 5 | 6)
        && scan.byte(end) == b'-'
        && is_unit(scan.bytes.get(end + 1..stop)?)
        && is_free(scan.before(start), scan.after(stop));
    fits.then(|| scan.push(start, stop, What::Id(Kind::Crm)))
}

/// Whether these are the letters of one of the 27 federal units.
pub(super) fn is_unit(letters: &[u8]) -> bool {
    const UNITS: &[u8] = b"ACALAMAPBACEDFESGOMAMGMSMTPAPBPEPIPRRJRNRORRRSSCSESPTO";
    letters.len() == 2 && UNITS.chunks(2).any(|unit| unit == letters)
}

/// `AB.CDE.FGH/IJ1L-99`, the form with letters, around its slash at `at`.
pub(super) fn cnpj_around_slash(scan: &mut Scan<'_>, at: usize) -> Option<usize> {
    if scan.byte(at + 5) != b'-' || at < 10 || scan.bytes[at - 4] != b'.' || scan.bytes[at - 8] != b'.' {
        return None;
    }
    let (start, end) = (at - 10, at + 8);
    let found = scan.bytes.get(start..end)?;
    let body: Vec<u8> = found.iter().copied().filter(u8::is_ascii_alphanumeric).collect();
    if start < scan.done || body.len() != 14 || !body[12..].iter().all(u8::is_ascii_digit) {
        return None;
    }
    // `WW.FOO.COM/PAGE-10` is an address: in upper case with a digit, or else proven.
    let base = &body[..12];
    let likely = !base.iter().any(u8::is_ascii_lowercase) && base.iter().any(u8::is_ascii_digit);
    let fits = (likely || check::cnpj(&body)) && stands_alone(scan.before(start), scan.after(end));
    let whole = ends_here(scan.after(end)) && begins_here(scan.before(start));
    (fits && whole).then(|| scan.push(start, end, What::Id(Kind::Cnpj)))
}

/// `12ABC34501DE35`, the form with letters, without punctuation: in upper case and proven, or behind its
/// name.
pub(super) fn bare_cnpj(scan: &mut Scan<'_>, start: usize, end: usize) -> Option<usize> {
    if end - start != 14 {
        return None;
    }
    let body = &scan.bytes[start..end];
    if !body.iter().all(u8::is_ascii_alphanumeric) || !body[12..].iter().all(u8::is_ascii_digit) {
        return None;
    }
    let proven = !body.iter().any(u8::is_ascii_lowercase)
        && check::cnpj(body)
        && super::bare::is_plausible(scan, start, end);
    let named = super::names::follows(scan, super::names::Name::Cnpj, start);
    (proven || named).then(|| scan.push(start, end, What::Id(Kind::Cnpj)))
}
