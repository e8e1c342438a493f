//! The names that identifiers go by in logs, and how near to one a number must stand.

use super::edges::ends_here;
use super::kind::Kind;
use super::scan::{Scan, What};
use super::shapes::is_unit;
use super::{bare, phone};

/// Who may be named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name {
    Cpf,
    Cnpj,
    Cns,
    Card,
    Phone,
    Cnes,
    Crm,
}

const COUNT: usize = 7;

/// Where each name last ended.
#[derive(Default)]
pub(super) struct Names {
    ends: [Option<usize>; COUNT],
    /// Whether any was seen: most texts have none.
    pub any: bool,
    /// Whether the doctors' council was last written in capitals: `crm` is also software for sales.
    capital: bool,
}

/// Pairs of letters that a name begins or ends with.
const fn pairs(words: &[&[u8]], at_end: bool) -> [u64; 16] {
    let mut set = [0; 16];
    let mut at = 0;
    while at < words.len() {
        let word = words[at];
        let (a, b) = if at_end { (word[word.len() - 2], word[word.len() - 1]) } else { (word[0], word[1]) };
        let index = ((a & 31) as usize) << 5 | (b & 31) as usize;
        set[index >> 6] |= 1 << (index & 63);
        at += 1;
    }
    set
}

const WORDS: [&[u8]; 25] = [
    b"cpf",
    b"cnpj",
    b"cns",
    b"sus",
    b"cnes",
    b"crm",
    b"tel",
    b"telefone",
    b"fone",
    b"celular",
    b"cel",
    b"phone",
    b"telephone",
    b"whatsapp",
    b"whats",
    b"zap",
    b"mobile",
    b"card",
    b"cartao",
    "cartão".as_bytes(),
    b"pan",
    b"cpfs",
    b"creditcard",
    b"cellphone",
    b"phonenumber",
];

static HEADS: [u64; 16] = pairs(&WORDS, false);
static TAILS: [u64; 16] = pairs(&WORDS, true);

fn holds(set: &[u64; 16], a: u8, b: u8) -> bool {
    let index = usize::from(a & 31) << 5 | usize::from(b & 31);
    set[index >> 6] >> (index & 63) & 1 == 1
}

/// Notes whether this word, which begins at `start`, is a name or, in camel case, begins or ends with one.
#[inline]
pub(super) fn note(names: &mut Names, word: &[u8], start: usize) {
    let [first, second, .., last] = word else { return };
    let before_last = word[word.len() - 2];
    let (head, tail) = (holds(&HEADS, *first, *second), holds(&TAILS, before_last, *last));
    if head || tail {
        note_likely(names, word, start, head && tail);
    }
}

/// The same of a word that begins or ends like a name; `whole` where it does both.
#[inline(never)]
fn note_likely(names: &mut Names, word: &[u8], start: usize, whole: bool) {
    if whole && let Some(name) = name(word) {
        return names.set(name, start + word.len(), word[0].is_ascii_uppercase());
    }
    if !word[1..].iter().any(u8::is_ascii_uppercase) {
        return;
    }
    // `nrCpf`, `cpfPaciente`, `CPFPaciente`.
    let mut from = 0;
    for at in 1..word.len() {
        let (before, here) = (word[at - 1], word[at]);
        let next_lower = word.get(at + 1).is_some_and(u8::is_ascii_lowercase);
        let split = here.is_ascii_uppercase()
            && (before.is_ascii_lowercase() || before.is_ascii_uppercase() && next_lower);
        if split || at + 1 == word.len() {
            let end = if split { at } else { word.len() };
            if let Some(name) = name(&word[from..end]).filter(|_| from > 0 || end < word.len()) {
                names.set(name, start + end, word[from].is_ascii_uppercase());
            }
            from = at;
        }
    }
}

impl Names {
    fn set(&mut self, name: Name, end: usize, capital: bool) {
        self.ends[name as usize] = Some(end);
        self.any = true;
        if name == Name::Crm {
            self.capital = capital;
        }
    }
}

