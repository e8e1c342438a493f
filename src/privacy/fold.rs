//! Look-alikes: other scripts' digits, full-width forms, special spaces and dashes, invisible and
//! combining characters between digits, and the escapes of JSON and of URLs. What is written with them
//! is searched as the plain text that a reader sees.

use super::invisible::is_unwanted;

/// A text with look-alikes replaced, and where each of its bytes stood.
pub(super) struct Folded {
    /// The plain text.
    pub text: String,
    /// For each byte of `text`, and for its end, the offset in the original.
    at: Vec<u32>,
}

impl Folded {
    /// Where byte `at` of the folded text stood.
    pub fn origin(&self, at: usize) -> usize {
        self.at.get(at).map_or(0, |offset| *offset as usize)
    }
}

/// The folded text, or `None` where folding would change nothing (nearly always) or the text is beyond
/// 4 GiB.
pub(super) fn fold(text: &str) -> Option<Folded> {
    if !is_needed(text) || u32::try_from(text.len()).is_err() {
        return None;
    }
    let mut out = Folded { text: String::with_capacity(text.len()), at: Vec::with_capacity(text.len() + 1) };
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let (length, plain) = step(&text[at..], c);
        if let Some(plain) = plain {
            out.text.push(plain);
            out.at.resize(out.text.len(), at as u32);
            // Of a character that stays, each byte has its own place.
            if length == plain.len_utf8() {
                let first = out.text.len() - length;
                for (offset, place) in out.at[first..].iter_mut().enumerate() {
                    *place = (at + offset) as u32;
                }
            }
        }
        at += length;
    }
    out.at.push(text.len() as u32);
    Some(out)
}

/// Length of what stands at the beginning of `rest`, and the character it is read as; `None` is nothing.
fn step(rest: &str, c: char) -> (usize, Option<char>) {
    let bytes = rest.as_bytes();
    match c {
        '\\' => match escaped(bytes) {
            Some((length, c)) => (length, plain(c)),
            None => (1, Some(c)),
        },
        '%' => match hex(bytes.get(1..3)) {
            Some(code) if (0x20..0x7f).contains(&code) => (3, char::from_u32(code)),
            _ => (1, Some(c)),
        },
        c if c.is_ascii() => (1, Some(c)),
        c => (c.len_utf8(), plain(c)),
    }
}

/// `\u0031` behind any number of backslashes, and `\/`. Escaped control characters and quotes stay as
/// they are: they are the structure of the text.
fn escaped(bytes: &[u8]) -> Option<(usize, char)> {
    let slashes = bytes.iter().take_while(|b| **b == b'\\').count();
    match bytes.get(slashes)? {
        b'/' => Some((slashes + 1, '/')),
        b'u' => {
            let code = hex(bytes.get(slashes + 1..slashes + 5))?;
            let c = char::from_u32(code)?;
            (code > 0x1f && c != '"' && c != '\\').then_some((slashes + 5, c))
        }
        _ => None,
    }
}

fn hex(digits: Option<&[u8]>) -> Option<u32> {
    digits?.iter().try_fold(0, |sum, b| Some(sum * 16 + (*b as char).to_digit(16)?))
}

fn is_needed(text: &str) -> bool {
    let bytes = text.as_bytes();
    if !text.is_ascii() {
        let mut at = 0;
        while let Some(next) = bytes[at..].iter().position(|b| *b >= 0x80) {
            let Some(c) = text[at + next..].chars().next() else { break };
            if plain(c) != Some(c) {
                return true;
            }
            at += next + c.len_utf8();
        }
    }
    memchr::memchr2_iter(b'\\', b'%', bytes).any(|at| match bytes[at] {
        b'%' => hex(bytes.get(at + 1..at + 3)).is_some_and(|code| (0x20..0x7f).contains(&code)),
        _ => matches!(bytes.get(at + 1), Some(b'/' | b'u')) && escaped(&bytes[at..]).is_some(),
    })
}

/// First digits of the scripts whose ten digits stand in a row (Unicode's class Nd).
const ZEROS: [u32; 33] = [
    0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0,
    0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50,
    0x2080, 0xa620, 0xa8d0, 0x1fbf0, 0x104a0,
];

/// The plain character that `c` looks like; `None` for what is not seen at all.
fn plain(c: char) -> Option<char> {
    let code = c as u32;
    match code {
        // Latin letters, and what stands around marks and quotations.
        0..=0x9f | 0xa1..=0xac | 0xba..=0x2ff if code != 0x2d7 => return Some(c),
        0x2016..=0x201f | 0x2026 | 0x2039 | 0x203a => return Some(c),
        // Full-width forms of ASCII.
        0xff01..=0xff5e => return char::from_u32(code - 0xfee0),
        // Mathematical digits: five styles.
        0x1d7ce..=0x1d7ff => return char::from_u32(u32::from(b'0') + (code - 0x1d7ce) % 10),
        0xb9 => return Some('1'),
        0xb2 | 0xb3 => return char::from_u32(code - 0x80),
        0x2070 | 0x2074..=0x2079 => return char::from_u32(code - 0x2040),
        // Circled digits 1 to 9.
        0x2460..=0x2468 => return char::from_u32(code - 0x2460 + u32::from(b'1')),
        _ => {}
    }
    match c {
        '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => Some(' '),
        '\u{2010}'..='\u{2015}' | '\u{2043}' | '\u{2212}' | '\u{2d7}' | '\u{fe58}' | '\u{fe63}' => Some('-'),
        '\u{b7}' | '\u{2022}' | '\u{2024}' | '\u{2027}' | '\u{22c5}' | '\u{3002}' | '\u{fe52}'
        | '\u{ff61}' => Some('.'),
        '\u{2044}' | '\u{2215}' | '\u{29f8}' => Some('/'),
        '\u{fe6b}' => Some('@'),
        '\u{fe55}' | '\u{2236}' | '\u{a789}' => Some(':'),
        // Combining marks, keycaps, variation selectors.
        '\u{300}'..='\u{36f}' | '\u{20d0}'..='\u{20ff}' | '\u{fe00}'..='\u{fe0f}' => None,
        c if is_unwanted(c) => None,
        c => match ZEROS.iter().find(|zero| (**zero..**zero + 10).contains(&code)) {
            Some(zero) => char::from_u32(code - zero + u32::from(b'0')),
            None => Some(c),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn look_alikes_become_plain_and_keep_their_places() {
        for (text, expected) in [
            ("１２３．４５６", "123.456"),
            ("1\u{200b}2\u{feff}3", "123"),
            ("1\u{a0}2\u{2009}3", "1 2 3"),
            ("12\u{2011}09 −", "12-09 -"),
            ("٣٤ ०१ 𝟙𝟚 ①", "34 01 12 1"),
            ("1\u{fe0f}\u{20e3}2\u{338}", "12"),
            (r"\u0031\u0032 \\u0033 \/ \n", r"12 3 / \n"),
            ("ana%40x.br 50%", "ana@x.br 50%"),
        ] {
            let folded = fold(text).expect("something to fold");
            assert_eq!(folded.text, expected, "{text:?}");
            assert_eq!(folded.at.len(), folded.text.len() + 1);
            assert!(folded.at.windows(2).all(|pair| pair[0] <= pair[1]), "{:?}", folded.at);
            assert!((0..=folded.text.len()).all(|at| folded.origin(at) <= text.len()));
        }
        for same in ["plain", "emergência", "日本語", r"C:\new", "100% of", r#"{"a":"\"b\""}"#, "“quoted”"]
        {
            assert!(fold(same).is_none(), "{same}");
        }
    }
}
