//! Identifiers of people and places that do not exist: their check digits hold, so that whoever
//! looks for identifiers finds them, and each carries a mark by which a person sees that it is made
//! up (a range nobody is given numbers from, a reserved domain, the word itself).
//!
//! Must not know of requests: everything is a function of a number.

use super::rng::{Rng, mix};

/// Purposes, so that one person's numbers have nothing in common.
const CPF: u64 = 0xc1;
const CNS: u64 = 0xc2;
const CARD: u64 = 0xc3;
const PHONE: u64 = 0xc4;

/// Decimal digits of `number`, most significant first, as many as there are places.
fn digits<const N: usize>(number: u64) -> [u8; N] {
    let mut out = [0; N];
    let mut rest = number;
    for place in out.iter_mut().rev() {
        *place = (rest % 10) as u8;
        rest /= 10;
    }
    out
}

fn text(digits: &[u8]) -> String {
    digits.iter().map(|digit| char::from(b'0' + digit % 10)).collect()
}

/// A check digit modulo 11 as the revenue service computes it for CPF and CNPJ: weights from the
/// right, beginning at 2 and, for a CNPJ, back to 2 after 9.
fn modulo_11(values: &[u32], heaviest: u32) -> u32 {
    let mut weight = 2;
    let mut sum = 0;
    for value in values.iter().rev() {
        sum += value * weight;
        weight = if weight == heaviest { 2 } else { weight + 1 };
    }
    match sum % 11 {
        0 | 1 => 0,
        rest => 11 - rest,
    }
}

/// A CPF's eleven digits. Made up: all begin with 999.9.
pub fn cpf(seed: u64, person: u64) -> String {
    let number = 999_900_000 + Rng::of(&[seed, CPF, person]).below(100_000);
    let mut all: Vec<u32> = digits::<9>(number).iter().map(|digit| u32::from(*digit)).collect();
    for heaviest in [10, 11] {
        let check = modulo_11(&all, heaviest);
        all.push(check);
    }
    text(&all.iter().map(|digit| *digit as u8).collect::<Vec<_>>())
}

/// A CPF with its punctuation: `999.912.345-67`.
pub fn cpf_written(digits: &str) -> String {
    grouped(digits, &[(3, "."), (3, "."), (3, "-"), (2, "")])
}

/// A CNPJ, written with its punctuation, from its first twelve characters (digits or capital
/// letters; a letter counts as its ASCII code less 48, as in the alphanumeric form in use since
/// July 2026). `None` when the text is anything else.
pub fn cnpj(base: &str) -> Option<String> {
    let valid = base.len() == 12 && base.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
    if !valid {
        return None;
    }
    let mut values: Vec<u32> = base.bytes().map(|byte| u32::from(byte - 48)).collect();
    let mut whole = base.to_owned();
    for _ in 0..2 {
        let check = modulo_11(&values, 9);
        values.push(check);
        whole.push(char::from(b'0' + check as u8));
    }
    Some(grouped(&whole, &[(2, "."), (3, "."), (3, "/"), (4, "-"), (2, "")]))
}

/// A CNS's fifteen digits: the sum of the digits by weights 15 to 1 is a multiple of 11. Half are
/// of the definitive kind (made of a PIS number), half provisional. Made up: they begin with 10000
/// or 70000.
pub fn cns(seed: u64, person: u64) -> String {
    let mut rng = Rng::of(&[seed, CNS, person]);
    if rng.chance(0.5) {
        definitive_cns(10_000_000_000 + rng.below(1_000_000))
    } else {
        provisional_cns(70_000_000_000_000 + rng.below(1_000_000_000))
    }
}

/// From eleven digits; the check digit 10 is avoided by adding 2 to the sum and writing 001.
fn definitive_cns(pis: u64) -> String {
    let base = digits::<11>(pis);
    let sum: u32 = base.iter().zip((5..=15).rev()).map(|(digit, weight)| u32::from(*digit) * weight).sum();
    let (middle, check) = match 11 - sum % 11 {
        11 => ("000", 0),
        10 => ("001", 11 - (sum + 2) % 11),
        check => ("000", check),
    };
    format!("{}{middle}{}", text(&base), check % 11)
}

/// From fourteen digits: the last digit makes the sum a multiple of 11, and where it would be 10
/// the next base is taken.
fn provisional_cns(mut base: u64) -> String {
    loop {
        let all = digits::<14>(base);
        let sum: u32 = all.iter().zip((2..=15).rev()).map(|(digit, weight)| u32::from(*digit) * weight).sum();
        let check = (11 - sum % 11) % 11;
        if check < 10 {
            return format!("{}{check}", text(&all));
        }
        base += 1;
    }
}

/// A CNS as it is printed on the card: `700 0000 1234 5678`.
pub fn cns_written(digits: &str) -> String {
    grouped(digits, &[(3, " "), (4, " "), (4, " "), (4, "")])
}

/// A payment card's sixteen digits in groups of four, by Luhn. Made up: 4000 00 is the range for
/// tests.
pub fn card(seed: u64, person: u64) -> String {
    let number = 400_000_000_000_000 + Rng::of(&[seed, CARD, person]).below(1_000_000_000);
    let base = digits::<15>(number);
    let sum: u32 = base
        .iter()
        .enumerate()
        .map(|(at, digit)| {
            let doubled = u32::from(*digit) * if at % 2 == 0 { 2 } else { 1 };
            doubled / 10 + doubled % 10
        })
        .sum();
    let whole = format!("{}{}", text(&base), (10 - sum % 10) % 10);
    grouped(&whole, &[(4, " "), (4, " "), (4, " "), (4, "")])
}

