//! Generated identifiers: valid and invalid, in all the ways people write them.

// The parts of a number are best named by letters.
#![allow(clippy::many_single_char_names)]

use plantao::privacy::Kind;
use proptest::prelude::*;

/// An identifier and its spellings.
#[derive(Clone, Debug)]
pub struct Identifier {
    pub kind: Kind,
    /// With punctuation: the context does not matter.
    pub punctuated: Vec<String>,
    /// Digits alone, where check digits prove it.
    pub bare: Option<String>,
    /// What must not be in any output.
    pub secret: String,
}

fn digits(count: usize) -> impl Strategy<Value = Vec<u32>> {
    prop::collection::vec(0_u32..10, count)
}

fn text(digits: &[u32]) -> String {
    digits.iter().map(u32::to_string).collect()
}

pub fn cpf() -> impl Strategy<Value = Identifier> {
    digits(9).prop_filter("issued", |d| d.iter().any(|x| *x != d[0])).prop_map(|mut d| {
        for length in [9, 10] {
            let sum: u32 = d.iter().take(length).zip((2..=length as u32 + 1).rev()).map(|(d, w)| d * w).sum();
            d.push(if sum % 11 < 2 { 0 } else { 11 - sum % 11 });
        }
        let t = text(&d);
        let (a, b, c, e) = (&t[..3], &t[3..6], &t[6..9], &t[9..]);
        Identifier {
            kind: Kind::Cpf,
            punctuated: vec![
                format!("{a}.{b}.{c}-{e}"),
                format!("{a} {b} {c} {e}"),
                format!("{a}{b}{c}-{e}"),
                format!("{a}.{b}.{c}\u{2011}{e}"),
                format!("{a}\u{200b}.{b}.{c}-{e}"),
                format!("{a}\u{a0}{b}\u{2009}{c}\u{202f}{e}"),
                full_width(&format!("{a}.{b}.{c}-{e}")),
            ],
            bare: Some(t.clone()),
            secret: t,
        }
    })
}

pub fn cnpj() -> impl Strategy<Value = Identifier> {
    let numeric = "[0-9]{12}";
    let lettered = "[0-9A-Z]{2}[0-9][0-9A-Z]{7}[G-Z][0-9]";
    prop_oneof![numeric, lettered]
        .prop_filter("issued", |t| t.bytes().any(|b| b != t.as_bytes()[0]))
        .prop_map(|mut t| {
            for _ in 0..2 {
                let weights = (2..=9).cycle();
                let sum: u32 = t.bytes().rev().zip(weights).map(|(b, w)| u32::from(b - 48) * w).sum();
                t.push_str(&(if sum % 11 < 2 { 0 } else { 11 - sum % 11 }).to_string());
            }
            Identifier {
                kind: Kind::Cnpj,
                punctuated: vec![
                    format!("{}.{}.{}/{}-{}", &t[..2], &t[2..5], &t[5..8], &t[8..12], &t[12..]),
                    format!("{}.{}.{}\\/{}-{}", &t[..2], &t[2..5], &t[5..8], &t[8..12], &t[12..]),
                ],
                // A number that reads as a moment stays one.
                bare: Some(t.clone()).filter(|t| !t.starts_with("19") && !t.starts_with("20")),
                secret: t,
            }
        })
}

pub fn cns() -> impl Strategy<Value = Identifier> {
    (prop::sample::select(vec![7_u32, 8, 9]), digits(13)).prop_filter_map("divisible", |(first, rest)| {
        let mut d = vec![first];
        d.extend(rest);
        let sum: u32 = d.iter().zip((2..=15).rev()).map(|(d, w)| d * w).sum();
        let check = (11 - sum % 11) % 11;
        (check < 10).then(|| {
            d.push(check);
            let t = text(&d);
            Identifier {
                kind: Kind::Cns,
                punctuated: vec![
                    format!("{} {} {} {}", &t[..3], &t[3..7], &t[7..11], &t[11..]),
                    format!("{}.{}.{}.{}", &t[..3], &t[3..7], &t[7..11], &t[11..]),
                ],
                bare: Some(t.clone()),
                secret: t,
            }
        })
    })
}