fn name(word: &[u8]) -> Option<Name> {
    let mut lower = [0; 12];
    let lower = lower.get_mut(..word.len())?;
    lower.copy_from_slice(word);
    lower.make_ascii_lowercase();
    Some(match &*lower {
        b"cpf" | b"cpfs" => Name::Cpf,
        b"cnpj" => Name::Cnpj,
        b"cns" | b"sus" => Name::Cns,
        b"cnes" => Name::Cnes,
        b"crm" => Name::Crm,
        b"tel" | b"telefone" | b"fone" | b"celular" | b"cel" | b"phone" | b"telephone" | b"whatsapp"
        | b"whats" | b"zap" | b"mobile" | b"cellphone" | b"phonenumber" => Name::Phone,
        b"card" | b"cartao" | b"pan" | b"creditcard" => Name::Card,
        other if other == "cartão".as_bytes() => Name::Card,
        _ => return None,
    })
}

/// Most bytes between a name and its number, with other words between and without.
const LOOSE: usize = 36;
const TIGHT: usize = 28;

/// Whether what begins at `start` is said to be of this kind by its name before it.
pub(super) fn follows(scan: &Scan<'_>, name: Name, start: usize) -> bool {
    let Some(end) = scan.names.ends[name as usize].filter(|_| scan.names.any) else { return false };
    if end < scan.done || end > start {
        return false;
    }
    let gap = &scan.bytes[end..start];
    match name {
        // Nobody else is called so.
        Name::Cpf | Name::Cnpj | Name::Cns => gap.len() <= LOOSE && is_loose(gap),
        // Words of every day: only what leads directly to a number may stand between.
        _ => gap.len() <= TIGHT && is_tight(gap, name),
    }
}

/// No other number, no other key, no end of a clause.
fn is_loose(gap: &[u8]) -> bool {
    let stops =
        |b: &u8| b.is_ascii_digit() || matches!(b, b',' | b';' | b'{' | b'}' | b'&' | b'|' | b'\n' | 0xe2);
    !gap.iter().any(stops) && gap.iter().filter(|b| matches!(b, b'=' | b':')).count() <= 1
}

/// Words that lead to the number.
const LEADS: [&[u8]; 34] = [
    b"n",
    b"no",
    b"nr",
    b"nro",
    b"num",
    b"numero",
    "número".as_bytes(),
    b"number",
    b"code",
    b"codigo",
    "código".as_bytes(),
    b"cod",
    b"id",
    b"do",
    b"da",
    b"de",
    b"the",
    b"is",
    "nº".as_bytes(),
    "º".as_bytes(),
    b"credito",
    "crédito".as_bytes(),
    b"credit",
    b"debit",
    b"debito",
    "débito".as_bytes(),
    b"ending",
    b"whatsapp",
    b"contato",
    b"residencial",
    b"comercial",
    b"medico",
    "médico".as_bytes(),
    b"holder",
];

fn is_tight(gap: &[u8], name: Name) -> bool {
    let mut signs = 0;
    for piece in gap.split_inclusive(|b| !(b.is_ascii_alphabetic() || *b >= 0x80)) {
        let (word, sign) = match piece.split_last() {
            Some((last, word)) if !(last.is_ascii_alphabetic() || *last >= 0x80) => (word, Some(*last)),
            _ => (piece, None),
        };
        let lower = word.to_ascii_lowercase();
        let leads = word.is_empty()
            || LEADS.contains(&lower.as_slice())
            || name == Name::Crm && (is_unit(word) || word == b"n\xc2\xb0")
            || name == Name::Phone && self::name(word) == Some(Name::Phone);
        match sign {
            _ if !leads => return false,
            Some(b'=' | b':') => signs += 1,
            Some(
                b' ' | b'"' | b'\'' | b'\\' | b'#' | b'.' | b'-' | b'_' | b'/' | b'(' | b')' | b'[' | b'>',
            )
            | None => {}
            Some(_) => return false,
        }
    }
    signs <= 1
}