/// A mobile number: `+55 25 91234-5678`. Made up as long as `areas` are codes that no region has.
pub fn phone(seed: u64, person: u64, areas: &[u8]) -> String {
    let mut rng = Rng::of(&[seed, PHONE, person]);
    let area = areas.get(rng.below(areas.len() as u64) as usize).copied().unwrap_or(25);
    format!("+55 {area:02} 9{:04}-{:04}", rng.below(10_000), rng.below(10_000))
}

/// A physician's registration: `912345-SP`. Made up: no council has come to 900,000.
pub fn crm(seed: u64, person: u64, state: &str) -> String {
    format!("{}-{state}", 900_000 + mix(seed ^ mix(person)) % 100_000)
}

/// Joins groups of characters with what stands after each.
fn grouped(text: &str, groups: &[(usize, &str)]) -> String {
    let mut chars = text.chars();
    let mut out = String::with_capacity(text.len() + groups.len());
    for (length, after) in groups {
        out.extend(chars.by_ref().take(*length));
        out.push_str(after);
    }
    out
}

#[cfg(test)]
mod tests {
    //! The checks are written the other way round (does it hold?), from the published rules, so that
    //! a mistake in making a number is not repeated here.
    use super::*;

    fn numbers(text: &str) -> Vec<u32> {
        text.chars().filter_map(|c| c.to_digit(10)).collect()
    }

    fn cpf_holds(text: &str) -> bool {
        let d = numbers(text);
        let check = |n: usize| {
            let sum: u32 = (0..n).map(|at| d[at] * (n as u32 + 1 - at as u32)).sum();
            sum * 10 % 11 % 10 == d[n]
        };
        d.len() == 11 && check(9) && check(10)
    }

    fn cnpj_holds(text: &str) -> bool {
        let v: Vec<u32> =
            text.chars().filter(char::is_ascii_alphanumeric).map(|c| u32::from(c) - 48).collect();
        let check = |weights: &[u32]| {
            let sum: u32 = weights.iter().zip(&v).map(|(weight, value)| weight * value).sum();
            let rest = sum % 11;
            (if rest < 2 { 0 } else { 11 - rest }) == v[weights.len()]
        };
        v.len() == 14
            && check(&[5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])
            && check(&[6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])
    }

    fn cns_holds(text: &str) -> bool {
        let d = numbers(text);
        let sum: u32 = d.iter().enumerate().map(|(at, digit)| digit * (15 - at as u32)).sum();
        d.len() == 15 && [1, 2, 7, 8, 9].contains(&d[0]) && sum.is_multiple_of(11)
    }

    fn luhn_holds(text: &str) -> bool {
        let mut sum = 0;
        for (at, digit) in numbers(text).iter().rev().enumerate() {
            let value = if at % 2 == 1 { digit * 2 } else { *digit };
            sum += if value > 9 { value - 9 } else { value };
        }
        numbers(text).len() == 16 && sum % 10 == 0
    }

    #[test]
    fn the_checks_know_right_from_wrong() {
        assert!(cpf_holds("529.982.247-25") && !cpf_holds("529.982.247-26"));
        assert!(cnpj_holds("11.222.333/0001-81") && !cnpj_holds("11.222.333/0001-82"));
        assert!(cnpj_holds("12.ABC.345/01DE-35"), "the revenue service's own example");
        assert!(luhn_holds("4111 1111 1111 1111") && !luhn_holds("4111 1111 1111 1112"));
        assert!(
            cns_holds("700501234567890")
                == (numbers("700501234567890").iter().enumerate())
                    .map(|(at, d)| d * (15 - at as u32))
                    .sum::<u32>()
                    .is_multiple_of(11)
        );
    }

    #[test]
    fn every_identifier_holds_and_is_made_up() {
        let mut kinds = [0, 0];
        for person in 0..3000 {
            let cpf = cpf_written(&cpf(7, person));
            assert!(cpf_holds(&cpf) && cpf.starts_with("999.9") && cpf.len() == 14, "{cpf}");
            let number = cns(7, person);
            assert!(cns_holds(&number) && number.len() == 15, "{number}");
            assert!(number.starts_with("10000") || number.starts_with("70000"), "{number}");
            kinds[usize::from(number.starts_with('7'))] += 1;
            assert_eq!(cns_written(&number).len(), 18);
            let card = card(7, person);
            assert!(luhn_holds(&card) && card.starts_with("4000 00"), "{card}");
            let phone = phone(7, person, &[25, 29]);
            assert!(phone.starts_with("+55 25 9") || phone.starts_with("+55 29 9"), "{phone}");
            let crm = crm(7, person, "SP");
            assert!(crm.starts_with('9') && crm.ends_with("-SP") && crm.len() == 9, "{crm}");
        }
        assert!(kinds.iter().all(|kind| *kind > 1000), "{kinds:?}");
        for base in ["FICTICIO0001", "999999990001", "00EXEMPL0099"] {
            let cnpj = cnpj(base).expect("a CNPJ");
            assert!(cnpj_holds(&cnpj) && cnpj.len() == 18, "{cnpj}");
        }
        for wrong in ["", "FICTICIO001", "ficticio0001", "FICTICIO-001"] {
            assert_eq!(cnpj(wrong), None);
        }
    }

    #[test]
    fn the_same_person_has_the_same_numbers() {
        assert_eq!((cpf(1, 2), cns(1, 2), card(1, 2)), (cpf(1, 2), cns(1, 2), card(1, 2)));
        assert_ne!(cpf(1, 2), cpf(1, 3));
        assert_ne!(cpf(1, 2), cpf(2, 2));
    }
}