pub fn card() -> impl Strategy<Value = Identifier> {
    let issuers =
        [("4", 16), ("51", 16), ("2221", 16), ("6062", 16), ("34", 15), ("37", 15), ("36", 14), ("4", 13)];
    (prop::sample::select(issuers.to_vec()), digits(15)).prop_map(|((head, length), rest)| {
        let mut d: Vec<u32> = head.chars().map(|c| c.to_digit(10).expect("a digit")).collect();
        d.extend(rest);
        d.truncate(length - 1);
        let sum: u32 = d
            .iter()
            .rev()
            .enumerate()
            .map(|(at, d)| if at % 2 == 0 { d * 2 / 10 + d * 2 % 10 } else { *d })
            .sum();
        d.push((10 - sum % 10) % 10);
        let t = text(&d);
        let punctuated = match length {
            16 => vec![
                format!("{} {} {} {}", &t[..4], &t[4..8], &t[8..12], &t[12..]),
                format!("{}-{}-{}-{}", &t[..4], &t[4..8], &t[8..12], &t[12..]),
            ],
            15 => vec![format!("{} {} {}", &t[..4], &t[4..10], &t[10..])],
            _ => vec![format!("cartão {t}")],
        };
        Identifier { kind: Kind::Card, punctuated, bare: Some(t.clone()), secret: t }
    })
}

pub fn phone() -> impl Strategy<Value = Identifier> {
    ("[1-9][1-9]", prop_oneof!["9[0-9]{8}", "[2-5][0-9]{7}"])
        .prop_filter("no years", |(_, n)| {
            !(n.len() == 8 && (n.starts_with("20") || n[4..].starts_with("20")))
        })
        .prop_map(|(area, n)| {
            let (a, b) = n.split_at(n.len() - 4);
            Identifier {
                kind: Kind::Phone,
                punctuated: vec![
                    format!("+55 {area} {a}-{b}"),
                    format!("+55{area}{n}"),
                    format!("({area}) {a}-{b}"),
                    format!("({area}){n}"),
                    format!("{area} {a}-{b}"),
                    format!("telefone: {area}{n}"),
                    format!("tel {a}-{b}"),
                ],
                bare: None,
                secret: n,
            }
        })
}

pub fn email() -> impl Strategy<Value = Identifier> {
    ("[a-z][a-z0-9]{2,8}([._+-][a-z0-9]{2,6})?", "[a-z]{3,10}(\\.com|\\.org|\\.gov)?\\.br").prop_map(
        |(who, host)| {
            let address = format!("{who}@{host}");
            Identifier {
                kind: Kind::Email,
                punctuated: vec![address.clone(), address.to_uppercase(), address.replace('@', "%40")],
                bare: None,
                secret: format!("{who}@"),
            }
        },
    )
}

pub fn crm() -> impl Strategy<Value = Identifier> {
    ("[1-9][0-9]{4,5}", prop::sample::select(vec!["SP", "RJ", "MG", "BA", "TO"])).prop_map(|(n, unit)| {
        Identifier {
            kind: Kind::Crm,
            punctuated: vec![
                format!("{n}-{unit}"),
                format!("CRM/{unit} {n}"),
                format!("CRM-{unit} nº {n}"),
                format!("CRM {n}/{unit}"),
            ],
            bare: None,
            secret: n,
        }
    })
}

pub fn cnes() -> impl Strategy<Value = Identifier> {
    "[2-9][0-9]{6}".prop_map(|n| Identifier {
        kind: Kind::Cnes,
        punctuated: vec![
            format!("CNES {n}"),
            format!("cnes={n}"),
            format!("CNES nº {n}"),
            format!("\"cnes\":\"{n}\""),
        ],
        bare: None,
        secret: n,
    })
}

pub fn any_identifier() -> impl Strategy<Value = Identifier> {
    prop_oneof![cpf(), cnpj(), cns(), card(), phone(), email(), crm(), cnes()]
}

/// Another script's digits and punctuation that look the same.
pub fn full_width(text: &str) -> String {
    text.chars().map(|c| char::from_u32(c as u32 + 0xfee0).expect("a full-width form")).collect()
}