/// The number from `start` to `end` of digits, where its name says what it is.
pub(super) fn named(scan: &mut Scan<'_>, start: usize, end: usize) -> Option<usize> {
    // Without any name before, only one behind can count: `12345678909 (CPF)`.
    if !scan.names.any && !matches!(end - start, 11 | 14 | 15) {
        return None;
    }
    for (word, kind, digits) in [
        (Name::Cpf, Kind::Cpf, 11..=11),
        (Name::Cnpj, Kind::Cnpj, 14..=14),
        (Name::Cns, Kind::Cns, 15..=15),
        (Name::Card, Kind::Card, 13..=19),
        (Name::Cnes, Kind::Cnes, 7..=7),
    ] {
        if (scan.names.any && follows(scan, word, start)) || is_behind(scan, end, word) {
            let stop = bare::gathered(scan.bytes, start, digits.clone());
            if let Some(stop) =
                stop.filter(|stop| ends_here(scan.after(*stop)) && !is_fraction(scan, start, *stop))
            {
                let quotes = bare::quotes(scan, start, stop);
                return Some(scan.push_quoted(start, stop, What::Id(kind), quotes));
            }
        }
    }
    if !scan.names.any {
        return None;
    }
    if follows(scan, Name::Phone, start)
        && !is_fraction(scan, start, start)
        && let Some(next) = phone::named(scan, start)
    {
        return Some(next);
    }
    medical_council(scan, start, end)
}

fn is_fraction(scan: &Scan<'_>, start: usize, end: usize) -> bool {
    let digit = |at: usize| scan.byte(at).is_ascii_digit();
    start > 1 && scan.byte(start - 1) == b'.' && digit(start - 2)
        || end > start && scan.byte(end) == b'.' && digit(end + 1)
}

/// `12345678909 (CPF)`.
fn is_behind(scan: &Scan<'_>, end: usize, name: Name) -> bool {
    if !matches!(name, Name::Cpf | Name::Cnpj | Name::Cns) || !matches!(scan.byte(end), b' ' | b'(') {
        return false;
    }
    let rest = &scan.bytes[end..];
    let gap = rest.iter().take(3).take_while(|b| matches!(b, b' ' | b'(')).count();
    let word = rest[gap..].iter().take(5).take_while(|b| b.is_ascii_alphabetic()).count();
    let sign = rest.get(gap + word).copied().unwrap_or(b' ');
    // `12345678909 cpf=…` names what comes next.
    self::name(&rest[gap..gap + word]) == Some(name) && !matches!(sign, b'=' | b':' | b'_' | b'"')
}

/// `CRM/SP 1234`, `CRM nº 52123`, `crm=12345`, `CRM 1234/SP`.
fn medical_council(scan: &mut Scan<'_>, start: usize, end: usize) -> Option<usize> {
    if !(3..=7).contains(&(end - start)) || !follows(scan, Name::Crm, start) {
        return None;
    }
    let name_end = scan.names.ends[Name::Crm as usize]?;
    let gap = &scan.bytes[name_end..start];
    let stop = match &scan.bytes[end..] {
        [b'/' | b'-' | b' ', unit @ ..] if unit.get(..2).is_some_and(is_unit) => end + 3,
        _ => end,
    };
    let unit_before = (0..gap.len().saturating_sub(1)).find(|at| {
        is_unit(&gap[*at..*at + 2])
            && !gap.get(at + 2).is_some_and(u8::is_ascii_alphabetic)
            && (*at == 0 || !gap[*at - 1].is_ascii_alphabetic())
    });
    let signed = gap.iter().any(|b| matches!(b, b':' | b'=')) || stop > end || unit_before.is_some();
    let enough = end - start >= if unit_before.is_some() || stop > end { 3 } else { 4 };
    let first = unit_before.map_or(start, |at| name_end + at);
    let fits = enough
        && (signed || scan.names.capital)
        && ends_here(scan.after(stop))
        && !is_fraction(scan, start, stop);
    let quotes = bare::quotes(scan, start, stop).filter(|_| first == start);
    fits.then(|| scan.push_quoted(first, stop, What::Id(Kind::Crm), quotes))
}
