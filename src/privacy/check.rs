//! Check digits, each by the rule of whoever issues the number.

/// CPF (Receita Federal): weights 10 to 2, then 11 to 2, modulo 11. Eleven equal digits satisfy it and
/// are never issued.
pub(super) fn cpf(digits: &[u8]) -> bool {
    if digits.len() != 11 || !digits.iter().all(u8::is_ascii_digit) || all_equal(digits) {
        return false;
    }
    (9..11).all(|at| {
        let sum: u32 = digits[..at].iter().zip((2..=at as u32 + 1).rev()).map(|(d, w)| value(*d) * w).sum();
        let rest = sum * 10 % 11 % 10;
        rest == value(digits[at])
    })
}

/// CNPJ (Receita Federal, Instrução Normativa RFB 2.229/2024): each character counts as its ASCII
/// value − 48, weights 2 to 9 from the right, modulo 11. The two check digits stay numeric.
pub(super) fn cnpj(text: &[u8]) -> bool {
    if text.len() != 14 || !text[..12].iter().all(u8::is_ascii_alphanumeric) || all_equal(text) {
        return false;
    }
    (12..14).all(|at| {
        let sum: u32 = text[..at]
            .iter()
            .rev()
            .zip((2..=9).cycle())
            .map(|(c, weight)| value(c.to_ascii_uppercase()) * weight)
            .sum();
        let rest = sum % 11;
        text[at].is_ascii_digit() && value(text[at]) == if rest < 2 { 0 } else { 11 - rest }
    })
}

/// CNS (DATASUS): weights 15 to 1, sum divisible by 11. Definitive numbers begin with 1 or 2 and
/// hold `000` or `001` before the last digit, provisional ones begin with 7, 8 or 9.
pub(super) fn cns(digits: &[u8]) -> bool {
    if digits.len() != 15 || !digits.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let form = match digits[0] {
        b'1' | b'2' => matches!(&digits[11..14], b"000" | b"001"),
        b'7'..=b'9' => true,
        _ => false,
    };
    let sum: u32 = digits.iter().zip((1..=15).rev()).map(|(d, weight)| value(*d) * weight).sum();
    form && sum.is_multiple_of(11)
}

/// Payment card: a known issuer's prefix for this length, and Luhn's formula (ISO/IEC 7812-1).
pub(super) fn card(digits: &[u8]) -> bool {
    has_issuer(digits) && luhn(digits)
}

fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, digit)| {
            let twice = value(*digit) << (at % 2);
            if twice > 9 { twice - 9 } else { twice }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Prefixes in use by brand and length. None begins with 1, as times since the epoch do.
fn has_issuer(digits: &[u8]) -> bool {
    let Some(head) = digits.get(..6) else { return false };
    let head = head.iter().fold(0, |sum, digit| sum * 10 + value(*digit));
    let (two, three, four) = (head / 10_000, head / 1000, head / 100);
    match digits.len() {
        // Visa's old length, Hipercard's short one.
        13 => two / 10 == 4 || four == 3841,
        // Diners.
        14 => matches!(two, 36 | 38 | 39) || (300..=305).contains(&three),
        // American Express.
        15 => matches!(two, 34 | 37),
        // Visa, Mastercard, Elo, Hipercard, Discover, JCB, UnionPay, Mir, Maestro.
        16 => {
            two / 10 == 4
                || (50..=58).contains(&two)
                || (2221..=2720).contains(&four)
                || (2200..=2204).contains(&four)
                || (3528..=3589).contains(&four)
                || four == 3841
                || two / 10 == 6
        }
        17 | 18 => two == 62 || two == 50 || (56..=58).contains(&two) || two == 63 || two == 67,
        // Hipercard, UnionPay, Maestro, Visa's long form.
        19 => {
            two / 10 == 4
                || head == 606_282
                || four == 3841
                || matches!(two, 50 | 62 | 63 | 65 | 67)
                || (56..=58).contains(&two)
        }
        _ => false,
    }
}

fn all_equal(text: &[u8]) -> bool {
    text.windows(2).all(|pair| pair[0] == pair[1])
}

fn value(character: u8) -> u32 {
    u32::from(character.wrapping_sub(b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_examples_hold_and_their_neighbours_do_not() {
        for good in ["52998224725", "12345678909", "11144477735"] {
            assert!(cpf(good.as_bytes()), "{good}");
        }
        for bad in ["52998224726", "12345678900", "11111111111", "00000000000", "5299822472", "5299822472a"] {
            assert!(!cpf(bad.as_bytes()), "{bad}");
        }
        // The last one is Receita Federal's example of the form with letters.
        for good in ["11222333000181", "11444777000161", "12ABC34501DE35", "12abc34501de35"] {
            assert!(cnpj(good.as_bytes()), "{good}");
        }
        for bad in ["11222333000182", "12ABC34501DE36", "00000000000000", "12ABC34501DE3A"] {
            assert!(!cnpj(bad.as_bytes()), "{bad}");
        }
        for good in ["700000000000005", "898000000043208", "123456789010000", "700501234567890"] {
            let sum: u32 = good.bytes().zip((1..=15).rev()).map(|(d, w)| value(d) * w).sum();
            let form = !matches!(good.as_bytes()[0], b'1' | b'2')
                || matches!(&good.as_bytes()[11..14], b"000" | b"001");
            assert_eq!(cns(good.as_bytes()), form && sum.is_multiple_of(11), "{good}");
        }
        assert!(cns(b"700000000000005") && cns(b"898000000043208"));
        for bad in ["300000000000005", "700000000000006", "70000000000000"] {
            assert!(!cns(bad.as_bytes()), "{bad}");
        }
        for good in
            ["4111111111111111", "5500000000000004", "378282246310005", "30569309025904", "6062825624254001"]
        {
            assert!(card(good.as_bytes()), "{good}");
        }
        for bad in ["4111111111111112", "1111111111111117", "411111111111", "0000000000000000"] {
            assert!(!card(bad.as_bytes()), "{bad}");
        }
    }
}
